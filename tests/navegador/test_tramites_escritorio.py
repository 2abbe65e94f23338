"""The desk of the SUIT user in a browser: from 60 % to the citizen, with the keyboard, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR, ESCRITORIO
from tests.navegador.test_paginas import revisar

pytestmark = pytest.mark.navegador
#: What to type in a text that is missing, by the end of the name of its control.
RESPUESTAS = {
    "formula": "17.100",
    "entidad_recaudadora": "Tesorería municipal",
    "enlace": "https://www.ejemplo.gov.co/formulario",
    "url_en_linea": "https://www.ejemplo.gov.co/tramite",
    "numero": "142",
    "anio": "1994",
    "excepcion_cuando": "Si actúa por medio de apoderado",
    "tiempo_cantidad": "15",
}


def a_medio_llenar(portal) -> tuple[int, str, str, list[str]]:
    """A hoja de vida of Planeación being written, at about 60 %."""
    return portal.consultar(
        "SELECT t.id, t.slug, h.nombre, h.palabras_clave FROM tramites_tramite t "
        "JOIN tramites_hojadevida h ON h.tramite_id = t.id AND h.estado = 'borrador' "
        "JOIN portal_dependencia d ON d.id = t.dependencia_id "
        "WHERE t.estado = 'en_creacion' AND d.slug = 'secretaria-de-planeacion' "
        "AND h.llenos * 100 / h.exigidos BETWEEN 50 AND 70 ORDER BY t.codigo LIMIT 1"
    )[0]


def en_estado(portal, estado: str) -> int:
    [(pk,)] = portal.consultar("SELECT min(id) FROM tramites_tramite WHERE estado = %s", estado)
    return pk


def responder(pagina: Page, enlace) -> None:
    """From the link of the summary to its control and its answer, with the keyboard only."""
    ancla = enlace.get_attribute("href").removeprefix("#")
    enlace.focus()
    pagina.keyboard.press("Enter")
    control = pagina.locator(f"[id='{ancla}']")
    expect(control).to_be_focused()
    expect(control).to_be_in_viewport()
    clase = control.evaluate("nodo => nodo.tagName === 'SELECT' ? 'select' : nodo.type")
    if clase == "select":
        pagina.keyboard.press("ArrowDown")
    elif clase in {"checkbox", "radio"}:
        pagina.keyboard.press("Space")
    else:
        respuesta = next((r for final, r in RESPUESTAS.items() if ancla.endswith(final)), "Lo que falta")
        pagina.keyboard.type(respuesta)


def completar(pagina: Page) -> None:
    """Answer every gap and save, until none is left: some answers ask for something more."""
    for _ronda in range(6):
        enlaces = pagina.locator(".vacios a")
        if not enlaces.count():
            break
        for enlace in enlaces.all():
            responder(pagina, enlace)
        guardar = pagina.locator("#guardar-seguimiento")
        guardar.focus()
        pagina.keyboard.press("Enter")
        expect(pagina.get_by_text("Quedó guardado.")).to_be_visible()
        expect(guardar).to_be_focused()
    expect(pagina.get_by_text("Completa: 100 %")).to_be_visible()


def test_from_sixty_per_cent_to_the_citizen(portal, abrir):
    pk, slug, nombre, populares = a_medio_llenar(portal)
    suit, jefe = abrir("suit"), abrir("planeacion")
    suit.goto("/admin/")
    suit.get_by_role("region", name=re.compile("por completar")).get_by_role("link", name=nombre).click()
    suit.get_by_role("link", name="Seguir escribiendo").click()
    expect(suit.get_by_text(re.compile(r"Incompleta: [56]\d %"))).to_be_visible()

    completar(suit)
    suit.get_by_role("button", name="Guardar y pasar a enviar").click()
    suit.get_by_role("button", name="Enviar para aprobación").click()
    expect(suit.get_by_text("Hecho: Enviar para aprobación.")).to_be_visible()
    expect(suit.get_by_role("button", name=re.compile("aprobar", re.IGNORECASE))).to_have_count(0)

    jefe.goto("/admin/")
    jefe.get_by_role("region", name=re.compile("por aprobar")).get_by_role("link", name=nombre).click()
    expect(jefe.get_by_role("heading", name=nombre, level=1)).to_be_visible()
    jefe.get_by_role("button", name="La leí: aprobar y remitir al DAFP").click()
    expect(jefe.get_by_text("Quedó en el estado «En evaluación del DAFP».")).to_be_visible()

    suit.goto(f"/admin/tramites/tramite/{pk}/change/")
    suit.get_by_text("Registrar que el DAFP lo inscribió…").click()
    suit.get_by_label("Número que asignó el SUIT").fill("98765")
    suit.get_by_role("button", name="Registrar que el DAFP lo inscribió").click()
    suit.get_by_role("button", name="Publicar en el sitio").click()
    expect(suit.get_by_text("Hecho: Publicar en el sitio.")).to_be_visible()

    ciudadana = abrir(ventana=CELULAR, java_script_enabled=False)
    ciudadana.goto("/tramites/")
    ciudadana.get_by_role("searchbox").last.fill(populares[0])
    ciudadana.keyboard.press("Enter")
    ciudadana.get_by_role("main").get_by_role("link", name=nombre).first.click()
    ciudadana.wait_for_url(f"**/tramites/{slug}/")
    expect(ciudadana.get_by_role("heading", name=nombre, level=1)).to_be_visible()
    hojas = len(re.findall(rb"/Type\s*/Page\b", ciudadana.pdf(format="Letter")))
    assert 1 <= hojas <= 2


def test_momentos_and_actions_without_scripts(portal, abrir):
    """Everything is a button of the form: what was typed is kept at every press."""
    pk = en_estado(portal, "en_actualizacion")
    pagina = abrir("suit", java_script_enabled=False)
    pagina.goto(f"/admin/tramites/tramite/{pk}/hoja/")
    cuantos = pagina.locator(".parte--momento").count()

    pagina.get_by_label("Observaciones del tiempo").fill("Escrito antes de todo.")
    pagina.get_by_role("button", name="Agregar un momento").click()
    nuevo = pagina.locator(".parte--momento").last
    nuevo.get_by_label("Qué hace la persona").fill("Recoger el resultado")
    nuevo.get_by_role("button", name="Condición o verificación").click()
    accion = pagina.locator(".parte--momento").last.locator(".parte--accion")
    accion.get_by_label("Descripción").fill("Llevar el documento de identidad")
    pagina.locator(".parte--momento").last.get_by_role("button", name=re.compile("^Documento")).click()
    assert pagina.locator(".parte--momento").count() == cuantos + 1
    ultimo = pagina.locator(".parte--momento").last
    expect(ultimo.get_by_role("heading", level=4).first).to_contain_text("Llevar el documento de identidad")
    expect(pagina.get_by_label("Observaciones del tiempo")).to_have_value("Escrito antes de todo.")

    ultimo.get_by_role("button", name=re.compile("Bajar la acción 1")).click()
    expect(pagina.locator(".parte--momento").last.get_by_role("heading", level=4).nth(1)).to_contain_text(
        "Llevar el documento de identidad"
    )
    pagina.get_by_role("button", name=f"Subir el momento {cuantos + 1}", exact=True).click()
    movido = pagina.locator(".parte--momento").nth(cuantos - 1)
    expect(movido.get_by_label("Qué hace la persona")).to_have_value("Recoger el resultado")

    movido.locator("> .quitar summary").click()
    movido.get_by_role("button", name=re.compile(f"Sí, quitar el momento {cuantos}$")).click()
    assert pagina.locator(".parte--momento").count() == cuantos
    expect(pagina.get_by_label("Observaciones del tiempo")).to_have_value("Escrito antes de todo.")
    pagina.get_by_label("Observaciones del tiempo").fill("")
    pagina.locator("#guardar-ejecucion").click()


def test_an_error_takes_the_focus_and_everything_typed_stays(portal, abrir):
    pagina = abrir("suit")
    pagina.goto(f"/admin/tramites/tramite/{en_estado(portal, 'en_actualizacion')}/hoja/")
    pagina.get_by_label("Tiempo de respuesta", exact=True).fill("quince")
    pagina.get_by_label("Qué se obtiene").fill("Sin guardar todavía")

    pagina.keyboard.press("Enter")

    resumen = pagina.get_by_role("alert")
    expect(resumen).to_contain_text("Nada se guardó todavía")
    expect(resumen).to_be_focused()
    expect(pagina).to_have_title(re.compile("^Error:"))
    expect(pagina.get_by_label("Qué se obtiene")).to_have_value("Sin guardar todavía")
    pagina.keyboard.press("Tab")
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_label("Tiempo de respuesta", exact=True)).to_be_focused()
    revisar(pagina)


def test_enter_saves_where_one_is_and_leaving_asks_first(portal, abrir):
    pk = en_estado(portal, "en_actualizacion")
    pagina = abrir("suit")
    pagina.goto(f"/admin/tramites/tramite/{pk}/hoja/")
    detalle = pagina.get_by_label("Detalle del seguimiento")
    antes = detalle.input_value()
    detalle.fill("Pregunte con su radicado.")
    pagina.keyboard.press("Enter")
    pagina.wait_for_url("**/hoja/#guardar-seguimiento")
    expect(pagina.get_by_label("Detalle del seguimiento")).to_have_value("Pregunte con su radicado.")

    preguntas = []
    pagina.on("dialog", lambda dialogo: (preguntas.append(dialogo.type), dialogo.accept()))
    pagina.get_by_label("Detalle del seguimiento").fill(antes)
    pagina.get_by_role("link", name="Su bandeja").click()
    pagina.wait_for_url("**/admin/")
    assert preguntas == ["beforeunload"]


def test_two_people_at_once_see_both_texts(portal, abrir):
    pk = en_estado(portal, "en_actualizacion")
    una, otra = abrir("suit"), abrir("secretaria")
    for pagina in (una, otra):
        pagina.goto(f"/admin/tramites/tramite/{pk}/hoja/")
    otra.get_by_label("En qué consiste").fill("Lo que dice la Secretaría.")
    otra.locator("#guardar-descripcion").click()
    expect(otra.get_by_text("Quedó guardado.")).to_be_visible()

    una.get_by_label("En qué consiste").fill("Lo que dice el SUIT.")
    una.locator("#guardar-descripcion").click()

    expect(una.get_by_text("guardó cambios en esta hoja de vida mientras usted escribía")).to_be_visible()
    expect(una.locator("del")).to_contain_text("la Secretaría.")
    expect(una.get_by_label("En qué consiste")).to_have_value("Lo que dice el SUIT.")
    revisar(una)


PAGINAS = {
    "bandeja": "/admin/",
    "tabla": "/admin/tramites/tramite/",
    "tabla filtrada": "/admin/tramites/tramite/?completitud=casi&q=predial",
    "agregar": "/admin/tramites/tramite/add/",
    "importar": "/admin/tramites/tramite/importar/",
    "importar ficha": "/admin/tramites/tramite/importar-ficha/",
    "situaciones": "/admin/tramites/situaciondevida/",
    "situación": "/admin/tramites/situaciondevida/add/",
    "audiencias": "/admin/tramites/audiencia/",
    "clases temáticas": "/admin/tramites/tematica/add/",
    "puntos": "/admin/tramites/puntodeatencion/",
    "valores": "/admin/tramites/valordereferencia/add/",
    "racionalización": "/admin/tramites/racionalizacion/add/",
}


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", PAGINAS.values(), ids=PAGINAS)
def test_a_page_of_the_desk_is_accessible(abrir, ruta, ventana):
    pagina = abrir("suit", ventana)

    assert pagina.goto(ruta).status == 200

    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize(
    "estado, pagina_de",
    [
        *((estado, "change") for estado in ("sin_gestion", "en_creacion", "enviado", "en_correccion")),
        *((estado, "change") for estado in ("en_evaluacion", "inscrito", "en_actualizacion", "suprimido")),
        *(("en_creacion", cual) for cual in ("hoja", "vista", "datos", "comparar")),
        ("en_actualizacion", "comparar"),
        ("en_actualizacion", "hoja"),
    ],
)
def test_a_tramite_in_the_admin_is_accessible(portal, abrir, estado, pagina_de, ventana):
    pk = en_estado(portal, estado)
    pagina = abrir("suit", ventana)

    assert pagina.goto(f"/admin/tramites/tramite/{pk}/{pagina_de}/").status == 200
    pagina.evaluate("document.querySelectorAll('#content details').forEach(d => { d.open = true })")

    revisar(pagina)


def test_a_change_is_told_with_words_and_not_only_colours(portal, abrir):
    pk = en_estado(portal, "en_actualizacion")
    pagina = abrir("suit")
    pagina.goto(f"/admin/tramites/tramite/{pk}/hoja/")
    nota = pagina.get_by_label(re.compile("^Qué cambió"))
    nota.fill("Más corto y más claro.")
    pagina.locator("#guardar-cambio").click()

    pagina.goto(f"/admin/tramites/tramite/{pk}/comparar/")

    expect(pagina.locator("ins")).to_contain_text(["[agregado: Más corto y más claro."])
    assert pagina.locator("ins").first.evaluate("n => getComputedStyle(n).textDecorationLine") == "underline"
    revisar(pagina)
