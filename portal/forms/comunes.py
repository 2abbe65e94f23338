"""What every form that a person fills in shares."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.html import format_html

from portal.redaccion.legibilidad import sin_invisibles
from portal.saneado import sin_controles


def con_opcionales(form: forms.Form) -> None:
    """Say «(opcional)» beside what may be left blank. No asterisks: what says nothing is needed."""
    for campo in form.fields.values():
        if not campo.required and not campo.widget.is_hidden and not isinstance(campo, forms.BooleanField):
            campo.label = format_html('{} <span class="opcional">(opcional)</span>', campo.label)


class LineaDeTexto(forms.CharField):
    """One line, without invisible characters however it arrives: some turn around what comes after them."""

    def to_python(self, value: Any) -> str:
        return " ".join(sin_invisibles(sin_controles(super().to_python(value))).split())


class Parrafos(forms.CharField):
    """Several lines. A new line counts once towards the limit, as it does for the browser.

    What nobody can see is nothing.
    """

    def __init__(self, *, filas: int = 6, **opciones):
        super().__init__(widget=forms.Textarea(attrs={"rows": filas}), **opciones)
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        texto = sin_controles(super().to_python(value).replace("\r\n", "\n").replace("\r", "\n"))
        return texto if sin_invisibles(texto).strip() else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without `maxlength`: a browser would cut what is pasted, and nobody would see it."""
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}


#: Years before the first one, or from the second one on, are typing errors.
_ANIOS = (1900, 2200)


def anio_posible(dia: date) -> None:
    """Validator of a day that somebody writes. Raises ValidationError."""
    desde, hasta = _ANIOS
    if not desde <= dia.year < hasta:
        raise ValidationError("Revise el año.")


class FechaInput(forms.DateInput):
    """A day, with the picker of the browser where there is one, written as browsers read it."""

    input_type = "date"

    def __init__(self, **opciones):
        super().__init__(format="%Y-%m-%d", **opciones)


# --- Against programs that answer by themselves ---------------------------------------------------
#: Nobody reads the first page and answers it in less; robots do.
TIEMPO_MINIMO = timedelta(seconds=3)
_SAL = "portal.visto"
DEMASIADO_RAPIDO = "Lo envió muy rápido y no pudimos recibirlo. No se perdió nada: envíelo otra vez."
TRAMPA_LLENA = "Deje vacía la casilla que no se ve: está para reconocer programas automáticos."


def sello(en: datetime) -> str:
    """What says, signed, when the first page was shown."""
    return signing.dumps(en.timestamp(), salt=_SAL)


class ContraRobots(forms.Form):
    """A box that people do not see, and when the page was shown, signed. Nothing is asked of anybody else."""

    sitio_web = forms.CharField(
        label="Deje esta casilla vacía",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    visto = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["visto"].initial = sello(timezone.now())
        if self.is_bound and self._visto_en() is None:
            self.data = self.data.copy()
            self.data["visto"] = self.fields["visto"].initial

    def _visto_en(self) -> float | None:
        """When the page was shown, in seconds; None when we did not write what came."""
        try:
            return signing.loads(self.data.get("visto", ""), salt=_SAL)
        except signing.BadSignature:
            return None

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if datos.get("sitio_web"):
            raise forms.ValidationError(TRAMPA_LLENA)
        if timezone.now().timestamp() - (self._visto_en() or 0) < TIEMPO_MINIMO.total_seconds():
            raise forms.ValidationError(DEMASIADO_RAPIDO)
        return datos
