"""The months of a line: how each was counted, its closing, its claim, and the years side by side."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from conectividad import services
from conectividad.calendario_svg import barras, calendario
from conectividad.cifras import hay_registro, por_anios, vecinos
from conectividad.forms import CierreForm
from conectividad.mes import Mes, con_accion, contar
from conectividad.models import CierreMensual, Enlace
from conectividad.permisos import puede_cerrar
from conectividad.reclamo import reclamo as reclamar
from conectividad.views.acceso import de_la_bitacora, del_escritorio
from conectividad.views.registro import agregar_errores
from portal.fechas import MESES
from portal.flujo import TransicionRechazada
from portal.pdf import hay_pdf


def _enlace_o_404(slug: str, mes: Mes | None = None) -> Enlace:
    """The line; a month that has not begun has nothing to look at."""
    if mes and mes.futuro():
        raise Http404
    return get_object_or_404(Enlace, slug=slug)


def _cierre(enlace: Enlace, mes: Mes) -> CierreMensual | None:
    return CierreMensual.objects.filter(enlace=enlace, anio=mes.anio, mes=mes.mes).first()


@require_safe
@de_la_bitacora
def mes(request, slug, mes):
    """The count step by step, day by day, and what was signed."""
    enlace, ahora = _enlace_o_404(slug, mes), timezone.localtime()
    cuenta, cierre = contar(enlace, mes, ahora), _cierre(enlace, mes)
    contexto = del_escritorio(
        request,
        f"{enlace}, {mes}",
        enlace=enlace,
        mes=mes,
        cuenta=cuenta,
        acciones=con_accion([enlace], mes),
        registrado=hay_registro(enlace, mes),
        calendario=calendario(cuenta, ahora.date()),
        vecinos=vecinos(mes, ahora),
        en_curso=not mes.terminado(ahora),
        cierre=cierre,
        diferencias=services.cambio_desde_el_cierre(cierre) if cierre else None,
        firma=None if cierre or not mes.terminado(ahora) else puede_cerrar(request.user),
    )
    return render(request, "conectividad/panel_mes.html", contexto)


@require_http_methods(["GET", "HEAD", "POST"])
@de_la_bitacora
def cerrar(request, slug, mes):
    """What is about to be frozen, with a button that signs it."""
    enlace, cargo = _enlace_o_404(slug, mes), puede_cerrar(request.user)
    if cargo is None:
        raise PermissionDenied
    if _cierre(enlace, mes) or not mes.terminado():
        por_que = "ya está cerrado" if mes.terminado() else "no ha terminado"
        messages.warning(request, f"No se puede cerrar: ese mes {por_que}.")
        return redirect("conectividad:panel_mes", slug, mes)
    form = CierreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cerrar_mes(enlace, mes, por=request.user, **form.cleaned_data)
        except ValidationError as error:
            agregar_errores(form, error)
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
        else:
            messages.success(request, f"El cierre de {mes} quedó firmado.")
            return redirect("conectividad:panel_mes", slug, mes)
    contexto = del_escritorio(
        request,
        f"Firmar el cierre de {mes}",
        enlace=enlace,
        mes=mes,
        cuenta=contar(enlace, mes),
        acciones=con_accion([enlace], mes),
        cargo=cargo,
        form=form,
    )
    return render(request, "conectividad/cerrar.html", contexto, status=422 if form.errors else 200)


@require_safe
@de_la_bitacora
def anios(request, slug):
    """The twelve months of each year, side by side."""
    enlace = _enlace_o_404(slug)
    anios = por_anios(enlace, timezone.now())
    contexto = del_escritorio(
        request,
        f"{enlace}: año por año",
        enlace=enlace,
        anios=anios,
        meses=[(MESES[n], [(anio.numero, anio.meses[n]) for anio in anios]) for n in range(12)],
        barras=barras((str(anio.numero), anio.porcentaje) for anio in anios),
    )
    return render(request, "conectividad/anios.html", contexto)


# --- What is claimed from the provider ----------------------------------------------------------
@require_safe
@de_la_bitacora
def reclamo(request, slug, mes):
    """One page to print in black and white, and send."""
    return render(request, "conectividad/reclamo.html", contexto_del_reclamo(slug, mes))


def contexto_del_reclamo(slug: str, mes: Mes) -> dict[str, Any]:
    enlace = _enlace_o_404(slug, mes)
    return {
        "enlace": enlace,
        "mes": mes,
        "reclamo": reclamar(enlace, mes),
        "hay_pdf": hay_pdf(),
        "hoy": timezone.localdate(),
    }


def estilo_del_reclamo() -> str:
    """The sheet of the page: the drawer of PDF opens no address."""
    return Path(finders.find("css/reclamo.css")).read_text()
