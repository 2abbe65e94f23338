"""What the code of a public page can be asked without a browser. Each inspection says what is wrong."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from portal.sitio import MENU
from seguimiento.paginas import Pagina

Inspeccion = Literal[
    "alt",
    "buscador",
    "encabezados",
    "fecha",
    "idioma",
    "inicio",
    "marcado",
    "marcos",
    "menu",
    "recarga",
    "ruta",
    "saltar",
    "sin-cookies",
    "sonido",
    "tablas",
    "tabulacion",
    "vinculos-con-texto",
]
#: Words that say nothing of where a link leads (WCAG 2.1, 2.4.4; Resolución 1519, CC26).
VAGOS = re.compile(
    r"(?:(?:haga |dé |de )?clic )?(?:aquí|aqui|acá)|(?:ver|leer|saber|conocer) más|más(?: información)?"
    r"|ver|leer|enlace|link|este enlace|continuar",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Prueba:
    """What good pages do, what is wrong with one of them (in Spanish, or "") and what to do about it."""

    que: str
    revisar: Callable[[Pagina], str]
    arreglo: str


#: By the name that the parameters of a rule give it.
INSPECCIONES: dict[str, Prueba] = {}
_DEL_SITIO = "Avise a quien administra el sitio: es de la plantilla."
_DEL_TEXTO = "Corrija el texto de cada página que se nombra."


def _inspeccion(nombre: Inspeccion, que: str, arreglo: str = _DEL_SITIO):
    def decorar(revisar: Callable[[Pagina], str]) -> Callable[[Pagina], str]:
        INSPECCIONES[nombre] = Prueba(que, revisar, arreglo)
        return revisar

    return decorar


def _atributos(pagina: Pagina, etiqueta: str = "") -> Iterable[dict[str, str | None]]:
    return (datos for cual, datos in pagina.partes.etiquetas if etiqueta in {"", cual})


def _si(falla: object, reparo: str) -> str:
    return reparo if falla else ""


# --- Finding one's way --------------------------------------------------------------------------
@_inspeccion("menu", "tienen el mismo menú principal")
def menu(pagina: Pagina) -> str:
    esperado = [entrada.url for entrada in MENU]
    return _si(pagina.enlaces("menu") != esperado, "el menú principal no es el de las demás páginas")


@_inspeccion("ruta", "tienen la ruta de navegación")
def ruta(pagina: Pagina) -> str:
    """The home page is where the way begins."""
    if pagina.ruta == "/":
        return ""
    empieza = pagina.enlaces("ruta")[:1] == ["/"]
    return _si(not empieza, "no tiene la ruta de navegación desde el inicio")


@_inspeccion("inicio", "enlazan al inicio")
def inicio(pagina: Pagina) -> str:
    return _si("/" not in pagina.enlaces(), "no enlaza al inicio")


@_inspeccion("buscador", "tienen el buscador")
def buscador(pagina: Pagina) -> str:
    hay = any(datos.get("action") == "/buscar/" for datos in _atributos(pagina, "form"))
    return _si(not hay, "no tiene el buscador")


@_inspeccion("saltar", "empiezan con un enlace que salta al contenido")
def saltar(pagina: Pagina) -> str:
    primero = next(iter(pagina.enlaces()), "")
    bien = primero.startswith("#") and primero[1:] in pagina.partes.ids
    return _si(not bien, "no empieza con un enlace que salte al contenido")


# --- Markup -------------------------------------------------------------------------------------
@_inspeccion("marcado", "cierran sus etiquetas y no repiten identificadores")
def marcado(pagina: Pagina) -> str:
    faltas = [*pagina.partes.faltas_de_marcado]
    faltas += [f"id «{i}» repetido" for i, veces in Counter(pagina.partes.ids).items() if veces > 1]
    return "; ".join(faltas[:2])


@_inspeccion("marcos", "no usan marcos")
def marcos(pagina: Pagina) -> str:
    hay = {"frame", "frameset", "iframe"} & {etiqueta for etiqueta, _ in pagina.partes.etiquetas}
    return _si(hay, "usa marcos")


@_inspeccion("idioma", "declaran su idioma")
def idioma(pagina: Pagina) -> str:
    lenguas = [datos.get("lang") or "" for datos in _atributos(pagina, "html")]
    return _si(not any(lengua.startswith("es") for lengua in lenguas), "no declara el idioma")


@_inspeccion("encabezados", "tienen un título principal y encabezados sin saltos", _DEL_TEXTO)
def encabezados(pagina: Pagina) -> str:
    niveles = pagina.partes.encabezados
    if niveles.count(1) != 1:
        return f"tiene {niveles.count(1)} títulos principales"
    saltos = [(a, b) for a, b in pairwise(niveles) if b > a + 1]
    return _si(saltos, "salta niveles de encabezado")


@_inspeccion("tablas", "ponen encabezados en sus tablas", _DEL_TEXTO)
def tablas(pagina: Pagina) -> str:
    return _si(pagina.partes.tablas_sin_encabezado, "tiene una tabla sin encabezados")


# --- What is read -------------------------------------------------------------------------------
@_inspeccion("alt", "describen sus imágenes con texto", "Escriba el texto alternativo de cada imagen.")
def alt(pagina: Pagina) -> str:
    mudas = [imagen.get("src") or "" for imagen in pagina.partes.imagenes if imagen.get("alt") is None]
    return f"la imagen {mudas[0]} no tiene texto alternativo" if mudas else ""


@_inspeccion(
    "vinculos-con-texto",
    "dicen en cada vínculo a dónde lleva",
    "Escriba en el vínculo a dónde lleva, no «aquí» ni «ver más».",
)
def vinculos_con_texto(pagina: Pagina) -> str:
    for vinculo in pagina.partes.vinculos:
        nombre = " ".join(vinculo.nombre.split()).strip(" .…»«:")
        if not nombre or VAGOS.fullmatch(nombre):
            return f"el vínculo a {vinculo.destino} dice «{nombre}»"
    return ""


@_inspeccion("fecha", "dicen cuándo se publicaron")
def fecha(pagina: Pagina) -> str:
    hay = any(datos.get("datetime") for datos in _atributos(pagina, "time"))
    return _si(
        not hay or "publicada el" not in pagina.texto("contenido").casefold(), "no dice cuándo se publicó"
    )


# --- What happens by itself ---------------------------------------------------------------------
@_inspeccion("recarga", "no se recargan solas")
def recarga(pagina: Pagina) -> str:
    sola = any((d.get("http-equiv") or "").lower() == "refresh" for d in _atributos(pagina, "meta"))
    return _si(sola, "se recarga sola")


@_inspeccion("sonido", "no reproducen nada por sí solas")
def sonido(pagina: Pagina) -> str:
    return _si(any("autoplay" in datos for datos in _atributos(pagina)), "reproduce algo por sí sola")


@_inspeccion("tabulacion", "no cambian el orden de tabulación")
def tabulacion(pagina: Pagina) -> str:
    fuera = [
        d for d in _atributos(pagina) if re.fullmatch(r"\+?0*[1-9]\d*", (d.get("tabindex") or "").strip())
    ]
    return _si(fuera, "cambia el orden de tabulación")


@_inspeccion("sin-cookies", "no ponen cookies a quien solo lee")
def sin_cookies(pagina: Pagina) -> str:
    return _si(pagina.pone_cookies, "pone cookies a quien solo lee")
