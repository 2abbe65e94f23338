"""What may be filed, and the terms that the law gives for each thing."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from portal.models import Dependencia
from portal.saneado import LineaField

#: The kind of what is filed from a trámite: its term is that of its hoja de vida.
DE_TRAMITE = "solicitud-de-tramite"


class Firmeza(models.TextChoices):
    """How firm what a row says is; the public reads it where it matters."""

    VERIFICADA = "verificada", "leída en fuente oficial"
    SECUNDARIA = "secundaria", "leída en fuente de terceros"
    INFERIDA = "inferida", "inferida: falta confirmarla"


class ClaseQuerySet(models.QuerySet):
    def para_radicar(self):
        """What a person may choose in /pqrsd/, in order."""
        return self.filter(activa=True, publica=True)


class ClaseDeRadicado(models.Model):
    """A kind of petition, with its term in working days. Without `dias`, the hoja de vida says the term."""

    class Prorroga(models.TextChoices):
        DOBLE = "doble", "hasta el doble del término inicial"
        DIAS = "dias", "los días hábiles que dice la norma"
        NO = "no", "no se prorroga"

    codigo = models.SlugField("código", max_length=60, unique=True)
    nombre = LineaField(max_length=120)
    descripcion = LineaField("qué es", max_length=300)
    ejemplo = LineaField(
        max_length=200, blank=True, help_text="Por ejemplo: «Pido arreglar la luz del parque»."
    )
    dias = models.PositiveSmallIntegerField(
        "término en días hábiles",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
        help_text="Vacío: el de la hoja de vida del trámite.",
    )
    base_legal = LineaField(max_length=250)
    prorroga = models.CharField("prórroga", max_length=5, choices=Prorroga, default=Prorroga.DOBLE)
    prorroga_dias = models.PositiveSmallIntegerField("días hábiles de más", null=True, blank=True)
    firmeza = models.CharField("qué tan firme es", max_length=10, choices=Firmeza, default=Firmeza.INFERIDA)
    dependencia = models.ForeignKey(
        Dependencia,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="la recibe",
        help_text="Vacío: la Secretaría General la reparte.",
    )
    publica = models.BooleanField("la ciudadanía la elige en /pqrsd/", default=True)
    admite_anonima = models.BooleanField("se puede presentar sin nombre", default=True)
    reservada = models.BooleanField(
        "reservada", default=False, help_text="Solo la ve quien la tramita, y cada lectura queda anotada."
    )
    doble_firma = models.BooleanField("la respuesta lleva dos firmas", default=False)
    conservar_anios = models.PositiveSmallIntegerField(
        "años que se conservan los datos de la persona",
        null=True,
        blank=True,
        help_text="Después de cerrada. Vacío: siempre. Lo dice la tabla de retención documental.",
    )
    activa = models.BooleanField(default=True)
    orden = models.PositiveSmallIntegerField(default=0)
    fuente = models.CharField("de dónde sale el dato", max_length=300, blank=True)
    history = HistoricalRecords(verbose_name="historia de la clase")
    objects = ClaseQuerySet.as_manager()

    class Meta:
        verbose_name = "clase de radicado"
        verbose_name_plural = "clases de radicado"
        ordering = ["orden", "nombre"]
        constraints = [
            models.CheckConstraint(
                name="clase_prorroga_con_dias",
                condition=Q(prorroga="dias", prorroga_dias__isnull=False)
                | ~Q(prorroga="dias") & Q(prorroga_dias=None),
                violation_error_message="Si la prórroga es en días, diga cuántos.",
            )
        ]

    def __str__(self):
        return self.nombre

    @property
    def es_de_tramite(self) -> bool:
        return self.codigo == DE_TRAMITE


class PlazoDeActuacion(models.Model):
    """The term of something the office must do on the way: to transfer, to ask for what is missing."""

    codigo = models.SlugField("código", max_length=60, unique=True)
    nombre = LineaField(max_length=120)
    descripcion = LineaField("qué es", max_length=300)
    dias = models.PositiveSmallIntegerField("término en días hábiles", validators=[MinValueValidator(1)])
    base_legal = LineaField(max_length=250)
    firmeza = models.CharField("qué tan firme es", max_length=10, choices=Firmeza, default=Firmeza.INFERIDA)
    fuente = models.CharField("de dónde sale el dato", max_length=300, blank=True)
    history = HistoricalRecords(verbose_name="historia del plazo")

    class Meta:
        verbose_name = "plazo de actuación"
        verbose_name_plural = "plazos de actuación"
        ordering = ["codigo"]

    def __str__(self):
        return self.nombre
