from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class DiaNoHabil(models.Model):
    """A day on which the alcaldía does not work besides weekends and national holidays."""

    fecha = models.DateField(unique=True)
    motivo = models.CharField(max_length=200, help_text="Por ejemplo: día cívico municipal.")
    acto = models.CharField(
        "acto administrativo", max_length=200, help_text="Por ejemplo: Decreto 045 de 2026."
    )

    class Meta:
        verbose_name = "día no hábil"
        verbose_name_plural = "días no hábiles"
        ordering = ["-fecha"]

    def __str__(self):
        return f"{self.fecha:%d/%m/%Y}: {self.motivo}"


class Jornada(models.Model):
    """A stretch of hours of attention on a day of the week; a lunch break makes two of them.

    Two that overlap count once. Those of a past year stay, with their dates, so that its figures do not move.
    """

    class Dia(models.IntegerChoices):
        LUNES = 1, "lunes"
        MARTES = 2, "martes"
        MIERCOLES = 3, "miércoles"
        JUEVES = 4, "jueves"
        VIERNES = 5, "viernes"
        SABADO = 6, "sábado"
        DOMINGO = 7, "domingo"

    dia = models.PositiveSmallIntegerField("día", choices=Dia)
    desde = models.TimeField()
    hasta = models.TimeField()
    rige_desde = models.DateField(null=True, blank=True, help_text="Vacío: desde siempre.")
    rige_hasta = models.DateField(
        null=True, blank=True, help_text="Último día inclusive. Vacío: hasta nueva orden."
    )
    history = HistoricalRecords(verbose_name="historia de la jornada")

    class Meta:
        verbose_name = "jornada de atención"
        verbose_name_plural = "jornadas de atención"
        ordering = ["dia", "desde", "rige_desde"]
        constraints = [
            models.CheckConstraint(name="jornada_con_dia", condition=Q(dia__gte=1, dia__lte=7)),
            models.CheckConstraint(
                name="jornada_termina_despues",
                condition=Q(hasta__gt=F("desde")),
                violation_error_message="La jornada no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="jornada_rige_en_orden",
                condition=Q(rige_desde=None) | Q(rige_hasta=None) | Q(rige_hasta__gte=F("rige_desde")),
                violation_error_message="La fecha final no puede ser anterior a la inicial.",
            ),
        ]

    def __str__(self):
        return f"{self.get_dia_display()}, de {self.desde:%H:%M} a {self.hasta:%H:%M}"

    def rige(self, fecha) -> bool:
        """Whether it holds on that date, whatever else happens on it."""
        return (
            fecha.isoweekday() == self.dia
            and (self.rige_desde is None or self.rige_desde <= fecha)
            and (self.rige_hasta is None or fecha <= self.rige_hasta)
        )
