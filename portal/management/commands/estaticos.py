"""collectstatic, only when it is needed: compressing takes seconds and is seldom called for."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


def sello_de_estaticos() -> str:
    """Changes whenever a static file is added, removed or modified, ours or of a package."""
    resumen = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for buscador in get_finders():
        for ruta, almacen in buscador.list([]):
            estado = Path(almacen.path(ruta)).stat()
            resumen.update(f"{ruta} {estado.st_size} {estado.st_mtime_ns}\n".encode())
    return resumen.hexdigest()


class Command(BaseCommand):
    help = "Reúne y comprime los archivos estáticos, si alguno cambió desde la última vez."

    def handle(self, *args: Any, **opciones: Any) -> None:
        marca = Path(settings.STATIC_ROOT) / ".sello"
        sello = sello_de_estaticos()
        if marca.exists() and marca.read_text() == sello:
            return
        self.stdout.write("Preparando estilos, letras e imágenes…")
        self.stdout.flush()
        call_command("collectstatic", verbosity=0, interactive=False)
        marca.write_text(sello)
