"""Who sees and who handles each radicado. Posts decide: to administer the site opens none.

`visibles` filters what is shown; a step with legal effect asks `reparten`, `tramitan` or `firman` again.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.alcance import alcance_de
from portal.models import Asignacion, Canal, Cargo, Usuario
from ventanilla.models import Radicado, Subcaso

#: The channel whose matrix says who attends the counter and gives each radicado to its office.
CANAL = "quejas-y-reclamos"


def atiende(usuario: Usuario, en: datetime | None = None) -> bool:
    """Whether the person works at the counter: writes in that channel, or heads Secretaría General."""
    alcance = alcance_de(usuario, en)
    escribe = {Asignacion.Funcion.AUTOR.value, Asignacion.Funcion.EDITOR.value}
    return alcance.dirige_secretaria_general or bool(alcance.funciones_en(CANAL) & escribe)


def entra(usuario: Usuario, en: datetime | None = None) -> bool:
    """Whether the desk has anything for the person: whoever holds a post of the alcaldía."""
    return usuario.is_active and usuario.is_staff and bool(alcance_de(usuario, en).puestos)


def visibles(usuario: Usuario, en: datetime | None = None) -> QuerySet[Radicado]:
    """The radicados that the person may read. At most the queries of their `Alcance`, and this one.

    The counter sees all but the reserved ones; each head, those of the office and those that wait for a
    part of it; each post, those given to it; the head of Secretaría General, all.
    """
    alcance = alcance_de(usuario, en)
    if not usuario.is_active:
        return Radicado.objects.none()
    if alcance.dirige_secretaria_general:
        return Radicado.objects.all()
    suyos: Any = Q(asignado_a__in=[puesto.cargo for puesto in alcance.puestos])
    if alcance.dirige:
        pedidos = Subcaso.objects.filter(radicado=OuterRef("pk"), dependencia__in=alcance.dirige)
        suyos |= Q(dependencia__in=alcance.dirige) | Exists(pedidos)
    if atiende(usuario, en):
        suyos |= Q(clase__reservada=False)
    return Radicado.objects.filter(suyos)


def lo_tramita(usuario: Usuario, radicado: Radicado, en: datetime | None = None) -> bool:
    """Whether it is in the person's hands: to show a reserved one whole. No query beyond their `Alcance`."""
    alcance = alcance_de(usuario, en)
    if not usuario.is_active:
        return False
    if alcance.dirige_secretaria_general or radicado.dependencia_id in alcance.dirige:
        return True
    return radicado.asignado_a_id in {puesto.cargo for puesto in alcance.puestos}


def reparten() -> QuerySet[Cargo]:
    """The posts that give each radicado to its office: the counter and the head of Secretaría General."""
    canal = Canal.objects.filter(slug=CANAL).values("pk")[:1]
    return Cargo.objects.filter(
        Q(
            asignaciones__canal__in=canal,
            asignaciones__funcion__in=[Asignacion.Funcion.AUTOR, Asignacion.Funcion.EDITOR],
        )
        | Q(es_jefatura=True, dependencia__es_secretaria_general=True)
    ).distinct()


def tramitan(radicado: Radicado) -> QuerySet[Cargo]:
    """The posts that handle it: the one it was given to, the head of its office and Secretaría General's."""
    return Cargo.objects.filter(
        Q(pk=radicado.asignado_a_id) | Cargo.objects.Q_jefatura(radicado.dependencia_id)
    )


def firman(radicado: Radicado) -> QuerySet[Cargo]:
    """The posts that sign its answer: the head of its office and that of Secretaría General."""
    return Cargo.objects.que_dirigen(radicado.dependencia_id)


def como(usuario: Usuario, cargos: QuerySet[Cargo], en: datetime | None = None) -> Cargo | None:
    """The post among those with which the person acts; None when they hold none of them."""
    suyos = Cargo.objects.ejercidos_por(usuario, en).filter(pk__in=cargos.values("pk"))
    return suyos.select_related("dependencia").order_by("-es_jefatura", "orden", "pk").first()
