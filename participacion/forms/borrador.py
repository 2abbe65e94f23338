"""Writing a consulta without JavaScript: sending the form adds, moves and takes away its questions."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from participacion.models import Consulta, Pregunta
from participacion.services import DE_LA_PREGUNTA, resultado_por_defecto
from portal.forms.comunes import FechaInput, LineaDeTexto, Parrafos, anio_posible
from portal.models import Canal

PREGUNTAS_MAXIMAS, OPCIONES_MAXIMAS = 20, 20
Tipo = Pregunta.Tipo
_HORA = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class ConsultaForm(forms.Form):
    """What is asked, to whom and until when. `nueva`: also where and of what kind, which never changes."""

    CAMPOS_NUEVOS = ("clase", "canal", "clave")

    clave = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    clase = forms.ChoiceField(label="Qué es", choices=Consulta.Clase)
    canal = forms.ModelChoiceField(Canal.objects.none(), label="Canal", empty_label=None)
    titulo = LineaDeTexto(label="Título", max_length=150)
    resumen = Parrafos(
        label="Para qué se pregunta", max_length=600, filas=3, help_text="Dos o tres frases cortas."
    )
    texto = Parrafos(
        label="Texto que se consulta",
        max_length=60_000,
        required=False,
        filas=10,
        help_text="El proyecto de norma o la propuesta, completo.",
    )
    a_quien = LineaDeTexto(
        label="A quién va dirigida",
        max_length=200,
        required=False,
        help_text="Por ejemplo: quienes viven en el barrio Centro.",
    )
    responden = forms.ChoiceField(label="Quién puede responder", choices=Consulta.Responden)
    abre_dia = forms.DateField(label="Día en que abre", widget=FechaInput, validators=[anio_posible])
    abre_hora = forms.TimeField(label="Hora en que abre", widget=_HORA, initial=time(8))
    cierra_dia = forms.DateField(label="Último día", widget=FechaInput, validators=[anio_posible])
    cierra_hora = forms.TimeField(label="Hora en que cierra", widget=_HORA, initial=time(18))
    resultado_hasta = forms.DateField(
        label="El resultado se publica a más tardar",
        widget=FechaInput,
        required=False,
        validators=[anio_posible],
        help_text="Si lo deja en blanco, ocho semanas después de cerrar. Es una regla de la alcaldía.",
    )

    def __init__(self, *args: Any, canales=None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if canales is None:
            for campo in self.CAMPOS_NUEVOS:
                del self.fields[campo]
            return
        self.fields["canal"].queryset = canales
        self.fields["clave"].initial = uuid4

    @staticmethod
    def inicial(consulta: Consulta) -> dict[str, Any]:
        """What the form shows of a stored draft."""
        abre, cierra = timezone.localtime(consulta.abre_en), timezone.localtime(consulta.cierra_en)
        return {
            **{campo: getattr(consulta, campo) for campo in ("titulo", "resumen", "texto", "a_quien")},
            "responden": consulta.responden,
            "abre_dia": abre.date(),
            "abre_hora": abre.time(),
            "cierra_dia": cierra.date(),
            "cierra_hora": cierra.time(),
            "resultado_hasta": consulta.resultado_hasta,
            "revision": consulta.revision,
        }

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        abre, cierra = self._momento("abre"), self._momento("cierra")
        if abre and cierra and cierra <= abre:
            self.add_error("cierra_dia", "La consulta no puede cerrar antes de abrir.")
        hasta = datos.get("resultado_hasta")
        if hasta and cierra and hasta < timezone.localdate(cierra):
            self.add_error("resultado_hasta", "El resultado se publica después de cerrar.")
        return datos

    def _momento(self, cual: str) -> datetime | None:
        dia, hora = self.cleaned_data.get(f"{cual}_dia"), self.cleaned_data.get(f"{cual}_hora")
        return timezone.make_aware(datetime.combine(dia, hora)) if dia and hora else None

    def contenido(self) -> dict[str, Any]:
        """The fields of the Consulta. Call after `is_valid()`."""
        datos = self.cleaned_data
        contenido = {campo: datos[campo] for campo in ("titulo", "resumen", "texto", "a_quien", "responden")}
        abre, cierra = self._momento("abre"), self._momento("cierra")
        hasta = datos["resultado_hasta"] or resultado_por_defecto(cierra)
        return contenido | {"abre_en": abre, "cierra_en": cierra, "resultado_hasta": hasta}


class PreguntaForm(forms.Form):
    """A question. Its options go one a line: they are added, moved and taken away by writing."""

    tipo = forms.ChoiceField(label="Cómo se responde", choices=Tipo)
    texto = LineaDeTexto(label="Pregunta", max_length=300)
    ayuda = LineaDeTexto(label="Explicación", max_length=300, required=False)
    obligatoria = forms.BooleanField(label="Hay que responderla", required=False, initial=True)
    opciones = Parrafos(
        label="Opciones, una en cada línea",
        max_length=5000,
        required=False,
        filas=5,
        help_text="Para «Una respuesta», «Varias respuestas» y «Poner en orden».",
    )
    minimo = forms.IntegerField(label="La escala va desde", min_value=0, max_value=10, required=False)
    maximo = forms.IntegerField(
        label="Hasta",
        min_value=1,
        max_value=20,
        required=False,
        help_text="De la escala. En «Varias respuestas», cuántas se pueden marcar como máximo.",
    )
    rotulo_minimo = LineaDeTexto(label="Qué significa el menor", max_length=60, required=False)
    rotulo_maximo = LineaDeTexto(label="Qué significa el mayor", max_length=60, required=False)

    def clean_opciones(self) -> list[str]:
        lineas = [linea for cruda in self.cleaned_data["opciones"].split("\n") if (linea := cruda.strip())]
        if len(lineas) > OPCIONES_MAXIMAS:
            raise forms.ValidationError(f"Son demasiadas opciones: escriba como máximo {OPCIONES_MAXIMAS}.")
        if any(len(linea) > 200 for linea in lineas):
            raise forms.ValidationError("Una opción es demasiado larga: use menos de 200 letras.")
        if len(set(lineas)) < len(lineas):
            raise forms.ValidationError("Hay una opción repetida.")
        return lineas

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or self.cleaned_data
        tipo, opciones = datos.get("tipo"), datos.get("opciones")
        if tipo in Pregunta.CON_OPCIONES and opciones is not None and len(opciones) < 2:
            self.add_error("opciones", "Escriba al menos dos opciones, una en cada línea.")
        if tipo == Tipo.ESCALA:
            minimo, maximo = datos.get("minimo"), datos.get("maximo")
            if not (1 if minimo is None else minimo) < (5 if maximo is None else maximo) <= 10:
                self.add_error("maximo", "La escala termina en un número mayor que el primero, hasta 10.")
        return datos

    def contenido(self) -> dict[str, Any]:
        """The question, without what its kind does not use. Call after `is_valid()`."""
        datos = self.cleaned_data | {}
        tipo = datos["tipo"]
        if tipo not in Pregunta.CON_OPCIONES:
            datos["opciones"] = []
        if tipo == Tipo.ESCALA:
            datos["minimo"] = 1 if datos["minimo"] is None else datos["minimo"]
            datos["maximo"] = 5 if datos["maximo"] is None else datos["maximo"]
        else:
            datos |= {"minimo": None, "rotulo_minimo": "", "rotulo_maximo": ""}
            datos["maximo"] = datos["maximo"] if tipo == Tipo.VARIAS else None
        return datos


class PreguntasEnBorrador:
    """The forms of the questions, in order, and what the buttons beside them do."""

    def __init__(self, forms_: list[PreguntaForm]) -> None:
        self.forms = forms_

    @classmethod
    def de(cls, consulta: Consulta) -> "PreguntasEnBorrador":
        """Those that are stored. Two queries."""
        return cls(_sin_enviar([_inicial(p) for p in consulta.preguntas.prefetch_related("opciones")]))

    @classmethod
    def enviadas(cls, enviado: Mapping[str, str]) -> "PreguntasEnBorrador":
        """Those that came in the form, however many fields of each."""
        texto = enviado.get("cuantas", "")
        cuantas = min(int(texto), PREGUNTAS_MAXIMAS) if _es_corto(texto) else 0
        return cls([PreguntaForm(enviado, prefix=f"p{n}") for n in range(cuantas)])

    def is_valid(self) -> bool:
        return not [form for form in self.forms if not form.is_valid()]  # each says what is wrong

    def contenido(self) -> list[dict[str, Any]]:
        return [form.contenido() for form in self.forms]

    def con(self, accion: str) -> tuple["PreguntasEnBorrador", int | None]:
        """As they are after a button, nothing lost and nothing saved, and the place that it left to write in.

        `accion` is «agregar», «subir-2», «bajar-2» or «quitar-2»; anything else changes nothing.
        """
        datos = [escrito(form) for form in self.forms]
        verbo, _guion, cual = accion.partition("-")
        n = int(cual) if _es_corto(cual) and int(cual) < len(datos) else None
        if verbo == "agregar" and len(datos) < PREGUNTAS_MAXIMAS:
            datos.append({"obligatoria": True})
            return type(self)(_sin_enviar(datos)), len(datos) - 1
        if n is not None and verbo == "quitar":
            del datos[n]
            n = min(n, len(datos) - 1) if datos else None
        elif n is not None and verbo in {"subir", "bajar"}:
            destino = n + (1 if verbo == "bajar" else -1)
            if 0 <= destino < len(datos):
                datos[n], datos[destino] = datos[destino], datos[n]
                n = destino
        return type(self)(_sin_enviar(datos)), n


def _es_corto(numero: str) -> bool:
    """Whether it is a number that can be one of ours: Python refuses to read those of thousands of digits."""
    return numero.isdecimal() and len(numero) <= 3


def _sin_enviar(datos: list[dict[str, Any]]) -> list[PreguntaForm]:
    return [PreguntaForm(initial=uno, prefix=f"p{n}") for n, uno in enumerate(datos)]


def _inicial(pregunta: Pregunta) -> dict[str, Any]:
    return {campo: getattr(pregunta, campo) for campo in DE_LA_PREGUNTA} | {
        "opciones": "\n".join(opcion.texto for opcion in pregunta.opciones.all())
    }


def escrito(form: forms.Form) -> dict[str, Any]:
    """What was typed in it, good or not."""
    return {
        nombre: campo.widget.value_from_datadict(form.data, form.files, form.add_prefix(nombre))
        for nombre, campo in form.fields.items()
    }


class MotivoForm(forms.Form):
    """The reason of a step that asks for one."""

    motivo = Parrafos(label="Motivo", max_length=500, filas=3)


class TandaForm(forms.Form):
    """How many sheets or codes to print. The same form is attended once."""

    clave = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    cuantas = forms.IntegerField(label="Cuántas", min_value=1, initial=20)

    def __init__(self, *args: Any, maximo: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cuantas"] = forms.IntegerField(
            label=f"Cuántas (hasta {maximo})", min_value=1, max_value=maximo, initial=20
        )


class NumeroForm(forms.Form):
    """The number printed on a sheet."""

    numero = forms.IntegerField(label="Número de la hoja", min_value=1, max_value=999_999)
