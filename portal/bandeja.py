"""What waits for one person. Each app registers its groups; the admin's front page shows them.

A group is a function (person, moment) → Grupo, with a constant number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from portal.models import Actualizacion, Asignacion, Canal, Cargo, Usuario, Version

Funcion = Asignacion.Funcion
Estado = Version.Estado
#: Lines shown of each group; the rest is one click away.
LINEAS = 20


@dataclass(frozen=True)
class Tarea:
    titulo: str
    detalle: str
    url: str
    urgente: bool = False


@dataclass(frozen=True)
class Grupo:
    """A kind of task and the ones there are."""

    titulo: str
    tareas: list[Tarea] = field(default_factory=list)


registro: list[Callable[[Usuario, datetime], Grupo]] = []


def registrar(*grupos: Callable[[Usuario, datetime], Grupo]) -> None:
    registro.extend(grupos)


def grupos_de(usuario: Usuario, en: datetime | None = None) -> list[Grupo]:
    """The groups with something for this person, in the order in which apps registered them."""
    en = en or timezone.now()
    return [grupo for funcion in registro if (grupo := funcion(usuario, en)).tareas]


def _ajenos(usuario: Usuario, funcion: str, en: datetime):
    """Texts in channels where the person may do `funcion`, that they neither sent nor edited."""
    canales = Canal.objects.que_puede(usuario, funcion, en)
    return (
        Version.objects.filter(publicacion__canal__in=canales.values("pk"))
        .exclude(Q(enviada_por=usuario) | Q(editada_por=usuario))
        .select_related("publicacion__canal", "enviada_por")
        .order_by("enviada_en")
    )


def _envio(version: Version) -> str:
    cuando = timezone.localtime(version.enviada_en)
    return f"{version.publicacion.canal} · {version.enviada_por}, {cuando:%d/%m a las %H:%M}"


def devueltas(usuario: Usuario, en: datetime) -> Grupo:
    """What came back to whoever sent it and has not been corrected yet, with the reason in full."""
    posterior = Version.objects.filter(publicacion=OuterRef("publicacion"), numero__gt=OuterRef("numero"))
    versiones = Version.objects.filter(~Exists(posterior), estado=Estado.DEVUELTA, enviada_por=usuario)
    return Grupo(
        "Le devolvieron",
        [
            Tarea(str(version), f"Motivo: {version.motivo}", version.get_absolute_url())
            for version in versiones.order_by("enviada_en")[:LINEAS]
        ],
    )


def urgentes_por_autorizar(usuario: Usuario, en: datetime) -> Grupo:
    versiones = _ajenos(usuario, Funcion.AUTORIZA, en).urgentes_sin_autorizar()
    hoy = timezone.localdate(en)
    return Grupo(
        "Publicado con urgencia, falta su autorización",
        [
            Tarea(
                str(version),
                f"{_envio(version)} · el plazo "
                f"{'venció' if version.urgente_vence < hoy else 'vence'} "
                f"el {version.urgente_vence:%d/%m}",
                version.get_absolute_url(),
                urgente=True,
            )
            for version in versiones[:LINEAS]
        ],
    )


def por_autorizar(usuario: Usuario, en: datetime) -> Grupo:
    versiones = _ajenos(usuario, Funcion.AUTORIZA, en).filter(estado=Estado.POR_AUTORIZAR)
    return Grupo("Por autorizar", _tareas(versiones))


def por_validar(usuario: Usuario, en: datetime) -> Grupo:
    versiones = _ajenos(usuario, Funcion.EDITOR, en).filter(estado=Estado.EN_VALIDACION)
    return Grupo("Por validar", _tareas(versiones))


def _tareas(versiones, detalle: Callable[[Version], str] = _envio) -> list[Tarea]:
    return [
        Tarea(str(version), detalle(version), version.get_absolute_url()) for version in versiones[:LINEAS]
    ]


def _a_una_hora(que: str, campo: str) -> Callable[[Version], str]:
    """Says of a text its channel and when: `_a_una_hora("sale", "programada_para")`."""
    return lambda version: (
        f"{version.publicacion.canal} · {que} el "
        f"{timezone.localtime(getattr(version, campo)):%d/%m a las %H:%M}"
    )


def por_publicar(usuario: Usuario, en: datetime) -> Grupo:
    """Authorised and not yet published or programmed: the plan's «montaje»."""
    versiones = (
        Version.objects.filter(
            estado=Estado.AUTORIZADA,
            publicacion__canal__in=Canal.objects.que_puede(usuario, Funcion.EDITOR, en).values("pk"),
        )
        .select_related("publicacion__canal", "enviada_por")
        .order_by("enviada_en")
    )
    return Grupo("Autorizado, listo para publicar", _tareas(versiones))


def programadas(usuario: Usuario, en: datetime) -> Grupo:
    versiones = (
        Version.objects.filter(
            estado=Estado.PROGRAMADA,
            publicacion__canal__in=Canal.objects.que_puede(usuario, Funcion.EDITOR, en).values("pk"),
        )
        .select_related("publicacion__canal")
        .order_by("programada_para")
    )
    return Grupo("Programado", _tareas(versiones, _a_una_hora("sale", "programada_para")))


def borradores(usuario: Usuario, en: datetime) -> Grupo:
    versiones = (
        Version.objects.filter(Q(editada_por=usuario) | Q(creada_por=usuario), estado=Estado.BORRADOR)
        .select_related("publicacion__canal")
        .order_by("-editada_en")
    )
    return Grupo("Sus borradores", _tareas(versiones, _a_una_hora("guardado", "editada_en")))


def canales_por_actualizar(usuario: Usuario, en: datetime) -> Grupo:
    """Channels past their maximum age that the person's own posts write, worst first.

    Being head of Secretaría General opens every channel, but does not make each one a daily task.
    """
    asignadas = Asignacion.objects.filter(
        canal=OuterRef("pk"),
        funcion=Funcion.AUTOR,
        cargo__in=Cargo.objects.ejercidos_por(usuario, en).values("pk"),
    )
    canales = (
        Canal.objects.publicos()
        .filter(Exists(asignadas), edad_maxima_dias__isnull=False)
        .annotate(
            ultima=Max(
                "actualizaciones__en",
                filter=Q(actualizaciones__clase__in=Actualizacion.RENUEVAN),
            )
        )
    )
    vencidos: list[tuple[float, Any]] = []
    for canal in canales:
        dias = (en - canal.ultima).days if canal.ultima else None
        if dias is None or dias >= canal.edad_maxima_dias:
            vencidos.append((float("inf") if dias is None else dias - canal.edad_maxima_dias, canal))
    return Grupo(
        "Canales por actualizar",
        [
            Tarea(
                str(canal),
                _antiguedad(canal, en),
                f"{reverse('admin:portal_version_add')}?canal={canal.pk}",
            )
            for _exceso, canal in sorted(vencidos, key=lambda par: (-par[0], par[1].orden))[:LINEAS]
        ],
    )


def _antiguedad(canal: Any, en: datetime) -> str:
    if not canal.ultima:
        return f"Nunca se ha actualizado; el plazo es de {canal.edad_maxima_dias} días"
    dias = (en - canal.ultima).days
    return f"Hace {dias} días; el plazo es de {canal.edad_maxima_dias}"
