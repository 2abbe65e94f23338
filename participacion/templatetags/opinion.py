"""What the question at the foot of every public page needs."""

from django import template

from participacion.opiniones import firmar_ruta

register = template.Library()


@register.simple_tag(takes_context=True)
def pagina_firmada(context) -> str:
    """The address of this page with our signature; "" where nothing is asked about it."""
    pedido = context.get("request")
    return firmar_ruta(pedido.path) if pedido else ""
