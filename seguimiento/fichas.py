"""What each public page reads, nothing until it is asked for: the templates keep it by edición."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone

from portal.models import Dependencia
from portal.periodos import Periodo
from seguimiento import cifras
from seguimiento.avance import Avance, Parte
from seguimiento.indicadores import APORTADOS, empalme_de
from seguimiento.mediciones import Recomputo, recomputar
from seguimiento.models import Criterio, Evaluacion, Evidencia, Fase, Indicador, Marco, Medicion, Plan

FILAS_POR_PAGINA = 25
#: Weeks of history to show.
SEMANAS = 8


# --- Phases -------------------------------------------------------------------------------------
#: How each part of a progress is said, of one criterion and of several.
PARTES = {
    Parte.PROBADO: ("probado por regla", "probados por regla"),
    Parte.AFIRMADO: ("afirmado por una persona", "afirmados por una persona"),
    Parte.EXCEPCION: ("con una excepción que vence", "con una excepción que vence"),
    Parte.PARCIAL: ("se cumple en parte", "se cumplen en parte"),
    Parte.NO_CUMPLE: ("no se cumple", "no se cumplen"),
    Parte.SIN_EVALUAR: ("sin evaluar", "sin evaluar"),
    Parte.NO_APLICA: ("no aplica", "no aplican"),
}


@dataclass(frozen=True)
class FaseConAvance:
    """A phase and its progress, with how it stands before its due date."""

    fase: Fase
    avance: Avance

    @property
    def partes(self) -> list[str]:
        """What the progress is made of, in words: «40 probados por regla», «3 sin evaluar»."""
        cuantos = self.avance.cuantos
        return [
            f"{cuantos[parte]} {uno if cuantos[parte] == 1 else varios}"
            for parte, (uno, varios) in PARTES.items()
            if cuantos[parte]
        ]

    @property
    def estado(self) -> Fase.Estado:
        return Fase.Estado(self.fase.estado(self.avance))


def marcos() -> list[tuple[Marco, list[FaseConAvance]]]:
    """Each marco with its phases and how far they have come. Three queries."""
    avances = Criterio.objects.avance_por("fase")
    return [
        (marco, [FaseConAvance(fase, avances.get(fase.pk, Avance())) for fase in marco.fases.all()])
        for marco in Marco.objects.prefetch_related("fases")
    ]


@dataclass(frozen=True)
class FichaDeFase:
    """What the page of a phase reads of its criteria."""

    fase: Fase

    @cached_property
    def criterios(self) -> list[Criterio]:
        """All of them, each with why it does not apply or is excepted, and the evidence that still holds."""
        razon = Evaluacion.objects.filter(criterio=OuterRef("pk")).order_by("-en", "-pk").values("razon")[:1]
        return list(
            self.fase.criterios.select_related("dependencia")
            .annotate(razon=Subquery(razon))
            .prefetch_related(
                Prefetch("evidencias", Evidencia.objects.filter(invalida=""), to_attr="vigentes")
            )
        )

    @property
    def evaluados(self) -> list[Criterio]:
        return [c for c in self.criterios if not c.es_compromiso and c.base]

    @property
    def sin_evaluar(self) -> list[Criterio]:
        return [c for c in self.criterios if not c.es_compromiso and not c.base]

    @property
    def compromisos(self) -> list[Criterio]:
        return [c for c in self.criterios if c.es_compromiso]

    @cached_property
    def hecho(self) -> FaseConAvance:
        propios = (c for c in self.criterios if not c.es_compromiso)
        return FaseConAvance(self.fase, Avance.de((c.resultado, c.base, c.peso) for c in propios))

    @property
    def por_cotejar(self) -> int:
        return sum(c.por_cotejar for c in self.criterios if not c.es_compromiso)

    @cached_property
    def historia(self) -> list[tuple[Periodo, Avance]]:
        """The progress at the end of each of the last weeks, the newest first."""
        ultima = Periodo.semana_de(timezone.localdate()).anterior
        semanas = list(ultima.ultimas(SEMANAS))
        avances = self.fase.criterios.historia([semana.corte for semana in semanas])
        return list(zip(semanas, avances, strict=True))[::-1]


# --- The plan -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class FichaDelPlan:
    """The plan being followed with today's figures."""

    @cached_property
    def plan(self) -> Plan | None:
        return Plan.objects.vigente()

    @cached_property
    def miembros(self):
        return self.plan.miembros.select_related("cargo") if self.plan else []

    @cached_property
    def acciones(self) -> list[cifras.Accion]:
        return cifras.leer_plan(self.plan, self.periodo) if self.plan else []

    @property
    def del_marco(self) -> list[cifras.Accion]:
        return [fila for fila in self.acciones if not fila.accion.es_recomendacion]

    @property
    def recomendaciones(self) -> list[cifras.Accion]:
        return [fila for fila in self.acciones if fila.accion.es_recomendacion]

    @cached_property
    def resumen(self) -> dict[str, int]:
        cuenta = cifras.resumen(cifra for fila in self.acciones for cifra in fila.cifras)
        return {estado.value: cuenta[estado] for estado in cifras.Estado} | {"total": cuenta.total()}

    @cached_property
    def periodo(self) -> Periodo:
        return Periodo.ultimos_siete_dias(timezone.localdate())

    @cached_property
    def fases(self) -> list[Fase]:
        """The phases that its indicators measure, as its legal frame lists them."""
        medidas = {cifra.indicador.parametros.get("fase") for fila in self.acciones for cifra in fila.cifras}
        return list(Fase.objects.filter(slug__in=medidas))


@dataclass(frozen=True)
class FichaDelIndicador:
    """Why a figure is what it is: what is divided by what, what is left out, and the rows."""

    indicador: Indicador
    periodo: Periodo
    dependencia: Dependencia | None
    numero_de_pagina: int

    @property
    def de_hoy(self) -> bool:
        """Whether no week was asked for: the last seven days."""
        return self.periodo == Periodo.ultimos_siete_dias(timezone.localdate())

    @cached_property
    def recomputo(self) -> Recomputo:
        return recomputar(self.indicador, self.periodo, self.dependencia)

    @cached_property
    def cifra(self) -> cifras.Cifra:
        anterior = self.medidas.filter(hasta__lt=self.periodo.hasta).first()
        return cifras.Cifra(self.indicador, self.periodo, self.recomputo.ahora, anterior)

    @property
    def guardada(self) -> cifras.Cifra | None:
        """What was stored of this very period, in words."""
        medicion = self.recomputo.guardada
        return self._en_palabras(medicion) if medicion else None

    @property
    def medidas(self):
        de_todos = Medicion.objects.select_related("indicador")
        return de_todos.filter(indicador=self.indicador, dependencia=self.dependencia)

    @cached_property
    def historia(self) -> list[cifras.Cifra]:
        """What was stored of the last weeks, the newest first: of each, what was stored last."""
        return [
            self._en_palabras(medicion)
            for medicion in self.medidas.order_by("-hasta", "-desde", "-en", "-pk").distinct(
                "hasta", "desde"
            )[:SEMANAS]
        ]

    def _en_palabras(self, medicion: Medicion) -> cifras.Cifra:
        periodo = Periodo(medicion.desde, medicion.hasta)
        return cifras.Cifra(self.indicador, periodo, medicion.como_resultado())

    @cached_property
    def filas(self) -> Page:
        filas: Any = self.recomputo.ahora.filas  # a length and slices: all that a Paginator asks for
        return Paginator(filas, FILAS_POR_PAGINA).get_page(self.numero_de_pagina)

    @property
    def cuentan(self) -> bool:
        """Whether each row says if it is in the numerator: in a plain count they all are."""
        return self.recomputo.ahora.denominador is not None and not self.es_aportado

    @cached_property
    def es_aportado(self) -> bool:
        """Whether its figure was given by a person: no part of the portal knew it then."""
        return self.indicador.funcion in APORTADOS and empalme_de(self.periodo) is None

    @property
    def otras_lecturas(self):
        """The other readings of the same signed indicator."""
        firmado = self.indicador.lectura_de_id or self.indicador.pk
        todas = Indicador.objects.filter(pk=firmado) | Indicador.objects.filter(lectura_de=firmado)
        return todas.exclude(pk=self.indicador.pk)
