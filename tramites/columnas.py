"""The columns of the catalogue in a spreadsheet: how each is written from a hoja de vida and read into it.

Both ways stand side by side because they must agree: what was exported and nobody touched changes nothing
when it comes back. Lists are parted by « | »; a bar inside a value is written «\\|».
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from portal.busqueda import sin_tildes
from portal.hojas_de_calculo import limpio
from tramites import reparto
from tramites.contenido import Catalogos
from tramites.models import Fundamento, HojaDeVida, Tramite
from tramites.normas import citar, leer_norma

Contenido = dict[str, Any]
Medio = HojaDeVida.Medio

_BARRA = re.compile(r"(?<!\\)\|")
_TIEMPO = re.compile(r"(\d{1,4})(?: (?:dias? )?(habil(?:es)?|calendario))?")
_NOTA = re.compile(r",\s*(?![^()]*\))")
_MEDIOS = {
    **{"presencial": Medio.PRESENCIAL, "en persona": Medio.PRESENCIAL},
    **{"telefonico": Medio.TELEFONO, "telefono": Medio.TELEFONO, "por telefono": Medio.TELEFONO},
    **{"correo electronico": Medio.CORREO, "por correo electronico": Medio.CORREO},
    **{"pagina web": Medio.WEB, "web": Medio.WEB, "por este sitio": Medio.WEB},
}
_COMO_SE_ENTREGA = {
    **{Medio.PRESENCIAL: "Presencial", Medio.TELEFONO: "Telefónico"},
    **{Medio.CORREO: "Correo electrónico", Medio.WEB: "Página web"},
}
_COMO_SE_SIGUE = _COMO_SE_ENTREGA | {Medio.WEB: "Web"}
#: Part of `Tramite.por_confirmar` → the words by which the notes of the catalogue name it.
_PARTES = {
    "nombre": ("nombre",),
    "tipo": ("tipo",),
    "dependencia": ("dependencia", "competencia"),
    "descripcion": ("proposito", "resultado"),
    "requisitos": ("requisitos", "texto de boletas", "plazo"),
    "momentos": ("pasos", "apelacion"),
    "costo": ("costo", "forma_de_calculo", "tarifa", "valor", "alquiler"),
    "tiempo": ("tiempo",),
    "entrega": ("medio_obtencion",),
    "seguimiento": ("canal_seguimiento",),
    "grado": ("grado",),
    "fundamento": ("fundamento_legal", "art.", "arts.", "decreto", "ley", "instrumento de ordenamiento"),
}
_AJENA = re.compile(r"referencia|Bogotá")
_AJENA_ENTRE_PARENTESIS = re.compile(r" \(([^()]*referencia[^()]*)\)")
_TODAS = "todas las columnas"
_INFERIDO = "inferido:"
NO_APLICA = "No aplica"
#: Where what is asked is handed in, when the online degree leaves no doubt.
_CANALES = {
    HojaDeVida.Grado.PRESENCIAL.value: Medio.PRESENCIAL.value,
    HojaDeVida.Grado.TOTAL.value: Medio.WEB.value,
}


class ColumnaRechazada(ValueError):
    """What a cell says cannot be. `columna` names it; the text is for people, in Spanish."""

    def __init__(self, columna: str, razon: object) -> None:
        super().__init__(str(razon))
        self.columna = columna


# --- Lists --------------------------------------------------------------------------------------
def unir(piezas) -> str:
    return " | ".join(pieza.replace("|", "\\|") for pieza in piezas).strip()


def partir(texto: str, *, con_vacios: bool = False) -> list[str]:
    """The pieces of a list. Raises ValueError on an empty one, unless they may be."""
    if not texto:
        return []
    piezas = [pieza.strip().replace("\\|", "|") for pieza in _BARRA.split(texto)]
    if "" in piezas and not con_vacios:
        raise ValueError(f"el elemento {piezas.index('') + 1} de la lista está vacío.")
    return piezas


# --- One column, one part of the hoja -----------------------------------------------------------
@dataclass(frozen=True)
class Columna:
    """`leer` changes the contenido it gets, and raises ValueError, in Spanish."""

    nombre: str
    escribir: Callable[[Contenido, Catalogos], str]
    leer: Callable[[str, Contenido, Catalogos], None]


def _texto(nombre: str, campo: str) -> Columna:
    def leer(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
        contenido[campo] = texto

    return Columna(nombre, lambda contenido, catalogos: contenido[campo], leer)


def leer_medio(texto: str) -> str | None:
    """The medio that those words name, or None."""
    medio = _MEDIOS.get(sin_tildes(texto))
    return medio.value if medio else None


def _medios(nombre: str, campo: str, rotulos: Mapping[Medio, str]) -> Columna:
    def escribir(contenido: Contenido, catalogos: Catalogos) -> str:
        return unir(rotulos[Medio(medio)] for medio in contenido[campo])

    def leer(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
        medios = {pieza: leer_medio(pieza) for pieza in partir(texto)}
        for pieza, medio in medios.items():
            if medio is None:
                raise ValueError(f"«{pieza}» no es uno de: {', '.join(rotulos.values())}.")
        contenido[campo] = list(dict.fromkeys(medios.values()))

    return Columna(nombre, escribir, leer)


def _leer_dependencia(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
    dependencia = catalogos.dependencias.get(sin_tildes(texto))
    if dependencia is None:
        raise ValueError(f"no hay dependencia «{texto}».")
    contenido["dependencia"] = dependencia.nombre


def _escribir_audiencias(contenido: Contenido, catalogos: Catalogos) -> str:
    elegidas = set(contenido["audiencias"])
    return unir(a.nombre for slug, a in catalogos.audiencias.items() if slug in elegidas)


def _leer_audiencias(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
    por_nombre = {sin_tildes(a.nombre): slug for slug, a in catalogos.audiencias.items()}
    slugs = set()
    for pieza in partir(texto):
        if sin_tildes(pieza) not in por_nombre:
            raise ValueError(f"no hay audiencia «{pieza}».")
        slugs.add(por_nombre[sin_tildes(pieza)])
    contenido["audiencias"] = sorted(slugs)


def _escribir_tiempo(contenido: Contenido, catalogos: Catalogos) -> str:
    if contenido["tiempo_inmediato"]:
        return "0"
    if contenido["tiempo_cantidad"] is None:
        return ""
    calendario = contenido["tiempo_unidad"] == HojaDeVida.Unidad.CALENDARIO
    return f"{contenido['tiempo_cantidad']}{' calendario' if calendario else ''}"


def _leer_tiempo(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
    hallado = _TIEMPO.fullmatch(sin_tildes(texto))
    if texto and hallado is None:
        raise ValueError(f"«{texto}» no es un número de días hábiles; si son de calendario, «30 calendario».")
    cantidad = int(hallado[1]) if hallado else None
    calendario = bool(hallado and hallado[2] == "calendario")
    contenido["tiempo_inmediato"] = cantidad == 0
    contenido["tiempo_cantidad"] = cantidad or None
    contenido["tiempo_unidad"] = (
        HojaDeVida.Unidad.CALENDARIO if calendario else HojaDeVida.Unidad.HABIL
    ).value


def _leer_grado(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
    if texto and texto not in HojaDeVida.Grado.values:
        raise ValueError(f"«{texto}» no es uno de: {', '.join(HojaDeVida.Grado.values)}.")
    contenido["grado"] = texto


def _escribir_normas(contenido: Contenido, catalogos: Catalogos) -> str:
    return unir(citar(norma) for norma in contenido["fundamentos"])


def _leer_normas(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
    """The norms cited; one that was already there keeps its link and the requirements that lean on it."""
    habia = {citar(norma): norma for norma in contenido["fundamentos"]}
    contenido["fundamentos"] = [habia.get(cita) or _norma_vigente(cita) for cita in partir(texto)]


def _norma_vigente(cita: str) -> dict[str, Any]:
    norma = leer_norma(cita)
    try:
        Fundamento(**norma).clean()
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error
    return norma


def _leer_palabras(texto: str, contenido: Contenido, catalogos: Catalogos) -> None:
    contenido["palabras_clave"] = partir(texto)


# --- Steps, requirements and costs, which depend on each other ----------------------------------
def _escribir_pasos(contenido: Contenido) -> str:
    return unir(momento["descripcion"] for momento in contenido["momentos"])


def _escribir_requisitos(contenido: Contenido) -> str:
    return unir(reparto.requisitos_de(contenido["momentos"]))


def _escribir_costo(contenido: Contenido) -> str:
    return reparto.CON_COSTO if reparto.pagos_de(contenido["momentos"]) else reparto.GRATUITO


def _escribir_formas(contenido: Contenido) -> str:
    pagos = reparto.pagos_de(contenido["momentos"])
    return unir(map(reparto.escribir_forma, pagos)) if pagos else NO_APLICA


def _escribir_acciones(contenido: Contenido) -> str:
    return unir(
        reparto.escribir_accion(n, accion)
        for n, momento in enumerate(contenido["momentos"], 1)
        for accion in momento["acciones"]
    )


def _escribir_formulas(contenido: Contenido) -> str:
    return unir(pago["formula"] for pago in reparto.pagos_de(contenido["momentos"]))


_QUE_SE_NECESITA: dict[str, Callable[[Contenido], str]] = {
    "requisitos": _escribir_requisitos,
    "pasos": _escribir_pasos,
    "costo": _escribir_costo,
    "forma_de_calculo": _escribir_formas,
    "acciones": _escribir_acciones,
    "formula": _escribir_formulas,
}


def _leer_lo_que_se_necesita(fila: Mapping[str, str], contenido: Contenido) -> None:
    """Read the columns of this group that changed. Without the column «acciones», words place each thing."""
    cambian = {
        columna
        for columna, escribir in _QUE_SE_NECESITA.items()
        if columna in fila and fila[columna] != limpio(escribir(contenido))
    }
    if cambian & {"pasos", "requisitos", "acciones"}:
        contenido["momentos"] = _leer_momentos(fila, contenido["momentos"], "acciones" in cambian)
    if "costo" in cambian:
        _en("costo", reparto.poner_costo, contenido["momentos"], fila["costo"])
    if cambian and "acciones" in fila:
        _en("acciones", reparto.exigir_acciones, contenido["momentos"])
    elif cambian:
        reparto.completar(contenido["momentos"], _CANALES.get(contenido["grado"], ""))
    if cambian:
        _leer_formas(fila["forma_de_calculo"], contenido)
        _leer_formulas(fila.get("formula", _escribir_formulas(contenido)), contenido)


def _leer_momentos(fila: Mapping[str, str], antes: list, por_acciones: bool) -> list:
    pasos = _en("pasos", partir, fila["pasos"])
    requisitos = _en("requisitos", partir, fila["requisitos"])
    if not por_acciones:
        return _en("requisitos", reparto.repartir, antes, pasos, requisitos)
    acciones = _en("acciones", partir, fila["acciones"])
    momentos = _en("acciones", reparto.leer_acciones, antes, pasos, acciones)
    if requisitos not in (reparto.requisitos_de(momentos), reparto.requisitos_de(antes)):
        raise ColumnaRechazada("requisitos", "cambie «requisitos» o «acciones», no los dos a la vez.")
    return momentos


def _leer_formas(texto: str, contenido: Contenido) -> None:
    """How each payment is worked out; of what is free, what else may be charged for."""
    pagos = reparto.pagos_de(contenido["momentos"])
    if not pagos:
        primera, _punto, resto = texto.partition(";")
        if not primera.startswith(NO_APLICA):
            raise ColumnaRechazada("forma_de_calculo", f"no se cobra nada: escriba «{NO_APLICA}».")
        aviso = resto.strip()[:1].upper() + resto.strip()[1:]
        if aviso not in contenido["informacion_adicional"]:
            anterior = contenido["informacion_adicional"]
            contenido["informacion_adicional"] = f"{anterior}\n\n{aviso}.".strip()
        return
    formas = [] if texto == NO_APLICA else partir(texto, con_vacios=True)
    if formas and len(formas) != len(pagos):
        raise ColumnaRechazada("forma_de_calculo", f"dice {len(formas)} y hay {len(pagos)} pagos.")
    for pago, forma in zip(pagos, formas, strict=False):
        pago["valor_tipo"], pago["forma_de_calculo"] = reparto.leer_forma(forma)


def _leer_formulas(texto: str, contenido: Contenido) -> None:
    pagos = reparto.pagos_de(contenido["momentos"])
    formulas = partir(texto, con_vacios=True)
    if formulas and len(formulas) != len(pagos):
        raise ColumnaRechazada("formula", f"dice {len(formulas)} y hay {len(pagos)} pagos.")
    for pago, formula in zip(pagos, formulas or [""] * len(pagos), strict=True):
        pago["formula"] = formula


def _en(columna: str, leer: Callable, *valores) -> Any:
    """What `leer` returns; what it refuses is refused in that column."""
    try:
        return leer(*valores)
    except ValueError as error:
        raise ColumnaRechazada(columna, error) from error


def separar_ajeno(forma: str) -> tuple[str, str]:
    """How it is worked out, without the figures of other municipalities; and these, as a note for staff.

    They are not facts about this one: staff see them until they confirm, the public does not.
    """
    prefijo, dos_puntos, prosa = forma.partition(": ")
    if prefijo not in reparto.PREFIJOS:
        prefijo, dos_puntos, prosa = "", "", forma
    ajenas = _AJENA_ENTRE_PARENTESIS.findall(prosa)
    clausulas = _AJENA_ENTRE_PARENTESIS.sub("", prosa).split("; ")
    propias = [clausula for clausula in clausulas if not _AJENA.search(clausula)]
    ajenas += [clausula for clausula in clausulas if _AJENA.search(clausula)]
    nota = "; ".join(re.sub(r" \(([^()]*)\)", r", \1", clausula) for clausula in ajenas)
    return f"{prefijo}{dos_puntos}{'; '.join(propias)}".strip().removesuffix(":"), nota


# --- Where the data come from -------------------------------------------------------------------
def leer_fuente(texto: str) -> tuple[str, dict[str, str]]:
    """The addresses of the sources, and by part of the hoja the notes of what was inferred."""
    direcciones, _inferido, notas = texto.partition(_INFERIDO)
    por_confirmar: dict[str, list[str]] = {}
    for nota in filter(None, _NOTA.split(notas.strip())):
        for parte in _partes_de(nota):
            por_confirmar.setdefault(parte, []).append(nota)
    return direcciones.strip(" |"), {parte: ", ".join(notas) for parte, notas in por_confirmar.items()}


def _partes_de(nota: str) -> list[str]:
    texto = sin_tildes(nota)
    if texto == _TODAS:
        return list(_PARTES)
    return [next((p for p, inicios in _PARTES.items() if texto.startswith(inicios)), "otro")]


def escribir_fuente(tramite: Tramite) -> str:
    notas = dict.fromkeys(tramite.por_confirmar[parte] for parte in sorted(tramite.por_confirmar))
    inferido = f"{_INFERIDO} {', '.join(notas)}" if notas else ""
    return " | ".join(filter(None, [tramite.fuente, inferido]))


# --- The whole row ------------------------------------------------------------------------------
#: What says each column of the hoja by itself.
_SOLAS = (
    _texto("nombre", "nombre"),
    Columna("dependencia", lambda contenido, catalogos: contenido["dependencia"], _leer_dependencia),
    _texto("clasificacion", "tematica"),
    _texto("proposito", "descripcion"),
    Columna("dirigido_a", _escribir_audiencias, _leer_audiencias),
    _texto("resultado", "resultado"),
    Columna("tiempo_dias_habiles", _escribir_tiempo, _leer_tiempo),
    _medios("medio_obtencion", "medios_entrega", _COMO_SE_ENTREGA),
    _medios("canal_seguimiento", "seguimiento", _COMO_SE_SIGUE),
    Columna("grado", lambda contenido, catalogos: contenido["grado"], _leer_grado),
    Columna("fundamento_legal", _escribir_normas, _leer_normas),
    Columna("palabras_clave", lambda contenido, catalogos: unir(contenido["palabras_clave"]), _leer_palabras),
)
#: In the order of the file. The rest may be missing.
OBLIGATORIAS = (
    *("codigo", "nombre", "tipo", "dependencia", "clasificacion", "proposito", "dirigido_a", "resultado"),
    *("requisitos", "pasos", "costo", "forma_de_calculo", "tiempo_dias_habiles", "medio_obtencion"),
    *("canal_seguimiento", "grado", "fundamento_legal", "palabras_clave", "fuente"),
)
OPTATIVAS = ("palabra", "numero_suit", "previos", "acciones", "formula")
COLUMNAS = OBLIGATORIAS + OPTATIVAS
#: Field that a hoja de vida may refuse → column in which it was written.
COLUMNA_DEL_CAMPO = {
    **{"tematica": "clasificacion", "descripcion": "proposito", "audiencias": "dirigido_a"},
    **{"tiempo_cantidad": "tiempo_dias_habiles", "fundamentos": "fundamento_legal", "momentos": "pasos"},
    **{"informacion_adicional": "forma_de_calculo", "acciones": "requisitos"},
}


def escribir_hoja(contenido: Contenido, catalogos: Catalogos) -> dict[str, str]:
    """What the columns of the hoja de vida say."""
    solas = {c.nombre: limpio(c.escribir(contenido, catalogos)) for c in _SOLAS}
    return solas | {c: limpio(escribir(contenido)) for c, escribir in _QUE_SE_NECESITA.items()}


def leer_hoja(fila: Mapping[str, str], contenido: Contenido, catalogos: Catalogos) -> None:
    """Change `contenido` as the columns say that say something else. Raises ColumnaRechazada."""
    for columna in _SOLAS:
        if fila[columna.nombre] != limpio(columna.escribir(contenido, catalogos)):
            _en(columna.nombre, columna.leer, fila[columna.nombre], contenido, catalogos)
    _leer_lo_que_se_necesita(fila, contenido)
