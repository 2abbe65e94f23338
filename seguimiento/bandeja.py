"""What waits for whoever answers for a criterion that is not met."""

from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse

from portal.bandeja import LINEAS, Grupo, Tarea
from portal.models import Asignacion, Cargo, Usuario
from seguimiento.models import Criterio, Evaluacion

Resultado = Criterio.Resultado


def criterios_que_no_se_cumplen(usuario: Usuario, en: datetime) -> Grupo:
    """Criteria that failed or reopened, of the channels the person writes and the offices they head.

    Those not met first, and among equals what changed last. Being head of Secretaría General opens every
    criterion, but does not make each one a daily task.
    """
    cargos = Cargo.objects.ejercidos_por(usuario, en)
    asignadas = Asignacion.objects.filter(
        canal=OuterRef("canal"), funcion=Asignacion.Funcion.AUTOR, cargo__in=cargos.values("pk")
    )
    jefaturas = cargos.filter(es_jefatura=True).values("dependencia")
    cambio = Evaluacion.objects.filter(criterio=OuterRef("pk")).order_by("-en", "-pk")
    criterios = (
        Criterio.objects.filter(
            Q(resultado__in=[Resultado.NO_CUMPLE, Resultado.PARCIAL])
            | Q(resultado=Resultado.SIN_EVALUAR) & ~Q(arreglo="")
        )
        .filter(Exists(asignadas) | Q(dependencia__in=jefaturas))
        .select_related("canal", "dependencia", "fase")
        .annotate(
            gravedad=Case(When(resultado=Resultado.NO_CUMPLE, then=Value(0)), default=Value(1)),
            cambio=Subquery(cambio.values("en")[:1]),
        )
        .order_by("gravedad", F("cambio").desc(nulls_last=True), "pk")
    )
    return Grupo(
        "Criterios que no se cumplen",
        [
            Tarea(
                str(criterio),
                f"{criterio.dependencia} · {criterio.detalle} {criterio.arreglo}",
                _donde(criterio),
            )
            for criterio in criterios[:LINEAS]
        ],
    )


#: Where each rule's failure is put right, in the admin or on the page that fails.
_LUGARES = {
    "municipio-tiene": ("admin:portal_municipio_changelist",),
    "dependencias-tienen": ("admin:portal_dependencia_changelist",),
    "canales-con-responsable": ("admin:portal_asignacion_changelist",),
    "conectividad-cerrada": ("conectividad:bitacora",),
    "tramites-publicados": ("admin:tramites_tramite_changelist",),
    "tramites-con": ("admin:tramites_tramite_changelist",),
    "tramites-automatizados": ("admin:tramites_tramite_changelist",),
}


def _donde(criterio: Criterio) -> str:
    """Where the person can do something about it."""
    if lugar := _LUGARES.get(criterio.regla):
        return reverse(*lugar)
    if criterio.canal and criterio.canal.tipos:
        return f"{reverse('admin:portal_version_add')}?canal={criterio.canal_id}"
    return reverse("seguimiento:criterio", args=[criterio.codigo])
