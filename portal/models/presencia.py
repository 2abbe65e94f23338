from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.models.version import Version

#: Who said so this recently still has the text open: the page says it each twenty seconds.
ABIERTO_HASTA = timedelta(seconds=70)


class PresenciaQuerySet(models.QuerySet):
    def de_otros(self, usuario, en=None):
        """Who else has it open now, by name."""
        desde = (en or timezone.now()) - ABIERTO_HASTA
        return self.filter(en__gt=desde).exclude(usuario=usuario).select_related("usuario").order_by("pk")


class Presencia(models.Model):
    """Somebody has a draft open to write in it."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="presencias")
    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    objects = PresenciaQuerySet.as_manager()

    class Meta:
        verbose_name = "presencia"
        constraints = [models.UniqueConstraint(name="presencia_unica", fields=["version", "usuario"])]

    def __str__(self):
        return f"{self.usuario}: {self.version}"
