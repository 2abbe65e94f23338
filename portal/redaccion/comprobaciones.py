"""What a text is asked before it is sent, rule by rule: `REGLAS` can be read in one sitting.

A rule takes an `Examen` and yields what it found: the field, what is wrong, how to fix it and where.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import SplitResult, unquote

from django.db import models

from portal.flujo import CondicionIncumplida
from portal.models import Adjunto, EnlaceExterno, Version
from portal.redaccion import datos_personales, legibilidad, siglas
from portal.redaccion.datos_personales import CEDULA, CELULAR, CORREO, Dato, Institucional
from portal.redaccion.destinos import Lector, Llegada, es_interno, partes_de
from portal.redaccion.escrito import ENCABEZADOS, PROSA, Enlace, Escrito
from portal.sitio import Sitio

#: Findings that are listed of each rule: nobody reads more, and the first ones show what to do.
POR_REGLA = 20
#: Different addresses of this site that are tried in one text.
ENLACES_POR_TEXTO = 30
PALABRAS_POR_FRASE = 25
LARGO_DEL_DONDE = 80


class Nivel(models.TextChoices):
    """What a finding does to the sending."""

    BLOQUEA = "bloquea", "Impide enviar"
    PREGUNTA = "pregunta", "Pregunta"
    ACONSEJA = "aconseja", "Consejo"


@dataclass(frozen=True)
class Hallazgo:
    """Something found in a text: in which field, what is wrong, how it is fixed and in which words."""

    regla: str
    nivel: Nivel
    campo: str
    mensaje: str
    remedio: str
    donde: str = ""


class FaltaConfirmar(CondicionIncumplida):
    """Only questions are left: who sends it must say that what they point out is to be published."""

    def __init__(self, hallazgos: list[Hallazgo]) -> None:
        super().__init__("Antes de enviarlo, confirme que deben publicarse los datos personales señalados.")
        self.hallazgos = hallazgos


#: What a rule yields: field, message, remedy and, if it is somewhere in the text, where.
Senal = tuple[str, str, str] | tuple[str, str, str, str]


class Examen:
    """What the rules look at. Each thing is read once, when the first rule asks for it."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.sitio = Sitio()

    @cached_property
    def escrito(self) -> Escrito:
        return Escrito(self.version.cuerpo)

    @cached_property
    def adjuntos(self) -> list[Adjunto]:
        return list(self.version.adjuntos.all())

    @cached_property
    def parrafos(self) -> list[str]:
        return self.escrito.textos(*PROSA)

    @cached_property
    def dichos(self) -> list[tuple[str, str]]:
        """All that is read of the text, as (field, words)."""
        suyos = ("titulo", "resumen", "lugar", "nota_de_cambio")
        campos = [(campo, legibilidad.sin_invisibles(getattr(self.version, campo))) for campo in suyos]
        de_archivos = (texto for a in self.adjuntos for texto in (a.titulo, a.alt))
        adjuntos = [("adjuntos", texto) for texto in de_archivos if not _NOMBRE_DE_ARCHIVO.match(texto)]
        cuerpo = [("cuerpo", texto) for texto in self.escrito.textos()]
        return [(campo, texto) for campo, texto in [*campos, *cuerpo, *adjuntos] if texto]

    @cached_property
    def siglas_sabidas(self) -> set[str]:
        de_su_titulo = {self.version.titulo}  # a text that is called «SUIT» says what it is
        return siglas.CONOCIDAS | de_su_titulo | siglas.explicadas(texto for _campo, texto in self.dichos)

    @cached_property
    def internos(self) -> list[tuple[Enlace, SplitResult]]:
        """The links to this site, one for each address."""
        desde = self.version.publicacion.get_absolute_url()
        partes = ((e, partes_de(e.destino, desde)) for e in self.escrito.enlaces if e.destino[:1] != "#")
        hallados = {p.path + "?" + p.query: (e, p) for e, p in partes if p and es_interno(p)}
        return list(hallados.values())

    @cached_property
    def datos(self) -> list[Dato]:
        """The personal data, those behind «mailto:» and «tel:» too."""
        destinos = (enlace.destino.partition(":") for enlace in self.escrito.enlaces)
        escondidos = [
            unquote(d.partition("?")[0]) for que, _, d in destinos if que.lower() in {"mailto", "tel"}
        ]
        texto = "\n".join([*(texto for _campo, texto in self.dichos), *escondidos])
        return datos_personales.hallar(texto, self.escrito.tablas, nuestros_datos(self.sitio))


def nuestros_datos(sitio: Sitio) -> Institucional:
    """What the municipality itself publishes of its own: it is not of a person."""
    municipio, oficinas = sitio.municipio, sitio.dependencias.values()
    correos = [municipio.correo, municipio.correo_judicial, *(oficina.correo for oficina in oficinas)]
    lineas = [municipio.telefono, municipio.linea_gratuita, municipio.linea_anticorrupcion]
    return Institucional.de(correos, [*lineas, *(oficina.telefono for oficina in oficinas)])


#: Sentences that hold the place of what a person must write, in the drafts that the portal begins.
POR_ESCRIBIR: set[str] = set()


# --- What blocks --------------------------------------------------------------------------------
def lo_que_falta_escribir(examen: Examen) -> Iterator[Senal]:
    for frase in sorted(frase for frase in POR_ESCRIBIR if frase in examen.version.cuerpo):
        yield "cuerpo", "Falta escribir lo que pide esta frase.", "Bórrela y escriba ahí lo suyo.", frase


def campos_que_faltan(examen: Examen) -> Iterator[Senal]:
    for campo, falta in examen.version.campos_que_faltan(examen.adjuntos):
        yield campo, falta, "Llene ese campo y guarde el borrador."


def imagenes_sin_alternativa(examen: Examen) -> Iterator[Senal]:
    for campo, falta in examen.version.imagenes_sin_alternativa(examen.adjuntos):
        yield campo, falta, "Escriba en «Texto alternativo» qué se ve en ella, para quien no puede verla."


_LLEGADAS = {
    Llegada.NO_EXISTE: (
        "El enlace «{}» lleva a una página de este sitio que no existe: {}",
        "Abra la página a la que quiere llevar, copie su dirección y péguela en el enlace.",
    ),
    Llegada.RESERVADA: (
        "El enlace «{}» lleva a una página donde el público no puede entrar: {}",
        "Quite el enlace o llévelo a una página pública.",
    ),
}


def enlaces_que_no_llevan(examen: Examen) -> Iterator[Senal]:
    """Links to this site that lead nowhere, or where only the staff enters."""
    if not examen.internos:
        return
    lector = Lector(examen.version, examen.adjuntos, examen.sitio.edicion)
    for enlace, partes in examen.internos[:ENLACES_POR_TEXTO]:
        llegada = lector.probar(partes)
        if llegada in _LLEGADAS:
            mensaje, remedio = _LLEGADAS[llegada]
            mensaje = mensaje.format(_corto(enlace.texto), _corto(enlace.destino))
            yield "cuerpo", mensaje, remedio, enlace.texto


def enlaces_mal_escritos(examen: Examen) -> Iterator[Senal]:
    for enlace in examen.escrito.enlaces:
        if partes_de(enlace.destino) is None:
            mensaje = f"La dirección del enlace «{_corto(enlace.texto)}» está mal escrita."
            yield "cuerpo", mensaje, "Copie la dirección desde el navegador y péguela completa.", enlace.texto


# --- What asks ----------------------------------------------------------------------------------
_PREGUNTAS = {
    CEDULA: "Hay un número de documento de identidad. ¿Debe publicarse?",
    CELULAR: "Hay un número de celular. ¿Debe publicarse?",
    CORREO: "Hay un correo que parece de una persona. ¿Debe publicarse?",
}
_SI_NO = "Si no debe, bórrelo. Si debe, confírmelo al enviar (Ley 1581 de 2012)."


def _datos(clase: str) -> Callable[[Examen], Iterator[Senal]]:
    def regla(examen: Examen) -> Iterator[Senal]:
        for dato in examen.datos:
            if dato.clase == clase:
                yield _campo_de(examen, dato), _PREGUNTAS[clase], _SI_NO, dato.escrito

    return regla


def _campo_de(examen: Examen, dato: Dato) -> str:
    return next((campo for campo, texto in examen.dichos if dato.escrito in texto), "cuerpo")


# --- What advises -------------------------------------------------------------------------------
_NOMBRE_DE_ARCHIVO = re.compile(
    r"(?:img|dsc\w?|dcim|foto|imagen|image|photo|screenshot|captura|whatsapp image|wa|pic|scan)"
    r"[\s_-]*\d[\w\s.:_-]*$"
    r"|.*\.(?:jpe?g|png|webp|gif|heic)$",
    re.IGNORECASE,
)


def alternativas_que_no_dicen(examen: Examen) -> Iterator[Senal]:
    """Alternative texts that are the name of a file."""
    for adjunto in examen.adjuntos:
        if adjunto.es_imagen and _NOMBRE_DE_ARCHIVO.match(adjunto.alt.strip()):
            mensaje = f"El texto alternativo de «{adjunto.titulo}» parece el nombre de un archivo."
            yield "adjuntos", mensaje, "Diga qué se ve en la imagen, en una frase.", adjunto.alt


def orden_de_los_titulos(examen: Examen) -> Iterator[Senal]:
    """Headings that skip a level: who listens to the page jumps from one to the next."""
    anterior = 1
    for bloque in examen.escrito.bloques:
        nivel = ENCABEZADOS.get(bloque.etiqueta)
        if nivel and bloque.texto:
            if nivel > anterior + 1:
                mensaje = f"El título «{_corto(bloque.texto)}» se salta un nivel."
                yield "cuerpo", mensaje, f"Póngalo como título de nivel {anterior + 1}.", bloque.texto
            anterior = nivel


_VAGOS = {
    *("aquí", "aqui", "acá", "aca", "clic", "click", "clic aquí"),
    *("click aquí", "click aqui", "haga clic", "link"),
    *("haga clic aquí", "dé clic aquí", "de clic aquí", "da clic aquí"),
    *("pulse aquí", "presione aquí", "ver"),
    *("ver más", "ver mas", "más", "leer más", "lea más"),
    *("saber más", "más información", "mas información"),
    *("ingrese aquí", "ingresar", "consulte aquí", "vea aquí", "ver aquí"),
    *("enlace", "este enlace", "el enlace"),
    *("siguiente enlace", "en este enlace", "descargar", "descargar aquí"),
    *("descargue aquí", "esta página", "este"),
}
_DIRECCION = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)


def enlaces_que_no_dicen(examen: Examen) -> Iterator[Senal]:
    """Links whose words do not say where they lead."""
    for enlace in examen.escrito.enlaces:
        palabras = enlace.texto.strip(" .…:;,()[]«»→>¡!").lower()
        if palabras in _VAGOS:
            mensaje = f"El enlace «{enlace.texto}» no dice a dónde lleva."
        elif _DIRECCION.match(palabras):
            mensaje = f"El enlace muestra una dirección y no dice a dónde lleva: {_corto(enlace.texto)}"
        else:
            continue
        yield "cuerpo", mensaje, "Póngale el nombre de la página: «horario de atención».", enlace.texto


def anclas_que_no_existen(examen: Examen) -> Iterator[Senal]:
    """Links to a part of the same text: the editor keeps no marks to go to."""
    for enlace in examen.escrito.enlaces:
        if enlace.destino.startswith("#"):
            mensaje = f"El enlace «{_corto(enlace.texto)}» lleva a una parte de este texto que no existe."
            yield "cuerpo", mensaje, "Quite el enlace o diga en palabras dónde está.", enlace.texto


def enlaces_sin_probar(examen: Examen) -> Iterator[Senal]:
    sobran = len(examen.internos) - ENLACES_POR_TEXTO
    if sobran > 0:
        mensaje = f"El texto tiene muchos enlaces a este sitio: {sobran} no se probaron."
        yield "cuerpo", mensaje, "Ábralos usted uno por uno, o divida el texto en varias páginas."


def enlaces_rotos(examen: Examen) -> Iterator[Senal]:
    """Links to other sites that did not answer when they were last asked."""
    for enlace in examen.version.enlaces_externos.filter(estado=EnlaceExterno.Estado.ROTO):
        mensaje = f"El enlace a {_corto(enlace.url)} no responde. {enlace.detalle}".strip()
        campo = "enlace" if enlace.url == examen.version.enlace else "cuerpo"
        yield campo, mensaje, "Ábralo para comprobarlo y corríjalo o quítelo.", enlace.url


def tablas_sin_encabezado(examen: Examen) -> Iterator[Senal]:
    for tabla in examen.escrito.tablas:
        if not tabla.tiene_encabezado:
            primera = " | ".join(celda.texto for celda in tabla.filas[0]) if tabla.filas else ""
            remedio = "Ponga el cursor en la primera fila y márquela como encabezado."
            yield "cuerpo", "Una tabla no dice qué hay en cada columna.", remedio, primera


def mayusculas(examen: Examen) -> Iterator[Senal]:
    for campo, texto in examen.dichos:
        for grito in siglas.gritos(texto, examen.siglas_sabidas):
            mensaje = f"«{_corto(grito)}» está todo en mayúsculas: se lee más despacio."
            yield campo, mensaje, "Escríbalo en minúsculas. Para destacarlo, use negrita.", grito


def siglas_sin_explicar(examen: Examen) -> Iterator[Senal]:
    vistas: set[str] = set()
    for campo, texto in examen.dichos:
        for sigla in siglas.sin_explicar(texto, examen.siglas_sabidas):
            if sigla not in vistas:
                vistas.add(sigla)
                remedio = f"La primera vez, escriba el nombre y luego la sigla: «Nombre completo ({sigla})»."
                yield campo, f"No todos saben qué es «{sigla}».", remedio, sigla


def abreviaturas(examen: Examen) -> Iterator[Senal]:
    for campo, texto in examen.dichos:
        for corta, entera in siglas.abreviaturas(texto):
            mensaje = f"«{corta}» es una abreviatura que no todos entienden."
            yield campo, mensaje, f"Escriba «{entera}».", corta


def frases_largas(examen: Examen) -> Iterator[Senal]:
    """Sentences of more than 25 words (the guides of Lenguaje claro of the DNP ask for about 20)."""
    for parrafo in examen.parrafos:
        for frase in legibilidad.frases(parrafo):
            cuantas = len(legibilidad.palabras(frase))
            if cuantas > PALABRAS_POR_FRASE:
                yield "cuerpo", f"Una frase tiene {cuantas} palabras.", "Divídala en dos o tres.", frase


def lectura_dificil(examen: Examen) -> Iterator[Senal]:
    lectura = legibilidad.medir(examen.parrafos)
    if lectura and not lectura.facil:
        yield "cuerpo", f"El texto no es fácil de leer. {lectura}", "Pruebe con frases y palabras más cortas."


# --- All of them --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Regla:
    nombre: str
    nivel: Nivel
    mirar: Callable[[Examen], Iterator[Senal]]

    def hallazgos(self, examen: Examen) -> Iterator[Hallazgo]:
        for campo, mensaje, remedio, *donde in islice(self.mirar(examen), POR_REGLA):
            lugar = _corto("".join(donde), LARGO_DEL_DONDE)
            yield Hallazgo(self.nombre, self.nivel, campo, mensaje, remedio, lugar)


REGLAS = (
    Regla("campos", Nivel.BLOQUEA, campos_que_faltan),
    Regla("por-escribir", Nivel.BLOQUEA, lo_que_falta_escribir),
    Regla("alternativa", Nivel.BLOQUEA, imagenes_sin_alternativa),
    Regla("enlace-interno", Nivel.BLOQUEA, enlaces_que_no_llevan),
    Regla("enlace-mal-escrito", Nivel.BLOQUEA, enlaces_mal_escritos),
    Regla("cedula", Nivel.PREGUNTA, _datos(CEDULA)),
    Regla("celular", Nivel.PREGUNTA, _datos(CELULAR)),
    Regla("correo", Nivel.PREGUNTA, _datos(CORREO)),
    Regla("alternativa-de-archivo", Nivel.ACONSEJA, alternativas_que_no_dicen),
    Regla("titulos", Nivel.ACONSEJA, orden_de_los_titulos),
    Regla("enlace-vago", Nivel.ACONSEJA, enlaces_que_no_dicen),
    Regla("ancla", Nivel.ACONSEJA, anclas_que_no_existen),
    Regla("enlaces-sin-probar", Nivel.ACONSEJA, enlaces_sin_probar),
    Regla("enlace-externo", Nivel.ACONSEJA, enlaces_rotos),
    Regla("tabla", Nivel.ACONSEJA, tablas_sin_encabezado),
    Regla("mayusculas", Nivel.ACONSEJA, mayusculas),
    Regla("sigla", Nivel.ACONSEJA, siglas_sin_explicar),
    Regla("abreviatura", Nivel.ACONSEJA, abreviaturas),
    Regla("frase-larga", Nivel.ACONSEJA, frases_largas),
    Regla("lectura", Nivel.ACONSEJA, lectura_dificil),
)


def comprobar(version: Version) -> list[Hallazgo]:
    """All that is found in a text, what blocks first. Of each rule, at most `POR_REGLA`."""
    return _aplicar(Examen(version), set(Nivel))


def impedimentos(version: Version, *, confirmo: bool) -> list[Hallazgo]:
    """What does not let it be sent: what blocks and, unless they were answered, the questions."""
    return _aplicar(Examen(version), {Nivel.BLOQUEA} if confirmo else {Nivel.BLOQUEA, Nivel.PREGUNTA})


def datos_personales_de(version: Version) -> int:
    """How many personal data it would publish."""
    return len(Examen(version).datos)


def _aplicar(examen: Examen, niveles: set[Nivel]) -> list[Hallazgo]:
    return [h for regla in REGLAS if regla.nivel in niveles for h in regla.hallazgos(examen)]


def _corto(texto: str, largo: int = 60) -> str:
    return texto if len(texto) <= largo else f"{texto[: largo - 1].rstrip()}…"
