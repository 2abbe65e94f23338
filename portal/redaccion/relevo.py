"""Who can do what in each channel on a given day, and who goes on with what a person leaves when a post ends.

The rule is `CargoQuerySet.con_funcion`; here it is asked of every channel at once, and posts become people.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone

from portal import gobierno
from portal.alcance import alcanzan
from portal.models import Asignacion, Canal, Cargo, PeriodoDeGobierno, Titularidad, Usuario, Version
from portal.redaccion.antiguedad import estado_de_canales

Funcion = Asignacion.Funcion
Estado = Version.Estado
UN_DIA = timedelta(days=1)
#: Of the column where the history keeps it.
LARGO_DE_LA_RAZON = 100


class RelevoRechazado(Exception):
    """The tenure was not closed. Its text is for people, in Spanish."""


class YaEstabaCerrada(RelevoRechazado):
    """It had ended, or its end was already that one."""


class SinRelevo(RelevoRechazado):
    """Something would be left that nobody can go on with."""


# --- Who can ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Responsables:
    """By channel and function, the tenures in force of the posts that may, and those of every post."""

    canales: dict[int, Canal]
    pueden: dict[tuple[int, str], list[Titularidad]]
    de_cargo: dict[int, list[Titularidad]]

    def personas(self, canal: int, funcion: str) -> set[int]:
        return {titularidad.persona_id for titularidad in self.pueden[canal, funcion]}


def responsables(en: datetime, *, sin: Titularidad | None = None) -> Responsables:
    """Of every open channel, at the moment `en`, as if the tenure `sin` had ended. Two queries."""
    vigentes = Titularidad.objects.en_ejercicio(en)
    if sin is not None:
        vigentes = vigentes.exclude(pk=sin.pk)
    de_cargo: dict[int, list[Titularidad]] = defaultdict(list)
    for titularidad in vigentes.select_related("persona", "cargo__dependencia").order_by("calidad", "pk"):
        de_cargo[titularidad.cargo_id].append(titularidad)
    abiertos = Canal.objects.filter(activo=True).select_related("dependencia")
    canales = list(abiertos.annotate(**_cargos(de_cargo)))
    return Responsables(
        {canal.pk: canal for canal in canales},
        {
            (canal.pk, funcion): [
                t
                for cargo in getattr(canal, f"cargos_{funcion}") or []  # None when nobody holds any post
                for t in de_cargo[cargo]
            ]
            for canal in canales
            for funcion in Funcion.values
        },
        de_cargo,
    )


def _cargos(de_cargo: Iterable[int]) -> dict[str, ArraySubquery]:
    """Of those posts, the ones that may do each function in a channel, as an array in its row."""
    ejercidos = Cargo.objects.filter(pk__in=list(de_cargo)).order_by("pk")
    return {
        f"cargos_{funcion}": ArraySubquery(
            ejercidos.con_funcion(funcion, canal=OuterRef("pk"), dependencia=OuterRef("dependencia"))
            .distinct()
            .values("pk")
        )
        for funcion in Funcion.values
    }


def es_del_canal(titularidad: Titularidad, canal: Canal) -> bool:
    """Of those who may act in a channel, whether it is for more than heading Secretaría General."""
    cargo = titularidad.cargo
    return canal.dependencia_id == cargo.dependencia_id or not (
        cargo.es_jefatura and cargo.dependencia.es_secretaria_general
    )


# --- Who goes on with what ----------------------------------------------------------------------
@dataclass(frozen=True)
class Herencia:
    """Things of a kind that wait for somebody by a post, and who can go on with them, the nearest first."""

    que: str
    tareas: list[str] = field(default_factory=list)
    quienes: tuple[str, ...] = ()

    @property
    def sin_nadie(self) -> bool:
        return not self.quienes


@dataclass(frozen=True)
class Espera:
    """Something of another app that waits for a post: the office that answers for it, whoever leaves.

    With a channel and a function, whoever may do that there goes on with it, but for `vedados`. What is
    `ajena`, of somebody else, is only told when nobody would be left.
    """

    que: str
    tarea: str
    dependencia: int | None
    canal: int | None = None
    funcion: str = ""
    vedados: frozenset[int | None] = frozenset()
    ajena: bool = False


#: Functions of other apps that say what waits in them for a tenure.
DE_OTRAS_APPS: list[Callable[[Titularidad], list[Espera]]] = []


def herencia(titularidad: Titularidad, hasta: date, quedan: Responsables | None = None) -> list[Herencia]:
    """What waits for that person by that post, and who could go on with it the day after `hasta`.

    Only the nearest are named: whoever holds the same post, the other posts of the channel, the head of its
    office, Secretaría General. Two pairs of eyes count: whoever wrote a text does not review it. And what a
    government that ends that day leaves on its way is only of Secretaría General. `quedan`, if it is known.
    """
    siguiente = dia_siguiente(hasta)
    quedan = quedan or responsables(siguiente, sin=titularidad)
    periodos = cache(lambda: list(PeriodoDeGobierno.objects.all()))
    juntas: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for que, funcion, version in _textos(titularidad):
        vedados = {version.enviada_por_id, version.editada_por_id} if funcion != Funcion.AUTOR else set()
        canal = version.publicacion.canal
        de_otro = gobierno.anterior(version.publicacion, periodos, timezone.localdate(siguiente))
        solo_general = bool(de_otro) and que != URGENTE
        quienes = _mas_cercanos(quedan, titularidad.cargo, canal, funcion, vedados, solo_general)
        if que != DE_OTROS or not quienes:
            juntas[que, quienes].append(f"{version} ({canal})")
    for canal in _canales_por_actualizar(titularidad):
        quienes = _mas_cercanos(quedan, titularidad.cargo, canal, Funcion.AUTOR, set())
        juntas["Canales por actualizar", quienes].append(str(canal))
    for espera in (espera for esperan in DE_OTRAS_APPS for espera in esperan(titularidad)):
        quienes = _de_la_espera(quedan, titularidad.cargo, espera)
        if not (espera.ajena and quienes):
            juntas[espera.que, quienes].append(espera.tarea)
    return [Herencia(que, tareas, quienes) for (que, quienes), tareas in juntas.items()]


def dia_siguiente(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia + UN_DIA, time()))


def _textos(titularidad: Titularidad) -> list[tuple[str, str, Version]]:
    """What waits by that post, in the order of the work: what it is, the function it takes and the text."""
    yo, suyos = titularidad.persona_id, alcanzan(Cargo.objects.filter(pk=titularidad.cargo_id))
    versiones = _por_atender(frozenset().union(*suyos.values()))
    return [
        (que, funcion, version)
        for que, funcion, es_de_quien in _ESPERAS
        for version in versiones
        if version.publicacion.canal_id in suyos[funcion] and es_de_quien(version, yo)
    ]


def _es_ajena(version: Version, yo: int) -> bool:
    return yo not in {version.enviada_por_id, version.editada_por_id}


URGENTE = "Publicado con urgencia, por autorizar"
#: Their author may have left before: it is only told when nobody would be left to write them.
DE_OTROS = "Borradores de otras personas"
#: What waits for a post, the function it takes, and whether a text waits so for that person.
_ESPERAS: list[tuple[str, str, Callable[[Version, int], bool]]] = [
    ("Devuelto", Funcion.AUTOR, lambda v, yo: v.estado == Estado.DEVUELTA and v.enviada_por_id == yo),
    (
        "Borradores",
        Funcion.AUTOR,
        lambda v, yo: v.estado == Estado.BORRADOR and yo in {v.creada_por_id, v.editada_por_id},
    ),
    (
        DE_OTROS,
        Funcion.AUTOR,
        lambda v, yo: v.estado == Estado.BORRADOR and yo not in {v.creada_por_id, v.editada_por_id},
    ),
    ("Por validar", Funcion.EDITOR, lambda v, yo: v.estado == Estado.EN_VALIDACION and _es_ajena(v, yo)),
    ("Por autorizar", Funcion.AUTORIZA, lambda v, yo: v.estado == Estado.POR_AUTORIZAR and _es_ajena(v, yo)),
    (
        URGENTE,
        Funcion.AUTORIZA,
        lambda v, yo: v.urgente_sin_autorizar and _es_ajena(v, yo),
    ),
    ("Autorizado, por publicar", Funcion.EDITOR, lambda v, yo: v.estado == Estado.AUTORIZADA),
    ("Programado", Funcion.EDITOR, lambda v, yo: v.estado == Estado.PROGRAMADA),
]


def _por_atender(canales: frozenset[int]) -> list[Version]:
    """The texts of those channels of which something is asked; a returned one, until it is corrected."""
    textos = Version.objects
    piden = textos.abiertas() | textos.urgentes_sin_autorizar() | textos.devueltas_sin_corregir()
    return list(
        piden.filter(publicacion__canal__in=canales)
        .select_related("publicacion__canal")
        .defer("cuerpo")
        .order_by("editada_en", "pk")
    )


def _canales_por_actualizar(titularidad: Titularidad) -> list[Canal]:
    """Past or near their maximum age, of those that the matrix gives that post to write."""
    suyos = Canal.objects.filter(
        asignaciones__cargo=titularidad.cargo_id, asignaciones__funcion=Funcion.AUTOR
    )
    estados = estado_de_canales(timezone.now(), suyos, con_personas=False)
    return [estado.canal for estado in estados if estado.vencido or estado.proximo]


def _mas_cercanos(
    quedan: Responsables,
    cargo: Cargo,
    canal: Canal,
    funcion: str,
    vedados: Set[int | None],
    solo_general: bool = False,
) -> tuple[str, ...]:
    """Those who can, by name and post, of the nearest kind there is; or only those of Secretaría General."""

    def lejania(t: Titularidad) -> int:
        if t.cargo_id == cargo.pk:
            return 0
        if t.cargo.es_jefatura and t.cargo.dependencia_id == canal.dependencia_id:
            return 2
        return 1 if es_del_canal(t, canal) else 3

    pueden = [
        t
        for t in quedan.pueden[canal.pk, funcion]
        if t.persona_id not in vedados and (not solo_general or t.cargo.dependencia.es_secretaria_general)
    ]
    cerca = min(map(lejania, pueden), default=0)
    return tuple(dict.fromkeys(quien(t) for t in pueden if lejania(t) == cerca))


def _de_la_espera(quedan: Responsables, cargo: Cargo, espera: Espera) -> tuple[str, ...]:
    canal = quedan.canales.get(espera.canal) if espera.canal else None
    if canal is None:
        return _del_cargo_o_su_jefatura(quedan, cargo, espera.dependencia)
    return _mas_cercanos(quedan, cargo, canal, espera.funcion, espera.vedados)


def _del_cargo_o_su_jefatura(quedan: Responsables, cargo: Cargo, dependencia: int | None) -> tuple[str, ...]:
    """Who holds the same post, or heads that office, or heads Secretaría General: the nearest there is."""

    def lejania(t: Titularidad) -> int:
        if t.cargo_id == cargo.pk:
            return 0
        return 1 if t.cargo.dependencia_id == dependencia else 2

    pueden = [
        t
        for tenencias in quedan.de_cargo.values()
        for t in tenencias
        if t.cargo_id == cargo.pk
        or (
            t.cargo.es_jefatura
            and (t.cargo.dependencia_id == dependencia or t.cargo.dependencia.es_secretaria_general)
        )
    ]
    cerca = min(map(lejania, pueden), default=0)
    return tuple(dict.fromkeys(quien(t) for t in pueden if lejania(t) == cerca))


def quien(titularidad: Titularidad) -> str:
    """«Ana Rojas, Auxiliar, por encargo»."""
    encargo = ", por encargo" if titularidad.calidad == Titularidad.Calidad.ENCARGADO else ""
    return f"{titularidad.persona}, {titularidad.cargo}{encargo}"


# --- Doing it -----------------------------------------------------------------------------------
def de_a_una() -> None:
    """Wait for any other closing to end: each of two would count on the person whom the other sends away.

    The posts are locked before the tenures, always in the same order, so that none waits for the other.
    """
    list(Cargo.objects.select_for_update().order_by("pk").values_list("pk"))


@transaction.atomic
def encargar(
    cargo: Cargo, *, persona: Usuario, desde: date, hasta: date | None, acto: str, razon: str = ""
) -> Titularidad:
    """Give the post also to that person for a time; its titular keeps it. The same twice is one.

    Raises ValidationError when the dates are not possible.
    """
    Cargo.objects.select_for_update().get(pk=cargo.pk)
    encargo = Titularidad(
        cargo=cargo,
        persona=persona,
        calidad=Titularidad.Calidad.ENCARGADO,
        desde=desde,
        hasta=hasta,
        acto=acto,
    )
    iguales = {"cargo": cargo, "persona": persona, "calidad": encargo.calidad, "desde": desde, "hasta": hasta}
    if hecho := Titularidad.objects.filter(**iguales).first():
        return hecho
    encargo.full_clean()
    cast(Any, encargo)._change_reason = razon or "Encargo"
    encargo.save()
    return encargo


@transaction.atomic
def cerrar(
    titularidad: Titularidad,
    *,
    hasta: date,
    acto: str,
    encargado: Usuario | None = None,
    encargo_hasta: date | None = None,
) -> Titularidad:
    """End the tenure on that day, its last; with `encargado`, the post passes to that person the next one.

    The act of the end stays as the reason in its history: `acto` of the tenure is that of its beginning.
    Raises YaEstabaCerrada, SinRelevo when something would be left with nobody, or ValidationError.
    """
    de_a_una()
    fila = Titularidad.objects.select_for_update(of=("self",)).select_related("persona", "cargo")
    actual = fila.get(pk=titularidad.pk)
    if actual.hasta is not None and actual.hasta <= hasta:
        raise YaEstabaCerrada(f"Esta titularidad ya termina el {actual.hasta:%d/%m/%Y}.")
    actual.hasta = hasta
    actual.full_clean()
    if encargado is not None:
        encargar(
            actual.cargo,
            persona=encargado,
            desde=hasta + UN_DIA,
            hasta=encargo_hasta,
            acto=acto,
            razon=f"Encargo al cerrar la titularidad de {actual.persona}"[:LARGO_DE_LA_RAZON],
        )
    if any(parte.sin_nadie for parte in herencia(actual, hasta)):
        raise SinRelevo("Algo quedaría sin nadie que lo siga. Nombre a una persona encargada de este cargo.")
    cast(Any, actual)._change_reason = f"Cierre: {acto}"[:LARGO_DE_LA_RAZON]
    actual.save()
    return actual
