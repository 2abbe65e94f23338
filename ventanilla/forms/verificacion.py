from django import forms

from portal.forms.comunes import Parrafos
from ventanilla.codigos import normalizado


class VerificarForm(forms.Form):
    codigo = forms.CharField(
        label="Código de verificación",
        max_length=40,
        help_text="Está al final del documento. Por ejemplo: BCDF-2345-GHJK-6789.",
        error_messages={"required": "Escriba el código que trae el documento."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_codigo(self) -> str:
        """As it is kept; what has no letters nor figures stays as it was typed, and is no code of any."""
        escrito = self.cleaned_data["codigo"]
        return normalizado(escrito) or "0"


class AnularForm(forms.Form):
    motivo = Parrafos(
        filas=2,
        label="Por qué se anula",
        max_length=300,
        help_text="Lo lee la persona, y también quien compruebe el certificado. No escriba datos personales.",
        error_messages={"required": "Escriba por qué se anula."},
    )
