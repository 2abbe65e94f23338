"""What is written on the panel, in the reports and in the seats of the committee."""

from django import forms

from portal.saneado import sin_controles
from seguimiento.comite import DIAS, DIAS_MAXIMOS
from seguimiento.models import EnlaceDelComite, InformeSemanal, Miembro


class TextoField(forms.CharField):
    """Plain text of a few lines, without invisible characters."""

    def __init__(self, *, filas: int = 4, **kwargs):
        kwargs.setdefault("max_length", 1000)
        kwargs["widget"] = forms.Textarea({"rows": filas})
        kwargs.setdefault("error_messages", {"required": "Escriba algo antes de guardar."})
        super().__init__(**kwargs)

    def to_python(self, value):
        return sin_controles(super().to_python(value)).strip()


class TextoForm(forms.Form):
    texto = TextoField()


class FirmaForm(forms.Form):
    """`leido` says what was on the screen, so that nobody signs what they have not read."""

    observaciones = TextoField(
        label="Observaciones de Secretaría General (opcional)", required=False, max_length=2000
    )
    leido = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def con_lo_de_ahora(self, informe: InformeSemanal) -> None:
        """Once the change is on the screen, what will be sent next is what is read now."""
        self.data = self.data.copy()
        self.data["leido"] = informe.huella_leida()


class NotaForm(forms.Form):
    texto = TextoField(
        label="Qué decía mal el informe y qué es lo correcto",
        max_length=2000,
        help_text="Por ejemplo: el canal Planes sí se actualizó el 12 de noviembre; se contó en otra.",
    )


class EnlaceForm(forms.Form):
    """A link for a seat of the committee of the plan that is being followed."""

    miembro = forms.ModelChoiceField(
        Miembro.objects.none(), label="Puesto en el comité", empty_label="Elija el puesto"
    )
    persona = forms.CharField(
        label="Quién lo ocupa hoy",
        max_length=EnlaceDelComite._meta.get_field("persona").max_length,
        help_text="Nombre y apellidos: con ese nombre firma sus observaciones.",
    )
    dias = forms.IntegerField(
        label="Días que vale el enlace", min_value=1, max_value=DIAS_MAXIMOS, initial=DIAS
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["miembro"].queryset = Miembro.objects.filter(plan__vigente=True)

    def clean_persona(self):
        return " ".join(sin_controles(self.cleaned_data["persona"]).split())


class ObservacionForm(forms.Form):
    """An observation and the gesture of signing it."""

    texto = TextoField(label="Su observación de esta semana")
    firma = forms.BooleanField(error_messages={"required": "Marque la casilla para firmar su observación."})

    def __init__(self, *args, firma: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["firma"].label = f"Firmo esta observación como {firma}"
