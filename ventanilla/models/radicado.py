"""What somebody filed, and where it is."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.flujo import solo_estados
from portal.models import Cargo, Dependencia
from portal.saneado import LineaField
from tramites.models import HojaDeVida, Tramite
from ventanilla.models.asiento import Asiento, leer_numero
from ventanilla.models.clase import ClaseDeRadicado
from ventanilla.models.consentimiento import TextoDeConsentimiento


class Estado(models.TextChoices):
    """Where a radicado is (see `ventanilla.flujo`)."""

    RADICADO = "radicado", "Radicado"
    ASIGNADO = "asignado", "Asignado"
    EN_TRAMITE = "en_tramite", "En trámite"
    REQUIERE_COMPLETAR = "requiere_completar", "Espera que la persona complete"
    POR_FIRMAR = "por_firmar", "Por firmar"
    RESPONDIDO = "respondido", "Respondido"
    CERRADO = "cerrado", "Cerrado"
    DESISTIDO = "desistido", "Desistido"
    TRASLADADO = "trasladado", "Trasladado a otra entidad"
    ANULADO = "anulado", "Anulado"


#: The office still owes something.
ABIERTOS = (
    *(Estado.RADICADO, Estado.ASIGNADO, Estado.EN_TRAMITE),
    *(Estado.REQUIERE_COMPLETAR, Estado.POR_FIRMAR),
)
#: Of those, the ones whose term runs.
CORREN = (Estado.RADICADO, Estado.ASIGNADO, Estado.EN_TRAMITE, Estado.POR_FIRMAR)


class RadicadoQuerySet(models.QuerySet):
    def con_numero(self, numero: str):
        """The one of that number, `2026-000123-E`, or none."""
        cual = leer_numero(numero, Asiento.Sentido.ENTRADA)
        return self.filter(**cual) if cual else self.none()

    def corriendo(self):
        """Open ones whose term runs: nobody waits for the person."""
        return self.filter(estado__in=CORREN)

    def enteros(self):
        """With what any list shows of them, in one query."""
        return self.select_related("asiento", "clase", "dependencia", "asignado_a", "tramite")


class Radicado(models.Model):
    """What came in, once, with its line in the book. Who filed it is in `Peticionario`, apart."""

    Estado = Estado

    class Medio(models.TextChoices):
        WEB = "web", "Por este sitio"
        VENTANILLA = "ventanilla", "En la ventanilla"
        TELEFONO = "telefono", "Por teléfono"
        CORREO = "correo", "Por correo"

    asiento = models.OneToOneField(Asiento, models.PROTECT, related_name="radicado")
    #: Made where the form was filled in: the same one sent twice is one radicado.
    clave = models.UUIDField(unique=True, default=uuid4, editable=False)
    clase = models.ForeignKey(ClaseDeRadicado, models.PROTECT, related_name="radicados")
    tramite = models.ForeignKey(
        Tramite, models.PROTECT, null=True, blank=True, related_name="radicados", verbose_name="trámite"
    )
    hoja = models.ForeignKey(HojaDeVida, models.PROTECT, null=True, blank=True, related_name="+")
    formulario = models.ForeignKey(
        "ventanilla.Formulario", models.PROTECT, null=True, blank=True, related_name="radicados"
    )
    medio = models.CharField("por dónde llegó", max_length=12, choices=Medio, default=Medio.WEB)
    estado = models.CharField(max_length=20, choices=Estado, default=Estado.RADICADO)
    asunto = LineaField(max_length=200)
    texto = models.TextField("qué pide", max_length=10_000, blank=True)
    #: Code of the field of the form → what was answered, as plain values.
    respuestas = models.JSONField(default=dict, blank=True)
    anonimo = models.BooleanField("sin nombre", default=False)
    codigo_sha256 = models.CharField(max_length=64, editable=False)
    consentimiento = models.ForeignKey(
        TextoDeConsentimiento, models.PROTECT, null=True, blank=True, related_name="+"
    )
    consentido_en = models.DateTimeField(null=True, blank=True)
    #: Of the alcaldía, when it was filed at the counter, by telephone or from a letter.
    registrado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    dependencia = models.ForeignKey(
        Dependencia,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="radicados",
        verbose_name="a cargo de",
    )
    asignado_a = models.ForeignKey(
        Cargo,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="radicados",
        verbose_name="cargo responsable",
    )
    # The term in force; each one there was is in `Termino`
    vence = models.DateField("vence")
    vence_interno = models.DateField("fecha interna")
    suspendido_en = models.DateTimeField("término suspendido desde", null=True, blank=True)
    completar_hasta = models.DateField("la persona completa hasta", null=True, blank=True)
    respondido_en = models.DateTimeField("respondido el", null=True, blank=True)
    cerrado_en = models.DateTimeField("cerrado el", null=True, blank=True)
    reabierto_en = models.DateTimeField("reabierto el", null=True, blank=True)
    entidad_de_traslado = LineaField("entidad a la que se trasladó", max_length=200, blank=True)
    # Annulment: one person asks, another one grants
    anulacion_pedida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    anulacion_razon = models.CharField("por qué se anula", max_length=500, blank=True)
    anulado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    depurado_en = models.DateTimeField("datos personales borrados el", null=True, blank=True)
    objects = RadicadoQuerySet.as_manager()

    class Meta:
        verbose_name = "radicado"
        ordering = ["-asiento"]
        constraints = [
            solo_estados("radicado_estado_conocido", *Estado.values),
            models.CheckConstraint(name="radicado_interno_antes", condition=Q(vence_interno__lte=F("vence"))),
            models.CheckConstraint(
                name="radicado_espera_con_fecha",
                condition=Q(
                    estado="requiere_completar", suspendido_en__isnull=False, completar_hasta__isnull=False
                )
                | ~Q(estado="requiere_completar") & Q(suspendido_en=None),
            ),
            models.CheckConstraint(
                name="radicado_respondido_con_fecha",
                condition=~Q(estado__in=["respondido", "cerrado"]) | Q(respondido_en__isnull=False),
            ),
            models.CheckConstraint(
                name="radicado_anulado_por_otra_persona",
                condition=~Q(estado="anulado")
                | Q(anulado_por__isnull=False, anulacion_pedida_por__isnull=False)
                & ~Q(anulado_por=F("anulacion_pedida_por"))
                & ~Q(anulacion_razon=""),
            ),
            models.CheckConstraint(
                name="radicado_asignado_a_alguien",
                condition=~Q(estado__in=["asignado", "en_tramite", "por_firmar"])
                | Q(dependencia__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["estado", "vence"], name="radicado_por_vencer"),
            models.Index(fields=["dependencia", "estado"], name="radicado_de_dependencia"),
        ]

    def __str__(self):
        return f"{self.numero}: {self.asunto}"

    def get_absolute_url(self):
        """Its page at the desk."""
        return reverse("ventanilla:radicado", args=[self.numero])

    @property
    def numero(self) -> str:
        return self.asiento.numero

    @property
    def radicado_en(self):
        return self.asiento.en

    @property
    def abierto(self) -> bool:
        return self.estado in ABIERTOS

    @property
    def corre(self) -> bool:
        return self.estado in CORREN


class Peticionario(models.Model):
    """Who filed it and where to answer. Apart, so that lists do not read it and a purge can erase it."""

    class TipoDePersona(models.TextChoices):
        NATURAL = "natural", "Persona"
        JURIDICA = "juridica", "Empresa u organización"

    class Documento(models.TextChoices):
        CC = "CC", "Cédula de ciudadanía"
        TI = "TI", "Tarjeta de identidad"
        CE = "CE", "Cédula de extranjería"
        PPT = "PPT", "Permiso por protección temporal"
        PA = "PA", "Pasaporte"
        NIT = "NIT", "NIT"
        RC = "RC", "Registro civil"

    class Respuesta(models.TextChoices):
        CORREO = "correo", "Por correo electrónico"
        DIRECCION = "direccion", "En una dirección"
        CODIGO = "codigo", "La consulto aquí, con mi código"

    radicado = models.OneToOneField(Radicado, models.CASCADE, related_name="peticionario")
    tipo = models.CharField(
        "quién presenta", max_length=8, choices=TipoDePersona, default=TipoDePersona.NATURAL
    )
    nombre = LineaField("nombre completo o razón social", max_length=150)
    documento_tipo = models.CharField("tipo de documento", max_length=3, choices=Documento, blank=True)
    documento = LineaField("número de documento", max_length=20, blank=True)
    en_nombre_de = LineaField("en nombre de", max_length=150, blank=True)
    respuesta = models.CharField("cómo quiere la respuesta", max_length=10, choices=Respuesta)
    correo = models.EmailField("correo electrónico", blank=True)
    telefono = LineaField("teléfono", max_length=20, blank=True)
    direccion = LineaField("dirección", max_length=150, blank=True)
    barrio = LineaField("barrio o vereda", max_length=100, blank=True)
    municipio = LineaField(max_length=100, blank=True)

    class Meta:
        verbose_name = "peticionario"
        constraints = [
            models.CheckConstraint(
                name="peticionario_con_donde_responder",
                condition=Q(respuesta="correo") & ~Q(correo="")
                | Q(respuesta="direccion") & ~Q(direccion="")
                | Q(respuesta="codigo"),
                violation_error_message="Escriba dónde quiere la respuesta.",
            )
        ]

    def __str__(self):
        return self.nombre

    @property
    def documento_enmascarado(self) -> str:
        """«CC …456»: enough to tell two people apart in a list, and no more."""
        return f"{self.documento_tipo} …{self.documento[-3:]}" if self.documento else ""

    @property
    def nombre_enmascarado(self) -> str:
        """«A*** R***»."""
        return " ".join(f"{palabra[0]}***" for palabra in self.nombre.split())


#: For how long the follow-up of a filed draft is at the address of the draft.
VIDA_DEL_BORRADOR = timedelta(days=15)


class BorradorQuerySet(models.QuerySet):
    def sin_radicar(self):
        return self.filter(radicado=None)


class Borrador(models.Model):
    """What a person has written so far, kept from the first step. Only the hash of its address is kept."""

    secreto_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    #: The key with which it will be filed: once, however many times it is sent.
    clave = models.UUIDField(unique=True, default=uuid4, editable=False)
    clase = models.ForeignKey(ClaseDeRadicado, models.PROTECT, related_name="+")
    tramite = models.ForeignKey(Tramite, models.PROTECT, null=True, blank=True, related_name="+")
    formulario = models.ForeignKey(
        "ventanilla.Formulario", models.PROTECT, null=True, blank=True, related_name="+"
    )
    medio = models.CharField(max_length=12, choices=Radicado.Medio, default=Radicado.Medio.WEB)
    anonimo = models.BooleanField(default=False)
    #: Name of the step → what it left, as plain values.
    datos = models.JSONField(default=dict, blank=True)
    consentimiento = models.ForeignKey(
        TextoDeConsentimiento, models.PROTECT, null=True, blank=True, related_name="+"
    )
    consentido_en = models.DateTimeField(null=True, blank=True)
    registrado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    creado_en = models.DateTimeField(default=timezone.now)
    cambiado_en = models.DateTimeField(default=timezone.now)
    vence_en = models.DateTimeField("se guarda hasta")
    radicado = models.OneToOneField(Radicado, models.PROTECT, null=True, blank=True, related_name="borrador")
    codigo_guardado_en = models.DateTimeField("la persona dijo que guardó su código", null=True, blank=True)
    objects = BorradorQuerySet.as_manager()

    class Meta:
        verbose_name = "borrador de radicado"
        verbose_name_plural = "borradores de radicado"
        ordering = ["-creado_en"]
        constraints = [
            models.CheckConstraint(name="borrador_vence_despues", condition=Q(vence_en__gt=F("creado_en")))
        ]

    def __str__(self):
        return f"Borrador del {timezone.localtime(self.creado_en):%d/%m/%Y %H:%M}"
