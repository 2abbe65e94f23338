from django.db import models


class DiaNoHabil(models.Model):
    """A day on which the alcaldía does not work besides weekends and national holidays."""

    fecha = models.DateField(unique=True)
    motivo = models.CharField(max_length=200, help_text="Por ejemplo: día cívico municipal.")
    acto = models.CharField(
        "acto administrativo", max_length=200, help_text="Por ejemplo: Decreto 045 de 2026."
    )

    class Meta:
        verbose_name = "día no hábil"
        verbose_name_plural = "días no hábiles"
        ordering = ["-fecha"]

    def __str__(self):
        return f"{self.fecha:%d/%m/%Y}: {self.motivo}"
