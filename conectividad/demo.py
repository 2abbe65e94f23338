"""Four months of a log for the demonstration, through the real services. Nothing in it happened."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, transaction
from django.utils import timezone

from conectividad import services
from conectividad.mes import Mes
from conectividad.models import CierreMensual, Enlace, Incidente, Sondeo
from conectividad.vigilancia import rehacer_resumenes
from portal.models import Dependencia, Usuario

#: How long ago the cut that goes on began, and for how many months back there are rounds.
ABIERTO_HACE = timedelta(hours=3)
MESES_SONDEADOS = 1
#: A round each minute, down during the cuts that were total; on the 12th the machine was off for four hours.
SONDEOS = """
INSERT INTO conectividad_sondeo (enlace_id, en, intentados, respondieron, latencia_ms, bajada_kbps, fallaron)
SELECT %(enlace)s, en, 3, CASE WHEN caido THEN 0 ELSE 3 END,
    CASE WHEN caido THEN NULL ELSE 35 + (extract(epoch FROM en)::bigint * 7919 / 60) %% 40 END, NULL, '{}'
FROM (
    SELECT en, EXISTS (
        SELECT FROM conectividad_incidente i WHERE i.enlace_id = %(enlace)s AND i.alcance = 'total'
            AND i.anulado_en IS NULL AND i.inicio <= en AND (i.fin IS NULL OR i.fin > en)
    ) AS caido
    FROM generate_series(%(desde)s::timestamptz, %(hasta)s::timestamptz, '1 minute') AS en
    WHERE NOT (extract(day FROM en AT TIME ZONE 'America/Bogota') = 12
        AND extract(hour FROM en AT TIME ZONE 'America/Bogota') BETWEEN 13 AND 16)
) AS rondas
"""


def recorrer(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """Log what is not there yet and close the oldest month; a line for each new thing."""
    with (carpeta / "conectividad.csv").open(encoding="utf-8-sig", newline="") as archivo:
        filas = list(csv.DictReader(archivo))
    demostracion = _Demostracion(personas, ahora)
    for numero, fila in enumerate(filas, 1):
        if incidente := demostracion.anotar(numero, fila):
            yield f"[{numero}/{len(filas)}] {incidente}"
    yield from demostracion.cerrar(max(int(fila["meses"]) for fila in filas))
    yield from demostracion.sondear()


@dataclass
class _Demostracion:
    personas: dict[str, Usuario]
    ahora: datetime

    def mes_de_hace(self, meses: int) -> Mes:
        mes = Mes.de(self.ahora)
        for _ in range(meses):
            mes = mes.anterior
        return mes

    def cuando(self, fila: dict[str, str]) -> tuple[datetime, datetime | None]:
        """Start and end; a row without a day is the one that goes on."""
        if not fila["dia"]:
            return services.al_minuto(self.ahora - ABIERTO_HACE), None
        horas, _dos_puntos, minutos = fila["hora"].partition(":")
        mes = self.mes_de_hace(int(fila["meses"]))
        inicio = mes.inicio + timedelta(days=int(fila["dia"]) - 1, hours=int(horas), minutes=int(minutos))
        return inicio, inicio + timedelta(minutes=int(fila["minutos"]))

    @transaction.atomic
    def anotar(self, numero: int, fila: dict[str, str]) -> Incidente | None:
        """The cut of a row with its actions, or None when it is there already."""
        clave = uuid5(NAMESPACE_URL, f"demostracion:conectividad:{numero}")
        enlace = Enlace.objects.filter(slug=fila["enlace"]).first()
        inicio, fin = self.cuando(fila)
        if enlace is None or Incidente.objects.filter(clave=clave).exists():
            return None
        if fin is None and Incidente.objects.abiertos().filter(enlace=enlace).exists():
            return None
        por = self.personas[fila["por"]]
        anotado = inicio + timedelta(minutes=5)
        recibido = max(anotado, fin or anotado) + timedelta(minutes=int(fila["tarde"] or 0))
        incidente = services.registrar(
            clave=clave,
            enlace=enlace,
            inicio=inicio,
            fin=fin,
            por=por,
            anotado_en=anotado,
            en=recibido,
            dependencias=Dependencia.objects.filter(slug__in=fila["dependencias"].split()),
            **_dicho(fila),
        )
        for n, texto in enumerate(filter(None, fila["acciones"].split(" | "))):
            services.agregar_accion(
                incidente, texto=texto, quien="", cuando=inicio + timedelta(minutes=10 + 20 * n), por=por
            )
        return incidente

    def cerrar(self, meses: int) -> Iterator[str]:
        """The oldest month of the first line, unless one is closed already."""
        enlace = Enlace.objects.activos().first()
        if enlace is None or CierreMensual.objects.filter(enlace=enlace).exists():
            return
        mes = self.mes_de_hace(meses)
        observaciones = "Dato de demostración: ninguno de estos cortes ocurrió."
        por = self.personas["secretaria"]
        yield f"Cerrado: {services.cerrar_mes(enlace, mes, observaciones=observaciones, por=por)}"

    def sondear(self) -> Iterator[str]:
        """Rounds of the first line, unless it has some already."""
        enlace = Enlace.objects.activos().first()
        if enlace is None or Sondeo.objects.filter(enlace=enlace).exists():
            return
        desde, hasta = self.mes_de_hace(MESES_SONDEADOS).inicio, services.al_minuto(self.ahora)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SONDEOS, {"enlace": enlace.pk, "desde": desde, "hasta": hasta})
            cuantos = cursor.rowcount
        for _linea in rehacer_resumenes():
            pass
        yield f"{enlace}: {cuantos} sondeos desde {timezone.localtime(desde):%d/%m/%Y}"


def _dicho(fila: dict[str, str]) -> dict[str, Any]:
    peso = int(fila["peso"])
    return {
        "peso": peso,
        "alcance": Incidente.Alcance.TOTAL if peso == 100 else Incidente.Alcance.PARCIAL,
        "planeado": fila["planeado"] == "si",
        **{campo: fila[campo] for campo in ("causa", "ticket", "descripcion", "reportado_por")},
    }
