from django.http import Http404


def informe(request, **kwargs):
    raise Http404


def informe_csv(request, **kwargs):
    raise Http404
