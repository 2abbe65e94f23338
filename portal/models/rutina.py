from django.db import models
from django.utils import timezone


class EjecucionDeRutina(models.Model):
    """One run of a rutina: when, how long and with what result."""

    rutina = models.CharField(max_length=60)
    inicio = models.DateTimeField()
    duracion_ms = models.PositiveIntegerField("duración en milisegundos")
    bien = models.BooleanField("terminó bien")
    resultado = models.TextField(blank=True)

    class Meta:
        verbose_name = "ejecución de rutina"
        verbose_name_plural = "rutinas"
        ordering = ["-inicio", "-pk"]
        indexes = [models.Index(fields=["rutina", "-inicio"], name="rutina_ultimas")]

    def __str__(self):
        return f"{self.rutina} · {timezone.localtime(self.inicio):%d/%m/%Y %H:%M}"
