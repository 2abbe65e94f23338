"""What is done during a handover: its activities with their minutes, and who of the new team takes part.

All of it is written by whoever heads Secretaría General. Minutes never change once they are recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from portal.alcance import alcance_de
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Usuario
from seguimiento.firmas import cargo_que_firma
from seguimiento.models import (
    ActividadDeEmpalme,
    Asistencia,
    Empalme,
    FuncionarioEntrante,
    Indicador,
    Miembro,
)
from seguimiento.panel import Mirada
from seguimiento.resultado import porcentaje

Vinculo = FuncionarioEntrante.Vinculo
Clase = ActividadDeEmpalme.Clase
#: Marks of a post: that it has a seat in the committee, and that who holds it comes in with a new government.
DEL_COMITE, DE_QUIEN_ENTRA = "del_comite", "de_quien_entra"


# --- Who ------------------------------------------------------------------------------------------
def puede_leer(usuario: Usuario, mirada: Mirada, empalme: Empalme | None = None) -> bool:
    """Heads of offices, the posts of the committee, and whoever comes in by that handover (or by any)."""
    if mirada.ve_el_panel or alcance_de(usuario).tiene(DEL_COMITE):
        return True
    return entra(usuario, empalme).exists()


def lo_halla_en_la_bandeja(usuario: Usuario) -> bool:
    """Whether the bandeja has its button: of who may read it and has no panel, where it also is.

    A query only for who has no post: whoever administers the site is asked nothing more.
    """
    alcance = alcance_de(usuario)
    if not alcance.puestos:
        return not usuario.is_superuser and entra(usuario).exists()
    return not alcance.dirige and (alcance.tiene(DEL_COMITE) or alcance.tiene(DE_QUIEN_ENTRA))


def del_comite(_usuario: Usuario) -> Exists:
    return Exists(Miembro.objects.filter(plan__vigente=True, cargo=OuterRef("pk")))


def de_quien_entra(usuario: Usuario) -> Exists:
    return Exists(entra(usuario))


def entra(usuario: Usuario, empalme: Empalme | None = None):
    """The posts by which that person is of the new administration, in one handover or in any."""
    suyos = FuncionarioEntrante.objects.filter(usuario=usuario.pk, usuario__is_active=True)
    return suyos.filter(empalme=empalme) if empalme else suyos


def exigir_secretaria(usuario: Usuario, en: datetime | None = None) -> None:
    """Raises SinPermiso unless that person heads Secretaría General."""
    if cargo_que_firma(usuario, en) is None:
        raise SinPermiso("El empalme lo lleva quien dirige la Secretaría General.")


# --- The handover -----------------------------------------------------------------------------------
def convocar(*, por: Usuario, en: datetime | None = None, **campos) -> Empalme:
    """A handover between two governments. Raises SinPermiso, or ValidationError when it cannot be."""
    exigir_secretaria(por, en)
    return _guardar(Empalme(), campos)


def cambiar(empalme: Empalme, *, por: Usuario, en: datetime | None = None, **campos) -> Empalme:
    """Its window or its act. Raises SinPermiso or ValidationError."""
    exigir_secretaria(por, en)
    return _guardar(Empalme.objects.get(pk=empalme.pk), campos)


def _guardar(objeto: Any, campos: dict[str, Any]) -> Any:
    for campo, valor in campos.items():
        setattr(objeto, campo, valor)
    objeto.full_clean()
    objeto.save()
    return objeto


# --- Activities -------------------------------------------------------------------------------------
def programar(empalme: Empalme, *, por: Usuario, en: datetime | None = None, **campos) -> ActividadDeEmpalme:
    """An activity; the same one sent twice is one. Raises SinPermiso or ValidationError."""
    exigir_secretaria(por, en)
    if ya := empalme.actividades.filter(**campos).first():
        return ya
    return _guardar(ActividadDeEmpalme(empalme=empalme), campos)


@transaction.atomic
def reprogramar(actividad: ActividadDeEmpalme, *, por: Usuario, en: datetime | None = None, **campos):
    """Change one that was not done yet. Raises SinPermiso, EstadoInadecuado or ValidationError."""
    exigir_secretaria(por, en)
    return _guardar(_por_hacer(actividad), campos)


@transaction.atomic
def quitar(actividad: ActividadDeEmpalme, *, por: Usuario, en: datetime | None = None) -> None:
    """Take away one that was not done; its history stays. Raises SinPermiso or EstadoInadecuado."""
    exigir_secretaria(por, en)
    _por_hacer(actividad).delete()


def _por_hacer(actividad: ActividadDeEmpalme) -> ActividadDeEmpalme:
    """The same row, locked. Raises EstadoInadecuado when its minutes were recorded or it is gone."""
    fila = ActividadDeEmpalme.objects.select_for_update(of=("self",)).filter(pk=actividad.pk).first()
    if fila is None:
        raise EstadoInadecuado("Esa actividad ya se quitó.")
    if fila.hecha_en:
        raise EstadoInadecuado(
            "Esta actividad ya tiene acta, y un acta no cambia. Para corregirla, registre otra actividad."
        )
    return fila


@transaction.atomic
def registrar_acta(
    actividad: ActividadDeEmpalme,
    *,
    por: Usuario,
    hecha_en: date,
    acta: str,
    salientes: Iterable[tuple[str, str]] = (),
    entrantes: Iterable[FuncionarioEntrante] = (),
    comunidad: int | None = None,
    en: datetime | None = None,
) -> ActividadDeEmpalme:
    """Record it as done, with its minutes and who was there. Whoever came to a training is linked by it.

    `salientes` are (name, in what capacity). Raises SinPermiso, EstadoInadecuado when it was done already,
    ValidationError.
    """
    exigir_secretaria(por, en)
    fila = _por_hacer(actividad)
    if hecha_en > timezone.localdate(en):
        raise ValidationError({"hecha_en": "Ese día no ha llegado: el acta se registra cuando se hizo."})
    asistencia = _asistencia(fila, salientes, list(entrantes))
    if not asistencia and not comunidad:
        raise CondicionIncumplida("Diga quiénes asistieron.")
    Asistencia.objects.bulk_create(asistencia)
    fila.hecha_en, fila.acta, fila.asistentes_de_la_comunidad = hecha_en, acta, comunidad
    fila.registrada_por = por
    fila.acta_huella = fila.huella_del_acta()
    fila.full_clean()
    fila.save()
    if fila.clase == Clase.CAPACITACION:
        _vincular_por(fila, [asistente.entrante for asistente in asistencia if asistente.entrante])
    return fila


def _asistencia(actividad: ActividadDeEmpalme, salientes, entrantes) -> list[Asistencia]:
    """Each person once, the outgoing first."""
    lista = {
        nombre: Asistencia(actividad=actividad, nombre=nombre, en_calidad_de=c) for nombre, c in salientes
    }
    for entrante in entrantes:
        calidad = f"{entrante.cargo}, equipo entrante"[:150]
        lista[entrante.nombre] = Asistencia(
            actividad=actividad, nombre=entrante.nombre, en_calidad_de=calidad, entrante=entrante
        )
    return list(lista.values())


def _vincular_por(actividad: ActividadDeEmpalme, entrantes: list[FuncionarioEntrante]) -> None:
    """Those who had no link yet. One who had it keeps since when."""
    for entrante in entrantes:
        if entrante.vinculado_en is None:
            entrante.vinculado_en, entrante.vinculo = actividad.hecha_en, Vinculo.CAPACITACION
            entrante.actividad = actividad
            entrante.save()


# --- Who comes in -----------------------------------------------------------------------------------
def agregar_entrante(empalme: Empalme, *, por: Usuario, en: datetime | None = None, **campos):
    """An official of the new administration, linked or not yet. Raises SinPermiso or ValidationError."""
    exigir_secretaria(por, en)
    ya = empalme.funcionarios.filter(cargo=campos["cargo"], nombre=campos["nombre"]).first()
    return ya or _guardar_entrante(FuncionarioEntrante(empalme=empalme), campos, en)


@transaction.atomic
def cambiar_entrante(entrante: FuncionarioEntrante, *, por: Usuario, en: datetime | None = None, **campos):
    """Link, correct or unlink them; the history says what changed. Raises SinPermiso or ValidationError."""
    exigir_secretaria(por, en)
    fila = FuncionarioEntrante.objects.select_for_update(of=("self",)).get(pk=entrante.pk)
    return _guardar_entrante(fila, campos, en)


def _guardar_entrante(entrante: FuncionarioEntrante, campos: dict[str, Any], en: datetime | None):
    vinculo = campos.get("vinculo", "")
    if vinculo and (campos.get("vinculado_en") or date.max) > timezone.localdate(en):
        raise ValidationError({"vinculado_en": "Diga desde qué día, de los que ya pasaron."})
    if not vinculo:
        campos |= {"vinculado_en": None, "actividad": None}
    if vinculo == Vinculo.CUENTA and not campos.get("usuario"):
        raise ValidationError({"usuario": "Diga cuál es su cuenta."})
    actividad = campos.get("actividad")
    if vinculo == Vinculo.CAPACITACION and actividad is None:
        raise ValidationError({"actividad": "Diga en qué capacitación."})
    if actividad and (actividad.empalme_id != entrante.empalme_id or actividad.hecha_en is None):
        raise ValidationError({"actividad": "Elija una actividad de este empalme que ya tenga acta."})
    return _guardar(entrante, campos)


# --- How it goes ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Vinculados:
    """How many of the new team take part, and the goal of the plan, None when no plan is followed."""

    cuantos: int
    de: int
    meta: Decimal | None

    @property
    def valor(self) -> Decimal | None:
        return porcentaje(self.cuantos, self.de).valor

    @property
    def cumple(self) -> bool:
        return self.valor is not None and self.meta is not None and self.valor >= self.meta


def vinculados(empalme: Empalme, dia: date | None = None) -> Vinculados:
    """Two queries."""
    cuenta = empalme.funcionarios.aggregate(
        de=Count("pk"), cuantos=Count("pk", filter=Q(vinculado_en__lte=dia or timezone.localdate()))
    )
    del_plan = Indicador.objects.del_plan_vigente().filter(funcion="funcionarios-vinculados")
    return Vinculados(cuenta["cuantos"], cuenta["de"], del_plan.values_list("meta", flat=True).first())
