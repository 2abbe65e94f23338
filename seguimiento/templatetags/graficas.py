"""Charts of our own: small SVG, readable without colour, that say in words what they draw."""

from collections.abc import Sequence

from django import template

from seguimiento.graficas import ALTO, ANCHO, Proporcion, Serie

register = template.Library()


@register.inclusion_tag("componentes/chispa.html")
def chispa(serie: Serie | Sequence[str | None], titulo: str, unidad: str = ""):
    """A line of the last weeks. `titulo` is what is being counted: «Trámites publicados»."""
    serie = serie if isinstance(serie, Serie) else Serie.de(serie, unidad)
    return {"serie": serie, "titulo": titulo, "ancho": ANCHO, "alto": ALTO}


@register.inclusion_tag("componentes/barra.html")
def barra(parte: int, todo: int):
    """A bar beside «5 de 7», that says the same to whoever looks and to whoever listens."""
    return {"proporcion": Proporcion(parte, todo), "ancho": ANCHO}
