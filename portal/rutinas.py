"""Periodic work: each app declares its rutinas, one command runs what is due, once across processes."""

import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from portal.models import EjecucionDeRutina

#: A timer that comes a little early has come.
TOLERANCIA = timedelta(seconds=5)
#: Runs kept of each rutina.
MEMORIA = 200


@dataclass(frozen=True)
class Rutina:
    """A name, a cadence and a function that takes the moment and returns what it did, in Spanish.

    It is undone whole when it fails, unless it says that each thing it does is a transaction of its own.
    With `horas`, it waits for those of the day, the last one not included, for at most another cadence.
    """

    nombre: str
    titulo: str
    cada: timedelta
    funcion: Callable[[datetime], str]
    en_una_transaccion: bool = True
    horas: tuple[int, int] = (0, 24)


registro: dict[str, Rutina] = {}


def declarar(nombre: str, titulo: str, **detalles) -> None:
    """Declare a Rutina, from the `ready()` of the app it belongs to."""
    registro[nombre] = Rutina(nombre, titulo, **detalles)


@contextmanager
def a_solas(nombre: str) -> Iterator[bool]:
    """Hold an advisory lock of PostgreSQL; False when another process has it."""
    clave = zlib.crc32(f"rutina:{nombre}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [clave])
        tomado = cursor.fetchone()[0]
    try:
        yield tomado
    finally:
        if tomado:  # a new cursor: the rutina may have lost the connection, and the lock with it
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [clave])


def toca(cual: Rutina, en: datetime) -> bool:
    """Whether its cadence has passed since its last start, and it is its time of the day."""
    ultima = EjecucionDeRutina.objects.filter(rutina=cual.nombre).first()
    if ultima is None:
        return True
    atraso = en + TOLERANCIA - ultima.inicio - cual.cada
    es_su_hora = timezone.localtime(en).hour in range(*cual.horas)
    return atraso >= timedelta(0) and (es_su_hora or atraso >= cual.cada)


def correr(cual: Rutina, *, en: datetime | None = None, aunque_no_toque: bool = False):
    """Run it if it is due and nobody else is running it. Returns its EjecucionDeRutina or None."""
    en = en or timezone.now()
    with a_solas(cual.nombre) as tomado:
        if not tomado or not (aunque_no_toque or toca(cual, en)):
            return None
        reloj = time.monotonic()
        try:
            with transaction.atomic() if cual.en_una_transaccion else nullcontext():
                resultado, bien = cual.funcion(en), True
        except Exception:  # one rutina that fails must not stop the others
            resultado, bien = traceback.format_exc(), False
        ejecucion = EjecucionDeRutina.objects.create(
            rutina=cual.nombre,
            inicio=en,
            duracion_ms=round((time.monotonic() - reloj) * 1000),
            bien=bien,
            resultado=resultado,
        )
        viejas = EjecucionDeRutina.objects.filter(rutina=cual.nombre)[MEMORIA:].values("pk")
        EjecucionDeRutina.objects.filter(pk__in=list(viejas.values_list("pk", flat=True))).delete()
        return ejecucion


def estado(en: datetime | None = None) -> list[dict[str, Any]]:
    """For each rutina, when it last ran, whether well, and whether it is late (three cadences)."""
    en = en or timezone.now()
    ultimas = {
        ejecucion.rutina: ejecucion
        for ejecucion in EjecucionDeRutina.objects.order_by("rutina", "-inicio").distinct("rutina")
    }
    return [
        {
            "nombre": cual.nombre,
            "titulo": cual.titulo,
            "ultima": ultima.inicio if ultima else None,
            "bien": ultima.bien if ultima else None,
            "atrasada": not ultima or ultima.inicio + cual.cada * 3 < en,
        }
        for cual in registro.values()
        for ultima in [ultimas.get(cual.nombre)]
    ]
