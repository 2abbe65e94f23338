"""The pictures of the manual, taken from the portal itself. `make manual` writes them where they are shown.

Each is a task of the manual as a person sees it: a screen on which it cannot be done any more fails here,
before the manual lies.
"""

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.navegador.conftest import CELULAR
from tests.navegador.test_trabajo_principal import escribir, llenar

pytestmark = pytest.mark.navegador
PAGINA = {"width": 1000, "height": 760}
CANAL = "Programas y proyectos"
#: A picture is read on a page: no wider than this, nor heavier.
ANCHO, PESO = 800, 90_000
MANUAL = Path(settings.BASE_DIR) / "docs" / "manual"

Captura = Callable[[Callable[..., Page], "object"], Page]
CAPTURAS: dict[str, Captura] = {}


def captura(nombre: str):
    """Register how the picture `nombre` is reached."""

    def registrar(funcion: Captura) -> Captura:
        CAPTURAS[nombre] = funcion
        return funcion

    return registrar


def _nueva(pagina: Page, clase: str = "Noticia") -> None:
    pagina.goto("/admin/portal/version/add/")
    pagina.get_by_role("link", name=f"{clase} para {CANAL}", exact=True).click()
    expect(pagina.locator(".ProseMirror[contenteditable]")).to_be_visible()


def _borrador(pagina: Page, titulo: str, resumen: str, cuerpo: str) -> None:
    _nueva(pagina)
    llenar(pagina, titulo, resumen, cuerpo)
    pagina.get_by_role("button", name="Guardar el borrador").click()
    expect(pagina.get_by_text("El borrador quedó guardado")).to_be_visible()


def _texto(portal, estado: str) -> int:
    [(pk,)] = portal.consultar("SELECT min(id) FROM portal_version WHERE estado = %s", estado)
    return pk


def _radicado(portal, estado: str) -> str:
    """The number of the first one in that state that is not reserved."""
    [(anio, consecutivo)] = portal.consultar(
        "SELECT a.anio, a.consecutivo FROM ventanilla_radicado r "
        "JOIN ventanilla_asiento a ON a.id = r.asiento_id "
        "JOIN ventanilla_clasederadicado c ON c.id = r.clase_id "
        "WHERE r.estado = %s AND NOT c.reservada ORDER BY a.anio, a.consecutivo LIMIT 1",
        estado,
    )
    return f"{anio}-{consecutivo:06}-E"


@contextmanager
def _sin_linea(pagina: Page) -> Iterator[None]:
    pagina.context.set_offline(True)
    yield
    pagina.context.set_offline(False)


@captura("bandeja")
def bandeja(abrir, portal):
    return abrir("planeacion", PAGINA)


@captura("elegir")
def elegir(abrir, portal):
    pagina = abrir("autor.planeacion", PAGINA)
    pagina.goto("/admin/portal/version/add/")
    return pagina


@captura("escribir")
def formulario(abrir, portal):
    pagina = abrir("autor.planeacion", PAGINA)
    _nueva(pagina)
    llenar(
        pagina,
        "El puente peatonal se cierra el lunes",
        "Del 30 de noviembre al 4 de diciembre, por mantenimiento.",
        "El puente peatonal se cierra cinco días. Use el puente vehicular, por el andén derecho.",
    )
    return pagina


@captura("comprobaciones")
def comprobaciones(abrir, portal):
    pagina = abrir("autor.planeacion", PAGINA)
    _borrador(
        pagina,
        "ENTREGA DE SUBSIDIOS",
        "Los subsidios se entregan el viernes.",
        "La señora Luz Marina Pérez, C.C. 1.090.123.456, entrega los subsidios el viernes en el salón "
        "comunal, desde las ocho de la mañana y hasta que se acaben los cupos que la alcaldía alcanzó a "
        "reservar este año para las familias.",
    )
    return pagina


@captura("recuperar")
def recuperar(abrir, portal):
    pagina = abrir("autor.planeacion", PAGINA)
    _borrador(pagina, "Poda de árboles", "Se podan los árboles del parque.", "La poda empieza el martes.")
    with _sin_linea(pagina):
        pagina.get_by_label("Resumen:").fill("El martes se podan los árboles del parque y de la carrera 2.")
        expect(pagina.get_by_text(re.compile("Guardado en este equipo a las"))).to_be_visible()
    pagina.goto(pagina.url)
    expect(pagina.get_by_role("button", name="Recuperar lo de este equipo")).to_be_visible()
    return pagina


@captura("dos-textos")
def dos_textos(abrir, portal):
    autora, jefe = abrir("autor.planeacion", PAGINA), abrir("planeacion", PAGINA)
    _borrador(autora, "Feria ganadera", "La feria es el sábado.", "La feria empieza a las ocho.")
    jefe.goto(autora.url)
    jefe.get_by_label("Resumen:").fill("La feria es el sábado 5 de diciembre.")
    jefe.get_by_role("button", name="Guardar el borrador").click()
    expect(jefe.get_by_text("El borrador quedó guardado")).to_be_visible()
    autora.get_by_label("Resumen:").fill("La feria es el sábado, en el coliseo.")
    autora.get_by_role("button", name="Guardar el borrador").click()
    expect(autora.get_by_role("heading", name="Los dos textos")).to_be_visible()
    return autora


@captura("foto")
def foto(abrir, portal):
    pagina = abrir("autor.planeacion", PAGINA)
    _nueva(pagina)
    llenar(pagina, "La plaza, recién pintada", "Vecinos pintaron la plaza.", "Gracias a los vecinos.")
    imagen, dibujo = Image.new("RGB", (1600, 1200), "#9ec5e8"), io.BytesIO()
    ImageDraw.Draw(imagen).rectangle((0, 800, 1600, 1200), fill="#7a9a5b")
    imagen.save(dibujo, "JPEG")
    pagina.locator("#id_adjuntos-0-archivo").set_input_files(
        {"name": "IMG_20261120.jpg", "mimeType": "image/jpeg", "buffer": dibujo.getvalue()}
    )
    adjunto = pagina.locator("#adjuntos-0")
    adjunto.get_by_label("Título:").fill("La plaza recién pintada")
    adjunto.get_by_label("Texto alternativo:").fill("La plaza con el cielo despejado")
    adjunto.get_by_label("Lo importante está:").select_option("Abajo")
    pagina.get_by_role("button", name="Guardar el borrador").click()
    expect(pagina.get_by_text("El borrador quedó guardado")).to_be_visible()
    pagina.locator("#adjuntos-0").scroll_into_view_if_needed()
    return pagina


@captura("validar")
def validar(abrir, portal):
    pagina = abrir("editor", PAGINA)
    pagina.goto(f"/admin/portal/version/{_texto(portal, 'en_validacion')}/change/")
    return pagina


@captura("autorizar")
def autorizar(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto(f"/admin/portal/version/{_texto(portal, 'por_autorizar')}/change/")
    return pagina


@captura("acto")
def acto(abrir, portal):
    pagina = abrir("", PAGINA)
    [(anio, consecutivo)] = portal.consultar(
        "SELECT anio, consecutivo FROM portal_autorizacion ORDER BY id LIMIT 1"
    )
    pagina.goto(f"/autorizaciones/{anio}-{consecutivo:04}/")
    return pagina


@captura("publicacion")
def publicacion(abrir, portal):
    pagina = abrir("planeacion", PAGINA)
    [(pk,)] = portal.consultar(
        "SELECT p.id FROM portal_publicacion p JOIN portal_canal c ON c.id = p.canal_id "
        "WHERE c.nombre = %s AND p.version_publica_id IS NOT NULL AND p.retirada_en IS NULL "
        "ORDER BY p.id LIMIT 1",
        CANAL,
    )
    pagina.goto(f"/admin/portal/publicacion/{pk}/change/")
    pagina.get_by_text("Retirar del sitio…").click()
    return pagina


@captura("comparar")
def comparar(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    [(pk,)] = portal.consultar("SELECT max(id) FROM portal_version WHERE numero > 1")
    pagina.goto(f"/admin/portal/version/{pk}/comparar/")
    return pagina


@captura("vista-previa")
def vista_previa(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto(f"/admin/portal/version/{_texto(portal, 'por_autorizar')}/vista-previa/anchos/")
    pagina.frame_locator("iframe").get_by_text("Todavía no está publicado").wait_for()
    return pagina


@captura("enlace-de-lectura")
def lectores(abrir, portal):
    pagina = abrir("autor.planeacion", PAGINA)
    escribir(pagina, "Nuevo horario de la biblioteca", "Desde enero.", "La biblioteca abre a las siete.")
    [(pk,)] = portal.consultar("SELECT max(id) FROM portal_version")
    pagina.goto(f"/admin/portal/version/{pk}/change/?ver=1")
    pagina.get_by_text("Pedir la opinión de alguien de afuera…").click()
    pagina.get_by_label("Para quién").fill("Ana Rojas, presidenta de la junta de La Unión")
    pagina.get_by_role("button", name="Crear el enlace").click()
    expect(pagina.get_by_text("no se vuelve a mostrar")).to_be_visible()
    return pagina


@captura("lectura")
def lectura(abrir, portal):
    desk = lectores(abrir, portal)
    pagina = abrir("", CELULAR)
    pagina.goto(desk.get_by_label("Dirección secreta").input_value())
    expect(pagina.get_by_role("heading", name="Nuevo horario de la biblioteca")).to_be_visible()
    return pagina


@captura("calendario")
def calendario(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.get_by_role("link", name="Calendario").click()
    return pagina


@captura("al-dia")
def al_dia(abrir, portal):
    pagina = abrir("editor", PAGINA)
    expect(pagina.get_by_role("region", name=re.compile("Canales por actualizar"))).to_be_visible()
    return pagina


@captura("correos")
def correos(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto("/admin/portal/correo/")
    return pagina


@captura("matriz")
def matriz(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto("/admin/portal/asignacion/matriz/")
    return pagina


@captura("relevo")
def relevo(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    [(pk,)] = portal.consultar(
        "SELECT t.id FROM portal_titularidad t JOIN portal_usuario u ON u.id = t.persona_id "
        "WHERE u.username = 'autor.planeacion' AND t.hasta IS NULL"
    )
    pagina.goto(f"/admin/portal/titularidad/{pk}/cerrar/")
    return pagina


@captura("radicados")
def radicados(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto("/panel/radicados/")
    return pagina


@captura("radicado")
def radicado(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto(f"/panel/radicados/{_radicado(portal, 'en_tramite')}/")
    return pagina


@captura("respuesta")
def respuesta(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto(f"/panel/radicados/{_radicado(portal, 'en_tramite')}/respuesta/")
    return pagina


@captura("formulario-en-linea")
def formulario_en_linea(abrir, portal):
    pagina = abrir("suit", PAGINA)
    [(pk,)] = portal.consultar("SELECT min(id) FROM ventanilla_formulario WHERE estado = 'vigente'")
    pagina.goto(f"/admin/ventanilla/formulario/{pk}/change/")
    return pagina


@captura("informe-de-atencion")
def informe_de_atencion(abrir, portal):
    pagina = abrir("secretaria", PAGINA)
    pagina.goto("/panel/radicados/informe/")
    return pagina


def _reducir(png: bytes) -> bytes:
    """The picture as the manual keeps it."""
    with Image.open(io.BytesIO(png)) as imagen:
        imagen.thumbnail((ANCHO, ANCHO * 2))
        salida = io.BytesIO()
        imagen.convert("RGB").quantize(64).save(salida, "PNG", optimize=True)
        return salida.getvalue()


@pytest.mark.parametrize("nombre", CAPTURAS)
def test_the_task_can_be_seen(portal, abrir, tmp_path, nombre):
    carpeta = Path(os.environ.get("MANUAL_IMAGENES") or tmp_path)

    pagina = CAPTURAS[nombre](abrir, portal)
    expect(pagina.get_by_role("heading", name="No encontramos esta página")).to_have_count(0)
    imagen = _reducir(pagina.screenshot())

    assert len(imagen) < PESO
    assert f"imagenes/{nombre}.png" in "".join(hoja.read_text() for hoja in MANUAL.glob("*.md"))
    (carpeta / f"{nombre}.png").write_bytes(imagen)
