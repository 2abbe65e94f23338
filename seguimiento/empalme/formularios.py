"""What is written at the desk of the handover."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.forms.comunes import FechaInput, Parrafos, anio_posible, con_opcionales
from portal.models import Cargo, Usuario
from seguimiento.models import (
    ActividadDeEmpalme,
    DocumentoDeEmpalme,
    Empalme,
    FuncionarioEntrante,
    ObservacionDeEmpalme,
)

#: Days are written by the browser, or by hand where it has no calendar.
_FORMATOS = ["%Y-%m-%d", "%d/%m/%Y"]


def _dia(rotulo: str, *, ayuda: str = "", obligatorio: bool = True) -> forms.DateField:
    return forms.DateField(
        label=rotulo,
        required=obligatorio,
        widget=FechaInput(),
        input_formats=_FORMATOS,
        validators=[anio_posible],
        help_text=ayuda,
        error_messages={"required": "Escriba la fecha.", "invalid": "Escriba la fecha así: 10/12/2027."},
    )


class _ConOpcionales(forms.ModelForm):
    """What may be left blank says so. What belongs to the model is checked when it is saved."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        con_opcionales(self)

    def _post_clean(self):
        """The service builds, checks and saves the row: here only what was typed is read."""


class VentanaForm(_ConOpcionales):
    """The dates of a handover and its act."""

    desde = _dia("Primer día")
    hasta = _dia("Último día")

    class Meta:
        model = Empalme
        fields: tuple[str, ...] = ("desde", "hasta", "acto")


class EmpalmeForm(VentanaForm):
    class Meta(VentanaForm.Meta):
        fields = ("saliente", "entrante", *VentanaForm.Meta.fields)


class ActividadForm(_ConOpcionales):
    responsable = forms.ModelChoiceField(
        Cargo.objects.filter(activo=True),
        label="Cargo responsable",
        empty_label="Elija el cargo",
    )
    clase = forms.ChoiceField(
        label="Clase de actividad", choices=[("", "Elija la clase"), *ActividadDeEmpalme.Clase.choices]
    )
    fecha = _dia("Fecha")

    class Meta:
        model = ActividadDeEmpalme
        fields = ("titulo", "clase", "fecha", "lugar", "responsable")


class EntranteForm(_ConOpcionales):
    """An official of the new team, and how they are linked to the process, if they are."""

    cargo = forms.ModelChoiceField(Cargo.objects.filter(activo=True), empty_label="Elija el cargo")
    vinculo = forms.ChoiceField(
        label="Cómo se vinculó al proceso",
        required=False,
        choices=[("", "Todavía no está vinculado"), *FuncionarioEntrante.Vinculo.choices],
    )
    vinculado_en = _dia("Vinculado desde", obligatorio=False)
    actividad = forms.ModelChoiceField(
        ActividadDeEmpalme.objects.none(),
        required=False,
        label="En qué actividad",
        empty_label="En ninguna",
        help_text="Solo aparecen las que ya tienen acta.",
    )
    usuario = forms.ModelChoiceField(
        Usuario.objects.filter(is_active=True).order_by("first_name", "last_name", "username"),
        required=False,
        label="Su cuenta en el portal",
        empty_label="No tiene todavía",
        help_text="Con ella lee este empalme y escribe las observaciones de su equipo.",
    )

    class Meta:
        model = FuncionarioEntrante
        fields = ("cargo", "nombre", "correo", "vinculo", "vinculado_en", "actividad", "usuario")

    def __init__(self, *args, empalme: Empalme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actividad"].queryset = empalme.actividades.filter(hecha_en__isnull=False)


class ActaForm(forms.Form):
    """The minutes of an activity and who was there."""

    hecha_en = _dia("Se hizo el")
    acta = Parrafos(
        label="Acta: qué se trató y qué se acordó",
        max_length=10_000,
        filas=8,
        help_text="Cuando la guarde ya no cambia. Para corregirla se registra otra actividad.",
        error_messages={"required": "Escriba el acta."},
    )
    entrantes = forms.ModelMultipleChoiceField(
        FuncionarioEntrante.objects.none(),
        required=False,
        label="Asistieron del equipo entrante",
        widget=forms.CheckboxSelectMultiple,
    )
    salientes = Parrafos(
        label="Asistieron del equipo saliente",
        required=False,
        max_length=5_000,
        filas=5,
        help_text="Uno por línea: nombre, una coma y el cargo. Por ejemplo: Ana Rojas, Secretaria General.",
    )
    comunidad = forms.IntegerField(
        label="Cuántas personas de la comunidad asistieron", required=False, min_value=0, max_value=100_000
    )

    def __init__(self, *args, actividad: ActividadDeEmpalme, **kwargs):
        super().__init__(*args, **kwargs)
        entrantes = actividad.empalme.funcionarios.select_related("cargo")
        self.fields["entrantes"].queryset = entrantes
        if not entrantes:
            del self.fields["entrantes"]
        con_opcionales(self)

    def clean_hecha_en(self):
        dia = self.cleaned_data["hecha_en"]
        if dia > timezone.localdate():
            raise forms.ValidationError("Ese día no ha llegado: el acta se registra cuando se hizo.")
        return dia

    def clean_salientes(self) -> list[tuple[str, str]]:
        """Each line as a name and in what capacity."""
        return [
            self._persona(linea) for linea in self.cleaned_data["salientes"].splitlines() if linea.strip()
        ]

    @staticmethod
    def _persona(linea: str) -> tuple[str, str]:
        nombre, _coma, calidad = (" ".join(parte.split()) for parte in linea.partition(","))
        if not nombre or not calidad:
            raise forms.ValidationError(
                f"En «{linea.strip()[:60]}» falta el cargo: escriba nombre, coma y cargo."
            )
        if max(len(nombre), len(calidad)) > 150:
            raise forms.ValidationError(
                f"«{nombre[:60]}» es muy largo: el nombre y el cargo, hasta 150 letras."
            )
        return nombre, calidad

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        if not self.errors and not any(datos.get(campo) for campo in ("entrantes", "salientes", "comunidad")):
            raise forms.ValidationError("Diga quiénes asistieron: funcionarios o comunidad.")
        return datos


class ObservacionForm(forms.Form):
    """What a team observes, by somebody who may write for it."""

    equipo = forms.ChoiceField(label="Por cuál equipo escribe")
    texto = Parrafos(
        label="Observación",
        max_length=ObservacionDeEmpalme._meta.get_field("texto").max_length,
        filas=4,
        error_messages={"required": "Escriba la observación."},
    )

    def __init__(self, *args, equipos: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        nombres = ObservacionDeEmpalme.Equipo
        self.fields["equipo"].choices = [(equipo, nombres(equipo).label) for equipo in equipos]


class FirmaForm(forms.Form):
    """`leido` says what was on the screen, so that nobody signs what they have not read."""

    leido = forms.CharField(max_length=64, widget=forms.HiddenInput)
    firmo = forms.BooleanField(
        label="Leí el documento y las observaciones de los dos equipos.",
        error_messages={"required": "Marque la casilla para firmar."},
    )

    def con_lo_de_ahora(self, documento: DocumentoDeEmpalme) -> None:
        """Once the change is on the screen, what will be sent next is what is read now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("leido")] = documento.huella_leida()
