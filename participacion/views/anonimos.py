"""What anybody sends without a session."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from portal.sin_base import sin_perder_lo_escrito

#: Bytes. Ten times the longest thing that these forms take, whatever its letters.
TAMANO_MAXIMO = 150_000


def sin_sesion(vista: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of a public form that sets no cookie and loses nothing when PostgreSQL does not answer.

    The CSRF mark needs one, and protects the rights of a session: here nobody uses theirs, whoever they are.
    What another site could still do, have its visitors send this, browsers tell: it is refused.
    """

    @csrf_exempt
    @sin_perder_lo_escrito
    @wraps(vista)
    def protegida(request, *args, **kwargs):
        if request.method == "POST" and not es_de_esta_pagina(request):
            return no_llego(request)
        return vista(request, *args, **kwargs)

    return protegida


def es_de_esta_pagina(request) -> bool:
    """Whether it was sent from our own pages, or by a browser too old to say it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origen = request.headers.get("Origin")
    try:
        return origen is None or urlsplit(origen).netloc == request.get_host()
    except ValueError:  # no browser writes one like that
        return False


def demasiado_largo(request) -> bool:
    """Whether more was sent than any person writes: it is not even read."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > TAMANO_MAXIMO


def recordar(respuesta: HttpResponse, que: str, *, en: str, dura: timedelta) -> HttpResponse:
    """Set the cookie `que` for the addresses under `en`: this device did that, and neither what nor who."""
    respuesta.set_cookie(
        que,
        "si",
        max_age=dura,
        path=en,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return respuesta


def no_llego(request, estado: int = 400) -> HttpResponse:
    """What was sent cannot be understood, and what to do."""
    return render(request, "participacion/opinion_no_llego.html", status=estado)
