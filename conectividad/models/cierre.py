from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from conectividad.models.enlace import Enlace
from portal.huella import huella_de
from portal.models import Cargo


class CierreMensualQuerySet(models.QuerySet):
    def que_tocan(self, enlace_id, desde, hasta):
        """Closings of that line with some minute between both; without `hasta`, from then on."""
        primero = timezone.localtime(desde)
        suyos = self.filter(enlace=enlace_id).filter(
            Q(anio__gt=primero.year) | Q(anio=primero.year, mes__gte=primero.month)
        )
        if hasta is None:
            return suyos
        ultimo = timezone.localtime(hasta) - timedelta(microseconds=1)  # midnight belongs to the next month
        return suyos.filter(Q(anio__lt=ultimo.year) | Q(anio=ultimo.year, mes__lte=ultimo.month))


class CierreMensual(models.Model):
    """The figures of a line in a month, frozen when Secretaría General signed them.

    `datos` never changes: PostgreSQL refuses it. What is corrected afterwards in the log shows as a
    difference beside it.
    """

    enlace = models.ForeignKey(Enlace, models.PROTECT, related_name="cierres")
    anio = models.PositiveSmallIntegerField("año")
    mes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)])
    datos = models.JSONField()
    huella = models.CharField(max_length=64)
    observaciones = models.TextField(max_length=2000, blank=True)
    firmado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    firmado_como = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    firma = models.CharField("quién firmó, como se llamaba", max_length=400)
    firmado_en = models.DateTimeField(default=timezone.now)
    objects = CierreMensualQuerySet.as_manager()

    class Meta:
        verbose_name = "cierre mensual"
        verbose_name_plural = "cierres mensuales"
        ordering = ["-anio", "-mes", "enlace"]
        constraints = [
            models.UniqueConstraint(name="un_cierre_por_mes", fields=["enlace", "anio", "mes"]),
            models.CheckConstraint(name="cierre_con_mes", condition=Q(mes__gte=1, mes__lte=12)),
        ]

    def __str__(self):
        return f"{self.enlace}, {self.mes:02}/{self.anio}"

    @property
    def integro(self) -> bool:
        """Whether the figures are still those that were signed."""
        return huella_de(self.datos) == self.huella
