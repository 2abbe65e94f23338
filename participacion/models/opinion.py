"""«¿Le fue útil esta página?»: totals of a day, and the reasons that people wrote."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models import Canal


class OpinionDePagina(models.Model):
    """How many said that a page was useful to them, and how many that it was not, on a day."""

    ruta = models.CharField("dirección", max_length=300)
    dia = models.DateField("día")
    si = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "opinión sobre una página"
        verbose_name_plural = "opiniones sobre las páginas"
        ordering = ["-dia", "ruta"]
        constraints = [models.UniqueConstraint(name="opinion_unica", fields=["ruta", "dia"])]

    def __str__(self):
        return f"{self.ruta} {self.dia}: {self.si} sí, {self.no} no"


class MotivoDeOpinion(models.Model):
    """Why a page was not useful, in the words of whoever wrote it, for the owner of its channel."""

    class Clase(models.TextChoices):
        NO_HALLE = "no_halle", "No encontré lo que buscaba"
        NO_ENTENDI = "no_entendi", "No entendí lo que dice"
        DESACTUALIZADA = "vieja", "La información está vieja o equivocada"
        FALLA = "falla", "Algo no funciona"
        OTRA = "otra", "Otra razón"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ruta = models.CharField("dirección", max_length=300)
    canal = models.ForeignKey(
        Canal, models.SET_NULL, null=True, blank=True, related_name="motivos_de_opinion"
    )
    clase = models.CharField("razón", max_length=10, choices=Clase)
    texto = models.TextField("qué faltó", max_length=500, blank=True)
    dia = models.DateField("día", default=timezone.localdate)
    atendido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    atendido_en = models.DateTimeField(null=True, blank=True)
    que_se_hizo = models.CharField("qué se hizo", max_length=300, blank=True)

    class Meta:
        verbose_name = "razón de una opinión"
        verbose_name_plural = "razones de las opiniones"
        ordering = ["dia", "pk"]
        constraints = [
            models.CheckConstraint(
                name="motivo_atendido_completo",
                condition=Q(atendido_por=None, atendido_en=None, que_se_hizo="")
                | Q(atendido_por__isnull=False, atendido_en__isnull=False) & ~Q(que_se_hizo=""),
            )
        ]

    def __str__(self):
        return f"{self.ruta}: {self.get_clase_display()}"
