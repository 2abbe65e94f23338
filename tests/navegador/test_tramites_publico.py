"""The pages of trámites in a browser: accessible, valid, light, usable without scripts, printable."""

import re

import html5lib
import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import primera_visita, revisar

pytestmark = pytest.mark.navegador
#: One trámite of each kind, found in the demonstration: how it is told from the rest.
TRAMITES = {
    "el más largo": "ORDER BY (SELECT count(*) FROM tramites_momento m JOIN tramites_accion a "
    "ON a.momento_id = m.id WHERE m.hoja_id = h.id) DESC, t.id",
    "por confirmar": "WHERE t.por_confirmar <> '{}' ORDER BY t.id",
    "para algunos": "WHERE EXISTS (SELECT FROM tramites_momento m "
    "JOIN tramites_accion a ON a.momento_id = m.id "
    "JOIN tramites_accion_audiencias x ON x.accion_id = a.id WHERE m.hoja_id = h.id) ORDER BY t.id",
}
HOJA = {"width": 703, "height": 941}  # a letter page less its margins, in CSS pixels


def direccion(portal, clase: str) -> str:
    """The address of a public trámite of that kind."""
    filas = portal.consultar(
        "SELECT t.slug FROM tramites_tramite t JOIN tramites_hojadevida h ON h.id = t.hoja_publica_id "
        f"{TRAMITES[clase]} LIMIT 1"
    )
    assert filas, f"La demostración no publica ningún trámite «{clase}»."
    return f"/tramites/{filas[0][0]}/"


def paginas_impresas(pagina, papel: str) -> int:
    """How many sheets it takes."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pagina.pdf(format=papel)))


@pytest.mark.parametrize("clase", TRAMITES)
def test_a_tramite_and_its_poster_are_accessible_and_valid(portal, abrir, clase):
    ruta = direccion(portal, clase)
    for ventana in (CELULAR, ESCRITORIO):
        pagina = abrir(ventana=ventana)
        for otra in (f"{ruta}cartel/", ruta):
            respuesta = pagina.goto(otra)

            assert respuesta.status == 200
            revisar(pagina)
            html5lib.HTMLParser(strict=True).parse(respuesta.text())


def test_a_suppressed_one_and_a_situation_are_accessible_and_valid(portal, abrir):
    [(suprimido,)] = portal.consultar(
        "SELECT slug FROM tramites_tramite t WHERE estado = 'suprimido' AND EXISTS (SELECT FROM "
        "tramites_hojadevida h WHERE h.tramite_id = t.id AND h.publicada_en IS NOT NULL) LIMIT 1"
    )
    [(situacion,)] = portal.consultar("SELECT slug FROM tramites_situaciondevida ORDER BY orden LIMIT 1")
    pagina = abrir(ventana=CELULAR)
    for ruta, codigo in ((f"/tramites/{suprimido}/", 410), (f"/situaciones/{situacion}/", 200)):
        respuesta = pagina.goto(ruta)

        assert respuesta.status == codigo
        revisar(pagina)
        html5lib.HTMLParser(strict=True).parse(respuesta.text())


# --- Weight and paper ---------------------------------------------------------------------------
@pytest.mark.parametrize("clase", TRAMITES)
def test_a_tramite_weighs_at_most_25_kb_of_html_and_css(portal, abrir, clase):
    pesos = primera_visita(portal, abrir, direccion(portal, clase))
    texto = sum(bytes_ for url, bytes_ in pesos.items() if not url.endswith((".svg", ".webp", "/escudo/")))

    assert texto <= 25_000, pesos
    assert sum(pesos.values()) <= 100_000, pesos


@pytest.mark.parametrize("papel", ["Letter", "A4"])
@pytest.mark.parametrize("clase", TRAMITES)
def test_a_tramite_prints_on_one_or_two_sheets_without_menus(portal, abrir, clase, papel):
    pagina = abrir()
    pagina.goto(direccion(portal, clase))

    assert paginas_impresas(pagina, papel) <= 2
    pagina.emulate_media(media="print")
    expect(pagina.get_by_role("navigation", name="Principal")).to_be_hidden()
    expect(pagina.get_by_role("heading", name="Soporte legal")).to_be_visible()


@pytest.mark.parametrize("clase", TRAMITES)
def test_a_poster_is_exactly_one_page_and_black_on_white(portal, abrir, clase):
    pagina = abrir(ventana=HOJA)
    pagina.goto(f"{direccion(portal, clase)}cartel/")

    assert paginas_impresas(pagina, "A4") == 1
    pagina.emulate_media(media="print")
    qr = pagina.locator(".cartel__qr svg").bounding_box()
    assert min(qr["width"], qr["height"]) > 200
    colores = pagina.evaluate(
        "[...new Set([...document.querySelectorAll('main, main *')].map(n => getComputedStyle(n).color))]"
    )
    assert colores == ["rgb(0, 0, 0)"]


# --- Ways of use --------------------------------------------------------------------------------
def test_a_citizen_without_scripts_finds_hers_by_a_popular_name_and_reads_it(abrir):
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    pagina.goto("/")
    pagina.get_by_text("Menú", exact=True).first.click()
    pagina.get_by_role("navigation", name="Principal").get_by_role("link", name="Trámites").click()
    pagina.get_by_label("¿Qué trámite busca?").fill("impuesto de la casa")
    pagina.get_by_role("button", name="Buscar").click()
    pagina.get_by_role("link", name="Impuesto predial unificado", exact=True).click()

    expect(pagina.get_by_role("heading", level=1)).to_have_text("Impuesto predial unificado")
    expect(pagina.get_by_role("heading", name="Antes de empezar")).to_be_visible()
    expect(pagina.get_by_role("heading", name="Dónde y cuándo")).to_be_visible()


def test_the_filters_work_without_scripts_and_stay_in_the_address(abrir):
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    pagina.goto("/tramites/")
    pagina.get_by_text("Filtrar los trámites").click()
    pagina.get_by_label("Solo los gratuitos").check()
    pagina.get_by_role("button", name="Aplicar filtros").click()

    assert "gratuito=on" in pagina.url
    expect(pagina.get_by_label("Solo los gratuitos")).to_be_checked()
    expect(pagina.get_by_role("status")).to_contain_text("trámite")
    pagina.get_by_role("link", name="Quitar la búsqueda y los filtros").click()
    assert pagina.url.endswith("/tramites/")


def test_each_audience_has_its_own_page_without_scripts(portal, abrir):
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    pagina.goto(direccion(portal, "para algunos"))
    eleccion = pagina.get_by_role("navigation", name="Para quién es")

    eleccion.get_by_role("link").nth(1).click()

    assert "?para=" in pagina.url
    expect(eleccion.get_by_role("link").nth(1)).to_have_attribute("aria-current", "true")


def test_the_home_page_of_a_phone_shows_six_tramites_in_its_first_screen(abrir):
    pagina = abrir(ventana={"width": 360, "height": 640})
    pagina.goto("/")
    fichas = pagina.locator(".rejilla a[href^='/tramites/']:not([href='/tramites/'])")

    assert fichas.count() == 6
    for ficha in fichas.all():
        caja = ficha.bounding_box()
        assert caja["y"] + caja["height"] <= 640


def test_at_400_per_cent_nothing_scrolls_sideways(portal, abrir):
    pagina = abrir(ventana={"width": 320, "height": 256})
    for ruta in ("/tramites/", "/tramites/avance/", direccion(portal, "el más largo")):
        pagina.goto(ruta)

        assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), ruta


def test_the_short_address_leads_to_the_tramite(portal, abrir):
    [(palabra, slug)] = portal.consultar(
        "SELECT palabra, slug FROM tramites_tramite "
        "WHERE palabra <> '' AND hoja_publica_id IS NOT NULL LIMIT 1"
    )
    pagina = abrir(ventana=CELULAR)

    pagina.goto(f"/t/{palabra}")

    assert pagina.url.endswith(f"/tramites/{slug}/")
