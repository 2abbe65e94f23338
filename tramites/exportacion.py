"""The catalogue of trámites going out, as a spreadsheet that may come back changed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from portal.hojas_de_calculo import a_csv, a_xlsx, limpio
from tramites.columnas import COLUMNAS, escribir_fuente, escribir_hoja, unir
from tramites.contenido import Catalogos, contenido_vacio
from tramites.models import HojaDeVida, Tramite


def en_csv(tramites: QuerySet[Tramite]) -> str:
    """Those trámites by code, with what their last hoja de vida says: what is being written of each."""
    return a_csv(COLUMNAS, _filas(tramites))


def en_xlsx(tramites: QuerySet[Tramite]) -> bytes:
    """The same as a workbook. Raises portal.hojas_de_calculo.TablaRechazada when a cell does not fit."""
    return a_xlsx("Trámites", COLUMNAS, _filas(tramites))


def _filas(tramites: QuerySet[Tramite]) -> Iterator[list[str]]:
    catalogos = Catalogos()
    for tramite, hoja in con_su_hoja(tramites):
        textos = {"codigo": tramite.codigo} | escribir_tramite(tramite)
        textos |= escribir_hoja(contenido_de(tramite, hoja), catalogos)
        yield [textos[columna] for columna in COLUMNAS]


def con_su_hoja(tramites: QuerySet[Tramite]) -> Iterator[tuple[Tramite, HojaDeVida | None]]:
    """Each trámite with the last hoja de vida that was not discarded, in a constant number of queries."""
    ultimas = (
        HojaDeVida.objects.exclude(estado=HojaDeVida.Estado.DESCARTADA)
        .filter(tramite__in=tramites)
        .order_by("tramite_id", "-numero")
        .distinct("tramite_id")
    )
    hojas = {h.tramite_id: h for h in HojaDeVida.objects.enteras().filter(pk__in=ultimas.values("pk"))}
    for tramite in tramites.order_by("codigo").select_related("dependencia").prefetch_related("previos"):
        yield tramite, hojas.get(tramite.pk)


def contenido_de(tramite: Tramite, hoja: HojaDeVida | None) -> dict[str, Any]:
    """What the hoja says; without one, the name and the office."""
    if hoja is None:
        identidad = {"nombre": tramite.nombre, "dependencia": tramite.dependencia.nombre}
        return contenido_vacio() | identidad
    return hoja.contenido()


def escribir_tramite(tramite: Tramite) -> dict[str, str]:
    """What the columns say that are not of the hoja de vida."""
    return {
        "tipo": tramite.tipo,
        "fuente": limpio(escribir_fuente(tramite)),
        "palabra": tramite.palabra or "",
        "numero_suit": tramite.numero_suit or "",
        "previos": unir(sorted(previo.codigo for previo in tramite.previos.all())),
    }
