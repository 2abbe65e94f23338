"""Prepares everything and serves the portal on this machine: what `make run` does."""

import argparse
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

SEGUNDOS_PARA_RESPONDER = 30
SEGUNDOS_PARA_DETENERSE = 20
SEGUNDOS_ENTRE_RUTINAS = 60
AVISOS_DE_FIN = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GUNICORN = [
    *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
    *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
    *("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"),
]


def puerto_valido(texto: str) -> int:
    if texto.isdecimal() and 0 < int(texto) < 65536:
        return int(texto)
    raise CommandError(f"«{texto}» no es un puerto: use un número de 1 a 65535.")


def revisar_puerto(anfitrion: str, puerto: int) -> None:
    """Complain, before any work is done, when we could not listen there."""
    familia = socket.AF_INET6 if ":" in anfitrion else socket.AF_INET
    try:
        socket.create_server((anfitrion, puerto), family=familia).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            otro = puerto + 1 if puerto < 65535 else 8000
            raise CommandError(f"El puerto {puerto} está ocupado. Use otro: make run PORT={otro}") from error
        raise CommandError(f"No se puede atender en {anfitrion}:{puerto}: {error}") from error


def repetir_rutinas(fin: threading.Event, avisar: Callable[[str], object]) -> None:
    """Run the portal's routines once a minute; only failures are told."""
    orden = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rutinas"]
    while not fin.is_set():
        hecho = subprocess.run(orden, capture_output=True, text=True, start_new_session=True, check=False)
        if hecho.returncode:
            avisar(f"Las rutinas fallaron:\n{hecho.stderr.strip()}")
        fin.wait(SEGUNDOS_ENTRE_RUTINAS)


def responde(anfitrion: str, puerto: int) -> bool:
    conexion = http.client.HTTPConnection(anfitrion, puerto, timeout=5)
    try:
        conexion.request("GET", "/salud/")
        return conexion.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        conexion.close()


def detener(proceso: subprocess.Popen[bytes]) -> None:
    """End gunicorn once its requests are answered; by force if that takes too long."""
    proceso.terminate()
    with suppress(subprocess.TimeoutExpired):
        proceso.wait(SEGUNDOS_PARA_DETENERSE)
    with suppress(ProcessLookupError):  # workers that outlived it still hold the port
        os.killpg(proceso.pid, signal.SIGKILL)
    proceso.wait()


class Command(BaseCommand):
    help = "Prepara la base de datos y los archivos, y sirve el portal en este equipo."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--puerto", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--anfitrion", default="127.0.0.1")

    def handle(self, *args: Any, anfitrion: str, puerto: str, **opciones: Any) -> None:
        numero = puerto_valido(puerto)
        revisar_puerto(anfitrion, numero)
        for aviso in AVISOS_DE_FIN:
            if aviso != signal.SIGHUP or signal.getsignal(aviso) != signal.SIG_IGN:  # `nohup`
                signal.signal(aviso, signal.default_int_handler)
        try:
            self.preparar()
            self.servir(anfitrion, numero)
        except KeyboardInterrupt:
            self.decir("Portal detenido.")

    def decir(self, texto: str) -> None:
        self.stdout.write(texto)
        self.stdout.flush()

    def preparar(self) -> None:
        self.decir("Preparando la base de datos…")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("estaticos")  # texts are checked by drawing the pages they link to
        self.decir("Cargando los datos del municipio…")
        call_command("cargar_datos", verbosity=0)
        if settings.PORTAL_DEMO:
            self.decir("Cargando el contenido de demostración…")
            call_command("cargar_demo", verbosity=0)
        connections.close_all()

    def servir(self, anfitrion: str, puerto: int) -> None:
        self.decir("Iniciando el servidor…")
        enlace = f"[{anfitrion}]:{puerto}" if ":" in anfitrion else f"{anfitrion}:{puerto}"
        fin = threading.Event()
        rutinas = threading.Thread(target=repetir_rutinas, args=(fin, self.stderr.write), daemon=True)
        gunicorn = subprocess.Popen(
            [*GUNICORN, "--bind", enlace],
            cwd=settings.BASE_DIR,
            start_new_session=True,  # Ctrl-C is for us: we end it gently
        )
        try:
            rutinas.start()
            self.esperar(gunicorn, anfitrion, puerto)
            self.anunciar(enlace)
            gunicorn.wait()
            raise CommandError(
                f"El servidor se detuvo por su cuenta (código {gunicorn.returncode}). "
                "Los mensajes de arriba dicen por qué."
            )
        finally:
            for aviso in AVISOS_DE_FIN:
                signal.signal(aviso, signal.SIG_IGN)
            fin.set()
            detener(gunicorn)
            rutinas.join(SEGUNDOS_PARA_DETENERSE)

    def esperar(self, gunicorn: subprocess.Popen[bytes], anfitrion: str, puerto: int) -> None:
        cercano = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(anfitrion, anfitrion)  # noqa: S104
        limite = time.monotonic() + SEGUNDOS_PARA_RESPONDER
        while not responde(cercano, puerto):
            if gunicorn.poll() is not None:
                raise CommandError("El servidor no pudo iniciar. Los mensajes de arriba dicen por qué.")
            if time.monotonic() > limite:
                raise CommandError(
                    f"El portal no respondió en {SEGUNDOS_PARA_RESPONDER} segundos. "
                    "Los mensajes de arriba dicen por qué."
                )
            time.sleep(0.2)

    def anunciar(self, enlace: str) -> None:
        lineas = [
            "",
            "El portal está listo:",
            f"  Sitio público    http://{enlace}/",
            f"  Administración   http://{enlace}/admin/",
        ]
        if settings.PORTAL_DEMO:
            from portal.demo import USUARIOS

            ancho = max(len(usuario.usuario) for usuario in USUARIOS)
            lineas += ["", f"Usuarios de demostración, con la contraseña {settings.PORTAL_DEMO_CLAVE}:"]
            lineas += [f"  {u.usuario:<{ancho}}   {u.papel}" for u in USUARIOS]
        self.decir("\n".join([*lineas, "", "Para detenerlo, presione Ctrl+C."]))
