"""The outbox. Whoever has something to say writes it here; a rutina takes it to the mail server.

A message is claimed (its next attempt is put off), sent, and marked. If the process dies in between, it is
tried again: somebody may get it twice, with the same `Message-ID`, and nobody is left without it.
"""

import smtplib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.models import Correo

#: How long to wait after each failed attempt. After the last, the message is given up.
ESPERAS = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=6), timedelta(hours=12), timedelta(days=1)),
)
MAL_ESCRITA = "La dirección está mal escrita."
#: Messages hold personal data: once sent, they are kept this long.
MEMORIA = timedelta(days=180)
#: First word of the `clave` of those that bring a code, or a link, that opens what somebody filed: only who
#: gets them reads them. Each room adds its own.
RESERVADOS: set[str] = set()
#: Those that, besides, nobody sees to whom they go: being on a list is nobody else's business.
SIN_DESTINATARIO: set[str] = set()
#: By first word of the `clave`, who is told that one went out, or that its address was refused for good.
AL_SABERSE: dict[str, Callable[[Correo, bool], None]] = {}


def encolar(
    *,
    para: str,
    asunto: str,
    texto: str,
    clave: str | None = None,
    cabeceras: dict[str, str] | None = None,
    en: datetime | None = None,
) -> Correo:
    """Leave a message to be sent; with a `clave` that was already used, the one that has it.

    `cabeceras` are those of its own, such as how to leave a list.

    Raises ValidationError when the address or the subject cannot be those of a message.
    """
    if clave and (anterior := Correo.objects.filter(clave=clave).first()):
        return anterior
    en = en or timezone.now()
    correo = Correo(
        para=para,
        asunto=asunto,
        texto=texto,
        clave=clave,
        cabeceras=cabeceras or {},
        creado_en=en,
        intentar_desde=en,
    )
    correo.full_clean()
    correo.save()
    return correo


def encolar_varios(correos: list[Correo]) -> None:
    """Leave many at once, with a query. Each has a `clave`: none may have been used.

    One with a wrong address is left as given up, so that it stops no other. Raises ValidationError when a
    subject cannot be that of a message.
    """
    for correo in correos:
        try:
            correo.clean_fields()
        except ValidationError as falla:
            if {*falla.error_dict} != {"para"}:
                raise
            correo.estado, correo.error = Correo.Estado.ABANDONADO, MAL_ESCRITA
    Correo.objects.bulk_create(correos)


def de_familias(familias: Iterable[str]) -> Q:
    """The condition of those whose `clave` begins with one of those words."""
    return Q(*(("clave__startswith", f"{familia}:") for familia in familias), _connector=Q.OR)


def olvidar(direccion: str, familias: Iterable[str]) -> None:
    """Erase what waits for that address, and what went to it, of those first words of the `clave`."""
    Correo.objects.filter(de_familias(familias), para__iexact=direccion).delete()


def es_reservado(correo: Correo) -> bool:
    """Whether its text is only for who gets it (see `RESERVADOS`)."""
    return _familia(correo) in RESERVADOS


def destinatario_a_la_vista(correo: Correo) -> str:
    """Its address, or what little may be seen of it (see `SIN_DESTINATARIO`)."""
    return enmascarar(correo.para) if _familia(correo) in SIN_DESTINATARIO else correo.para


def enmascarar(direccion: str) -> str:
    """«m···@g···.com»: enough to tell one from another, not to know whose it is."""
    local, _arroba, dominio = direccion.partition("@")
    nombre, _punto, final = dominio.rpartition(".")
    return f"{local[:1]}···@{nombre[:1]}···.{final}"


def _familia(correo: Correo) -> str:
    return (correo.clave or "").partition(":")[0]


def despachar(en: datetime) -> str:
    """Send what is due and say how it went. Several processes may do it at once: each takes its own.

    Raises OSError, of which SMTPException is one, when the mail server does not take us.
    """
    Correo.objects.filter(enviado_en__lt=en - MEMORIA).delete()
    pendientes = Correo.objects.por_enviar(en)
    if not settings.EMAIL_HOST:
        return f"No hay servidor de correo (EMAIL_URL): {pendientes.count()} mensajes esperan."
    salieron = []
    conexion = get_connection()
    try:
        while pendientes.exists():
            conexion.open()  # before taking a message, so that none pays for a server that is down
            if (correo := _tomar(en)) is None:
                break
            salieron.append(_enviar(correo, conexion))
    finally:
        conexion.close()
    return f"Correos enviados: {sum(salieron)}. Con falla: {len(salieron) - sum(salieron)}."


@transaction.atomic
def _tomar(en: datetime) -> Correo | None:
    """The next message, ours until its next attempt; None when there is no other."""
    correo = Correo.objects.por_enviar(en).select_for_update(skip_locked=True).first()
    if correo:
        correo.intentar_desde = en + ESPERAS[min(correo.intentos, len(ESPERAS) - 1)]
        correo.intentos += 1
        correo.save(update_fields=["intentar_desde", "intentos"])
    return correo


def _enviar(correo: Correo, conexion) -> bool:
    """Hand it to the server and write down what came of it. False when it did not go."""
    dominio = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mensaje = EmailMessage(
        correo.asunto,
        correo.texto,
        to=[correo.para],
        connection=conexion,
        headers={
            "Message-ID": f"<correo-{correo.pk}-{correo.creado_en:%Y%m%d}@{dominio}>",
            "Auto-Submitted": "auto-generated",
            **correo.cabeceras,
        },
    )
    rechazada = False
    try:
        mensaje.send()
    except (OSError, ValueError) as falla:  # SMTPException is an OSError; an address may only look like one
        conexion.close()
        rechazada = isinstance(falla, smtplib.SMTPRecipientsRefused | ValueError) and _definitiva(falla)
        correo.error = str(falla).replace(correo.para, "esa dirección")
        if _definitiva(falla) or correo.intentos > len(ESPERAS):
            correo.estado = Correo.Estado.ABANDONADO
    else:
        correo.estado, correo.enviado_en, correo.error = Correo.Estado.ENVIADO, timezone.now(), ""
    # Not `save`: who left a list while their message was on its way has erased it.
    Correo.objects.filter(pk=correo.pk).update(
        estado=correo.estado, enviado_en=correo.enviado_en, error=correo.error
    )
    llego = correo.estado == Correo.Estado.ENVIADO
    if (avisar := AL_SABERSE.get(_familia(correo))) and (llego or rechazada):
        avisar(correo, llego)
    return llego


def _definitiva(falla: Exception) -> bool:
    """Whether it cannot be sent at all, or the server refused it for good (RFC 5321, §4.2.1: 5yz)."""
    if isinstance(falla, ValueError):
        return True
    if isinstance(falla, smtplib.SMTPRecipientsRefused):
        return all(codigo >= 500 for codigo, _texto in falla.recipients.values())
    return isinstance(falla, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and falla.smtp_code >= 500
