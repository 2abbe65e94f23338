"""The figures of many months of a line, in few queries; what ended is kept until something public changes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Least
from django.utils import timezone

from conectividad.mes import PRIMER_ANIO, Mes, Perdida, hasta_donde, porcentaje, recortar
from conectividad.minutos import Tramo, comunes, minutos
from conectividad.models import Accion, Enlace, Incidente, ResumenDeSondeos
from portal.calendario import tramos_habiles
from portal.fechas import MESES


@dataclass(frozen=True)
class CifraDelMes:
    """Both readings of the plan's indicator: time interrupted, and cuts with an action."""

    mes: Mes
    perdidos: Decimal
    cuentan: int
    con_accion: int
    incidentes: int

    @property
    def porcentaje(self) -> Decimal | None:
        return porcentaje(self.perdidos, self.cuentan)

    @property
    def rotulo(self) -> str:
        """«nov 2026»."""
        return f"{MESES[self.mes.mes - 1][:3]} {self.mes.anio}"


@dataclass(frozen=True)
class Anio:
    """A year of a line: its months from January, None those without a figure."""

    numero: int
    meses: list[CifraDelMes | None]

    @property
    def porcentaje(self) -> Decimal | None:
        """Of the minutes that counted in the year."""
        suyos = [cifra for cifra in self.meses if cifra]
        perdidos = sum((cifra.perdidos for cifra in suyos), Decimal(0))
        return porcentaje(perdidos, sum(cifra.cuentan for cifra in suyos))


def cifras_de(
    enlaces: list[Enlace], meses: list[Mes], en: datetime | None = None
) -> dict[int, list[CifraDelMes]]:
    """The figures of those months in a row, by line, in four queries however many they are.

    The same account as `mes.contar`, without its days nor what the watcher saw. Nothing counts in a month
    before anybody logged or watched the line: that no cut was written down then does not say there was none.
    """
    if not meses or not enlaces:
        return {enlace.pk: [] for enlace in enlaces}
    desde, hasta = min(meses).inicio, max(meses).fin
    con_accion = Exists(Accion.objects.de_personas().filter(incidente=OuterRef("pk")))
    incidentes = list(
        Incidente.objects.filter(enlace__in=enlaces).entre(desde, hasta).annotate(atendido=con_accion)
    )
    horas = {Enlace.Horas.HABILES: tramos_habiles(desde, hasta), Enlace.Horas.TODAS: [(desde, hasta)]}
    registro = _primer_registro(enlaces)
    return {
        enlace.pk: [
            _cifra(
                mes,
                horas[Enlace.Horas(enlace.horas)],
                [i for i in incidentes if i.enlace_id == enlace.pk],
                en,
            )
            if mes.fin > registro[enlace.pk]
            else CifraDelMes(mes, Decimal(0), 0, 0, 0)
            for mes in meses
        ]
        for enlace in enlaces
    }


def _primer_registro(enlaces: list[Enlace]) -> dict[int, datetime]:
    """When each line began to be logged or watched; this month, when it has not. One query."""
    hoy = Mes.de(timezone.now()).inicio
    sondeo = ResumenDeSondeos.objects.filter(enlace=OuterRef("pk")).order_by("hora").values("hora")[:1]
    corte = Incidente.objects.vigentes().filter(enlace=OuterRef("pk")).order_by("inicio").values("inicio")[:1]
    filas = Enlace.objects.filter(pk__in=[enlace.pk for enlace in enlaces]).values_list(
        "pk", Least(Subquery(sondeo), Subquery(corte))
    )
    return {pk: primero or hoy for pk, primero in filas}


def hay_registro(enlace: Enlace, mes: Mes) -> bool:
    """Whether somebody logged or watched the line already by the end of that month. One query."""
    return mes.fin > _primer_registro([enlace])[enlace.pk]


def _cifra(mes: Mes, horas: list[Tramo], incidentes: list[Any], en: datetime | None) -> CifraDelMes:
    """Needs `atendido` in each cut, whether somebody acted on it."""
    entero = (mes.inicio, hasta_donde(mes, en))
    suyos = [i for i in incidentes if i.inicio < mes.fin and (i.fin is None or i.fin > mes.inicio)]
    recortados = [(incidente, recortar(incidente, *entero)) for incidente in suyos]
    perdida = Perdida.de(comunes(horas, [entero]), recortados)
    atendidos = [incidente for incidente in suyos if incidente.atendido]
    return CifraDelMes(mes, perdida.perdidos, minutos(perdida.cuenta), len(atendidos), len(suyos))


def vecinos(mes: Mes, en: datetime) -> tuple[Mes | None, Mes | None]:
    """The month before and the one after, None where there is none to look at yet."""
    anterior = None if mes == Mes(PRIMER_ANIO, 1) else mes.anterior
    return anterior, None if mes.fin > en else mes.siguiente


def ultimos(mes: Mes, cuantos: int) -> list[Mes]:
    """That month and those before it, newest first."""
    meses = [mes]
    while len(meses) < cuantos:
        meses.append(meses[-1].anterior)
    return meses


def por_anios(enlace: Enlace, en: datetime) -> list[Anio]:
    """Each year from that of the first cut on, newest first, in a constant number of queries."""
    actual = Mes.de(en)
    primero = Incidente.objects.vigentes().filter(enlace=enlace).order_by("inicio").first()
    desde = Mes.de(primero.inicio) if primero else actual
    meses = ultimos(actual, (actual.anio - desde.anio) * 12 + actual.mes - desde.mes + 1)
    cifras = {cifra.mes: cifra for cifra in cifras_de([enlace], meses, en)[enlace.pk]}
    return [
        Anio(anio, [cifras.get(Mes(anio, mes)) for mes in range(1, 13)])
        for anio in range(actual.anio, desde.anio - 1, -1)
    ]
