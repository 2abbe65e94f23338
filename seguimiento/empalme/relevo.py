"""What a tenure that ends leaves in a handover."""

from portal.models import Titularidad
from portal.redaccion.relevo import Espera
from seguimiento.models import ActividadDeEmpalme


def actividades_de(titularidad: Titularidad) -> list[Espera]:
    """Those of its post that have no minutes yet. One query."""
    por_hacer = ActividadDeEmpalme.objects.filter(responsable=titularidad.cargo_id, hecha_en=None)
    return [
        Espera("Actividades de empalme por hacer", str(una), titularidad.cargo.dependencia_id)
        for una in por_hacer
    ]
