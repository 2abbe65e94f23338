from django.http import Http404


def cifras(request, **kwargs):
    raise Http404


def cifras_csv(request, **kwargs):
    raise Http404
