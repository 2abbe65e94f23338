"""What a hoja de vida still lacks, field by field, in the order of the SUIT form.

Everything the form makes mandatory counts one: it is answered by its value or by the reason why it does
not apply. A gap blocks nothing but sending.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone

from tramites import formulas
from tramites.models import Accion, Fundamento, HojaDeVida

#: Fields of the hoja that may be answered with a reason instead of a value.
ADMITEN_RAZON = (
    *("palabras_clave", "vigencia_unidad", "medios_entrega", "fundamentos", "puntos", "url_en_linea"),
    *("seguimiento", "tiempo"),
)
#: Likewise of an action.
ADMITEN_RAZON_EN_ACCION = ("fundamento", "formula", "entidad_recaudadora", "enlace")
_UNIDADES: dict[str, str] = {Accion.Valor.UVT: "UVT", Accion.Valor.SMDLV: "SMDLV"}
#: Two gaps at most are «almost»: the tolerance of the Italian municipal validator.
TOLERANCIA = 2


class Grado(TextChoices):
    """How complete, as the Italian municipal validator grades: green, amber up to two missing, red."""

    COMPLETA = "completa", "Completa"
    CASI = "casi", "Casi completa"
    INCOMPLETA = "incompleta", "Incompleta"


@dataclass(frozen=True)
class Punto:
    """One thing the form asks for: the section it is in, its field and, when it is missing, a sentence."""

    seccion: str
    campo: str
    falta: str = ""


@dataclass(frozen=True)
class Completitud:
    """`puntos` in the order of the form; those with `falta` are the gaps."""

    puntos: tuple[Punto, ...]

    @property
    def exigidos(self) -> int:
        return len(self.puntos)

    @property
    def vacios(self) -> list[Punto]:
        return [punto for punto in self.puntos if punto.falta]

    @property
    def llenos(self) -> int:
        return self.exigidos - len(self.vacios)

    @property
    def porcentaje(self) -> int:
        return porcentaje(self.llenos, self.exigidos)

    @property
    def grado(self) -> Grado:
        return grado(self.llenos, self.exigidos)

    def de(self, campo: str) -> str:
        """What is missing in that field, or ""."""
        return next((p.falta for p in self.puntos if p.campo == campo and p.falta), "")


def porcentaje(llenos: int, exigidos: int) -> int:
    """Rounded down, so that 100 is only said when nothing is missing."""
    return llenos * 100 // exigidos if exigidos else 0


def grado(llenos: int, exigidos: int) -> Grado:
    if not exigidos or exigidos - llenos > TOLERANCIA:
        return Grado.INCOMPLETA
    return Grado.COMPLETA if llenos == exigidos else Grado.CASI


def medir(hoja: HojaDeVida, dia: date | None = None) -> Completitud:
    """How complete that hoja is on that day (today by default): a norm may have lapsed meanwhile.

    Reads it through `HojaDeVida.objects.enteras()` without further queries.
    """
    dia = dia or timezone.localdate()
    secciones: tuple[Callable[[HojaDeVida, date], Iterable[Punto]], ...] = (
        _descripcion,
        _fundamento,
        _ejecucion,
        _dirigido,
        _necesita,
        _seguimiento,
    )
    return Completitud(tuple(punto for seccion in secciones for punto in seccion(hoja, dia)))


def _punto(hoja: HojaDeVida, seccion: str, campo: str, hay: object, falta: str) -> Punto:
    return Punto(seccion, campo, "" if _hay(hay) or _razon(hoja, campo, ADMITEN_RAZON) else falta)


def _hay(valor: object) -> bool:
    """Spaces alone say nothing."""
    return bool(valor.strip() if isinstance(valor, str) else valor)


def _razon(parte: HojaDeVida | Accion, campo: str, admiten: tuple[str, ...]) -> str:
    """Why that field does not apply, when it is one of those that may be left without value."""
    return str(parte.no_aplica.get(campo) or "").strip() if campo in admiten else ""


def _descripcion(hoja: HojaDeVida, dia: date) -> Iterator[Punto]:
    for campo, falta in {
        "nombre": "Falta el nombre.",
        "palabras_clave": "Falta decir cómo lo llama la gente.",
        "tematica": "Falta la clase temática.",
        "descripcion": "Falta decir en qué consiste.",
        "resultado": "Falta decir qué se obtiene.",
        "vigencia_unidad": "Falta decir si el resultado vence.",
        "medios_entrega": "Falta decir cómo se recibe el resultado.",
    }.items():
        hay = hoja.tematica_id if campo == "tematica" else getattr(hoja, campo)
        yield _punto(hoja, "descripcion", campo, hay, falta)


def _fundamento(hoja: HojaDeVida, dia: date) -> Iterator[Punto]:
    normas = list(hoja.fundamentos.all())
    yield _punto(hoja, "fundamento", "fundamentos", normas, "Falta el fundamento legal.")
    for n, norma in enumerate(normas, 1):
        falta = ""
        if norma.tipo not in Fundamento.SIN_NUMERO and not (norma.numero and norma.anio):
            falta = "" if norma.nombre else f"Falta el número y el año de la norma {n}."
        elif norma.tipo == Fundamento.Tipo.DOCUMENTO and not norma.nombre:
            falta = f"Falta el nombre de la norma {n}."
        if norma.vencido(dia):
            falta = f"La norma {n} ({norma}) dejó de regir el {norma.vigente_hasta:%d/%m/%Y}."
        yield Punto("fundamento", f"fundamento-{n}", falta)


def _ejecucion(hoja: HojaDeVida, dia: date) -> Iterator[Punto]:
    tiempo = hoja.tiempo_inmediato or (hoja.tiempo_cantidad and hoja.tiempo_unidad)
    yield _punto(hoja, "ejecucion", "tiempo", tiempo, "Falta el tiempo de respuesta.")
    fecha = hoja.fecha_cualquiera or (
        hoja.fecha_cualquiera is False and (hoja.fecha_limites or hoja.fecha_calendario)
    )
    falta = "Falta decir en qué fechas se puede hacer."
    yield _punto(hoja, "ejecucion", "fecha_cualquiera", fecha, falta)
    yield _punto(hoja, "ejecucion", "puntos", hoja.puntos.all(), "Falta el punto de atención.")
    yield _punto(hoja, "ejecucion", "grado", hoja.grado, "Falta decir si se hace en línea.")
    if hoja.grado in {HojaDeVida.Grado.PARCIAL, HojaDeVida.Grado.TOTAL}:
        falta = "Falta la dirección para hacerlo en línea."
        yield _punto(hoja, "ejecucion", "url_en_linea", hoja.url_en_linea, falta)


def _dirigido(hoja: HojaDeVida, dia: date) -> Iterator[Punto]:
    yield _punto(hoja, "dirigido", "audiencias", hoja.audiencias.all(), "Falta decir a quién va dirigido.")


def _necesita(hoja: HojaDeVida, dia: date) -> Iterator[Punto]:
    momentos = list(hoja.momentos.all())
    yield _punto(hoja, "necesita", "momentos", momentos, "Faltan los momentos: qué hace la persona.")
    requisito = pago = 0
    for m, momento in enumerate(momentos, 1):
        acciones = list(momento.acciones.all())
        falta = "" if acciones else f"El momento {m} no tiene acciones."
        if not _hay(momento.descripcion):
            falta = f"Falta decir qué hace la persona en el momento {m}."
        yield Punto("necesita", f"momento-{m}", falta)
        for a, accion in enumerate(acciones, 1):
            requisito += accion.es_requisito
            pago += accion.tipo == Accion.Tipo.PAGO
            donde = f"la acción {a} del momento {m}"
            yield from _accion(accion, f"momento-{m}-accion-{a}", donde, requisito, pago)


def _accion(accion: Accion, ancla: str, donde: str, requisito: int, pago: int) -> Iterator[Punto]:
    def punto(campo: str, hay: object, falta: str) -> Punto:
        lleno = _hay(hay) or _razon(accion, campo, ADMITEN_RAZON_EN_ACCION)
        return Punto("necesita", f"{ancla}-{campo}", "" if lleno else falta)

    yield punto("descripcion", accion.descripcion, f"Falta la descripción de {donde}.")
    if accion.es_requisito:
        yield punto("fundamento", accion.fundamento_id, f"Falta el fundamento del requisito {requisito}.")
    if accion.tipo == Accion.Tipo.FORMULARIO:
        yield punto("enlace", accion.enlace, f"Falta la dirección del formulario en {donde}.")
    if accion.tipo == Accion.Tipo.SOLICITUD:
        yield punto("canal", accion.canal, f"Falta el canal de atención en {donde}.")
    if accion.tipo == Accion.Tipo.PAGO:
        yield punto("valor_tipo", accion.valor_tipo, f"Falta el tipo de valor del pago {pago}.")
        falta = _falta_en_la_formula(accion, pago)
        yield punto("formula", not falta, falta)
        falta = f"Falta quién recauda el pago {pago}."
        yield punto("entidad_recaudadora", accion.entidad_recaudadora, falta)
    if accion.es_excepcion:
        falta = f"Falta decir cuándo se exige {donde}, que es una excepción."
        yield punto("excepcion_cuando", accion.excepcion_cuando, falta)


def _falta_en_la_formula(accion: Accion, pago: int) -> str:
    """A formula that can be read and says the unit its kind of value is in; a liquidación may be in words."""
    if not _hay(accion.formula):
        en_palabras = accion.valor_tipo == Accion.Valor.LIQUIDACION and _hay(accion.forma_de_calculo)
        return "" if en_palabras else f"Falta la fórmula del pago {pago}."
    try:
        formulas.valor(accion.formula)
    except formulas.FormulaInvalida as error:
        return f"La fórmula del pago {pago} no se puede leer: {error}"
    unidad = _UNIDADES.get(accion.valor_tipo)
    if unidad and unidad not in formulas.nombres(accion.formula):
        return f"La fórmula del pago {pago} no está en {unidad}."
    return ""


def _seguimiento(hoja: HojaDeVida, dia: date) -> Iterator[Punto]:
    falta = "Falta decir cómo se le hace seguimiento."
    yield _punto(hoja, "seguimiento", "seguimiento", hoja.seguimiento, falta)
