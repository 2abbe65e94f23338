"""What a rule answers, and how it is said.

What fails names the item and the office, with dates and never «hace 8 días»; totals, that grow every day,
stay out. So the same thing found twice is the same text, and a criterion changes only when something did.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from seguimiento.models import Criterio
from tramites.models import Tramite

Resultado = Criterio.Resultado
#: Items that a sentence names; the rest are counted.
SE_NOMBRAN = 3
#: As long as the fields that keep them.
LARGO_DEL_DETALLE, LARGO_DEL_ARREGLO = 500, 300


@dataclass(frozen=True)
class Veredicto:
    """What was found, and what to do about it. Both fit where they are kept."""

    resultado: str
    detalle: str = ""
    arreglo: str = ""

    def __post_init__(self):
        object.__setattr__(self, "detalle", _hasta(self.detalle, LARGO_DEL_DETALLE))
        object.__setattr__(self, "arreglo", _hasta(self.arreglo, LARGO_DEL_ARREGLO))


def cumple(detalle: str) -> Veredicto:
    return Veredicto(Resultado.CUMPLE, detalle)


def falla(detalle: str, arreglo: str, *, en_parte: bool = False) -> Veredicto:
    resultado = Resultado.PARCIAL if en_parte else Resultado.NO_CUMPLE
    return Veredicto(resultado, detalle, arreglo)


def _hasta(texto: str, largo: int) -> str:
    return texto if len(texto) <= largo else f"{texto[: largo - 1].rstrip()}…"


def nombrar(cosas: Iterable[object], cuantas: int | None = None) -> str:
    """«A, B y C», or «A, B, C y 4 más». `cuantas`, when there are more than those given."""
    nombres = [str(cosa) for cosa in cosas]
    primeros = nombres[:SE_NOMBRAN]
    if (demas := (cuantas or len(nombres)) - len(primeros)) > 0:
        primeros.append(f"{demas} más")
    return " y ".join(filter(None, (", ".join(primeros[:-1]), *primeros[-1:])))


def dia(momento: datetime) -> str:
    return date_format(timezone.localtime(momento), r"j \d\e F \d\e Y").lower()


def nombre_de_publicacion(publicacion: Any) -> str:
    return f"«{publicacion.version_publica.titulo}» ({publicacion.dependencia})"


def nombre_de_tramite(tramite: Tramite) -> str:
    return f"«{tramite}» ({tramite.dependencia})"


def contar(
    que: str, todos: QuerySet, sin: QuerySet, nombre: Callable[[Any], str], vacio: str, arreglo: str
) -> Veredicto:
    """Of `todos`, those in `sin` lack `que`. Where there is nothing, nothing is met."""
    total, faltan = todos.count(), sin.count()
    if not total:
        return falla(vacio, arreglo)
    if not faltan:
        return cumple(f"{que}: en todos los casos.")
    cuales = nombrar(map(nombre, sin[:SE_NOMBRAN]), faltan)
    return falla(f"{que}: falta en {faltan}. {cuales}.", arreglo, en_parte=faltan < total)
