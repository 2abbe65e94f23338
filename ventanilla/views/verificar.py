from django.http import Http404


def buscar(request, **kwargs):
    raise Http404


def verificar(request, **kwargs):
    raise Http404
