"""The Monday of Secretaría General in a browser: the panel, the report, its signature, and the committee."""

import io
import re
import time
from typing import Any

import html5lib
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar
from tests.navegador.test_trabajo_principal import abrir_tarea, llenar

pytestmark = pytest.mark.navegador
PANEL = {"width": 1366, "height": 768}


@pytest.fixture
def informes(portal) -> dict[str, Any]:
    """Year and week of a public report with a note and of the last one; a criterion without rule."""
    [publico] = portal.consultar(
        "SELECT i.anio, i.semana FROM seguimiento_informesemanal i JOIN seguimiento_notadecorreccion n"
        " ON n.informe_id = i.id ORDER BY 1, 2 LIMIT 1"
    )
    [ultimo] = portal.consultar(
        "SELECT anio, semana FROM seguimiento_informesemanal ORDER BY anio DESC, semana DESC LIMIT 1"
    )
    [(sin_regla,)] = portal.consultar("SELECT codigo FROM seguimiento_criterio WHERE regla = '' LIMIT 1")
    return {"publico": publico, "ultimo": ultimo, "sin_regla": sin_regla}


PANTALLAS = {
    "panel": "/panel/",
    "semana en curso": "/panel/?semana={en_curso}",
    "semana que no hay": "/panel/?semana=2020-S01",
    "dependencia": "/panel/dependencias/secretaria-de-planeacion/",
    "muchos criterios": "/panel/dependencias/secretaria-general/",
    "firmar": "/panel/informes/{ultimo[0]}/{ultimo[1]}/firmar/",
    "corregir": "/panel/informes/{publico[0]}/{publico[1]}/corregir/",
    "enlaces": "/panel/comite/",
    "criterios": "/panel/criterios/",
    "criterio con regla": "/panel/criterios/INF-01/",
    "criterio de personas": "/panel/criterios/{sin_regla}/",
}


def en_curso(portal) -> str:
    [(clave,)] = portal.consultar("""SELECT to_char(now() AT TIME ZONE 'America/Bogota', 'IYYY-"S"IW')""")
    return clave


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO, PANEL], ids=["360", "1280", "1366"])
@pytest.mark.parametrize("ruta", PANTALLAS.values(), ids=PANTALLAS)
def test_a_screen_is_accessible_and_valid(portal, abrir, informes, ruta, ventana):
    pagina = abrir("secretaria", ventana)

    respuesta = pagina.goto(ruta.format(**informes, en_curso=en_curso(portal)))

    assert respuesta.status == 200
    html5lib.HTMLParser(strict=True).parse(respuesta.text())
    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", ["/informes-semanales/", "/informes-semanales/{publico[0]}/{publico[1]}/"])
def test_a_public_page_is_accessible(abrir, informes, ruta, ventana):
    pagina = abrir(ventana=ventana)

    assert pagina.goto(ruta.format(**informes)).status == 200

    revisar(pagina)


@pytest.mark.parametrize("semana", ["", "?semana={en_curso}"])
def test_the_panel_is_one_screen_and_one_printed_sheet(portal, abrir, semana):
    pagina = abrir("secretaria", PANEL)

    pagina.goto(f"/panel/{semana.format(en_curso=en_curso(portal))}")

    assert pagina.evaluate("document.documentElement.scrollHeight") <= PANEL["height"]
    hoja = PdfReader(io.BytesIO(pagina.pdf(prefer_css_page_size=True)))
    assert len(hoja.pages) == 1
    impreso = hoja.pages[0].extract_text()
    assert "Por decidir" in impreso
    assert "ocho semanas" in impreso


def test_every_figure_opens_its_rows_in_at_most_two_clicks(abrir):
    pagina = abrir("secretaria", PANEL)
    pagina.goto("/panel/")
    figuras = [enlace.get_attribute("href") for enlace in pagina.locator(".cifra h2 a").all()]
    dependencias = [enlace.get_attribute("href") for enlace in pagina.locator(".dependencias th a").all()]

    assert len(figuras) == 6
    for url in figuras:
        pagina.goto(url)
        expect(pagina.get_by_role("heading", level=1)).to_be_visible()
        assert pagina.locator("main").get_by_text(re.compile("semana", re.IGNORECASE)).count()
    for url in dependencias:
        pagina.goto(url)
        assert pagina.locator("table").count()


def test_the_panel_by_keyboard(portal, abrir):
    pagina = abrir("alcalde", PANEL)
    pagina.goto("/panel/")

    pagina.keyboard.press("Tab")
    expect(pagina.get_by_text("Saltar al contenido")).to_be_focused()
    pagina.keyboard.press("Enter")
    pagina.locator("#semana").focus()
    pagina.keyboard.press("Home")
    pagina.keyboard.press("Tab")
    pagina.keyboard.press("Enter")

    pagina.wait_for_url(re.compile(rf"/panel/\?semana={en_curso(portal)}"))
    expect(pagina.get_by_text("en curso", exact=True)).to_be_visible()


def test_what_a_line_draws_is_said_and_is_beside_it_in_numbers(abrir):
    pagina = abrir("secretaria", PANEL)
    pagina.goto("/panel/")

    expect(
        pagina.get_by_role("img", name=re.compile("Trámites publicados, últimas 8 semanas: "))
    ).to_be_visible()
    pagina.get_by_text("Las líneas en números").click()
    expect(pagina.get_by_role("columnheader", name=re.compile("Semana")).first).to_be_visible()


def test_the_report_goes_from_the_signature_to_the_citizen(portal, abrir, informes):
    """Signed by Secretaría General, validated by the editor, authorised by the mayor, read by anybody."""
    anio, semana = informes["ultimo"]
    url = f"/informes-semanales/{anio}/{semana}/"
    secretaria, ciudadana = abrir("secretaria", PANEL), abrir()
    assert ciudadana.goto(url).status == 404

    planeacion = abrir("planeacion")
    planeacion.goto("/panel/dependencias/secretaria-de-planeacion/")
    planeacion.get_by_label("Lo que su dependencia dice de esta semana").fill("Se publica el martes.")
    planeacion.get_by_role("button", name="Guardar lo que dice la dependencia").click()
    expect(planeacion.get_by_text("quedó en el informe de la semana")).to_be_visible()

    secretaria.goto("/panel/")
    secretaria.get_by_role("link", name="Firmar").click()
    expect(secretaria.get_by_text("Se publica el martes.")).to_be_visible()
    secretaria.get_by_label("Observaciones de Secretaría General (opcional)").fill(
        "Se habló con las jefaturas."
    )
    secretaria.get_by_role("button", name="Firmar el informe").click()
    expect(secretaria.get_by_text("Su texto espera a quien valida")).to_be_visible()
    expect(secretaria.get_by_role("link", name="Firmar")).to_have_count(0)

    [(version,)] = portal.consultar(
        "SELECT v.id FROM portal_version v JOIN seguimiento_informesemanal i"
        " ON i.publicacion_id = v.publicacion_id WHERE i.anio = %s AND i.semana = %s",
        anio,
        semana,
    )
    for quien, boton in (("editor", "Validar"), ("alcalde", "Autorizar y publicar")):
        revisa = abrir(quien)
        revisa.goto(f"/admin/portal/version/{version}/change/")
        revisa.get_by_role("button", name=boton, exact=True).click()
        revisa.wait_for_load_state()

    assert ciudadana.goto(url).status == 200
    expect(ciudadana.get_by_text("Se habló con las jefaturas.")).to_be_visible()
    expect(ciudadana.get_by_text("Se publica el martes.")).to_be_visible()
    expect(ciudadana.get_by_text("Comprobado:")).to_be_visible()
    ciudadana.goto("/informes-semanales/")
    ciudadana.locator(f"a[href='{url}']").click()
    with ciudadana.expect_download() as bajada:
        ciudadana.get_by_role("link", name="hoja de cálculo").click()
    assert bajada.value.suggested_filename == f"informe-semanal-{anio}-S{semana:02}.xlsx"


def test_a_member_without_account_reads_and_signs_an_observation(abrir):
    secretaria = abrir("secretaria")
    secretaria.goto("/panel/")
    secretaria.get_by_role("link", name="Comité").click()
    secretaria.get_by_label("Puesto en el comité").select_option(index=1)
    secretaria.get_by_label("Quién lo ocupa hoy").fill("Ana Rojas")
    secretaria.get_by_role("button", name="Crear el enlace").click()
    revisar(secretaria)
    direccion = secretaria.get_by_label("Enlace nuevo").input_value()

    miembro = abrir(ventana=CELULAR)
    assert miembro.goto(direccion).status == 200
    revisar(miembro)
    miembro.get_by_label("Su observación de esta semana").fill("Faltan los acuerdos de noviembre.")
    miembro.get_by_role("button", name="Firmar mi observación").click()
    expect(miembro.get_by_text("Marque la casilla para firmar")).to_be_visible()
    expect(miembro.get_by_label("Su observación de esta semana")).to_have_value(
        "Faltan los acuerdos de noviembre."
    )
    revisar(miembro)
    miembro.get_by_label(re.compile("Firmo esta observación como Ana Rojas")).check()
    miembro.get_by_role("button", name="Firmar mi observación").click()
    expect(miembro.get_by_text("ya está firmada y no cambia")).to_be_visible()
    miembro.get_by_role("link", name=re.compile("Informe completo")).click()
    expect(miembro.get_by_role("heading", level=1)).to_contain_text("Informe semanal")

    secretaria.goto("/panel/")
    expect(secretaria.get_by_text("Faltan los acuerdos de noviembre.")).to_be_visible()
    secretaria.goto("/panel/comite/")
    secretaria.get_by_role("row", name=re.compile("Ana Rojas")).get_by_role("button").first.click()
    expect(secretaria.get_by_text("ya no abre nada")).to_be_visible()
    assert miembro.goto(direccion).status == 404
    revisar(miembro)


def test_a_channel_left_empty_reopens_its_criterion_and_publishing_again_restores_it(portal, abrir):
    """Withdrawn, the next verification fails it and the phase goes down; published again, it comes back."""
    secretaria, editor, alcalde, ciudadana = (*map(abrir, ("secretaria", "editor", "alcalde")), abrir())
    [(publicacion,)] = portal.consultar(
        "SELECT p.id FROM portal_publicacion p JOIN portal_canal c ON c.id = p.canal_id"
        " WHERE c.slug = 'organigrama' AND p.retirada_en IS NULL AND p.publicada_en IS NOT NULL"
    )
    esperar_la_primera_ronda(portal)
    cumplidos = criterios_cumplidos(ciudadana)

    secretaria.goto(f"/admin/portal/publicacion/{publicacion}/change/")
    secretaria.get_by_text("Retirar del sitio…").click()
    secretaria.get_by_label("Clase").select_option(index=1)
    secretaria.get_by_role("textbox", name="Motivo").last.fill("La estructura cambió por decreto.")
    secretaria.get_by_role("button", name="Retirar del sitio").click()
    mirar_el_organigrama(secretaria, "ahora está «no cumple»")
    expect(secretaria.get_by_text("Publique en «Organigrama»")).to_be_visible()
    assert criterios_cumplidos(ciudadana) == cumplidos - 1

    secretaria.goto("/admin/portal/version/add/")
    secretaria.get_by_role("link", name="Página para Organigrama", exact=True).click()
    llenar(secretaria, "Estructura nueva de la alcaldía", "Quién depende de quién.", "Tres secretarías.")
    secretaria.get_by_role("button", name="Guardar y enviar a validación").click()
    expect(secretaria.get_by_text("El texto se envió")).to_be_visible()
    abrir_tarea(editor, "Por validar", "Estructura nueva de la alcaldía")
    editor.get_by_role("button", name="Validar").click()
    abrir_tarea(alcalde, "Por autorizar", "Estructura nueva de la alcaldía")
    alcalde.get_by_role("button", name="Autorizar y publicar").click()
    expect(alcalde.get_by_text("quedó en el estado «publicada»")).to_be_visible()
    mirar_el_organigrama(secretaria, "ahora está «cumple»")
    assert criterios_cumplidos(ciudadana) == cumplidos


def esperar_la_primera_ronda(portal) -> None:
    """The routines of a site that has just started look at every criterion: until then its figures move."""
    limite = time.monotonic() + 120
    while not portal.consultar("SELECT 1 FROM portal_ejecucionderutina WHERE rutina = 'verificar-criterios'"):
        assert time.monotonic() < limite
        time.sleep(1)


def criterios_cumplidos(pagina) -> int:
    """Of the phase of Información, as anybody reads it."""
    pagina.goto("/gobierno-en-linea/informacion/")
    return int(re.search(r"(\d+) de \d+ criterios se cumplen", pagina.locator("main").inner_text())[1])


def mirar_el_organigrama(pagina, lo_que_dice: str) -> None:
    pagina.goto("/panel/criterios/INF-03/")
    pagina.get_by_role("button", name="Mirar ahora").click()
    expect(pagina.get_by_text(lo_que_dice)).to_be_visible()
