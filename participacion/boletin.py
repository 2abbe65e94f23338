"""The bulletin of an ISO week: what was published in it, who it is for, and how it is approved and sent.

It is built only from what counts as an update: new publications and changes of substance, never a correction,
and nothing that was withdrawn since. On its Monday it is frozen, with its hash; whoever authorises in its
channel decides whether it goes out by mail. The page of a week needs nobody's approval: all in it is public.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import wrap

from participacion.models import Boletin, Suscripcion
from participacion.suscripciones import BOLETIN, direccion_para, firma_de
from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, momento, sencilla
from portal.correo import encolar_varios
from portal.flujo import Contexto, Flujo, Transicion
from portal.huella import huella_de
from portal.models import (
    Actualizacion,
    Asignacion,
    Canal,
    Cargo,
    Correo,
    Dependencia,
    Municipio,
    Publicacion,
    Usuario,
    Version,
)
from portal.periodos import Periodo

Estado = Boletin.Estado
Novedad = dict[str, Any]
#: Whoever authorises in this channel decides whether the bulletin is sent; see `portal.models.Asignacion`.
CANAL = "boletines-y-publicaciones"
#: Messages written in each run, so that the mail server is not asked for all at once.
LOTE = 200
#: Columns of the lines of a message.
RENGLON = 72
#: In the order of the site, after what people look for first in a bulletin.
_SECCIONES = sorted(Canal.Seccion.values, key=lambda seccion: seccion != Canal.Seccion.ACTUALIDAD)
NADA_QUE_CONTAR = "Esa semana no se publicó nada nuevo."
NADIE_DECIDIO = "Nadie lo aprobó antes de que terminara la semana siguiente."


# --- What it tells ------------------------------------------------------------------------------
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


# --- On Monday ----------------------------------------------------------------------------------
def _datos(semana: Periodo, novedades: list[Novedad]) -> dict[str, Any]:
    return {"anio": semana.anio_iso, "semana": semana.numero, "novedades": novedades}


@transaction.atomic
def preparar(en: datetime) -> str:
    """Rutina: freeze the week that ended, once. What nobody decided of those before is no longer news."""
    semana = Periodo.semana_de(timezone.localdate(en)).anterior
    if Boletin.objects.filter(anio=semana.anio_iso, semana=semana.numero).exists():
        return f"El boletín de la {semana.nombre} ya estaba preparado."
    Boletin.objects.filter(estado=Estado.PREPARADO).update(estado=Estado.SIN_ENVIO, motivo=NADIE_DECIDIO)
    novedades = novedades_de(semana)
    datos = _datos(semana, novedades)
    Boletin.objects.create(
        anio=semana.anio_iso,
        semana=semana.numero,
        datos=datos,
        huella=huella_de(datos),
        preparado_en=en,
        **({} if novedades else {"estado": Estado.SIN_ENVIO, "motivo": NADA_QUE_CONTAR}),
    )
    if not novedades:
        return f"Boletín de la {semana.nombre}: no hay nada que contar y no se envía."
    return f"Boletín de la {semana.nombre}: {len(novedades)} novedades, espera a quien lo aprueba."


# --- The decision -------------------------------------------------------------------------------
def decide(usuario: Usuario, en: datetime | None = None) -> bool:
    """Whether the posts of that person let them approve it. Two queries at most."""
    if Canal.objects.que_puede(usuario, Asignacion.Funcion.AUTORIZA, en).filter(slug=CANAL).exists():
        return True
    return Cargo.objects.ejercidos_por(usuario, en).que_dirigen_secretaria_general().exists()


def entra(usuario: Usuario) -> bool:
    """Whether the desk is shown to that person, for what only shows or hides it."""
    alcance = alcance_de(usuario)
    return alcance.dirige_secretaria_general or Asignacion.Funcion.AUTORIZA.value in alcance.funciones_en(
        CANAL
    )


def _quien_autoriza(boletin: Boletin, contexto: Contexto) -> str:
    if contexto.por and decide(contexto.por, contexto.en):
        return ""
    return "El boletín lo aprueba quien autoriza en el canal de boletines, o dirige la Secretaría General."


def integro(boletin: Boletin) -> bool:
    """Whether what is kept is what was frozen."""
    return huella_de(boletin.datos) == boletin.huella


def huella_vigente(boletin: Boletin) -> str:
    """The hash of what would be sent now: whoever approves says with it what they read."""
    return huella_de(_datos(boletin.periodo, vigentes(boletin.datos["novedades"])))


def _lo_que_leyo(boletin: Boletin, contexto: Contexto) -> str:
    if not integro(boletin):
        return "Lo guardado no coincide con su huella. Avise a quien administra el sitio."
    novedades = vigentes(boletin.datos["novedades"])
    if not novedades:
        return "Todo lo que contaba se retiró: no hay nada que enviar."
    if contexto.datos.get("leido") != huella_de(_datos(boletin.periodo, novedades)):
        return "Algo se retiró del sitio mientras usted leía. Lea de nuevo el boletín antes de aprobarlo."
    if urgentes := sin_autorizar(novedades):
        return f"Se publicó con urgencia y falta que otra persona lo autorice: «{'», «'.join(urgentes)}»."
    return ""


def _aprobar(boletin: Boletin, contexto: Contexto) -> None:
    boletin.datos = _datos(boletin.periodo, vigentes(boletin.datos["novedades"]))
    boletin.huella, boletin.destinatarios = huella_de(boletin.datos), 0
    boletin.decidido_por, boletin.decidido_en = contexto.por, contexto.en


def _no_enviar(boletin: Boletin, contexto: Contexto) -> None:
    boletin.motivo = contexto.motivo
    boletin.decidido_por, boletin.decidido_en = contexto.por, contexto.en


FLUJO = Flujo(
    Boletin,
    [
        Transicion(
            "aprobar",
            "Aprobar y enviar",
            (Estado.PREPARADO,),
            Estado.APROBADO,
            _quien_autoriza,
            _lo_que_leyo,
            _aprobar,
        ),
        Transicion(
            "no_enviar",
            "No enviar",
            (Estado.PREPARADO,),
            Estado.SIN_ENVIO,
            _quien_autoriza,
            efecto=_no_enviar,
            pide_motivo=True,
        ),
    ],
    lambda boletin, transicion, anterior, contexto: None,  # the row itself says who, when and why
    intocables=("anio", "semana", "preparado_en"),
)


def aprobar(boletin: Boletin, *, por: Usuario, leido: str, en: datetime | None = None) -> Boletin:
    """Let it go out by mail, once, as it was read (`leido`, its `huella_vigente`).

    Raises EstadoInadecuado when somebody decided already, SinPermiso or CondicionIncumplida.
    """
    return FLUJO.ejecutar("aprobar", boletin, por=por, en=en, leido=leido)


def no_enviar(boletin: Boletin, *, por: Usuario, motivo: str, en: datetime | None = None) -> Boletin:
    """Say why it does not go out. Raises EstadoInadecuado, SinPermiso or CondicionIncumplida."""
    return FLUJO.ejecutar("no_enviar", boletin, por=por, en=en, motivo=motivo)


def por_aprobar(usuario: Usuario, en: datetime) -> list[Rama]:
    """The bulletin that waits for whoever may approve it."""
    alcance = alcance_de(usuario, en)
    suyos = alcance.canales[Asignacion.Funcion.AUTORIZA]
    if not suyos and not alcance.dirige_secretaria_general:
        return []
    boletines = Boletin.objects.filter(estado=Estado.PREPARADO)
    if not alcance.dirige_secretaria_general:
        boletines = boletines.filter(Exists(Canal.objects.filter(slug=CANAL, pk__in=suyos)))
    filas = sencilla(
        boletines.order_by("anio", "semana"),
        texto=Concat(
            Value("Boletín de la semana "), "semana", Value(" de "), "anio", output_field=CharField()
        ),
        clave=Concat("anio", Value("/"), "semana", output_field=CharField()),
        cuando="preparado_en",
    )
    return [Rama("Boletín por aprobar", filas, _linea)]


def _linea(fila) -> Tarea:
    anio, semana = fila.de_clave.split("/")
    detalle = f"Se preparó el {momento(fila.de_cuando)}. Si nadie lo aprueba esta semana, no se envía."
    return Tarea(fila.de_texto, detalle, reverse("participacion:escritorio_boletin", args=[anio, semana]))


# --- For whom -----------------------------------------------------------------------------------
def interesadas(novedades: list[Novedad]) -> QuerySet[Suscripcion]:
    """The active subscriptions that asked for something of that."""
    if not novedades:
        return Suscripcion.objects.none()
    en_canales = Suscripcion.canales.through.objects.filter(
        suscripcion=OuterRef("pk"), canal__in={novedad["canal"] for novedad in novedades}
    )
    en_dependencias = Suscripcion.dependencias.through.objects.filter(
        suscripcion=OuterRef("pk"), dependencia__in={novedad["dependencia"] for novedad in novedades}
    )
    return Suscripcion.objects.activas().filter(
        Q(todo=True)
        | Q(secciones__overlap=sorted({novedad["seccion"] for novedad in novedades}))
        | Exists(en_canales)
        | Exists(en_dependencias)
    )


def lo_suyo(novedades: list[Novedad], suscripcion: Suscripcion) -> list[Novedad]:
    """Of that, what it asked for. Reads its channels and offices, perhaps already prefetched."""
    if suscripcion.todo:
        return novedades
    canales = {canal.pk for canal in suscripcion.canales.all()}
    dependencias = {dependencia.pk for dependencia in suscripcion.dependencias.all()}
    return [
        novedad
        for novedad in novedades
        if novedad["seccion"] in suscripcion.secciones
        or novedad["canal"] in canales
        or novedad["dependencia"] in dependencias
    ]


def lo_que_pidio(suscripcion: Suscripcion) -> str:
    """In words: «Todo lo que se publica», or its themes, channels and offices."""
    if suscripcion.todo:
        return "Todo lo que se publica"
    canales = [canal.nombre for canal in suscripcion.canales.all()]
    dependencias = [dependencia.nombre for dependencia in suscripcion.dependencias.all()]
    return "; ".join([*suscripcion.nombres_de_los_temas(), *canales, *dependencias])


def reparto(novedades: list[Novedad]) -> dict[str, Any]:
    """How many it would reach, and how many asked for each thing that it tells. Four queries."""
    activas = Suscripcion.objects.activas()
    temas = {novedad["seccion"] for novedad in novedades}
    cuentas = activas.aggregate(
        activas=Count("pk"),
        todo=Count("pk", filter=Q(todo=True)),
        **{f"de_{tema}": Count("pk", filter=Q(secciones__contains=[tema])) for tema in temas},
    )
    return {
        "total": interesadas(novedades).count(),
        "activas": cuentas["activas"],
        "pidieron": [
            ("Todo lo que se publica", cuentas["todo"]),
            *(
                (seccion.label, cuentas[f"de_{seccion}"])
                for seccion in Canal.Seccion
                if cuentas.get(f"de_{seccion}")
            ),
            *_cuantas_piden(Canal, {novedad["canal"] for novedad in novedades}),
            *_cuantas_piden(Dependencia, {novedad["dependencia"] for novedad in novedades}),
        ],
    }


def _cuantas_piden(modelo: type[Canal | Dependencia], pks: set[int]) -> list[tuple[str, int]]:
    """Of those channels or offices that somebody asked for, how many did."""
    activas = Count("suscripciones", filter=Q(suscripciones__estado=Suscripcion.Estado.ACTIVA))
    pedidos = modelo._default_manager.filter(pk__in=pks).annotate(cuantas=activas).filter(cuantas__gt=0)
    return [(str(uno), uno.cuantas) for uno in pedidos]


# --- The mailing --------------------------------------------------------------------------------
@transaction.atomic
def enviar(en: datetime) -> str:
    """Rutina: write in the outbox the next messages of what was approved. Always the same queries.

    Each message has the `clave` of its bulletin and subscription: what was written is not written again. Who
    left, or changed what they want, before their turn, is heeded; who came after the approval is not written.

    Raises ValueError when what is kept is not what was approved.
    """
    aprobados = Boletin.objects.filter(estado=Estado.APROBADO).order_by("anio", "semana")
    boletin = aprobados.select_for_update(skip_locked=True).first()
    if boletin is None:
        return "No hay boletines por enviar."
    if not integro(boletin):
        raise ValueError(f"{boletin}: lo guardado no coincide con su huella y no se envía.")
    novedades = vigentes(boletin.datos["novedades"])
    lote = list(_faltan(boletin, novedades)[:LOTE])
    municipio = Municipio.objects.first() or Municipio()
    encolar_varios([_mensaje(boletin, novedades, suya, municipio, en) for suya in lote])
    boletin.destinatarios = (boletin.destinatarios or 0) + len(lote)
    if len(lote) < LOTE:
        boletin.estado, boletin.enviado_en = Estado.ENVIADO, en
    boletin.save(update_fields=["destinatarios", "estado", "enviado_en"])
    return f"{boletin}: {len(lote)} mensajes escritos."


def _faltan(boletin: Boletin, novedades: list[Novedad]) -> QuerySet[Suscripcion]:
    """Those still to be written, locked so that nobody leaves in between."""
    clave = Concat(Value(f"{BOLETIN}:{boletin.pk}:"), Cast(OuterRef("pk"), CharField()))
    return (
        interesadas(novedades)
        .filter(~Exists(Correo.objects.filter(clave=clave)), confirmada_en__lte=boletin.decidido_en)
        .order_by("pk")
        .select_for_update(of=("self",))
        .prefetch_related("canales", "dependencias")
    )


def _mensaje(boletin, novedades, suscripcion: Suscripcion, municipio: Municipio, en: datetime) -> Correo:
    suyas, firma = lo_suyo(novedades, suscripcion), firma_de(suscripcion)
    salir = direccion_para("salir_de_la_suscripcion", firma)
    return Correo(
        clave=f"{BOLETIN}:{boletin.pk}:{suscripcion.pk}",
        para=suscripcion.correo,
        asunto=asunto_de(boletin, municipio),
        texto=texto_del_correo(
            boletin,
            suyas,
            municipio,
            pidio=lo_que_pidio(suscripcion),
            preferencias=direccion_para("suscripcion", firma),
            salir=salir,
        ),
        cabeceras=cabeceras(salir),
        creado_en=en,
        intentar_desde=en,
    )


def asunto_de(boletin: Boletin, municipio: Municipio) -> str:
    return f"Novedades de {municipio.nombre}: semana {boletin.semana} de {boletin.anio}"


def cabeceras(salir: str) -> dict[str, str]:
    """Those of a list: what it is (RFC 2919) and how to leave it with one touch (RFC 8058).

    Without `Precedence`, which no standard defines: automatic repliers keep silent before a `List-Id` (RFC
    5230, §4.6) and the `Auto-Submitted` that every message of ours has (RFC 3834).
    """
    dominio = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return {
        "List-Id": f"Boletin semanal <boletin.{dominio}>",
        "List-Unsubscribe": f"<{salir}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def texto_del_correo(
    boletin: Boletin,
    novedades: list[Novedad],
    municipio: Municipio,
    *,
    pidio: str,
    preferencias: str,
    salir: str,
) -> str:
    """The message, in short lines. Addresses are never cut."""
    texto = render_to_string(
        "participacion/correo_boletin.txt",
        {
            "semana": boletin.periodo,
            "temas": por_temas(novedades),
            "municipio": municipio,
            "portal": settings.PORTAL_URL,
            "pidio": pidio,
            "preferencias": preferencias,
            "salir": salir,
        },
    )
    return wrap(texto, RENGLON)


# --- Read aloud, or pasted in a messaging app ---------------------------------------------------
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
