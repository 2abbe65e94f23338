"""The organisation, what it publishes and where. One noun a module."""

from portal.models.actualizacion import Actualizacion
from portal.models.audiencia import BusquedaSinResultado, Visita
from portal.models.autorizacion import Autorizacion
from portal.models.borrador import BorradorAnterior
from portal.models.busqueda import EntradaDeBusqueda, Sinonimo, Vocablo
from portal.models.calendario import DiaNoHabil, Jornada
from portal.models.canal import Asignacion, Canal
from portal.models.cargo import Cargo, Titularidad
from portal.models.correo import Correo
from portal.models.dependencia import Dependencia
from portal.models.edicion import Consecutivo, Edicion
from portal.models.enlace_externo import EnlaceExterno
from portal.models.freno import Freno
from portal.models.lectura import EnlaceDeLectura, ObservacionDeLector
from portal.models.municipio import Municipio
from portal.models.periodo import PeriodoDeGobierno
from portal.models.presencia import Presencia
from portal.models.publicacion import DireccionAnterior, Publicacion
from portal.models.rutina import EjecucionDeRutina
from portal.models.soporte import (
    ProcedimientoDeSoporte,
    RestablecimientoDeClave,
    SolicitudDeSoporte,
)
from portal.models.usuario import Usuario
from portal.models.version import Adjunto, Paso, Rendicion, Version

__all__ = [
    "Actualizacion",
    "Adjunto",
    "Asignacion",
    "Autorizacion",
    "BorradorAnterior",
    "BusquedaSinResultado",
    "Canal",
    "Cargo",
    "Consecutivo",
    "Correo",
    "Dependencia",
    "DiaNoHabil",
    "DireccionAnterior",
    "Edicion",
    "EjecucionDeRutina",
    "EnlaceDeLectura",
    "EnlaceExterno",
    "EntradaDeBusqueda",
    "Freno",
    "Jornada",
    "Municipio",
    "ObservacionDeLector",
    "Paso",
    "PeriodoDeGobierno",
    "Presencia",
    "ProcedimientoDeSoporte",
    "Publicacion",
    "Rendicion",
    "RestablecimientoDeClave",
    "Sinonimo",
    "SolicitudDeSoporte",
    "Titularidad",
    "Usuario",
    "Version",
    "Visita",
    "Vocablo",
]
