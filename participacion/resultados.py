"""What people answered, counted by PostgreSQL in one query: by the page, on paper, and their sum."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from participacion.models import Consulta, Eleccion, Pregunta, Rechazo, Respuesta

WEB, PAPEL = Respuesta.Origen.WEB.value, Respuesta.Origen.PAPEL.value
#: Of each question what was chosen, of each question how many answered it, and how many answered at all.
_CUENTA = """
SELECT e.pregunta_id, e.opcion_id, e.valor, r.origen, count(DISTINCT r.id),
       grouping(e.pregunta_id) AS de_todo, grouping(e.opcion_id) AS de_la_pregunta
FROM participacion_respuesta r LEFT JOIN participacion_eleccion e ON e.respuesta_id = r.id
WHERE r.consulta_id = %s
GROUP BY GROUPING SETS (
    (e.pregunta_id, e.opcion_id, e.valor, r.origen), (e.pregunta_id, r.origen), (r.origen)
)
"""


@dataclass
class Cuenta:
    """How many by each way. Their sum is what counts."""

    web: int = 0
    papel: int = 0

    @property
    def total(self) -> int:
        return self.web + self.papel

    def sumar(self, origen: str, cuantas: int) -> None:
        setattr(self, origen, getattr(self, origen) + cuantas)


@dataclass(frozen=True)
class Barra:
    """A part of those who answered, drawn a hundred wide, and said: «12 de 30 (40 %)»."""

    parte: int
    todo: int

    def __str__(self) -> str:
        return f"{self.parte} de {self.todo} ({self.porcentaje} %)" if self.todo else "0"

    @property
    def largo(self) -> float:
        return round(100 * self.parte / self.todo, 1) if self.todo else 0

    @property
    def porcentaje(self) -> int:
        return round(100 * self.parte / self.todo) if self.todo else 0


@dataclass
class Fila:
    """An option, or a number of a scale. `puntos` is the sum of the places that it was given, if ordered."""

    texto: str
    cuenta: Cuenta = field(default_factory=Cuenta)
    puntos: int = 0
    de: int = 0

    @property
    def barra(self) -> Barra:
        return Barra(self.cuenta.total, self.de)

    @property
    def puesto_medio(self) -> Decimal | None:
        """The average place, 1 being the first; None when nobody ordered it."""
        total = self.cuenta.total
        return (Decimal(self.puntos) / total).quantize(Decimal("0.1")) if total else None


@dataclass
class DePregunta:
    """A question with its rows and how many answered it."""

    pregunta: Pregunta
    filas: list[Fila]
    respondieron: Cuenta = field(default_factory=Cuenta)

    @property
    def promedio(self) -> Decimal | None:
        """Of a scale; None when nobody answered."""
        total = self.respondieron.total
        if self.pregunta.tipo != Pregunta.Tipo.ESCALA or not total:
            return None
        suma = sum(int(fila.texto) * fila.cuenta.total for fila in self.filas)
        return (Decimal(suma) / total).quantize(Decimal("0.1"))


@dataclass
class Resultados:
    consulta: Consulta
    respuestas: Cuenta
    preguntas: list[DePregunta]

    @cached_property
    def hay(self) -> bool:
        return bool(self.respuestas.total)


def preguntas_de(consulta: Consulta) -> list[Pregunta]:
    """Its questions with their options. Two queries."""
    return list(consulta.preguntas.prefetch_related("opciones"))


def contar(consulta: Consulta) -> Resultados:
    """Everything that was answered. Three queries, for one answer or for ten thousand."""
    preguntas = preguntas_de(consulta)
    elegido: dict[tuple, Cuenta] = defaultdict(Cuenta)
    puntos: dict[int, int] = defaultdict(int)
    respondieron: dict[int, Cuenta] = defaultdict(Cuenta)
    respuestas = Cuenta()
    with connection.cursor() as cursor:
        cursor.execute(_CUENTA, [consulta.pk])
        for pregunta, opcion, valor, origen, cuantas, de_todo, de_la_pregunta in cursor.fetchall():
            if de_todo:
                respuestas.sumar(origen, cuantas)
            elif de_la_pregunta:
                respondieron[pregunta].sumar(origen, cuantas)
            elif opcion:
                elegido[pregunta, opcion].sumar(origen, cuantas)
                puntos[opcion] += (valor or 0) * cuantas
            else:
                elegido[pregunta, valor].sumar(origen, cuantas)
    contadas = []
    for pregunta in preguntas:
        de = respondieron[pregunta.pk]
        filas = [
            Fila(texto, elegido[pregunta.pk, clave], puntos[clave], de.total)
            for clave, texto in _renglones(pregunta)
        ]
        if pregunta.tipo == Pregunta.Tipo.ORDEN:
            filas.sort(key=lambda fila: fila.puntos)  # all were ordered as often; the average is rounded
        contadas.append(DePregunta(pregunta, filas, de))
    return Resultados(consulta, respuestas, contadas)


def _renglones(pregunta: Pregunta) -> list[tuple[int, str]]:
    """What can be chosen in a question, each with its words. Nothing, of a text."""
    if pregunta.tipo == Pregunta.Tipo.ESCALA:
        return [(n, str(n)) for n in numeros_de(pregunta)]
    return [(opcion.pk, opcion.texto) for opcion in pregunta.opciones.all()]


def numeros_de(pregunta: Pregunta) -> range:
    """The numbers of a scale; from 1 to 5 when it does not say."""
    desde = 1 if pregunta.minimo is None else pregunta.minimo
    hasta = 5 if pregunta.maximo is None else pregunta.maximo
    return range(desde, hasta + 1)


# --- Tables to take away ------------------------------------------------------------------------
COLUMNAS = (
    "pregunta",
    "opción",
    "por la página",
    "en papel",
    "total",
    "respondieron la pregunta",
    "puesto medio",
)


def tabla(resultados: Resultados) -> Iterator[list[str]]:
    """The totals, a row for each option: no answer of anybody is there."""
    for contada in resultados.preguntas:
        for fila in contada.filas or [Fila("Escribieron algo", contada.respondieron)]:
            cuenta = fila.cuenta
            ordenada = contada.pregunta.tipo == Pregunta.Tipo.ORDEN and fila.puesto_medio is not None
            yield [
                contada.pregunta.texto,
                fila.texto,
                *(str(n) for n in (cuenta.web, cuenta.papel, cuenta.total, contada.respondieron.total)),
                str(fila.puesto_medio) if ordenada else "",
            ]


def textos_de(consulta: Consulta) -> QuerySet[Eleccion]:
    """What people wrote, in no order that says when: only for the desk, it may hold personal data."""
    return (
        Eleccion.objects.filter(respuesta__consulta=consulta)
        .exclude(texto="")
        .order_by("pregunta__orden", "pk")
    )


def una_a_una(consulta: Consulta) -> tuple[list[str], list[list[str]]]:
    """The columns and the answers, one a row, shuffled, without day nor way: only for the desk."""
    preguntas = preguntas_de(consulta)
    opciones = {opcion.pk: opcion.texto for pregunta in preguntas for opcion in pregunta.opciones.all()}
    dichas: dict = {pk: defaultdict(list) for pk in consulta.respuestas.values_list("pk", flat=True)}
    elecciones = Eleccion.objects.filter(respuesta__consulta=consulta)
    for respuesta, pregunta, opcion, valor, texto in elecciones.order_by(
        "valor", "opcion__orden"
    ).values_list("respuesta", "pregunta", "opcion", "valor", "texto"):
        dicho = opciones[opcion] if opcion else texto or str(valor)
        dichas[respuesta][pregunta].append(f"{valor}. {dicho}" if opcion and valor else dicho)
    filas = [["; ".join(una[pregunta.pk]) for pregunta in preguntas] for una in dichas.values()]
    random.SystemRandom().shuffle(filas)
    return [pregunta.texto for pregunta in preguntas], filas


# --- While it is open ---------------------------------------------------------------------------
def recibidas(consulta: Consulta) -> Cuenta:
    """How many answers there are, by each way. One query."""
    cuenta = Cuenta()
    de_cada_origen = consulta.respuestas.order_by().values_list("origen").annotate(n=Count("pk"))
    for origen, cuantas in de_cada_origen:
        cuenta.sumar(origen, cuantas)
    return cuenta


def rechazos(consulta: Consulta) -> list[tuple[str, int]]:
    """How many were refused for each cause, in words. One query."""
    sumas = consulta.rechazos.order_by("causa").values_list("causa").annotate(n=Sum("veces"))
    return [(Rechazo.Causa(causa).label, cuantas) for causa, cuantas in sumas]
