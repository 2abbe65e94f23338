"""What is told by mail about terms, and what the system does by itself when a term ends.

Each warning leaves a line, only for the office, in the line of time of its radicado: that is how it is known
that it was given, and what keeps it from being given twice. One message a day for each person, with all of
theirs, and nothing of whoever filed.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.correo import encolar
from portal.flujo import TransicionRechazada
from portal.huella import huella_de
from portal.models import Titularidad, Usuario
from ventanilla import terminos
from ventanilla.acceso import reparten
from ventanilla.flujo import dar_paso
from ventanilla.models import Actuacion, Radicado
from ventanilla.terminos import Semaforo, semaforo

registro = logging.getLogger(__name__)
#: Working days before the due date on which the head is told. A rule of this office.
ANTES = 3
#: Days between one notice that it is late and the next.
CADA = 7


@dataclass(frozen=True)
class Aviso:
    """A warning that a radicado calls for today. `dice` tells it apart from any other it has had."""

    accion: str
    etiqueta: str
    dice: str


@dataclass(frozen=True)
class Linea:
    """A radicado as a message tells it."""

    radicado: Radicado
    semaforo: Semaforo


# --- The warnings --------------------------------------------------------------------------------
def avisar_terminos(en: datetime) -> str:
    """Tell who should of each term near its end or past it, once each. Returns how many, in Spanish."""
    hoy, habiles = timezone.localdate(en), DiasHabiles()
    corren = Radicado.objects.corriendo().filter(vence_interno__lte=_hasta(hoy, habiles)).enteros()
    avisos = [(radicado, aviso) for radicado in corren if (aviso := _aviso(radicado, hoy, habiles))]
    nuevos = _sin_los_dados(avisos)
    titulares = _Titulares(en)
    por_persona: dict[Usuario, list[Linea]] = defaultdict(list)
    for radicado, aviso in nuevos:
        for persona in titulares.de(radicado, aviso):
            por_persona[persona].append(Linea(radicado, semaforo(radicado, hoy, habiles)))
    for persona, lineas in por_persona.items():
        _escribir(persona, lineas, hoy, en)
    Actuacion.objects.bulk_create(_anotacion(radicado, aviso, en) for radicado, aviso in nuevos)
    return f"Radicados de los que se avisó: {len(nuevos)}. Personas avisadas: {len(por_persona)}."


def _hasta(hoy: date, habiles: DiasHabiles) -> date:
    """No term whose internal date is later than this calls for a warning today."""
    return habiles.sumar(hoy, ANTES)


def _aviso(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> Aviso | None:
    """The one that its term calls for today; the gravest, if several."""
    vence = f"{radicado.vence:%d/%m/%Y}"
    if hoy > radicado.vence:
        semanas = (hoy - radicado.vence).days // CADA
        if not semanas:
            return Aviso("avisar_vencido", "Se avisó que venció", f"Venció el {vence}.")
        retraso = "1 semana" if semanas == 1 else f"{semanas} semanas"
        return Aviso("avisar_retraso", "Se avisó que sigue vencido", f"Venció el {vence}, hace {retraso}.")
    if habiles.sumar(hoy, ANTES) >= radicado.vence:
        return Aviso("avisar_jefatura", "Se avisó a la jefatura", f"Vence el {vence}.")
    if hoy >= radicado.vence_interno:
        return Aviso("avisar_interno", "Se avisó a quien lo tramita", f"Vence el {vence}.")
    return None


def _sin_los_dados(avisos: list[tuple[Radicado, Aviso]]) -> list[tuple[Radicado, Aviso]]:
    dados = set(
        Actuacion.objects.filter(
            radicado__in=[radicado.pk for radicado, _aviso in avisos],
            accion__in={aviso.accion for _radicado, aviso in avisos},
        ).values_list("radicado", "accion", "detalle")
    )
    return [(r, aviso) for r, aviso in avisos if (r.pk, aviso.accion, aviso.dice) not in dados]


def _anotacion(radicado: Radicado, aviso: Aviso, en: datetime) -> Actuacion:
    return Actuacion(
        radicado=radicado,
        accion=aviso.accion,
        etiqueta=aviso.etiqueta,
        de=radicado.estado,
        a=radicado.estado,
        detalle=aviso.dice,
        publica=False,
        en=en,
    )


class _Titulares:
    """Who holds each post today, read once."""

    def __init__(self, en: datetime) -> None:
        vigentes = Titularidad.objects.en_ejercicio(en).select_related("persona", "cargo__dependencia")
        self.de_cargo: dict[int | None, list[Usuario]] = defaultdict(list)
        self.jefatura: dict[int | None, list[Usuario]] = defaultdict(list)
        self.general: list[Usuario] = []
        self.ventanilla: list[Usuario] = []
        cargos_de_ventanilla = set(reparten().values_list("pk", flat=True))
        for titularidad in vigentes:
            cargo, persona = titularidad.cargo, titularidad.persona
            self.de_cargo[cargo.pk].append(persona)
            if cargo.es_jefatura:
                self.jefatura[cargo.dependencia_id].append(persona)
            if cargo.es_jefatura and cargo.dependencia.es_secretaria_general:
                self.general.append(persona)
            elif cargo.pk in cargos_de_ventanilla:
                self.ventanilla.append(persona)

    def de(self, radicado: Radicado, aviso: Aviso) -> set[Usuario]:
        """To whom it is told. Without anybody in charge, to Secretaría General: nothing is told to nobody."""
        suyos, jefatura = self.de_cargo[radicado.asignado_a_id], self.jefatura[radicado.dependencia_id]
        if radicado.dependencia_id is None:
            personas = self.general if radicado.clase.reservada else self.general + self.ventanilla
        elif aviso.accion == "avisar_interno":
            personas = suyos or jefatura
        elif aviso.accion == "avisar_jefatura":
            personas = jefatura + suyos
        else:
            personas = jefatura + suyos + self.general
        return set(personas or self.general)


def _escribir(persona: Usuario, lineas: Iterable[Linea], hoy: date, en: datetime) -> None:
    """One message with all of theirs. One that cannot be written stops nothing: it is logged."""
    lineas = sorted(lineas, key=lambda linea: linea.radicado.vence)
    vencidos = sum(linea.radicado.vence < hoy for linea in lineas)
    asunto = f"Radicados vencidos: {vencidos}" if vencidos else f"Radicados por vencer: {len(lineas)}"
    contexto = {"persona": persona, "lineas": lineas, "portal": settings.PORTAL_URL}
    cuales = huella_de([[linea.radicado.numero, linea.radicado.vence.isoformat()] for linea in lineas])
    try:
        encolar(
            para=persona.email,
            asunto=asunto,
            texto=render_to_string("ventanilla/correo_terminos.txt", contexto),
            clave=f"terminos:{persona.pk}:{hoy}:{cuales[:16]}",
            en=en,
        )
    except ValidationError:
        registro.warning("No se pudo avisar de sus radicados a %s.", persona.username)


# --- What the system does by itself --------------------------------------------------------------
def cerrar_respondidos(en: datetime) -> str:
    """Close those whose time to reopen passed. Returns how many, in Spanish."""
    cerrados = 0
    for radicado in _por_cerrar(en):
        try:
            dar_paso("cerrar", radicado, por=None, en=en)
        except TransicionRechazada:
            continue  # the working days are not over yet, or somebody reopened it
        cerrados += 1
    return f"Radicados cerrados: {cerrados}."


def _por_cerrar(en: datetime) -> QuerySet[Radicado]:
    """Answered so long ago that it may be time: working days are never fewer than days."""
    antes = en - timedelta(days=terminos.PARA_REABRIR)
    return Radicado.objects.filter(estado=Radicado.Estado.RESPONDIDO, respondido_en__lt=antes)
