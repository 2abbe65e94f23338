"""How much of a set of criteria is met, and on what base it is said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Parte(StrEnum):
    """What a criterion adds to. The first three are met, each on its own base."""

    PROBADO = "probado"
    AFIRMADO = "afirmado"
    EXCEPCION = "excepcion"
    PARCIAL = "parcial"
    NO_CUMPLE = "no_cumple"
    SIN_EVALUAR = "sin_evaluar"
    NO_APLICA = "no_aplica"


CUMPLIDAS = (Parte.PROBADO, Parte.AFIRMADO, Parte.EXCEPCION)
_POR_BASE = {"regla": Parte.PROBADO, "persona": Parte.AFIRMADO, "excepcion": Parte.EXCEPCION}


def parte_de(resultado: str, base: str) -> Parte:
    return _POR_BASE[base] if resultado == "cumple" else Parte(resultado)


@dataclass(frozen=True)
class Avance:
    """Criteria and their weights by Parte. What nobody has evaluated is applicable and is not met."""

    cuantos: Counter[Parte] = field(default_factory=Counter)
    pesos: Counter[Parte] = field(default_factory=Counter)

    @classmethod
    def de(cls, filas: Iterable[tuple[str, str, int]]) -> "Avance":
        """Of rows (result, base, weight)."""
        avance = cls()
        for resultado, base, peso in filas:
            parte = parte_de(resultado, base)
            avance.cuantos[parte] += 1
            avance.pesos[parte] += peso
        return avance

    @property
    def total(self) -> int:
        return self.cuantos.total()

    @property
    def aplicables(self) -> int:
        return self.total - self.cuantos[Parte.NO_APLICA]

    @property
    def cumplidos(self) -> int:
        return sum(self.cuantos[parte] for parte in CUMPLIDAS)

    @property
    def completo(self) -> bool:
        return 0 < self.aplicables == self.cumplidos

    @property
    def fraccion(self) -> tuple[int, int]:
        """Weight met and weight applicable."""
        aplicable = self.pesos.total() - self.pesos[Parte.NO_APLICA]
        return sum(self.pesos[parte] for parte in CUMPLIDAS), aplicable

    @property
    def porcentaje(self) -> int | None:
        """Met ÷ applicable, by weight; None of nothing. Rounded down: 100 is only said of what is whole."""
        cumplido, aplicable = self.fraccion
        return cumplido * 100 // aplicable if aplicable else None
