"""Who asked to be told by e-mail, and the bulletin of each week."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from portal.flujo import solo_estados
from portal.models import Canal, Dependencia
from portal.periodos import Periodo


class SuscripcionQuerySet(models.QuerySet):
    def activas(self):
        return self.filter(estado=Suscripcion.Estado.ACTIVA)

    def que_reciben(self):
        """The active ones whose address takes what is sent to it."""
        return self.activas().filter(detenida_en=None)


class Suscripcion(models.Model):
    """An address that asked for news, and what of. Without confirmation it is forgotten; on leaving, erased.

    What stays of one that left is that it left, when, and the hash of its address.
    """

    class Estado(models.TextChoices):
        POR_CONFIRMAR = "por_confirmar", "Por confirmar"
        ACTIVA = "activa", "Activa"
        RETIRADA = "retirada", "Se retiró"

    correo = models.EmailField(blank=True)
    huella = models.CharField("huella del correo", max_length=64)
    estado = models.CharField(max_length=15, choices=Estado, default=Estado.POR_CONFIRMAR)
    todo = models.BooleanField("todo lo que se publique", default=False)
    secciones = ArrayField(
        models.CharField(max_length=20, choices=Canal.Seccion), default=list, blank=True, verbose_name="temas"
    )
    canales = models.ManyToManyField(Canal, blank=True, related_name="suscripciones")
    dependencias = models.ManyToManyField(Dependencia, blank=True, related_name="suscripciones")
    consentimiento = models.TextField("lo que aceptó, como lo leyó")
    pedida_en = models.DateTimeField(default=timezone.now)
    confirmada_en = models.DateTimeField(null=True, blank=True)
    retirada_en = models.DateTimeField(null=True, blank=True)
    rechazos = models.PositiveSmallIntegerField("rechazos seguidos", default=0)
    detenida_en = models.DateTimeField("se dejó de escribirle el", null=True, blank=True)
    detenida_por = models.CharField("lo que dijo su servidor", max_length=300, blank=True)
    objects = SuscripcionQuerySet.as_manager()

    class Meta:
        verbose_name = "suscripción"
        verbose_name_plural = "suscripciones"
        ordering = ["-pedida_en", "-pk"]
        constraints = [
            solo_estados("suscripcion_estado_conocido", "por_confirmar", "activa", "retirada"),
            models.UniqueConstraint(
                Lower("correo"), name="suscripcion_unica", condition=~Q(estado="retirada")
            ),
            models.CheckConstraint(
                name="suscripcion_con_correo_mientras_dura",
                condition=Q(estado="por_confirmar", confirmada_en=None, retirada_en=None) & ~Q(correo="")
                | Q(estado="activa", confirmada_en__isnull=False, retirada_en=None) & ~Q(correo="")
                | Q(estado="retirada", retirada_en__isnull=False, correo=""),
            ),
        ]

    def __str__(self):
        return f"Suscripción {self.pk}"  # never its address: this is what logs and errors show

    def nombres_de_los_temas(self) -> list[str]:
        return [tema.label for tema in Canal.Seccion if tema in self.secciones]


class Boletin(models.Model):
    """What was authorised and published in an ISO week, to be read on the notice board, the radio or by mail.

    `datos` is frozen on its Monday, and once more, without what was withdrawn meanwhile, when its mailing is
    approved. Nobody decides on one with nothing to tell, nor on one that another week left behind: the system
    says in `motivo` why it is not sent.
    """

    class Estado(models.TextChoices):
        PREPARADO = "preparado", "Por aprobar"
        APROBADO = "aprobado", "Aprobado, se está enviando"
        ENVIADO = "enviado", "Enviado"
        SIN_ENVIO = "sin_envio", "No se envía"

    anio = models.PositiveSmallIntegerField("año")
    semana = models.PositiveSmallIntegerField()
    estado = models.CharField(max_length=10, choices=Estado, default=Estado.PREPARADO)
    datos = models.JSONField()
    huella = models.CharField(max_length=64)
    preparado_en = models.DateTimeField(default=timezone.now)
    decidido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decidido_en = models.DateTimeField(null=True, blank=True)
    motivo = models.CharField("por qué no se envía", max_length=300, blank=True)
    destinatarios = models.PositiveIntegerField("a cuántas personas", null=True, blank=True)
    enviado_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "boletín de la semana"
        verbose_name_plural = "boletines de la semana"
        ordering = ["-anio", "-semana"]
        constraints = [
            solo_estados("boletin_estado_conocido", "preparado", "aprobado", "enviado", "sin_envio"),
            models.UniqueConstraint(name="un_boletin_por_semana", fields=["anio", "semana"]),
            models.CheckConstraint(
                name="boletin_decidido_dice_por_quien",
                condition=Q(estado="preparado", decidido_por=None, decidido_en=None)
                | Q(estado="sin_envio", decidido_por=None, decidido_en=None) & ~Q(motivo="")
                | ~Q(estado="preparado") & Q(decidido_por__isnull=False, decidido_en__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Boletín de la {self.periodo.nombre}"

    @property
    def periodo(self) -> Periodo:
        return Periodo.semana(self.anio, self.semana)
