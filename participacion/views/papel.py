"""The desk of paper: numbered sheets, one-use codes, and what the sheets that came back say."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participacion import codigos, hojas, resultados
from participacion.forms.borrador import MotivoForm, NumeroForm, TandaForm
from participacion.forms.respuesta import PreguntasForm
from participacion.models import Consulta, Hoja
from participacion.views.escritorio import del_panel, escribe_en, la_de
from participacion.views.escritorio_aportes import marco
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.pdf import dibujar, hay_pdf

#: Sheets drawn in one PDF: drawing is slow.
HOJAS_POR_PDF = 50


@require_POST
@del_panel
def imprimir(request, pk):
    """Make the next sheets and show them ready to be printed."""
    la_consulta = la_de(request, pk)
    form = TandaForm(request.POST, maximo=hojas.MAXIMO_POR_TANDA)
    if not form.is_valid():
        cuantas = f"Escriba cuántas hojas, entre 1 y {hojas.MAXIMO_POR_TANDA}."
        return _al_papel(request, la_consulta, messages.ERROR, cuantas)
    try:
        hechas = hojas.imprimir(
            la_consulta, form.cleaned_data["cuantas"], por=request.user, clave=form.cleaned_data["clave"]
        )
    except SinPermiso as rechazo:
        raise PermissionDenied from rechazo
    except CondicionIncumplida as rechazo:
        return _al_papel(request, la_consulta, messages.ERROR, str(rechazo))
    if not hechas:
        ya = "Esas hojas ya se habían hecho. Están en la lista."
        return _al_papel(request, la_consulta, messages.INFO, ya)
    desde, hasta = hechas[0].numero, hechas[-1].numero
    return redirect(f"{reverse('participacion:hojas_papel', args=[pk])}?desde={desde}&hasta={hasta}")


def _al_papel(request, la_consulta: Consulta, nivel: int, dicho: str) -> HttpResponse:
    """Back to the sheets in the page of their consulta, which says it there once it shows them."""
    con_hojas = la_consulta.estado in Consulta.PUBLICAS
    messages.add_message(request, nivel, dicho, extra_tags="papel" if con_hojas else "")
    return redirect(f"{reverse('participacion:escritorio_consulta', args=[la_consulta.pk])}#papel")


@require_safe
@del_panel
def papel(request, pk):
    """Sheets as they are printed, from a number to another."""
    la_consulta, suyas = _las_hojas(request, pk)
    return render(request, "participacion/hoja_impresa.html", _para_papel(la_consulta, suyas))


@require_safe
@del_panel
def papel_pdf(request, pk):
    """The same in PDF; where this machine cannot draw one, the page, which prints it."""
    la_consulta, suyas = _las_hojas(request, pk)
    if not hay_pdf():
        return redirect(f"{reverse('participacion:hojas_papel', args=[pk])}?{request.GET.urlencode()}")
    estilo = Path(finders.find("css/hoja.css")).read_text(encoding="utf-8")
    contexto = _para_papel(la_consulta, suyas[:HOJAS_POR_PDF]) | {"estilo": estilo}
    return HttpResponse(
        dibujar(render_to_string("participacion/hoja_impresa.html", contexto, request)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="hojas-{la_consulta.slug}.pdf"'},
    )


def _las_hojas(request, pk: int) -> tuple[Consulta, list[Hoja]]:
    """Those asked for, of which none was entered or annulled. Raises Http404 when there are none."""
    la_consulta = la_de(request, pk)
    if not escribe_en(request, la_consulta):
        raise PermissionDenied
    numeros = [request.GET.get(cual, "") for cual in ("desde", "hasta")]
    if not all(numero.isdecimal() and len(numero) < 7 for numero in numeros):
        raise Http404
    desde, hasta = map(int, numeros)
    suyas = la_consulta.hojas.sin_digitar().filter(numero__range=(desde, hasta))
    if not (sueltas := list(suyas[: hojas.MAXIMO_POR_TANDA])):
        raise Http404
    return la_consulta, sueltas


def _para_papel(la_consulta: Consulta, suyas: list[Hoja]) -> dict[str, Any]:
    preguntas = resultados.preguntas_de(la_consulta)
    return {
        "consulta": la_consulta,
        "hojas": suyas,
        "planteadas": PreguntasForm(preguntas=preguntas).planteadas,
        "direccion": settings.PORTAL_URL + la_consulta.get_absolute_url(),
        "qr": _qr(la_consulta),
    }


def _qr(la_consulta: Consulta) -> str:
    direccion = settings.PORTAL_URL + la_consulta.get_absolute_url()
    qr = segno.make(direccion, error="m").svg_inline(omitsize=True, title=f"Código QR de {direccion}")
    return mark_safe(qr)  # noqa: S308 -- drawn by segno, which escapes the title


@require_safe
@del_panel
def buscar_hoja(request, pk):
    """From the number on the paper to the page where it is entered."""
    la_consulta = la_de(request, pk)
    form = NumeroForm(request.GET)
    if form.is_valid() and la_consulta.hojas.filter(numero=form.cleaned_data["numero"]).exists():
        return redirect("participacion:hoja", pk, form.cleaned_data["numero"])
    return _al_papel(request, la_consulta, messages.ERROR, "No hay una hoja con ese número en esta consulta.")


@require_http_methods(["GET", "HEAD", "POST"])
@del_panel
def hoja(request, pk, numero):
    """What a sheet says, entered once with the same questions."""
    la_consulta = la_de(request, pk)
    la_hoja = get_object_or_404(la_consulta.hojas.select_related("digitada_por"), numero=numero)
    if not escribe_en(request, la_consulta):
        raise PermissionDenied
    preguntas = resultados.preguntas_de(la_consulta)
    enviado = request.POST if request.method == "POST" else None
    form = PreguntasForm(enviado, preguntas=preguntas, de_papel=True)
    if request.method == "POST" and form.is_valid():
        try:
            hojas.digitar(la_hoja, form.elegidas(), por=request.user)
        except CondicionIncumplida as rechazo:
            return _a_la_siguiente(request, la_hoja, messages.ERROR, str(rechazo))
        return _a_la_siguiente(request, la_hoja, messages.SUCCESS, f"{la_hoja}: quedó digitada.")
    return _pagina_de_hoja(request, la_consulta, la_hoja, form, estado=422 if form.errors else 200)


def _a_la_siguiente(request, la_hoja: Hoja, nivel: int, dicho: str) -> HttpResponse:
    """To the next sheet to enter, saying it there; without any, back to the sheets."""
    la_consulta = la_hoja.consulta
    otra = hojas.siguiente(la_hoja) if hojas.se_digita(la_consulta, timezone.now()) else None
    if otra is None:
        return _al_papel(request, la_consulta, nivel, dicho)
    messages.add_message(request, nivel, f"{dicho} Ahora va la {otra}.")
    return redirect("participacion:hoja", la_consulta.pk, otra.numero)


def _pagina_de_hoja(request, la_consulta, la_hoja: Hoja, form, *, estado=200, motivo=None) -> HttpResponse:
    planteadas = form.planteadas
    if planteadas and len(messages.get_messages(request)):
        planteadas[0] = replace(planteadas[0], aviso="dicho")
        form.enfocar()
    contexto = marco(
        request,
        f"{la_hoja}",
        consulta=la_consulta,
        hoja=la_hoja,
        form=form,
        planteadas=planteadas,
        numero=NumeroForm(),
        motivo=motivo or MotivoForm(auto_id="anular_%s"),
        abierta=not la_hoja.digitada_en and not la_hoja.anulada_motivo,
    )
    return render(request, "participacion/escritorio/hoja.html", contexto, status=estado)


@require_POST
@del_panel
def anular_hoja(request, pk, numero):
    la_consulta = la_de(request, pk)
    la_hoja = get_object_or_404(la_consulta.hojas, numero=numero)
    motivo = MotivoForm(request.POST, auto_id="anular_%s")
    if not motivo.is_valid():
        form = PreguntasForm(preguntas=resultados.preguntas_de(la_consulta), de_papel=True)
        return _pagina_de_hoja(request, la_consulta, la_hoja, form, estado=422, motivo=motivo)
    try:
        hojas.anular(la_hoja, por=request.user, motivo=motivo.cleaned_data["motivo"])
    except SinPermiso as rechazo:
        raise PermissionDenied from rechazo
    except CondicionIncumplida as rechazo:
        return _a_la_siguiente(request, la_hoja, messages.ERROR, str(rechazo))
    return _a_la_siguiente(request, la_hoja, messages.SUCCESS, f"{la_hoja}: no cuenta.")


@require_POST
@del_panel
def tanda_de_codigos(request, pk):
    """The codes of a batch, to be printed now. The page sent again shows the same ones."""
    la_consulta = la_de(request, pk)
    form = TandaForm(request.POST, maximo=codigos.MAXIMO_POR_TANDA)
    if not form.is_valid():
        messages.error(request, f"Escriba cuántos códigos, entre 1 y {codigos.MAXIMO_POR_TANDA}.")
        return redirect("participacion:escritorio_consulta", pk)
    datos = form.cleaned_data
    try:
        hechos = codigos.generar(la_consulta, datos["cuantas"], por=request.user, clave=datos["clave"])
    except SinPermiso as rechazo:
        raise PermissionDenied from rechazo
    except CondicionIncumplida as rechazo:
        messages.error(request, str(rechazo))
        return redirect("participacion:escritorio_consulta", pk)
    contexto = _para_papel(la_consulta, []) | {"codigos": hechos}
    return render(request, "participacion/hoja_de_codigos.html", contexto)
