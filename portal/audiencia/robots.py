"""Programs that read the site by themselves: search engines, previews of messaging apps, monitors."""

from functools import lru_cache

from crawleruseragents import is_crawler

#: Of what a browser says of itself, what is looked at: some programs send kilobytes.
LARGO = 400
#: As many as are in use at the same time; each takes a tenth of a millisecond the first time.
DISTINTOS = 2048


def es_robot(agente: str) -> bool:
    """Whether a program says to be one. One that lies counts as a person; one that says nothing does not."""
    return not agente.strip() or _conocido(agente[:LARGO])


@lru_cache(maxsize=DISTINTOS)
def _conocido(agente: str) -> bool:
    return is_crawler(agente)
