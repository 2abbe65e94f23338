"""What the public templates need and Django does not bring."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlsplit

from django import template
from django.core.paginator import Page
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, localtime

from portal import gobierno
from portal.archivos import ANCHO_MINIATURA
from portal.busqueda import resaltar, sin_tildes
from portal.models import Adjunto, Canal, Cargo, PeriodoDeGobierno, Publicacion, Rendicion, Version
from portal.saneado import sanear, solo_texto
from portal.sitio import sitio_de

register = template.Library()
register.filter("resaltar", resaltar)


# --- Text ---------------------------------------------------------------------------------------
_TABLA = re.compile(r"<table>(?:<caption>(.*?)</caption>)?", re.DOTALL)


@register.filter
def cuerpo(texto: str) -> SafeString:
    """Rich text, sanitised again on its way out. Each table gets a box of its own to scroll in."""
    con_cajas = _TABLA.sub(_abrir_caja, sanear(texto)).replace("</table>", "</table></div>")
    return mark_safe(con_cajas)  # noqa: S308 -- sanear() is the guard


def _abrir_caja(tabla: re.Match[str]) -> str:
    nombre = f"Tabla: {escape(solo_texto(tabla[1]))}" if tabla[1] else "Tabla"
    return f'<div class="desliza" role="group" tabindex="0" aria-label="{nombre}">{tabla[0]}'


@register.filter
def dominio(url: str) -> str:
    """The host of an address, as people say it."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def en_grupos(huella: str) -> str:
    """A long hexadecimal number in groups of eight, to be compared by eye."""
    return " ".join(huella[i : i + 8] for i in range(0, len(huella), 8))


@register.filter
def peso(octetos: int) -> str:
    """A file size with the units of the SI, as file managers say it."""
    if octetos < 1_000_000:
        return f"{max(1, round(octetos / 1000))} kB"
    return f"{octetos / 1_000_000:.1f} MB".replace(".", ",")


# --- Dates --------------------------------------------------------------------------------------
def _en_palabras(dia: date, formato: str = "DATE_FORMAT") -> str:
    """Spanish months and days go in lower case; Django's `es_CO` capitalises them."""
    return date_format(dia, formato).lower()


def _hora(momento: datetime) -> str:
    reloj = date_format(momento, "g:i")
    if (momento.hour, momento.minute) == (12, 0):
        return f"{reloj}\xa0m."
    return f"{reloj}\xa0{'a' if momento.hour < 12 else 'p'}.\xa0m."


def _tiempo(valor: str, texto: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', valor, texto)


@register.filter(expects_localtime=True)
def fecha(dia: date, formato: str = "DATE_FORMAT") -> SafeString:
    """«22 de noviembre de 2026», inside `<time>`."""
    return _tiempo(f"{dia:%Y-%m-%d}", _en_palabras(dia, formato))


@register.filter(expects_localtime=True)
def fecha_y_hora(momento: datetime) -> SafeString:
    return _tiempo(momento.isoformat(timespec="minutes"), f"{_en_palabras(momento)}, {_hora(momento)}")


@register.filter(expects_localtime=True)
def hora(momento: datetime) -> SafeString:
    return _tiempo(momento.isoformat(timespec="minutes"), _hora(momento))


@register.filter(expects_localtime=True)
def mes(dia: date) -> str:
    """«Noviembre de 2026», to head what happens in it."""
    return date_format(dia, "F \\d\\e Y").capitalize()


@register.filter
def cuando(version: Version) -> SafeString:
    """From when to when an event runs."""
    inicio, fin = localtime(version.evento_inicio), localtime(version.evento_fin)
    dia = "l j \\d\\e F \\d\\e Y"
    if inicio.date() == fin.date():
        return format_html(
            "{}, de {} a {}",
            _tiempo(f"{inicio:%Y-%m-%d}", _en_palabras(inicio, dia).capitalize()),
            hora(inicio),
            hora(fin),
        )
    return format_html("Del {} al {}", fecha_y_hora(inicio), fecha_y_hora(fin))


# --- Lists --------------------------------------------------------------------------------------
@register.filter
def dentro_de(nodos: Mapping[str, object], padre=None) -> list:
    """Of channels or offices by slug, those inside `padre`; without it, those inside no other."""
    if padre is not None:
        return [nodo for nodo in nodos.values() if nodo.padre_id == padre.pk]
    presentes = {nodo.pk for nodo in nodos.values()}
    return [nodo for nodo in nodos.values() if nodo.padre_id not in presentes]


@register.filter
def con_slug(nodos: Mapping[str, object], slug: str) -> object:
    """The channel or office of that address, or None: templates cannot write a hyphen."""
    return nodos.get(slug)


@register.filter
def camino(nodo, nodos: Mapping[str, object]) -> list:
    """What a channel or office is inside of, from the outside in, without a query."""
    por_id = {otro.pk: otro for otro in nodos.values()}
    encima: list = []
    while nodo := por_id.get(nodo.padre_id):
        encima.insert(0, nodo)
    return encima


@register.filter
def por_letra(publicaciones: Iterable) -> list[tuple[str, list]]:
    """From A to Z as a Spanish dictionary: the database orders by code, with Á after Z."""

    def clave(publicacion) -> str:
        return sin_tildes(publicacion.version_publica.titulo).replace("ñ", "n\uffff")

    def letra(publicacion) -> str:
        return sin_tildes(publicacion.version_publica.titulo)[:1].upper()

    return [(inicial, list(g)) for inicial, g in groupby(sorted(publicaciones, key=clave), letra)]


@register.filter
def cargos_que(canal: Canal, funcion: str) -> list[Cargo]:
    """The posts that the matrix gives that function in the channel, already read with it."""
    return [fila.cargo for fila in canal.asignaciones.all() if fila.funcion == funcion]


@register.filter
def numeros(pagina: Page) -> Iterable[int | str]:
    """Page numbers to show: the first, those around the current one, the last."""
    return pagina.paginator.get_elided_page_range(pagina.number, on_each_side=1, on_ends=1)


# --- Things of the site -------------------------------------------------------------------------
_ESQUEMAS = {
    "correo": "mailto",
    "correo_judicial": "mailto",
    "telefono": "tel",
    "linea_gratuita": "tel",
    "linea_anticorrupcion": "tel",
}


@register.simple_tag(takes_context=True)
def dato(context, campo: str) -> str:
    """A field of the municipality, linked if it can be dialled or written to.

    What nobody has confirmed yet says so: this is the only place that shows it.
    """
    municipio = context["sitio"].municipio
    valor = getattr(municipio, campo)
    if not valor:
        return ""
    if esquema := _ESQUEMAS.get(campo):
        destino = valor.replace(" ", "")
        valor = format_html('<a href="{}:{}">{}</a>', esquema, destino, valor)
    if campo in municipio.por_confirmar:
        valor = format_html('{} <small class="demo">dato de demostración</small>', valor)
    return valor


@register.simple_tag(takes_context=True)
def gobierno_anterior(context, publicacion: Publicacion) -> PeriodoDeGobierno | None:
    """The government of a political publication when it has ended. Its card may have no more context."""
    return gobierno.anterior(publicacion, lambda: sitio_de(context.request).periodos, localdate())


@register.simple_tag(takes_context=True)
def gobierno_del(context, cuando: date) -> PeriodoDeGobierno | None:
    """The government of that date or moment, or None when no period has it."""
    dia = localdate(cuando) if isinstance(cuando, datetime) else cuando
    return gobierno.el_del_dia(dia, sitio_de(context.request).periodos)


@register.simple_tag(takes_context=True)
def entrada_actual(context) -> str:
    """Address of the entry of the menu the reader is in, or ""."""
    sitio, request = context["sitio"], context["request"]
    cual = request.resolver_match.kwargs if request.resolver_match else {}
    canal = sitio.canales.get(cual.get("canal") or cual.get("slug"))
    encima = [canal, *camino(canal, sitio.canales)] if canal else []
    for ruta in [request.path, *(otro.get_absolute_url() for otro in encima)]:
        for entrada in sitio.menu:
            if ruta.startswith((entrada.url, *entrada.dentro)):
                return entrada.url
    return ""


@register.simple_tag
def medidas(imagen: Adjunto) -> str:
    """Width and height of the thumbnail, so that the page does not jump when it arrives."""
    if not (imagen.ancho and imagen.alto):
        return ""
    ancho = min(imagen.ancho, ANCHO_MINIATURA)
    return format_html('width="{}" height="{}"', ancho, round(imagen.alto * ancho / imagen.ancho))


@register.simple_tag
def tamanos(imagen: Adjunto) -> str:
    """The widths at which an image can be asked for. Narrow screens are told half of what it fills.

    A phone with three pixels where others have one would otherwise ask for the widest over a bad line.
    """
    anchas = [rendicion for rendicion in imagen.rendiciones.all() if rendicion.clase == Rendicion.Clase.ANCHO]
    if not anchas or not imagen.ancho:
        return ""
    opciones = [(rendicion.get_absolute_url(), rendicion.ancho) for rendicion in anchas]
    opciones.append((reverse("portal:miniatura", args=[imagen.pk]), min(imagen.ancho, ANCHO_MINIATURA)))
    opciones.sort(key=lambda opcion: opcion[1])
    return format_html(
        'srcset="{}" sizes="(min-width: 64rem) 40rem, 50vw"',
        format_html_join(", ", "{} {}w", opciones),
    )


@register.filter
def portada(imagenes: Iterable[Adjunto]) -> Rendicion | None:
    """The crop of the first image, for the apps where a link is shared."""
    recortes = (
        rendicion
        for imagen in imagenes
        for rendicion in imagen.rendiciones.all()
        if rendicion.clase == Rendicion.Clase.PORTADA
    )
    return next(recortes, None)
