"""Working days in Colombia: the one place that knows them.

National holidays come from `holidays` (Ley 51 de 1983, Ley 2578 de 2026), local closures from `DiaNoHabil`.
"""

from datetime import date, timedelta
from functools import cache

import holidays

from portal.models import DiaNoHabil

UN_DIA = timedelta(days=1)


@cache
def nombres_de_festivos(anio: int) -> dict[date, str]:
    """National holidays of a year, as people call them."""
    nacionales = holidays.country_holidays("CO", years=anio, language="es")
    return {dia: nombre.removesuffix(" (observado)") for dia, nombre in nacionales.items()}


@cache
def festivos(anio: int) -> frozenset[date]:
    """National holidays of a year."""
    return frozenset(nombres_de_festivos(anio))


def cierres(desde: date, hasta: date) -> dict[date, str]:
    """Days from Monday to Friday on which nobody works, both ends included, each with its reason."""
    locales = dict(DiaNoHabil.objects.filter(fecha__range=(desde, hasta)).values_list("fecha", "motivo"))
    dias = [desde + UN_DIA * n for n in range((hasta - desde).days + 1)]
    razones = {dia: nombres_de_festivos(dia.year).get(dia) or locales.get(dia) for dia in dias}
    return {dia: razon for dia, razon in razones.items() if razon and dia.weekday() < 5}


def sumar_habiles(desde: date, dias: int) -> date:
    """The date `dias` working days after `desde`, which itself never counts (Ley 4 de 1913, art. 62).

    Raises ValueError when `dias` is negative.
    """
    if dias < 0:
        raise ValueError("Los días hábiles no pueden ser negativos.")
    cierres = set(DiaNoHabil.objects.filter(fecha__gt=desde).values_list("fecha", flat=True))
    dia = desde
    while dias:
        dia += UN_DIA
        if dia.weekday() < 5 and dia not in festivos(dia.year) and dia not in cierres:
            dias -= 1
    return dia
