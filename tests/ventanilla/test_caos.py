"""A thousand filings while workers die and PostgreSQL falls: nothing is lost, repeated or skipped.

Two hundred in the ordinary run. All of them: `VENTANILLA_CAOS=1000 pytest tests/ventanilla/test_caos.py`.
"""

import http.client
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import psycopg2
import pytest
from django.conf import settings

from config import basedatos
from config.postgres_incluido import ejecutar

pytestmark = pytest.mark.lenta
CUANTAS = int(os.environ.get("VENTANILLA_CAOS", "200"))
CLIENTES = 8
#: Seconds from a worker that is killed to the next, and filings from a fall of PostgreSQL to the next: a
#: quick machine has its falls too.
ENTRE_MUERTES, ENTRE_CAIDAS = 1.5, 50
PLAZO = 240
GUNICORN = [
    *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--workers", "2"),
    *("--worker-class", "gthread", "--threads", "4", "--log-level", "critical", "--no-control-socket"),
]


@dataclass(frozen=True)
class Sitio:
    """The running site: where it listens, its processes and its own PostgreSQL."""

    puerto: int
    ambiente: dict[str, str]
    gunicorn: psutil.Process
    datos: Path

    def conectar(self):
        return psycopg2.connect(
            host=str(basedatos._enchufe_vivo(self.datos)), user="postgres", dbname="portal"
        )


@pytest.fixture
def sitio(tmp_path) -> Iterator[Sitio]:
    """gunicorn over a PostgreSQL server of its own, which may fall without the other tests noticing."""
    url = basedatos.url_embebida(tmp_path)
    carpeta = basedatos._carpeta(tmp_path.resolve())
    ambiente = os.environ | {
        "PORTAL_ENTORNO": "desarrollo",
        "PROXIES": "1",  # each filing says where it comes from: one address could not file so many
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(tmp_path / "media"),
        "STATIC_ROOT": str(tmp_path / "static"),
        "PORTAL_COPIAS": str(tmp_path / "copias"),
    }
    manage(ambiente, "migrate", "--verbosity", "0")
    manage(ambiente, "estaticos")
    manage(ambiente, "shell", "-c", "from tests.ventanilla.builders import cargar_reglas; cargar_reglas()")
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    registro = (tmp_path / "gunicorn.log").open("w")
    proceso = subprocess.Popen(
        [*GUNICORN, "--bind", f"127.0.0.1:{puerto}"],
        env=ambiente,
        cwd=settings.BASE_DIR,
        stdout=registro,
        stderr=registro,
        start_new_session=True,
    )
    try:
        yield Sitio(puerto, ambiente, psutil.Process(proceso.pid), carpeta / "datos")
    finally:
        os.killpg(proceso.pid, signal.SIGKILL)
        proceso.wait()
        registro.close()
        ejecutar(carpeta / "datos", "pg_ctl", "stop", "-w", "-m", "immediate")
        shutil.rmtree(carpeta / "datos", ignore_errors=True)


def manage(ambiente: dict[str, str], *orden: str) -> str:
    hecho = subprocess.run(
        [sys.executable, "manage.py", *orden],
        env=ambiente,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    return hecho.stdout


class Cliente:
    """A browser of somebody who insists: whatever fails is sent again, with the same draft."""

    def __init__(self, puerto: int, limite: float):
        self.puerto, self.limite = puerto, limite
        self.galleta = self.csrf = self.visto = ""
        self.reintentos = 0

    def pedir(self, metodo: str, ruta: str, datos: dict[str, str] | None = None):
        """Status, where it sends, and the text. Raises OSError or HTTPException when the line is cut."""
        conexion = http.client.HTTPConnection("127.0.0.1", self.puerto, timeout=20)
        de = ".".join(str(random.randint(1, 254)) for _ in range(4))
        cabeceras = {"X-Forwarded-For": de, "Cookie": self.galleta}
        if datos is not None:
            cabeceras["Content-Type"] = "application/x-www-form-urlencoded"
            datos = datos | {"csrfmiddlewaretoken": self.csrf}
        try:
            conexion.request(metodo, ruta, urlencode(datos or {}), cabeceras)
            respuesta = conexion.getresponse()
            texto = respuesta.read().decode()
        finally:
            conexion.close()
        if hallada := re.match(r"\w*csrf\w*=\w+", respuesta.headers.get("Set-Cookie", "")):
            self.galleta = hallada[0]
        return respuesta.status, urlsplit(respuesta.headers.get("Location", "")).path, texto

    def insistir(self, metodo: str, ruta: str, datos=None, *, lleva_a: str = "") -> tuple[str, str]:
        """Until it is done; the address to which it leads and the text."""
        while time.monotonic() < self.limite:
            try:
                estado, destino, texto = self.pedir(metodo, ruta, datos)
            except (OSError, http.client.HTTPException):
                estado = 0
            if (estado == 302 and lleva_a and re.search(lleva_a, destino)) or (estado == 200 and not lleva_a):
                return destino, texto
            assert estado in {0, 302, 409, 500, 503}, (ruta, estado, texto)
            self.reintentos += 1
            time.sleep(random.uniform(0.05, 0.4))
        raise TimeoutError(ruta)

    def entrar(self) -> None:
        _destino, pagina = self.insistir("GET", "/pqrsd/")
        self.csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', pagina)[1]
        self.visto = re.search(r'name="visto" value="([^"]+)"', pagina)[1]

    def radicar(self, asunto: str) -> str:
        """File it step by step and read its number in the receipt. Some tap the button twice."""
        inicio = {"clase": "peticion-de-interes-general", "nombre": "sin", "visto": self.visto}
        paso, _texto = self.insistir("POST", "/pqrsd/", inicio, lleva_a="/que-pide/$")
        peticion = {"asunto": asunto, "texto": f"Pido que arreglen las luces: {asunto}."}
        self.insistir("POST", paso, peticion, lleva_a="/radicar/[^/]+/[a-z]+")
        revisar = paso.replace("/que-pide/", "/revisar/")
        if random.random() < 0.2:
            otro = Cliente(self.puerto, self.limite)
            otro.galleta, otro.csrf = self.galleta, self.csrf
            toque = threading.Thread(
                target=otro.insistir, args=("POST", revisar, {}), kwargs={"lleva_a": "acuse"}
            )
            toque.start()
        acuse, _texto = self.insistir("POST", revisar, {}, lleva_a="/acuse/$")
        _destino, pagina = self.insistir("GET", acuse)
        return re.search(r"[0-9]{4}-[0-9]{6}-E", pagina)[0]


@dataclass
class Caos:
    """Kills workers with -9 and restarts PostgreSQL as a power cut would, until it is told to stop."""

    sitio: Sitio
    fin: threading.Event
    hechos: list[str]
    muertes: int = 0
    caidas: int = 0

    def correr(self) -> None:
        caida = ENTRE_CAIDAS
        while not self.fin.wait(ENTRE_MUERTES):
            self.matar()
            if len(self.hechos) >= caida:
                ejecutar(self.sitio.datos, "pg_ctl", "restart", "-w", "-m", "immediate", "-l", "caos.log")
                self.caidas += 1
                caida = len(self.hechos) + ENTRE_CAIDAS

    def matar(self) -> None:
        trabajadores = self.sitio.gunicorn.children()
        if trabajadores:
            os.kill(random.choice(trabajadores).pid, signal.SIGKILL)
            self.muertes += 1


def test_nothing_is_lost_repeated_or_skipped(sitio, capsys):
    limite = time.monotonic() + PLAZO
    clientes = [Cliente(sitio.puerto, limite) for _ in range(CLIENTES)]
    clientes[0].entrar()
    for cliente in clientes:
        cliente.galleta, cliente.csrf = clientes[0].galleta, clientes[0].csrf
        cliente.visto = clientes[0].visto
    time.sleep(3.1)  # nobody answers the first page in less
    hechos: list[str] = []
    caos = Caos(sitio, threading.Event(), hechos)
    hilo = threading.Thread(target=caos.correr)
    empieza = time.monotonic()
    hilo.start()

    def trabajar(n: int) -> dict[str, str]:
        suyos = {}
        for i in range(n, CUANTAS, CLIENTES):
            suyos[f"Caos {i}"] = clientes[n].radicar(f"Caos {i}")
            hechos.append(suyos[f"Caos {i}"])
        return suyos

    try:
        with ThreadPoolExecutor(CLIENTES) as hilos:
            recibidos = {
                a: numero for parte in hilos.map(trabajar, range(CLIENTES)) for a, numero in parte.items()
            }
    finally:
        caos.fin.set()
        hilo.join()
    duracion = time.monotonic() - empieza

    with sitio.conectar() as conexion, conexion.cursor() as cursor:
        cursor.execute(
            "SELECT r.asunto, a.anio || '-' || lpad(a.consecutivo::text, 6, '0') || '-E', a.consecutivo "
            "FROM ventanilla_radicado r JOIN ventanilla_asiento a ON a.id = r.asiento_id"
        )
        filas = cursor.fetchall()
    conexion.close()
    assert {asunto: numero for asunto, numero, _n in filas} == recibidos
    assert sorted(n for _asunto, _numero, n in filas) == list(range(1, CUANTAS + 1))
    assert f"{CUANTAS} asientos" in manage(sitio.ambiente, "revisar_libro")
    assert caos.muertes and (caos.caidas or CUANTAS < 200)
    reintentos = sum(cliente.reintentos for cliente in clientes)
    with capsys.disabled():
        print(
            f"\n{CUANTAS} radicados en {duracion:.0f} s, con {caos.muertes} muertes de trabajadores, "
            f"{caos.caidas} caídas de PostgreSQL y {reintentos} reintentos."
        )
