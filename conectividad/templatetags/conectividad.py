"""How minutes, percentages and pesos are written."""

import re
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import number_format

from conectividad.mes import CENTESIMA
from conectividad.minutos import UN_MINUTO
from conectividad.models import Incidente

register = template.Library()
#: A decimal as JSON keeps it.
NUMERO = re.compile(r"-?\d+\.\d+")


@register.filter
def duracion(minutos: Decimal | int | None) -> str:
    """«1 h 20 min», with a decimal where a cut in part was weighted."""
    if minutos is None:
        return ""
    horas, resto = divmod(Decimal(minutos), 60)
    cuantos = number_format(resto.normalize() if resto % 1 else int(resto))
    partes = [f"{int(horas)}\xa0h"] if horas else []
    if resto or not horas:
        partes.append(f"{cuantos}\xa0min")
    return " ".join(partes)


@register.filter
def porcentaje(valor: Decimal | None) -> str:
    """«1,25 %»; without a value, says that nothing counted."""
    return "Sin minutos que cuenten" if valor is None else f"{number_format(valor, 2)}\xa0%"


@register.filter
def miles(valor: Decimal | int) -> str:
    """«1.234.567»."""
    return number_format(valor, 0, use_l10n=True, force_grouping=True)


@register.filter
def pesos(valor: Decimal | int) -> str:
    """«$ 1.234.567»."""
    return f"$\xa0{miles(valor)}"


@register.filter
def parte_de(parte: Decimal | int, todo: Decimal | int) -> Decimal | None:
    """The percentage that one is of the other, downwards: it says 100 only when nothing is missing."""
    return (100 * Decimal(parte) / Decimal(todo)).quantize(CENTESIMA, ROUND_DOWN) if todo else None


@register.filter
def dura(incidente: Incidente) -> int:
    """Minutes from its start to its end, or to now when it goes on; none if a clock ahead said its start."""
    return max(0, ((incidente.fin or timezone.now()) - incidente.inicio) // UN_MINUTO)


@register.filter
def dicho(valor: Any) -> str:
    """A value of the history or of a closing, for people."""
    if valor is None or valor == "":
        return "sin dato"
    if isinstance(valor, datetime):
        return f"{timezone.localtime(valor):%d/%m/%Y %H:%M}"
    if isinstance(valor, dict):
        desde, hasta = (dicho(datetime.fromisoformat(valor[punta])) for punta in ("desde", "hasta"))
        return f"{desde} a {hasta}, {duracion(valor['cuenta'])} que cuentan"
    return str(valor).replace(".", ",") if NUMERO.fullmatch(str(valor)) else str(valor)
