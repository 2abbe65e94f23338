"""The one allow-list of HTML that people may write. Runs on save, on import and on output."""

import html
import re

import nh3
from django.db import models

ETIQUETAS = {
    *("h2", "h3", "h4", "p", "br", "hr", "strong", "em", "sub", "sup", "blockquote"),
    *("ul", "ol", "li", "a", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATRIBUTOS = {
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
_limpiador = nh3.Cleaner(
    tags=ETIQUETAS,
    attributes=ATRIBUTOS,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
    clean_content_tags={"script", "style", "title", "xml"},
)
# What Word, Docs and old editors write, said with our tags before the list is applied.
_EQUIVALENTES = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p"}
_EQUIVALENTE = re.compile(rf"<(/?)({'|'.join(_EQUIVALENTES)})(?=[\s>])", re.IGNORECASE)
_VACIO = re.compile(r"<(p|h2|h3|h4|li|strong|em|blockquote)>(?:\s|&nbsp;|<br>)*</\1>")


def sanear(texto: str) -> str:
    """Return `texto` with nothing left but the allowed tags; running it again changes nothing."""
    texto = _EQUIVALENTE.sub(lambda m: f"<{m[1]}{_EQUIVALENTES[m[2].lower()]}", texto.replace("\x00", ""))
    limpio = _limpiador.clean(texto)
    while (sin_vacios := _VACIO.sub("", limpio)) != limpio:
        limpio = sin_vacios
    return limpio.strip()


def solo_texto(texto: str) -> str:
    """The words of a sanitised HTML, one line, for search and excerpts."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", texto)).split())


class CuerpoField(models.TextField):
    """Rich text that cannot be saved unclean, not even by `Model.save()` or a fixture."""

    def pre_save(self, model_instance, add):
        limpio = sanear(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, limpio)
        return limpio

    def to_python(self, value):
        valor = super().to_python(value)
        return sanear(valor) if valor else valor

    def deconstruct(self):
        nombre, _ruta, args, kwargs = super().deconstruct()
        return nombre, "portal.saneado.CuerpoField", args, kwargs
