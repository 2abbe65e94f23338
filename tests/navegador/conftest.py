"""A real portal for real browsers: `manage.py servir` with the demo, on a database of its own.

One server for each process of tests, so each test leaves what the next can live with.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=15_000)  # a loaded machine takes its time to send a form
CLAVE = "clave-de-las-pruebas"
BASE = f"portal_navegador_{os.getpid()}"
CELULAR, ESCRITORIO = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without it these tests are skipped; in CI that is a failure."""
    ruta = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if ruta is None:
        aviso = "Falta Chromium: instálelo (en Debian y Ubuntu: sudo apt install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(aviso)
        pytest.skip(aviso)
    return ruta


@dataclass(frozen=True)
class Portal:
    """The running site and its database."""

    url: str
    conexion: dict[str, object]

    def consultar(self, sql: str, *valores) -> list[tuple]:
        with psycopg2.connect(**self.conexion) as conexion, conexion.cursor() as cursor:
            cursor.execute(sql, valores)
            return cursor.fetchall()


def _conexion(base: str) -> dict[str, object]:
    ajustes = settings.DATABASES["default"]
    return {
        "host": ajustes["HOST"],
        "port": ajustes["PORT"] or 5432,
        "user": ajustes["USER"],
        "password": ajustes["PASSWORD"] or None,
        "dbname": base,
    }


def _url_de_base(conexion: dict[str, object]) -> str:
    clave = f":{quote(str(conexion['password']), safe='')}" if conexion["password"] else ""
    anfitrion, puerto = str(conexion["host"]), conexion["port"]
    donde = f":{puerto}/{quote(anfitrion)}" if anfitrion.startswith("/") else f"{anfitrion}:{puerto}"
    return f"postgresql://{conexion['user']}{clave}@{donde}/{conexion['dbname']}"


@pytest.fixture(scope="session")
def base_propia() -> Iterator[dict[str, object]]:
    """An empty database beside the one of the other tests, dropped at the end."""
    administrador = psycopg2.connect(**_conexion("postgres"))
    administrador.autocommit = True
    with administrador.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {BASE} TEMPLATE template0")
        yield _conexion(BASE)
        cursor.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
    administrador.close()


@pytest.fixture(scope="session")
def portal(chromium, base_propia, tmp_path_factory) -> Iterator[Portal]:
    """The site as `make run` serves it, with the demo loaded."""
    carpeta = tmp_path_factory.mktemp("portal")
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    ambiente = os.environ | {
        "PORTAL_ENTORNO": "desarrollo",
        "PORTAL_DEMO": "1",
        "PORTAL_DEMO_CLAVE": CLAVE,
        "DATABASE_URL": _url_de_base(base_propia),
        "MEDIA_ROOT": str(carpeta / "media"),
        "STATIC_ROOT": str(carpeta / "static"),
        "PORTAL_COPIAS": str(carpeta / "copias"),
    }
    registro = (carpeta / "servidor.log").open("w")
    proceso = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "servir", "--puerto", str(puerto)],
        env=ambiente,
        stdout=registro,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{puerto}"
    try:
        _esperar(url, proceso, carpeta)
        yield Portal(url, base_propia)
    finally:
        proceso.send_signal(signal.SIGINT)
        proceso.wait(timeout=40)
        registro.close()


def _esperar(url: str, proceso: subprocess.Popen, carpeta) -> None:
    limite = time.monotonic() + 300
    while time.monotonic() < limite:
        if proceso.poll() is not None:
            break
        try:
            with urlopen(f"{url}/salud/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail("El servidor no respondió:\n" + (carpeta / "servidor.log").read_text())


@pytest.fixture(scope="module")
def navegador(chromium) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opciones = ["--no-sandbox"] if os.geteuid() == 0 else []
        abierto = playwright.chromium.launch(executable_path=chromium, args=opciones)
        yield abierto
        abierto.close()


@pytest.fixture
def abrir(portal, navegador):
    """`abrir("planeacion", ancho)`: a page of a browser of one's own, entered as that person.

    At the end, no page may have violated the security policy nor thrown an error.
    """
    contextos, quejas = [], []

    def nueva(usuario: str = "", ventana=ESCRITORIO, **opciones) -> Page:
        contexto = navegador.new_context(
            base_url=portal.url, viewport=ventana, locale="es-CO", timezone_id="America/Bogota", **opciones
        )
        contextos.append(contexto)
        contexto.set_default_timeout(15_000)
        pagina = contexto.new_page()
        pagina.add_init_script(
            # What the tests themselves inject comes from no file and does not count.
            "document.addEventListener('securitypolicyviolation', e => e.sourceFile && "
            "console.error('CSP ' + e.violatedDirective + ' ' + e.sourceFile))"
        )
        pagina.on("pageerror", lambda error: quejas.append(str(error)))
        pagina.on(
            "console", lambda m: quejas.append(m.text) if m.type == "error" and "CSP " in m.text else None
        )
        if usuario:
            pagina.goto("/admin/login/")
            pagina.get_by_label("Nombre de usuario").fill(usuario)
            pagina.get_by_label("Contraseña").fill(CLAVE)
            pagina.get_by_role("button", name="Entrar").click()
            pagina.wait_for_url("**/admin/")
        return pagina

    yield nueva
    for contexto in contextos:
        contexto.close()
    assert not quejas
