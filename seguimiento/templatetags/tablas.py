"""The cells of a table of figures."""

from decimal import Decimal

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html

from seguimiento.cifras import numero
from seguimiento.graficas import ALTO, ANCHO, Serie
from seguimiento.tablas import Celda, Enlace

register = template.Library()


@register.filter
def es_numero(celda: Celda) -> bool:
    return isinstance(celda, int | Decimal)


@register.simple_tag
def celda(valor: Celda, titulo: str = "") -> str:
    """What goes inside of the cell: a number as Spanish writes it, a link, a chart of `titulo`, words."""
    if isinstance(valor, Enlace) and valor.url:
        return format_html('<a href="{}">{}</a>', valor.url, valor.texto)
    if isinstance(valor, Serie):
        contexto = {"serie": valor, "titulo": titulo, "ancho": ANCHO, "alto": ALTO}
        return render_to_string("componentes/chispa.html", contexto)
    if isinstance(valor, int | Decimal):
        return numero(Decimal(valor))
    return str(valor)
