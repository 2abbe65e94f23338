"""Periods of time, both days included, on Colombian dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from portal.fechas import en_letras

_SEMANA = re.compile(r"([0-9]{4})-[SW]([0-9]{1,2})")


@dataclass(frozen=True, order=True)
class Periodo:
    desde: date
    hasta: date

    def __post_init__(self):
        if self.hasta < self.desde:
            raise ValueError("El periodo no puede terminar antes de empezar.")

    @classmethod
    def semana(cls, anio: int, semana: int) -> "Periodo":
        """An ISO week. Raises ValueError when that year, or Python, does not have its days."""
        try:
            lunes = date.fromisocalendar(anio, semana, 1)
            return cls(lunes, lunes + timedelta(days=6))
        except (ValueError, OverflowError):
            raise ValueError(f"El año {anio} no tiene semana {semana}.") from None

    @classmethod
    def semana_de(cls, dia: date) -> "Periodo":
        anio, semana, _dia = dia.isocalendar()
        return cls.semana(anio, semana)

    @classmethod
    def mes(cls, anio: int, mes: int) -> "Periodo":
        desde = date(anio, mes, 1)
        return cls(desde, (desde + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @classmethod
    def leer_semana(cls, clave: str) -> "Periodo":
        """The week of «2026-S47», or of «2026-W47» as browsers write it. Raises ValueError."""
        if not (partes := _SEMANA.fullmatch(clave.strip().upper())):
            raise ValueError("Escriba la semana con año y número, por ejemplo 2026-S47.")
        return cls.semana(int(partes[1]), int(partes[2]))

    @classmethod
    def ultimos_siete_dias(cls, hoy: date) -> "Periodo":
        """A whole week up to today: on a Monday, the week in course would say nothing."""
        return cls(hoy - timedelta(days=6), hoy)

    def __str__(self):
        """«semana 47 de 2026, del 16 al 22 de noviembre de 2026»; what is not a week, only its days."""
        return f"{self.nombre}, {self.dias}" if self.es_semana else self.dias

    @property
    def nombre(self) -> str:
        """«semana 47 de 2026», the ISO week in which it begins."""
        return f"semana {self.numero} de {self.anio_iso}"

    @property
    def dias(self) -> str:
        """«del 16 al 22 de noviembre de 2026», or the one day."""
        hasta = en_letras(self.hasta)
        if self.desde == self.hasta:
            return hasta
        if self.desde.year != self.hasta.year:
            desde = en_letras(self.desde)
        else:
            desde = date_format(self.desde, "j" if self.desde.month == self.hasta.month else r"j \d\e F")
        return f"del {desde} al {hasta}"

    @property
    def es_semana(self) -> bool:
        """Whether it is an ISO week, from Monday to Sunday."""
        return self.desde.isoweekday() == 1 and self.hasta - self.desde == timedelta(days=6)

    @property
    def anio_iso(self) -> int:
        return self.desde.isocalendar().year

    @property
    def numero(self) -> int:
        """The number of the ISO week in which it begins."""
        return self.desde.isocalendar().week

    @property
    def clave(self) -> str:
        """«2026-S47», for addresses."""
        return f"{self.anio_iso}-S{self.numero:02}"

    @property
    def inicio(self) -> datetime:
        """The first moment, in Bogotá."""
        return timezone.make_aware(datetime.combine(self.desde, time()))

    @property
    def fin(self) -> datetime:
        """The first moment that is no longer in it."""
        return timezone.make_aware(datetime.combine(self.hasta + timedelta(days=1), time()))

    @property
    def tope(self) -> datetime:
        """The first moment that is not looked at: when it ends, or now while it has not."""
        return min(self.fin, timezone.now())

    @property
    def corte(self) -> datetime:
        """The moment at which things are looked at: its last one, or now while it has not ended."""
        return min(self.fin - timedelta(microseconds=1), timezone.now())

    @property
    def anterior(self) -> "Periodo":
        """The period of the same length just before."""
        dias = self.hasta - self.desde + timedelta(days=1)
        return Periodo(self.desde - dias, self.hasta - dias)

    @property
    def siguiente(self) -> "Periodo":
        """The period of the same length just after."""
        dias = self.hasta - self.desde + timedelta(days=1)
        return Periodo(self.desde + dias, self.hasta + dias)

    def futuro(self, hoy: date | None = None) -> bool:
        """Whether it has not even begun."""
        return self.desde > (hoy or timezone.localdate())

    def terminado(self, hoy: date | None = None) -> bool:
        return self.hasta < (hoy or timezone.localdate())

    def ultimas(self, cuantas: int) -> Iterator["Periodo"]:
        """That many periods up to this one, the oldest first."""
        dias = self.hasta - self.desde + timedelta(days=1)
        for antes in reversed(range(cuantas)):
            yield Periodo(self.desde - antes * dias, self.hasta - antes * dias)
