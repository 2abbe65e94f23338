"""Tables that people open in LibreOffice or Excel: no cell written here runs, none read is trusted."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import xlsxwriter
from django.http import HttpResponse
from python_calamine import CalamineError, CalamineWorkbook

from portal.saneado import sin_controles

TAMANO_MAXIMO = 10 * 1024 * 1024
DESCOMPRIMIDO_MAXIMO, ENTRADAS_MAXIMAS = 24 * 1024 * 1024, 200
FILAS_MAXIMAS, COLUMNAS_MAXIMAS = 10_000, 60
#: Characters of all the cells together: a text that cells share costs once in the file, in memory each time.
TEXTO_MAXIMO = 20_000_000
#: What Excel takes in a cell.
CELDA_MAXIMA = 32_767
#: A cell that starts so would be run by a spreadsheet; with an apostrophe before it, it is read. So would one
#: that starts with a tab or a line end, but `limpio` leaves none.
_PELIGROSOS = ("=", "+", "-", "@", "'")
_REFERENCIA = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: What a file that is not a workbook, or a broken one, makes its readers say.
_ILEGIBLE = (
    *(CalamineError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error),
    *(EOFError, OSError, RuntimeError, ValueError),
)


class TablaRechazada(Exception):
    """The file cannot be read, or is larger than it may be. Its text is for people, in Spanish."""


def limpio(texto: str) -> str:
    """The text as any table gives it back: without invisible characters, and one way of ending lines."""
    return sin_controles(texto).replace("\r\n", "\n").replace("\r", "\n").strip()


def neutralizar(texto: str) -> str:
    return f"'{texto}" if texto.startswith(_PELIGROSOS) else texto


def restaurar(texto: str) -> str:
    """What `neutralizar` was given."""
    return texto[1:] if texto.startswith("'") and texto[1:].startswith(_PELIGROSOS) else texto


def a_csv(columnas: Sequence[str], filas: Iterable[Sequence[str]]) -> str:
    salida = io.StringIO(newline="")
    escritor = csv.writer(salida, lineterminator="\n")
    escritor.writerows([neutralizar(limpio(valor)) for valor in fila] for fila in (columnas, *filas))
    return salida.getvalue()


def csv_para_bajar(nombre: str, columnas: Sequence[str], filas: Iterable[Sequence[str]]) -> HttpResponse:
    """The file with that name, with the mark of order that tells Excel it is in UTF-8."""
    return HttpResponse(
        "\ufeff" + a_csv(columnas, filas),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{nombre}"'},
    )


def a_xlsx(titulo: str, columnas: Sequence[str], filas: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet where every cell is text. Raises TablaRechazada when a cell does not fit."""
    return a_libro([(titulo, columnas, filas)])


def a_libro(
    hojas: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], creado: datetime | None = None
) -> bytes:
    """A workbook with those sheets (name, columns, rows), where numbers are numbers and the rest is text.

    With `creado`, the same content gives the same bytes. Raises TablaRechazada when a cell does not fit.
    """
    salida = io.BytesIO()
    opciones = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(salida, opciones) as libro:
        if creado:
            libro.set_properties({"created": creado.replace(tzinfo=None)})
        negrilla, ajustada = libro.add_format({"bold": True}), libro.add_format({"text_wrap": True})
        for titulo, columnas, filas in hojas:
            hoja = libro.add_worksheet(titulo)
            hoja.freeze_panes(1, 0)
            hoja.set_column(0, len(columnas) - 1, 24, ajustada)
            for c, columna in enumerate(columnas):
                hoja.write_string(0, c, columna, negrilla)
            for f, fila in enumerate(filas, 1):
                for c, valor in enumerate(fila):
                    _escribir(hoja, f, c, valor, columnas[c])
    return salida.getvalue()


def _escribir(hoja, f: int, c: int, valor: Any, columna: str) -> None:
    if isinstance(valor, int | Decimal):
        hoja.write_number(f, c, valor)
    elif len(valor) > CELDA_MAXIMA:
        raise TablaRechazada(f"La fila {f + 1}, columna «{columna}», no cabe en una celda: exporte en CSV.")
    else:
        hoja.write_string(f, c, limpio(valor))


def leer_xlsx(datos: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that say something, with their number, as text. Raises TablaRechazada.

    What the reader gets is the workbook written again with only the XML that was measured here: a cell far
    away or a text repeated without end would cost it the memory of the machine.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_medido(datos))) as libro:
            filas = libro.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except _ILEGIBLE as error:
        raise TablaRechazada(
            "El archivo no es una hoja de cálculo de Excel (XLSX) que se pueda leer."
        ) from error
    for numero, fila in enumerate(filas, 1):
        if any(valor != "" for valor in fila):
            yield numero, [_texto(valor) for valor in fila]


def _texto(valor: Any) -> str:
    return str(int(valor)) if isinstance(valor, float) and valor.is_integer() else str(valor)


def _medido(datos: bytes) -> bytes:
    """The same workbook, with only its XML, once it is known that it can be opened."""
    salida = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(datos)) as libro, zipfile.ZipFile(salida, "w") as copia:
        entradas = libro.infolist()
        if len(entradas) > ENTRADAS_MAXIMAS or sum(e.file_size for e in entradas) > DESCOMPRIMIDO_MAXIMO:
            raise TablaRechazada("La hoja de cálculo es demasiado grande una vez descomprimida.")
        partes = {e.filename: libro.read(e) for e in entradas if e.filename.endswith((".xml", ".rels"))}
        comunes = [largo for parte in partes.values() for largo in _largos_comunes(parte)]
        for nombre, parte in partes.items():
            _exigir_medidas(parte, comunes)
            copia.writestr(nombre, parte)
    return salida.getvalue()


def _nodos(parte: bytes, etiqueta: str) -> Iterator[ElementTree.Element]:
    """The elements with that name, whatever their namespace, each forgotten after its turn."""
    for _fin, nodo in ElementTree.iterparse(io.BytesIO(parte)):  # noqa: S314, expat stops entity bombs by itself
        if nodo.tag.rpartition("}")[2] == etiqueta:
            yield nodo
            nodo.clear()


def _largos_comunes(parte: bytes) -> list[int]:
    """How long each text is that cells share."""
    return [sum(len(trozo) for trozo in comun.itertext()) for comun in _nodos(parte, "si")]


def _exigir_medidas(parte: bytes, comunes: list[int]) -> None:
    """Raise TablaRechazada when a part has cells too far away, or too much text in all."""
    texto = 0
    for celda in _nodos(parte, "c"):
        _exigir_cerca(celda.get("r", ""))
        valor = "".join(celda.itertext())
        comun = celda.get("t") == "s" and valor.isdecimal() and int(valor) < len(comunes)
        texto += comunes[int(valor)] if comun else len(valor)
        if texto > TEXTO_MAXIMO:
            raise TablaRechazada("La hoja de cálculo tiene demasiado texto.")


def _exigir_cerca(referencia: str) -> None:
    """Raise TablaRechazada when a cell is too far away, ValueError when it does not say where it is."""
    hallada = _REFERENCIA.fullmatch(referencia)
    if hallada is None:
        raise ValueError(referencia)
    columna = 0
    for letra in hallada[1]:
        columna = columna * 26 + ord(letra) - ord("A") + 1
    if columna > COLUMNAS_MAXIMAS or int(hallada[2]) > FILAS_MAXIMAS:
        raise TablaRechazada(
            f"La hoja de cálculo pasa de {COLUMNAS_MAXIMAS} columnas o de {FILAS_MAXIMAS} filas."
        )
