"""What an indicator answers: a figure with its numerator, its denominator, what was left out and the rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Fila:
    """One of the rows behind a figure. `cuenta`: whether it is in the numerator."""

    titulo: str
    detalle: str = ""
    url: str = ""
    cuenta: bool = True


@dataclass(frozen=True)
class Filas:
    """The rows behind a figure, read only when they are asked for, a slice at a time."""

    consulta: QuerySet | list[Any]
    fila: Callable[[Any], Fila] = lambda hecha: hecha

    def __len__(self) -> int:
        return self.consulta.count() if isinstance(self.consulta, QuerySet) else len(self.consulta)

    def __getitem__(self, trozo: slice) -> list[Fila]:
        return [self.fila(objeto) for objeto in self.consulta[trozo]]


@dataclass(frozen=True)
class Resultado:
    """`denominador` is None for a plain count. `falta` says why there is no value, when there is none.

    `menos_es_mejor`: then the percentage is rounded up, so that 0 is only said when there was none.
    """

    numerador: Decimal
    denominador: Decimal | None = None
    exclusiones: tuple[str, ...] = ()
    filas: Filas = field(default_factory=lambda: Filas([]))
    falta: str = ""
    menos_es_mejor: bool = False

    @property
    def valor(self) -> Decimal | None:
        """The count, or the percentage with two decimals; None when nothing can be said.

        Rounded down, so that 100 is only said of what is whole, or up where less is better.
        """
        if self.falta:
            return None
        if self.denominador is None:
            return self.numerador
        if not self.denominador:
            return None
        entero = self.numerador * 100 / self.denominador
        hacia = ROUND_CEILING if self.menos_es_mejor else ROUND_DOWN
        return entero.quantize(Decimal("0.01"), rounding=hacia)


def porcentaje(
    numerador: int, denominador: int, exclusiones=(), filas: Filas | None = None, falta: str = ""
) -> Resultado:
    return Resultado(Decimal(numerador), Decimal(denominador), tuple(exclusiones), filas or Filas([]), falta)
