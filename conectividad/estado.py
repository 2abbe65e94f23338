"""How each line is now, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from conectividad.models import Enlace, Incidente, Objetivo, Sondeo

#: After this long without a round, the machine of the watcher is the one that is off.
SIN_NOTICIAS = timedelta(minutes=5)


@dataclass(frozen=True)
class Estado:
    """`clave` is con_conexion, sin_conexion, lenta or sin_datos. `desde`, since when it is so, if known.

    `detalle` says what it rests on.
    """

    enlace: Enlace
    clave: str
    texto: str
    desde: datetime | None
    incidente: Incidente | None
    detalle: str


def estado_actual(enlaces: Iterable[Enlace], en: datetime | None = None) -> dict[int, Estado]:
    """The state of each line at the moment `en` (now by default), by its key. Two queries."""
    en = timezone.localtime(en)
    enlaces = list(enlaces)
    abiertos: dict[int, Incidente] = {}
    en_curso = Incidente.objects.filter(enlace__in=enlaces).entre(en, en + timedelta(microseconds=1))
    for incidente in en_curso.order_by("-peso", "inicio"):
        abiertos.setdefault(incidente.enlace_id, incidente)
    ultimos = Sondeo.objects.filter(enlace=OuterRef("pk"), en__lte=en).order_by("-en")
    vigilados = Enlace.objects.filter(pk__in=[enlace.pk for enlace in enlaces]).annotate(
        vigilado=Exists(Objetivo.objects.filter(enlace=OuterRef("pk"), activo=True)),
        visto_en=Subquery(ultimos.values("en")[:1]),
        respondieron=Subquery(ultimos.values("respondieron")[:1]),
    )
    sondeos = {
        fila[0]: fila[1:] for fila in vigilados.values_list("pk", "vigilado", "visto_en", "respondieron")
    }
    return {
        enlace.pk: _con_corte(enlace, abiertos[enlace.pk], en)
        if enlace.pk in abiertos
        else _sin_corte(enlace, en, *sondeos[enlace.pk])
        for enlace in enlaces
    }


def _con_corte(enlace: Enlace, incidente: Incidente, en: datetime) -> Estado:
    total = incidente.alcance == Incidente.Alcance.TOTAL
    clave, texto = ("sin_conexion", "Sin conexión") if total else ("lenta", "Lenta")
    detalle = incidente.get_causa_display()
    if incidente.planeado:
        detalle = f"Estaba anunciado. {detalle}"
    return Estado(
        enlace, clave, f"{texto} desde {_desde(incidente.inicio, en)}", incidente.inicio, incidente, detalle
    )


def _sin_corte(
    enlace: Enlace, en: datetime, vigilado: bool, visto_en: datetime | None, respondieron: int
) -> Estado:
    if not vigilado:
        return Estado(
            enlace, "con_conexion", "Con conexión", None, None, "Nadie ha anotado un corte abierto."
        )
    if visto_en is None or en - visto_en > SIN_NOTICIAS:
        detalle = "El sondeo automático no está funcionando."
        if visto_en:
            detalle = f"El último sondeo automático fue {_cuando(visto_en, en)}."
        return Estado(enlace, "sin_datos", "Sin datos", visto_en, None, detalle)
    if not respondieron:
        return Estado(
            enlace, "con_conexion", "Con conexión", None, None, "El último sondeo no respondió: se comprueba."
        )
    return Estado(
        enlace, "con_conexion", "Con conexión", None, None, f"Sondeo automático {_cuando(visto_en, en)}."
    )


def _desde(momento: datetime, en: datetime) -> str:
    """«las 8:15 a. m.» today, in one piece, «el 21/11/2026 a las 8:15 a. m.» before."""
    return _cuando(momento, en).removeprefix("a ")


def _cuando(momento: datetime, en: datetime) -> str:
    local = timezone.localtime(momento)
    articulo = "la" if local.hour % 12 == 1 else "las"
    hora = f"a {articulo} {date_format(local, 'TIME_FORMAT')}"
    return hora if local.date() == en.date() else f"el {local:%d/%m/%Y} {hora}"
