"""A weekly report as tables: the page, the PDF and the spreadsheet show these, and so the same numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format

from portal.periodos import Periodo
from seguimiento.graficas import Serie
from seguimiento.models import InformeSemanal
from seguimiento.redaccion import (
    COMO_VA,
    SITUACION,
    cuantos,
    enumerar,
    estado_de_dependencia,
    razon_del_canal,
)
from seguimiento.semana import SEMANAS_DE_LA_SERIE
from seguimiento.uso import BUSCADA_POR_MUCHOS, plegado

SIN_DATO = "sin dato"


@dataclass(frozen=True)
class Enlace:
    """Words that lead somewhere; where they cannot, they are only words."""

    texto: str
    url: str = ""

    def __str__(self) -> str:
        return self.texto


Celda = str | int | Decimal | Enlace | Serie


@dataclass(frozen=True)
class Tabla:
    """The rows behind a number. `nada` is what is said when there are none."""

    clave: str
    titulo: str
    columnas: tuple[str, ...]
    filas: list[list[Celda]]
    nada: str
    nota: str = ""


def tablas_de(informe: InformeSemanal) -> list[Tabla]:
    """All that the report counts, from its frozen figures only."""
    datos = informe.datos
    # Reports of before the site counted its visits say nothing of them.
    de_audiencia = _DE_AUDIENCIA if datos.get("audiencia") else ()
    return [tabla(datos) for tabla in (*_TABLAS, *de_audiencia)]


def _fecha(dia: str | None) -> str:
    return date_format(date.fromisoformat(dia), "SHORT_DATE_FORMAT") if dia else ""


def _decimal(texto: str | None) -> Decimal | str:
    """Without it, the words that say so: an empty cell could be read as a zero."""
    return SIN_DATO if texto is None else Decimal(texto)


def _indicadores(datos: dict[str, Any]) -> Tabla:
    return Tabla(
        "indicadores",
        "Indicadores del plan",
        (
            *("Indicador", "Meta firmada", "Valor", "Unidad", "Numerador", "Denominador"),
            *("Cambio", "Cómo va", "Nota"),
        ),
        [
            [
                Enlace(fila["texto"], fila["url"]),
                fila["meta_firmada"],
                _decimal(fila["valor"]),
                "%" if fila["unidad"] == "porcentaje" else "veces",
                _decimal(fila["numerador"]) if not fila["falta"] else SIN_DATO,
                _denominador(fila),
                _decimal(fila["cambio"]),
                COMO_VA[fila["estado"]],
                _nota(fila),
            ]
            for fila in datos["indicadores"]
        ],
        "No hay un plan de acción en seguimiento.",
    )


def _denominador(fila: dict[str, Any]) -> Decimal | str:
    if fila["falta"]:
        return SIN_DATO
    return "no lleva" if fila["denominador"] is None else Decimal(fila["denominador"])


def _nota(fila: dict[str, Any]) -> str:
    partes = [fila["falta"], *fila["exclusiones"]]
    if not fila["literal"]:
        partes.append(f"La meta no puede leerse al pie de la letra: se mide «{fila['titulo']}»")
    return ". ".join(parte.rstrip(".") for parte in partes if parte)


def _serie(datos: dict[str, Any]) -> Tabla:
    ultimas = Periodo.semana(datos["anio"], datos["semana"]).ultimas(SEMANAS_DE_LA_SERIE)
    return Tabla(
        "ocho-semanas",
        "Los indicadores en ocho semanas",
        ("Indicador", *(f"Semana {periodo.numero}" for periodo in ultimas), "En una mirada"),
        [
            [
                fila["titulo"],
                *map(_decimal, fila["serie"]),
                Serie.de(fila["serie"], "%" if fila["unidad"] == "porcentaje" else ""),
            ]
            for fila in datos["indicadores"]
        ],
        "No hay un plan de acción en seguimiento.",
    )


def _dependencias(datos: dict[str, Any]) -> Tabla:
    return Tabla(
        "dependencias",
        "Por dependencia, primero las que necesitan ayuda",
        (
            *("Dependencia", "Actualizaciones", "Canales al día", "Canales", "Textos por autorizar"),
            *("Metas cumplidas", "Metas", "Cómo quedó"),
        ),
        [
            [
                fila["nombre"],
                fila["actualizaciones"],
                fila["canales_al_dia"],
                fila["canales"],
                fila["por_autorizar"],
                fila["metas_cumplidas"],
                fila["metas"],
                estado_de_dependencia(fila),
            ]
            for fila in datos["dependencias"]
        ],
        "Ninguna dependencia responde por un canal con plazo.",
    )


def _canales(datos: dict[str, Any]) -> Tabla:
    return Tabla(
        "canales",
        "Por canal, primero los más atrasados",
        ("Canal", "Dependencia", "Actualizaciones", "Plazo en días", "Días sin actualizar", "Cómo quedó"),
        [
            [
                Enlace(fila["nombre"], fila["url"]),
                fila["dependencia"],
                fila["actualizaciones"],
                fila["plazo"],
                "nunca" if fila["dias"] is None else fila["dias"],
                razon_del_canal(fila) or ("Al día" if fila["al_dia"] else "Pasó su plazo"),
            ]
            for fila in datos["canales"]
        ],
        "Ningún canal tiene un plazo.",
    )


def _actualizaciones(datos: dict[str, Any]) -> Tabla:
    filas = datos["actualizaciones"]
    cuentan = cuantos(sum(fila["cuenta"] for fila in filas), "actualización", "actualizaciones")
    return Tabla(
        "actualizaciones",
        "Lo que cambió en el sitio",
        ("Fecha", "Qué cambió", "Canal", "Dependencia", "Clase", "Cuenta"),
        [
            [
                date_format(datetime.fromisoformat(fila["cuando"]), "SHORT_DATE_FORMAT"),
                Enlace(fila["titulo"], fila["url"]),
                fila["canal"],
                fila["dependencia"],
                f"{fila['clase']}, urgente" if fila["urgente"] else fila["clase"],
                "Sí" if fila["cuenta"] else "No",
            ]
            for fila in filas
        ],
        "Nada cambió en el sitio en la semana.",
        f"{cuentan} de {cuantos(len(filas), 'cambio', 'cambios')}.",
    )


def _urgentes(datos: dict[str, Any]) -> Tabla:
    return Tabla(
        "urgentes",
        "Publicaciones urgentes",
        ("Texto", "Canal", "Dependencia", "Publicada", "Plazo para ratificarla", "Situación", "Autorización"),
        [
            [
                Enlace(fila["titulo"], fila["url"]),
                fila["canal"],
                fila["dependencia"],
                _fecha(fila["publicada"]),
                _fecha(fila["vence"]),
                SITUACION[fila["estado"]],
                fila["acto"],
            ]
            for fila in datos["urgentes"]
        ],
        "No hubo publicaciones urgentes ni quedaba alguna por ratificar.",
    )


def _actividades(datos: dict[str, Any]) -> Tabla:
    return Tabla(
        "actividades",
        "Actividades del plan que vencían o se cumplieron",
        ("Actividad", "Acción del plan", "Responden", "Vence", "Cumplida", "Situación"),
        [
            [
                Enlace(fila["texto"], fila["url"]),
                fila["accion"],
                enumerar(fila["responsables"]) if fila["responsables"] else "",
                _fecha(fila["vence"]),
                _fecha(fila["cumplida"]),
                SITUACION[fila["estado"]],
            ]
            for fila in datos["actividades"]
        ],
        "Ninguna actividad vencía esta semana, ni estaba atrasada.",
    )


def _criterios(datos: dict[str, Any]) -> Tabla:
    primeras = datos["criterios"]["primeras"]
    nota = ""
    if primeras:
        detalle = enumerar([f"{cuenta} «{resultado.lower()}»" for resultado, cuenta in primeras.items()])
        nuevos = cuantos(sum(primeras.values()), "criterio", "criterios")
        nota = f"Se evaluaron por primera vez {nuevos}: {detalle}."
    return Tabla(
        "criterios",
        "Criterios que cambiaron",
        ("Criterio", "Fase", "Dependencia", "Antes", "Ahora"),
        [
            [
                Enlace(f"{fila['codigo']} {fila['nombre']}", fila["url"]),
                fila["fase"],
                fila["dependencia"],
                fila["antes"],
                fila["ahora"],
            ]
            for fila in datos["criterios"]["cambios"]
        ],
        "Ningún criterio cambió de resultado.",
        nota,
    )


# --- How it was read ----------------------------------------------------------------------------
def _audiencia(datos: dict[str, Any]) -> Tabla:
    suya = datos["audiencia"]
    return Tabla(
        "audiencia",
        "Audiencia",
        ("Qué", "Cuántas veces"),
        [
            ["Páginas que leyeron las personas", plegado(suya["visitas"])],
            ["Páginas leídas la semana anterior", _de_antes(suya["semana_anterior"])],
            ["Archivos que descargaron", plegado(suya["descargas"])],
            ["Páginas que leyeron programas automáticos", suya["de_programas"]],
            ["Páginas que leyó el personal de la alcaldía", suya["del_personal"]],
            ["«Esta página me fue útil»", plegado(suya["utiles"]["si"])],
            ["«Esta página no me fue útil»", plegado(suya["utiles"]["no"])],
            ["Búsquedas sin resultado que aparecieron en la semana", suya["busquedas"]["nuevas"]],
            ["Búsquedas sin resultado por atender", suya["busquedas"]["por_atender"]],
        ],
        "",
        "El sitio cuenta páginas, no personas: no guarda quién lee, desde dónde ni con qué.",
    )


def _de_antes(cuantas: int | None) -> int | str:
    return "Todavía no se contaba" if cuantas is None else plegado(cuantas)


def _contadas(clave: str, titulo: str, primera: str, filas: list[dict[str, Any]], nada: str) -> Tabla:
    celdas: list[list[Celda]] = [
        [Enlace(fila["titulo"], fila["url"]), plegado(fila["veces"])] for fila in filas
    ]
    return Tabla(clave, titulo, (primera, "Veces"), celdas, nada)


def _leidas(datos: dict[str, Any]) -> Tabla:
    paginas = datos["audiencia"]["paginas"]
    return _contadas("mas-leidas", "Lo más leído", "Página", paginas, "Nadie leyó el sitio en la semana.")


def _descargadas(datos: dict[str, Any]) -> Tabla:
    archivos = datos["audiencia"]["archivos"]
    return _contadas("descargas", "Lo más descargado", "Archivo", archivos, "Nadie descargó archivos.")


def _sin_resultado(datos: dict[str, Any]) -> Tabla:
    filas = [
        {**fila, "titulo": fila["texto"], "url": ""} for fila in datos["audiencia"]["busquedas"]["palabras"]
    ]
    return _contadas(
        "sin-resultado",
        "Lo que muchos buscan y no encuentran",
        "Palabras",
        filas,
        f"Nada que se haya buscado en {BUSCADA_POR_MUCHOS} ocasiones o más está por atender.",
    )


_DE_AUDIENCIA = (_audiencia, _leidas, _descargadas, _sin_resultado)
_TABLAS: tuple[Callable[[dict[str, Any]], Tabla], ...] = (
    *(_indicadores, _serie, _dependencias, _canales),
    *(_actualizaciones, _urgentes, _actividades, _criterios),
)
