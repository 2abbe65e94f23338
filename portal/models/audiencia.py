"""How much the site is read, in totals of a day: nothing says who, from where or what else they read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Visita(models.Model):
    """How many times a page was read, or a file taken, on a day, by people, programs or officials."""

    class Quien(models.TextChoices):
        PERSONA = "persona", "Personas"
        ROBOT = "robot", "Programas automáticos"
        PERSONAL = "personal", "Personal de la alcaldía"

    class Que(models.TextChoices):
        PAGINA = "pagina", "Página"
        DESCARGA = "descarga", "Descarga"

    ruta = models.CharField("dirección", max_length=300)
    dia = models.DateField("día")
    que = models.CharField("qué", max_length=10, choices=Que)
    quien = models.CharField("quién", max_length=10, choices=Quien)
    veces = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "visitas de un día"
        verbose_name_plural = "visitas por día"
        ordering = ["-dia", "-veces"]
        constraints = [
            models.UniqueConstraint(name="visita_unica", fields=["dia", "ruta", "que", "quien"]),
        ]

    def __str__(self):
        return f"{self.ruta} {self.dia}: {self.veces}"


class BusquedaSinResultado(models.Model):
    """What people looked for and did not find. Its words are kept only once several asked for the same."""

    texto = models.CharField("lo que buscaron", max_length=80, unique=True)
    veces = models.PositiveIntegerField(default=0)
    primera = models.DateField("desde", default=timezone.localdate)
    ultima = models.DateField("última vez", default=timezone.localdate)
    atendida_en = models.DateTimeField(null=True, blank=True)
    atendida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    respuesta = models.CharField("qué se hizo", max_length=200, blank=True)

    class Meta:
        verbose_name = "búsqueda sin resultado"
        verbose_name_plural = "búsquedas sin resultado"
        ordering = ["-veces", "texto"]
        constraints = [
            models.CheckConstraint(
                name="busqueda_atendida_por_alguien",
                condition=Q(atendida_en=None, atendida_por=None)
                | Q(atendida_en__isnull=False, atendida_por__isnull=False),
            )
        ]

    def __str__(self):
        return self.texto
