"""What each address of the site is called, for who reads figures and opinions about pages."""

from collections.abc import Collection

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.urls import reverse

from portal.models import Canal, Dependencia, EntradaDeBusqueda
from portal.sitio import MAPA, MENU

#: Pages that are in no list of the site.
_PROPIAS = {
    "/": "Portada",
    "/buscar/": "Buscar",
    "/mapa-del-sitio/": "Mapa del sitio",
    "/canales/": "Canales",
    "/agenda/": "Agenda",
}


def titulos_de(rutas: Collection[str]) -> dict[str, str]:
    """The title of each address that the public can read now and we know. One query, none without addresses.

    What search finds (texts, trámites), then the pages of the menu and the map, then channels and offices.
    """
    canales, dependencias = Canal.objects.publicos(), Dependencia.objects.filter(activa=True)
    por_clase = [
        EntradaDeBusqueda.objects.annotate(se_busca=Value(True)),
        canales.exclude(ruta="").annotate(url=F("ruta"), titulo=F("nombre"), se_busca=Value(False)),
        _por_su_slug(canales, "portal:canales"),
        _por_su_slug(dependencias, "portal:dependencias"),
    ]
    primera, *otras = (
        filas.filter(url__in=rutas).values_list("url", "titulo", "se_busca").order_by() for filas in por_clase
    )
    hallados = list(primera.union(*otras, all=True))
    fijas = _PROPIAS | {entrada.url: entrada.titulo for entrada in [*MAPA, *MENU]}
    return (
        {url: titulo for url, titulo, se_busca in hallados if not se_busca}
        | {ruta: fijas[ruta] for ruta in rutas if ruta in fijas}
        | {url: titulo for url, titulo, se_busca in hallados if se_busca}
    )


def _por_su_slug(filas, lista: str):
    """The rows of a list whose pages hang from it by their slug."""
    url = Concat(Value(reverse(lista)), "slug", Value("/"), output_field=CharField())
    return filas.annotate(url=url, titulo=F("nombre"), se_busca=Value(False))
