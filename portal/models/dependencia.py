from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from portal.models.arbol import exigir_sin_circulo


class Dependencia(models.Model):
    """An office of the alcaldía, or a body that publishes on its site."""

    nombre = models.CharField(max_length=150, unique=True)
    slug = models.SlugField("dirección en el sitio", max_length=100, unique=True)
    padre = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hijas",
        verbose_name="depende de",
    )
    descripcion = models.TextField("qué hace", blank=True)
    direccion = models.CharField("dirección física", max_length=200, blank=True)
    telefono = models.CharField("teléfono", max_length=50, blank=True)
    correo = models.EmailField(blank=True)
    horario = models.CharField(max_length=200, blank=True)
    es_secretaria_general = models.BooleanField(
        "es la Secretaría General",
        default=False,
        help_text="Su jefatura hace el seguimiento y puede actuar en todos los canales.",
    )
    activa = models.BooleanField(default=True)
    orden = models.PositiveSmallIntegerField(default=0)
    fuente = models.CharField("de dónde sale el dato", max_length=200, blank=True)
    history = HistoricalRecords(verbose_name="historia de la dependencia")

    class Meta:
        verbose_name = "dependencia"
        ordering = ["orden", "nombre"]
        constraints = [
            models.UniqueConstraint(
                name="una_sola_secretaria_general",
                fields=["es_secretaria_general"],
                condition=Q(es_secretaria_general=True),
                violation_error_message="Ya hay otra dependencia marcada como Secretaría General.",
            ),
            models.CheckConstraint(
                name="dependencia_no_es_su_padre",
                condition=Q(padre__isnull=True) | ~Q(padre=models.F("pk")),
                violation_error_message="Una dependencia no puede depender de sí misma.",
            ),
        ]

    def __str__(self):
        return self.nombre

    def get_absolute_url(self):
        return reverse("portal:dependencia", args=[self.slug])

    def clean(self):
        exigir_sin_circulo(self, "Esa dependencia depende, a su vez, de esta.")
