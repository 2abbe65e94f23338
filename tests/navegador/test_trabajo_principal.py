"""The main job, as three people and a citizen do it in a browser."""

import re
from datetime import UTC, datetime

import feedparser
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.navegador
CANAL = "Programas y proyectos"


def escribir(pagina: Page, titulo: str, resumen: str, cuerpo: str) -> None:
    """From the bandeja to a saved and sent text."""
    pagina.goto("/admin/")
    pagina.get_by_role("link", name="Escribir algo nuevo").click()
    pagina.get_by_role("link", name=f"Noticia para {CANAL}", exact=True).click()
    llenar(pagina, titulo, resumen, cuerpo)
    pagina.get_by_role("button", name="Guardar y enviar a validación").click()
    expect(pagina.get_by_text("El texto se envió")).to_be_visible()


def llenar(pagina: Page, titulo: str, resumen: str, cuerpo: str) -> None:
    pagina.get_by_label("Título:").first.fill(titulo)
    pagina.get_by_label("Resumen:").fill(resumen)
    editor = pagina.locator(".ProseMirror[contenteditable]")
    editor.click()
    pagina.keyboard.press("Control+A")
    pagina.keyboard.type(cuerpo)


def abrir_tarea(pagina: Page, grupo: str, titulo: str) -> None:
    """What waits for this person, from the front page of the admin."""
    pagina.goto("/admin/")
    pagina.get_by_role("region", name=re.compile(grupo)).get_by_role("link", name=titulo).click()
    expect(pagina.get_by_role("heading", name=titulo, level=1)).to_be_visible()


def actualizaciones(portal, titulo: str) -> list[tuple]:
    return portal.consultar("SELECT clase, urgente FROM portal_actualizacion WHERE descripcion = %s", titulo)


def test_from_an_author_to_the_citizen(portal, abrir):
    titulo = "Reparación del puente La Unión"
    autora, editor, jefe = abrir("autor.planeacion"), abrir("editor"), abrir("planeacion")

    escribir(autora, titulo, "El puente queda listo en quince días.", "La obra empieza el lunes.")
    abrir_tarea(editor, "Por validar", titulo)
    editor.get_by_role("button", name="Validar").click()
    expect(editor.get_by_text("quedó en el estado «por autorizar»")).to_be_visible()
    abrir_tarea(jefe, "Por autorizar", titulo)
    expect(jefe.get_by_text("La obra empieza el lunes.")).to_be_visible()
    jefe.get_by_role("button", name="Autorizar y publicar").click()
    expect(jefe.get_by_text("quedó en el estado «publicada»")).to_be_visible()

    ciudadana = abrir(ventana={"width": 360, "height": 740}, java_script_enabled=False)
    ciudadana.goto("/")
    ciudadana.get_by_role("searchbox").first.fill("reparacion puente union")
    ciudadana.keyboard.press("Enter")
    ciudadana.get_by_role("link", name=titulo).click()
    expect(ciudadana.get_by_text("La obra empieza el lunes.")).to_be_visible()
    expect(ciudadana.get_by_text(re.compile(r"Autorización \d{4}-\d{4}"))).to_be_visible()

    fuente = feedparser.parse(f"{portal.url}/canales/programas-y-proyectos/rss/")
    assert titulo in [entrada.title for entrada in fuente.entries]
    assert actualizaciones(portal, titulo) == [("publicacion", False)]


def test_with_a_return_on_the_way(portal, abrir):
    titulo = "Adecuación de la cancha múltiple"
    autora, editor, jefe = abrir("autor.planeacion"), abrir("editor"), abrir("planeacion")
    escribir(autora, titulo, "La cancha se cierra un mes.", "Se cierra en diciembre.")

    abrir_tarea(editor, "Por validar", titulo)
    editor.get_by_text("Devolver…").click()
    editor.get_by_label("Motivo").fill("Diga desde qué día se cierra.")
    editor.get_by_role("button", name="Devolver").click()
    expect(editor.get_by_text("quedó en el estado «devuelta»")).to_be_visible()

    abrir_tarea(autora, "Le devolvieron", titulo)
    expect(autora.get_by_text("Diga desde qué día se cierra.").first).to_be_visible()
    autora.get_by_role("button", name="Corregir en un texto nuevo").click()
    llenar(autora, titulo, "La cancha se cierra un mes.", "Se cierra desde el 1 de diciembre.")
    autora.get_by_role("button", name="Guardar y enviar a validación").click()
    expect(autora.get_by_text("El texto se envió")).to_be_visible()

    abrir_tarea(editor, "Por validar", titulo)
    editor.get_by_role("button", name="Validar").click()
    abrir_tarea(jefe, "Por autorizar", titulo)
    jefe.get_by_role("button", name="Autorizar y publicar").click()
    expect(jefe.get_by_text("quedó en el estado «publicada»")).to_be_visible()

    publica = abrir()
    publica.goto("/canales/programas-y-proyectos/adecuacion-de-la-cancha-multiple/")
    expect(publica.get_by_text("desde el 1 de diciembre")).to_be_visible()
    assert actualizaciones(portal, titulo) == [("publicacion", False)]


def test_urgent_until_another_person_authorises(portal, abrir):
    titulo = "Cierre de la vía a Cúcuta por derrumbe"
    secretaria, alcalde, publica = abrir("secretaria"), abrir("alcalde"), abrir()
    secretaria.goto("/admin/portal/version/add/")
    secretaria.get_by_role("link", name="Noticia para Contratación", exact=True).click()
    llenar(secretaria, titulo, "Use la vía alterna.", "La vía está cerrada.")
    secretaria.get_by_role("button", name="Guardar y ver cómo queda").click()
    secretaria.get_by_text("Publicar con urgencia…").click()
    secretaria.get_by_label("Motivo").fill("La vía se cerró hace una hora.")
    secretaria.get_by_role("button", name="Publicar con urgencia").click()
    expect(secretaria.get_by_text("quedó en el estado «publicada»")).to_be_visible()
    expect(secretaria.get_by_role("button", name="Autorizar")).to_have_count(0)

    ruta = "/canales/contratacion/cierre-de-la-via-a-cucuta-por-derrumbe/"
    publica.goto(ruta)
    expect(publica.get_by_text("falta la autorización")).to_be_visible()

    abrir_tarea(alcalde, "urgencia", titulo)
    alcalde.get_by_role("button", name="Autorizar lo publicado con urgencia").click()
    publica.goto(ruta)
    expect(publica.get_by_text("falta la autorización")).to_have_count(0)
    assert actualizaciones(portal, titulo) == [("publicacion", True)]


def test_with_the_keyboard_only(abrir):
    """An author who uses no mouse writes, emphasises a word and saves."""
    autora = abrir("autor.planeacion")
    autora.goto("/admin/portal/version/add/")
    enlace = autora.get_by_role("link", name=f"Noticia para {CANAL}", exact=True)
    for _ in range(40):
        autora.keyboard.press("Tab")
        if enlace.evaluate("nodo => nodo === document.activeElement"):
            break
    autora.keyboard.press("Enter")
    autora.wait_for_selector(".ProseMirror[contenteditable]")

    autora.get_by_label("Título:").first.focus()
    autora.keyboard.type("Escrito con el teclado")
    autora.keyboard.press("Tab")
    autora.keyboard.type("Sin ratón.")
    autora.locator(".ProseMirror[contenteditable]").focus()
    autora.keyboard.press("Control+B")
    autora.keyboard.type("Así")
    autora.keyboard.press("Control+B")
    autora.keyboard.type(" también.")
    guardar = autora.get_by_role("button", name="Guardar el borrador")
    guardar.focus()
    autora.keyboard.press("Enter")

    expect(autora.get_by_text("El borrador quedó guardado")).to_be_visible()
    expect(autora.locator(".ProseMirror[contenteditable] strong")).to_have_text("Así")


def test_the_editor_speaks_spanish_and_says_when_somebody_else_saved(abrir):
    una, otra = abrir("autor.planeacion"), abrir("planeacion")
    una.goto("/admin/portal/version/add/")
    una.get_by_role("link", name=f"Noticia para {CANAL}", exact=True).click()
    expect(una.get_by_role("button", name="Negrita")).to_be_visible()
    expect(una.get_by_role("button", name="Lista con viñetas")).to_be_visible()
    llenar(una, "De dos personas", "Uno y otro.", "Lo primero.")
    una.get_by_role("button", name="Guardar el borrador").click()
    expect(una.get_by_text("El borrador quedó guardado")).to_be_visible()
    otra.goto(una.url)
    llenar(otra, "De dos personas", "Uno y otro.", "Lo de la jefatura.")
    otra.get_by_role("button", name="Guardar el borrador").click()
    expect(otra.get_by_text("El borrador quedó guardado")).to_be_visible()

    llenar(una, "De dos personas", "Uno y otro.", "Lo de la autora.")
    una.get_by_role("button", name="Guardar el borrador").click()

    expect(una.get_by_text("guardó cambios en este texto mientras usted escribía")).to_be_visible()
    expect(una.locator(".ProseMirror[contenteditable]")).to_contain_text("Lo de la autora.")


def test_a_picture_asks_for_its_alternative_text_before_it_is_sent(abrir, tmp_path):
    from PIL import Image

    foto = tmp_path / "obra.jpg"
    Image.new("RGB", (800, 450), "#0943b5").save(foto)
    autora = abrir("autor.planeacion")
    autora.goto("/admin/portal/version/add/")
    autora.get_by_role("link", name=f"Noticia para {CANAL}", exact=True).click()
    llenar(autora, f"Con foto {datetime.now(UTC):%H%M%S}", "Se ve la obra.", "Mire la foto.")
    autora.locator("#id_adjuntos-0-archivo").set_input_files(foto)
    autora.get_by_role("button", name="Guardar y enviar a validación").click()

    expect(autora.get_by_text("no tiene texto alternativo").first).to_be_visible()
    autora.locator("#id_adjuntos-0-alt").fill("Calle en obra con maquinaria.")
    autora.get_by_role("button", name="Guardar y enviar a validación").click()

    expect(autora.get_by_text("El texto se envió")).to_be_visible()
