"""Every kind of page, in a browser: accessible, valid, light, never wider than the window."""

import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.navegador.conftest import CELULAR, ESCRITORIO

pytestmark = pytest.mark.navegador
PUBLICAS = {
    "inicio": "/",
    "canales": "/canales/",
    "matriz": "/canales/responsables/",
    "noticias": "/canales/noticias/",
    "documentos": "/canales/normatividad/",
    "preguntas": "/canales/preguntas-frecuentes/",
    "glosario": "/canales/glosario/",
    "enlaces": "/canales/control/",
    "plan de 2008": "/canales/gobierno-en-linea/plan-de-accion-de-gobierno-en-linea-2008/",
    "soporte": "/soporte/",
    "políticas": "/politicas/",
    "privacidad": "/politicas/privacidad/",
    "dependencias": "/dependencias/",
    "dependencia": "/dependencias/secretaria-de-planeacion/",
    "directorio": "/dependencias/directorio/",
    "agenda": "/agenda/",
    "lo que pasó": "/agenda/?pasados=1",
    "buscar": "/buscar/",
    "resultados": "/buscar/?q=agua&canal=&anio=mil",
    "sin resultados": "/buscar/?q=vacunasion",
    "mapa": "/mapa-del-sitio/",
    "trámites": "/tramites/",
    "trámites hallados": "/tramites/?q=predail&gratuito=on&dependencia=no-hay",
    "ningún trámite": "/tramites/?q=zzyzx",
    "situaciones": "/situaciones/",
    "cifras de trámites": "/tramites/avance/",
    "cifras de un mal día": "/tramites/avance/?fecha=ayer",
    "racionalización": "/tramites/racionalizacion/",
    "no existe": "/no-existe/",
}
ADMIN = {
    "bandeja": "/admin/",
    "elegir": "/admin/portal/version/add/",
    "textos": "/admin/portal/version/",
    "publicado": "/admin/portal/publicacion/",
    "matriz": "/admin/portal/asignacion/",
    "importar": "/admin/portal/asignacion/importar/",
    "municipio": "/admin/portal/municipio/1/change/",
}


def detalle(portal, tipo: str) -> str:
    """The address of a live publication of that kind, withdrawn or urgent."""
    filtro = {
        "urgente": "v.urgente AND v.estado = 'publicada' AND v.autorizada_en IS NULL",
        "sin vigencia": "p.retirada_clase = 'sin_vigencia'",
        "retirada": "p.retirada_clase = 'error'",
        "con archivos": "EXISTS (SELECT FROM portal_adjunto WHERE version_id = v.id AND formato = 'PDF')",
    }.get(tipo, f"p.tipo = '{tipo}' AND p.retirada_en IS NULL AND p.ruta_fija IS NULL")
    [(canal, slug)] = portal.consultar(
        "SELECT c.slug, p.slug FROM portal_publicacion p JOIN portal_canal c ON c.id = p.canal_id "
        f"JOIN portal_version v ON v.id = p.version_publica_id WHERE {filtro} ORDER BY p.id LIMIT 1"
    )
    return f"/canales/{canal}/{slug}/"


TIPOS = [
    *("noticia", "pagina", "documento", "evento", "pregunta", "termino", "enlace", "album"),
    *("urgente", "sin vigencia", "retirada", "con archivos"),
]


def revisar(pagina) -> None:
    """No violation of axe and nothing wider than the window."""
    fallas = Axe().run(pagina).response["violations"]
    assert not fallas, [(f["id"], [n["html"][:200] for n in f["nodes"][:3]]) for f in fallas]
    assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", PUBLICAS.values(), ids=PUBLICAS)
def test_a_public_page_is_accessible(abrir, ruta, ventana):
    pagina = abrir(ventana=ventana)

    assert pagina.goto(ruta).status == (404 if ruta == "/no-existe/" else 200)

    revisar(pagina)


@pytest.mark.parametrize("tipo", TIPOS)
def test_a_publication_is_accessible_and_valid(portal, abrir, tipo):
    ruta = detalle(portal, tipo)
    for ventana in (CELULAR, ESCRITORIO):
        pagina = abrir(ventana=ventana)

        respuesta = pagina.goto(ruta)

        revisar(pagina)
    html5lib.HTMLParser(strict=True).parse(respuesta.text())


@pytest.mark.parametrize("ruta", PUBLICAS.values(), ids=PUBLICAS)
def test_a_public_page_is_valid_html(abrir, ruta):
    respuesta = abrir().goto(ruta)

    html5lib.HTMLParser(strict=True).parse(respuesta.text())


def test_the_act_is_accessible(portal, abrir):
    [(anio, numero)] = portal.consultar("SELECT anio, consecutivo FROM portal_autorizacion LIMIT 1")
    pagina = abrir()

    pagina.goto(f"/autorizaciones/{anio}-{numero:04d}/")

    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("ruta", ADMIN.values(), ids=ADMIN)
def test_an_admin_page_is_accessible(abrir, ruta, ventana):
    pagina = abrir("secretaria", ventana)

    assert pagina.goto(ruta).status == 200

    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
@pytest.mark.parametrize("estado", ["borrador", "por_autorizar", "devuelta", "publicada"])
def test_a_text_in_the_admin_is_accessible(portal, abrir, estado, ventana):
    [(pk,)] = portal.consultar("SELECT min(id) FROM portal_version WHERE estado = %s", estado)
    pagina = abrir("secretaria", ventana)

    assert pagina.goto(f"/admin/portal/version/{pk}/change/").status == 200
    if estado == "borrador":
        pagina.wait_for_selector(".ProseMirror[contenteditable]")

    revisar(pagina)


@pytest.mark.parametrize("ventana", [CELULAR, ESCRITORIO], ids=["360", "1280"])
def test_a_live_publication_in_the_admin_is_accessible(portal, abrir, ventana):
    [(pk,)] = portal.consultar(
        "SELECT min(id) FROM portal_publicacion WHERE version_publica_id IS NOT NULL AND retirada_en IS NULL"
    )
    pagina = abrir("secretaria", ventana)

    respuesta = pagina.goto(f"/admin/portal/publicacion/{pk}/change/")

    assert respuesta.status == 200
    expect(pagina.get_by_role("button", name="Revisado: sigue vigente")).to_be_visible()
    revisar(pagina)


def test_entering_is_accessible(abrir):
    pagina = abrir()

    pagina.goto("/admin/login/")

    revisar(pagina)


# --- Weight -------------------------------------------------------------------------------------
def peso(url: str) -> int:
    """Bytes of a response as it travels, compressed."""
    try:
        with urlopen(Request(url, headers={"Accept-Encoding": "br, gzip"}), timeout=20) as respuesta:
            return len(respuesta.read())
    except HTTPError as error:
        pytest.fail(f"{url}: {error}")


def primera_visita(portal, abrir, ruta: str) -> dict[str, int]:
    """What a first visit downloads, by address; all of it from this site."""
    pagina = abrir(ventana=CELULAR)
    pedidas: list[str] = []
    pagina.on("request", lambda pedido: pedidas.append(pedido.url))
    pagina.goto(ruta, wait_until="networkidle")
    propias = [url for url in pedidas if not url.startswith("data:")]
    assert all(url.startswith(portal.url) for url in propias)
    return {url: peso(url) for url in dict.fromkeys(propias) if "/no-existe/" not in url}


@pytest.mark.parametrize("nombre", [n for n in PUBLICAS if n != "no existe"])
def test_a_first_visit_is_light(portal, abrir, nombre):
    pesos = primera_visita(portal, abrir, PUBLICAS[nombre])

    assert sum(pesos.values()) <= (60_000 if nombre == "inicio" else 100_000), pesos


@pytest.mark.parametrize("tipo", ["noticia", "documento", "evento", "album", "con archivos"])
def test_a_publication_weighs_at_most_14_kb_of_html_and_css(portal, abrir, tipo):
    pesos = primera_visita(portal, abrir, detalle(portal, tipo))
    texto = sum(
        bytes_ for url, bytes_ in pesos.items() if not re.search(r"(\.(webp|svg|png|jpg)|/miniatura/)$", url)
    )

    assert texto <= 14_000, pesos
    assert sum(pesos.values()) <= 100_000, pesos


# --- Ways of use --------------------------------------------------------------------------------
def test_no_internal_link_is_broken(portal, abrir):
    """From the home page on, every page that our own pages lead to."""
    pagina = abrir(java_script_enabled=False)
    pendientes, vistas, rotas = ["/"], set(), []
    while pendientes:
        ruta = pendientes.pop()
        vistas.add(ruta)
        respuesta = pagina.request.get(ruta)
        if respuesta.status not in {200, 410}:
            rotas.append((ruta, respuesta.status))
        if "html" not in respuesta.headers["content-type"]:
            continue
        for enlace in re.findall(r'href="(/[^"#?]*)', respuesta.text()):
            if enlace not in vistas and not enlace.startswith(("/admin/", "/static/")):
                vistas.add(enlace)
                pendientes.append(enlace)

    assert len(vistas) > 200
    assert not rotas


def test_the_first_tab_skips_to_the_content_and_focus_is_seen(abrir):
    pagina = abrir(ventana=CELULAR)
    pagina.goto("/canales/noticias/")

    pagina.keyboard.press("Tab")

    activo = pagina.locator(":focus")
    expect(activo).to_have_text("Saltar al contenido")
    expect(activo).to_be_in_viewport()
    assert activo.evaluate("nodo => getComputedStyle(nodo).outlineStyle") != "none"


def test_the_menu_opens_on_a_phone_without_scripts(abrir):
    pagina = abrir(ventana=CELULAR, java_script_enabled=False)
    pagina.goto("/canales/noticias/")

    pagina.get_by_text("Menú", exact=True).first.click()
    pagina.get_by_role("navigation", name="Principal").get_by_role("link", name="Participa").first.click()

    expect(pagina.get_by_role("heading", level=1)).to_have_text(re.compile("Participa"))


@pytest.mark.parametrize("ruta", ["/", "/buscar/?q=agua", "/soporte/"])
def test_zoomed_to_400_per_cent_nothing_scrolls_sideways(abrir, ruta):
    pagina = abrir(ventana={"width": 320, "height": 256})

    pagina.goto(ruta)

    assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_prints_without_menus(portal, abrir):
    pagina = abrir()
    pagina.goto(detalle(portal, "noticia"))

    pagina.emulate_media(media="print")

    expect(pagina.get_by_role("navigation", name="Principal")).to_be_hidden()
    expect(pagina.get_by_role("heading", level=1)).to_be_visible()
