"""The desk where comments, topics and opinions are read and answered."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from participacion import aportes, opiniones, temas
from participacion.forms.aportes import AgruparForm, DePapelForm, ModerarForm, ResponderTemaForm, TemaForm
from participacion.models import Aporte, Consulta, TemaDeAportes
from portal import escritorio
from portal.escritorio import del_escritorio
from portal.flujo import EstadoInadecuado, TransicionRechazada

POR_PAGINA = 25
#: The desks where what people say is read, and who enters each.
MESAS = (
    ("¿Fue útil el sitio?", "participacion:opiniones", opiniones.entra),
    ("Aportes", "participacion:aportes_panel", aportes.entra),
    ("Temas de interés", "participacion:temas_panel", temas.entra),
)
_POR_REVISAR = Count("aportes", filter=Q(aportes__estado=Aporte.Estado.POR_REVISAR))


def marco(request, titulo: str, **contexto):
    """What the pages of these desks need around theirs; `mesas` are those that the person may enter."""
    mesas = [(nombre, reverse(vista)) for nombre, vista, entra in MESAS if entra(request.user)]
    return escritorio.marco(request, titulo, mesas=mesas, **contexto)


# --- Comments ------------------------------------------------------------------------------------
del_escritorio_de_aportes = del_escritorio(aportes.entra)


def intentar(form, hacer: Callable[[], object]) -> int:
    """Do what the form asks. The status of the answer: 302 when it was done; if not, the form says why."""
    if not form.is_valid():
        return 422
    try:
        hacer()
    except TransicionRechazada as rechazo:
        form.add_error(None, str(rechazo))
        return 409 if isinstance(rechazo, EstadoInadecuado) else 422
    return 302


def _consulta_o_404(request, slug: str) -> Consulta:
    return get_object_or_404(aportes.moderables(request.user), slug=slug)


@require_safe
@del_escritorio_de_aportes
def consultas(request):
    """The consultas whose comments the person reviews, those with some to review first."""
    suyas = aportes.moderables(request.user).annotate(por_revisar=_POR_REVISAR, total=Count("aportes"))
    pagina = Paginator(suyas.order_by("-por_revisar", "-abre_en", "pk"), POR_PAGINA)
    contexto = marco(request, "Aportes de la gente", pagina=pagina.get_page(request.GET.get("pagina")))
    return render(request, "participacion/aportes_consultas.html", contexto)


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio_de_aportes
def consulta(request, slug):
    """The comments of one, by state, and its themes. What is sent here is a new theme."""
    suya = _consulta_o_404(request, slug)
    form, estado = TemaForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        estado = intentar(
            form, lambda: aportes.crear_tema(suya, form.cleaned_data["nombre"], por=request.user)
        )
        if estado == 302:
            messages.success(request, "Se agregó el tema.")
            return redirect("participacion:aportes_de", slug)
    ver = request.GET.get("estado")
    ver = ver if ver in Aporte.Estado.values else Aporte.Estado.POR_REVISAR
    suyos = aportes.con_historia(suya).filter(estado=ver)
    contexto = marco(
        request,
        f"Aportes: {suya}",
        consulta=suya,
        form=form,
        cifras=aportes.cifras(suya),
        estados=Aporte.Estado.choices,
        ver=ver,
        pagina=Paginator(suyos, POR_PAGINA).get_page(request.GET.get("pagina")),
        temas=suya.temas.annotate(cuantos=Count("aportes")),
    )
    return render(request, "participacion/aportes_de.html", contexto, status=estado)


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio_de_aportes
def moderar(request, pk):
    """One comment: whether the public reads it and under which theme. Then, the next one to review."""
    suyas = aportes.moderables(request.user)
    aporte = get_object_or_404(Aporte.objects.select_related("consulta", "tema"), pk=pk, consulta__in=suyas)
    enviado = request.POST if request.method == "POST" else None
    agrupa = enviado is not None and "agrupar" in enviado
    form = ModerarForm(None if agrupa else enviado)
    agrupar = AgruparForm(
        enviado if agrupa else None, consulta=aporte.consulta, initial={"tema": aporte.tema_id}
    )
    estado = 200
    if agrupa:
        estado = intentar(
            agrupar, lambda: aportes.agrupar(aporte, agrupar.cleaned_data["tema"], por=request.user)
        )
        if estado == 302:
            messages.success(request, "Quedó guardado.")
            return redirect("participacion:aporte_moderar", pk)
    elif enviado is not None:
        estado = intentar(form, lambda: aportes.moderar(aporte, por=request.user, **form.cleaned_data))
        if estado == 302:
            messages.success(request, "Quedó guardado.")
            return _al_siguiente(aporte.consulta)
    contexto = marco(
        request,
        "Un aporte",
        form=form,
        agrupar=agrupar,
        enviado=agrupar if agrupa else form,
        aporte=aporte,
        pasos=aporte.pasos.select_related("por"),
    )
    return render(request, "participacion/aportes_moderar.html", contexto, status=estado)


def _al_siguiente(consulta: Consulta) -> HttpResponse:
    siguiente = consulta.aportes.filter(estado=Aporte.Estado.POR_REVISAR).first()
    if siguiente:
        return redirect("participacion:aporte_moderar", siguiente.pk)
    return redirect("participacion:aportes_de", consulta.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio_de_aportes
def de_papel(request, slug):
    """Enter one that came on paper or by word."""
    suya = _consulta_o_404(request, slug)
    form = DePapelForm(request.POST if request.method == "POST" else None, initial={"clave": uuid4()})
    estado = 200
    if request.method == "POST":
        estado = intentar(form, lambda: aportes.ingresar(suya, por=request.user, **form.cleaned_data))
        if estado == 302:
            messages.success(request, "El aporte quedó guardado.")
            return redirect("participacion:aportes_de", slug)
        if estado == 409 or "clave" in form.errors:
            form.con_otra_clave(uuid4())
    contexto = marco(request, "Digitar un aporte recibido en papel", form=form, consulta=suya)
    return render(request, "participacion/aportes_de_papel.html", contexto, status=estado)


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio_de_aportes
def tema(request, slug, pk):
    """The answer to all the comments of a theme."""
    suya = _consulta_o_404(request, slug)
    este = get_object_or_404(TemaDeAportes, consulta=suya, pk=pk)
    dicho = {"se_acoge": este.se_acoge, "respuesta": este.respuesta}
    form = ResponderTemaForm(request.POST if request.method == "POST" else None, initial=dicho)
    estado = 200
    if request.method == "POST":
        estado = intentar(form, lambda: aportes.responder_tema(este, por=request.user, **form.cleaned_data))
        if estado == 302:
            messages.success(request, "La respuesta quedó guardada.")
            return redirect("participacion:aportes_de", slug)
    contexto = marco(
        request,
        f"Responder el tema: {este}",
        form=form,
        consulta=suya,
        aportes=este.aportes.exclude(estado=Aporte.Estado.NO_PUBLICADO),
    )
    return render(request, "participacion/aportes_tema.html", contexto, status=estado)


def en_el_escritorio(request, consulta: Consulta) -> SafeString | str:
    """What the desk of a consulta says of its comments, to whoever reviews them."""
    if not consulta.recibe_aportes or consulta.estado not in Consulta.PUBLICAS:
        return ""
    contexto = {"consulta": consulta, "cifras": aportes.cifras(consulta)}
    return render_to_string("participacion/aportes_en_el_escritorio.html", contexto, request)
