"""The bandeja under a thumb and the matrix on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
VENTANAS = pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
#: Of what can be touched, how tall it is: 44 px is what a thumb needs.
ALTOS = "enlaces => enlaces.map(e => [e.textContent.trim(), Math.round(e.getBoundingClientRect().height)])"


@VENTANAS
def test_the_matrix_and_what_hangs_from_it_are_accessible(portal, abrir, ventana):
    [(canal, cargo, titularidad)] = portal.consultar(
        "SELECT min(a.canal_id), min(a.cargo_id), min(t.id) FROM portal_asignacion a "
        "JOIN portal_titularidad t ON t.cargo_id = a.cargo_id"
    )
    pagina = abrir("secretaria", ventana)

    for ruta in (
        "asignacion/matriz/",
        f"asignacion/matriz/?editar={canal}",
        "asignacion/importar/",
        f"titularidad/encargo/{cargo}/",
        f"titularidad/{titularidad}/cerrar/",
    ):
        assert pagina.goto(f"/admin/portal/{ruta}").status == 200
        revisar(pagina)


def test_the_bandeja_fits_a_phone_and_a_thumb(abrir):
    pagina = abrir("secretaria", CELULAR)

    revisar(pagina)
    altos = pagina.locator(
        "#user-tools a, #logout-form button, .grupo a, .bandeja__acciones a, .ajustes a"
    ).evaluate_all(ALTOS)
    assert len(altos) > 5
    assert [nombre for nombre, alto in altos if alto < 44] == []


def test_the_matrix_is_cards_on_a_phone_and_a_table_on_a_desk(abrir):
    for ventana, forma in ((CELULAR, "block"), (ESCRITORIO, "table-row")):
        pagina = abrir("secretaria", ventana)
        pagina.goto("/admin/portal/asignacion/matriz/")
        fila = pagina.locator(".matriz__tabla tbody tr").first
        assert fila.evaluate("fila => getComputedStyle(fila).display") == forma


def test_a_function_is_given_and_taken_away_in_its_row(abrir):
    pagina = abrir("secretaria")
    pagina.goto("/admin/portal/asignacion/matriz/")
    pagina.get_by_role("link", name="Cambiar quién responde por Glosario").click()
    agregar = pagina.get_by_role("form", name="Dar una función en Glosario")
    agregar.get_by_label("Cargo").select_option(label="Auxiliar")
    agregar.get_by_label("Función").select_option(label="Autoriza")
    agregar.get_by_role("button", name="Agregar").click()
    expect(pagina.get_by_text("Auxiliar autoriza en «Glosario».")).to_be_visible()

    pagina.get_by_role("button", name=re.compile("^Quitar.*Auxiliar autoriza")).click()

    expect(pagina.get_by_text("Auxiliar ya no autoriza en «Glosario».")).to_be_visible()
