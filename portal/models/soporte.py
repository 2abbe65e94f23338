"""Technical support: the table of the plan, what officials ask and how a password is given again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.models.cargo import Cargo
from portal.saneado import LineaField


class ProcedimientoDeSoporte(models.Model):
    """A row of the support table of the plan, as it was signed, or what replaces it today."""

    orden = models.PositiveSmallIntegerField(default=0)
    problema = models.CharField(max_length=200, unique=True)
    procedimiento = models.TextField(help_text="Qué hacer, paso por paso.")
    asistencia = models.TextField("quién ayuda", blank=True, help_text="Teléfono, correo u oficina.")
    procedimiento_firmado = models.TextField("como lo dice el plan de 2008", blank=True)
    asistencia_firmada = models.TextField("asistencia según el plan de 2008", blank=True)
    fuente = models.CharField("de dónde sale el dato", max_length=200, blank=True)
    history = HistoricalRecords(verbose_name="historia del procedimiento de soporte")

    class Meta:
        verbose_name = "procedimiento de soporte"
        verbose_name_plural = "procedimientos de soporte"
        ordering = ["orden", "problema"]

    def __str__(self):
        return self.problema


class SolicitudDeSoporte(models.Model):
    """What an official could not do, on which screen, and what was answered. Numbered by year."""

    anio = models.PositiveSmallIntegerField("año")
    consecutivo = models.PositiveIntegerField()
    clave = models.UUIDField(unique=True, editable=False)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pantalla = LineaField("pantalla", max_length=300, blank=True)
    problema = models.TextField("qué pasó", max_length=2000)
    pedida_en = models.DateTimeField(default=timezone.now)
    respuesta = models.TextField(max_length=2000, blank=True)
    respondida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    respondida_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "solicitud de soporte"
        verbose_name_plural = "solicitudes de soporte"
        ordering = ["-anio", "-consecutivo"]
        constraints = [
            models.UniqueConstraint(name="soporte_numero_unico", fields=["anio", "consecutivo"]),
            models.CheckConstraint(
                name="soporte_respuesta_completa",
                condition=Q(respuesta="", respondida_por=None, respondida_en=None)
                | ~Q(respuesta="") & Q(respondida_por__isnull=False, respondida_en__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Soporte {self.numero}"

    @property
    def numero(self) -> str:
        return f"{self.anio}-{self.consecutivo:03}"


class RestablecimientoDeClave(models.Model):
    """A password given again to who has no e-mail: a head asks for it and a second person grants it.

    Of the code that opens it only the hash is kept; it is shown once, to whoever grants it.
    """

    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pedido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pedido_como = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    motivo = models.TextField(max_length=500)
    pedido_en = models.DateTimeField(default=timezone.now)
    decidido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decidido_en = models.DateTimeField(null=True, blank=True)
    concedido = models.BooleanField(null=True, blank=True)
    razon = models.TextField("por qué se negó", max_length=500, blank=True)
    huella = models.CharField(max_length=64, blank=True, editable=False)
    vence_en = models.DateTimeField(null=True, blank=True)
    usado_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "restablecimiento de contraseña"
        verbose_name_plural = "restablecimientos de contraseña"
        ordering = ["-pedido_en", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="clave_la_conceden_dos",
                condition=~Q(pedido_por=F("persona"))
                & (Q(decidido_por=None) | ~Q(decidido_por=F("pedido_por")) & ~Q(decidido_por=F("persona"))),
                violation_error_message="La pide una persona y la concede otra, y ninguna es la dueña.",
            ),
            models.CheckConstraint(
                name="clave_decision_completa",
                condition=Q(decidido_por=None, decidido_en=None, concedido=None)
                | Q(decidido_por__isnull=False, decidido_en__isnull=False, concedido__isnull=False),
            ),
            models.UniqueConstraint(name="clave_codigo_unico", fields=["huella"], condition=~Q(huella="")),
            models.UniqueConstraint(
                name="una_clave_pedida_a_la_vez", fields=["persona"], condition=Q(decidido_por=None)
            ),
        ]

    def __str__(self):
        return f"Contraseña de {self.persona}"
