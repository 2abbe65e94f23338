"""Help, support and forgotten passwords in a browser: accessible, valid, and all the way to the end."""

import re

import html5lib
import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, CLAVE, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
NUEVA = "una frase que recuerdo"


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_the_screens_are_accessible(abrir, ventana):
    de_afuera, de_adentro = abrir(ventana=ventana), abrir("secretaria", ventana)

    for pagina, rutas in (
        (
            de_afuera,
            (
                *("/admin/login/", "/admin/contrasena/olvidada/", "/admin/contrasena/enviada/"),
                *("/admin/contrasena/lista/", "/admin/contrasena/nueva/MQ.abc-def/", "/admin/clave/"),
                *("/soporte/", "/soporte/?q=publicacion", "/soporte/?q=zzyzx"),
            ),
        ),
        (
            de_adentro,
            (
                *("/admin/soporte/", "/admin/soporte/pedir/?pantalla=/admin/", "/admin/claves/"),
                *("/admin/ayuda/", "/admin/ayuda/?q=corte", "/admin/ayuda/conectividad/", "/admin/"),
                *("/admin/portal/procedimientodesoporte/", "/admin/contrasena/correo/"),
            ),
        ),
    ):
        for ruta in rutas:
            respuesta = pagina.goto(ruta)
            assert respuesta.status in {200, 410}, ruta
            revisar(pagina)
            if ruta.startswith("/soporte/"):
                html5lib.HTMLParser(strict=True).parse(respuesta.text())


def test_help_is_asked_for_from_a_screen_and_answered(abrir):
    quien_pide, quien_responde = abrir("sisben", CELULAR), abrir("secretaria", CELULAR)
    quien_pide.goto("/admin/portal/version/?q=carpeta")
    quien_pide.get_by_role("link", name="Pedir ayuda", exact=True).click()
    quien_pide.get_by_role("button", name="Enviar").click()
    expect(quien_pide.get_by_role("alert")).to_be_focused()
    revisar(quien_pide)
    quien_pide.get_by_label("Qué pasó").fill("No veo mi borrador.")
    quien_pide.get_by_role("button", name="Enviar").click()
    numero = re.search(r"\d{4}-\d{3}", quien_pide.get_by_role("heading", level=1).inner_text())[0]

    quien_responde.goto("/admin/")
    quien_responde.get_by_role("link", name=f"Soporte {numero}").click()
    expect(quien_responde.get_by_text("/admin/portal/version/", exact=True)).to_be_visible()
    quien_responde.get_by_label("Respuesta").fill("Está en su bandeja, en «Sus borradores».")
    quien_responde.get_by_role("button", name="Responder").click()
    revisar(quien_responde)

    quien_pide.goto("/admin/")
    quien_pide.get_by_role("link", name=f"Soporte {numero}").click()
    expect(quien_pide.get_by_text("Está en su bandeja, en «Sus borradores».")).to_be_visible()


def test_a_password_without_mail_takes_two_people_and_a_code(abrir):
    pide, concede, duena = abrir("secretaria", CELULAR), abrir("hacienda", CELULAR), abrir(ventana=CELULAR)
    pide.goto("/admin/claves/")
    pide.get_by_label("Persona").select_option(label="Titular de la Comisaría (demostración)")
    pide.get_by_label("Por qué la necesita").fill("La olvidó y no tiene correo.")
    pide.get_by_role("button", name="Pedir", exact=True).click()

    concede.goto("/admin/")
    concede.get_by_role("link", name="Para el usuario comisaria").click()
    revisar(concede)
    concede.get_by_role("button", name="Conceder y ver el código").click()
    revisar(concede)
    codigo = concede.locator(".codigo").inner_text()
    concede.get_by_role("link", name="Ya lo anoté").click()
    assert codigo not in concede.content()

    duena.goto("/admin/login/")
    duena.get_by_role("link", name="Tengo un código").click()
    duena.get_by_label("Nombre de usuario").fill("comisaria")
    duena.get_by_label("Código").fill(codigo.lower())
    duena.get_by_label("Contraseña nueva", exact=True).fill("corta")
    duena.get_by_role("button", name="Guardar la contraseña nueva").click()
    expect(duena.get_by_role("alert")).to_be_focused()
    revisar(duena)
    for caja in duena.locator("input[type=password]").all():
        caja.fill(NUEVA)
    duena.get_by_role("button", name="Guardar la contraseña nueva").click()
    duena.locator("a.boton", has_text="Entrar").click()
    duena.get_by_label("Nombre de usuario").fill("comisaria")
    duena.get_by_label("Contraseña").fill(CLAVE)
    duena.get_by_role("button", name="Entrar").click()
    expect(duena.get_by_text("no coinciden")).to_be_visible()
    duena.get_by_label("Contraseña").fill(NUEVA)
    duena.get_by_role("button", name="Entrar").click()
    duena.wait_for_url("**/admin/")
