"""A PostgreSQL server for a laptop or a test run, for when DATABASE_URL is not set.

The server has no TCP port. It asks for no password because its socket lies in a folder that
only its own user can enter. It stops when its last user ends: two lock files tell who that
is, and the kernel drops the locks of a process however it ends, even by kill -9.
  uso.lock       shared, held by each process for as long as it uses the server
  arranque.lock  exclusive, held only around a start or around the decision to stop
"""

import atexit
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import AF_UNIX, socket
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

from config.postgres_incluido import CASA_DE_ROOT, SALIDA, crear_carpeta, cuenta, ejecutar

BASE_DE_DATOS = "portal"
OPCIONES = "-p 5432 -c listen_addresses= -c max_connections=100 -c timezone=UTC -c jit=off"
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # same everywhere
SEGUNDOS_DE_ARRANQUE = 15

_en_uso: dict[Path, int] = {}  # folder of a server -> descriptor of its uso.lock


def url_embebida(base: Path) -> str:
    """URL of the project's own database; starts its server if nobody has yet."""
    carpeta = _carpeta(base.resolve())
    datos = carpeta / "datos"
    with _candado(carpeta / "arranque.lock", fcntl.LOCK_EX):
        if carpeta not in _en_uso:
            _en_uso[carpeta] = _abrir_con_candado(carpeta / "uso.lock", fcntl.LOCK_SH)
            atexit.register(_soltar, carpeta)
        enchufe = _enchufe_vivo(datos) or _arrancar(datos)
    # The double slash makes django-environ read the folder as HOST, so dbshell works too.
    return f"postgresql://postgres@:5432/{quote(str(enchufe))}/{BASE_DE_DATOS}"


def _soltar(carpeta: Path) -> None:
    """Give up our use, at exit; the last one to leave stops the server.

    The lock is asked for anew instead of converted: a forked child that still runs keeps
    the old one, and then this one is refused.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.close(_en_uso.pop(carpeta))
    datos = carpeta / "datos"
    with (
        suppress(OSError, ImproperlyConfigured),
        _candado(carpeta / "arranque.lock", fcntl.LOCK_EX),
        _candado(carpeta / "uso.lock", fcntl.LOCK_EX | fcntl.LOCK_NB),
    ):
        if _enchufe_vivo(datos):
            ejecutar(datos, "pg_ctl", "stop", "-w", "-m", "fast")


def _abrir_con_candado(archivo: Path, modo: int) -> int:
    descriptor = os.open(archivo, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, modo)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def _candado(archivo: Path, modo: int) -> Iterator[None]:
    descriptor = _abrir_con_candado(archivo, modo)
    try:
        yield
    finally:
        os.close(descriptor)


def _carpeta(base: Path) -> Path:
    """Folder of the server that belongs to the project in `base`."""
    es_root = os.geteuid() == 0
    carpeta = CASA_DE_ROOT / _resumen(base) if es_root else base / ".postgres"
    try:
        if es_root:
            crear_carpeta(CASA_DE_ROOT, 0o755)
            crear_carpeta(carpeta, 0o755)  # the private one is datos/, inside
        else:
            crear_carpeta(carpeta, 0o700)
            carpeta.chmod(0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"No se puede usar {carpeta} ({error}). {SALIDA}") from error
    return carpeta


def _resumen(ruta: Path) -> str:
    return hashlib.sha256(os.fsencode(ruta)).hexdigest()[:12]


def _enchufe_vivo(datos: Path) -> Path | None:
    """Folder of the socket of a server that is ready; None when nobody answers."""
    with suppress(OSError, IndexError, UnicodeDecodeError):
        lineas = (datos / "postmaster.pid").read_text().splitlines()
        with socket(AF_UNIX) as conexion:
            conexion.settimeout(5)
            conexion.connect(f"{lineas[4]}/.s.PGSQL.5432")
        return Path(lineas[4]) if lineas[7].strip() == "ready" else None
    return None


def _arrancar(datos: Path) -> Path:
    if not datos.exists():
        _crear_datos(datos)
    _quitar_pid_ajeno(datos)
    registro = datos / "servidor.log"
    if registro.exists():
        registro.replace(datos / "servidor.anterior.log")
    opciones = f"{OPCIONES} -k {_carpeta_del_enchufe(datos)}"
    limite = time.monotonic() + SEGUNDOS_DE_ARRANQUE
    while True:  # a server that was left starting or stopping needs a moment
        inicio = ejecutar(datos, "pg_ctl", "start", "-w", "-l", registro.name, "-o", opciones)
        if enchufe := _enchufe_vivo(datos):
            _crear_base_de_datos(enchufe)
            return enchufe
        if time.monotonic() > limite:
            detalle = registro.read_text() if registro.exists() else inicio.stderr
            raise ImproperlyConfigured(f"PostgreSQL no arrancó. Registro: {registro}\n{detalle}")
        time.sleep(0.3)


def _crear_datos(datos: Path) -> None:
    """Make the cluster aside and rename it, so that a half-made one is never used."""
    nuevos = datos.with_name("datos.nuevos")
    shutil.rmtree(nuevos, ignore_errors=True)
    crear_carpeta(nuevos, 0o700)
    if dueno := cuenta():
        os.chown(nuevos, dueno.pw_uid, dueno.pw_gid)
    argumentos = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions", *LOCALE)
    resultado = ejecutar(nuevos, "initdb", *argumentos)
    if resultado.returncode:
        raise ImproperlyConfigured(f"PostgreSQL no creó {datos}. {SALIDA}\n{resultado.stderr}")
    nuevos.rename(datos)


def _quitar_pid_ajeno(datos: Path) -> None:
    """Drop a postmaster.pid whose number, after a power cut, belongs to another program.

    PostgreSQL only sees that such a process is alive, and would refuse to start.
    """
    import psutil  # comes with the wheel; rarely needed

    archivo = datos / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        numero = int(archivo.read_text().splitlines()[0])
        try:
            es_el_servidor = datos.samefile(psutil.Process(numero).cwd())
        except psutil.ZombieProcess:
            es_el_servidor = False
        if not es_el_servidor:
            archivo.unlink()


def _carpeta_del_enchufe(datos: Path) -> Path:
    """The data folder, or a private one when that is too long or odd for a socket."""
    if re.fullmatch(r"[\w./-]{1,85}", str(datos), re.ASCII):
        return datos
    carpeta = Path(f"/tmp/portal-{os.geteuid()}-{_resumen(datos)}")  # noqa: S108
    crear_carpeta(carpeta, 0o700)
    estado = carpeta.lstat()
    es_privada = stat.S_ISDIR(estado.st_mode) and not estado.st_mode & 0o077
    if not es_privada or estado.st_uid != os.geteuid():
        raise ImproperlyConfigured(f"{carpeta} debería ser una carpeta privada suya: bórrela.")
    return carpeta


def _crear_base_de_datos(enchufe: Path) -> None:
    import psycopg2  # only whoever starts the server needs it here

    conexion = psycopg2.connect(host=str(enchufe), port=5432, user="postgres", dbname="postgres")
    conexion.autocommit = True
    with conexion.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BASE_DE_DATOS])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {BASE_DE_DATOS} TEMPLATE template0 ENCODING 'UTF8'")
    conexion.close()
