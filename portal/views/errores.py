"""Error pages in the look of the site that need no database."""

from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def csrf(request, reason=""):
    """The form came without its mark, perhaps because it was open for a long time."""
    return render(request, "403_csrf.html", status=403)


def solicitud_incorrecta(request, exception=None):
    return render(request, "400.html", status=400)


def prohibido(request, exception=None):
    """To anybody, where to enter; to who already did, what is missing and who can give it."""
    persona = getattr(request, "user", None)
    if persona is None or not persona.is_authenticated:
        return render(request, "403.html", status=403)
    contexto = {"persona": persona, "por_que": str(exception or "")}
    respuesta = render(request, "403.html", contexto, status=403)
    add_never_cache_headers(respuesta)
    return respuesta


def no_encontrado(request, exception=None):
    return render(request, "404.html", status=404)


def falla(request):
    return render(request, "500.html", status=500)
