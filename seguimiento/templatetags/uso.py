from decimal import Decimal

from django import template

from seguimiento.cifras import numero
from seguimiento.uso import plegado as doblar

register = template.Library()


@register.filter
def plegado(cuantas: int) -> str:
    """As Spanish writes it; a small number is not said exactly."""
    dicho = doblar(cuantas)
    return dicho if isinstance(dicho, str) else numero(Decimal(dicho))
