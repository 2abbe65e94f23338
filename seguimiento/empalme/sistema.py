"""What the portal knows of itself: which version runs, and how old the newest backup is."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_TITULO = re.compile(r"^## (.+)$", re.MULTILINE)
SIN_PUBLICAR = "Unreleased"


def version_del_programa(cambios: Path | None = None) -> str:
    """The version that `CHANGELOG.md` names first; while it has no number, after which one it comes."""
    cambios = cambios or settings.BASE_DIR / "CHANGELOG.md"
    titulos = _TITULO.findall(cambios.read_text(encoding="utf-8")) if cambios.exists() else []
    if not titulos:
        return "No se sabe: falta la lista de cambios del programa."
    if titulos[0] != SIN_PUBLICAR:
        return titulos[0]
    return f"En desarrollo, después de {titulos[1]}" if titulos[1:] else "En desarrollo, sin número todavía"


def estado_de_las_copias() -> str:
    """In words, of what day the newest backup is, or that the portal cannot know it."""
    carpeta: str = settings.CARPETA_DE_RESPALDOS
    if not carpeta:
        return "El portal no lo sabe: se hacen en el servidor. Pida la constancia a quien lo administra."
    try:
        dias = [_dia(archivo) for archivo in _archivos(Path(carpeta))]
    except OSError:
        return "El portal no puede leer la carpeta de las copias. Avise a quien administra el servidor."
    if not dias:
        return "La carpeta de las copias está vacía. Avise a quien administra el servidor."
    return f"La copia más reciente es del {max(dias):%d/%m/%Y}."


def _archivos(carpeta: Path) -> Iterator[Path]:
    """Those of the folder and of the folders of each day, as the manual of operation makes them."""
    for entrada in carpeta.iterdir():
        if entrada.is_dir():
            yield from (archivo for archivo in entrada.iterdir() if archivo.is_file())
        else:
            yield entrada


def _dia(archivo: Path) -> date:
    return datetime.fromtimestamp(archivo.stat().st_mtime, tz=timezone.get_current_timezone()).date()
