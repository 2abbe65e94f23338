"""An administration leaves and another one comes: many tenures closed at once, each post with who comes.

It is done whole or not at all, in one transaction; what it would do is asked by doing it and taking it back,
so that what is shown before is what happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from portal.models import Titularidad, Usuario
from portal.nombres import libre
from portal.redaccion.relevo import (
    LARGO_DE_LA_RAZON,
    UN_DIA,
    Herencia,
    RelevoRechazado,
    YaEstabaCerrada,
    de_a_una,
    dia_siguiente,
    herencia,
    responsables,
)


@dataclass(frozen=True)
class Cambio:
    """A tenure that ends and who comes to its post: nobody, somebody, or somebody without an account yet.

    A person who is not saved gets an account, without a password: they write one by the reset.
    """

    titularidad: Titularidad
    persona: Usuario | None = None
    calidad: str = Titularidad.Calidad.TITULAR


@dataclass(frozen=True)
class Entrega:
    """What a tenure that ends leaves, who goes on with each thing, and the tenure that follows, if any."""

    sale: Titularidad
    entra: Titularidad | None
    herencias: list[Herencia]
    es_nueva: bool = False

    @property
    def sin_nadie(self) -> bool:
        return any(parte.sin_nadie for parte in self.herencias)


class RelevoImposible(RelevoRechazado):
    """Why the whole was refused: in `razones`, by the primary key of the tenure that each one is about."""

    def __init__(self, razones: dict[int, str]) -> None:
        super().__init__("No se hizo ningún cambio: revise los cargos señalados.")
        self.razones = razones


@transaction.atomic
def ensayar(cambios: Iterable[Cambio], *, hasta: date, acto: str) -> list[Entrega]:
    """What `relevar` would do, also when something would be left with nobody. Nothing changes."""
    entregas = _hacer(list(cambios), hasta, acto)
    transaction.set_rollback(True)
    return entregas


@transaction.atomic
def relevar(cambios: Iterable[Cambio], *, hasta: date, acto: str) -> list[Entrega]:
    """Close those tenures on that day, their last, and give each post to who comes, from the next one.

    Raises YaEstabaCerrada when it was already done, or RelevoImposible when a date is not possible or
    something would be left with nobody. Then nothing has changed.
    """
    entregas = _hacer(list(cambios), hasta, acto)
    if huerfanas := [entrega for entrega in entregas if entrega.sin_nadie]:
        raise RelevoImposible({entrega.sale.pk: _que_falta(entrega) for entrega in huerfanas})
    return entregas


def _que_falta(entrega: Entrega) -> str:
    cosas = ", ".join(
        f"{parte.que.lower()} ({len(parte.tareas)})" for parte in entrega.herencias if parte.sin_nadie
    )
    return f"Quedaría sin nadie que lo siga: {cosas}. Diga quién entra a este cargo."


def _hacer(cambios: list[Cambio], hasta: date, acto: str) -> list[Entrega]:
    de_a_una()
    salen = _cerradas(cambios, hasta, acto)
    nuevas = {id(c.persona) for c in cambios if c.persona and c.persona.pk is None}
    entran = _nombradas(cambios, salen, hasta, acto)
    quedan = responsables(dia_siguiente(hasta))
    return [
        Entrega(
            salen[c.titularidad.pk],
            entran.get(c.titularidad.pk),
            herencia(salen[c.titularidad.pk], hasta, quedan),
            id(c.persona) in nuevas,
        )
        for c in cambios
    ]


def _cerradas(cambios: list[Cambio], hasta: date, acto: str) -> dict[int, Titularidad]:
    """The locked tenures, closed; the outgoing leave first, so that the post is free for who comes."""
    filas = Titularidad.objects.select_for_update(of=("self",)).select_related(
        "persona", "cargo__dependencia"
    )
    salen = filas.in_bulk([c.titularidad.pk for c in cambios])
    if salen and all(t.hasta == hasta for t in salen.values()):
        raise YaEstabaCerrada(f"Ese relevo ya se hizo: todas terminan el {hasta:%d/%m/%Y}.")
    razones = {
        t.pk: f"Ya termina el {t.hasta:%d/%m/%Y}: quítela de la lista."
        for t in salen.values()
        if t.hasta is not None and t.hasta <= hasta
    }
    for titularidad in salen.values():
        if titularidad.pk in razones:
            continue
        titularidad.hasta = hasta
        _guardar(titularidad, titularidad.pk, f"Relevo: {acto}", razones)
    _exigir(razones)
    return salen


def _nombradas(
    cambios: list[Cambio], salen: dict[int, Titularidad], hasta: date, acto: str
) -> dict[int, Titularidad]:
    """The new tenures, by the primary key of the one that each follows."""
    entran: dict[int, Titularidad] = {}
    razones: dict[int, str] = {}
    for cambio in cambios:
        if cambio.persona is None:
            continue
        sale = salen[cambio.titularidad.pk]
        if cambio.persona.pk is None:
            _crear_cuenta(cambio.persona)
        entra = Titularidad(
            cargo=sale.cargo, persona=cambio.persona, calidad=cambio.calidad, desde=hasta + UN_DIA, acto=acto
        )
        _guardar(entra, sale.pk, f"Relevo de {sale.persona}", razones)
        entran[sale.pk] = entra
    _exigir(razones)
    return entran


def _guardar(titularidad: Titularidad, cual: int, razon: str, razones: dict[int, str]) -> None:
    """Save it with that reason in its history, or leave in `razones` why not."""
    try:
        titularidad.full_clean()
    except ValidationError as error:
        razones[cual] = " ".join(error.messages)
        return
    cast(Any, titularidad)._change_reason = razon[:LARGO_DE_LA_RAZON]
    titularidad.save()


def _exigir(razones: dict[int, str]) -> None:
    if razones:
        raise RelevoImposible(razones)


def _crear_cuenta(persona: Usuario) -> None:
    """An account without a password, with a user name that nobody has: «ana.rojas», «ana.rojas2»…"""
    partes = [
        slugify(nombre.split()[0]) for nombre in (persona.first_name, persona.last_name) if nombre.split()
    ]
    base = ".".join(filter(None, partes))[:100] or "persona"
    ocupados = set(Usuario.objects.filter(username__startswith=base).values_list("username", flat=True))
    persona.username = libre(base, ocupados, union="")
    persona.is_staff = True
    persona.set_unusable_password()
    persona.save()
