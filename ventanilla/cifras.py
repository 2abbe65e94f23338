"""How many were received, answered and late: the figures of the ventanilla, without anything of anybody.

They tell of what was filed in a period, as it is today. Annulled ones count in no figure and are said apart.
One that was reopened is open until it is answered again, and then counts by its last answer.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from portal.calendario import DiasHabiles
from ventanilla.models import Radicado, Salida, Termino
from ventanilla.models.radicado import ABIERTOS, CORREN

#: Of a reserved kind, fewer than these are not told apart in public: somebody could be recognised.
CASILLA_MINIMA = 3
POCOS = "Clases reservadas con pocos casos"
#: Width of a bar, in the units of its drawing.
ANCHO = 120


@dataclass(frozen=True)
class Proporcion:
    """So many of so many, rounded down, so that 100 is only said when none is missing."""

    parte: int
    de: int

    def __str__(self) -> str:
        return f"{self.parte} de {self.de}"

    @property
    def porcentaje(self) -> int | None:
        return self.parte * 100 // self.de if self.de else None

    @property
    def largo(self) -> float:
        """Of a bar as wide as ANCHO."""
        return round(ANCHO * self.parte / self.de, 1) if self.de else 0


@dataclass
class Cifra:
    """What is counted of some radicados. Days are working days."""

    recibidos: int = 0
    respondidos: int = 0
    respondidos_a_tiempo: int = 0
    abiertos: int = 0
    vencidos: int = 0
    prorrogados: int = 0
    trasladados: int = 0
    desistidos: int = 0
    reabiertos: int = 0
    anulados: int = 0
    dias: int = 0
    valoraciones: int = 0
    puntos: int = 0

    @property
    def respondidos_tarde(self) -> int:
        return self.respondidos - self.respondidos_a_tiempo

    @property
    def a_tiempo(self) -> Proporcion:
        """Of those that had to be answered by today: the answered ones and those that are late."""
        return Proporcion(self.respondidos_a_tiempo, self.respondidos + self.vencidos)

    @property
    def dias_promedio(self) -> float | None:
        """Working days from filing to answer."""
        return round(self.dias / self.respondidos, 1) if self.respondidos else None

    @property
    def satisfaccion(self) -> float | None:
        """From 1 to 5."""
        return round(self.puntos / self.valoraciones, 1) if self.valoraciones else None

    def __iadd__(self, otra: "Cifra") -> "Cifra":
        for campo, valor in vars(otra).items():
            setattr(self, campo, getattr(self, campo) + valor)
        return self


@dataclass(frozen=True)
class Cual:
    """Whose a figure is: an office and a kind."""

    dependencia: str
    clase: str
    reservada: bool


@dataclass
class Cifras:
    """Those of a period, by office and kind, added up in each of the ways they are read."""

    casillas: dict[Cual, Cifra] = field(default_factory=dict)

    @property
    def total(self) -> Cifra:
        return _sumar(self.casillas.values())

    @property
    def por_dependencia(self) -> list[tuple[str, Cifra]]:
        return self._agrupar(lambda cual: cual.dependencia)

    @property
    def por_clase(self) -> list[tuple[str, Cifra]]:
        return self._agrupar(lambda cual: cual.clase)

    @property
    def por_clase_en_publico(self) -> list[tuple[str, Cifra]]:
        """Reserved kinds with few cases are one row."""
        cuantos: dict[str, int] = defaultdict(int)
        for cual, cifra in self.casillas.items():
            cuantos[cual.clase] += cifra.recibidos + cifra.anulados
        return self._agrupar(
            lambda cual: POCOS if cual.reservada and cuantos[cual.clase] < CASILLA_MINIMA else cual.clase
        )

    def _agrupar(self, como: Callable[[Cual], str]) -> list[tuple[str, Cifra]]:
        grupos: dict[str, Cifra] = defaultdict(Cifra)
        for cual, cifra in self.casillas.items():
            grupos[como(cual)] += cifra
        return sorted(grupos.items(), key=lambda grupo: (grupo[0] == POCOS, grupo[0]))


def _sumar(cifras: Iterable[Cifra]) -> Cifra:
    suma = Cifra()
    for cifra in cifras:
        suma += cifra
    return suma


def contar(radicados: QuerySet[Radicado], desde: date, hasta: date, hoy: date) -> Cifras:
    """Of those radicados, what was filed from `desde` to `hasta`, both included. Three queries."""
    del_periodo = radicados.filter(asiento__en__gte=_empieza(desde), asiento__en__lt=_empieza(hasta, 1))
    prorroga = Termino.objects.filter(radicado=OuterRef("pk"), clase=Termino.Clase.PRORROGA)
    respuestas = Salida.objects.respuestas().filter(radicado=OuterRef("pk")).order_by("en", "pk")
    regia = Termino.objects.filter(radicado=OuterRef("pk"), en__lte=OuterRef("primera")).order_by(
        "-en", "-pk"
    )
    filas = del_periodo.annotate(
        prorrogado=Exists(prorroga),
        primera=Subquery(respuestas.values("en")[:1]),
        vencia=Subquery(regia.values("vence")[:1]),
    ).values(
        *("pk", "dependencia__nombre", "clase__nombre", "clase__reservada", "estado", "asiento__en"),
        *("respondido_en", "vence", "reabierto_en", "prorrogado", "primera", "vencia"),
    )
    habiles, casillas = DiasHabiles(), defaultdict[Hashable, Cifra](Cifra)
    for fila in filas:
        casillas[_cual(fila)] += _de_uno(fila, hoy, habiles)
    for fila in _valoraciones(del_periodo):
        cifra = casillas[_cual(fila)]
        cifra.valoraciones += fila["cuantas"]
        cifra.puntos += fila["suma"]
    return Cifras(dict(casillas))  # type: ignore[arg-type]


def _empieza(dia: date, mas: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(dia + timedelta(days=mas), time()))


def _cual(fila: dict) -> Cual:
    dependencia = fila["dependencia__nombre"] or "Sin repartir"
    return Cual(dependencia, fila["clase__nombre"], fila["clase__reservada"])


def _de_uno(fila: dict, hoy: date, habiles: DiasHabiles) -> Cifra:
    estado, respondido = fila["estado"], fila["respondido_en"]
    if estado == Radicado.Estado.ANULADO:
        return Cifra(anulados=1)
    cifra = Cifra(
        recibidos=1,
        abiertos=int(estado in ABIERTOS),
        vencidos=int(estado in CORREN and fila["vence"] < hoy),
        prorrogados=int(fila["prorrogado"]),
        trasladados=int(estado == Radicado.Estado.TRASLADADO),
        desistidos=int(estado == Radicado.Estado.DESISTIDO),
        reabiertos=int(fila["reabierto_en"] is not None),
    )
    if respondido is not None:
        dia = timezone.localdate(respondido)
        # A first answer that came late stays late, whatever came after it was reopened.
        primera_a_tiempo = fila["primera"] is None or timezone.localdate(fila["primera"]) <= fila["vencia"]
        cifra.respondidos, cifra.respondidos_a_tiempo = 1, int(dia <= fila["vence"] and primera_a_tiempo)
        cifra.dias = habiles.entre(timezone.localdate(fila["asiento__en"]), dia)
    return cifra


def _valoraciones(radicados: QuerySet[Radicado]):
    """Every judgement of an answer counts, also that of the one that was reopened."""
    return (
        Radicado.objects.filter(pk__in=radicados.exclude(estado=Radicado.Estado.ANULADO).values("pk"))
        .filter(salidas__valoracion__isnull=False)
        .values("dependencia__nombre", "clase__nombre", "clase__reservada")
        .order_by()
        .annotate(cuantas=Count("salidas__valoracion"), suma=Sum("salidas__valoracion__puntos"))
    )


# --- Periods -------------------------------------------------------------------------------------
def anios(hoy: date) -> list[int]:
    """The years with something filed and this one, the last one first. One query."""
    primero = Radicado.objects.aggregate(anio=Min("asiento__anio"))["anio"] or hoy.year
    return list(range(max(hoy.year, primero), min(hoy.year, primero) - 1, -1))


def limites(anio: int, trimestre: int = 0) -> tuple[date, date]:
    """First and last day of a year, or of one of its quarters (1 to 4)."""
    if not trimestre:
        return date(anio, 1, 1), date(anio, 12, 31)
    siguiente = date(anio + trimestre // 4, trimestre * 3 % 12 + 1, 1)
    return date(anio, trimestre * 3 - 2, 1), siguiente - timedelta(days=1)


# --- As a table ----------------------------------------------------------------------------------
COLUMNAS = (
    *("Recibidas", "Respondidas", "Respondidas a tiempo", "Respondidas tarde", "Abiertas", "Vencidas"),
    *("Debían estar respondidas", "Porcentaje a tiempo", "Días hábiles en promedio", "Prorrogadas"),
    *("Trasladadas", "Desistidas", "Reabiertas", "Anuladas (no se cuentan)"),
    *("Satisfacción (1 a 5)", "Opiniones"),
)


def fila_de(cifra: Cifra) -> list[str]:
    """As text, in the order of COLUMNAS; what cannot be said is empty."""
    valores = (
        *(cifra.recibidos, cifra.respondidos, cifra.respondidos_a_tiempo, cifra.respondidos_tarde),
        *(cifra.abiertos, cifra.vencidos, cifra.a_tiempo.de, cifra.a_tiempo.porcentaje),
        *(cifra.dias_promedio, cifra.prorrogados, cifra.trasladados, cifra.desistidos, cifra.reabiertos),
        *(cifra.anulados, cifra.satisfaccion, cifra.valoraciones),
    )
    return ["" if valor is None else str(valor).replace(".", ",") for valor in valores]
