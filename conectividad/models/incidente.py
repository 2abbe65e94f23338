"""The log: what happened to a line, from when to when, and what was done about it."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from conectividad.models.enlace import Enlace
from portal.models import Dependencia


class IncidenteQuerySet(models.QuerySet):
    def vigentes(self):
        """Those that were not annulled."""
        return self.filter(anulado_en=None)

    def abiertos(self):
        """Those that have not ended."""
        return self.vigentes().filter(fin=None)

    def entre(self, desde, hasta):
        """Those that lasted at some moment between both, the second one not included."""
        return self.vigentes().filter(inicio__lt=hasta).filter(Q(fin=None) | Q(fin__gt=desde))


class Incidente(models.Model):
    """An interruption of a line. It is never erased: a wrong one is annulled with its reason.

    Moments are whole minutes in time; several may overlap, and each minute counts once.
    """

    class Alcance(models.TextChoices):
        TOTAL = "total", "Sin conexión"
        PARCIAL = "parcial", "Lenta o a ratos"

    class Causa(models.TextChoices):
        POR_ESTABLECER = "por_establecer", "Todavía no se sabe"
        PROVEEDOR = "proveedor", "Falla del proveedor"
        ENERGIA = "energia", "Falta de energía"
        EQUIPO = "equipo", "Equipo o red de la alcaldía"
        DANO = "dano", "Daño de otros: obra, hurto, accidente"
        CLIMA = "clima", "Lluvia, rayo o viento"
        MANTENIMIENTO = "mantenimiento", "Mantenimiento"
        PAGO = "pago", "Servicio suspendido por pago"

    class Origen(models.TextChoices):
        PERSONA = "persona", "Lo anotó una persona"
        VIGILANTE = "vigilante", "Lo halló el sondeo automático"

    enlace = models.ForeignKey(Enlace, models.PROTECT, related_name="incidentes")
    #: Made where the form was filled in: the same cut sent twice is one.
    clave = models.UUIDField(unique=True, default=uuid4, editable=False)
    inicio = models.DateTimeField("se cayó")
    fin = models.DateTimeField("volvió", null=True, blank=True, help_text="Déjelo vacío si sigue.")
    alcance = models.CharField(max_length=8, choices=Alcance, default=Alcance.TOTAL)
    peso = models.PositiveSmallIntegerField(
        "cuánto se perdió del servicio (%)",
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="100 si no hubo nada. Por ejemplo, 50 si andaba a la mitad.",
    )
    causa = models.CharField(max_length=15, choices=Causa, default=Causa.POR_ESTABLECER)
    planeado = models.BooleanField(
        "estaba anunciado", default=False, help_text="Un corte anunciado antes se muestra aparte."
    )
    dependencias = models.ManyToManyField(
        Dependencia, blank=True, related_name="incidentes", verbose_name="dependencias afectadas"
    )
    ticket = models.CharField("número del reporte al proveedor", max_length=60, blank=True)
    descripcion = models.TextField("qué pasó", max_length=1000, blank=True)
    reportado_por = models.CharField(
        "quién avisó", max_length=150, blank=True, help_text="Si no es quien lo anota."
    )
    origen = models.CharField(max_length=10, choices=Origen, default=Origen.PERSONA, editable=False)
    registrado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    anotado_en = models.DateTimeField(
        "anotado el", help_text="Según el equipo en que se anotó, con o sin conexión.", editable=False
    )
    registrado_en = models.DateTimeField("recibido el", default=timezone.now, editable=False)
    anulado_en = models.DateTimeField("anulado el", null=True, editable=False)
    anulado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    anulado_razon = models.CharField("por qué se anuló", max_length=300, blank=True, editable=False)
    history = HistoricalRecords(verbose_name="historia del incidente", m2m_fields=[dependencias])
    objects = IncidenteQuerySet.as_manager()

    class Meta:
        verbose_name = "incidente"
        ordering = ["-inicio", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="incidente_termina_despues",
                condition=Q(fin=None) | Q(fin__gt=F("inicio")),
                violation_error_message="El corte no puede terminar antes de empezar, ni en el mismo minuto.",
            ),
            models.CheckConstraint(
                name="incidente_peso",
                condition=Q(alcance="total", peso=100) | Q(alcance="parcial", peso__gte=1, peso__lte=99),
                violation_error_message="Si fue en parte, diga cuánto se perdió: de 1 a 99 %.",
            ),
            models.CheckConstraint(
                name="incidente_anulado_dice_por_quien",
                condition=Q(anulado_en=None, anulado_por=None, anulado_razon="")
                | Q(anulado_en__isnull=False, anulado_por__isnull=False) & ~Q(anulado_razon=""),
            ),
            models.UniqueConstraint(
                name="un_corte_abierto_por_enlace_y_origen",
                fields=["enlace", "origen"],
                condition=Q(fin=None, anulado_en=None),
                violation_error_message="Ese enlace ya tiene un corte abierto: diga que volvió, o corríjalo.",
            ),
        ]
        indexes = [models.Index(fields=["enlace", "inicio", "fin"], name="incidente_del_mes")]

    def __str__(self):
        return f"Corte en {self.enlace} del {timezone.localtime(self.inicio):%d/%m/%Y %H:%M}"

    def get_absolute_url(self):
        return reverse("conectividad:incidente", args=[self.pk])

    @property
    def abierto(self) -> bool:
        return self.fin is None and self.anulado_en is None


class AccionQuerySet(models.QuerySet):
    def de_personas(self):
        """What somebody did. What the watcher writes beside a cut is a notice, not an action."""
        return self.filter(por__isnull=False)


class Accion(models.Model):
    """What was done about an incident, or what the watcher saw, without `por`. Rows are only added."""

    incidente = models.ForeignKey(Incidente, models.PROTECT, related_name="acciones")
    en = models.DateTimeField("cuándo se hizo", default=timezone.now)
    texto = models.CharField("qué se hizo", max_length=500)
    quien = models.CharField("quién lo hizo", max_length=150, blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    registrada_en = models.DateTimeField(default=timezone.now)
    objects = AccionQuerySet.as_manager()

    class Meta:
        verbose_name = "acción"
        verbose_name_plural = "acciones"
        ordering = ["en", "pk"]

    def __str__(self):
        return self.texto
