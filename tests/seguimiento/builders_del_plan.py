"""A plan with its rows, as `datos/` brings them; see `seguimiento.plan_importacion`."""

from datetime import date
from itertools import count
from pathlib import Path

from django.utils import timezone

from portal.importacion import CARGAS, cargar_carpeta
from portal.models import Cargo, Usuario
from portal.periodos import Periodo
from seguimiento.models import AccionDelPlan, Actividad, DatoAportado, Indicador, Plan

DATOS = Path(__file__).parents[2] / "datos"
#: The files of the plan and what they name.
ARCHIVOS = (
    *("dependencias.csv", "cargos.csv", "marcos.csv", "fases.csv", "plan.csv", "plan_comite.csv"),
    *("plan_acciones.csv", "plan_actividades.csv", "plan_indicadores.csv"),
)
_serie = count(1)


def cargar_plan_firmado(carpeta: Path = DATOS) -> dict:
    """The signed plan, and only what it needs."""
    return cargar_carpeta(carpeta, [carga for carga in CARGAS if carga.archivo in ARCHIVOS])


def crear_plan(**campos) -> Plan:
    n = next(_serie)
    valores = {"codigo": f"plan-{n}", "nombre": f"Plan {n}", "firmado_en": date(2008, 11, 18)}
    return Plan.objects.create(**valores | {"desde": date(2008, 11, 18)} | campos)


def crear_accion(plan: Plan | None = None, **campos) -> AccionDelPlan:
    n = next(_serie)
    plan = plan or Plan.objects.vigente() or crear_plan()
    return AccionDelPlan.objects.create(
        **{"plan": plan, "codigo": f"accion-{n}", "texto": f"Acción {n}"} | campos
    )


def crear_actividad(*cargos: Cargo, **campos) -> Actividad:
    valores = {"accion": campos.get("accion") or crear_accion(), "texto": f"Actividad {next(_serie)}"}
    actividad = Actividad.objects.create(**valores | campos)
    actividad.cargos.set(cargos)
    return actividad


def crear_indicador(funcion: str = "tramites-publicados", **campos) -> Indicador:
    """A valid indicator; the model refuses a function or parameters that do not exist."""
    n = next(_serie)
    valores = {
        "codigo": f"indicador-{n}",
        "accion": campos.get("accion") or crear_accion(),
        "texto": f"Porcentaje {n}",
        "meta_firmada": "100%",
        "meta": 100,
        "funcion": funcion,
    }
    indicador = Indicador(**valores | campos)
    indicador.full_clean()
    indicador.save()
    return indicador


def aportar(funcion: str, numerador: int, denominador: int, periodo: Periodo, **campos) -> DatoAportado:
    valores = {"funcion": funcion, "numerador": numerador, "denominador": denominador, "soporte": "Acta 004"}
    if "por" not in campos:
        valores["por"] = Usuario.objects.first()
    return DatoAportado.objects.create(**valores | {"desde": periodo.desde, "hasta": periodo.hasta} | campos)


def semana_pasada() -> Periodo:
    """The last week that ended."""
    return Periodo.semana_de(timezone.localdate()).anterior
