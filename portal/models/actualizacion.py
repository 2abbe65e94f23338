from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models.canal import Canal
from portal.models.dependencia import Dependencia
from portal.models.edicion import Edicion
from portal.models.publicacion import Publicacion
from portal.models.version import Version


class ActualizacionQuerySet(models.QuerySet):
    def que_cuentan(self):
        """What counts for «número de veces que se actualiza el sitio Web por semana» (plan, row 1)."""
        return self.filter(clase__in=Actualizacion.CUENTAN)

    def entre(self, desde, hasta):
        return self.filter(en__gte=desde, en__lt=hasta)


class Actualizacion(models.Model):
    """A public change of the site: what, where, who and when. The weekly statistics read only this."""

    class Clase(models.TextChoices):
        PUBLICACION = "publicacion", "Publicación nueva"
        MODIFICACION = "modificacion", "Cambio de fondo"
        MENOR = "menor", "Corrección menor"
        RATIFICACION = "ratificacion", "Revisado: sigue vigente"
        RETIRO = "retiro", "Retiro"

    CUENTAN = (Clase.PUBLICACION, Clase.MODIFICACION)
    #: What makes a channel young again: a minor edit does not.
    RENUEVAN = (*CUENTAN, Clase.RATIFICACION)

    clase = models.CharField(max_length=20, choices=Clase)
    canal = models.ForeignKey(Canal, models.PROTECT, related_name="actualizaciones")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="actualizaciones")
    publicacion = models.ForeignKey(
        Publicacion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actualizaciones",
        verbose_name="publicación",
    )
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="texto"
    )
    descripcion = models.CharField("descripción", max_length=200)
    por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién",
    )
    en = models.DateTimeField("fecha", default=timezone.now)
    urgente = models.BooleanField(default=False)
    url = models.CharField(
        "dirección", max_length=300, blank=True, help_text="De lo que cambió, cuando no es una publicación."
    )
    objects = ActualizacionQuerySet.as_manager()

    class Meta:
        verbose_name = "actualización"
        verbose_name_plural = "actualizaciones"
        ordering = ["-en", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="una_actualizacion_por_version_publicada",
                fields=["version"],
                condition=Q(clase__in=["publicacion", "modificacion", "menor"]),
            )
        ]
        indexes = [
            models.Index(fields=["canal", "-en"], name="actualizacion_canal"),
            models.Index(fields=["-en"], name="actualizacion_fecha"),
        ]

    def __str__(self):
        return f"{self.get_clase_display()}: {self.descripcion}"

    @classmethod
    def anotar(cls, clase: str, **campos) -> "Actualizacion":
        """Write the row and make every cached page old, in the transaction of the change itself."""
        fila = cls.objects.create(clase=clase, **campos)
        Edicion.avanzar()
        return fila
