"""Drawings of a month and of many, as numbers for small SVG templates. The table beside each says the same.

Nothing is told by colour alone: each cell and each bar carries its text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal

from conectividad.mes import CuentaDelMes, Dia

#: Size of a cell and of the line of initials over them, in units of the drawing.
LADO_X, LADO_Y, CABEZA = 48, 42, 18
INICIALES = ("L", "M", "X", "J", "V", "S", "D")
#: Background and ink of each level; their contrast is over 4.5 to 1.
COLORES = {
    "no-cuenta": ("#eceef3", "#4c4c4c"),
    "futuro": ("#ffffff", "#4c4c4c"),
    "sin-datos": ("#ffffff", "#1b1f2a"),
    "planeado": ("#e9effb", "#062c78"),
    "bien": ("#e4f3ec", "#1b1f2a"),
    "poco": ("#fff1c2", "#1b1f2a"),
    "medio": ("#f7b377", "#1b1f2a"),
    "mucho": ("#a80521", "#ffffff"),
}
#: Up to which part of the minutes that count a day is of that level; over the last, it is «mucho».
UMBRALES = ((Decimal("0.1"), "poco"), (Decimal("0.5"), "medio"))


def corto(minutos: Decimal | int) -> str:
    """«45 min» or «1:20 h»: what fits in a cell. A part of a minute counts as one: only no cut says 0."""
    enteros = int(Decimal(minutos).to_integral_value(ROUND_UP))
    return f"{enteros} min" if enteros < 60 else f"{enteros // 60}:{enteros % 60:02} h"


@dataclass(frozen=True)
class Celda:
    """A day: where it is drawn and what it says."""

    x: int
    y: int
    dia: int
    texto: str
    fondo: str
    tinta: str
    rayada: bool


@dataclass(frozen=True)
class Calendario:
    celdas: list[Celda]
    alto: int
    ancho: int = 7 * LADO_X
    lado_x: int = LADO_X - 2
    lado_y: int = LADO_Y - 2

    @property
    def iniciales(self) -> list[tuple[int, str]]:
        return [(columna * LADO_X + LADO_X // 2 - 1, letra) for columna, letra in enumerate(INICIALES)]


def calendario(cuenta: CuentaDelMes, hoy: date) -> Calendario:
    """The month from Monday to Sunday, with what each day lost."""
    primero = cuenta.dias[0].fecha.weekday()
    celdas = [_celda(dia, primero + n, hoy) for n, dia in enumerate(cuenta.dias)]
    return Calendario(celdas, alto=celdas[-1].y + LADO_Y)


def _celda(dia: Dia, lugar: int, hoy: date) -> Celda:
    nivel = nivel_de(dia, hoy)
    textos = {
        "no-cuenta": "",
        "futuro": "",
        "sin-datos": "sin datos",
        "planeado": "anunciado",
        "bien": "0",
    }
    fondo, tinta = COLORES[nivel]
    return Celda(
        x=lugar % 7 * LADO_X,
        y=CABEZA + lugar // 7 * LADO_Y,
        dia=dia.fecha.day,
        texto=textos.get(nivel, corto(dia.minutos_ponderados)),
        fondo=fondo,
        tinta=tinta,
        rayada=nivel in {"no-cuenta", "futuro", "sin-datos"},
    )


def nivel_de(dia: Dia, hoy: date) -> str:
    """How bad the day was: a key of COLORES."""
    if dia.minutos_ponderados:
        parte = dia.minutos_ponderados / dia.minutos_que_cuentan
        return next((nivel for umbral, nivel in UMBRALES if parte < umbral), "mucho")
    if dia.fecha > hoy:
        return "futuro"
    if dia.minutos_planeados:
        return "planeado"
    if not dia.minutos_que_cuentan:
        return "no-cuenta"
    return "sin-datos" if dia.minutos_sin_datos >= dia.minutos_que_cuentan else "bien"


# --- Bars ---------------------------------------------------------------------------------------
ALTO_BARRA, ROTULO, VALOR, LARGO = 22, 72, 62, 200


@dataclass(frozen=True)
class Barra:
    rotulo: str
    valor: Decimal | None
    y: int
    largo: float

    @property
    def despues(self) -> float:
        """Where its value is written."""
        return ROTULO + self.largo + 4


@dataclass(frozen=True)
class Barras:
    """Horizontal bars from zero. `tope` is what the longest one is worth."""

    barras: list[Barra]
    tope: Decimal
    inicio: int = ROTULO
    ancho: int = ROTULO + LARGO + VALOR

    @property
    def alto(self) -> int:
        return len(self.barras) * ALTO_BARRA


def barras(valores: Iterable[tuple[str, Decimal | None]]) -> Barras:
    """A bar for each label and percentage, None where nothing counted."""
    filas = list(valores)
    tope = max([valor for _rotulo, valor in filas if valor is not None], default=Decimal(0))
    return Barras(
        [
            Barra(
                rotulo, valor, n * ALTO_BARRA, round(float(LARGO * valor / tope), 1) if valor and tope else 0
            )
            for n, (rotulo, valor) in enumerate(filas)
        ],
        tope,
    )
