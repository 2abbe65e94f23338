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
from django.utils.formats import date_format

from portal.models import Actualizacion, Asignacion, Canal, Cargo, Paso, Usuario, Version

Funcion = Asignacion.Funcion
Estado = Version.Estado
#: Lines shown of each group; the rest is one click away.
LINEAS = 20
_DIA = r"j \d\e F"
#: Who has the text that one sent.
_EN_MANOS_DE = {
    Estado.EN_VALIDACION: "espera a quien valida",
    Estado.POR_AUTORIZAR: "espera a quien autoriza",
    Estado.AUTORIZADA: "ya se autorizó, espera a quien publica",
}


@dataclass(frozen=True)
class Tarea:
    titulo: str
    detalle: str
    url: str
    urgente: bool = False


@dataclass(frozen=True)
class Grupo:
    """A kind of task and the ones there are. Those with `espera=False` only inform: nothing is asked."""

    titulo: str
    tareas: list[Tarea] = field(default_factory=list)
    espera: bool = True

    @property
    def urge(self) -> bool:
        return any(tarea.urgente for tarea in self.tareas)


registro: list[Callable[[Usuario, datetime], Grupo]] = []


def registrar(*grupos: Callable[[Usuario, datetime], Grupo]) -> None:
    registro.extend(grupos)


def grupos_de(usuario: Usuario, en: datetime | None = None) -> list[Grupo]:
    """The groups with something for this person: what is urgent, what waits and, last, what only informs.

    Among equals, in the order in which apps registered them.
    """
    en = en or timezone.now()
    grupos = [grupo for funcion in registro if (grupo := funcion(usuario, en)).tareas]
    return sorted(grupos, key=lambda grupo: (not grupo.espera, not grupo.urge))


def _ajenos(usuario: Usuario, funcion: str, en: datetime):
    """Texts in channels where the person may do `funcion`, that they neither sent nor edited."""
    canales = Canal.objects.que_puede(usuario, funcion, en)
    return (
        Version.objects.filter(publicacion__canal__in=canales.values("pk"))
        .exclude(Q(enviada_por=usuario) | Q(editada_por=usuario))
        .select_related("publicacion__canal", "enviada_por")
        .order_by("enviada_en")
    )


def _momento(cuando: datetime | None) -> str:
    """«18 de noviembre, 9:02 a. m.»"""
    return date_format(timezone.localtime(cuando), f"{_DIA}, g:i a")


def _envio(version: Version) -> str:
    return f"{version.publicacion.canal} · {version.enviada_por}, {_momento(version.enviada_en)}"


def _por_corregir(usuario: Usuario):
    """What came back to whoever sent it and is not corrected yet. `recogida`: they took it back."""
    posterior = Version.objects.filter(publicacion=OuterRef("publicacion"), numero__gt=OuterRef("numero"))
    return (
        Version.objects.filter(~Exists(posterior), estado=Estado.DEVUELTA, enviada_por=usuario)
        .alias(recogida=Exists(Paso.objects.filter(version=OuterRef("pk"), accion="recoger")))
        .order_by("enviada_en")
    )


def devueltas(usuario: Usuario, en: datetime) -> Grupo:
    """What somebody else returned, with the reason in full."""
    versiones = _por_corregir(usuario).filter(recogida=False)
    return Grupo("Le devolvieron", _tareas(versiones, lambda version: f"Motivo: {version.motivo}"))


def recogidas(usuario: Usuario, en: datetime) -> Grupo:
    """What the person took back from whoever was reviewing it."""
    versiones = _por_corregir(usuario).filter(recogida=True)
    return Grupo("Usted recogió para corregir", _tareas(versiones, lambda v: f"Usted escribió: {v.motivo}"))


def urgentes_por_autorizar(usuario: Usuario, en: datetime) -> Grupo:
    versiones = _ajenos(usuario, Funcion.AUTORIZA, en).urgentes_sin_autorizar()
    hoy = timezone.localdate(en)

    def plazo(version: Any) -> str:  # an urgent text has its date: a CHECK says so
        verbo = "venció" if version.urgente_vence < hoy else "vence"
        return f"{_envio(version)} · el plazo {verbo} el {date_format(version.urgente_vence, _DIA)}"

    return Grupo(
        "Publicado con urgencia, falta su autorización",
        [
            Tarea(str(version), plazo(version), version.get_absolute_url(), urgente=True)
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
    return lambda version: f"{version.publicacion.canal} · {que} el {_momento(getattr(version, campo))}"


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
    return Grupo("Programado", _tareas(versiones, _a_una_hora("sale", "programada_para")), espera=False)


def borradores(usuario: Usuario, en: datetime) -> Grupo:
    versiones = (
        Version.objects.filter(Q(editada_por=usuario) | Q(creada_por=usuario), estado=Estado.BORRADOR)
        .select_related("publicacion__canal")
        .order_by("-editada_en")
    )
    return Grupo("Sus borradores", _tareas(versiones, _a_una_hora("guardado", "editada_en")), espera=False)


def en_camino(usuario: Usuario, en: datetime) -> Grupo:
    """What the person sent and somebody else has now. What they can publish themselves is not here."""
    publica = Canal.objects.que_puede(usuario, Funcion.EDITOR, en).values("pk")
    versiones = (
        Version.objects.filter(enviada_por=usuario, estado__in=[*_EN_MANOS_DE, Estado.PROGRAMADA])
        .exclude(estado__in=[Estado.AUTORIZADA, Estado.PROGRAMADA], publicacion__canal__in=publica)
        .select_related("publicacion__canal")
        .order_by("enviada_en")
    )
    return Grupo("Enviado por usted, en camino", _tareas(versiones, _donde_va), espera=False)


def _donde_va(version: Version) -> str:
    if version.estado == Estado.PROGRAMADA:
        return _a_una_hora("sale", "programada_para")(version)
    return f"{version.publicacion.canal} · {_EN_MANOS_DE[Estado(version.estado)]}"


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
