"""What waits about what people say: comments and topics to review, pages that were not useful."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from participacion import temas
from participacion.models import Aporte, MotivoDeOpinion, TemaDeInteres
from portal.alcance import alcance_de
from portal.bandeja import SIN_TITULAR, Rama, Tarea, sencilla
from portal.models import Asignacion, Canal, Usuario

Funcion = Asignacion.Funcion


def lo_que_dice_la_gente(usuario: Usuario, en: datetime) -> list[Rama]:
    """Comments and topics to review where their posts write or validate, and the opinions of what they write.

    Heading an office opens its channels, and Secretaría General all; but only what no post with somebody
    attends is theirs, apart, and to the second, also the opinions that are of no channel.
    """
    alcance = alcance_de(usuario, en)
    if not alcance.puestos:
        return []
    revisan = (Funcion.AUTOR, Funcion.EDITOR)
    sueltos = alcance.sin_titular(*revisan)
    por_atender = MotivoDeOpinion.objects.filter(atendido_en=None)
    suyas = Q(canal__in=alcance.asignados(Funcion.AUTOR) & alcance.canales[Funcion.AUTOR])
    if alcance.dirige_secretaria_general:
        suyas |= Q(canal=None) | Q(canal__activo=False)
    return [
        _aportes("Aportes por revisar", alcance.asignados(*revisan)),
        _aportes(f"Aportes por revisar: {SIN_TITULAR}", sueltos),
        _opiniones("Páginas que no fueron útiles", por_atender.filter(suyas)),
        _opiniones(
            f"Páginas que no fueron útiles: {SIN_TITULAR}",
            por_atender.filter(canal__in=alcance.sin_titular(Funcion.AUTOR)),
        ),
        _temas("Temas de interés por revisar", Canal.objects.filter(pk__in=alcance.asignados(*revisan))),
        _temas(f"Temas de interés por revisar: {SIN_TITULAR}", sueltos),
    ]


def _temas(titulo: str, canales: QuerySet[Canal]) -> Rama:
    """All of them, when their channel is among those."""
    por_revisar = TemaDeInteres.objects.filter(
        Exists(canales.filter(slug=temas.CANAL)), estado=TemaDeInteres.Estado.POR_REVISAR
    )

    def linea(fila: Any) -> Tarea:
        url = reverse("participacion:tema_revisar", args=[fila.de_clave])
        return Tarea(fila.de_texto, fila.de_detalle or "Sin explicación", url)

    return Rama(
        titulo,
        sencilla(por_revisar.order_by("propuesto_el", "pk"), texto="titulo", detalle="explicacion"),
        linea,
        todas=reverse("participacion:temas_panel"),
    )


def _aportes(titulo: str, canales: frozenset[int] | QuerySet[Canal]) -> Rama:
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
        titulo,
        sencilla(por_revisar, texto="consulta__titulo", detalle="cuantos", clave="consulta__slug"),
        linea,
        todas=reverse("participacion:aportes_panel"),
    )


def _opiniones(titulo: str, motivos: QuerySet[MotivoDeOpinion]) -> Rama:
    """One line for each channel, with how many there are."""
    lista = reverse("participacion:opiniones")

    def linea(fila: Any) -> Tarea:
        cuantas = int(fila.de_detalle)
        detalle = f"{cuantas} opini{'ón' if cuantas == 1 else 'ones'} por atender"
        return Tarea(fila.de_texto, detalle, f"{lista}?canal={fila.de_clave}")

    por_canal = motivos.order_by("canal").values("canal", "canal__nombre").annotate(cuantas=Count("pk"))
    return Rama(
        titulo,
        sencilla(
            por_canal,
            texto=Coalesce("canal__nombre", Value("Páginas sin canal"), output_field=TextField()),
            detalle="cuantas",
            clave=Coalesce(Cast("canal", TextField()), Value(""), output_field=TextField()),
        ),
        linea,
        todas=lista,
    )
