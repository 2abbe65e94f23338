from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal.models.cargo import Cargo
from portal.models.version import Version


class Autorizacion(models.Model):
    """The act by which a post authorises one exact text. It never changes: PostgreSQL refuses it."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="autorizacion", verbose_name="texto")
    anio = models.PositiveSmallIntegerField("año")
    consecutivo = models.PositiveIntegerField()
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cargo = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    envio = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quien lo envió"
    )
    edito = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="quien lo editó de último",
    )
    en = models.DateTimeField("fecha")
    huella = models.CharField("huella del contenido (SHA-256)", max_length=64)
    posterior = models.BooleanField("posterior a una publicación urgente", default=False)

    class Meta:
        verbose_name = "autorización"
        verbose_name_plural = "autorizaciones"
        ordering = ["-anio", "-consecutivo"]
        constraints = [
            models.UniqueConstraint(name="autorizacion_numero_unico", fields=["anio", "consecutivo"]),
            models.CheckConstraint(
                name="autorizacion_cuatro_ojos",
                condition=~Q(persona=F("envio")) & ~Q(persona=F("edito")),
                violation_error_message="Nadie autoriza lo que envió o editó.",
            ),
        ]

    def __str__(self):
        return self.numero

    def get_absolute_url(self):
        return reverse("portal:autorizacion", args=[self.numero])

    @property
    def numero(self) -> str:
        return f"{self.anio}-{self.consecutivo:04d}"
