"""How a file of a radicado leaves, for whoever the view that calls this let in."""

import logging

from django.http import FileResponse, Http404

from portal.archivos import FORMATOS
from portal.models.version import es_el_mismo
from ventanilla.models import Anexo

registro = logging.getLogger(__name__)


def entregar(anexo: Anexo) -> FileResponse:
    """The file, always to be saved: never shown where it could run. Raises Http404 if its bytes changed."""
    if not es_el_mismo(anexo.archivo, anexo.sha256):
        registro.error("El anexo %s no es el que se subió.", anexo.pk)
        raise Http404
    respuesta = FileResponse(
        anexo.archivo.open("rb"),
        as_attachment=True,
        filename=anexo.nombre,
        content_type=FORMATOS[anexo.formato][1],
    )
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    respuesta.headers["X-Content-Type-Options"] = "nosniff"
    return respuesta
