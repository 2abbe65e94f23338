"""`/soporte/`: what the alcaldía publishes there, and the support table with its search."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import soporte
from portal.busqueda import limpiar
from portal.models import Publicacion
from portal.views.publico import contexto_de, leer, publicaciones_de_ruta_fija


@require_safe
def tabla(request):
    """Anybody reads it, with the text or without it. What was withdrawn from that address says so."""
    texto = limpiar(request.GET.get("q", ""))
    publicacion = publicaciones_de_ruta_fija().filter(ruta_fija=request.path).first()
    if publicacion and publicacion.retirada_clase in {
        Publicacion.Retiro.UNIFICADA,
        Publicacion.Retiro.ERROR,
    }:
        return leer(request, publicacion)
    procedimientos = soporte.procedimientos(texto)
    if not (publicacion or procedimientos or texto):
        raise Http404
    contexto = {"texto": texto, "procedimientos": procedimientos, "marco": "base.html"}
    if publicacion:
        contexto |= contexto_de(publicacion, publicacion.version_publica)
        contexto["marco"] = "portal/publicacion.html"
    return render(request, "portal/soporte.html", contexto)
