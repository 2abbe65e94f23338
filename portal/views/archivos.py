from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.archivos import FORMATOS
from portal.models import Adjunto, Publicacion, Version


def _adjunto_legible(request, pk: int) -> Adjunto:
    """The attachment of a text the public may read, or of any text for whoever works in the admin."""
    adjunto = get_object_or_404(Adjunto.objects.select_related("version__publicacion"), pk=pk)
    publicacion = adjunto.version.publicacion
    es_publico = (
        adjunto.version_id == publicacion.version_publica_id
        and Publicacion.objects.visibles().filter(pk=publicacion.pk).exists()
    )
    if (
        not es_publico
        and not Version.objects.legibles_por(request.user).filter(pk=adjunto.version_id).exists()
    ):
        raise Http404
    return adjunto


@require_safe
def archivo(request, pk, nombre):
    """An attachment under the name people gave it. Only images are shown in the page."""
    adjunto = _adjunto_legible(request, pk)
    return _entregar(adjunto.archivo, adjunto, como_adjunto=not adjunto.es_imagen)


@require_safe
def miniatura(request, pk):
    adjunto = _adjunto_legible(request, pk)
    if not adjunto.miniatura:
        raise Http404
    return _entregar(adjunto.miniatura, adjunto, tipo="image/webp", como_adjunto=False)


def _entregar(archivo, adjunto: Adjunto, *, como_adjunto: bool, tipo: str = "") -> FileResponse:
    try:
        abierto = archivo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    respuesta = FileResponse(
        abierto,
        as_attachment=como_adjunto,
        filename=adjunto.nombre,
        content_type=tipo or FORMATOS[adjunto.formato][1],
    )
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    respuesta.headers["Cache-Control"] = "public, max-age=3600"
    return respuesta
