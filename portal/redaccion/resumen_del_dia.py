"""One message a day to each person: what their bandeja says waits for them."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from portal import bandeja
from portal.bandeja import Grupo
from portal.calendario import cierres
from portal.models import Asignacion, Canal, Usuario, Version
from portal.redaccion.avisos import en_ejercicio, escribir, puede_recibir, secretaria_general

Estado = Version.Estado


def enviar(en: datetime) -> str:
    """Write the digests of the day and say how many. On a day that is not of work, nobody is written to.

    Who has something waiting and no address is named to Secretaría General, in its own digest.
    """
    hoy = timezone.localdate(en)
    if hoy.weekday() >= 5 or cierres(hoy, hoy):
        return "Hoy no se trabaja: no se escribe a nadie."
    esperan = {persona: grupos for persona in en_ejercicio(en) if (grupos := _que_espera(persona, en))}
    sin_aviso = [persona for persona in esperan if not puede_recibir(persona)]
    generales = set(secretaria_general(en)) if sin_aviso else set()
    escritos = [
        _escribir(persona, esperan.get(persona, []), sin_aviso if persona in generales else [], en)
        for persona in sorted({*esperan, *generales}, key=lambda persona: persona.pk)
    ]
    return f"Resúmenes: {sum(escritos)}. Sin dirección: {len(sin_aviso)}."


def _que_espera(persona: Usuario, en: datetime) -> list[Grupo]:
    return [grupo for grupo in bandeja.grupos_de(persona, en) if grupo.espera]


def _escribir(persona: Usuario, grupos: list[Grupo], sin_aviso: list[Usuario], en: datetime) -> bool:
    cuantas = sum(grupo.total for grupo in grupos)
    asunto = f"Su bandeja: {cuantas} {'asunto' if cuantas == 1 else 'asuntos'} por atender"
    correo = escribir(
        persona,
        "resumen",
        asunto=asunto if cuantas else "Su bandeja: hay quien no recibe avisos",
        clave=f"resumen:{timezone.localdate(en)}",
        en=en,
        grupos=grupos,
        salen_hoy=_salen_hoy(persona, en),
        sin_aviso=[str(otra) for otra in sin_aviso],
    )
    return correo is not None


def _salen_hoy(persona: Usuario, en: datetime):
    """What is programmed for today in the channels that the person publishes in, or that they sent."""
    manana = timezone.localdate(en) + timedelta(days=1)
    canales = Canal.objects.que_puede(persona, Asignacion.Funcion.EDITOR, en)
    return (
        Version.objects.filter(
            Q(publicacion__canal__in=canales.values("pk")) | Q(enviada_por=persona),
            estado=Estado.PROGRAMADA,
            programada_para__lt=timezone.make_aware(datetime.combine(manana, time())),
        )
        .select_related("publicacion__canal")
        .order_by("programada_para")
    )
