"""Our own public pages, as anybody reads them: through Django's own handler, in process, without network.

They are asked for with HEAD, so that no reading is counted and no copy is kept; what comes back is whole.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db.models import Model, QuerySet
from django.http import FileResponse

from portal.models import Dependencia
from portal.sitemaps import SITEMAPS

#: Of each section of the site, the newest pages that are looked at: more would say no more and cost more.
POR_SECCION = 120
SALTOS = 3


class NoSePudoMirar(Exception):
    """A rule could not see what it judges. Its text says why, in Spanish."""


# --- A page -------------------------------------------------------------------------------------
#: «Void elements» of HTML.
VACIAS = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
    "wbr",
}
#: Their end may be left out.
CIERRE_OPCIONAL = {
    *("li", "dt", "dd", "p", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup"),
    *("caption", "html", "head", "body", "rt", "rp"),
}
ZONAS = {"header": "cabecera", "footer": "pie", "main": "contenido"}


@dataclass
class Vinculo:
    destino: str
    zonas: frozenset[str]
    nombre: str = ""


class Analisis(HTMLParser):
    """What a page is made of, in one pass."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.abiertas: list[tuple[str, frozenset[str]]] = []
        self.textos: dict[str, list[str]] = {}
        self.vinculos: list[Vinculo] = []
        self.imagenes: list[dict[str, str | None]] = []
        self.encabezados: list[int] = []
        self.etiquetas: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.faltas_de_marcado: list[str] = []
        self.tablas_sin_encabezado = 0
        self._tablas: list[bool] = []
        self._vinculo: Vinculo | None = None
        self.feed(html)
        self.close()
        self.faltas_de_marcado += [
            f"<{etiqueta}> sin cerrar" for etiqueta, _ in self.abiertas if etiqueta not in CIERRE_OPCIONAL
        ]

    @property
    def _zonas(self) -> frozenset[str]:
        return self.abiertas[-1][1] if self.abiertas else frozenset()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        datos = dict(attrs)
        self.etiquetas.append((tag, datos))
        if "id" in datos:
            self.ids.append(datos["id"] or "")
        zonas = self._zonas | ({ZONAS[tag]} if tag in ZONAS else frozenset())
        if tag == "nav" and datos.get("aria-label") in {"Principal", "Ruta"}:
            zonas |= {"menu" if datos["aria-label"] == "Principal" else "ruta"}
        if tag not in VACIAS:
            self.abiertas.append((tag, zonas))
        self._anotar(tag, datos, zonas)

    def _anotar(self, tag: str, datos: dict[str, str | None], zonas: frozenset[str]) -> None:
        if tag == "a" and "href" in datos:
            self._vinculo = Vinculo(datos["href"] or "", zonas, datos.get("aria-label") or "")
            self.vinculos.append(self._vinculo)
        elif tag == "img":
            self.imagenes.append(datos)
            if self._vinculo:
                self._vinculo.nombre += f" {datos.get('alt') or ''}"
        elif re.fullmatch("h[1-6]", tag):
            self.encabezados.append(int(tag[1]))
        elif tag == "table":
            self._tablas.append(False)
        elif tag == "th" and self._tablas:
            self._tablas[-1] = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._vinculo = None
        elif tag == "table" and self._tablas and not self._tablas.pop():
            self.tablas_sin_encabezado += 1
        if tag in VACIAS:
            return
        while self.abiertas:
            abierta, _zonas = self.abiertas.pop()
            if abierta == tag:
                return
            if abierta not in CIERRE_OPCIONAL:
                self.faltas_de_marcado.append(f"<{abierta}> sin cerrar antes de </{tag}>")
        self.faltas_de_marcado.append(f"</{tag}> sin abrir")

    def handle_data(self, data: str) -> None:
        abierta = self.abiertas[-1][0] if self.abiertas else ""
        if abierta in {"script", "style"} or not data.strip():
            return
        if abierta == "title" and self.abiertas[-2:-1] == [("head", frozenset())]:  # not that of an SVG
            self.textos.setdefault("título", []).append(data)
            return
        if self._vinculo:
            self._vinculo.nombre += f" {data}"
        for zona in self._zonas | {""}:
            self.textos.setdefault(zona, []).append(data)


@dataclass
class Pagina:
    """An answer of the site. Without `html` when it is another kind of file."""

    ruta: str
    estado: int
    html: str = ""
    cabeceras: dict[str, str] = field(default_factory=dict)
    pone_cookies: bool = False

    @cached_property
    def partes(self) -> Analisis:
        return Analisis(self.html)

    @property
    def existe(self) -> bool:
        return self.estado == 200

    @property
    def titulo(self) -> str:
        return " ".join("".join(self.partes.textos.get("título", [])).split())

    def texto(self, zona: str = "") -> str:
        """The words of the page, or of its «cabecera», «menu», «ruta», «contenido» or «pie»."""
        return " ".join(" ".join(self.partes.textos.get(zona, [])).split())

    def enlaces(self, zona: str = "") -> list[str]:
        return [v.destino for v in self.partes.vinculos if not zona or zona in v.zonas]


# --- Reading ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lugar:
    """An address of the site and what is shown there: a row of the database or the name of a page."""

    ruta: str
    objeto: Any
    seccion: str

    @property
    def dependencia(self) -> Dependencia | None:
        if isinstance(self.objeto, Dependencia):
            return self.objeto
        return getattr(self.objeto, "dependencia", None)

    def __str__(self) -> str:
        nombre = f"«{self.objeto}»" if isinstance(self.objeto, Model) else self.ruta
        return f"{nombre} ({self.dependencia})" if self.dependencia else nombre


class Lector:
    """Reads each address once."""

    def __init__(self) -> None:
        self._django = BaseHandler()
        self._django.load_middleware()
        self._leidas: dict[str, Pagina] = {}

    def leer(self, ruta: str, metodo: str = "HEAD") -> Pagina:
        """The page at that address of ours, which begins with «/». Raises NoSePudoMirar without database."""
        clave = f"{metodo} {ruta}"
        if clave not in self._leidas:
            self._leidas[clave] = self._pedir(ruta, metodo)
        return self._leidas[clave]

    def _pedir(self, ruta: str, metodo: str) -> Pagina:
        respuesta: Any = self._django.get_response(_solicitud(ruta, metodo))
        if isinstance(respuesta, FileResponse) and respuesta.file_to_stream:
            # Not `respuesta.close()`: it would end the connection to the database of who is reading.
            respuesta.file_to_stream.close()
        if respuesta.status_code == 503:
            raise NoSePudoMirar(f"El sitio no respondía al leer {ruta}.")
        es_html = respuesta.headers.get("Content-Type", "").startswith("text/html")
        return Pagina(
            ruta,
            respuesta.status_code,
            respuesta.content.decode(respuesta.charset) if es_html and not respuesta.streaming else "",
            dict(respuesta.headers),
            bool(respuesta.cookies),
        )

    def seguir(self, ruta: str) -> Pagina:
        """The page where that address leads, after at most three redirections inside the site."""
        for _salto in range(SALTOS):
            pagina = self.leer(ruta)
            destino = interno(pagina.cabeceras.get("Location", "")) if 300 <= pagina.estado < 400 else ""
            if not destino:
                return pagina
            ruta = destino
        return self.leer(ruta)

    @cached_property
    def lugares(self) -> list[Lugar]:
        """What the sitemap announces: all the sections, the newest of each."""
        return [lugar for seccion in SITEMAPS for lugar in _lugares_de(seccion)]

    def paginas(self, seccion: str = "") -> Iterator[tuple[Lugar, Pagina]]:
        """Those places with their pages."""
        for lugar in self.lugares:
            if seccion in {"", lugar.seccion}:
                yield lugar, self.leer(lugar.ruta)


def _lugares_de(seccion: str) -> Iterator[Lugar]:
    mapa = SITEMAPS[seccion]()
    objetos: Any = mapa.items()
    if isinstance(objetos, QuerySet):
        objetos = objetos.order_by("-pk")[:POR_SECCION]
    for objeto in objetos:
        ruta: Any = mapa.location(objeto)
        yield Lugar(ruta, objeto, seccion)


def _solicitud(ruta: str, metodo: str) -> WSGIRequest:
    """A request as it would come from a citizen's browser through our own server."""
    partes = urlsplit(ruta)
    return WSGIRequest(
        {
            "REQUEST_METHOD": metodo,
            "PATH_INFO": unquote(partes.path).encode().decode("latin-1"),
            "QUERY_STRING": partes.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": anfitrion(),
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": anfitrion(),
            "HTTP_X_FORWARDED_PROTO": "https",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }
    )


def anfitrion() -> str:
    """The name of the site: the first that the settings allow."""
    return next(iter(_nuestros()), "localhost")


def _nuestros() -> list[str]:
    return [nombre.removeprefix(".") for nombre in settings.ALLOWED_HOSTS if nombre != "*"]


def interno(enlace: str) -> str:
    """The path and query of an address of ours, or "" when it is not one."""
    try:
        partes = urlsplit(enlace)
    except ValueError:  # «http://[»
        return ""
    nuestro = not partes.netloc or partes.hostname in _nuestros()
    if partes.scheme not in {"", "http", "https"} or not nuestro or not partes.path.startswith("/"):
        return ""
    return f"{partes.path}?{partes.query}" if partes.query else partes.path


_actual: ContextVar[Lector | None] = ContextVar("lector", default=None)


@contextmanager
def lectura() -> Iterator[Lector]:
    """While it lasts, every rule shares what has been read: each page is asked for once."""
    if ya := _actual.get():
        yield ya
        return
    marca = _actual.set(Lector())
    try:
        yield lector()
    finally:
        _actual.reset(marca)


def lector() -> Lector:
    """The one of the `lectura` in course, or a new one."""
    return _actual.get() or Lector()
