"""The watcher: each minute a round of tries through each line, and a cut opened or closed when they agree.

A line is up when something answered through it: what did not is «that site», and is only named. A machine
that was off leaves no rounds, and rounds too far apart say nothing of what happened between them.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Min, Prefetch, QuerySet
from django.utils import timezone

from conectividad import sonda
from conectividad.mes import Mes
from conectividad.models import Accion, Enlace, Incidente, Objetivo, ResumenDeSondeos, Sondeo
from conectividad.sonda import Resultado
from portal.models import Edicion

registro = logging.getLogger(__name__)

#: Rounds further apart than this are not one after the other.
SEGUIDOS = timedelta(minutes=5)
UN_MINUTO = timedelta(minutes=1)
#: A line that comes and goes must not fill the page of a cut that a person logged.
AVISOS_POR_CORTE = 10


@dataclass(frozen=True)
class Racha:
    """The last rounds that agree, oldest first: as many as are needed to decide, and one more."""

    arriba: bool
    momentos: list[datetime]

    def __len__(self) -> int:
        return len(self.momentos)

    def desde(self, momento: datetime) -> "Racha":
        return Racha(self.arriba, [en for en in self.momentos if en >= momento])


def enlaces_vigilados() -> QuerySet[Enlace]:
    """Lines in use with something to try; its `objetivos` are read already, only those in use."""
    activos = Objetivo.objects.filter(activo=True)
    return (
        Enlace.objects.activos()
        .filter(objetivos__activo=True)
        .distinct()
        .prefetch_related(Prefetch("objetivos", queryset=activos))
    )


def vigilar(en: datetime) -> str:
    """A round of every line, each kept in a transaction of its own. Returns what happened, in Spanish."""
    return sondear(enlaces_vigilados(), en)


def sondear(enlaces: Iterable[Enlace], en: datetime, *, velocidad: str = "") -> str:
    """A round of those lines; with the address of a large file, also how fast it comes down."""
    enlaces = list(enlaces)
    if not enlaces:
        return "No hay enlaces con objetivos que probar."
    resultados = sonda.probar(objetivo for enlace in enlaces for objetivo in enlace.objetivos.all())
    kbps = sonda.medir_velocidad(velocidad) if velocidad else None
    return " ".join(
        _anotar(enlace, en, [resultados[objetivo.pk] for objetivo in enlace.objetivos.all()], kbps)
        for enlace in enlaces
    )


def _anotar(enlace: Enlace, en: datetime, resultados: list[Resultado], kbps: int | None) -> str:
    """A line whose round cannot be kept does not take the rounds of the others with it."""
    try:
        return anotar(enlace, en, resultados, kbps=kbps)
    except DatabaseError:
        registro.exception("%s: no se guardó el sondeo", enlace)
        return f"{enlace}: no se pudo guardar el sondeo."


@transaction.atomic
def anotar(enlace: Enlace, en: datetime, resultados: list[Resultado], *, kbps: int | None = None) -> str:
    """Keep a round with its hour's sum, and open or close a cut if it is time. A moment has one round."""
    en = en.replace(microsecond=0)
    Enlace.objects.select_for_update(no_key=True).get(pk=enlace.pk)  # no two rounds decide at once
    latencias = [r.latencia_ms for r in resultados if r.latencia_ms is not None]
    sondeo, nuevo = Sondeo.objects.get_or_create(
        enlace=enlace,
        en=en,
        defaults={
            "intentados": len(resultados),
            "respondieron": len(latencias),
            "latencia_ms": median_low(latencias) if latencias else None,
            "bajada_kbps": kbps,
            "fallaron": [r.nombre for r in resultados if not r.respondio],
        },
    )
    if not nuevo:
        return f"{enlace}: ya se había sondeado en ese momento."
    _sumar(sondeo)
    hecho = _decidir(enlace, _racha(enlace, en))
    return f"{enlace}: respondieron {sondeo.respondieron} de {sondeo.intentados}.{hecho}"


def _sumar(sondeo: Sondeo) -> None:
    """Under the lock of its line: nobody else is adding."""
    resumen, _nuevo = ResumenDeSondeos.objects.get_or_create(
        enlace_id=sondeo.enlace_id, hora=sondeo.en.replace(minute=0, second=0)
    )
    latencia = sondeo.latencia_ms or 0
    resumen.sondeos += 1
    resumen.caidos += not sondeo.arriba
    resumen.en_parte += 0 < sondeo.respondieron < sondeo.intentados
    resumen.latencia_total_ms += latencia
    resumen.latencia_maxima_ms = max(resumen.latencia_maxima_ms, latencia)
    resumen.save()


def _racha(enlace: Enlace, en: datetime) -> Racha:
    """The rounds up to `en` that say the same as the last one, one after the other."""
    cuantos = max(enlace.fallas_para_abrir, enlace.aciertos_para_cerrar) + 1
    ultimos = list(Sondeo.objects.filter(enlace=enlace, en__lte=en).order_by("-en")[:cuantos])
    momentos = [ultimos[0].en]
    for nuevo, anterior in pairwise(ultimos):
        if anterior.arriba != nuevo.arriba or nuevo.en - anterior.en > SEGUIDOS:
            break
        momentos.insert(0, anterior.en)
    return Racha(ultimos[0].arriba, momentos)


def _decidir(enlace: Enlace, racha: Racha) -> str:
    """Open, close or suggest, and tell it; nothing when there is nothing to do."""
    abiertos = {corte.origen: corte for corte in Incidente.objects.abiertos().filter(enlace=enlace)}
    propio, de_persona = (abiertos.get(origen) for origen in ("vigilante", "persona"))
    if racha.arriba:
        if propio and len(racha) >= enlace.aciertos_para_cerrar:
            return _cerrar(propio, racha)
        if de_persona and len(racha) == enlace.aciertos_para_cerrar:
            return _avisar(de_persona, "hay conexión desde {}: ¿ya volvió?", racha)
        return ""
    if propio or len(racha) < enlace.fallas_para_abrir:
        return ""
    if not de_persona:
        return _abrir(enlace, racha)
    if len(racha) == enlace.fallas_para_abrir:
        return _avisar(de_persona, "nada responde desde {}.", racha)
    return ""


def _abrir(enlace: Enlace, racha: Racha) -> str:
    """A cut since the first round that failed, unless a person has already said what those failures are."""
    suyos = Incidente.objects.filter(enlace=enlace)
    termino = suyos.vigentes().aggregate(ultimo=Max("fin"))["ultimo"]
    if termino:
        racha = racha.desde(termino)
    if len(racha) < enlace.fallas_para_abrir or _es_la_que_se_anulo(enlace):
        return ""
    inicio = racha.momentos[0].replace(second=0)
    incidente = Incidente(
        enlace=enlace,
        inicio=inicio,
        origen=Incidente.Origen.VIGILANTE,
        anotado_en=racha.momentos[-1],
        registrado_en=racha.momentos[-1],
        descripcion="Nada de lo que se prueba por este enlace respondió.",
    )
    incidente.full_clean()
    incidente.save()
    incidente.dependencias.set(enlace.dependencias.all())
    Edicion.avanzar()
    return f" Se abrió un corte desde las {timezone.localtime(inicio):%H:%M}."


def _es_la_que_se_anulo(enlace: Enlace) -> bool:
    """Whether these failures are those of a cut that a person annulled, and nothing has answered since."""
    ultimo = Incidente.objects.filter(enlace=enlace, origen=Incidente.Origen.VIGILANTE).first()
    if ultimo is None or ultimo.anulado_en is None:
        return False
    return not Sondeo.objects.filter(enlace=enlace, en__gt=ultimo.inicio, respondieron__gt=0).exists()


def _cerrar(incidente: Incidente, racha: Racha) -> str:
    """It ended with the first round that answered, and lasted at least a minute."""
    incidente.fin = max(racha.momentos[0].replace(second=0), incidente.inicio + UN_MINUTO)
    incidente.save(update_fields=["fin"])
    Edicion.avanzar()
    return f" Se cerró el corte: volvió a las {timezone.localtime(incidente.fin):%H:%M}."


def _avisar(incidente: Incidente, texto: str, racha: Racha) -> str:
    """Write beside what a person logged what the rounds say; the person decides."""
    if incidente.acciones.filter(por=None).count() >= AVISOS_POR_CORTE:
        return ""
    cuando = f"{timezone.localtime(racha.momentos[0]):%d/%m/%Y a las %H:%M}"
    aviso = f"Sondeo automático: {texto.format('el ' + cuando)}"
    Accion.objects.create(incidente=incidente, en=racha.momentos[-1], texto=aviso)
    return f" {aviso}"


# --- The roll-up --------------------------------------------------------------------------------
REHACER = """
INSERT INTO conectividad_resumendesondeos
    (enlace_id, hora, sondeos, caidos, en_parte, latencia_total_ms, latencia_maxima_ms)
SELECT enlace_id, date_trunc('hour', en), count(*), count(*) FILTER (WHERE respondieron = 0),
    count(*) FILTER (WHERE respondieron BETWEEN 1 AND intentados - 1),
    coalesce(sum(latencia_ms), 0), coalesce(max(latencia_ms), 0)
FROM conectividad_sondeo WHERE en >= %s AND en < %s GROUP BY 1, 2
"""


def rehacer_resumenes() -> Iterator[str]:
    """Make the sums again from the rounds, a month in each transaction; a line for each month."""
    extremos = Sondeo.objects.aggregate(primero=Min("en"), ultimo=Max("en"))
    if extremos["primero"] is None:
        return
    meses = [Mes.de(extremos["primero"])]
    while meses[-1] < Mes.de(extremos["ultimo"]):
        meses.append(meses[-1].siguiente)
    for numero, mes in enumerate(meses, 1):
        with transaction.atomic(), connection.cursor() as cursor:
            list(Enlace.objects.select_for_update(no_key=True).order_by("pk"))  # no round comes in between
            ResumenDeSondeos.objects.filter(hora__gte=mes.inicio, hora__lt=mes.fin).delete()
            cursor.execute(REHACER, [mes.inicio, mes.fin])
            horas = cursor.rowcount
        yield f"[{numero}/{len(meses)}] {mes}: {horas} horas"
