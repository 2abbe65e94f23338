"""Which trámites are done in this very site. Whoever receives the requests says so in its `ready()`."""

from collections.abc import Callable

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When
from django.urls import reverse

from tramites.models import Tramite

#: Name of the address where requests are received, which takes the slug of a trámite → rows, each with its
#: `tramite`, of those that are received there now.
RECEPCIONES: dict[str, Callable[[], QuerySet]] = {}


def con_recepcion(tramites: QuerySet[Tramite]) -> QuerySet[Tramite]:
    """Adds `se_recibe`, the name of the address where it is done here or nothing. It costs no query."""
    casos = [
        When(Exists(filas().filter(tramite=OuterRef("pk"))), then=Value(nombre))
        for nombre, filas in RECEPCIONES.items()
    ]
    return tramites.annotate(se_recibe=Case(*casos, default=Value(""), output_field=CharField()))


def donde_se_solicita(tramite: Tramite) -> str:
    """The path where it is done here; empty when it is not, or was not read `con_recepcion`."""
    nombre = getattr(tramite, "se_recibe", "")
    return reverse(nombre, args=[tramite.slug]) if nombre and tramite.hoja_publica_id else ""
