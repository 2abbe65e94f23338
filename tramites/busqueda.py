"""A published trámite in the search of the site, by its name and by what people call it."""

from portal.busqueda import desindexar_entrada, indexar_entrada
from portal.models import Canal
from tramites.models import HojaDeVida, Tramite
from tramites.models.tramite import CANAL

CLASE = "tramite"


def indexar(tramite: Tramite) -> None:
    """Make it findable with the hoja the public reads."""
    hoja = HojaDeVida.objects.enteras().get(pk=tramite.hoja_publica_id)
    acciones = " ".join(str(accion) for accion in hoja.acciones())
    indexar_entrada(
        CLASE,
        tramite.pk,
        tipo=CLASE,
        titulo=hoja.nombre,
        alias=" · ".join([*hoja.palabras_clave, hoja.nombre_estandarizado, tramite.palabra or ""]),
        resumen=hoja.descripcion[:300],
        texto=f"{hoja.resultado}. {hoja.tematica or ''}. {acciones}",
        url=tramite.get_absolute_url(),
        canal_id=Canal.objects.values_list("pk", flat=True).get(slug=CANAL),
        dependencia_id=hoja.dependencia_id,
        fecha=tramite.publicado_en,
    )


def desindexar(tramite: Tramite) -> None:
    desindexar_entrada(CLASE, tramite.pk)
