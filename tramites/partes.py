"""What `completitud.medir` reads of a hoja de vida besides itself, in the query of the hoja.

`HojaDeVida.objects.enteras()` reads the same and more in seven queries; where many hojas share a page with
many other things, this is one column.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef
from django.db.models.functions import JSONObject

from tramites.models import Accion, Fundamento, HojaDeVida, Momento


def _filas(modelo: type[Model], **de_quien: OuterRef) -> ArraySubquery:
    """The rows of what hangs from another table, in their own order."""
    columnas = {campo.attname: F(campo.attname) for campo in modelo._meta.concrete_fields}
    return ArraySubquery(modelo._default_manager.filter(**de_quien).values(json=JSONObject(**columnas)))


def _si_hay(relacion: Any) -> ArraySubquery:
    return ArraySubquery(relacion.through.objects.filter(hojadevida=OuterRef("pk")).values("pk")[:1])


#: Annotate it as `partes`, and give the row to `poner`.
DE_LA_HOJA = JSONObject(
    fundamentos=_filas(Fundamento, hoja=OuterRef("pk")),
    momentos=_filas(Momento, hoja=OuterRef("pk")),
    acciones=_filas(Accion, momento__hoja=OuterRef("pk")),
    puntos=_si_hay(HojaDeVida.puntos),
    audiencias=_si_hay(HojaDeVida.audiencias),
)


def poner(hoja: Any) -> HojaDeVida:
    """The same hoja with its parts as if prefetched; of its points and audiences, only whether any."""
    partes = hoja.partes
    momentos = _objetos(Momento, partes["momentos"])
    acciones = _objetos(Accion, partes["acciones"])
    for un_momento in momentos:
        suyas = [accion for accion in acciones if accion.momento_id == un_momento.pk]
        un_momento._prefetched_objects_cache = {"acciones": suyas}
    hoja._prefetched_objects_cache = partes | {
        "fundamentos": _objetos(Fundamento, partes["fundamentos"]),
        "momentos": momentos,
    }
    return hoja


def _objetos(modelo: type[Model], filas: list[dict[str, Any]]) -> list[Any]:
    campos = modelo._meta.concrete_fields
    return [modelo(**{c.attname: c.to_python(fila[c.attname]) for c in campos}) for fila in filas]
