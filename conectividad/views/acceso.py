"""Who enters the screens of the log: those who write in it, and whoever administers the site, who reads."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache

from conectividad.permisos import puede_anotar
from portal.admin import sitio_admin
from portal.admin.permisos import organiza


def pide_json(request) -> bool:
    """Whether the script of the form asks, which wants data and not a page."""
    return "application/json" in request.headers.get("Accept", "")


def de_la_bitacora(vista):
    """Anonymous people go to the login; whoever has nothing to do here gets a 403."""

    @never_cache
    @wraps(vista)
    def guardada(request, *args, **kwargs):
        if any("\x00" in valor for _campo, lista in request.GET.lists() for valor in lista):
            raise SuspiciousOperation("A null byte in what was sent.")
        if not request.user.is_authenticated:
            if pide_json(request):
                return JsonResponse({"entrar": resolve_url("admin:login")}, status=401)
            return redirect_to_login(request.get_full_path(), resolve_url("admin:login"))
        if not ve_la_bitacora(request.user):
            raise PermissionDenied
        return vista(request, *args, **kwargs)

    return guardada


def ve_la_bitacora(usuario) -> bool:
    return usuario.is_active and usuario.is_staff and (puede_anotar(usuario) or organiza(usuario))


def exigir_que_anote(usuario) -> None:
    """Raises PermissionDenied: to administer the site is not to answer for its log."""
    if not puede_anotar(usuario):
        raise PermissionDenied


def del_escritorio(request, titulo: str, **contexto):
    """What the pages of the desk need around theirs."""
    return sitio_admin.each_context(request) | {
        "title": titulo,
        "formulario": reverse("conectividad:nuevo"),
        **contexto,
    }
