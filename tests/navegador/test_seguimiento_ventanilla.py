"""Following a radicado on a phone with a bad line: the answer, what it was worth, reopening, messages."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import html5lib
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR, CLAVE, ESCRITORIO, _url_de_base
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
CONSULTA = "/radicados/consulta/"


@pytest.fixture
def celular(abrir) -> Iterator[Page]:
    """A cheap phone: 360 px, a slow line and no JavaScript of ours needed."""
    pagina = abrir(ventana=CELULAR)
    linea = pagina.context.new_cdp_session(pagina)
    linea.send("Network.enable")
    lenta = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
    linea.send("Network.emulateNetworkConditions", lenta)
    yield pagina


def radicar_sin_nombre(pagina: Page, asunto: str) -> tuple[str, str]:
    """File without name, page by page; number and code as the receipt shows them."""
    pagina.goto("/pqrsd/")
    pagina.get_by_label("Queja", exact=True).check()
    pagina.get_by_label("No, sin mi nombre").check()
    pagina.wait_for_timeout(3_100)
    pagina.locator("main form button[type=submit]").first.click()
    pagina.get_by_label("Asunto").fill(asunto)
    pagina.get_by_label("¿Qué pide o qué quiere contar?").fill(f"{asunto}: nadie contesta el teléfono.")
    pagina.get_by_role("button", name="Continuar").click()
    while "/revisar/" not in pagina.url:
        pagina.goto(re.sub(r"(/radicar/[^/]+/).*", r"\1revisar/", pagina.url))
    pagina.locator("main form button[type=submit]").last.click()
    pagina.wait_for_url("**/acuse/")
    acuse = pagina.locator("main").inner_text()
    return re.search(r"\d{4}-\d{6}-E", acuse)[0], re.search(
        r"\b[0-9B-Z]{4}-[0-9B-Z]{4}-[0-9B-Z]{4}\b", acuse
    )[0]


def entrar(pagina: Page, numero: str, codigo: str) -> None:
    pagina.goto(CONSULTA)
    pagina.get_by_label("Número de radicado").fill(numero)
    pagina.get_by_label("Código de seguimiento").fill(codigo.lower().replace("-", " "))
    pagina.get_by_role("button", name="Consultar").click()
    pagina.wait_for_url(f"**/radicados/{numero}/")


def responder(portal, numero: str, texto: str) -> None:
    """As the office would, through the real flow, from another process."""
    guion = f"from tests.navegador.responder import responder; responder({numero!r}, {texto!r})"
    ambiente = os.environ | {"PORTAL_ENTORNO": "desarrollo", "DATABASE_URL": _url_de_base(portal.conexion)}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", guion],
        check=True,
        cwd=settings.BASE_DIR,
        env=ambiente,
        capture_output=True,
    )


def test_answer_satisfaction_reopening_and_messages_without_name(portal, celular):
    numero, codigo = radicar_sin_nombre(celular, "El teléfono de la alcaldía")
    entrar(celular, numero, codigo)
    revisar(celular)
    celular.get_by_label("Su mensaje").fill("Llamé el lunes y el martes.")
    celular.get_by_role("button", name="Enviar el mensaje").click()
    expect(celular.get_by_text("Enviamos su mensaje.")).to_be_visible()
    expect(celular.get_by_text("Llamé el lunes y el martes.")).to_be_visible()

    responder(portal, numero, "Ya hay quien conteste.")
    celular.reload()
    expect(celular.get_by_role("heading", level=1)).to_have_text("Ya le respondimos")
    expect(celular.get_by_text("Ya hay quien conteste.")).to_be_visible()
    revisar(celular)
    celular.get_by_role("button", name="Enviar mi opinión").click()
    expect(celular.get_by_role("alert")).to_be_focused()
    celular.get_by_label("Mala", exact=True).check()
    celular.get_by_label("No", exact=True).check()
    celular.get_by_role("button", name="Enviar mi opinión").click()
    expect(celular.get_by_text("Gracias. Lo que nos dijo quedó registrado.")).to_be_visible()

    celular.get_by_label("¿Qué faltó en la respuesta?").fill("Nadie contesta por la tarde.")
    celular.get_by_role("button", name="Pedir que la revisen").click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("La estamos revisando de nuevo")
    responder(portal, numero, "Por la tarde también.")
    celular.reload()
    celular.get_by_label("Muy buena").check()
    celular.get_by_label("Sí: este radicado se cierra").check()
    celular.get_by_role("button", name="Enviar mi opinión").click()
    expect(celular.get_by_role("heading", level=1)).to_have_text("Terminó")

    celular.get_by_role("button", name="Salir").click()
    celular.wait_for_url(f"**{CONSULTA}")
    celular.goto(f"/radicados/{numero}/")
    expect(celular).to_have_url(re.compile(rf"{CONSULTA}\?numero={numero}$"))


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_the_pages_are_accessible_and_valid(abrir, ventana):
    pagina = abrir(ventana=ventana)
    for ruta in (CONSULTA, f"{CONSULTA}?numero=2026-1", "/radicados/cifras/"):
        respuesta = pagina.goto(ruta)
        assert respuesta.status == 200
        revisar(pagina)
        html5lib.HTMLParser(strict=True).parse(respuesta.text())
    pagina.goto(CONSULTA)
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_the_page_of_a_radicado_is_accessible_and_valid(portal, abrir, ventana):
    pagina = abrir(ventana=ventana)
    numero, codigo = radicar_sin_nombre(pagina, f"Andén dañado {ventana['width']}")
    entrar(pagina, numero, codigo)
    responder(portal, numero, "El andén se arregla en enero.")
    respuesta = pagina.reload()

    revisar(pagina)
    html5lib.HTMLParser(strict=True).parse(respuesta.text())
    pagina.get_by_role("button", name="Enviar el mensaje").click()
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_the_report_of_the_desk_is_accessible_and_valid(abrir, ventana):
    pagina = abrir("secretaria", ventana)
    respuesta = pagina.goto("/panel/radicados/informe/")
    assert respuesta.status == 200 and CLAVE not in respuesta.text()
    revisar(pagina)
    html5lib.HTMLParser(strict=True).parse(respuesta.text())
