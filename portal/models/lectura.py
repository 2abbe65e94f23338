from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.models.version import ABIERTAS, Version
from portal.saneado import LineaField


class EnlaceDeLecturaQuerySet(models.QuerySet):
    def vigentes(self, en=None):
        """Those that open their text now: it is on its way and nobody revoked them."""
        return self.filter(revocado_en=None, vence_en__gt=en or timezone.now(), version__estado__in=ABIERTAS)


class EnlaceDeLectura(models.Model):
    """A secret address at which somebody without an account reads a text that is not public yet.

    Only the hash of the secret is kept. It ends by itself, can be revoked and dies when its text goes out.
    """

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="enlaces_de_lectura", verbose_name="texto"
    )
    para = LineaField(
        "para quién", max_length=100, help_text="Por ejemplo: Ana Rojas, presidenta de la junta de La Unión."
    )
    secreto_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    creado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    creado_en = models.DateTimeField(default=timezone.now)
    vence_en = models.DateTimeField("vale hasta")
    revocado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revocado_en = models.DateTimeField(null=True, blank=True)
    lecturas = models.PositiveIntegerField(default=0)
    ultima_lectura = models.DateTimeField("última lectura", null=True, blank=True)
    objects = EnlaceDeLecturaQuerySet.as_manager()

    class Meta:
        verbose_name = "enlace de lectura"
        verbose_name_plural = "enlaces de lectura"
        ordering = ["-creado_en", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="lectura_vence_despues",
                condition=Q(vence_en__gt=F("creado_en")),
                violation_error_message="El enlace debe valer hasta después de hoy.",
            ),
            models.CheckConstraint(
                name="lectura_revocada_dice_por_quien",
                condition=Q(revocado_en=None, revocado_por=None)
                | Q(revocado_en__isnull=False, revocado_por__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.para}: {self.version}"

    def vigente(self, en=None) -> bool:
        """Whether it still opens its text."""
        sigue = self.revocado_en is None and self.vence_en > (en or timezone.now())
        return sigue and self.version.estado in ABIERTAS


class ObservacionDeLector(models.Model):
    """What a reader without an account remarked, signed with their name. Rows are only added."""

    enlace = models.ForeignKey(EnlaceDeLectura, models.CASCADE, related_name="observaciones")
    clave = models.UUIDField(unique=True, editable=False)
    firma = LineaField(max_length=100)
    texto = models.TextField("observación", max_length=2000)
    en = models.DateTimeField(default=timezone.now)
    huella = models.CharField("huella de lo leído", max_length=64)

    class Meta:
        verbose_name = "observación de un lector"
        verbose_name_plural = "observaciones de lectores"
        ordering = ["en", "pk"]

    def __str__(self):
        return f"{self.firma}: {self.texto[:60]}"
