"""The bulletin of a week: a light page, one sheet for the wall and a plain text. All in it is public."""

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from participacion.boletin.novedades import (
    Novedad,
    lo_mas_util,
    lo_que_dice,
    por_temas,
    primera_semana,
    texto_para_leer,
)
from portal.models import Publicacion
from portal.periodos import Periodo
from portal.sitio import sitio_de

#: Those that fit in the sheet, each with its QR code to be read from a metre away.
CABEN = 8
#: With more than these, the text to copy is only at its own address: the page stays light.
PARA_COPIAR = 25


def _dice(request, semana: Periodo) -> list[Novedad]:
    """What that week tells, read once per edición."""
    clave = f"boletin:{semana.clave}"
    return sitio_de(request).de_la_edicion(clave, lambda: lo_que_dice(semana))


def _primera(request) -> Periodo:
    """The first week with a page: that of the first publication, and always the last one that ended."""
    primera = sitio_de(request).de_la_edicion("boletin:primera", primera_semana)
    return min(primera, Periodo.semana_de(timezone.localdate()).anterior)


def _pedida(request, anio: int, semana: int) -> Periodo:
    """404 when that year does not have it, it has not come, or nothing had been published yet.

    Otherwise whoever follows «Semana anterior» would never end: each is kept and counted.
    """
    try:
        pedida = Periodo.semana(anio, semana)
    except ValueError:
        raise Http404 from None
    if pedida.futuro() or pedida < _primera(request):
        raise Http404
    return pedida


@require_safe
def ultimo(request):
    """The week in course or, until it has something to tell, the one before."""
    semana = Periodo.semana_de(timezone.localdate())
    return _pagina(request, semana if _dice(request, semana) else semana.anterior)


@require_safe
def boletin(request, anio, semana):
    return _pagina(request, _pedida(request, anio, semana))


def _pagina(request, semana: Periodo) -> HttpResponse:
    novedades = _dice(request, semana)
    en_curso = Periodo.semana_de(timezone.localdate())
    contexto = {
        "semana": semana,
        "en_curso": semana == en_curso,
        "anterior": semana.anterior if semana > _primera(request) else None,
        "siguiente": semana.siguiente if semana < en_curso else None,
        "temas": por_temas(novedades),
        "cuantas": len(novedades),
        "texto": texto_para_leer(semana, novedades, sitio_de(request).municipio)
        if len(novedades) <= PARA_COPIAR
        else "",
    }
    return render(request, "participacion/boletin.html", contexto)


@require_safe
def texto(request, anio, semana):
    """To paste in a messaging app, or to be read on the radio."""
    pedida = _pedida(request, anio, semana)
    leido = texto_para_leer(pedida, _dice(request, pedida), sitio_de(request).municipio)
    return HttpResponse(leido, content_type="text/plain; charset=utf-8")


@require_safe
def hoja(request, anio, semana):
    """One sheet in black and white for the notice board."""
    pedida = _pedida(request, anio, semana)
    novedades = _dice(request, pedida)
    caben = lo_mas_util(novedades, CABEN)
    direccion = settings.PORTAL_URL + reverse("participacion:boletin", args=[pedida.anio_iso, pedida.numero])
    contexto = {
        "semana": pedida,
        "novedades": [(una, _qr(settings.PORTAL_URL + una["corta"])) for una in caben],
        "otras": len(novedades) - len(caben),
        "direccion": direccion.partition("://")[2],
        "qr": _qr(direccion),
    }
    return render(request, "participacion/boletin_hoja.html", contexto)


def _qr(direccion: str) -> SafeString:
    dibujo = segno.make(direccion, error="m").svg_inline(omitsize=True, title=f"Código QR de {direccion}")
    return mark_safe(dibujo)  # noqa: S308 -- drawn by segno, which escapes the title


@require_safe
def corta(request, pk):
    """A short address for the wall, the radio and messages."""
    return redirect(get_object_or_404(Publicacion.objects.visibles().select_related("canal"), pk=pk))
