"""The forms with which people write, send, return, authorise and withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.html import format_html
from django_prose_editor.widgets import AdminProseEditorWidget

from portal.admin.permisos import OrdenField
from portal.forms.comunes import FechaInput
from portal.models import Adjunto, PeriodoDeGobierno, Publicacion, Version
from portal.models.canal import Tipo
from portal.models.version import POSIBLES, Foco
from portal.redaccion.comparacion import CampoComparado, comparar_datos

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
#: What a text must have to be sent, as `Version.campos_que_faltan` asks for it (a test holds both together).
NECESARIO = "necesario para enviar"
NECESARIOS: dict[str, str] = dict.fromkeys(
    (
        *("titulo", "resumen", "cuerpo", "norma_tipo", "norma_fecha"),
        *("evento_inicio", "evento_fin", "lugar", "enlace"),
    ),
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
#: What is said under each field: an example teaches more than a rule.
_AYUDAS: dict[str, str] = {
    "titulo": "Diga lo principal. Por ejemplo: Jornada de actualización del SISBEN.",
    "resumen": "Una frase para los listados y el buscador. Por ejemplo: El jueves 3 de diciembre, de 8 a. m. "
    "a 12 m., en el salón comunal.",
    "cuerpo": "Empiece por lo que la gente necesita saber. Por ejemplo: El jueves no hay agua en La Unión, "
    "de 8 a. m. a 12 m. Recoja agua la noche anterior.",
    "norma_tipo": "Por ejemplo: Decreto.",
    "norma_numero": "Por ejemplo: 012.",
    "norma_fecha": "El día en que se firmó. Por ejemplo: 14/03/2026.",
    "evento_inicio": "Por ejemplo: 03/12/2026, 8:00 a. m.",
    "evento_fin": "Por ejemplo: 03/12/2026, 12:00 m.",
    "lugar": "Por ejemplo: salón comunal de La Unión.",
    "enlace": "Completa. Por ejemplo: https://www.gov.co",
    "cambio_menor": "Ortografía o formato. Queda registrada, pero no cuenta como actualización.",
    "nota_de_cambio": "El público la lee al final de la página. Por ejemplo: Se corrigió el horario.",
}
_AYUDAS_DEL_TIPO: dict[str, dict[str, str]] = {
    Tipo.PREGUNTA: {
        "titulo": "Como la haría un vecino. Por ejemplo: ¿Dónde pago el impuesto predial?",
        "resumen": "La respuesta en una frase. Por ejemplo: En la Tesorería, hasta el 30 de abril.",
        "cuerpo": "La respuesta completa, por pasos. Por ejemplo: 1. Lleve el recibo. 2. Pague en caja.",
    },
    Tipo.TERMINO: {
        "titulo": "Una palabra o sigla. Por ejemplo: SISBEN.",
        "resumen": "Lo que significa, en una frase. Por ejemplo: Encuesta que ordena los hogares.",
        "cuerpo": "Explíquelo como a un vecino. Por ejemplo: Sirve para saber qué hogares reciben subsidios.",
    },
    Tipo.DOCUMENTO: {
        "titulo": "Lo que ordena o informa. Por ejemplo: Horario de atención en diciembre.",
        "cuerpo": "Qué decide y a quién toca. El documento firmado va abajo, en los archivos. "
        "Por ejemplo: Desde el 1 de diciembre la alcaldía atiende de 7 a. m. a 3 p. m.",
    },
    Tipo.EVENTO: {"titulo": "Por ejemplo: Brigada de salud en La Unión."},
    Tipo.ALBUM: {
        "titulo": "Por ejemplo: Fiestas patronales de 2026.",
        "cuerpo": "Opcional. Por ejemplo: Así vivimos las fiestas del 8 de diciembre.",
    },
    Tipo.ENLACE: {
        "titulo": "El nombre del otro sitio. Por ejemplo: Gobernación de Norte de Santander.",
        "resumen": "Qué se hace allí. Por ejemplo: Pago del impuesto de vehículos.",
    },
    Tipo.PAGINA: {"titulo": "El tema. Por ejemplo: Historia de Puerto Santander."},
}


def necesarios_de(tipo: str) -> dict[str, str]:
    """Of each field that a text of that kind must have to be sent, the note that goes beside its label."""
    notas = NECESARIOS | {"cuerpo": _SIN_CUERPO.get(tipo, NECESARIO)}
    return {campo: notas[campo] for campo in campos_de(tipo, es_cambio=False) if notas.get(campo)}


def campos_de(tipo: str, *, es_cambio: bool) -> tuple[str, ...]:
    """The fewest fields a kind needs; what changed is asked only when there was something before."""
    del_cambio = ("cambio_menor", "nota_de_cambio") if es_cambio else ()
    return ("titulo", "resumen", *_DEL_TIPO.get(Tipo(tipo), ()), "cuerpo", *del_cambio)


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
        for campo, ayuda in (_AYUDAS | _AYUDAS_DEL_TIPO.get(tipo, {})).items():
            if campo in self.fields:
                self.fields[campo].help_text = ayuda
        for campo, nota in necesarios_de(tipo).items():
            self.fields[campo].label_suffix = format_html(': <small class="necesario">{}</small>', nota)

    #: Set by the admin on a subclass for each request.
    tipo: str = Tipo.NOTICIA
    #: The fields in which what was typed and what another person saved differ.
    choque: Sequence[CampoComparado] = ()

    def clean(self):
        """What was typed, unless somebody saved meanwhile: then both texts are shown and nothing is saved."""
        datos = super().clean()
        if not self.instance.pk:
            return datos
        if datos.get("revision") != self.instance.revision:
            self._mostrar_los_dos(datos)
        for campo in self._del_contenido():
            if f"guardado-{campo}" in self.data:
                datos[campo] = self.initial[campo]
        return datos

    def _del_contenido(self) -> list[str]:
        return [campo for campo in Version.CONTENIDO if campo in self.fields]

    def lo_que_cambia(self) -> bool:
        """Whether what was typed, read already, is not what is stored."""
        con_error = {*self.errors} - {NON_FIELD_ERRORS}
        return bool(con_error or self._comparados(self.cleaned_data))

    def _comparados(self, datos: dict) -> list[CampoComparado]:
        guardado = {campo: self.initial[campo] for campo in self._del_contenido()}
        return [campo for campo in comparar_datos(guardado, guardado | datos) if campo.cambio]

    def _mostrar_los_dos(self, datos: dict) -> None:
        """Refuse when some field differs. What is stored now becomes what is being answered to."""
        self.choque = self._comparados(datos)
        datos["revision"] = self.instance.revision
        self.data = self.data.copy()
        self.data[self.add_prefix("revision")] = str(self.instance.revision)
        if self.choque:
            self.add_error(
                None,
                f"{self.instance.editada_por} guardó cambios en este texto mientras usted escribía. "
                "Lo que usted escribió sigue aquí, sin guardar. Mire los dos textos, elija en cada parte "
                "cuál queda y guarde de nuevo. Lo que no elija también se conserva: está en "
                "«Guardados anteriores».",
            )

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


class FocoField(forms.ChoiceField):
    """Where the subject is. Nobody needs to think of it: empty is the middle."""

    def to_python(self, value):
        return super().to_python(value) or Foco.CENTRO

    def has_changed(self, initial, data):
        return super().has_changed(initial or Foco.CENTRO, data or Foco.CENTRO)


#: What is said of a file: each person saves only what they changed of it.
_DE_UN_ARCHIVO = ("titulo", "alt", "foco", "orden")


class AdjuntoForm(forms.ModelForm):
    """A file of a draft, checked by its content. The page sends also what it said before it was changed."""

    archivo = forms.FileField(
        label="Archivo",
        widget=AdminFileWidget,
        help_text="PDF, ODT, DOCX, XLSX, ODS, CSV, JPG, PNG o WebP. Máximo 10 MB.",
    )
    titulo = forms.CharField(label="Título", max_length=200, required=False)
    foco = FocoField(
        label="Lo importante está",
        choices=Foco,
        initial=Foco.CENTRO,
        required=False,
        help_text="Solo para imágenes: qué parte se conserva cuando se recorta.",
    )
    orden = OrdenField(
        label="Orden", required=False, min_value=0, help_text="Primero salen los números menores."
    )

    class Meta:
        model = Adjunto
        fields = ("archivo", "titulo", "alt", "foco", "orden")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["archivo"] = ArchivoActual(self.instance.nombre, self.instance.get_absolute_url())
            for campo in _DE_UN_ARCHIVO:
                self.fields[campo].show_hidden_initial = True

    def clean(self):
        datos = super().clean()
        if self.instance.pk:
            self._no_pisar(datos)
        if "archivo" in self.changed_data and datos.get("archivo"):
            try:
                self.instance.recibir(datos["archivo"])
            except ValidationError as error:
                self.add_error("archivo", error)
        if not datos.get("titulo") and self.instance.nombre:
            datos["titulo"] = self.instance.nombre.rpartition(".")[0]
        return datos

    def _no_pisar(self, datos: dict) -> None:
        """What was not touched stays as it is stored; what another changed too is shown before it goes."""
        for campo in _DE_UN_ARCHIVO:
            partida = self[campo].html_initial_name
            if campo not in datos or partida not in self.data:
                continue
            guardado = getattr(self.instance, campo)
            if campo not in self.changed_data:
                datos[campo] = guardado
            elif self.data[partida] != str(guardado) and datos[campo] != guardado:
                dice = self.instance.get_foco_display() if campo == "foco" else guardado
                self.add_error(
                    campo,
                    f"Otra persona lo cambió mientras usted escribía: ahora dice «{dice}». "
                    "Si guarda de nuevo, queda lo que usted escribió.",
                )
                self.data = self.data.copy()
                self.data[partida] = str(guardado)

    def _post_clean(self):
        """The file is already on the instance, checked and renamed: it is not set again."""
        self.cleaned_data.pop("archivo", None)
        super()._post_clean()


class AdjuntosFormSet(forms.BaseInlineFormSet):
    """The files of a draft. One that somebody else took away meanwhile does not hold the rest."""

    def _should_delete_form(self, form):
        ya_no_esta = form in self.initial_forms and form.instance.pk is None
        if ya_no_esta and form.add_prefix("archivo") not in form.files:
            return True
        return super()._should_delete_form(form)


#: The kinds of withdrawal that a person may choose: the system keeps one for itself.
CLASES_DE_RETIRO = [
    ("", "Elija…"),
    *(clase for clase in Publicacion.Retiro.choices if clase[0] != Publicacion.Retiro.SIN_REVISAR),
]


class PasoForm(forms.Form):
    """What a step needs to be told: a reason, a moment, a kind of withdrawal, or nothing."""

    huella = forms.CharField(widget=forms.HiddenInput, required=False)
    motivo = forms.CharField(label="Motivo", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    confirmo = forms.BooleanField(
        label="Sí, esos datos personales deben publicarse",
        required=False,
        help_text="Queda escrito que usted lo confirmó.",
    )
    para = MomentoField(label="Publicar el", required=False)
    clase = forms.ChoiceField(label="Clase de retiro", required=False, choices=CLASES_DE_RETIRO)
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

    politica = forms.TypedChoiceField(
        label="¿Habla de la gestión de un gobierno?",
        required=False,
        choices=[("", "Como su canal"), ("si", "Sí"), ("no", "No")],
        coerce=lambda elegido: elegido == "si",
        empty_value=None,
    )
    periodo = forms.ModelChoiceField(
        PeriodoDeGobierno.objects.all(),
        label="Periodo de gobierno",
        required=False,
        empty_label="El del día en que se publicó",
        help_text="Cámbielo si salió justo después de un cambio de gobierno y es del anterior.",
    )

    PIDEN = {
        "programar": ("para",),
        "retirar": ("clase", "motivo", "unificada_con"),
        "cambiar_direccion": ("slug",),
        "fijar_ruta": ("ruta",),
        "rotular": ("politica", "periodo"),
    }

    def __init__(self, data=None, *, nombre: str, pide_motivo=False, pide_confirmar=False, initial=None):
        super().__init__(data, auto_id=f"paso-{nombre}-%s", initial=initial)
        self.nombre = nombre
        visibles = set(self.PIDEN.get(nombre, ("motivo",) if pide_motivo else ()))
        if pide_confirmar and nombre == "enviar":
            visibles.add("confirmo")
        for campo in set(self.fields) - visibles - {"huella"}:
            del self.fields[campo]
        if "motivo" in self.fields:
            self.fields["motivo"].required = True

    @staticmethod
    def de_la_publicacion(publicacion: Publicacion) -> dict[str, object]:
        """What those fields say of it today."""
        politica = {None: "", True: "si", False: "no"}[publicacion.politica]
        return {"ruta": publicacion.ruta_fija, "politica": politica, "periodo": publicacion.periodo_id}

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

    def con_lo_de_ahora(self, huella: str) -> None:
        """Once refused, what is sent next is about the text that is on the screen now."""
        self.data = self.data.copy()
        self.data["huella"] = huella

    def datos(self) -> dict[str, object]:
        """The arguments of the service of the step; the hash only where it was asked."""
        return {campo: valor for campo, valor in self.cleaned_data.items() if campo != "huella"}
