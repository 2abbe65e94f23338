"""Radicados whose term fell on a day with a cut of internet. They are told apart; no date moves by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from conectividad import cortes
from conectividad.models import Incidente
from portal.calendario import tramos_habiles
from ventanilla.models import Radicado

_MINUTO = timedelta(minutes=1)


@dataclass
class CorteDelDia:
    """Minutes of the hours of attention of a day without internet, each once, and the cuts behind them."""

    minutos: int = 0
    incidentes: list[Incidente] = field(default_factory=list)


def en_su_vencimiento(radicados: Iterable[Radicado], en: datetime) -> dict[int, CorteDelDia]:
    """By pk, those whose due date had a cut in hours of attention up to `en`. Three queries however many."""
    dias = {radicado.pk: radicado.vence for radicado in radicados}
    hoy = timezone.localdate(en)
    pasados = sorted({dia for dia in dias.values() if dia <= hoy})
    if not pasados:
        return {}
    desde, hasta = _medianoche(pasados[0]), min(_medianoche(pasados[-1] + timedelta(days=1)), en)
    incidentes = cortes.entre(desde, hasta)
    tramos = tramos_habiles(desde, hasta)
    por_dia = {dia: _del_dia(dia, incidentes, tramos, en) for dia in pasados}
    return {pk: por_dia[dia] for pk, dia in dias.items() if dia in por_dia and por_dia[dia].minutos}


def _medianoche(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, datetime.min.time()))


def _del_dia(
    dia: date, incidentes: list[Incidente], tramos: list[tuple[datetime, datetime]], en: datetime
) -> CorteDelDia:
    corte = CorteDelDia()
    for abre, cierra in tramos:
        if abre.date() != dia:
            continue
        contado = abre  # several lines at once: each minute counts once
        for incidente in incidentes:  # in the order in which they began
            desde, hasta = max(incidente.inicio, abre), min(incidente.fin or en, cierra)
            if desde >= hasta:
                continue
            if incidente not in corte.incidentes:
                corte.incidentes.append(incidente)
            corte.minutos += max(0, (hasta - max(desde, contado)) // _MINUTO)
            contado = max(contado, hasta)
    return corte
