"""What waits for one person about trámites: to approve, to correct, to publish, to complete, to confirm."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from portal.alcance import alcance_de
from portal.bandeja import Grupo, Rama, Tarea, juntar, momento
from portal.models import Asignacion, Usuario
from tramites import partes
from tramites.completitud import Punto, medir
from tramites.flujo import PUBLICABLES
from tramites.models import HojaDeVida, PasoDeTramite, Tramite
from tramites.models.tramite import CANAL

Estado = Tramite.Estado
Funcion = Asignacion.Funcion
#: Gaps that a line names; the rest are counted.
NOMBRADOS = 3


def de_tramites(usuario: Usuario, en: datetime) -> list[Grupo]:
    """Every group, in the order of the work, in two queries."""
    aprobar, enviar, completar = juntar(
        hojas_por_aprobar(usuario, en), hojas_por_enviar(usuario, en), hojas_con_vacios(usuario, en)
    )
    corregir, publicar, sin_hoja, dafp, confirmar = juntar(
        hojas_por_corregir(usuario, en),
        hojas_por_publicar(usuario, en),
        sin_hoja_de_vida(usuario, en),
        en_el_dafp(usuario, en),
        datos_por_confirmar(usuario, en),
    )
    por_completar = replace(completar, tareas=completar.tareas + _en_una_linea(sin_hoja, _sin_hoja))
    por_confirmar = replace(confirmar, tareas=_en_una_linea(confirmar, _por_confirmar), ocultas=0)
    return [aprobar, corregir, publicar, enviar, por_completar, dafp, por_confirmar]


# --- Branches about hojas de vida ---------------------------------------------------------------
def hojas_por_aprobar(usuario: Usuario, en: datetime) -> Rama:
    """What was sent and somebody else wrote: oldest first."""
    ajenas = (
        _hojas()
        .filter(
            estado=HojaDeVida.Estado.ENVIADA,
            tramite__in=Tramite.objects.que_puede(usuario, Funcion.AUTORIZA, en).values("pk"),
        )
        .exclude(Q(enviada_por=usuario) | Q(editada_por=usuario))
        .order_by("enviada_en", "pk")
    )

    def detalle(hoja: HojaDeVida) -> str:
        cambio = " · modificación estructural" if hoja.estructurales else ""
        return f"{hoja.tramite.dependencia} · {hoja.enviada_por}, {momento(hoja.enviada_en)}{cambio}"

    return _de_hojas("Hojas de vida por aprobar", ajenas, detalle, Estado.ENVIADO)


def hojas_por_enviar(usuario: Usuario, en: datetime) -> Rama:
    """Written to the end and forgotten: nothing missing, and nobody has sent them."""
    hojas = (
        _hojas()
        .filter(
            estado=HojaDeVida.Estado.BORRADOR,
            llenos=F("exigidos"),
            exigidos__gt=0,
            tramite__estado__in=[Estado.EN_CREACION, Estado.EN_ACTUALIZACION],
            tramite__in=_propios(usuario, en).values("pk"),
        )
        .order_by("editada_en", "pk")
    )
    return _de_hojas(
        "Hojas de vida completas, sin enviar",
        hojas,
        lambda hoja: f"{hoja.tramite.dependencia} · último cambio, {momento(hoja.editada_en)}",
    )


def hojas_con_vacios(usuario: Usuario, en: datetime) -> Rama:
    """A line for each trámite whose hoja lacks something, worst first, naming the first gaps."""
    posterior = HojaDeVida.objects.filter(tramite=OuterRef("tramite"), numero__gt=OuterRef("numero")).exclude(
        estado=HojaDeVida.Estado.DESCARTADA
    )
    hojas = (
        _hojas()
        .annotate(partes=partes.DE_LA_HOJA)
        .filter(~Exists(posterior), llenos__lt=F("exigidos"), tramite__in=_propios(usuario, en).values("pk"))
        .exclude(estado=HojaDeVida.Estado.DESCARTADA)
        .exclude(tramite__estado__in=[Estado.NEGADO, Estado.SUPRIMIDO])
        .order_by(F("llenos") - F("exigidos"), "tramite__nombre", "pk")
    )
    dia = timezone.localdate(en)
    return _de_hojas(
        "Hojas de vida por completar", hojas, lambda hoja: primeros(medir(partes.poner(hoja), dia).vacios)
    )


# --- Branches about trámites --------------------------------------------------------------------
def hojas_por_corregir(usuario: Usuario, en: datetime) -> Rama:
    """What came back, with the reason in full."""
    vuelta = PasoDeTramite.objects.filter(
        tramite=OuterRef("pk"), accion__in=["devolver", "recoger", "negar"]
    ).order_by("-en", "-pk")
    tramites = (
        _tramites(usuario, en)
        .filter(estado=Estado.EN_CORRECCION)
        .annotate(motivo=Subquery(vuelta.values("motivo")[:1]), cuando=Subquery(vuelta.values("en")[:1]))
        .order_by("cuando", "pk")
    )
    return _de_tramites("Hojas de vida por corregir", tramites, lambda tramite: f"Motivo: {tramite.motivo}")


def hojas_por_publicar(usuario: Usuario, en: datetime) -> Rama:
    """Approved and never yet before the public. What was withdrawn was so on purpose."""
    aprobada = HojaDeVida.objects.publicables().filter(tramite=OuterRef("pk")).order_by("-numero")
    publica = HojaDeVida.objects.filter(tramite=OuterRef("pk"), publicada_en__isnull=False)
    tramites = (
        _tramites(usuario, en)
        .filter(estado__in=PUBLICABLES)
        .alias(
            aprobada=Subquery(aprobada.values("numero")[:1]),
            publica=Subquery(publica.order_by("-numero").values("numero")[:1]),
        )
        .annotate(cuando=Subquery(aprobada.values("aprobada_en")[:1]))
        .filter(Q(publica=None, aprobada__isnull=False) | Q(aprobada__gt=F("publica")))
        .order_by("cuando", "pk")
    )
    return _de_tramites(
        "Hojas de vida aprobadas, listas para publicar",
        tramites,
        lambda tramite: f"{tramite.dependencia} · aprobada el {momento(tramite.cuando)}",
    )


def sin_hoja_de_vida(usuario: Usuario, en: datetime) -> Rama:
    """Those whose hoja nobody has begun; `de_tramites` says them in one line."""
    return _de_tramites("", _tramites(usuario, en).filter(estado=Estado.SIN_GESTION), str)


def en_el_dafp(usuario: Usuario, en: datetime) -> Rama:
    """What the DAFP has: its answer is recorded here when it comes."""
    remision = PasoDeTramite.objects.filter(tramite=OuterRef("pk"), accion="remitir").order_by("-en", "-pk")
    tramites = (
        _tramites(usuario, en)
        .filter(estado=Estado.EN_EVALUACION)
        .annotate(cuando=Subquery(remision.values("en")[:1]))
        .order_by("cuando", "pk")
    )
    rama = _de_tramites(
        "En evaluación del DAFP",
        tramites,
        lambda tramite: f"{tramite.dependencia} · remitido el {momento(tramite.cuando)}",
        Estado.EN_EVALUACION,
    )
    return replace(rama, espera=False)


def datos_por_confirmar(usuario: Usuario, en: datetime) -> Rama:
    """Nobody has answered yet for something they say; `de_tramites` says how many in one line."""
    tramites = _tramites(usuario, en).exclude(por_confirmar={}).exclude(estado=Estado.SUPRIMIDO)
    return replace(_de_tramites("Datos por confirmar", tramites, str), espera=False)


# --- Pieces -------------------------------------------------------------------------------------
def _propios(usuario: Usuario, en: datetime) -> QuerySet[Tramite]:
    """Those that the person's own posts write: by the matrix, or as head of their office.

    Being head of Secretaría General opens every trámite, but does not make each one a daily task.
    """
    alcance = alcance_de(usuario, en)
    if Funcion.AUTOR in alcance.funciones_en(CANAL):
        return Tramite.objects.all()
    return Tramite.objects.filter(dependencia__in=alcance.dirige)


def _tramites(usuario: Usuario, en: datetime) -> QuerySet[Tramite]:
    """The columns of every branch about trámites: who asks for a date or a reason puts it in its place."""
    return (
        _propios(usuario, en)
        .select_related("dependencia")
        .only("nombre", "estado", "dependencia__nombre")
        .annotate(
            motivo=Cast(Value(None), models.TextField()), cuando=Cast(Value(None), models.DateTimeField())
        )
        .order_by("nombre", "pk")
    )


def _hojas() -> QuerySet[HojaDeVida]:
    """Likewise about hojas."""
    return HojaDeVida.objects.select_related("tramite__dependencia", "enviada_por").annotate(
        partes=Cast(Value(None), models.JSONField())
    )


def primeros(vacios: Iterable[Punto]) -> str:
    """«Falta el tiempo de respuesta. Falta el punto de atención. Y 4 más.»"""
    faltas = [punto.falta for punto in vacios]
    de_mas = len(faltas) - NOMBRADOS
    return " ".join([*faltas[:NOMBRADOS], *([f"Y {de_mas} más."] if de_mas > 0 else [])])


def _sin_hoja(cuantos: int) -> Tarea:
    return Tarea(
        f"Sin hoja de vida: {cuantos} {'trámite' if cuantos == 1 else 'trámites'}",
        "Todavía nadie la ha empezado.",
        _tabla(estado__exact=Estado.SIN_GESTION),
    )


def _por_confirmar(cuantos: int) -> Tarea:
    return Tarea(
        f"{cuantos} {'trámite tiene' if cuantos == 1 else 'trámites tienen'} datos por confirmar",
        "El público los ve con una marca hasta que alguien responda por ellos.",
        _tabla(por_confirmar="si"),
    )


def _en_una_linea(grupo: Grupo, linea: Callable[[int], Tarea]) -> list[Tarea]:
    return [linea(grupo.total)] if grupo.total else []


def _de_tramites(titulo: str, filas: QuerySet, detalle: Callable[[Any], str], estado: str = "") -> Rama:
    return Rama(
        titulo,
        filas,
        lambda tramite: Tarea(str(tramite), detalle(tramite), _pagina(tramite.pk)),
        todas=_tabla(estado__exact=estado) if estado else "",
    )


def _de_hojas(titulo: str, filas: QuerySet, detalle: Callable[[Any], str], estado: str = "") -> Rama:
    return Rama(
        titulo,
        filas,
        lambda hoja: Tarea(hoja.nombre, detalle(hoja), _pagina(hoja.tramite_id)),
        todas=_tabla(estado__exact=estado) if estado else "",
    )


def _pagina(pk: int) -> str:
    return reverse("admin:tramites_tramite_change", args=[pk])


def _tabla(**filtro: str) -> str:
    [(campo, valor)] = filtro.items()
    return f"{reverse('admin:tramites_tramite_changelist')}?{campo}={valor}"
