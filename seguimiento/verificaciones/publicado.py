"""Rules on what is published."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Literal

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.models import Actualizacion, Adjunto, Canal, Publicacion, Version
from portal.models.canal import Tipo
from seguimiento.models import Criterio
from seguimiento.paginas import NoSePudoMirar
from seguimiento.parametros import Anio, Positivo, UnCanal, anios_de
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import (
    Veredicto,
    contar,
    cumple,
    dia,
    falla,
    nombrar,
    nombre_de_publicacion,
)

UnTipo = Literal["noticia", "pagina", "documento", "evento", "pregunta", "termino", "enlace", "album"]
UnaNorma = Literal[
    "acuerdo", "decreto", "resolucion", "circular", "ley", "contrato", "informe", "plan", "otro"
]


@dataclass(frozen=True)
class Pedido:
    """What a publication must be to count, besides the words of its title."""

    tipo: UnTipo | None
    normas: Sequence[str]
    con_numero: bool
    con_archivo: bool
    enlace_a: Sequence[str]
    anio: Anio | None
    dias: int | None

    def filtros(self, en: datetime) -> Iterator[Q | Exists]:
        if self.tipo:
            yield Q(tipo=self.tipo)
        if self.normas:
            yield Q(version_publica__norma_tipo__in=self.normas)
        if self.con_numero:
            yield ~Q(version_publica__norma_numero="") & Q(version_publica__norma_fecha__isnull=False)
        if self.con_archivo:
            yield Exists(Adjunto.objects.filter(version=OuterRef("version_publica")))
        if self.enlace_a:
            en_el_campo = _alguno("version_publica__enlace__icontains", self.enlace_a)
            yield en_el_campo | _alguno("version_publica__cuerpo__icontains", self.enlace_a)
        if self.anio:
            anios = anios_de(self.anio, timezone.localdate(en))
            en_el_titulo = _alguno("version_publica__titulo__contains", map(str, anios))
            yield en_el_titulo | Q(version_publica__norma_fecha__year__in=anios)
        if self.dias:
            yield Q(actualizada_en__gt=en - timedelta(days=self.dias), actualizada_en__lte=en)

    def en_palabras(self, en: datetime, palabras: Sequence[str]) -> str:
        """«un decreto con número y fecha, con archivo»: what goes after «falta» or «publique»."""
        que = " o ".join(_UNA[norma] for norma in self.normas) or _UNA[self.tipo or ""]
        anios = anios_de(self.anio, timezone.localdate(en)) if self.anio else []
        partes = {
            f"cuyo título diga {' o '.join(f'«{palabra}»' for palabra in palabras)}": palabras,
            "con número y fecha": self.con_numero,
            "con archivo": self.con_archivo,
            f"con enlace a {' o '.join(self.enlace_a)}": self.enlace_a,
            f"de {anios[0]}{' o antes' if len(anios) > 1 else ''}" if anios else "": anios,
            f"de los últimos {self.dias} días": self.dias,
        }
        return f"{que} {', '.join(parte for parte, se_pide in partes.items() if se_pide)}".strip()


#: Each kind of publication and of norm, as it is asked for.
_UNA = {
    "": "una publicación",
    Tipo.NOTICIA: "una noticia",
    Tipo.PAGINA: "una página",
    Tipo.DOCUMENTO: "un documento",
    Tipo.EVENTO: "un evento",
    Tipo.PREGUNTA: "una pregunta frecuente",
    Tipo.TERMINO: "un término",
    Tipo.ENLACE: "un enlace",
    Tipo.ALBUM: "un álbum",
    Version.Norma.ACUERDO: "un acuerdo",
    Version.Norma.DECRETO: "un decreto",
    Version.Norma.RESOLUCION: "una resolución",
    Version.Norma.CIRCULAR: "una circular",
    Version.Norma.LEY: "una ley",
    Version.Norma.CONTRATO: "un contrato",
    Version.Norma.INFORME: "un informe",
    Version.Norma.PLAN: "un plan",
    Version.Norma.OTRO: "otro documento",
}


def _alguno(campo: str, valores: Iterable[str]) -> Q:
    return reduce(or_, (Q(**{campo: valor}) for valor in valores))


@regla("hay-publicaciones")
def hay_publicaciones(
    criterio: Criterio,
    en: datetime,
    *,
    canales: Sequence[UnCanal] = (),
    palabras: Sequence[str] = (),
    cada_palabra: bool = False,
    tipo: UnTipo | None = None,
    normas: Sequence[UnaNorma] = (),
    con_numero: bool = False,
    con_archivo: bool = False,
    enlace_a: Sequence[str] = (),
    anio: Anio | None = None,
    dias: Positivo | None = None,
    minimo: Positivo = 1,
) -> Veredicto:
    """En los canales, o en todo el sitio, hay publicaciones vivas como se piden.

    With `cada_palabra`, each word must be in the title of some publication; without it, any of them.
    """
    donde = Publicacion.objects.publicadas()
    if canales:
        donde = donde.filter(canal__slug__in=canales)
    pedido = Pedido(tipo, normas, con_numero, con_archivo, enlace_a, anio, dias)
    halladas = donde.filter(*pedido.filtros(en)).select_related("dependencia", "version_publica")
    muestras: list[Publicacion] = []
    faltan: list[str] = []
    for grupo in [[palabra] for palabra in palabras] if cada_palabra else [list(palabras)]:
        dice = _alguno("version_publica__titulo__unaccent__icontains", grupo) if grupo else Q()
        suyas = list(halladas.filter(dice).order_by("publicada_en", "pk")[:minimo])
        muestras += suyas
        if len(suyas) < minimo:
            faltan.append(pedido.en_palabras(en, grupo))
    if not faltan:
        return cumple(f"Está {nombrar(map(nombre_de_publicacion, muestras))}.")
    lugar = _nombres_de_canales(canales)
    a_donde = lugar or (f"«{criterio.canal.nombre}»" if criterio.canal else "el canal que corresponda")
    cuantas = f" ({minimo} o más)" if minimo > 1 else ""
    return falla(
        f"En {lugar or 'el sitio'} falta {'; '.join(faltan)}{cuantas}.",
        f"Publique en {a_donde} {'; '.join(faltan)}{cuantas}.",
        en_parte=bool(muestras),
    )


def _nombres_de_canales(slugs: Sequence[str]) -> str:
    """«Noticias» (Despacho del Alcalde); it says which the public does not see."""
    return nombrar(
        f"«{c.nombre}» ({c.dependencia}{'' if c.publico and c.activo else '; el público no lo ve'})"
        for c in Canal.objects.filter(slug__in=slugs).select_related("dependencia")
    )


@regla("canales-al-dia")
def canales_al_dia(
    criterio: Criterio, en: datetime, *, canales: Sequence[UnCanal] = (), dias: Positivo | None = None
) -> Veredicto:
    """Cada canal tiene algo publicado y se renovó dentro de su edad máxima, o de los días que se digan.

    Without `canales`, every public channel that has a maximum age.
    """
    todos = Canal.objects.filter(slug__in=canales) if canales else _canales_con_edad()
    renuevan = Q(actualizaciones__clase__in=Actualizacion.RENUEVAN, actualizaciones__en__lte=en)
    dichos, atrasados = [], []
    for canal in todos.select_related("dependencia").annotate(
        ultima=Max("actualizaciones__en", filter=renuevan),
        vivo=Exists(Publicacion.objects.publicadas().filter(canal=OuterRef("pk"))),
    ):
        plazo = dias or canal.edad_maxima_dias
        if plazo is None:
            raise NoSePudoMirar(f"El canal «{canal}» no tiene edad máxima con que compararlo.")
        ultima = f"se renovó el {dia(canal.ultima)}" if canal.ultima else "nunca se ha renovado"
        nada = "" if canal.vivo else " y no tiene nada publicado"
        dichos.append(f"«{canal.nombre}» ({canal.dependencia}) {ultima}{nada}; el plazo es de {plazo} días")
        if not canal.vivo or not canal.ultima or (en - canal.ultima).days >= plazo:
            atrasados.append(dichos[-1])
    if not dichos:
        raise NoSePudoMirar("No hay canales públicos con edad máxima.")
    if not atrasados:
        return cumple(f"{dichos[0]}." if len(dichos) == 1 else "Todos los canales están al día.")
    return falla(
        f"Sin actualizar: {nombrar(atrasados)}.",
        "Publique algo en cada canal que se nombra, o revise lo que hay y diga que sigue vigente.",
        en_parte=len(atrasados) < len(dichos),
    )


def _canales_con_edad() -> QuerySet[Canal]:
    return Canal.objects.publicos().filter(edad_maxima_dias__isnull=False).exclude(tipos=[])


@regla("agenda-con-eventos")
def agenda_con_eventos(criterio: Criterio, en: datetime) -> Veredicto:
    """La agenda anuncia un evento próximo o del mes en curso."""
    mes = timezone.localtime(en).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    eventos = Publicacion.objects.eventos(desde=mes).select_related("dependencia", "version_publica")
    if evento := eventos.order_by("-version_publica__evento_inicio").first():
        cuando = dia(evento.version_publica.evento_inicio)
        return cumple(f"Está {nombre_de_publicacion(evento)}, el {cuando}.")
    return falla(
        "La agenda no anuncia nada de este mes en adelante.", "Publique en la agenda el próximo evento."
    )


@regla("dos-personas")
def dos_personas(criterio: Criterio, en: datetime) -> Veredicto:
    """Todo lo publicado fue validado, y lo autorizó alguien distinto de quien lo envió.

    What was urgent had no validation: who authorised it afterwards looked at it.
    """
    vivas = Publicacion.objects.publicadas().select_related("version_publica", "dependencia")
    return contar(
        "Publicaciones validadas y autorizadas por otra persona",
        vivas,
        vivas.filter(
            Q(version_publica__autorizada_en=None)
            | Q(version_publica__validada_por=None, version_publica__urgente=False)
            | Q(version_publica__autorizacion__persona=F("version_publica__enviada_por"))
        ),
        nombre_de_publicacion,
        "No hay nada publicado.",
        "Autorice lo que salió con urgencia, o retírelo.",
    )
