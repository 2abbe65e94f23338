"""`manage.py servir`, the command behind `make run`."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.management.commands.estaticos import sello_de_estaticos

RAIZ = Path(__file__).parents[2]


@pytest.fixture
def puerto_ocupado() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as servidor:
        yield servidor.getsockname()[1]


@pytest.fixture
def puerto_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as servidor:
        return servidor.getsockname()[1]


@pytest.fixture
def url_de_base_aparte() -> Iterator[str]:
    """An empty database on the same server, so that the one of whoever develops is not touched."""
    ajustes = settings.DATABASES["default"]
    nombre = f"prueba_servir_{os.getpid()}"
    conexion = psycopg2.connect(
        host=ajustes["HOST"],
        port=ajustes["PORT"] or 5432,
        user=ajustes["USER"],
        password=ajustes["PASSWORD"],
        dbname="postgres",
    )
    conexion.autocommit = True
    cursor = conexion.cursor()
    cursor.execute(f"CREATE DATABASE {nombre}")
    quien = f"{quote(ajustes['USER'])}:{quote(ajustes['PASSWORD'], safe='')}"
    es_carpeta = ajustes["HOST"].startswith("/")
    donde = f":5432/{quote(ajustes['HOST'])}" if es_carpeta else f"{ajustes['HOST']}:5432"
    yield f"postgresql://{quien}@{donde}/{nombre}"
    cursor.execute(f"DROP DATABASE {nombre} WITH (FORCE)")
    conexion.close()


def leer_hasta(proceso: subprocess.Popen[str], texto: str, segundos: float) -> str:
    """What the process says until `texto` appears; fails when it takes longer."""
    assert proceso.stdout
    leido, limite = "", time.monotonic() + segundos
    while texto not in leido:
        listo, _, _ = select.select([proceso.stdout], [], [], max(0, limite - time.monotonic()))
        trozo = os.read(proceso.stdout.fileno(), 4096).decode() if listo else ""
        assert trozo, f"No dijo «{texto}»:\n{leido}"
        leido += trozo
    return leido


@pytest.mark.lenta
def test_desde_una_base_vacia_sirve_el_portal_y_se_detiene_sin_errores(
    url_de_base_aparte, puerto_libre, tmp_path
):
    ambiente = os.environ | {
        "DATABASE_URL": url_de_base_aparte,
        "PORTAL_ENTORNO": "desarrollo",
        "PORTAL_DEMO": "1",
        "PORTAL_DEMO_CLAVE": "una-clave-de-prueba",
        "STATIC_ROOT": str(tmp_path / "estaticos"),
        "MEDIA_ROOT": str(tmp_path / "archivos"),
        "PORTAL_COPIAS": str(tmp_path / "copias"),
    }
    orden = [sys.executable, "manage.py", "servir", "--puerto", str(puerto_libre)]
    tubo = subprocess.PIPE
    with subprocess.Popen(
        orden, cwd=RAIZ, env=ambiente, stdout=tubo, stderr=subprocess.STDOUT, text=True
    ) as proceso:
        try:
            dicho = leer_hasta(proceso, "Ctrl+C", 300)
            assert f"http://127.0.0.1:{puerto_libre}/admin/" in dicho
            assert "una-clave-de-prueba" in dicho
            for ruta in ("/", "/salud/"):
                with urlopen(f"http://127.0.0.1:{puerto_libre}{ruta}") as respuesta:
                    assert respuesta.status == 200
            proceso.send_signal(signal.SIGINT)
            dicho += proceso.communicate(timeout=30)[0]
        finally:
            proceso.kill()
    assert proceso.returncode == 0
    assert "Portal detenido." in dicho
    assert "Traceback" not in dicho
    socket.create_server(("127.0.0.1", puerto_libre)).close()  # nobody kept the port


def test_con_el_puerto_ocupado_lo_dice_antes_de_tocar_nada(puerto_ocupado):
    with pytest.raises(CommandError) as error:
        call_command("servir", puerto=str(puerto_ocupado))
    assert str(error.value) == (
        f"El puerto {puerto_ocupado} está ocupado. Use otro: make run PORT={puerto_ocupado + 1}"
    )


@pytest.mark.parametrize("puerto", ["0", "65536", "ocho mil", "-1"])
def test_un_puerto_que_no_existe_se_rechaza(puerto):
    with pytest.raises(CommandError, match="no es un puerto"):
        call_command("servir", puerto=puerto)


def test_los_estaticos_se_reunen_otra_vez_solo_cuando_cambian(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    archivo = tmp_path / "hoja.css"
    archivo.write_text("a {}")
    primero = sello_de_estaticos()
    assert sello_de_estaticos() == primero
    os.utime(archivo, (1, 1))
    segundo = sello_de_estaticos()
    (tmp_path / "otra.css").write_text("b {}")
    assert len({primero, segundo, sello_de_estaticos()}) == 3
