"""What people write in the log, and how they narrow it."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from conectividad.mes import PRIMER_ANIO, Mes
from conectividad.models import Accion, Enlace, Incidente
from portal.models import Dependencia

#: As browsers send it, and as people write it where there is no box for moments.
FORMATOS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
SIN_EMPEZAR = "Escriba cuándo se cayó."


class MomentoField(forms.DateTimeField):
    """A moment on the clock of Bogotá, to the minute."""

    def __init__(self, **opciones):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMATOS[0])
        mensajes = {"invalid": "Escriba la fecha y la hora, por ejemplo 22/11/2026 14:30."}
        opciones["error_messages"] = mensajes | opciones.get("error_messages", {})
        super().__init__(input_formats=FORMATOS, widget=widget, **opciones)


class _DatosDelCorte(forms.Form):
    """What may be said of a cut besides when it was."""

    alcance = forms.ChoiceField(
        label="Cómo estaba", choices=Incidente.Alcance, initial=Incidente.Alcance.TOTAL, required=False
    )
    peso = forms.IntegerField(
        label="Si era en parte, cuánto del servicio faltaba (%)",
        required=False,
        min_value=1,
        max_value=99,
        help_text="De 1 a 99. Por ejemplo, 50 si andaba a la mitad.",
    )
    causa = forms.ChoiceField(
        label="Por qué", choices=Incidente.Causa, initial=Incidente.Causa.POR_ESTABLECER, required=False
    )
    planeado = forms.BooleanField(
        label="Estaba anunciado",
        required=False,
        help_text="Lo avisaron antes. No entra en el porcentaje y se muestra aparte.",
    )
    dependencias = forms.ModelMultipleChoiceField(
        Dependencia.objects.none(),
        label="Dependencias afectadas",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Esa dependencia ya no está: elija otra."},
    )
    ticket = forms.CharField(label="Número del reporte al proveedor", max_length=60, required=False)
    descripcion = forms.CharField(
        label="Qué pasó",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Solo lo lee el personal de la alcaldía.",
    )
    reportado_por = forms.CharField(
        label="Quién avisó", max_length=150, required=False, help_text="Si no es quien lo anota."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dependencias"].queryset = Dependencia.objects.filter(activa=True)

    def clean(self) -> dict[str, Any]:
        """With the weight that goes with the reach: all of it when there was nothing."""
        super().clean()
        datos = self.cleaned_data
        datos["alcance"] = datos.get("alcance") or Incidente.Alcance.TOTAL
        datos["causa"] = datos.get("causa") or Incidente.Causa.POR_ESTABLECER
        if datos["alcance"] == Incidente.Alcance.TOTAL:
            datos["peso"] = 100
        elif not datos.get("peso") and "peso" not in self.errors:
            self.add_error("peso", "Diga cuánto del servicio faltaba: de 1 a 99 %.")
        return datos


class CorteForm(_DatosDelCorte):
    """The quick entry: three questions. The rest may wait."""

    SIGUE, VOLVIO = "sigue", "volvio"

    clave = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid"], "Abra otra vez el formulario para anotar el corte."
        ),
    )
    anotado_en = forms.CharField(widget=forms.HiddenInput, required=False)
    enlace = forms.ModelChoiceField(
        Enlace.objects.none(), label="Qué enlace", empty_label=None, to_field_name="slug"
    )
    inicio = MomentoField(label="Cuándo se cayó", error_messages={"required": SIN_EMPEZAR})
    termino = forms.ChoiceField(
        label="¿Ya volvió?",
        choices=[(SIGUE, "Sigue sin volver"), (VOLVIO, "Ya volvió")],
        initial=SIGUE,
        widget=forms.RadioSelect,
        error_messages={"required": "Diga si ya volvió o si sigue."},
    )
    fin = MomentoField(label="Cuándo volvió", required=False)

    #: Those three questions and what goes with them; the rest is folded.
    DE_PRIMERAS = ("enlace", "inicio", "termino", "fin")

    def __init__(self, *args, en: datetime | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        enlaces = Enlace.objects.activos()
        self.fields["enlace"].queryset = enlaces
        self.unico = None
        if len(enlaces) == 1:
            self.unico = enlaces[0]
            self.fields["enlace"].widget = forms.HiddenInput()
            self.fields["enlace"].initial = self.unico.slug
        self.fields["clave"].initial = uuid4
        self.fields["inicio"].initial = timezone.localtime(en)

    @property
    def de_primeras(self):
        return [self[campo] for campo in self.DE_PRIMERAS if not self[campo].is_hidden]

    @property
    def de_mas(self):
        return [campo for campo in self.visible_fields() if campo.name not in self.DE_PRIMERAS]

    @property
    def dice_mas(self) -> bool:
        """Whether something folded was filled in or is wrong, and must be seen."""
        dichos = {*self.errors, *self.changed_data}
        return self.is_bound and any(campo.name in dichos for campo in self.de_mas)

    def clean_anotado_en(self) -> datetime:
        """When it was written, by the clock of the device; without it, or if it cannot be right, by ours."""
        ahora = timezone.now()
        try:
            dicho = datetime.fromisoformat(self.cleaned_data["anotado_en"])
        except ValueError:
            return ahora
        return dicho if timezone.is_aware(dicho) and Mes(PRIMER_ANIO, 1).inicio <= dicho <= ahora else ahora

    def clean(self) -> dict[str, Any]:
        datos = super().clean()
        if datos.get("termino") == self.VOLVIO and not datos.get("fin") and "fin" not in self.errors:
            self.add_error("fin", "Escriba cuándo volvió.")
        if datos.get("termino") == self.SIGUE and datos.get("fin"):
            self.add_error("termino", "Escribió cuándo volvió: marque «Ya volvió», o borre esa hora.")
        return datos

    def para_registrar(self) -> dict[str, Any]:
        """The arguments of `services.registrar`, without who."""
        return {campo: valor for campo, valor in self.cleaned_data.items() if campo != "termino"}


class VolvioForm(forms.Form):
    fin = MomentoField(label="Cuándo volvió", error_messages={"required": "Escriba cuándo volvió."})

    def __init__(self, *args, en: datetime | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fin"].initial = timezone.localtime(en)


class AccionForm(forms.Form):
    texto = forms.CharField(
        label="Qué se hizo",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Por ejemplo: se llamó al proveedor; dice que enviará un técnico mañana.",
        error_messages={"required": "Escriba qué se hizo."},
    )
    quien = forms.CharField(
        label="Quién lo hizo", max_length=150, required=False, help_text="Si no fue usted."
    )
    cuando = MomentoField(label="Cuándo", error_messages={"required": "Escriba cuándo se hizo."})

    def __init__(self, *args, en: datetime | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cuando"].initial = timezone.localtime(en)


class CorregirForm(_DatosDelCorte):
    """Everything that was said of a cut, to be said again with the reason."""

    inicio = MomentoField(label="Cuándo se cayó", error_messages={"required": SIN_EMPEZAR})
    fin = MomentoField(label="Cuándo volvió", required=False, help_text="Vacío si sigue sin volver.")
    razon = forms.CharField(
        label="Por qué se corrige",
        max_length=100,
        help_text="Queda en la historia. Por ejemplo: el vigilante dijo que volvió antes.",
        error_messages={"required": "Escriba por qué se corrige."},
    )
    #: What it said when the page was shown: only what the person changed on it is corrected.
    visto = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("inicio", "fin")
    DICHOS = ("inicio", "fin", *_DatosDelCorte.base_fields)

    def __init__(self, *args, incidente: Incidente, **kwargs):
        self.incidente = incidente
        kwargs["initial"] = {campo: getattr(incidente, campo) for campo in self.DICHOS}
        kwargs["initial"]["dependencias"] = [d.pk for d in incidente.dependencias.all()]
        self.dicho = {campo: _comparable(valor) for campo, valor in kwargs["initial"].items()}
        kwargs["initial"]["visto"] = json.dumps(self.dicho)
        if incidente.alcance == Incidente.Alcance.TOTAL:
            kwargs["initial"]["peso"] = None
        super().__init__(*args, **kwargs)
        # An office that was closed since then stays where it was said to be affected.
        afectadas = Q(pk__in=kwargs["initial"]["dependencias"])
        self.fields["dependencias"].queryset = Dependencia.objects.filter(Q(activa=True) | afectadas)

    def clean_visto(self) -> dict[str, Any]:
        """Nothing, as if the page had just been shown, when it is not what this form wrote."""
        try:
            visto = json.loads(self.cleaned_data["visto"])
        except (ValueError, RecursionError):
            return {}
        return visto if isinstance(visto, dict) else {}

    def cambios(self) -> dict[str, Any]:
        """The fields that the person changed on the page, with what they say; the rest stays as it is now."""
        antes = self.dicho | self.cleaned_data["visto"]
        ahora = {campo: self.cleaned_data[campo] for campo in self.DICHOS}
        comparables = ahora | {"dependencias": [d.pk for d in ahora["dependencias"]]}
        return {
            campo: valor for campo, valor in ahora.items() if _comparable(comparables[campo]) != antes[campo]
        }


def _comparable(valor: Any) -> Any:
    """As JSON can keep it: a box has no seconds, and ends lines in its own way."""
    if isinstance(valor, datetime):
        return f"{timezone.localtime(valor):%Y-%m-%dT%H:%M}"
    if isinstance(valor, str):
        return valor.replace("\r\n", "\n")
    return sorted(valor) if isinstance(valor, list) else valor


class AnularForm(forms.Form):
    razon = forms.CharField(
        label="Por qué se anula",
        max_length=300,
        help_text="Por ejemplo: se anotó dos veces.",
        error_messages={"required": "Escriba por qué se anula."},
    )


class CierreForm(forms.Form):
    observaciones = forms.CharField(
        label="Observaciones",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lo que deba saberse de este mes al leer sus cifras.",
    )


class FiltroForm(forms.Form):
    """How the log is narrowed. All optional, all in the address; what is not valid does not filter."""

    ALGUNA_ACCION = Exists(Accion.objects.de_personas().filter(incidente=OuterRef("pk")))
    ESTADOS = {
        "": ("Todos los vigentes", Q(anulado_en=None)),
        "abiertos": ("Siguen sin volver", Q(anulado_en=None, fin=None)),
        "sin-accion": ("Sin ninguna acción", Q(anulado_en=None) & ~ALGUNA_ACCION),
        "anulados": ("Anulados", Q(anulado_en__isnull=False)),
    }

    enlace = forms.ModelChoiceField(
        Enlace.objects.all(), label="Enlace", required=False, empty_label="Todos", to_field_name="slug"
    )
    mes = forms.CharField(
        label="Mes",
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}),
    )
    causa = forms.ChoiceField(
        label="Causa", choices=[("", "Todas"), *Incidente.Causa.choices], required=False
    )
    estado = forms.ChoiceField(
        label="Cuáles", choices=[(clave, rotulo) for clave, (rotulo, _q) in ESTADOS.items()], required=False
    )

    def clean_mes(self) -> Mes | None:
        if not (clave := self.cleaned_data["mes"]):
            return None
        try:
            return Mes.leer(clave)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def acota(self) -> bool:
        return any(self.cleaned_data.values())

    def filtrar(self, incidentes: QuerySet[Incidente]) -> QuerySet[Incidente]:
        datos = self.cleaned_data
        incidentes = incidentes.filter(self.ESTADOS[datos.get("estado") or ""][1])
        if enlace := datos.get("enlace"):
            incidentes = incidentes.filter(enlace=enlace)
        if causa := datos.get("causa"):
            incidentes = incidentes.filter(causa=causa)
        if mes := datos.get("mes"):
            incidentes = incidentes.filter(inicio__lt=mes.fin).filter(Q(fin=None) | Q(fin__gt=mes.inicio))
        return incidentes
