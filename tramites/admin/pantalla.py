"""How a hoja de vida is shown to whoever writes it: each field with what it lacks and what is to confirm."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.text import capfirst

from tramites.admin.editor import Editor, Parte
from tramites.admin.formularios import CAMPO_DEL_PUNTO, ConRazones, HojaForm, campos_de_accion
from tramites.comparacion import SECCIONES
from tramites.completitud import medir
from tramites.models import Fundamento, Tramite

#: Part of `Tramite.por_confirmar` → the field it is told beside, or its section; the rest go on top.
DONDE_SE_CONFIRMA = {
    "nombre": "nombre",
    "dependencia": "dependencia",
    "descripcion": "descripcion",
    "tiempo": "tiempo_cantidad",
    "entrega": "medios_entrega",
    "grado": "grado",
    "seguimiento": "seguimiento",
    "fundamento": "fundamento",
    "requisitos": "necesita",
    "momentos": "necesita",
    "costo": "necesita",
}
#: How each part is called on the screen.
PARTES = {
    "nombre": "el nombre",
    "tipo": "el tipo",
    "dependencia": "la dependencia",
    "descripcion": "en qué consiste",
    "requisitos": "los requisitos",
    "momentos": "los momentos",
    "costo": "el costo",
    "tiempo": "el tiempo de respuesta",
    "entrega": "cómo se recibe el resultado",
    "seguimiento": "el seguimiento",
    "grado": "si se hace en línea",
    "fundamento": "el fundamento legal",
    "otro": "otro dato",
}
_DE_LA_EXCEPCION = ("es_excepcion", "excepcion_cuando")


@dataclass(frozen=True)
class PorConfirmar:
    """Something of a trámite that nobody has answered for yet."""

    parte: str
    nota: str

    @property
    def que(self) -> str:
        return PARTES.get(self.parte, self.parte)


def por_confirmar(tramite: Tramite, donde: str | None = None) -> list[PorConfirmar]:
    """What waits to be confirmed beside that field or section («arriba» is neither); all of it without."""
    return [
        PorConfirmar(parte, str(nota))
        for parte, nota in sorted(tramite.por_confirmar.items())
        if donde is None or DONDE_SE_CONFIRMA.get(parte, "arriba") == donde
    ]


def ancla_de_lo_confirmado(parte: str) -> str:
    """The id of the place where that part is told."""
    donde = DONDE_SE_CONFIRMA.get(parte, "arriba")
    return f"campo-{donde}" if donde in HojaForm.base_fields else f"seccion-{donde}"


@dataclass
class Renglon:
    """A field on the screen: its control, what it lacks, the reason it may carry and what to confirm."""

    campo: BoundField
    opcional: bool = False
    falta: str = ""
    razon: BoundField | None = None
    por_confirmar: list[PorConfirmar] = field(default_factory=list)


@dataclass
class ParteEnPantalla:
    """A norm, a momento or an action with its fields, and those of its actions."""

    parte: Parte
    renglones: list[Renglon]
    acciones: list["ParteEnPantalla"] = field(default_factory=list)

    @property
    def abierta(self) -> bool:
        """Whether there is something to do in it; otherwise it is shown folded."""
        return bool(self.parte.form.errors or any(r.falta for r in self.renglones))


@dataclass
class SeccionEnPantalla:
    clave: str
    titulo: str
    renglones: list[Renglon]
    falta: str
    razon: BoundField | None
    por_confirmar: list[PorConfirmar]


class Pantalla:
    """An Editor as its template shows it.

    Gaps are those of what is saved: while there is something to correct in what was typed, errors go first.
    """

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.tramite = editor.hoja.tramite
        # Validating a form changes its row, so what was saved is measured before.
        self.medida = None if editor.form.is_bound else medir(editor.hoja)

    # --- What is wrong and what is missing ------------------------------------------------------
    @property
    def errores(self) -> list[tuple[str, str]]:
        """Each error, with its place, and the control it is about."""
        return [
            (f"{lugar}{_rotulo(form[campo])} {error}", id_de(form[campo]))
            if campo in form.fields
            else (f"{lugar}{error}", "seccion-descripcion")
            for lugar, form in self.editor.formularios
            for campo, errores in form.errors.items()
            for error in errores
        ]

    @property
    def vacios(self) -> list[tuple[str, str]]:
        """Every gap in the order of the form, with the control where it is answered."""
        puntos = self.medida.vacios if self.medida else []
        return [(punto.falta, self._donde(punto.campo)[1]) for punto in puntos]

    @cached_property
    def _faltas(self) -> dict[str, str]:
        """What each field or section lacks."""
        puntos = reversed(self.medida.vacios) if self.medida else []
        return {self._donde(punto.campo)[0]: punto.falta for punto in puntos}

    def _donde(self, punto: str) -> tuple[str, str]:
        """The field or section that answers a point of `completitud`, and the id of its control."""
        if punto == "fundamentos":
            return "seccion-fundamento", "agregar-norma"
        if punto == "momentos":
            return "seccion-necesita", "agregar-momento"
        campo = self._campo(punto)
        return campo.html_name, id_de(campo)

    def _campo(self, punto: str) -> BoundField:
        clase, *resto = punto.split("-")
        if clase == "fundamento":
            norma = self.editor.normas[int(resto[0]) - 1]
            return norma.form[_campo_que_falta(norma.fila)]
        if clase != "momento":
            return self.editor.form[CAMPO_DEL_PUNTO.get(punto, punto)]
        momento = self.editor.momentos[int(resto[0]) - 1]
        if len(resto) == 1:
            return momento.form["descripcion"]
        campo = "norma" if resto[3] == "fundamento" else resto[3]
        return momento.acciones[int(resto[2]) - 1].form[campo]

    # --- Sections, parts and fields -------------------------------------------------------------
    @property
    def arriba(self) -> list[PorConfirmar]:
        return por_confirmar(self.tramite, "arriba")

    @property
    def secciones(self) -> list[SeccionEnPantalla]:
        """In the order of the official form. What changed is asked only when there was something before."""
        return [
            SeccionEnPantalla(
                clave,
                titulo,
                self._renglones(self.editor.form, HojaForm.SECCIONES.get(clave, ())),
                self._faltas.get(f"seccion-{clave}", ""),
                self.editor.form.razon_de("fundamentos") if clave == "fundamento" else None,
                por_confirmar(self.tramite, clave),
            )
            for clave, titulo in SECCIONES.items()
            if clave != "cambio" or self.es_cambio
        ]

    @property
    def es_cambio(self) -> bool:
        return bool(self.tramite.hoja_publica_id or self.tramite.inscrito_en)

    @property
    def normas(self) -> list[ParteEnPantalla]:
        return [self._parte(norma) for norma in self.editor.normas]

    @property
    def momentos(self) -> list[ParteEnPantalla]:
        return [self._parte(momento) for momento in self.editor.momentos]

    def _parte(self, parte: Parte) -> ParteEnPantalla:
        campos = parte.form.Meta.fields
        if parte.clase == "accion":
            del_tipo = campos_de_accion(parte.form.clase)
            propios = [campo for campo in del_tipo if campo not in _DE_LA_EXCEPCION]
            norma = ["norma"] if "norma" in parte.form.fields else []
            campos = [*propios, *norma, "para", *_DE_LA_EXCEPCION]
        acciones = [self._parte(accion) for accion in parte.acciones]
        return ParteEnPantalla(parte, self._renglones(parte.form, campos), acciones)

    def _renglones(self, form: Any, campos) -> list[Renglon]:
        renglones = []
        for nombre in campos:
            campo = form[nombre]
            falta = self._faltas.get(campo.html_name, "")
            razon = form.razon_de(nombre) if isinstance(form, ConRazones) else None
            _describir(campo, falta)
            pendientes = por_confirmar(self.tramite, nombre) if form is self.editor.form else []
            opcional = nombre in form.opcionales and not razon
            renglones.append(Renglon(campo, opcional, falta, razon, pendientes))
        return renglones


_EN_GRUPO = (forms.CheckboxSelectMultiple, forms.RadioSelect)


def id_de(campo: BoundField) -> str:
    """The id of the control of a field; of a group of boxes, of the first one."""
    if isinstance(campo.field.widget, _EN_GRUPO) and campo.field.choices:
        return f"{campo.auto_id}_0"
    return campo.auto_id


def _rotulo(campo: BoundField) -> str:
    rotulo = str(capfirst(campo.label))
    return rotulo if rotulo.endswith("?") else f"{rotulo}:"


def _describir(campo: BoundField, falta: str) -> None:
    """Tie what a field lacks to its control, for whoever hears the page."""
    partes = [
        f"{campo.auto_id}_{que}"
        for que, hay in (("helptext", campo.help_text), ("error", campo.errors), ("falta", falta))
        if hay
    ]
    if partes:
        campo.field.widget.attrs["aria-describedby"] = " ".join(partes)


def _campo_que_falta(norma: Fundamento) -> str:
    if norma.vencido(timezone.localdate()):
        return "vigente_hasta"
    return "nombre" if norma.tipo == Fundamento.Tipo.DOCUMENTO else "numero"
