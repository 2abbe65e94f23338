"""Trying to reach something through a line: a port, a page or a name, each within some seconds."""

import secrets
import socket
import struct
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from conectividad.models.enlace import Objetivo

SEGUNDOS = 4.0
#: Beyond the time of each try, for names that the system itself is slow to resolve.
GRACIA = 4.0
PUERTO_DNS = 53
#: What is read of a page: that it answers is enough.
LECTURA = 1024
#: A measure of speed ends at whichever comes first.
BYTES_DE_VELOCIDAD, SEGUNDOS_DE_VELOCIDAD = 8 * 2**20, 10.0


class DestinoInvalido(ValueError):
    """What was written is not something that can be tried. Its text is for people."""


@dataclass(frozen=True)
class Destino:
    """`nombre` is what is asked of a DNS server, or the address of a page; a port needs none."""

    servidor: str
    puerto: int
    nombre: str = ""


@dataclass(frozen=True)
class Resultado:
    """`latencia_ms` is None when it did not answer."""

    nombre: str
    latencia_ms: int | None

    @property
    def respondio(self) -> bool:
        return self.latencia_ms is not None


def leer_destino(tipo: str, destino: str) -> Destino:
    """What a target says, as `Objetivo.destino` explains. Raises DestinoInvalido."""
    destino = destino.strip()
    if tipo == Objetivo.Tipo.TCP:
        return _servidor_y_puerto(destino, "Escriba servidor:puerto, por ejemplo 192.168.1.1:80.")
    if tipo == Objetivo.Tipo.HTTP:
        return _pagina(destino)
    if tipo == Objetivo.Tipo.DNS:
        return _consulta(destino)
    raise DestinoInvalido("Elija qué se prueba: un puerto, una página o un nombre.")


def _servidor_y_puerto(texto: str, si_no: str, puerto: int | None = None) -> Destino:
    try:
        partes = urlsplit(f"//{texto}")
        puerto = partes.port or puerto
    except ValueError as error:  # a port that is not a number up to 65535, or a broken [::1]
        raise DestinoInvalido(si_no) from error
    if not partes.hostname or not puerto or partes.netloc != texto or "@" in texto or " " in texto:
        raise DestinoInvalido(si_no)
    return Destino(partes.hostname, puerto)


def _pagina(texto: str) -> Destino:
    si_no = "Escriba la dirección completa, por ejemplo https://www.gov.co/."
    esquema, _separador, resto = texto.partition("://")
    if esquema not in {"http", "https"} or " " in texto or not texto.isascii():
        raise DestinoInvalido(si_no)
    servidor = resto.partition("/")[0].partition("?")[0].partition("#")[0]
    destino = _servidor_y_puerto(servidor, si_no, 443 if esquema == "https" else 80)
    return Destino(destino.servidor, destino.puerto, texto)


def _consulta(texto: str) -> Destino:
    si_no = "Escriba el nombre y, si quiere, a quién se pregunta: www.gov.co@8.8.8.8."
    nombre, arroba, servidor = texto.partition("@")
    etiquetas = nombre.rstrip(".").split(".")
    if not nombre.isascii() or " " in nombre or not all(1 <= len(etiqueta) <= 63 for etiqueta in etiquetas):
        raise DestinoInvalido(si_no)
    if not arroba:
        return Destino("", PUERTO_DNS, nombre)
    quien = _servidor_y_puerto(servidor, si_no, PUERTO_DNS)
    return Destino(quien.servidor, quien.puerto, nombre)


def probar(objetivos: Iterable[Objetivo], segundos: float = SEGUNDOS) -> dict[int, Resultado]:
    """Try all of them at once; the result of each, by its key. What cannot be tried did not answer."""
    objetivos = list(objetivos)
    if not objetivos:
        return {}
    hilos = ThreadPoolExecutor(min(32, len(objetivos)), thread_name_prefix="sonda")
    try:
        pruebas = {objetivo.pk: hilos.submit(_probar, objetivo, segundos) for objetivo in objetivos}
        hechas, _pendientes = wait(pruebas.values(), timeout=segundos + GRACIA)
        return {
            objetivo.pk: Resultado(objetivo.nombre, prueba.result() if prueba in hechas else None)
            for objetivo in objetivos
            for prueba in [pruebas[objetivo.pk]]
        }
    finally:
        hilos.shutdown(wait=False, cancel_futures=True)


def _probar(objetivo: Objetivo, segundos: float) -> int | None:
    """Milliseconds that it took to answer, at least one, or None."""
    reloj = time.monotonic()
    try:
        _FORMAS[objetivo.tipo](leer_destino(objetivo.tipo, objetivo.destino), segundos)
    except (OSError, HTTPException, DestinoInvalido, UnicodeError):
        return None
    return max(1, round((time.monotonic() - reloj) * 1000))


def _abrir_puerto(destino: Destino, segundos: float) -> None:
    socket.create_connection((destino.servidor, destino.puerto), timeout=segundos).close()


def _pedir_pagina(destino: Destino, segundos: float) -> None:
    """Whatever it answers, it answered: redirects are not followed and errors of the site count as well."""
    conexion, ruta = _conexion(destino, segundos)
    try:
        conexion.request("GET", ruta, headers={"User-Agent": "sondeo", "Connection": "close"})
        conexion.getresponse().read(LECTURA)
    finally:
        conexion.close()


def _conexion(destino: Destino, segundos: float) -> tuple[HTTPConnection, str]:
    partes = urlsplit(destino.nombre)
    clase = HTTPSConnection if partes.scheme == "https" else HTTPConnection
    ruta = (partes.path or "/") + (f"?{partes.query}" if partes.query else "")
    return clase(destino.servidor, destino.puerto, timeout=segundos), ruta


def _preguntar_nombre(destino: Destino, segundos: float) -> None:
    """One packet there and one back (RFC 1035 §4.1). That the name does not exist is an answer too.

    The resolver of the system has no limit of time, so it is asked as any other server.
    """
    numero = secrets.token_bytes(2)
    nombre = b"".join(bytes([len(e)]) + e.encode() for e in destino.nombre.rstrip(".").split("."))
    pregunta = numero + struct.pack(">5H", 0x0100, 1, 0, 0, 0) + nombre + struct.pack(">B2H", 0, 1, 1)
    servidor = destino.servidor or _servidor_del_sistema()
    familia, *_resto, direccion = socket.getaddrinfo(servidor, destino.puerto, type=socket.SOCK_DGRAM)[0]
    with socket.socket(familia, socket.SOCK_DGRAM) as enchufe:
        enchufe.connect(direccion)
        enchufe.send(pregunta)
        limite = time.monotonic() + segundos
        while (falta := limite - time.monotonic()) > 0:
            enchufe.settimeout(falta)
            respuesta = enchufe.recv(512)
            if respuesta[:2] == numero and len(respuesta) > 3 and _dice_algo(respuesta):
                return
    raise TimeoutError


def _dice_algo(respuesta: bytes) -> bool:
    """It is an answer, and says that the name exists (0) or that it does not (3)."""
    return bool(respuesta[2] & 0x80) and respuesta[3] & 0x0F in {0, 3}


def _servidor_del_sistema() -> str:
    """Whom this machine asks for names, as resolv.conf(5) says. Raises OSError when it says nobody."""
    for linea in Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines():
        if linea.startswith("nameserver ") and len(partes := linea.split()) > 1:
            return partes[1]
    raise OSError("This machine has no DNS server.")


_FORMAS: dict[str, Callable[[Destino, float], None]] = {
    Objetivo.Tipo.TCP: _abrir_puerto,
    Objetivo.Tipo.HTTP: _pedir_pagina,
    Objetivo.Tipo.DNS: _preguntar_nombre,
}


def medir_velocidad(url: str, segundos: float = SEGUNDOS_DE_VELOCIDAD) -> int | None:
    """Kilobits per second at which the page comes down, or None when it does not. Raises DestinoInvalido."""
    destino = _pagina(url.strip())
    conexion, ruta = _conexion(destino, SEGUNDOS)
    reloj, bajados = time.monotonic(), 0
    try:
        conexion.request("GET", ruta, headers={"User-Agent": "sondeo", "Connection": "close"})
        respuesta = conexion.getresponse()
        while bajados < BYTES_DE_VELOCIDAD and time.monotonic() - reloj < segundos:
            if not (parte := respuesta.read(65536)):
                break
            bajados += len(parte)
    except (OSError, HTTPException):
        return None
    finally:
        conexion.close()
    lapso = max(time.monotonic() - reloj, 0.001)
    return round(bajados * 8 / 1000 / lapso) if bajados else None
