"""Arithmetic of stretches of time: pairs (from, to), the second moment not included. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

Tramo = tuple[datetime, datetime]
UN_MINUTO = timedelta(minutes=1)


def unir(tramos: Iterable[Tramo]) -> list[Tramo]:
    """The same time in order and without overlaps; what touches becomes one, what is empty goes."""
    unidos: list[Tramo] = []
    for desde, hasta in sorted(tramos):
        if hasta <= desde:
            continue
        if unidos and desde <= unidos[-1][1]:
            unidos[-1] = (unidos[-1][0], max(unidos[-1][1], hasta))
        else:
            unidos.append((desde, hasta))
    return unidos


def comunes(tramos: Iterable[Tramo], otros: Iterable[Tramo]) -> list[Tramo]:
    """The time that is in both."""
    unos, otros = unir(tramos), unir(otros)
    comun: list[Tramo] = []
    i = j = 0
    while i < len(unos) and j < len(otros):
        desde, hasta = max(unos[i][0], otros[j][0]), min(unos[i][1], otros[j][1])
        if desde < hasta:
            comun.append((desde, hasta))
        if unos[i][1] <= otros[j][1]:
            i += 1
        else:
            j += 1
    return comun


def restar(tramos: Iterable[Tramo], otros: Iterable[Tramo]) -> list[Tramo]:
    """The time of `tramos` that is in none of the others."""
    quitados = unir(otros)
    quedan: list[Tramo] = []
    for inicio, fin in unir(tramos):
        desde = inicio
        for quita_desde, quita_hasta in quitados:
            if quita_hasta <= desde:
                continue
            if quita_desde >= fin:
                break
            if quita_desde > desde:
                quedan.append((desde, quita_desde))
            desde = quita_hasta
        if desde < fin:
            quedan.append((desde, fin))
    return quedan


def minutos(tramos: Iterable[Tramo]) -> int:
    """Whole minutes of all of it, each once."""
    return sum((hasta - desde for desde, hasta in unir(tramos)), timedelta()) // UN_MINUTO


def repartir(tramos: Iterable[tuple[Tramo, int]], en: Iterable[Tramo]) -> dict[int, list[Tramo]]:
    """What of the time `en` each weight takes: where several overlap, the largest one has it."""
    por_peso: dict[int, list[Tramo]] = {}
    for tramo, peso in tramos:
        por_peso.setdefault(peso, []).append(tramo)
    libre = unir(en)
    reparto = {}
    for peso in sorted(por_peso, reverse=True):
        reparto[peso] = comunes(por_peso[peso], libre)
        libre = restar(libre, reparto[peso])
    return reparto


def ponderados(reparto: Mapping[int, Iterable[Tramo]]) -> int:
    """Hundredths of a minute lost: the minutes that each weight took, by its weight from 1 to 100."""
    return sum(peso * minutos(tramos) for peso, tramos in reparto.items())
