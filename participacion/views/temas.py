"""Topics of interest: what anybody proposes and supports, and the desk where they are answered."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participacion import temas
from participacion.forms.temas import DecidirForm, ProponerForm, ResponderForm
from participacion.models import TemaDeInteres
from participacion.views.anonimos import demasiado_largo, no_llego, recordar, sin_sesion
from participacion.views.escritorio_aportes import intentar, marco
from portal import freno
from portal.direccion import direccion_de
from portal.escritorio import del_escritorio
from portal.flujo import EstadoInadecuado
from portal.sitio import sitio_de

POR_PAGINA = 20
#: Topics proposed from one address in an hour.
PROPUESTAS, CADA = 5, timedelta(hours=1)
MUCHAS = (
    "Desde su conexión se propusieron muchos temas en la última hora. Lo que escribió sigue aquí: envíelo "
    "otra vez más tarde."
)
#: What the page of a topic says after a tap, by the word of its address.
AVISOS = {
    "contado": "Gracias: su apoyo se contó.",
    "ya": "Desde este aparato ya se contó un apoyo a este tema en los últimos 30 días. Otra persona puede "
    "apoyarlo desde el suyo.",
    "muchos": f"{temas.MUCHOS} El suyo no se contó: espere un rato y apóyelo otra vez.",
    "existe": "Ese tema ya estaba propuesto. Si le interesa, apóyelo aquí.",
}


# --- What anybody does ---------------------------------------------------------------------------
@require_safe
@never_cache
def lista(request):
    pagina = Paginator(temas.publicos(), POR_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "participacion/temas.html", {"pagina": pagina, "ficha": temas.nueva_ficha()})


@require_safe
@never_cache
def tema(request, slug):
    este = get_object_or_404(temas.publicos().select_related("consulta"), slug=slug)
    contexto = {
        "tema": este,
        "ficha": temas.nueva_ficha(),
        "aviso": AVISOS.get(request.GET.get("apoyo", ""), ""),
        "ya_apoyo": _cookie(este) in request.COOKIES,
    }
    return render(request, "participacion/temas_uno.html", contexto)


def _cookie(este: TemaDeInteres) -> str:
    return f"apoyo-{este.pk}"


def _direccion(este: TemaDeInteres) -> str:
    return reverse("participacion:tema", args=[este.slug])


def _ir_al_tema(este: TemaDeInteres, apoyo: str) -> HttpResponse:
    return redirect(f"{_direccion(este)}?{urlencode({'apoyo': apoyo})}")


@require_POST
@never_cache
@sin_sesion
def apoyar(request, slug):
    """One tap. The same form again is thanked and counted once; the same device again is told so."""
    este = get_object_or_404(temas.publicos(), slug=slug)
    if demasiado_largo(request) or not temas.es_ficha(ficha := request.POST.get("ficha", "")):
        return no_llego(request)
    if _cookie(este) in request.COOKIES:
        return _ir_al_tema(este, "ya")
    try:
        temas.apoyar(este, ficha=ficha, direccion=direccion_de(request))
    except temas.Demasiados:
        return _ir_al_tema(este, "muchos")
    except EstadoInadecuado:
        return redirect(_direccion(este))
    return recordar(_ir_al_tema(este, "contado"), _cookie(este), en=_direccion(este), dura=temas.CADA)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sin_sesion
def proponer(request):
    if request.method == "POST" and demasiado_largo(request):
        return no_llego(request, 413)
    form = ProponerForm(request.POST if request.method == "POST" else None, sitio=sitio_de(request))
    estado = 200
    if request.method == "POST":
        estado = 422
        if form.is_valid():
            if freno.intentar("tema", direccion_de(request), maximo=PROPUESTAS, cada=CADA):
                return _propuesto(request, form)
            form.add_error(None, MUCHAS)
            estado = 429
    return render(request, "participacion/temas_proponer.html", {"form": form}, status=estado)


def _propuesto(request, form: ProponerForm) -> HttpResponse:
    este, _nuevo = temas.proponer(form.cleaned_data["titulo"], form.cleaned_data["explicacion"])
    if este.estado == TemaDeInteres.Estado.POR_REVISAR:
        return redirect("participacion:tema_propuesto")
    if este.estado != TemaDeInteres.Estado.NO_PUBLICADO:
        return _ir_al_tema(este, "existe")
    form.add_error("titulo", f"Ese tema ya se propuso y no se publicó: {este.motivo}")
    return render(request, "participacion/temas_proponer.html", {"form": form}, status=409)


@require_safe
@never_cache
def propuesto(request):
    return render(request, "participacion/temas_propuesto.html")


def en_participa(request) -> SafeString | str:
    """What the hub says: the topics with most supports, and the way to propose one."""
    return render_to_string("participacion/temas_en_participa.html", {"temas": temas.publicos()[:3]}, request)


# --- The desk ------------------------------------------------------------------------------------
@require_safe
@del_escritorio(temas.entra)
def panel(request):
    """The topics of a state, those to review at first."""
    ver = request.GET.get("estado")
    ver = ver if ver in TemaDeInteres.Estado.values else TemaDeInteres.Estado.POR_REVISAR
    suyos = TemaDeInteres.objects.filter(estado=ver).select_related("moderado_por")
    contexto = marco(
        request,
        "Temas de interés",
        pagina=Paginator(suyos, POR_PAGINA).get_page(request.GET.get("pagina")),
        estados=TemaDeInteres.Estado.choices,
        ver=ver,
    )
    return render(request, "participacion/temas_panel.html", contexto)


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio(temas.entra)
def revisar(request, pk):
    """One topic: whether it is published, and its answer."""
    este = get_object_or_404(TemaDeInteres.objects.select_related("moderado_por", "consulta"), pk=pk)
    enviado = request.POST if request.method == "POST" else None
    responde = enviado is not None and "responder" in enviado
    decidir = DecidirForm(None if responde else enviado)
    responder = ResponderForm(enviado if responde else None)
    estado = 200
    if enviado is not None:
        form, hacer = (responder, temas.responder) if responde else (decidir, temas.decidir)
        estado = intentar(form, lambda: hacer(este, por=request.user, **form.cleaned_data))
        if estado == 302:
            messages.success(request, "La respuesta se publicó." if responde else "Quedó guardado.")
            return redirect("participacion:temas_panel")
    contexto = marco(
        request,
        f"Tema: {este}",
        tema=este,
        decidir=decidir,
        responder=responder,
        enviado=responder if responde else decidir,
    )
    return render(request, "participacion/temas_revisar.html", contexto, status=estado)
