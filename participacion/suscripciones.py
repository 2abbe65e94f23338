"""Who asked for news by mail: they ask, confirm with a link, change it and leave.

Nobody is told whether an address was here: what is answered is always the same, and the mailbox knows. A
link is the signed number of the subscription: nothing is kept to open it, and an old message still serves to
leave.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participacion.models import Suscripcion
from portal import freno
from portal.correo import AL_SABERSE, RESERVADOS, SIN_DESTINATARIO, encolar, olvidar
from portal.models import Canal, Correo, Dependencia, Municipio

Estado = Suscripcion.Estado
#: How long the link to confirm serves, and what nobody confirmed is kept. A time of ours.
PARA_CONFIRMAR = timedelta(days=7)
#: At most one message an hour to an address, and these in a day, however often it is asked for.
UN_CORREO_CADA, CORREOS_POR_DIA = timedelta(hours=1), 3
#: First words of the `clave` of what is written to whoever subscribed.
PEDIDO, BOLETIN = "suscripcion", "boletin"
FAMILIAS = (PEDIDO, BOLETIN)
#: Bulletins in a row refused for good after which an address is no longer written to. A rule of ours.
RECHAZOS_SEGUIDOS = 3
RESERVADOS.update(FAMILIAS)
SIN_DESTINATARIO.update(FAMILIAS)

_PROPIA = signing.Signer(salt="participacion.suscripcion")
_DE_CONFIRMAR = signing.TimestampSigner(salt="participacion.suscripcion.confirmar")
_CONSENTIMIENTO = (
    "Autorizo a la {entidad} a guardar mi dirección de correo y lo que elijo recibir, solo para enviarme el "
    "boletín de novedades. No se la entrega a nadie ni la usa para otra cosa. Puedo cambiar lo que recibo, o "
    "retirarme, cuando quiera, con los enlaces que trae cada correo. Si me retiro, mi dirección se borra y "
    "queda una constancia que no la muestra. Puedo conocer, actualizar y rectificar mis datos, y pedir que "
    "se supriman (Ley 1581 de 2012, artículo 8)."
)


@dataclass(frozen=True)
class Eleccion:
    """What somebody wants to be told of: everything, or those themes, channels and offices."""

    todo: bool = False
    secciones: list[str] = field(default_factory=list)
    canales: list[Canal] = field(default_factory=list)
    dependencias: list[Dependencia] = field(default_factory=list)


def texto_de_consentimiento(municipio: Municipio) -> str:
    return _CONSENTIMIENTO.format(entidad=municipio.nombre_entidad or "alcaldía")


def huella_del_correo(correo: str) -> str:
    """Keyed: a plain hash of an address is undone by trying addresses."""
    clave = salted_hmac("participacion.suscripcion", correo.lower(), algorithm="sha256")
    return clave.hexdigest()


# --- The links ----------------------------------------------------------------------------------
def firma_de(suscripcion: Suscripcion) -> str:
    """What opens its preferences and the way out. It serves for as long as the key of the site."""
    return _PROPIA.sign(str(suscripcion.pk))


def direccion_para(vista: str, firma: str) -> str:
    """The whole address, for a message: `direccion_para("salir", firma)`."""
    return settings.PORTAL_URL + reverse(f"participacion:{vista}", args=[firma])


def hallar(firma: str) -> int:
    """The number of the subscription of that link. Raises BadSignature when it is not of ours."""
    return int(_PROPIA.unsign(firma))


def hallar_para_confirmar(firma: str) -> int:
    """The number of the one to be confirmed. Raises SignatureExpired after a week, and BadSignature."""
    return int(_DE_CONFIRMAR.unsign(firma, max_age=PARA_CONFIRMAR))


# --- What a person does -------------------------------------------------------------------------
@transaction.atomic
def pedir(correo: str, eleccion: Eleccion, *, consentimiento: str, en: datetime | None = None) -> None:
    """Note what was asked for and write to that address, which decides.

    What is already confirmed does not change: whoever wrote the address may not be whose it is.
    """
    en, correo = en or timezone.now(), correo.strip().lower()
    suya = _la_de(correo, consentimiento, en)
    if suya.estado == Estado.POR_CONFIRMAR:
        suya.consentimiento, suya.pedida_en = consentimiento, en
        _poner(suya, eleccion)
    if _se_le_puede_escribir(correo, en):
        _escribir(suya, en)


def _la_de(correo: str, consentimiento: str, en: datetime) -> Suscripcion:
    """The one of that address, locked; a new one when there is none."""
    nueva = Suscripcion(
        correo=correo, huella=huella_del_correo(correo), consentimiento=consentimiento, pedida_en=en
    )
    Suscripcion.objects.bulk_create([nueva], ignore_conflicts=True)
    return Suscripcion.objects.exclude(estado=Estado.RETIRADA).select_for_update().get(correo=correo)


def _poner(suscripcion: Suscripcion, eleccion: Eleccion) -> None:
    suscripcion.todo, suscripcion.secciones = eleccion.todo, eleccion.secciones
    suscripcion.save()
    suscripcion.canales.set(eleccion.canales)
    suscripcion.dependencias.set(eleccion.dependencias)


def _se_le_puede_escribir(correo: str, en: datetime) -> bool:
    """Whether the address had no message of these within the hour, nor too many today."""
    recientes = Correo.objects.filter(
        clave__startswith=f"{PEDIDO}:", para=correo, creado_en__gt=en - UN_CORREO_CADA
    )
    if recientes.exists():
        return False
    return freno.intentar(
        "suscripcion", huella_del_correo(correo), maximo=CORREOS_POR_DIA, cada=timedelta(days=1), en=en
    )


def _escribir(suscripcion: Suscripcion, en: datetime) -> None:
    """The message with the link to confirm; to whoever already did, the one to change or leave."""
    municipio = Municipio.objects.first() or Municipio()
    firma = firma_de(suscripcion)
    texto = render_to_string(
        "participacion/correo_suscripcion.txt",
        {
            "municipio": municipio,
            "activa": suscripcion.estado == Estado.ACTIVA,
            "confirmar": direccion_para("confirmar_suscripcion", _DE_CONFIRMAR.sign(str(suscripcion.pk))),
            "preferencias": direccion_para("suscripcion", firma),
            "salir": direccion_para("salir_de_la_suscripcion", firma),
        },
    )
    encolar(
        para=suscripcion.correo,
        asunto=f"Novedades de la alcaldía de {municipio.nombre}: falta un paso"
        if suscripcion.estado == Estado.POR_CONFIRMAR
        else f"Novedades de la alcaldía de {municipio.nombre}: usted ya las recibe",
        texto=texto,
        clave=f"{PEDIDO}:{uuid4()}",
        en=en,
    )


def _tomar(pk: int) -> Suscripcion | None:
    """That one, locked, unless it left or was never confirmed in time."""
    vivas = Suscripcion.objects.exclude(estado=Estado.RETIRADA)
    return vivas.select_for_update().filter(pk=pk).first()


@transaction.atomic
def confirmar(pk: int, en: datetime | None = None) -> Suscripcion | None:
    """From now on it gets the bulletin. Twice is once; None when it left or was forgotten."""
    suya = _tomar(pk)
    if suya and suya.estado == Estado.POR_CONFIRMAR:
        suya.estado, suya.confirmada_en = Estado.ACTIVA, en or timezone.now()
        suya.save(update_fields=["estado", "confirmada_en"])
    return suya


@transaction.atomic
def cambiar(pk: int, eleccion: Eleccion) -> None:
    """What it is told of, from now on. Nothing happens when it left meanwhile."""
    suya = _tomar(pk)
    if suya and suya.estado == Estado.ACTIVA:
        _poner(suya, eleccion)


@transaction.atomic
def salir(pk: int, en: datetime | None = None) -> None:
    """Erase the address, here and in the outbox. Twice is once.

    What stays says that somebody consented, when, and that they left.
    """
    suya = _tomar(pk)
    if suya is None:
        return
    olvidar(suya.correo, FAMILIAS)
    if suya.estado == Estado.POR_CONFIRMAR:
        suya.delete()
        return
    suya.estado, suya.retirada_en, suya.correo = Estado.RETIRADA, en or timezone.now(), ""
    suya.detenida_por = ""
    _poner(suya, Eleccion())


def anotar_entrega(correo: Correo, llego: bool) -> None:
    """What became of a message: one that arrived begins the count of refused bulletins anew."""
    suyas = Suscripcion.objects.activas().filter(correo__iexact=correo.para)
    if llego:
        suyas.filter(rechazos__gt=0).update(rechazos=0, detenida_en=None, detenida_por="")
    elif str(correo.clave).startswith(f"{BOLETIN}:"):
        suyas.update(rechazos=F("rechazos") + 1)
        suyas.filter(rechazos__gte=RECHAZOS_SEGUIDOS, detenida_en=None).update(
            detenida_en=timezone.now(), detenida_por=correo.error[:300]
        )


@transaction.atomic
def olvidar_sin_confirmar(en: datetime) -> str:
    """Rutina: erase the addresses that nobody confirmed in time, here and in the outbox."""
    vencidas = Suscripcion.objects.filter(
        estado=Estado.POR_CONFIRMAR, pedida_en__lt=en - PARA_CONFIRMAR
    ).select_for_update()
    for suya in vencidas:
        olvidar(suya.correo, FAMILIAS)
        suya.delete()
    return f"Suscripciones sin confirmar borradas: {len(vencidas)}."


AL_SABERSE.update(dict.fromkeys(FAMILIAS, anotar_entrega))
