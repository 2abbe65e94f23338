"""Working days in Colombia: the one place that knows them.

National holidays come from `holidays` (Ley 51 de 1983, Ley 2578 de 2026), local closures from `DiaNoHabil`,
hours of attention from `Jornada`.
"""

from calendar import monthrange
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


class DiasHabiles:
    """Working days, with the local closures after `desde` (all of them by default) read once: one query."""

    def __init__(self, desde: date | None = None) -> None:
        despues = DiaNoHabil.objects.filter(fecha__gt=desde) if desde else DiaNoHabil.objects
        self.locales: dict[date, str] = dict(despues.values_list("fecha", "motivo"))

    def es_habil(self, dia: date) -> bool:
        return dia.weekday() < 5 and dia not in festivos(dia.year) and dia not in self.locales

    def sumar(self, desde: date, dias: int) -> date:
        """The date `dias` working days after `desde`, which itself never counts (Ley 4 de 1913, art. 62).

        Raises ValueError when `dias` is negative.
        """
        if dias < 0:
            raise ValueError("Los días hábiles no pueden ser negativos.")
        dia = desde
        while dias:
            dia += UN_DIA
            dias -= self.es_habil(dia)
        return dia

    def entre(self, desde: date, hasta: date) -> int:
        """Working days after `desde` up to `hasta`, which counts; negative when `hasta` is before."""
        if hasta < desde:
            return -self.entre(hasta, desde)
        return sum(self.es_habil(desde + UN_DIA * n) for n in range(1, (hasta - desde).days + 1))

    def siguiente(self, dia: date) -> date:
        """That day, or the next working day when it is not one (Ley 4 de 1913, art. 62)."""
        return dia if self.es_habil(dia) else self.sumar(dia, 1)

    def cierres(self, desde: date, hasta: date) -> dict[date, str]:
        """Days from Monday to Friday on which nobody works, both ends included, each with its reason."""
        dias = (desde + UN_DIA * n for n in range((hasta - desde).days + 1))
        razones = {dia: nombres_de_festivos(dia.year).get(dia) or self.locales.get(dia) for dia in dias}
        return {dia: razon for dia, razon in razones.items() if razon and dia.weekday() < 5}


def cierres(desde: date, hasta: date) -> dict[date, str]:
    """Days from Monday to Friday on which nobody works, both ends included, each with its reason."""
    return DiasHabiles(desde - UN_DIA).cierres(desde, hasta)


def sumar_habiles(desde: date, dias: int) -> date:
    """The date `dias` working days after `desde`. Raises ValueError when `dias` is negative."""
    return DiasHabiles(desde).sumar(desde, dias)


def sumar_meses(desde: date, meses: int) -> date:
    """The same day of the month that many months later, or its last day (Ley 4 de 1913, art. 59)."""
    anio, mes = divmod(desde.year * 12 + desde.month - 1 + meses, 12)
    return date(anio, mes + 1, min(desde.day, monthrange(anio, mes + 1)[1]))


def cierra_a_las(dia: date) -> time | None:
    """The hour at which attention ends that day; None when no Jornada says it. One query."""
    horas = [jornada.hasta for jornada in Jornada.objects.filter(dia=dia.isoweekday()) if jornada.rige(dia)]
    return max(horas, default=None)


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
