import re

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.models.edicion import Consecutivo

#: The series of the one book.
SERIE = "radicados"
NUMERO = r"(?P<anio>[0-9]{4})-(?P<consecutivo>[0-9]{6})-(?P<sentido>[ES])"


def leer_numero(numero: str, sentido: str) -> dict[str, int] | None:
    """How the line of that number is looked for by what hangs from it; None when it is no such number."""
    hallado = re.fullmatch(NUMERO, numero, re.ASCII)
    if hallado is None or hallado["sentido"] != sentido:
        return None
    return {"asiento__anio": int(hallado["anio"]), "asiento__consecutivo": int(hallado["consecutivo"])}


class Asiento(models.Model):
    """A line of the book of radicados: the number, the moment and the hash of what came in or went out.

    Numbers are one sequence a year for both directions, without gaps or repeats (Acuerdo AGN 060 de 2001,
    art. 5). It never changes and is never erased: PostgreSQL refuses it.
    """

    class Sentido(models.TextChoices):
        ENTRADA = "E", "Entrada"
        SALIDA = "S", "Salida"

    anio = models.PositiveSmallIntegerField("año")
    consecutivo = models.PositiveIntegerField()
    sentido = models.CharField(max_length=1, choices=Sentido)
    en = models.DateTimeField("fecha y hora")
    huella = models.CharField("huella del contenido (SHA-256)", max_length=64)

    class Meta:
        verbose_name = "asiento"
        ordering = ["-anio", "-consecutivo"]
        constraints = [
            models.UniqueConstraint(name="asiento_numero_unico", fields=["anio", "consecutivo"]),
            models.CheckConstraint(
                name="asiento_numero_posible", condition=Q(consecutivo__gte=1, consecutivo__lte=999_999)
            ),
            models.CheckConstraint(
                name="asiento_del_anio_de_bogota",
                condition=Q(en__isnull=False) & Q(anio__gte=2000) & Q(anio__lte=2199),
            ),
        ]

    def __str__(self):
        return self.numero

    @property
    def numero(self) -> str:
        return f"{self.anio}-{self.consecutivo:06d}-{self.sentido}"

    @classmethod
    def abrir(cls, sentido: str, huella: str, en) -> "Asiento":
        """The next line of the book of that year in Bogotá. Its counter stays locked until the act commits.

        Raises TransactionManagementError outside a transaction.
        """
        anio = timezone.localtime(en).year
        consecutivo = Consecutivo.siguiente(SERIE, anio)
        return cls.objects.create(anio=anio, consecutivo=consecutivo, sentido=sentido, en=en, huella=huella)

    @classmethod
    def saltos(cls) -> list[str]:
        """What is wrong in the book, in Spanish: numbers that are missing. Empty when it is whole."""
        cuentas = cls.objects.values("anio").annotate(
            hay=models.Count("pk"), ultimo=models.Max("consecutivo")
        )
        malas = [
            f"{fila['anio']}: hay {fila['hay']} asientos y el último es el {fila['ultimo']}."
            for fila in cuentas.filter(~Q(hay=F("ultimo")))
        ]
        ultimos = {fila["anio"]: fila["ultimo"] for fila in cuentas}
        for contador in Consecutivo.objects.filter(serie=SERIE):
            if contador.ultimo != ultimos.get(contador.anio, 0):
                malas.append(
                    f"{contador.anio}: el contador va en {contador.ultimo} y el libro en "
                    f"{ultimos.get(contador.anio, 0)}."
                )
        return malas
