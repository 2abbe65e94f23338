from django.db import models


class Freno(models.Model):
    """How many times something was tried in a window of time. Says of whom only a hash that dies with it."""

    clave = models.CharField(max_length=64)
    ventana = models.DateTimeField("empieza la ventana")
    vence = models.DateTimeField(db_index=True)
    veces = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "freno"
        constraints = [models.UniqueConstraint(name="freno_una_por_ventana", fields=["clave", "ventana"])]

    def __str__(self):
        return f"{self.veces} desde {self.ventana:%H:%M}"
