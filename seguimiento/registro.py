"""Where indicators and rules give their names, so that the database can only name those that exist."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from portal.periodos import Periodo


@dataclass(frozen=True)
class Registrada:
    """A named function. Its version grows when what it computes changes, and is kept with each result."""

    nombre: str
    version: int
    funcion: Callable[..., Any]
    que: str

    do_not_call_in_templates = True  # a template reads what it says of itself

    def __call__(self, *args, **kwargs):
        return self.funcion(*args, **kwargs)


INDICADORES: dict[str, Registrada] = {}
REGLAS: dict[str, Registrada] = {}


def _registrar(donde: dict[str, Registrada], nombre: str, version: int):
    def decorar(funcion: Callable[..., Any]) -> Callable[..., Any]:
        que = (funcion.__doc__ or "").strip().splitlines()[0]
        donde[nombre] = Registrada(nombre, version, funcion, que)
        return funcion

    return decorar


class PeriodoFuturo(ValueError):
    """Nothing can be said of a period that has not begun."""


def indicador(nombre: str, *, version: int = 1):
    """Register `(periodo, dependencia=None, **parametros) → Resultado` under that name.

    Called with a period that has not begun, it raises PeriodoFuturo.
    """

    def decorar(funcion: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(funcion)
        def del_pasado(periodo: Periodo, *args, **kwargs):
            if periodo.futuro():
                raise PeriodoFuturo(f"El periodo {periodo} todavía no ha empezado.")
            return funcion(periodo, *args, **kwargs)

        return _registrar(INDICADORES, nombre, version)(del_pasado)

    return decorar


def regla(nombre: str, *, version: int = 1):
    """Register `(criterio, en, **parametros) → Veredicto` under that name."""
    return _registrar(REGLAS, nombre, version)
