from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from portal.models import Cargo
from tramites.models.tramite import Tramite


class Racionalizacion(models.Model):
    """An action that makes a trámite simpler: from what to what, for whose good, by when, by whom.

    The kinds are those of the national policy of racionalización de trámites.
    """

    class Clase(models.TextChoices):
        NORMATIVA = "normativa", "Normativa"
        ADMINISTRATIVA = "administrativa", "Administrativa"
        TECNOLOGICA = "tecnologica", "Tecnológica"

    tramite = models.ForeignKey(
        Tramite, models.PROTECT, related_name="racionalizaciones", verbose_name="trámite"
    )
    clase = models.CharField("clase de acción", max_length=15, choices=Clase)
    antes = models.CharField(
        "cómo era", max_length=300, help_text="Por ejemplo: la respuesta tardaba 15 días hábiles."
    )
    despues = models.CharField(
        "cómo queda", max_length=300, help_text="Por ejemplo: la respuesta tarda 8 días hábiles."
    )
    beneficio = models.CharField("beneficio para la gente", max_length=300)
    inicio = models.DateField()
    fin = models.DateField("fin previsto")
    responsable = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    avance = models.PositiveSmallIntegerField("avance (%)", default=0, validators=[MaxValueValidator(100)])
    publica = models.BooleanField("visible al público", default=True)
    history = HistoricalRecords(verbose_name="historia de la racionalización")

    class Meta:
        verbose_name = "acción de racionalización"
        verbose_name_plural = "acciones de racionalización"
        ordering = ["-inicio", "tramite"]
        constraints = [
            models.CheckConstraint(
                name="racionalizacion_termina_despues",
                condition=Q(fin__gte=F("inicio")),
                violation_error_message="El fin previsto no puede ser anterior al inicio.",
            ),
            models.CheckConstraint(
                name="racionalizacion_avance_de_0_a_100",
                condition=Q(avance__lte=100),
                violation_error_message="El avance va de 0 a 100.",
            ),
        ]

    def __str__(self):
        return f"{self.tramite}: {self.despues}"
