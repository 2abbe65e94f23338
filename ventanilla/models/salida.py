"""What the alcaldía answers: how it is prepared, and how it went out."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.models import Cargo
from portal.saneado import LineaField
from ventanilla.models.asiento import Asiento, leer_numero
from ventanilla.models.clase import ClaseDeRadicado
from ventanilla.models.radicado import Radicado


class RespuestaTipo(models.Model):
    """A standard text to begin an answer with. What is sent is kept as sent, whatever becomes of this."""

    nombre = LineaField(max_length=100, unique=True)
    clases = models.ManyToManyField(
        ClaseDeRadicado, blank=True, related_name="respuestas_tipo", help_text="Ninguna: sirve para todas."
    )
    texto = models.TextField(
        max_length=10_000, help_text="Puede usar {nombre}, {numero}, {fecha}, {asunto} y {dependencia}."
    )
    activa = models.BooleanField(default=True)
    history = HistoricalRecords(verbose_name="historia del texto")

    class Meta:
        verbose_name = "respuesta tipo"
        verbose_name_plural = "respuestas tipo"
        ordering = ["nombre"]

    def __str__(self):
        return self.nombre


class Sentido(models.TextChoices):
    FAVORABLE = "favorable", "Se concede lo pedido"
    PARCIAL = "parcial", "Se concede en parte"
    NEGADA = "negada", "Se niega"
    INFORMA = "informa", "Se informa u orienta"


class Proyecto(models.Model):
    """The answer being prepared. When signed it becomes a Salida and is erased."""

    radicado = models.OneToOneField(Radicado, models.CASCADE, related_name="proyecto")
    sentido = models.CharField("en qué sentido", max_length=10, choices=Sentido, default=Sentido.INFORMA)
    texto = models.TextField("respuesta", max_length=20_000, blank=True)
    #: The certificate goes with the answer, with what the office answers of its form.
    con_certificado = models.BooleanField("expedir el certificado", default=False)
    datos = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    proyectado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proyectado_en = models.DateTimeField(default=timezone.now)
    primera_firma_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    primera_firma_cargo = models.ForeignKey(Cargo, models.PROTECT, null=True, blank=True, related_name="+")
    primera_firma_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "proyecto de respuesta"
        verbose_name_plural = "proyectos de respuesta"

    def __str__(self):
        return f"Proyecto de respuesta de {self.radicado}"


class SalidaQuerySet(models.QuerySet):
    def con_numero(self, numero: str):
        """The one of that number, `2026-000124-S`, whole, or none."""
        cual = leer_numero(numero, Asiento.Sentido.SALIDA)
        return self.verificables().filter(**cual) if cual else self.none()

    def respuestas(self):
        return self.filter(clase=Salida.Clase.RESPUESTA)

    def verificables(self):
        return self.select_related("asiento", "radicado__asiento", "radicado__tramite", "cargo__dependencia")


class Salida(models.Model):
    """What went out, exactly as it was sent, with its line in the book and a code to verify it.

    Its content never changes: PostgreSQL refuses it. A certificate may be annulled, with reason.
    """

    class Clase(models.TextChoices):
        RESPUESTA = "respuesta", "Respuesta"
        CERTIFICADO = "certificado", "Certificado"
        REQUERIMIENTO = "requerimiento", "Pedido de completar"
        PRORROGA = "prorroga", "Aviso de prórroga"
        TRASLADO = "traslado", "Traslado por competencia"
        DESISTIMIENTO = "desistimiento", "Desistimiento"
        RECALCULO = "recalculo", "Aviso de nueva fecha"

    asiento = models.OneToOneField(Asiento, models.PROTECT, related_name="salida")
    radicado = models.ForeignKey(Radicado, models.PROTECT, related_name="salidas")
    clave = models.UUIDField(unique=True, default=uuid4, editable=False)
    clase = models.CharField(max_length=15, choices=Clase)
    sentido = models.CharField(max_length=10, choices=Sentido, blank=True)
    titulo = LineaField("título", max_length=200)
    texto = models.TextField(max_length=20_000)
    #: Of a certificate: what it says, label → value, in order, as [[label, value], …].
    datos = models.JSONField(default=list, blank=True)
    codigo = models.CharField("código de verificación", max_length=20, unique=True)
    huella = models.CharField("huella del contenido (SHA-256)", max_length=64)
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cargo = models.ForeignKey(Cargo, models.PROTECT, related_name="+")
    #: Who signs, as it was then: «Ana Rojas, Secretaria de Planeación (Secretaría de Planeación)».
    firma = models.CharField(max_length=400)
    segunda_firma = models.CharField(max_length=400, blank=True)
    en = models.DateTimeField(default=timezone.now)
    vigente_hasta = models.DateField(null=True, blank=True)
    #: «correo», «direccion» or «codigo»: how the person was told.
    medio = models.CharField("cómo se entregó", max_length=10, blank=True)
    anulada_en = models.DateTimeField(null=True, blank=True)
    anulada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    anulada_razon = models.CharField(max_length=300, blank=True)
    objects = SalidaQuerySet.as_manager()

    class Meta:
        verbose_name = "salida"
        ordering = ["en", "pk"]
        constraints = [
            models.CheckConstraint(
                name="salida_anulada_dice_por_quien",
                condition=Q(anulada_en=None, anulada_por=None, anulada_razon="")
                | Q(anulada_en__isnull=False, anulada_por__isnull=False) & ~Q(anulada_razon=""),
            ),
            models.CheckConstraint(
                name="salida_dos_firmas_distintas",
                condition=Q(segunda_firma="") | ~Q(segunda_firma=F("firma")),
            ),
        ]

    def __str__(self):
        return f"{self.asiento.numero}: {self.titulo}"

    def get_absolute_url(self):
        return reverse("ventanilla:verificar", args=[self.codigo])

    @property
    def numero(self) -> str:
        return self.asiento.numero
