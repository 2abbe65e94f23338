"""The change of a whole administration on a phone and on a desk, and what an earlier government said."""

import re

import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
VENTANAS = pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
RELEVO = "/admin/portal/titularidad/relevo/"


@VENTANAS
def test_what_would_happen_is_seen_and_nothing_is_lost_when_it_is_wrong(portal, abrir, ventana):
    """Without JavaScript: what is wrong is said first, and what is right is only looked at."""
    pagina = abrir("secretaria", ventana)
    pagina.goto(RELEVO)
    revisar(pagina)
    assert pagina.get_by_label("Deja el cargo ese día").count() >= 15

    pagina.get_by_role("button", name="Ver qué pasaría").click()
    resumen = pagina.get_by_role("alert")
    expect(resumen).to_be_focused()
    expect(resumen).to_contain_text("Acto administrativo")
    revisar(pagina)

    pagina.get_by_label("Acto administrativo").fill("Acta de posesión 001")
    cargo = pagina.get_by_role("group", name=re.compile("^Alcalde"))
    cargo.get_by_text("Entra una persona que no está en la lista").click()
    cargo.get_by_label("Nombres").fill("Ana María")
    cargo.get_by_label("Apellidos").fill("Rojas Peña")
    pagina.get_by_role("button", name="Ver qué pasaría").click()
    expect(pagina.get_by_role("heading", name="Así quedaría. Todavía no se ha hecho")).to_be_visible()
    expect(pagina.get_by_text("con el usuario «ana.rojas»")).to_be_visible()
    revisar(pagina)
    assert portal.consultar("SELECT 1 FROM portal_usuario WHERE username = 'ana.rojas'") == []


@VENTANAS
def test_what_an_earlier_government_said_carries_its_name(abrir, ventana):
    pagina = abrir("", ventana)
    pagina.goto("/canales/informes-de-gestion/")
    expect(pagina.get_by_text("De la Administración 2020-2023")).to_be_visible()
    pagina.get_by_role("link", name="Informe de gestión de 2023").click()
    expect(pagina.get_by_text("De la Administración 2020-2023.")).to_be_visible()
    revisar(pagina)
    pagina.goto("/gobierno-en-linea/plan-de-accion/")
    expect(pagina.get_by_text("El portal en la plaza de mercado")).to_be_visible()
    revisar(pagina)
