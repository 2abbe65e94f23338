"""The form of an online trámite: the requisitos of its hoja de vida, and what the SUIT user asks besides."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.flujo import solo_estados
from portal.saneado import LineaField
from tramites.models import HojaDeVida, Tramite

#: In templates of certificates it is written between braces.
CODIGO = r"^[a-z][a-z0-9_]{0,39}\Z"


class FormularioQuerySet(models.QuerySet):
    def vigentes(self):
        return self.filter(estado=Formulario.Estado.VIGENTE)


class Formulario(models.Model):
    """A version of the form of a trámite. Once in force it never changes: each draft keeps its own."""

    class Estado(models.TextChoices):
        BORRADOR = "borrador", "En preparación"
        VIGENTE = "vigente", "En uso"
        REEMPLAZADO = "reemplazado", "Reemplazado"

    tramite = models.ForeignKey(Tramite, models.PROTECT, related_name="formularios", verbose_name="trámite")
    numero = models.PositiveSmallIntegerField("versión", default=1, editable=False)
    estado = models.CharField(max_length=12, choices=Estado, default=Estado.BORRADOR, editable=False)
    #: The hoja de vida whose requisitos it asks for.
    hoja = models.ForeignKey(HojaDeVida, models.PROTECT, null=True, related_name="+", editable=False)
    #: [{"clave", "descripcion", "nota", "obligatorio", "cuando", "audiencias"}, …], as the hoja said them.
    requisitos = models.JSONField(default=list, editable=False)
    antes_de_empezar = models.TextField(
        "antes de empezar",
        max_length=1000,
        blank=True,
        help_text="Lo que la persona debe tener a mano. Se lee en la primera página.",
    )
    # The certificate that comes of it, if any
    certificado_titulo = LineaField("título del certificado", max_length=150, blank=True)
    certificado_texto = models.TextField(
        "texto del certificado",
        max_length=5000,
        blank=True,
        help_text="Escriba entre llaves el código de cada dato: {nombre}, {documento}, {direccion}…",
    )
    creado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    creado_en = models.DateTimeField(default=timezone.now, editable=False)
    vigente_desde = models.DateTimeField(null=True, editable=False)
    puesto_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    objects = FormularioQuerySet.as_manager()

    class Meta:
        verbose_name = "formulario en línea"
        verbose_name_plural = "formularios en línea"
        ordering = ["tramite", "-numero"]
        constraints = [
            solo_estados("formulario_estado_conocido", "borrador", "vigente", "reemplazado"),
            models.UniqueConstraint(name="formulario_numero_unico", fields=["tramite", "numero"]),
            models.UniqueConstraint(
                name="un_solo_formulario_vigente", fields=["tramite"], condition=Q(estado="vigente")
            ),
            models.UniqueConstraint(
                name="un_solo_formulario_en_preparacion",
                fields=["tramite"],
                condition=Q(estado="borrador"),
                violation_error_message="Ese trámite ya tiene un formulario en preparación: siga con él.",
            ),
            models.CheckConstraint(
                name="formulario_vigente_con_hoja",
                condition=Q(estado="borrador") | Q(hoja__isnull=False, vigente_desde__isnull=False),
            ),
            models.CheckConstraint(
                name="formulario_certificado_entero",
                condition=Q(certificado_titulo="", certificado_texto="")
                | ~Q(certificado_titulo="") & ~Q(certificado_texto=""),
                violation_error_message="El certificado necesita título y texto.",
            ),
        ]

    def __str__(self):
        return f"{self.tramite}, formulario {self.numero}"

    @property
    def expide_certificado(self) -> bool:
        return bool(self.certificado_titulo)


class Campo(models.Model):
    """A question of the form, for the person or for the office that answers."""

    class Tipo(models.TextChoices):
        TEXTO = "texto", "Texto corto"
        PARRAFO = "parrafo", "Texto largo"
        NUMERO = "numero", "Número"
        FECHA = "fecha", "Fecha"
        OPCION = "opcion", "Elegir una opción"
        PERSONA = "persona", "Datos de otra persona"
        LUGAR = "lugar", "Dirección o lugar"
        ARCHIVO = "archivo", "Archivo"

    class Responde(models.TextChoices):
        PERSONA = "persona", "La persona, al solicitar"
        OFICINA = "oficina", "La dependencia, al responder"

    formulario = models.ForeignKey(Formulario, models.CASCADE, related_name="campos")
    orden = models.PositiveSmallIntegerField(default=0)
    paso = LineaField(
        "página",
        max_length=80,
        help_text="Las preguntas de la misma página van juntas. Por ejemplo: El predio.",
    )
    codigo = models.CharField(
        "código",
        max_length=40,
        validators=[RegexValidator(CODIGO, "Use minúsculas sin tilde, números y _: direccion_predio.")],
    )
    etiqueta = LineaField("pregunta", max_length=150)
    ayuda = LineaField(max_length=250, blank=True)
    tipo = models.CharField(max_length=10, choices=Tipo, default=Tipo.TEXTO)
    responde = models.CharField("la responde", max_length=8, choices=Responde, default=Responde.PERSONA)
    obligatorio = models.BooleanField(default=True)
    opciones = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, help_text="Una por línea."
    )
    minimo = models.IntegerField("mínimo", null=True, blank=True)
    maximo = models.IntegerField("máximo", null=True, blank=True)
    si_campo = models.CharField(
        "solo si", max_length=40, blank=True, help_text="El código de una pregunta anterior."
    )
    si_valor = models.CharField("es igual a", max_length=100, blank=True)

    class Meta:
        verbose_name = "pregunta"
        ordering = ["orden", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="campo_codigo_unico",
                fields=["formulario", "codigo"],
                violation_error_message="Ese código ya está en el formulario.",
            ),
            models.CheckConstraint(
                name="campo_condicion_entera",
                condition=Q(si_campo="", si_valor="") | ~Q(si_campo="") & ~Q(si_valor=""),
                violation_error_message="La condición necesita la pregunta y el valor.",
            ),
            models.CheckConstraint(
                name="campo_opciones_si_elige",
                condition=Q(tipo="opcion") & ~Q(opciones=[]) | ~Q(tipo="opcion") & Q(opciones=[]),
                violation_error_message="Escriba las opciones solo si se elige una, al menos una.",
            ),
        ]

    def __str__(self):
        return self.etiqueta
