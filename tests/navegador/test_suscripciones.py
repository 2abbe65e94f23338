"""Subscribing, reading the bulletin and approving it in a browser, on a small phone without JavaScript."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar
from tests.navegador.test_tramites_publico import paginas_impresas

pytestmark = pytest.mark.navegador


def enlace_del_correo(portal, correo: str, cual: str) -> str:
    """The path of the link of the last message to that address that ends so."""
    [(texto,), *_] = portal.consultar(
        "SELECT texto FROM portal_correo WHERE para = %s ORDER BY id DESC", correo
    )
    return next(
        urlsplit(hallado).path
        for hallado in re.findall(r"https?://\S+", texto)
        if hallado.endswith(f"/{cual}/")
    )


def test_from_asking_to_leaving_without_javascript(portal, abrir):
    celular = abrir(ventana=CELULAR, java_script_enabled=False)
    celular.goto("/suscripciones/")
    celular.wait_for_timeout(3_100)
    celular.get_by_role("button", name="Recibir novedades").click()
    expect(celular.get_by_role("alert")).to_be_focused()
    for casilla in ("todo", "acepta"):  # what is wrong with a box is said under it, not beside
        rotulo = celular.locator(f"label[for=id_{casilla}]").bounding_box()
        error = celular.locator(f"#div_id_{casilla} .invalid-feedback").bounding_box()
        assert error["y"] >= rotulo["y"] + rotulo["height"]
    celular.get_by_label("Su correo electrónico").fill("navegador@ejemplo.co")
    celular.get_by_text("Elegir dependencias o secciones del sitio").click()
    celular.get_by_label("Secretaría de Planeación").check()
    celular.get_by_label("Lo leí y lo autorizo").check()
    celular.get_by_role("button", name="Recibir novedades").click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("Revise su correo")

    celular.goto(enlace_del_correo(portal, "navegador@ejemplo.co", "confirmar"))
    celular.get_by_role("button", name="Confirmar").click()
    expect(celular.get_by_text("Listo: recibirá las novedades")).to_be_visible()
    celular.get_by_role("link", name="Cambiar lo que recibo").click()
    expect(celular.get_by_label("Secretaría de Planeación")).to_be_checked()
    celular.get_by_label("Todo lo que se publique").check()
    celular.get_by_role("button", name="Guardar").click()
    expect(celular.get_by_text("Guardamos lo que eligió")).to_be_visible()
    celular.get_by_role("link", name="No quiero recibir más correos").click()
    celular.get_by_role("button", name="No recibir más").click()

    expect(celular.get_by_text("Ya no recibe novedades por correo")).to_be_visible()
    assert portal.consultar("SELECT 1 FROM portal_correo WHERE para = 'navegador@ejemplo.co'") == []


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO])
def test_the_pages_are_accessible(portal, abrir, ventana):
    [(anio, semana)] = portal.consultar(
        "SELECT anio, semana FROM participacion_boletin WHERE estado = 'preparado'"
    )
    pagina = abrir(ventana=ventana)
    for ruta in (
        "/suscripciones/",
        "/suscripciones/revise-su-correo/",
        "/boletin/",
        f"/boletin/{anio}/{semana}/",
        f"/boletin/{anio}/{semana}/hoja/",
    ):
        pagina.goto(ruta)
        revisar(pagina)


def test_the_sheet_is_one_page_in_black_and_white(portal, abrir):
    [(anio, semana)] = portal.consultar(
        "SELECT anio, semana FROM participacion_boletin WHERE estado = 'preparado'"
    )
    pagina = abrir(ventana=ESCRITORIO)
    pagina.goto(f"/boletin/{anio}/{semana}/hoja/")

    # Longer than anything that is published: it still is one sheet.
    pagina.evaluate(
        "() => { const lista = document.querySelector('ul'), una = lista.firstElementChild;"
        "una.querySelector('h2').textContent = 'Convocatoria pública para todas las veredas '.repeat(6);"
        "una.querySelector('p').textContent = 'Se invita a la comunidad en general. '.repeat(16);"
        "lista.replaceChildren(...Array.from({length: 8}, () => una.cloneNode(true))) }"
    )
    assert [paginas_impresas(pagina, papel) for papel in ("A4", "Letter")] == [1, 1]


def test_the_page_prints_only_what_is_new(abrir):
    pagina = abrir(ventana=ESCRITORIO)
    pagina.goto("/boletin/")
    de_pantalla = [
        pagina.get_by_role("heading", name="Lleve estas novedades a más gente"),
        pagina.get_by_role("main").get_by_role("link", name="Reciba novedades por correo"),
        pagina.get_by_text("¿Le fue útil esta página?"),
    ]
    for una in de_pantalla:
        expect(una).to_be_visible()

    pagina.emulate_media(media="print")

    expect(pagina.get_by_role("heading", level=1)).to_be_visible()
    for una in de_pantalla:
        expect(una).to_be_hidden()


def test_it_is_read_and_approved(portal, abrir):
    [(anio, semana)] = portal.consultar(
        "SELECT anio, semana FROM participacion_boletin WHERE estado = 'preparado'"
    )
    escritorio = abrir("secretaria", ESCRITORIO)
    escritorio.get_by_role("link", name=f"Boletín de la semana {semana} de {anio}").click()
    revisar(escritorio)
    escritorio.get_by_role("link", name="Ver el correo completo, como llega").click()
    revisar(escritorio)
    escritorio.go_back()
    escritorio.get_by_role("button", name="No enviar").click()
    expect(escritorio.get_by_role("alert")).to_be_focused()
    escritorio.get_by_role("button", name="Aprobar y enviar").click()

    expect(escritorio.get_by_text("Aprobó el boletín")).to_be_visible()
    escritorio.goto("/panel/boletin/")
    revisar(escritorio)
    [(estado,)] = portal.consultar(
        "SELECT estado FROM participacion_boletin WHERE anio = %s AND semana = %s", anio, semana
    )
    assert estado in {"aprobado", "enviado"}
