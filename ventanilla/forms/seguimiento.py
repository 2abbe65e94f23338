"""What the person types to find a radicado and to act on it."""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from portal.archivos import ArchivoRevisado, revisar
from ventanilla.services import ANEXOS_MAXIMOS, PESO_MAXIMO

FORMATOS = "PDF, Word, Excel, OpenDocument, CSV o foto (JPG, PNG o WebP). Máximo 10 MB cada uno."


def numero_normalizado(texto: str) -> str:
    """«2026 123», «2026123e» or «2026-000123-E» as it is in the book; "" when it cannot be a number."""
    hallado = re.fullmatch(r"([0-9]{4})([0-9]{1,6})E?", re.sub(r"[^0-9A-Z]", "", texto.upper()))
    return f"{hallado[1]}-{int(hallado[2]):06d}-E" if hallado else ""


class ConsultaForm(forms.Form):
    """Number and code. `texto` is a message that was being written when the page closed by itself."""

    numero = forms.CharField(
        label="Número de radicado",
        max_length=40,
        help_text="Por ejemplo: 2026-000123-E",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Escriba el número de radicado."},
    )
    codigo = forms.CharField(
        label="Código de seguimiento",
        max_length=40,
        help_text="Son 12 letras y números. Están en su acuse de recibo.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "Escriba el código de seguimiento."},
    )
    texto = forms.CharField(required=False, max_length=5000, widget=forms.HiddenInput)

    def clean_numero(self) -> str:
        numero = numero_normalizado(self.cleaned_data["numero"])
        if not numero:
            raise ValidationError("El número tiene el año y hasta seis cifras. Por ejemplo: 2026-000123-E")
        return numero


class VariosArchivos(forms.ClearableFileInput):
    allow_multiple_selected = True


class ArchivosField(forms.FileField):
    """Any number of files, each checked by its content: a list of ArchivoRevisado."""

    widget = VariosArchivos

    def clean(self, data, initial=None) -> list[ArchivoRevisado]:
        archivos = [super(ArchivosField, self).clean(archivo) for archivo in data or []]
        if len(archivos) > ANEXOS_MAXIMOS:
            raise ValidationError(f"Adjunte como máximo {ANEXOS_MAXIMOS} archivos.")
        if sum(archivo.size for archivo in archivos) > PESO_MAXIMO:
            raise ValidationError("Los archivos pesan en total más de 40 MB.")
        return [revisar(archivo) for archivo in archivos]


class _ConClave(forms.Form):
    """With the key that makes a double tap one act. One that is not ours is changed for another."""

    clave = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean_clave(self):
        return self.cleaned_data["clave"] or uuid4()


class MensajeForm(_ConClave):
    texto = forms.CharField(
        label="Su mensaje",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Escriba su mensaje."},
    )
    archivos = ArchivosField(label="Archivos (opcional)", required=False, help_text=FORMATOS)


class CompletarForm(_ConClave):
    """What was missing: written, in files, or both. Files alone are told in words, as every message is."""

    texto = forms.CharField(
        label="Lo que le pedimos",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Escríbalo aquí, o adjunte los archivos. Basta con una de las dos cosas.",
    )
    archivos = ArchivosField(label="Archivos", required=False, help_text=FORMATOS)

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if not self.errors and not datos["texto"]:
            if not datos["archivos"]:
                self.add_error("texto", "Escriba lo que faltaba o adjunte los archivos.")
            datos["texto"] = "Adjunto lo que me pidieron."
        return datos


class MasTiempoForm(forms.Form):
    pass


class DesistirForm(forms.Form):
    confirmo = forms.BooleanField(
        label="Sí, ya no quiero que la respondan",
        error_messages={"required": "Marque la casilla si de verdad quiere desistir."},
    )
    motivo = forms.CharField(
        label="¿Por qué? (opcional)", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReabrirForm(forms.Form):
    motivo = forms.CharField(
        label="¿Qué faltó en la respuesta?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Díganos qué faltó, para poder revisarlo."},
    )


class ValorarForm(forms.Form):
    puntos = forms.TypedChoiceField(
        label="Su calificación",
        coerce=int,
        choices=[(5, "Muy buena"), (4, "Buena"), (3, "Regular"), (2, "Mala"), (1, "Muy mala")],
        widget=forms.RadioSelect,
        error_messages={"required": "Elija cómo le pareció."},
    )
    resuelto = forms.TypedChoiceField(
        label="¿Le resolvieron lo que pidió?",
        coerce=lambda valor: valor == "si",
        choices=[("si", "Sí: este radicado se cierra"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Diga si le resolvieron."},
    )
    comentario = forms.CharField(
        label="¿Quiere decirnos algo más? (opcional)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


#: Each thing that may be done, by its place in the address, and what is asked for it.
FORMS: dict[str, type[forms.Form]] = {
    "completar": CompletarForm,
    "mas-tiempo": MasTiempoForm,
    "valorar": ValorarForm,
    "reabrir": ReabrirForm,
    "mensaje": MensajeForm,
    "desistir": DesistirForm,
}


def form_de(accion: str, datos: Any = None, archivos: Any = None, **opciones) -> forms.Form:
    """The form of that action; its fields are told apart from those of the others in the page."""
    return FORMS[accion](datos, archivos, auto_id=f"{accion}_%s", label_suffix="", **opciones)
