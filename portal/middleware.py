"""Headers of every answer, and what happens when the database does not answer."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render

from portal.copias import copia_de, guardar_copia, olvidar_copia

registro = logging.getLogger(__name__)

#: What PostgreSQL says when two transactions wait for each other or one waits too long.
CHOQUES = {"40P01", "55P03"}
#: Apps whose pages anybody gets the same. Others add theirs in their `ready()`.
APPS_PUBLICAS = {"portal"}
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
        if es_pagina_publica(request, response):
            # Kept, but asked for again each time: what changed is seen at once, what did not costs 304.
            response.headers.setdefault("Cache-Control", "public, no-cache")
        return response


class SitioSinBase:
    """Keep the last good copy of each public page and serve it when PostgreSQL does not answer."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.guardadas: dict[str, int] = {}

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "GET" and not request.GET and not getattr(request, "sin_base", False):
            self._actualizar_copia(request, response)
        return response

    def _actualizar_copia(self, request, response) -> None:
        """Keep a good page once per edición; forget one that is no longer there."""
        if es_pagina_publica(request, response):
            es_html = response.headers.get("Content-Type", "").startswith("text/html")
            if es_html and hasattr(request, "sitio"):
                edicion = request.sitio.edicion
                if self.guardadas.get(request.path) != edicion:
                    guardar_copia(request.path, response.content)
                    self.guardadas[request.path] = edicion
        elif self.guardadas.pop(request.path, None):
            olvidar_copia(request.path)

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        if getattr(exception.__cause__, "pgcode", None) in CHOQUES:
            registro.warning("Dos personas a la vez en %s: %s", request.path, exception)
            return render(request, "409.html", status=409)
        registro.error("PostgreSQL no responde: %s", exception)
        request.sin_base = True
        leer = request.method in {"GET", "HEAD"} and not request.GET
        copia = copia_de(request.path) if leer else None
        if copia is None:
            no_disponible = render(request, "503.html", status=503)
            no_disponible.headers["Retry-After"] = "60"
            return no_disponible
        return HttpResponse(
            copia.replace(MARCA_DE_AVISO, AVISO_SIN_BASE, 1), headers={"Cache-Control": "no-store"}
        )


def es_pagina_publica(request, response) -> bool:
    """A page of ours that anybody gets the same: read with GET, found, without cookies, that may be kept."""
    ruta = getattr(request, "resolver_match", None)
    return bool(
        ruta
        and ruta.app_name in APPS_PUBLICAS
        and request.method == "GET"
        and response.status_code == 200
        and not response.cookies
        and not response.streaming
        and "Cookie" not in response.headers.get("Vary", "")
        and "no-store" not in response.headers.get("Cache-Control", "")
    )
