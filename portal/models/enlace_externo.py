from django.db import models

from portal.models.version import Version


class EnlaceExterno(models.Model):
    """An address of another site that our texts link to, and whether it answered when it was last asked."""

    class Estado(models.TextChoices):
        SIN_REVISAR = "sin_revisar", "Sin revisar todavía"
        RESPONDE = "responde", "Responde"
        ROTO = "roto", "No responde"

    url = models.URLField("dirección", max_length=500, unique=True)
    versiones = models.ManyToManyField(Version, related_name="enlaces_externos", verbose_name="textos")
    estado = models.CharField(max_length=12, choices=Estado, default=Estado.SIN_REVISAR)
    revisado_en = models.DateTimeField("última revisión", null=True, blank=True)
    fallas = models.PositiveSmallIntegerField("fallas seguidas", default=0)
    detalle = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "enlace a otro sitio"
        verbose_name_plural = "enlaces a otros sitios"
        ordering = ["url"]
        indexes = [models.Index(name="enlace_externo_por_revisar", fields=["revisado_en"])]

    def __str__(self):
        return self.url
