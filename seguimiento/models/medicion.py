from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.models import Dependencia
from seguimiento.models.plan import Indicador
from seguimiento.resultado import Resultado


class Medicion(models.Model):
    """The value of an indicator in a period, as its rule gave it. Rows are only added.

    `valor` is a percentage or a count, as the unit of the indicator says; empty when the denominator is
    zero, which is not the same as a zero.
    """

    indicador = models.ForeignKey(Indicador, models.PROTECT, related_name="mediciones")
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, null=True, blank=True, related_name="mediciones"
    )
    desde = models.DateField()
    hasta = models.DateField(help_text="Último día inclusive.")
    numerador = models.DecimalField(max_digits=14, decimal_places=2)
    denominador = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    exclusiones = models.JSONField(default=list, blank=True)
    valor = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    falta = models.CharField("por qué no hay valor", max_length=200, blank=True)
    regla_version = models.PositiveSmallIntegerField("versión de la regla")
    en = models.DateTimeField("medido el", default=timezone.now)

    class Meta:
        verbose_name = "medición"
        verbose_name_plural = "mediciones"
        ordering = ["indicador", "-hasta", "-en", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="medicion_termina_despues",
                condition=Q(hasta__gte=F("desde")),
                violation_error_message="El periodo no puede terminar antes de empezar.",
            ),
            models.UniqueConstraint(
                name="una_medicion_por_version_de_la_regla",
                fields=["indicador", "dependencia", "desde", "hasta", "regla_version"],
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["indicador", "dependencia", "-hasta", "-en"], name="medicion_ultima"),
        ]

    def __str__(self):
        return f"{self.indicador.codigo} {self.desde} a {self.hasta}: {self.valor}"

    def como_resultado(self) -> Resultado:
        """What was stored, as the indicator gave it; its rows are not kept."""
        return Resultado(
            self.numerador,
            self.denominador,
            tuple(self.exclusiones),
            falta=self.falta,
            menos_es_mejor=self.indicador.sentido == Indicador.Sentido.MENOS,
        )


class DatoAportado(models.Model):
    """A figure that no part of the portal knows yet: who gives it, for when and with what support."""

    funcion = models.CharField("indicador", max_length=60)
    desde = models.DateField()
    hasta = models.DateField(help_text="Último día inclusive.")
    numerador = models.DecimalField(max_digits=14, decimal_places=2)
    denominador = models.DecimalField(max_digits=14, decimal_places=2)
    soporte = models.CharField(max_length=300, help_text="Por ejemplo: acta 004 del comité de empalme.")
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    en = models.DateTimeField("aportado el", default=timezone.now)

    class Meta:
        verbose_name = "dato aportado"
        verbose_name_plural = "datos aportados"
        ordering = ["-hasta", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="dato_aportado_parte_de_un_todo",
                condition=Q(numerador__gte=0, denominador__gt=0, numerador__lte=F("denominador")),
                violation_error_message="El numerador va de cero al denominador.",
            ),
            models.CheckConstraint(
                name="dato_aportado_termina_despues",
                condition=Q(hasta__gte=F("desde")),
                violation_error_message="El periodo no puede terminar antes de empezar.",
            ),
        ]

    def __str__(self):
        return f"{self.funcion}, {self.desde} a {self.hasta}"

    def clean(self):
        if self.hasta and self.hasta > timezone.localdate():
            raise ValidationError(
                {"hasta": "Ese día no ha llegado: el dato es de un periodo que ya terminó."}
            )
