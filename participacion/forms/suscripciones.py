"""To ask for news by mail, to choose what of, and to decide whether a bulletin goes out."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from participacion.suscripciones import Eleccion
from portal.forms.comunes import ContraRobots, Parrafos
from portal.models import Canal
from portal.sitio import Sitio

ELIJA = "Elija al menos una cosa que quiera recibir."
REVISE = "Revise el correo. Por ejemplo: nombre@correo.com"


class TodoField(forms.BooleanField):
    """The first of the things to choose from. That none was chosen is said of them all."""

    de = "Qué quiere recibir"


class EleccionForm(forms.Form):
    """What of: everything, or some themes, channels and offices of the site as it is shown: no query."""

    todo = TodoField(label="Todo lo que se publique", required=False)
    secciones = forms.MultipleChoiceField(
        label="O solo estos temas",
        choices=[(tema.value, tema.label) for tema in Canal.Seccion if tema != Canal.Seccion.SITIO],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    dependencias = forms.MultipleChoiceField(
        label="Lo de estas dependencias", widget=forms.CheckboxSelectMultiple, required=False
    )
    canales = forms.MultipleChoiceField(
        label="Lo de estas secciones del sitio", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args, sitio: Sitio, **kwargs):
        super().__init__(*args, **kwargs)
        self.sitio = sitio
        self.fields["canales"].choices = [(slug, canal.nombre) for slug, canal in sitio.canales.items()]
        self.fields["dependencias"].choices = [(slug, d.nombre) for slug, d in sitio.dependencias.items()]

    @property
    def detalla(self) -> bool:
        """Whether some office or channel was chosen: then what they are chosen from is shown open."""
        return bool(self["canales"].value() or self["dependencias"].value())

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        de_que = ("todo", "secciones", "canales", "dependencias")
        if not any(campo in self.errors or datos.get(campo) for campo in de_que):
            self.add_error("todo", ELIJA)
        return datos

    def eleccion(self) -> Eleccion:
        datos = self.cleaned_data
        return Eleccion(
            datos["todo"],
            datos["secciones"],
            [self.sitio.canales[slug] for slug in datos["canales"]],
            [self.sitio.dependencias[slug] for slug in datos["dependencias"]],
        )


class SuscribirForm(ContraRobots, EleccionForm):
    correo = forms.EmailField(
        label="Su correo electrónico",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Escriba su correo electrónico.",
            "invalid": REVISE,
        },
        # Django takes four letters that are not of the alphabet («ı», «ſ») for the ones that they resemble,
        # and PostgreSQL and mail servers take the two addresses for one.
        validators=[RegexValidator(r"\A[\x21-\x7e]+\Z", REVISE, "invalid")],
    )
    acepta = forms.BooleanField(
        label="Lo leí y lo autorizo",
        error_messages={"required": "Para recibir novedades, autorice que guardemos su correo."},
    )

    field_order = ("correo", "todo", "secciones", "dependencias", "canales", "acepta")


class AprobarForm(forms.Form):
    """The hash of what was read."""

    leido = forms.CharField(widget=forms.HiddenInput)


class NoEnviarForm(forms.Form):
    motivo = Parrafos(
        label="¿Por qué no se envía?",
        filas=2,
        max_length=300,
        error_messages={"required": "Escriba por qué no se envía."},
    )
