"""The bulletin of a week is frozen on Monday, and whoever authorises in its channel decides if it is sent."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from participacion.boletin.novedades import Novedad, novedades_de, sin_autorizar, vigentes
from participacion.models import Boletin
from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, momento, sencilla
from portal.flujo import Contexto, Flujo, Transicion
from portal.huella import huella_de
from portal.models import Asignacion, Canal, Cargo, Usuario
from portal.periodos import Periodo

Estado = Boletin.Estado
#: Whoever authorises in this channel decides whether the bulletin is sent; see `portal.models.Asignacion`.
CANAL = "boletines-y-publicaciones"
NADA_QUE_CONTAR = "Esa semana no se publicó nada nuevo."
NADIE_DECIDIO = "Nadie lo aprobó antes de que terminara la semana siguiente."


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


# --- The decision ---------------------------------------------------------------------------------
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
