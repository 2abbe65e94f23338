from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.saneado import LineaField
from ventanilla.models.radicado import Radicado


class Termino(models.Model):
    """Each due date that a radicado has had, with how it was counted. Rows are only added."""

    class Clase(models.TextChoices):
        INICIAL = "inicial", "Término inicial"
        PRORROGA = "prorroga", "Prórroga"
        SUSPENSION = "suspension", "Suspendido: espera que la persona complete"
        REANUDACION = "reanudacion", "Reanudado: la persona completó"
        RECALCULO = "recalculo", "Vuelto a contar con el calendario de hoy"
        REAPERTURA = "reapertura", "Reabierto"

    radicado = models.ForeignKey(Radicado, models.PROTECT, related_name="terminos")
    clase = models.CharField(max_length=12, choices=Clase)
    desde = models.DateField("se cuenta desde el día siguiente a")
    dias = models.PositiveSmallIntegerField("días")
    unidad = models.CharField(max_length=10, default="habil")
    vence = models.DateField()
    vence_interno = models.DateField("fecha interna")
    #: Each [date, reason] that was not counted, as it was known then.
    no_contados = models.JSONField("días que no se cuentan", default=list)
    explicacion = models.TextField("cómo se contó", max_length=1000)
    base_legal = LineaField(max_length=250, blank=True)
    motivo = models.TextField(max_length=1000, blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "término"
        ordering = ["en", "pk"]

    def __str__(self):
        return f"{self.get_clase_display()}: {self.vence:%d/%m/%Y}"
