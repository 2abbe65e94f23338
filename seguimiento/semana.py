"""What was true of a week, in plain data: the weekly report freezes it and the panel shows it.

Everything is read as it stood at the end of the week (or now, while it lasts), so that a report made late
says the same. A zero goes with its reason, when there is one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, OuterRef, Q, Subquery, Value
from django.utils import timezone

from conectividad import cortes
from conectividad.mes import recortar
from conectividad.minutos import Tramo, unir
from conectividad.models import Incidente
from portal.calendario import cierres
from portal.models import Actualizacion, Canal, Dependencia, Paso, Version
from portal.periodos import Periodo
from seguimiento import uso
from seguimiento.metas import Meta, al_dia, canales_con_edad, metas_por_dependencia
from seguimiento.models import Actividad, Criterio, Evaluacion, Indicador, Medicion
from seguimiento.redaccion import explicar_cierres, explicar_cortes, titular

#: The shape of what `reunir` returns; it grows when a part changes its meaning.
FORMATO = 1
SEMANAS_DE_LA_SERIE = 8
#: Of the goal, what is enough to say «cerca» instead of «lejos».
CERCA = Decimal("0.8")
#: What people call each indicator where its signed text does not fit.
TITULOS = {
    "actualizaciones-por-semana": "Actualizaciones del sitio",
    "tramites-publicados": "Trámites publicados",
    "tramites-automatizados": "Trámites automatizados",
    "funcionarios-vinculados": "Funcionarios entrantes vinculados",
    "metas-por-dependencia": "Metas por dependencia",
    "interrupciones": "Sin conexión en el mes",
    "interrupciones-con-accion": "Cortes con acción registrada",
}
_FASES: dict[str, str] = dict(Canal.Fase.choices)
Datos = dict[str, Any]


def reunir(periodo: Periodo) -> Datos:
    """All that the report of that week says. Twenty-five queries at most, however much there is."""
    return mirar(periodo) | {
        "actividades": actividades(periodo.desde, timezone.localdate(periodo.corte)),
        "criterios": _criterios(periodo),
        "audiencia": uso.de_la_semana(periodo),
    }


def mirar(periodo: Periodo) -> Datos:
    """What the panel says of that week. Thirteen queries, however much there is."""
    corte = periodo.corte
    cerrados = cierres(periodo.desde, periodo.hasta)
    actualizaciones = _actualizaciones(periodo)
    con_edad = list(canales_con_edad(periodo))
    canales = _canales(con_edad, periodo, actualizaciones)
    metas = metas_por_dependencia(periodo, con_edad)
    datos: Datos = {
        "formato": FORMATO,
        "anio": periodo.anio_iso,
        "semana": periodo.numero,
        "desde": periodo.desde.isoformat(),
        "hasta": periodo.hasta.isoformat(),
        "terminada": periodo.terminado(),
        "corte": timezone.localtime(corte).isoformat(timespec="seconds"),
        "explicaciones": [*explicar_cierres(cerrados), *explicar_cortes(_cortes(periodo))],
        "dependencias": _dependencias(
            periodo, actualizaciones, canales, metas, sin_habiles=len(cerrados) >= 5
        ),
        "canales": canales,
        "actualizaciones": actualizaciones,
        "urgentes": urgentes(periodo.inicio, corte),
        "indicadores": _indicadores(periodo),
    }
    return datos | {"titular": titular(datos)}


def _cortes(periodo: Periodo) -> dict[str, list[Tramo]]:
    """By line, when it had no connection in the week. One query."""
    por_enlace: dict[str, list[Tramo]] = defaultdict(list)
    hasta = periodo.tope
    for corte in cortes.entre(periodo.inicio, hasta):
        if corte.alcance == Incidente.Alcance.TOTAL:
            por_enlace[corte.enlace.nombre].append(recortar(corte, periodo.inicio, hasta))
    return {enlace: unir(tramos) for enlace, tramos in por_enlace.items()}


# --- Updates ------------------------------------------------------------------------------------
def _actualizaciones(periodo: Periodo) -> list[Datos]:
    """Every public change of the week, the first one first. `cuenta`: it is an update, as the plan says."""
    filas = (
        Actualizacion.objects.entre(periodo.inicio, periodo.fin)
        .select_related("canal", "dependencia", "publicacion__canal")
        .order_by("en", "pk")
    )
    return [
        {
            "titulo": fila.descripcion,
            "canal": fila.canal.nombre,
            "dependencia": fila.dependencia.nombre,
            "clase": fila.get_clase_display(),
            "cuenta": fila.clase in Actualizacion.CUENTAN,
            "urgente": fila.urgente,
            "cuando": timezone.localtime(fila.en).isoformat(timespec="minutes"),
            "url": fila.publicacion.get_absolute_url() if fila.publicacion else fila.url,
        }
        for fila in filas
    ]


def _canales(con_edad: Iterable[Any], periodo: Periodo, actualizaciones: list[Datos]) -> list[Datos]:
    """The channels with a maximum age, the most overdue first."""
    cambios = Counter(fila["canal"] for fila in actualizaciones if fila["cuenta"])
    filas = []
    for canal in con_edad:
        dias = (periodo.corte - canal.ultima).days if canal.ultima else None
        filas.append(
            {
                "nombre": canal.nombre,
                "url": canal.get_absolute_url(),
                "dependencia": canal.dependencia.nombre,
                "actualizaciones": cambios[canal.nombre],
                "plazo": canal.edad_maxima_dias,
                "dias": dias,
                "ultima": canal.ultima and timezone.localdate(canal.ultima).isoformat(),
                "al_dia": al_dia(canal, periodo),
            }
        )
    return sorted(filas, key=lambda f: (f["al_dia"], -_exceso(f), f["nombre"]))


def _exceso(canal: Datos) -> float:
    return float("inf") if canal["dias"] is None else canal["dias"] - canal["plazo"]


# --- Offices ------------------------------------------------------------------------------------
#: What became of the week of an office, worst first.
SIN_ACTUALIZAR, CON_VENCIDOS, CUMPLE, NADA_VENCIA, SIN_HABILES = (
    *("sin_actualizar", "con_vencidos", "cumple"),
    *("nada_vencia", "sin_habiles"),
)
_ORDEN = (SIN_ACTUALIZAR, CON_VENCIDOS, NADA_VENCIA, SIN_HABILES, CUMPLE)


def _dependencias(
    periodo: Periodo, actualizaciones, canales, metas: dict[int | None, list[Meta]], *, sin_habiles: bool
) -> list[Datos]:
    """The offices that answer for a channel with a maximum age, or that updated one; worst first."""
    cambios = Counter(fila["dependencia"] for fila in actualizaciones if fila["cuenta"])
    suyos = defaultdict(list)
    for canal in canales:
        suyos[canal["dependencia"]].append(canal)
    por_autorizar = _por_autorizar(periodo.corte)
    que_cuentan = Q(actualizaciones__clase__in=Actualizacion.CUENTAN, actualizaciones__en__lte=periodo.corte)
    filas = []
    for dependencia in Dependencia.objects.filter(activa=True).annotate(
        ultima=Max("actualizaciones__en", filter=que_cuentan)
    ):
        nombre = dependencia.nombre
        if not suyos[nombre] and not cambios[nombre]:
            continue
        vencidos = sum(not canal["al_dia"] for canal in suyos[nombre])
        mias = metas.get(dependencia.pk, [])
        filas.append(
            {
                "nombre": nombre,
                "slug": dependencia.slug,
                "actualizaciones": cambios[nombre],
                "canales": len(suyos[nombre]),
                "canales_al_dia": len(suyos[nombre]) - vencidos,
                "por_autorizar": por_autorizar.get(dependencia.pk, 0),
                "metas": len(mias),
                "metas_cumplidas": sum(meta.cumple for meta in mias),
                "estado": _estado(cambios[nombre], vencidos, sin_habiles),
                "semanas_sin": _semanas_sin(dependencia.ultima, periodo),
            }
        )
    return sorted(filas, key=_peor_primero)


def _estado(cambios: int, vencidos: int, sin_habiles: bool) -> str:
    if cambios:
        return CON_VENCIDOS if vencidos else CUMPLE
    if sin_habiles:
        return SIN_HABILES
    return SIN_ACTUALIZAR if vencidos else NADA_VENCIA


def _semanas_sin(ultima: datetime | None, periodo: Periodo) -> int | None:
    """Whole weeks without an update, this one included; None when there never was one."""
    return max(0, (periodo.hasta - timezone.localdate(ultima)).days // 7) if ultima else None


def _peor_primero(fila: Datos) -> tuple:
    semanas = float("inf") if fila["semanas_sin"] is None else fila["semanas_sin"]
    cumplidas = fila["metas_cumplidas"] / fila["metas"] if fila["metas"] else 1
    orden = _ORDEN.index(fila["estado"])
    return orden, -semanas if not orden else 0, cumplidas, fila["nombre"]


def _por_autorizar(corte: datetime) -> dict[int, int]:
    """By office, the texts that at that moment waited for whoever authorises."""
    ultimo = Paso.objects.filter(version=OuterRef("pk"), en__lte=corte).order_by("-en", "-pk")
    return dict(
        Version.objects.filter(enviada_en__lte=corte)
        .exclude(publicada_en__lte=corte)
        .alias(estado_en=Subquery(ultimo.values("a")[:1]))
        .filter(estado_en=Version.Estado.POR_AUTORIZAR)
        .order_by()
        .values_list("publicacion__dependencia")
        .annotate(cuantos=Count("pk"))
    )


# --- What needs a second look --------------------------------------------------------------------
def urgentes(desde: datetime, corte: datetime) -> list[Datos]:
    """What was published with urgency from `desde` on, or before and not ratified by then."""
    versiones = (
        Version.objects.filter(urgente=True, publicada_en__lte=corte)
        .filter(Q(publicada_en__gte=desde) | Q(autorizada_en=None) | Q(autorizada_en__gte=desde))
        .select_related("publicacion__canal", "publicacion__dependencia", "autorizacion")
        .order_by("publicada_en", "pk")
    )
    return [_urgente(version, corte) for version in versiones]


def _urgente(version: Version, corte: datetime) -> Datos:
    ratificada = bool(version.autorizada_en and version.autorizada_en <= corte)
    vence = version.urgente_vence
    vencida = vence is not None and vence < timezone.localdate(corte)
    return {
        "titulo": version.titulo,
        "canal": version.publicacion.canal.nombre,
        "dependencia": version.publicacion.dependencia.nombre,
        "publicada": timezone.localdate(version.publicada_en).isoformat(),
        "vence": vence and vence.isoformat(),
        "estado": "ratificada" if ratificada else "vencida" if vencida else "por_ratificar",
        "acto": str(version.autorizacion) if ratificada else "",
        "url": version.publicacion.get_absolute_url(),
    }


def actividades(desde: date, dia: date) -> list[Datos]:
    """What the plan had to have done by `dia`, or was done since `desde`; what is overdue first."""
    hechas = Q(cumplida_en__gte=desde, cumplida_en__lte=dia)
    debidas = Q(fin__lte=max(dia, desde + timedelta(days=6))) & (Q(cumplida_en=None) | Q(cumplida_en__gt=dia))
    filas = (
        Actividad.objects.filter(hechas | debidas, accion__plan__vigente=True)
        .exclude(estado=Actividad.Estado.PERMANENTE)
        .select_related("accion")
        .annotate(
            responsables=ArrayAgg(
                "cargos__nombre",
                filter=Q(cargos__isnull=False),
                order_by=["cargos__orden", "cargos__nombre"],
                default=Value([]),
            )
        )
        .order_by("fin", "orden", "pk")
    )
    return sorted((_actividad(fila, dia) for fila in filas), key=lambda f: f["estado"] == "cumplida")


def _actividad(actividad: Any, dia: date) -> Datos:
    cumplida, fin = actividad.cumplida_en, actividad.fin
    if cumplida and cumplida > dia:
        cumplida = None
    vencida = fin is not None and fin < dia
    return {
        "texto": actividad.texto,
        "accion": actividad.accion.texto,
        "responsables": actividad.responsables,
        "vence": fin and fin.isoformat(),
        "cumplida": cumplida and cumplida.isoformat(),
        "estado": "cumplida" if cumplida else "vencida" if vencida else "por_vencer",
        "url": actividad.enlace,
    }


# --- Indicators ---------------------------------------------------------------------------------
def _indicadores(periodo: Periodo) -> list[Datos]:
    """Each indicator with its last eight weeks, the oldest first, as they were measured.

    Of a week that has not been measured there is no value; `medido` says of which week the last one is.
    """
    semanas = list(periodo.ultimas(SEMANAS_DE_LA_SERIE))
    mediciones: dict[int, dict[date, Medicion]] = defaultdict(dict)
    for medicion in Medicion.objects.filter(
        dependencia=None,
        desde__in=[semana.desde for semana in semanas],
        hasta__in=[semana.hasta for semana in semanas],
    ).order_by("en", "pk"):
        mediciones[medicion.indicador_id][medicion.desde] = medicion
    return [
        _indicador(indicador, semanas, mediciones[indicador.pk])
        for indicador in Indicador.objects.del_plan_vigente()
    ]


def _indicador(indicador: Indicador, semanas: list[Periodo], medidas: dict[date, Medicion]) -> Datos:
    *antes, esta = [medidas.get(semana.desde) for semana in semanas]
    anterior, ultima = antes[-1], esta
    if esta is None and not semanas[-1].terminado():
        *antes, anterior, ultima = antes
    valor = ultima.valor if ultima else None
    valor_anterior = anterior.valor if anterior else None
    cambio = None if valor is None or valor_anterior is None else valor - valor_anterior
    return {
        "codigo": indicador.codigo,
        "url": f"{indicador.get_absolute_url()}?semana={semanas[-1].clave}",
        "funcion": indicador.funcion,
        "titulo": _titulo(indicador),
        "texto": indicador.texto,
        "meta_firmada": indicador.meta_firmada,
        "literal": indicador.literal,
        "lectura": indicador.lectura,
        "meta": str(indicador.meta),
        "sentido": indicador.sentido,
        "unidad": indicador.unidad,
        "medido": ultima and Periodo(ultima.desde, ultima.hasta).clave,
        "valor": _texto(valor),
        "numerador": _texto(ultima.numerador if ultima else None),
        "denominador": _texto(ultima.denominador if ultima else None),
        "exclusiones": ultima.exclusiones if ultima else [],
        "falta": _que_falta(ultima),
        "cambio": _texto(cambio),
        "serie": [_texto(medida.valor if medida else None) for medida in map(medidas.get, _dias(semanas))],
        "estado": _como_va(indicador, valor),
    }


def _que_falta(medicion: Medicion | None) -> str:
    """Why there is no value, when there is none."""
    if medicion is None:
        return "Esa semana no se midió."
    return medicion.falta or ("" if medicion.valor is not None else "No había de qué sacar el porcentaje.")


def _dias(semanas: list[Periodo]) -> list[date]:
    return [semana.desde for semana in semanas]


def _titulo(indicador: Indicador) -> str:
    if indicador.funcion == "criterios-cumplidos":
        fase = indicador.parametros["fase"]
        return f"Criterios de {_FASES.get(fase, fase)}"
    return TITULOS.get(indicador.funcion, indicador.texto)


def _texto(numero: Decimal | None) -> str | None:
    return None if numero is None else str(numero)


def _como_va(indicador: Indicador, valor: Decimal | None) -> str:
    """«cumple», «cerca», «lejos» or «sin_dato»."""
    if valor is None:
        return "sin_dato"
    if indicador.cumple(valor):
        return "cumple"
    parte, todo = (valor, indicador.meta) if indicador.sentido == "mas" else (indicador.meta, valor)
    return "cerca" if parte >= todo * CERCA else "lejos"


# --- Criteria -----------------------------------------------------------------------------------
def _criterios(periodo: Periodo) -> Datos:
    """The criteria whose result changed in the week, and how many were evaluated for the first time."""
    tocados = Criterio.objects.filter(
        pk__in=Evaluacion.objects.filter(en__gte=periodo.inicio, en__lte=periodo.corte).values("criterio")
    )
    antes = dict(tocados.en(periodo.inicio - timedelta(microseconds=1)).values_list("pk", "resultado_en"))
    cambios, primeras = [], Counter[str]()
    for criterio in tocados.en(periodo.corte).select_related("fase__marco", "dependencia"):
        if antes[criterio.pk] == criterio.resultado_en:
            continue
        ahora = Criterio.Resultado(criterio.resultado_en).label
        if antes[criterio.pk] == Criterio.Resultado.SIN_EVALUAR:
            primeras[ahora] += 1
            continue
        cambios.append(
            {
                "codigo": criterio.codigo,
                "nombre": criterio.nombre,
                "fase": criterio.fase.nombre,
                "dependencia": criterio.dependencia.nombre,
                "antes": Criterio.Resultado(antes[criterio.pk]).label,
                "ahora": ahora,
                "url": criterio.get_absolute_url(),
            }
        )
    return {"cambios": cambios, "primeras": dict(primeras)}
