"""One-use codes for a consulta that not everybody answers: printed in slips, kept only as a keyed hash."""

from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from participacion.models import Codigo, Consulta
from participacion.services import exigir_que_escribe
from portal.flujo import CondicionIncumplida
from portal.models import Usuario
from portal.secretos import codigo_de, letras_de

#: 48 bits: whoever guesses is stopped by the limits of the form long before.
LARGO = 10
MAXIMO_POR_TANDA = 200


def huella_del_codigo(consulta: Consulta, codigo: str) -> str:
    """What is kept of a code: without the key of the site nobody can try them all."""
    texto = f"{consulta.pk}:{letras_de(codigo)}"
    return salted_hmac("participacion.codigo", texto, algorithm="sha256").hexdigest()


def codigos_de(consulta: Consulta, clave: UUID, cuantos: int) -> list[str]:
    """The codes of a batch, in two groups of five: the same for the form that is sent twice."""
    return [_codigo(f"{consulta.pk}:{clave}:{n}") for n in range(cuantos)]


def _codigo(semilla: str) -> str:
    octetos = salted_hmac("participacion.tanda", semilla, algorithm="sha256").digest()
    return codigo_de(octetos, LARGO, grupo=LARGO // 2)


@transaction.atomic
def generar(consulta: Consulta, cuantos: int, *, por: Usuario, clave: UUID) -> list[str]:
    """The codes of a batch, to be printed now: what is kept cannot be turned back into them.

    The same form (`clave`) gives the same ones. Raises SinPermiso or CondicionIncumplida.
    """
    exigir_que_escribe(consulta, por)
    if consulta.responden != Consulta.Responden.CON_CODIGO:
        raise CondicionIncumplida("Esta consulta no pide código.")
    if consulta.estado not in Consulta.PUBLICAS or consulta.cerrada():
        raise CondicionIncumplida("Los códigos se hacen cuando la consulta está autorizada y no ha cerrado.")
    codigos = codigos_de(consulta, clave, min(cuantos, MAXIMO_POR_TANDA))
    Codigo.objects.bulk_create(
        [Codigo(consulta=consulta, huella=huella_del_codigo(consulta, codigo)) for codigo in codigos],
        ignore_conflicts=True,
    )
    return codigos


def gastar_codigo(consulta: Consulta, codigo: str) -> bool:
    """Spend it; False when there is no such code or it was spent. Two at once: only one gets it."""
    huella = huella_del_codigo(consulta, codigo)
    return bool(Codigo.objects.filter(consulta=consulta, huella=huella, usado=False).update(usado=True))
