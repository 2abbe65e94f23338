"""Totals in the memory of each process, and how they reach the database: all at once, never in a page."""

import atexit
import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.signals import request_finished
from django.db import DatabaseError, DataError, InterfaceError, connection, transaction
from django.utils import timezone

from portal.audiencia import busquedas
from portal.models import Visita

registro = logging.getLogger(__name__)

#: What was seen is written before there is more than this of it.
JUNTAS = 500
#: Different things that are remembered while the database does not answer; later ones are lost.
DISTINTAS = 20_000
#: Sessions looked for at once: more cookies than this in a minute are made up.
SESIONES = 500

_SUMAR = """
INSERT INTO portal_visita (ruta, dia, que, quien, veces)
SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::int[])
ON CONFLICT (dia, ruta, que, quien) DO UPDATE SET veces = portal_visita.veces + excluded.veces
"""


class Visto(NamedTuple):
    """A page or a file that was taken. `sesion` is looked at when it is written, and never kept."""

    ruta: str
    dia: date
    que: str = Visita.Que.PAGINA
    robot: bool = False
    sesion: str = ""


class Contador:
    """Adds in memory and writes from time to time. Threads may share it."""

    def __init__(self) -> None:
        self._candado = Lock()
        self.olvidar()

    def olvidar(self) -> None:
        self._visitas: Counter[Visto] = Counter()
        self._busquedas: Counter[str] = Counter()
        self._sin_escribir = 0
        self._desde = time.monotonic()

    def sumar(self, visto: Visto) -> None:
        self._sumar(self._visitas, visto)

    def sumar_busqueda(self, texto: str) -> None:
        """One that found nothing; `texto` as `busquedas.normalizar` leaves it."""
        self._sumar(self._busquedas, texto)

    def _sumar(self, donde: Counter[Any], que: Visto | str) -> None:
        with self._candado:
            if que in donde or len(donde) < DISTINTAS:
                donde[que] += 1
                self._sin_escribir += 1

    def toca(self) -> bool:
        """Whether there is something to write and its time has come."""
        pasaron = time.monotonic() - self._desde
        return bool(self._sin_escribir) and (
            self._sin_escribir >= JUNTAS or pasaron >= settings.AUDIENCIA_CADA
        )

    def escribir(self) -> bool:
        """Write all that is in memory; False, and it waits in memory, when PostgreSQL does not answer."""
        with self._candado:
            visitas, buscado = self._visitas, self._busquedas
            self.olvidar()
        if not visitas and not buscado:
            return True
        try:
            with transaction.atomic():
                _guardar(visitas)
                busquedas.guardar(buscado)
        except DataError:  # it would never fit: what is kept would stop the count for ever
            registro.exception("Se perdieron visitas que PostgreSQL no acepta.")
        except (DatabaseError, InterfaceError) as error:
            registro.warning("Las visitas esperan en memoria: %s", error)
            with self._candado:
                self._visitas.update(visitas)
                self._busquedas.update(buscado)
                self._sin_escribir += 1  # tried again in a while, not at once
            return False
        return True


def _guardar(visitas: Counter[Visto]) -> None:
    """Add them to their days. In order, so that two processes at once never wait for each other."""
    del_personal = _del_personal({visto.sesion for visto in visitas if visto.sesion and not visto.robot})
    filas: Counter[tuple] = Counter()
    for visto, veces in visitas.items():
        filas[visto.dia, visto.ruta, str(visto.que), _quien(visto, del_personal)] += veces
    if not filas:
        return
    dias, rutas, ques, quienes = (list(columna) for columna in zip(*sorted(filas), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_SUMAR, [rutas, dias, ques, quienes, [filas[fila] for fila in sorted(filas)]])


def _quien(visto: Visto, del_personal: set[str]) -> str:
    if visto.robot:
        return str(Visita.Quien.ROBOT)
    return str(Visita.Quien.PERSONAL if visto.sesion in del_personal else Visita.Quien.PERSONA)


def _del_personal(sesiones: Iterable[str]) -> set[str]:
    """Those in which somebody of the alcaldía entered: citizens have no account. One query, if any."""
    claves = list(sesiones)[:SESIONES]
    if not claves:
        return set()
    vivas = Session.objects.filter(session_key__in=claves, expire_date__gt=timezone.now())
    return {sesion.session_key for sesion in vivas if SESSION_KEY in sesion.get_decoded()}


CONTADOR = Contador()


def escribir_si_toca(**_de_la_senal) -> None:
    """After an answer has left. Not inside somebody else's transaction, which could be undone."""
    if CONTADOR.toca() and not connection.in_atomic_block:
        CONTADOR.escribir()


def conectar() -> None:
    """Write every minute while there are requests, and when the process ends."""
    request_finished.connect(escribir_si_toca, dispatch_uid="audiencia")
    atexit.register(CONTADOR.escribir)
