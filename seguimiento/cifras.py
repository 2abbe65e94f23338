"""The figures of the plan as people read them: the value beside its goal, in words, and how it changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, TextChoices
from django.utils.formats import number_format

from participacion.models import Consulta
from portal.models import Publicacion
from portal.periodos import Periodo
from seguimiento.models import AccionDelPlan, Actividad, Campana, Indicador, Medicion, Plan
from seguimiento.resultado import Resultado


class Estado(TextChoices):
    """How a figure stands before its goal."""

    CUMPLE = "cumple", "Cumple"
    NO_CUMPLE = "no_cumple", "No cumple"
    SIN_DATO = "sin_dato", "Sin dato"


#: Numbers of four figures are read whole (Ortografía de la lengua española, 2010).
CON_PUNTO_DE_MILES = 10_000


def numero(valor: Decimal) -> str:
    """As it is written in Spanish, without decimals that say nothing: «86,25», «3», «37.579»."""
    entero = valor == valor.to_integral_value()
    sin_ceros = valor.quantize(Decimal(1)) if entero else valor.normalize()
    return number_format(sin_ceros, force_grouping=abs(valor) >= CON_PUNTO_DE_MILES)


def en_unidades(indicador: Indicador, valor: Decimal | None) -> str:
    """The value with its unit, in one piece: «86,25 %», «1 vez», «3 veces»."""
    if valor is None:
        return Estado.SIN_DATO.label
    if indicador.unidad == Indicador.Unidad.PORCENTAJE:
        return f"{numero(valor)}\xa0%"
    return f"{numero(valor)}\xa0{'vez' if valor == 1 else 'veces'}"


def estado_de(indicador: Indicador, valor: Decimal | None) -> Estado:
    if valor is None:
        return Estado.SIN_DATO
    return Estado.CUMPLE if indicador.cumple(valor) else Estado.NO_CUMPLE


@dataclass(frozen=True)
class Cifra:
    """An indicator in a period; `anterior` is what was stored of the last week before it, if anything was."""

    indicador: Indicador
    periodo: Periodo
    resultado: Resultado
    anterior: Medicion | None = None

    @property
    def valor(self) -> str:
        return en_unidades(self.indicador, self.resultado.valor)

    @property
    def meta(self) -> str:
        """The goal that is measured, and whether more or less than it is good too: «1 vez o más», «0 %»."""
        meta, mas = self.indicador.meta, self.indicador.sentido == Indicador.Sentido.MAS
        en_palabras = en_unidades(self.indicador, meta)
        ultimo = self.indicador.unidad == Indicador.Unidad.PORCENTAJE and meta == (100 if mas else 0)
        return en_palabras if ultimo else f"{en_palabras} o {'más' if mas else 'menos'}"

    @property
    def estado(self) -> Estado:
        return estado_de(self.indicador, self.resultado.valor)

    @property
    def de_que(self) -> str:
        """What the percentage is made of, «69 de 80», or why there is none. Empty for a count."""
        if self.resultado.falta:
            return self.resultado.falta
        if self.resultado.denominador is None:
            return ""
        if not self.resultado.denominador:
            return "No hay de qué sacar el porcentaje."
        return f"{self.numerador} de {self.denominador}"

    @property
    def numerador(self) -> str:
        return numero(self.resultado.numerador)

    @property
    def denominador(self) -> str:
        return "" if self.resultado.denominador is None else numero(self.resultado.denominador)

    @property
    def cambio(self) -> str:
        """How it changed since what was stored before, and whether that is better."""
        if self.anterior is None or self.anterior.valor is None or self.resultado.valor is None:
            return ""
        antes, ahora = self.anterior.valor, self.resultado.valor
        semana = Periodo(self.anterior.desde, self.anterior.hasta)
        desde = f"desde la semana {semana.numero}" if semana.es_semana else f"desde el periodo {semana}"
        if ahora == antes:
            return f"Igual {desde}"
        sube = ahora > antes
        mejora = sube == (self.indicador.sentido == Indicador.Sentido.MAS)
        cuanto = self._diferencia(abs(ahora - antes))
        return f"{'Sube' if sube else 'Baja'} {cuanto} {desde}: {'mejora' if mejora else 'empeora'}"

    def _diferencia(self, cuanto: Decimal) -> str:
        if self.indicador.unidad == Indicador.Unidad.PORCENTAJE:
            return f"{numero(cuanto)} {'punto' if cuanto == 1 else 'puntos'}"
        return en_unidades(self.indicador, cuanto)


@dataclass(frozen=True)
class Accion:
    """A row of the plan with the figures of its indicators."""

    accion: AccionDelPlan
    cifras: list[Cifra]

    @property
    def firmadas(self) -> list[Cifra]:
        """One for each signed indicator: its other readings stay out."""
        return [cifra for cifra in self.cifras if cifra.indicador.lectura_de_id is None]


def leer(indicadores: Iterable[Indicador], periodo: Periodo) -> list[Cifra]:
    """The figures of those indicators in the period, each with what was stored before it."""
    indicadores = list(indicadores)
    anteriores = _anteriores(indicadores, periodo)
    return [
        Cifra(indicador, periodo, indicador.calcular(periodo), anteriores.get(indicador.pk))
        for indicador in indicadores
    ]


def _anteriores(indicadores: list[Indicador], periodo: Periodo) -> dict[int, Medicion]:
    """The last measurement of each that ended before the period does, of the whole municipality."""
    medidas = Medicion.objects.filter(
        indicador__in=indicadores, dependencia=None, hasta__lt=periodo.hasta
    ).order_by("indicador_id", "-hasta", "-en", "-pk")
    return {medicion.indicador_id: medicion for medicion in medidas.distinct("indicador_id")}


def leer_plan(plan: Plan, periodo: Periodo) -> list[Accion]:
    """Every row of the plan, with all that its page reads. A constant number of queries."""
    acciones = list(
        plan.acciones.prefetch_related("indicadores", Prefetch("actividades", _actividades_con_evidencia()))
    )
    cifras = leer((i for accion in acciones for i in accion.indicadores.all()), periodo)
    return [
        Accion(accion, [cifra for cifra in cifras if cifra.indicador.accion_id == accion.pk])
        for accion in acciones
    ]


def _actividades_con_evidencia() -> QuerySet[Actividad]:
    """With their posts, their campaigns, and the consultations that anybody may see."""
    leida = Exists(Publicacion.objects.publicadas().filter(pk=OuterRef("publicacion")))
    campanas = Campana.objects.select_related("publicacion__canal").annotate(publicada=leida)
    return Actividad.objects.prefetch_related(
        "cargos",
        Prefetch("campanas", campanas),
        Prefetch("consultas", Consulta.objects.publicas(), to_attr="publicas"),
    )


def resumen(cifras: Iterable[Cifra]) -> Counter[Estado]:
    """How many of the signed indicators stand in each state."""
    return Counter(cifra.estado for cifra in cifras if cifra.indicador.lectura_de_id is None)
