"""What the posts of one person reach, read once a request, for what only shows or hides things.

A step with legal effect never trusts this: its flow asks `CargoQuerySet.con_funcion` again, on a locked row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from portal.models import Asignacion, Canal, Cargo, Titularidad

Funcion = Asignacion.Funcion
#: What later apps ask about each post, in the query of the posts: a name, and its condition for that person.
MARCAS: dict[str, Callable[[Any], Exists]] = {}


def alcanzan(cargos) -> dict[str, frozenset[int]]:
    """The open channels in which some of those posts may do each function. One query."""
    puede = {
        f"puede_{funcion}": Exists(
            cargos.con_funcion(funcion, canal=OuterRef("pk"), dependencia=OuterRef("dependencia"))
        )
        for funcion in Funcion.values
    }
    filas = list(Canal.objects.filter(activo=True).annotate(**puede).values("pk", *puede))
    return {
        funcion: frozenset(fila["pk"] for fila in filas if fila[f"puede_{funcion}"])
        for funcion in Funcion.values
    }


@dataclass(frozen=True)
class Puesto:
    """A post that the person holds that day, and what the update matrix gives to it."""

    cargo: int
    dependencia: int
    es_jefatura: bool
    de_secretaria_general: bool
    asignaciones: frozenset[tuple[int, str, str]]  # channel, its slug, función
    marcas: frozenset[str]  # those of `MARCAS` that it has

    def funciones_en(self, slug: str) -> frozenset[str]:
        return frozenset(funcion for _canal, en_canal, funcion in self.asignaciones if en_canal == slug)


class Alcance:
    """Two queries at most, each made when it is first needed: the posts, and the channels they reach."""

    def __init__(self, usuario, en: datetime) -> None:
        self.usuario, self.en = usuario, en

    @cached_property
    def puestos(self) -> tuple[Puesto, ...]:
        asignaciones = ArrayAgg(
            JSONObject(
                canal="asignaciones__canal", slug="asignaciones__canal__slug", funcion="asignaciones__funcion"
            ),
            filter=Q(asignaciones__isnull=False),
            default=[],
        )
        cargos = (
            Cargo.objects.ejercidos_por(self.usuario, self.en)
            .annotate(
                funciones=asignaciones,
                general=F("dependencia__es_secretaria_general"),
                marcas=JSONObject(**{nombre: marca(self.usuario) for nombre, marca in MARCAS.items()}),
            )
            .values_list("pk", "dependencia", "es_jefatura", "general", "funciones", "marcas")
        )
        return tuple(
            Puesto(
                cargo,
                dependencia,
                es_jefatura,
                general,
                frozenset((fila["canal"], fila["slug"], fila["funcion"]) for fila in funciones),
                frozenset(nombre for nombre, la_tiene in marcas.items() if la_tiene),
            )
            for cargo, dependencia, es_jefatura, general, funciones, marcas in cargos
        )

    @cached_property
    def canales(self) -> dict[str, frozenset[int]]:
        """The channels in which the person may do each función, as `Canal.objects.que_puede` says."""
        if not self.puestos:
            return {funcion: frozenset() for funcion in Funcion.values}
        return alcanzan(Cargo.objects.ejercidos_por(self.usuario, self.en))

    @property
    def dependencias(self) -> frozenset[int]:
        """The offices in which the person holds a post."""
        return frozenset(puesto.dependencia for puesto in self.puestos)

    @property
    def dirige(self) -> frozenset[int]:
        """The offices that the person heads."""
        return frozenset(puesto.dependencia for puesto in self.puestos if puesto.es_jefatura)

    @property
    def dirige_secretaria_general(self) -> bool:
        return any(puesto.es_jefatura and puesto.de_secretaria_general for puesto in self.puestos)

    def tiene(self, marca: str) -> bool:
        """Whether one of their posts has that one of `MARCAS`."""
        return any(marca in puesto.marcas for puesto in self.puestos)

    def asignados(self, *funciones: str) -> frozenset[int]:
        """The channels that the matrix itself gives to their posts for any of those functions.

        What comes from heading an office is not here: it opens channels, it does not make each a daily task.
        """
        return frozenset(
            canal
            for puesto in self.puestos
            for canal, _slug, funcion in puesto.asignaciones
            if funcion in funciones
        )

    def sin_titular(self, *funciones: str) -> QuerySet[Canal]:
        """Of the channels that they reach without the matrix, those that it gives for none of those functions
        to a post with somebody who can enter: what waits there would be seen by nobody. It is for a subquery.
        """
        alcanzados = frozenset().union(*(self.canales[funcion] for funcion in funciones))
        en_su_puesto = Titularidad.objects.en_ejercicio(self.en).filter(persona__is_staff=True)
        atendidos = Asignacion.objects.filter(
            canal=OuterRef("pk"), funcion__in=funciones, cargo__in=en_su_puesto.values("cargo")
        )
        return Canal.objects.filter(~Exists(atendidos), pk__in=alcanzados - self.asignados(*funciones))

    def funciones_en(self, slug: str) -> frozenset[str]:
        """What the matrix gives to their posts in the channel of that address."""
        return _union(puesto.funciones_en(slug) for puesto in self.puestos)

    def escriben_en(self, funciones: Iterable[str]) -> frozenset[int]:
        """The offices of those of their posts that have one of those functions in any channel."""
        buscadas = set(funciones)
        return frozenset(
            puesto.dependencia
            for puesto in self.puestos
            if any(funcion in buscadas for _canal, _slug, funcion in puesto.asignaciones)
        )


def _union(conjuntos: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*conjuntos)


def alcance_de(usuario, en: datetime | None = None) -> Alcance:
    """What that person reaches on the day of the moment `en` (now by default), kept with the person."""
    en = en or timezone.now()
    dia, alcance = getattr(usuario, "_alcance", (None, None))
    if alcance is None or dia != timezone.localdate(en):
        alcance = Alcance(usuario, en)
        usuario._alcance = (timezone.localdate(en), alcance)
    return alcance
