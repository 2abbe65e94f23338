"""The lines of the alcaldía, what their contracts promise and how each is tried."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from portal.models import Dependencia

_DE_CERO_A_CIEN = [MinValueValidator(0), MaxValueValidator(100)]


class EnlaceQuerySet(models.QuerySet):
    def activos(self):
        return self.filter(activo=True)


class Enlace(models.Model):
    """A line to the internet: where it is, who provides it and what the contract promises of it."""

    class Horas(models.TextChoices):
        """Which minutes count in the percentage."""

        HABILES = "habiles", "Las de atención al público"
        TODAS = "todas", "Las 24 horas de todos los días"

    class Descuento(models.TextChoices):
        """How the contract discounts what was not served."""

        SIN_PACTAR = "sin_pactar", "El contrato no dice"
        PROPORCIONAL = "proporcional", "La parte de la tarifa que corresponde al tiempo sin servicio"
        POR_PUNTO = "por_punto", "Un porcentaje de la tarifa por cada punto bajo lo prometido"

    nombre = models.CharField(max_length=100, unique=True, help_text="Por ejemplo: Palacio municipal.")
    slug = models.SlugField("dirección", max_length=60, unique=True)
    lugar = models.CharField(max_length=200)
    dependencias = models.ManyToManyField(
        Dependencia, blank=True, related_name="enlaces", verbose_name="dependencias que lo usan"
    )
    proveedor = models.CharField(max_length=150)
    telefono_soporte = models.CharField("teléfono de soporte", max_length=50, blank=True)
    contrato = models.CharField("número del contrato", max_length=60, blank=True)
    contrato_desde = models.DateField("contrato desde", null=True, blank=True)
    contrato_hasta = models.DateField("contrato hasta", null=True, blank=True)
    bajada_mbps = models.DecimalField(
        "bajada contratada (Mbps)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    subida_mbps = models.DecimalField(
        "subida contratada (Mbps)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    disponibilidad = models.DecimalField(
        "disponibilidad prometida (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=_DE_CERO_A_CIEN,
        help_text="La que dice el contrato, sobre las 24 horas del mes. Por ejemplo: 99,6.",
    )
    tarifa = models.PositiveBigIntegerField("tarifa mensual (pesos)", null=True, blank=True)
    descuento = models.CharField(
        "descuento por fallas", max_length=15, choices=Descuento, default=Descuento.SIN_PACTAR
    )
    descuento_por_punto = models.DecimalField(
        "descuento por punto (%)",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=_DE_CERO_A_CIEN,
    )
    clausula = models.CharField(
        "cláusula del descuento", max_length=200, blank=True, help_text="Por ejemplo: cláusula 12.3."
    )
    horas = models.CharField("minutos que cuentan", max_length=10, choices=Horas, default=Horas.HABILES)
    fallas_para_abrir = models.PositiveSmallIntegerField(
        "sondeos fallidos seguidos que abren un corte", default=3, validators=[MinValueValidator(1)]
    )
    aciertos_para_cerrar = models.PositiveSmallIntegerField(
        "sondeos buenos seguidos que lo cierran", default=2, validators=[MinValueValidator(1)]
    )
    activo = models.BooleanField(default=True)
    orden = models.PositiveSmallIntegerField(default=0)
    por_confirmar = models.BooleanField(
        "datos por confirmar", default=False, help_text="El público los ve como datos de demostración."
    )
    history = HistoricalRecords(verbose_name="historia del enlace", m2m_fields=[dependencias])
    objects = EnlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "enlace a internet"
        verbose_name_plural = "enlaces a internet"
        ordering = ["orden", "nombre"]
        constraints = [
            models.CheckConstraint(
                name="enlace_contrato_termina_despues",
                condition=Q(contrato_desde=None)
                | Q(contrato_hasta=None)
                | Q(contrato_hasta__gte=F("contrato_desde")),
                violation_error_message="El contrato no puede terminar antes de empezar.",
            ),
            models.CheckConstraint(
                name="enlace_descuento_con_su_dato",
                condition=~Q(descuento="por_punto") | Q(descuento_por_punto__isnull=False),
                violation_error_message="Diga qué porcentaje se descuenta por cada punto.",
            ),
        ]

    def __str__(self):
        return self.nombre

    def get_absolute_url(self):
        return reverse("conectividad:enlace", args=[self.slug])


class Objetivo(models.Model):
    """Something to reach through a line, to know whether it is up."""

    class Tipo(models.TextChoices):
        TCP = "tcp", "Puerto (TCP)"
        HTTP = "http", "Página (HTTP)"
        DNS = "dns", "Nombre (DNS)"

    enlace = models.ForeignKey(Enlace, models.CASCADE, related_name="objetivos")
    nombre = models.CharField(max_length=80)
    tipo = models.CharField(max_length=5, choices=Tipo)
    destino = models.CharField(
        max_length=300,
        help_text="TCP: servidor:puerto. HTTP: la dirección completa. DNS: el nombre, y si quiere @servidor.",
    )
    activo = models.BooleanField(default=True)
    history = HistoricalRecords(verbose_name="historia del objetivo")

    class Meta:
        verbose_name = "objetivo de los sondeos"
        verbose_name_plural = "objetivos de los sondeos"
        ordering = ["enlace", "nombre"]
        constraints = [models.UniqueConstraint(name="objetivo_unico", fields=["enlace", "nombre"])]

    def __str__(self):
        return self.nombre

    def clean(self):
        from conectividad.sonda import DestinoInvalido, leer_destino

        try:
            leer_destino(self.tipo, self.destino)
        except DestinoInvalido as error:
            raise ValidationError({"destino": str(error)}) from error
