from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.flujo import solo_estados
from portal.saneado import LineaField


def una_linea(texto: str) -> None:
    """A line end in a subject would be read as another header of the message."""
    if "\n" in texto or "\r" in texto:
        raise ValidationError("El asunto va en una sola línea.")


class CorreoQuerySet(models.QuerySet):
    def por_enviar(self, en):
        """What may be tried at the moment `en`, what waits the longest first."""
        return self.filter(estado=Correo.Estado.PENDIENTE, intentar_desde__lte=en).order_by(
            "intentar_desde", "pk"
        )


class Correo(models.Model):
    """A message of the outbox, written in the transaction of what it tells: both are or neither is."""

    class Estado(models.TextChoices):
        PENDIENTE = "pendiente", "Por enviar"
        ENVIADO = "enviado", "Enviado"
        ABANDONADO = "abandonado", "No se pudo enviar"

    clave = models.CharField(
        max_length=120, null=True, blank=True, unique=True, help_text="Lo que no se escribe dos veces."
    )
    para = models.EmailField()
    asunto = LineaField(max_length=200, validators=[una_linea])
    texto = models.TextField()
    cabeceras = models.JSONField(default=dict, blank=True, help_text="Además de las de siempre.")
    estado = models.CharField(max_length=10, choices=Estado, default=Estado.PENDIENTE)
    creado_en = models.DateTimeField("escrito el", default=timezone.now)
    intentar_desde = models.DateTimeField("próximo intento", default=timezone.now)
    intentos = models.PositiveSmallIntegerField(default=0)
    enviado_en = models.DateTimeField("enviado el", null=True, blank=True)
    error = models.TextField("último error", blank=True)
    objects = CorreoQuerySet.as_manager()

    class Meta:
        verbose_name = "correo"
        ordering = ["-creado_en", "-pk"]
        constraints = [
            solo_estados("correo_estado_conocido", "pendiente", "enviado", "abandonado"),
            models.CheckConstraint(
                name="correo_enviado_con_fecha",
                condition=Q(estado="enviado", enviado_en__isnull=False)
                | ~Q(estado="enviado") & Q(enviado_en=None),
            ),
        ]
        indexes = [
            models.Index(
                name="correo_por_enviar", fields=["intentar_desde", "id"], condition=Q(estado="pendiente")
            )
        ]

    def __str__(self):
        return self.asunto  # to whom, some messages do not say: see `portal.correo.SIN_DESTINATARIO`
