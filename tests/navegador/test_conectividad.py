"""Connectivity in a browser: a cut written with and without a line, and every screen at both widths."""

from datetime import datetime, timedelta

import html5lib
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, CLAVE, ESCRITORIO
from tests.navegador.test_paginas import primera_visita, revisar
from tests.navegador.test_tramites_publico import HOJA, paginas_impresas

pytestmark = pytest.mark.navegador
NUEVO = "/panel/conectividad/nuevo/"
LINEA = "palacio-municipal"
#: The last month that ended, and one before it that the demonstration leaves signed.
ANTERIOR = f"{timezone.localdate().replace(day=1) - timedelta(days=1):%Y-%m}"
PUBLICAS = ["/conectividad/", f"/conectividad/{LINEA}/", f"/conectividad/{LINEA}/{ANTERIOR}/"]
DEL_ESCRITORIO = [
    *("/panel/conectividad/", "/panel/conectividad/?mes=ayer&estado=abiertos", NUEVO),
    *(f"/panel/conectividad/{LINEA}/{ANTERIOR}/", f"/panel/conectividad/{LINEA}/{ANTERIOR}/cerrar/"),
    *(f"/panel/conectividad/{LINEA}/{ANTERIOR}/reclamo/", f"/panel/conectividad/{LINEA}/anios/"),
    *("/admin/conectividad/incidente/", "/admin/conectividad/cierremensual/"),
]


def anotados(portal, inicio: str) -> list[tuple]:
    """What the log has of cuts that began at that moment in Bogotá."""
    return portal.consultar(
        "SELECT anotado_en, registrado_en FROM conectividad_incidente "
        "WHERE inicio = %s::timestamp AT TIME ZONE 'America/Bogota'",
        inicio,
    )


def llenar(pagina, inicio: str, fin: str) -> None:
    """The three questions of the quick entry."""
    pagina.get_by_label("Qué enlace").select_option(LINEA)
    pagina.get_by_label("Cuándo se cayó").fill(inicio)
    pagina.get_by_label("Ya volvió", exact=True).check()
    pagina.get_by_label("Cuándo volvió").fill(fin)


def anotar(pagina) -> None:
    pagina.get_by_role("button", name="Anotar el corte", exact=True).click()


# --- Screens ------------------------------------------------------------------------------------
@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", PUBLICAS)
def test_a_public_page_is_accessible_and_valid(abrir, ruta, ventana):
    pagina = abrir(ventana=ventana)

    respuesta = pagina.goto(ruta)

    assert respuesta.status == 200
    revisar(pagina)
    html5lib.HTMLParser(strict=True).parse(respuesta.text())


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_every_page_of_the_desk_is_accessible_and_valid(portal, abrir, ventana):
    [(abierto,)] = portal.consultar("SELECT min(id) FROM conectividad_incidente WHERE fin IS NULL")
    [(cerrado, anio, mes)] = portal.consultar(
        "SELECT e.slug, c.anio, c.mes FROM conectividad_cierremensual c "
        "JOIN conectividad_enlace e ON e.id = c.enlace_id LIMIT 1"
    )
    [(enlace,)] = portal.consultar("SELECT id FROM conectividad_enlace WHERE slug = %s", LINEA)
    otras = [
        *(f"/panel/conectividad/cortes/{abierto}/", f"/panel/conectividad/{cerrado}/{anio}-{mes:02}/"),
        f"/admin/conectividad/enlace/{enlace}/change/",
    ]
    pagina = abrir("secretaria", ventana)
    for ruta in [*DEL_ESCRITORIO, *otras]:
        respuesta = pagina.goto(ruta)

        assert respuesta.status == 200, ruta
        revisar(pagina)
        if ruta.startswith("/panel/"):
            html5lib.HTMLParser(strict=True).parse(respuesta.text())


def test_the_forms_of_a_cut_are_accessible_open_and_with_errors(portal, abrir):
    [(abierto,)] = portal.consultar("SELECT min(id) FROM conectividad_incidente WHERE fin IS NULL")
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(f"/panel/conectividad/cortes/{abierto}/")
    for titulo in ("Anotar una acción", "Corregir lo anotado", "Anular"):
        pagina.locator("summary", has_text=titulo).click()
    revisar(pagina)

    pagina.get_by_role("button", name="Anular el corte").click()

    expect(pagina.get_by_role("alert")).to_be_focused()
    expect(pagina.get_by_role("link", name="Por qué se anula: Escriba por qué se anula.")).to_be_visible()
    revisar(pagina)


def test_at_400_per_cent_nothing_scrolls_sideways(abrir):
    pagina = abrir("secretaria", {"width": 320, "height": 256})
    for ruta in [*PUBLICAS, NUEVO, "/panel/conectividad/", f"/panel/conectividad/{LINEA}/{ANTERIOR}/"]:
        pagina.goto(ruta)

        assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), ruta


@pytest.mark.parametrize("ruta", PUBLICAS)
def test_a_public_page_weighs_at_most_14_kb_of_html_and_css(portal, abrir, ruta):
    pesos = primera_visita(portal, abrir, ruta)
    texto = sum(bytes_ for url, bytes_ in pesos.items() if not url.endswith((".svg", ".webp", "/escudo/")))

    assert texto <= 14_000, pesos


def test_the_claim_prints_on_one_page_in_black(abrir):
    pagina = abrir("secretaria", HOJA)
    pagina.goto(f"/panel/conectividad/{LINEA}/{ANTERIOR}/reclamo/")

    assert paginas_impresas(pagina, "Letter") == 1
    pagina.emulate_media(media="print")
    expect(pagina.get_by_text("Imprima esta página")).to_be_hidden()
    colores = pagina.evaluate(
        "[...new Set([...document.querySelectorAll('main, main *')].map(n => getComputedStyle(n).color))]"
    )
    assert colores == ["rgb(0, 0, 0)"]


# --- The quick entry ----------------------------------------------------------------------------
def test_on_a_phone_the_questions_and_the_button_are_in_the_first_screen(abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)

    caja = pagina.get_by_role("button", name="Anotar el corte", exact=True).bounding_box()
    assert caja["y"] + caja["height"] <= CELULAR["height"]
    assert caja["height"] >= 44
    escrito = datetime.fromisoformat(pagina.get_by_label("Cuándo se cayó").input_value())
    assert abs(timezone.localtime().replace(tzinfo=None) - escrito) < timedelta(minutes=2)
    expect(pagina.get_by_label("Cuándo volvió")).to_be_hidden()
    expect(pagina.get_by_label("Número del reporte al proveedor")).to_be_hidden()


def test_a_cut_is_written_with_the_keyboard_alone(portal, abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    pagina.get_by_label("Qué enlace").select_option(LINEA)
    pagina.get_by_label("Cuándo se cayó").fill("2025-02-03T08:15")
    pagina.get_by_label("Sigue sin volver").focus()
    pagina.keyboard.press("ArrowRight")
    pagina.get_by_label("Cuándo volvió").fill("2025-02-03T09:15")

    pagina.keyboard.press("Enter")

    pagina.wait_for_url("**/cortes/*/")
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Palacio municipal")
    assert len(anotados(portal, "2025-02-03 08:15")) == 1


def test_without_scripts_it_is_a_form(portal, abrir):
    pagina = abrir("secretaria", CELULAR, java_script_enabled=False)
    pagina.goto(NUEVO)
    llenar(pagina, "2025-02-04T08:15", "2025-02-04T09:15")

    anotar(pagina)

    expect(pagina.get_by_text("El corte quedó anotado.")).to_be_visible()
    assert len(anotados(portal, "2025-02-04 08:15")) == 1


def test_written_without_a_line_it_is_sent_once_when_it_returns_with_both_moments(portal, abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    pagina.context.set_offline(True)
    for inicio, fin in (("2025-02-05T08:15", "2025-02-05T09:15"), ("2025-02-06T08:15", "2025-02-06T09:15")):
        llenar(pagina, inicio, fin)
        anotar(pagina)
        expect(pagina.get_by_role("heading", name="Guardado en este teléfono, sin enviar")).to_be_focused()
    expect(pagina.get_by_text("se cayó el 05/02/2025 a las 08:15.")).to_be_visible()
    expect(pagina.get_by_text("No hay conexión. Se enviará solo cuando vuelva.")).to_be_visible()
    revisar_sin_linea(pagina)
    assert anotados(portal, "2025-02-05 08:15") == []

    pagina.wait_for_timeout(3000)
    pagina.context.set_offline(False)

    expect(pagina.get_by_role("heading", name="Nada queda por enviar")).to_be_visible()
    expect(pagina.get_by_text("Enviado:").first).to_be_visible()
    for inicio in ("2025-02-05 08:15", "2025-02-06 08:15"):
        [(anotado_en, registrado_en)] = anotados(portal, inicio)
        assert timedelta(seconds=2) < registrado_en - anotado_en < timedelta(minutes=2)
    pagina.reload()
    expect(pagina.locator("[data-pendientes]")).to_be_hidden()
    assert len(anotados(portal, "2025-02-05 08:15")) == 1


def test_in_a_wifi_without_internet_it_tries_again_by_itself(portal, abrir):
    """Such a phone is never told that the line came back."""
    pagina = abrir("secretaria", CELULAR)
    pagina.clock.install()
    pagina.goto(NUEVO)
    llenar(pagina, "2025-02-14T08:15", "2025-02-14T09:15")
    pagina.route(f"**{NUEVO}", lambda ruta: ruta.abort())
    anotar(pagina)
    expect(pagina.get_by_role("heading", name="Guardado en este teléfono, sin enviar")).to_be_focused()

    pagina.clock.run_for(61_000)
    expect(pagina.get_by_text("No hay conexión. Se enviará solo cuando vuelva.")).to_be_visible()
    pagina.unroute(f"**{NUEVO}")
    pagina.clock.run_for(61_000)

    expect(pagina.get_by_text("Enviado:")).to_be_visible()
    assert len(anotados(portal, "2025-02-14 08:15")) == 1


def revisar_sin_linea(pagina) -> None:
    """Its own script brings nothing from outside, so it runs without a line."""
    revisar(pagina)


def test_pressing_twice_gives_one_row(portal, abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    llenar(pagina, "2025-02-07T08:15", "2025-02-07T09:15")

    pagina.get_by_role("button", name="Anotar el corte", exact=True).dblclick()

    pagina.wait_for_url("**/cortes/*/")
    assert len(anotados(portal, "2025-02-07 08:15")) == 1


def test_an_answer_that_got_lost_is_asked_for_again_and_gives_one_row(portal, abrir):
    """The line falls after the server wrote it and before the phone knew."""
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    llenar(pagina, "2025-02-10T08:15", "2025-02-10T09:15")

    def perder_la_respuesta(ruta) -> None:
        ruta.fetch()
        ruta.abort()

    pagina.route(f"**{NUEVO}", perder_la_respuesta)
    anotar(pagina)
    expect(pagina.get_by_role("heading", name="Guardado en este teléfono, sin enviar")).to_be_visible()
    pagina.unroute(f"**{NUEVO}")
    pagina.get_by_role("button", name="Enviar ahora").click()

    expect(pagina.get_by_text("Enviado:")).to_be_visible()
    assert len(anotados(portal, "2025-02-10 08:15")) == 1


def test_when_the_session_ended_it_is_kept_until_one_enters_again(portal, abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    pagina.context.clear_cookies()
    llenar(pagina, "2025-02-11T08:15", "2025-02-11T09:15")
    anotar(pagina)
    expect(pagina.get_by_text("Su sesión terminó")).to_be_visible()
    assert anotados(portal, "2025-02-11 08:15") == []

    pagina.goto(f"/admin/login/?next={NUEVO}")
    pagina.get_by_label("Nombre de usuario").fill("secretaria")
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Entrar").click()

    expect(pagina.get_by_text("Enviado:")).to_be_visible()
    assert len(anotados(portal, "2025-02-11 08:15")) == 1


def test_what_one_person_left_is_not_sent_by_another(portal, abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    pagina.context.clear_cookies()
    llenar(pagina, "2025-02-12T08:15", "2025-02-12T09:15")
    anotar(pagina)
    expect(pagina.get_by_text("Su sesión terminó")).to_be_visible()

    pagina.goto(f"/admin/login/?next={NUEVO}")
    pagina.get_by_label("Nombre de usuario").fill("alcalde")
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Entrar").click()

    expect(pagina.get_by_text("Otra persona dejó 1 sin enviar")).to_be_visible()
    assert anotados(portal, "2025-02-12 08:15") == []


def test_what_the_log_refuses_goes_back_to_the_form(portal, abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.goto(NUEVO)
    pagina.context.set_offline(True)
    llenar(pagina, "2025-02-13T08:15", "2025-02-13T07:15")
    anotar(pagina)
    pagina.context.set_offline(False)
    expect(pagina.get_by_text("No se aceptó: Cuándo volvió:")).to_be_visible()

    pagina.get_by_role("button", name="Corregirlo").click()
    pagina.get_by_label("Cuándo volvió").fill("2025-02-13T09:15")
    anotar(pagina)

    pagina.wait_for_url("**/cortes/*/")
    assert len(anotados(portal, "2025-02-13 08:15")) == 1


def test_a_clock_that_is_wrong_is_told(abrir):
    pagina = abrir("secretaria", CELULAR)
    pagina.clock.set_fixed_time(timezone.now() - timedelta(hours=3))

    pagina.goto(NUEVO)

    expect(pagina.get_by_text("El reloj de este teléfono va 180 minutos atrasado.")).to_be_visible()
