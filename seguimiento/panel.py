"""The panel of Secretaría General: who may look at it, its six figures and what asks for a decision."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from participacion.bandeja import URGE
from participacion.models import Consulta
from portal.alcance import alcance_de
from portal.models import Asignacion, Dependencia, Usuario, Version
from portal.periodos import Periodo
from seguimiento.graficas import Serie
from seguimiento.models import Criterio, InformeSemanal
from seguimiento.redaccion import COMO_VA, cambio_en_palabras, con_unidad, cuantos, enumerar
from seguimiento.semana import SIN_ACTUALIZAR, actividades

#: The figures of the panel, by the function that computes each.
FIGURAS = (
    *("actualizaciones-por-semana", "tramites-publicados", "tramites-automatizados"),
    *("criterios-cumplidos", "metas-por-dependencia", "interrupciones"),
)
#: Days that a text may wait for whoever authorises before it asks for a decision.
DIAS_DE_ESPERA = 3
#: Weeks without an update after which somebody has to speak with the office.
SEMANAS_DE_AVISO = 2
#: Days before an exception lapses.
DIAS_DE_EXCEPCION = 30
Datos = dict[str, Any]


# --- Who looks ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mirada:
    """What the posts of a person let them see and do here. Being superuser gives nothing."""

    dirige: frozenset[int] = frozenset()
    escribe: frozenset[int] = frozenset()
    suyas: frozenset[int] = frozenset()
    es_secretaria: bool = False

    @property
    def ve_el_panel(self) -> bool:
        """Whoever heads an office: the mayor, Secretaría General and the others."""
        return bool(self.dirige)

    def ve(self, dependencia: Dependencia) -> bool:
        return self.ve_el_panel or dependencia.pk in self.suyas

    def responde_por(self, dependencia: Dependencia) -> bool:
        """Whether they speak for that office: its head, or who writes for it."""
        return dependencia.pk in self.dirige | self.escribe


def mirada_de(usuario: Usuario, en: datetime | None = None) -> Mirada:
    """One query a request."""
    if not usuario.is_staff:
        return Mirada()
    alcance = alcance_de(usuario, en)
    return Mirada(
        dirige=alcance.dirige,
        escribe=alcance.escriben_en([Asignacion.Funcion.AUTOR, Asignacion.Funcion.EDITOR]),
        suyas=alcance.dependencias,
        es_secretaria=alcance.dirige_secretaria_general,
    )


# --- The six figures ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Figura:
    """A figure with its goal, its change, its eight weeks and how it stands, in words."""

    titulo: str
    valor: str
    meta: str
    cambio: str
    estado: str
    en_palabras: str
    de_que: str
    serie: Serie
    url: str


def figuras(datos: Datos) -> list[Figura]:
    """The six of the panel that the plan measures, in their order."""
    esta = Periodo.semana(datos["anio"], datos["semana"])
    elegidas = [fila for funcion in FIGURAS if (fila := _elegir(datos["indicadores"], funcion))]
    return [_figura(fila, esta) for fila in elegidas]


def _elegir(indicadores: Iterable[Datos], funcion: str) -> Datos | None:
    """The indicator of that function; of several (the five phases), the first that asks for attention."""
    suyos = [fila for fila in indicadores if fila["funcion"] == funcion]
    return next((fila for fila in suyos if fila["estado"] != "cumple"), suyos[0] if suyos else None)


def _figura(fila: Datos, esta: Periodo) -> Figura:
    unidad = "%" if fila["unidad"] == "porcentaje" else ""
    return Figura(
        titulo=fila["titulo"],
        valor=con_unidad(fila["valor"], unidad),
        meta=f"meta {con_unidad(fila['meta'], unidad)}",
        cambio=cambio_en_palabras(fila),
        estado=fila["estado"],
        en_palabras=COMO_VA[fila["estado"]],
        de_que=_de_que(fila, esta),
        serie=Serie.de(fila["serie"], unidad),
        url=fila["url"],
    )


def _de_que(fila: Datos, esta: Periodo) -> str:
    """What it is made of; while a week lasts, of which one before it is."""
    if fila["falta"]:
        return fila["falta"]
    cuando = "" if fila["medido"] == esta.clave else f"semana {Periodo.leer_semana(fila['medido']).numero}"
    if fila["denominador"] is None:
        return cuando or "en la semana"
    partes = f"{con_unidad(fila['numerador'])} de {con_unidad(fila['denominador'])}"
    return f"{partes}, {cuando}" if cuando else partes


# --- What asks for a decision -------------------------------------------------------------------
@dataclass(frozen=True)
class Alerta:
    """Something to decide: what, who answers for it, until when, and where it is done."""

    que: str
    quien: str
    cuando: str
    url: str
    urgente: bool = field(default=False)


def resumen_de_alertas(todas: list[Alerta]) -> str:
    """«12, 1 urgente»."""
    urgentes = sum(alerta.urgente for alerta in todas)
    return f"{len(todas)}, {cuantos(urgentes, 'urgente', 'urgentes')}" if urgentes else str(len(todas))


def alertas(datos: Datos, en: datetime) -> list[Alerta]:
    """What is to be decided now, what is most overdue first. Three queries."""
    todas = [
        *_textos_que_esperan(en),
        *_dependencias_calladas(datos),
        *_actividades_vencidas(en),
        *_con_plazo(en),
    ]
    return sorted(todas, key=lambda alerta: not alerta.urgente)


def _dia(dia) -> str:
    """With its year when it is another one."""
    return date_format(dia, r"j \d\e F" if dia.year == timezone.localdate().year else r"j \d\e F \d\e Y")


def _textos_que_esperan(en: datetime) -> list[Alerta]:
    """What was published with urgency and nobody ratified, and what waits too long to be authorised."""
    esperan = Q(estado=Version.Estado.POR_AUTORIZAR, enviada_en__lt=en - timedelta(days=DIAS_DE_ESPERA))
    versiones = Version.objects.urgentes_sin_autorizar() | Version.objects.filter(esperan)
    en_orden = versiones.select_related("publicacion__canal").order_by(
        "-urgente", "urgente_vence", "enviada_en"
    )
    return [
        _por_ratificar(version, en) if version.urgente else _por_autorizar(version) for version in en_orden
    ]


def _por_ratificar(version: Version, en: datetime) -> Alerta:
    vencida = bool(version.urgente_vence and version.urgente_vence < timezone.localdate(en))
    return Alerta(
        f"Ratificar o retirar «{version}», publicado con urgencia",
        f"Quien autoriza en «{version.publicacion.canal}»",
        f"{'venció' if vencida else 'vence'} el {_dia(version.urgente_vence)}",
        version.get_absolute_url(),
        urgente=vencida,
    )


def _por_autorizar(version: Version) -> Alerta:
    return Alerta(
        f"Autorizar o devolver «{version}»",
        f"Quien autoriza en «{version.publicacion.canal}»",
        f"espera desde el {_dia(timezone.localtime(version.enviada_en))}",
        version.get_absolute_url(),
    )


def _dependencias_calladas(datos: Datos) -> list[Alerta]:
    """Offices that let several weeks go by: somebody has to speak with whoever heads them."""
    return [
        Alerta(
            f"Acordar con {fila['nombre']} cuándo actualiza",
            f"Jefatura de {fila['nombre']}",
            f"{fila['semanas_sin']} semanas sin hacerlo" if fila["semanas_sin"] else "nunca lo ha hecho",
            reverse("seguimiento:seguimiento_de_dependencia", args=[fila["slug"]]),
            urgente=fila["semanas_sin"] is None or fila["semanas_sin"] > SEMANAS_DE_AVISO,
        )
        for fila in datos["dependencias"]
        if fila["estado"] == SIN_ACTUALIZAR
        and (fila["semanas_sin"] is None or fila["semanas_sin"] >= SEMANAS_DE_AVISO)
    ]


def _actividades_vencidas(en: datetime) -> list[Alerta]:
    hoy = timezone.localdate(en)
    return [
        Alerta(
            f"Cumplir o reprogramar «{fila['texto']}»",
            enumerar(fila["responsables"]) if fila["responsables"] else "Sin responsable",
            f"venció el {_dia(datetime.fromisoformat(fila['vence']))}",
            fila["url"] or reverse("seguimiento:plan_de_accion"),
        )
        for fila in actividades(hoy, hoy)
        if fila["estado"] == "vencida"
    ]


def _con_plazo(en: datetime) -> list[Alerta]:
    """Exceptions about to lapse, and outcomes of surveys that people were promised by now. One query."""
    hoy = timezone.localdate(en)
    excepciones = Criterio.objects.filter(
        base=Criterio.Base.EXCEPCION, vence_en__range=(hoy, hoy + timedelta(days=DIAS_DE_EXCEPCION))
    )
    deben = Consulta.objects.sin_resultado(en).filter(resultado_hasta__lte=hoy + URGE)
    juntas = _filas(
        excepciones, _EXCEPCION, "codigo", Concat("codigo", Value(" "), "nombre"), "dependencia__nombre"
    ).union(_filas(deben, _RESULTADO, "pk", "titulo", "canal__nombre", dia="resultado_hasta"), all=True)
    return [
        _por_la_excepcion(*fila) if de == _EXCEPCION else _por_el_resultado(hoy, *fila)
        for de, *fila in juntas.order_by("de", "dia", "clave")
    ]


#: Of which of the two a row is.
_EXCEPCION, _RESULTADO = 1, 2


def _filas(de_que, cual: int, clave: str, texto, quien: str, dia: str = "vence_en"):
    """The columns that both have, with those names."""
    return (
        de_que.order_by()
        .annotate(
            de=Value(cual),
            clave=Cast(clave, TextField()),
            dicho=Cast(texto, TextField()),
            quien=Cast(quien, TextField()),
            dia=F(dia),
        )
        .values_list("de", "clave", "dicho", "quien", "dia")
    )


def _por_la_excepcion(codigo: str, criterio: str, dependencia: str, vence: date) -> Alerta:
    return Alerta(
        f"Cumplir «{criterio}» o pedir otra excepción",
        dependencia,
        f"la excepción vence el {_dia(vence)}",
        reverse("seguimiento:criterio", args=[codigo]),
    )


def _por_el_resultado(hoy: date, consulta: str, titulo: str, canal: str, hasta: date) -> Alerta:
    vencido = hasta < hoy
    return Alerta(
        f"Publicar el resultado de «{titulo}»",
        f"Quien escribe en «{canal}»",
        f"{'venció' if vencido else 'vence'} el {_dia(hasta)}",
        reverse("participacion:escritorio_consulta", args=[consulta]),
        urgente=vencido,
    )


# --- The weeks ----------------------------------------------------------------------------------
def semanas_con_informe() -> list[InformeSemanal]:
    """Every report, the newest first, with no more than its week and its state. One query."""
    return list(InformeSemanal.objects.only("anio", "semana", "estado", "consecutivo"))
