"""Names that must be nobody else's: addresses of pages, user names."""

from collections.abc import Collection


def libre(base: str, ocupados: Collection[str], *, union: str = "-") -> str:
    """`base`, or the first of `base-2`, `base-3`… that nobody has."""
    candidatos = (base, *(f"{base}{union}{n}" for n in range(2, len(ocupados) + 3)))
    return next(nombre for nombre in candidatos if nombre not in ocupados)
