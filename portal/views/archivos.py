import logging

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.archivos import FORMATOS
from portal.audiencia.middleware import es_descarga
from portal.models import Adjunto, Publicacion, Version
from portal.models.version import es_el_mismo
from portal.sitio import sitio_de

registro = logging.getLogger(__name__)


def _es_publico(adjunto: Adjunto) -> bool:
    publicacion = adjunto.version.publicacion
    return (
        adjunto.version_id == publicacion.version_publica_id
        and Publicacion.objects.visibles().filter(pk=publicacion.pk).exists()
    )


def _el_mismo_de_hoy(adjunto: Adjunto) -> Adjunto | None:
    """The same file in the text that the public reads now, so that old links to it keep working."""
    hoy = Adjunto.objects.select_related("version__publicacion").filter(
        sha256=adjunto.sha256,
        version=adjunto.version.publicacion.version_publica_id,
        version__publicacion__in=Publicacion.objects.visibles(),
    )
    return hoy.first()


def _entregable(request, pk: int) -> tuple[Adjunto, bool]:
    """The attachment to hand over and whether anybody may read it. Raises Http404.

    That of a text which is not public is only for whoever may read that text in the admin, or came by a
    secret link to it (`texto_prestado`, set by `portal.views.lectura`).
    """
    adjunto = get_object_or_404(Adjunto.objects.select_related("version__publicacion"), pk=pk)
    if _es_publico(adjunto):
        return adjunto, True
    if hoy := _el_mismo_de_hoy(adjunto):
        return hoy, True
    if getattr(request, "texto_prestado", None) == adjunto.version_id:
        return adjunto, False
    if not Version.objects.legibles_por(request.user).filter(pk=adjunto.version_id).exists():
        raise Http404
    return adjunto, False


@require_safe
def archivo(request, pk, nombre):
    """An attachment under the name people gave it. Only images are shown in the page."""
    adjunto, es_publico = _entregable(request, pk)
    if adjunto.pk != pk:
        return redirect(adjunto)
    if es_publico:
        es_descarga(request, adjunto)
    return _entregar(request, adjunto, adjunto.archivo, adjunto.sha256, es_publico)


@require_safe
def miniatura(request, pk):
    adjunto, es_publico = _entregable(request, pk)
    if not adjunto.miniatura:
        raise Http404
    return _entregar(request, adjunto, adjunto.miniatura, adjunto.miniatura_sha256, es_publico, "image/webp")


@require_safe
def rendicion(request, pk, clase, ancho):
    """An image at one of its widths, or cropped."""
    adjunto, es_publico = _entregable(request, pk)
    dibujo = get_object_or_404(adjunto.rendiciones, clase=clase, ancho=ancho)
    return _entregar(request, adjunto, dibujo.archivo, dibujo.sha256, es_publico, "image/webp")


@require_safe
def escudo(request):
    """The shield of the municipality, when it has uploaded one."""
    archivo = sitio_de(request).municipio.escudo
    if not archivo or not archivo.storage.exists(archivo.name):
        raise Http404
    return _si_cambio(request, archivo, archivo.name, content_type="image/webp")


def _si_cambio(request, archivo, etiqueta: str, **entrega) -> HttpResponseBase:
    """The file, or 304 to whoever keeps it; browsers ask again each time."""
    etag = f'"{etiqueta}"'
    respuesta: HttpResponseBase = get_conditional_response(request, etag=etag) or FileResponse(
        archivo.open("rb"), **entrega
    )
    respuesta.headers["Cache-Control"] = "public, no-cache"
    respuesta.headers["ETag"] = etag
    return respuesta


def _entregar(request, adjunto: Adjunto, archivo, huella: str, es_publico: bool, tipo="") -> HttpResponseBase:
    """The file, if its bytes are the authorised ones."""
    if not es_el_mismo(archivo, huella):
        registro.error("El adjunto %s no es el que se subió.", adjunto.pk)
        raise Http404
    respuesta = _si_cambio(
        request,
        archivo,
        huella,
        as_attachment=not adjunto.es_imagen,
        filename=adjunto.nombre,
        content_type=tipo or FORMATOS[adjunto.formato][1],
    )
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if not es_publico:
        respuesta.headers["Cache-Control"] = "private, no-store"
    return respuesta
