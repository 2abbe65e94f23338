from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.models.cargo import RangoDeDias


class PeriodoDeGobiernoQuerySet(models.QuerySet):
    def del_dia(self, dia=None):
        """The one that governs that Colombian date (today by default), or None."""
        dia = dia or timezone.localdate()
        return self.filter(Q(hasta=None) | Q(hasta__gte=dia), desde__lte=dia).first()


class PeriodoDeGobierno(models.Model):
    """From when to when an administration governs: it labels what was published and authorised then."""

    nombre = models.CharField(max_length=100, unique=True, help_text="Por ejemplo: Administración 2024-2027.")
    slug = models.SlugField("dirección en el sitio", max_length=60, unique=True)
    gobernante = models.CharField("quién gobierna", max_length=150, blank=True)
    desde = models.DateField()
    hasta = models.DateField(null=True, blank=True, help_text="Último día inclusive. Vacío: sin fecha.")
    fuente = models.CharField("de dónde sale el dato", max_length=200, blank=True)
    history = HistoricalRecords(verbose_name="historia del periodo de gobierno")
    objects = PeriodoDeGobiernoQuerySet.as_manager()

    class Meta:
        verbose_name = "periodo de gobierno"
        verbose_name_plural = "periodos de gobierno"
        ordering = ["-desde"]
        constraints = [
            models.CheckConstraint(
                name="periodo_termina_despues_de_empezar",
                condition=Q(hasta=None) | Q(hasta__gte=F("desde")),
                violation_error_message="El periodo no puede terminar antes de empezar.",
            ),
            ExclusionConstraint(
                name="un_solo_gobierno_a_la_vez",
                expressions=[
                    (
                        RangoDeDias(
                            "desde", "hasta", RangeBoundary(inclusive_lower=True, inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message="Esas fechas se cruzan con las de otro periodo de gobierno.",
            ),
        ]

    def __str__(self):
        return self.nombre

    def clean(self):
        if not self.nombre.startswith("Administración "):  # pages say «De la Administración 2024-2027»
            ejemplo = "Administración 2024-2027"
            raise ValidationError({"nombre": f"Empiece por «Administración», por ejemplo: {ejemplo}."})
        # `daterange` itself fails on a reversed pair, before the constraint can speak.
        if self.desde and self.hasta and self.hasta < self.desde:
            raise ValidationError({"hasta": "El periodo no puede terminar antes de empezar."})

    def cerrado(self, dia=None) -> bool:
        return bool(self.hasta and self.hasta < (dia or timezone.localdate()))
