"""What happens to a radicado after it was filed."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models import Cargo, Dependencia
from portal.saneado import LineaField
from ventanilla.models.radicado import Radicado


class Actuacion(models.Model):
    """A step that was taken, with who and when. Rows are only added: PostgreSQL refuses any other thing."""

    radicado = models.ForeignKey(Radicado, models.PROTECT, related_name="actuaciones")
    accion = models.SlugField("acción")
    etiqueta = models.CharField("qué se hizo", max_length=100)
    de = models.CharField(max_length=20, blank=True)
    a = models.CharField(max_length=20, blank=True)
    detalle = models.TextField(blank=True)
    #: None when the person who filed it, or the system, did it.
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cargo = models.ForeignKey(Cargo, models.PROTECT, null=True, related_name="+")
    de_la_persona = models.BooleanField("la hizo quien radicó", default=False)
    #: The person who filed reads it too.
    publica = models.BooleanField(default=True)
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "actuación"
        verbose_name_plural = "actuaciones"
        ordering = ["en", "pk"]
        indexes = [models.Index(fields=["radicado", "en"], name="actuacion_de_radicado")]

    def __str__(self):
        return self.etiqueta


class Mensaje(models.Model):
    """A message between the person, with or without name, and the office. Rows are only added."""

    radicado = models.ForeignKey(Radicado, models.PROTECT, related_name="mensajes")
    clave = models.UUIDField(unique=True, default=uuid4, editable=False)
    texto = models.TextField("mensaje", max_length=5000)
    de_la_persona = models.BooleanField()
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "mensaje"
        ordering = ["en", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mensaje_de_quien", condition=Q(de_la_persona=True, por=None) | Q(de_la_persona=False)
            )
        ]

    def __str__(self):
        return self.texto[:60]


class Subcaso(models.Model):
    """A part of the answer that another unit must give, within an internal date."""

    class Estado(models.TextChoices):
        PEDIDO = "pedido", "Pedido"
        RESPONDIDO = "respondido", "Respondido"
        DEVUELTO = "devuelto", "Devuelto: no es de esa dependencia"

    radicado = models.ForeignKey(Radicado, models.PROTECT, related_name="subcasos")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="subcasos")
    pregunta = models.TextField("qué se le pide", max_length=2000)
    pedido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    pedido_en = models.DateTimeField(default=timezone.now)
    vence = models.DateField("para cuándo")
    estado = models.CharField(max_length=10, choices=Estado, default=Estado.PEDIDO)
    respuesta = models.TextField(max_length=5000, blank=True)
    respondido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    respondido_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "subcaso"
        ordering = ["pedido_en", "pk"]
        constraints = [
            models.CheckConstraint(
                name="subcaso_respondido_dice_por_quien",
                condition=Q(estado="pedido", respondido_por=None, respondido_en=None, respuesta="")
                | ~Q(estado="pedido")
                & Q(respondido_por__isnull=False, respondido_en__isnull=False)
                & ~Q(respuesta=""),
            ),
            models.UniqueConstraint(
                name="un_subcaso_pedido_por_dependencia",
                fields=["radicado", "dependencia"],
                condition=Q(estado="pedido"),
                violation_error_message="A esa dependencia ya se le pidió y no ha respondido.",
            ),
        ]

    def __str__(self):
        return f"{self.dependencia}: {self.pregunta[:60]}"


class LecturaReservada(models.Model):
    """Somebody of the alcaldía read a radicado that is reserved. Rows are only added."""

    radicado = models.ForeignKey(Radicado, models.PROTECT, related_name="lecturas")
    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    que = LineaField("qué leyó", max_length=200)
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "lectura de un radicado reservado"
        verbose_name_plural = "lecturas de radicados reservados"
        ordering = ["-en", "-pk"]

    def __str__(self):
        return f"{self.usuario}, {timezone.localtime(self.en):%d/%m/%Y %H:%M}"


class Valoracion(models.Model):
    """What the person thought of the answer. Once for each answer."""

    salida = models.OneToOneField("ventanilla.Salida", models.PROTECT, related_name="valoracion")
    puntos = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    resuelto = models.BooleanField("¿le resolvieron?")
    comentario = models.TextField(max_length=2000, blank=True)
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "valoración"
        verbose_name_plural = "valoraciones"
        ordering = ["-en", "-pk"]
        constraints = [
            models.CheckConstraint(name="valoracion_de_1_a_5", condition=Q(puntos__gte=1, puntos__lte=5))
        ]

    def __str__(self):
        return f"{self.puntos} de 5"
