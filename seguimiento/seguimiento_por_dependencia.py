"""How one office keeps the plan: its goals, channels, trámites and criteria, and what is asked of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.flujo import EstadoInadecuado, SinPermiso
from portal.models import Asignacion, Cargo, Dependencia, Usuario
from portal.periodos import Periodo
from seguimiento.firmas import cargo_que_firma, firma_de
from seguimiento.graficas import Proporcion, Serie
from seguimiento.mediciones import DE_CADA_DEPENDENCIA
from seguimiento.metas import Meta, metas_por_dependencia
from seguimiento.models import Criterio, InformeSemanal, Medicion, ObservacionADependencia
from seguimiento.semana import SEMANAS_DE_LA_SERIE
from tramites.models import Tramite

OBSERVACIONES = 20
Resultado = Criterio.Resultado
_ORDEN = (Resultado.NO_CUMPLE, Resultado.PARCIAL, Resultado.SIN_EVALUAR, Resultado.CUMPLE)


@dataclass(frozen=True)
class CriterioDeLaFicha:
    """A criterion with what was known of it at the end of the week."""

    criterio: Criterio
    resultado: Criterio.Resultado


@dataclass(frozen=True)
class Ficha:
    """What the page of an office reads, nothing until it is asked for. `datos` are those of the week."""

    dependencia: Dependencia
    periodo: Periodo
    datos: dict[str, Any]

    @property
    def de_la_semana(self) -> dict[str, Any] | None:
        """Its row of the week, if something was asked of it."""
        filas = self.datos["dependencias"]
        return next((fila for fila in filas if fila["slug"] == self.dependencia.slug), None)

    def _suyas(self, que: str) -> list[dict[str, Any]]:
        """Its rows among those of the week, by the name that the office had then."""
        nombre = self.de_la_semana["nombre"] if self.de_la_semana else self.dependencia.nombre
        return [fila for fila in self.datos[que] if fila["dependencia"] == nombre]

    @property
    def canales(self) -> list[dict[str, Any]]:
        return self._suyas("canales")

    @property
    def actualizaciones(self) -> list[dict[str, Any]]:
        return self._suyas("actualizaciones")

    @cached_property
    def metas(self) -> list[Meta]:
        """Its goals at the end of the week, what is not met first."""
        suyas = metas_por_dependencia(self.periodo).get(self.dependencia.pk, [])
        return sorted(suyas, key=lambda meta: (meta.cumple, meta.nombre))

    @property
    def avance(self) -> Proporcion:
        return Proporcion(sum(meta.cumple for meta in self.metas), len(self.metas))

    @cached_property
    def historia(self) -> Serie:
        """The percentage of its goals met in each of the last eight weeks, as it was measured."""
        semanas = list(self.periodo.ultimas(SEMANAS_DE_LA_SERIE))
        medidas = dict(
            Medicion.objects.filter(
                indicador__funcion=DE_CADA_DEPENDENCIA,
                dependencia=self.dependencia,
                desde__in=[semana.desde for semana in semanas],
            )
            .order_by("en", "pk")
            .values_list("desde", "valor")
        )
        return Serie([medidas.get(semana.desde) for semana in semanas], "%")

    @cached_property
    def tramites(self) -> list[Tramite]:
        """Those of its inventory, what is not yet before the public first."""
        inventario = Tramite.objects.identificados(self.periodo.corte).filter(dependencia=self.dependencia)
        return sorted(inventario, key=lambda tramite: (bool(tramite.hoja_publica_id), tramite.nombre))

    @cached_property
    def criterios(self) -> list["CriterioDeLaFicha"]:
        """The criteria it answers for that apply, those not met first."""
        aplicables = (
            Criterio.objects.que_cuentan()
            .filter(dependencia=self.dependencia)
            .en(self.periodo.corte)
            .exclude(resultado_en=Resultado.NO_APLICA)
            .select_related("fase")
        )
        return sorted(
            (CriterioDeLaFicha(criterio, Resultado(criterio.resultado_en)) for criterio in aplicables),
            key=lambda fila: _ORDEN.index(fila.resultado),
        )

    @property
    def criterios_pendientes(self) -> list["CriterioDeLaFicha"]:
        return [fila for fila in self.criterios if fila.resultado != Resultado.CUMPLE]

    @property
    def avance_de_criterios(self) -> Proporcion:
        return Proporcion(len(self.criterios) - len(self.criterios_pendientes), len(self.criterios))

    @cached_property
    def observaciones(self) -> list[ObservacionADependencia]:
        suyas = self.dependencia.observaciones_del_seguimiento.select_related("informe")
        return list(suyas.defer("informe__datos")[:OBSERVACIONES])


# --- What is asked and answered -----------------------------------------------------------------
def cargo_que_responde(
    usuario: Usuario, dependencia: Dependencia, en: datetime | None = None
) -> Cargo | None:
    """The post by which this person speaks for the office: its head, or one of its own that writes."""
    escribe = Q(asignaciones__funcion__in=[Asignacion.Funcion.AUTOR, Asignacion.Funcion.EDITOR])
    return (
        Cargo.objects.ejercidos_por(usuario, en)
        .filter(Q(es_jefatura=True) | escribe, dependencia=dependencia)
        .select_related("dependencia")
        .order_by("-es_jefatura", "orden", "pk")
        .first()
    )


def preguntar(
    informe: InformeSemanal, dependencia: Dependencia, *, texto: str, por: Usuario, en: datetime | None = None
) -> ObservacionADependencia:
    """What Secretaría General asks of an office after a week. Raises SinPermiso."""
    cargo = cargo_que_firma(por, en)
    if cargo is None:
        raise SinPermiso("Las observaciones las hace quien dirige la Secretaría General.")
    return ObservacionADependencia.objects.create(
        informe=informe,
        dependencia=dependencia,
        texto=texto.strip(),
        por=por,
        firma=firma_de(por, cargo),
        en=en or timezone.now(),
    )


@transaction.atomic
def responder(
    observacion: ObservacionADependencia, *, texto: str, por: Usuario, en: datetime | None = None
) -> ObservacionADependencia:
    """Answer it, once. Raises SinPermiso, or EstadoInadecuado when it was answered already."""
    fila = ObservacionADependencia.objects.select_for_update().get(pk=observacion.pk)
    cargo = cargo_que_responde(por, fila.dependencia, en)
    if cargo is None:
        raise SinPermiso("Ninguno de sus cargos responde por esta dependencia.")
    if fila.respuesta:
        raise EstadoInadecuado("Esa observación ya tiene respuesta.")
    fila.respuesta, fila.respondida_por = texto.strip(), por
    fila.respondida_firma, fila.respondida_en = firma_de(por, cargo), en or timezone.now()
    fila.save(update_fields=["respuesta", "respondida_por", "respondida_firma", "respondida_en"])
    return fila
