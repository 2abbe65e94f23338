from django.db import models
from django.db.models import F
from django.utils import timezone


class Edicion(models.Model):
    """One row whose number grows with every public change; whatever is cached carries it in its key."""

    numero = models.PositiveBigIntegerField("número", default=1)
    cambiada_en = models.DateTimeField("último cambio público", auto_now=True)

    class Meta:
        verbose_name = "edición"
        verbose_name_plural = "edición"
        constraints = [models.CheckConstraint(name="edicion_unica", condition=models.Q(pk=1))]

    def __str__(self):
        return str(self.numero)

    @classmethod
    def actual(cls) -> int:
        return cls.objects.values_list("numero", flat=True).get(pk=1)

    @classmethod
    def avanzar(cls) -> None:
        """Make every cached page of every worker old, from the commit of this transaction on."""
        cls.objects.filter(pk=1).update(numero=F("numero") + 1, cambiada_en=timezone.now())


class Consecutivo(models.Model):
    """The last number given in a series and year. The row stays locked until the act commits."""

    serie = models.SlugField()
    anio = models.PositiveSmallIntegerField("año")
    ultimo = models.PositiveIntegerField("último", default=0)

    class Meta:
        verbose_name = "consecutivo"
        constraints = [models.UniqueConstraint(name="consecutivo_serie_anio", fields=["serie", "anio"])]

    def __str__(self):
        return f"{self.serie} {self.anio}: {self.ultimo}"

    @classmethod
    def siguiente(cls, serie: str, anio: int) -> int:
        """The next number, without gaps or repeats: a rollback gives it back.

        Raises TransactionManagementError outside a transaction.
        """
        cls.objects.get_or_create(serie=serie, anio=anio)
        fila = cls.objects.select_for_update().get(serie=serie, anio=anio)
        fila.ultimo += 1
        fila.save(update_fields=["ultimo"])
        return fila.ultimo
