"""The handover in a browser: its desk and its public pages, from an activity to the document."""

import html5lib
import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_cambio_de_gobierno import publicar_el_documento
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
PUBLICAS = ("/gobierno-en-linea/empalme/", "/gobierno-en-linea/empalme/2024-2027/")


def pantallas(portal) -> list[str]:
    """Those of the desk: the rehearsal, an activity to do and one done, who comes in, the document."""
    [(hecha, por_hacer, entrante, anio, consecutivo)] = portal.consultar(
        "SELECT min(a.id) FILTER (WHERE hecha_en IS NOT NULL), min(a.id) FILTER (WHERE hecha_en IS NULL),"
        " (SELECT min(id) FROM seguimiento_funcionarioentrante),"
        " (SELECT max(anio) FROM seguimiento_documentodeempalme),"
        " (SELECT max(consecutivo) FROM seguimiento_documentodeempalme)"
        " FROM seguimiento_actividaddeempalme a"
    )
    mesa = "/panel/empalme/2024-2027/"
    return [
        "/panel/empalme/",
        mesa,
        *(f"{mesa}actividades/{una}/" for una in (hecha, por_hacer)),
        f"{mesa}entrantes/{entrante}/",
        f"{mesa}documento/{anio}-{consecutivo}/",
    ]


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_each_screen_is_accessible_and_valid(portal, abrir, ventana):
    publica, pagina = abrir(ventana=ventana), abrir("secretaria", ventana)

    for donde, ruta in [(publica, r) for r in PUBLICAS] + [(pagina, r) for r in pantallas(portal)]:
        respuesta = donde.goto(ruta)

        assert respuesta.status == 200, ruta
        revisar(donde)
        html5lib.HTMLParser(strict=True).parse(respuesta.text())


def test_from_the_minutes_to_the_document_that_anybody_reads(portal, abrir):
    """Record an activity, sign, and let other people validate and authorise."""
    secretaria = abrir("secretaria", CELULAR)
    secretaria.goto(pantallas(portal)[3])
    secretaria.get_by_role("button", name="Registrar el acta").click()
    expect(secretaria.get_by_role("alert")).to_be_focused()
    expect(secretaria.get_by_role("alert")).to_contain_text("Escriba el acta.")
    revisar(secretaria)

    hoy = secretaria.evaluate("new Date().toLocaleDateString('en-CA', {timeZone: 'America/Bogota'})")
    secretaria.get_by_label("Se hizo el").fill(hoy)
    secretaria.get_by_label("Acta: qué se trató").fill("Se instaló el empalme.")
    secretaria.get_by_label("Asistieron del equipo saliente").fill("Ana Rojas, Secretaria General")
    secretaria.get_by_role("button", name="Registrar el acta").click()
    expect(secretaria.get_by_role("status")).to_contain_text("El acta quedó registrada")

    publicar_el_documento(abrir, secretaria, portal)

    publica = abrir(ventana=CELULAR)
    publica.goto(PUBLICAS[1])
    publica.get_by_role("link", name="Documento 20").first.click()
    expect(publica.get_by_role("heading", level=1)).to_contain_text("Documento de empalme")
    expect(publica.get_by_text("Comprobado:")).to_be_visible()
    expect(publica.get_by_text("no se publica, por seguridad")).to_be_visible()
    revisar(publica)
