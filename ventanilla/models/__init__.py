from ventanilla.models.actuacion import Actuacion, LecturaReservada, Mensaje, Subcaso, Valoracion
from ventanilla.models.anexo import Anexo
from ventanilla.models.asiento import Asiento
from ventanilla.models.clase import ClaseDeRadicado, Firmeza, PlazoDeActuacion
from ventanilla.models.consentimiento import TextoDeConsentimiento
from ventanilla.models.formulario import Campo, Formulario
from ventanilla.models.radicado import Borrador, Peticionario, Radicado
from ventanilla.models.reserva import Depuracion
from ventanilla.models.salida import Proyecto, RespuestaTipo, Salida, Sentido
from ventanilla.models.termino import Termino

__all__ = [
    "Actuacion",
    "Anexo",
    "Asiento",
    "Borrador",
    "Campo",
    "ClaseDeRadicado",
    "Depuracion",
    "Firmeza",
    "Formulario",
    "LecturaReservada",
    "Mensaje",
    "Peticionario",
    "PlazoDeActuacion",
    "Proyecto",
    "Radicado",
    "RespuestaTipo",
    "Salida",
    "Sentido",
    "Subcaso",
    "Termino",
    "TextoDeConsentimiento",
    "Valoracion",
]
