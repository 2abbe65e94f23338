"""How the site was used: what the weekly report freezes and anybody reads. Totals, never of whom.

Only people count: programs and the alcaldía itself are said apart or not at all.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from participacion.models import Consulta, OpinionDePagina
from portal.models import Adjunto, BusquedaSinResultado, Publicacion, Visita
from portal.periodos import Periodo
from portal.titulos import titulos_de

#: Of what is counted by page, file or survey, what is named.
PRIMERAS = 10
#: Of the visits month by month, at most these months.
MESES = 12
#: Fewer than these are not said exactly: whoever is alone in a number could be known by it.
POCAS = 5
#: Occasions after which words that nobody attended yet are said to the public: nobody's own by then.
BUSCADA_POR_MUCHOS = 10
Datos = dict[str, Any]

_ARCHIVO = re.compile(r"/archivos/(\d+)/")
#: The address of a text: without it in the site, not even its address is said.
_DE_UN_TEXTO = re.compile(r"/(canales/[^/]+|tramites)/[^/]+/")
YA_NO_ESTA = "Una página que ya no está en el sitio"
YA_NO_SE_DESCARGA = "Un archivo que ya no está en el sitio"


def plegado(cuantas: int) -> int | str:
    """The number, or «menos de 5» when it is small; zero is said."""
    return f"menos de {POCAS}" if 0 < cuantas < POCAS else cuantas


# --- What was read ------------------------------------------------------------------------------
def _entre(periodo: Periodo, **filtros: Any) -> QuerySet[Visita]:
    return Visita.objects.filter(dia__gte=periodo.desde, dia__lte=periodo.hasta, **filtros).order_by()


def totales(periodo: Periodo) -> Datos:
    """Pages read and files taken by people, and pages read by programs and by officials. One query."""
    de = {
        "visitas": Q(que=Visita.Que.PAGINA, quien=Visita.Quien.PERSONA),
        "descargas": Q(que=Visita.Que.DESCARGA, quien=Visita.Quien.PERSONA),
        "de_programas": Q(que=Visita.Que.PAGINA, quien=Visita.Quien.ROBOT),
        "del_personal": Q(que=Visita.Que.PAGINA, quien=Visita.Quien.PERSONAL),
    }
    sumas = _entre(periodo).aggregate(**{nombre: Sum("veces", filter=q) for nombre, q in de.items()})
    return {nombre: suma or 0 for nombre, suma in sumas.items()}


def contado_desde() -> date | None:
    """The first day on which anything was counted, of whoever it was; None before it. One query.

    From then on nothing is a zero. Of before nobody knows.
    """
    return Visita.objects.order_by("dia").values_list("dia", flat=True).first()


def por_mes(hasta: date, desde: date) -> list[tuple[date, int]]:
    """Visits of people of each month, from `desde` at most, the oldest first; none is missing. One query."""
    primeros = [Periodo.mes(hasta.year, hasta.month).desde]
    while len(primeros) < MESES and desde < primeros[0]:
        primeros.insert(0, (primeros[0] - timedelta(days=1)).replace(day=1))
    filas = _entre(
        Periodo(primeros[0], hasta), que=Visita.Que.PAGINA, quien=Visita.Quien.PERSONA
    ).values_list(TruncMonth("dia"))
    sumas = dict(filas.annotate(Sum("veces")))
    return [(primero, sumas.get(primero, 0)) for primero in primeros]


def lo_mas_usado(periodo: Periodo) -> tuple[list[Datos], list[Datos]]:
    """The pages that people read most, and the files that they took most. Three queries."""
    leidas, descargadas = (_primeras(periodo, que) for que in (Visita.Que.PAGINA, Visita.Que.DESCARGA))
    primeras: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for que, ruta, veces in leidas.union(descargadas, all=True).order_by("que", "-suma", "ruta"):
        primeras[que].append((ruta, veces))
    return _paginas(primeras[Visita.Que.PAGINA]), _archivos(primeras[Visita.Que.DESCARGA])


def _primeras(periodo: Periodo, que: str) -> QuerySet:
    suyas = _entre(periodo, que=que, quien=Visita.Quien.PERSONA).values_list("que", "ruta")
    return suyas.annotate(suma=Sum("veces")).order_by("-suma", "ruta")[:PRIMERAS]


def _paginas(primeras: list[tuple[str, int]]) -> list[Datos]:
    """Title, address and times of each."""
    titulos = titulos_de([ruta for ruta, _veces in primeras])
    return [
        _fila(titulos.get(ruta) or _su_direccion(ruta), ruta, veces, YA_NO_ESTA) for ruta, veces in primeras
    ]


def _su_direccion(ruta: str) -> str:
    """How a page without a title is called; "" of a text, which without one was withdrawn."""
    return "" if _DE_UN_TEXTO.fullmatch(ruta) else ruta


def _archivos(primeras: list[tuple[str, int]]) -> list[Datos]:
    claves = {ruta: int(hallada[1]) for ruta, _veces in primeras if (hallada := _ARCHIVO.match(ruta))}
    visibles = Adjunto.objects.filter(
        pk__in=claves.values(), version__publicacion__in=Publicacion.objects.visibles()
    )
    titulos = dict(visibles.values_list("pk", "titulo"))
    return [
        _fila(titulos.get(claves.get(ruta, 0), ""), ruta, veces, YA_NO_SE_DESCARGA)
        for ruta, veces in primeras
    ]


def _fila(titulo: str, ruta: str, veces: int, sin_titulo: str) -> Datos:
    return {"titulo": titulo or sin_titulo, "url": ruta if titulo else "", "veces": veces}


# --- What was looked for, and what people said ---------------------------------------------------
def busquedas_a_la_vista(periodo: Periodo) -> list[Datos]:
    """Of what nobody found and was looked for around then, what was attended or many asked for. One query."""
    vistas = BusquedaSinResultado.objects.filter(
        Q(atendida_en__isnull=False) | Q(veces__gte=BUSCADA_POR_MUCHOS),
        primera__lte=periodo.hasta,
        ultima__gte=periodo.desde,
    )
    filas = vistas.order_by("-veces", "texto").values("texto", "veces", "respuesta")
    return [dict(fila) for fila in filas[: 2 * PRIMERAS]]


def opiniones(periodo: Periodo) -> Datos:
    """How many said that a page was useful to them, and how many that it was not. One query."""
    suyas = OpinionDePagina.objects.filter(dia__gte=periodo.desde, dia__lte=periodo.hasta)
    sumas = suyas.aggregate(si=Sum("si"), no=Sum("no"))
    return {nombre: suma or 0 for nombre, suma in sumas.items()}


def encuestas(periodo: Periodo) -> list[Datos]:
    """The surveys, consultations and votes with the answers of the period: those open in it, and those whose
    paper was entered in it once they had closed. One query.
    """
    suyas = (
        Consulta.objects.publicas()
        .annotate(
            recibidas=Count(
                "respuestas",
                filter=Q(respuestas__dia__gte=periodo.desde, respuestas__dia__lte=periodo.hasta),
            )
        )
        .filter(Q(abre_en__lt=periodo.fin, cierra_en__gte=periodo.inicio) | Q(recibidas__gt=0))
        .order_by("-recibidas", "titulo")
    )
    return [
        {"titulo": una.titulo, "url": una.get_absolute_url(), "veces": una.recibidas}
        for una in suyas[: 2 * PRIMERAS]
    ]


# --- Put together -------------------------------------------------------------------------------
def de_la_semana(periodo: Periodo) -> Datos | None:
    """What the weekly report freezes; None of a week in which nothing was counted yet. Nine queries at most.

    How often words were looked for has no history: a report made late knows more of them.
    """
    desde = contado_desde()
    if desde is None or periodo.hasta < desde:
        return None
    paginas, archivos = lo_mas_usado(periodo)
    dia = periodo.corte
    sin_resultado = BusquedaSinResultado.objects.filter(primera__lte=periodo.hasta)
    por_atender = sin_resultado.filter(Q(atendida_en=None) | Q(atendida_en__gt=dia))
    muchas = por_atender.filter(veces__gte=BUSCADA_POR_MUCHOS).order_by("-veces", "texto")
    return {
        **totales(periodo),
        "semana_anterior": totales(periodo.anterior)["visitas"] if desde < periodo.desde else None,
        "paginas": paginas,
        "archivos": archivos,
        "busquedas": sin_resultado.aggregate(
            nuevas=Count("pk", filter=Q(primera__gte=periodo.desde)),
            por_atender=Count("pk", filter=Q(atendida_en=None) | Q(atendida_en__gt=dia)),
        )
        | {"palabras": list(muchas.values("texto", "veces")[:PRIMERAS])},
        "utiles": opiniones(periodo),
    }


@dataclass(frozen=True)
class Uso:
    """All that the page of the use of the site says of a period."""

    periodo: Periodo
    desde: date | None
    totales: Datos
    por_mes: list[tuple[date, int]]
    paginas: list[Datos]
    archivos: list[Datos]
    busquedas: list[Datos]
    utiles: Datos
    encuestas: list[Datos]


def uso_de(periodo: Periodo, hoy: date, desde: date | None) -> Uso:
    """What is known of a period, when counting began on `desde`. Eight queries, however much there is."""
    paginas, archivos = lo_mas_usado(periodo)
    return Uso(
        periodo,
        desde,
        totales(periodo),
        por_mes(min(periodo.hasta, hoy), desde or hoy),
        paginas,
        archivos,
        busquedas_a_la_vista(periodo),
        opiniones(periodo),
        encuestas(periodo),
    )
