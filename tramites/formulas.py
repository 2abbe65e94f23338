"""What a trámite costs, as a formula: «17.100», «3 UVT», «0,5 SMDLV», «avalúo catastral × 6 por mil».

Numbers are written as in Colombia: a point for thousands, a comma for decimals. Names are words of the
tariff; a formula whose names all have a value can be worked out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from portal.busqueda import sin_tildes

_PIEZA = re.compile(
    r"""\s*(?:
        (?P<numero>[0-9][0-9.,]*)
      | (?P<parte>%|‰|por\s+mil\b|por\s+ciento\b)
      | (?P<signo>[+\-−*×÷/()]|x(?=[\s\d(]|$))
      | (?P<pesos>\$)
      | (?P<nombre>[^\W\d_]+(?:\s+(?!por\s+mil\b|por\s+ciento\b|x(?:[\s\d(]|$))[^\W\d_]+)*)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMERO = re.compile(r"([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?")
#: Parentheses one inside another, and characters in all; no tariff comes near.
PARENTESIS, LARGO = 10, 200
_SIGNOS = {"−": "-", "×": "*", "x": "*", "X": "*", "÷": "/"}
_PARTES = {"%": Decimal(100), "‰": Decimal(1000), "m": Decimal(1000), "c": Decimal(100)}


class FormulaInvalida(Exception):
    """The formula cannot be read. Its text says where, in Spanish."""


@dataclass
class _Lectura:
    """The formula read from left to right. `valores` gives each name its value, or None."""

    piezas: list[tuple[str, str]]
    valores: Mapping[str, Decimal]
    en: int = 0
    abiertos: int = 0

    @property
    def pieza(self) -> tuple[str, str]:
        return self.piezas[self.en] if self.en < len(self.piezas) else ("fin", "")

    @property
    def signo(self) -> str:
        clase, texto = self.pieza
        return _SIGNOS.get(texto, texto) if clase == "signo" else ""

    def suma(self) -> Decimal | None:
        total = self.producto()
        while self.signo in {"+", "-"}:
            signo = self.signo
            self.en += 1
            otro = self.producto()
            total = self._operar(total, signo, otro)
        return total

    def producto(self) -> Decimal | None:
        total = self.factor()
        while self.signo in {"*", "/", "("} or self.pieza[0] == "nombre":
            signo = "*"
            if self.signo in {"*", "/"}:
                signo = self.signo
                self.en += 1
            otro = self.factor()
            total = self._operar(total, signo, otro)
        return total

    def factor(self) -> Decimal | None:
        clase, texto = self.pieza
        self.en += 1
        if clase == "pesos":
            if self.pieza[0] != "numero":
                raise FormulaInvalida("después de «$» va un número.")
            return self.factor()
        if clase == "numero":
            return self._con_parte(_a_decimal(texto))
        if clase == "nombre":
            return self.valores.get(texto.upper())
        if texto == "(":
            return self._parentesis()
        if clase == "fin":
            raise FormulaInvalida("está incompleta al final.")
        raise FormulaInvalida(f"sobra «{texto}».")

    def _operar(self, uno: Decimal | None, signo: str, otro: Decimal | None) -> Decimal | None:
        if uno is None or otro is None:
            return None
        if signo == "/" and not otro:
            if self.valores:  # it could be read when it was written: this year's values make the zero
                return None
            raise FormulaInvalida("divide por cero.")
        return {"+": uno.__add__, "-": uno.__sub__, "*": uno.__mul__, "/": uno.__truediv__}[signo](otro)

    def _parentesis(self) -> Decimal | None:
        self.abiertos += 1
        if self.abiertos > PARENTESIS:
            raise FormulaInvalida("tiene demasiados paréntesis, unos dentro de otros.")
        dentro = self.suma()
        if self.signo != ")":
            raise FormulaInvalida("falta cerrar un paréntesis.")
        self.en += 1
        self.abiertos -= 1
        return dentro

    def _con_parte(self, numero: Decimal) -> Decimal:
        clase, texto = self.pieza
        if clase != "parte":
            return numero
        self.en += 1
        return numero / _PARTES[texto if texto in _PARTES else texto.split()[1][0].lower()]


def _a_decimal(texto: str) -> Decimal:
    if not _NUMERO.fullmatch(texto):
        raise FormulaInvalida(
            f"«{texto}» no es un número: use punto para los miles y coma para los decimales."
        )
    return Decimal(texto.replace(".", "").replace(",", "."))


def _piezas(formula: str) -> Iterator[tuple[str, str]]:
    en, formula = 0, formula.strip()
    while en < len(formula):
        hallada = _PIEZA.match(formula, en)
        if hallada is None:
            raise FormulaInvalida(f"no se entiende «{formula[en:].strip()[:20]}».")
        clase = str(hallada.lastgroup)
        yield clase, " ".join(hallada[clase].split())
        en = hallada.end()


def valor(formula: str, valores: Mapping[str, Decimal] | None = None) -> Decimal | None:
    """What the formula is worth in pesos, or None when it cannot be worked out with these values.

    `valores` goes by name in capitals: {"UVT": Decimal("49799")}. Raises FormulaInvalida.
    """
    if len(formula) > LARGO:
        raise FormulaInvalida("es demasiado larga.")
    lectura = _Lectura(list(_piezas(formula)), valores or {})
    if not lectura.piezas:
        raise FormulaInvalida("está vacía.")
    total = lectura.suma()
    if lectura.en < len(lectura.piezas):
        raise FormulaInvalida(f"sobra «{lectura.pieza[1]}».")
    return total


def es_la_misma(una: str, otra: str) -> bool:
    """Whether they say the same but for spaces, capitals and accents. Raises FormulaInvalida."""
    return _sin_adornos(una) == _sin_adornos(otra)


def _sin_adornos(formula: str) -> list[str]:
    return [_SIGNOS.get(texto, sin_tildes(texto)) for _clase, texto in _piezas(formula)]


def nombres(formula: str) -> set[str]:
    """The names in a formula, in capitals. Raises FormulaInvalida."""
    return {texto.upper() for clase, texto in _piezas(formula) if clase == "nombre"}


def exigir_formula(formula: str) -> None:
    """Validator of a model field: raise ValidationError when the formula cannot be read."""
    try:
        valor(formula)
    except FormulaInvalida as error:
        raise ValidationError(
            "La fórmula no se puede leer: %(razon)s Ejemplos: 3 UVT; 17.100; avalúo catastral × 6 por mil.",
            params={"razon": str(error)},
        ) from error
