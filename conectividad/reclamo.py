"""What the provider owes for a month: the availability that the contract promises and the one it gave.

A contract promises over the 24 hours of every day, whatever the hours of the alcaldía. Only cuts whose cause
is the provider break it, and never announced ones. Every rounding is in favour of the provider, so that no
figure of a claim can be disputed: availability goes up, points and pesos go down.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from conectividad.mes import CENTESIMA, IncidenteDelMes, Mes, hasta_donde, recortar
from conectividad.minutos import comunes, minutos, ponderados, repartir, restar
from conectividad.models import Enlace, Incidente

CIEN = Decimal(100)


@dataclass(frozen=True)
class Reclamo:
    """`minutos`, those lost by the provider's fault, each by its weight. `puntos`, below what was promised.

    `descuento` is in pesos, None when it cannot be computed; `razon` says how it was, or why not.
    """

    enlace: Enlace
    mes: Mes
    corte: datetime
    minutos_del_mes: int
    minutos: Decimal
    disponibilidad: Decimal | None
    prometida: Decimal | None
    puntos: Decimal | None
    incidentes: list[IncidenteDelMes]
    descuento: int | None
    razon: str

    @property
    def procede(self) -> bool:
        """Whether there is something to claim."""
        return bool(self.puntos) or bool(self.descuento)


def reclamo(enlace: Enlace, mes: Mes, en: datetime | None = None) -> Reclamo:
    """The claim of a line for a month, up to `en` when it is in course. Two queries at most."""
    corte = hasta_donde(mes, en)
    entero = (mes.inicio, corte)
    todos = list(Incidente.objects.filter(enlace=enlace).entre(*entero).order_by("inicio", "pk"))
    anunciado = [recortar(incidente, *entero) for incidente in todos if incidente.planeado]
    reclamable = restar([entero], anunciado)
    rompen = [
        (incidente, recortar(incidente, *entero))
        for incidente in todos
        if incidente.causa == Incidente.Causa.PROVEEDOR and not incidente.planeado
    ]
    perdidos = Decimal(ponderados(repartir(((tramo, i.peso) for i, tramo in rompen), en=reclamable))) / 100
    del_mes = minutos([entero])
    disponibilidad = puntos = None
    if del_mes:
        disponibilidad = (CIEN - perdidos * 100 / del_mes).quantize(CENTESIMA, ROUND_CEILING)
        if enlace.disponibilidad is not None:
            puntos = max(enlace.disponibilidad - disponibilidad, Decimal(0))
    descuento, razon = _descuento(enlace, mes, corte, puntos, perdidos)
    return Reclamo(
        enlace=enlace,
        mes=mes,
        corte=corte,
        minutos_del_mes=del_mes,
        minutos=perdidos,
        disponibilidad=disponibilidad,
        prometida=enlace.disponibilidad,
        puntos=puntos,
        incidentes=[
            IncidenteDelMes(incidente, *tramo, minutos([tramo]), minutos(comunes([tramo], reclamable)))
            for incidente, tramo in rompen
        ],
        descuento=descuento,
        razon=razon,
    )


def _descuento(
    enlace: Enlace, mes: Mes, corte: datetime, puntos: Decimal | None, perdidos: Decimal
) -> tuple[int | None, str]:
    """In pesos and how it was computed, or None and why it cannot be. Never more than the tariff."""
    if por_que_no := _sin_descuento(enlace, mes, corte):
        return None, por_que_no
    if enlace.disponibilidad is not None and not puntos:
        return 0, "El mes cumplió la disponibilidad prometida: no hay descuento."
    tarifa, por_punto = enlace.tarifa or 0, enlace.descuento_por_punto or Decimal(0)
    segun = f" ({enlace.clausula})" if enlace.clausula else ""
    if enlace.descuento == Enlace.Descuento.PROPORCIONAL:
        completo = minutos([(mes.inicio, mes.fin)])
        return (
            int(tarifa * perdidos / completo),
            f"Tarifa × minutos perdidos ÷ minutos del mes, sin centavos{segun}.",
        )
    pesos = tarifa * por_punto * (puntos or Decimal(0)) / 100
    return (
        min(int(pesos), tarifa),
        f"Tarifa × porcentaje por punto × puntos por debajo, en proporción a la parte de punto{segun}.",
    )


def _sin_descuento(enlace: Enlace, mes: Mes, corte: datetime) -> str:
    """Why the discount cannot be computed, or nothing."""
    if enlace.descuento == Enlace.Descuento.SIN_PACTAR:
        return "No se ha escrito qué descuento pacta el contrato."
    if enlace.tarifa is None:
        return "Falta la tarifa mensual del contrato."
    if corte == mes.inicio:
        return "El mes no ha empezado."
    if enlace.descuento == Enlace.Descuento.POR_PUNTO and enlace.disponibilidad is None:
        return "Falta la disponibilidad que promete el contrato."
    if enlace.descuento == Enlace.Descuento.POR_PUNTO and corte < mes.fin:
        return "El mes no ha terminado: los puntos por debajo se sabrán al final."
    ultimo_dia = mes.dias[-1]
    antes = enlace.contrato_hasta is not None and enlace.contrato_hasta < mes.dias[0]
    despues = enlace.contrato_desde is not None and enlace.contrato_desde > ultimo_dia
    if antes or despues:
        return "El contrato anotado no cubre ese mes."
    return ""
