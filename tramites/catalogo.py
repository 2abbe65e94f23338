"""What the citizen finds of the catalogue: with their own words, by filters, by what is most read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from portal import busqueda
from portal.models import Dependencia, EntradaDeBusqueda
from portal.sitio import Entrada, Sitio
from tramites.busqueda import CLASE
from tramites.models import Audiencia, SituacionDeVida, Tramite

#: Days of readings by which one trámite counts as more read than another.
DIAS_DE_LECTURA = 90


def mas_leidos() -> QuerySet[Tramite]:
    """Public trámites, most read lately first."""
    return Tramite.objects.mas_leidos(timezone.localdate() - timedelta(days=DIAS_DE_LECTURA))


def para_la_portada() -> list[Entrada]:
    """What the home page shows of the catalogue: nothing while there is nothing published."""
    entradas = [Entrada(tramite.nombre, tramite.get_absolute_url()) for tramite in mas_leidos()[:6]]
    return [*entradas, Entrada("Todos los trámites", "/tramites/")] if entradas else []


def con_tramites() -> QuerySet[SituacionDeVida]:
    """Life situations that call for some public trámite, each with `cuantos`."""
    publicos = Q(pasos__tramite__hoja_publica__isnull=False)
    con_cuenta = SituacionDeVida.objects.annotate(cuantos=Count("pasos", filter=publicos))
    # Asked again, because a query that groups forgets the order of its model.
    return con_cuenta.filter(cuantos__gt=0).order_by("orden", "nombre")


# --- Filters ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Opciones:
    """What the catalogue may be narrowed to, by slug: only what some public trámite has."""

    dependencias: dict[str, Dependencia]
    situaciones: dict[str, SituacionDeVida]
    audiencias: dict[str, Audiencia]


def opciones(sitio: Sitio) -> Opciones:
    """Read once per edición."""
    return sitio.de_la_edicion("opciones-de-tramites", _leer_opciones)


def _leer_opciones() -> Opciones:
    publicos = Tramite.objects.publicos()
    hojas = publicos.values("hoja_publica")
    de_alguna = Q(hojas__in=hojas) | Q(dentro__hojas__in=hojas)
    return Opciones(
        _por_slug(Dependencia.objects.filter(pk__in=publicos.values("hoja_publica__dependencia"))),
        _por_slug(con_tramites()),
        _por_slug(Audiencia.objects.filter(de_alguna).distinct()),
    )


def _por_slug(consulta: QuerySet) -> dict:
    return {fila.slug: fila for fila in consulta}


# --- Search -------------------------------------------------------------------------------------
def buscar(texto: str, tramites: QuerySet[Tramite]) -> tuple[busqueda.Hallazgo, list[Tramite]]:
    """What the search of the site finds of those trámites, best first."""
    hallazgo = busqueda.hallar(texto, clase=CLASE)
    entradas = EntradaDeBusqueda.objects.filter(pk__in=hallazgo.ids)
    ordenadas: Any = busqueda.ordenadas(hallazgo.ids, hallazgo.consulta)
    rango = ordenadas.filter(objeto=OuterRef("pk")).values("rango")
    hallados = (
        tramites.filter(pk__in=entradas.values("objeto"))
        .annotate(rango=Subquery(rango[:1]))
        .order_by("-rango", "hoja_publica__nombre")
    )
    return hallazgo, list(hallados)
