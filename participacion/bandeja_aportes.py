"""What waits about what people say: comments and topics to review, pages that were not useful."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from participacion import temas
from participacion.models import Aporte, MotivoDeOpinion, TemaDeInteres
from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, sencilla
from portal.models import Asignacion, Usuario

Funcion = Asignacion.Funcion


def lo_que_dice_la_gente(usuario: Usuario, en: datetime) -> list[Rama]:
    """Comments and topics to review where their posts write or validate, and the opinions of what they write.

    Heading Secretaría General opens every channel, but only makes theirs the opinions that are of none.
    """
    alcance = alcance_de(usuario, en)
    pendientes = MotivoDeOpinion.objects.filter(atendido_en=None)
    suyas = pendientes.filter(canal__in=alcance.asignados(Funcion.AUTOR))
    if alcance.dirige_secretaria_general:
        suyas |= pendientes.filter(canal=None)
    if not alcance.puestos:
        return []
    ramas = [_aportes(alcance.asignados(Funcion.AUTOR, Funcion.EDITOR)), _opiniones(suyas)]
    if alcance.funciones_en(temas.CANAL) & {Funcion.AUTOR, Funcion.EDITOR}:
        ramas.append(_temas())
    return ramas


def _temas() -> Rama:
    por_revisar = TemaDeInteres.objects.filter(estado=TemaDeInteres.Estado.POR_REVISAR)

    def linea(fila: Any) -> Tarea:
        url = reverse("participacion:tema_revisar", args=[fila.de_clave])
        return Tarea(fila.de_texto, fila.de_detalle or "Sin explicación", url)

    return Rama(
        "Temas de interés por revisar",
        sencilla(por_revisar.order_by("propuesto_el", "pk"), texto="titulo", detalle="explicacion"),
        linea,
        todas=reverse("participacion:temas_panel"),
    )


def _aportes(canales: frozenset[int]) -> Rama:
    """One line for each consulta with comments to review, what arrived first on top."""
    por_revisar = (
        Aporte.objects.filter(estado=Aporte.Estado.POR_REVISAR, consulta__canal__in=canales)
        .values("consulta__slug", "consulta__titulo")
        .annotate(cuantos=Count("pk"), primero=Min("dia"))
        .order_by("primero", "consulta__slug")
    )

    def linea(fila: Any) -> Tarea:
        cuantos = int(fila.de_detalle)
        detalle = f"{cuantos} aporte{'' if cuantos == 1 else 's'} por revisar"
        return Tarea(fila.de_texto, detalle, reverse("participacion:aportes_de", args=[fila.de_clave]))

    return Rama(
        "Aportes por revisar",
        sencilla(por_revisar, texto="consulta__titulo", detalle="cuantos", clave="consulta__slug"),
        linea,
        todas=reverse("participacion:aportes_panel"),
    )


def _opiniones(motivos: QuerySet[MotivoDeOpinion]) -> Rama:
    """One line for each channel, with how many there are."""
    lista = reverse("participacion:opiniones")

    def linea(fila: Any) -> Tarea:
        cuantas = int(fila.de_detalle)
        detalle = f"{cuantas} opini{'ón' if cuantas == 1 else 'ones'} por atender"
        return Tarea(fila.de_texto, detalle, f"{lista}?canal={fila.de_clave}")

    por_canal = motivos.order_by("canal").values("canal", "canal__nombre").annotate(cuantas=Count("pk"))
    return Rama(
        "Páginas que no fueron útiles",
        sencilla(
            por_canal,
            texto=Coalesce("canal__nombre", Value("Páginas sin canal"), output_field=TextField()),
            detalle="cuantas",
            clave=Coalesce(Cast("canal", TextField()), Value(""), output_field=TextField()),
        ),
        linea,
        todas=lista,
    )
