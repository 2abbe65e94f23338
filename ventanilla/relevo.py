"""What a tenure that ends leaves at the ventanilla. Radicados belong to posts: they wait for who comes."""

from django.db.models import Q

from portal.models import Titularidad
from portal.redaccion.relevo import Espera
from ventanilla.models import Radicado
from ventanilla.models.radicado import ABIERTOS


def radicados_de(titularidad: Titularidad) -> list[Espera]:
    """The open ones given to its post and, when it heads an office, those of the office given to nobody.

    By number only: of a reserved one not even the subject is said.
    """
    cargo = titularidad.cargo
    suyos = Q(asignado_a=cargo.pk)
    if cargo.es_jefatura:
        suyos |= Q(asignado_a=None, dependencia=cargo.dependencia_id)
    abiertos = Radicado.objects.filter(suyos, estado__in=ABIERTOS).select_related("asiento")
    return [
        Espera("Radicados sin terminar", radicado.asiento.numero, radicado.dependencia_id)
        for radicado in abiertos.order_by("vence", "pk")
    ]
