"""The screens of the admin in a browser: accessible, with room for titles, and usable without a mouse."""

import pytest
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
PANTALLAS = {
    "usuarios": "/admin/portal/usuario/",
    "usuario nuevo": "/admin/portal/usuario/add/",
    "usuario": "/admin/portal/usuario/{editor}/change/",
    "contraseña de otro": "/admin/portal/usuario/{editor}/password/",
    "contraseña": "/admin/password_change/",
    "historia": "/admin/portal/dependencia/1/history/",
    "eliminar": "/admin/portal/dependencia/1/delete/",
    "autorizaciones": "/admin/portal/autorizacion/",
    "actualizaciones": "/admin/portal/actualizacion/",
    "correos": "/admin/portal/correo/",
    "un correo": "/admin/portal/correo/{correo}/change/",
    "enlaces a otros sitios": "/admin/portal/enlaceexterno/",
    "titularidades": "/admin/portal/titularidad/",
}


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", PANTALLAS.values(), ids=PANTALLAS)
def test_a_screen_is_accessible(portal, abrir, ruta, ventana):
    [(editor,)] = portal.consultar("SELECT id FROM portal_usuario WHERE username = 'editor'")
    [(correo,)] = portal.consultar("SELECT min(id) FROM portal_correo")
    pagina = abrir("secretaria", ventana)

    assert pagina.goto(ruta.format(editor=editor, correo=correo)).status == 200

    revisar(pagina)


@pytest.mark.parametrize("ancho", [1000, 1100, 1200, 1280])
@pytest.mark.parametrize("tabla", ["version", "publicacion"])
def test_a_list_shows_its_columns_and_leaves_room_for_titles(abrir, tabla, ancho):
    pagina = abrir("secretaria", {"width": ancho, "height": 800})

    pagina.goto(f"/admin/portal/{tabla}/")

    titulos = pagina.locator("#result_list tbody .field-titulo")
    assert titulos.first.bounding_box()["width"] >= 200
    assert pagina.evaluate(
        "(caja => caja.scrollWidth <= caja.clientWidth)(document.querySelector('.results'))"
    )


def test_publishing_with_urgency_is_closed_until_somebody_opens_it_and_needs_no_mouse(portal, abrir):
    [(pk,)] = portal.consultar("SELECT min(id) FROM portal_version WHERE estado = 'por_autorizar'")
    pagina = abrir("secretaria")
    pagina.goto(f"/admin/portal/version/{pk}/change/")
    abre = pagina.get_by_text("Publicar con urgencia…")
    boton = pagina.get_by_role("button", name="Publicar con urgencia")

    expect(boton).to_be_hidden()
    usual = pagina.get_by_role("button", name="Autorizar y publicar").bounding_box()
    assert abre.bounding_box()["y"] > usual["y"] + 100

    abre.focus()
    pagina.keyboard.press("Enter")
    expect(boton).to_be_visible()
    expect(pagina.get_by_text("Solo cuando esperar hace daño")).to_be_visible()


def test_secretaria_general_creates_a_person_who_enters(abrir):
    secretaria = abrir("secretaria")
    secretaria.goto("/admin/")
    secretaria.get_by_role("link", name="Usuarios").click()
    secretaria.get_by_role("link", name="Agregar usuario").click()
    for campo, valor in {
        "Nombre de usuario:": "ana.rojas",
        "Nombre:": "Ana",
        "Apellidos:": "Rojas",
        "Contraseña:": "una frase que recuerdo",
        "Contraseña, otra vez:": "una frase que recuerdo",
    }.items():
        secretaria.get_by_label(campo, exact=True).fill(valor)
    secretaria.get_by_role("button", name="Guardar", exact=True).click()
    expect(secretaria.get_by_text("Se agregó «Ana Rojas»")).to_be_visible()
    secretaria.get_by_role("link", name="registre su titularidad").click()
    expect(secretaria.get_by_role("combobox", name="Ana Rojas")).to_be_visible()

    ana = abrir()
    ana.goto("/admin/login/")
    ana.get_by_label("Nombre de usuario").fill("ana.rojas")
    ana.get_by_label("Contraseña").fill("una frase que recuerdo")
    ana.keyboard.press("Enter")

    expect(ana.get_by_text("no tiene ningún cargo registrado")).to_be_visible()
