from django import forms

from portal.busqueda import CLASES
from portal.sitio import Sitio


class BusquedaForm(forms.Form):
    """What the citizen looks for, and how to narrow it. All optional, all in the address."""

    q = forms.CharField(label="¿Qué busca?", required=False, max_length=1000)
    canal = forms.ChoiceField(label="Canal", required=False)
    dependencia = forms.ChoiceField(label="Dependencia", required=False)
    tipo = forms.ChoiceField(label="Clase", required=False)
    anio = forms.IntegerField(
        label="Año",
        # As text: a number box throws away what is not a number, and it must stay to be corrected.
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        required=False,
        min_value=1990,
        max_value=2100,
        error_messages={"invalid": "Escriba el año con cuatro cifras, por ejemplo 2026."},
    )

    def __init__(self, *args, sitio: Sitio, **kwargs):
        super().__init__(*args, **kwargs)
        self.sitio = sitio
        self.fields["tipo"].choices = [("", "Todas"), *CLASES.items()]
        self.fields["canal"].choices = [
            ("", "Todos"),
            *((canal.slug, str(canal)) for canal in sitio.canales.values() if canal.tipos),
        ]
        self.fields["dependencia"].choices = [
            ("", "Todas"),
            *((d.slug, d.nombre) for d in sitio.dependencias.values()),
        ]

    def filtros(self) -> dict[str, object]:
        """As arguments of a QuerySet of EntradaDeBusqueda; what is not valid does not filter."""
        datos = self.cleaned_data
        filtros: dict[str, object] = {}
        if slug := datos.get("canal"):
            filtros["canal"] = self.sitio.canales[slug].pk
        if slug := datos.get("dependencia"):
            filtros["dependencia"] = self.sitio.dependencias[slug].pk
        if tipo := datos.get("tipo"):
            filtros["tipo"] = tipo
        if anio := datos.get("anio"):
            filtros["fecha__year"] = anio
        return filtros
