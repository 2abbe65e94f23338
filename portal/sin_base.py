"""What somebody sent while PostgreSQL does not answer: it goes back to them, ready to be sent again."""

import logging
from collections.abc import Callable
from functools import wraps

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

registro = logging.getLogger(__name__)
MARCA = "csrfmiddlewaretoken"


def sin_perder_lo_escrito(vista: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: when PostgreSQL does not answer to a POST, 503 with what was sent. What is read still fails.

    For forms that do their work once (a `clave`, a mark that is good once): what had arrived is not repeated.
    """

    @wraps(vista)
    def protegida(request, *args, **kwargs):
        try:
            return vista(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if request.method != "POST":
                raise
            registro.error("PostgreSQL no responde: %s", error)
            request.sin_base = True
            return _devolver(request)

    return protegida


def _devolver(request) -> HttpResponse:
    """What came, in a form to the same address, without a query; what has several words, also in sight."""
    enviado = [
        (campo, valor) for campo, valores in request.POST.lists() for valor in valores if campo != MARCA
    ]
    contexto = {
        "enviado": enviado,
        "escrito": [valor for _campo, valor in enviado if len(valor.split()) > 1],
        "con_archivo": bool(request.FILES),
        # A form that came without it is one that sets no cookie.
        "con_marca": MARCA in request.POST,
    }
    respuesta = render(request, "sin_base.html", contexto, status=503)
    respuesta.headers["Retry-After"] = "60"
    add_never_cache_headers(respuesta)
    return respuesta
