"""Technical support: the table of the plan, and the book where officials ask for help with a screen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from portal import ayuda
from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, momento, sencilla
from portal.busqueda import sin_tildes
from portal.calendario import sumar_meses, tramos_habiles
from portal.importacion import Carga, Cuenta, Lector, guardar
from portal.models import ProcedimientoDeSoporte, SolicitudDeSoporte, Usuario
from portal.models.edicion import Consecutivo
from portal.redaccion.avisos import escribir

#: Of `Consecutivo`: the book has numbers of its own.
SERIE = "soporte"
#: How long an answer is news in the bandeja of who asked. Ours: no rule says it.
ES_NOTICIA = timedelta(days=15)
#: Months that the figures show.
MESES = 12
UNA_SEMANA = timedelta(days=7)
SIN_PANTALLA = "Sin pantalla"
_COLUMNAS = (
    *("orden", "problema", "procedimiento", "asistencia", "procedimiento_firmado", "asistencia_firmada"),
    "fuente",
)


# --- The table of the plan ------------------------------------------------------------------------
def cargar_procedimientos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {columna: fila[columna] for columna in _COLUMNAS} | {"orden": fila.entero("orden") or 0}
        guardar(fila, ProcedimientoDeSoporte, "problema", campos, cuenta)
    return cuenta


CARGA = Carga("soporte.csv", "Soporte técnico", _COLUMNAS, cargar_procedimientos)


def procedimientos(texto: str = "") -> list[ProcedimientoDeSoporte]:
    """The rows that have all those words, whatever their accents; without words, all. One query."""
    palabras = sin_tildes(texto).split()
    return [
        fila
        for fila in ProcedimientoDeSoporte.objects.all()
        if all(palabra in _para_buscar(fila) for palabra in palabras)
    ]


def _para_buscar(fila: ProcedimientoDeSoporte) -> str:
    return sin_tildes(" ".join(getattr(fila, campo) for campo in _COLUMNAS[1:6]))


# --- The book -------------------------------------------------------------------------------------
def responde(usuario: Usuario, en: datetime | None = None) -> bool:
    """Whether the person answers what others ask: who administers, or any post of Secretaría General."""
    return usuario.is_active and (
        usuario.is_superuser or any(p.de_secretaria_general for p in alcance_de(usuario, en).puestos)
    )


def solo_el_camino(direccion: str) -> str:
    """The path of a screen of ours: what is searched in it is not kept. "" when it is not one."""
    camino = direccion.partition("?")[0].partition("#")[0]
    es_nuestro = camino.startswith("/") and not camino.startswith("//") and "\\" not in camino
    return camino if es_nuestro and camino.isprintable() and len(camino) <= 300 else ""


@transaction.atomic
def pedir(
    *, clave: UUID, por: Usuario, problema: str, pantalla: str = "", en: datetime | None = None
) -> SolicitudDeSoporte:
    """Write the request down with the next number of the year; with a `clave` used before, that one.

    Raises ValidationError when nothing is told, or when that `clave` is of somebody else.
    """
    en = en or timezone.now()
    Usuario.objects.select_for_update().get(pk=por.pk)  # one request of theirs at a time
    if anterior := SolicitudDeSoporte.objects.filter(clave=clave).first():
        if anterior.por_id != por.pk:
            raise ValidationError("Abra la página otra vez: este formulario ya se usó.")
        return anterior
    anio = timezone.localdate(en).year
    solicitud = SolicitudDeSoporte(
        anio=anio,
        consecutivo=Consecutivo.siguiente(SERIE, anio),
        clave=clave,
        por=por,
        pantalla=solo_el_camino(pantalla),
        problema=problema.strip(),
        pedida_en=en,
    )
    solicitud.full_clean(validate_constraints=False)
    solicitud.save()
    return solicitud


class YaRespondida(ValidationError):
    """Somebody answered it before."""


@transaction.atomic
def responder(solicitud: SolicitudDeSoporte, *, por: Usuario, texto: str, en: datetime | None = None):
    """Answer it, once, and write to whoever asked. Returns the request.

    Raises ValidationError: the person does not answer, the text is empty; YaRespondida: it was answered.
    """
    en = en or timezone.now()
    if not responde(por, en):
        raise ValidationError("Responde quien administra el portal o un cargo de la Secretaría General.")
    solicitud = SolicitudDeSoporte.objects.select_for_update().get(pk=solicitud.pk)
    if solicitud.respondida_en:
        raise YaRespondida(f"{solicitud.respondida_por} ya la había respondido.")
    solicitud.respuesta, solicitud.respondida_por, solicitud.respondida_en = texto.strip(), por, en
    if not solicitud.respuesta:
        raise ValidationError({"respuesta": "Escriba la respuesta."})
    solicitud.full_clean()
    solicitud.save(update_fields=["respuesta", "respondida_por", "respondida_en"])
    escribir(
        solicitud.por,
        "soporte",
        asunto=f"Respuesta a su solicitud de soporte {solicitud.numero}",
        clave=f"soporte:{solicitud.pk}",
        en=en,
        solicitud=solicitud,
        direccion=reverse("admin:soporte_solicitud", args=[solicitud.pk]),
    )
    return solicitud


def visibles_para(usuario: Usuario):
    """Their own requests; to whoever answers, everybody's."""
    solicitudes = SolicitudDeSoporte.objects.select_related("por", "respondida_por")
    return solicitudes if responde(usuario) else solicitudes.filter(por=usuario)


# --- The bandeja ----------------------------------------------------------------------------------
def de_soporte(usuario: Usuario, en: datetime) -> list[Rama]:
    """What is asked of whoever answers, and what was answered to whoever asked."""
    respondidas = SolicitudDeSoporte.objects.filter(por=usuario, respondida_en__gt=en - ES_NOTICIA)
    ramas = [
        Rama(
            "Le respondieron en soporte",
            _filas(respondidas.order_by("-respondida_en", "-pk"), "respuesta", "respondida_en"),
            _linea,
            espera=False,
        )
    ]
    if responde(usuario, en):
        abiertas = SolicitudDeSoporte.objects.filter(respondida_en=None).order_by("pedida_en", "pk")
        ramas.insert(0, Rama("Piden ayuda con el portal", _filas(abiertas, "problema", "pedida_en"), _linea))
    return ramas


def _filas(solicitudes, detalle: str, cuando: str):
    numero = Concat(
        Cast("anio", TextField()), Value("-"), Cast("consecutivo", TextField()), output_field=TextField()
    )
    return sencilla(solicitudes, texto=numero, detalle=F(detalle), cuando=F(cuando))


def _linea(fila) -> Tarea:
    anio, _guion, consecutivo = fila.de_texto.partition("-")
    dicho = fila.de_detalle if len(fila.de_detalle) <= 160 else f"{fila.de_detalle[:159].rstrip()}…"
    return Tarea(
        str(SolicitudDeSoporte(anio=anio, consecutivo=int(consecutivo))),
        f"{dicho} · {momento(fila.de_cuando)}",
        reverse("admin:soporte_solicitud", args=[fila.de_clave]),
    )


# --- The figures ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cifras:
    """Of a month, or of a screen in a month: hours are those of attention, None when nothing says them."""

    mes: date
    pantalla: str
    pedidas: int
    respondidas: int
    mediana: float | None
    peor: float | None


def cifras(en: datetime | None = None) -> list[Cifras]:
    """Twelve months with requests, latest first; of each its total (screen "") and then its screens.

    By the month in which they were asked. Three queries however many there are.
    """
    hoy = timezone.localdate(en)
    desde = sumar_meses(hoy.replace(day=1), 1 - MESES)
    pedidas = SolicitudDeSoporte.objects.filter(pedida_en__date__gte=desde).order_by("pk")
    filas = list(pedidas.values_list("pedida_en", "respondida_en", "pantalla"))
    fines = [fin for _pedida, fin, _pantalla in filas if fin]
    # With the week that follows: there are hours of attention in it, unless nobody wrote down which they are.
    tramos = tramos_habiles(min(fila[0] for fila in filas), max(fines) + UNA_SEMANA) if fines else []
    grupos: dict[tuple[date, str], list[tuple[datetime, datetime | None]]] = {}
    for pedida, respondida, camino in filas:
        mes = timezone.localdate(pedida).replace(day=1)
        for pantalla in ("", _nombre_de_pantalla(camino)):
            grupos.setdefault((mes, pantalla), []).append((pedida, respondida))
    return [
        _cifras_de(mes, pantalla, grupos[mes, pantalla], tramos)
        for mes, pantalla in sorted(grupos, key=lambda grupo: (-grupo[0].toordinal(), grupo[1]))
    ]


def _nombre_de_pantalla(camino: str) -> str:
    """As people call it: the title of its page of the manual."""
    return ayuda.titulo_de(camino) if camino else SIN_PANTALLA


def _cifras_de(mes: date, pantalla: str, filas, tramos) -> Cifras:
    tiempos = [_horas(tramos, pedida, fin) for pedida, fin in filas if fin] if tramos else []
    return Cifras(
        mes,
        pantalla,
        len(filas),
        sum(fin is not None for _pedida, fin in filas),
        round(median(tiempos), 1) if tiempos else None,
        round(max(tiempos), 1) if tiempos else None,
    )


def _horas(tramos: list[tuple[datetime, datetime]], desde: datetime, hasta: datetime) -> float:
    """Hours of attention between two moments."""
    comunes = (min(cierra, hasta) - max(abre, desde) for abre, cierra in tramos)
    return sum(max(tramo, timedelta()).total_seconds() for tramo in comunes) / 3600


COLUMNAS_DE_CIFRAS = (
    *("Mes", "Pantalla", "Pedidas", "Respondidas"),
    *("Mediana en horas de atención", "La más demorada en horas de atención"),
)


def cifras_en_filas(en: datetime | None = None) -> Iterator[list[str]]:
    for cifra in cifras(en):
        yield [
            f"{cifra.mes:%Y-%m}",
            cifra.pantalla or "(todas)",
            str(cifra.pedidas),
            str(cifra.respondidas),
            *("" if horas is None else f"{horas:.1f}" for horas in (cifra.mediana, cifra.peor)),
        ]


# --- The demonstration ----------------------------------------------------------------------------
#: Who asks, on which screen, what, days ago, and who answers what.
_DE_EJEMPLO = (
    (
        *("autor.planeacion", "/admin/portal/version/add/"),
        "No sé en qué canal va la convocatoria del presupuesto participativo. ¿En Noticias o en Agenda?",
        *(6, "secretaria", "En Agenda si tiene día y hora. Si además quiere contarla, escriba una noticia."),
    ),
    (
        *("familias", "/panel/radicados/"),
        "En el celular no encuentro el botón para adjuntar la respuesta firmada.",
        *(1, "", ""),
    ),
)


def mostrar(carpeta: Path, personas: dict[str, Usuario], en: datetime) -> Iterable[str]:
    """A couple of requests for the demonstration, made once."""
    for quien, pantalla, problema, dias, de, respuesta in _DE_EJEMPLO:
        clave = uuid5(NAMESPACE_URL, f"portal:soporte:{quien}")
        if quien not in personas or SolicitudDeSoporte.objects.filter(clave=clave).exists():
            continue
        hace = timezone.localtime(en - timedelta(days=dias)).replace(hour=9, minute=10)
        solicitud = pedir(clave=clave, por=personas[quien], pantalla=pantalla, problema=problema, en=hace)
        if de:
            responder(solicitud, por=personas[de], texto=respuesta, en=hace + timedelta(hours=2))
        yield f"solicitud de soporte {solicitud.numero}"
