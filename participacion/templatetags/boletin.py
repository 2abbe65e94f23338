"""How the bulletin says when something is."""

from datetime import datetime

from django import template

from portal.fechas import con_su_dia, de_viva_voz

register = template.Library()


@register.filter
def cuando_es(evento: dict[str, str]) -> str:
    """«viernes 3 de julio de 2026, a las 4 de la tarde»; of several days, the first and the last."""
    inicio, fin = (datetime.fromisoformat(evento[cual]) for cual in ("inicio", "fin"))
    if inicio.date() != fin.date():
        return f"del {con_su_dia(inicio)} al {con_su_dia(fin)}"
    return f"{con_su_dia(inicio)}, a {de_viva_voz(inicio.time())}"
