"""What waits about the plan: criteria that are not met, reports to sign, what an office is asked."""

from datetime import datetime
from typing import Any

from django.db.models import Case, F, Func, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse

from portal.alcance import alcance_de
from portal.bandeja import Grupo, Rama, Tarea, juntar, sencilla
from portal.models import Asignacion, Usuario
from seguimiento.models import Criterio, Evaluacion, InformeSemanal, ObservacionADependencia

Funcion = Asignacion.Funcion
Resultado = Criterio.Resultado


def criterios_que_no_se_cumplen(usuario: Usuario, en: datetime) -> Grupo:
    """Criteria that failed or reopened, of the channels the person writes and the offices they head.

    Those not met first, and among equals what changed last. Being head of Secretaría General opens every
    criterion, but does not make each one a daily task.
    """
    alcance = alcance_de(usuario, en)
    cambio = Evaluacion.objects.filter(criterio=OuterRef("pk")).order_by("-en", "-pk")
    criterios = (
        Criterio.objects.filter(
            Q(resultado__in=[Resultado.NO_CUMPLE, Resultado.PARCIAL])
            | Q(resultado=Resultado.SIN_EVALUAR) & ~Q(arreglo="")
        )
        .filter(Q(canal__in=alcance.asignados(Funcion.AUTOR)) | Q(dependencia__in=alcance.dirige))
        .select_related("canal", "dependencia", "fase")
        .annotate(
            gravedad=Case(When(resultado=Resultado.NO_CUMPLE, then=Value(0)), default=Value(1)),
            cambio=Subquery(cambio.values("en")[:1]),
        )
        .order_by("gravedad", F("cambio").desc(nulls_last=True), "pk")
    )
    rama = Rama("Criterios que no se cumplen", criterios, _criterio, todas=reverse("seguimiento:criterios"))
    return juntar(rama)[0]


def _criterio(criterio: Criterio) -> Tarea:
    detalle = f"{criterio.dependencia} · {criterio.detalle} {criterio.arreglo}"
    return Tarea(str(criterio), detalle, _donde(criterio))


def informes_y_preguntas(usuario: Usuario, en: datetime) -> list[Rama]:
    """The reports to sign, and what Secretaría General asked of an office."""
    alcance = alcance_de(usuario, en)
    responde = alcance.dirige | alcance.escriben_en([Funcion.AUTOR, Funcion.EDITOR])
    ramas = []
    if alcance.dirige_secretaria_general:
        ramas.append(informes_por_firmar())
    if responde:
        ramas.append(preguntas_por_responder(responde))
    return ramas


def informes_por_firmar() -> Rama:
    """Those that whoever heads Secretaría General has not signed, the oldest first."""
    informes = InformeSemanal.objects.filter(estado=InformeSemanal.Estado.CONGELADO)

    def linea(fila: Any) -> Tarea:
        informe = _informe(fila.de_clave)
        url = reverse("seguimiento:firmar_informe", args=[informe.anio, informe.semana])
        return Tarea(f"{informe}: {informe.periodo}", fila.de_texto, url)

    return Rama(
        "Informes semanales por firmar",
        sencilla(
            informes.order_by("anio", "semana"),
            texto=KeyTextTransform(0, "datos__titular"),
            clave=_clave_de_informe(""),
        ),
        linea,
        todas=reverse("seguimiento:informes"),
    )


def preguntas_por_responder(dependencias: frozenset[int]) -> Rama:
    """What was asked of those offices and nobody has answered, the oldest first."""
    abiertas = ObservacionADependencia.objects.filter(respuesta="", dependencia__in=dependencias)

    def linea(fila: Any) -> Tarea:
        informe, pregunta, oficina = fila.de_clave.split(" ")
        pagina = reverse("seguimiento:seguimiento_de_dependencia", args=[oficina])
        detalle = f"{fila.de_detalle} · {_informe(informe).periodo}"
        return Tarea(fila.de_texto, detalle, f"{pagina}#observacion-{pregunta}")

    return Rama(
        "Le preguntan por su dependencia",
        sencilla(
            abiertas.order_by("en", "pk"),
            texto="texto",
            detalle="dependencia__nombre",
            clave=_juntos(
                " ", _clave_de_informe("informe__"), Cast("pk", TextField()), F("dependencia__slug")
            ),
        ),
        linea,
    )


def _juntos(entre: str, *partes: Any) -> Func:
    return Func(Value(entre), *partes, function="CONCAT_WS", output_field=TextField())


def _clave_de_informe(hasta: str) -> Func:
    return _juntos(
        "-", *(Cast(f"{hasta}{campo}", TextField()) for campo in ("anio", "semana", "consecutivo"))
    )


def _informe(clave: str) -> InformeSemanal:
    anio, semana, consecutivo = map(int, clave.split("-"))
    return InformeSemanal(anio=anio, semana=semana, consecutivo=consecutivo)


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
