"""What the watcher saw: one row a minute and line, and their sum by hour, which is what pages read."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from conectividad.models.enlace import Enlace


class Sondeo(models.Model):
    """A round of tries through a line. It is up when something answered; what did not is named."""

    enlace = models.ForeignKey(Enlace, models.CASCADE, related_name="sondeos", db_index=False)
    en = models.DateTimeField()
    intentados = models.PositiveSmallIntegerField()
    respondieron = models.PositiveSmallIntegerField()
    latencia_ms = models.PositiveIntegerField("latencia", null=True)
    bajada_kbps = models.PositiveIntegerField("velocidad medida", null=True)
    fallaron = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        verbose_name = "sondeo"
        ordering = ["enlace", "en"]
        constraints = [
            models.UniqueConstraint(name="un_sondeo_por_momento", fields=["enlace", "en"]),
            models.CheckConstraint(
                name="sondeo_posible", condition=Q(intentados__gte=1, respondieron__lte=F("intentados"))
            ),
        ]
        indexes = [BrinIndex(fields=["en"], name="sondeo_en")]

    def __str__(self):
        return f"{self.enlace_id} {self.en:%Y-%m-%d %H:%M}: {self.respondieron} de {self.intentados}"

    @property
    def arriba(self) -> bool:
        return self.respondieron > 0


class ResumenDeSondeos(models.Model):
    """The sondeos of a line in an hour. Written with each sondeo; can be made again from them."""

    enlace = models.ForeignKey(Enlace, models.CASCADE, related_name="resumenes", db_index=False)
    hora = models.DateTimeField()
    sondeos = models.PositiveSmallIntegerField(default=0)
    caidos = models.PositiveSmallIntegerField("en que nada respondió", default=0)
    en_parte = models.PositiveSmallIntegerField("en que algo no respondió", default=0)
    latencia_total_ms = models.PositiveBigIntegerField(default=0)
    latencia_maxima_ms = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "resumen de sondeos"
        verbose_name_plural = "resúmenes de sondeos"
        ordering = ["enlace", "hora"]
        constraints = [models.UniqueConstraint(name="un_resumen_por_hora", fields=["enlace", "hora"])]

    def __str__(self):
        return f"{self.enlace_id} {self.hora:%Y-%m-%d %H}: {self.caidos} de {self.sondeos}"
