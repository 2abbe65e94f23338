from seguimiento.models.campana import Campana
from seguimiento.models.comite import EnlaceDelComite, ObservacionDeMiembro, UsoDeEnlace
from seguimiento.models.empalme import (
    ActividadDeEmpalme,
    Asistencia,
    DocumentoDeEmpalme,
    Empalme,
    FuncionarioEntrante,
    ObservacionDeEmpalme,
)
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
    "ActividadDeEmpalme",
    "Asistencia",
    "Campana",
    "Criterio",
    "DatoAportado",
    "DocumentoDeEmpalme",
    "Empalme",
    "EnlaceDelComite",
    "Equivalencia",
    "Evaluacion",
    "Evidencia",
    "Fase",
    "FuncionarioEntrante",
    "Indicador",
    "InformeSemanal",
    "Marco",
    "Medicion",
    "Miembro",
    "NotaDeCorreccion",
    "ObservacionADependencia",
    "ObservacionDeDependencia",
    "ObservacionDeEmpalme",
    "ObservacionDeMiembro",
    "Plan",
    "UsoDeEnlace",
]
