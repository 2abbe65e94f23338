"""Capitals and abbreviations: what is an acronym, which of them everybody knows, and what is shouting."""

import re
from collections.abc import Iterable, Iterator

#: Read in the street without anybody explaining them.
CONOCIDAS = {
    *("SISBEN", "SISBÉN", "DIAN", "DANE", "SENA", "ICBF", "IGAC", "NIT", "RUT"),
    *("IVA", "SOAT", "EPS", "IPS", "ESE"),
    *("PQR", "PQRS", "PQRSD", "COVID", "VIH", "ONU", "ONG", "PDF", "CSV", "QR"),
    *("USB", "CD", "DVD", "TV", "SMS"),
    *("GPS", "WIFI", "WWW", "COP", "CC", "TI", "AM", "PM", "RH", "ID"),
    *("EE", "UU", "SA", "SAS", "LTDA", "ESP"),
    *("OK", "FM", "PBX", "HTML", "URL", "NO", "SÍ", "SI", "GOV", "CO", "AA"),
}
#: Longer than this it is a word in capitals, unless it is explained or known.
LARGO_DE_SIGLA = 6
_ROMANO = re.compile(r"[IVXLCDM]+$")
_PALABRA = re.compile(r"[^\W\d_]+")
_EXPLICADA = re.compile(r"\(([^\W\d_]{2,12})\)|(?<![^\W\d_])([^\W\d_]{2,12})\s?\((?=[^\W\d_]+\s)")
#: What saves the writer three letters and costs the reader the word.
ABREVIATURAS = {
    "mpio": "municipio",
    "mpal": "municipal",
    "dpto": "departamento",
    "depto": "departamento",
    "ppto": "presupuesto",
    "sria": "secretaría",
    "srio": "secretario",
    "vda": "vereda",
    "sgte": "siguiente",
    "cgte": "corregimiento",
    "ofic": "oficina",
    "dcto": "decreto",
    "vig": "vigencia",
    "obs": "observaciones",
    "cto": "contrato",
    "bto": "barrio",
    "rte": "remitente",
    "pte": "presente",
}
_ABREVIADA = re.compile(r"(?<![^\W_])(" + "|".join(ABREVIATURAS) + r")\.", re.IGNORECASE)


def explicadas(textos: Iterable[str]) -> set[str]:
    """The acronyms a text explains: «Nombre completo (SIGLA)» or «SIGLA (nombre completo)»."""
    grupos = (grupo for texto in textos for hallada in _EXPLICADA.findall(texto) for grupo in hallada)
    return {grupo for grupo in grupos if grupo.isupper()}


def _seguidas(texto: str) -> Iterator[list[str]]:
    """The words in capitals, together those with nothing but a space in between."""
    grupo: list[str] = []
    fin = 0
    for palabra in _PALABRA.finditer(texto):
        es_mayuscula = palabra[0].isupper() and (len(palabra[0]) > 1 or bool(grupo))
        if grupo and not (es_mayuscula and texto[fin : palabra.start()].isspace()):
            yield grupo
            grupo = []
        if es_mayuscula:
            grupo.append(palabra[0])
        fin = palabra.end()
    if grupo:
        yield grupo


def gritos(texto: str, sabidas: set[str]) -> Iterator[str]:
    """What is written in capitals and is no acronym: long words, several in a row, or a whole title."""
    todo = " ".join(_PALABRA.findall(texto))
    for grupo in _seguidas(texto):
        dicho = " ".join(grupo)
        palabras = [p for p in grupo if p not in sabidas and not _ROMANO.match(p)]
        larga = max(map(len, palabras), default=0)
        solas = dicho == todo and len(palabras) == len(grupo)
        seguidas = len(palabras) > 2 or ((len(palabras) == 2 or solas) and larga > 4)
        if seguidas or larga > LARGO_DE_SIGLA:
            yield dicho


def sin_explicar(texto: str, sabidas: set[str]) -> Iterator[str]:
    """The acronyms that a text leaves without explaining."""
    calladas = {palabra for grito in gritos(texto, sabidas) for palabra in grito.split()}
    for grupo in _seguidas(texto):
        for sigla in grupo:
            corta = 2 <= len(sigla) <= LARGO_DE_SIGLA
            if corta and sigla not in sabidas | calladas and not _ROMANO.match(sigla):
                yield sigla


def abreviaturas(texto: str) -> Iterator[tuple[str, str]]:
    """The abbreviations that few understand, with the whole word."""
    for hallada in _ABREVIADA.finditer(texto):
        yield hallada[0], ABREVIATURAS[hallada[1].lower()]
