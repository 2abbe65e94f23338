"""Writing with a bad line, a session that ends and a colleague in the same text: nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar
from tests.navegador.test_trabajo_principal import escribir, llenar

pytestmark = pytest.mark.navegador
CANAL = "Programas y proyectos"
LARGO = "La obra empieza el lunes, señor alcalde: año nuevo, ¿cómo no? «Ñandú» 🚧 cuesta $1.200.000."


def empezar(pagina: Page) -> str:
    """An empty text of ones own; its address."""
    pagina.goto("/admin/portal/version/add/")
    pagina.get_by_role("link", name=f"Noticia para {CANAL}", exact=True).click()
    expect(pagina.locator(".ProseMirror[contenteditable]")).to_be_visible()
    return pagina.url


def cuerpo(pagina: Page) -> str:
    return pagina.locator(".ProseMirror[contenteditable]").inner_text()


def esperar_la_copia(pagina: Page) -> None:
    expect(pagina.get_by_text(re.compile("Guardado en este equipo a las"))).to_be_visible()


def test_the_line_falls_the_page_is_closed_and_every_character_comes_back(portal, abrir):
    titulo = "Cierre del puente internacional"
    pagina = abrir("autor.planeacion", CELULAR)
    contexto = pagina.context
    empezar(pagina)
    llenar(pagina, titulo, "El puente se cierra", "Antes del corte.")
    contexto.set_offline(True)
    pagina.get_by_label("Resumen:").fill("El puente se cierra el sábado.")
    pagina.locator(".ProseMirror[contenteditable]").click()
    pagina.keyboard.press("Control+End")
    pagina.keyboard.press("Enter")
    pagina.keyboard.insert_text(LARGO)
    pagina.get_by_role("button", name="Guardar y enviar a validación").click()
    expect(pagina.get_by_text("No se envió: no hay conexión con el portal")).to_be_visible()
    pagina.close()
    contexto.set_offline(False)

    otra = contexto.new_page()
    otra.goto("/admin/")
    pendiente = otra.get_by_role("heading", name="Guardado en este equipo, sin enviar")
    expect(pendiente).to_be_visible()
    revisar(otra)
    otra.get_by_role("link", name=titulo).click()
    expect(
        otra.get_by_role("heading", name=re.compile("Hay un texto guardado en este equipo"))
    ).to_be_visible()
    expect(otra.get_by_text("En este equipo: El puente se cierra el sábado.")).to_be_visible()
    revisar(otra)
    otra.get_by_role("button", name="Recuperar lo de este equipo").focus()
    otra.keyboard.press("Enter")
    assert cuerpo(otra).split() == f"Antes del corte. {LARGO}".split()
    otra.get_by_role("button", name="Guardar y enviar a validación").click()
    expect(otra.get_by_text("El texto se envió")).to_be_visible()

    [(resumen, guardado, estado)] = portal.consultar(
        "SELECT resumen, cuerpo, estado FROM portal_version WHERE titulo = %s", titulo
    )
    assert (resumen, estado) == ("El puente se cierra el sábado.", "en_validacion")
    assert guardado == f"<p>Antes del corte.</p><p>{LARGO}</p>"
    assert otra.evaluate("Object.keys(localStorage).length") == 0
    expect(pendiente).to_be_hidden()


def test_a_copy_that_is_not_wanted_goes_only_when_it_is_said_twice(abrir):
    pagina = abrir("autor.planeacion")
    direccion = empezar(pagina)
    pagina.get_by_label("Título:").first.fill("Una idea que no fue")
    esperar_la_copia(pagina)

    pagina.goto(direccion)
    pagina.get_by_role("button", name="Descartarlo").click()
    pagina.get_by_role("button", name="Sí, descartarlo del todo").click()

    pagina.goto(direccion)
    expect(pagina.locator(".recuperacion")).to_have_count(0)
    expect(pagina.get_by_label("Título:").first).to_have_value("")


def test_nobody_else_sees_the_copy_of_who_wrote_on_the_same_computer(portal, abrir):
    pagina = abrir("autor.planeacion")
    direccion = empezar(pagina)
    pagina.get_by_label("Título:").first.fill("Lo mío")
    esperar_la_copia(pagina)
    copia = pagina.evaluate("Object.entries(localStorage)[0]")

    ajena = abrir("planeacion")
    ajena.evaluate("([llave, valor]) => localStorage.setItem(llave, valor)", copia)
    ajena.goto("/admin/")
    expect(ajena.get_by_role("heading", name="Su bandeja")).to_be_visible()
    expect(ajena.get_by_text("Lo mío")).to_have_count(0)
    ajena.goto(direccion)
    expect(ajena.locator(".recuperacion")).to_have_count(0)


def test_a_session_that_ends_returns_the_person_to_their_text(portal, abrir):
    titulo = "Aviso que sobrevive a la sesión"
    pagina = abrir("autor.planeacion")
    empezar(pagina)
    llenar(pagina, titulo, "No se pierde.", "Ni una palabra.")
    pagina.context.clear_cookies(name="sesion")

    pagina.get_by_role("button", name="Guardar el borrador").click()
    expect(
        pagina.get_by_text("Su sesión terminó. Lo que escribió está guardado en este equipo.")
    ).to_be_visible()
    with pagina.context.expect_page() as abierta:
        pagina.get_by_role("link", name="Entre de nuevo en otra pestaña").click()
    otra = abierta.value
    otra.get_by_label("Nombre de usuario").fill("autor.planeacion")
    otra.get_by_label("Contraseña").fill("clave-de-las-pruebas")
    otra.get_by_role("button", name="Entrar").click()
    expect(otra.get_by_role("heading", name=re.compile("Hay un texto guardado"))).to_be_visible()
    otra.close()
    pagina.get_by_role("button", name="Guardar el borrador").click()
    expect(pagina.get_by_text("El borrador quedó guardado")).to_be_visible()

    assert portal.consultar("SELECT cuerpo FROM portal_version WHERE titulo = %s", titulo) == [
        ("<p>Ni una palabra.</p>",)
    ]


def test_without_javascript_what_was_typed_comes_back_to_be_copied(abrir):
    pagina = abrir("autor.planeacion", java_script_enabled=False)
    pagina.goto("/admin/portal/version/add/")
    pagina.get_by_role("link", name=f"Noticia para {CANAL}", exact=True).click()
    pagina.get_by_label("Título:").first.fill("Sin programas")
    pagina.get_by_label("Texto:").fill("Escrito sin programas.")
    pagina.context.clear_cookies(name="sesion")
    pagina.get_by_role("button", name="Guardar el borrador").click()

    expect(pagina.get_by_role("heading", name="Su sesión terminó")).to_be_visible()
    expect(pagina.get_by_label("Titulo")).to_have_value("Sin programas")
    expect(pagina.get_by_label("Cuerpo")).to_have_value("Escrito sin programas.")


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_two_people_in_the_same_text_lose_nothing(portal, abrir, ventana):
    titulo = f"Escrito a cuatro manos {ventana['width']}"
    autora, jefe = abrir("autor.planeacion", ventana), abrir("planeacion", ventana)
    empezar(autora)
    llenar(autora, titulo, "De las dos.", "La primera mano.")
    autora.get_by_role("button", name="Guardar el borrador").click()
    expect(autora.get_by_text("El borrador quedó guardado")).to_be_visible()

    jefe.goto(autora.url)
    expect(jefe.get_by_text("También lo tiene abierto")).to_have_count(0)
    autora.locator(".ProseMirror[contenteditable]").click()
    autora.keyboard.press("Control+End")
    autora.keyboard.insert_text(" Lo de la autora.")
    jefe.locator(".ProseMirror[contenteditable]").click()
    jefe.keyboard.press("Control+End")
    jefe.keyboard.insert_text(" Lo del jefe.")
    jefe.get_by_label("Resumen:").fill("Cambiado por el jefe.")
    jefe.get_by_role("button", name="Guardar el borrador").click()
    expect(jefe.get_by_text("El borrador quedó guardado")).to_be_visible()

    autora.get_by_role("button", name="Guardar el borrador").click()
    choque = autora.get_by_role("region", name="Los dos textos")
    expect(choque).to_be_visible()
    expect(choque.get_by_role("group", name="Texto")).to_contain_text("quitado: del jefe")
    expect(choque.get_by_role("group", name="Texto")).to_contain_text("agregado: de la autora")
    assert "Lo de la autora." in cuerpo(autora)
    revisar(autora)
    autora.get_by_label("Dejar lo guardado en «Resumen»").check()
    autora.get_by_role("button", name="Guardar el borrador").click()
    expect(autora.get_by_text("El borrador quedó guardado")).to_be_visible()
    expect(autora.get_by_label("Resumen:")).to_have_value("Cambiado por el jefe.")

    autora.get_by_role("link", name=re.compile("Guardados anteriores")).click()
    expect(autora.get_by_role("heading", name=re.compile("Como lo dejó")).first).to_be_visible()
    expect(autora.locator(".choque del").filter(has_text="del jefe").first).to_be_visible()
    revisar(autora)
    autora.get_by_role("button", name=re.compile("Volver a este texto")).first.click()
    expect(autora.get_by_text("El borrador volvió a decir lo de antes")).to_be_visible()
    assert "Lo del jefe." in cuerpo(autora)
    [(copias,)] = portal.consultar(
        "SELECT count(*) FROM portal_borradoranterior a JOIN portal_version v ON v.id = a.version_id "
        "WHERE v.titulo = %s AND a.contenido->>'cuerpo' LIKE '%%Lo de la autora%%'",
        titulo,
    )
    assert copias == 1


def test_each_one_sees_that_the_other_is_there(portal, abrir):
    titulo = "Con compañía"
    autora, jefe = abrir("autor.planeacion"), abrir("planeacion")
    empezar(autora)
    llenar(autora, titulo, "Uno.", "Dos.")
    autora.get_by_role("button", name="Guardar el borrador").click()
    expect(autora.get_by_text("El borrador quedó guardado")).to_be_visible()
    autora.clock.install()
    autora.reload()
    with autora.expect_response("**/pulso/"):
        autora.clock.fast_forward(21_000)
    expect(autora.get_by_text("También lo tiene abierto")).to_have_count(0)

    jefe.goto(autora.url)

    expect(jefe.get_by_text(re.compile("También lo tiene abierto"))).to_be_visible()


def test_a_text_that_was_sent_meanwhile_says_so(portal, abrir):
    titulo = "Enviado desde otra pestaña"
    autora = abrir("autor.planeacion")
    escribir(autora, titulo, "Uno.", "Dos.")
    [(pk,)] = portal.consultar("SELECT id FROM portal_version WHERE titulo = %s", titulo)
    autora.goto(f"/admin/portal/version/{pk}/change/")
    expect(autora.get_by_text("En validación").first).to_be_visible()


def copia_guardada(pagina: Page, **cambios) -> None:
    """Leave in the device the copy that the page has now, with other values: as an earlier sitting would."""
    pagina.evaluate(
        """(cambios) => {
            const [llave, valor] = Object.entries(localStorage)[0], copia = JSON.parse(valor);
            copia.campos = copia.campos.map(([nombre, antes]) => [nombre, cambios[nombre] ?? antes]);
            localStorage.clear();
            localStorage.setItem(`${llave.slice(0, -4)}ffff`, JSON.stringify(copia));
            window.addEventListener("pagehide", (evento) => evento.stopImmediatePropagation(), true);
        }""",
        cambios,
    )


def test_a_copy_that_only_changes_a_link_is_offered(abrir):
    pagina = abrir("autor.planeacion")
    empezar(pagina)
    llenar(pagina, "Solo cambia el enlace", "Uno.", "Dos.")
    pagina.get_by_role("button", name="Guardar el borrador").click()
    expect(pagina.get_by_text("El borrador quedó guardado")).to_be_visible()
    pagina.get_by_label("Resumen:").press("End")
    pagina.keyboard.insert_text(" ")
    esperar_la_copia(pagina)
    copia_guardada(pagina, cuerpo='<p><a href="https://www.gov.co/">Dos.</a></p>')

    pagina.reload()

    expect(pagina.get_by_text("Cambia el formato o un enlace.")).to_be_visible()
    pagina.get_by_role("button", name="Recuperar lo de este equipo").click()
    expect(pagina.locator(".ProseMirror a")).to_have_attribute("href", "https://www.gov.co/")


def test_what_was_written_in_a_text_already_sent_can_still_be_read_and_discarded(portal, abrir):
    titulo = "Ya no es un borrador"
    pagina = abrir("autor.planeacion")
    empezar(pagina)
    llenar(pagina, titulo, "Uno.", "Dos.")
    pagina.get_by_role("button", name="Guardar el borrador").click()
    expect(pagina.get_by_text("El borrador quedó guardado")).to_be_visible()
    pagina.get_by_label("Resumen:").fill("Lo que faltó.")
    esperar_la_copia(pagina)
    pagina.goto("/admin/")

    pagina.get_by_text(f"Ver y copiar lo escrito en «{titulo}»").click()
    expect(pagina.get_by_label("resumen")).to_have_value("Lo que faltó.")
    revisar(pagina)
    pagina.get_by_role("button", name="Descartarlo").click()
    pagina.get_by_role("button", name="Sí, descartarlo del todo").click()
    assert pagina.evaluate("Object.keys(localStorage).length") == 0
