"""What the citizen reads of the plan and of the phases. Every page costs a constant number of queries."""

import re

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.models import Publicacion
from portal.sitio import sitio_de
from seguimiento.fichas import FichaDeFase, FichaDelIndicador, FichaDelPlan, marcos
from seguimiento.forms import MomentoForm
from seguimiento.models import Evidencia, Fase, Indicador

#: The channel of the site that these pages head.
CANAL = "gobierno-en-linea"
PUBLICACIONES_POR_PAGINA = 10


def _numero_de_pagina(request) -> int:
    pedida = request.GET.get("pagina", "")
    return int(pedida) if re.fullmatch(r"[1-9][0-9]{0,3}", pedida) else 1


# --- Phases -------------------------------------------------------------------------------------
@require_safe
def gobierno_en_linea(request):
    """How far each phase has come, and what the channel has published."""
    publicaciones = Publicacion.objects.publicadas().filter(canal__slug=CANAL)
    pagina = Paginator(publicaciones.recientes_primero().para_tarjetas(), PUBLICACIONES_POR_PAGINA)
    return render(
        request,
        "seguimiento/gobierno_en_linea.html",
        {
            "marcos": marcos,
            "canal": sitio_de(request).canales.get(CANAL),
            "pagina": pagina.get_page(_numero_de_pagina(request)),
            "hoy": timezone.localdate(),
        },
    )


@require_safe
def fase(request, slug):
    """Each criterion of a phase: what was found, on what base, and where it can be seen."""
    hallada = get_object_or_404(Fase.objects.select_related("marco"), slug=slug)
    return render(
        request,
        "seguimiento/fase.html",
        {"fase": hallada, "ficha": FichaDeFase(hallada), "hoy": timezone.localdate()},
    )


@require_safe
def evidencia(request, pk):
    """A file given as evidence, while it holds."""
    hallada = get_object_or_404(Evidencia.objects.filter(invalida="").exclude(archivo=""), pk=pk)
    if not hallada.archivo.storage.exists(hallada.archivo.name):
        raise Http404
    respuesta = FileResponse(hallada.archivo.open("rb"), as_attachment=True, filename=hallada.archivo_nombre)
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return respuesta


# --- The plan -----------------------------------------------------------------------------------
@require_safe
def plan_de_accion(request):
    """The signed table, with today's value beside each goal."""
    return render(
        request,
        "seguimiento/plan_de_accion.html",
        {"ficha": FichaDelPlan(), "hoy": timezone.localdate()},
    )


@require_safe
def indicador(request, codigo):
    """«¿Por qué este número?»: today, `?semana=2026-S47` or the week of `?fecha=`; of all or one office."""
    hallado = get_object_or_404(
        Indicador.objects.del_plan_vigente().select_related("accion__plan", "lectura_de"), codigo=codigo
    )
    form = MomentoForm(request.GET, plan=hallado.accion.plan, dependencias=sitio_de(request).dependencias)
    periodo, dependencia = form.periodo, form.dependencia_pedida
    return render(
        request,
        "seguimiento/indicador.html",
        {
            "indicador": hallado,
            "form": form,
            "periodo": periodo,
            "dependencia": dependencia,
            "ficha": FichaDelIndicador(hallado, periodo, dependencia, _numero_de_pagina(request)),
            "hoy": timezone.localdate(),
            "pedida": bool(request.GET),
        },
    )
