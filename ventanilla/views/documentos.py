from django.http import Http404


def documento(request, **kwargs):
    raise Http404


def documento_pdf(request, **kwargs):
    raise Http404
