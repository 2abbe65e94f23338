"""Where a radicado is, in the words of whoever filed it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format

from portal.calendario import DiasHabiles
from ventanilla.flujo import reabre_hasta
from ventanilla.models import Actuacion, Firmeza, Radicado, Salida, Termino
from ventanilla.models.radicado import CORREN

Estado = Radicado.Estado


@dataclass(frozen=True)
class Situacion:
    """What happened in a few words, and what comes next."""

    titulo: str
    sigue: str


def situacion_de(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> Situacion:
    """As it is that day. Reads its actuaciones when it was withdrawn."""
    oficina = str(radicado.dependencia or "la Secretaría General")
    if radicado.reabierto_en and radicado.abierto and radicado.estado != Estado.REQUIERE_COMPLETAR:
        return Situacion("La estamos revisando de nuevo", f"La revisa {oficina}, como usted lo pidió.")
    match radicado.estado:
        case Estado.RADICADO:
            return Situacion("La recibimos", "Falta entregarla a la oficina que la responde.")
        case Estado.ASIGNADO:
            return Situacion("Ya está en la oficina que la responde", f"Falta que {oficina} la empiece.")
        case Estado.EN_TRAMITE:
            return Situacion("Estamos trabajando en ella", f"{oficina} prepara la respuesta.")
        case Estado.POR_FIRMAR:
            return Situacion("La respuesta está escrita", "Falta que la firmen.")
        case Estado.REQUIERE_COMPLETAR:
            return _en_espera(radicado, hoy)
        case Estado.RESPONDIDO:
            return Situacion("Ya le respondimos", _tras_la_respuesta(radicado, hoy, habiles))
        case Estado.CERRADO:
            return Situacion("Terminó", "La respuesta sigue aquí. Para otra cosa, presente una nueva.")
        case Estado.TRASLADADO:
            return Situacion(
                "La enviamos a otra entidad",
                f"Le corresponde a {radicado.entidad_de_traslado}, que le responde a usted.",
            )
        case Estado.ANULADO:
            return Situacion("Se anuló", f"Razón: {radicado.anulacion_razon}")
    return _desistido(radicado)


def _en_espera(radicado: Any, hoy: date) -> Situacion:
    hasta = en_palabras(radicado.completar_hasta)
    if hoy > radicado.completar_hasta:
        sigue = f"El plazo terminó el {hasta}. Si no se ha archivado, todavía puede completarla."
    else:
        sigue = f"Tiene hasta el {hasta}. Mientras tanto, nuestro término no corre."
    return Situacion("Esperamos que usted la complete", sigue)


def _tras_la_respuesta(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> str:
    limite = reabre_hasta(radicado, habiles)
    if radicado.reabierto_en or hoy > limite:
        return "Díganos qué le pareció la respuesta."
    return f"Si no quedó conforme, puede pedir que la revisen hasta el {en_palabras(limite)}."


def _desistido(radicado: Radicado) -> Situacion:
    if radicado.actuaciones.filter(accion="desistir").exists():
        return Situacion("Usted desistió", "No habrá respuesta. Puede presentarla de nuevo cuando quiera.")
    return Situacion(
        "Se archivó porque no se completó", "Lea abajo la decisión. Puede presentarla de nuevo cuando quiera."
    )


@dataclass(frozen=True)
class Fecha:
    """Until when it must be answered and why. `norma` is empty when no rule that was confirmed says it."""

    vence: date
    explicacion: str
    norma: str
    tarde: bool


def fecha_de(radicado: Radicado, hoy: date) -> Fecha | None:
    """Of the term that runs; None when none does."""
    if not radicado.corre:
        return None
    termino = radicado.terminos.order_by("-en", "-pk")[:1].get()
    return Fecha(radicado.vence, termino.explicacion, norma_de(radicado, termino), hoy > radicado.vence)


def norma_de(radicado: Radicado, termino: Termino) -> str:
    """The rule of that term; "" when it is that of a kind which nobody confirmed: it is not shown as law."""
    clase = radicado.clase
    inferida = clase.firmeza == Firmeza.INFERIDA and termino.base_legal == clase.base_legal
    return "" if inferida else termino.base_legal


def acciones_de(radicado: Radicado, respuesta: Salida | None, hoy: date, habiles: DiasHabiles) -> list[str]:
    """What the person may do now, in the order in which it matters. `respuesta` is the last one."""
    acciones = []
    if radicado.estado == Estado.REQUIERE_COMPLETAR:
        acciones.append("completar")
        if _puede_pedir_mas_tiempo(radicado, hoy):
            acciones.append("mas-tiempo")
    if respuesta is not None and not radicado.abierto and not hasattr(respuesta, "valoracion"):
        acciones.append("valorar")
    if (
        radicado.estado == Estado.RESPONDIDO
        and radicado.reabierto_en is None
        and hoy <= reabre_hasta(radicado, habiles)
    ):
        acciones.append("reabrir")
    if radicado.estado != Estado.ANULADO and radicado.depurado_en is None:
        acciones.append("mensaje")
    if radicado.estado in (*CORREN, Estado.REQUIERE_COMPLETAR):
        acciones.append("desistir")
    return acciones


#: What each step was, told to whoever filed; the others are told as the step is called.
_HECHOS = {
    "radicar": "Se radicó",
    "requerir": "Le pedimos que la completara",
    "completar": "Se completó",
    "dar_mas_tiempo": "Se dio más tiempo para completar",
    "prorrogar": "Avisamos que necesitamos más tiempo",
    "firmar": "Respondimos",
    "trasladar": "La enviamos a la entidad que puede resolverla",
    "declarar_desistido": "Se archivó porque no se completó",
    "desistir": "Usted desistió",
    "cerrar": "Se cerró",
    "reabrir": "Usted pidió revisarla de nuevo",
    "anular": "Se anuló",
    "recalcular": "Cambió la fecha de respuesta",
    "reclasificar": "Cambió la clase de la solicitud",
}


@dataclass(frozen=True)
class Hecho:
    """A step of the line of time."""

    que: str
    en: datetime
    detalle: str


def hechos_de(radicado: Radicado) -> list[Hecho]:
    """What happened and the person may read, in order. One query."""
    return [
        Hecho(_que_fue(paso), paso.en, paso.detalle) for paso in radicado.actuaciones.filter(publica=True)
    ]


def _que_fue(paso: Actuacion) -> str:
    if paso.accion == "mensaje":
        return "Usted escribió un mensaje" if paso.de_la_persona else "Le escribimos un mensaje"
    return _HECHOS.get(paso.accion, paso.etiqueta)


def _puede_pedir_mas_tiempo(radicado: Any, hoy: date) -> bool:
    """Once, before the time to complete ends (see `ventanilla.flujo`)."""
    ya_pidio = radicado.actuaciones.filter(accion="dar_mas_tiempo", en__gte=radicado.suspendido_en)
    return hoy <= radicado.completar_hasta and not ya_pidio.exists()


def en_palabras(dia: date) -> str:
    """«viernes 24 de julio de 2026»."""
    return date_format(dia, r"l j \d\e F \d\e Y").lower()
