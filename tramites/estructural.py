"""The five cases of modificación estructural, found by comparing two hojas de vida.

Each needs the concept of Función Pública (DAFP) before it can take effect, and an act that supports it:
longer answer time; new requisitos, documents or costs; a higher tariff; a shorter validity of the product;
transfer of competence (procedure of Resolución 1099 de 2017; its successor, Resolución 455 de 2021, has not
been read).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import models

from portal.busqueda import sin_tildes
from tramites import formulas
from tramites.models import Accion, HojaDeVida

#: Calendar days that a working day stands for, to compare terms counted differently: seven for five.
CALENDARIO_POR_HABIL = Decimal(7) / 5
#: Twelfths of a day, so that twelve months are a year.
_DOZAVOS = {
    HojaDeVida.Vigencia.DIAS: 12,
    HojaDeVida.Vigencia.MESES: 365,
    HojaDeVida.Vigencia.ANIOS: 12 * 365,
}
#: What is not said, or has no end, is longer than any number of days.
SIN_FIN = Decimal("Infinity")


class Caso(models.TextChoices):
    TIEMPO = "tiempo", "Aumenta el tiempo de respuesta"
    REQUISITOS = "requisitos", "Agrega requisitos, documentos o costos"
    TARIFA = "tarifa", "Aumenta la tarifa"
    VIGENCIA = "vigencia", "Reduce la vigencia del resultado"
    COMPETENCIA = "competencia", "Traslada la competencia"


@dataclass(frozen=True)
class Cambio:
    """One case found, and in Spanish from what to what."""

    caso: Caso
    detalle: str

    def __str__(self) -> str:
        return f"{self.caso.label}: {self.detalle}"


def cambios(antes: HojaDeVida, ahora: HojaDeVida, valores: Mapping[str, Decimal]) -> list[Cambio]:
    """The structural changes from one hoja to the other. `valores` are those of the formulas."""
    return [
        *_tiempo(antes, ahora),
        *_requisitos(antes, ahora),
        *_tarifa(antes, ahora, valores),
        *_vigencia(antes, ahora),
        *_competencia(antes, ahora),
    ]


def _dias(hoja: HojaDeVida) -> Decimal:
    if hoja.tiempo_inmediato:
        return Decimal(0)
    if not hoja.tiempo_cantidad:
        return SIN_FIN
    habil = hoja.tiempo_unidad == HojaDeVida.Unidad.HABIL
    return hoja.tiempo_cantidad * (CALENDARIO_POR_HABIL if habil else Decimal(1))


def tiempo_legible(hoja: HojaDeVida) -> str:
    """«15 días hábiles», «inmediato» or ""."""
    if hoja.tiempo_inmediato:
        return "inmediato"
    if not hoja.tiempo_cantidad:
        return ""
    unidad = hoja.get_tiempo_unidad_display()
    if hoja.tiempo_cantidad == 1:
        unidad = unidad.replace("días", "día").replace("hábiles", "hábil")
    return f"{hoja.tiempo_cantidad} {unidad}"


def vigencia_legible(hoja: HojaDeVida) -> str:
    """«6 meses», «no vence» or ""."""
    if hoja.vigencia_unidad == HojaDeVida.Vigencia.INDEFINIDA:
        return "no vence"
    if not hoja.vigencia_cantidad:
        return ""
    unidad = hoja.get_vigencia_unidad_display()
    if hoja.vigencia_cantidad == 1:
        unidad = {"meses": "mes"}.get(unidad, unidad.removesuffix("s"))
    return f"{hoja.vigencia_cantidad} {unidad}"


def _tiempo(antes: HojaDeVida, ahora: HojaDeVida) -> Iterator[Cambio]:
    if _dias(ahora) > _dias(antes):
        nuevo = tiempo_legible(ahora) or "no decirlo"
        yield Cambio(Caso.TIEMPO, f"de {tiempo_legible(antes)} a {nuevo}.")


def _palabras(texto: str) -> str:
    """Without accents, capitals or signs: what is only written better is still the same."""
    return " ".join("".join(c if c.isalnum() else " " for c in sin_tildes(texto)).split())


def _clave(accion: Accion) -> tuple[str, str]:
    return accion.tipo, _palabras(accion.descripcion)


def _parejas(
    antes: list[Accion], ahora: list[Accion], aumenta: Callable[[Accion, Accion], object]
) -> Iterator[tuple[Accion | None, Accion]]:
    """Each action of now with the one it was, whatever their order; what is asked twice is two.

    Among several alike it is taken for one that does not increase, if there is any.
    """
    habia: dict[tuple[str, str], list[Accion]] = {}
    for accion in antes:
        habia.setdefault(_clave(accion), []).append(accion)
    for accion in ahora:
        if iguales := habia.get(_clave(accion)):
            igual = next((era for era in iguales if not aumenta(era, accion)), iguales[0])
            iguales.remove(igual)
            yield igual, accion
        else:
            yield None, accion


def _requisitos(antes: HojaDeVida, ahora: HojaDeVida) -> Iterator[Cambio]:
    """What is asked now and was not, or of more people, or always; more copies are new documents too."""
    for anterior, accion in _parejas(antes.requisitos(), ahora.requisitos(), _exige_mas):
        detalle = _exige_mas(anterior, accion) if anterior else "no se pedía."
        if detalle:
            yield Cambio(Caso.REQUISITOS, f"«{accion}» {detalle}")


def _exige_mas(anterior: Accion, accion: Accion) -> str:
    if accion.originales > anterior.originales or accion.copias > anterior.copias:
        return "pide más originales o copias."
    if anterior.es_excepcion and not accion.es_excepcion:
        return "era una excepción y ahora se exige siempre."
    return "se exige a más personas." if _a_mas_gente(anterior, accion) else ""


def _a_mas_gente(anterior: Accion, accion: Accion) -> bool:
    """Whether somebody must do it who did not have to. Without audiences it is for everybody."""
    antes, ahora = anterior.audiencias.all(), accion.audiencias.all()
    incluidas = {audiencia.pk for audiencia in antes}
    return bool(antes) and (not ahora or any(not {a.pk, a.grupo_id} & incluidas for a in ahora))


def _tarifa(antes: HojaDeVida, ahora: HojaDeVida, valores: Mapping[str, Decimal]) -> Iterator[Cambio]:
    """A payment that is more than it was, or of which that cannot be told."""
    puede_costar_mas = partial(_puede_costar_mas, valores=valores)
    for anterior, pago in _parejas(antes.pagos(), ahora.pagos(), puede_costar_mas):
        if anterior and puede_costar_mas(anterior, pago):
            de, a = tarifa_legible(anterior), tarifa_legible(pago)
            yield Cambio(Caso.TARIFA, f"«{pago}» pasa de {de} a {a}.")


def _puede_costar_mas(anterior: Accion, pago: Accion, valores: Mapping[str, Decimal]) -> bool:
    if not (anterior.formula and pago.formula):
        mismas_palabras = _palabras(anterior.forma_de_calculo) == _palabras(pago.forma_de_calculo)
        return bool(anterior.formula or pago.formula) or not mismas_palabras
    try:
        if formulas.es_la_misma(anterior.formula, pago.formula):
            return False
        viejo, nuevo = formulas.valor(anterior.formula, valores), formulas.valor(pago.formula, valores)
    except formulas.FormulaInvalida:  # a draft may hold anything until it is sent
        return True
    return viejo is None or nuevo is None or nuevo > viejo


def tarifa_legible(pago: Accion) -> str:
    """«3 UVT», the words that say how it is worked out, or that nothing says it."""
    valor = pago.formula or pago.forma_de_calculo
    return f"«{valor}»" if valor else "un valor sin decir"


def _vigencia(antes: HojaDeVida, ahora: HojaDeVida) -> Iterator[Cambio]:
    def dura(hoja: HojaDeVida) -> Decimal:
        if not hoja.vigencia_cantidad:
            return SIN_FIN
        return Decimal(hoja.vigencia_cantidad * _DOZAVOS[HojaDeVida.Vigencia(hoja.vigencia_unidad)])

    if dura(ahora) < dura(antes):
        viejo = vigencia_legible(antes) or "no vence"
        yield Cambio(Caso.VIGENCIA, f"de {viejo} a {vigencia_legible(ahora)}.")


def _competencia(antes: HojaDeVida, ahora: HojaDeVida) -> Iterator[Cambio]:
    if antes.dependencia_id != ahora.dependencia_id:
        yield Cambio(Caso.COMPETENCIA, f"de {antes.dependencia} a {ahora.dependencia}.")
