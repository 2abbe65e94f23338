"""Comparing, previewing and asking an outsider, in a browser: on a phone, without script, without colour."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
VENTANAS = pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])


@pytest.fixture(scope="module")
def textos(portal) -> dict[str, int]:
    """A text on its way that may be read, and the last of the publication with the most texts."""
    [(camino,)] = portal.consultar(
        "SELECT min(id) FROM portal_version WHERE estado = 'por_autorizar' AND cuerpo <> ''"
    )
    [(muchos,)] = portal.consultar("SELECT id FROM portal_version ORDER BY numero DESC, id LIMIT 1")
    return {"camino": camino, "muchos": muchos}


@VENTANAS
@pytest.mark.parametrize(
    "ruta",
    [
        "{muchos}/comparar/",
        "{muchos}/comparar/?todo=1",
        "{muchos}/historia-completa/",
        "{camino}/vista-previa/",
        "{camino}/vista-previa/anchos/",
        "{camino}/change/?ver=1",
    ],
)
def test_each_page_is_accessible(abrir, textos, ruta, ventana):
    pagina = abrir("secretaria", ventana)

    assert pagina.goto(f"/admin/portal/version/{ruta.format(**textos)}").status == 200

    revisar(pagina)


def test_what_changed_reads_without_colour(abrir, textos):
    pagina = abrir("secretaria")
    pagina.goto(f"/admin/portal/version/{textos['muchos']}/comparar/")

    for marca, signo, raya in (("del", "−", "line-through"), ("ins", "+", "underline")):
        cambio = pagina.locator(f".comparado {marca}").first
        assert cambio.text_content().startswith(signo)
        assert raya in cambio.evaluate("e => getComputedStyle(e).textDecorationLine")


def test_the_preview_changes_its_width_without_script(abrir, textos):
    pagina = abrir("secretaria", java_script_enabled=False)
    pagina.goto(f"/admin/portal/version/{textos['camino']}/vista-previa/anchos/")
    marco = pagina.locator("iframe")

    assert marco.bounding_box()["width"] == 360
    assert pagina.frame_locator("iframe").get_by_text("Todavía no está publicado").is_visible()
    assert pagina.frame_locator("iframe").locator("h1").bounding_box()["width"] < 360

    pagina.get_by_label("En un computador").check()
    assert marco.bounding_box()["width"] >= 1000

    pagina.get_by_role("link", name="Abrir sola").click()
    expect(pagina.get_by_role("heading", level=1)).to_be_visible()


def test_an_outsider_reads_on_a_phone_and_the_desk_reads_the_remark(abrir, textos):
    jefe = abrir("secretaria")
    ficha = f"/admin/portal/version/{textos['camino']}/change/?ver=1"
    jefe.goto(ficha)
    jefe.get_by_text("Pedir la opinión de alguien de afuera…").click()
    jefe.get_by_label("Para quién").fill("Ana Rojas, presidenta de la junta")
    jefe.get_by_role("button", name="Crear el enlace").click()
    direccion = jefe.get_by_label("Dirección secreta").input_value()
    assert direccion in jefe.get_by_label("Mensaje listo para enviar").input_value()
    revisar(jefe)

    lectora = abrir(ventana=CELULAR)
    lectora.goto(urlsplit(direccion).path)
    expect(lectora.get_by_text("Todavía no está publicado")).to_be_visible()
    revisar(lectora)
    lectora.get_by_role("button", name="Enviar mi observación").click()
    expect(lectora.get_by_role("alert")).to_be_focused()
    revisar(lectora)
    lectora.get_by_label("Su observación").fill("Falta decir la hora.")
    lectora.get_by_label("Su nombre y apellidos").fill("Ana Rojas")
    lectora.get_by_role("button", name="Enviar mi observación").click()
    expect(lectora.get_by_text("Recibimos su observación")).to_be_visible()
    revisar(lectora)

    jefe.goto(ficha)
    expect(jefe.get_by_text("Falta decir la hora.")).to_be_visible()
    jefe.get_by_role("button", name="Revocar el enlace de Ana Rojas").click()
    expect(jefe.get_by_text("ya no abre nada")).to_be_visible()
    revisar(jefe)

    assert lectora.goto(urlsplit(direccion).path).status == 404
    expect(lectora.get_by_role("heading", name="Este enlace no sirve")).to_be_visible()
    revisar(lectora)
