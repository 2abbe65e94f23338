"""How the site is used: anybody reads the figures; who writes in the channel makes the evaluation of them."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.escritorio import del_escritorio
from portal.flujo import CondicionIncumplida
from portal.hojas_de_calculo import csv_para_bajar
from portal.services import YaSeCreo
from seguimiento.evaluacion_de_uso import Evaluacion, Lapso, lapsos, preparar, puede_evaluar
from seguimiento.panel import mirada_de
from seguimiento.uso import contado_desde

FUERA_DE_LA_LISTA = "Elija un periodo de la lista."


class LapsoForm(forms.Form):
    """A year or a quarter. What is not valid is said, and this year is shown."""

    periodo = forms.ChoiceField(
        label="Periodo", error_messages=dict.fromkeys(("required", "invalid_choice"), FUERA_DE_LA_LISTA)
    )

    def __init__(self, datos=None, *, hoy, desde, terminados: bool = False):
        super().__init__(datos)
        posibles = [lapso for lapso in lapsos(hoy, desde) if not terminados or lapso.periodo.terminado(hoy)]
        self.por_clave = {lapso.clave: lapso for lapso in posibles}
        self.fields["periodo"].choices = [
            (clave, str(lapso).capitalize()) for clave, lapso in self.por_clave.items()
        ]

    @property
    def elegido(self) -> Lapso:
        clave = self.cleaned_data.get("periodo", "") if self.is_bound and self.is_valid() else ""
        return self.por_clave.get(clave) or next(iter(self.por_clave.values()))


def _evaluacion(request) -> tuple[LapsoForm, Evaluacion]:
    hoy, desde = timezone.localdate(), contado_desde()
    form = LapsoForm(request.GET if "periodo" in request.GET else None, hoy=hoy, desde=desde)
    return form, Evaluacion(form.elegido, hoy, desde)


@require_safe
def uso(request):
    """The figures of a year or a quarter, this year by default."""
    form, evaluacion = _evaluacion(request)
    contexto = {"form": form, "evaluacion": evaluacion, "pedido": bool(request.GET)}
    return render(request, "seguimiento/uso.html", contexto)


@require_safe
def uso_csv(request):
    """The same tables, one after the other."""
    _form, evaluacion = _evaluacion(request)
    filas = [
        [tabla.titulo, *([str(celda) for celda in fila] + [""])[:3], str(getattr(fila[0], "url", ""))]
        for tabla in evaluacion.tablas
        for fila in tabla.filas
    ]
    columnas = ("Tabla", "Qué", "Cuántas veces", "Nota", "Dirección")
    return csv_para_bajar(f"uso-{evaluacion.lapso.clave}.csv", columnas, filas)


@del_escritorio(puede_evaluar)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluar_uso(request):
    """Choose a period that ended and make the draft of its evaluation, once."""
    form = LapsoForm(request.POST or None, hoy=timezone.localdate(), desde=contado_desde(), terminados=True)
    if request.method == "POST" and form.is_valid():
        try:
            version = preparar(form.elegido, por=request.user)
        except YaSeCreo as repetida:
            messages.warning(request, f"La evaluación de {form.elegido} ya existe. Es esta.")
            return redirect(repetida.version)
        except CondicionIncumplida as rechazo:
            form.add_error(None, str(rechazo))
        else:
            messages.success(request, "Revise las cifras, diga qué hará la alcaldía y envíela a validar.")
            return redirect(version)
    return render(
        request,
        "seguimiento/uso_evaluar.html",
        {"form": form, "mirada": mirada_de(request.user)},
        status=422 if form.errors else 200,
    )
