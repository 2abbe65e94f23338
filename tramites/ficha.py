"""The page of a trámite: what its hoja de vida says, to everybody or to one audience. Read when asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property

from tramites import formulas
from tramites.en_linea import donde_se_solicita
from tramites.models import (
    Accion,
    Audiencia,
    HojaDeVida,
    Momento,
    PuntoDeAtencion,
    Racionalizacion,
    SituacionDeVida,
    Tramite,
    ValorDeReferencia,
)


@dataclass(frozen=True)
class Paso:
    """A momento with the actions that the reader does in it."""

    momento: Momento
    acciones: list[Accion]

    @property
    def detalle(self) -> list[Accion]:
        """Those that say something that the momento itself does not."""
        return [accion for accion in self.acciones if not self._la_repite(accion)]

    @property
    def canal(self) -> str:
        """Where the action is done that only repeats the momento."""
        return next((a.get_canal_display() for a in self.acciones if self._la_repite(a)), "")

    def _la_repite(self, accion: Accion) -> bool:
        mas = ("enlace", "nota", "entidad_recaudadora", "fundamento_id", "es_excepcion")
        dice_mas = any(getattr(accion, campo) for campo in mas) or accion.audiencias.all()
        return accion.descripcion == self.momento.descripcion and not dice_mas


@dataclass(frozen=True)
class Pago:
    """A payment and, when its formula can be worked out this year, what it comes to in pesos."""

    accion: Accion
    pesos: Decimal | None
    valores: list[ValorDeReferencia]

    @property
    def por_cotejar(self) -> bool:
        return any(valor.por_cotejar for valor in self.valores)


class Ficha:
    """A trámite as the citizen reads it: the hoja before the public, or another to see it beforehand."""

    def __init__(
        self,
        tramite: Tramite,
        audiencia: Audiencia | None = None,
        *,
        hoja: HojaDeVida | None = None,
        dia: date | None = None,
    ) -> None:
        self.tramite = tramite
        self.pedida = audiencia
        self._hoja = hoja
        self.dia = dia or timezone.localdate()

    @cached_property
    def hoja(self) -> HojaDeVida:
        pk = self._hoja.pk if self._hoja else self.tramite.hoja_publica_id
        return HojaDeVida.objects.enteras().get(pk=pk)

    # --- For whom -------------------------------------------------------------------------------
    @cached_property
    def audiencias(self) -> list[Audiencia]:
        """Those one may choose from: none when everybody does the same."""
        if not any(accion.audiencias.all() for accion in self.hoja.acciones()):
            return []
        return list(self.hoja.audiencias.all())

    @property
    def audiencia(self) -> Audiencia | None:
        """The one the reader chose, if this trámite is for it."""
        return self.pedida if self.pedida in self.audiencias else None

    def _las_que_hace(self, acciones: Iterable[Accion]) -> list[Accion]:
        return [accion for accion in acciones if self.audiencia is None or es_para(accion, self.audiencia)]

    # --- What is asked --------------------------------------------------------------------------
    @cached_property
    def pasos(self) -> list[Paso]:
        """The momentos in which the reader has something to do."""
        pasos = [Paso(m, self._las_que_hace(m.acciones.all())) for m in self.hoja.momentos.all()]
        return [paso for paso in pasos if paso.acciones or not paso.momento.acciones.all()]

    @property
    def requisitos(self) -> list[Accion]:
        """What to have at hand or fulfil before starting; what is paid goes apart."""
        return [a for a in self._las_que_hace(self.hoja.requisitos()) if a.tipo != Accion.Tipo.PAGO]

    @cached_property
    def pagos(self) -> list[Pago]:
        return [self._pago(accion) for accion in self._las_que_hace(self.hoja.pagos())]

    def _pago(self, accion: Accion) -> Pago:
        if not accion.formula:
            return Pago(accion, None, [])
        pesos = formulas.valor(accion.formula, {v.unidad: v.pesos for v in self._valores.values()})
        usados = sorted(formulas.nombres(accion.formula) & set(self._valores))
        return Pago(accion, pesos, [self._valores[unidad] for unidad in usados])

    @cached_property
    def _valores(self) -> dict[str, ValorDeReferencia]:
        """What each unit of the tariffs is worth this year."""
        return {valor.unidad: valor for valor in ValorDeReferencia.objects.filter(anio=self.dia.year)}

    # --- Where ----------------------------------------------------------------------------------
    @property
    def puntos(self) -> list[PuntoDeAtencion]:
        """Where people are attended: without a place of its own, the office that answers for it."""
        propios = [punto for punto in self.hoja.puntos.all() if punto.activo]
        if propios or "puntos" in self.hoja.no_aplica:
            return propios
        dependencia = self.hoja.dependencia
        return [PuntoDeAtencion(nombre=dependencia.nombre, dependencia=dependencia)]

    @property
    def se_solicita_en(self) -> str:
        """The path of this site where it is done, for a trámite read `con_recepcion`; or nothing."""
        return donde_se_solicita(self.tramite)

    # --- What is around -------------------------------------------------------------------------
    @cached_property
    def previos(self) -> list[Tramite]:
        return list(self.tramite.previos.publicos().select_related("hoja_publica").de_la_a_a_la_z())

    @cached_property
    def situaciones(self) -> list[SituacionDeVida]:
        return list(self.tramite.situaciones.all())

    @cached_property
    def racionalizaciones(self) -> list[Racionalizacion]:
        return list(self.tramite.racionalizaciones.filter(publica=True))


def es_para(accion: Accion, audiencia: Audiencia) -> bool:
    """Whether that audience does it: a group does what those inside it do, and they what the group does."""
    return accion.es_para(audiencia) or any(
        audiencia.grupo_id == propia.pk or propia.grupo_id == audiencia.pk
        for propia in accion.audiencias.all()
    )
