"""The one allow-list of HTML that people may write. Runs on save, on import and on output."""

import html
import re

import nh3
from django.core.exceptions import ValidationError
from django.db import models

#: Characters with their tags: ten times the longest page there is, and quick to clean however it is nested.
LARGO_MAXIMO = 200_000

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
_EQUIVALENTE = re.compile(
    rf"<(/?)({'|'.join(_EQUIVALENTES)})(?=[\s>])"
    r"(?![^<>]*[^-]font-weight:\s*normal)",  # Docs wraps all it copies in a <b> that is not bold
    re.IGNORECASE,
)
_VACIO = re.compile(r"<(p|h2|h3|h4|li|blockquote)>(?:\s|&nbsp;|<br>)*</\1>")
_VACIO_EN_LINEA = re.compile(r"<(strong|em)>((?:\s|&nbsp;|<br>)*)</\1>")  # its space separates words
_EN_LINEA = re.compile(r"</?(?:strong|em|sub|sup|a)\b[^>]*>")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


def sin_controles(texto: str) -> str:
    """Without the invisible characters that office programs paste and no XML can carry."""
    return _CONTROL.sub("", texto)


def sanear(texto: str) -> str:
    """Return `texto` with nothing left but the allowed tags; running it again changes nothing."""
    for _ in range(10):  # what remains once a tag is gone may be read otherwise: `<p><button><p>`
        if (limpio := _una_pasada(texto)) == texto:
            break
        texto = limpio
    return limpio


def _una_pasada(texto: str) -> str:
    texto = _EQUIVALENTE.sub(lambda m: f"<{m[1]}{_EQUIVALENTES[m[2].lower()]}", sin_controles(texto))
    limpio = _limpiador.clean(texto)
    while (sin_vacios := _VACIO.sub("", _VACIO_EN_LINEA.sub(r"\2", limpio))) != limpio:
        limpio = sin_vacios
    return limpio.strip()


def solo_texto(texto: str) -> str:
    """The words of a sanitised HTML, one line, for search and excerpts."""
    palabras = re.sub(r"<[^>]*>", " ", _EN_LINEA.sub("", texto))
    return " ".join(html.unescape(palabras).split())


class CuerpoField(models.TextField):
    """Rich text that cannot be saved unclean, not even by `Model.save()`, `update()` or a fixture."""

    def pre_save(self, model_instance, add):
        limpio = sanear(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, limpio)
        return limpio

    def to_python(self, value):
        """The clean text. Raises ValidationError before cleaning what is too long to be a page."""
        valor = super().to_python(value)
        if valor and len(valor) > LARGO_MAXIMO:
            raise ValidationError(
                "El texto es demasiado largo para una página. Divídalo en varias o adjúntelo como archivo."
            )
        return sanear(valor) if valor else valor

    def deconstruct(self):
        nombre, _ruta, args, kwargs = super().deconstruct()
        return nombre, "portal.saneado.CuerpoField", args, kwargs


class LineaField(models.CharField):
    """Plain text of one line, without invisible characters however it arrives."""

    def to_python(self, value):
        valor = super().to_python(value)
        return sin_controles(valor) if isinstance(valor, str) else valor

    def pre_save(self, model_instance, add):
        valor = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, valor)
        return valor
