"""The register of what was erased."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.saneado import LineaField


class Depuracion(models.Model):
    """The register of what a purge erased: never what it said. Rows are only added."""

    numero = models.CharField("número", max_length=20, blank=True)
    que = LineaField("qué se borró", max_length=300)
    regla = LineaField("por qué regla", max_length=300)
    anexos = models.PositiveIntegerField(default=0)
    en = models.DateTimeField(default=timezone.now)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "depuración"
        verbose_name_plural = "depuraciones"
        ordering = ["-en", "-pk"]

    def __str__(self):
        return f"{self.numero or 'Borrador'}: {self.que}"
