"""The log, a month and a claim as files."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conectividad import exportacion
from conectividad.mes import contar
from conectividad.models import Enlace
from conectividad.views import meses
from conectividad.views.acceso import de_la_bitacora
from conectividad.views.bitacora import elegidos
from portal.hojas_de_calculo import TablaRechazada
from portal.pdf import dibujar, hay_pdf

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DE_LA_BITACORA = {"csv": (exportacion.bitacora_en_csv, CSV), "xlsx": (exportacion.bitacora_en_xlsx, XLSX)}
DEL_MES = {"csv": (exportacion.mes_en_csv, CSV), "xlsx": (exportacion.mes_en_xlsx, XLSX)}


def _archivo(contenido: str | bytes, tipo: str, nombre: str) -> HttpResponse:
    return HttpResponse(
        contenido,
        content_type=tipo,
        headers={"Content-Disposition": f'attachment; filename="{nombre}"'},
    )


def _escritor(formatos: dict, formato: str) -> tuple:
    if formato not in formatos:
        raise Http404
    return formatos[formato]


@require_safe
@de_la_bitacora
def bitacora(request, formato):
    """The cuts that the log shows with the filters of the address."""
    escribir, tipo = _escritor(DE_LA_BITACORA, formato)
    _form, incidentes = elegidos(request)
    completos = incidentes.prefetch_related("dependencias", "acciones")
    try:
        contenido = escribir(completos)
    except TablaRechazada as rechazo:
        messages.error(request, str(rechazo))
        return redirect(f"{reverse('conectividad:bitacora')}?{request.GET.urlencode()}")
    return _archivo(contenido, tipo, f"bitacora-de-conectividad.{formato}")


@require_safe
@de_la_bitacora
def mes(request, slug, mes, formato):
    escribir, tipo = _escritor(DEL_MES, formato)
    if mes.futuro():
        raise Http404
    cuenta = contar(get_object_or_404(Enlace, slug=slug), mes, timezone.now())
    return _archivo(escribir(cuenta), tipo, f"conectividad-{slug}-{mes.clave}.{formato}")


@require_safe
@de_la_bitacora
def reclamo(request, slug, mes):
    """The claim as a PDF; where this machine cannot draw one, the page, which prints the same."""
    if not hay_pdf():
        return redirect("conectividad:reclamo", slug, mes)
    contexto = meses.contexto_del_reclamo(slug, mes) | {"estilo": meses.estilo_del_reclamo()}
    html = render_to_string("conectividad/reclamo.html", contexto, request)
    return _archivo(dibujar(html), "application/pdf", f"reclamo-{slug}-{mes.clave}.pdf")
