"""Who enters the desk of surveys and consultations, and which of them each sees. Only posts decide."""

from datetime import datetime

from django.db.models import QuerySet

from participacion.models import Consulta
from participacion.services import CANALES
from portal.alcance import alcance_de
from portal.models import Asignacion, Canal, Usuario

Funcion = Asignacion.Funcion


def canales_de(usuario: Usuario, *funciones: str, en: datetime | None = None) -> QuerySet[Canal]:
    """The channels that ask in which the person may do some of those functions (any, if none is said)."""
    alcance = alcance_de(usuario, en)
    suyos = frozenset().union(*(alcance.canales[funcion] for funcion in funciones or Funcion.values))
    return Canal.objects.filter(pk__in=suyos, slug__in=CANALES)


def entra(usuario: Usuario) -> bool:
    return usuario.is_active and usuario.is_staff and canales_de(usuario).exists()


def le_interesa(usuario: Usuario) -> bool:
    """Whether the front page offers the desk: the matrix gives them something there. No query of its own."""
    alcance = alcance_de(usuario)
    return alcance.dirige_secretaria_general or any(alcance.funciones_en(slug) for slug in CANALES)


def visibles(usuario: Usuario) -> QuerySet[Consulta]:
    return Consulta.objects.filter(canal__in=canales_de(usuario)).select_related(
        "canal",
        "dependencia",
        "enviada_por",
        "editada_por",
        "autorizada_por",
        "autorizada_como",
        "resultado__canal",
    )
