"""What the body of a text is made of: paragraphs, headings, links and tables, read once from its HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from portal.redaccion.legibilidad import sin_invisibles

BLOQUES = {"p", "li", "blockquote", "h2", "h3", "h4", "td", "th", "caption"}
ENCABEZADOS = {"h2": 2, "h3": 3, "h4": 4}
#: Where people write sentences; titles and cells are not.
PROSA = {"p", "li", "blockquote"}


@dataclass
class Bloque:
    """A paragraph, heading, item or cell, with its words in one line."""

    etiqueta: str
    trozos: list[str] = field(default_factory=list)

    @property
    def texto(self) -> str:
        return " ".join(sin_invisibles("".join(self.trozos)).split())


@dataclass
class Enlace:
    destino: str
    trozos: list[str] = field(default_factory=list)

    @property
    def texto(self) -> str:
        return " ".join(sin_invisibles("".join(self.trozos)).split())


@dataclass
class Tabla:
    filas: list[list[Bloque]] = field(default_factory=list)

    @property
    def tiene_encabezado(self) -> bool:
        return any(celda.etiqueta == "th" for fila in self.filas for celda in fila)

    def columnas(self) -> Iterator[tuple[str, list[str]]]:
        """The words at the head of each column and the cells below."""
        cabeza, *resto = self.filas or [[]]
        for i, celda in enumerate(cabeza):
            yield celda.texto, [fila[i].texto for fila in resto if i < len(fila)]


class Escrito(HTMLParser):
    """The parts of a body, in order. Takes what `portal.saneado` lets through, in linear time."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bloques: list[Bloque] = []
        self.enlaces: list[Enlace] = []
        self.tablas: list[Tabla] = []
        self._abiertos: list[Bloque] = []
        self._enlace: Enlace | None = None
        self._tablas: list[Tabla] = []
        self._celda: Bloque | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOQUES:
            self._abrir(Bloque(tag))
        elif tag == "a" and (destino := dict(attrs).get("href")):
            self._enlace = Enlace(destino)
            self.enlaces.append(self._enlace)
        elif tag == "table":
            self._tablas.append(Tabla())
            self.tablas.append(self._tablas[-1])
        elif tag == "tr" and self._tablas:
            self._tablas[-1].filas.append([])
        elif tag == "br":
            self.handle_data(" ")

    def _abrir(self, bloque: Bloque) -> None:
        self.bloques.append(bloque)
        self._abiertos.append(bloque)
        if bloque.etiqueta in {"td", "th"} and self._tablas and self._tablas[-1].filas:
            self._celda = Bloque(bloque.etiqueta)  # apart: the editor puts a paragraph inside each cell
            self._tablas[-1].filas[-1].append(self._celda)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOQUES and self._abiertos:
            cerrado = self._abiertos.pop()
            self._celda = None if cerrado.etiqueta in {"td", "th"} else self._celda
        elif tag == "a":
            self._enlace = None
        elif tag == "table" and self._tablas:
            self._tablas.pop()

    def handle_data(self, data: str) -> None:
        for quien in (self._enlace, self._celda):
            if quien:
                quien.trozos.append(data)
        if self._abiertos:
            self._abiertos[-1].trozos.append(data)
        elif data.strip():
            self.bloques.append(Bloque("p", [data]))

    def textos(self, *etiquetas: str) -> list[str]:
        """The words of the blocks with those tags; of all, without them."""
        dichos = (b.texto for b in self.bloques if not etiquetas or b.etiqueta in etiquetas)
        return [texto for texto in dichos if texto]
