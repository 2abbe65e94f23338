"""What waits for one person. Each app registers its sources; the admin's front page shows their groups.

A source is a function (person, moment) → Grupo or several, with a constant number of queries: `juntar` makes
one of many, so that an app needs one or two for all that it asks of anybody. What is said with a few words
is a branch made by `sencilla`: those of every app are read together, in one query for the whole house.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    TimeField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, ExtractIsoWeekDay, RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format

from portal import gobierno
from portal.alcance import Alcance, alcance_de
from portal.models import Asignacion, Canal, Cargo, Jornada, Paso, Titularidad, Usuario, Version
from portal.redaccion.antiguedad import AntiguedadDeCanal, estado_de_canales
from portal.redaccion.enlaces import rotos_en

Funcion = Asignacion.Funcion
Estado = Version.Estado
#: Lines shown of each group; the rest is one click away.
LINEAS = 20
_DIA = r"j \d\e F"
#: Title of what somebody left half done when their post passed to another.
DE_QUIEN_SE_FUE = "Lo dejó a medias quien ya no está en el cargo"
#: Marks what no post with somebody attends: it is for who heads the office and for Secretaría General.
SIN_TITULAR = "cargo sin titular"
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
    """A kind of task and the first ones there are. Those with `espera=False` only inform: nothing is asked.

    `ocultas` are those beyond the lines shown, and `todas` the address of the whole list, where there is one.
    """

    titulo: str
    tareas: list[Tarea] = field(default_factory=list)
    espera: bool = True
    ocultas: int = 0
    todas: str = ""

    @property
    def total(self) -> int:
        return len(self.tareas) + self.ocultas

    @property
    def urge(self) -> bool:
        return any(tarea.urgente for tarea in self.tareas)


Fuente = Callable[[Usuario, datetime], Grupo | list[Grupo]]
registro: list[Fuente] = []
FuenteDeRamas = Callable[[Usuario, datetime], list["Rama"]]
#: Those whose branches, made by `sencilla`, are read with those of all others.
ramas_sencillas: list[FuenteDeRamas] = []


def registrar(*fuentes: Fuente) -> None:
    registro.extend(fuentes)


def registrar_ramas(*fuentes: FuenteDeRamas) -> None:
    ramas_sencillas.extend(fuentes)


def grupos_de(usuario: Usuario, en: datetime | None = None) -> list[Grupo]:
    """The groups with something for this person: what is urgent, what waits and, last, what only informs.

    Among equals, in the order in which apps registered them.
    """
    en = en or timezone.now()
    grupos: list[Grupo] = []
    for fuente in registro:
        hallado = fuente(usuario, en)
        grupos += hallado if isinstance(hallado, list) else [hallado]
    if ramas := [rama for fuente in ramas_sencillas for rama in fuente(usuario, en)]:
        grupos += juntar(*ramas)
    return sorted(
        (grupo for grupo in grupos if grupo.tareas), key=lambda grupo: (not grupo.espera, not grupo.urge)
    )


# --- Many groups in one query -------------------------------------------------------------------
@dataclass(frozen=True)
class Rama:
    """A group still to be read: its rows in order, and the line that each one makes."""

    titulo: str
    filas: QuerySet
    linea: Callable[[Any], Tarea]
    espera: bool = True
    todas: str = ""


def juntar(*ramas: Rama) -> list[Grupo]:
    """The group of each branch, in one query for all: their rows must have the same columns.

    Each is limited on its own, so that thousands waiting cost what twenty do; its true count comes along.
    Of rows read with `values()`, the columns are attributes.
    """
    primera, *otras = (_numerada(n, rama.filas) for n, rama in enumerate(ramas))
    halladas: list[list[Any]] = [[] for _ in ramas]
    for fila in primera.union(*otras, all=True):
        hallada = SimpleNamespace(**fila) if isinstance(fila, dict) else fila
        halladas[hallada.rama].append(hallada)
    return [_grupo(rama, filas) for rama, filas in zip(ramas, halladas, strict=True)]


def sencilla(filas: QuerySet, *, texto: Any, detalle: Any = None, clave: Any = "pk", cuando: Any = None):
    """Those rows, in their order, with the four columns that every simple branch has.

    Each is an expression or the name of a field; a line reads them as `de_texto`, `de_detalle` and
    `de_clave`, all text, and `de_cuando`, a moment or None.
    """
    return filas.annotate(
        de_texto=Cast(texto, TextField()),
        de_detalle=Cast(Value(None) if detalle is None else detalle, TextField()),
        de_clave=Cast(clave, TextField()),
        de_cuando=Cast(Value(None) if cuando is None else cuando, DateTimeField()),
    ).values("de_texto", "de_detalle", "de_clave", "de_cuando")


def _numerada(n: int, filas: QuerySet) -> QuerySet:
    orden: list[Any] = list(filas.query.order_by)
    return filas.annotate(
        rama=Value(n),
        puesto=Window(RowNumber(), order_by=orden),
        cuantas=Window(Count("*")),
    )[:LINEAS]


def _grupo(rama: Rama, filas: list[Any]) -> Grupo:
    tareas = [rama.linea(fila) for fila in sorted(filas, key=lambda fila: fila.puesto)]
    ocultas = filas[0].cuantas - len(filas) if filas else 0
    return Grupo(rama.titulo, tareas, rama.espera, ocultas, rama.todas)


def momento(cuando: datetime | None) -> str:
    """«18 de noviembre, 9:02 a. m.»"""
    return date_format(timezone.localtime(cuando), f"{_DIA}, g:i a")


# --- The texts ----------------------------------------------------------------------------------
def textos(usuario: Usuario, en: datetime) -> list[Grupo]:
    """All that waits for somebody about texts, and what they only want to know of theirs."""
    alcance = alcance_de(usuario, en)
    valida, autoriza = (_de_canales(alcance.canales[f]) for f in (Funcion.EDITOR, Funcion.AUTORIZA))
    vuelto = _por_corregir(usuario)
    return juntar(
        _rama("Le devolvieron", vuelto.filter(recogida=False), _motivo("Motivo"), lista="devuelta"),
        _rama(
            "Publicado con urgencia, falta su autorización",
            _ajenos(autoriza, usuario).urgentes_sin_autorizar().annotate(cierre=_CIERRE),
            lambda version: f"{_envio(version)} · {_plazo(version, en)}",
            urgente=True,
        ),
        _rama(
            "Por autorizar",
            _ajenos(_de_su_gobierno(autoriza, alcance), usuario).filter(estado=Estado.POR_AUTORIZAR),
            lista="por_autorizar",
        ),
        _rama(
            "Por validar",
            _ajenos(_de_su_gobierno(valida, alcance), usuario).filter(estado=Estado.EN_VALIDACION),
            lista="en_validacion",
        ),
        _rama(
            "Autorizado, listo para publicar",
            _de_su_gobierno(valida, alcance).filter(estado=Estado.AUTORIZADA),
            lista="autorizada",
        ),
        _rama(DE_QUIEN_SE_FUE, _de_quien_se_fue(alcance), _a_una_hora("guardado", "editada_en")),
        _rama("Usted recogió para corregir", vuelto.filter(recogida=True), _motivo("Usted escribió")),
        _rama(
            "Sus borradores",
            _leidos()
            .filter(Q(editada_por=usuario) | Q(creada_por=usuario), estado=Estado.BORRADOR)
            .order_by("-editada_en", "pk"),
            _a_una_hora("guardado", "editada_en"),
            espera=False,
            lista="borrador",
        ),
        _rama(
            "Programado",
            valida.filter(estado=Estado.PROGRAMADA).order_by("programada_para", "pk"),
            _a_una_hora("sale", "programada_para"),
            espera=False,
            lista="programada",
        ),
        _rama("Enviado por usted, en camino", _en_camino(usuario, valida), _donde_va, espera=False),
    )


#: Of a text, its channel and its sender, what a line says.
_COLUMNAS = (
    *("titulo", "estado", "motivo", "enviada_en", "editada_en", "programada_para", "urgente_vence"),
    *("publicacion__canal__numero", "publicacion__canal__nombre"),
    *("enviada_por__first_name", "enviada_por__last_name", "enviada_por__username"),
)


def _leidos():
    """The columns of every branch, no more: nine are built each time. `cierre` is for the deadlines."""
    return (
        Version.objects.select_related("publicacion__canal", "enviada_por")
        .only(*_COLUMNAS)
        .annotate(cierre=Cast(Value(None), TimeField()))
        .order_by("enviada_en", "pk")
    )


def _de_canales(canales: frozenset[int]):
    return _leidos().filter(publicacion__canal__in=canales)


def _de_su_gobierno(versiones, alcance: Alcance):
    """Without those of an earlier government, unless the person has a post of Secretaría General."""
    if any(puesto.de_secretaria_general for puesto in alcance.puestos):
        return versiones
    return versiones.exclude(gobierno.textos_de_otro_gobierno(timezone.localdate(alcance.en)))


def _ajenos(versiones, usuario: Usuario):
    """Those that the person neither sent nor edited."""
    return versiones.exclude(Q(enviada_por=usuario) | Q(editada_por=usuario))


def _por_corregir(usuario: Usuario):
    """What came back to whoever sent it and is not corrected yet. `recogida`: they took it back."""
    return (
        _leidos()
        .devueltas_sin_corregir()
        .filter(enviada_por=usuario)
        .alias(recogida=Exists(Paso.objects.filter(version=OuterRef("pk"), accion="recoger")))
    )


def _de_quien_se_fue(alcance: Alcance):
    """Drafts, and what came back, of somebody who no longer writes in their channel: for whoever does."""
    escribe = _de_su_gobierno(_de_canales(alcance.canales[Funcion.AUTOR]), alcance)
    sin_terminar = escribe.filter(estado=Estado.BORRADOR) | escribe.devueltas_sin_corregir()
    dueno = Case(When(estado=Estado.DEVUELTA, then="enviada_por"), default="editada_por")
    return sin_terminar.alias(dueno=dueno).exclude(todavia_escribe("dueno", "publicacion__canal", alcance.en))


def todavia_escribe(persona: str, canal: str, en: datetime) -> Exists:
    """Of a row with those two fields, whether that person holds a post that writes in that channel."""
    suyos = Titularidad.objects.en_ejercicio(en).filter(persona=OuterRef(OuterRef(persona)))
    cargos = Cargo.objects.con_funcion(
        Funcion.AUTOR, canal=OuterRef(canal), dependencia=OuterRef(f"{canal}__dependencia")
    )
    return Exists(cargos.filter(pk__in=suyos.values("cargo")))


def _en_camino(usuario: Usuario, valida):
    """What the person sent and somebody else has now. What they can publish themselves is not here."""
    suya = valida.filter(estado__in=[Estado.AUTORIZADA, Estado.PROGRAMADA]).values("pk")
    return (
        _leidos()
        .filter(enviada_por=usuario, estado__in=[*_EN_MANOS_DE, Estado.PROGRAMADA])
        .exclude(pk__in=suya)
    )


#: At what hour the alcaldía closes on the day of the deadline, when the hours of attention say it.
_CIERRE = Subquery(
    Jornada.objects.filter(
        Q(rige_desde=None) | Q(rige_desde__lte=OuterRef("urgente_vence")),
        Q(rige_hasta=None) | Q(rige_hasta__gte=OuterRef("urgente_vence")),
        dia=ExtractIsoWeekDay(OuterRef("urgente_vence")),
    )
    .order_by("-hasta")
    .values("hasta")[:1]
)


def _envio(version: Version) -> str:
    return f"{version.publicacion.canal} · {version.enviada_por}, {momento(version.enviada_en)}"


def _rama(titulo, versiones, detalle=_envio, *, espera=True, urgente=False, lista="") -> Rama:
    return Rama(
        titulo,
        versiones,
        lambda version: Tarea(str(version), detalle(version), version.get_absolute_url(), urgente),
        espera,
        f"{reverse('admin:portal_version_changelist')}?estado__exact={lista}" if lista else "",
    )


def _motivo(quien: str) -> Callable[[Version], str]:
    return lambda version: f"{quien}: {version.motivo}"


def _plazo(version: Any, en: datetime) -> str:
    """«vence el 18 de noviembre a las 6:00 p. m.»: until the alcaldía closes that day, or the day ends."""
    dia: date = version.urgente_vence
    cierre: time | None = version.cierre
    fin = timezone.make_aware(datetime.combine(dia, cierre or time.max))
    verbo = "venció" if fin < en else "vence"
    hora = f" a las {time_format(cierre, 'g:i a')}" if cierre else ", al terminar el día"
    return f"el plazo {verbo} el {date_format(dia, _DIA)}{hora}"


def _a_una_hora(que: str, campo: str) -> Callable[[Version], str]:
    """Says of a text its channel and when: `_a_una_hora("sale", "programada_para")`."""
    return lambda version: f"{version.publicacion.canal} · {que} el {momento(getattr(version, campo))}"


def _donde_va(version: Version) -> str:
    if version.estado == Estado.PROGRAMADA:
        return _a_una_hora("sale", "programada_para")(version)
    return f"{version.publicacion.canal} · {_EN_MANOS_DE[Estado(version.estado)]}"


# --- The channels -------------------------------------------------------------------------------
def canales_por_actualizar(usuario: Usuario, en: datetime) -> Grupo:
    """Channels past or near their maximum age that the person's own posts write, worst first.

    Being head of Secretaría General opens every channel, but does not make each one a daily task.
    """
    suyos = Canal.objects.filter(pk__in=alcance_de(usuario, en).asignados(Funcion.AUTOR))
    estados = estado_de_canales(en, suyos, con_personas=False)
    piden = [estado for estado in estados if estado.vencido or estado.proximo]
    tareas = [
        Tarea(
            str(estado.canal),
            _antiguedad(estado),
            f"{reverse('admin:portal_version_add')}?canal={estado.canal.pk}",
            urgente=estado.vencido,
        )
        for estado in piden[:LINEAS]
    ]
    return Grupo("Canales por actualizar", tareas, ocultas=len(piden) - len(tareas))


def _antiguedad(estado: AntiguedadDeCanal) -> str:
    if estado.vencido or estado.dias is None:
        return estado.frase
    faltan = estado.maximo - estado.dias
    return f"{'Queda 1 día' if faltan == 1 else f'Quedan {faltan} días'}; el plazo es de {estado.maximo}"


# --- What stopped working -----------------------------------------------------------------------
def enlaces_rotos(usuario: Usuario, en: datetime) -> Grupo:
    """Links that no longer answer in what the public reads of the channels that the person's posts write."""
    suyos = alcance_de(usuario, en).asignados(Funcion.AUTOR)
    if not suyos:
        return Grupo("Enlaces que no responden")
    rotos = (
        rotos_en(suyos)
        .order_by("url", "versiones")
        .annotate(texto=F("versiones__titulo"), publicacion=F("versiones__publicacion"))
    )
    return juntar(
        Rama(
            "Enlaces que no responden",
            rotos.values("url", "detalle", "texto", "publicacion"),
            lambda enlace: Tarea(
                enlace.texto,
                f"{enlace.url} · {enlace.detalle}",
                reverse("admin:portal_publicacion_change", args=[enlace.publicacion]),
            ),
        )
    )[0]
