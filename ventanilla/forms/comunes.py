"""What every form that a person fills in shares."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.html import format_html

from portal.saneado import sin_controles


def con_opcionales(form: forms.Form) -> None:
    """Say «(opcional)» beside what may be left blank. No asterisks: what says nothing is needed."""
    for campo in form.fields.values():
        if not campo.required and not campo.widget.is_hidden and not isinstance(campo, forms.BooleanField):
            campo.label = format_html('{} <span class="opcional">(opcional)</span>', campo.label)


class LineaDeTexto(forms.CharField):
    """One line, without invisible characters however it arrives."""

    def to_python(self, value: Any) -> str:
        return " ".join(sin_controles(super().to_python(value)).split())


class Parrafos(forms.CharField):
    """Several lines. A new line counts once towards the limit, as it does for the browser."""

    def __init__(self, *, filas: int = 6, **opciones):
        super().__init__(widget=forms.Textarea(attrs={"rows": filas}), **opciones)
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        return sin_controles(super().to_python(value).replace("\r\n", "\n").replace("\r", "\n"))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without `maxlength`: a browser would cut what is pasted, and nobody would see it."""
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}
