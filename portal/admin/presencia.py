"""What the page where one writes asks the portal each twenty seconds, and before it sends."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from portal.redaccion import presencia

#: No number of ours is longer, and Python refuses to read one of thousands of digits.
LARGO_DE_UN_NUMERO = 20


def rutas(admin):
    """The addresses of the pulse, for the VersionAdmin. They answer 401 when nobody is inside."""

    # Not through `admin_view`: whoever is out must be told so, not sent to a page to enter.
    @never_cache
    @require_safe
    def ficha(request):
        """A token for the form: the one it has is of no use after entering again."""
        if not admin.admin_site.has_permission(request):
            return JsonResponse({}, status=401)
        return JsonResponse({"ficha": get_token(request)})

    @never_cache
    @require_POST
    @csrf_protect
    def pulso(request, pk: int):
        """Who else has it open and what happened to it."""
        if not admin.admin_site.has_permission(request):
            return JsonResponse({}, status=401)
        version = admin.get_queryset(request).filter(pk=pk).first()
        if version is None:
            return JsonResponse({}, status=404)
        if "salio" in request.POST:
            presencia.salir(version, request.user)
        elif version.editable:
            presencia.llegar(version, request.user)
        revision = request.POST.get("revision", "")[:LARGO_DE_UN_NUMERO]
        novedad = presencia.novedad(version, int(revision)) if revision.isdecimal() else ""
        return JsonResponse({"otros": presencia.otros(version, request.user), "novedad": novedad})

    return [
        path("ficha/", ficha, name="portal_version_ficha"),
        path("<int:pk>/pulso/", pulso, name="portal_version_pulso"),
    ]
