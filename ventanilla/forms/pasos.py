"""The forms of each page of filing. Not one of them says anything of the person in an address."""

from typing import Any

from django import forms
from django.utils.safestring import mark_safe

from portal.forms.comunes import ContraRobots, LineaDeTexto, Parrafos, con_opcionales
from ventanilla.models import ClaseDeRadicado, Peticionario


def _acepta(**opciones) -> forms.BooleanField:
    return forms.BooleanField(
        label="He leído cómo se usarán mis datos y lo autorizo",
        error_messages={"required": "Para presentarlo con su nombre, autorice el uso de sus datos."},
        **opciones,
    )


class InicioForm(ContraRobots):
    """What is filed, and whether with name."""

    CON, SIN = "con", "sin"

    clase = forms.ChoiceField(
        label="¿Qué quiere presentar?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Elija qué quiere presentar."),
    )
    nombre = forms.ChoiceField(
        label="¿Lo presenta con su nombre?",
        choices=[(CON, "Sí, con mi nombre"), (SIN, "No, sin mi nombre")],
        initial=CON,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Diga si lo presenta con su nombre."),
        help_text=mark_safe(
            "Sin nombre no le pedimos ningún dato y no guardamos desde dónde lo envía. "
            "Consulta la respuesta con un código que solo usted tendrá."
        ),
    )
    acepta = _acepta(required=False, help_text="Si lo presenta sin su nombre, no hace falta.")

    def __init__(self, *args, clases: dict[str, ClaseDeRadicado], **kwargs):
        super().__init__(*args, **kwargs)
        self.clases = clases
        self.fields["clase"].choices = [(codigo, clase.nombre) for codigo, clase in clases.items()]

    def clean(self) -> dict[str, Any]:
        datos = super().clean()
        clase = self.clases.get(datos.get("clase", ""))
        if datos.get("nombre") == self.SIN:
            if clase is not None and not clase.admite_anonima:
                self.add_error("nombre", f"«{clase}» se presenta con nombre.")
        elif "nombre" not in self.errors and not datos.get("acepta"):
            self.add_error("acepta", self.fields["acepta"].error_messages["required"])
        return datos


class SolicitudForm(ContraRobots):
    """To start an online trámite, which is always with name."""

    acepta = _acepta()


class ConsentimientoForm(forms.Form):
    """In the last page, when what was accepted is not what is in force."""

    acepta = _acepta()


class PeticionForm(forms.Form):
    """What is asked for, in the person's words."""

    asunto = LineaDeTexto(
        max_length=200,
        help_text="En pocas palabras. Por ejemplo: Luces dañadas en el parque.",
        error_messages={"required": "Escriba el asunto en pocas palabras."},
    )
    texto = Parrafos(
        label="¿Qué pide o qué quiere contar?",
        filas=8,
        max_length=10_000,
        help_text="Diga qué pasó, dónde, cuándo y qué espera de la alcaldía.",
        error_messages={"required": "Cuéntenos qué pide."},
    )


class PersonaForm(forms.ModelForm):
    """Who files it and where to answer: each thing is demanded only when it applies."""

    class Meta:
        model = Peticionario
        fields = (
            *("tipo", "nombre", "documento_tipo", "documento", "en_nombre_de"),
            *("respuesta", "correo", "direccion", "barrio", "municipio", "telefono"),
        )
        field_classes = dict.fromkeys(
            ["nombre", "documento", "en_nombre_de", "direccion", "barrio", "municipio", "telefono"],
            LineaDeTexto,
        )
        widgets = {
            "tipo": forms.RadioSelect,
            "respuesta": forms.RadioSelect,
            "nombre": forms.TextInput(attrs={"autocomplete": "name"}),
            "documento": forms.TextInput(attrs={"autocomplete": "off"}),
            "correo": forms.EmailInput(attrs={"autocomplete": "email"}),
            "telefono": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "direccion": forms.TextInput(attrs={"autocomplete": "street-address"}),
        }
        labels = {
            "tipo": "¿Quién lo presenta?",
            "en_nombre_de": "Si lo presenta por otra persona, su nombre",
            "respuesta": "¿Cómo quiere la respuesta?",
        }
        help_texts = {
            "documento": "Sin puntos ni espacios. En el NIT, también el último número.",
            "correo": "Allí le llega también el recibo.",
            "telefono": "Solo para llamarle si algo no se entiende.",
        }
        error_messages = {
            "nombre": {"required": "Escriba su nombre completo o el de la empresa."},
            "respuesta": {"required": "Diga cómo quiere la respuesta."},
            "correo": {"invalid": "Escriba el correo completo, por ejemplo ana@correo.com."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Ley 1437 de 2011, art. 16, núm. 2: who asks says their name and their document.
        for campo, falta in (
            ("documento_tipo", "Elija el tipo de documento."),
            ("documento", "Escriba el número de documento."),
        ):
            self.fields[campo].required = True
            self.fields[campo].error_messages["required"] = falta
        self.fields["documento_tipo"].initial = Peticionario.Documento.CC
        self.fields["documento_tipo"].choices = Peticionario.Documento.choices
        for campo, model_choices in (
            ("tipo", Peticionario.TipoDePersona),
            ("respuesta", Peticionario.Respuesta),
        ):
            self.fields[campo].choices = model_choices.choices
        con_opcionales(self)
        for campo, cuando in (("correo", "correo"), ("direccion", "dirección")):
            self.fields[campo].label = self.Meta.model._meta.get_field(campo).verbose_name.capitalize()
            ayuda = f"Solo hace falta si quiere la respuesta por {cuando}."
            self.fields[campo].help_text = f"{ayuda} {self.fields[campo].help_text}".strip()

    def clean_documento(self) -> str:
        documento = self.cleaned_data["documento"].replace(".", "").replace(" ", "")
        if not documento.replace("-", "").isalnum() or not documento.isascii():
            raise forms.ValidationError("Escriba el número solo con cifras y letras.")
        if len(documento) < 3:
            raise forms.ValidationError("Al número le faltan cifras.")
        return documento

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        for respuesta, campo, falta in (
            ("correo", "correo", "Escriba el correo al que le respondemos."),
            ("direccion", "direccion", "Escriba la dirección a la que le respondemos."),
        ):
            if datos.get("respuesta") == respuesta and not datos.get(campo) and campo not in self.errors:
                self.add_error(campo, falta)
        return datos

    def _post_clean(self) -> None:
        """What the row itself demands was said above, field by field."""

    def guardado(self) -> dict[str, str]:
        """As the draft keeps it."""
        return {campo: self.cleaned_data[campo] for campo in self.Meta.fields}


class EnlaceForm(forms.Form):
    """Where to send the link to go on later."""

    correo = forms.EmailField(
        label="Su correo electrónico",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=dict.fromkeys(
            ["required", "invalid"], "Escriba el correo completo, por ejemplo ana@correo.com."
        ),
    )


class ContinuarForm(forms.Form):
    """To go on with what was begun: the link, or the file that was downloaded."""

    enlace = forms.CharField(
        label="Pegue el enlace que guardó",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    archivo = forms.FileField(
        label="O elija el archivo de avance que descargó",
        required=False,
        allow_empty_file=True,
        help_text="Se llama avance-de-su-solicitud.json.",
    )

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if not self.errors and not datos.get("enlace") and not datos.get("archivo"):
            raise forms.ValidationError("Pegue el enlace o elija el archivo.")
        return datos
