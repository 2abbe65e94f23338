"""What hojas de vida choose from: themes, audiences, life situations, service points, reference values."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from portal.models import Dependencia


class Tematica(models.Model):
    """The thematic class of a trámite."""

    nombre = models.CharField(max_length=100, unique=True)
    slug = models.SlugField("dirección", max_length=100, unique=True)

    class Meta:
        verbose_name = "clase temática"
        verbose_name_plural = "clases temáticas"
        ordering = ["nombre"]

    def __str__(self):
        return self.nombre


class Audiencia(models.Model):
    """Whom a trámite is for: the four groups of the SUIT form and what is inside them."""

    nombre = models.CharField(max_length=100, unique=True)
    slug = models.SlugField("dirección", max_length=100, unique=True)
    grupo = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="dentro", verbose_name="dentro de"
    )
    orden = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "audiencia"
        ordering = ["orden", "nombre"]

    def __str__(self):
        return self.nombre


class SituacionDeVida(models.Model):
    """Something that happens to people, with the trámites it calls for in the order they are done."""

    nombre = models.CharField(max_length=100, unique=True)
    slug = models.SlugField("dirección", max_length=100, unique=True)
    descripcion = models.CharField("descripción", max_length=300)
    orden = models.PositiveSmallIntegerField(default=0)
    tramites = models.ManyToManyField(
        "tramites.Tramite", through="tramites.TramiteEnSituacion", related_name="situaciones"
    )
    history = HistoricalRecords(verbose_name="historia de la situación de vida")

    class Meta:
        verbose_name = "situación de vida"
        verbose_name_plural = "situaciones de vida"
        ordering = ["orden", "nombre"]

    def __str__(self):
        return self.nombre

    def get_absolute_url(self):
        return reverse("tramites:situacion", args=[self.slug])


class TramiteEnSituacion(models.Model):
    situacion = models.ForeignKey(
        SituacionDeVida, models.CASCADE, related_name="pasos", verbose_name="situación de vida"
    )
    tramite = models.ForeignKey(
        "tramites.Tramite", models.CASCADE, related_name="en_situaciones", verbose_name="trámite"
    )
    orden = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "trámite de la situación"
        verbose_name_plural = "trámites de la situación"
        ordering = ["orden", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="tramite_una_vez_en_la_situacion",
                fields=["situacion", "tramite"],
                violation_error_message="Ese trámite ya está en la situación.",
            )
        ]

    def __str__(self):
        return f"{self.situacion}: {self.tramite}"


class PuntoDeAtencion(models.Model):
    """A place where people are attended. Empty fields are those of its office, or the municipality's."""

    nombre = models.CharField(max_length=150, unique=True)
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="puntos_de_atencion")
    direccion = models.CharField("dirección", max_length=200, blank=True)
    telefono = models.CharField("teléfono", max_length=60, blank=True)
    horario = models.CharField(max_length=200, blank=True)
    # Mainland Colombia and its islands: what lies outside is a typing error.
    latitud = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-5), MaxValueValidator(16)],
    )
    longitud = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-82), MaxValueValidator(-66)],
    )
    activo = models.BooleanField(default=True)
    history = HistoricalRecords(verbose_name="historia del punto de atención")

    class Meta:
        verbose_name = "punto de atención"
        verbose_name_plural = "puntos de atención"
        ordering = ["nombre"]

    def __str__(self):
        return self.nombre


class ValorDeReferencia(models.Model):
    """What a unit of the tariffs is worth in pesos in a year, with the norm that says so."""

    class Unidad(models.TextChoices):
        UVT = "UVT", "UVT"
        SMDLV = "SMDLV", "Salario mínimo diario legal vigente"

    unidad = models.CharField(max_length=10, choices=Unidad)
    anio = models.PositiveSmallIntegerField("año")
    pesos = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(1)])
    norma = models.CharField(max_length=150)
    por_cotejar = models.BooleanField(
        "por cotejar", default=True, help_text="Desmárquelo cuando lo haya comprobado con la norma."
    )
    history = HistoricalRecords(verbose_name="historia del valor de referencia")

    class Meta:
        verbose_name = "valor de referencia"
        verbose_name_plural = "valores de referencia"
        ordering = ["-anio", "unidad"]
        constraints = [
            models.UniqueConstraint(
                name="valor_de_referencia_por_anio",
                fields=["unidad", "anio"],
                violation_error_message="Esa unidad ya tiene valor en ese año.",
            )
        ]

    def __str__(self):
        return f"{self.unidad} de {self.anio}"
