"""What is written of each indicator when a week ends, and what comes out of computing it again."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from portal.models import Actualizacion, Dependencia, Edicion
from portal.periodos import Periodo
from seguimiento.models import Indicador, Medicion
from seguimiento.resultado import Resultado
from tramites.models import PasoDeTramite

#: Weeks that are measured late, when nobody measured them on their day.
SEMANAS_ATRAS = 8
#: The indicator that the plan asks of each office, not only of the whole.
DE_CADA_DEPENDENCIA = "metas-por-dependencia"


class PeriodoSinTerminar(ValueError):
    """What is stored is never written over, so a period is measured once it has ended."""


def medir(indicador: Indicador, periodo: Periodo, dependencia: Dependencia | None = None) -> Medicion:
    """Store the value of the indicator with the version of its rule, or return the one already stored.

    Raises PeriodoSinTerminar.
    """
    if not periodo.terminado():
        raise PeriodoSinTerminar(f"El periodo {periodo} no ha terminado: todavía puede cambiar.")
    clave = {
        "indicador": indicador,
        "dependencia": dependencia,
        "desde": periodo.desde,
        "hasta": periodo.hasta,
        "regla_version": indicador.regla.version,
    }
    if hecha := Medicion.objects.filter(**clave).first():
        return hecha
    resultado = indicador.calcular(periodo, dependencia)
    medicion, nueva = Medicion.objects.get_or_create(
        **clave,
        defaults={
            "numerador": resultado.numerador,
            "denominador": resultado.denominador,
            "exclusiones": list(resultado.exclusiones),
            "valor": resultado.valor,
            "falta": resultado.falta,
        },
    )
    if nueva:
        Edicion.avanzar()
    return medicion


# --- Each Monday --------------------------------------------------------------------------------
def medir_semana(periodo: Periodo) -> list[Medicion]:
    """Measure what of that week is not measured yet, and return it. Raises PeriodoSinTerminar."""
    del_periodo = Medicion.objects.filter(desde=periodo.desde, hasta=periodo.hasta)
    hechas = set(del_periodo.values_list("indicador", "dependencia"))
    return [
        medir(indicador, periodo, dependencia)
        for indicador in Indicador.objects.del_plan_vigente()
        for dependencia in _de_quien(indicador)
        if (indicador.pk, dependencia and dependencia.pk) not in hechas
    ]


def _de_quien(indicador: Indicador) -> list[Dependencia | None]:
    if indicador.funcion != DE_CADA_DEPENDENCIA:
        return [None]
    return [None, *Dependencia.objects.filter(activa=True)]


def semanas_por_medir(en: datetime) -> list[Periodo]:
    """The last weeks that ended by then, had something to measure and of which some indicator has nothing."""
    indicadores = set(Indicador.objects.del_plan_vigente().values_list("pk", flat=True))
    primer_dia = _primer_dia()
    if not indicadores or not primer_dia:
        return []
    ultima = Periodo.semana_de(timezone.localdate(en)).anterior
    semanas = [semana for semana in ultima.ultimas(SEMANAS_ATRAS) if semana.hasta >= primer_dia]
    medidos: dict[Periodo, set[int]] = {semana: set() for semana in semanas}
    filas = Medicion.objects.filter(dependencia=None, desde__in=[semana.desde for semana in semanas])
    for desde, hasta, indicador in filas.values_list("desde", "hasta", "indicador"):
        medidos.get(Periodo(desde, hasta), set()).add(indicador)
    return [semana for semana in semanas if indicadores - medidos[semana]]


def _primer_dia() -> date | None:
    """The day of the first thing that can be measured."""
    primeras = [
        fila.en
        for fila in (
            Actualizacion.objects.order_by("en").first(),
            PasoDeTramite.objects.order_by("en").first(),
        )
        if fila
    ]
    return timezone.localdate(min(primeras)) if primeras else None


def medir_pendientes(en: datetime) -> str:
    """The rutina: the week that ended, and before it those that nobody measured."""
    semanas = semanas_por_medir(en)
    for semana in semanas:
        medir_semana(semana)
    return f"Semanas medidas: {', '.join(semana.clave for semana in semanas) or 'ninguna pendiente'}."


# --- Again --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Recomputo:
    """What was stored of a period, if anything was, and what comes out of computing it now."""

    guardada: Medicion | None
    ahora: Resultado
    version: int

    @property
    def difiere(self) -> bool:
        """Whether the figure, or what it is made of, is no longer the stored one."""
        return self.guardada is not None and (
            (self.guardada.numerador, self.guardada.denominador, self.guardada.valor)
            != (self.ahora.numerador, self.ahora.denominador, self.ahora.valor)
        )

    @property
    def otra_regla(self) -> bool:
        """Whether it was measured with a version of the rule that is no longer the one in use."""
        return self.guardada is not None and self.guardada.regla_version != self.version


def recomputar(indicador: Indicador, periodo: Periodo, dependencia: Dependencia | None = None) -> Recomputo:
    """Compute a past period again and put it beside what was stored. Nothing is written."""
    guardada = (
        Medicion.objects.select_related("indicador")
        .filter(indicador=indicador, dependencia=dependencia, desde=periodo.desde, hasta=periodo.hasta)
        .first()
    )
    return Recomputo(guardada, indicador.calcular(periodo, dependencia), indicador.regla.version)
