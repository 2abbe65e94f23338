"""A topic that somebody proposes, and what the alcaldía says to it."""

from django import forms

from participacion.forms.datos_personales import AvisaDeDatosPersonales
from participacion.models import Consulta, TemaDeInteres
from portal.forms.comunes import ContraRobots, LineaDeTexto, Parrafos, con_opcionales


class ProponerForm(AvisaDeDatosPersonales, ContraRobots):
    SE_MIRAN = ("titulo", "explicacion")

    titulo = LineaDeTexto(
        label="¿De qué quiere que hable la alcaldía?",
        max_length=120,
        help_text="En pocas palabras. Por ejemplo: alumbrado de la vía al río.",
        error_messages={"required": "Escriba el tema."},
    )
    explicacion = Parrafos(
        label="¿Por qué le interesa?",
        filas=4,
        max_length=600,
        required=False,
        help_text="No escriba su nombre, su teléfono ni su cédula: cualquiera podrá leerlo.",
    )

    field_order = ["titulo", "explicacion", "confirmo"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        con_opcionales(self)


class DecidirForm(forms.Form):
    a = forms.ChoiceField(
        label="¿Se publica?",
        choices=[
            (TemaDeInteres.Estado.ABIERTO, "Se publica y recibe apoyos"),
            (TemaDeInteres.Estado.NO_PUBLICADO, "No se publica"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Diga si se publica."},
    )
    motivo = LineaDeTexto(
        label="Si no se publica, ¿por qué?",
        max_length=300,
        required=False,
        help_text="Lo lee quien vuelva a proponer el mismo tema.",
    )


class ResponderForm(forms.Form):
    respuesta = Parrafos(
        label="Respuesta de la alcaldía",
        filas=5,
        max_length=2000,
        help_text="Qué se hará, o por qué no. Después el tema ya no recibe apoyos.",
        error_messages={"required": "Escriba la respuesta."},
    )
    consulta = forms.ModelChoiceField(
        Consulta.objects.none(),
        required=False,
        empty_label="Ninguna",
        label="Consulta que se abrió por este tema",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consulta"].queryset = Consulta.objects.publicas()
