"""The desk of the office."""

from ventanilla.views.escritorio.lista import radicados
from ventanilla.views.escritorio.nuevo import nuevo
from ventanilla.views.escritorio.radicado import anexo, dar_paso, mensaje, radicado
from ventanilla.views.escritorio.respuesta import proyecto
from ventanilla.views.escritorio.subcasos import pedir_subcaso, subcaso

__all__ = [
    "anexo",
    "dar_paso",
    "mensaje",
    "nuevo",
    "pedir_subcaso",
    "proyecto",
    "radicado",
    "radicados",
    "subcaso",
]
