"""The forms of the SUIT user: the inventory, the hoja de vida and its parts, and what a step asks."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from portal.admin.formularios import ArchivoActual
from portal.admin.permisos import OrdenField
from portal.archivos import revisar
from portal.forms.comunes import FechaInput
from portal.models import Dependencia
from portal.saneado import sin_controles
from tramites.completitud import ADMITEN_RAZON, ADMITEN_RAZON_EN_ACCION
from tramites.models import (
    Accion,
    Audiencia,
    Fundamento,
    HojaDeVida,
    Momento,
    PuntoDeAtencion,
    Tematica,
    Tramite,
)

LARGO_DE_UNA_RAZON = 300
#: Gaps of `tramites.completitud` that are not called like the field that answers them.
CAMPO_DEL_PUNTO = {"tiempo": "tiempo_cantidad"}
_PUNTO_DEL_CAMPO = {campo: punto for punto, campo in CAMPO_DEL_PUNTO.items()}
Tipo = Accion.Tipo
_DE_TODA_ACCION = ("tipo", "descripcion", "nota")
_DEL_TIPO: dict[str, tuple[str, ...]] = {
    Tipo.DOCUMENTO: ("originales", "copias"),
    Tipo.FORMULARIO: ("enlace",),
    Tipo.PAGO: (
        *("valor_tipo", "formula", "forma_de_calculo", "entidad_recaudadora"),
        *("cuenta_tipo", "cuenta_numero", "cuenta_nombre", "codigo_recaudo", "enlace"),
    ),
    Tipo.CONDICION: (),
    Tipo.SOLICITUD: ("canal", "enlace"),
}
_EXCEPCION = ("es_excepcion", "excepcion_cuando")


def campos_de_accion(tipo: str) -> tuple[str, ...]:
    """The fields of the model that an action of that kind has."""
    return (*_DE_TODA_ACCION, *_DEL_TIPO[tipo], *_EXCEPCION)


class LineasField(forms.CharField):
    """A list that people write one thing a line, without repeating."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, largo: int, **kwargs):
        super().__init__(**kwargs)
        self.largo = largo

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        lineas = (" ".join(sin_controles(linea).split()) for linea in super().to_python(value).splitlines())
        return list(dict.fromkeys(filter(None, lineas)))

    def validate(self, value):
        super().validate(value)
        for linea in value:
            if len(linea) > self.largo:
                raise ValidationError(
                    f"«{linea[:40]}…» tiene {len(linea)} letras; el máximo es {self.largo}."
                )

    def run_validators(self, value):
        """Those of a text do not apply to a list."""

    def has_changed(self, initial, data) -> bool:
        return (initial or []) != self.to_python(data)


class AudienciasField(forms.ModelMultipleChoiceField):
    """The groups of the SUIT form, each followed by what is inside it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        en_orden = Audiencia.objects.select_related("grupo").order_by(
            Coalesce("grupo__orden", "orden"),
            Coalesce("grupo__nombre", "nombre"),
            F("grupo").asc(nulls_first=True),
            "orden",
            "nombre",
        )
        super().__init__(en_orden, required=False, **kwargs)

    def label_from_instance(self, audiencia) -> str:
        return rotulo_de_audiencia(audiencia)


def rotulo_de_audiencia(audiencia: Audiencia) -> str:
    return f"{audiencia.grupo}: {audiencia}" if audiencia.grupo else str(audiencia)


def _casillas(opciones, **kwargs) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=opciones, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class NumeroInput(forms.TextInput):
    """A number box throws away what is not a number; here it stays, to be corrected."""

    def __init__(self):
        super().__init__(attrs={"inputmode": "numeric"})


def _a_la_mano(form: forms.Form) -> None:
    """Numbers are typed as text, and the empty choice of a list is said and not drawn with dashes."""
    for campo in form.fields.values():
        if isinstance(campo, forms.IntegerField):
            campo.widget = NumeroInput()
        if type(campo.widget) is not forms.Select:
            continue
        if isinstance(campo, forms.ModelChoiceField):
            campo.empty_label = "Elija…"
        else:
            campo.choices = [(valor, rotulo if valor else "Elija…") for valor, rotulo in campo.choices]


class ConRazones(forms.ModelForm):
    """Beside each field that admits it, the reason why it does not apply. Either of them, never both."""

    admiten: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _a_la_mano(self)
        for punto in self.admiten:
            self.fields[f"razon_{punto}"] = forms.CharField(
                label="No aplica, porque", required=False, max_length=LARGO_DE_UNA_RAZON
            )
            self.initial[f"razon_{punto}"] = self.instance.no_aplica.get(punto, "")

    def razon_de(self, campo: str):
        """The box for the reason of that field, or None."""
        nombre = f"razon_{_PUNTO_DEL_CAMPO.get(campo, campo)}"
        return self[nombre] if nombre in self.fields else None

    def razones(self) -> dict[str, str]:
        """What goes in `no_aplica`."""
        escritas = {p: sin_controles(self.cleaned_data.get(f"razon_{p}", "")).strip() for p in self.admiten}
        return {punto: razon for punto, razon in escritas.items() if razon}

    def responde(self, punto: str) -> bool:
        """Whether the form brings the datum itself."""
        return bool(self.cleaned_data.get(CAMPO_DEL_PUNTO.get(punto, punto)))

    def clean(self):
        datos = super().clean()
        for punto in self.razones():
            if self.responde(punto):
                self.add_error(
                    f"razon_{punto}", "Escriba el dato o la razón por la que no aplica, no las dos cosas."
                )
        return datos


class HojaForm(ConRazones):
    """What the hoja de vida says of itself. Everything may be left for later; its parts have their forms."""

    admiten = ADMITEN_RAZON
    opcionales = (
        *("nombre_estandarizado", "tiempo_observaciones", "fecha_calendario", "url_manual"),
        *("seguimiento_detalle", "informacion_adicional", "nota_de_cambio", "archivo"),
    )
    #: Section of `tramites.comparacion` → fields, in the order of the SUIT form.
    SECCIONES = {
        "descripcion": (
            *("nombre", "nombre_estandarizado", "palabras_clave", "tematica", "dependencia", "descripcion"),
            *("resultado", "vigencia_unidad", "vigencia_cantidad", "medios_entrega"),
        ),
        "ejecucion": (
            *("tiempo_inmediato", "tiempo_cantidad", "tiempo_unidad", "tiempo_observaciones"),
            *("fecha_cualquiera", "fecha_limites", "fecha_calendario", "puntos"),
            *("grado", "url_en_linea", "url_manual"),
        ),
        "dirigido": ("audiencias",),
        "seguimiento": ("seguimiento", "seguimiento_detalle"),
        "adicional": ("informacion_adicional",),
        "cambio": ("nota_de_cambio", "acto_soporte", "archivo"),
    }

    palabras_clave = LineasField(
        label="También se conoce como",
        largo=60,
        required=False,
        help_text="Una por línea, con las palabras de la gente. Por ejemplo: impuesto de la casa.",
    )
    medios_entrega = _casillas(HojaDeVida.Medio.choices, label="Cómo se recibe el resultado")
    fecha_cualquiera = forms.TypedChoiceField(
        label="Se puede hacer en cualquier fecha",
        choices=[("True", "Sí"), ("False", "No, solo en algunas fechas")],
        coerce=lambda valor: valor == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    puntos = forms.ModelMultipleChoiceField(
        PuntoDeAtencion.objects.none(),
        label="Puntos de atención",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    grado = forms.ChoiceField(
        label="¿Se hace en línea?",
        choices=HojaDeVida.Grado.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    audiencias = AudienciasField(label="A quién va dirigido")
    seguimiento = _casillas(HojaDeVida.Medio.choices, label="Cómo se le hace seguimiento")
    archivo = forms.FileField(
        label="Archivo del acto", required=False, help_text="PDF, ODT, DOCX o una imagen. Máximo 10 MB."
    )

    class Meta:
        model = HojaDeVida
        fields = (
            *("nombre", "nombre_estandarizado", "palabras_clave", "tematica", "dependencia", "descripcion"),
            *("resultado", "vigencia_unidad", "vigencia_cantidad", "medios_entrega"),
            *("tiempo_inmediato", "tiempo_cantidad", "tiempo_unidad", "tiempo_observaciones"),
            *("fecha_cualquiera", "fecha_limites", "fecha_calendario", "puntos"),
            *("grado", "url_en_linea", "url_manual", "audiencias"),
            *("seguimiento", "seguimiento_detalle", "informacion_adicional"),
            *("nota_de_cambio", "acto_soporte"),
        )
        labels = {"vigencia_unidad": "¿El resultado vence?", "vigencia_cantidad": "¿A los cuántos?"}
        widgets = {
            "descripcion": forms.Textarea(attrs={"rows": 3}),
            "informacion_adicional": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hoja = self.instance
        for nombre in set(self.fields) - {"dependencia"}:
            self.fields[nombre].required = False
        self.fields["puntos"].queryset = PuntoDeAtencion.objects.filter(
            Q(activo=True) | Q(pk__in=[punto.pk for punto in hoja.puntos.all()])
        )
        self.fields["dependencia"].empty_label = None
        self.fields["dependencia"].queryset = Dependencia.objects.filter(
            Q(activa=True) | Q(pk=hoja.dependencia_id)
        )
        self.fields["tematica"].queryset = Tematica.objects.all()
        if hoja.acto_soporte_archivo:
            url = reverse("admin:tramites_tramite_acto", args=[hoja.tramite_id, hoja.numero])
            self.initial["archivo"] = ArchivoActual("el que ya se subió", url)

    def responde(self, punto: str) -> bool:
        if punto == "tiempo" and self.cleaned_data.get("tiempo_inmediato"):
            return True
        return super().responde(punto)

    def clean_archivo(self):
        """The file, checked by its content. None: the one there is stays. False: it is taken away."""
        if "archivo" not in self.changed_data:
            return None
        subido = self.cleaned_data["archivo"]
        return revisar(subido) if subido else False

    def escribir_en(self, hoja: HojaDeVida) -> None:
        """Put what was typed in the locked row of the hoja."""
        datos = self.cleaned_data
        for campo in self.Meta.fields:
            if campo in {"puntos", "audiencias"}:
                getattr(hoja, campo).set(datos[campo])
            else:
                setattr(hoja, campo, getattr(self.instance, campo))
        hoja.no_aplica = self.razones()
        archivo = datos["archivo"]
        if archivo is not None:
            hoja.acto_soporte_archivo = archivo.a_guardar() if archivo else ""
            hoja.acto_soporte_sha256 = archivo.sha256 if archivo else ""


class NormaForm(forms.ModelForm):
    opcionales = ("articulos", "nombre", "enlace", "vigente_hasta")

    class Meta:
        model = Fundamento
        fields = ("tipo", "numero", "anio", "articulos", "nombre", "enlace", "vigente_hasta")
        widgets = {"vigente_hasta": FechaInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _a_la_mano(self)

    def _post_clean(self):
        """A norm that lapsed after it was cited is told as a gap, and does not keep one from saving."""
        super()._post_clean()
        if "vigente_hasta" not in self.changed_data:
            self._errors.pop("vigente_hasta", None)


class MomentoForm(forms.ModelForm):
    opcionales = ()

    class Meta:
        model = Momento
        fields = ("descripcion",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["descripcion"].required = False


class AccionForm(ConRazones):
    """An action with only the fields of the kind it was shown with; its kind may change on saving."""

    admiten: tuple[str, ...] = ADMITEN_RAZON_EN_ACCION
    opcionales = (
        *("nota", "forma_de_calculo", "cuenta_tipo", "cuenta_numero", "cuenta_nombre"),
        *("codigo_recaudo", "enlace", "para"),
    )
    norma = forms.ChoiceField(label="Norma que lo exige", required=False)
    para = _casillas([], label="Solo para", help_text="Sin marcar ninguna, es para todas las personas.")
    originales = OrdenField(label="Originales", required=False, min_value=0)
    copias = OrdenField(label="Copias", required=False, min_value=0)
    mostrada = forms.ChoiceField(choices=Tipo.choices, widget=forms.HiddenInput, required=False)

    class Meta:
        model = Accion
        fields = campos_de_accion(Tipo.PAGO) + _DEL_TIPO[Tipo.DOCUMENTO] + ("canal",)
        widgets = {"forma_de_calculo": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, normas=(), audiencias: dict[str, tuple[str, bool]] | None = None, **kwargs):
        """`normas` are the choices of the norm that requires it; `audiencias`, the labels by key."""
        super().__init__(*args, **kwargs)
        accion, mostrada = self.instance, self.data.get(self.add_prefix("mostrada"))
        self.clase = mostrada if mostrada in Tipo.values else accion.tipo or Tipo.DOCUMENTO
        propios = campos_de_accion(self.clase)
        for nombre in set(self.Meta.fields) - set(propios):
            del self.fields[nombre]
        if self.clase not in Accion.REQUISITOS:
            del self.fields["norma"]
        else:
            self.fields["norma"].choices = [("", "Elija la norma…"), *normas]
            self.initial["norma"] = str(accion.fundamento_id or "")
        for punto in ADMITEN_RAZON_EN_ACCION:
            if not self._admite(punto):
                del self.fields[f"razon_{punto}"]
        self.admiten = tuple(p for p in self.admiten if f"razon_{p}" in self.fields)
        self.initial["mostrada"] = self.clase
        self.initial["para"] = [str(a.pk) for a in accion.audiencias.all()] if accion.pk else []
        self._ofrecer(audiencias or {})

    def _admite(self, punto: str) -> bool:
        if punto == "fundamento":
            return "norma" in self.fields
        return punto in self.fields and (punto != "enlace" or self.clase == Tipo.FORMULARIO)

    def _ofrecer(self, audiencias: dict[str, tuple[str, bool]]) -> None:
        """Those of the hoja, and those this action already had or brings."""
        elegidas = self.initial["para"]
        if self.is_bound:
            elegidas = [*elegidas, *self.data.getlist(self.add_prefix("para"))]
        self.fields["para"].choices = [
            (clave, rotulo)
            for clave, (rotulo, ofrecida) in audiencias.items()
            if ofrecida or clave in elegidas
        ]

    def razon_de(self, campo: str):
        return super().razon_de("fundamento" if campo == "norma" else campo)

    def responde(self, punto: str) -> bool:
        return super().responde("norma" if punto == "fundamento" else punto)

    def _post_clean(self):
        """What belongs to another kind does not stay behind, unseen."""
        nuevo = self.cleaned_data.get("tipo", self.clase)
        if nuevo not in Accion.REQUISITOS:
            self.cleaned_data.pop("norma", None)
        for nombre in set(self.Meta.fields) - set(campos_de_accion(nuevo)):
            self.cleaned_data.pop(nombre, None)
            setattr(self.instance, nombre, Accion._meta.get_field(nombre).get_default())
        super()._post_clean()
        self.instance.no_aplica = self.razones()

    def _get_validation_exclusions(self):
        """Without its kind the one constraint of the model is not asked: `_post_clean` keeps it.

        Asking would cost three queries for each action.
        """
        return super()._get_validation_exclusions() | {"tipo"}


class PasoDeTramiteForm(forms.Form):
    """What a step asks: a reason, the number of the SUIT, or nothing. `huella` is what the person read."""

    huella = forms.CharField(widget=forms.HiddenInput, required=False)
    motivo = forms.CharField(label="Motivo", widget=forms.Textarea(attrs={"rows": 3}))
    numero_suit = forms.CharField(
        label="Número que asignó el SUIT",
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Solo cifras, como aparece en el SUIT. No se inventa.",
    )

    def __init__(self, data=None, *, nombre: str, pide_motivo: bool, initial=None):
        super().__init__(data, auto_id=f"paso-{nombre}-%s", initial=initial)
        self.nombre = nombre
        if not pide_motivo:
            del self.fields["motivo"]
        if nombre != "inscribir":
            del self.fields["numero_suit"]


class TramiteForm(forms.ModelForm):
    """A trámite of the inventory. What is written of it is in its hoja de vida."""

    previos = forms.ModelMultipleChoiceField(
        Tramite.objects.none(),
        label="Trámites que van antes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Los que la persona debe haber hecho para poder pedir este.",
    )

    class Meta:
        model = Tramite
        fields = (
            *("codigo", "nombre", "tipo", "dependencia", "palabra"),
            *("automatizacion", "automatizacion_razon", "previos"),
        )

    #: Fixed once somebody starts to write its hoja de vida.
    DEL_INVENTARIO = ("codigo", "nombre", "tipo", "dependencia")

    def __init__(self, *args, dependencias, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.estado != Tramite.Estado.SIN_GESTION:
            for nombre in self.DEL_INVENTARIO:
                del self.fields[nombre]
        else:
            self.fields["dependencia"].queryset = dependencias
            self.fields["dependencia"].empty_label = None
        self.fields["previos"].queryset = Tramite.objects.identificados().exclude(pk=self.instance.pk)

    def clean_palabra(self):
        """Empty is none: two trámites without a short word do not clash."""
        return self.cleaned_data["palabra"] or None

    def clean(self):
        datos = super().clean()
        decidida = datos.get("automatizacion") != Tramite.Automatizacion.POR_DECIDIR
        if decidida and not datos.get("automatizacion_razon"):
            self.add_error("automatizacion_razon", "Escriba en una frase por qué se decidió así.")
        return datos
