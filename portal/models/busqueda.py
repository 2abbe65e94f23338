from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from simple_history.models import HistoricalRecords

from portal.models.canal import Canal
from portal.models.dependencia import Dependencia


class EntradaDeBusqueda(models.Model):
    """One page the public can find. Every app writes its rows here with `portal.busqueda.indexar`."""

    clase = models.CharField(max_length=30)
    objeto = models.PositiveBigIntegerField()
    tipo = models.CharField(max_length=30)
    titulo = models.CharField(max_length=200)
    resumen = models.CharField(max_length=300, blank=True)
    texto = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    canal = models.ForeignKey(Canal, models.CASCADE, null=True, related_name="+")
    dependencia = models.ForeignKey(Dependencia, models.CASCADE, null=True, related_name="+")
    fecha = models.DateTimeField()
    vector = SearchVectorField()
    vector_titulo = SearchVectorField()

    class Meta:
        verbose_name = "entrada de búsqueda"
        verbose_name_plural = "entradas de búsqueda"
        constraints = [models.UniqueConstraint(name="entrada_de_busqueda_unica", fields=["clase", "objeto"])]
        indexes = [
            GinIndex(fields=["vector"], name="busqueda_vector"),
            GinIndex(fields=["vector_titulo"], name="busqueda_titulo"),
            models.Index(fields=["-fecha", "-id"], name="busqueda_fecha"),
        ]

    def __str__(self):
        return self.titulo


class Vocablo(models.Model):
    """A word of the site, to suggest when somebody mistypes it."""

    palabra = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name = "vocablo"
        indexes = [GinIndex(fields=["palabra"], name="vocablo_trigramas", opclasses=["gin_trgm_ops"])]

    def __str__(self):
        return self.palabra


class Sinonimo(models.Model):
    """A word people use and the one the site uses."""

    termino = models.CharField(
        "lo que la gente escribe", max_length=60, help_text="Por ejemplo: impuesto de la casa."
    )
    equivalente = models.CharField(
        "lo que dice el sitio", max_length=60, help_text="Por ejemplo: impuesto predial."
    )
    history = HistoricalRecords(verbose_name="historia del sinónimo")

    class Meta:
        verbose_name = "sinónimo"
        ordering = ["termino", "equivalente"]
        constraints = [
            models.UniqueConstraint(
                name="sinonimo_sin_repetir",
                fields=["termino", "equivalente"],
                violation_error_message="Ese sinónimo ya está.",
            )
        ]

    def __str__(self):
        return f"{self.termino} → {self.equivalente}"
