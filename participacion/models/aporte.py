"""What people write about a text before it is adopted, how it is moderated and how it is answered."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participacion.models.consulta import Consulta
from portal.flujo import solo_estados
from portal.saneado import LineaField


class TemaDeAportes(models.Model):
    """A theme under which many comments are answered at once."""

    consulta = models.ForeignKey(Consulta, models.CASCADE, related_name="temas")
    orden = models.PositiveSmallIntegerField(default=0)
    nombre = LineaField(max_length=150)
    respuesta = models.TextField("respuesta de la alcaldía", max_length=4000, blank=True)
    se_acoge = models.CharField(
        "qué se decidió",
        max_length=10,
        blank=True,
        choices=[("si", "Se acoge"), ("parte", "Se acoge en parte"), ("no", "No se acoge")],
    )

    class Meta:
        verbose_name = "tema de los aportes"
        verbose_name_plural = "temas de los aportes"
        ordering = ["orden", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="tema_unico_en_su_consulta",
                fields=["consulta", "nombre"],
                violation_error_message="Ese tema ya está en la consulta.",
            ),
            models.CheckConstraint(
                name="tema_decidido_con_respuesta",
                condition=Q(se_acoge="") | ~Q(respuesta=""),
                violation_error_message="Explique por qué se decidió así.",
            ),
        ]

    def __str__(self):
        return self.nombre


class Aporte(models.Model):
    """A comment. What it says never changes; whether the public reads it is decided with a reason."""

    class Estado(models.TextChoices):
        POR_REVISAR = "por_revisar", "Por revisar"
        PUBLICADO = "publicado", "Publicado"
        NO_PUBLICADO = "no_publicado", "No se publica"

    class Motivo(models.TextChoices):
        DATOS = "datos", "Trae datos personales de alguien"
        OFENSA = "ofensa", "Insulta o amenaza"
        AJENO = "ajeno", "No es sobre este texto"
        REPETIDO = "repetido", "Está repetido"
        PUBLICIDAD = "publicidad", "Es publicidad"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    consulta = models.ForeignKey(Consulta, models.PROTECT, related_name="aportes")
    parte = LineaField("sobre qué parte", max_length=100, blank=True, help_text="Por ejemplo: artículo 3.")
    texto = models.TextField("aporte", max_length=3000)
    nombre = LineaField("nombre, si quiere que aparezca", max_length=100, blank=True)
    en_papel = models.BooleanField("se recibió en papel o de palabra", default=False)
    dia = models.DateField("día", default=timezone.localdate)
    estado = models.CharField(max_length=15, choices=Estado, default=Estado.POR_REVISAR)
    motivo = models.CharField("por qué no se publica", max_length=10, choices=Motivo, blank=True)
    explicacion = models.TextField("explicación", max_length=500, blank=True)
    moderado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    moderado_en = models.DateTimeField(null=True, blank=True)
    tema = models.ForeignKey(TemaDeAportes, models.SET_NULL, null=True, blank=True, related_name="aportes")

    class Meta:
        verbose_name = "aporte"
        ordering = ["dia", "pk"]
        constraints = [
            solo_estados("aporte_estado_conocido", "por_revisar", "publicado", "no_publicado"),
            models.CheckConstraint(
                name="aporte_moderado_dice_por_quien",
                condition=Q(estado="por_revisar", moderado_por=None, moderado_en=None, motivo="")
                | Q(estado="publicado", moderado_por__isnull=False, moderado_en__isnull=False, motivo="")
                | Q(estado="no_publicado", moderado_por__isnull=False, moderado_en__isnull=False)
                & ~Q(motivo=""),
            ),
        ]

    def __str__(self):
        return self.texto[:60]


class PasoDeAporte(models.Model):
    """A decision about a comment, or that an official entered it. Rows are only added."""

    aporte = models.ForeignKey(Aporte, models.PROTECT, related_name="pasos")
    a = models.CharField(max_length=15, choices=Aporte.Estado)
    motivo = models.CharField(max_length=10, choices=Aporte.Motivo, blank=True)
    explicacion = models.TextField(max_length=500, blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "paso de un aporte"
        verbose_name_plural = "pasos de un aporte"
        ordering = ["en", "pk"]

    def __str__(self):
        return f"{self.get_a_display()} · {self.por}"


class TemaDeInteres(models.Model):
    """What people would like the alcaldía to talk about: proposed by anybody, supported by others."""

    class Estado(models.TextChoices):
        POR_REVISAR = "por_revisar", "Por revisar"
        ABIERTO = "abierto", "Recibe apoyos"
        RESPONDIDO = "respondido", "Respondido"
        NO_PUBLICADO = "no_publicado", "No se publica"

    titulo = LineaField("tema", max_length=120)
    slug = models.SlugField(max_length=130, unique=True)
    explicacion = models.TextField("por qué le interesa", max_length=600, blank=True)
    estado = models.CharField(max_length=15, choices=Estado, default=Estado.POR_REVISAR)
    apoyos = models.PositiveIntegerField(default=0)
    propuesto_el = models.DateField("propuesto el", default=timezone.localdate)
    motivo = models.CharField("por qué no se publica", max_length=300, blank=True)
    respuesta = models.TextField("respuesta de la alcaldía", max_length=2000, blank=True)
    consulta = models.ForeignKey(
        Consulta,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="temas_de_interes",
        help_text="La consulta que se abrió por este tema.",
    )
    moderado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    moderado_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "tema de interés"
        verbose_name_plural = "temas de interés"
        ordering = ["-apoyos", "-propuesto_el", "pk"]
        constraints = [
            solo_estados(
                "tema_de_interes_estado_conocido", "por_revisar", "abierto", "respondido", "no_publicado"
            ),
            models.CheckConstraint(
                name="tema_de_interes_moderado",
                condition=Q(estado="por_revisar")
                | Q(moderado_por__isnull=False, moderado_en__isnull=False)
                & (~Q(estado="no_publicado") | ~Q(motivo=""))
                & (~Q(estado="respondido") | ~Q(respuesta="")),
            ),
        ]

    def __str__(self):
        return self.titulo
