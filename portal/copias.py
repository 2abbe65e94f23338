"""The last good HTML of each public page, to be served when PostgreSQL does not answer."""

from django.core.cache import caches


def guardar_copia(ruta: str, pagina: bytes) -> None:
    caches["copias"].set(ruta, pagina)


def copia_de(ruta: str) -> bytes | None:
    return caches["copias"].get(ruta)


def olvidar_copia(ruta: str) -> None:
    caches["copias"].delete(ruta)


def olvidar_copias() -> None:
    """What is withdrawn must not come back with a failure: rare enough to forget every page."""
    caches["copias"].clear()
