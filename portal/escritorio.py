"""What a desk is: pages of officials outside the stock admin, with its look and its login."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache

from portal.admin import sitio_admin
from portal.admin.sesion_terminada import lo_escrito, sesion_terminada
from portal.models import Usuario


def del_escritorio(entra: Callable[[Usuario], bool]):
    """Decorator of a desk for those that `entra` lets in; the rest get a 403.

    Anonymous people go to the login, without losing what they typed.
    """

    def decorar(vista):
        @never_cache
        @wraps(vista)
        def guardada(request, *args, **kwargs):
            for enviado in (request.GET, request.POST):
                if any("\x00" in valor for _campo, lista in enviado.lists() for valor in lista):
                    raise SuspiciousOperation("A null byte in what was sent.")
            if not request.user.is_authenticated:
                if lo_escrito(request):
                    return sesion_terminada(request, sitio_admin)
                return redirect_to_login(request.get_full_path(), resolve_url("admin:login"))
            if not entra(request.user):
                raise PermissionDenied
            respuesta = vista(request, *args, **kwargs)
            respuesta.headers["X-Robots-Tag"] = "noindex, nofollow"
            return respuesta

        return guardada

    return decorar


#: Of a desk that asks by itself who may do each thing.
con_sesion = del_escritorio(lambda usuario: usuario.is_active)


def marco(request, titulo: str, **contexto):
    """What the pages of a desk need around theirs."""
    return sitio_admin.each_context(request) | {"title": titulo, **contexto}
