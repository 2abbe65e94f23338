"""Who enters the desk, what each may open there, and the register of who reads what is reserved."""

from datetime import datetime, timedelta

from django.http import Http404
from django.utils import timezone

from portal import escritorio
from portal.models import Usuario
from ventanilla.acceso import entra, lo_tramita, visibles
from ventanilla.models import LecturaReservada, Radicado

#: Reading a reserved one again in less than this is the same reading.
UNA_LECTURA = timedelta(minutes=10)


#: Whoever holds no post gets a 403.
del_escritorio = escritorio.del_escritorio(entra)


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
