"""To answer: once, without saying who. What keeps anybody from repeating stays apart from what was said."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from participacion.codigos import gastar_codigo
from participacion.models import Consulta, Eleccion, Gastado, Hoja, Opcion, Pregunta, Rechazo, Respuesta
from participacion.services import gastar
from portal import freno

#: A form may be open this long before it is sent.
VIDA_DE_LA_FICHA = timedelta(days=2)
_SAL = "participacion.ficha"
#: By address: wide, because a whole village may leave by one.
MAXIMO_POR_RATO, RATO = 40, timedelta(minutes=10)
MAXIMO_POR_DIA, DIA = 400, timedelta(days=1)


class NoRecibida(Exception):
    """The answer was not taken. `causa` is one of Rechazo.Causa; its text is for people, in Spanish."""

    causa: str

    def __init__(self, mensaje: str, causa: str) -> None:
        super().__init__(mensaje)
        self.causa = causa


class YaRespondida(NoRecibida):
    """This very form was already sent: whoever sees it should see the same thanks."""

    def __init__(self) -> None:
        super().__init__("Este formulario ya se había enviado.", Rechazo.Causa.REPETIDA)


class NoEstaAbierta(NoRecibida):
    def __init__(self) -> None:
        super().__init__("La consulta no está abierta.", Rechazo.Causa.FUERA)


class CodigoMalo(NoRecibida):
    def __init__(self) -> None:
        super().__init__(
            "Ese código no existe o ya se usó. Revise las letras y los números de su papel.",
            Rechazo.Causa.CODIGO,
        )


class Demasiadas(NoRecibida):
    def __init__(self) -> None:
        super().__init__(
            "Desde su conexión llegaron muchas respuestas en poco tiempo. Lo que respondió sigue aquí: "
            "espere un rato y envíelo otra vez, o pida la hoja de papel en la alcaldía.",
            Rechazo.Causa.MUCHAS,
        )


@dataclass(frozen=True)
class Elegida:
    """What is answered to a question, before it is kept."""

    pregunta: Pregunta
    opcion: Opcion | None = None
    valor: int | None = None
    texto: str = ""


# --- The form that is good once -----------------------------------------------------------------
def nueva_ficha(consulta: Consulta) -> str:
    """What makes a form good once, signed by us: it is in nobody's cookie."""
    return signing.dumps([consulta.pk, uuid4().hex], salt=_SAL)


def huella_de_ficha(consulta: Consulta, ficha: str) -> str:
    """What is kept of a form that was sent; "" when we did not write it for this consulta, or long ago."""
    try:
        de, numero = signing.loads(ficha, salt=_SAL, max_age=VIDA_DE_LA_FICHA)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return hashlib.sha256(f"ficha:{numero}".encode()).hexdigest() if de == consulta.pk else ""


def ya_se_uso(huella: str) -> bool:
    return Gastado.objects.filter(huella=huella).exists()


# --- Answering ----------------------------------------------------------------------------------
def hay_calma(que: str, direccion: str, *, en: datetime | None = None) -> bool:
    """Count a try of `que` from that address; False when too many came."""
    return freno.intentar(que, direccion, maximo=MAXIMO_POR_RATO, cada=RATO, en=en) and freno.intentar(
        f"{que}:dia", direccion, maximo=MAXIMO_POR_DIA, cada=DIA, en=en
    )


def exigir_calma(consulta: Consulta, direccion: str, *, en: datetime | None = None) -> None:
    """Count a try from that address. Raises Demasiadas."""
    if not hay_calma(f"respuesta:{consulta.pk}", direccion, en=en):
        raise Demasiadas


@transaction.atomic
def responder(
    consulta: Consulta,
    elegidas: Iterable[Elegida],
    *,
    ficha: str,
    codigo: str = "",
    en: datetime | None = None,
) -> Respuesta:
    """Keep an answer given on the page. `ficha` is the hash of its form.

    Raises NoEstaAbierta, YaRespondida or CodigoMalo, and then nothing is kept nor spent.
    """
    en = en or timezone.now()
    if not Consulta.objects.abiertas(en).filter(pk=consulta.pk).exists():
        raise NoEstaAbierta
    if not gastar(consulta, ficha):
        raise YaRespondida
    if consulta.responden == Consulta.Responden.CON_CODIGO and not gastar_codigo(consulta, codigo):
        raise CodigoMalo
    try:
        with transaction.atomic():
            return guardar_respuesta(consulta, elegidas, en=en)
    except IntegrityError:
        # PostgreSQL refused it: somebody closed the consulta meanwhile.
        if Consulta.objects.abiertas(en).filter(pk=consulta.pk).exists():
            raise
        raise NoEstaAbierta from None


def guardar_respuesta(
    consulta: Consulta, elegidas: Iterable[Elegida], *, en: datetime, hoja: Hoja | None = None
) -> Respuesta:
    """The rows of an answer: of its moment only the day. PostgreSQL refuses what is of another consulta."""
    respuesta = Respuesta.objects.create(
        consulta=consulta,
        origen=Respuesta.Origen.PAPEL if hoja else Respuesta.Origen.WEB,
        dia=timezone.localdate(en),
        hoja=hoja,
    )
    Eleccion.objects.bulk_create(
        [
            Eleccion(
                respuesta=respuesta,
                pregunta=elegida.pregunta,
                opcion=elegida.opcion,
                valor=elegida.valor,
                texto=elegida.texto,
            )
            for elegida in elegidas
        ]
    )
    return respuesta
