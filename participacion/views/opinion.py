"""«¿Le fue útil esta página?»: what anybody answers, and the desk of whoever keeps the pages."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participacion import opiniones
from participacion.forms.opinion import AtenderForm, FiltroForm, PorQueForm
from participacion.views.anonimos import demasiado_largo, no_llego, sin_sesion
from participacion.views.escritorio_aportes import marco
from portal import freno
from portal.direccion import direccion_de
from portal.escritorio import del_escritorio
from portal.flujo import CondicionIncumplida, EstadoInadecuado
from portal.sitio import sitio_de
from portal.titulos import titulos_de

POR_PAGINA = 25
#: Reasons from one address in ten minutes.
MOTIVOS_MAXIMOS, CADA = 10, timedelta(minutes=10)
MUCHOS = (
    "Desde su conexión llegaron muchas opiniones en pocos minutos. Lo que escribió sigue aquí: espere diez "
    "minutos y envíelo otra vez."
)


# --- What anybody answers ------------------------------------------------------------------------
@require_POST
@never_cache
@sin_sesion
def opinion(request):
    """Count it, say thanks and whether it was counted; who says no is asked why."""
    if demasiado_largo(request):
        return no_llego(request, 413)
    firmada, dicho = request.POST.get("ruta", ""), request.POST.get("util", "")
    ruta = opiniones.leer_ruta(firmada)
    if not ruta or dicho not in {"si", "no"}:
        return no_llego(request)
    contada = opiniones.contar(
        ruta,
        sirvio=dicho == "si",
        direccion=direccion_de(request),
        navegador=request.headers.get("User-Agent", ""),
    )
    destino = "opinion_gracias" if dicho == "si" else "opinion_por_que"
    return _ir(destino, ruta=firmada, contada="si" if contada else "no")


def _ir(nombre: str, **con: str) -> HttpResponse:
    return redirect(f"{reverse(f'participacion:{nombre}')}?{urlencode(con)}")


@require_safe
@never_cache
def gracias(request):
    """What happens with an opinion, and where to go for an answer."""
    return render(
        request,
        "participacion/opinion_gracias.html",
        {"ruta": opiniones.leer_ruta(request.GET.get("ruta", ""))},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sin_sesion
def por_que(request):
    """What was missing. Nobody is obliged to say it."""
    if demasiado_largo(request):
        return no_llego(request, 413)
    enviado = request.POST if request.method == "POST" else None
    firmada = (request.GET if enviado is None else enviado).get("ruta", "")
    ruta = opiniones.leer_ruta(firmada)
    if not ruta:
        return no_llego(request)
    form = PorQueForm(enviado, sitio=sitio_de(request), initial={"ruta": firmada, "clave": uuid4()})
    estado = 200
    if enviado is not None:
        estado = _recibir(request, form, ruta)
        if estado == 302:
            return _ir("opinion_gracias", ruta=firmada)
    return render(request, "participacion/opinion_por_que.html", {"form": form, "ruta": ruta}, status=estado)


def _recibir(request, form: PorQueForm, ruta: str) -> int:
    """Keep the reason, if there is one. The status of the answer: 302 when there is nothing to correct."""
    if not form.is_valid():
        return 422
    datos = form.cleaned_data
    if not datos["clase"] and not datos["texto"]:
        return 302
    if not freno.intentar("motivo", direccion_de(request), maximo=MOTIVOS_MAXIMOS, cada=CADA):
        form.add_error(None, MUCHOS)
        return 429
    opiniones.decir_por_que(ruta, clave=datos["clave"], clase=datos["clase"], texto=datos["texto"])
    return 302


# --- The desk ------------------------------------------------------------------------------------
@require_safe
@del_escritorio(opiniones.entra)
def lista(request):
    """What people missed, of the channels that the person writes, and what pages were useful."""
    form = FiltroForm(request.GET, motivos=opiniones.para_atender(request.user))
    pagina = Paginator(form.filtrados(), POR_PAGINA).get_page(request.GET.get("pagina"))
    paginas = list(opiniones.por_pagina()[:POR_PAGINA])
    titulos = titulos_de({motivo.ruta for motivo in pagina} | {fila["ruta"] for fila in paginas})
    return render(
        request,
        "participacion/opinion_lista.html",
        marco(
            request,
            "¿Fue útil el sitio?",
            form=form,
            pagina=pagina,
            motivos=[(motivo, titulos.get(motivo.ruta, "")) for motivo in pagina],
            paginas=[fila | {"titulo": titulos.get(fila["ruta"], "")} for fila in paginas],
            dias=opiniones.DIAS,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio(opiniones.entra)
def atender(request, pk):
    """One reason, and what was done about it."""
    motivo = get_object_or_404(opiniones.para_atender(request.user), pk=pk)
    form = AtenderForm(request.POST if request.method == "POST" else None)
    estado = 200
    if request.method == "POST":
        estado = 422
        if form.is_valid():
            try:
                opiniones.atender(motivo, que_se_hizo=form.cleaned_data["que_se_hizo"], por=request.user)
                messages.success(request, "Quedó atendida.")
                return redirect("participacion:opiniones")
            except (CondicionIncumplida, EstadoInadecuado) as rechazo:
                form.add_error(None, str(rechazo))
                estado = 409
                motivo.refresh_from_db()
    contexto = marco(
        request,
        "Lo que faltó en una página",
        form=form,
        motivo=motivo,
        como_se_llama=titulos_de([motivo.ruta]).get(motivo.ruta, ""),
    )
    return render(request, "participacion/opinion_atender.html", contexto, status=estado)
