"""What waits for one person about surveys and consultations."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from participacion.models import Consulta, PasoDeConsulta
from participacion.services import CANALES
from portal.alcance import alcance_de
from portal.bandeja import SIN_TITULAR, Rama, Tarea, momento, sencilla, todavia_escribe
from portal.models import Asignacion, Usuario

Funcion = Asignacion.Funcion
#: From when the outcome is asked of whoever writes it, and from when it presses. Our own rule.
SE_PIDE, URGE = timedelta(weeks=4), timedelta(weeks=1)


def de_consultas(usuario: Usuario, en: datetime) -> list[Rama]:
    """The branches of whoever writes or authorises in the channels that ask."""
    alcance = alcance_de(usuario, en)
    if not alcance.puestos:
        return []
    return [
        Rama("Consultas por autorizar", _por_autorizar(usuario, en), _a_la_espera),
        Rama("Le devolvieron una consulta", _devueltas(usuario), _devuelta),
        Rama("Consultas que dejó a medias quien ya no está", _de_quien_se_fue(usuario, en), _a_medias),
        *_sin_resultado(usuario, en),
    ]


def _por_autorizar(usuario: Usuario, en: datetime):
    suyos = alcance_de(usuario, en).canales[Funcion.AUTORIZA]
    esperan = Consulta.objects.filter(
        canal__in=suyos, canal__slug__in=CANALES, estado=Consulta.Estado.POR_AUTORIZAR
    ).exclude(Q(enviada_por=usuario) | Q(editada_por=usuario))
    return sencilla(
        esperan.order_by("editada_en", "pk"), texto="titulo", detalle="canal__nombre", cuando="abre_en"
    )


def _devueltas(usuario: Usuario):
    """Those that the person sent and somebody gave back, until they are sent again."""
    devuelta = PasoDeConsulta.objects.filter(consulta=OuterRef("pk"), accion="devolver")
    suyas = Consulta.objects.filter(Exists(devuelta), enviada_por=usuario, estado=Consulta.Estado.BORRADOR)
    return sencilla(suyas.order_by("editada_en", "pk"), texto="titulo", detalle="canal__nombre")


def _de_quien_se_fue(usuario: Usuario, en: datetime):
    """Drafts, given back or not, of somebody who no longer writes in their channel."""
    suyos = alcance_de(usuario, en).canales[Funcion.AUTOR]
    borradores = Consulta.objects.filter(
        canal__in=suyos, canal__slug__in=CANALES, estado=Consulta.Estado.BORRADOR
    ).exclude(todavia_escribe("editada_por", "canal", en))
    return sencilla(borradores.order_by("editada_en", "pk"), texto="titulo", detalle="canal__nombre")


def _sin_resultado(usuario: Usuario, en: datetime) -> list[Rama]:
    """Closed, without outcome, four weeks before its day or past it, in the channels their posts attend.

    Apart, to who heads, those of channels where nobody's post writes today.
    """
    alcance, hoy = alcance_de(usuario, en), timezone.localdate(en)
    deben = Consulta.objects.sin_resultado(en).filter(
        canal__slug__in=CANALES, resultado_hasta__lte=hoy + SE_PIDE
    )
    suyos = alcance.asignados(Funcion.AUTOR, Funcion.EDITOR, Funcion.AUTORIZA)
    sin_titular = alcance.sin_titular(Funcion.AUTOR, Funcion.EDITOR).exclude(pk__in=suyos)
    return [
        _rama_de_resultados("Resultados por publicar", deben.filter(canal__in=suyos), hoy),
        _rama_de_resultados(
            f"Resultados por publicar: {SIN_TITULAR}", deben.filter(canal__in=sin_titular), hoy
        ),
    ]


def _rama_de_resultados(titulo: str, deben: QuerySet[Consulta], hoy: date) -> Rama:
    filas = sencilla(deben.order_by("resultado_hasta", "pk"), texto="titulo", detalle="resultado_hasta")
    return Rama(titulo, filas, _que_se_debe(hoy))


def _a_la_espera(fila: Any) -> Tarea:
    return Tarea(fila.de_texto, f"{fila.de_detalle} · abre el {momento(fila.de_cuando)}", _ruta(fila))


def _devuelta(fila: Any) -> Tarea:
    return Tarea(fila.de_texto, f"{fila.de_detalle} · lea por qué y corríjala", _ruta(fila))


def _a_medias(fila: Any) -> Tarea:
    return Tarea(fila.de_texto, f"{fila.de_detalle} · sígala o descártela", _ruta(fila))


def _que_se_debe(hoy: date):
    def linea(fila: Any) -> Tarea:
        hasta = date.fromisoformat(fila.de_detalle)
        dicho = date_format(hasta, r"j \d\e F")
        detalle = (
            f"La alcaldía lo debe desde el {dicho}" if hasta < hoy else f"Se publica a más tardar el {dicho}"
        )
        return Tarea(fila.de_texto, detalle, _ruta(fila), urgente=hasta <= hoy + URGE)

    return linea


def _ruta(fila: Any) -> str:
    return reverse("participacion:escritorio_consulta", args=[fila.de_clave])
