from django.http import Http404


def radicados(request, **kwargs):
    raise Http404


def nuevo(request, **kwargs):
    raise Http404


def subcaso(request, **kwargs):
    raise Http404


def radicado(request, **kwargs):
    raise Http404


def dar_paso(request, **kwargs):
    raise Http404


def proyecto(request, **kwargs):
    raise Http404


def mensaje(request, **kwargs):
    raise Http404


def pedir_subcaso(request, **kwargs):
    raise Http404


def anexo(request, **kwargs):
    raise Http404
