"""The catalogue going out: nothing in it runs, it costs the same at any size, and it comes back the same."""

import csv
import io
import re
import zipfile
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import hojas_de_calculo
from portal.hojas_de_calculo import TablaRechazada, a_csv, a_xlsx, leer_xlsx, limpio, neutralizar, restaurar
from portal.importacion import leer_archivo
from tests.tramites.builders import crear_muchos, crear_tramite
from tramites.columnas import COLUMNAS, OBLIGATORIAS, escribir_hoja, leer_hoja, partir, unir
from tramites.contenido import Catalogos, contenido_vacio
from tramites.exportacion import en_csv, en_xlsx
from tramites.hojas import editar_hoja
from tramites.models import Accion, Fundamento, HojaDeVida, Tramite
from tramites.reparto import accion_vacia

PELIGROSOS = ["=1+1", "+57 607", "-1", "@SUM(A1)", "\t=1", "'=1", "''", '=HYPERLINK("http://x")']


def filas_de(texto: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(texto, newline="")))


# --- Cells that would run -----------------------------------------------------------------------
@given(st.text())
def test_what_is_neutralised_is_read_back(texto):
    assert restaurar(neutralizar(texto)) == texto


@pytest.mark.parametrize("valor", PELIGROSOS)
def test_no_cell_of_a_csv_starts_as_a_formula(valor):
    """Nor one of its header: the questions of a survey are columns too."""
    assert a_csv([valor], []) == a_csv(["dato"], [[valor]]).partition("\n")[2]
    [fila] = filas_de(a_csv(["dato"], [[valor]]))

    assert not fila["dato"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restaurar(fila["dato"]) == limpio(valor)


@pytest.mark.parametrize("valor", [*PELIGROSOS, "http://ejemplo.co", "_x0041_", "007", "1/2", "a\nb", "ñ €"])
def test_every_cell_of_a_workbook_is_text_and_is_read_back(valor):
    libro = a_xlsx("Datos", ["dato"], [[valor]])

    hoja = zipfile.ZipFile(io.BytesIO(libro)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in hoja
    assert "hyperlink" not in hoja
    assert set(re.findall(r'<c r="A\d" s="\d" t="(\w+)"', hoja)) <= {"s"}
    assert list(leer_xlsx(libro)) == [(1, ["dato"]), (2, [limpio(valor)])]


def test_what_does_not_fit_in_a_cell_is_told_and_not_cut():
    with pytest.raises(TablaRechazada, match="fila 2, columna «dato», no cabe en una celda"):
        a_xlsx("Datos", ["dato"], [["x" * 32_768]])

    assert len(filas_de(a_csv(["dato"], [["x" * 32_768]]))[0]["dato"]) == 32_768


def test_numbers_dates_and_yes_or_no_of_a_workbook_are_read_as_text():
    espacio = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    celdas = '<c r="A1"><v>15</v></c><c r="B1"><v>0.5</v></c><c r="C1" t="b"><v>1</v></c><c r="E1"/>'
    libro = io.BytesIO()
    original = zipfile.ZipFile(io.BytesIO(a_xlsx("Datos", ["a"], [])))
    with zipfile.ZipFile(libro, "w") as copia:
        for nombre in original.namelist():
            hoja = (
                f'<worksheet xmlns="{espacio}"><sheetData><row r="1">{celdas}</row></sheetData></worksheet>'
            )
            copia.writestr(nombre, hoja if "sheet1" in nombre else original.read(nombre))

    [(numero, fila)] = leer_xlsx(libro.getvalue())

    assert (numero, fila[:3]) == (1, ["15", "0.5", "True"])


def test_a_workbook_at_its_limits_is_read(monkeypatch):
    libro = a_xlsx("Datos", ["a", "b"], [["1", "2"], ["3", "4"]])
    assert len(list(leer_xlsx(libro))) == 3

    for limite, valor in {"FILAS_MAXIMAS": 2, "COLUMNAS_MAXIMAS": 1, "TEXTO_MAXIMO": 3}.items():
        with monkeypatch.context() as justo:
            justo.setattr(hojas_de_calculo, limite, valor)
            with pytest.raises(TablaRechazada, match=r"pasa de|demasiado texto"):
                list(leer_xlsx(libro))


# --- Lists in a cell ----------------------------------------------------------------------------
@given(st.lists(st.text(st.characters(exclude_characters="\\", exclude_categories=["Cc", "Cs"]), min_size=1)))
def test_a_list_is_read_as_it_was_written(piezas):
    piezas = [pieza.strip() for pieza in piezas if pieza.strip()]

    assert partir(unir(piezas)) == piezas


# --- The catalogue ------------------------------------------------------------------------------
def test_a_row_says_what_the_hoja_being_written_says(casa):
    tramite = crear_tramite(casa, publicado=True, palabra="estrato")

    [fila] = filas_de(en_csv(Tramite.objects.all()))

    assert list(fila) == list(COLUMNAS)
    assert fila == {
        "codigo": tramite.codigo,
        "nombre": tramite.nombre,
        "tipo": "tramite",
        "dependencia": "Planeación",
        "clasificacion": "Vivienda y urbanismo",
        "proposito": "Dice a qué estrato pertenece un predio.",
        "dirigido_a": "Ciudadano | Organizaciones",
        "resultado": "Certificado de estratificación",
        "requisitos": "Recibo de un servicio público | Certificado de existencia y representación legal",
        "pasos": "Reunir los documentos | Pagar | Radicar la solicitud",
        "costo": "Con costo",
        "forma_de_calculo": "UVT",
        "tiempo_dias_habiles": "5",
        "medio_obtencion": "Presencial | Correo electrónico",
        "canal_seguimiento": "Presencial",
        "grado": "presencial",
        "fundamento_legal": "Ley 142 de 1994 art. 101",
        "palabras_clave": "papel del estrato",
        "fuente": "",
        "palabra": "estrato",
        "numero_suit": tramite.numero_suit,
        "previos": "",
        "acciones": "1 documento: Recibo de un servicio público "
        "| 1 documento: Certificado de existencia y representación legal "
        "| 2 pago: Valor del certificado | 3 solicitud: Entregue los documentos",
        "formula": "0,5 UVT",
    }


def test_what_is_being_written_goes_out_and_what_was_discarded_does_not(casa):
    tramite = crear_tramite(casa, "en_actualizacion", publicado=True)
    with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
        hoja.resultado = "Lo que se escribe"

    assert filas_de(en_csv(Tramite.objects.all()))[0]["resultado"] == "Lo que se escribe"
    HojaDeVida.objects.filter(estado="borrador").update(estado="descartada")
    assert filas_de(en_csv(Tramite.objects.all()))[0]["resultado"] == "Certificado de estratificación"


def test_only_those_that_were_asked_for_go_out(casa):
    uno, _otro = crear_tramite(casa, "sin_gestion"), crear_tramite(casa, "sin_gestion")

    [fila] = filas_de(en_csv(Tramite.objects.filter(pk=uno.pk)))

    assert (fila["codigo"], fila["nombre"], fila["costo"]) == (uno.codigo, uno.nombre, "Gratuito")


@pytest.mark.parametrize("formato", [en_csv, en_xlsx])
@pytest.mark.parametrize("cuantos", [2, 40])
def test_it_costs_the_same_however_many_go_out(casa, django_assert_num_queries, formato, cuantos):
    crear_tramite(casa)
    crear_muchos(casa, cuantos)

    with django_assert_num_queries(10):
        formato(Tramite.objects.all())


# --- Out and back -------------------------------------------------------------------------------
TEXTO = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LINEA = TEXTO.map(limpio)
ACCION = st.builds(
    lambda tipo, descripcion, nota, cuando, **pago: (
        accion_vacia(tipo, descripcion)
        | {"nota": nota, "es_excepcion": bool(cuando), "excepcion_cuando": cuando}
        | (pago if tipo == "pago" else {})
    ),
    tipo=st.sampled_from(Accion.Tipo.values),
    descripcion=LINEA,
    nota=LINEA,
    cuando=st.just("") | LINEA,
    valor_tipo=st.sampled_from(["", *Accion.Valor.values]),
    forma_de_calculo=TEXTO,
    formula=st.sampled_from(["", "3 UVT", "17.100"]),
)
NORMA = st.fixed_dictionaries(
    {
        "tipo": st.sampled_from(Fundamento.Tipo.values),
        "numero": st.sampled_from(["", "142", "CRA-9"]),
        "anio": st.none() | st.integers(1900, 2030),
        "nombre": LINEA,
        "articulos": st.sampled_from(["", "1", "2 y 3"]),
        "enlace": st.sampled_from(["", "https://ley.gov.co"]),
        "vigente_hasta": st.none() | st.dates(),
    }
)
MEDIOS = st.lists(st.sampled_from(HojaDeVida.Medio.values), unique=True)
CONTENIDO = st.fixed_dictionaries(
    {
        "nombre": LINEA,
        "tematica": st.just("") | LINEA,
        "dependencia": st.just("Planeación"),
        "descripcion": TEXTO,
        "resultado": LINEA,
        "palabras_clave": st.lists(LINEA, max_size=3),
        "medios_entrega": MEDIOS,
        "seguimiento": MEDIOS,
        "tiempo_inmediato": st.booleans(),
        "tiempo_cantidad": st.none() | st.integers(1, 1000),
        "tiempo_unidad": st.sampled_from(HojaDeVida.Unidad.values),
        "grado": st.sampled_from(["", *HojaDeVida.Grado.values]),
        "informacion_adicional": TEXTO,
        "audiencias": st.lists(st.sampled_from(["ciudadano", "esal"]), unique=True).map(sorted),
        "fundamentos": st.lists(NORMA, max_size=3),
        "momentos": st.lists(
            st.fixed_dictionaries({"descripcion": LINEA, "acciones": st.lists(ACCION, max_size=4)}),
            max_size=4,
        ),
    }
).map(lambda campos: contenido_vacio() | campos)


def catalogos() -> Catalogos:
    """Those of a small house, without asking the database."""
    propios: Any = Catalogos()
    propios.audiencias = {
        "ciudadano": SimpleNamespace(nombre="Ciudadano"),
        "esal": SimpleNamespace(nombre="Entidades sin ánimo de lucro (ESAL)"),
    }
    propios.dependencias = {"planeacion": SimpleNamespace(nombre="Planeación")}
    return propios


def ida_y_vuelta(textos: dict[str, str], formato: str) -> dict[str, str]:
    """The row as it comes in after it went out in a file."""
    columnas = list(textos)
    if formato == "csv":
        archivo = SimpleUploadedFile("a.csv", a_csv(columnas, [list(textos.values())]).encode())
    else:
        archivo = SimpleUploadedFile("a.xlsx", a_xlsx("Trámites", columnas, [list(textos.values())]))
    [fila] = leer_archivo(archivo, tuple(columnas))
    return fila.valores


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
@given(contenido=CONTENIDO)
@settings(deadline=None)
def test_whatever_a_hoja_says_comes_back_without_changing_anything(formato, contenido):
    textos = {"codigo": "X"} | escribir_hoja(contenido, catalogos())
    de_vuelta, nuevo = ida_y_vuelta(textos, formato), deepcopy(contenido)

    leer_hoja(de_vuelta, nuevo, catalogos())

    assert de_vuelta == textos
    assert nuevo == contenido


def bien_formado(contenido: dict) -> bool:
    """With nothing that a column cannot tell: empty pieces, momentos without acciones, any exception."""
    return all(
        momento["descripcion"]
        and momento["acciones"]
        and all(a["descripcion"] and not a["es_excepcion"] for a in momento["acciones"])
        for momento in contenido["momentos"]
    ) and all(contenido["palabras_clave"])


@given(contenido=CONTENIDO.filter(bien_formado))
@settings(deadline=None)
def test_a_row_read_into_a_blank_hoja_writes_the_same_row(contenido):
    contenido["fundamentos"] = []
    contenido["tiempo_cantidad"] = None if contenido["tiempo_inmediato"] else contenido["tiempo_cantidad"]
    textos = escribir_hoja(contenido, catalogos())
    blanco = contenido_vacio() | {"dependencia": "Planeación"}

    leer_hoja(textos, blanco, catalogos())

    assert escribir_hoja(blanco, catalogos()) == textos


def test_the_columns_of_the_file_are_the_nineteen_and_five_more():
    assert len(OBLIGATORIAS) == 19
    assert COLUMNAS[19:] == ("palabra", "numero_suit", "previos", "acciones", "formula")
