"""Working days in Colombia: the one place that knows them.

National holidays come from `holidays` (Ley 51 de 1983, Ley 2578 de 2026), local closures from `DiaNoHabil`,
hours of attention from `Jornada`.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays
from django.utils import timezone

from portal.models import DiaNoHabil, Jornada

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


def tramos_habiles(desde: datetime, hasta: datetime) -> list[tuple[datetime, datetime]]:
    """The hours of attention between two moments, in order and without overlaps; aware, as in Bogotá.

    Holidays and local closures are out whatever the day of the week. Always two queries.
    """
    inicio, fin = timezone.localtime(desde), timezone.localtime(hasta)
    dias = [inicio.date() + UN_DIA * n for n in range((fin.date() - inicio.date()).days + 1)]
    cerrados = set(
        DiaNoHabil.objects.filter(fecha__range=(inicio.date(), fin.date())).values_list("fecha", flat=True)
    )
    jornadas = list(Jornada.objects.all())
    tramos: list[tuple[datetime, datetime]] = []
    for dia in dias:
        if dia in cerrados or dia in festivos(dia.year):
            continue
        for jornada in jornadas:  # in the order of their hour
            if not jornada.rige(dia):
                continue
            abre = max(_a_las(dia, jornada.desde), tramos[-1][1] if tramos else inicio, inicio)
            cierra = min(_a_las(dia, jornada.hasta), fin)
            if abre < cierra:
                tramos.append((abre, cierra))
    return tramos


def _a_las(dia: date, hora: time) -> datetime:
    return timezone.make_aware(datetime.combine(dia, hora))
