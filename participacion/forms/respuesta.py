"""The questions of a consulta as a form: the same for the page and for the sheet that an official enters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from participacion.models import Consulta, Opcion, Pregunta
from participacion.respuestas import Elegida
from participacion.resultados import numeros_de
from portal.forms.comunes import ContraRobots, LineaDeTexto, Parrafos

Tipo = Pregunta.Tipo
TEXTO_MAXIMO = 1000
OBLIGATORIA = "Responda esta pregunta."


@dataclass(frozen=True)
class Planteada:
    """A question with the fields that answer it: one, or one for each option to be put in order."""

    numero: int
    pregunta: Pregunta
    campos: Sequence[BoundField]
    #: The id of what was said before it, to be heard when it takes the focus.
    aviso: str = ""

    @property
    def errores(self) -> list[str]:
        return [error for campo in self.campos for error in campo.errors]

    @property
    def en_grupo(self) -> bool:
        """Whether several controls answer it, so that a fieldset names them all."""
        return self.pregunta.tipo != Tipo.TEXTO

    @property
    def id(self) -> str:
        return f"pregunta-{self.pregunta.pk}"

    @property
    def descrita_por(self) -> str:
        """What `aria-describedby` says: what was said before it, its help and its error, when it has them."""
        ayuda = f"{self.id}-ayuda" if self.ayuda else ""
        return " ".join(filter(None, [self.aviso, ayuda, f"{self.id}-error" if self.errores else ""]))

    @property
    def cuadro(self) -> str:
        """The box to write in, with what describes it."""
        descrito = {"aria-describedby": self.descrita_por} if self.descrita_por else {}
        return self.campos[0].as_widget(attrs=descrito)

    @property
    def ayuda(self) -> str:
        """How it is answered, after what its author wrote."""
        return " ".join(filter(None, [self.pregunta.ayuda, self._como]))

    @property
    def _como(self) -> str:
        if self.pregunta.tipo == Tipo.VARIAS:
            maximo = self.pregunta.maximo
            return f"Puede marcar hasta {maximo}." if maximo else "Puede marcar varias."
        if self.pregunta.tipo == Tipo.ESCALA:
            return self._rotulos
        if self.pregunta.tipo == Tipo.ORDEN:
            return f"Ponga 1 a lo más importante y {len(self.campos)} a lo menos. No repita números."
        return ""

    @property
    def _rotulos(self) -> str:
        """«1 es muy difícil; 5 es muy fácil.»"""
        numeros = numeros_de(self.pregunta)
        extremos = ((numeros[0], self.pregunta.rotulo_minimo), (numeros[-1], self.pregunta.rotulo_maximo))
        dichos = "; ".join(f"{n} es {rotulo.lower()}" for n, rotulo in extremos if rotulo)
        return f"{dichos}." if dichos else ""


class PreguntasForm(forms.Form):
    """Builds its fields from the questions, read once with their options.

    `de_papel`: what a sheet leaves blank stays blank, nobody can ask whoever filled it in.
    """

    def __init__(
        self, *args: Any, preguntas: Sequence[Pregunta], de_papel: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.preguntas, self.de_papel = preguntas, de_papel
        for pregunta in preguntas:
            self.fields |= _campos_de(pregunta, pregunta.obligatoria and not de_papel)

    @property
    def planteadas(self) -> list[Planteada]:
        return [
            Planteada(n, pregunta, [self[nombre] for nombre in _nombres(pregunta)])
            for n, pregunta in enumerate(self.preguntas, 1)
        ]

    def enfocar(self) -> None:
        """Its first control takes the focus when the page opens. Of a group of buttons, the first one."""
        campo = self[next(iter(self.fields))]
        primero = campo.subwidgets[0].data["attrs"] if campo.use_fieldset else campo.field.widget.attrs
        primero["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        for pregunta in self.preguntas:
            if pregunta.tipo == Tipo.ORDEN:
                self._revisar_orden(pregunta, datos)
            elif pregunta.tipo == Tipo.VARIAS and pregunta.maximo:
                self._revisar_cuantas(pregunta, pregunta.maximo, datos)
        return datos

    def _revisar_cuantas(self, pregunta: Pregunta, maximo: int, datos: dict[str, Any]) -> None:
        if len(set(datos.get(f"p{pregunta.pk}") or ())) > maximo:
            self.add_error(f"p{pregunta.pk}", f"Marque como máximo {maximo}.")

    def _revisar_orden(self, pregunta: Pregunta, datos: dict[str, Any]) -> None:
        """All with a number of their own; or none, when it may be left blank."""
        nombres = _nombres(pregunta)
        if any(nombre in self.errors for nombre in nombres):
            return
        puestos = [datos[nombre] for nombre in nombres if datos.get(nombre)]
        if not puestos and (self.de_papel or not pregunta.obligatoria):
            return
        if len(puestos) < len(nombres):
            self.add_error(nombres[0], "Ponga un número a cada opción.")
        elif len(set(puestos)) < len(puestos):
            self.add_error(nombres[0], "Hay números repetidos. Ponga un número distinto a cada opción.")

    def elegidas(self) -> list[Elegida]:
        """What was answered. Call after `is_valid()`."""
        return [
            elegida for pregunta in self.preguntas for elegida in _elegidas_de(pregunta, self.cleaned_data)
        ]


class RespuestaForm(ContraRobots, PreguntasForm):
    """The page: besides the questions, what makes it good once and, where it is asked, the code."""

    ficha = forms.CharField(widget=forms.HiddenInput, required=False)
    codigo = LineaDeTexto(
        label="Su código",
        max_length=20,
        help_text="Son diez letras y números. Está en el papel que le entregaron.",
        error_messages={"required": "Escriba el código que está en su papel."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, consulta: Consulta, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if consulta.responden != Consulta.Responden.CON_CODIGO:
            del self.fields["codigo"]


class PuestoField(forms.TypedChoiceField):
    """The place of one option. What is wrong is of them all: the summary of errors says which question."""

    def __init__(self, *, pregunta: str, **opciones: Any):
        # Whether it must be answered is asked of all together.
        super().__init__(coerce=int, empty_value=None, required=False, **opciones)
        self.de = pregunta


# --- Each kind of question ----------------------------------------------------------------------
def _nombres(pregunta: Pregunta) -> list[str]:
    if pregunta.tipo == Tipo.ORDEN:
        return [f"p{pregunta.pk}_{opcion.pk}" for opcion in pregunta.opciones.all()]
    return [f"p{pregunta.pk}"]


def _campos_de(pregunta: Pregunta, se_exige: bool) -> dict[str, forms.Field]:
    opciones = list(pregunta.opciones.all())
    pide: dict[str, Any] = {
        "label": pregunta.texto,
        "required": se_exige,
        "error_messages": {"required": OBLIGATORIA, "invalid_choice": "Elija una de las opciones."},
    }
    if pregunta.tipo == Tipo.ORDEN:
        numeros = [("", "N.º"), *((n, str(n)) for n in range(1, len(opciones) + 1))]
        return {
            f"p{pregunta.pk}_{opcion.pk}": PuestoField(
                pregunta=pregunta.texto,
                choices=numeros,
                label=opcion.texto,
                error_messages={"invalid_choice": "Elija uno de los números."},
            )
            for opcion in opciones
        }
    return {f"p{pregunta.pk}": _campo_de(pregunta, opciones, pide)}


def _campo_de(pregunta: Pregunta, opciones: list[Opcion], pide: dict[str, Any]) -> forms.Field:
    elegibles = [(opcion.pk, opcion.texto) for opcion in opciones]
    if pregunta.tipo == Tipo.UNA:
        return forms.TypedChoiceField(
            choices=elegibles, coerce=int, empty_value=None, widget=forms.RadioSelect, **pide
        )
    if pregunta.tipo == Tipo.VARIAS:
        return forms.TypedMultipleChoiceField(
            choices=elegibles, coerce=int, widget=forms.CheckboxSelectMultiple, **pide
        )
    if pregunta.tipo == Tipo.ESCALA:
        numeros = [(n, str(n)) for n in numeros_de(pregunta)]
        return forms.TypedChoiceField(
            choices=numeros, coerce=int, empty_value=None, widget=forms.RadioSelect, **pide
        )
    largo = "Caben %(limit_value)d letras y usted escribió %(show_value)d. Acórtelo un poco."
    pide["error_messages"] = {"required": OBLIGATORIA, "max_length": largo}
    return Parrafos(filas=4, max_length=TEXTO_MAXIMO, **pide)


def _elegidas_de(pregunta: Pregunta, datos: dict[str, Any]) -> list[Elegida]:
    opciones = {opcion.pk: opcion for opcion in pregunta.opciones.all()}
    if pregunta.tipo == Tipo.ORDEN:
        puestos = {opcion: datos.get(f"p{pregunta.pk}_{pk}") for pk, opcion in opciones.items()}
        return [Elegida(pregunta, opcion, valor=puesto) for opcion, puesto in puestos.items() if puesto]
    dicho = datos.get(f"p{pregunta.pk}")
    if dicho in (None, "", []):
        return []
    if pregunta.tipo == Tipo.UNA:
        return [Elegida(pregunta, opciones[dicho])]
    if pregunta.tipo == Tipo.VARIAS:
        return [Elegida(pregunta, opciones[pk]) for pk in dict.fromkeys(dicho)]
    if pregunta.tipo == Tipo.ESCALA:
        return [Elegida(pregunta, valor=dicho)]
    return [Elegida(pregunta, texto=dicho)]
