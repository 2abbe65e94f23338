"""From a list of steps and a list of requirements to momentos with their acciones, and back.

A spreadsheet says in one cell the steps and in another what is asked; the SUIT form wants each thing asked
in the momento where it is gathered. Words decide; where they do not, a document goes with the first step.
All here works on the plain values of `HojaDeVida.contenido()`, and raises ValueError, in Spanish.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from portal.busqueda import sin_tildes
from tramites.models import Accion

Tipo = Accion.Tipo
Momento = dict[str, Any]

_REUNIR = re.compile(r"(reunir|preparar|organizar|contratar)\b")
_VERIFICAR = re.compile(r"(verificar|comprobar|ponerse al dia)\b")
_DILIGENCIAR = re.compile(r"diligenciar\b")
_PAGAR = re.compile(r"(pagar|realizar el pago)\b")
_RADICAR = re.compile(r"(radicar|presentar(se)?|solicitar|entregar|acudir|acercarse|ingresar|llevar)\b")
_RECIBIR = re.compile(r"(recibir|notificarse|descargar|reclamar)")
_FORMULARIO = re.compile(r"(formulario|formato)\b")
#: «Estar al día», «Presentarla antes de…»: what one must be or do, not something one hands in.
_CONDICION = re.compile(
    r"(?!poder\b)\w+(ar|er|ir)(se|la|lo)?\b|no (?!requiere)\w|pago \w|.*\bdeben? estar\b|.*\ba paz y salvo$"
    r"|(permanencia|acompañamiento|animal|perro|sisben|en el portal)\b"
)
_COMPROBANTE = re.compile(r"comprobante de pago\b")
#: «Poder si actúa apoderado»; not when it qualifies only the last of several things.
_EXCEPCION = re.compile(r"((?:(?! y |;).)+?),? \(?((?:si|cuando) [^()]+)\)?", re.IGNORECASE)
_PERSONAS_JURIDICAS = "(personas jurídicas)"
_ACCION = re.compile(r"(\d+) *([^\W\d]+): *(.*)", re.DOTALL)

GRATUITO, CON_COSTO = "Gratuito", "Con costo"
PREFIJOS = {
    "Fijo": Accion.Valor.FIJO,
    "Avalúo y/o liquidación": Accion.Valor.LIQUIDACION,
    "UVT": Accion.Valor.UVT,
    "SMDLV": Accion.Valor.SMDLV,
}


def accion_vacia(tipo: str, descripcion: str = "") -> dict[str, Any]:
    """An acción that says nothing more than what it is."""
    vacia = Accion()
    campos = {campo: getattr(vacia, campo) for campo in Accion.CAMPOS}
    return campos | {"tipo": str(tipo), "descripcion": descripcion, "audiencias": [], "fundamento": ""}


def acciones_de(momentos: Iterable[Momento]) -> Iterator[tuple[Momento, dict[str, Any]]]:
    for momento in momentos:
        for accion in momento["acciones"]:
            yield momento, accion


def pagos_de(momentos: Iterable[Momento]) -> list[dict[str, Any]]:
    return [accion for _momento, accion in acciones_de(momentos) if accion["tipo"] == Tipo.PAGO]


def requisitos_de(momentos: Iterable[Momento]) -> list[str]:
    """What is asked and when, but for payments and for what only repeats its step."""
    return [_texto_de(a) for momento, a in acciones_de(momentos) if _es_requisito(momento, a)]


def _es_requisito(momento: Momento, accion: dict[str, Any]) -> bool:
    pedido = accion["tipo"] in {Tipo.DOCUMENTO, Tipo.FORMULARIO, Tipo.CONDICION}
    return pedido and accion["descripcion"] not in {"", momento["descripcion"]}


def _texto_de(accion: dict[str, Any]) -> str:
    """Its words and, of an exception, when it is asked: «Poder (si actúa apoderado)»."""
    cuando = accion["excepcion_cuando"] if accion["es_excepcion"] else ""
    return f"{accion['descripcion']} ({cuando})" if cuando else accion["descripcion"]


def _leer_texto(texto: str, tipo: str) -> dict[str, Any]:
    """What `_texto_de` says, or the words of a document that say that it is not always asked."""
    hallada = _EXCEPCION.fullmatch(texto) if tipo in {Tipo.DOCUMENTO, Tipo.FORMULARIO} else None
    if hallada is None:
        return {"descripcion": texto, "es_excepcion": False, "excepcion_cuando": ""}
    return {"descripcion": hallada[1], "es_excepcion": True, "excepcion_cuando": hallada[2]}


def _reescribir(accion: dict[str, Any], texto: str) -> dict[str, Any]:
    """The same acción with other words; while these say when it is asked, it is the same exception."""
    if texto == _texto_de(accion):
        return accion
    cuando = f" ({accion['excepcion_cuando']})"
    if accion["es_excepcion"] and texto.endswith(cuando):
        return accion | {"descripcion": texto.removesuffix(cuando)}
    return accion | _leer_texto(texto, accion["tipo"])


# --- Where each thing goes ----------------------------------------------------------------------
def _primero(momentos: list[Momento], *patrones: re.Pattern[str], desde: int = 0) -> int | None:
    """The first momento that begins as the first pattern that any begins as."""
    for patron in patrones:
        for lugar, momento in enumerate(momentos[desde:], desde):
            if patron.match(sin_tildes(momento["descripcion"])):
                return lugar
    return None


def _lugar(accion: dict[str, Any], momentos: list[Momento]) -> int:
    """The momento in which what is asked is gathered."""
    texto, lugar = sin_tildes(accion["descripcion"]), None
    pagar = _primero(momentos, _PAGAR)
    if accion["tipo"] == Tipo.PAGO or texto.startswith("pago "):
        lugar = pagar
    elif accion["tipo"] == Tipo.CONDICION:
        lugar = _primero(momentos, _VERIFICAR)
    elif accion["tipo"] == Tipo.FORMULARIO:
        lugar = _primero(momentos, _DILIGENCIAR)
    elif _COMPROBANTE.match(texto) and pagar is not None:
        lugar = _primero(momentos, _RADICAR, desde=pagar + 1)
    if lugar is None:
        lugar = _primero(momentos, _REUNIR, _RADICAR)
    return lugar or 0


def _accion_de(requisito: str) -> dict[str, Any]:
    """What is asked, its kind and when it is an exception, from its words."""
    texto = sin_tildes(requisito)
    tipo = Tipo.CONDICION if _CONDICION.match(texto) else Tipo.DOCUMENTO
    tipo = Tipo.FORMULARIO if _FORMULARIO.match(texto) else tipo
    accion = accion_vacia(tipo) | _leer_texto(requisito, tipo)
    if _PERSONAS_JURIDICAS in requisito:
        accion["audiencias"] = ["organizaciones"]
    return accion


def _emparejar(antes: list[str], ahora: list[str]) -> list[int | None]:
    """For each text of now, which one it was: the same words or, when none came or went, its place."""
    libres = list(range(len(antes)))
    pares: list[int | None] = []
    for texto in ahora:
        par = next((i for i in libres if antes[i] == texto), None)
        pares.append(par)
        if par is not None:
            libres.remove(par)
    if len(antes) == len(ahora):
        pares = [libres.pop(0) if par is None else par for par in pares]
    return pares


# --- Steps and requirements ---------------------------------------------------------------------
def repartir(antes: list[Momento], pasos: list[str], requisitos: list[str]) -> list[Momento]:
    """The momentos of those steps with those requirements; what was known of each stays with it.

    A step may be left without acciones: see `completar` and `exigir_acciones`.
    """
    if requisitos and not pasos:
        raise ValueError("hay requisitos y no hay pasos.")
    momentos: list[Momento] = [{"descripcion": paso, "acciones": []} for paso in pasos]
    donde = {par: n for n, par in enumerate(_emparejar([m["descripcion"] for m in antes], pasos))}
    pares = _emparejar(requisitos_de(antes), requisitos)
    siguen = {par: orden for orden, par in enumerate(pares)}
    visto = -1
    for n, momento in enumerate(antes):
        for accion in momento["acciones"]:
            if _es_requisito(momento, accion):
                visto += 1
                if visto not in siguen:
                    continue
                accion = _reescribir(accion, requisitos[siguen[visto]]) | {"orden": siguen[visto]}
            elif n not in donde and accion["tipo"] != Tipo.PAGO:
                continue  # what was only done in a step that is no more
            elif n in donde and accion["descripcion"] == momento["descripcion"]:
                accion = accion | {"descripcion": pasos[donde[n]]}
            _poner(accion, momentos, donde.get(n))
    for orden, par in enumerate(pares):
        if par is None:
            _poner(_accion_de(requisitos[orden]) | {"orden": orden}, momentos)
    for momento in momentos:
        _ordenar(momento["acciones"])
    return momentos


def _poner(accion: dict[str, Any], momentos: list[Momento], lugar: int | None = None) -> None:
    if not momentos:
        raise ValueError("hay un pago y no hay pasos.")
    momentos[_lugar(accion, momentos) if lugar is None else lugar]["acciones"].append(accion)


def _ordenar(acciones: list[dict[str, Any]]) -> None:
    """What has an «orden» goes in it; the rest keeps its place."""
    lugares = [n for n, accion in enumerate(acciones) if "orden" in accion]
    pedidas = sorted((acciones[n] for n in lugares), key=lambda accion: accion["orden"])
    for n, accion in zip(lugares, pedidas, strict=True):
        acciones[n] = {campo: valor for campo, valor in accion.items() if campo != "orden"}


def completar(momentos: list[Momento], canal: str = "") -> None:
    """Give an acción to each momento without any: the step itself, through that channel."""
    for momento in momentos:
        if not momento["acciones"]:
            momento["acciones"] = [accion_vacia(Tipo.SOLICITUD, momento["descripcion"]) | {"canal": canal}]


def exigir_acciones(momentos: list[Momento]) -> None:
    for n, momento in enumerate(momentos, 1):
        if not momento["acciones"]:
            raise ValueError(f"el paso {n}, «{momento['descripcion']}», no tiene acciones.")


# --- Acciones, one by one -----------------------------------------------------------------------
def escribir_accion(lugar: int, accion: dict[str, Any]) -> str:
    """«2 documento: Cédula»: the number of its step, its kind and its words."""
    return f"{lugar} {accion['tipo']}: {_texto_de(accion)}"


def leer_acciones(antes: list[Momento], pasos: list[str], textos: list[str]) -> list[Momento]:
    """The momentos that those steps and acciones say; an acción that was there keeps all it knew."""
    momentos: list[Momento] = [{"descripcion": paso, "acciones": []} for paso in pasos]
    habia = [accion for _momento, accion in acciones_de(antes)]
    leidas = [_leer_accion(texto, len(pasos)) for texto in textos]
    pares = _emparejar(
        [f"{a['tipo']} {_texto_de(a)}" for a in habia], [f"{tipo} {que}" for _n, tipo, que in leidas]
    )
    for par, (lugar, tipo, que) in zip(pares, leidas, strict=True):
        accion = accion_vacia(tipo) | _leer_texto(que, tipo)
        if par is not None and habia[par]["tipo"] == tipo:
            accion = _reescribir(habia[par], que)
        momentos[lugar - 1]["acciones"].append(accion)
    return momentos


def _leer_accion(texto: str, pasos: int) -> tuple[int, str, str]:
    hallada = _ACCION.fullmatch(texto)
    if hallada is None:
        raise ValueError(f"«{texto}» no se entiende: escriba, por ejemplo, «2 documento: Cédula».")
    lugar, tipo = int(hallada[1]), sin_tildes(hallada[2])
    if not 1 <= lugar <= pasos:
        raise ValueError(f"«{texto}» va en el paso {lugar}, y hay {pasos}.")
    if tipo not in Tipo.values:
        raise ValueError(f"«{hallada[2]}» no es un tipo de acción: {', '.join(Tipo.values)}.")
    return lugar, tipo, hallada[3]


# --- What it costs ------------------------------------------------------------------------------
def poner_costo(momentos: list[Momento], costo: str) -> None:
    """Leave a payment, in the momento of paying, or none. The momento is added when no step names it."""
    if costo == GRATUITO:
        for momento in momentos:
            momento["acciones"] = [a for a in momento["acciones"] if a["tipo"] != Tipo.PAGO]
    elif costo != CON_COSTO:
        raise ValueError(f"escriba «{GRATUITO}» o «{CON_COSTO}».")
    elif not pagos_de(momentos):
        if _primero(momentos, _PAGAR) is None:
            al_final = bool(momentos and _RECIBIR.match(sin_tildes(momentos[-1]["descripcion"])))
            momentos.insert(len(momentos) - al_final, {"descripcion": "Realizar el pago", "acciones": []})
        lugar = momentos[_primero(momentos, _PAGAR) or 0]
        lugar["acciones"].append(accion_vacia(Tipo.PAGO, lugar["descripcion"]))


def escribir_forma(pago: dict[str, Any]) -> str:
    """«UVT: tarifa por cabeza»: the kind of value and how it is worked out."""
    prefijo = next((texto for texto, valor in PREFIJOS.items() if valor == pago["valor_tipo"]), "")
    return ": ".join(filter(None, [prefijo, pago["forma_de_calculo"]]))


def leer_forma(texto: str) -> tuple[str, str]:
    """The kind of value, "" when it does not say, and how it is worked out."""
    prefijo, _dos_puntos, forma = texto.partition(":")
    if prefijo.strip() in PREFIJOS:
        return PREFIJOS[prefijo.strip()].value, forma.strip()
    return "", texto
