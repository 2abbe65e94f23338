"""Paper: numbered sheets for whoever does not use the page, entered by an official and counted the same."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from participacion.models import Consulta, Hoja, Respuesta
from participacion.respuestas import Elegida, guardar_respuesta
from participacion.services import exigir_que_escribe, gastar, huella_de_clave
from portal.calendario import sumar_habiles
from portal.flujo import CondicionIncumplida
from portal.models import Usuario

#: Our own rule: working days after closing in which sheets that were filled in time can still be entered.
DIAS_PARA_DIGITAR = 10
MAXIMO_POR_TANDA = 100


def digitar_hasta(consulta: Consulta) -> date:
    """The last day to enter sheets. One query."""
    return sumar_habiles(timezone.localdate(consulta.termina_en), DIAS_PARA_DIGITAR)


def se_digita(consulta: Consulta, en: datetime) -> bool:
    """Whether sheets can be entered at that moment."""
    empezo = consulta.estado in Consulta.PUBLICAS and en >= consulta.abre_en
    return empezo and timezone.localdate(en) <= digitar_hasta(consulta)


def siguiente(hoja: Hoja) -> Hoja | None:
    """The one to enter after that one: those that follow it, then those of before. None when all are done."""
    faltan = hoja.consulta.hojas.sin_digitar()
    return faltan.filter(numero__gt=hoja.numero).first() or faltan.first()


@transaction.atomic
def imprimir(
    consulta: Consulta, cuantas: int, *, por: Usuario, clave: UUID, en: datetime | None = None
) -> list[Hoja]:
    """The next sheets, numbered without gaps. The same form (`clave`) sent twice makes none: [].

    Raises SinPermiso, or CondicionIncumplida when the consulta is not authorised or has closed.
    """
    en = en or timezone.now()
    consulta = Consulta.objects.select_for_update(of=("self",)).select_related("canal").get(pk=consulta.pk)
    exigir_que_escribe(consulta, por, en)
    if consulta.estado not in Consulta.PUBLICAS or consulta.cerrada(en):
        raise CondicionIncumplida("Las hojas se imprimen cuando la consulta está autorizada y no ha cerrado.")
    if not gastar(consulta, huella_de_clave(clave, "hojas")):
        return []
    ultima = consulta.hojas.aggregate(ultima=Max("numero"))["ultima"] or 0
    numeros = range(ultima + 1, ultima + 1 + min(cuantas, MAXIMO_POR_TANDA))
    return Hoja.objects.bulk_create(
        [Hoja(consulta=consulta, numero=numero, impresa_por=por, impresa_en=en) for numero in numeros]
    )


@transaction.atomic
def digitar(
    hoja: Hoja, elegidas: Iterable[Elegida], *, por: Usuario, en: datetime | None = None
) -> Respuesta:
    """Keep what a sheet says, once. Raises SinPermiso or CondicionIncumplida."""
    en = en or timezone.now()
    hoja = _abierta(hoja, por, en)
    if not se_digita(hoja.consulta, en):
        raise CondicionIncumplida(
            "Ya pasó el plazo para digitar las hojas de esta consulta, o no ha abierto."
        )
    respuesta = guardar_respuesta(hoja.consulta, elegidas, en=en, hoja=hoja)
    hoja.digitada_por, hoja.digitada_en = por, en
    hoja.save(update_fields=["digitada_por", "digitada_en"])
    return respuesta


@transaction.atomic
def anular(hoja: Hoja, *, por: Usuario, motivo: str, en: datetime | None = None) -> Hoja:
    """A sheet that does not count: lost, torn, filled wrong. Raises SinPermiso or CondicionIncumplida."""
    hoja = _abierta(hoja, por, en)
    if not motivo.strip():
        raise CondicionIncumplida("Escriba por qué la hoja no cuenta.")
    hoja.anulada_motivo = motivo.strip()
    hoja.save(update_fields=["anulada_motivo"])
    return hoja


def _abierta(hoja: Hoja, por: Usuario, en: datetime | None) -> Hoja:
    """The sheet, locked, if nobody entered it nor annulled it."""
    hoja = Hoja.objects.select_for_update(of=("self",)).select_related("consulta__canal").get(pk=hoja.pk)
    exigir_que_escribe(hoja.consulta, por, en)
    if hoja.digitada_en:
        raise CondicionIncumplida(f"{hoja} ya se digitó: una hoja se digita una sola vez.")
    if hoja.anulada_motivo:
        raise CondicionIncumplida(f"{hoja} se anuló: no cuenta.")
    return hoja
