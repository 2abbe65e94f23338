"""Error pages in the look of the site that need no database."""

from django.shortcuts import render


def csrf(request, reason=""):
    """The form came without its mark, perhaps because it was open for a long time."""
    return render(request, "403_csrf.html", status=403)


def solicitud_incorrecta(request, exception=None):
    return render(request, "400.html", status=400)


def prohibido(request, exception=None):
    return render(request, "403.html", status=403)


def no_encontrado(request, exception=None):
    return render(request, "404.html", status=404)


def falla(request):
    return render(request, "500.html", status=500)
