"""The forms with which people write, send, return, authorise and withdraw."""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django_prose_editor.widgets import AdminProseEditorWidget

from portal.admin.permisos import OrdenField
from portal.models import Adjunto, Publicacion, Version
from portal.models.canal import Tipo
from portal.models.version import POSIBLES

#: What the editor offers: exactly what `portal.saneado` lets through.
EXTENSIONES = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Link": {"enableTarget": False},
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Subscript": True,
    "Superscript": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
_DEL_TIPO = {
    Tipo.DOCUMENTO: ("norma_tipo", "norma_numero", "norma_fecha"),
    Tipo.EVENTO: ("evento_inicio", "evento_fin", "lugar"),
    Tipo.ENLACE: ("enlace",),
}
#: What a text must have to be sent, as `Version.faltas` asks for it (a test holds both together).
NECESARIO = "necesario para enviar"
NECESARIOS: dict[str, str] = {"titulo": "necesario"} | dict.fromkeys(
    ("resumen", "cuerpo", "norma_tipo", "norma_fecha", "evento_inicio", "evento_fin", "lugar", "enlace"),
    NECESARIO,
)
#: Kinds that may go without a body, and what is said of it then.
_SIN_CUERPO: dict[str, str] = {
    Tipo.DOCUMENTO: f"{NECESARIO} si no hay archivo",
    Tipo.EVENTO: "",
    Tipo.ENLACE: "",
    Tipo.ALBUM: "",
}
_TITULOS: dict[str, str] = {Tipo.PREGUNTA: "pregunta", Tipo.TERMINO: "término"}
_CUERPOS: dict[str, str] = {Tipo.PREGUNTA: "respuesta", Tipo.TERMINO: "qué significa"}


def necesarios_de(tipo: str) -> dict[str, str]:
    """Of each field that a text of that kind must have to be sent, the note that goes beside its label."""
    notas = NECESARIOS | {"cuerpo": _SIN_CUERPO.get(tipo, NECESARIO)}
    return {campo: notas[campo] for campo in campos_de(tipo, es_cambio=False) if notas.get(campo)}


def campos_de(tipo: str, *, es_cambio: bool) -> tuple[str, ...]:
    """The fewest fields a kind needs; what changed is asked only when there was something before."""
    del_cambio = ("cambio_menor", "nota_de_cambio") if es_cambio else ()
    return ("titulo", "resumen", *_DEL_TIPO.get(Tipo(tipo), ()), "cuerpo", *del_cambio)


class FechaInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class MomentoInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class MomentoField(forms.DateTimeField):
    widget = MomentoInput
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

    def __init__(self, **kwargs):
        super().__init__(input_formats=self.input_formats, **kwargs)

    def clean(self, value):
        momento = super().clean(value)
        if momento and not POSIBLES[0] <= momento < POSIBLES[1]:
            raise ValidationError("Revise el año: no es posible.")
        return momento


class VersionForm(forms.ModelForm):
    """A draft. `revision` is the one its writer opened: saving over somebody else's work is refused."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    clave = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    evento_inicio = MomentoField(label="Empieza", required=False)
    evento_fin = MomentoField(label="Termina", required=False)

    class Meta:
        model = Version
        fields = Version.CONTENIDO
        widgets = {
            "titulo": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "resumen": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "cuerpo": AdminProseEditorWidget(config={"extensions": EXTENSIONES}, preset="configurable"),
            "norma_fecha": FechaInput(),
            "nota_de_cambio": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tipo = self.tipo
        self.initial["revision"] = self.instance.revision
        if tipo in _TITULOS:
            self.fields["titulo"].label = _TITULOS[tipo].capitalize()
            self.fields["cuerpo"].label = _CUERPOS[tipo].capitalize()
        for campo, nota in necesarios_de(tipo).items():
            self.fields[campo].label_suffix = format_html(': <small class="necesario">{}</small>', nota)

    #: Set by the admin on a subclass for each request.
    tipo: str = Tipo.NOTICIA

    def clean(self):
        datos = super().clean()
        if self.instance.pk and datos.get("revision") != self.instance.revision:
            # What is stored now becomes what is being answered to, so that a second save wins knowingly.
            self.data = self.data.copy()
            self.data[self.add_prefix("revision")] = str(self.instance.revision)
            self.add_error(
                None,
                f"{self.instance.editada_por} guardó cambios en este texto mientras usted "
                "escribía. Lo que usted escribió sigue aquí abajo, sin guardar. Compárelo con lo "
                "guardado; si vuelve a guardar, reemplaza lo de la otra persona.",
            )
        return datos

    def contenido(self) -> dict[str, object]:
        """The content that was typed, ready for a service."""
        return {c: v for c, v in self.cleaned_data.items() if c in Version.CONTENIDO}


@dataclass(frozen=True)
class ArchivoActual:
    """What a file field says of the file it already has: a name for people and an address that opens."""

    nombre: str
    url: str

    def __str__(self):
        return self.nombre


class AdjuntoForm(forms.ModelForm):
    """A file of a draft, checked by its content."""

    archivo = forms.FileField(
        label="Archivo",
        widget=AdminFileWidget,
        help_text="PDF, ODT, DOCX, XLSX, ODS, CSV, JPG, PNG o WebP. Máximo 10 MB.",
    )
    titulo = forms.CharField(label="Título", max_length=200, required=False)
    orden = OrdenField(
        label="Orden", required=False, min_value=0, help_text="Primero salen los números menores."
    )

    class Meta:
        model = Adjunto
        fields = ("archivo", "titulo", "alt", "orden")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["archivo"] = ArchivoActual(self.instance.nombre, self.instance.get_absolute_url())

    def clean(self):
        datos = super().clean()
        if "archivo" in self.changed_data and datos.get("archivo"):
            try:
                self.instance.recibir(datos["archivo"])
            except ValidationError as error:
                self.add_error("archivo", error)
        if not datos.get("titulo") and self.instance.nombre:
            datos["titulo"] = self.instance.nombre.rpartition(".")[0]
        return datos

    def _post_clean(self):
        """The file is already on the instance, checked and renamed: it is not set again."""
        self.cleaned_data.pop("archivo", None)
        super()._post_clean()


class PasoForm(forms.Form):
    """What a step needs to be told: a reason, a moment, a kind of withdrawal, or nothing."""

    huella = forms.CharField(widget=forms.HiddenInput, required=False)
    motivo = forms.CharField(label="Motivo", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    para = MomentoField(label="Publicar el", required=False)
    clase = forms.ChoiceField(
        label="Clase de retiro", required=False, choices=[("", "Elija…"), *Publicacion.Retiro.choices]
    )
    unificada_con = forms.CharField(
        label="Dirección de la otra publicación (solo si se unificó)",
        required=False,
        help_text="Por ejemplo: /canales/noticias/corte-de-agua/",
    )
    slug = forms.CharField(
        label="Nueva dirección", required=False, max_length=120, help_text="Por ejemplo: corte-de-agua"
    )
    ruta = forms.CharField(
        label="Dirección fija",
        required=False,
        max_length=100,
        help_text="/soporte/ o /politicas/nombre/. Vacía: se quita.",
    )

    PIDEN = {
        "programar": ("para",),
        "retirar": ("clase", "motivo", "unificada_con"),
        "cambiar_direccion": ("slug",),
        "fijar_ruta": ("ruta",),
    }

    def __init__(self, data=None, *, nombre: str, pide_motivo: bool = False, initial=None):
        super().__init__(data, auto_id=f"paso-{nombre}-%s", initial=initial)
        self.nombre = nombre
        visibles = set(self.PIDEN.get(nombre, ("motivo",) if pide_motivo else ()))
        for campo in set(self.fields) - visibles - {"huella"}:
            del self.fields[campo]
        if "motivo" in self.fields:
            self.fields["motivo"].required = True

    def clean_unificada_con(self):
        """The publication at that address."""
        direccion = self.cleaned_data["unificada_con"].strip()
        if not direccion:
            return None
        partes = [parte for parte in direccion.split("/") if parte]
        hallada = None
        if len(partes) >= 2:
            hallada = Publicacion.objects.filter(canal__slug=partes[-2], slug=partes[-1]).first()
        if hallada is None:
            raise ValidationError("No hay ninguna publicación en esa dirección.")
        return hallada

    def datos(self) -> dict[str, object]:
        """The arguments of the service of the step; the hash only where it was asked."""
        return {campo: valor for campo, valor in self.cleaned_data.items() if campo != "huella"}
