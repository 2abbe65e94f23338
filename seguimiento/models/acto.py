"""What an act of Secretaría General keeps: frozen figures with their hash, then who signed them and as what.

What is read of it never depends on rows that may change: names are kept as they were.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.huella import huella_de
from portal.models import Cargo, Publicacion


class ActoQuerySet(models.QuerySet):
    def publicos(self):
        """Those that anybody may read: signed, and their publication before the public."""
        return self.filter(publicacion__in=Publicacion.objects.visibles())

    def con_numero(self, numero: str):
        """The one with that number, «2026-012», or none."""
        anio, _guion, consecutivo = numero.partition("-")
        if not (anio.isdecimal() and consecutivo.isdecimal()):
            return self.none()
        return self.filter(anio=anio, consecutivo=consecutivo)


class ActoFirmado(models.Model):
    """A numbered act of the year. `datos` never changes: PostgreSQL refuses it.

    Whoever inherits it has an `estado`, «congelado» until it is «firmado», and the `publicacion` that takes
    it to the public.
    """

    anio = models.PositiveSmallIntegerField("año")
    consecutivo = models.PositiveIntegerField()
    datos = models.JSONField()
    huella = models.CharField(max_length=64)
    congelado_en = models.DateTimeField(default=timezone.now)
    firmado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    firmado_como = models.ForeignKey(Cargo, models.PROTECT, null=True, blank=True, related_name="+")
    firma = models.CharField("quién firmó, como se llamaba", max_length=400, blank=True)
    firmado_en = models.DateTimeField(null=True, blank=True)
    huella_firmada = models.CharField(max_length=64, blank=True)

    estado: str

    class Meta:
        abstract = True

    @property
    def numero(self) -> str:
        return f"{self.anio}-{self.consecutivo:03}"

    @property
    def por_firmar(self) -> bool:
        return self.estado == "congelado"

    @property
    def firmado(self) -> bool:
        return self.estado == "firmado"

    def lo_que_dicen(self) -> list[list[Any]]:
        """What others said of it, as the signature covers it."""
        raise NotImplementedError

    def lo_que_se_firma(self) -> dict[str, Any]:
        """What the signature covers."""
        raise NotImplementedError

    def huella_leida(self) -> str:
        """Of what whoever signs has before their eyes: the figures and what others said of them."""
        return huella_de([self.huella, self.lo_que_dicen()])

    def huella_a_firmar(self) -> str:
        return huella_de(
            {"numero": self.numero, "huella": self.huella, "firma": self.firma} | self.lo_que_se_firma()
        )

    def integro(self) -> bool:
        """Whether the figures and what was signed are still what their hashes say."""
        if huella_de(self.datos) != self.huella:
            return False
        return not self.firmado or self.huella_a_firmar() == self.huella_firmada


def firmado_dice_por_quien(nombre: str, **sin_firma: Any) -> models.CheckConstraint:
    """The CHECK of a table of acts: all that a signature leaves or, in the states of `sin_firma`, nothing."""
    nada: dict[str, Any] = dict.fromkeys(("firmado_por", "firmado_como", "firmado_en", "publicacion"))
    todo = {f"{campo}__isnull": False for campo in nada}
    escrito = ~Q(firma="") & ~Q(huella_firmada="")
    return models.CheckConstraint(
        name=nombre,
        condition=Q(**sin_firma, **nada, firma="", huella_firmada="") | Q(estado="firmado", **todo) & escrito,
    )
