"""The questions of the form of an online trámite, as fields of a form."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.html import escape

from portal.forms.comunes import FechaInput, LineaDeTexto, Parrafos, con_opcionales
from ventanilla.models import Campo, Peticionario

#: Characters, when the question does not say how many.
LARGO_DE_LINEA, LARGO_DE_PARRAFO = 200, 2000
#: Up to this many options are all seen at once; more are a list that opens.
OPCIONES_A_LA_VISTA = 7
FALTA = "Responda esta pregunta."
_EN_PALABRAS = re.compile(r"(\d{1,2}) de ([a-z]+) (?:de|del) (\d{4})", re.IGNORECASE)
_MES = {str(nombre).lower(): numero for numero, nombre in MONTHS.items()}
_PERSONA = re.compile(rf"(.+), ({'|'.join(Peticionario.Documento.values)}) (\S+)")


class NumeroField(forms.IntegerField):
    """A whole number, also with the dots that people write between thousands."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"[.\s](?=\d{3}(?!\d))", "", value.strip())
        return super().to_python(value)


class FechaField(forms.DateField):
    """A day, as browsers send it, as 22/11/2026 or as it is kept: «3 de julio de 2026»."""

    def __init__(self, *, desde: int | None = None, hasta: int | None = None, **opciones):
        super().__init__(widget=FechaInput(), input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], **opciones)
        self.desde, self.hasta = desde or 1900, hasta or 2199

    def to_python(self, value: Any) -> date | None:
        dia = super().to_python(self.prepare_value(value))
        if dia and not self.desde <= dia.year <= self.hasta:
            raise ValidationError(f"El año va de {self.desde} a {self.hasta}.")
        return dia

    def prepare_value(self, value: Any) -> Any:
        """As the box for days of a browser wants it."""
        if isinstance(value, str) and (dicho := _EN_PALABRAS.fullmatch(value.strip())):
            mes = _MES.get(dicho[2].lower())
            return f"{dicho[3]}-{mes:02d}-{int(dicho[1]):02d}" if mes else value
        return value


def _mensajes(**otros: str) -> dict[str, str]:
    return {"required": FALTA} | otros


def _linea(campo: Campo, **opciones) -> forms.Field:
    return LineaDeTexto(
        min_length=campo.minimo,
        max_length=campo.maximo or LARGO_DE_LINEA,
        error_messages=_mensajes(),
        **opciones,
    )


def _parrafo(campo: Campo, **opciones) -> forms.Field:
    return Parrafos(
        min_length=campo.minimo,
        max_length=campo.maximo or LARGO_DE_PARRAFO,
        error_messages=_mensajes(),
        **opciones,
    )


def _numero(campo: Campo, **opciones) -> forms.Field:
    mensajes = _mensajes(invalid="Escriba un número entero, solo con cifras.")
    field = NumeroField(min_value=campo.minimo, max_value=campo.maximo, error_messages=mensajes, **opciones)
    field.widget.attrs["inputmode"] = "numeric"
    return field


def _fecha(campo: Campo, **opciones) -> forms.Field:
    mensajes = _mensajes(invalid="Escriba la fecha, por ejemplo 22/11/2026.")
    return FechaField(desde=campo.minimo, hasta=campo.maximo, error_messages=mensajes, **opciones)


def _opcion(campo: Campo, **opciones) -> forms.Field:
    a_la_vista = len(campo.opciones) <= OPCIONES_A_LA_VISTA
    elegir = [] if a_la_vista else [("", "Elija una")]
    return forms.ChoiceField(
        choices=[*elegir, *((opcion, opcion) for opcion in campo.opciones)],
        widget=forms.RadioSelect if a_la_vista else forms.Select,
        error_messages=_mensajes(invalid_choice="Elija una de las opciones."),
        **opciones,
    )


def _lugar(campo: Campo, **opciones) -> forms.Field:
    field = _linea(campo, **opciones)
    field.widget.attrs["autocomplete"] = "street-address"
    return field


_FIELDS = {
    Campo.Tipo.TEXTO: _linea,
    Campo.Tipo.PARRAFO: _parrafo,
    Campo.Tipo.NUMERO: _numero,
    Campo.Tipo.FECHA: _fecha,
    Campo.Tipo.OPCION: _opcion,
    Campo.Tipo.LUGAR: _lugar,
}


def formulario_de(
    campos: Iterable[Campo],
    datos: Mapping[str, Any] | None = None,
    *,
    guardado: Mapping[str, Any] | None = None,
    **kwargs,
) -> "FormularioDeCampos":
    """The form of those questions, for the person or for the office.

    `datos` is what was sent (None: nothing yet); `guardado`, what `respuestas()` gave before. Files are not
    here: they are uploaded one by one.
    """
    return FormularioDeCampos(list(campos), datos, guardado=guardado, **kwargs)


class FormularioDeCampos(forms.Form):
    """A field for each question, by its code; of another person, three."""

    def __init__(
        self,
        campos: list[Campo],
        datos: Mapping[str, Any] | None = None,
        *,
        guardado: Mapping[str, Any] | None = None,
        **kwargs,
    ):
        self.campos = [campo for campo in campos if campo.tipo != Campo.Tipo.ARCHIVO]
        iniciales = enviado_con(self.campos, guardado or {}) | (kwargs.pop("initial", None) or {})
        super().__init__(datos, initial=iniciales, **kwargs)
        self._etiquetas = {campo.codigo: campo.etiqueta for campo in self.campos}
        for campo in self.campos:
            self.fields.update(self._fields_de(campo))
        con_opcionales(self)

    def _fields_de(self, campo: Campo) -> dict[str, forms.Field]:
        aqui = campo.si_campo in self._etiquetas
        ayuda = [campo.ayuda] if campo.ayuda else []
        if aqui:
            ayuda.append(f"Solo si en «{self._etiquetas[campo.si_campo]}» respondió «{campo.si_valor}».")
        opciones = {
            "label": campo.etiqueta,
            "help_text": escape(" ".join(ayuda)),
            "required": campo.obligatorio and not aqui,
        }
        if campo.tipo == Campo.Tipo.PERSONA:
            return _fields_de_persona(campo, **opciones)
        return {campo.codigo: _FIELDS[Campo.Tipo(campo.tipo)](campo, **opciones)}

    def clean(self) -> dict[str, Any]:
        """What does not apply is dropped, and what its condition calls for is demanded."""
        datos = super().clean() or self.cleaned_data
        for campo in self.campos:
            if campo.tipo == Campo.Tipo.PERSONA:
                self._exigir_persona_entera(campo)
            if campo.si_campo not in self._etiquetas:
                continue
            if str(datos.get(campo.si_campo, "")) != campo.si_valor:
                for nombre in _nombres(campo):
                    datos[nombre] = None
                    self.errors.pop(nombre, None)
            elif campo.obligatorio and self._en_blanco(campo.codigo):
                self.add_error(campo.codigo, FALTA)
        return datos

    def _en_blanco(self, nombre: str) -> bool:
        """Whether nothing was said there, which is not the same as something wrong."""
        return self.cleaned_data.get(nombre, "") in (None, "") and nombre not in self.errors

    def _exigir_persona_entera(self, campo: Campo) -> None:
        nombre, _tipo, documento = _nombres(campo)
        if self.cleaned_data.get(nombre) and self._en_blanco(documento):
            self.add_error(documento, "Escriba el número de documento de esa persona.")
        elif self.cleaned_data.get(documento) and self._en_blanco(nombre):
            self.add_error(nombre, "Escriba el nombre de esa persona.")

    def respuestas(self) -> dict[str, Any]:
        """Code → what was answered, as it is kept and read. Only of a valid form, without what is blank."""
        dichas = {campo.codigo: self._respuesta(campo) for campo in self.campos}
        return {codigo: valor for codigo, valor in dichas.items() if valor not in (None, "")}

    def _respuesta(self, campo: Campo) -> Any:
        valor = self.cleaned_data.get(campo.codigo)
        if valor and campo.tipo == Campo.Tipo.PERSONA:
            tipo, numero = (self.cleaned_data[nombre] for nombre in _nombres(campo)[1:])
            return f"{valor}, {tipo} {numero}"
        return date_format(valor, r"j \d\e F \d\e Y") if isinstance(valor, date) else valor


def _nombres(campo: Campo) -> tuple[str, ...]:
    """The names of its fields."""
    if campo.tipo != Campo.Tipo.PERSONA:
        return (campo.codigo,)
    return campo.codigo, f"{campo.codigo}__tipo", f"{campo.codigo}__numero"


def _fields_de_persona(campo: Campo, *, label: str, help_text: str, required: bool) -> dict[str, forms.Field]:
    nombre, tipo, numero = _nombres(campo)
    return {
        nombre: LineaDeTexto(
            label=f"{label}: nombre completo",
            help_text=help_text,
            required=required,
            max_length=150,
            error_messages=_mensajes(),
        ),
        tipo: forms.ChoiceField(
            label=f"{label}: tipo de documento",
            choices=Peticionario.Documento.choices,
            error_messages=_mensajes(invalid_choice="Elija un tipo de documento."),
        ),
        numero: forms.RegexField(
            r"^[A-Za-z0-9-]{3,20}\Z",
            label=f"{label}: número de documento",
            required=required,
            error_messages=_mensajes(invalid="Escriba el número sin puntos ni espacios."),
        ),
    }


def enviado_con(campos: Iterable[Campo], respuestas: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser would send for those answers: the other way round of `respuestas()`."""
    datos: dict[str, Any] = {}
    for campo in campos:
        valor = respuestas.get(campo.codigo, "")
        if campo.tipo == Campo.Tipo.PERSONA:
            partes = _PERSONA.fullmatch(str(valor))
            cuales = partes.groups() if partes else ("", Peticionario.Documento.CC.value, "")
            datos |= dict(zip(_nombres(campo), cuales, strict=True))
        elif valor != "":
            datos[campo.codigo] = valor
    return datos
