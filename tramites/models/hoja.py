"""The hoja de vida of a trámite, as the SUIT form asks for it, one version at a time."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Max, Prefetch, Q
from django.utils import timezone

from portal.flujo import solo_estados
from portal.models import Cargo, Dependencia
from portal.models.version import nombre_de_adjunto
from portal.saneado import LineaField
from tramites.formulas import exigir_formula
from tramites.models.catalogo import Audiencia, PuntoDeAtencion, Tematica
from tramites.models.tramite import Tramite

_ESTADOS = ("borrador", "enviada", "devuelta", "aprobada", "negada", "descartada")


class HojaQuerySet(models.QuerySet):
    def abiertas(self):
        """Being written or waiting for somebody's approval."""
        return self.filter(estado__in=[HojaDeVida.Estado.BORRADOR, HojaDeVida.Estado.ENVIADA])

    def aprobadas(self):
        return self.filter(estado=HojaDeVida.Estado.APROBADA)

    def publicables(self):
        """Approved, and not a structural change that still waits for the DAFP."""
        return self.aprobadas().filter(Q(estructurales=[]) | Q(inscrita_en__isnull=False))

    def publicas(self):
        """Those that the public read now."""
        return self.filter(publicada_en__isnull=False, despublicada_en=None)

    def en_uso(self):
        """Neither returned, denied nor discarded."""
        return self.filter(
            estado__in=[HojaDeVida.Estado.BORRADOR, HojaDeVida.Estado.ENVIADA, HojaDeVida.Estado.APROBADA]
        )

    def enteras(self):
        """With all its parts, in a constant number of queries."""
        acciones = Accion.objects.select_related("fundamento").prefetch_related("audiencias")
        return self.select_related("tematica", "dependencia", "tramite").prefetch_related(
            "fundamentos",
            Prefetch("puntos", PuntoDeAtencion.objects.select_related("dependencia")),
            Prefetch("audiencias", Audiencia.objects.select_related("grupo")),
            Prefetch("momentos", Momento.objects.prefetch_related(Prefetch("acciones", acciones))),
        )


class HojaDeVida(models.Model):
    """A version of what the alcaldía says of a trámite. Once sent it never changes: PostgreSQL refuses it.

    A mandatory field is answered by its value or, in `no_aplica`, by the reason why it does not apply.
    """

    class Estado(models.TextChoices):
        BORRADOR = "borrador", "Borrador"
        ENVIADA = "enviada", "Enviada"
        DEVUELTA = "devuelta", "Devuelta"
        APROBADA = "aprobada", "Aprobada"
        NEGADA = "negada", "Negada por el DAFP"
        DESCARTADA = "descartada", "Descartada"

    class Grado(models.TextChoices):
        """`tipoMedioElectronico` of the SUIT: NO, PARCIAL, SI."""

        PRESENCIAL = "presencial", "Presencial"
        PARCIAL = "parcial", "Parcialmente en línea"
        TOTAL = "total", "Totalmente en línea"

    class Unidad(models.TextChoices):
        HABIL = "habil", "días hábiles"
        CALENDARIO = "calendario", "días calendario"

    class Vigencia(models.TextChoices):
        INDEFINIDA = "indefinida", "No vence"
        DIAS = "dias", "días"
        MESES = "meses", "meses"
        ANIOS = "anios", "años"

    class Medio(models.TextChoices):
        PRESENCIAL = "presencial", "En persona"
        TELEFONO = "telefono", "Por teléfono"
        CORREO = "correo", "Por correo electrónico"
        WEB = "web", "Por este sitio"

    #: What is approved of the hoja itself; its parts are added by `contenido`.
    CONTENIDO = (
        *("nombre", "nombre_estandarizado", "palabras_clave", "tematica", "dependencia"),
        *("descripcion", "resultado", "vigencia_unidad", "vigencia_cantidad", "medios_entrega"),
        *("tiempo_inmediato", "tiempo_cantidad", "tiempo_unidad", "tiempo_observaciones"),
        *("fecha_cualquiera", "fecha_limites", "fecha_calendario"),
        *("grado", "url_en_linea", "url_manual", "seguimiento", "seguimiento_detalle"),
        *("informacion_adicional", "no_aplica", "acto_soporte", "acto_soporte_sha256", "nota_de_cambio"),
    )

    tramite = models.ForeignKey(Tramite, models.PROTECT, related_name="hojas", verbose_name="trámite")
    numero = models.PositiveSmallIntegerField("número", default=1)
    estado = models.CharField(max_length=15, choices=Estado, default=Estado.BORRADOR)

    # Descripción
    nombre = LineaField(max_length=200, help_text="Como lo llama el SUIT o la norma.")
    nombre_estandarizado = LineaField(
        max_length=200, blank=True, help_text="El del trámite modelo del DAFP, si lo hay."
    )
    palabras_clave = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name="también se conoce como",
        help_text="Una por línea, con las palabras de la gente. Por ejemplo: impuesto de la casa.",
    )
    tematica = models.ForeignKey(
        Tematica, models.PROTECT, null=True, blank=True, related_name="hojas", verbose_name="clase temática"
    )
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, related_name="+", verbose_name="dependencia responsable"
    )
    descripcion = models.TextField(
        "en qué consiste",
        blank=True,
        max_length=1000,
        help_text="Para qué sirve, en una o dos frases. Por ejemplo: Dice a qué estrato pertenece un predio.",
    )
    resultado = LineaField(
        "qué se obtiene",
        max_length=300,
        blank=True,
        help_text="Por ejemplo: Certificado de estratificación.",
    )
    vigencia_unidad = models.CharField("el resultado vence", max_length=12, choices=Vigencia, blank=True)
    vigencia_cantidad = models.PositiveSmallIntegerField(
        "a los", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    medios_entrega = ArrayField(
        models.CharField(max_length=12, choices=Medio),
        default=list,
        blank=True,
        verbose_name="cómo se recibe el resultado",
    )

    # Información de ejecución
    tiempo_inmediato = models.BooleanField("se obtiene de inmediato", default=False)
    tiempo_cantidad = models.PositiveSmallIntegerField(
        "tiempo de respuesta",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    tiempo_unidad = models.CharField(
        "contado en", max_length=12, choices=Unidad, blank=True, default=Unidad.HABIL
    )
    tiempo_observaciones = LineaField("observaciones del tiempo", max_length=300, blank=True)
    fecha_cualquiera = models.BooleanField(
        "se puede hacer en cualquier fecha", null=True, blank=True, choices=[(True, "Sí"), (False, "No")]
    )
    fecha_limites = LineaField(
        "en qué fechas", max_length=300, blank=True, help_text="Por ejemplo: del 1 de enero al 31 de marzo."
    )
    fecha_calendario = models.URLField("dirección del calendario", max_length=500, blank=True)
    puntos = models.ManyToManyField(
        PuntoDeAtencion, blank=True, related_name="hojas", verbose_name="puntos de atención"
    )
    grado = models.CharField("grado en línea", max_length=12, choices=Grado, blank=True)
    url_en_linea = models.URLField("dirección para hacerlo en línea", max_length=500, blank=True)
    url_manual = models.URLField("dirección del manual", max_length=500, blank=True)

    # Dirigido a
    audiencias = models.ManyToManyField(
        Audiencia, blank=True, related_name="hojas", verbose_name="a quién va dirigido"
    )

    # Medio de seguimiento
    seguimiento = ArrayField(
        models.CharField(max_length=12, choices=Medio),
        default=list,
        blank=True,
        verbose_name="cómo se le hace seguimiento",
    )
    seguimiento_detalle = LineaField(
        "detalle del seguimiento",
        max_length=300,
        blank=True,
        help_text="Por ejemplo: pregunte con el número de radicado.",
    )
    informacion_adicional = models.TextField("información adicional", blank=True, max_length=2000)

    # The reasons, and what a structural change needs
    no_aplica = models.JSONField("no aplica", default=dict, blank=True)
    acto_soporte = LineaField(
        "acto que soporta el cambio",
        max_length=300,
        blank=True,
        help_text="Por ejemplo: Acuerdo 012 de 2026, artículo 3.",
    )
    acto_soporte_archivo = models.FileField("archivo del acto", upload_to=nombre_de_adjunto, blank=True)
    acto_soporte_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    nota_de_cambio = LineaField(
        "qué cambió", max_length=300, blank=True, help_text="El público la lee al final de la página."
    )

    revision = models.PositiveIntegerField(default=0, editable=False)
    exigidos = models.PositiveSmallIntegerField(default=0, editable=False)
    llenos = models.PositiveSmallIntegerField(default=0, editable=False)
    creada_en = models.DateTimeField(default=timezone.now)
    #: Empty while only `cargar_datos` has written it.
    editada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    editada_en = models.DateTimeField(default=timezone.now)
    enviada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    enviada_en = models.DateTimeField(null=True, blank=True)
    enviada_como = models.ForeignKey(Cargo, models.PROTECT, null=True, blank=True, related_name="+")
    aprobada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    aprobada_en = models.DateTimeField(null=True, blank=True)
    aprobada_como = models.ForeignKey(Cargo, models.PROTECT, null=True, blank=True, related_name="+")
    huella_aprobada = models.CharField(max_length=64, blank=True, editable=False)
    #: The structural changes it makes, as told to whoever sent it; they wait for the DAFP.
    estructurales = ArrayField(models.CharField(max_length=700), default=list, blank=True, editable=False)
    inscrita_en = models.DateTimeField("vigente en el SUIT desde", null=True, blank=True)
    # The last time it was put before the public and taken away; the steps of the trámite keep them all.
    publicada_en = models.DateTimeField(null=True, blank=True)
    despublicada_en = models.DateTimeField(null=True, blank=True)

    objects = HojaQuerySet.as_manager()

    class Meta:
        verbose_name = "hoja de vida"
        verbose_name_plural = "hojas de vida"
        ordering = ["tramite", "-numero"]
        constraints = [
            solo_estados("hoja_estado_conocido", *_ESTADOS),
            models.UniqueConstraint(name="hoja_numero_unico", fields=["tramite", "numero"]),
            models.UniqueConstraint(
                name="una_sola_hoja_abierta",
                fields=["tramite"],
                condition=Q(estado__in=["borrador", "enviada"]),
                violation_error_message="Ya hay otra hoja de vida en camino para este trámite.",
            ),
            models.UniqueConstraint(
                name="una_sola_hoja_publica",
                fields=["tramite"],
                condition=Q(publicada_en__isnull=False, despublicada_en__isnull=True),
            ),
            models.CheckConstraint(
                name="hoja_enviada_dice_por_quien",
                condition=Q(estado__in=["borrador", "descartada"])
                | Q(enviada_por__isnull=False, enviada_en__isnull=False, enviada_como__isnull=False),
            ),
            models.CheckConstraint(
                name="hoja_aprobada_por_otra_persona",
                condition=~Q(estado__in=["aprobada", "negada"])
                | (
                    Q(aprobada_por__isnull=False, aprobada_en__isnull=False, aprobada_como__isnull=False)
                    & ~Q(aprobada_por=models.F("enviada_por"))
                    & (Q(editada_por=None) | ~Q(aprobada_por=models.F("editada_por")))
                ),
            ),
            models.CheckConstraint(
                name="hoja_publica_aprobada",
                condition=Q(publicada_en=None)
                | Q(estado="aprobada")
                | Q(estado__in=["devuelta", "negada"], despublicada_en__isnull=False),
            ),
            models.CheckConstraint(
                name="hoja_tiempo_inmediato_o_contado",
                condition=Q(tiempo_inmediato=False) | Q(tiempo_cantidad=None),
                violation_error_message="Si se obtiene de inmediato, no escriba un tiempo de respuesta.",
            ),
            models.CheckConstraint(
                name="hoja_vigencia_con_cantidad",
                condition=Q(vigencia_cantidad=None, vigencia_unidad__in=["", "indefinida"])
                | Q(vigencia_cantidad__isnull=False, vigencia_unidad__in=["dias", "meses", "anios"]),
                violation_error_message="Diga a los cuántos días, meses o años vence el resultado.",
            ),
        ]
        indexes = [
            models.Index(fields=["publicada_en", "despublicada_en"], name="hoja_publicas"),
            models.Index(fields=["grado"], name="hoja_por_grado"),
        ]

    def __str__(self):
        return f"{self.nombre} (hoja de vida {self.numero})"

    @property
    def editable(self) -> bool:
        return self.estado == self.Estado.BORRADOR

    @property
    def completa(self) -> bool:
        return self.exigidos > 0 and self.llenos == self.exigidos

    def contenido(self) -> dict[str, Any]:
        """All that is approved, as plain values: what is hashed, compared and given out as JSON."""
        propios = {campo: getattr(self, campo) for campo in self.CONTENIDO}
        return propios | {
            "tematica": self.tematica.nombre if self.tematica else "",
            "dependencia": self.dependencia.nombre,
            "puntos": sorted(punto.nombre for punto in self.puntos.all()),
            "audiencias": sorted(audiencia.slug for audiencia in self.audiencias.all()),
            "fundamentos": [fundamento.contenido() for fundamento in self.fundamentos.all()],
            "momentos": [momento.contenido() for momento in self.momentos.all()],
        }

    def huella(self) -> str:
        """SHA-256 of the content, in hexadecimal.

        What it chooses from lists counts by its key: an office that changes its name changes no hoja.
        """
        claves = {
            "tematica": self.tematica_id,
            "dependencia": self.dependencia_id,
            "puntos": sorted(punto.pk for punto in self.puntos.all()),
            "audiencias": sorted(audiencia.pk for audiencia in self.audiencias.all()),
            "momentos": [momento.contenido() | momento.claves() for momento in self.momentos.all()],
        }
        canonico = json.dumps(
            self.contenido() | claves, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )
        return hashlib.sha256(canonico.encode()).hexdigest()

    def acciones(self) -> list["Accion"]:
        """Every action of its momentos, in order."""
        return [accion for momento in self.momentos.all() for accion in momento.acciones.all()]

    def requisitos(self) -> list["Accion"]:
        """What is asked of the person, whose norm Ley 962 de 2005, art. 1, wants named."""
        return [accion for accion in self.acciones() if accion.es_requisito]

    def pagos(self) -> list["Accion"]:
        return [accion for accion in self.acciones() if accion.tipo == Accion.Tipo.PAGO]

    @property
    def gratuito(self) -> bool:
        return not self.pagos()

    def clean(self):
        errores = {}
        if self.tiempo_inmediato and self.tiempo_cantidad:
            errores["tiempo_cantidad"] = "Si se obtiene de inmediato, no escriba un tiempo de respuesta."
        vence = self.vigencia_unidad in {self.Vigencia.DIAS, self.Vigencia.MESES, self.Vigencia.ANIOS}
        if vence and not self.vigencia_cantidad:
            errores["vigencia_cantidad"] = f"Diga a los cuántos {self.get_vigencia_unidad_display()} vence."
        elif self.vigencia_cantidad and not vence:
            errores["vigencia_unidad"] = "Elija días, meses o años."
        if errores:
            raise ValidationError(errores)


class Fundamento(models.Model):
    """A norm behind the trámite."""

    class Tipo(models.TextChoices):
        """The kinds of the SUIT form."""

        CONSTITUCION = "constitucion", "Constitución Política"
        LEY = "ley", "Ley"
        DECRETO_LEY = "decreto_ley", "Decreto Ley"
        DECRETO = "decreto", "Decreto"
        RESOLUCION = "resolucion", "Resolución"
        ACUERDO = "acuerdo", "Acuerdo"
        ACTO = "acto", "Acto administrativo"
        CIRCULAR = "circular", "Circular"
        DIRECTIVA = "directiva", "Directiva"
        ORDEN = "orden", "Orden"
        SENTENCIA = "sentencia", "Sentencia"
        ACTA = "acta", "Acta"
        AUTO = "auto", "Auto"
        DOCUMENTO = "documento", "Otro documento"

    #: Kinds that may have neither number nor year.
    SIN_NUMERO = (Tipo.CONSTITUCION, Tipo.DOCUMENTO)

    hoja = models.ForeignKey(HojaDeVida, models.CASCADE, related_name="fundamentos")
    orden = models.PositiveSmallIntegerField(default=0)
    tipo = models.CharField("tipo de norma", max_length=15, choices=Tipo)
    numero = LineaField("número", max_length=30, blank=True)
    anio = models.PositiveSmallIntegerField(
        "año", null=True, blank=True, validators=[MinValueValidator(1810), MaxValueValidator(2200)]
    )
    nombre = LineaField(
        max_length=200,
        blank=True,
        help_text="Si no basta el número. Por ejemplo: Estatuto Tributario Municipal.",
    )
    articulos = LineaField("artículos", max_length=200, blank=True, help_text="Por ejemplo: 101 y 102.")
    enlace = models.URLField("dirección de la norma", max_length=500, blank=True)
    vigente_hasta = models.DateField(
        "vigente hasta", null=True, blank=True, help_text="Solo si ya se sabe cuándo deja de regir."
    )

    class Meta:
        verbose_name = "fundamento legal"
        verbose_name_plural = "fundamento legal"
        ordering = ["orden", "pk"]

    def __str__(self):
        numero = f" {self.numero}" if self.numero else ""
        anio = f" de {self.anio}" if self.anio else ""
        norma = f"{self.get_tipo_display()}{numero}{anio}"
        if self.nombre:
            sin_numero = self.tipo == self.Tipo.DOCUMENTO and not numero
            norma = self.nombre if sin_numero else f"{norma} ({self.nombre})"
        return f"{norma}, {self._de_articulos()}" if self.articulos else norma

    def _de_articulos(self) -> str:
        varios = any(c in self.articulos for c in ",y–-") and not self.articulos.startswith("2.")
        return f"{'arts.' if varios else 'art.'} {self.articulos}"

    def vencido(self, dia) -> bool:
        return bool(self.vigente_hasta and self.vigente_hasta < dia)

    def contenido(self) -> dict[str, Any]:
        campos = ("tipo", "numero", "anio", "nombre", "articulos", "enlace", "vigente_hasta")
        return {campo: getattr(self, campo) for campo in campos}

    def clean(self):
        if self.vencido(timezone.localdate()):
            raise ValidationError(
                {
                    "vigente_hasta": f"Esa norma dejó de regir el {self.vigente_hasta:%d/%m/%Y}: "
                    "cite la que la reemplazó."
                }
            )


class Momento(models.Model):
    """A stage of what the person does, in order, with its actions."""

    hoja = models.ForeignKey(HojaDeVida, models.CASCADE, related_name="momentos")
    orden = models.PositiveSmallIntegerField(default=0)
    descripcion = LineaField(
        "qué hace la persona", max_length=300, help_text="Por ejemplo: Reunir los documentos."
    )

    class Meta:
        verbose_name = "momento"
        ordering = ["orden", "pk"]

    def __str__(self):
        return self.descripcion

    def contenido(self) -> dict[str, Any]:
        return {
            "descripcion": self.descripcion,
            "acciones": [accion.contenido() for accion in self.acciones.all()],
        }

    def claves(self) -> dict[str, Any]:
        return {"acciones": [accion.contenido() | accion.claves() for accion in self.acciones.all()]}


class Accion(models.Model):
    """A document, a form, a payment, a condition or a request of a momento.

    Whom it is for is in `audiencias`; without any, it is for everybody.
    """

    class Tipo(models.TextChoices):
        DOCUMENTO = "documento", "Documento"
        FORMULARIO = "formulario", "Formulario"
        PAGO = "pago", "Pago"
        CONDICION = "condicion", "Condición o verificación"
        SOLICITUD = "solicitud", "Solicitud"

    class Valor(models.TextChoices):
        FIJO = "fijo", "Valor fijo en pesos"
        LIQUIDACION = "liquidacion", "Avalúo o liquidación"
        UVT = "uvt", "En UVT"
        SMDLV = "smdlv", "En salarios mínimos diarios"

    #: Kinds by which something is asked of the person.
    REQUISITOS = (Tipo.DOCUMENTO, Tipo.FORMULARIO, Tipo.PAGO, Tipo.CONDICION)
    CAMPOS = (
        *("tipo", "descripcion", "nota", "es_excepcion", "excepcion_cuando", "originales", "copias"),
        *("valor_tipo", "formula", "forma_de_calculo", "entidad_recaudadora", "cuenta_tipo"),
        *("cuenta_numero", "cuenta_nombre", "codigo_recaudo", "enlace", "canal", "no_aplica"),
    )

    momento = models.ForeignKey(Momento, models.CASCADE, related_name="acciones")
    orden = models.PositiveSmallIntegerField(default=0)
    tipo = models.CharField(max_length=12, choices=Tipo)
    descripcion = LineaField("descripción", max_length=500, blank=True)
    nota = LineaField("anotación adicional", max_length=300, blank=True)
    audiencias = models.ManyToManyField(Audiencia, blank=True, related_name="+", verbose_name="solo para")
    es_excepcion = models.BooleanField("es una excepción", default=False)
    excepcion_cuando = LineaField(
        "cuándo se exige",
        max_length=300,
        blank=True,
        help_text="Por ejemplo: solo si actúa por medio de apoderado.",
    )
    fundamento = models.ForeignKey(
        Fundamento,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="acciones",
        verbose_name="norma que lo exige",
    )
    # Documento
    originales = models.PositiveSmallIntegerField(default=0)
    copias = models.PositiveSmallIntegerField(default=0)
    # Pago
    valor_tipo = models.CharField("tipo de valor", max_length=12, choices=Valor, blank=True)
    formula = LineaField(
        "fórmula",
        max_length=200,
        blank=True,
        validators=[exigir_formula],
        help_text="Por ejemplo: 3 UVT; 17.100; avalúo catastral × 6 por mil.",
    )
    forma_de_calculo = models.TextField("cómo se calcula", blank=True, max_length=600)
    entidad_recaudadora = LineaField("entidad que recauda", max_length=150, blank=True)
    cuenta_tipo = LineaField("tipo de cuenta", max_length=30, blank=True)
    cuenta_numero = LineaField("número de cuenta", max_length=40, blank=True)
    cuenta_nombre = LineaField("nombre de la cuenta", max_length=150, blank=True)
    codigo_recaudo = LineaField("código de recaudo", max_length=40, blank=True)
    # Formulario, pago or solicitud on the web
    enlace = models.URLField("dirección de internet", max_length=500, blank=True)
    canal = models.CharField("canal de atención", max_length=12, choices=HojaDeVida.Medio, blank=True)
    no_aplica = models.JSONField("no aplica", default=dict, blank=True)

    class Meta:
        verbose_name = "acción o condición"
        verbose_name_plural = "acciones y condiciones"
        ordering = ["orden", "pk"]
        constraints = [
            models.CheckConstraint(
                name="accion_solo_un_pago_tiene_valor",
                condition=Q(tipo="pago") | Q(valor_tipo="", formula=""),
                violation_error_message="Solo un pago tiene valor.",
            )
        ]

    def __str__(self):
        return self.descripcion or self.get_tipo_display()

    @property
    def es_requisito(self) -> bool:
        return self.tipo in self.REQUISITOS

    def es_para(self, audiencia: Audiencia) -> bool:
        """Whether that audience must do it."""
        propias = {propia.pk for propia in self.audiencias.all()}
        return not propias or audiencia.pk in propias

    def contenido(self) -> dict[str, Any]:
        return {campo: getattr(self, campo) for campo in self.CAMPOS} | {
            "audiencias": sorted(audiencia.slug for audiencia in self.audiencias.all()),
            "fundamento": str(self.fundamento) if self.fundamento else "",
        }

    def claves(self) -> dict[str, Any]:
        return {
            "audiencias": sorted(audiencia.pk for audiencia in self.audiencias.all()),
            "fundamento": self.fundamento.contenido() if self.fundamento else None,
        }


def siguiente_numero(tramite: Tramite) -> int:
    return (tramite.hojas.aggregate(ultimo=Max("numero"))["ultimo"] or 0) + 1
