"""The 70 trámites taken along the real flow by the demo people, over the last eight weeks.

What the catalogue does not say is answered as an honest SUIT user would: by a reason, never by an invented
fact. Whatever is made up says so: «dato de demostración».
"""

import csv
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.models import Cargo, Titularidad, Usuario
from tramites.columnas import partir
from tramites.flujo import dar_paso
from tramites.hojas import editar_hoja
from tramites.models import (
    Accion,
    Fundamento,
    HojaDeVida,
    LecturaDiaria,
    PuntoDeAtencion,
    Racionalizacion,
    Tramite,
)
from tramites.services import fijar_previos

#: What the forms of `datos/` receive.
EN_ESTE_SITIO = {"PLA-010", "GEN-001", "HAC-008"}
#: Numbers of the SUIT in the demonstration: longer than any real one, so that nobody takes them for one.
PRIMER_NUMERO = 9_000_001
DEMOSTRACION = "dato de demostración"
_HASTA_APROBAR = ["empezar", "completar", "enviar", "remitir"]
_HASTA_INSCRIBIR = [*_HASTA_APROBAR, "inscribir"]
#: The steps that lead to each state of `datos/demo/tramites.csv`. «renovado» is inscribed twice.
CAMINOS = {
    "sin_gestion": [],
    "en_creacion": ["empezar"],
    "enviado": ["empezar", "completar", "enviar"],
    "en_correccion": ["empezar", "completar", "enviar", "devolver"],
    "en_evaluacion": _HASTA_APROBAR,
    "negado": [*_HASTA_APROBAR, "negar"],
    "inscrito": _HASTA_INSCRIBIR,
    "aprobado": ["empezar", "completar", "enviar", "aprobar_consulta"],
    "suprimido": [*_HASTA_INSCRIBIR, "publicar", "suprimir"],
    "en_actualizacion": [*_HASTA_INSCRIBIR, "publicar", "actualizar"],
    "renovado": [
        *(*_HASTA_INSCRIBIR, "publicar", "actualizar", "renovar", "enviar"),
        *("aprobar_cambio", "publicar"),
    ],
}
#: Days that each step comes after the one before. The DAFP takes its time.
_DIAS = {"completar": 1, "enviar": 1, "remitir": 2, "devolver": 2, "aprobar_consulta": 2, "inscribir": 10}
_DIAS |= {"negar": 9, "publicar": 1, "actualizar": 5, "renovar": 1, "aprobar_cambio": 2, "suprimir": 10}
_DE_QUIEN_APRUEBA = {"remitir", "devolver", "aprobar_consulta", "aprobar_cambio", "publicar", "suprimir"}
#: Those that are still moving took their last step in these days.
_EN_MARCHA = {"en_creacion", "enviado", "en_correccion", "en_evaluacion", "en_actualizacion", "renovado"}
_LECTURAS_DE_LOS_MAS_LEIDOS = {
    **{"HAC-001": 40, "SIS-006": 30, "HAC-008": 25, "PLA-010": 18, "GEN-001": 16, "SIS-001": 14},
    **{"FAM-003": 10, "USP-005": 8, "COM-001": 6, "INS-004": 5},
}
DIAS_CON_LECTURAS = 60
_OTROS_NOMBRES = {"GEN-001": "constancia de residencia", "SIS-001": "visita del sisbén"}


@dataclass(frozen=True)
class Destino:
    """How far a trámite goes in the demonstration."""

    estado: str
    publicado: bool = True
    automatizacion: str = Tramite.Automatizacion.POR_DECIDIR
    razon: str = ""
    previos: tuple[str, ...] = ()
    motivo: str = ""

    @property
    def pasos(self) -> list[str]:
        camino = CAMINOS[self.estado]
        return [*camino, "publicar"] if self.publicado and "publicar" not in camino else camino


def recorrer(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """Take along each trámite that nobody has touched yet; a line for each."""
    demostracion = _Demostracion(carpeta, personas, ahora)
    pendientes = demostracion.pendientes()
    for numero, tramite in enumerate(pendientes, 1):
        tramite = demostracion.llevar(tramite)
        estado = tramite.get_estado_display().lower()
        yield f"[{numero}/{len(pendientes)}] {tramite.codigo} {tramite} · {estado}"
    if pendientes:
        demostracion.relacionar(pendientes)


@dataclass
class _Demostracion:
    carpeta: Path
    personas: dict[str, Usuario]
    ahora: datetime
    destinos: dict[str, Destino] = field(init=False)

    def __post_init__(self) -> None:
        self.destinos = {
            fila["codigo"]: Destino(
                fila["estado"],
                fila["publicado"] == "si",
                fila["automatizacion"],
                fila["razon"],
                tuple(partir(fila["previos"])),
                fila["motivo"],
            )
            for fila in _filas(self.carpeta / "tramites.csv")
        }

    @cached_property
    def lugares(self) -> dict[str, int]:
        """Of each trámite, its place by code: it gives its dates and number, always the same."""
        codigos = Tramite.objects.order_by("codigo").values_list("codigo", flat=True)
        return {codigo: lugar for lugar, codigo in enumerate(codigos)}

    @cached_property
    def jefaturas(self) -> dict[int, Usuario]:
        """Who heads each office, by its key."""
        return {
            titularidad.cargo.dependencia_id: titularidad.persona
            for titularidad in Titularidad.objects.filter(
                cargo__es_jefatura=True, persona__in=self.personas.values()
            ).select_related("cargo", "persona")
        }

    @cached_property
    def puntos(self) -> dict[int, PuntoDeAtencion]:
        return {punto.dependencia_id: punto for punto in PuntoDeAtencion.objects.all()}

    def destino(self, tramite: Tramite) -> Destino:
        habitual = "inscrito" if tramite.va_al_suit else "aprobado"
        return self.destinos.get(tramite.codigo, Destino(habitual))

    def pendientes(self) -> list[Tramite]:
        """Those that go somewhere and in which no person has done anything."""
        intactos = Tramite.objects.exclude(pasos__por__isnull=False)
        return [
            tramite
            for tramite in intactos.order_by("codigo").select_related("dependencia")
            if self.destino(tramite).pasos and tramite.hoja_abierta()
        ]

    # --- One trámite ----------------------------------------------------------------------------
    @transaction.atomic
    def llevar(self, tramite: Tramite) -> Tramite:
        """Along its way, each step in its day, by the person who would take it."""
        destino = self.destino(tramite)
        tramite.automatizacion, tramite.automatizacion_razon = destino.automatizacion, destino.razon
        if "inscribir" in destino.pasos:
            tramite.por_confirmar["otro"] = f"{DEMOSTRACION}: el número del SUIT no es real"
        tramite.save(update_fields=["automatizacion", "automatizacion_razon", "por_confirmar"])
        for paso, en in zip(destino.pasos, self._fechas(tramite, destino), strict=True):
            tramite = self._dar(paso, tramite, destino, en)
        return tramite

    def _fechas(self, tramite: Tramite, destino: Destino) -> list[datetime]:
        """Working hours, in order; none before the trámite was identified nor in the future."""
        lugar = self.lugares[tramite.codigo]
        ultimo = 1 + lugar % 5 if destino.estado in _EN_MARCHA else 2 + lugar * 44 // len(self.lugares)
        dias = [_DIAS.get(paso, 0) for paso in destino.pasos]
        hoy = timezone.localdate(self.ahora)
        fechas = []
        for n in range(len(dias)):
            dia = hoy - timedelta(days=ultimo + sum(dias[n + 1 :]))
            dia -= timedelta(days=max(0, dia.weekday() - 4))  # a Saturday or Sunday is that Friday
            en = _a_las(dia, minutos=8 * 60 + 45 * n + lugar % 40)
            fechas.append(min(max(en, tramite.identificado_en), self.ahora))
        return fechas

    def _dar(self, paso: str, tramite: Tramite, destino: Destino, en: datetime) -> Tramite:
        if paso == "completar":
            return self._completar(tramite, en)
        if paso == "renovar":
            return self._renovar(tramite, en)
        por = self.personas["suit"]
        if paso in _DE_QUIEN_APRUEBA:
            por = self.jefaturas.get(tramite.dependencia_id, self.personas["secretaria"])
        datos: dict[str, str] = {}
        if paso in {"remitir", "aprobar_consulta", "aprobar_cambio"}:
            datos["huella"] = tramite.pasos.values_list("huella", flat=True).last() or ""  # what was sent
        elif paso == "inscribir":
            datos["numero_suit"] = str(PRIMER_NUMERO + self.lugares[tramite.codigo])
        elif paso in {"devolver", "negar", "suprimir"}:
            datos["motivo"] = destino.motivo
        return dar_paso(paso, tramite, por=por, en=en, **datos)

    def _renovar(self, tramite: Tramite, en: datetime) -> Tramite:
        """A plain change: one more of the names by which people look for it."""
        with editar_hoja(_borrador(tramite), por=self.personas["suit"], en=en) as hoja:
            hoja.palabras_clave = [*hoja.palabras_clave, _OTROS_NOMBRES[tramite.codigo]]
            hoja.nota_de_cambio = "Se agregó otro nombre para encontrarlo."
        return tramite

    # --- What the catalogue does not say --------------------------------------------------------
    def _completar(self, tramite: Tramite, en: datetime) -> Tramite:
        with editar_hoja(_borrador(tramite), por=self.personas["suit"], en=en) as hoja:
            hoja.fecha_cualquiera = tramite.codigo != "GEN-007"
            if not hoja.fecha_cualquiera:
                hoja.fecha_limites = "En las jornadas de vacunación que anuncia la alcaldía."
            hoja.puntos.set([self.puntos[tramite.dependencia_id]])
            hoja.no_aplica = hoja.no_aplica | {"vigencia_unidad": "Se está cotejando con la norma."}
            if hoja.grado in {HojaDeVida.Grado.PARCIAL, HojaDeVida.Grado.TOTAL}:
                hoja.no_aplica["url_en_linea"] = (
                    "Se solicita en este sitio, en la página del trámite."
                    if tramite.codigo in EN_ESTE_SITIO
                    else "El servicio en línea todavía no está habilitado."
                )
            self._completar_acciones(tramite, hoja)
        return tramite

    def _completar_acciones(self, tramite: Tramite, hoja: HojaDeVida) -> None:
        """The norm of each requirement when there is only one; else, the reason of each gap."""
        normas = list(hoja.fundamentos.all())
        acciones = list(Accion.objects.filter(momento__hoja=hoja))
        servicio = tramite.codigo.startswith("USP")
        recauda = tramite.dependencia.nombre if servicio else "Secretaría de Hacienda o Tesorería"
        fija = "el prestador" if servicio else "el Estatuto Tributario Municipal"
        for accion in acciones:
            _completar_accion(accion, normas, recauda, f"La tarifa la fija {fija}; se está cotejando.")
        Accion.objects.bulk_update(acciones, ["fundamento", "canal", "entidad_recaudadora", "no_aplica"])

    # --- What goes between them -----------------------------------------------------------------
    @transaction.atomic
    def relacionar(self, nuevos: list[Tramite]) -> None:
        """What goes before each, the actions that make some simpler, and some weeks of readings."""
        por_codigo = {tramite.codigo: tramite for tramite in Tramite.objects.all()}
        for tramite in nuevos:
            previos = [por_codigo[codigo] for codigo in self.destino(tramite).previos if codigo in por_codigo]
            if previos:
                fijar_previos(tramite, previos, por=self.personas["suit"])
        hoy = timezone.localdate(self.ahora)
        claves = {tramite.codigo for tramite in nuevos}
        for fila in _filas(self.carpeta / "racionalizacion.csv"):
            if fila["codigo"] in claves:
                _racionalizar(por_codigo[fila["codigo"]], fila, hoy)
        LecturaDiaria.objects.bulk_create(
            [
                lectura
                for tramite in nuevos
                if (publicado := por_codigo[tramite.codigo].publicado_en)
                for lectura in _lecturas(tramite, timezone.localdate(publicado), hoy)
            ],
            ignore_conflicts=True,
        )


def _completar_accion(accion: Accion, normas: list[Fundamento], recauda: str, sin_formula: str) -> None:
    razones = {}
    if accion.es_requisito and len(normas) == 1:
        accion.fundamento = normas[0]
    elif accion.es_requisito:
        razones["fundamento"] = "Se está cotejando cuál de las normas lo exige."
    if accion.tipo == Accion.Tipo.FORMULARIO and not accion.enlace:
        razones["enlace"] = "Se entrega en la oficina."
    if accion.tipo == Accion.Tipo.SOLICITUD and not accion.canal:
        accion.canal = HojaDeVida.Medio.PRESENCIAL
    if accion.tipo == Accion.Tipo.PAGO:
        accion.entidad_recaudadora = recauda
        if not accion.formula and accion.valor_tipo != Accion.Valor.LIQUIDACION:
            razones["formula"] = sin_formula
    accion.no_aplica = accion.no_aplica | razones


def _racionalizar(tramite: Tramite, fila: dict[str, str], hoy: date) -> None:
    Racionalizacion.objects.get_or_create(
        tramite=tramite,
        clase=fila["clase"],
        antes=fila["antes"],
        defaults={
            "despues": fila["despues"],
            "beneficio": fila["beneficio"],
            "inicio": hoy + timedelta(days=int(fila["desde_dias"])),
            "fin": hoy + timedelta(days=int(fila["hasta_dias"])),
            "responsable": Cargo.objects.get(codigo=fila["responsable"]),
            "avance": int(fila["avance"]),
        },
    )


def _lecturas(tramite: Tramite, desde: date, hoy: date) -> Iterator[LecturaDiaria]:
    """Readings of each day since it is public, always the same."""
    medio = _LECTURAS_DE_LOS_MAS_LEIDOS.get(tramite.codigo, 2)
    for hace in range(min(DIAS_CON_LECTURAS, (hoy - desde).days)):
        dia = hoy - timedelta(days=hace + 1)
        veces = zlib.crc32(f"{tramite.codigo}{hace}".encode()) % (2 * medio)
        if veces:
            yield LecturaDiaria(tramite=tramite, dia=dia, veces=veces)


def _borrador(tramite: Tramite) -> HojaDeVida:
    return HojaDeVida.objects.get(tramite=tramite, estado=HojaDeVida.Estado.BORRADOR)


def _a_las(dia: date, *, minutos: int) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time())) + timedelta(minutes=minutos)


def _filas(archivo: Path) -> list[dict[str, str]]:
    with archivo.open(encoding="utf-8", newline="") as abierto:
        return list(csv.DictReader(abierto))
