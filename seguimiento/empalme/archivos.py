"""The document as tables, on paper and as files: all of it read from what was frozen."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache as memoria
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from portal.hojas_de_calculo import a_csv
from portal.pdf import dibujar
from seguimiento.empalme.secciones import DECIMAL, FECHA, Celda
from seguimiento.models import DocumentoDeEmpalme
from seguimiento.tablas import Tabla

_DIA = 24 * 60 * 60
Datos = dict[str, Any]


def contexto_de(documento: DocumentoDeEmpalme, *, entero: bool) -> Datos:
    """What the templates read. `entero`: also what only both teams read."""
    return {
        "documento": documento,
        "datos": documento.datos,
        "corte": date.fromisoformat(documento.datos["corte"]),
        "tablas": [_tabla(seccion) for seccion in secciones_de(documento, entero=entero)],
        "apartes": [] if entero else _reservadas(documento),
        "observaciones": list(documento.observaciones.all()),
        "entero": entero,
    }


def secciones_de(documento: DocumentoDeEmpalme, *, entero: bool) -> list[Datos]:
    return [seccion for seccion in documento.datos["secciones"] if entero or not seccion["reservada"]]


def _reservadas(documento: DocumentoDeEmpalme) -> list[str]:
    """What is told of instead of shown."""
    return [seccion["titulo"] for seccion in documento.datos["secciones"] if seccion["reservada"]]


def _tabla(seccion: Datos) -> Tabla:
    """As the page and the paper show it. Of a long one, only how many rows it has."""
    clases = [clase for _titulo, clase in seccion["columnas"]]
    filas = seccion["filas"]
    nada = seccion["nada"]
    if seccion["extensa"] and filas:
        nada, filas = f"Son {len(filas)} filas: están completas en el archivo ZIP.", []
    return Tabla(
        seccion["clave"],
        seccion["titulo"],
        tuple(titulo for titulo, _clase in seccion["columnas"]),
        [[_celda(*par) for par in zip(fila, clases, strict=True)] for fila in filas],
        nada,
        seccion["nota"],
    )


def _celda(valor: Celda, clase: str) -> str | int | Decimal:
    if valor is None:
        return ""
    if clase == FECHA:
        return date_format(date.fromisoformat(str(valor)), "SHORT_DATE_FORMAT")
    return Decimal(valor) if clase == DECIMAL else valor


# --- PDF ------------------------------------------------------------------------------------------
def a_pdf(documento: DocumentoDeEmpalme, *, entero: bool) -> bytes:
    """As a tagged PDF. What it is made of does not change once it is signed, so it is kept."""
    contexto = contexto_de(documento, entero=entero)
    clave = f"empalme:{documento.pk}:{documento.huella_leida()}:{documento.huella_firmada}:{entero}"
    if not (hecho := memoria.get(clave)):
        hecho = dibujar(render_to_string("seguimiento/empalme_impreso.html", contexto | {"acto": documento}))
        memoria.set(clave, hecho, _DIA)
    return hecho


# --- ZIP ------------------------------------------------------------------------------------------
def a_zip(documento: DocumentoDeEmpalme, *, entero: bool) -> bytes:
    """A CSV for each section, what the teams observed and a LEAME.txt: the same bytes each time.

    The whole one has also `documento.json`, whose SHA-256 is the hash of the document.
    """
    archivos = dict(_archivos(documento, entero=entero))
    archivos = {"LEAME.txt": _leame(documento, archivos, entero=entero).encode()} | archivos
    salida = io.BytesIO()
    momento = timezone.localtime(documento.congelado_en).timetuple()[:6]
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as libro:
        for nombre, contenido in archivos.items():
            entrada = zipfile.ZipInfo(nombre, momento)
            entrada.compress_type, entrada.create_system = zipfile.ZIP_DEFLATED, 3
            entrada.external_attr = 0o644 << 16
            libro.writestr(entrada, contenido)
    return salida.getvalue()


def _archivos(documento: DocumentoDeEmpalme, *, entero: bool) -> Iterator[tuple[str, bytes]]:
    for n, seccion in enumerate(secciones_de(documento, entero=entero), 1):
        columnas = [titulo for titulo, _clase in seccion["columnas"]]
        filas = [["" if valor is None else str(valor) for valor in fila] for fila in seccion["filas"]]
        yield f"{n:02}-{seccion['clave']}.csv", a_csv(columnas, filas).encode("utf-8-sig")
    dicho = [
        [observacion.get_equipo_display(), observacion.texto, observacion.firma]
        for observacion in documento.observaciones.all()
    ]
    yield "observaciones.csv", a_csv(["Equipo", "Observación", "Firma"], dicho).encode("utf-8-sig")
    if entero:
        yield "documento.json", canonico(documento.datos)


def canonico(datos: Datos) -> bytes:
    """Its JSON, as `huella_de` reads it."""
    return json.dumps(datos, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _leame(documento: DocumentoDeEmpalme, archivos: dict[str, bytes], *, entero: bool) -> str:
    contexto = {
        "documento": documento,
        "datos": documento.datos,
        "corte": date.fromisoformat(documento.datos["corte"]),
        "apartes": [] if entero else _reservadas(documento),
        "entero": entero,
        "archivos": [(nombre, hashlib.sha256(datos).hexdigest()) for nombre, datos in archivos.items()],
    }
    return render_to_string("seguimiento/empalme_leame.txt", contexto)
