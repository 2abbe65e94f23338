"""A government leaves and another one comes, from the first training to what the new head authorises."""

import re
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR
from tests.navegador.test_trabajo_principal import abrir_tarea, escribir

pytestmark = pytest.mark.navegador
EMPALME = "/panel/empalme/2024-2027/"
INDICADOR = "/gobierno-en-linea/plan-de-accion/funcionarios-vinculados/"
TITULO = "Cierre de la calle 3 por obras del acueducto"
CORREO, CLAVE_NUEVA = "rosa.villamizar@ejemplo.gov.co", "una frase que ella recuerda"


@pytest.fixture
def planeacion_vuelve(portal):
    """The other tests of this site find the head of Planeación that they know."""
    yield
    portal.consultar("UPDATE portal_titularidad SET hasta = NULL WHERE acto = 'Acta 001' RETURNING id")
    portal.consultar(
        "DELETE FROM portal_titularidad t USING portal_usuario u WHERE u.id = t.persona_id AND u.email = %s"
        " RETURNING t.id",
        CORREO,
    )
    portal.consultar(
        "UPDATE portal_titularidad t SET hasta = NULL FROM portal_usuario u"
        " WHERE u.id = t.persona_id AND u.username = 'planeacion' RETURNING t.id"
    )


@contextmanager
def plegado(pagina: Page, texto: str):
    pagina.get_by_text(texto, exact=True).click()
    yield pagina


def vincular_hasta_la_meta(pagina: Page, hoy: date) -> None:
    """The window is moved to these days, and who was not linked gets an account and takes part."""
    pagina.goto(EMPALME)
    with plegado(pagina, "Cambiar las fechas o el acto"):
        pagina.get_by_label("Primer día").fill(str(hoy - timedelta(days=3)))
        pagina.get_by_label("Último día").fill(str(hoy + timedelta(days=18)))
        pagina.get_by_role("button", name="Guardar").click()
    expect(pagina.get_by_role("status")).to_be_visible()
    expect(pagina.get_by_text("3 de 5")).to_be_visible()
    pagina.get_by_role("link", name="Nubia Carrillo").click()
    pagina.get_by_label("Cómo se vinculó").select_option(label="Entró al Comité GEL-T")
    pagina.get_by_label("Vinculado desde").fill(str(hoy))
    pagina.get_by_role("button", name="Guardar").click()
    expect(pagina.get_by_role("status")).to_be_visible()


def publicar_el_documento(abrir, secretaria: Page, portal) -> None:
    """Assembled, signed by Secretaría General, validated and authorised by two other people."""
    secretaria.goto(EMPALME)
    secretaria.get_by_role("button", name="Armar el documento").click()
    secretaria.get_by_role("link", name="Documento ").first.click()
    secretaria.get_by_label("Leí el documento").check()
    secretaria.get_by_role("button", name="Firmar el documento").click()
    expect(secretaria.get_by_role("status")).to_contain_text("Firmó el documento")
    [(version,)] = portal.consultar(
        "SELECT v.id FROM portal_version v JOIN seguimiento_documentodeempalme d"
        " ON d.publicacion_id = v.publicacion_id ORDER BY d.firmado_en DESC LIMIT 1"
    )
    for quien, boton in (("editor", "Validar"), ("alcalde", "Autorizar y publicar")):
        pagina = abrir(quien)
        pagina.goto(f"/admin/portal/version/{version}/change/")
        pagina.get_by_role("button", name=boton, exact=True).click()
        expect(pagina.get_by_text("quedó en el estado")).to_be_visible()


def relevar(pagina: Page, hoy: date) -> None:
    """Only the head of Planeación leaves, and somebody comes who had no account."""
    pagina.goto("/admin/portal/titularidad/relevo/")
    pagina.get_by_label("Último día de quienes salen").fill(str(hoy - timedelta(days=1)))
    pagina.get_by_label("Acto administrativo").fill("Acta 001")
    for casilla in pagina.get_by_label("Deja el cargo ese día").all():
        casilla.uncheck()
    cargo = pagina.get_by_role("group", name=re.compile("^Secretari[oa] de Planeación"))
    cargo.get_by_label("Deja el cargo ese día").check()
    cargo.get_by_text("Entra una persona que no está en la lista").click()
    cargo.get_by_label("Nombres").fill("Rosa")
    cargo.get_by_label("Apellidos").fill("Villamizar")
    cargo.get_by_label("Correo").fill(CORREO)
    pagina.get_by_role("button", name="Ver qué pasaría").click()
    expect(pagina.get_by_role("heading", name="Así quedaría. Todavía no se ha hecho")).to_be_visible()
    expect(pagina.get_by_text(TITULO)).to_be_attached()
    pagina.get_by_role("button", name="Hacer el relevo").click()
    expect(pagina.get_by_text("Una titularidad termina")).to_be_visible()


def entrar_por_primera_vez(abrir, portal) -> Page:
    """By the link that comes in her mail: nobody gave her a password."""
    pagina = abrir(ventana=CELULAR)
    pagina.goto("/admin/login/")
    pagina.get_by_role("link", name="¿Olvidó su contraseña?").click()
    pagina.get_by_role("textbox", name="Correo").fill(CORREO)
    pagina.get_by_role("button", name="Enviar el enlace").click()
    expect(pagina.get_by_role("heading", level=1)).to_be_visible()
    [(texto,)] = portal.consultar(
        "SELECT texto FROM portal_correo WHERE para = %s AND texto LIKE %s", CORREO, "%/contrasena/nueva/%"
    )
    camino = re.search(r"/admin/contrasena/nueva/\S+", texto)[0]
    pagina.goto(camino)
    for campo in pagina.locator("input[type=password]").all():
        campo.fill(CLAVE_NUEVA)
    pagina.get_by_role("button", name="Guardar la contraseña nueva").click()
    pagina.goto("/admin/login/")
    pagina.get_by_label("Nombre de usuario").fill("rosa.villamizar")
    pagina.get_by_label("Contraseña").fill(CLAVE_NUEVA)
    pagina.get_by_role("button", name="Entrar").click()
    pagina.wait_for_url("**/admin/")
    return pagina


def test_a_whole_change_of_administration(portal, abrir, planeacion_vuelve):
    secretaria, autora, editor, saliente = (
        abrir(quien) for quien in ("secretaria", "autor.planeacion", "editor", "planeacion")
    )
    hoy = date.fromisoformat(
        secretaria.evaluate("new Date().toLocaleDateString('en-CA', {timeZone: 'America/Bogota'})")
    )
    escribir(autora, TITULO, "Desde el lunes y por quince días.", "El paso se hará por la calle 4.")
    abrir_tarea(editor, "Por validar", TITULO)
    editor.get_by_role("button", name="Validar").click()
    expect(editor.get_by_text("quedó en el estado «por autorizar»")).to_be_visible()

    vincular_hasta_la_meta(secretaria, hoy)
    publicar_el_documento(abrir, secretaria, portal)
    relevar(secretaria, hoy)

    ciudadana = abrir(ventana=CELULAR, java_script_enabled=False)
    ciudadana.goto(INDICADOR)
    expect(ciudadana.get_by_text("80 %").first).to_be_visible()
    ciudadana.goto("/gobierno-en-linea/empalme/2024-2027/")
    ciudadana.get_by_role("link", name="Documento 20").first.click()
    expect(ciudadana.get_by_role("heading", level=1)).to_contain_text("Documento de empalme")

    saliente.goto("/admin/")
    expect(saliente.get_by_role("link", name=TITULO)).to_have_count(0)
    entrante = entrar_por_primera_vez(abrir, portal)
    abrir_tarea(entrante, "Por autorizar", TITULO)
    entrante.get_by_role("button", name="Autorizar y publicar").click()
    expect(entrante.get_by_text("quedó en el estado «publicada»")).to_be_visible()

    ciudadana.goto("/canales/programas-y-proyectos/")
    ciudadana.get_by_role("link", name=TITULO).click()
    expect(ciudadana.get_by_text("El paso se hará por la calle 4.")).to_be_visible()
