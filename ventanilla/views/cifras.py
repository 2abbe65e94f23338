"""The figures that anybody reads: by year and by quarter, without anything of anybody."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.hojas_de_calculo import csv_para_bajar
from ventanilla.cifras import ANCHO, COLUMNAS, anios, contar, fila_de, limites
from ventanilla.models import Radicado

TRIMESTRES = {
    "1": "Enero a marzo",
    "2": "Abril a junio",
    "3": "Julio a septiembre",
    "4": "Octubre a diciembre",
}


class PeriodoForm(forms.Form):
    """A year, and perhaps one of its quarters. What is not valid is said, and this year is shown."""

    anio = forms.TypedChoiceField(label="Año", coerce=int, required=False, empty_value=None)
    trimestre = forms.TypedChoiceField(
        label="Meses",
        coerce=int,
        required=False,
        empty_value=0,
        choices=[("", "Todo el año"), *TRIMESTRES.items()],
    )

    def __init__(self, datos, hoy):
        los_anios = [str(anio) for anio in anios(hoy)]
        super().__init__({"anio": datos.get("anio") or los_anios[0], "trimestre": datos.get("trimestre", "")})
        self.fields["anio"].choices = [(anio, anio) for anio in los_anios]
        self.hoy = hoy

    @property
    def elegido(self) -> tuple[int, int]:
        """Year and quarter; 0 is the whole year."""
        datos: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        return datos.get("anio") or self.hoy.year, datos.get("trimestre") or 0

    def __str__(self) -> str:
        anio, trimestre = self.elegido
        return f"{TRIMESTRES[str(trimestre)]} de {anio}" if trimestre else f"Año {anio}"


def del_periodo(request, radicados):
    """The form as it was sent and the figures of what it asks, as they are today."""
    hoy = timezone.localdate()
    form = PeriodoForm(request.GET, hoy)
    return form, contar(radicados, *limites(*form.elegido), hoy)


@require_safe
def cifras(request):
    form, cuenta = del_periodo(request, Radicado.objects.all())
    contexto = {
        "form": form,
        "total": cuenta.total,
        "por_clase": cuenta.por_clase_en_publico,
        "por_dependencia": cuenta.por_dependencia,
        "ancho": ANCHO,
    }
    return render(request, "ventanilla/cifras.html", contexto)


@require_safe
def cifras_csv(request):
    """The same, to open in a spreadsheet: the total, each kind and each office."""
    form, cuenta = del_periodo(request, Radicado.objects.all())
    filas = [["Todas", "", *fila_de(cuenta.total)]]
    filas += [["Clase", nombre, *fila_de(cifra)] for nombre, cifra in cuenta.por_clase_en_publico]
    filas += [["Dependencia", nombre, *fila_de(cifra)] for nombre, cifra in cuenta.por_dependencia]
    return en_csv(("Periodo", "De qué", "Nombre", *COLUMNAS), ([str(form), *fila] for fila in filas), form)


def en_csv(columnas, filas, form: PeriodoForm) -> HttpResponse:
    anio, trimestre = form.elegido
    nombre = f"radicados-{anio}{f'-t{trimestre}' if trimestre else ''}.csv"
    return csv_para_bajar(nombre, columnas, filas)
