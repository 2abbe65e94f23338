"""The seats of the committee of people without an account: a link that ends, and what they observe."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from seguimiento.models.informe import InformeSemanal
from seguimiento.models.plan import Miembro


class EnlaceDelComiteQuerySet(models.QuerySet):
    def vigentes(self, en=None):
        """Those that open at the moment `en` (now by default)."""
        return self.filter(revocado_en=None, vence_en__gt=en or timezone.now())


class EnlaceDelComite(models.Model):
    """A link with which a member reads the panel. Of its secret only the hash is kept."""

    miembro = models.ForeignKey(Miembro, models.PROTECT, related_name="enlaces")
    persona = models.CharField(
        "a nombre de quién",
        max_length=150,
        help_text="Quien ocupa hoy ese puesto del comité, con nombre y apellido. Con ese nombre firma.",
    )
    huella = models.CharField(max_length=64, unique=True, editable=False)
    creado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    creado_en = models.DateTimeField(default=timezone.now)
    vence_en = models.DateTimeField("vale hasta")
    revocado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revocado_en = models.DateTimeField(null=True, blank=True)
    objects = EnlaceDelComiteQuerySet.as_manager()

    class Meta:
        verbose_name = "enlace del comité"
        verbose_name_plural = "enlaces del comité"
        ordering = ["-creado_en", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enlace_vence_despues",
                condition=Q(vence_en__gt=F("creado_en")),
                violation_error_message="El enlace debe valer hasta después de hoy.",
            ),
            models.CheckConstraint(
                name="enlace_revocado_dice_por_quien",
                condition=Q(revocado_en=None, revocado_por=None)
                | Q(revocado_en__isnull=False, revocado_por__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.persona}, {self.miembro.cargo_firmado}"

    def vigente(self, en=None) -> bool:
        return self.revocado_en is None and self.vence_en > (en or timezone.now())


class UsoDeEnlace(models.Model):
    """How many times a link was used on a day, and when last: a link that travels shows here."""

    enlace = models.ForeignKey(EnlaceDelComite, models.CASCADE, related_name="usos")
    dia = models.DateField(default=timezone.localdate)
    veces = models.PositiveIntegerField(default=0)
    ultima_en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "uso de un enlace"
        verbose_name_plural = "usos de los enlaces"
        ordering = ["-dia"]
        constraints = [models.UniqueConstraint(name="uso_por_dia", fields=["enlace", "dia"])]

    def __str__(self):
        return f"{self.dia:%d/%m/%Y}: {self.veces}"


class ObservacionDeMiembro(models.Model):
    """What a member observed of a week, signed with the name of the link. Rows are only added."""

    informe = models.ForeignKey(InformeSemanal, models.PROTECT, related_name="del_comite")
    miembro = models.ForeignKey(Miembro, models.PROTECT, related_name="observaciones")
    enlace = models.ForeignKey(EnlaceDelComite, models.PROTECT, related_name="observaciones")
    texto = models.TextField("observación", max_length=1000)
    firma = models.CharField(max_length=400)
    en = models.DateTimeField(default=timezone.now)
    huella = models.CharField(max_length=64)

    class Meta:
        verbose_name = "observación del comité"
        verbose_name_plural = "observaciones del comité"
        ordering = ["en", "pk"]
        constraints = [
            models.UniqueConstraint(name="una_por_miembro_y_semana", fields=["informe", "miembro"])
        ]

    def __str__(self):
        return f"{self.firma}: {self.texto[:60]}"
