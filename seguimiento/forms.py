from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from portal.models import Dependencia
from portal.periodos import Periodo
from seguimiento.models import Plan


class MomentoForm(forms.Form):
    """A week to look at, by its number or by one of its days, and perhaps one office."""

    semana = forms.CharField(required=False, max_length=10)
    fecha = forms.DateField(
        label="La semana de este día",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Escriba la fecha con año, mes y día, por ejemplo 2026-11-30."},
    )
    dependencia = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": "Esa dependencia no existe."}
    )

    def __init__(self, *args, plan: Plan, dependencias: dict[str, Dependencia], **kwargs):
        super().__init__(*args, **kwargs)
        self.plan, self.dependencias = plan, dependencias
        self.fields["dependencia"].choices = [
            ("", "Todo el municipio"),
            *((slug, dependencia.nombre) for slug, dependencia in dependencias.items()),
        ]

    def clean(self):
        super().clean()
        datos = self.cleaned_data
        campo = "semana" if datos.get("semana") else "fecha"
        periodo = self._periodo(datos) if not self.errors else None
        if periodo and periodo.futuro():
            self.add_error(campo, "Esa semana no ha llegado: escriba la de hoy o una anterior.")
        elif periodo and periodo.hasta < self.plan.desde:
            self.add_error(
                campo, f"El plan empezó el {date_format(self.plan.desde)}: escriba una fecha posterior."
            )
        return datos | {"periodo": periodo}

    def _periodo(self, datos) -> Periodo | None:
        if datos.get("semana"):
            try:
                return Periodo.leer_semana(datos["semana"])
            except ValueError as error:
                self.add_error("semana", str(error))
                return None
        return Periodo.semana_de(datos["fecha"]) if datos.get("fecha") else None

    @property
    def periodo(self) -> Periodo:
        """The week that was asked for; without one, or with one that is no good, the last seven days."""
        pedido = self.cleaned_data.get("periodo") if self.is_valid() else None
        return pedido or Periodo.ultimos_siete_dias(timezone.localdate())

    @property
    def dependencia_pedida(self) -> Dependencia | None:
        return self.dependencias.get(self.cleaned_data.get("dependencia", "")) if self.is_valid() else None
