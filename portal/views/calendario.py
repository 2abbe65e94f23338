"""The editorial calendar of one person, for a calendar program that cannot enter with a password."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.redaccion import vencimientos


@never_cache
@require_safe
def privado(request, token: str):
    """Whoever has the address reads it; see `portal.redaccion.vencimientos.de_quien_es`."""
    usuario = vencimientos.de_quien_es(token)
    if usuario is None:
        raise Http404
    en = timezone.now()
    suyos = vencimientos.para_un_programa(usuario, en)
    return HttpResponse(
        vencimientos.a_ics(suyos, en=en, sitio=settings.PORTAL_URL),
        content_type="text/calendar; charset=utf-8",
        headers={"X-Robots-Tag": "noindex, nofollow"},
    )
