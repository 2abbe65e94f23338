"""Months and days as Spanish writes them: in lower case. Django's translation capitalises them."""

from datetime import date, time

from django.utils import dates
from django.utils.formats import date_format

MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def en_minuscula() -> None:
    """Teach Django's date formats the Spanish names. The site speaks one language."""
    for numero, mes in enumerate(MESES, 1):
        dates.MONTHS[numero] = dates.MONTHS_ALT[numero] = mes
        dates.MONTHS_3[numero] = mes[:3]
        dates.MONTHS_AP[numero] = mes
    for numero, dia in enumerate(DIAS):
        dates.WEEKDAYS[numero] = dia
        dates.WEEKDAYS_ABBR[numero] = dia[:3]


def en_letras(dia: date) -> str:
    """«3 de julio de 2026»."""
    return date_format(dia, r"j \d\e F \d\e Y")


def con_su_dia(dia: date) -> str:
    """«viernes 3 de julio de 2026»."""
    return date_format(dia, r"l j \d\e F \d\e Y")


def de_viva_voz(hora: time) -> str:
    """An hour as it is said aloud in Colombia: «las 4 y media de la tarde», «las 12 del día»."""
    doce = hora.hour % 12 or 12
    minutos = {0: "", 15: " y cuarto", 30: " y media"}.get(hora.minute, f" y {hora.minute}")
    parte = next(p for hasta, p in _PARTES_DEL_DIA if hora.hour < hasta)
    return f"{'la' if doce == 1 else 'las'} {doce}{minutos} {parte}"


#: Until which hour each part of the day goes, as people call it.
_PARTES_DEL_DIA = (
    *((1, "de la noche"), (12, "de la mañana"), (13, "del día"), (19, "de la tarde"), (24, "de la noche")),
)
