"""The desk of criteria: which ones a person is shown, and what they may do with each."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from portal.forms.comunes import FechaInput
from portal.models import Dependencia
from seguimiento.evaluacion import EXCEPCION_MAXIMA, LARGO_DE_LA_RAZON
from seguimiento.formularios import TextoField
from seguimiento.models import Criterio, Evidencia, Fase

Resultado = Criterio.Resultado


class FiltroForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label="Palabras o código", required=False, max_length=100)
    fase = forms.ModelChoiceField(
        Fase.objects.select_related("marco"), required=False, to_field_name="slug", empty_label="Todas"
    )
    resultado = forms.ChoiceField(choices=[("", "Todos"), *Resultado.choices], required=False)
    dependencia = forms.ModelChoiceField(
        Dependencia.objects.filter(criterios__isnull=False).distinct(),
        label="Responde",
        required=False,
        to_field_name="slug",
        empty_label="Todas",
    )

    def filtrar(self, criterios: QuerySet[Criterio]) -> QuerySet[Criterio]:
        datos = self.cleaned_data if self.is_valid() else {}
        for campo in ("fase", "resultado", "dependencia"):
            if valor := datos.get(campo):
                criterios = criterios.filter(**{campo: valor})
        if palabras := datos.get("q"):
            por_codigo = criterios.filter(codigo__iexact=palabras)
            criterios = por_codigo | criterios.filter(nombre__unaccent__icontains=palabras)
        return criterios


# --- What is done with one ----------------------------------------------------------------------
class RazonField(TextoField):
    def __init__(self, label: str = "Razón", **kwargs):
        kwargs.setdefault("max_length", LARGO_DE_LA_RAZON)
        super().__init__(label=label, filas=3, **kwargs)


class DiaField(forms.DateField):
    def __init__(self, **kwargs):
        super().__init__(
            widget=FechaInput(),
            error_messages={
                "invalid": "Escriba la fecha con año, mes y día, por ejemplo 2026-11-30.",
                "required": "Diga hasta qué día.",
            },
            **kwargs,
        )


class EvidenciaForm(forms.ModelForm):
    """A page first, a file second; the service checks that both can be seen."""

    fecha = DiaField(label="Fecha de la que habla", initial=timezone.localdate)
    vence_en = DiaField(label="Vale hasta (opcional)", required=False)

    class Meta:
        model = Evidencia
        fields = ("titulo", "enlace", "archivo", "fecha", "vence_en")
        labels = {
            "titulo": "Qué muestra",
            "enlace": "Página que lo muestra",
            "archivo": "O el archivo, si no está en una página",
        }

    def _post_clean(self):
        """The service builds the row and checks it whole."""


class AfirmacionForm(forms.Form):
    resultado = forms.ChoiceField(
        label="Qué afirma",
        choices=[
            (Resultado.CUMPLE, "Se cumple"),
            (Resultado.PARCIAL, "Se cumple en parte"),
            (Resultado.NO_CUMPLE, "No se cumple"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Diga si se cumple."},
    )
    razon = RazonField("Qué falta, si no se cumple del todo (opcional)", required=False)


class ExcepcionForm(forms.Form):
    hasta = DiaField(label="Hasta qué día")
    razon = RazonField("Razón, que se publica")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hoy: date = timezone.localdate()
        limites = {"min": hoy.isoformat(), "max": (hoy + EXCEPCION_MAXIMA).isoformat()}
        self.fields["hasta"].widget.attrs.update(limites)


class RazonForm(forms.Form):
    razon = RazonField("Razón, que se publica")
