"""A survey in a browser: answered without JavaScript, and from its draft to its count, paper included."""

import re
from datetime import timedelta

import html5lib
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar
from tests.navegador.test_tramites_publico import paginas_impresas

pytestmark = pytest.mark.navegador
ANCHOS = pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
ABIERTA, CERRADA = "/encuestas/le-sirve-este-sitio/", "/participa/que-hacemos-primero-en-el-parque-principal/"


def es_valida(pagina) -> None:
    """Valid as the server sends it, accessible, and not wider than the window."""
    html5lib.HTMLParser(strict=True).parse(pagina.context.request.get(pagina.url).text())
    revisar(pagina)


def pulsar(control) -> None:
    """As with the keyboard."""
    control.focus()
    control.press("Enter")


@ANCHOS
def test_to_answer_without_javascript(portal, abrir, ventana):
    antes = portal.consultar("SELECT count(*) FROM participacion_respuesta")[0][0]
    pagina = abrir("", ventana, java_script_enabled=False)
    pagina.goto("/participa/")
    pulsar(pagina.get_by_role("link", name="¿Le sirve este sitio?"))
    pagina.wait_for_timeout(3_100)  # nobody reads five questions in less
    pulsar(pagina.get_by_role("button", name="Enviar mi respuesta"))
    expect(pagina.get_by_role("alert")).to_contain_text("Su respuesta todavía no se envió")
    expect(pagina.get_by_role("alert").get_by_role("link")).to_have_count(3)

    pagina.get_by_role("radio", name="Solo una parte").check()
    pagina.get_by_role("checkbox", name="Un trámite").check()
    pagina.get_by_role("group", name="¿Qué tan fácil es leer").get_by_role("radio", name="4").check()
    for opcion, puesto in [("Que cargue más rápido", "2"), ("Más trámites en línea", "1")]:
        pagina.get_by_label(opcion).select_option(puesto)
    pagina.get_by_label("¿Qué le falta al sitio?").fill("Más fotos del río")
    pulsar(pagina.get_by_role("button", name="Enviar mi respuesta"))
    expect(pagina.get_by_role("alert")).to_contain_text(
        "¿Qué deberíamos mejorar primero?: Ponga un número a cada opción."
    )
    expect(pagina.get_by_label("¿Qué le falta al sitio?")).to_have_value("Más fotos del río")

    pagina.get_by_label("Palabras más claras").select_option("3")
    pulsar(pagina.get_by_role("button", name="Enviar mi respuesta"))
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Gracias por responder")
    assert portal.consultar("SELECT count(*) FROM participacion_respuesta")[0][0] == antes + 1
    pagina.goto(ABIERTA)
    expect(pagina.get_by_role("status")).to_contain_text("Desde este aparato ya se respondió")


@ANCHOS
def test_every_public_page_is_accessible_and_valid(abrir, ventana):
    pagina = abrir("", ventana)
    for ruta in (
        "/participa/",
        "/encuestas/",
        ABIERTA,
        f"{ABIERTA}gracias/",
        CERRADA,
        f"{CERRADA}resultados/",
    ):
        pagina.goto(ruta)
        es_valida(pagina)
    pagina.goto(ABIERTA)
    pagina.get_by_role("button", name="Enviar mi respuesta").click()
    revisar(pagina)


def test_a_sheet_of_five_questions_is_one_page(abrir):
    editor = abrir("editor")
    editor.goto("/panel/participacion/")
    editor.get_by_role("link", name="¿Le sirve este sitio?").first.click()
    editor.get_by_label("Cuántas").first.fill("2")
    editor.get_by_role("button", name="Hacer hojas para imprimir").click()
    expect(editor.locator(".hoja")).to_have_count(2)

    assert [paginas_impresas(editor, papel) for papel in ("Letter", "A4")] == [2, 2]


@ANCHOS
def test_from_the_draft_to_the_count(abrir, ventana):
    titulo = f"¿Qué día hacemos el mercado? {ventana['width']}"
    hoy = timezone.localdate()
    editor = abrir("editor", ventana)
    editor.goto("/panel/participacion/")
    es_valida(editor)
    pulsar(editor.get_by_role("link", name="Nueva encuesta o consulta"))
    es_valida(editor)
    editor.get_by_label("Qué es").select_option("Encuesta de opinión")
    editor.get_by_label("Canal").select_option(label="Encuestas")
    editor.get_by_label("Título").fill(titulo)
    editor.get_by_label("Para qué se pregunta").fill("Para escoger el día.")
    editor.get_by_label("Día en que abre").fill((hoy - timedelta(days=1)).isoformat())
    editor.get_by_label("Último día").fill((hoy + timedelta(days=9)).isoformat())
    pulsar(editor.get_by_role("button", name="Guardar y escribir las preguntas"))
    for n, texto in enumerate(["¿Qué día?", "¿Algo más?"]):
        pulsar(editor.get_by_role("button", name="Agregar una pregunta"))
        expect(editor.get_by_role("status")).to_contain_text("todavía no se han guardado")
        grupo = editor.get_by_role("group", name=f"Pregunta {n + 1}")
        expect(grupo.get_by_label("Pregunta", exact=True)).to_be_focused()
        grupo.get_by_label("Pregunta", exact=True).fill(texto)
    editor.get_by_role("group", name="Pregunta 1").get_by_label("Opciones").fill("Sábado\nDomingo")
    editor.get_by_role("group", name="Pregunta 2").get_by_label("Cómo se responde").select_option("Un texto")
    editor.get_by_role("group", name="Pregunta 2").get_by_label("Hay que responderla").uncheck()
    pulsar(editor.get_by_role("button", name="Bajar la pregunta 1"))
    expect(editor.get_by_role("group", name="Pregunta 2").get_by_label("Opciones")).to_have_value(
        re.compile(r"Sábado\r?\nDomingo")
    )
    revisar(editor)
    pulsar(editor.get_by_role("button", name="Guardar").last)
    es_valida(editor)
    pulsar(editor.get_by_role("link", name="Ver cómo se verá"))
    es_valida(editor)
    editor.go_back()
    pulsar(editor.get_by_role("button", name="Enviar para autorizar"))
    direccion = editor.url

    alcalde = abrir("alcalde", ventana)
    alcalde.goto(direccion)
    es_valida(alcalde)
    pulsar(alcalde.get_by_role("button", name="Autorizar"))
    expect(alcalde.get_by_text("Autorizar: hecho.")).to_be_visible()

    editor.goto(direccion)
    editor.get_by_label("Cuántas").fill("2")
    pulsar(editor.get_by_role("button", name="Hacer hojas para imprimir"))
    expect(editor.get_by_role("heading", name=titulo)).to_have_count(2)
    es_valida(editor)
    editor.goto(direccion)
    editor.get_by_label("Número de la hoja").fill("1")
    pulsar(editor.get_by_role("button", name="Digitar una hoja"))
    es_valida(editor)
    editor.get_by_role("radio", name="Domingo").check()
    pulsar(editor.get_by_role("button", name="Guardar la Hoja 0001"))
    # The next sheet, with its first field under the fingers and what was kept in sight.
    expect(editor.get_by_role("heading", name="Hoja 0002")).to_be_visible()
    primera = editor.get_by_role("textbox", name="¿Algo más?")
    expect(primera).to_be_focused()
    expect(editor.get_by_text("Hoja 0001: quedó digitada. Ahora va la Hoja 0002.")).to_be_in_viewport()
    es_valida(editor)
    editor.keyboard.type("No")
    expect(primera).to_have_value("No")

    alcalde.goto(direccion)
    grupo = alcalde.locator("form", has=alcalde.get_by_role("button", name="Cerrar antes de su fecha"))
    grupo.get_by_label("Motivo").fill("Ya se escogió el día.")
    pulsar(alcalde.get_by_role("button", name="Cerrar antes de su fecha"))
    alcalde.get_by_role("link", name="Ver en el sitio").click()
    alcalde.get_by_role("link", name="Ver qué respondió la gente").click()
    expect(alcalde.get_by_text("1 de 1 (100 %)")).to_be_visible()
    expect(alcalde.get_by_text("0 por la página y 1 en papel")).to_be_visible()
    editor.goto(f"{direccion}respuestas/")
    es_valida(editor)
    editor.goto(direccion)
    pulsar(editor.get_by_role("button", name="Preparar el resultado"))
    expect(editor.locator("#id_titulo")).to_have_value(re.compile(re.escape(titulo)))
