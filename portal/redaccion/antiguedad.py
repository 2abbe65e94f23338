"""How old each channel is, who is told when it passes its maximum age, and what withdraws by itself.

Mail of this module goes at most once a day to each person. What was already said to somebody is known by the
date of their last message: each level is reached on a certain day, and is new to whoever got none since then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Subquery, Value
from django.utils import timezone

from portal.models import (
    Actualizacion,
    Asignacion,
    Canal,
    Correo,
    EjecucionDeRutina,
    Publicacion,
    Titularidad,
    Usuario,
)
from portal.models.canal import Tipo
from portal.redaccion.avisos import escribir, quienes_escriben

UN_DIA = timedelta(days=1)
#: Days before the withdrawal on which the cargo is told, and the least a channel gives after it is set up.
AVISO_DE_RETIRO = 15
#: The rutina that warns and withdraws.
RETIRAR = "retirar-sin-revisar"
#: Since always: a channel without an update nor a history.
SIEMPRE = date(1900, 1, 1)


# --- The age of a channel ------------------------------------------------------------------------
@dataclass(frozen=True)
class AntiguedadDeCanal:
    """How a channel stands against its maximum age. `dias` are whole days since `ultima`, None if never.

    `vence` is the day on which it falls due. `a_quien` are the people whose posts write it by the matrix.
    """

    canal: Canal
    ultima: datetime | None
    dias: int | None
    maximo: int
    vence: date
    vencido: bool
    proximo: bool
    a_quien: tuple[Usuario, ...]

    @property
    def exceso(self) -> float:
        """Days past the maximum, negative before it; what was never updated is the worst."""
        return float("inf") if self.dias is None else self.dias - self.maximo

    @property
    def frase(self) -> str:
        if self.dias is None:
            return f"Nunca se ha actualizado; el plazo es de {self.maximo} días"
        return f"Hace {self.dias} días; el plazo es de {self.maximo}"


def estado_de_canales(en: datetime, canales=None, *, con_personas: bool = True) -> list[AntiguedadDeCanal]:
    """Each public channel with a maximum age (of `canales`, or of all), worst first.

    Three queries; one without people (`con_personas=False`), and then nobody is in `a_quien`.
    """
    canales = Canal.objects.all() if canales is None else canales
    ultimas = Actualizacion.objects.filter(canal=OuterRef("pk"), clase__in=Actualizacion.RENUEVAN)
    nacimientos = Canal.history.model.objects.filter(id=OuterRef("pk"))
    filas = list(
        canales.filter(publico=True, activo=True, edad_maxima_dias__isnull=False).annotate(
            ultima=Subquery(ultimas.order_by("-en").values("en")[:1]),
            nacio=Subquery(nacimientos.order_by("history_date").values("history_date")[:1]),
        )
    )
    escriben = _quienes_escriben_cada_uno(filas, en) if con_personas else {}
    estados = [_estado(canal, tuple(escriben.get(canal.pk, ())), en) for canal in filas]
    return sorted(estados, key=lambda estado: (-estado.exceso, estado.canal.orden, estado.canal.nombre))


def _estado(canal: Any, a_quien: tuple[Usuario, ...], en: datetime) -> AntiguedadDeCanal:
    maximo = canal.edad_maxima_dias
    if canal.ultima:
        dias, vence = (en - canal.ultima).days, timezone.localdate(canal.ultima) + UN_DIA * maximo
    else:  # due since it exists
        dias, vence = None, timezone.localdate(canal.nacio) if canal.nacio else SIEMPRE
    vencido = dias is None or dias >= maximo
    return AntiguedadDeCanal(
        canal=canal,
        ultima=canal.ultima,
        dias=dias,
        maximo=maximo,
        vence=vence,
        vencido=vencido,
        proximo=dias is not None and not vencido and maximo - dias <= min(maximo / 5, 7),
        a_quien=a_quien,
    )


def _quienes_escriben_cada_uno(canales: Iterable[Canal], en: datetime) -> dict[int, list[Usuario]]:
    """By channel, who holds today the posts that the matrix names to write it. Two queries."""
    titulares = defaultdict(list)
    for titularidad in _titularidades(en):
        titulares[titularidad.cargo_id].append(titularidad.persona)
    asignadas = Asignacion.objects.filter(
        canal__in=[canal.pk for canal in canales], funcion=Asignacion.Funcion.AUTOR
    )
    personas: dict[int, list[Usuario]] = defaultdict(list)
    for canal, cargo in asignadas.order_by("cargo__orden", "pk").values_list("canal", "cargo"):
        personas[canal] += [persona for persona in titulares[cargo] if persona not in personas[canal]]
    return personas


def _titularidades(en: datetime):
    vigentes = Titularidad.objects.en_ejercicio(en)
    return vigentes.select_related("persona", "cargo__dependencia").order_by("pk")


# --- Telling it ----------------------------------------------------------------------------------
def avisar(en: datetime) -> str:
    """Write to those concerned with each channel past its maximum age; says how many messages.

    First the cargo, on the day it falls due; a quarter of the maximum later (at least 7 days) also the head
    of the office; half of it later (at least 15) also Secretaría General, which stands for a cargo that
    nobody holds.
    """
    hoy = timezone.localdate(en)
    vencidos = [estado for estado in estado_de_canales(en) if estado.vence <= hoy]
    jefes, general = _jefaturas(en)
    dicho = _ultimo_aviso("antiguedad")
    por_persona: dict[Usuario, list[dict]] = defaultdict(list)
    for estado in vencidos:
        linea = _linea(estado, hoy)
        for persona, desde in _avisados(estado, jefes[estado.canal.dependencia_id], general, hoy).items():
            if dicho.get(persona.pk, date.min) < desde:
                por_persona[persona].append(linea)
    escritos = [
        escribir(
            persona,
            "antiguedad",
            asunto=_asunto(lineas),
            clave=f"antiguedad:{hoy}",
            en=en,
            lineas=lineas,
        )
        for persona, lineas in por_persona.items()
    ]
    return f"Canales que pasaron su plazo: {len(vencidos)}. Correos: {len([c for c in escritos if c])}."


def niveles(estado: AntiguedadDeCanal) -> tuple[date, date, date]:
    """The days on which the cargo, the head of the office and Secretaría General are told."""
    tras_un_cuarto, tras_la_mitad = max(7, ceil(estado.maximo / 4)), max(15, ceil(estado.maximo / 2))
    return estado.vence, estado.vence + UN_DIA * tras_un_cuarto, estado.vence + UN_DIA * tras_la_mitad


def _avisados(estado, jefes: list[Usuario], general: list[Usuario], hoy: date) -> dict[Usuario, date]:
    """Who must know by today, each with the day of the last level that is told to them."""
    avisados: dict[Usuario, date] = {}
    personas: list[Usuario] = []
    for dia, nuevas in zip(niveles(estado), (estado.a_quien or general, jefes, general), strict=True):
        personas += nuevas
        if dia <= hoy:
            avisados |= dict.fromkeys(personas, dia)
    return avisados


def _linea(estado: AntiguedadDeCanal, hoy: date) -> dict[str, Any]:
    """What the message says of a channel."""
    _cargo, jefatura, general = niveles(estado)
    return {
        "canal": estado.canal,
        "dias": (hoy - timezone.localdate(estado.ultima)).days if estado.ultima else None,
        "maximo": estado.maximo,
        "tarde": (hoy - estado.vence).days,
        "sin_titular": not estado.a_quien,
        "jefatura": jefatura <= hoy,
        "general": general <= hoy,
    }


def _asunto(lineas: list[dict]) -> str:
    if len(lineas) == 1:
        return f"Por actualizar: {lineas[0]['canal']}"
    return f"Por actualizar: {len(lineas)} canales"


def _jefaturas(en: datetime) -> tuple[dict[int, list[Usuario]], list[Usuario]]:
    """Who heads each office, by its primary key, and who heads Secretaría General. One query."""
    por_dependencia: dict[int, list[Usuario]] = defaultdict(list)
    general = []
    for titularidad in _titularidades(en).filter(cargo__es_jefatura=True):
        por_dependencia[titularidad.cargo.dependencia_id].append(titularidad.persona)
        if titularidad.cargo.dependencia.es_secretaria_general:
            general.append(titularidad.persona)
    return por_dependencia, general


def _ultimo_aviso(asunto: str) -> dict[int, date]:
    """By person, the day of their last message of that kind (`asunto:day:person` is its `clave`)."""
    ultimos: dict[int, date] = {}
    for (clave,) in Correo.objects.filter(clave__startswith=f"{asunto}:").values_list("clave"):
        _asunto, dia, persona = str(clave).split(":")
        ultimos[int(persona)] = max(ultimos.get(int(persona), date.min), date.fromisoformat(dia))
    return ultimos


# --- What withdraws by itself --------------------------------------------------------------------
@dataclass(frozen=True)
class Retiro:
    """A publication and the day on which the system withdraws it unless somebody reviews it."""

    publicacion: Publicacion
    dia: date


def retiros(publicaciones, hasta: date | None = None) -> list[Retiro]:
    """Those of `publicaciones` that would be withdrawn up to that day, the soonest first. Two queries.

    Never what has a fixed address nor a document: the law asks for them. A channel that was set to withdraw
    gives at least `AVISO_DE_RETIRO` days from then, however old its pages are.
    """
    vence = F("revisada_en") + ExpressionWrapper(
        F("canal__retiro_automatico_dias") * Value(UN_DIA), output_field=DateTimeField()
    )
    candidatas = (
        publicaciones.filter(
            retirada_en=None,
            version_publica__isnull=False,
            ruta_fija=None,
            canal__activo=True,
            canal__retiro_automatico_dias__isnull=False,
        )
        .exclude(tipo=Tipo.DOCUMENTO)
        .select_related("canal", "version_publica")
        .defer("version_publica__cuerpo")
    )
    if hasta:
        despues = timezone.make_aware(datetime.combine(hasta + UN_DIA, time()))
        candidatas = candidatas.annotate(vence=ExpressionWrapper(vence, output_field=DateTimeField())).filter(
            vence__lt=despues
        )
    filas = list(candidatas)
    desde = _retiran_desde({fila.canal_id for fila in filas})
    todos = [Retiro(fila, _dia_de_retiro(fila, desde.get(fila.canal_id))) for fila in filas]
    a_tiempo = [retiro for retiro in todos if hasta is None or retiro.dia <= hasta]
    return sorted(a_tiempo, key=lambda retiro: (retiro.dia, retiro.publicacion.pk))


def _dia_de_retiro(publicacion: Any, rige_desde: date | None) -> date:
    dia = timezone.localdate(publicacion.revisada_en) + UN_DIA * publicacion.canal.retiro_automatico_dias
    return max(dia, rige_desde + UN_DIA * AVISO_DE_RETIRO) if rige_desde else dia


def _retiran_desde(canales: set[int]) -> dict[int, date]:
    """By channel, since when it withdraws after as many days as now. One query."""
    desde: dict[int, date] = {}
    plazos: dict[int, int | None] = {}
    historia = Canal.history.model.objects.filter(id__in=canales).order_by("history_date", "history_id")
    for canal, en, plazo in historia.values_list("id", "history_date", "retiro_automatico_dias"):
        if plazos.get(canal) != plazo:
            plazos[canal], desde[canal] = plazo, timezone.localdate(en)
    return desde


def se_aviso_a_tiempo(en: datetime) -> bool:
    """Whether the rutina was running on the days when what is due today had to be told."""
    hoy = timezone.localdate(en)
    return EjecucionDeRutina.objects.filter(
        rutina=RETIRAR,
        bien=True,
        inicio__date__range=(hoy - 2 * UN_DIA * AVISO_DE_RETIRO, hoy - UN_DIA * AVISO_DE_RETIRO),
    ).exists()


def avisar_retiros(en: datetime, *, con_vencidos: bool = False) -> int:
    """Tell whoever writes each channel what will be withdrawn in the next days, once; how many messages.

    With `con_vencidos`, also what should be gone already and gets its days of warning from today.
    """
    hoy = timezone.localdate(en)
    plazo = hoy + UN_DIA * AVISO_DE_RETIRO
    dicho = _ultimo_aviso("retiros")
    por_persona: dict[Usuario, list[Retiro]] = defaultdict(list)
    personas: dict[int, list[Usuario]] = {}
    for retiro in retiros(Publicacion.objects.all(), hasta=plazo):
        canal = retiro.publicacion.canal
        if canal.pk not in personas:
            personas[canal.pk] = quienes_escriben(canal, en)
        nuevo_desde = retiro.dia - UN_DIA * AVISO_DE_RETIRO
        if retiro.dia <= hoy:
            if not con_vencidos:
                continue
            retiro = replace(retiro, dia=plazo)
        for persona in personas[canal.pk]:
            if dicho.get(persona.pk, date.min) < nuevo_desde:
                por_persona[persona].append(retiro)
    escritos = [
        escribir(
            persona,
            "retiros",
            asunto="Por revisar, o se retira sola: "
            + (str(suyos[0].publicacion) if len(suyos) == 1 else f"{len(suyos)} páginas"),
            clave=f"retiros:{hoy}",
            en=en,
            retiros=suyos,
        )
        for persona, suyos in por_persona.items()
    ]
    return len([correo for correo in escritos if correo])
