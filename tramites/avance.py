"""The percentages of the plan, «publicados» and «automatizados», and how complete the hojas are."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tramites.completitud import porcentaje
from tramites.models import Tramite


@dataclass(frozen=True)
class Proporcion:
    """So many of so many, and what it comes to, rounded down: 100 is only said when none is missing."""

    parte: int
    de: int

    @property
    def porcentaje(self) -> int:
        return porcentaje(self.parte, self.de)


@dataclass(frozen=True)
class Fila:
    """The figures of an office, or of the whole municipality."""

    nombre: str
    identificados: int
    publicados: Proporcion
    completos: Proporcion
    parciales: Proporcion
    totales: Proporcion


@dataclass(frozen=True)
class Avance:
    """The figures at a moment, with what was left out of them."""

    municipio: Fila
    dependencias: list[Fila]
    consultas: int
    suprimidos: int


def fin_del_dia(dia: date) -> datetime:
    """The last moment of that day in Bogotá, or now when it is today."""
    manana = timezone.make_aware(datetime.combine(dia + timedelta(days=1), time()))
    return min(manana - timedelta(microseconds=1), timezone.now())


def medir(en: datetime) -> Avance:
    """The figures of the plan at that moment, by office. A constant number of queries."""
    del_suit = Tramite.objects.del_suit()
    cuentas = [
        Counter(tramites.por_dependencia(en))
        for tramites in (
            del_suit.identificados(en),
            del_suit.publicados(en),
            del_suit.completos(en),
            del_suit.automatizados("parcial", en),
            del_suit.automatizados("total", en),
        )
    ]
    identificados = cuentas[0]
    return Avance(
        municipio=_fila("Todo el municipio", *(cuenta.total() for cuenta in cuentas)),
        dependencias=[
            _fila(nombre, *(cuenta[nombre] for cuenta in cuentas)) for nombre in sorted(identificados)
        ],
        consultas=Tramite.objects.identificados(en).count() - identificados.total(),
        suprimidos=Tramite.objects.filter(suprimido_en__lte=en).count(),
    )


def _fila(nombre: str, identificados: int, *partes: int) -> Fila:
    return Fila(nombre, identificados, *(Proporcion(parte, identificados) for parte in partes))
