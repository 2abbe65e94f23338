"""What a line served in a month, counted minute by minute. The method: docs/decisiones/0011.

Each minute counts once. Of those of the line's hours that have already passed, the planned ones go out; of
the rest, each that some incident covers is lost in the part that the largest weight says.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from conectividad.minutos import (
    UN_MINUTO,
    Tramo,
    comunes,
    minutos,
    ponderados,
    repartir,
    restar,
)
from conectividad.models import Enlace, Incidente, ResumenDeSondeos
from portal.calendario import tramos_habiles
from portal.fechas import MESES

UN_DIA = timedelta(days=1)
UNA_HORA = timedelta(hours=1)
CENTESIMA, CIEN = Decimal("0.01"), Decimal(100)
PRIMER_ANIO, ULTIMO_ANIO = 2000, 2100


@dataclass(frozen=True, order=True)
class Mes:
    """A month of the Colombian calendar. Raises ValueError when there is none such."""

    anio: int
    mes: int

    def __post_init__(self) -> None:
        if not (PRIMER_ANIO <= self.anio <= ULTIMO_ANIO and 1 <= self.mes <= 12):
            raise ValueError(f"No hay un mes «{self.clave}».")

    @classmethod
    def leer(cls, clave: str) -> "Mes":
        """The month of «2026-11». Raises ValueError, in Spanish."""
        if not (partes := re.fullmatch(r"([0-9]{4})-([0-9]{2})", clave)):
            raise ValueError("El mes se escribe como año y mes, por ejemplo 2026-11.")
        return cls(int(partes[1]), int(partes[2]))

    @classmethod
    def de(cls, fecha: date | datetime) -> "Mes":
        """The month of a date, or of a moment in Bogotá."""
        dia = timezone.localtime(fecha) if isinstance(fecha, datetime) else fecha
        return cls(dia.year, dia.month)

    @cached_property
    def inicio(self) -> datetime:
        return timezone.make_aware(datetime(self.anio, self.mes, 1))  # noqa: DTZ001 -- made aware here

    @cached_property
    def fin(self) -> datetime:
        """When the next one begins."""
        anio, mes = divmod(self.anio * 12 + self.mes, 12)
        return timezone.make_aware(datetime(anio, mes + 1, 1))  # noqa: DTZ001 -- made aware here

    @property
    def clave(self) -> str:
        return f"{self.anio}-{self.mes:02}"

    @property
    def anterior(self) -> "Mes":
        return Mes.de(self.inicio - UN_DIA)

    @property
    def siguiente(self) -> "Mes":
        return Mes.de(self.fin)

    @property
    def dias(self) -> list[date]:
        primero = self.inicio.date()
        return [primero + UN_DIA * n for n in range((self.fin.date() - primero).days)]

    def futuro(self, en: datetime | None = None) -> bool:
        return self.inicio > (en or timezone.now())

    def terminado(self, en: datetime | None = None) -> bool:
        return self.fin <= (en or timezone.now())

    def __str__(self) -> str:
        return f"{MESES[self.mes - 1]} de {self.anio}"


@dataclass(frozen=True)
class IncidenteDelMes:
    """What of an incident falls in the month. `cuenta`, how many of its minutes count: none of a planned one.

    Those of several that overlap are in each of them, so their sum may be more than the month lost.
    """

    incidente: Incidente
    desde: datetime
    hasta: datetime
    minutos: int
    cuenta: int


@dataclass(frozen=True)
class Dia:
    """A day of the month. `habil`, whether it has hours that count, though they have not come yet."""

    fecha: date
    habil: bool
    minutos_que_cuentan: int
    minutos_ponderados: Decimal
    minutos_planeados: int
    minutos_sin_datos: int
    incidentes: list[Incidente]

    @property
    def porcentaje(self) -> Decimal | None:
        return porcentaje(self.minutos_ponderados, self.minutos_que_cuentan)


@dataclass(frozen=True)
class CuentaDelMes:
    """Every number of the method, for a line and a month counted up to the moment `corte`."""

    enlace: Enlace
    mes: Mes
    corte: datetime
    minutos_de_jornada: int
    minutos_planeados: int
    minutos_sin_conexion: int
    minutos_en_parte: int
    minutos_ponderados: Decimal
    minutos_sondeados: int
    incidentes: list[IncidenteDelMes]
    dias: list[Dia]
    #: Lost minutes by weight, 100 first.
    por_peso: dict[int, int] = field(default_factory=dict)

    @property
    def minutos_que_cuentan(self) -> int:
        return self.minutos_de_jornada - self.minutos_planeados

    @property
    def minutos_sin_datos(self) -> int:
        """Those that count and that the watcher did not see: nobody watches, or its machine was off."""
        return self.minutos_que_cuentan - self.minutos_sondeados

    @property
    def porcentaje(self) -> Decimal | None:
        """Of time interrupted: 0 only when there was no cut; None when nothing counts."""
        return porcentaje(self.minutos_ponderados, self.minutos_que_cuentan)

    def pasos(self) -> list[tuple[str, str]]:
        """The method in words, each step with its number."""
        de_que = "de atención al público" if self.enlace.horas == Enlace.Horas.HABILES else "de las 24 horas"
        pasos = [
            (f"Minutos {de_que}, hasta el {_momento(self.corte)}", _miles(self.minutos_de_jornada)),
            (
                "Menos los minutos de cortes anunciados, que se muestran aparte",
                _miles(self.minutos_planeados),
            ),
            ("Minutos que cuentan", _miles(self.minutos_que_cuentan)),
            (
                "Minutos sin conexión; si varios cortes coinciden, cada minuto se cuenta una vez",
                _miles(self.minutos_sin_conexion),
            ),
        ]
        pasos += [
            (
                f"Minutos en que se perdió el {peso} % del servicio: cada uno vale {_coma(peso / CIEN)}",
                _miles(cuantos),
            )
            for peso, cuantos in self.por_peso.items()
            if peso < 100
        ]
        pasos.append(
            (
                "Minutos perdidos: los que no hubo conexión más lo que valen los demás",
                _coma(self.minutos_ponderados),
            )
        )
        if self.porcentaje is None:
            return [*pasos, ("Tiempo interrumpido", "No hay minutos que cuenten")]
        return [
            *pasos,
            (
                "Tiempo interrumpido: minutos perdidos ÷ minutos que cuentan × 100, hacia arriba",
                f"{_coma(self.porcentaje)} %",
            ),
        ]

    def como_datos(self) -> dict[str, Any]:
        """All of it for a JSON that stays the same for the same facts; decimals go as text."""
        return {
            "enlace": _datos_del_enlace(self.enlace),
            "mes": self.mes.clave,
            "corte": self.corte.isoformat(),
            **{cifra: getattr(self, cifra) for cifra in CIFRAS_ENTERAS},
            "minutos_ponderados": str(self.minutos_ponderados),
            "porcentaje": None if self.porcentaje is None else str(self.porcentaje),
            "por_peso": {str(peso): cuantos for peso, cuantos in self.por_peso.items()},
            "incidentes": [_datos_del_incidente(del_mes) for del_mes in self.incidentes],
            "dias": [_datos_del_dia(dia) for dia in self.dias],
        }


CIFRAS_ENTERAS = (
    *("minutos_de_jornada", "minutos_planeados", "minutos_que_cuentan", "minutos_sin_conexion"),
    *("minutos_en_parte", "minutos_sondeados", "minutos_sin_datos"),
)


def porcentaje(perdidos: Decimal, cuentan: int) -> Decimal | None:
    """With two decimals, upwards. None when nothing counts."""
    if not cuentan:
        return None
    return (perdidos * 100 / cuentan).quantize(CENTESIMA, ROUND_CEILING)


def contar(enlace: Enlace, mes: Mes, en: datetime | None = None) -> CuentaDelMes:
    """What the line served in the month, as the log says now, up to `en` (now by default)."""
    return contar_varios([enlace], mes, en)[enlace.pk]


def contar_varios(enlaces: Iterable[Enlace], mes: Mes, en: datetime | None = None) -> dict[int, CuentaDelMes]:
    """The same of several lines, by their key, in four queries however many they are."""
    enlaces = list(enlaces)
    corte = hasta_donde(mes, en)
    incidentes: dict[int, list[Incidente]] = {enlace.pk: [] for enlace in enlaces}
    por_clave = {enlace.pk: enlace for enlace in enlaces}
    for incidente in (
        Incidente.objects.filter(enlace__in=enlaces).entre(mes.inicio, corte).order_by("inicio", "pk")
    ):
        incidente.enlace = por_clave[incidente.enlace_id]
        incidentes[incidente.enlace_id].append(incidente)
    sondeos: dict[int, dict[datetime, int]] = {enlace.pk: {} for enlace in enlaces}
    for enlace_id, hora, cuantos in (
        ResumenDeSondeos.objects.filter(enlace__in=enlaces, hora__gte=mes.inicio, hora__lt=mes.fin)
        .order_by()
        .values_list("enlace_id", "hora", "sondeos")
    ):
        sondeos[enlace_id][hora] = cuantos
    horas = {
        Enlace.Horas.HABILES: tramos_habiles(mes.inicio, mes.fin),
        Enlace.Horas.TODAS: [(mes.inicio, mes.fin)],
    }
    return {
        enlace.pk: _contar(
            enlace, mes, corte, horas[Enlace.Horas(enlace.horas)], incidentes[enlace.pk], sondeos[enlace.pk]
        )
        for enlace in enlaces
    }


def hasta_donde(mes: Mes, en: datetime | None = None) -> datetime:
    """Up to which minute of the month is counted: what has not come yet does not count."""
    ahora = timezone.localtime(en).replace(second=0, microsecond=0)
    return min(max(ahora, mes.inicio), mes.fin)


def con_accion(enlaces: Iterable[Enlace], mes: Mes, en: datetime | None = None) -> tuple[int, int]:
    """The other reading of the indicator: incidents of the month that somebody acted on, and all of them.

    Both as they stood at the moment `en` (now by default).
    """
    en = en or timezone.now()
    de_alguien = Q(acciones__registrada_en__lt=en, acciones__por__isnull=False)
    cuenta = (
        Incidente.objects.filter(enlace__in=list(enlaces))
        .entre(mes.inicio, min(mes.fin, en))
        .aggregate(
            con=Count("pk", filter=de_alguien, distinct=True),
            todos=Count("pk", distinct=True),
        )
    )
    return cuenta["con"], cuenta["todos"]


def recortar(incidente: Incidente, desde: datetime, hasta: datetime) -> Tramo:
    """What of it lies between both; one that goes on reaches `hasta`."""
    inicio, fin = timezone.localtime(incidente.inicio), incidente.fin
    return max(inicio, desde), min(timezone.localtime(fin), hasta) if fin else hasta


@dataclass(frozen=True)
class Perdida:
    """The time of a line split by what happened in it."""

    jornada: list[Tramo]
    planeado: list[Tramo]
    cuenta: list[Tramo]
    por_peso: dict[int, list[Tramo]]

    @classmethod
    def de(cls, jornada: list[Tramo], recortados: list[tuple[Incidente, Tramo]]) -> "Perdida":
        """Planned time goes out; of the rest, the largest weight takes each minute."""
        planeado = comunes(jornada, [tramo for incidente, tramo in recortados if incidente.planeado])
        cuenta = restar(jornada, planeado)
        reparto = repartir(((tramo, i.peso) for i, tramo in recortados if not i.planeado), en=cuenta)
        return cls(jornada, planeado, cuenta, reparto)

    def en(self, tramo: Tramo) -> "Perdida":
        return Perdida(
            comunes(self.jornada, [tramo]),
            comunes(self.planeado, [tramo]),
            comunes(self.cuenta, [tramo]),
            {peso: comunes(tramos, [tramo]) for peso, tramos in self.por_peso.items()},
        )

    @property
    def perdidos(self) -> Decimal:
        return Decimal(ponderados(self.por_peso)) / 100


def _contar(
    enlace: Enlace,
    mes: Mes,
    corte: datetime,
    horas: list[Tramo],
    incidentes: list[Incidente],
    sondeos: dict[datetime, int],
) -> CuentaDelMes:
    recortados = [(incidente, recortar(incidente, mes.inicio, corte)) for incidente in incidentes]
    jornada = comunes(horas, [(mes.inicio, corte)])
    perdida = Perdida.de(jornada, recortados)
    por_peso = {peso: minutos(tramos) for peso, tramos in perdida.por_peso.items()}
    vistos = _vistos(perdida.cuenta, sondeos, corte)
    return CuentaDelMes(
        enlace=enlace,
        mes=mes,
        corte=corte,
        minutos_de_jornada=minutos(jornada),
        minutos_planeados=minutos(perdida.planeado),
        minutos_sin_conexion=por_peso.get(100, 0),
        minutos_en_parte=sum(cuantos for peso, cuantos in por_peso.items() if peso < 100),
        minutos_ponderados=perdida.perdidos,
        minutos_sondeados=sum(vistos.values()),
        incidentes=[
            IncidenteDelMes(incidente, *tramo, minutos([tramo]), minutos(comunes([tramo], perdida.cuenta)))
            for incidente, tramo in recortados
        ],
        dias=_por_dia(mes, horas, perdida, recortados, vistos),
        por_peso=por_peso,
    )


def _por_dia(mes, horas, perdida: Perdida, recortados, vistos: dict[date, int]) -> list[Dia]:
    dias = []
    for fecha in mes.dias:
        inicio = mes.inicio + UN_DIA * (fecha.day - 1)
        entero = (inicio, inicio + UN_DIA)
        del_dia = perdida.en(entero)
        dias.append(
            Dia(
                fecha=fecha,
                habil=bool(comunes(horas, [entero])),
                minutos_que_cuentan=minutos(del_dia.cuenta),
                minutos_ponderados=del_dia.perdidos,
                minutos_planeados=minutos(del_dia.planeado),
                minutos_sin_datos=minutos(del_dia.cuenta) - vistos.get(fecha, 0),
                incidentes=[incidente for incidente, tramo in recortados if comunes([tramo], [entero])],
            )
        )
    return dias


def _vistos(cuenta: list[Tramo], sondeos: dict[datetime, int], corte: datetime) -> dict[date, int]:
    """Of each day, minutes that count and were watched.

    The roll-up knows how many rounds an hour had, not in which minutes: of an hour that counts in part, the
    same part of its rounds is taken, downwards.
    """
    vistos: dict[date, int] = {}
    for hora, cuantos in sondeos.items():
        inicio = timezone.localtime(hora)
        pasados = min(inicio + UNA_HORA, corte) - inicio
        if pasados < UN_MINUTO:
            continue
        de_la_hora = minutos(comunes(cuenta, [(inicio, inicio + UNA_HORA)]))
        transcurridos = pasados // UN_MINUTO
        fecha = inicio.date()
        vistos[fecha] = vistos.get(fecha, 0) + de_la_hora * min(cuantos, transcurridos) // transcurridos
    return vistos


def _datos_del_enlace(enlace: Enlace) -> dict[str, Any]:
    textos = ("nombre", "lugar", "proveedor", "contrato", "horas")
    return {"slug": enlace.slug, **{campo: getattr(enlace, campo) for campo in textos}} | {
        "disponibilidad": None if enlace.disponibilidad is None else str(enlace.disponibilidad)
    }


def _datos_del_incidente(del_mes: IncidenteDelMes) -> dict[str, Any]:
    incidente = del_mes.incidente
    return {
        "incidente": incidente.pk,
        "desde": del_mes.desde.isoformat(),
        "hasta": del_mes.hasta.isoformat(),
        **{campo: getattr(incidente, campo) for campo in ("alcance", "peso", "causa", "planeado")},
        "minutos": del_mes.minutos,
        "cuenta": del_mes.cuenta,
    }


def _datos_del_dia(dia: Dia) -> dict[str, Any]:
    return {
        "fecha": dia.fecha.isoformat(),
        "minutos_que_cuentan": dia.minutos_que_cuentan,
        "minutos_ponderados": str(dia.minutos_ponderados),
        "minutos_planeados": dia.minutos_planeados,
        "minutos_sin_datos": dia.minutos_sin_datos,
    }


def _momento(cuando: datetime) -> str:
    return f"{cuando:%d/%m/%Y} a las {cuando:%H:%M}"


def _miles(cuantos: int) -> str:
    return f"{cuantos:,}".replace(",", ".")


def _coma(numero: Decimal) -> str:
    entero, _punto, decimales = f"{numero.normalize():f}".partition(".")
    return _miles(int(entero)) + (f",{decimales}" if decimales else "")
