"""What anybody sees and answers. No account, no JavaScript, and no cookie before answering."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participacion import respuestas, resultados
from participacion.bloques import EN_LA_CONSULTA, EN_PARTICIPA
from participacion.forms.respuesta import TEXTO_MAXIMO, RespuestaForm
from participacion.hojas import digitar_hasta
from participacion.models import Consulta, Pregunta, Rechazo
from participacion.views.anonimos import recordar, sin_sesion
from portal.direccion import direccion_de
from portal.forms.comunes import DEMASIADO_RAPIDO, TRAMPA_LLENA
from portal.hojas_de_calculo import csv_para_bajar
from portal.models import Publicacion

#: The cookie that says that this device answered is kept a while after closing, and at least this long.
MEMORIA_DE_LA_COOKIE = timedelta(days=30)
VENCIDA = "La página estuvo abierta mucho tiempo. Lo que respondió sigue aquí: envíelo otra vez."


def publicas() -> QuerySet[Consulta]:
    """Those that anybody may see; each knows (`hay_resultado`) whether its outcome is public. One query."""
    visible = Publicacion.objects.visibles().filter(pk=OuterRef("resultado"))
    return (
        Consulta.objects.publicas()
        .select_related("canal", "dependencia", "resultado__canal")
        .annotate(hay_resultado=Exists(visible))
    )


def _la_de(slug: str, encuesta: bool) -> Consulta:
    """The public one of that address. Raises Http404."""
    todas = publicas()
    es_encuesta = {"clase": Consulta.Clase.ENCUESTA}
    return get_object_or_404(
        todas.filter(**es_encuesta) if encuesta else todas.exclude(**es_encuesta), slug=slug
    )


# --- The lists ----------------------------------------------------------------------------------
@require_safe
def participa(request):
    """The hub: what is open, what waits for its outcome, and what already has it."""
    return render(
        request,
        "participacion/participa.html",
        _en_grupos(publicas()) | {"bloques": [html for bloque in EN_PARTICIPA if (html := bloque(request))]},
    )


@require_safe
def encuestas(request):
    solo = publicas().filter(clase=Consulta.Clase.ENCUESTA)
    return render(request, "participacion/participa.html", _en_grupos(solo) | {"solo_encuestas": True})


def _en_grupos(consultas: QuerySet[Consulta]) -> dict:
    en = timezone.now()
    todas = list(consultas)
    cerradas = [c for c in todas if c.cerrada(en)]
    abiertas = [c for c in todas if c.abierta(en)]
    return {
        "abiertas": sorted(abiertas, key=lambda c: c.cierra_en),
        "proximas": [c for c in todas if not c.cerrada(en) and en < c.abre_en],
        "esperan": sorted((c for c in cerradas if not c.hay_resultado), key=lambda c: c.resultado_hasta),
        "con_resultado": [c for c in cerradas if c.hay_resultado],
        "hoy": timezone.localdate(en),
    }


# --- To answer ----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@sin_sesion
def consulta(request, slug, encuesta=False):
    """The page of a consulta: its form while it is open, and afterwards where its outcome is."""
    la_consulta = _la_de(slug, encuesta)
    if request.method == "POST":
        return never_cache(_responder)(request, la_consulta)
    if not la_consulta.abierta():
        return _pagina(request, la_consulta)
    form = None if _ya_respondio(request, la_consulta) else _formulario(la_consulta)
    return never_cache(_pagina)(request, la_consulta, form)


def _formulario(la_consulta: Consulta, enviado=None) -> RespuestaForm | None:
    """Its form; None when nothing is asked but comments."""
    preguntas = resultados.preguntas_de(la_consulta)
    if not preguntas:
        return None
    inicial = {"ficha": respuestas.nueva_ficha(la_consulta)}
    return RespuestaForm(enviado, consulta=la_consulta, preguntas=preguntas, initial=inicial)


def _pagina(
    request, la_consulta: Consulta, form: RespuestaForm | None = None, *, estado=200, **mas
) -> HttpResponse:
    hoy = timezone.localdate()
    contexto = {
        "consulta": la_consulta,
        "form": form,
        "abierta": la_consulta.abierta(),
        "cerrada": la_consulta.cerrada(),
        "ya_respondio": _ya_respondio(request, la_consulta),
        "debe_desde": la_consulta.resultado_hasta if la_consulta.resultado_hasta < hoy else None,
        "bloques": [html for bloque in EN_LA_CONSULTA if (html := bloque(request, la_consulta))],
    }
    return render(request, "participacion/consulta.html", contexto | mas, status=estado)


def _responder(request, la_consulta: Consulta) -> HttpResponse:
    """Keep the answer and say thanks; or say kindly why not, count it, and lose nothing of it."""
    if not la_consulta.abierta():
        return _no(request, la_consulta, respuestas.NoEstaAbierta())
    ficha = respuestas.huella_de_ficha(la_consulta, request.POST.get("ficha", ""))
    if ficha and respuestas.ya_se_uso(ficha):
        return _gracias_otra_vez(la_consulta)
    if _ya_respondio(request, la_consulta):
        Rechazo.contar(la_consulta, Rechazo.Causa.REPETIDA)
        return _pagina(request, la_consulta, estado=409)
    form = _formulario(la_consulta, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        _contar_automatica(la_consulta, form)
        return _con_errores(request, la_consulta, form, 422)
    if not ficha:
        form.add_error(None, VENCIDA)
        return _con_errores(request, la_consulta, form, 422)
    try:
        respuestas.exigir_calma(la_consulta, direccion_de(request))
        codigo = form.cleaned_data.get("codigo", "")
        respuestas.responder(la_consulta, form.elegidas(), ficha=ficha, codigo=codigo)
    except respuestas.NoRecibida as rechazo:
        return _no(request, la_consulta, rechazo, form)
    return _con_cookie(redirect(_gracias(la_consulta)), la_consulta)


def _no(request, la_consulta: Consulta, rechazo: respuestas.NoRecibida, form=None) -> HttpResponse:
    """The page that answers to what was refused, once it is counted."""
    if isinstance(rechazo, respuestas.YaRespondida):
        return _gracias_otra_vez(la_consulta)
    Rechazo.contar(la_consulta, rechazo.causa)
    if isinstance(rechazo, respuestas.NoEstaAbierta):
        escrito = _lo_escrito(request, la_consulta)
        return _pagina(request, la_consulta, estado=409, llego_tarde=True, escrito=escrito)
    form.add_error("codigo" if isinstance(rechazo, respuestas.CodigoMalo) else None, str(rechazo))
    muchas = isinstance(rechazo, respuestas.Demasiadas)
    respuesta = _con_errores(request, la_consulta, form, 429 if muchas else 422)
    if muchas:
        respuesta.headers["Retry-After"] = str(int(respuestas.RATO.total_seconds()))
    return respuesta


def _lo_escrito(request, la_consulta: Consulta) -> list[str]:
    """What was answered in words, to be copied by whoever came late."""
    abiertas = la_consulta.preguntas.filter(tipo=Pregunta.Tipo.TEXTO)
    dicho = (request.POST.get(f"p{pregunta.pk}", "")[:TEXTO_MAXIMO].strip() for pregunta in abiertas)
    return [texto for texto in dicho if texto]


def _con_errores(request, la_consulta: Consulta, form: RespuestaForm, estado: int) -> HttpResponse:
    """The same form, with what was chosen and, if its mark is no longer good, a new one."""
    if not respuestas.huella_de_ficha(la_consulta, form.data.get("ficha", "")):
        form.data = form.data.copy()
        form.data["ficha"] = form.initial["ficha"]
    return _pagina(request, la_consulta, form, estado=estado)


def _contar_automatica(la_consulta: Consulta, form: RespuestaForm) -> None:
    if {TRAMPA_LLENA, DEMASIADO_RAPIDO} & set(form.non_field_errors()):
        Rechazo.contar(la_consulta, Rechazo.Causa.AUTOMATICA)


def _gracias_otra_vez(la_consulta: Consulta) -> HttpResponse:
    """A double tap, or a page sent again: one answer and the same thanks."""
    Rechazo.contar(la_consulta, Rechazo.Causa.REPETIDA)
    return redirect(_gracias(la_consulta))


def _gracias(la_consulta: Consulta) -> str:
    return f"{la_consulta.get_absolute_url()}gracias/"


@require_safe
def gracias(request, slug, encuesta=False):
    """The same for everybody: whoever only knows the address learns nothing."""
    return render(request, "participacion/consulta_gracias.html", {"consulta": _la_de(slug, encuesta)})


# --- The device that answered -------------------------------------------------------------------
def _cookie(la_consulta: Consulta) -> str:
    return f"respondio-{la_consulta.pk}"


def _ya_respondio(request, la_consulta: Consulta) -> bool:
    return _cookie(la_consulta) in request.COOKIES


def _con_cookie(respuesta: HttpResponse, la_consulta: Consulta) -> HttpResponse:
    falta = la_consulta.cierra_en - timezone.now()
    dura = max(falta, MEMORIA_DE_LA_COOKIE)
    return recordar(respuesta, _cookie(la_consulta), en=la_consulta.get_absolute_url(), dura=dura)


# --- The results --------------------------------------------------------------------------------
@require_safe
def ver_resultados(request, slug, encuesta=False):
    """What people answered, once closed. Before that, nobody sees it here."""
    la_consulta = _la_de(slug, encuesta)
    if not la_consulta.cerrada():
        return render(request, "participacion/resultados_todavia.html", {"consulta": la_consulta}, status=404)
    contexto = {
        "consulta": la_consulta,
        "resultados": resultados.contar(la_consulta),
        "se_digita_hasta": _se_digita_hasta(la_consulta),
    }
    return render(request, "participacion/resultados.html", contexto)


def _se_digita_hasta(la_consulta: Consulta):
    """The day until which paper may still come in; None once it has passed."""
    hasta = digitar_hasta(la_consulta)
    return hasta if timezone.localdate() <= hasta else None


@require_safe
def resultados_csv(request, slug, encuesta=False):
    """The totals. No row is of one person."""
    la_consulta = _la_de(slug, encuesta)
    if not la_consulta.cerrada():
        raise Http404
    filas = resultados.tabla(resultados.contar(la_consulta))
    return csv_para_bajar(f"resultados-{la_consulta.slug}.csv", resultados.COLUMNAS, filas)
