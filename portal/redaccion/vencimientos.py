"""What has a date in the channels of one person: what goes out, what begins, what expires, what is due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from icalendar import Calendar, Event

from portal.models import Canal, EnlaceDeLectura, Publicacion, Usuario, Version
from portal.models.version import FUE_PUBLICA
from portal.redaccion import antiguedad

Estado = Version.Estado
UN_DIA = timedelta(days=1)
#: What a calendar program is given: from this many days ago up to these ahead.
ATRAS, ADELANTE = timedelta(days=31), timedelta(days=92)
#: An act of the site takes no time, but programs draw an event better with some.
DURACION = timedelta(minutes=30)
_FIRMA = Signer(salt="portal.redaccion.vencimientos")
_FRAGMENTO = 16


class Clase(TextChoices):
    """The kinds of thing with a date, the most pressing first: in this order within a day."""

    URGENTE = "urgente", "Vence el plazo para autorizar"
    RETIRO = "retiro", "Se retira sola"
    REVISION = "revision", "Toca actualizar o ratificar"
    SALE = "sale", "Sale"
    SALIO = "salio", "Salió"
    EVENTO = "evento", "Empieza"
    LECTURA = "lectura", "Vence un enlace de lectura"


@dataclass(frozen=True)
class Vencimiento:
    """Something on a day, with its address in the admin. `momento` and `fin` when it has an hour.

    `uid` names the same thing each time: a calendar program moves it and does not repeat it.
    """

    dia: date
    clase: Clase
    titulo: str
    detalle: str
    url: str
    uid: str
    momento: datetime | None = None
    fin: datetime | None = None

    @property
    def que(self) -> str:
        return self.clase.label


def canales_de(usuario: Usuario, en: datetime):
    """The channels whose dates the person sees: where a post acts; the administrator reads all."""
    if usuario.is_superuser and usuario.is_active:
        return Canal.objects.filter(activo=True)
    return Canal.objects.donde_actua(usuario, en)


def del_mes(usuario: Usuario, mes: date, en: datetime, dependencia: int | None = None) -> list[Vencimiento]:
    """What has a date in the month that begins on `mes`, in order. Always eight queries."""
    siguiente = (mes.replace(day=28) + UN_DIA * 4).replace(day=1)
    return entre(usuario, mes.replace(day=1), siguiente - UN_DIA, en, dependencia)


def entre(
    usuario: Usuario, desde: date, hasta: date, en: datetime, dependencia: int | None = None
) -> list[Vencimiento]:
    """What has a date between those days, both included. What is already late is under the day of `en`."""
    canales = canales_de(usuario, en).order_by()
    if dependencia:
        canales = canales.filter(dependencia=dependencia)
    suyos = list(canales.values_list("pk", flat=True).distinct())
    lapso = (_al_empezar(desde), _al_empezar(hasta + UN_DIA))
    hoy = timezone.localdate(en)
    todos = [
        *_salidas(suyos, lapso),
        *_eventos(suyos, lapso),
        *_urgentes(suyos, hasta, hoy),
        *_retiros(suyos, hasta, hoy),
        *_lecturas(suyos, lapso, en),
        *_revisiones(suyos, en, hoy),
    ]
    orden = list(Clase)
    return sorted(
        (uno for uno in todos if desde <= uno.dia <= hasta),
        key=lambda uno: (uno.dia, orden.index(uno.clase), uno.momento or lapso[0]),
    )


def _al_empezar(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time()))


def _salidas(canales: list[int], lapso) -> Iterator[Vencimiento]:
    """What is programmed, and what went out."""
    textos = (
        Version.objects.filter(publicacion__canal__in=canales)
        .filter(
            Q(estado=Estado.PROGRAMADA, programada_para__gte=lapso[0], programada_para__lt=lapso[1])
            | Q(estado__in=FUE_PUBLICA, publicada_en__gte=lapso[0], publicada_en__lt=lapso[1])
        )
        .select_related("publicacion__canal")
        .defer("cuerpo")
    )
    for version in textos:
        sale = version.estado == Estado.PROGRAMADA
        yield _con_hora(
            Clase.SALE if sale else Clase.SALIO,
            version.programada_para if sale else version.publicada_en,
            version,
            version.publicacion.canal,
            version.get_absolute_url(),
            f"texto-{version.pk}",
        )


def _eventos(canales: list[int], lapso) -> Iterator[Vencimiento]:
    eventos = Publicacion.objects.eventos(hasta=lapso[1]).filter(
        canal__in=canales, version_publica__evento_inicio__gte=lapso[0]
    )
    for publicacion in eventos.para_tarjetas():
        version: Any = publicacion.version_publica
        yield _con_hora(
            Clase.EVENTO,
            version.evento_inicio,
            version,
            ", ".join(filter(None, [str(publicacion.canal), version.lugar])),
            reverse("admin:portal_publicacion_change", args=[publicacion.pk]),
            f"evento-{publicacion.pk}",
            fin=version.evento_fin,
        )


def _con_hora(clase: Clase, momento: Any, titulo, detalle, url: str, uid: str, fin=None) -> Vencimiento:
    dia, fin = timezone.localdate(momento), fin or momento + DURACION
    return Vencimiento(dia, clase, str(titulo), str(detalle), url, uid, momento, fin)


def _urgentes(canales: list[int], hasta: date, hoy: date) -> Iterator[Vencimiento]:
    textos = Version.objects.urgentes_sin_autorizar().filter(
        publicacion__canal__in=canales, urgente_vence__lte=hasta
    )
    for version in textos.select_related("publicacion__canal").defer("cuerpo"):
        vence: Any = version.urgente_vence
        tarde = f" · el plazo era el {vence:%d/%m/%Y}" if vence < hoy else ""
        yield Vencimiento(
            max(vence, hoy),
            Clase.URGENTE,
            str(version),
            f"{version.publicacion.canal}{tarde}",
            version.get_absolute_url(),
            f"urgente-{version.pk}",
        )


def _retiros(canales: list[int], hasta: date, hoy: date) -> Iterator[Vencimiento]:
    for retiro in antiguedad.retiros(Publicacion.objects.filter(canal__in=canales), hasta):
        publicacion = retiro.publicacion
        yield Vencimiento(
            max(retiro.dia, hoy),  # late: the rutina has not run yet
            Clase.RETIRO,
            str(publicacion),
            f"{publicacion.canal} · si nadie la revisa antes",
            reverse("admin:portal_publicacion_change", args=[publicacion.pk]),
            f"retiro-{publicacion.pk}",
        )


def _lecturas(canales: list[int], lapso, en: datetime) -> Iterator[Vencimiento]:
    enlaces = EnlaceDeLectura.objects.vigentes(en).filter(
        version__publicacion__canal__in=canales, vence_en__gte=lapso[0], vence_en__lt=lapso[1]
    )
    for enlace in enlaces.select_related("version").defer("version__cuerpo"):
        yield _con_hora(
            Clase.LECTURA,
            enlace.vence_en,
            enlace.version,
            f"Para {enlace.para}",
            enlace.version.get_absolute_url(),
            f"lectura-{enlace.pk}",
        )


def _revisiones(canales: list[int], en: datetime, hoy: date) -> Iterator[Vencimiento]:
    """The channels that fall due, worst first; those already late, today."""
    for estado in antiguedad.estado_de_canales(en, Canal.objects.filter(pk__in=canales), con_personas=False):
        yield Vencimiento(
            max(estado.vence, hoy),
            Clase.REVISION,
            str(estado.canal),
            estado.frase,
            f"{reverse('admin:portal_publicacion_changelist')}?canal__id__exact={estado.canal.pk}",
            f"canal-{estado.canal.pk}",
        )


# --- For a calendar program ----------------------------------------------------------------------
def a_ics(vencimientos: Iterable[Vencimiento], *, en: datetime, sitio: str) -> bytes:
    """Those things as RFC 5545 says them, with addresses that begin with `sitio`."""
    calendario = Calendar()
    calendario.add("prodid", "-//Portal municipal//Calendario editorial//ES")
    calendario.add("version", "2.0")
    calendario.add("x-wr-calname", "Calendario editorial")
    anfitrion = sitio.partition("://")[2]
    for uno in vencimientos:
        evento = Event()
        evento.add("uid", f"{uno.uid}@{anfitrion}")
        evento.add("dtstamp", en)
        evento.add("dtstart", uno.momento or uno.dia)
        evento.add("dtend", uno.fin or uno.dia + UN_DIA)
        evento.add("summary", f"{uno.que}: {uno.titulo}")
        evento.add("description", uno.detalle)
        evento.add("url", f"{sitio}{uno.url}")
        evento.add("transp", "TRANSPARENT")  # it does not make the person busy
        calendario.add_component(evento)
    return calendario.to_ical()


def para_un_programa(usuario: Usuario, en: datetime) -> list[Vencimiento]:
    """What a calendar program is given: the last month and the next three."""
    hoy = timezone.localdate(en)
    return entre(usuario, hoy - ATRAS, hoy + ADELANTE, en)


def direccion_privada(usuario: Usuario) -> str:
    """The address that opens this calendar without entering. Another password makes it another."""
    return reverse("portal:calendario_privado", args=[_FIRMA.sign_object([usuario.pk, _fragmento(usuario)])])


def de_quien_es(token: str) -> Usuario | None:
    """Whose calendar that address opens, or None: never signed, changed the password, or no longer enters."""
    try:
        pk, fragmento = _FIRMA.unsign_object(token)
    except (BadSignature, ValueError):
        return None
    usuario = Usuario.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    if usuario and constant_time_compare(fragmento, _fragmento(usuario)):
        return usuario
    return None


def _fragmento(usuario: Usuario) -> str:
    return usuario.get_session_auth_hash()[:_FRAGMENTO]
