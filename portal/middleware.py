"""Headers of every answer, and what happens when the database does not answer."""

import logging

from django.core.cache import caches
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render

registro = logging.getLogger(__name__)

MARCA_DE_AVISO = b"<!--aviso-->"
AVISO_SIN_BASE = (
    '<p class="aviso" role="status"><strong>Estamos con una falla.</strong> Esta página se muestra '
    "como estaba la última vez que se pudo leer. Puede no estar al día.</p>"
).encode()


class Cabeceras:
    """Security headers that neither Django nor django-csp sets, and how long a page may be kept."""

    FIJAS = {
        "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), "
        "microphone=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for nombre, valor in self.FIJAS.items():
            response.headers.setdefault(nombre, valor)
        if _es_pagina_publica(request, response):
            # Kept, but asked for again each time: what changed is seen at once, what did not costs 304.
            response.headers.setdefault("Cache-Control", "public, no-cache")
        return response


class SitioSinBase:
    """Keep the last good copy of each public page and serve it when PostgreSQL does not answer."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.copias = caches["copias"]
        self.guardadas: dict[str, int] = {}

    def __call__(self, request):
        response = self.get_response(request)
        if (
            _es_pagina_publica(request, response)
            and not request.GET
            and hasattr(request, "sitio")
            and not getattr(request, "sin_base", False)
            and response.headers.get("Content-Type", "").startswith("text/html")
        ):
            edicion = request.sitio.edicion
            if self.guardadas.get(request.path) != edicion:
                self.copias.set(request.path, response.content)
                self.guardadas[request.path] = edicion
        return response

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        registro.error("PostgreSQL no responde: %s", exception)
        request.sin_base = True
        copia = self.copias.get(request.path) if request.method in {"GET", "HEAD"} else None
        if copia is None:
            no_disponible = render(request, "503.html", status=503)
            no_disponible.headers["Retry-After"] = "60"
            return no_disponible
        return HttpResponse(
            copia.replace(MARCA_DE_AVISO, AVISO_SIN_BASE, 1), headers={"Cache-Control": "no-store"}
        )


def _es_pagina_publica(request, response) -> bool:
    """A page of ours that anybody gets the same: read with GET, found, and that sets no cookie."""
    ruta = getattr(request, "resolver_match", None)
    return bool(
        ruta
        and ruta.app_name == "portal"
        and request.method == "GET"
        and response.status_code == 200
        and not response.cookies
        and not response.streaming
        and "Cookie" not in response.headers.get("Vary", "")
    )
