"""Whether the lines are up, and what each month lost. Without names, tickets nor what people wrote."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conectividad.calendario_svg import Barras, barras, calendario
from conectividad.cifras import CifraDelMes, cifras_de, hay_registro, ultimos, vecinos
from conectividad.estado import estado_actual
from conectividad.mes import CuentaDelMes, Mes, con_accion, contar, contar_varios
from conectividad.models import CierreMensual, Enlace, Incidente
from portal.sitio import sitio_de

#: Months that a line shows, with the one in course.
MESES = 12


@dataclass(frozen=True)
class Linea:
    """What is said of a line: now, this month and the last twelve, newest first."""

    enlace: Enlace
    estado: object
    cuenta: CuentaDelMes
    cifras: list[CifraDelMes]

    @property
    def actual(self) -> CifraDelMes:
        return self.cifras[0]

    @property
    def barras(self) -> Barras:
        return barras((cifra.rotulo, cifra.porcentaje) for cifra in reversed(self.cifras))


def _lineas(request, enlaces: list[Enlace], ahora: datetime) -> list[Linea]:
    """Counted once a minute, which is how fast they change, or when something public does."""

    def contarlas() -> list[Linea]:
        meses = ultimos(Mes.de(ahora), MESES)
        estados = estado_actual(enlaces, ahora)
        cuentas = contar_varios(enlaces, meses[0], ahora)
        cifras = cifras_de(enlaces, meses, ahora)
        return [Linea(e, estados[e.pk], cuentas[e.pk], cifras[e.pk]) for e in enlaces]

    claves = "-".join(str(enlace.pk) for enlace in enlaces)
    return sitio_de(request).de_la_edicion(f"conectividad:{claves}:{ahora:%Y%m%d%H%M}", contarlas)


def _contado(
    request, enlace: Enlace, mes: Mes, ahora: datetime
) -> tuple[CuentaDelMes, tuple[int, int], bool]:
    """The count of a month, its cuts with an action and whether there is a log of it.

    One that ended stays until a public change.
    """
    hasta = "entero" if mes.terminado(ahora) else f"{ahora:%Y%m%d%H%M}"
    return sitio_de(request).de_la_edicion(
        f"conectividad:{enlace.pk}:{mes.clave}:{hasta}",
        lambda: (contar(enlace, mes, ahora), con_accion([enlace], mes), hay_registro(enlace, mes)),
    )


def _anunciados(enlaces: list[Enlace], ahora: datetime):
    """Planned cuts that have not ended, soonest first."""
    return (
        Incidente.objects.vigentes()
        .filter(Q(fin=None) | Q(fin__gt=ahora), planeado=True, enlace__in=enlaces)
        .select_related("enlace")
        .order_by("inicio")
    )


@require_safe
def conectividad(request):
    ahora = timezone.localtime()
    enlaces = sitio_de(request).de_la_edicion("conectividad", lambda: list(Enlace.objects.activos()))
    lineas = _lineas(request, enlaces, ahora)
    contexto = {
        "lineas": lineas,
        "mes": Mes.de(ahora),
        "anunciados": _anunciados(enlaces, ahora) if enlaces else (),
    }
    return render(request, "conectividad/conectividad.html", contexto)


@require_safe
def enlace(request, slug):
    """A line: now and its last twelve months. One that is no longer used keeps its page."""
    ahora = timezone.localtime()
    hallado = get_object_or_404(Enlace, slug=slug)
    [linea] = _lineas(request, [hallado], ahora)
    contexto = {"linea": linea, "mes": Mes.de(ahora), "anunciados": _anunciados([hallado], ahora)}
    return render(request, "conectividad/enlace.html", contexto)


@require_safe
def mes(request, slug, mes):
    """A month of a line, day by day."""
    ahora = timezone.localtime()
    hallado = get_object_or_404(Enlace, slug=slug)
    if mes.futuro(ahora):
        raise Http404
    cuenta, acciones, registrado = _contado(request, hallado, mes, ahora)
    return render(
        request,
        "conectividad/mes.html",
        {
            "enlace": hallado,
            "mes": mes,
            "cuenta": cuenta,
            "acciones": acciones,
            "registrado": registrado,
            "calendario": calendario(cuenta, ahora.date()),
            "cierre": CierreMensual.objects.filter(enlace=hallado, anio=mes.anio, mes=mes.mes).first(),
            "en_curso": not mes.terminado(ahora),
            "vecinos": vecinos(mes, ahora),
        },
    )
