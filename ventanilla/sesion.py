"""The radicados that a person opened in this browser with number and code: nothing secret in the address."""

from datetime import timedelta

from django.utils import timezone

from ventanilla.models import Radicado

CLAVE = "radicados"
#: Without asking for anything, for this long: phones are borrowed.
INACTIVIDAD = timedelta(minutes=30)


def abrir(request, radicado: Radicado) -> None:
    """Let this browser follow it until it is closed or left alone."""
    ahora = timezone.now().timestamp()
    # What was left alone is forgotten: the session, also that of an official, says no more who read what.
    abiertos = {
        numero: visto
        for numero, visto in request.session.get(CLAVE, {}).items()
        if not _se_dejo(visto, ahora)
    }
    if not abiertos and not request.user.is_authenticated:
        request.session.cycle_key()
    abiertos[radicado.numero] = ahora
    request.session[CLAVE] = abiertos


def _se_dejo(visto: float, ahora: float) -> bool:
    return ahora - visto > INACTIVIDAD.total_seconds()


def abierto(request, numero: str) -> Radicado | None:
    """The one of that number, if this browser opened it and did not leave it alone; each reading counts."""
    visto = request.session.get(CLAVE, {}).get(numero)
    if visto is None or _se_dejo(visto, timezone.now().timestamp()):
        return None
    radicado = Radicado.objects.enteros().con_numero(numero).first()
    if radicado is not None:
        abrir(request, radicado)
    return radicado


def cerrar(request, numero: str) -> None:
    """Forget it in this browser."""
    abiertos = request.session.get(CLAVE, {})
    if abiertos.pop(numero, None) is not None:
        request.session[CLAVE] = abiertos
