"""Figures said in words: the headline of the week and the reasons of a zero."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from conectividad.minutos import Tramo, minutos
from seguimiento.cifras import numero

#: How an indicator stands before its goal, and from where: the thresholds are said beside the colour.
COMO_VA = {
    "cumple": "Cumple la meta",
    "cerca": "Cerca de la meta",
    "lejos": "Lejos de la meta",
    "sin_dato": "Sin dato",
}
#: What is asked of an urgent publication or of an activity, and whether it was done.
SITUACION = {
    "ratificada": "Ratificada",
    "por_ratificar": "Por ratificar",
    "vencida": "Pasó su plazo",
    "por_vencer": "Por vencer",
    "cumplida": "Cumplida",
}
_VEZ = ("segunda", "tercera", "cuarta", "quinta", "sexta", "séptima", "octava", "novena", "décima")


def enumerar(palabras: Iterable[str]) -> str:
    """«A», «A y B», «A, B y C»; «e» before a word that sounds so."""
    *primeras, ultima = palabras
    if not primeras:
        return ultima
    nexo = "e" if ultima.lower().startswith(("i", "hi")) and not ultima.lower().startswith("hie") else "y"
    return f"{', '.join(primeras)} {nexo} {ultima}"


def cuantos(numero: int, uno: str, varios: str) -> str:
    return f"{numero} {uno if numero == 1 else varios}"


def titular(datos: Mapping[str, Any]) -> list[str]:
    """The week in two to five sentences; the first is the answer to «are we keeping the plan?»."""
    frases = [_quienes(datos), *_quienes_no(datos), *_pendientes(datos)]
    return [frase for frase in frases if frase]


def _quienes(datos: Mapping[str, Any]) -> str:
    filas = datos["dependencias"]
    si = [fila for fila in filas if fila["actualizaciones"]]
    debian = len(si) + sum(fila["estado"] == "sin_actualizar" for fila in filas)
    if not debian:
        return "Ninguna dependencia tenía que actualizar."
    verbo = "actualizó" if len(si) == 1 else "actualizaron"
    hasta_hoy = "" if datos["terminada"] else "Hasta hoy, "
    return f"{hasta_hoy}{len(si)} de {cuantos(debian, 'dependencia', 'dependencias')} {verbo}."


def _quienes_no(datos: Mapping[str, Any]) -> list[str]:
    """Those that did not, together with those of as many weeks; then those that had nothing to do."""
    frases = []
    if datos["terminada"]:
        por_semanas: dict[int | None, list[str]] = {}
        for fila in datos["dependencias"]:
            if fila["estado"] == "sin_actualizar":
                por_semanas.setdefault(fila["semanas_sin"], []).append(fila["nombre"])
        for semanas, nombres in por_semanas.items():
            verbo = "no lo hizo" if len(nombres) == 1 else "no lo hicieron"
            frases.append(f"{enumerar(nombres)} {_desde_cuando(verbo, semanas, len(nombres) > 1)}.")
    sin_deber = [fila for fila in datos["dependencias"] if fila["estado"] == "nada_vencia"]
    if sin_deber:
        le = "le" if len(sin_deber) == 1 else "les"
        frases.append(f"A {cuantos(len(sin_deber), 'dependencia', 'dependencias')} no {le} vencía nada.")
    return frases


def _desde_cuando(verbo: str, semanas: int | None, varias: bool) -> str:
    if semanas is None:
        return "nunca lo han hecho" if varias else "nunca lo ha hecho"
    if semanas <= 1:
        return verbo
    if semanas - 2 < len(_VEZ):
        return f"{verbo} por {_VEZ[semanas - 2]} semana"
    return f"{verbo} desde hace {semanas} semanas"


def _pendientes(datos: Mapping[str, Any]) -> list[str]:
    sin_ratificar = sum(fila["estado"] != "ratificada" for fila in datos["urgentes"])
    por_autorizar = sum(fila["por_autorizar"] for fila in datos["dependencias"])
    frases = []
    if por_autorizar:
        verbo = "Queda" if por_autorizar == 1 else "Quedan"
        frases.append(f"{verbo} {cuantos(por_autorizar, 'texto', 'textos')} por autorizar.")
    if sin_ratificar:
        frases.append(
            "Una publicación urgente sigue sin ratificar."
            if sin_ratificar == 1
            else f"{sin_ratificar} publicaciones urgentes siguen sin ratificar."
        )
    return frases


def explicar_cierres(cerrados: Mapping[date, str]) -> list[str]:
    """Why there were fewer working days: «Tuvo 4 días hábiles: no se trabajó el lunes 16 (…)»."""
    if not cerrados:
        return []
    habiles = 5 - len(cerrados)
    tuvo = cuantos(habiles, "día hábil", "días hábiles") if habiles else "ningún día hábil"
    dias = enumerar([f"el {date_format(dia, 'l j')} ({razon})" for dia, razon in cerrados.items()])
    return [f"La semana tuvo {tuvo}: no se trabajó {dias}."]


#: A shorter time without connection in a week explains nothing.
MINUTOS_QUE_EXPLICAN = 60


def explicar_cortes(por_enlace: Mapping[str, Iterable[Tramo]]) -> list[str]:
    """What of the week passed without connection: «Palacio estuvo 3 horas sin internet: el martes 17.»."""
    frases = []
    for enlace, tramos in por_enlace.items():
        sin_conexion = minutos(tramos)
        if sin_conexion < MINUTOS_QUE_EXPLICAN:
            continue
        dias = dict.fromkeys(date_format(timezone.localtime(desde), "l j") for desde, _hasta in tramos)
        cuanto = cuantos(round(sin_conexion / 60), "hora", "horas")
        frases.append(f"«{enlace}» estuvo {cuanto} sin internet: {enumerar([f'el {dia}' for dia in dias])}.")
    return frases


#: What became of the week of an office, as it is read. `{}` takes how many weeks it is.
_ESTADOS = {
    "sin_actualizar": "Sin actualizar",
    "con_vencidos": "Actualizó, con vencidos",
    "cumple": "Actualizó, al día",
    "nada_vencia": "Al día, nada vencía",
    "sin_habiles": "Sin días hábiles",
}


def estado_de_dependencia(fila: Mapping[str, Any]) -> str:
    """«Sin actualizar, 2.ª semana»."""
    palabras = _ESTADOS[fila["estado"]]
    if fila["estado"] != "sin_actualizar":
        return palabras
    if fila["semanas_sin"] is None:
        return "Nunca ha actualizado"
    return f"{palabras}, {fila['semanas_sin']}.ª semana" if fila["semanas_sin"] > 1 else palabras


def razon_del_canal(canal: Mapping[str, Any]) -> str:
    """Of a channel without updates in the week, why not; "" when nothing explains it."""
    if canal["actualizaciones"] or not canal["al_dia"]:
        return ""
    return f"Dentro de su plazo: le quedan {cuantos(canal['plazo'] - canal['dias'], 'día', 'días')}"


def con_unidad(texto: str | None, unidad: str = "") -> str:
    """A number as JSON keeps it, as it is read: «86,25 %»."""
    if texto is None:
        return COMO_VA["sin_dato"]
    return f"{numero(Decimal(texto))} {unidad}".strip()


def cambio_en_palabras(fila: Mapping[str, Any]) -> str:
    """«+3, mejora»; "" when there is nothing to compare with."""
    if fila["cambio"] is None:
        return ""
    cambio = Decimal(fila["cambio"])
    if not cambio:
        return "igual"
    mejora = (cambio > 0) == (fila["sentido"] == "mas")
    signo = "+" if cambio > 0 else "−"
    return f"{signo}{numero(abs(cambio))}, {'mejora' if mejora else 'empeora'}"
