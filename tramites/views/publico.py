"""What the citizen reads of trámites. Every page costs a constant number of queries."""

import logging
from datetime import timedelta

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from portal import busqueda
from portal.models import Publicacion
from portal.sitio import sitio_de
from tramites import avance as cifras
from tramites import catalogo, services
from tramites.datos_enlazados import servicio
from tramites.en_linea import con_recepcion
from tramites.ficha import Ficha
from tramites.forms import CatalogoForm, FechaForm
from tramites.models import Racionalizacion, SituacionDeVida, Tramite
from tramites.models.tramite import CANAL

registro = logging.getLogger(__name__)

#: Results to a page, and names when the whole catalogue is listed: a small municipality fits in one.
POR_PAGINA, NOMBRES_POR_PAGINA = 20, 150
#: Days to compare the figures with.
COMPARACIONES = (("hace una semana", 7), ("hace un mes", 30), ("hace un año", 365))


# --- The catalogue ------------------------------------------------------------------------------
@require_safe
def tramites(request):
    """The catalogue: whole from A to Z, or what was asked of it."""
    form = CatalogoForm(request.GET, opciones=catalogo.opciones(sitio_de(request)))
    form.is_valid()
    texto = busqueda.limpiar(form.cleaned_data.get("q", ""))
    contexto = {"form": form, "texto": texto, "hoy": timezone.localdate()}
    if texto or form.acota() or form.errors:
        contexto |= _resultados(request, texto, form)
    else:
        contexto |= _de_la_a_a_la_z(request)
    return render(request, "tramites/tramites.html", contexto)


def _resultados(request, texto: str, form: CatalogoForm) -> dict[str, object]:
    hallados = form.filtrar(Tramite.objects.publicos()).para_tarjetas()
    hallazgo = None
    if texto:
        hallazgo, hallados = catalogo.buscar(texto, hallados)
    else:
        hallados = hallados.de_la_a_a_la_z()
    pagina = Paginator(hallados, POR_PAGINA).get_page(request.GET.get("pagina"))
    return {"hallazgo": hallazgo, "pagina": pagina, "filtra": True}


def _de_la_a_a_la_z(request) -> dict[str, object]:
    """Lazy but for the number of pages: the rest is read only when its fragment is not in the cache."""
    nombres = Tramite.objects.publicos().select_related("hoja_publica__dependencia").de_la_a_a_la_z()
    return {
        "pagina": Paginator(nombres, NOMBRES_POR_PAGINA).get_page(request.GET.get("pagina")),
        "mas_leidos": catalogo.mas_leidos().select_related("hoja_publica")[:6],
        "guias": Publicacion.objects.publicadas().filter(canal__slug=CANAL).para_tarjetas(),
    }


# --- A trámite ----------------------------------------------------------------------------------
@require_safe
def tramite(request, slug):
    """The page of a trámite; `?para=` shows only what one audience does."""
    sitio = sitio_de(request)
    edicion = sitio.edicion  # before the row: what is kept under a number must not be older than it
    con_hoja = con_recepcion(Tramite.objects.select_related("hoja_publica"))
    hallado = get_object_or_404(con_hoja, slug=slug)
    if hallado.hoja_publica_id is None:
        return _suprimido(request, hallado)
    pedida = request.GET.get("para")
    ficha = Ficha(hallado, catalogo.opciones(sitio).audiencias.get(pedida) if pedida else None)
    datos = sitio.de_la_edicion(f"datos-enlazados:{hallado.pk}", lambda: servicio(ficha, sitio.municipio))
    contexto = {
        "tramite": hallado,
        "edicion": edicion,
        "ficha": ficha,
        "datos": {**datos, "url": request.build_absolute_uri(hallado.get_absolute_url())},
    }
    respuesta = render(request, "tramites/tramite.html", contexto)
    _contar_lectura(request, hallado)
    return respuesta


def _contar_lectura(request, tramite: Tramite) -> None:
    """Only of citizens, who have no session here. The page does not depend on its being counted."""
    if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return
    try:
        services.contar_lectura(tramite)
    except DatabaseError:
        registro.warning("No se contó una lectura de %s", tramite.slug, exc_info=True)


def _suprimido(request, tramite: Tramite) -> HttpResponse:
    """What the law took away says since when and why; what never was public, or was withdrawn, does not."""
    estuvo = tramite.hojas.filter(publicada_en__isnull=False)
    if tramite.estado != Tramite.Estado.SUPRIMIDO or not estuvo.exists():
        raise Http404
    paso = tramite.pasos.filter(accion="suprimir").last()
    return render(request, "tramites/suprimido.html", {"tramite": tramite, "paso": paso}, status=410)


def _publico_o_404(slug: str) -> Tramite:
    return get_object_or_404(Tramite.objects.publicos().select_related("hoja_publica"), slug=slug)


@require_safe
def cartel(request, slug):
    """A black-and-white page for the wall, with the short address and its QR."""
    hallado = _publico_o_404(slug)
    ruta = (
        reverse("tramites:corta", args=[hallado.palabra]) if hallado.palabra else hallado.get_absolute_url()
    )
    direccion = request.build_absolute_uri(ruta)
    qr = segno.make(direccion, error="m").svg_inline(omitsize=True, title=f"Código QR de {direccion}")
    return render(
        request,
        "tramites/cartel.html",
        {
            "tramite": hallado,
            "ficha": Ficha(hallado),
            "direccion": direccion.partition("://")[2],
            "qr": mark_safe(qr),  # noqa: S308 -- drawn by segno, which escapes the title
        },
    )


@require_safe
def corta(request, palabra):
    """The short address of posters and radio. Temporary: the word may serve another trámite some day."""
    return redirect(get_object_or_404(Tramite, palabra=palabra.lower()))


# --- Life situations ----------------------------------------------------------------------------
@require_safe
def situaciones(request):
    return render(request, "tramites/situaciones.html", {"situaciones": catalogo.con_tramites()})


@require_safe
def situacion(request, slug):
    """The trámites that something in life calls for, in the order they are done."""
    hallada = get_object_or_404(SituacionDeVida, slug=slug)
    suyos = Tramite.objects.publicos().filter(en_situaciones__situacion=hallada)
    return render(
        request,
        "tramites/situacion.html",
        {"situacion": hallada, "tramites": suyos.order_by("en_situaciones__orden", "pk").para_tarjetas()},
    )


# --- What the plan asks to be seen --------------------------------------------------------------
@require_safe
def avance(request):
    """The percentages of the plan, today or at the end of any day of the past."""
    hoy = timezone.localdate()
    form = FechaForm(request.GET if request.GET.get("fecha") else {"fecha": f"{hoy}"})
    dia = form.cleaned_data["fecha"] if form.is_valid() else hoy
    return render(
        request,
        "tramites/avance.html",
        {
            "form": form,
            "hoy": hoy,
            "dia": dia,
            "antes": [(palabras, hoy - timedelta(days=dias)) for palabras, dias in COMPARACIONES],
            "avance": cifras.medir(cifras.fin_del_dia(dia)),
            "con_consultas": settings.TRAMITES_CONSULTAS_EN_SUIT,
        },
    )


@require_safe
def racionalizacion(request):
    """What is being done to make trámites simpler, and what was done."""
    publico = Tramite.objects.publicos().filter(pk=OuterRef("tramite"))
    visibles = Racionalizacion.objects.filter(publica=True).annotate(enlazable=Exists(publico))
    acciones = list(visibles.select_related("tramite", "responsable").order_by("fin", "pk"))
    return render(
        request,
        "tramites/racionalizacion.html",
        {
            "hoy": timezone.localdate(),
            "en_curso": [accion for accion in acciones if accion.avance < 100],
            "cumplidas": [accion for accion in reversed(acciones) if accion.avance == 100],
        },
    )
