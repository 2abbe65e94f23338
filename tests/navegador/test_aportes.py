"""What people say, on a phone without JavaScript, and the desks where it is read."""

import html5lib
import pytest
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
#: What nobody could have read and typed in less.
LEER = 3_200


@pytest.fixture
def celular(abrir) -> Page:
    return abrir(ventana=CELULAR, java_script_enabled=False)


@pytest.fixture(scope="module")
def consulta(portal) -> str:
    """The address of a draft norm that is open, written by hand in the database of the browser."""
    [(slug,)] = portal.consultar(
        """
        INSERT INTO participacion_consulta (clase, titulo, slug, resumen, texto, canal_id, dependencia_id,
            estado, responden, a_quien, abre_en, cierra_en, resultado_hasta, creada_por_id, creada_en,
            editada_por_id, editada_en, revision, enviada_por_id, autorizada_por_id, autorizada_en, huella)
        SELECT 'proyecto', 'Decreto de la plaza', 'decreto-de-la-plaza-de-prueba', 'Para ordenar la plaza.',
            'Artículo 1. La plaza abre a las 5 a. m.', c.id, c.dependencia_id, 'autorizada', 'todos', '',
            now() - interval '1 day', now() + interval '5 days', current_date + 30, e.id, now(), e.id, now(),
            0, e.id, a.id, now(), repeat('a', 64)
        FROM portal_canal c, portal_usuario e, portal_usuario a
        WHERE c.slug = 'participacion-en-linea' AND e.username = 'editor' AND a.username = 'alcalde'
        RETURNING slug
        """
    )
    return f"/participa/{slug}/aportes/"


def valida(pagina: Page) -> None:
    """Nothing wider than the window, and HTML that any parser takes."""
    assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    html5lib.HTMLParser(strict=True).parse(pagina.content())


def test_a_page_that_was_not_useful_reaches_its_desk(celular, abrir):
    celular.goto("/dependencias/directorio/")
    celular.get_by_role("button", name="No", exact=True).click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("¿Qué le faltó a la página?")
    celular.get_by_label("No encontré lo que buscaba").check()
    celular.get_by_label("Cuéntenos qué faltó").fill("No está el teléfono del acueducto.")
    celular.wait_for_timeout(LEER)
    celular.get_by_role("button", name="Enviar", exact=True).click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("Gracias por su opinión")
    assert not celular.context.cookies()

    mesa = abrir("secretaria", CELULAR)
    mesa.goto("/panel/opiniones/")
    revisar(mesa)
    mesa.get_by_text("No está el teléfono del acueducto.").wait_for()
    mesa.locator(".cortes > li", has_text="acueducto").get_by_role("link", name="No encontré").click()
    expect(mesa.get_by_label("Qué se hizo")).to_be_visible()
    revisar(mesa)
    mesa.get_by_label("Qué se hizo").fill("Se agregó el teléfono.")
    mesa.get_by_role("button", name="Marcar como atendida").click()
    mesa.wait_for_url("**/panel/opiniones/")
    expect(mesa.get_by_text("No está el teléfono del acueducto.")).to_have_count(0)


def test_a_comment_is_sent_reviewed_and_read(celular, abrir, consulta):
    celular.goto(consulta)
    celular.get_by_role("textbox", name="Su aporte").fill("Que abra a las 4 a. m. Me llaman al 312 345 6789.")
    celular.wait_for_timeout(LEER)
    celular.get_by_role("button", name="Enviar mi aporte").click()
    expect(celular.get_by_role("alert")).to_contain_text("el número de un celular")
    celular.get_by_role("textbox", name="Su aporte").fill("Que abra a las 4 a. m.")
    celular.get_by_role("button", name="Enviar mi aporte").click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("Recibimos su aporte. Gracias")
    assert not celular.context.cookies()

    mesa = abrir("editor", CELULAR)
    mesa.goto("/panel/aportes/")
    revisar(mesa)
    mesa.get_by_role("link", name="Decreto de la plaza", exact=True).click()
    expect(mesa.get_by_role("heading", name="Temas")).to_be_visible()
    revisar(mesa)
    mesa.locator(".cortes > li", has_text="Que abra a las 4").get_by_role("link").click()
    expect(mesa.get_by_label("Explicación")).to_be_visible()
    revisar(mesa)
    mesa.get_by_label("Se publica", exact=True).check()
    mesa.get_by_role("button", name="Guardar y ver el siguiente").click()
    mesa.wait_for_url("**/panel/aportes/decreto-de-la-plaza-de-prueba/")

    celular.goto(consulta)
    expect(celular.get_by_text("Que abra a las 4 a. m.")).to_be_visible()
    valida(celular)


def test_a_topic_is_proposed_published_and_supported(celular, abrir):
    celular.goto("/participa/temas/proponer/")
    celular.get_by_label("¿De qué quiere que hable la alcaldía?").fill("Andenes del centro")
    celular.wait_for_timeout(LEER)
    celular.get_by_role("button", name="Proponer el tema").click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("Recibimos su tema. Gracias")

    mesa = abrir("editor", CELULAR)
    mesa.goto("/panel/temas/")
    revisar(mesa)
    mesa.get_by_role("link", name="Andenes del centro").click()
    expect(mesa.get_by_label("Se publica y recibe apoyos")).to_be_visible()
    revisar(mesa)
    mesa.get_by_label("Se publica y recibe apoyos").check()
    mesa.get_by_role("button", name="Guardar la decisión").click()
    mesa.wait_for_url("**/panel/temas/")

    celular.goto("/participa/temas/")
    celular.get_by_role("listitem").filter(has_text="Andenes del centro").get_by_role("button").click()
    expect(celular.get_by_role("status")).to_have_text("Gracias: su apoyo se contó.")
    expect(celular.get_by_text("1 apoyo ·")).to_be_visible()
    assert [galleta["value"] for galleta in celular.context.cookies()] == ["si"]
    celular.goto("/participa/temas/andenes-del-centro/")
    expect(celular.get_by_text("Desde este aparato ya se apoyó este tema.")).to_be_visible()
    expect(celular.get_by_role("button", name="Apoyar")).to_have_count(0)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_every_public_page_is_accessible(abrir, consulta, ventana):
    pagina = abrir(ventana=ventana)
    pagina.goto("/agenda/")
    pagina.get_by_role("button", name="No", exact=True).click()
    expect(pagina.get_by_label("Otra razón")).to_be_visible()
    valida(pagina)
    revisar(pagina)
    pagina.get_by_label("Otra razón").check()
    pagina.get_by_role(
        "button", name="Enviar", exact=True
    ).click()  # too fast: it says so, and takes the focus
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)
    for ruta in (consulta, "/participa/temas/", "/participa/temas/proponer/", "/opinion/gracias/"):
        assert pagina.goto(ruta).status == 200
        valida(pagina)
        revisar(pagina)
