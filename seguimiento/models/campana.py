from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.models import Publicacion
from portal.saneado import LineaField
from seguimiento.models.plan import Actividad


class Campana(models.Model):
    """How the site was made known: what, where, when and how many people it reached, with its evidence."""

    nombre = LineaField(max_length=150)
    que = models.TextField("qué se hizo", max_length=1000)
    donde = LineaField("dónde", max_length=200)
    desde = models.DateField()
    hasta = models.DateField(null=True, blank=True, help_text="Vacío: fue un solo día.")
    alcance = models.PositiveIntegerField("a cuántas personas llegó", null=True, blank=True)
    como_se_conto = LineaField("cómo se contó", max_length=200, blank=True)
    actividad = models.ForeignKey(
        Actividad,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campanas",
        verbose_name="actividad del plan",
    )
    publicacion = models.ForeignKey(
        Publicacion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campanas",
        verbose_name="publicación que la muestra",
    )
    enlace = models.CharField(
        "evidencia",
        max_length=300,
        blank=True,
        validators=[
            RegexValidator(r"^(/(?!/)|https?://)\S*\Z", "Escriba /canales/… si es de este sitio, o https://…")
        ],
    )
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    registrada_en = models.DateTimeField(default=timezone.now, editable=False)
    history = HistoricalRecords(verbose_name="historia de la campaña")

    class Meta:
        verbose_name = "campaña"
        ordering = ["-desde", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campana_termina_despues",
                condition=Q(hasta=None) | Q(hasta__gte=F("desde")),
                violation_error_message="La campaña no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="campana_dice_como_se_conto",
                condition=Q(alcance=None) | ~Q(como_se_conto=""),
                violation_error_message="Diga cómo se contó a esas personas.",
            ),
        ]

    def __str__(self):
        return self.nombre

    def clean(self):
        if self.alcance is not None and not self.como_se_conto:
            raise ValidationError({"como_se_conto": "Diga cómo se contó a esas personas."})
