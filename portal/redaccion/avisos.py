"""What people are told by mail at once, who is told, and whether mail is going out at all.

Everything is written in the outbox, in the transaction of what it tells. A message that cannot be written (a
wrong address) never stops a step: it is logged, and the person is named in the digest of Secretaría General.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count, Exists, Min
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from portal.correo import encolar
from portal.flujo import Contexto
from portal.models import (
    Asignacion,
    Canal,
    Cargo,
    Correo,
    EjecucionDeRutina,
    ObservacionDeLector,
    Titularidad,
    Usuario,
    Version,
)

registro = logging.getLogger(__name__)
LARGO_DEL_ASUNTO = 200
#: Mail that waits longer than this is not on its way: something holds it.
DEMORA_QUE_SE_DICE = timedelta(minutes=10)
#: `despachar` runs each minute; without a run for this long, nobody is running it.
RUTINA_PARADA = timedelta(minutes=5)


# --- Who -----------------------------------------------------------------------------------------
def en_ejercicio(en: datetime | None = None, **filtro: Any):
    """Active people who hold an active post at that moment; `filtro` is about their Titularidad."""
    vigentes = Titularidad.objects.en_ejercicio(en).filter(**filtro)
    return Usuario.objects.filter(pk__in=vigentes.values("persona")).order_by("pk")


def quienes_autorizan(canal: Canal, en: datetime | None = None):
    """Whoever may authorise in the channel."""
    return en_ejercicio(
        en,
        cargo__in=Cargo.objects.con_funcion(
            Asignacion.Funcion.AUTORIZA, canal=canal, dependencia=canal.dependencia
        ).values("pk"),
    )


def quienes_escriben(canal: Canal, en: datetime | None = None) -> list[Usuario]:
    """Who holds the posts that the matrix names to write in the channel; without one, Secretaría General."""
    asignadas = Asignacion.objects.filter(canal=canal, funcion=Asignacion.Funcion.AUTOR)
    return list(en_ejercicio(en, cargo__in=asignadas.values("cargo"))) or list(secretaria_general(en))


def secretaria_general(en: datetime | None = None):
    """Who heads Secretaría General."""
    return en_ejercicio(en, cargo__in=Cargo.objects.que_dirigen_secretaria_general().values("pk"))


def puede_recibir(persona: Usuario) -> bool:
    """Whether the person has an address that a message can be sent to."""
    try:
        validate_email(persona.email)
    except ValidationError:
        return False
    return True


# --- Writing to them -----------------------------------------------------------------------------
def escribir(
    persona: Usuario, plantilla: str, *, asunto: str, clave: str, en: datetime | None = None, **contexto: Any
) -> Correo | None:
    """Leave for the person the message of `portal/correo_<plantilla>.txt`, once for each `clave`.

    None when it cannot be written: no address, or a wrong one. It is logged without the address.
    """
    if not persona.email:
        return None
    contexto |= {"persona": persona, "portal": settings.PORTAL_URL}
    try:
        return encolar(
            para=persona.email,
            asunto=asunto[:LARGO_DEL_ASUNTO],
            texto=render_to_string(f"portal/correo_{plantilla}.txt", contexto),
            clave=f"{clave}:{persona.pk}",
            en=en,
        )
    except ValidationError as falla:
        registro.warning("No se pudo escribir «%s» a %s: %s", clave, persona.username, list(falla.messages))
        return None


def _a_cada_una(personas: Iterable[Usuario], plantilla: str, **detalles: Any) -> None:
    for persona in personas:
        escribir(persona, plantilla, **detalles)


def devuelta(version: Version, contexto: Contexto) -> None:
    """To whoever sent the text and to its author, unless it was they who sent it back."""
    suyos = {version.enviada_por_id, version.creada_por_id} - {contexto.por.pk}
    _a_cada_una(
        en_ejercicio(contexto.en).filter(pk__in=suyos),
        "devuelta",
        asunto=f"Para corregir: {version}",
        clave=f"devuelta:{version.pk}",
        en=contexto.en,
        version=version,
        canal=version.publicacion.canal,
        quien=contexto.por,
    )


def urgente(version: Version, *, excepto: Iterable[int | None], en: datetime | None = None) -> None:
    """To whoever may authorise what is already public, save those who sent or edited it (`excepto`)."""
    canal = version.publicacion.canal
    _a_cada_una(
        quienes_autorizan(canal, en).exclude(pk__in=[pk for pk in excepto if pk]),
        "urgente",
        asunto=f"Urgente, falta su autorización: {version}",
        clave=f"urgente:{version.pk}",
        en=en,
        version=version,
        canal=canal,
    )


def observacion(observacion: ObservacionDeLector) -> None:
    """To the author of the text and to whoever asked the reader's opinion."""
    enlace = observacion.enlace
    _a_cada_una(
        en_ejercicio(observacion.en).filter(pk__in={enlace.version.creada_por_id, enlace.creado_por_id}),
        "observacion",
        asunto=f"{observacion.firma} opinó sobre: {enlace.version}",
        clave=f"observacion:{observacion.pk}",
        en=observacion.en,
        observacion=observacion,
        enlace=enlace,
        version=enlace.version,
    )


def retirada_sin_revisar(version: Version, contexto: Contexto) -> None:
    """To whoever writes in the channel: the system withdrew a page that nobody reviewed in time."""
    publicacion = version.publicacion
    _a_cada_una(
        quienes_escriben(publicacion.canal, contexto.en),
        "retirada",
        asunto=f"Se retiró del sitio: {version}",
        clave=f"retirada-sin-revisar:{version.pk}",
        en=contexto.en,
        version=version,
        publicacion=publicacion,
        motivo=contexto.motivo,
    )


# --- Whether mail goes out -----------------------------------------------------------------------
@dataclass(frozen=True)
class CorreoDetenido:
    """Mail that should have gone: how many messages, since when, and what is known of the cause."""

    esperan: int
    desde: datetime
    hay_servidor: bool
    rutina_corre: bool

    @property
    def explicacion(self) -> str:
        """What happens and who solves it, in Spanish."""
        cuantos = "Un correo espera" if self.esperan == 1 else f"{self.esperan} correos esperan"
        desde = date_format(timezone.localtime(self.desde), r"j \d\e F, g:i a").removesuffix(".")
        if not self.hay_servidor:
            causa = "El portal no tiene un servidor de correo configurado (EMAIL_URL)."
        elif not self.rutina_corre:
            causa = "Las rutinas del portal no están corriendo."
        else:
            causa = "El servidor de correo no los recibe; el portal sigue intentando."
        return f"{cuantos} sin salir desde el {desde}. {causa} Avise a quien administra el sitio."


def correo_detenido(en: datetime) -> CorreoDetenido | None:
    """What holds the mail, or None when none has waited long. One query."""
    corridas = EjecucionDeRutina.objects.filter(rutina="despachar", inicio__gt=en - RUTINA_PARADA)
    detenidos = (
        Correo.objects.filter(estado=Correo.Estado.PENDIENTE, creado_en__lt=en - DEMORA_QUE_SE_DICE)
        .annotate(corre=Exists(corridas))
        .aggregate(esperan=Count("pk"), desde=Min("creado_en"), rutina_corre=BoolOr("corre"))
    )
    if not detenidos["esperan"]:
        return None
    return CorreoDetenido(**detenidos, hay_servidor=bool(settings.EMAIL_HOST))


def reintentar(correos, en: datetime) -> int:
    """Put back in the outbox those of `correos` that were given up, as new. How many they were."""
    abandonados = correos.filter(estado=Correo.Estado.ABANDONADO)
    return abandonados.update(estado=Correo.Estado.PENDIENTE, intentos=0, intentar_desde=en)
