"""The editorial calendar in a browser: a table where it fits, a list on a phone, a file for programs."""

from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
URL = "/admin/portal/publicacion/calendario/"


@pytest.mark.parametrize(
    "ventana, se_ve, no_se_ve",
    [
        (CELULAR, ".calendario__lista", ".calendario__tabla"),
        (ESCRITORIO, ".calendario__tabla", ".calendario__lista"),
    ],
    ids=["360", "1280"],
)
def test_a_month_is_read_at_any_width_and_its_neighbours_are_one_click_away(abrir, ventana, se_ve, no_se_ve):
    pagina = abrir("secretaria", ventana)

    pagina.goto("/admin/")
    pagina.get_by_role("link", name="Calendario", exact=True).click()

    revisar(pagina)
    expect(pagina.locator(se_ve)).to_be_visible()
    expect(pagina.locator(no_se_ve)).to_be_hidden()
    titulo = pagina.get_by_role("heading", level=1).inner_text()
    pagina.get_by_role("link", name="Mes siguiente").click()
    expect(pagina.get_by_role("heading", level=1)).not_to_have_text(titulo)
    pagina.get_by_role("link", name="Mes anterior").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(titulo)


def test_one_office_is_chosen_without_a_mouse_and_printed_as_a_table(abrir):
    pagina = abrir("secretaria")
    pagina.goto(URL)
    lista = pagina.get_by_label("Dependencia")

    lista.select_option(label="Secretaría de Planeación")
    lista.press("Tab")
    pagina.keyboard.press("Enter")

    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Secretaría de Planeación")
    pagina.emulate_media(media="print")
    expect(pagina.locator(".calendario__tabla")).to_be_visible()
    expect(pagina.locator(".calendario__filtro")).to_be_hidden()


def test_a_calendar_program_reads_it_by_the_private_address(abrir):
    pagina = abrir("editor")
    pagina.goto(URL)
    direccion = pagina.get_by_label("Dirección para suscribirse").input_value()
    with pagina.expect_download() as descarga:
        pagina.get_by_role("link", name="Descargar el calendario").click()

    sin_entrar = abrir().request.get(f"/calendario/{direccion.partition('/calendario/')[2]}")
    nombres = {str(uno["SUMMARY"]) for uno in Calendar.from_ical(sin_entrar.body()).walk("VEVENT")}
    archivo = Calendar.from_ical(Path(descarga.value.path()).read_bytes())
    assert nombres == {str(uno["SUMMARY"]) for uno in archivo.walk("VEVENT")}
    assert nombres
