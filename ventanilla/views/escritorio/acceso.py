"""Who enters the desk, what each may open there, and the register of who reads what is reserved."""

from datetime import datetime, timedelta
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.shortcuts import resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal.admin import sitio_admin
from portal.admin.sesion_terminada import lo_escrito, sesion_terminada
from portal.models import Usuario
from ventanilla.acceso import entra, lo_tramita, visibles
from ventanilla.models import LecturaReservada, Radicado

#: Reading a reserved one again in less than this is the same reading.
UNA_LECTURA = timedelta(minutes=10)


def del_escritorio(vista):
    """Anonymous people go to the login, without losing what they typed; whoever holds no post gets a 403."""

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


def marco(request, titulo: str, **contexto):
    """What the pages of the desk need around theirs."""
    return sitio_admin.each_context(request) | {"title": titulo, **contexto}


def se_lee(usuario: Usuario, radicado: Radicado) -> bool:
    """Whether one of those visible is shown whole: a reserved one, only to whoever handles it."""
    return not radicado.clase.reservada or lo_tramita(usuario, radicado)


def radicado_o_404(request, numero: str, que: str = "El radicado") -> Radicado:
    """The one of that number, for whoever may read it whole. Reading a reserved one is written down."""
    visto = visibles(request.user).enteros().select_related("peticionario", "formulario", "proyecto")
    radicado = visto.con_numero(numero).first()
    if radicado is None or not se_lee(request.user, radicado):
        raise Http404
    if radicado.clase.reservada:
        anotar_lectura(radicado, request.user, que)
    return radicado


def anotar_lectura(radicado: Radicado, usuario: Usuario, que: str, en: datetime | None = None) -> None:
    """Once for each person and thing read in `UNA_LECTURA`."""
    en = en or timezone.now()
    leidas = LecturaReservada.objects.filter(radicado=radicado, usuario=usuario, que=que)
    if not leidas.filter(en__gt=en - UNA_LECTURA).exists():
        LecturaReservada.objects.create(radicado=radicado, usuario=usuario, que=que, en=en)


def sumar_errores(form, error) -> None:
    """What a service refused, beside the field that said it, or over all of them."""
    por_campo = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for campo, mensajes in por_campo.items():
        for mensaje in mensajes:
            form.add_error(campo if campo in form.fields else None, mensaje)
