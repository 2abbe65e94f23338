"""Rules on our own pages, read as anybody reads them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from portal.models import Canal, Publicacion
from seguimiento.inspeccion import INSPECCIONES, Inspeccion
from seguimiento.models import Criterio
from seguimiento.paginas import NoSePudoMirar, Pagina, interno, lector
from seguimiento.parametros import UnaRuta
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import Veredicto, cumple, falla, nombrar, nombre_de_publicacion

UnaZona = Literal["cabecera", "menu", "ruta", "contenido", "pie"]


@dataclass(frozen=True)
class Pedido:
    """Addresses and words that a page must have, in one of its zones or in the whole of it.

    An address ending in «*» is met by any that begins so.
    """

    enlaces: Sequence[str]
    textos: Sequence[str]
    zona: str

    def lo_que_falta(self, pagina: Pagina) -> str:
        """«enlace a /rss/ y «Participa» en el menú principal», or ""."""
        hay, texto = pagina.enlaces(self.zona), pagina.texto(self.zona).casefold()
        return self._en_palabras(
            [pedido for pedido in self.enlaces if not any(_es(destino, pedido) for destino in hay)],
            [pedido for pedido in self.textos if pedido.casefold() not in texto],
        )

    def __str__(self) -> str:
        return self._en_palabras(self.enlaces, self.textos)

    def _en_palabras(self, enlaces: Sequence[str], textos: Sequence[str]) -> str:
        cosas = [f"enlace a {enlace.rstrip('*')}" for enlace in enlaces] + [f"«{texto}»" for texto in textos]
        return f"{nombrar(cosas)}{_DONDE[self.zona]}" if cosas else ""


_DONDE = {
    "": "",
    "cabecera": " en la cabecera",
    "menu": " en el menú principal",
    "ruta": " en la ruta de navegación",
    "contenido": " en el contenido",
    "pie": " en el pie de página",
}


def _es(destino: str, pedido: str) -> bool:
    return destino.startswith(pedido[:-1]) if pedido.endswith("*") else destino == pedido


@regla("pagina-tiene")
def pagina_tiene(
    criterio: Criterio,
    en: datetime,
    *,
    pagina: UnaRuta,
    enlaces: Sequence[str] = (),
    textos: Sequence[str] = (),
    zona: UnaZona | None = None,
) -> Veredicto:
    """Una página responde, con esos enlaces y esos textos en ella o en una de sus zonas."""
    pedido = Pedido(enlaces, textos, zona or "")
    leida = lector().seguir(pagina)
    if not leida.existe:
        return falla(f"La página {pagina} no responde.", f"Publique lo que debe verse en {pagina}.")
    if falta := pedido.lo_que_falta(leida):
        return falla(
            f"La página {pagina} no tiene {falta}.",
            f"Pida a quien administra el sitio que ponga en {pagina}: {falta}.",
            en_parte=falta != str(pedido),
        )
    return cumple(f"La página {pagina} responde{' y tiene ' if str(pedido) else ''}{pedido}.")


@regla("cada-pagina-tiene")
def cada_pagina_tiene(
    criterio: Criterio,
    en: datetime,
    *,
    enlaces: Sequence[str] = (),
    textos: Sequence[str] = (),
    zona: UnaZona | None = None,
) -> Veredicto:
    """Todas las páginas públicas tienen esos enlaces y textos, en ellas o en una de sus zonas."""
    pedido = Pedido(enlaces, textos, zona or "")

    def revisar(pagina: Pagina) -> str:
        falta = pedido.lo_que_falta(pagina)
        return f"no tiene {falta}" if falta else ""

    arreglo = f"Pida a quien administra el sitio que ponga en todas las páginas: {pedido}."
    return _en_cada_pagina(f"tienen {pedido}", revisar, arreglo)


@regla("cada-pagina-cumple")
def cada_pagina_cumple(
    criterio: Criterio, en: datetime, *, que: Sequence[Inspeccion], seccion: str = ""
) -> Veredicto:
    """Todas las páginas públicas, o las de una sección, pasan unas inspecciones de su código."""
    pruebas = [INSPECCIONES[nombre] for nombre in que]

    def revisar(pagina: Pagina) -> str:
        return next(filter(None, (prueba.revisar(pagina) for prueba in pruebas)), "")

    arreglo = " ".join(dict.fromkeys(prueba.arreglo for prueba in pruebas))
    return _en_cada_pagina(nombrar(prueba.que for prueba in pruebas), revisar, arreglo, seccion)


def _en_cada_pagina(que: str, revisar: Callable[[Pagina], str], arreglo: str, seccion: str = "") -> Veredicto:
    """Look at the pages of the site, the newest of each section; `revisar` says what is wrong with one."""
    miradas, malas = 0, []
    for lugar, pagina in lector().paginas(seccion):
        if not pagina.html:
            continue
        miradas += 1
        if reparo := revisar(pagina) if pagina.existe else "no responde":
            malas.append(f"{lugar}: {reparo}")
    if not miradas:
        raise NoSePudoMirar("No hay páginas públicas de esa clase.")
    if not malas:
        return cumple(f"Las páginas públicas que se miraron {que}.")
    return falla(f"Páginas que fallan: {nombrar(malas)}.", arreglo, en_parte=len(malas) < miradas)


@regla("titulos-propios")
def titulos_propios(criterio: Criterio, en: datetime) -> Veredicto:
    """Cada página pública tiene título, y ninguna el de otra."""
    veces = Counter(pagina.titulo for _lugar, pagina in lector().paginas() if pagina.html)

    def revisar(pagina: Pagina) -> str:
        if not pagina.titulo:
            return "no tiene título"
        return f"repite el título «{pagina.titulo}»" if veces[pagina.titulo] > 1 else ""

    return _en_cada_pagina(
        "tienen un título propio", revisar, "Cambie el título de las páginas que se nombran."
    )


@regla("vinculos-sanos")
def vinculos_sanos(criterio: Criterio, en: datetime) -> Veredicto:
    """Ningún vínculo interno de las páginas públicas lleva a una página que no existe."""
    sitio = lector()
    destinos: dict[str, str] = {}
    for lugar, pagina in sitio.paginas():
        for enlace in pagina.enlaces():
            if (ruta := interno(enlace).partition("?")[0]) and not ruta.startswith("/admin/"):
                destinos.setdefault(ruta, str(lugar.ruta))
    if not destinos:
        raise NoSePudoMirar("Las páginas no tienen vínculos.")
    rotos = [
        f"{ruta} (desde {desde})" for ruta, desde in destinos.items() if sitio.seguir(ruta).estado >= 400
    ]
    if not rotos:
        return cumple("Funcionan los vínculos internos que se siguieron. Los de otros sitios no se siguen.")
    return falla(
        f"Vínculos que no llevan a ninguna parte: {nombrar(rotos)}.",
        "Corrija el vínculo en el texto donde está, o publique lo que anuncia.",
        en_parte=True,
    )


@regla("mapa-completo")
def mapa_completo(criterio: Criterio, en: datetime) -> Veredicto:
    """El mapa del sitio responde y enlaza todos los canales públicos."""
    mapa = lector().leer("/mapa-del-sitio/")
    enlaces = set(mapa.enlaces("contenido"))
    canales = list(Canal.objects.publicos().select_related("dependencia"))
    faltan = [f"«{c.nombre}» ({c.dependencia})" for c in canales if c.get_absolute_url() not in enlaces]
    if mapa.existe and canales and not faltan:
        return cumple("El mapa del sitio enlaza todos los canales públicos.")
    detalle = f"Al mapa del sitio le faltan canales: {nombrar(faltan)}."
    return falla(detalle, "Avise a quien administra el sitio.", en_parte=len(faltan) < len(canales))


@regla("buscador-encuentra")
def buscador_encuentra(criterio: Criterio, en: datetime, *, con_filtros: bool = False) -> Veredicto:
    """El buscador encuentra la última publicación por su título; con filtros, solo en su canal."""
    ultima = Publicacion.objects.publicadas().select_related("canal", "version_publica", "dependencia")
    publicacion = ultima.recientes_primero().first()
    if publicacion is None or publicacion.version_publica is None:
        raise NoSePudoMirar("No hay nada publicado que buscar.")
    pregunta = f"/buscar/?q={quote(publicacion.version_publica.titulo)}"

    def aparece(filtro: str = "") -> bool:
        return publicacion.get_absolute_url() in lector().leer(f"{pregunta}{filtro}").enlaces("contenido")

    arreglo = "Avise a quien administra el sitio: el buscador no responde como debe."
    if not aparece():
        return falla(f"El buscador no encuentra {nombre_de_publicacion(publicacion)} por su título.", arreglo)
    if not con_filtros:
        return cumple("El buscador encuentra la última publicación por su título.")
    otro = Canal.objects.publicos().exclude(pk=publicacion.canal_id).exclude(tipos=[]).first()
    suyo = f"&canal={publicacion.canal.slug}"
    if not aparece(suyo) or otro is None or aparece(f"&canal={otro.slug}"):
        return falla(f"Los filtros no separan {nombre_de_publicacion(publicacion)}.", arreglo, en_parte=True)
    return cumple("El buscador filtra por canal, dependencia, clase y año.")
