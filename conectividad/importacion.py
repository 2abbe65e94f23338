"""Loading from `datos/` the hours of attention, the lines and what is tried through each."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from conectividad.models import Enlace, Objetivo
from portal.importacion import RAZON, Carga, Cuenta, Fila, Lector, exigido, guardar
from portal.models import Dependencia, Jornada

Valor = TypeVar("Valor")


def _leido(fila: Fila, columna: str, leer: Callable[[str], Valor], que: str) -> Valor | None:
    """The value of a column, None when it is empty. Raises FilaRechazada."""
    if not fila[columna]:
        return None
    try:
        return leer(fila[columna])
    except (ValueError, InvalidOperation):
        raise fila.rechazar(columna, f"«{fila[columna]}» no es {que}.") from None


def _fecha(fila: Fila, columna: str) -> date | None:
    return _leido(fila, columna, date.fromisoformat, "una fecha como 2026-11-30")


def _hora(fila: Fila, columna: str) -> time | None:
    return _leido(fila, columna, time.fromisoformat, "una hora como 08:00")


def _numero(fila: Fila, columna: str) -> Decimal | None:
    return _leido(fila, columna, Decimal, "un número como 99.6")


def cargar_jornadas(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "dia": fila.entero("dia"),
            "desde": _hora(fila, "desde"),
            "hasta": _hora(fila, "hasta"),
            "rige_desde": _fecha(fila, "rige_desde"),
            "rige_hasta": _fecha(fila, "rige_hasta"),
        }
        guardar(fila, Jornada, ("dia", "desde", "rige_desde"), campos, cuenta)
    return cuenta


def cargar_enlaces(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        textos = ("slug", "nombre", "lugar", "proveedor", "telefono_soporte", "contrato", "clausula")
        numeros = ("bajada_mbps", "subida_mbps", "disponibilidad", "descuento_por_punto")
        campos = {
            **{columna: fila[columna] for columna in textos},
            **{columna: _numero(fila, columna) for columna in numeros},
            "contrato_desde": _fecha(fila, "contrato_desde"),
            "contrato_hasta": _fecha(fila, "contrato_hasta"),
            "tarifa": fila.entero("tarifa"),
            "descuento": fila.uno_de("descuento", Enlace.Descuento),
            "horas": fila.uno_de("horas", Enlace.Horas),
            "orden": fila.entero("orden") or 0,
            "por_confirmar": fila.si_no("por_confirmar"),
        }
        dependencias = _dependencias(fila)
        if enlace := guardar(fila, Enlace, "slug", campos, cuenta):
            enlace._change_reason = RAZON
            enlace.dependencias.set(dependencias)
    return cuenta


def _dependencias(fila: Fila) -> list[Dependencia]:
    """Those that use the line, by their address, apart by spaces."""
    slugs = fila["dependencias"].split()
    halladas = {dependencia.slug: dependencia for dependencia in Dependencia.objects.filter(slug__in=slugs)}
    for slug in slugs:
        if slug not in halladas:
            raise fila.rechazar("dependencias", f"no hay dependencia «{slug}».")
    return list(halladas.values())


def cargar_objetivos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "enlace": exigido(fila, "enlace", Enlace, "slug"),
            "nombre": fila["nombre"],
            "tipo": fila.uno_de("tipo", Objetivo.Tipo),
            "destino": fila["destino"],
            "activo": fila.si_no("activo"),
        }
        guardar(fila, Objetivo, ("enlace", "nombre"), campos, cuenta)
    return cuenta


CARGAS = [
    Carga("jornadas.csv", "Jornadas", ("dia", "desde", "hasta", "rige_desde", "rige_hasta"), cargar_jornadas),
    Carga(
        "enlaces.csv",
        "Enlaces",
        (
            *("slug", "nombre", "lugar", "dependencias", "proveedor", "telefono_soporte", "contrato"),
            *("contrato_desde", "contrato_hasta", "bajada_mbps", "subida_mbps", "disponibilidad", "tarifa"),
            *("descuento", "descuento_por_punto", "clausula", "horas", "orden", "por_confirmar"),
        ),
        cargar_enlaces,
    ),
    Carga("objetivos.csv", "Objetivos", ("enlace", "nombre", "tipo", "destino", "activo"), cargar_objetivos),
]
