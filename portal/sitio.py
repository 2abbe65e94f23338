"""What every page shows: municipality, channels and edición. Read from the database once per edición."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils.functional import cached_property

from portal.models import Canal, Dependencia, Edicion, Municipio, PeriodoDeGobierno


@dataclass(frozen=True)
class Entrada:
    """A link with its words. `dentro`: other addresses that belong to the same entry of the menu."""

    titulo: str
    url: str
    dentro: tuple[str, ...] = ()


#: The main menu: at most seven, in this order.
MENU = (
    Entrada("Trámites y servicios", "/tramites/", ("/situaciones/",)),
    Entrada("Noticias", "/canales/noticias/", ("/agenda/", "/boletin/")),
    Entrada("Participa", "/participa/", ("/encuestas/", "/suscripciones/")),
    Entrada("El municipio", "/canales/nuestro-municipio/"),
    Entrada("La alcaldía", "/dependencias/"),
    Entrada("Normas", "/canales/normatividad/"),
    Entrada("Gobierno en línea", "/gobierno-en-linea/"),
)

#: Pages that other apps put in the map of the site.
MAPA: list[Entrada] = []
#: The doors by which people reach the alcaldía, that other apps open: the home page and the footer show them.
ATENCION: list[Entrada] = []
#: Other ways to be told what is new, besides RSS.
NOVEDADES: list[Entrada] = []
#: Slug of a channel → the page where what it is about is done.
PUERTAS: dict[str, Entrada] = {}
#: Functions of other apps that say what people most look for, best first: the home page shows it.
LO_MAS_BUSCADO: list[Callable[[], list[Entrada]]] = []


class Sitio:
    """Lazy: a page that shows nothing of it costs no query."""

    menu = MENU
    mapa = MAPA
    atencion = ATENCION
    puertas = PUERTAS
    novedades = NOVEDADES

    @cached_property
    def _edicion(self) -> tuple[int, datetime]:
        return Edicion.objects.values_list("numero", "cambiada_en").get(pk=1)

    @property
    def edicion(self) -> int:
        return self._edicion[0]

    @property
    def actualizado_en(self) -> datetime:
        """The moment of the last public change."""
        return self._edicion[1]

    def de_la_edicion(self, que: str, leer):
        """What `leer` returns, called once per edición and worker."""
        return cache.get_or_set(f"sitio:{self.edicion}:{que}", leer)

    @cached_property
    def municipio(self) -> Municipio:
        return self.de_la_edicion("municipio", lambda: Municipio.objects.first() or Municipio())

    @cached_property
    def canales(self) -> dict[str, Canal]:
        """The public channels by slug, in order, with their office."""
        return self.de_la_edicion(
            "canales",
            lambda: {canal.slug: canal for canal in Canal.objects.publicos().select_related("dependencia")},
        )

    @cached_property
    def dependencias(self) -> dict[str, Dependencia]:
        return self.de_la_edicion(
            "dependencias",
            lambda: {d.slug: d for d in Dependencia.objects.filter(activa=True)},
        )

    @cached_property
    def periodos(self) -> list[PeriodoDeGobierno]:
        """Those of government, the latest first."""
        return self.de_la_edicion("periodos", lambda: list(PeriodoDeGobierno.objects.all()))

    @cached_property
    def lo_mas_buscado(self) -> list[Entrada]:
        return self.de_la_edicion(
            "lo-mas-buscado", lambda: [entrada for leer in LO_MAS_BUSCADO for entrada in leer()]
        )

    @property
    def secciones(self) -> list[tuple[str, list[Canal]]]:
        """Channels with something to show, grouped as citizens look for them."""
        return [
            (seccion.label, canales)
            for seccion in Canal.Seccion
            if (canales := [c for c in self.canales.values() if c.seccion == seccion])
        ]


def sitio_de(request) -> Sitio:
    """The Sitio of this request, made once."""
    if not hasattr(request, "sitio"):
        request.sitio = Sitio()
    return request.sitio
