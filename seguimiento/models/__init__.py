from seguimiento.models.comite import EnlaceDelComite, ObservacionDeMiembro, UsoDeEnlace
from seguimiento.models.informe import (
    InformeSemanal,
    NotaDeCorreccion,
    ObservacionADependencia,
    ObservacionDeDependencia,
)
from seguimiento.models.marco import Criterio, Equivalencia, Evaluacion, Evidencia, Fase, Marco
from seguimiento.models.medicion import DatoAportado, Medicion
from seguimiento.models.plan import AccionDelPlan, Actividad, Indicador, Miembro, Plan

__all__ = [
    "AccionDelPlan",
    "Actividad",
    "Criterio",
    "DatoAportado",
    "EnlaceDelComite",
    "Equivalencia",
    "Evaluacion",
    "Evidencia",
    "Fase",
    "Indicador",
    "InformeSemanal",
    "Marco",
    "Medicion",
    "Miembro",
    "NotaDeCorreccion",
    "ObservacionADependencia",
    "ObservacionDeDependencia",
    "ObservacionDeMiembro",
    "Plan",
    "UsoDeEnlace",
]
