"""What stays written: each step of a trámite, how complete its hoja was, how many people read it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.models import Dependencia
from tramites.models.hoja import HojaDeVida
from tramites.models.tramite import Tramite


class PasoDeTramite(models.Model):
    """One step of a trámite: who did what, when and why. Rows are only added."""

    tramite = models.ForeignKey(Tramite, models.PROTECT, related_name="pasos")
    hoja = models.ForeignKey(HojaDeVida, models.PROTECT, null=True, blank=True, related_name="pasos")
    accion = models.CharField("acción", max_length=30)
    etiqueta = models.CharField("paso", max_length=60)
    de = models.CharField(max_length=20, blank=True)
    a = models.CharField(max_length=20)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    motivo = models.TextField(blank=True)
    huella = models.CharField(max_length=64, blank=True)
    # How the trámite stayed, so that the figures of any past moment can be computed again.
    publica = models.ForeignKey(HojaDeVida, models.PROTECT, null=True, blank=True, related_name="+")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "paso del trámite"
        verbose_name_plural = "pasos del trámite"
        ordering = ["en", "pk"]
        indexes = [models.Index(fields=["tramite", "-en", "-id"], name="paso_de_tramite_ultimo")]

    def __str__(self):
        return f"{self.etiqueta} · {self.por or 'el sistema'} · {timezone.localtime(self.en):%d/%m/%Y %H:%M}"

    @classmethod
    def anotar(cls, tramite: Tramite, accion: str, etiqueta: str, **campos) -> "PasoDeTramite":
        """Write the row, with how the trámite stays after it."""
        return cls.objects.create(
            tramite=tramite,
            accion=accion,
            etiqueta=etiqueta,
            a=tramite.estado,
            publica=tramite.hoja_publica,
            dependencia=tramite.dependencia,
            **campos,
        )


class MedicionDeHoja(models.Model):
    """How complete the hoja de vida of a trámite was from a moment on: a row for each change."""

    tramite = models.ForeignKey(Tramite, models.PROTECT, related_name="mediciones")
    en = models.DateTimeField(default=timezone.now)
    exigidos = models.PositiveSmallIntegerField()
    llenos = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "medición de la hoja de vida"
        verbose_name_plural = "mediciones de hojas de vida"
        ordering = ["tramite", "en", "pk"]
        indexes = [models.Index(fields=["tramite", "-en"], name="medicion_de_hoja_ultima")]

    def __str__(self):
        return f"{self.tramite}: {self.llenos} de {self.exigidos}"


class LecturaDiaria(models.Model):
    """How many times the page of a trámite was read on a day. Nobody is told apart."""

    tramite = models.ForeignKey(Tramite, models.CASCADE, related_name="lecturas")
    dia = models.DateField("día")
    veces = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "lecturas de un día"
        verbose_name_plural = "lecturas por día"
        ordering = ["-dia"]
        constraints = [models.UniqueConstraint(name="lectura_diaria_unica", fields=["tramite", "dia"])]

    def __str__(self):
        return f"{self.tramite} · {self.dia}: {self.veces}"
