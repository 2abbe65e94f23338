"""One trámite from its public page to the certificate that anybody checks; and the pages of both."""

import os
import subprocess
import sys

import html5lib
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR, ESCRITORIO, Portal, _url_de_base
from tests.navegador.test_paginas import revisar
from tests.navegador.test_tramites_publico import HOJA, paginas_impresas
from tests.ventanilla.builders import PDF

pytestmark = pytest.mark.navegador
#: The head of Planeación signs the certificate of the radicado of that number.
FIRMAR = """
from portal.models import Usuario
from ventanilla import proyectos
from ventanilla.flujo import dar_paso
from ventanilla.models import Radicado
jefe = Usuario.objects.get(username="planeacion")
radicado = Radicado.objects.enteros().con_numero("{numero}").get()
dar_paso("aceptar", radicado, por=jefe)
proyectos.guardar(radicado, revision=0, por=jefe, texto="Le enviamos su certificado.", sentido="favorable",
    con_certificado=True, datos={{"estrato": 3, "acto": "el decreto de prueba"}})
dar_paso("enviar_a_firma", radicado, por=jefe)
dar_paso("firmar", radicado, por=jefe)
"""


def firmar(portal: Portal, numero: str) -> None:
    ambiente = os.environ | {"PORTAL_ENTORNO": "desarrollo", "DATABASE_URL": _url_de_base(portal.conexion)}
    orden = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "shell",
        "-c",
        FIRMAR.format(numero=numero),
    ]
    subprocess.run(orden, env=ambiente, check=True, capture_output=True, timeout=120)


def certificado(portal: Portal) -> tuple[str, str, str]:
    """Number, code and radicado of one of Planeación that the demonstration issued."""
    [fila] = portal.consultar(
        "SELECT a.anio || '-' || lpad(a.consecutivo::text, 6, '0') || '-S', s.codigo, t.slug "
        "FROM ventanilla_salida s JOIN ventanilla_asiento a ON a.id = s.asiento_id "
        "JOIN ventanilla_radicado r ON r.id = s.radicado_id JOIN tramites_tramite t ON t.id = r.tramite_id "
        "WHERE s.clase = 'certificado' AND t.codigo = 'PLA-010' ORDER BY s.id LIMIT 1"
    )
    return fila


def continuar(pagina: Page) -> None:
    pagina.get_by_role("button", name="Continuar", exact=True).click()


def test_from_the_page_of_the_tramite_to_the_certificate_without_javascript(portal, abrir, tmp_path):
    recibo = tmp_path / "predial.pdf"
    recibo.write_bytes(PDF)
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    pagina.goto("/tramites/certificado-de-estratificacion-socioeconomica/")
    pagina.get_by_role("link", name="Hacer en línea").click()
    pagina.wait_for_timeout(3_100)
    pagina.get_by_label("He leído cómo se usarán mis datos").check()
    pagina.get_by_role("button", name="Empezar").click()
    pagina.get_by_label("Nombre completo o razón social").fill("Ana Rojas Peña")
    pagina.get_by_label("Número de documento").fill("1090123456")
    pagina.get_by_label("La consulto aquí, con mi código").check()
    continuar(pagina)
    pagina.get_by_label("¿Cuál es la dirección del predio?").fill("Calle 4 n.º 3-18")
    pagina.get_by_label("Urbana").check()
    continuar(pagina)
    pagina.get_by_label("Subsidio o beca").check()
    continuar(pagina)
    expect(pagina.get_by_role("heading", name="Los documentos")).to_be_visible()
    for subir in range(pagina.locator(".documento").count()):
        documento = pagina.locator(".documento").nth(subir)
        documento.locator('input[type="file"]').set_input_files(recibo)
        documento.get_by_role("button", name="Subir").click()
        expect(pagina.get_by_text("predial.pdf")).to_have_count(subir + 1)
    pagina.get_by_role("link", name="Continuar").click()
    pagina.get_by_role("button", name="Radicar", exact=True).click()
    pagina.wait_for_url("**/acuse/")
    numero = pagina.locator(".acuse__numero strong").inner_text()
    codigo = pagina.locator(".acuse__codigo").inner_text()

    firmar(portal, numero)

    pagina.goto("/radicados/consulta/")
    pagina.get_by_label("Número de radicado").fill(numero)
    pagina.get_by_label("Código de seguimiento").fill(codigo)
    pagina.get_by_role("button", name="Consultar").click()
    titulo = pagina.get_by_role("heading", name="Certificado de estratificación")
    suyo = pagina.get_by_role("article").filter(has=titulo)
    suyo.get_by_role("link", name="Ver o imprimir el documento").click()
    expect(pagina.get_by_text("está clasificado en el estrato 3")).to_be_visible()
    pagina.goto(f"/verificar/?codigo={pagina.locator('.codigo').inner_text().lower()}")
    expect(pagina.get_by_text("Es auténtico y está vigente.")).to_be_visible()
    expect(pagina.get_by_text("A*** R*** P***")).to_be_visible()


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_every_page_is_accessible_valid_and_fits(portal, abrir, ventana):
    numero, codigo, slug = certificado(portal)
    pagina = abrir("planeacion", ventana)
    [(formulario,)] = portal.consultar("SELECT min(id) FROM ventanilla_formulario")
    rutas = {
        "/verificar/": 200,
        f"/verificar/{codigo}/": 200,
        "/verificar/BCDF-2345-GHJK-6789/": 404,
        "/verificar/?codigo=": 422,
        f"/documentos/{numero}/": 200,
        f"/documentos/{numero}/anular/": 200,
        f"/tramites/{slug}/": 200,
        "/admin/ventanilla/formulario/": 200,
        f"/admin/ventanilla/formulario/{formulario}/change/": 200,
        f"/admin/ventanilla/formulario/{formulario}/vista/": 200,
    }
    for ruta, estado in rutas.items():
        respuesta = pagina.goto(ruta)

        assert respuesta.status == estado, ruta
        revisar(pagina)
        if not ruta.startswith("/admin/"):
            html5lib.HTMLParser(strict=True).parse(respuesta.text())
    pagina.goto("/verificar/?codigo=")
    expect(pagina.get_by_role("alert")).to_be_focused()


def test_a_certificate_prints_on_one_sheet_in_black(portal, abrir):
    numero, _codigo, _slug = certificado(portal)
    pagina = abrir("planeacion", HOJA)
    pagina.goto(f"/documentos/{numero}/")

    assert {paginas_impresas(pagina, papel) for papel in ("Letter", "A4")} == {1}
    colores = pagina.evaluate(
        "[...new Set([...document.querySelectorAll('main, main *')].map(n => getComputedStyle(n).color))]"
    )
    assert colores == ["rgb(0, 0, 0)"]


def test_whoever_writes_the_tramite_prepares_another_version_with_the_keyboard(portal, abrir):
    """Also a question is added and it is seen as the person will."""
    [(formulario,)] = portal.consultar(
        "SELECT f.id FROM ventanilla_formulario f JOIN tramites_tramite t ON t.id = f.tramite_id "
        "WHERE t.codigo = 'HAC-008' AND f.estado = 'vigente'"
    )
    pagina = abrir("suit")
    pagina.goto(f"/admin/ventanilla/formulario/{formulario}/change/")
    pagina.get_by_role("button", name="Preparar otra versión").press("Enter")
    pagina.get_by_label("Antes de empezar").fill("Tenga a mano el último recibo.")
    pagina.get_by_role("button", name="Guardar y seguir aquí").press("Enter")

    pagina.get_by_role("link", name="Verlo como lo verá la persona").press("Enter")

    expect(pagina.get_by_text("Tenga a mano el último recibo.")).to_be_visible()
    assert portal.consultar("SELECT estado FROM ventanilla_formulario WHERE id = %s", formulario) == [
        ("vigente",)
    ]
