from tramites.models.catalogo import (
    Audiencia,
    PuntoDeAtencion,
    SituacionDeVida,
    Tematica,
    TramiteEnSituacion,
    ValorDeReferencia,
)
from tramites.models.hoja import Accion, Fundamento, HojaDeVida, Momento
from tramites.models.racionalizacion import Racionalizacion
from tramites.models.registro import LecturaDiaria, MedicionDeHoja, PasoDeTramite
from tramites.models.tramite import Tramite

__all__ = [
    "Accion",
    "Audiencia",
    "Fundamento",
    "HojaDeVida",
    "LecturaDiaria",
    "MedicionDeHoja",
    "Momento",
    "PasoDeTramite",
    "PuntoDeAtencion",
    "Racionalizacion",
    "SituacionDeVida",
    "Tematica",
    "Tramite",
    "TramiteEnSituacion",
    "ValorDeReferencia",
]
