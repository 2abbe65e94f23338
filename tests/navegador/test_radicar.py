"""Filing in a browser: on a small phone with a bad line, with and without JavaScript."""

from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar
from tests.navegador.test_tramites_publico import HOJA, paginas_impresas
from tests.ventanilla.builders import PDF

pytestmark = pytest.mark.navegador
#: Milliseconds, and bytes in a second: a phone of the village on a bad day.
LENTA = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def con_linea_lenta(pagina: Page) -> None:
    pagina.context.new_cdp_session(pagina).send("Network.emulateNetworkConditions", LENTA)


def empezar(pagina: Page, *, con_nombre: bool = False) -> None:
    """The first page, with the time that a person takes to read it."""
    pagina.goto("/pqrsd/")
    pagina.wait_for_timeout(3_100)
    pagina.get_by_label("Petición de interés general", exact=True).check()
    if con_nombre:
        pagina.get_by_label("Sí, con mi nombre").check()
        pagina.get_by_label("He leído cómo se usarán mis datos").check()
    else:
        pagina.get_by_label("No, sin mi nombre").check()
    pagina.get_by_role("button", name="Continuar").click()
    pagina.wait_for_url("**/que-pide/")


def contar_que_pide(pagina: Page, asunto: str, boton: str = "Continuar") -> None:
    pagina.get_by_label("Asunto").fill(asunto)
    pagina.get_by_label("¿Qué pide o qué quiere contar?").fill(f"{asunto}: pido que lo arreglen.")
    pagina.get_by_role("button", name=boton).click()


def radicados(portal, asunto: str) -> int:
    [(cuantos,)] = portal.consultar("SELECT count(*) FROM ventanilla_radicado WHERE asunto = %s", asunto)
    return cuantos


@pytest.fixture
def recibo(tmp_path) -> Path:
    archivo = tmp_path / "recibo.pdf"
    archivo.write_bytes(PDF)
    return archivo


def test_without_name_or_javascript_on_a_slow_line(portal, abrir):
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    con_linea_lenta(pagina)
    empezar(pagina)
    contar_que_pide(pagina, "Luz sin JavaScript")
    expect(pagina.get_by_text("Paso 3 de 3")).to_be_visible()

    pagina.get_by_role("button", name="Radicar", exact=True).click()

    pagina.wait_for_url("**/acuse/")
    codigo = pagina.locator(".acuse__codigo")
    expect(codigo).to_be_visible()
    pagina.get_by_role("button", name="Ya guardé mi código").click()
    expect(codigo).to_have_count(0)
    assert radicados(portal, "Luz sin JavaScript") == 1


def test_two_taps_are_one_radicado(portal, abrir):
    pagina = abrir(ventana=CELULAR)
    con_linea_lenta(pagina)
    empezar(pagina)
    contar_que_pide(pagina, "Luz con dos toques")

    pagina.get_by_role("button", name="Radicar", exact=True).dblclick(no_wait_after=True)

    pagina.wait_for_url("**/acuse/")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Recibimos su solicitud")
    assert radicados(portal, "Luz con dos toques") == 1


def test_another_device_goes_on_with_the_file_that_arrived(abrir, recibo):
    celular = abrir(ventana=CELULAR)
    con_linea_lenta(celular)
    empezar(celular, con_nombre=True)
    contar_que_pide(celular, "Luz en dos equipos", "Adjuntar archivos")
    celular.get_by_label("Elija un archivo").set_input_files(recibo)
    celular.get_by_role("button", name="Subir este archivo").click()
    expect(celular.get_by_text("recibo.pdf")).to_be_visible()
    celular.get_by_text("Guarde este enlace para seguir después").click()
    enlace = celular.get_by_label("Su enlace").input_value()

    computador = abrir(ventana=ESCRITORIO)
    computador.goto(enlace)

    computador.wait_for_url("**/sus-datos/")
    computador.get_by_role("link", name="Volver").click()
    expect(computador.get_by_text("recibo.pdf")).to_be_visible()


def test_a_tramite_with_two_files_is_finished_on_another_device(portal, abrir, recibo, tmp_path):
    [(slug,)] = portal.consultar(
        "SELECT t.slug FROM ventanilla_formulario f JOIN tramites_tramite t ON t.id = f.tramite_id "
        "WHERE f.estado = 'vigente' AND t.codigo = 'GEN-001'"
    )
    celular = abrir(ventana=CELULAR)
    con_linea_lenta(celular)
    celular.goto(f"/tramites/{slug}/solicitar/")
    revisar(celular)
    celular.wait_for_timeout(3_100)
    celular.get_by_label("He leído cómo se usarán mis datos").check()
    celular.get_by_role("button", name="Empezar").click()
    celular.get_by_label("Nombre completo o razón social").fill("Marta Gómez Díaz")
    celular.get_by_label("Número de documento").fill("1090999888")
    celular.get_by_label("La consulto aquí, con mi código").check()
    celular.get_by_role("button", name="Continuar").click()
    celular.get_by_label("¿Cuál es la dirección?").fill("Calle 3 n.º 4-15")
    celular.get_by_label("¿En qué barrio o vereda?").fill("El Centro")
    celular.get_by_label("¿Desde cuándo vive ahí?").fill("2020-07-03")
    revisar(celular)
    celular.get_by_role("button", name="Continuar").click()
    celular.get_by_label("Para un hijo u otra persona a mi cargo").check()
    celular.get_by_role("button", name="Continuar").click()
    celular.get_by_label("¿De quién es?: nombre completo").fill("Luis Gómez")
    celular.get_by_label("¿De quién es?: número de documento").fill("1090111")
    celular.get_by_role("button", name="Continuar").click()
    celular.wait_for_url("**/documentos/")
    revisar(celular)
    celular.locator("input[type=file]").first.set_input_files(recibo)
    celular.get_by_role("button", name="Subir").first.click()
    expect(celular.get_by_text("recibo.pdf")).to_be_visible()
    direccion = celular.get_by_label("Su enlace")
    celular.get_by_text("Guarde este enlace para seguir después").click()
    enlace = direccion.input_value()

    computador = abrir(ventana=ESCRITORIO)
    computador.goto(enlace)
    computador.goto(f"{enlace}documentos/")
    expect(computador.get_by_text("recibo.pdf")).to_be_visible()
    for n, lugar in enumerate(computador.locator(".documento").all()):
        otro = tmp_path / f"documento-{n}.pdf"
        otro.write_bytes(PDF.replace(b"trailer", b"%%%d\ntrailer" % n))
        lugar.locator("input[type=file]").set_input_files(otro)
        lugar.get_by_role("button", name="Subir").click()
        expect(computador.get_by_text(otro.name)).to_be_visible()
    computador.get_by_role("link", name="Continuar").click()
    revisar(computador)
    expect(computador.get_by_text("Luis Gómez, CC 1090111")).to_be_visible()
    computador.get_by_role("button", name="Radicar", exact=True).click()

    computador.wait_for_url("**/acuse/")
    [(respuestas, archivos)] = portal.consultar(
        "SELECT r.respuestas, (SELECT count(*) FROM ventanilla_anexo a WHERE a.radicado_id = r.id) "
        "FROM ventanilla_radicado r JOIN ventanilla_peticionario p ON p.radicado_id = r.id "
        "WHERE p.nombre = 'Marta Gómez Díaz'"
    )
    assert respuestas["desde"] == "3 de julio de 2020" and archivos >= 2


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_every_page_is_accessible_valid_and_fits(abrir, recibo, ventana):
    pagina = abrir(ventana=ventana)

    def mirar() -> None:
        for plegado in pagina.locator("main summary").all():
            plegado.click()
        revisar(pagina)
        html5lib.HTMLParser(strict=True).parse(pagina.request.get(pagina.url).text())

    for ruta in ("/pqrsd/", "/radicar/continuar/", "/radicar/no-hay/"):
        pagina.goto(ruta)
        mirar()
    pagina.goto("/pqrsd/")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)
    empezar(pagina, con_nombre=True)
    mirar()
    contar_que_pide(pagina, "Luz que se mira", "Adjuntar archivos")
    pagina.get_by_label("Elija un archivo").set_input_files(recibo)
    pagina.get_by_role("button", name="Subir este archivo").click()
    expect(pagina.get_by_text("recibo.pdf")).to_be_visible()
    mirar()
    pagina.get_by_role("button", name="Subir este archivo").click()
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)
    pagina.get_by_role("link", name="Continuar").click()
    mirar()
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("alert")).to_be_focused()
    revisar(pagina)
    pagina.get_by_label("Nombre completo o razón social").fill("Ana Rojas Peña")
    pagina.get_by_label("Número de documento").fill("1090123456")
    pagina.get_by_label("La consulto aquí, con mi código").check()
    pagina.get_by_role("button", name="Continuar").click()
    mirar()
    pagina.get_by_role("button", name="Radicar", exact=True).click()
    pagina.wait_for_url("**/acuse/")
    mirar()


def test_the_receipt_prints_on_one_sheet_in_black(abrir):
    pagina = abrir(ventana=HOJA)
    empezar(pagina)
    contar_que_pide(pagina, "Luz en papel")
    pagina.get_by_role("button", name="Radicar", exact=True).click()
    pagina.wait_for_url("**/acuse/")

    assert paginas_impresas(pagina, "Letter") == 1
    pagina.emulate_media(media="print")
    expect(pagina.get_by_role("button", name="Ya guardé mi código")).to_be_hidden()
    colores = pagina.evaluate(
        "[...new Set([...document.querySelectorAll('.acuse, .acuse *:not(svg *)')]"
        ".map(n => getComputedStyle(n).color))]"
    )
    assert colores == ["rgb(0, 0, 0)"]
