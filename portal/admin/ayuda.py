"""The manual, read inside the admin."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from portal import ayuda
from portal.admin.sitio import sitio_admin
from portal.busqueda import limpiar


@require_safe
def indice(request):
    """The first page of the manual, and what a search finds in all of them."""
    texto = limpiar(request.GET.get("q", ""))
    contexto = sitio_admin.each_context(request) | {
        "title": "Ayuda",
        "texto": texto,
        "halladas": ayuda.buscar(texto),
        "pagina": ayuda.pagina(ayuda.INDICE),
    }
    return TemplateResponse(request, "admin/ayuda.html", contexto)


@require_safe
def pagina(request, slug: str):
    hallada = ayuda.pagina(slug)
    if hallada is None or slug == ayuda.INDICE:
        raise Http404
    contexto = sitio_admin.each_context(request) | {"title": hallada.titulo, "pagina": hallada}
    return TemplateResponse(request, "admin/ayuda_pagina.html", contexto)


@require_safe
def imagen(request, nombre: str):
    archivo = ayuda.imagen(nombre)
    if archivo is None:
        raise Http404
    return HttpResponse(archivo.read_bytes(), content_type="image/png")


sitio_admin.rutas += [
    path("ayuda/", sitio_admin.admin_view(indice), name="ayuda"),
    path("ayuda/imagenes/<str:nombre>", sitio_admin.admin_view(imagen), name="ayuda_imagen"),
    path("ayuda/<slug:slug>/", sitio_admin.admin_view(pagina), name="ayuda_pagina"),
]
