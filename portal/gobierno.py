"""Which government something belongs to, and who touches what an earlier one said.

A publication that speaks of the management of a government (its channel or itself says so) is of the period
in which it was first published. When that period ends its page names it, and from then on only posts of
Secretaría General edit it: they look after the record without rewriting it. It is a rule of this portal.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db.models import DateTimeField, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.formats import date_format

from portal.alcance import Alcance
from portal.flujo import SinPermiso
from portal.models import Asignacion, Cargo, PeriodoDeGobierno, Publicacion, Usuario

Funcion = Asignacion.Funcion
Periodos = Iterable[PeriodoDeGobierno]


# --- Whose it is --------------------------------------------------------------------------------
def el_del_dia(dia: date, periodos: Periodos) -> PeriodoDeGobierno | None:
    """Of those periods, the one that governs that date, or None."""
    return next((p for p in periodos if p.desde <= dia and not p.cerrado(dia)), None)


def es_politica(publicacion: Publicacion) -> bool:
    """Whether it speaks of the management of a government: what it says of itself, or else its channel."""
    return publicacion.canal.politico if publicacion.politica is None else publicacion.politica


def anterior(
    publicacion: Publicacion, periodos: Callable[[], Periodos], dia: date
) -> PeriodoDeGobierno | None:
    """The period of a political publication when it had ended by that date; None of anything else.

    `periodos` is asked only of a political one. What was never public is of the day it was begun.
    """
    if not es_politica(publicacion):
        return None
    if publicacion.periodo_id:
        suyo = next((p for p in periodos() if p.pk == publicacion.periodo_id), None)
    else:
        suyo = el_del_dia(timezone.localdate(publicacion.publicada_en or publicacion.creada_en), periodos())
    return suyo if suyo and suyo.cerrado(dia) else None


def terminado(publicacion: Publicacion, en: datetime | None = None) -> PeriodoDeGobierno | None:
    """As `anterior`, on the day of the moment `en` (now by default). One query, only of what is political.

    The periods stay with the object: the steps of one text ask several times.
    """

    def leer() -> Periodos:
        if not hasattr(publicacion, "_periodos"):
            publicacion._periodos = list(PeriodoDeGobierno.objects.all())  # type: ignore[attr-defined]
        return publicacion._periodos  # type: ignore[attr-defined]

    return anterior(publicacion, leer, timezone.localdate(en))


def textos_de_otro_gobierno(dia: date) -> Q:
    """Of versions, those whose publication `anterior` finds, asked of PostgreSQL."""
    propia = "publicacion__politica"
    cuando = TruncDate(
        Coalesce(
            OuterRef("publicacion__publicada_en"),
            OuterRef("publicacion__creada_en"),
            output_field=DateTimeField(),
        )
    )
    sin_elegir = PeriodoDeGobierno.objects.filter(desde__lte=cuando, hasta__gte=cuando, hasta__lt=dia)
    return (Q(**{propia: True}) | Q(**{f"{propia}__isnull": True, "publicacion__canal__politico": True})) & (
        Q(publicacion__periodo__hasta__lt=dia) | Q(publicacion__periodo__isnull=True) & Q(Exists(sin_elegir))
    )


# --- Who goes on with it ------------------------------------------------------------------------
def negativa(periodo: PeriodoDeGobierno) -> str:
    """Why it was refused, for people."""
    fin = f", que terminó el {date_format(periodo.hasta, 'DATE_FORMAT').lower()}" if periodo.hasta else ""
    return f"Este texto es de la {periodo}{fin}. Desde entonces solo lo cambia la Secretaría General."


def exigir(publicacion: Publicacion, por: Usuario, *funciones: str, en: datetime | None = None) -> None:
    """Raise SinPermiso when its period ended and no post of that person in Secretaría General has any."""
    periodo = terminado(publicacion, en)
    if periodo is None:
        return
    canal = publicacion.canal
    suyos = Cargo.objects.ejercidos_por(por, en).filter(dependencia__es_secretaria_general=True)
    if not any(
        suyos.con_funcion(funcion, canal=canal, dependencia=canal.dependencia_id).exists()
        for funcion in funciones
    ):
        raise SinPermiso(negativa(periodo))


def sigue(alcance: Alcance, publicacion: Publicacion, *funciones: str) -> bool:
    """For what only shows or hides: whether the person still acts on it, besides what their posts reach."""
    if terminado(publicacion, alcance.en) is None:
        return True
    buscadas = {*funciones, Funcion.EDITOR} if Funcion.AUTOR in funciones else set(funciones)
    return any(
        puesto.de_secretaria_general
        and (
            puesto.es_jefatura
            or any(
                canal == publicacion.canal_id and funcion in buscadas
                for canal, _slug, funcion in puesto.asignaciones
            )
        )
        for puesto in alcance.puestos
    )
