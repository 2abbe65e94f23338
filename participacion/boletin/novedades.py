"""What a week tells: what was published in it and the public can still read, by theme.

Only what counts as an update: new publications and changes of substance, never a correction. The page of a
week needs nobody's approval: all in it is public.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from participacion.models import Boletin
from portal.models import Actualizacion, Canal, Municipio, Publicacion, Version
from portal.periodos import Periodo

Novedad = dict[str, Any]
#: In the order of the site, after what people look for first in a bulletin.
_SECCIONES = sorted(Canal.Seccion.values, key=lambda seccion: seccion != Canal.Seccion.ACTUALIDAD)


def primera_semana() -> Periodo:
    """That of the first thing that was published; before it, no week has a page."""
    primera = Actualizacion.objects.que_cuentan().aggregate(en=Min("en"))["en"]
    return Periodo.semana_de(timezone.localdate(primera))


def novedades_de(semana: Periodo) -> list[Novedad]:
    """What the public can read now of what was published that week, by theme, the newest first. One query.

    What changed several times is told once, as new if it was. In its theme, what says something by itself
    goes before what only has a name, such as a trámite.
    """
    retiro = Actualizacion.objects.filter(
        clase=Actualizacion.Clase.RETIRO, publicacion=None, url=OuterRef("url"), en__gte=OuterRef("en")
    )
    filas = (
        Actualizacion.objects.que_cuentan()
        .entre(semana.inicio, semana.fin)
        .filter(
            Q(publicacion__in=Publicacion.objects.publicadas())
            | Q(publicacion=None) & ~Q(url="") & ~Exists(retiro),
            canal__publico=True,
            canal__activo=True,
        )
        .select_related("canal", "dependencia", "publicacion__canal", "publicacion__version_publica")
        .defer("publicacion__version_publica__cuerpo")
        .order_by("-en", "-pk")
    )
    halladas: dict[str, Novedad] = {}
    for fila in filas:
        novedad = _novedad(fila)
        primera = halladas.setdefault(novedad["url"], novedad)
        primera["nueva"] = primera["nueva"] or novedad["nueva"]
    return sorted(halladas.values(), key=_su_lugar)


def _su_lugar(novedad: Novedad) -> tuple[int, bool]:
    return _SECCIONES.index(novedad["seccion"]), novedad["publicacion"] is None


def _novedad(fila: Actualizacion) -> Novedad:
    publicacion = fila.publicacion
    version = publicacion.version_publica if publicacion else None
    return {
        "publicacion": fila.publicacion_id,
        "titulo": version.titulo if version else fila.descripcion,
        "resumen": version.resumen if version else "",
        "url": publicacion.get_absolute_url() if publicacion else fila.url,
        "corta": reverse("participacion:corta", args=[fila.publicacion_id]) if publicacion else fila.url,
        "seccion": fila.canal.seccion,
        "canal": fila.canal_id,
        "nombre_del_canal": fila.canal.nombre,
        "dependencia": fila.dependencia_id,
        "nombre_de_la_dependencia": fila.dependencia.nombre,
        "nueva": fila.clase == Actualizacion.Clase.PUBLICACION,
        "evento": _evento(version),
    }


def _evento(version: Version | None) -> dict[str, str] | None:
    """When and where, of what happens on a day."""
    if version is None or version.evento_inicio is None or version.evento_fin is None:
        return None
    return {
        "inicio": timezone.localtime(version.evento_inicio).isoformat(),
        "fin": timezone.localtime(version.evento_fin).isoformat(),
        "lugar": version.lugar,
    }


def vigentes(novedades: list[Novedad]) -> list[Novedad]:
    """Those that the public can still read. Two queries."""
    pks = [novedad["publicacion"] for novedad in novedades if novedad["publicacion"]]
    urls = [novedad["url"] for novedad in novedades if not novedad["publicacion"]]
    publicadas = set(Publicacion.objects.publicadas().filter(pk__in=pks).values_list("pk", flat=True))
    ultimas = (
        Actualizacion.objects.filter(publicacion=None, url__in=urls)
        .order_by("url", "-en", "-pk")
        .distinct("url")
        .values_list("url", "clase")
    )
    retiradas = {url for url, clase in ultimas if clase == Actualizacion.Clase.RETIRO}
    return [
        novedad
        for novedad in novedades
        if novedad["publicacion"] in publicadas
        or (not novedad["publicacion"] and novedad["url"] not in retiradas)
    ]


def sin_autorizar(novedades: list[Novedad]) -> list[str]:
    """Titles of what the public reads by urgency alone: a mail cannot be taken back. One query."""
    urgentes = Version.objects.urgentes_sin_autorizar().filter(estado=Version.Estado.PUBLICADA)
    pks = [novedad["publicacion"] for novedad in novedades if novedad["publicacion"]]
    return list(urgentes.filter(publicacion__in=pks).order_by("pk").values_list("titulo", flat=True))


def por_temas(novedades: Iterable[Novedad]) -> list[tuple[str, list[Novedad]]]:
    """In groups, with the name that citizens know each by."""
    grupos = groupby(novedades, key=lambda novedad: novedad["seccion"])
    return [(Canal.Seccion(seccion).label, list(suyas)) for seccion, suyas in grupos]


def lo_mas_util(novedades: list[Novedad], cuantas: int) -> list[Novedad]:
    """Those for which a wall has room: first what has a date, by it, and last what only has a name."""
    return sorted(novedades, key=_para_la_pared)[:cuantas]


def _para_la_pared(novedad: Novedad) -> tuple[bool, bool, str]:
    evento = novedad["evento"]
    return novedad["publicacion"] is None, evento is None, evento["inicio"] if evento else ""


def lo_que_dice(semana: Periodo) -> list[Novedad]:
    """What that week tells today: as it was frozen, if it was, without what was withdrawn since."""
    boletin = Boletin.objects.filter(anio=semana.anio_iso, semana=semana.numero).first()
    return vigentes(boletin.datos["novedades"]) if boletin else novedades_de(semana)


def texto_para_leer(semana: Periodo, novedades: list[Novedad], municipio: Municipio) -> str:
    """Plain text: dates and hours in words, and the addresses, short, at the end."""
    sitio = settings.PORTAL_URL.partition("://")[2]
    return render_to_string(
        "participacion/boletin.txt",
        {
            "semana": semana,
            "temas": por_temas(novedades),
            "novedades": novedades,
            "municipio": municipio,
            "sitio": sitio,
        },
    )
