"""What a rule may be told: read from text and checked against the signature of its function.

A rule declares its parameters as keyword-only arguments with their kind: text, number, yes or no, one of
some options, something that must exist, or several of them. `datos/` writes them `nombre=valor; otro=a|b`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from portal.importacion import SI_NO
from portal.models import Canal, Municipio
from seguimiento.registro import Registrada


class ParametroInvalido(ValueError):
    """Parameters that a rule does not take. Its text is for people, in Spanish."""


# --- Kinds --------------------------------------------------------------------------------------
def _canal(slug: str) -> str:
    return "" if Canal.objects.filter(slug=slug).exists() else f"no hay canal «{slug}»"


def _campo(nombre: str) -> str:
    conocidos = {campo.name for campo in Municipio._meta.fields}
    return "" if nombre in conocidos else f"el municipio no tiene «{nombre}»"


def _ruta(ruta: str) -> str:
    return "" if ruta.startswith("/") and not ruta.startswith("//") else f"«{ruta}» no empieza por /"


def _positivo(numero: int) -> str:
    return "" if numero > 0 else "debe ser 1 o más"


UnCanal = Annotated[str, _canal]
UnCampo = Annotated[str, _campo]
UnaRuta = Annotated[str, _ruta]
Positivo = Annotated[int, _positivo]
Anio = Literal["actual", "anterior", "cerrados"]


def anios_de(anio: Anio, dia: date) -> list[int]:
    """The years that it names on that day; «cerrados», the last ten that have ended."""
    return {
        "actual": [dia.year],
        "anterior": [dia.year - 1],
        "cerrados": [dia.year - n for n in range(1, 11)],
    }[anio]


# --- Reading and checking -----------------------------------------------------------------------
def _clases(regla: Registrada) -> dict[str, Any]:
    """The kind of each parameter the rule declares."""
    clases = get_type_hints(regla.funcion, include_extras=True)
    firma = inspect.signature(regla.funcion).parameters.values()
    return {p.name: _sin_none(clases[p.name]) for p in firma if p.kind is p.KEYWORD_ONLY}


def _sin_none(clase: Any) -> Any:
    """`X` of `X | None`."""
    if get_origin(clase) not in {Union, UnionType}:
        return clase
    return next(opcion for opcion in get_args(clase) if opcion is not NoneType)


def _exigidos(regla: Registrada) -> list[str]:
    firma = inspect.signature(regla.funcion).parameters.values()
    return [p.name for p in firma if p.kind is p.KEYWORD_ONLY and p.default is p.empty]


def _clase(regla: Registrada, nombre: str) -> Any:
    clases = _clases(regla)
    if nombre not in clases:
        tiene = ", ".join(sorted(clases)) or "ninguno"
        raise ParametroInvalido(
            f"La regla «{regla.nombre}» no tiene el parámetro «{nombre}». Tiene: {tiene}."
        )
    return clases[nombre]


def leer_parametros(regla: Registrada, texto: str) -> dict[str, Any]:
    """What `nombre=valor; otro=a|b` says, each value as its kind asks. Raises ParametroInvalido."""
    leidos: dict[str, Any] = {}
    for parte in filter(None, (parte.strip() for parte in texto.split(";"))):
        nombre, igual, valor = (trozo.strip() for trozo in parte.partition("="))
        if not igual:
            raise ParametroInvalido(f"«{parte}» no es de la forma nombre=valor.")
        if nombre in leidos:
            raise ParametroInvalido(f"El parámetro «{nombre}» está dos veces.")
        leidos[nombre] = _leer(valor, _clase(regla, nombre), nombre)
    return leidos


def _leer(valor: str, clase: Any, nombre: str) -> Any:
    if get_origin(clase) is Sequence:
        return [_leer(trozo.strip(), get_args(clase)[0], nombre) for trozo in valor.split("|")]
    base = get_args(clase)[0] if get_origin(clase) is Annotated else clase
    if base is int:
        return _convertir(int, valor, f"El parámetro «{nombre}» no es un número entero: «{valor}».")
    if base is bool:
        return _convertir(
            lambda v: SI_NO[v.lower()], valor, f"El parámetro «{nombre}» no es «si» ni «no»: «{valor}»."
        )
    return valor


def _convertir(como: Callable[[str], Any], valor: str, error: str) -> Any:
    try:
        return como(valor)
    except (ValueError, KeyError):
        raise ParametroInvalido(error) from None


def exigir_parametros(regla: Registrada, parametros: Mapping[str, Any]) -> None:
    """Raise ParametroInvalido unless the rule takes exactly these."""
    if not isinstance(parametros, Mapping):
        raise ParametroInvalido("Los parámetros van como nombre y valor.")
    for nombre, valor in parametros.items():
        if reparo := _reparo(valor, _clase(regla, nombre)):
            raise ParametroInvalido(f"El parámetro «{nombre}» de la regla «{regla.nombre}»: {reparo}.")
    for nombre in _exigidos(regla):
        if nombre not in parametros:
            raise ParametroInvalido(f"A la regla «{regla.nombre}» le falta el parámetro «{nombre}».")


def _reparo(valor: Any, clase: Any) -> str:
    """Why that value is not of that kind, or ""."""
    origen, partes = get_origin(clase), get_args(clase)
    if origen is Sequence:
        if not isinstance(valor, list) or not valor:
            return "debe ser una lista con algo"
        return next(filter(None, (_reparo(uno, partes[0]) for uno in valor)), "")
    if origen is Literal:
        return "" if valor in partes else f"«{valor}» no es uno de: {', '.join(partes)}"
    base, revisiones = (partes[0], partes[1:]) if origen is Annotated else (clase, ())
    if type(valor) is not base:  # True is an int, and is not a number
        return {int: "debe ser un número entero", bool: "debe ser sí o no", str: "debe ser un texto"}[base]
    if valor == "":
        return "está vacío"
    return next(filter(None, (revisar(valor) for revisar in revisiones)), "")
