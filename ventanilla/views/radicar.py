from django.http import Http404


def pqrsd(request, **kwargs):
    raise Http404


def solicitar(request, **kwargs):
    raise Http404


def continuar(request, **kwargs):
    raise Http404


def borrador(request, **kwargs):
    raise Http404


def progreso(request, **kwargs):
    raise Http404


def acuse(request, **kwargs):
    raise Http404


def acuse_pdf(request, **kwargs):
    raise Http404


def quitar_anexo(request, **kwargs):
    raise Http404


def paso(request, **kwargs):
    raise Http404
