"""The manual inside the portal: the pages of `docs/manual/`, and which of them is about each screen.

Its pages are ours, but they are cleaned all the same: whoever writes them writes Markdown, never HTML.
"""

import csv
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import nh3
from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.busqueda import sin_tildes
from portal.saneado import ATRIBUTOS, ETIQUETAS, solo_texto

MANUAL = Path(settings.BASE_DIR) / "docs" / "manual"
IMAGENES = MANUAL / "imagenes"
#: The page that has the others in it, at an address of its own.
INDICE = "README"
#: Characters shown around what was searched.
ALREDEDOR = 80
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_limpiador = nh3.Cleaner(
    tags=ETIQUETAS | {"code", "pre", "img"},
    attributes=ATRIBUTOS
    | {"img": {"src", "alt"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "code": set(), "pre": set()},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
)


@dataclass(frozen=True)
class Pagina:
    """A page of the manual. `html` is clean and has no title; `texto` is what is searched."""

    slug: str
    titulo: str
    html: SafeString
    texto: str

    def get_absolute_url(self) -> str:
        return direccion(self.slug)


@dataclass(frozen=True)
class Hallada:
    pagina: Pagina
    fragmento: str


def direccion(slug: str) -> str:
    return reverse("admin:ayuda") if slug == INDICE else reverse("admin:ayuda_pagina", args=[slug])


# --- The pages ------------------------------------------------------------------------------------
def pagina(slug: str) -> Pagina | None:
    """The page of that name, read again when its file changes; None when there is none.

    The name is looked for among those of the folder: it never becomes a path.
    """
    archivo = _archivos().get(slug)
    return _leida(archivo, archivo.stat().st_mtime_ns) if archivo else None


def paginas() -> list[Pagina]:
    """Every page but the index, by its title."""
    leidas = (_leida(archivo, archivo.stat().st_mtime_ns) for archivo in _archivos().values())
    return sorted(
        (leida for leida in leidas if leida.slug != INDICE), key=lambda leida: sin_tildes(leida.titulo)
    )


def imagen(nombre: str) -> Path | None:
    """The picture of that name, looked for among those there are."""
    return next((archivo for archivo in IMAGENES.glob("*.png") if archivo.name == nombre), None)


def buscar(texto: str) -> list[Hallada]:
    """The pages with all those words, whatever their accents: first those that have them in the title."""
    palabras = sin_tildes(texto).split()
    if not palabras:
        return []
    halladas = [leida for leida in paginas() if all(p in sin_tildes(leida.texto) for p in palabras)]
    halladas.sort(key=lambda leida: not all(p in sin_tildes(leida.titulo) for p in palabras))
    return [Hallada(leida, _fragmento(leida.texto, palabras[0])) for leida in halladas]


def _fragmento(texto: str, palabra: str) -> str:
    """What is around the word, from a space to another."""
    donde = sin_tildes(texto).find(palabra)
    desde, hasta = max(donde - ALREDEDOR, 0), donde + len(palabra) + ALREDEDOR
    medio = texto[desde:hasta]
    if desde:
        medio = f"…{medio.partition(' ')[2]}"
    return f"{medio.rpartition(' ')[0]}…" if hasta < len(texto) else medio


def _archivos() -> dict[str, Path]:
    return {archivo.stem: archivo for archivo in sorted(MANUAL.glob("*.md"))}


@lru_cache(maxsize=200)
def _leida(archivo: Path, _cambiado: int) -> Pagina:
    partes = _markdown.parse(archivo.read_text(encoding="utf-8"))
    titulo = _quitar_titulo(partes)
    _nombrar_titulos(partes)
    _dirigir(partes)
    html = _en_cajas(_limpiador.clean(_markdown.renderer.render(partes, _markdown.options, {})))
    return Pagina(
        archivo.stem,
        titulo,
        mark_safe(html),  # noqa: S308 -- nh3 cleaned it
        f"{titulo}. {solo_texto(html)}",
    )


def _quitar_titulo(partes: list[Token]) -> str:
    """Take the first heading out, which is the title of the page, and return its words."""
    for n, parte in enumerate(partes):
        if parte.type == "heading_open" and parte.tag == "h1":
            titulo = partes[n + 1].content
            del partes[n : n + 3]
            return titulo
    return "Manual"


def ancla(titulo: str) -> str:
    """As the sites that show Markdown name a heading."""
    return re.sub(r"[^\w\- ]", "", titulo.strip().lower()).replace(" ", "-")


def _nombrar_titulos(partes: list[Token]) -> None:
    for parte, dentro in pairwise(partes):
        if parte.type == "heading_open":
            parte.attrSet("id", ancla(dentro.content))


def _dirigir(partes: list[Token]) -> None:
    """Lead the links between pages, and the pictures, to where they are here."""
    for parte in partes:
        for token in parte.children or ():
            if token.type == "link_open":
                token.attrSet("href", _destino(str(token.attrs["href"])))
            elif token.type == "image":
                nombre = str(token.attrs["src"]).removeprefix("imagenes/")
                token.attrSet("src", reverse("admin:ayuda_imagen", args=[nombre.rpartition("/")[2]]))


def _destino(escrito: str) -> str:
    ruta, almohadilla, seccion = escrito.partition("#")
    if not ruta.endswith(".md") or "/" in ruta:
        return escrito
    return f"{direccion(ruta.removesuffix('.md'))}{almohadilla}{seccion}"


def _en_cajas(html: str) -> str:
    """Each table in a box of its own to scroll in, with a name."""
    caja = '<div class="desliza" role="group" tabindex="0" aria-label="Tabla"><table>'
    return html.replace("<table>", caja).replace("</table>", "</table></div>")


# --- Which page is about each screen --------------------------------------------------------------
def pagina_de(pantalla: ResolverMatch | None) -> str:
    """The page about that screen: the first row of `pantallas.csv` that fits. The index, if none does."""
    return (en_la_tabla(pantalla.view_name) if pantalla else None) or INDICE


def en_la_tabla(nombre: str) -> str | None:
    """The page that the table gives to the screen with that name; None when it says nothing of it."""
    archivo = MANUAL / "pantallas.csv"
    filas = _tabla(archivo, archivo.stat().st_mtime_ns)
    return next((slug for patron, slug in filas if fnmatchcase(nombre, patron)), None)


def titulo_de(camino: str) -> str:
    """What the screen at that address is about, in the words of the manual."""
    try:
        slug = pagina_de(resolve(camino))
    except Resolver404:
        slug = INDICE
    hallada = pagina(slug)
    return "Otras pantallas" if slug == INDICE or hallada is None else hallada.titulo


@lru_cache(maxsize=4)
def _tabla(archivo: Path, _cambiado: int) -> tuple[tuple[str, str], ...]:
    with archivo.open(encoding="utf-8", newline="") as abierto:
        return tuple((fila["pantalla"], fila["pagina"]) for fila in csv.DictReader(abierto))
