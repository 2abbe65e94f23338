"""The geometry of our small charts: points in a box, nothing else. What is drawn is also said in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from seguimiento.cifras import numero

ANCHO, ALTO, MARGEN = 100, 28, 3


@dataclass(frozen=True)
class Serie:
    """Values in time, the oldest first; None where nothing was measured."""

    valores: Sequence[Decimal | None]
    unidad: str = ""

    @classmethod
    def de(cls, textos: Sequence[str | None], unidad: str = "") -> "Serie":
        """Of numbers as JSON keeps them."""
        return cls([None if texto is None else Decimal(texto) for texto in textos], unidad)

    def __str__(self) -> str:
        """What a look at the line tells: «de 71 a 86,25 %»; what is not there is said."""
        conocidos = [valor for valor in self.valores if valor is not None]
        if not conocidos:
            return "sin datos"
        if len(conocidos) == 1:
            return f"un solo dato: {self._con_unidad(conocidos[0])}"
        if len(set(conocidos)) == 1:
            return f"siempre {self._con_unidad(conocidos[0])}"
        return f"de {numero(conocidos[0])} a {self._con_unidad(conocidos[-1])}"

    def _con_unidad(self, valor: Decimal) -> str:
        return f"{numero(valor)} {self.unidad}".strip()

    @property
    def tramos(self) -> list[list[tuple[float, float]]]:
        """The points of the line, broken where a week has no value. The axis begins at zero."""
        techo = max([valor for valor in self.valores if valor is not None], default=Decimal(0)) or Decimal(1)
        paso = (ANCHO - 2 * MARGEN) / max(1, len(self.valores) - 1)
        tramos: list[list[tuple[float, float]]] = [[]]
        for lugar, valor in enumerate(self.valores):
            if valor is None:
                tramos.append([])
                continue
            alto = float(valor / techo) * (ALTO - 2 * MARGEN)
            tramos[-1].append((round(MARGEN + lugar * paso, 1), round(ALTO - MARGEN - alto, 1)))
        return [tramo for tramo in tramos if tramo]

    @property
    def ultimo_punto(self) -> tuple[float, float] | None:
        """Where the last known value is."""
        return self.tramos[-1][-1] if self.tramos else None


@dataclass(frozen=True)
class Proporcion:
    """A part of a whole, drawn as a bar: «5 de 7»."""

    parte: int
    todo: int

    def __str__(self) -> str:
        return f"{self.parte} de {self.todo}"

    @property
    def largo(self) -> float:
        """Of a bar as wide as ANCHO."""
        return round(ANCHO * self.parte / self.todo, 1) if self.todo else 0

    @property
    def porcentaje(self) -> int | None:
        """Rounded down, so that 100 is only said of what is whole."""
        return self.parte * 100 // self.todo if self.todo else None
