"""What the desk asks: a small form for each step, the answer, the sub-cases, the counter and the filters."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Case, F, Q, QuerySet, Value, When

from portal.archivos import revisar
from portal.calendario import DiasHabiles
from portal.fechas import con_su_dia
from portal.forms.comunes import FechaInput, LineaDeTexto, Parrafos
from portal.models import Cargo, Dependencia
from ventanilla import terminos
from ventanilla.models import ClaseDeRadicado, Peticionario, Proyecto, Radicado, RespuestaTipo
from ventanilla.models.clase import DE_TRAMITE
from ventanilla.models.radicado import ABIERTOS, CORREN

Estado = Radicado.Estado


def _parrafo(*, filas: int = 3, **campos: Any) -> Parrafos:
    return Parrafos(filas=filas, **campos)


class FechaField(forms.DateField):
    """A day, with the picker of the browser where there is one."""

    def __init__(self, **campos: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=FechaInput(),
            error_messages={"required": "Escriba la fecha.", "invalid": "Escriba una fecha: 15/07/2026."},
            **campos,
        )


class _VariosArchivos(forms.FileInput):
    allow_multiple_selected = True


class ArchivosField(forms.FileField):
    """Files checked by their content: a list of ArchivoRevisado."""

    widget = _VariosArchivos

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [revisar(super(ArchivosField, self).clean(dato)) for dato in data or []]


# --- The steps -----------------------------------------------------------------------------------
class PasoForm(forms.Form):
    """What every step sends besides its own: what the person had read when they decided."""

    #: Fields of the step that go to `dar_paso` as data; `motivo` goes as such.
    DATOS: tuple[str, ...] = ()
    #: Beside which of its fields a refusal of the flow is shown.
    DONDE: str | None = None
    visto = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, radicado: Radicado, visto: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.radicado = radicado
        self.fields["visto"].initial = visto
        self.preparar()

    def preparar(self) -> None:
        """What depends on the radicado."""

    def para_dar(self) -> dict[str, Any]:
        """The arguments of `dar_paso`."""
        datos = {campo: self.cleaned_data[campo] for campo in self.DATOS}
        return datos | {"motivo": self.cleaned_data.get("motivo", "")}


class MotivoForm(PasoForm):
    DONDE = "motivo"
    motivo = _parrafo(label="Por qué", max_length=500, error_messages={"required": "Escriba el motivo."})


class CargoField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.dependencia}: {obj}"


class AsignarForm(PasoForm):
    DATOS, DONDE = ("dependencia", "cargo"), "cargo"
    dependencia = forms.ModelChoiceField(
        Dependencia.objects.filter(activa=True),
        label="Dependencia",
        empty_label="Elija la dependencia",
        error_messages={"required": "Elija la dependencia."},
    )
    cargo = CargoField(
        Cargo.objects.filter(activo=True, dependencia__activa=True)
        .select_related("dependencia")
        .order_by("dependencia__orden", "dependencia__nombre", "orden", "nombre"),
        label="Cargo que lo tramita",
        required=False,
        empty_label="Lo decide quien dirige la dependencia",
    )

    def preparar(self) -> None:
        self.fields["dependencia"].initial = self.radicado.dependencia_id
        self.fields["cargo"].initial = self.radicado.asignado_a_id


class ReasignarForm(AsignarForm):
    motivo = _parrafo(label="Por qué", max_length=500, error_messages={"required": "Escriba el motivo."})


class RequerirForm(PasoForm):
    DATOS, DONDE = ("falta",), "falta"
    falta = _parrafo(
        label="Qué falta",
        filas=4,
        max_length=3000,
        help_text="Se le envía tal como lo escriba. Por ejemplo: la dirección exacta del poste.",
        error_messages={"required": "Escriba qué falta, para que la persona lo entienda."},
    )


class CompletarForm(PasoForm):
    DONDE = "motivo"
    motivo = _parrafo(
        label="Qué entregó la persona",
        max_length=500,
        error_messages={"required": "Escriba qué entregó."},
    )
    archivos = ArchivosField(label="Archivos", required=False, help_text="Cada uno, de máximo 10 MB.")


class ProrrogarForm(PasoForm):
    DATOS, DONDE = ("hasta",), "hasta"
    hasta = FechaField(label="Nueva fecha")
    motivo = _parrafo(
        label="Por qué no se puede responder a tiempo",
        max_length=1000,
        help_text="Se le envía a la persona tal como lo escriba.",
        error_messages={"required": "Escriba el motivo."},
    )


class ConRevisionForm(PasoForm):
    """A step over the answer as it was read: its `revision` is checked again on the locked row."""

    DATOS = ("revision",)
    revision = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Falta la respuesta."}
    )

    def preparar(self) -> None:
        proyecto = getattr(self.radicado, "proyecto", None)
        self.fields["revision"].initial = proyecto.revision if proyecto else None


class TrasladarForm(PasoForm):
    DATOS, DONDE = ("entidad", "texto"), "entidad"
    entidad = LineaDeTexto(
        label="A qué entidad",
        max_length=200,
        help_text="Por ejemplo: Corponor, en Cúcuta.",
        error_messages={"required": "Escriba a qué entidad se traslada."},
    )
    texto = _parrafo(
        label="Qué se le dice a la persona",
        filas=4,
        max_length=3000,
        error_messages={"required": "Escriba qué se le dice a la persona."},
    )


class ReclasificarForm(PasoForm):
    DATOS, DONDE = ("clase",), "clase"
    clase = forms.ModelChoiceField(
        ClaseDeRadicado.objects.filter(activa=True).exclude(codigo=DE_TRAMITE),
        label="Clase que le corresponde",
        empty_label="Elija la clase",
        error_messages={"required": "Elija la clase."},
    )
    motivo = _parrafo(
        label="Por qué",
        max_length=1000,
        help_text="Si cambia la fecha de respuesta, se le envía a la persona.",
        error_messages={"required": "Escriba el motivo."},
    )


def _si_no_consta(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str | None:
    return ""


def _nota_de_requerir(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str | None:
    limite = terminos.limite_para_requerir(radicado, habiles)
    if hoy > radicado.vence or (hoy > limite and radicado.reabierto_en is None):
        return None
    return f"Puede pedirlo hasta el {con_su_dia(limite)}. Mientras la persona completa, el término no corre."


def _nota_de_prorroga(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str | None:
    tope = terminos.tope_de_prorroga(radicado, habiles)
    if tope is None or hoy > radicado.vence:
        return None
    vence, limite = con_su_dia(radicado.vence), con_su_dia(tope)
    return f"Vence el {vence}. La nueva fecha puede ser, a más tardar, el {limite}."


def _nota_de_traslado(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str | None:
    limite = terminos.limite_para_trasladar(radicado, habiles)
    verbo = "venció" if hoy > limite else "vence"
    return f"El plazo para trasladar {verbo} el {con_su_dia(limite)}. Con esto, aquí se cierra el radicado."


def _nota_de_desistimiento(radicado: Any, hoy: date, habiles: DiasHabiles) -> str | None:
    if hoy <= radicado.completar_hasta:
        return None
    return f"La persona podía completar hasta el {con_su_dia(radicado.completar_hasta)} y no lo hizo."


def _nota_de_mas_tiempo(radicado: Any, hoy: date, habiles: DiasHabiles) -> str | None:
    if hoy > radicado.completar_hasta:
        return None
    hasta = terminos.para_completar(radicado, radicado.completar_hasta, habiles)
    return f"Si la persona lo pidió. Tendría hasta el {con_su_dia(hasta)}."


def _nota_de_recalculo(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str | None:
    plazo = terminos.con_el_calendario_de_hoy(radicado, habiles)
    if plazo is None:
        return None
    return (
        f"Se había dicho el {con_su_dia(radicado.vence)}. "
        f"Con el calendario de hoy da el {con_su_dia(plazo.vence)}. "
        "Se le avisa a la persona."
    )


def _nota_de_anulacion(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str | None:
    return (
        f"La pidió {radicado.anulacion_pedida_por}: «{radicado.anulacion_razon}». El número no se reutiliza."
    )


@dataclass(frozen=True)
class Paso:
    """How a step of the flow looks at the desk. `nota` gives what to know before it; None: not now."""

    form: type[PasoForm] = PasoForm
    boton: str = ""
    nota: Any = _si_no_consta
    aparte: bool = False


#: In the order in which they are offered. Those apart are seldom needed.
PASOS = {
    "asignar": Paso(AsignarForm),
    "aceptar": Paso(),
    "firmar_primero": Paso(ConRevisionForm),
    "firmar": Paso(ConRevisionForm),
    "enviar_a_firma": Paso(ConRevisionForm),
    "devolver_proyecto": Paso(MotivoForm),
    "completar": Paso(CompletarForm, "Anotar que completó"),
    "anular": Paso(boton="Anular el radicado", nota=_nota_de_anulacion),
    "negar_anulacion": Paso(MotivoForm),
    "declarar_desistido": Paso(MotivoForm, nota=_nota_de_desistimiento),
    "requerir": Paso(RequerirForm, nota=_nota_de_requerir),
    "devolver": Paso(MotivoForm),
    "recalcular": Paso(MotivoForm, nota=_nota_de_recalculo),
    "prorrogar": Paso(ProrrogarForm, nota=_nota_de_prorroga),
    "dar_mas_tiempo": Paso(MotivoForm, "Dar más tiempo", _nota_de_mas_tiempo),
    "reasignar": Paso(ReasignarForm, aparte=True),
    "trasladar": Paso(TrasladarForm, nota=_nota_de_traslado, aparte=True),
    "reclasificar": Paso(ReclasificarForm, aparte=True),
    "desistir": Paso(MotivoForm, "Anotar que desiste", aparte=True),
    "reabrir": Paso(MotivoForm, aparte=True),
    "pedir_anulacion": Paso(MotivoForm, aparte=True),
}


# --- What is written -----------------------------------------------------------------------------
class MensajeForm(forms.Form):
    clave = forms.UUIDField(widget=forms.HiddenInput)
    texto = _parrafo(
        label="Qué le escribe",
        filas=4,
        max_length=5000,
        help_text="Lo lee quien radicó, con su número y su código.",
        error_messages={"required": "Escriba el mensaje."},
    )
    archivos = ArchivosField(label="Archivos", required=False, help_text="Cada uno, de máximo 10 MB.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clave"].initial = uuid4


class SubcasoForm(forms.Form):
    dependencia = forms.ModelChoiceField(
        Dependencia.objects.filter(activa=True),
        label="A qué dependencia",
        empty_label="Elija la dependencia",
        error_messages={"required": "Elija la dependencia."},
    )
    pregunta = _parrafo(
        label="Qué se le pide", max_length=2000, error_messages={"required": "Escriba qué se le pide."}
    )
    vence = FechaField(label="Para cuándo")


class RespuestaDeSubcasoForm(forms.Form):
    respuesta = _parrafo(
        label="Respuesta, o por qué no le corresponde",
        filas=5,
        max_length=5000,
        error_messages={"required": "Escriba la respuesta."},
    )


class ProyectoForm(forms.ModelForm):
    """The answer. `revision` is the one that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    archivos = ArchivosField(label="Agregar archivos", required=False, help_text="Cada uno, de máximo 10 MB.")
    tipo = forms.ModelChoiceField(
        RespuestaTipo.objects.none(), label="Texto tipo", required=False, empty_label="Elija un texto"
    )

    class Meta:
        model = Proyecto
        fields = ("sentido", "texto", "con_certificado")
        labels = {"texto": "Respuesta", "con_certificado": "Expedir el certificado con la respuesta"}
        widgets = {"texto": forms.Textarea(attrs={"rows": 14})}

    def __init__(
        self, *args: Any, radicado: Radicado, textos: QuerySet[RespuestaTipo], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        tipo: Any = self.fields["tipo"]
        tipo.queryset = textos
        self.fields["revision"].initial = self.instance.revision
        formulario = radicado.formulario
        if formulario is None or not formulario.expide_certificado:
            del self.fields["con_certificado"]

    def campos(self) -> dict[str, Any]:
        """The fields of Proyecto that were typed."""
        return {campo: self.cleaned_data[campo] for campo in self.Meta.fields if campo in self.fields}


#: Where the person wants the answer, as somebody else says it.
DONDE_RESPONDER = [
    (Peticionario.Respuesta.CODIGO, "La consulta en este sitio, con su código"),
    (Peticionario.Respuesta.CORREO, "Por correo electrónico"),
    (Peticionario.Respuesta.DIRECCION, "En su dirección"),
]


class EnPersonaForm(forms.ModelForm):
    """What is filed at the counter, by telephone or from a letter, for whoever asks."""

    clave = forms.UUIDField(widget=forms.HiddenInput)
    medio = forms.ChoiceField(
        label="Cómo llegó",
        choices=[par for par in Radicado.Medio.choices if par[0] != Radicado.Medio.WEB],
        widget=forms.RadioSelect,
        initial=Radicado.Medio.VENTANILLA,
        error_messages={"required": "Diga cómo llegó."},
    )
    clase = forms.ModelChoiceField(
        ClaseDeRadicado.objects.filter(activa=True).exclude(codigo=DE_TRAMITE),
        label="Qué es",
        empty_label="Elija la clase",
        error_messages={"required": "Elija qué es."},
    )
    asunto = LineaDeTexto(
        label="Asunto",
        max_length=200,
        help_text="En una línea. Por ejemplo: luces dañadas del parque.",
        error_messages={"required": "Escriba el asunto."},
    )
    texto = _parrafo(
        label="Qué pide",
        filas=6,
        max_length=10_000,
        help_text="Con las palabras de la persona.",
        error_messages={"required": "Escriba qué pide."},
    )
    archivos = ArchivosField(label="Archivos", required=False, help_text="Cada uno, de máximo 10 MB.")
    anonimo = forms.BooleanField(label="No quiere dar su nombre", required=False)
    consiente = forms.BooleanField(
        label="La persona autorizó el uso de sus datos",
        required=False,
        help_text="Léale el texto que está abajo y márquelo solo si aceptó.",
    )
    #: Needed, although a person without name leaves them as they are.
    SE_PIDEN = ("nombre", "respuesta")
    DE_LO_QUE_PIDE = ("medio", "clase", "asunto", "texto", "archivos")
    DE_QUIEN = ("anonimo", "tipo", "nombre", "documento_tipo", "documento", "en_nombre_de")
    DE_LA_RESPUESTA = ("respuesta", "correo", "telefono", "direccion", "barrio", "municipio", "consiente")

    class Meta:
        model = Peticionario
        fields = (
            *("tipo", "nombre", "documento_tipo", "documento", "en_nombre_de"),
            *("respuesta", "correo", "telefono", "direccion", "barrio", "municipio"),
        )
        labels = {"nombre": "Nombre completo o razón social"}
        help_texts = {"en_nombre_de": "Si quien viene lo hace por otra persona: el nombre de esa persona."}
        error_messages = {"nombre": {"required": "Escriba el nombre, o marque que no quiere darlo."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clave"].initial = uuid4
        self.fields["nombre"].required = False
        respuesta: Any = self.fields["respuesta"]
        respuesta.initial, respuesta.choices = Peticionario.Respuesta.CODIGO, DONDE_RESPONDER
        respuesta.required = False

    def grupos(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as they are asked, in three parts. Two look optional and are not."""
        partes = (
            ("Qué pide", self.DE_LO_QUE_PIDE),
            ("Quién lo pide", self.DE_QUIEN),
            ("Dónde se le responde", self.DE_LA_RESPUESTA),
        )
        return [(titulo, [self[campo] for campo in campos]) for titulo, campos in partes]

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        clase = datos.get("clase")
        if datos.get("anonimo"):
            if clase and not clase.admite_anonima:
                self.add_error("anonimo", f"«{clase}» se presenta con nombre.")
        elif not datos.get("nombre") and "nombre" not in self.errors:
            self.add_error("nombre", "Escriba el nombre, o marque que no quiere darlo.")
        return datos

    def _post_clean(self) -> None:
        """Nobody's data are checked when there is nobody; and where to answer is told beside its field."""
        if self.cleaned_data.get("anonimo"):
            return
        datos = self.cleaned_data
        for medio, campo, aviso in (
            ("correo", "correo", "Escriba el correo al que se le responde."),
            ("direccion", "direccion", "Escriba la dirección en que se le responde."),
        ):
            if datos.get("respuesta") == medio and not datos.get(campo) and campo not in self.errors:
                self.add_error(campo, aviso)
        if not self.errors:
            super()._post_clean()

    def persona(self) -> dict[str, Any] | None:
        """The fields of Peticionario, or None when the name was not given."""
        if self.cleaned_data["anonimo"]:
            return None
        persona = {campo: self.cleaned_data[campo] for campo in self.Meta.fields}
        return persona | {"respuesta": persona["respuesta"] or Peticionario.Respuesta.CODIGO}


# --- The list ------------------------------------------------------------------------------------
class FiltroForm(forms.Form):
    """How the list is narrowed. All optional, all in the address; what is not valid does not filter."""

    ABIERTOS = "abiertos"
    SEMAFOROS = (
        ("a-tiempo", "A tiempo"),
        ("por-vencer", "Por vencer"),
        ("vencido", "Vencidos"),
        ("muy-vencido", "Muy vencidos"),
        ("espera", "Esperan a la persona"),
    )

    q = forms.CharField(label="Número o palabras del asunto", required=False, max_length=100)
    estado = forms.ChoiceField(
        label="Estado",
        choices=[("", "Todos"), (ABIERTOS, "Sin responder"), *Estado.choices],
        required=False,
    )
    semaforo = forms.ChoiceField(label="Término", choices=[("", "Todos"), *SEMAFOROS], required=False)
    clase = forms.ModelChoiceField(
        ClaseDeRadicado.objects.all(),
        label="Clase",
        required=False,
        empty_label="Todas",
        to_field_name="codigo",
    )
    dependencia = forms.ModelChoiceField(
        Dependencia.objects.all(),
        label="A cargo de",
        required=False,
        empty_label="Todas",
        to_field_name="slug",
    )
    medio = forms.ChoiceField(
        label="Por dónde llegó", choices=[("", "Todos"), *Radicado.Medio.choices], required=False
    )

    def acota(self) -> bool:
        return any(self.cleaned_data.values())

    def filtrar(
        self, radicados: QuerySet[Radicado], legibles: Q, hoy: date, habiles: DiasHabiles
    ) -> QuerySet[Radicado]:
        """Those asked for. `legibles` are the ones whose kind and words the person may know."""
        datos = self.cleaned_data
        if q := datos.get("q", "").strip():
            radicados = _con_palabras(radicados, q, legibles)
        if estado := datos.get("estado"):
            cuales = ABIERTOS if estado == self.ABIERTOS else [estado]
            radicados = radicados.filter(estado__in=cuales)
        if clase := datos.get("clase"):
            radicados = radicados.filter(legibles, clase=clase)
        for campo in ("dependencia", "medio"):
            if valor := datos.get(campo):
                radicados = radicados.filter(**{campo: valor})
        if nivel := datos.get("semaforo"):
            radicados = radicados.filter(_de_nivel(nivel, hoy, habiles))
        return radicados


def _con_palabras(radicados: Any, q: str, legibles: Q) -> QuerySet[Radicado]:
    numero = q.upper()
    if con_numero := radicados.con_numero(numero if numero.endswith("-E") else f"{numero}-E"):
        return con_numero
    if q.isascii() and q.isdigit() and len(q) <= 6:
        return radicados.filter(asiento__consecutivo=int(q))
    for palabra in q.split():
        radicados = radicados.filter(legibles, asunto__unaccent__icontains=palabra)
    return radicados


def _de_nivel(nivel: str, hoy: date, habiles: DiasHabiles) -> Q:
    """As `terminos.semaforo` says it, for PostgreSQL."""
    if nivel == "espera":
        return Q(estado=Estado.REQUIERE_COMPLETAR)
    corre = Q(estado__in=CORREN)
    if nivel == "a-tiempo":
        return corre & Q(vence__gt=hoy, vence_interno__gt=hoy)
    if nivel == "por-vencer":
        return corre & Q(vence__gte=hoy) & (Q(vence_interno__lte=hoy) | Q(vence=hoy))
    limite = _muy_vencido_hasta(hoy, habiles)
    if nivel == "muy-vencido":
        return corre & Q(vence__lte=limite)
    return corre & Q(vence__lt=hoy, vence__gt=limite)


def _muy_vencido_hasta(hoy: date, habiles: DiasHabiles) -> date:
    """The last due date that is very late today."""
    dia, pasados = hoy, 0
    while pasados <= terminos.MUY_VENCIDO:
        pasados += habiles.es_habil(dia)
        dia -= timedelta(days=1)
    return dia


def en_orden(radicados: QuerySet[Radicado]) -> QuerySet[Radicado]:
    """Open ones first, by the day that is awaited; then the others, the last filed first."""
    cuando = Case(
        When(estado=Estado.REQUIERE_COMPLETAR, then=F("completar_hasta")),
        When(estado__in=ABIERTOS, then=F("vence")),
        default=Value(None),
    )
    return radicados.order_by(cuando.asc(nulls_last=True), "-asiento")
