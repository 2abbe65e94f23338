"""How the panel says the rows of a week."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from portal.periodos import Periodo
from seguimiento.cifras import numero
from seguimiento.redaccion import con_unidad, estado_de_dependencia, razon_del_canal
from seguimiento.semana import SEMANAS_DE_LA_SERIE

register = template.Library()
register.filter("como_quedo", estado_de_dependencia)
register.filter("razon", razon_del_canal)

#: How each state is coloured; the words beside it say the same.
_TONOS = {"sin_actualizar": "lejos", "con_vencidos": "cerca", "cumple": "cumple"}


@register.filter
def tono(fila: Mapping[str, Any]) -> str:
    return _TONOS.get(fila["estado"], "sin_dato")


@register.filter
def dias(periodo: Periodo) -> str:
    """The days of a week, without its number: «del 9 al 15 de noviembre de 2026»."""
    return str(periodo).partition(", ")[2]


@register.filter
def legible(texto: str | Decimal | None) -> str:
    """A number as JSON keeps it; a dash where nothing was measured."""
    return "—" if texto is None else numero(Decimal(texto))


@register.filter
def valor(fila: Mapping[str, Any]) -> str:
    """The value of an indicator with its unit: «86,25 %», «3 veces»."""
    if fila["unidad"] == "porcentaje":
        return con_unidad(fila["valor"], "%")
    return con_unidad(fila["valor"], "vez" if fila["valor"] in {"1", "1.00"} else "veces")


@register.filter
def semanas_de_la_serie(datos: Mapping[str, Any]) -> list[int]:
    """The numbers of the weeks of each line."""
    esta = Periodo.semana(datos["anio"], datos["semana"])
    return [periodo.numero for periodo in esta.ultimas(SEMANAS_DE_LA_SERIE)]
