"""The weekly report: frozen, numbered, signed; corrected only by another numbered note."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.flujo import solo_estados
from portal.models import Cargo, Dependencia, Publicacion, Version
from portal.periodos import Periodo
from seguimiento.models.acto import ActoFirmado, ActoQuerySet, firmado_dice_por_quien


class InformeSemanalQuerySet(ActoQuerySet):
    def para_listar(self):
        """Without the figures: a year of reports is read in one query."""
        return self.defer("datos").annotate(titular=models.F("datos__titular"))


class InformeSemanal(ActoFirmado):
    """What was true of an ISO week when it was closed."""

    class Estado(models.TextChoices):
        CONGELADO = "congelado", "Por firmar"
        FIRMADO = "firmado", "Firmado"

    semana = models.PositiveSmallIntegerField()
    estado = models.CharField(max_length=10, choices=Estado, default=Estado.CONGELADO)
    observaciones = models.TextField("observaciones de Secretaría General", max_length=2000, blank=True)
    publicacion = models.OneToOneField(
        Publicacion, models.PROTECT, null=True, blank=True, related_name="informe_semanal"
    )
    objects = InformeSemanalQuerySet.as_manager()

    class Meta:
        verbose_name = "informe semanal"
        verbose_name_plural = "informes semanales"
        ordering = ["-anio", "-semana"]
        constraints = [
            solo_estados("informe_estado_conocido", "congelado", "firmado"),
            models.UniqueConstraint(name="un_informe_por_semana", fields=["anio", "semana"]),
            models.UniqueConstraint(name="informe_numero_unico", fields=["anio", "consecutivo"]),
            firmado_dice_por_quien("informe_firmado_dice_por_quien", estado="congelado"),
        ]

    def __str__(self):
        return f"Informe semanal {self.numero}"

    def get_absolute_url(self):
        return reverse("seguimiento:informe", args=[self.anio, self.semana])

    @property
    def periodo(self) -> Periodo:
        return Periodo.semana(self.anio, self.semana)

    def lo_que_dicen(self) -> list[list[Any]]:
        """What each office said of its week."""
        dicho = self.por_dependencia.order_by("dependencia")
        return [list(fila) for fila in dicho.values_list("dependencia", "texto", "firma")]

    def lo_que_se_firma(self) -> dict[str, Any]:
        """What the offices said, and what is observed."""
        return {"por_dependencia": self.lo_que_dicen(), "observaciones": self.observaciones}


class ObservacionDeDependencia(models.Model):
    """What an office says of its week, before the report is signed. Then PostgreSQL lets nobody touch it."""

    informe = models.ForeignKey(InformeSemanal, models.CASCADE, related_name="por_dependencia")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="+")
    texto = models.TextField("observación", max_length=1000)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    firma = models.CharField("quién la escribió, como se llamaba", max_length=400)
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "observación de la dependencia"
        verbose_name_plural = "observaciones de las dependencias"
        ordering = ["dependencia__orden", "dependencia__nombre"]
        constraints = [
            models.UniqueConstraint(name="una_observacion_por_dependencia", fields=["informe", "dependencia"])
        ]

    def __str__(self):
        return f"{self.dependencia}: {self.texto[:60]}"


class ObservacionADependencia(models.Model):
    """What whoever follows the plan asks of an office after a week, and what it answered, once."""

    informe = models.ForeignKey(InformeSemanal, models.PROTECT, related_name="preguntas")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="observaciones_del_seguimiento")
    texto = models.TextField("observación", max_length=1000)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    firma = models.CharField(max_length=400)
    en = models.DateTimeField(default=timezone.now)
    respuesta = models.TextField(max_length=1000, blank=True)
    respondida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    respondida_firma = models.CharField(max_length=400, blank=True)
    respondida_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "observación a una dependencia"
        verbose_name_plural = "observaciones a las dependencias"
        ordering = ["-en", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="respuesta_dice_de_quien",
                condition=Q(respuesta="", respondida_por=None, respondida_en=None, respondida_firma="")
                | ~Q(respuesta="") & Q(respondida_por__isnull=False, respondida_en__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.dependencia}: {self.texto[:60]}"


class NotaDeCorreccion(models.Model):
    """What a signed report got wrong, as another numbered act. Rows are only added.

    Its text goes to the public with `version`, a new text of the publication of the report.
    """

    informe = models.ForeignKey(InformeSemanal, models.PROTECT, related_name="notas")
    anio = models.PositiveSmallIntegerField("año")
    consecutivo = models.PositiveIntegerField()
    texto = models.TextField("corrección", max_length=2000)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    como = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    firma = models.CharField(max_length=400)
    en = models.DateTimeField(default=timezone.now)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "nota de corrección"
        verbose_name_plural = "notas de corrección"
        ordering = ["en", "pk"]
        constraints = [models.UniqueConstraint(name="nota_numero_unico", fields=["anio", "consecutivo"])]

    def __str__(self):
        return f"Nota {self.numero}"

    @property
    def numero(self) -> str:
        return f"{self.anio}-{self.consecutivo:03}"
