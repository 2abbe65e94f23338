"""The editorial calendar: what has a date in the channels of whoever looks, a month at a time."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.admin.sitio import sitio_admin
from portal.calendario import cierres, nombres_de_festivos
from portal.models import Dependencia
from portal.redaccion import vencimientos
from portal.redaccion.vencimientos import Clase, Vencimiento

UN_DIA = timedelta(days=1)
#: Months outside these are typing errors.
ANIOS = range(2000, 2101)
#: What may come by hundreds in a day, and how many of each the day names; the rest is only counted.
NUMEROSAS, A_LA_VISTA = (Clase.SALIO, Clase.RETIRO), 8


@dataclass
class Dia:
    """A square of the calendar. `descanso` says why nobody works that day."""

    fecha: date
    del_mes: bool
    es_hoy: bool
    descanso: str = ""
    vencimientos: list[Vencimiento] = field(default_factory=list)
    sin_nombrar: int = 0

    def anotar(self, uno: Vencimiento) -> None:
        iguales = sum(otro.clase == uno.clase for otro in self.vencimientos)
        if uno.clase in NUMEROSAS and iguales >= A_LA_VISTA:
            self.sin_nombrar += 1
        else:
            self.vencimientos.append(uno)

    @property
    def es_fin_de_semana(self) -> bool:
        return self.fecha.weekday() >= 5


@require_safe
def mes(request):
    """The month that `?mes=2026-11` says, this one by default, of all its offices or of `?dependencia=`."""
    en = timezone.now()
    hoy = timezone.localdate(en)
    primero = _mes_pedido(request.GET.get("mes", "")) or hoy.replace(day=1)
    dependencias = Dependencia.objects.filter(
        pk__in=vencimientos.canales_de(request.user, en).order_by().values("dependencia")
    )
    pedida = request.GET.get("dependencia", "")
    elegida = next((una for una in dependencias if str(una.pk) == pedida), None)
    suyos = vencimientos.del_mes(request.user, primero, en, elegida.pk if elegida else None)
    semanas = _semanas(primero, hoy, suyos)
    dias = [dia for semana in semanas for dia in semana if dia.vencimientos]
    contexto = sitio_admin.each_context(request) | {
        "title": "Calendario",
        "mes": primero,
        "anterior": primero - UN_DIA,
        "siguiente": primero + UN_DIA * 31,
        "semanas": semanas,
        "dias": dias,
        "desde_hoy": next((dia for dia in dias if dia.fecha >= hoy), None),
        "dependencias": dependencias,
        "elegida": elegida,
        "direccion_privada": f"{settings.PORTAL_URL}{vencimientos.direccion_privada(request.user)}",
    }
    return TemplateResponse(request, "admin/portal/calendario.html", contexto)


@require_safe
def ics(request):
    """The same for a calendar program, as a file."""
    en = timezone.now()
    suyos = vencimientos.para_un_programa(request.user, en)
    return HttpResponse(
        vencimientos.a_ics(suyos, en=en, sitio=settings.PORTAL_URL),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="calendario-editorial.ics"'},
    )


def _mes_pedido(texto: str) -> date | None:
    """The first day of «2026-11», or None when it is not a month that can be."""
    try:
        primero = date.fromisoformat(f"{texto}-01")
    except ValueError:
        return None
    return primero if primero.year in ANIOS else None


def _semanas(primero: date, hoy: date, suyos: Iterable[Vencimiento]) -> list[list[Dia]]:
    """The weeks of the month, from Monday to Sunday, with what each day has."""
    fechas = Calendar().monthdatescalendar(primero.year, primero.month)
    descansos = cierres(fechas[0][0], fechas[-1][-1])
    dias = {
        fecha: Dia(
            fecha,
            fecha.month == primero.month,
            fecha == hoy,
            descansos.get(fecha) or nombres_de_festivos(fecha.year).get(fecha, ""),
        )
        for semana in fechas
        for fecha in semana
    }
    for uno in suyos:
        dias[uno.dia].anotar(uno)
    return [[dias[fecha] for fecha in semana] for semana in fechas]


sitio_admin.botones.append(("Calendario", "admin:portal_calendario", lambda usuario: usuario.is_staff))
