"""Trámites as open data: what the public reads, for any site to use. See docs/datos-de-tramites.md."""

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from portal.sitio import sitio_de
from tramites.datos_abiertos import Direcciones, detalle, para_el_listado, procedencia, resumen
from tramites.en_linea import con_recepcion
from tramites.ficha import Ficha
from tramites.models import Tramite

#: Anybody's page may read it: it is public and changes nothing.
_ABIERTO = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def _etag(request, **kwargs) -> str:
    """The edición says of everything public whether it changed; a year brings other pesos for a UVT."""
    return f'"{sitio_de(request).edicion}-{timezone.localdate().year}-{request.get_host()}"'


def _abierto(vista):
    """Let pages of any site read what the view answers, whatever it is."""

    def abierta(request, **kwargs) -> HttpResponse:
        respuesta = vista(request, **kwargs)
        for nombre, valor in _ABIERTO.items():
            respuesta.headers[nombre] = valor
        return respuesta

    return abierta


def _json(datos: dict, **opciones) -> JsonResponse:
    return JsonResponse(datos, json_dumps_params={"ensure_ascii": False}, **opciones)


@require_safe
@_abierto
@condition(etag_func=_etag)
def todos(request):
    """Every public trámite, by code."""
    sitio, url = sitio_de(request), Direcciones(request.build_absolute_uri("/"))
    lista = [
        resumen(tramite, tramite.hoja_publica, gratuito=not tramite.con_costo, url=url)
        for tramite in para_el_listado()
    ]
    return _json(procedencia(sitio, url) | {"total": len(lista), "tramites": lista})


@require_safe
@_abierto
@condition(etag_func=_etag)
def tramite(request, slug):
    """All that the page of a public trámite says; 410 when the law took it away."""
    hallado = con_recepcion(Tramite.objects.filter(slug=slug).select_related("hoja_publica")).first()
    if hallado is None or hallado.hoja_publica_id is None:
        return _ausente(hallado)
    sitio, url = sitio_de(request), Direcciones(request.build_absolute_uri("/"))
    return _json(procedencia(sitio, url) | {"tramite": detalle(Ficha(hallado), sitio.municipio, url)})


def _ausente(tramite: Tramite | None) -> JsonResponse:
    if tramite and tramite.suprimido_en and tramite.hojas.filter(publicada_en__isnull=False).exists():
        return _json({"error": "El trámite fue suprimido.", "desde": tramite.suprimido_en}, status=410)
    return _json({"error": "No hay un trámite público con esa dirección."}, status=404)
