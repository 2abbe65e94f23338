"""A comment, what is decided about it, and the answer to many."""

from typing import Any

from django import forms
from django.utils import timezone

from participacion.forms.datos_personales import AvisaDeDatosPersonales
from participacion.models import Aporte, TemaDeAportes
from portal.forms.comunes import ContraRobots, FechaInput, LineaDeTexto, Parrafos, con_opcionales

LARGO = 3000


class _LoDicho(forms.Form):
    clave = forms.UUIDField(widget=forms.HiddenInput)
    parte = LineaDeTexto(
        label="¿Sobre qué parte del texto es?",
        max_length=100,
        required=False,
        help_text="Por ejemplo: artículo 3.",
    )
    texto = Parrafos(
        label="Su aporte",
        filas=8,
        max_length=LARGO,
        help_text="Qué cambiaría, agregaría o quitaría, y por qué.",
        error_messages={"required": "Escriba su aporte."},
    )
    nombre = LineaDeTexto(
        label="Su nombre, si quiere que aparezca",
        max_length=100,
        required=False,
        help_text="Si lo deja vacío se publica sin nombre.",
    )

    def con_otra_clave(self, clave) -> None:
        """What is sent next is another comment."""
        self.data = self.data.copy()
        self.data["clave"] = str(clave)


class AporteForm(AvisaDeDatosPersonales, ContraRobots, _LoDicho):
    """What anybody sends."""

    SE_MIRAN = ("parte", "texto", "nombre")

    field_order = ["parte", "texto", "nombre", "confirmo"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        con_opcionales(self)

    @property
    def parece_automatico(self) -> bool:
        """Whether what failed is what programs do and people do not: nothing beside a field of theirs."""
        return bool(self.non_field_errors())


class DePapelForm(_LoDicho):
    """One received on paper or by word, that an official enters."""

    dia = forms.DateField(
        label="¿Qué día se recibió?",
        widget=FechaInput(),
        error_messages={"required": "Diga qué día se recibió.", "invalid": "Escriba una fecha válida."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["texto"].label = "Lo que dice, con sus palabras"
        self.fields["texto"].error_messages["required"] = "Escriba lo que dice el aporte."
        self.fields["nombre"].label = "Nombre, solo si la persona quiere que aparezca"
        self.fields["dia"].initial = timezone.localdate()


class ModerarForm(forms.Form):
    """Whether the public reads it. What is missing, the service says."""

    a = forms.ChoiceField(
        label="¿Se publica?",
        choices=[(Aporte.Estado.PUBLICADO, "Se publica"), (Aporte.Estado.NO_PUBLICADO, "No se publica")],
        widget=forms.RadioSelect,
        error_messages={"required": "Diga si se publica."},
    )
    motivo = forms.ChoiceField(
        label="Si no se publica, ¿por qué?",
        choices=[("", "Elija…"), *Aporte.Motivo.choices],
        required=False,
        help_text="La gente ve cuántos no se publicaron y por cuál de estas razones, nunca lo que decían.",
    )
    explicacion = Parrafos(
        label="Explicación",
        filas=3,
        max_length=500,
        required=False,
        help_text="Se pide si no se publica o si cambia una decisión. Queda guardada; no sale en la página.",
    )

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if datos.get("a") == Aporte.Estado.NO_PUBLICADO:
            if not datos.get("motivo") and "motivo" not in self.errors:
                self.add_error("motivo", "Elija por qué no se publica.")
            if not datos.get("explicacion", "").strip() and "explicacion" not in self.errors:
                self.add_error("explicacion", "Explique por qué no se publica.")
        return datos


class TemaForm(forms.Form):
    nombre = LineaDeTexto(
        label="Nombre del tema",
        max_length=150,
        help_text="Por ejemplo: horario de la plaza.",
        error_messages={"required": "Escriba el nombre del tema."},
    )


class AgruparForm(forms.Form):
    tema = forms.ModelChoiceField(
        TemaDeAportes.objects.none(), required=False, empty_label="Ninguno", label="Tema"
    )

    def __init__(self, *args, consulta, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tema"].queryset = consulta.temas.all()


class ResponderTemaForm(forms.Form):
    se_acoge = forms.ChoiceField(
        label="¿Qué se decidió?",
        choices=TemaDeAportes._meta.get_field("se_acoge").choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Diga qué se decidió."},
    )
    respuesta = Parrafos(
        label="¿Por qué?",
        filas=6,
        max_length=4000,
        help_text="Se publica con el resultado de la consulta.",
        error_messages={"required": "Explique por qué se decidió así."},
    )
