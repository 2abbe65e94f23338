"""Comments on what is consulted: what anybody reads and sends."""

from datetime import timedelta
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participacion import aportes
from participacion.forms.aportes import AporteForm
from participacion.models import Consulta, Rechazo
from participacion.views.anonimos import demasiado_largo, no_llego, sin_sesion
from portal import freno
from portal.direccion import direccion_de
from portal.hojas_de_calculo import csv_para_bajar
from portal.sitio import sitio_de

POR_PAGINA = 20
#: Comments on one consulta from one address in ten minutes. Wide: a whole village may leave by one.
MAXIMO, CADA = 10, timedelta(minutes=10)
#: The same words on one consulta, from wherever they come, in a day.
MISMO_TEXTO, CADA_TEXTO = 3, timedelta(days=1)
MUCHOS = (
    "Desde su conexión llegaron muchos aportes en pocos minutos. Lo que escribió sigue aquí: espere diez "
    "minutos y envíelo otra vez, o llévelo en papel a la alcaldía."
)
REPETIDO = (
    "Este mismo texto ya llegó varias veces. Si es suyo, ya lo recibimos: no hace falta enviarlo de nuevo. "
    "Si es otro, cuéntelo con sus palabras."
)


def _consulta_o_404(slug: str) -> Consulta:
    consulta = get_object_or_404(Consulta.objects.publicas().select_related("dependencia"), slug=slug)
    if not consulta.recibe_aportes:
        raise Http404
    return consulta


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sin_sesion
def lista(request, slug):
    """What was published, how many were not and why, the answers, and while it is open, the form."""
    consulta = _consulta_o_404(slug)
    if request.method == "POST":
        return _recibir(request, consulta)
    form = AporteForm(sitio=sitio_de(request), initial={"clave": uuid4()}) if consulta.abierta() else None
    return _pagina(request, consulta, form)


def _pagina(request, consulta: Consulta, form: AporteForm | None, estado: int = 200) -> HttpResponse:
    con_resultado = aportes.con_resultado(consulta)
    pagina = Paginator(aportes.publicados(consulta), POR_PAGINA).get_page(request.GET.get("pagina"))
    contexto = {
        "consulta": consulta,
        "form": form,
        "pagina": pagina,
        "cifras": aportes.cifras(consulta),
        "con_resultado": con_resultado,
        "temas": aportes.respondidos(consulta) if con_resultado else [],
    }
    return render(request, "participacion/aportes.html", contexto, status=estado)


def _recibir(request, consulta: Consulta) -> HttpResponse:
    if demasiado_largo(request):
        Rechazo.contar(consulta, Rechazo.Causa.AUTOMATICA)
        return no_llego(request, 413)
    if not consulta.abierta():
        return _fuera(request, consulta)
    form = AporteForm(request.POST, sitio=sitio_de(request))
    if not form.is_valid():
        if form.parece_automatico:
            Rechazo.contar(consulta, Rechazo.Causa.AUTOMATICA)
        if "clave" in form.errors:
            form.con_otra_clave(uuid4())
        return _pagina(request, consulta, form, 422)
    if por_que := _exceso(request, consulta, form.cleaned_data["texto"]):
        form.add_error(None, por_que)
        return _pagina(request, consulta, form, 429)
    dicho = {campo: form.cleaned_data[campo] for campo in ("clave", "parte", "texto", "nombre")}
    try:
        aportes.recibir(consulta, **dicho)
    except aportes.NoEstaAbierta:
        return _fuera(request, consulta)
    except aportes.YaEnviado as rechazo:
        form.add_error(None, str(rechazo))
        form.con_otra_clave(uuid4())
        return _pagina(request, consulta, form, 409)
    return redirect("participacion:aporte_recibido", consulta.slug)


def _exceso(request, consulta: Consulta, texto: str) -> str:
    """Why no more is taken now, counted; "" when it is."""
    de = direccion_de(request)
    if not freno.intentar(f"aporte {consulta.pk}", de, maximo=MAXIMO, cada=CADA):
        Rechazo.contar(consulta, Rechazo.Causa.MUCHAS)
        return MUCHOS
    if not freno.intentar(f"aporte {consulta.pk}", texto, maximo=MISMO_TEXTO, cada=CADA_TEXTO):
        Rechazo.contar(consulta, Rechazo.Causa.REPETIDA)
        return REPETIDO
    return ""


def _fuera(request, consulta: Consulta) -> HttpResponse:
    """It is not open: what was typed comes back to be copied."""
    Rechazo.contar(consulta, Rechazo.Causa.FUERA)
    contexto = {"consulta": consulta, "escrito": request.POST.get("texto", "")}
    return render(request, "participacion/aportes_fuera.html", contexto, status=409)


@require_safe
@never_cache
def recibido(request, slug):
    """What happens with it now."""
    return render(request, "participacion/aportes_recibido.html", {"consulta": _consulta_o_404(slug)})


@require_safe
def descargar(request, slug):
    """The published comments as CSV."""
    consulta = _consulta_o_404(slug)
    return csv_para_bajar(f"aportes-{consulta.slug}.csv", *aportes.filas_publicas(consulta))


def en_la_consulta(request, consulta: Consulta) -> SafeString | str:
    """What the page of a consulta says of its comments: how many, and the way to read and write them."""
    if not consulta.recibe_aportes:
        return ""
    contexto = {"consulta": consulta, "cifras": aportes.cifras(consulta), "abierta": consulta.abierta()}
    return render_to_string("participacion/aportes_en_la_consulta.html", contexto, request)
