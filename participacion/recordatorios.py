"""The duty to tell the outcome, remembered by mail: four weeks before, one week before and once overdue."""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from participacion.bandeja import SE_PIDE, URGE
from participacion.models import Consulta
from portal.correo import encolar
from portal.models import Asignacion, Cargo, Titularidad, Usuario
from portal.redaccion.avisos import puede_recibir

Funcion = Asignacion.Funcion


def avisar(en: datetime) -> str:
    """The rutina: to whoever writes or authorises in the channel, once for each level. Says how many."""
    hoy = timezone.localdate(en)
    escritos, sin_quien = 0, []
    for consulta in Consulta.objects.sin_resultado(en).select_related("canal__dependencia"):
        nivel = nivel_de(consulta.resultado_hasta, hoy)
        if not nivel:
            continue
        personas = [persona for persona in a_quienes(consulta, en) if puede_recibir(persona)]
        for persona in personas:
            escritos += _escribir(consulta, nivel, persona, en)
        if not personas:
            sin_quien.append(consulta.titulo)
    dicho = f"Avisos de resultados por publicar: {escritos}."
    return f"{dicho} Sin correo a quién avisar: {'; '.join(sin_quien)}." if sin_quien else dicho


def nivel_de(hasta: date, hoy: date) -> str:
    """How near the day is: «», «cuatro-semanas», «una-semana» or «vencido»."""
    if hoy > hasta:
        return "vencido"
    if hoy >= hasta - URGE:
        return "una-semana"
    return "cuatro-semanas" if hoy >= hasta - SE_PIDE else ""


def a_quienes(consulta: Consulta, en: datetime) -> QuerySet[Usuario]:
    """Who holds today a post that writes or authorises in the channel of the consulta."""
    canal = consulta.canal
    cargos = Cargo.objects.none()
    for funcion in (Funcion.AUTOR, Funcion.AUTORIZA):
        cargos = cargos | Cargo.objects.con_funcion(funcion, canal=canal, dependencia=canal.dependencia)
    vigentes = Titularidad.objects.en_ejercicio(en).filter(cargo__in=cargos.values("pk"))
    return Usuario.objects.filter(pk__in=vigentes.values("persona")).order_by("pk")


def _escribir(consulta: Consulta, nivel: str, persona: Usuario, en: datetime) -> bool:
    """False when that message was already left, perhaps long ago."""
    clave = f"resultado:{consulta.pk}:{nivel}:{persona.pk}"
    correo = encolar(
        para=persona.email,
        asunto=f"{_titular(consulta, nivel)}: {consulta.titulo}"[:200],
        texto="\n".join(_lineas(consulta, nivel)),
        clave=clave,
        en=en,
    )
    return correo.creado_en == en


def _titular(consulta: Consulta, nivel: str) -> str:
    dia = date_format(consulta.resultado_hasta)
    return f"Resultado vencido desde el {dia}" if nivel == "vencido" else f"Falta el resultado, para el {dia}"


def _lineas(consulta: Consulta, nivel: str) -> Iterator[str]:
    ruta = reverse("participacion:escritorio_consulta", args=[consulta.pk])
    dia = date_format(consulta.resultado_hasta)
    yield f"La consulta «{consulta.titulo}» cerró y la gente espera saber qué se decidió."
    if nivel == "vencido":
        yield f"El resultado se debía publicar a más tardar el {dia}. El sitio lo dice en público."
    else:
        yield f"El resultado se publica a más tardar el {dia}."
    yield ""
    yield "Prepárelo aquí. Las cifras ya están puestas; falta escribir qué se decidió y enviarlo a autorizar:"
    yield f"{settings.PORTAL_URL}{ruta}"
