from django.http import Http404


def consulta(request, **kwargs):
    raise Http404


def seguimiento(request, **kwargs):
    raise Http404


def salir(request, **kwargs):
    raise Http404


def anexo(request, **kwargs):
    raise Http404


def actuar(request, **kwargs):
    raise Http404
