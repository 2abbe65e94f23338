"""The bulletin by mail: for whom it is, and the messages that are written once it was approved."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.template.loader import render_to_string
from django.utils.text import wrap

from participacion.boletin.decision import Estado, integro
from participacion.boletin.novedades import Novedad, por_temas, vigentes
from participacion.models import Boletin, Suscripcion
from participacion.suscripciones import BOLETIN, direccion_para, firma_de
from portal.correo import encolar_varios
from portal.models import Canal, Correo, Dependencia, Municipio

#: Messages written in each run, so that the mail server is not asked for all at once.
LOTE = 200
#: Columns of the lines of a message.
RENGLON = 72


# --- For whom -------------------------------------------------------------------------------------
def interesadas(novedades: list[Novedad]) -> QuerySet[Suscripcion]:
    """The subscriptions that asked for something of that and are written to."""
    if not novedades:
        return Suscripcion.objects.none()
    en_canales = Suscripcion.canales.through.objects.filter(
        suscripcion=OuterRef("pk"), canal__in={novedad["canal"] for novedad in novedades}
    )
    en_dependencias = Suscripcion.dependencias.through.objects.filter(
        suscripcion=OuterRef("pk"), dependencia__in={novedad["dependencia"] for novedad in novedades}
    )
    return Suscripcion.objects.que_reciben().filter(
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
    activas = Suscripcion.objects.que_reciben()
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
    reciben = Q(suscripciones__in=Suscripcion.objects.que_reciben())
    activas = Count("suscripciones", filter=reciben)
    pedidos = modelo._default_manager.filter(pk__in=pks).annotate(cuantas=activas).filter(cuantas__gt=0)
    return [(str(uno), uno.cuantas) for uno in pedidos]


# --- The mailing ----------------------------------------------------------------------------------
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
