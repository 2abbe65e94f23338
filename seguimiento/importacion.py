"""What `datos/` says of the marcos: phases with their due dates, criteria with their rules, equivalences."""

from datetime import date
from typing import Any

from django.db.models import Sum

from portal.importacion import Carga, Cuenta, Fila, Lector, exigido, exigir_nueva, guardar
from portal.models import Canal, Dependencia
from seguimiento.models import Criterio, Equivalencia, Fase, Marco
from seguimiento.parametros import ParametroInvalido, leer_parametros
from seguimiento.registro import REGLAS

#: How `grupo` begins when the row is a commitment of the signed plan: it stays out of the percentages.
COMPROMISO = "Compromiso del plan municipal"
#: How `fuente` begins → how firm the criterion is.
FIRMEZAS = {
    "V:": Criterio.Firmeza.VISTO,
    "VP:": Criterio.Firmeza.INFERIDO,
    "SUC:": Criterio.Firmeza.SUCESOR,
    "REC:A": Criterio.Firmeza.POR_COTEJAR,
    "REC:B": Criterio.Firmeza.POR_COTEJAR,
    "INF": Criterio.Firmeza.INFERIDO,
    "Verificada": Criterio.Firmeza.VERIFICADO,
    "Secundaria": Criterio.Firmeza.SECUNDARIO,
    "Inferida": Criterio.Firmeza.POR_COTEJAR,
}


def cargar_marcos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {columna: fila[columna] for columna in ("slug", "nombre", "norma", "advertencia")}
        guardar(fila, Marco, "slug", campos | {"orden": fila.entero("orden") or 0}, cuenta)
    return cuenta


def cargar_fases(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos: dict[str, Any] = {columna: fila[columna] for columna in ("slug", "nombre", "descripcion")}
        campos |= {
            "marco": exigido(fila, "marco", Marco, "slug"),
            "orden": fila.entero("orden") or 0,
            "plazo_nacional": _fecha(fila, "plazo_nacional"),
            "plazo_territorial": _fecha(fila, "plazo_territorial"),
            "peso": _peso(fila),
        }
        guardar(fila, Fase, "slug", campos, cuenta)
    return cuenta


def _fecha(fila: Fila, columna: str) -> date | None:
    if not fila[columna]:
        return None
    try:
        return date.fromisoformat(fila[columna])
    except ValueError:
        raise fila.rechazar(columna, f"«{fila[columna]}» no es una fecha: año-mes-día.") from None


def _peso(fila: Fila) -> int:
    """One, unless the file says otherwise."""
    peso = fila.entero("peso")
    return 1 if peso is None else peso


def cargar_criterios(lector: Lector) -> Cuenta:
    """The criteria of a marco in their order, with the rule that proves each, if there is one."""
    cuenta = Cuenta()
    fases: dict[int, Fila] = {}
    marcos = dict(Criterio.objects.order_by().values_list("codigo", "fase__marco"))
    for orden, fila in enumerate(lector, 1):
        fase = exigido(fila, "fase", Fase, "slug")
        fases[fase.pk] = fila
        if marcos.get(fila["codigo"], fase.marco_id) != fase.marco_id:
            raise fila.rechazar("codigo", f"«{fila['codigo']}» ya es de otro marco.")
        columnas = ("codigo", "grupo", "nombre", "descripcion", "obligatoriedad", "aplica", "fuente")
        campos: dict[str, Any] = {columna: fila[columna] for columna in columnas}
        campos |= {
            "fase": fase,
            "orden": orden,
            "peso": _peso(fila),
            "firmeza": _firmeza(fila),
            "es_compromiso": fila["grupo"].startswith(COMPROMISO),
            "evidencia_sugerida": fila["evidencia_sugerida"],
            "como_se_comprueba": fila["como_se_comprueba"],
            "regla": fila["regla"],
            "parametros": _parametros(fila),
            "canal": fila.buscar("canal", Canal, "slug"),
            "dependencia": exigido(fila, "dependencia", Dependencia, "slug"),
        }
        guardar(fila, Criterio, "codigo", campos, cuenta)
    _exigir_pesos(fases)
    return cuenta


def _firmeza(fila: Fila) -> str:
    for marca, firmeza in FIRMEZAS.items():
        if fila["fuente"].startswith(marca):
            return firmeza
    raise fila.rechazar("fuente", f"no empieza por ninguna de las marcas: {', '.join(FIRMEZAS)}.")


def _parametros(fila: Fila) -> dict[str, Any]:
    if not fila["regla"]:
        if fila["parametros"]:
            raise fila.rechazar("parametros", "sin regla no hay parámetros.")
        return {}
    if fila["regla"] not in REGLAS:
        raise fila.rechazar("regla", f"no hay una regla «{fila['regla']}». Hay: {', '.join(sorted(REGLAS))}.")
    try:
        return leer_parametros(REGLAS[fila["regla"]], fila["parametros"])
    except ParametroInvalido as error:
        raise fila.rechazar("parametros", str(error)) from error


def _exigir_pesos(fases: dict[int, Fila]) -> None:
    """Raise FilaRechazada when the criteria of a phase weigh nothing: it would have no percentage."""
    pesos = Criterio.objects.que_cuentan().filter(fase__in=fases).order_by()
    for fase, peso in pesos.values_list("fase").annotate(Sum("peso")):
        if not peso:
            raise fases[fase].rechazar("peso", f"los pesos de la fase «{fases[fase]['fase']}» suman cero.")


def cargar_equivalencias(lector: Lector) -> Cuenta:
    """Pairs of criteria of different marcos. What a person removed is not put back."""
    cuenta = Cuenta()
    existentes = set(Equivalencia.objects.values_list("criterio", "otro"))
    quitadas = set(Equivalencia.history.filter(history_type="-").values_list("criterio", "otro"))
    for fila in lector:
        uno = exigido(fila, "criterio", Criterio, "codigo")
        otro = exigido(fila, "equivale_a", Criterio, "codigo")
        if uno.fase.marco_id == otro.fase.marco_id:
            raise fila.rechazar("equivale_a", "es del mismo marco.")
        exigir_nueva(fila, "equivale_a", frozenset({uno.pk, otro.pk}), cuenta)
        if existentes & {(uno.pk, otro.pk), (otro.pk, uno.pk)}:
            cuenta.iguales += 1
        elif quitadas & {(uno.pk, otro.pk), (otro.pk, uno.pk)}:
            cuenta.respetadas += 1
        else:
            Equivalencia.objects.create(criterio=uno, otro=otro, nota=fila["nota"])
            cuenta.creadas += 1
    return cuenta


_COLUMNAS = (
    *("codigo", "fase", "grupo", "nombre", "descripcion", "obligatoriedad", "aplica", "peso", "fuente"),
    *("evidencia_sugerida", "como_se_comprueba", "regla", "parametros", "canal", "dependencia"),
)
#: In the order in which they need each other.
CARGAS = [
    Carga("marcos.csv", "Marcos", ("slug", "nombre", "norma", "advertencia", "orden"), cargar_marcos),
    Carga(
        "fases.csv",
        "Fases",
        ("marco", "slug", "nombre", "descripcion", "plazo_nacional", "plazo_territorial", "peso", "orden"),
        cargar_fases,
    ),
    Carga("criterios_gel_2008.csv", "Criterios de Gobierno en Línea (2008)", _COLUMNAS, cargar_criterios),
    Carga(
        "criterios_res1519_2020.csv", "Criterios de la Resolución 1519 de 2020", _COLUMNAS, cargar_criterios
    ),
    Carga(
        "criterios_equivalentes.csv",
        "Criterios equivalentes",
        ("criterio", "equivale_a", "nota"),
        cargar_equivalencias,
    ),
]
