"""The plan and its phases in a browser: accessible, light, printable, and its figures proved by SQL."""

import re
from datetime import date
from decimal import Decimal

import html5lib
import psycopg2
import pytest
from playwright.sync_api import expect

from portal.periodos import Periodo
from seguimiento.cifras import numero
from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import primera_visita, revisar
from tests.seguimiento.sql_de_los_indicadores import (
    SQL_ACTUALIZACIONES,
    SQL_APORTADO,
    SQL_CRITERIOS,
    SQL_INTERRUPCIONES,
    SQL_INTERRUPCIONES_CON_ACCION,
    SQL_INVENTARIO,
    SQL_METAS,
    momentos,
)

pytestmark = pytest.mark.navegador
PLAN = "/gobierno-en-linea/plan-de-accion/"
PAGINAS = {
    "gobierno en línea": "/gobierno-en-linea/",
    "plan": PLAN,
    "información": "/gobierno-en-linea/informacion/",
    "anexo 2": "/gobierno-en-linea/anexo-2/",
    "trámites publicados": f"{PLAN}tramites-publicados/",
    "metas de una dependencia": f"{PLAN}metas-por-dependencia/?dependencia=secretaria-general",
    "interrupciones": f"{PLAN}interrupciones/",
    "una fecha que no es": f"{PLAN}criterios-informacion/?fecha=ayer",
}


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", PAGINAS.values(), ids=PAGINAS)
def test_a_page_is_accessible(abrir, ruta, ventana):
    pagina = abrir(ventana=ventana)

    assert pagina.goto(ruta).status == 200
    pagina.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")

    revisar(pagina)


@pytest.mark.parametrize("ruta", PAGINAS.values(), ids=PAGINAS)
def test_a_page_is_valid_html(abrir, ruta):
    html5lib.HTMLParser(strict=True).parse(abrir().goto(ruta).text())


@pytest.mark.parametrize("ruta", PAGINAS.values(), ids=PAGINAS)
def test_a_first_visit_is_light(portal, abrir, ruta):
    pesos = primera_visita(portal, abrir, ruta)
    texto = sum(peso for url, peso in pesos.items() if not url.endswith(".svg"))

    assert texto <= (20_000 if "anexo" in ruta else 16_000), pesos
    assert sum(pesos.values()) <= 100_000, pesos


# --- The figures --------------------------------------------------------------------------------
def ultima_semana(portal) -> Periodo:
    [(hoy,)] = portal.consultar("SELECT (now() AT TIME ZONE 'America/Bogota')::date")
    return Periodo.semana_de(hoy).anterior


def fila(portal, sql: str, semana: Periodo, **valores) -> tuple:
    """The only row of a query with the moments of that week."""
    with psycopg2.connect(**portal.conexion) as conexion, conexion.cursor() as cursor:
        cursor.execute(sql, {"dependencia": None} | momentos(semana) | valores)
        [hallada] = cursor.fetchall()
        return hallada


def esperado(portal, codigo: str, funcion: str, fase: str | None, semana: Periodo) -> tuple:
    """Numerator and denominator; without the second, for a count."""
    if funcion == "actualizaciones-por-semana":
        return fila(portal, SQL_ACTUALIZACIONES, semana)
    if funcion.startswith("tramites-"):
        inventario, publicados, en_linea = fila(portal, SQL_INVENTARIO, semana)
        return (publicados if funcion == "tramites-publicados" else en_linea), inventario
    if funcion == "criterios-cumplidos":
        return fila(portal, SQL_CRITERIOS, semana, fase=fase)
    if funcion == "metas-por-dependencia":
        return fila(portal, SQL_METAS, semana)
    if funcion == "interrupciones":
        return fila(portal, SQL_INTERRUPCIONES, semana)
    if funcion == "interrupciones-con-accion":
        return fila(portal, SQL_INTERRUPCIONES_CON_ACCION, semana)
    return fila(portal, SQL_APORTADO, semana, funcion=funcion)


def test_each_of_the_eleven_shows_a_value_that_sql_gives_too(portal, abrir):
    semana = ultima_semana(portal)
    pagina = abrir()
    indicadores = portal.consultar(
        "SELECT codigo, funcion, parametros->>'fase', lectura_de_id IS NULL FROM seguimiento_indicador"
    )

    for codigo, funcion, fase, _firmado in indicadores:
        pagina.goto(f"{PLAN}{codigo}/?semana={semana.clave}")
        partes = pagina.locator(".pares dd").all_inner_texts()
        numerador, *denominador = esperado(portal, codigo, funcion, fase, semana)
        if denominador:
            assert partes[:2] == [numero(Decimal(numerador)), numero(Decimal(denominador[0]))], codigo
        else:
            assert re.fullmatch(rf"{numerador}\sve(z|ces)", partes[0]), codigo

    assert sum(firmado for *_resto, firmado in indicadores) == 11


def test_the_plan_shows_a_value_and_a_state_for_every_goal(abrir):
    pagina = abrir()
    pagina.goto(PLAN)

    filas = pagina.locator("table.cifras tbody tr:has(td)")

    assert filas.count() == 12
    for celdas in (fila.locator("td") for fila in filas.all()):
        assert re.match(r"[\d,]+\s(%|ve)", celdas.nth(1).inner_text())
        assert re.match(r"(Cumple|No cumple)\b", celdas.nth(2).inner_text())


def test_from_the_plan_every_figure_opens_its_rows(abrir):
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    pagina.goto(PLAN)

    pagina.get_by_role("link", name="Porcentaje de cumplimiento de metas por dependencia").click()

    expect(pagina.get_by_role("heading", level=1)).to_have_text(
        "Porcentaje de cumplimiento de metas por dependencia"
    )
    expect(pagina.get_by_text("No suma").first).to_be_visible()
    pagina.get_by_role("link", name="Siguiente").click()
    expect(pagina.get_by_text("página 2 de")).to_be_visible()


def test_the_past_is_reached_from_the_page(portal, abrir):
    semana = ultima_semana(portal)
    pagina = abrir()
    pagina.goto(f"{PLAN}tramites-publicados/")

    pagina.get_by_label("La semana de este día").fill(f"{semana.anterior.desde}")
    pagina.get_by_label("De quién").select_option(label="Secretaría de Planeación")
    pagina.get_by_role("button", name="Ver").click()

    estado = pagina.get_by_role("status")
    expect(estado).to_contain_text(f"Semana {semana.anterior.numero} de {semana.anterior.anio_iso}")
    expect(estado).to_contain_text("Secretaría de Planeación")


# --- Ways of use ----------------------------------------------------------------------------------
def test_on_a_phone_each_goal_reads_by_itself(abrir):
    pagina = abrir(ventana=CELULAR)
    pagina.goto(PLAN)

    meta = pagina.locator("table.cifras td").first

    assert meta.evaluate("n => getComputedStyle(n, '::before').content") == '"Meta firmada"'
    assert meta.bounding_box()["width"] >= 120


def test_the_plan_opens_with_the_keyboard(abrir):
    pagina = abrir()
    pagina.goto(PLAN)
    resumen = pagina.locator("#tramites > summary")

    resumen.focus()
    pagina.keyboard.press("Enter")

    expect(pagina.get_by_text("Acceso al SUIT")).to_be_visible()


def test_it_prints_whole(abrir):
    """The signed text is in what is printed although on screen it is folded."""
    pagina = abrir()
    pagina.goto(PLAN)

    pagina.emulate_media(media="print")

    expect(pagina.get_by_text("Acceso al SUIT")).to_be_visible()
    expect(pagina.get_by_role("columnheader", name="Meta firmada")).to_be_visible()
    expect(pagina.get_by_role("navigation", name="Principal")).to_be_hidden()


def test_the_phases_lead_to_their_criteria(abrir):
    pagina = abrir(ventana=CELULAR)
    pagina.goto("/canales/gobierno-en-linea/")

    expect(pagina).to_have_url(re.compile("/gobierno-en-linea/$"))
    pagina.get_by_role("link", name="Democracia", exact=True).click()

    expect(pagina.get_by_role("heading", level=1)).to_have_text("Democracia")
    assert pagina.locator("li.criterio").count() == 12


def test_the_signed_plan_is_dated_as_signed(portal):
    [(firmado,)] = portal.consultar("SELECT firmado_en FROM seguimiento_plan WHERE vigente")

    assert firmado == date(2008, 11, 18)
