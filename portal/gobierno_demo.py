"""What the demonstration shows of a government that has ended: a report of it, kept with its name."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from portal import services
from portal.models import PeriodoDeGobierno, Publicacion, Usuario

#: Its channel, its title and the period that it is of: it was put on the site later.
DE_ANTES = ("informes-de-gestion", "Informe de gestión de 2023", "2020-2023")


def rotular_lo_de_antes(_carpeta: Path, personas: dict[str, Usuario], _ahora: datetime) -> Iterator[str]:
    """Say of which government that report is. Yields a line if nobody had."""
    canal, titulo, slug = DE_ANTES
    sin_periodo = Publicacion.objects.filter(periodo=None, canal__slug=canal, version_publica__titulo=titulo)
    periodo = PeriodoDeGobierno.objects.filter(slug=slug).first()
    for publicacion in sin_periodo if periodo else ():
        services.rotular(publicacion, politica=None, periodo=periodo, por=personas["secretaria"])
        yield f"De la {periodo}: {publicacion}"
