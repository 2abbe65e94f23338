"""What waits for one person at the ventanilla: to give out, to accept, to answer, to sign and to decide."""

from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.alcance import Alcance, alcance_de
from portal.bandeja import Grupo, Rama, Tarea, juntar
from portal.models import Usuario
from ventanilla.acceso import atiende
from ventanilla.models import Mensaje, Radicado, Subcaso
from ventanilla.models.asiento import Asiento
from ventanilla.models.radicado import ABIERTOS

Estado = Radicado.Estado
_DIA = r"j \d\e F"
#: What every branch reads. `cuando` is the day that is awaited, and `subcaso` what is asked, if that is it.
_COLUMNAS = ("pk", "anio", "consecutivo", "titulo", "clase_de", "cuando", "interna", "subcaso")


def de_ventanilla(usuario: Usuario, en: datetime) -> list[Grupo]:
    """Every group, in one query. Whoever holds no post is asked nothing."""
    alcance = alcance_de(usuario, en)
    if not alcance.puestos:
        return []
    hoy = timezone.localdate(en)
    suyos = Q(asignado_a__in=[puesto.cargo for puesto in alcance.puestos])
    ramas = [
        _rama("Radicados por aceptar", _por_aceptar(alcance, suyos), hoy),
        _rama("Radicados por responder: vencidos o por vencer", _por_responder(alcance, suyos, hoy), hoy),
        _rama("Mensajes de la gente sin responder", _con_mensaje(usuario, alcance, suyos, en), hoy),
    ]
    if alcance.dirige:
        ramas += [
            _rama("Respuestas por firmar", _por_firmar(usuario, alcance), hoy),
            _rama("Le piden una parte de la respuesta", _subcasos(alcance), hoy),
            _rama(
                "Desistimientos por declarar", _por_desistir(alcance, hoy), hoy, "Podía completar hasta el"
            ),
        ]
    if alcance.dirige or atiende(usuario, en):
        ramas.append(_rama("Anulaciones por decidir", _por_anular(usuario, alcance, en), hoy))
    if atiende(usuario, en):
        ramas.append(_rama("Radicados por repartir", _por_repartir(alcance), hoy))
    return juntar(*ramas)


# --- Which ---------------------------------------------------------------------------------------
def _por_repartir(alcance: Alcance) -> QuerySet:
    sueltos = Radicado.objects.filter(estado=Estado.RADICADO)
    return _leidos(sueltos if alcance.dirige_secretaria_general else sueltos.filter(clase__reservada=False))


def _por_aceptar(alcance: Alcance, suyos: Q) -> QuerySet:
    """Given to one of their posts, or to an office of theirs without saying to whom."""
    de_la_oficina = Q(asignado_a=None, dependencia__in=alcance.dirige)
    return _leidos(Radicado.objects.filter(suyos | de_la_oficina, estado=Estado.ASIGNADO))


def _por_responder(alcance: Alcance, suyos: Q, hoy: date) -> QuerySet:
    de_quien = suyos | Q(dependencia__in=alcance.dirige)
    return _leidos(Radicado.objects.filter(de_quien, estado=Estado.EN_TRAMITE, vence_interno__lte=hoy))


def _por_firmar(usuario: Usuario, alcance: Alcance) -> QuerySet:
    """Of the offices they head; the head of Secretaría General, also second signatures."""
    cuales = Q(dependencia__in=alcance.dirige)
    if alcance.dirige_secretaria_general:
        cuales |= Q(proyecto__primera_firma_por__isnull=False)
    por_firmar = Radicado.objects.filter(cuales, estado=Estado.POR_FIRMAR)
    return _leidos(por_firmar.exclude(proyecto__primera_firma_por=usuario))


def _por_desistir(alcance: Alcance, hoy: date) -> QuerySet:
    esperan = Radicado.objects.filter(estado=Estado.REQUIERE_COMPLETAR, completar_hasta__lt=hoy)
    return _leidos(esperan.filter(dependencia__in=alcance.dirige), cuando="completar_hasta")


def _por_anular(usuario: Usuario, alcance: Alcance, en: datetime) -> QuerySet:
    pedidos = Radicado.objects.filter(estado__in=ABIERTOS, anulacion_pedida_por__isnull=False)
    pedidos = pedidos.exclude(anulacion_pedida_por=usuario)
    if not alcance.dirige_secretaria_general:
        cuales = Q(dependencia__in=alcance.dirige)
        pedidos = pedidos.filter(cuales | Q(clase__reservada=False) if atiende(usuario, en) else cuales)
    return _leidos(pedidos)


def _con_mensaje(usuario: Usuario, alcance: Alcance, suyos: Q, en: datetime) -> QuerySet:
    """Whose last message is of the person: of one that was closed, if it was written after."""
    de_quien = suyos | Q(dependencia__in=alcance.dirige)
    if alcance.dirige_secretaria_general:
        de_quien |= Q(dependencia=None)
    elif atiende(usuario, en):
        de_quien |= Q(dependencia=None, clase__reservada=False)
    ultimo = Mensaje.objects.filter(radicado=OuterRef("pk")).order_by("-en", "-pk")
    sin_responder = Radicado.objects.alias(
        de_la_persona=Subquery(ultimo.values("de_la_persona")[:1], output_field=BooleanField()),
        escrito_en=Subquery(ultimo.values("en")[:1], output_field=DateTimeField()),
    ).filter(de_quien, Q(cerrado_en=None) | Q(escrito_en__gt=F("cerrado_en")), de_la_persona=True)
    return _leidos(sin_responder.filter(depurado_en=None).exclude(estado=Estado.ANULADO))


def _subcasos(alcance: Alcance) -> QuerySet:
    pedidos = Subcaso.objects.filter(
        dependencia__in=alcance.dirige, estado=Subcaso.Estado.PEDIDO, radicado__estado__in=ABIERTOS
    )
    return _con_columnas(pedidos, "radicado__", cuando="vence", interna="vence", subcaso=F("pk"))


# --- How they are read ---------------------------------------------------------------------------
def _leidos(radicados: QuerySet[Radicado], *, cuando: str = "vence") -> QuerySet:
    return _con_columnas(radicados, "", cuando=cuando, interna="vence_interno", subcaso=Value(0))


def _con_columnas(filas: QuerySet, hasta: str, *, cuando: str, interna: str, subcaso: Any) -> QuerySet:
    """The columns of every branch, soonest first. Of a reserved one, not even its subject."""
    titulo = Case(
        When(**{f"{hasta}clase__reservada": True}, then=Value("Reservado")),
        default=F(f"{hasta}asunto"),
        output_field=CharField(),
    )
    return (
        filas.order_by(cuando, "pk")
        .annotate(
            anio=F(f"{hasta}asiento__anio"),
            consecutivo=F(f"{hasta}asiento__consecutivo"),
            titulo=titulo,
            clase_de=F(f"{hasta}clase__nombre"),
            cuando=Cast(F(cuando), DateField()),
            interna=Cast(F(interna), DateField()),
            subcaso=subcaso,
        )
        .values(*_COLUMNAS)
    )


def _rama(titulo: str, filas: QuerySet, hoy: date, dicho: str = "Vence el") -> Rama:
    def linea(fila: Any) -> Tarea:
        numero = Asiento(anio=fila.anio, consecutivo=fila.consecutivo, sentido="E").numero
        ruta = (
            reverse("ventanilla:subcaso", args=[fila.subcaso])
            if fila.subcaso
            else reverse("ventanilla:radicado", args=[numero])
        )
        verbo = "Venció el" if fila.cuando < hoy and dicho == "Vence el" else dicho
        detalle = f"{fila.clase_de} · {verbo} {date_format(fila.cuando, _DIA)}"
        return Tarea(f"{numero}: {fila.titulo}", detalle, ruta, urgente=fila.interna <= hoy)

    return Rama(titulo, filas, linea, todas=reverse("ventanilla:radicados"))
