"""What people say, and what they are told. One noun a module."""

from participacion.models.aporte import Aporte, PasoDeAporte, TemaDeAportes, TemaDeInteres
from participacion.models.consulta import Consulta, Opcion, PasoDeConsulta, Pregunta
from participacion.models.opinion import MotivoDeOpinion, OpinionDePagina
from participacion.models.respuesta import Codigo, Eleccion, Gastado, Hoja, Rechazo, Respuesta
from participacion.models.suscripcion import Boletin, Suscripcion

__all__ = [
    "Aporte",
    "Boletin",
    "Codigo",
    "Consulta",
    "Eleccion",
    "Gastado",
    "Hoja",
    "MotivoDeOpinion",
    "Opcion",
    "OpinionDePagina",
    "PasoDeAporte",
    "PasoDeConsulta",
    "Pregunta",
    "Rechazo",
    "Respuesta",
    "Suscripcion",
    "TemaDeAportes",
    "TemaDeInteres",
]
