"""The signed plan coming in from `datos/`. What people have edited since is theirs.

The columns with the signed text are the plan word for word; beside them, how it is read today.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from portal.importacion import Carga, Cuenta, Fila, Lector, exigido, guardar
from portal.models import Cargo
from seguimiento.models import AccionDelPlan, Actividad, Indicador, Miembro, Plan
from seguimiento.parametros import ParametroInvalido, leer_parametros
from seguimiento.registro import INDICADORES


def _numero(fila: Fila, columna: str) -> Decimal:
    try:
        return Decimal(fila[columna])
    except InvalidOperation:
        raise fila.rechazar(columna, f"«{fila[columna]}» no es un número.") from None


def _cargos(fila: Fila, columna: str) -> list[Cargo]:
    """The posts of that column, their codes separated by spaces."""
    codigos = fila[columna].split()
    hallados = Cargo.objects.in_bulk(codigos, field_name="codigo")
    for codigo in codigos:
        if codigo not in hallados:
            raise fila.rechazar(columna, f"no hay cargo «{codigo}».")
    return list(hallados.values())


def _textos(fila: Fila, *columnas: str) -> dict[str, str]:
    return {columna: fila[columna] for columna in columnas}


def _guardar_con_cargos(
    fila: Fila, modelo: Any, clave: tuple[str, ...], campos: dict, cuenta: Cuenta
) -> None:
    """As `guardar`, and leave in it the posts of the row."""
    cargos = _cargos(fila, "cargos")
    antes = cuenta.iguales
    objeto = guardar(fila, modelo, clave, campos, cuenta)
    if objeto and set(objeto.cargos.all()) != set(cargos):
        objeto.cargos.set(cargos)
        if cuenta.iguales > antes:
            cuenta.iguales -= 1
            cuenta.cambiadas += 1


# --- The plan and its committee -----------------------------------------------------------------
def cargar_plan(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos: dict[str, Any] = {
            **_textos(fila, "codigo", "nombre", "acto", "marco_legal", "vision", "objetivo", "objetivos"),
            **_textos(fila, "marco_de_accion", "fuente"),
        }
        campos |= {columna: fila.fecha(columna) for columna in ("firmado_en", "desde", "hasta")}
        guardar(fila, Plan, "codigo", campos | {"vigente": fila.si_no("vigente")}, cuenta)
    return cuenta


def _plan(fila: Fila) -> Plan:
    return exigido(fila, "plan", Plan, "codigo")


def cargar_comite(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "plan": _plan(fila),
            **_textos(fila, "nombre", "cargo_firmado"),
            "orden": fila.entero("orden") or 0,
            "cargo": fila.buscar("cargo", Cargo, "codigo"),
            "representa": fila.uno_de("representa", Miembro.Representa),
        }
        guardar(fila, Miembro, ("plan", "nombre"), campos, cuenta)
    return cuenta


# --- Its rows -----------------------------------------------------------------------------------
def cargar_acciones(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "plan": _plan(fila),
            **_textos(fila, "codigo", "texto", "beneficio", "responsables", "recursos", "tiempos", "nota"),
            "orden": fila.entero("orden") or 0,
            "es_recomendacion": fila.si_no("recomendacion"),
        }
        _guardar_con_cargos(fila, AccionDelPlan, ("plan", "codigo"), campos, cuenta)
    return cuenta


def _accion(fila: Fila) -> AccionDelPlan:
    accion = _plan(fila).acciones.filter(codigo=fila["accion"]).first()
    if accion is None:
        raise fila.rechazar("accion", f"el plan «{fila['plan']}» no tiene la acción «{fila['accion']}».")
    return accion


def cargar_actividades(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "accion": _accion(fila),
            **_textos(fila, "texto", "nota"),
            "orden": fila.entero("orden") or 0,
            "inicio": fila.fecha("inicio"),
            "fin": fila.fecha("fin"),
            "estado": fila.uno_de("estado", Actividad.Estado),
        }
        _guardar_con_cargos(fila, Actividad, ("accion", "texto"), campos, cuenta)
    return cuenta


def cargar_indicadores(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "accion": _accion(fila),
            "lectura_de": fila.buscar("lectura_de", Indicador, "codigo"),
            **_textos(fila, "codigo", "texto", "meta_firmada", "lectura", "decision", "funcion"),
            "orden": fila.entero("orden") or 0,
            "meta": _numero(fila, "meta"),
            "sentido": fila.uno_de("sentido", Indicador.Sentido),
            "unidad": fila.uno_de("unidad", Indicador.Unidad),
            "literal": fila.si_no("literal"),
            "parametros": _parametros(fila),
        }
        guardar(fila, Indicador, "codigo", campos, cuenta)
    return cuenta


def _parametros(fila: Fila) -> dict[str, Any]:
    """Those of the function that the row names; which functions there are, the model knows."""
    if fila["funcion"] not in INDICADORES:
        return {}
    try:
        return leer_parametros(INDICADORES[fila["funcion"]], fila["parametros"])
    except ParametroInvalido as error:
        raise fila.rechazar("parametros", str(error)) from error


#: In the order in which they need each other; after the phases, which some indicators name.
CARGAS = [
    Carga(
        "plan.csv",
        "Plan de acción",
        (
            *("codigo", "nombre", "firmado_en", "desde", "hasta", "acto", "vigente", "marco_legal"),
            *("vision", "objetivo", "objetivos", "marco_de_accion", "fuente"),
        ),
        cargar_plan,
    ),
    Carga(
        "plan_comite.csv",
        "Comité del plan",
        ("plan", "orden", "nombre", "cargo_firmado", "cargo", "representa"),
        cargar_comite,
    ),
    Carga(
        "plan_acciones.csv",
        "Acciones del plan",
        (
            *("plan", "codigo", "orden", "texto", "beneficio", "responsables", "recursos", "tiempos"),
            *("recomendacion", "cargos", "nota"),
        ),
        cargar_acciones,
    ),
    Carga(
        "plan_actividades.csv",
        "Actividades del plan",
        ("plan", "accion", "orden", "texto", "cargos", "inicio", "fin", "estado", "nota"),
        cargar_actividades,
    ),
    Carga(
        "plan_indicadores.csv",
        "Indicadores del plan",
        (
            *("plan", "accion", "codigo", "lectura_de", "orden", "texto", "meta_firmada", "meta"),
            *("sentido", "unidad", "lectura", "decision", "literal", "funcion", "parametros"),
        ),
        cargar_indicadores,
    ),
]
