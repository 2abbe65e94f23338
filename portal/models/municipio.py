from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from simple_history.models import HistoricalRecords


def nombre_de_escudo(_municipio, _nombre: str) -> str:
    return f"municipio/{uuid4().hex}.webp"


class Municipio(models.Model):
    """The one municipality this site serves, with what could not be confirmed marked as such."""

    nombre = models.CharField(max_length=100)
    departamento = models.CharField(max_length=100)
    divipola = models.CharField("código DIVIPOLA", max_length=5)
    nombre_entidad = models.CharField("nombre de la entidad", max_length=200)
    nit = models.CharField("NIT", max_length=20, blank=True)
    direccion = models.CharField("dirección", max_length=200)
    codigo_postal = models.CharField("código postal", max_length=10, blank=True)
    telefono = models.CharField("teléfono", max_length=50, help_text="Con indicativo: +57 607 555 0000.")
    linea_gratuita = models.CharField("línea gratuita", max_length=50, blank=True)
    linea_anticorrupcion = models.CharField("línea anticorrupción", max_length=50, blank=True)
    horario = models.CharField("horario de atención", max_length=200)
    correo = models.EmailField("correo de contacto")
    correo_judicial = models.EmailField(
        "correo para notificaciones judiciales", help_text="Artículo 197 de la Ley 1437 de 2011."
    )
    lema = models.CharField(
        max_length=200,
        blank=True,
        help_text="La Ley 2345 de 2023 prohíbe lemas y logos del gobierno de turno.",
    )
    presentacion = models.CharField("presentación", max_length=300, blank=True)
    escudo = models.FileField(
        upload_to=nombre_de_escudo,
        blank=True,
        help_text="Una imagen PNG, WebP o JPG. Sin ella se muestra un escudo genérico.",
    )
    por_confirmar = ArrayField(
        models.CharField(max_length=50),
        default=list,
        blank=True,
        verbose_name="datos por confirmar",
        help_text="El público los ve marcados como datos de demostración.",
    )
    history = HistoricalRecords(verbose_name="historia del municipio")

    class Meta:
        verbose_name = "municipio"
        verbose_name_plural = "municipio"
        constraints = [models.CheckConstraint(name="municipio_unico", condition=models.Q(pk=1))]

    def __str__(self):
        return self.nombre
