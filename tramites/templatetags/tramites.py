"""What the templates of trámites need: amounts, times and warnings in the words of the page."""

import json
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from tramites import formulas
from tramites.ficha import Pago
from tramites.models import Accion, HojaDeVida, PuntoDeAtencion, Tramite

register = template.Library()
MARCA = mark_safe(' <small class="demo">por confirmar</small>')
_DIA = {"habil": ("día hábil", "días hábiles"), "calendario": ("día calendario", "días calendario")}
_VENCE = {"dias": ("día", "días"), "meses": ("mes", "meses"), "anios": ("año", "años")}
# What would end the script in which the JSON goes, or be read as HTML by an old parser.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def por_confirmar(tramite: Tramite, parte: str) -> str:
    """The mark of what nobody has confirmed: an inferred fact is never presented as law."""
    return MARCA if parte in tramite.por_confirmar else ""


@register.filter
def ld_json(datos: dict[str, Any]) -> SafeString:
    """Data inside `<script type="application/ld+json">`, with nothing in it that could end the script."""
    texto = json.dumps(datos, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(texto)  # noqa: S308 -- escaped above


# --- Time ---------------------------------------------------------------------------------------
def _cuantos(cantidad: int, palabras: tuple[str, str]) -> str:
    return f"{cantidad}\xa0{palabras[cantidad != 1]}"


@register.filter
def tiempo(hoja: HojaDeVida) -> str:
    """«De inmediato», «5 días hábiles», or "" when the hoja does not say."""
    if hoja.tiempo_inmediato:
        return "De inmediato"
    if hoja.tiempo_cantidad and hoja.tiempo_unidad in _DIA:
        return _cuantos(hoja.tiempo_cantidad, _DIA[hoja.tiempo_unidad])
    return ""


@register.filter
def vigencia(hoja: HojaDeVida) -> str:
    """How long what is obtained is good for, or "" when the hoja does not say."""
    if hoja.vigencia_unidad in _VENCE and hoja.vigencia_cantidad:
        return f"Vence a los {_cuantos(hoja.vigencia_cantidad, _VENCE[hoja.vigencia_unidad])}"
    return hoja.get_vigencia_unidad_display()


# --- Money --------------------------------------------------------------------------------------
@register.filter
def pesos(valor: Decimal) -> str:
    """«$ 26.187»: whole pesos."""
    return f"$\xa0{number_format(valor, 0, force_grouping=True)}"


@register.filter
def tarifa(accion: Accion) -> str:
    """The price as it was approved: an amount in pesos or a formula, or "" when it is told in words."""
    valor = formulas.valor(accion.formula) if accion.formula else None
    if accion.valor_tipo == Accion.Valor.FIJO and valor is not None:
        return pesos(valor)
    return accion.formula


@register.filter
def en_breve(pagos: list[Pago]) -> str:
    """What it costs, in a few words."""
    siempre = [pago for pago in pagos if not pago.accion.es_excepcion]
    if not siempre:
        return "Gratuito, salvo excepciones" if pagos else "Gratuito"
    if len(siempre) > 1:
        return "Con costo"
    [pago] = siempre
    if pago.pesos is not None:
        return pesos(pago.pesos)
    return tarifa(pago.accion) or "Con costo"


# --- Places and choices ------------------------------------------------------------------------------------
@register.filter
def mapa(punto: PuntoDeAtencion) -> str:
    """Address of a map with the place in the middle, or "" when nobody has located it."""
    if punto.latitud is None or punto.longitud is None:
        return ""
    lugar = f"mlat={punto.latitud}&mlon={punto.longitud}#map=18/{punto.latitud}/{punto.longitud}"
    return f"https://www.openstreetmap.org/?{lugar}"


@register.filter
def medios(codigos: list[str]) -> str:
    """«En persona, por correo electrónico»."""
    etiquetas = dict(HojaDeVida.Medio.choices)
    return ", ".join(etiquetas[codigo] for codigo in codigos).capitalize()


@register.filter
def razon(parte: HojaDeVida | Accion, campo: str) -> str:
    """Why that field of a hoja or an action does not apply, or ""."""
    return parte.no_aplica.get(campo, "")
