"""Which pages a draft goes through, in order, and what it still lacks. It only reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.utils.html import strip_tags
from django.utils.text import capfirst

from ventanilla.forms import PersonaForm, PeticionForm, formulario_de
from ventanilla.forms.campos import enviado_con
from ventanilla.models import Anexo, Borrador, Campo, Peticionario

#: Names of the pages in addresses, and of what each leaves in `Borrador.datos`.
QUE_PIDE, ANEXOS, SUS_DATOS, DOCUMENTOS, REVISAR = (
    *("que-pide", "anexos", "sus-datos", "documentos", "revisar"),
)
PREGUNTAS = "preguntas"
#: Why an optional document does not come, as it is kept → as it is read.
EXCUSAS = {"no_aplica": "No me aplica", "otro_formato": "Lo tengo en otro formato y lo llevo a la ventanilla"}


@dataclass(frozen=True)
class Paso:
    """A page. `campos`: the questions of the form that it asks."""

    slug: str
    titulo: str
    campos: tuple[Campo, ...] = ()


@dataclass(frozen=True)
class Falta:
    paso: Paso
    que: str


@dataclass
class Documento:
    """A requisito or a question whose answer is a file, with what was uploaded for it."""

    clave: str
    nombre: str
    ayuda: str = ""
    obligatorio: bool = True
    cuando: str = ""
    excusa: str = ""
    anexos: list[Anexo] = field(default_factory=list)

    @property
    def falta(self) -> bool:
        return self.obligatorio and not self.anexos

    @property
    def excusa_dicha(self) -> str:
        return EXCUSAS.get(self.excusa, "")


class Recorrido:
    """The way of one draft. At most two queries: its questions and its files."""

    def __init__(self, borrador: Borrador) -> None:
        self.borrador = borrador

    # --- What it has -----------------------------------------------------------------------------
    @cached_property
    def anexos(self) -> list[Anexo]:
        return list(self.borrador.anexos.all())

    @cached_property
    def campos(self) -> list[Campo]:
        """The questions that the person answers."""
        if self.borrador.formulario_id is None:
            return []
        return list(
            Campo.objects.filter(
                formulario=self.borrador.formulario_id, responde=Campo.Responde.PERSONA
            ).order_by("orden", "pk")
        )

    @cached_property
    def aplican(self) -> list[Campo]:
        """Those that what was answered before them calls for."""
        guardado = self.borrador.datos.get(PREGUNTAS, {})
        dicho: dict[str, str] = {}
        aplican = []
        for campo in self.campos:
            if not campo.si_campo or dicho.get(campo.si_campo) == campo.si_valor:
                aplican.append(campo)
                dicho[campo.codigo] = str(guardado.get(campo.codigo, ""))
        return aplican

    @cached_property
    def respuestas(self) -> dict[str, Any]:
        """Code → answer, of the questions that apply."""
        guardado = self.borrador.datos.get(PREGUNTAS, {})
        return {c.codigo: guardado[c.codigo] for c in self.aplican if c.codigo in guardado}

    @cached_property
    def documentos(self) -> list[Documento]:
        """What is uploaded for an online trámite: its requisitos and the questions that ask for a file."""
        if self.borrador.formulario is None:
            return []
        documentos = [
            Documento(
                clave=requisito["clave"],
                nombre=requisito["descripcion"],
                ayuda=requisito.get("nota", ""),
                obligatorio=requisito["obligatorio"],
                cuando=requisito.get("cuando", ""),
            )
            for requisito in self.borrador.formulario.requisitos
        ]
        documentos += [
            Documento(campo.codigo, campo.etiqueta, campo.ayuda, campo.obligatorio)
            for campo in self.aplican
            if campo.tipo == Campo.Tipo.ARCHIVO
        ]
        excusas = self.borrador.datos.get(DOCUMENTOS, {})
        for documento in documentos:
            documento.excusa = excusas.get(documento.clave, "")
            documento.anexos = [a for a in self.anexos if a.requisito == documento.clave]
        return documentos

    @property
    def anexos_de_mas(self) -> list[Anexo]:
        """Those that answer no requisito."""
        claves = {documento.clave for documento in self.documentos}
        return [anexo for anexo in self.anexos if anexo.requisito not in claves]

    # --- Its pages -------------------------------------------------------------------------------
    @cached_property
    def pasos(self) -> list[Paso]:
        borrador = self.borrador
        pasos = [] if borrador.anonimo else [Paso(SUS_DATOS, "Sus datos")]
        if borrador.formulario is not None:
            pasos += self._pasos_de_preguntas()
            if self.documentos:
                pasos.append(Paso(DOCUMENTOS, "Los documentos"))
        else:
            de_la_peticion = [Paso(QUE_PIDE, "Qué pide")]
            if ANEXOS in borrador.datos or self.anexos:
                de_la_peticion.append(Paso(ANEXOS, "Sus archivos"))
            pasos = de_la_peticion + pasos
        return [*pasos, Paso(REVISAR, "Revise y radique")]

    def _pasos_de_preguntas(self) -> list[Paso]:
        return [
            Paso(f"{PREGUNTAS}-{n}", titulo, suyos)
            for n, (titulo, campos) in enumerate(paginas_de(self.campos), 1)
            if (suyos := tuple(campo for campo in campos if campo in self.aplican))
        ]

    def paso(self, slug: str) -> Paso | None:
        """That page, if this draft goes through it. The one of files is there for whoever asks for it."""
        if slug == ANEXOS and self.borrador.formulario is None:
            return Paso(ANEXOS, "Sus archivos")
        return next((paso for paso in self.pasos if paso.slug == slug), None)

    def despues_de(self, paso: Paso) -> Paso:
        """The next page; of one that it does not go through any more, the first that lacks something."""
        if paso not in self.pasos:
            return self.pendiente
        lugar = self.pasos.index(paso)
        return self.pasos[min(lugar + 1, len(self.pasos) - 1)]

    def antes_de(self, paso: Paso) -> Paso | None:
        lugar = self.pasos.index(paso) if paso in self.pasos else 1
        return self.pasos[lugar - 1] if lugar else None

    @property
    def pendiente(self) -> Paso:
        """The first page that lacks something, or the last one."""
        return self.faltas[0].paso if self.faltas else self.pasos[-1]

    # --- What it lacks ---------------------------------------------------------------------------
    def formulario(self, paso: Paso, datos: Any = None) -> forms.BaseForm:
        """The form of a page: with what was sent, or with what it holds."""
        guardado = self.borrador.datos.get(paso.slug, {})
        if paso.campos:
            return formulario_de(paso.campos, datos, guardado=self.respuestas)
        clase = PeticionForm if paso.slug == QUE_PIDE else PersonaForm
        return clase(datos, initial=guardado)

    @cached_property
    def faltas(self) -> list[Falta]:
        """Everything that must be there and is not, in the order of the pages."""
        return [falta for paso in self.pasos for falta in self._faltas_de(paso)]

    def _faltas_de(self, paso: Paso) -> Iterable[Falta]:
        if paso.slug in {QUE_PIDE, SUS_DATOS} or paso.campos:
            errores = self.formulario(paso, self._como_enviado(paso)).errors
            if errores and self._sin_empezar(paso):
                yield Falta(paso, f"Falta responder la página «{paso.titulo}».")
                return
            form = self.formulario(paso)
            for nombre, suyos in errores.items():
                yield Falta(paso, f"{strip_tags(str(form[nombre].label))}: {suyos[0]}")
        elif paso.slug == DOCUMENTOS:
            for documento in self.documentos:
                if documento.falta:
                    yield Falta(paso, f"Falta el archivo: {documento.nombre}.")

    def _como_enviado(self, paso: Paso) -> dict[str, Any]:
        if paso.campos:
            return enviado_con(paso.campos, self.respuestas)
        return self.borrador.datos.get(paso.slug, {})

    def _sin_empezar(self, paso: Paso) -> bool:
        if paso.campos:
            return not any(campo.codigo in self.respuestas for campo in paso.campos)
        return paso.slug not in self.borrador.datos

    @property
    def falta_consentimiento(self) -> bool:
        return not self.borrador.anonimo and self.borrador.consentimiento_id is None

    # --- To read it again ------------------------------------------------------------------------
    @cached_property
    def resumen(self) -> list[tuple[Paso, list[tuple[str, str]]]]:
        """Each page with what it says, in words."""
        return [
            (paso, [(capfirst(etiqueta), dicho) for etiqueta, dicho in self._dicho_en(paso) if dicho])
            for paso in self.pasos
            if paso.slug not in {REVISAR, DOCUMENTOS, ANEXOS}
        ]

    def _dicho_en(self, paso: Paso) -> Iterable[tuple[str, str]]:
        datos = self.borrador.datos.get(paso.slug, {})
        if paso.slug == QUE_PIDE:
            return [("Asunto", datos.get("asunto", "")), ("Qué pide", datos.get("texto", ""))]
        if paso.slug == SUS_DATOS:
            return _de_la_persona(datos)
        return [(campo.etiqueta, str(self.respuestas.get(campo.codigo, ""))) for campo in paso.campos]


def paginas_de(campos: Iterable[Campo]) -> list[tuple[str, list[Campo]]]:
    """The questions of each page, in order.

    A question that depends on another one of its page goes to a page of its own after it: without JavaScript
    nobody reads what does not apply.
    """
    donde: dict[str, Campo] = {}
    hondura: dict[str, int] = {}
    paginas: dict[tuple[str, int], list[Campo]] = {}
    for campo in campos:
        antes = donde.get(campo.si_campo)
        aparte = antes is not None and antes.paso == campo.paso
        hondura[campo.codigo] = hondura[campo.si_campo] + 1 if aparte else 0
        donde[campo.codigo] = campo
        if campo.tipo != Campo.Tipo.ARCHIVO:
            paginas.setdefault((campo.paso, hondura[campo.codigo]), []).append(campo)
    return [(titulo, suyos) for (titulo, _hondura), suyos in paginas.items()]


def _de_la_persona(datos: dict[str, str]) -> Iterable[tuple[str, str]]:
    persona = Peticionario(**datos)
    for campo in Peticionario._meta.concrete_fields:
        if datos.get(campo.name):
            dicho = getattr(persona, f"get_{campo.name}_display")() if campo.choices else datos[campo.name]
            yield str(campo.verbose_name), str(dicho)
