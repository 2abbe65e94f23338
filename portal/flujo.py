"""The engine of every flow of the house: a declarative table of transitions and one function to run one.

A flow says, for each transition, from which states it may run, to which it goes, who may, under what
conditions and what it records. `Flujo.ejecutar` locks the row, asks all of that again and only then moves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone


class TransicionRechazada(Exception):
    """The step was not taken. Its text is for people, in Spanish."""


class EstadoInadecuado(TransicionRechazada):
    """The object is not in a state from which the step can be taken, perhaps because it already was."""


class SinPermiso(TransicionRechazada):
    """This person may not take the step."""


class CondicionIncumplida(TransicionRechazada):
    """Something the step needs is missing."""


@dataclass(frozen=True)
class Contexto:
    """What a step knows besides its object. `por` is None when the system itself acts."""

    por: Any
    en: datetime
    motivo: str = ""
    datos: dict[str, Any] = field(default_factory=dict)


def _siempre(objeto, contexto: Contexto) -> str:
    return ""


@dataclass(frozen=True)
class Transicion:
    """A row of the table. `quien` and `condicion` return "" or, in Spanish, why not.

    An empty `a` leaves the state as it is. `aplica` tells apart two steps from the same state, of which
    only one makes sense for a given object.
    """

    nombre: str
    etiqueta: str
    de: tuple[str, ...]
    a: str
    quien: Callable[[Any, Contexto], str]
    condicion: Callable[[Any, Contexto], str] = _siempre
    efecto: Callable[[Any, Contexto], None] | None = None
    pide_motivo: bool = False
    aplica: Callable[[Any], bool] = lambda objeto: True

    def viene_al_caso(self, objeto) -> bool:
        return objeto.estado in self.de and self.aplica(objeto)

    def por_que_no(self, objeto) -> str:
        """Why it does not come to the case, in Spanish."""
        if objeto.estado in self.de:
            return f"No se puede «{self.etiqueta.lower()}»: ya se hizo o no viene al caso."
        estado = objeto.get_estado_display().lower()
        return f"No se puede «{self.etiqueta.lower()}»: está en el estado «{estado}»."


class Flujo:
    """The transitions of one model, by name."""

    def __init__(
        self,
        modelo: Any,  # a model with `estado` and its choices
        transiciones: Iterable[Transicion],
        registrar: Callable[[Any, Transicion, str, Contexto], None],
        primero: Callable[[Any], object] = lambda objeto: None,
        intocables: tuple[str, ...] = (),
    ) -> None:
        self.modelo = modelo
        self.transiciones = {transicion.nombre: transicion for transicion in transiciones}
        self.registrar = registrar
        self.primero = primero  # locks what every step locks, always in the same order
        self._campos = [
            campo.name
            for campo in modelo._meta.concrete_fields
            if not campo.primary_key and campo.name not in intocables
        ]

    def ejecutar(self, nombre: str, objeto: Any, *, por, en=None, motivo: str = "", **datos) -> Any:
        """Take the step on the locked row and return that row.

        Raises EstadoInadecuado, SinPermiso or CondicionIncumplida, and then nothing has changed.
        """
        transicion = self.transiciones[nombre]
        contexto = Contexto(por, en or timezone.now(), motivo.strip(), datos)
        with transaction.atomic():
            self.primero(objeto)
            fila = self.modelo._default_manager.select_for_update(of=("self",)).get(pk=objeto.pk)
            anterior = fila.estado
            if not transicion.viene_al_caso(fila):
                raise EstadoInadecuado(transicion.por_que_no(fila))
            if rechazo := transicion.quien(fila, contexto):
                raise SinPermiso(rechazo)
            if transicion.pide_motivo and not contexto.motivo:
                raise CondicionIncumplida("Escriba el motivo.")
            if rechazo := transicion.condicion(fila, contexto):
                raise CondicionIncumplida(rechazo)
            fila.estado = transicion.a or anterior
            if transicion.efecto:
                transicion.efecto(fila, contexto)
            fila.save(update_fields=self._campos)
            self.registrar(fila, transicion, anterior, contexto)
        return fila

    def posibles(self, objeto, por, en=None) -> list[Transicion]:
        """The steps `por` may take now, before looking at conditions or reasons."""
        contexto = Contexto(por, en or timezone.now())
        return [
            transicion
            for transicion in self.transiciones.values()
            if transicion.viene_al_caso(objeto) and not transicion.quien(objeto, contexto)
        ]


def solo_estados(nombre: str, *estados: str) -> models.CheckConstraint:
    """The CHECK that backs a table: no row in a state that the table does not know."""
    return models.CheckConstraint(name=nombre, condition=Q(estado__in=estados))
