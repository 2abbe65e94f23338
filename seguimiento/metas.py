"""The goals of each office: its channels within their age, its trámites published, its activities done.

The plan asks for «porcentaje de cumplimiento de metas por dependencia» and does not say what a goal is; this
reading is ours, and is told beside the figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.db.models import BigIntegerField, Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from portal.models import Actualizacion, Canal
from portal.periodos import Periodo
from seguimiento.models import Actividad
from tramites.models import PasoDeTramite, Tramite


@dataclass(frozen=True)
class Meta:
    """A goal of an office. `dependencia` is None when nobody answers for it."""

    dependencia: int | None
    nombre: str
    cumple: bool
    detalle: str
    url: str = ""


def metas_por_dependencia(
    periodo: Periodo, canales: Iterable[Canal] | None = None
) -> dict[int | None, list[Meta]]:
    """The goals of every office at the end of the period, by its id. A constant number of queries.

    What nobody answers for is under None: it is in the figure of the municipality and of no office.
    `canales` are those of `canales_con_edad`, for whoever has read them already.
    """
    canales = canales_con_edad(periodo) if canales is None else canales
    metas: dict[int | None, list[Meta]] = defaultdict(list)
    for meta in (*_de_canales(canales, periodo), *_de_tramites(periodo), *_de_actividades(periodo)):
        metas[meta.dependencia].append(meta)
    return metas


# --- Channels -----------------------------------------------------------------------------------
def canales_con_edad(periodo: Periodo):
    """The public channels with a maximum age, with `ultima`: when they were last renewed by then.

    Those where nobody publishes, because they show the organisation itself, are never renewed: they stay out.
    """
    renuevan = Q(actualizaciones__clase__in=Actualizacion.RENUEVAN, actualizaciones__en__lte=periodo.corte)
    return (
        Canal.objects.publicos()
        .filter(edad_maxima_dias__isnull=False)
        .exclude(tipos=[])
        .select_related("dependencia")
        .annotate(ultima=Max("actualizaciones__en", filter=renuevan))
    )


def al_dia(canal, periodo: Periodo) -> bool:
    """Whether the channel was within its maximum age at the end of the period."""
    return bool(canal.ultima and periodo.corte - canal.ultima <= timedelta(days=canal.edad_maxima_dias))


def _de_canales(canales: Iterable[Canal], periodo: Periodo) -> Iterator[Meta]:
    for canal in canales:
        yield Meta(
            canal.dependencia_id,
            f"Canal «{canal.nombre}» al día",
            al_dia(canal, periodo),
            _edad(canal, periodo),
            canal.get_absolute_url(),
        )


def _edad(canal, periodo: Periodo) -> str:
    plazo = f"el plazo es de {_dias(canal.edad_maxima_dias)}"
    if canal.ultima is None:
        return f"Nunca se había actualizado; {plazo}"
    return f"Se había actualizado hacía {_dias((periodo.corte - canal.ultima).days)}; {plazo}"


def _dias(cuantos: int) -> str:
    return f"{cuantos} día{'' if cuantos == 1 else 's'}"


# --- Trámites -----------------------------------------------------------------------------------
def con_dependencia(tramites, en):
    """Each with `dependencia_en`: the office that answered for it at that moment."""
    ultimo = PasoDeTramite.objects.filter(tramite=OuterRef("pk"), en__lte=en).order_by("-en", "-pk")
    suya = Coalesce(Subquery(ultimo.values("dependencia")[:1]), "dependencia", output_field=BigIntegerField())
    return tramites.annotate(dependencia_en=suya)


def _de_tramites(periodo: Periodo) -> Iterator[Meta]:
    inventario = con_dependencia(Tramite.objects.del_suit(), periodo.corte)
    publicados = _cuantos(inventario.publicados(periodo.corte))
    for dependencia, identificados in _cuantos(inventario.identificados(periodo.corte)).items():
        suyos = publicados.get(dependencia, 0)
        yield Meta(
            dependencia,
            "Trámites publicados",
            suyos == identificados,
            f"{suyos} de {identificados} con hoja de vida publicada",
            "/tramites/avance/",
        )


def _cuantos(tramites) -> dict[int, int]:
    return dict(tramites.values_list("dependencia_en").annotate(cuantos=Count("pk")).order_by())


# --- Activities ---------------------------------------------------------------------------------
def _de_actividades(periodo: Periodo) -> Iterator[Meta]:
    """Those with a due date that has come: done by then, or not. What is done all the time is not a goal."""
    exigibles = (
        Actividad.objects.filter(fin__lte=periodo.hasta, accion__plan__vigente=True)
        .exclude(estado=Actividad.Estado.PERMANENTE)
        .prefetch_related("cargos")
    )
    for actividad in exigibles:
        cumple = bool(actividad.cumplida_en and actividad.cumplida_en <= periodo.hasta)
        que, dia = ("Se cumplió", actividad.cumplida_en) if cumple else ("Vencía", actividad.fin)
        detalle = f"{que} el {date_format(cast(date, dia))}"
        de_quien: set[int | None] = {cargo.dependencia_id for cargo in actividad.cargos.all()}
        for dependencia in de_quien or {None}:
            yield Meta(dependencia, actividad.texto, cumple, detalle, actividad.enlace)
