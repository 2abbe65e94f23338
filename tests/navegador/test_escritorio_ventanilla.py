"""The desk of the ventanilla in a browser: from the counter to the signed answer, with the keyboard alone."""

import re

import html5lib
import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
LISTA, NUEVO = "/panel/radicados/", "/panel/radicados/nuevo/"
ANCHOS = pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])


def pulsar(control) -> None:
    """As with the keyboard."""
    control.focus()
    control.press("Enter")


def es_valida(pagina) -> None:
    """Valid as the server sends it, accessible, and not wider than the window."""
    html5lib.HTMLParser(strict=True).parse(pagina.context.request.get(pagina.url).text())
    revisar(pagina)


def radicar_por_alguien(pagina, asunto: str, clase: str = "queja") -> None:
    pagina.goto(NUEVO)
    pagina.get_by_label("Por teléfono").check()
    pagina.get_by_label("Qué es").select_option(label=clase.capitalize())
    pagina.get_by_label("Asunto").fill(asunto)
    pagina.get_by_label("Qué pide").fill("Dice que el parque está a oscuras hace un mes.")
    pagina.get_by_label("Nombre completo o razón social").fill("Rosa Peña Díaz")
    pulsar(pagina.get_by_role("button", name="Radicar", exact=True))
    pagina.wait_for_url("**/acuse/")


def abrir_radicado(pagina, asunto: str) -> None:
    pagina.goto(f"{LISTA}?q={asunto}")
    pulsar(pagina.get_by_role("link", name=asunto))
    pagina.wait_for_url("**-E/")


def numero_de(portal, asunto: str) -> str:
    [(anio, consecutivo)] = portal.consultar(
        "SELECT a.anio, a.consecutivo FROM ventanilla_radicado r JOIN ventanilla_asiento a "
        "ON a.id = r.asiento_id WHERE r.asunto = %s",
        asunto,
    )
    return f"{anio}-{consecutivo:06d}-E"


@ANCHOS
def test_from_the_counter_to_the_signed_answer(portal, abrir, ventana):
    asunto = f"Parque a oscuras {ventana['width']}"
    secretaria = abrir("secretaria", ventana)
    secretaria.goto(NUEVO)
    es_valida(secretaria)
    radicar_por_alguien(secretaria, asunto)
    numero = numero_de(portal, asunto)
    expect(secretaria.get_by_text(numero).first).to_be_visible()

    abrir_radicado(secretaria, asunto)
    es_valida(secretaria)
    pulsar(secretaria.locator("summary", has_text="Asignar"))
    secretaria.get_by_label("Dependencia").first.select_option(label="Secretaría de Planeación")
    pulsar(secretaria.get_by_role("button", name="Asignar", exact=True))
    expect(secretaria.get_by_text("Quedó hecho: asignar.")).to_be_visible()

    jefe = abrir("planeacion", ventana)
    expect(jefe.get_by_role("link", name=numero)).to_be_visible()
    jefe.goto(f"{LISTA}{numero}/")
    pulsar(jefe.get_by_role("button", name="Aceptar"))
    pulsar(jefe.get_by_role("link", name="Escribir la respuesta"))
    jefe.get_by_label("Respuesta", exact=True).fill("Las luces se cambian el lunes.")
    es_valida(jefe)
    pulsar(jefe.get_by_role("button", name="Guardar la respuesta"))
    expect(jefe.get_by_text("La respuesta quedó guardada.")).to_be_visible()
    jefe.goto(f"{LISTA}{numero}/")
    pulsar(jefe.get_by_role("button", name="Enviar a firma"))
    pulsar(jefe.get_by_role("button", name="Firmar y enviar la respuesta"))
    expect(jefe.get_by_text("Respondido", exact=True).first).to_be_visible()
    es_valida(jefe)
    [(texto,)] = portal.consultar(
        "SELECT s.texto FROM ventanilla_salida s JOIN ventanilla_radicado r ON r.id = s.radicado_id "
        "WHERE r.asunto = %s",
        asunto,
    )
    assert texto == "Las luces se cambian el lunes."


@ANCHOS
def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(abrir, ventana):
    pagina = abrir("secretaria", ventana)
    pagina.goto(NUEVO)
    pagina.get_by_label("Qué pide").fill("Algo.")
    pulsar(pagina.get_by_role("button", name="Radicar", exact=True))

    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)
    pulsar(pagina.get_by_role("link", name="Escriba el asunto."))
    expect(pagina.get_by_label("Asunto")).to_be_focused()
    expect(pagina.get_by_label("Qué pide")).to_have_value("Algo.")


@ANCHOS
def test_every_form_of_a_radicado_open_is_accessible(portal, abrir, ventana):
    asunto = f"Andén roto {ventana['width']}"
    pagina = abrir("secretaria", ventana)
    radicar_por_alguien(pagina, asunto)
    abrir_radicado(pagina, asunto)
    pulsar(pagina.locator("summary", has_text="Asignar"))
    pagina.get_by_label("Dependencia").first.select_option(label="Secretaría de Planeación")
    pulsar(pagina.get_by_role("button", name="Asignar", exact=True))
    pulsar(pagina.get_by_role("button", name="Aceptar"))
    expect(pagina.get_by_text("Quedó hecho: aceptar.")).to_be_visible()

    for resumen in pagina.locator("aside summary").all():
        pulsar(resumen)
    es_valida(pagina)
    pulsar(pagina.get_by_role("button", name="Pedir", exact=True))
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)


@ANCHOS
def test_the_list_is_accessible_and_narrows_without_scripts(abrir, ventana):
    pagina = abrir("secretaria", ventana, java_script_enabled=False)
    pagina.goto(LISTA)
    pagina.locator("summary", has_text="Filtrar").click()
    pagina.get_by_label("Clase").select_option(label="Queja")
    pagina.get_by_role("button", name="Aplicar los filtros").click()

    expect(pagina).to_have_url(re.compile("clase=queja"))
    con_script = abrir("secretaria", ventana)
    con_script.goto(f"{LISTA}?clase=queja")
    es_valida(con_script)
