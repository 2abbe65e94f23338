from django import forms
from django.db.models import Q
from django.utils import timezone

from tramites.catalogo import Opciones
from tramites.models import HojaDeVida


class CatalogoForm(forms.Form):
    """What trámite the citizen looks for, and how to narrow the list. All optional, all in the address."""

    q = forms.CharField(label="¿Qué trámite busca?", required=False, max_length=1000)
    dependencia = forms.ChoiceField(label="Dependencia", required=False)
    situacion = forms.ChoiceField(label="Situación de vida", required=False)
    audiencia = forms.ChoiceField(label="Para quién", required=False)
    grado = forms.ChoiceField(label="¿Se hace en línea?", required=False)
    gratuito = forms.BooleanField(label="Solo los gratuitos", required=False)

    def __init__(self, *args, opciones: Opciones, **kwargs):
        super().__init__(*args, **kwargs)
        self.opciones = opciones
        self._ofrecer("dependencia", "Todas", opciones.dependencias)
        self._ofrecer("situacion", "Todas", opciones.situaciones)
        self._ofrecer("audiencia", "Todos", opciones.audiencias)
        self.fields["grado"].choices = [("", "Todos"), *HojaDeVida.Grado.choices]

    def _ofrecer(self, campo: str, ninguna: str, filas: dict) -> None:
        self.fields[campo].choices = [("", ninguna), *((slug, str(fila)) for slug, fila in filas.items())]

    def acota(self) -> bool:
        """Whether some filter is on."""
        return any(valor for campo, valor in self.cleaned_data.items() if campo != "q")

    def filtrar(self, tramites):
        """Those that fit; what is not valid does not filter."""
        datos = self.cleaned_data
        if slug := datos.get("dependencia"):
            tramites = tramites.filter(hoja_publica__dependencia=self.opciones.dependencias[slug].pk)
        if slug := datos.get("situacion"):
            tramites = tramites.filter(en_situaciones__situacion=self.opciones.situaciones[slug].pk)
        if slug := datos.get("audiencia"):
            pk = self.opciones.audiencias[slug].pk
            hojas = HojaDeVida.objects.filter(Q(audiencias=pk) | Q(audiencias__grupo=pk))
            tramites = tramites.filter(hoja_publica__in=hojas)
        if grado := datos.get("grado"):
            tramites = tramites.filter(hoja_publica__grado=grado)
        if datos.get("gratuito"):
            tramites = tramites.gratuitos()
        return tramites


class FechaForm(forms.Form):
    """A day of the past."""

    fecha = forms.DateField(
        label="Cifras del día",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Escriba la fecha con año, mes y día, por ejemplo 2026-11-30."},
    )

    def clean_fecha(self):
        fecha = self.cleaned_data["fecha"]
        if fecha and fecha > timezone.localdate():
            raise forms.ValidationError("Ese día no ha llegado: escriba el de hoy o uno anterior.")
        return fecha
