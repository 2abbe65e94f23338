from conectividad.models.cierre import CierreMensual
from conectividad.models.enlace import Enlace, Objetivo
from conectividad.models.incidente import Accion, Incidente
from conectividad.models.sondeo import ResumenDeSondeos, Sondeo

__all__ = ["Accion", "CierreMensual", "Enlace", "Incidente", "Objetivo", "ResumenDeSondeos", "Sondeo"]
