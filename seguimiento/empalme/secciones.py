"""What is handed over, read from the records: each section is a table with a constant number of queries.

Cells are plain data that JSON keeps: words, whole numbers, decimals and dates as text, None when nothing is
known. Nothing here says a moment: on the same day, without changes, the same is read. No subject, text nor
name of whoever filed something is read; of reserved kinds, only how many there are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from conectividad.models import CierreMensual, Enlace, Incidente
from participacion.models import Consulta
from portal import rutinas
from portal.models import Actualizacion, Asignacion, Titularidad, Usuario, Version
from portal.redaccion.relevo import Responsables, responsables
from seguimiento.empalme.sistema import estado_de_las_copias, version_del_programa
from seguimiento.models import Actividad, Criterio, Empalme, Fase, Indicador, Medicion
from tramites.completitud import medir
from tramites.models import HojaDeVida, Tramite
from ventanilla.models import Radicado
from ventanilla.models.radicado import ABIERTOS

Funcion = Asignacion.Funcion
Estado = Version.Estado
Celda = str | int | None
#: Kinds of cell: words, a whole number, a decimal and a date, both as text.
TEXTO, ENTERO, DECIMAL, FECHA = "texto", "entero", "decimal", "fecha"
NADIE = "Nadie"


@dataclass(frozen=True)
class Seccion:
    """A table of the document. `reservada`: for both teams, never published. `extensa`: whole only as CSV."""

    clave: str
    titulo: str
    columnas: tuple[tuple[str, str], ...]
    reunir: Callable[[Empalme, datetime], Iterable[list[Celda]]]
    nada: str
    nota: str = ""
    reservada: bool = False
    extensa: bool = False

    def congelar(self, empalme: Empalme, en: datetime) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "clave": self.clave,
            "titulo": self.titulo,
            "nota": self.nota,
            "nada": self.nada,
            "reservada": self.reservada,
            "extensa": self.extensa,
            "columnas": [list(columna) for columna in self.columnas],
            "filas": list(self.reunir(empalme, en)),
        }


SECCIONES: list[Seccion] = []


def _seccion(clave: str, titulo: str, *columnas: str | tuple[str, str], nada: str, **detalles):
    """Declare a section; a column without kind holds words."""
    pares = tuple(columna if isinstance(columna, tuple) else (columna, TEXTO) for columna in columnas)

    def decorar(reunir):
        SECCIONES.append(Seccion(clave, titulo, pares, reunir, nada, **detalles))
        return reunir

    return decorar


def _dia(momento: datetime | date | None) -> str | None:
    """The Colombian date, as text."""
    if momento is None:
        return None
    return (timezone.localdate(momento) if isinstance(momento, datetime) else momento).isoformat()


def _decimal(valor: Decimal | None) -> str | None:
    return None if valor is None else str(valor)


def _si(valor: bool) -> str:
    return "Sí" if valor else "No"


# --- The handover itself ------------------------------------------------------------------------
@_seccion(
    "actividades-de-empalme",
    "Actividades del empalme",
    *("Actividad", "Clase", "Responsable", ("Programada", FECHA), ("Se hizo", FECHA), "Lugar"),
    *(("Funcionarios", ENTERO), ("Personas de la comunidad", ENTERO), "Huella del acta"),
    nada="Todavía no se ha programado ninguna.",
)
def _actividades_de_empalme(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    asistieron = Counter(empalme.actividades.filter(asistencia__isnull=False).values_list("pk", flat=True))
    for una in empalme.actividades.select_related("responsable"):
        yield [
            *(una.titulo, una.get_clase_display(), str(una.responsable), _dia(una.fecha)),
            *(_dia(una.hecha_en), una.lugar, asistieron[una.pk] if una.hecha_en else None),
            *(una.asistentes_de_la_comunidad, una.acta_huella),
        ]


@_seccion(
    "funcionarios-entrantes",
    "Funcionarios entrantes",
    *("Cargo", "Nombre", ("Vinculado desde", FECHA), "Cómo", "En qué actividad"),
    nada="Todavía no se han registrado.",
)
def _entrantes(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for uno in empalme.funcionarios.select_related("cargo", "actividad"):
        actividad = str(uno.actividad) if uno.actividad else ""
        como = uno.get_vinculo_display() or "Sin vincular"
        yield [str(uno.cargo), uno.nombre, _dia(uno.vinculado_en), como, actividad]


# --- The channels -------------------------------------------------------------------------------
@_seccion(
    "canales",
    "Canales y quiénes responden",
    *("Canal", "Dependencia", "Escribe", "Valida", "Autoriza", ("Plazo en días", ENTERO)),
    *(("Última actualización", FECHA), ("Días desde entonces", ENTERO), "Se ve en el sitio"),
    nada="No hay canales abiertos.",
    nota="Un plazo vacío dice que el canal no tiene. Además de estos cargos, la jefatura de cada dependencia "
    "y la de la Secretaría General pueden actuar.",
)
def _canales(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    quienes, asignados, ultimas = responsables(en), _asignados(), _ultimas()
    for canal in quienes.canales.values():
        ultima = ultimas.get(canal.pk)
        yield [
            *(str(canal), str(canal.dependencia)),
            *(_puestos(asignados[canal.pk, funcion], quienes) for funcion in Funcion.values),
            *(canal.edad_maxima_dias, _dia(ultima), (en - ultima).days if ultima else None),
            _si(canal.publico),
        ]


def _asignados() -> dict[tuple[int, str], list[Asignacion]]:
    """The update matrix, by channel and function. One query."""
    por_celda = defaultdict(list)
    for asignacion in Asignacion.objects.select_related("cargo").order_by("cargo__orden", "cargo__nombre"):
        por_celda[asignacion.canal_id, asignacion.funcion].append(asignacion)
    return por_celda


def _ultimas() -> dict[int, datetime]:
    """By channel, when it was last updated or reviewed. One query."""
    renuevan = Actualizacion.objects.filter(clase__in=Actualizacion.RENUEVAN).order_by()
    return dict(renuevan.values_list("canal").annotate(ultima=Max("en")))


def _puestos(asignaciones: list[Asignacion], quienes: Responsables) -> str:
    """«Auxiliar (Ana Pérez); Editor (nadie lo ocupa)»."""
    puestos = []
    for asignacion in asignaciones:
        personas = [str(una.persona) for una in quienes.de_cargo.get(asignacion.cargo_id, [])]
        puestos.append(f"{asignacion.cargo} ({', '.join(personas) or 'nadie lo ocupa'})")
    return "; ".join(puestos)


@_seccion(
    "canales-sin-segunda-persona",
    "Canales donde nada puede autorizarse",
    *("Canal", "Dependencia", "Por qué"),
    nada="En todos los canales hay una persona que escribe y otra que autoriza.",
    nota="Quien escribe un texto no lo autoriza: en estos canales falta la segunda persona.",
)
def _sin_segunda_persona(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    quienes = responsables(en)
    for canal in quienes.canales.values():
        escriben, autorizan = (quienes.personas(canal.pk, f) for f in (Funcion.AUTOR, Funcion.AUTORIZA))
        if not escriben or not autorizan:
            yield [
                str(canal),
                str(canal.dependencia),
                f"Nadie puede {'autorizar' if escriben else 'escribir'}",
            ]
        elif len(escriben | autorizan) == 1:
            yield [str(canal), str(canal.dependencia), "La misma persona escribe y autoriza"]


# --- The plan -----------------------------------------------------------------------------------
@_seccion(
    "indicadores",
    "Indicadores del plan",
    *("Indicador", "Meta firmada", ("Último valor", DECIMAL), "Unidad", ("Medido hasta", FECHA)),
    *("Cumple la meta", "Lectura adoptada"),
    nada="No hay un plan de acción en seguimiento.",
)
def _indicadores(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    ultimas = {medicion.indicador_id: medicion for medicion in _del_municipio().order_by("hasta", "en", "pk")}
    for indicador in Indicador.objects.del_plan_vigente():
        medicion = ultimas.get(indicador.pk)
        valor = medicion.valor if medicion else None
        yield [
            *(indicador.texto, indicador.meta_firmada, _decimal(valor), indicador.get_unidad_display()),
            _dia(medicion.hasta) if medicion else None,
            "Sin dato" if valor is None else _si(indicador.cumple(valor)),
            indicador.lectura,
        ]


def _del_municipio():
    """What was measured of the whole municipality for the plan being followed."""
    return Medicion.objects.filter(dependencia=None, indicador__accion__plan__vigente=True)


@_seccion(
    "mediciones",
    "Historia de las mediciones",
    *("Indicador", ("Desde", FECHA), ("Hasta", FECHA), ("Valor", DECIMAL), ("Numerador", DECIMAL)),
    *(("Denominador", DECIMAL), "Por qué no hay valor", ("Versión de la regla", ENTERO)),
    nada="Todavía no se ha medido nada.",
    extensa=True,
)
def _mediciones(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    orden = ("indicador__accion__orden", "indicador__orden", "indicador", "hasta", "desde", "en", "pk")
    filas = _del_municipio().order_by(*orden)
    for codigo, desde, hasta, valor, numerador, denominador, falta, version in filas.values_list(
        *("indicador__codigo", "desde", "hasta", "valor", "numerador", "denominador"),
        *("falta", "regla_version"),
    ):
        cifras = (_decimal(valor), _decimal(numerador), _decimal(denominador))
        yield [codigo, _dia(desde), _dia(hasta), *cifras, falta, version]


@_seccion(
    "actividades-del-plan",
    "Actividades del plan",
    *(
        "Actividad",
        "Acción",
        "Responsables",
        ("Vence", FECHA),
        "Estado",
        ("Se cumplió", FECHA),
        "Qué se hizo",
    ),
    nada="No hay un plan de acción en seguimiento.",
)
def _actividades(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    del_plan = Actividad.objects.filter(accion__plan__vigente=True)
    orden = ("accion__orden", "accion", "orden", "pk")
    for una in del_plan.select_related("accion").prefetch_related("cargos").order_by(*orden):
        cargos = ", ".join(map(str, una.cargos.all()))
        estado = una.get_estado_display()
        yield [una.texto, una.accion.texto, cargos, _dia(una.fin), estado, _dia(una.cumplida_en), una.nota]


# --- Phases and criteria --------------------------------------------------------------------------
@_seccion(
    "fases",
    "Fases",
    *("Marco", "Fase", ("Plazo territorial", FECHA), "Estado", ("Avance en porcentaje", ENTERO)),
    *(("Criterios que aplican", ENTERO), ("Cumplidos", ENTERO)),
    nada="No hay fases cargadas.",
)
def _fases(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    avances = Criterio.objects.avance_por("fase", en)
    for fase in Fase.objects.select_related("marco"):
        avance = avances.get(fase.pk) or Criterio.objects.none().avance()
        estado = Fase.Estado(fase.estado(avance, timezone.localdate(en))).label
        cuentas = (avance.porcentaje, avance.aplicables, avance.cumplidos)
        yield [str(fase.marco), str(fase), _dia(fase.plazo()), estado, *cuentas]


@_seccion(
    "criterios",
    "Criterios",
    *("Código", "Criterio", "Fase", "Responde", "Resultado", "Base", ("Se miró", FECHA)),
    *(("La excepción vence", FECHA), "Qué se encontró", "Qué tan firme es"),
    nada="No hay criterios cargados.",
)
def _criterios(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for criterio in Criterio.objects.en(en).select_related("fase", "dependencia"):
        yield [
            *(criterio.codigo, criterio.nombre, str(criterio.fase), str(criterio.dependencia)),
            Criterio.Resultado(criterio.resultado_en).label,
            Criterio.Base(criterio.base_en).label if criterio.base_en else "",
            *(_dia(criterio.evaluado_en), _dia(criterio.vence_en), criterio.detalle),
            criterio.get_firmeza_display(),
        ]


# --- The one window -------------------------------------------------------------------------------
RESERVADAS = "Clases reservadas, todas juntas"
SIN_REPARTIR = "Sin repartir todavía"


@_seccion(
    "radicados-por-clase",
    "Radicados abiertos, por clase y dependencia",
    *("Clase", "Dependencia", ("Abiertos", ENTERO), ("Con el término vencido", ENTERO)),
    nada="No hay radicados abiertos.",
    nota="De las clases reservadas solo se dice cuántos hay en total.",
)
def _radicados_por_clase(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    hoy = timezone.localdate(en)
    abiertos: Counter[tuple[bool, str, str]] = Counter()
    vencidos: Counter[tuple[bool, str, str]] = Counter()
    for radicado in _abiertos():
        reservada = radicado.clase.reservada
        oficina = str(radicado.dependencia or SIN_REPARTIR)
        cual = (True, RESERVADAS, "") if reservada else (False, str(radicado.clase), oficina)
        abiertos[cual] += 1
        vencidos[cual] += radicado.corre and radicado.vence < hoy
    for cual in sorted(abiertos):
        yield [cual[1], cual[2], abiertos[cual], vencidos[cual]]


def _abiertos():
    """Nothing of what was filed nor of who filed it. One query."""
    return (
        Radicado.objects.filter(estado__in=ABIERTOS)
        .select_related("asiento", "clase", "dependencia")
        .only(
            *("estado", "vence", "completar_hasta", "asiento__anio", "asiento__consecutivo"),
            *("asiento__sentido", "asiento__en", "clase__nombre", "clase__reservada", "dependencia__nombre"),
        )
        .order_by("asiento__anio", "asiento__consecutivo")
    )


@_seccion(
    "radicados-abiertos",
    "Radicados abiertos y sus términos",
    *("Número", "Clase", "Dependencia", "Estado", ("Radicado el", FECHA), ("Vence", FECHA)),
    ("La persona completa hasta", FECHA),
    nada="No hay radicados abiertos que puedan nombrarse.",
    nota="No están los de clases reservadas. Mientras la persona completa, el término no corre.",
)
def _radicados(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for radicado in _abiertos().filter(clase__reservada=False):
        yield [
            *(radicado.numero, str(radicado.clase), str(radicado.dependencia or SIN_REPARTIR)),
            *(radicado.get_estado_display(), _dia(radicado.radicado_en), _dia(radicado.vence)),
            _dia(radicado.completar_hasta) if not radicado.corre else None,
        ]


# --- Trámites -------------------------------------------------------------------------------------
@_seccion(
    "tramites",
    "Trámites y lo que les falta",
    *("Código", "Trámite", "Dependencia", "Estado en el SUIT", "Número SUIT", ("Publicado", FECHA)),
    *(("Vacíos de su hoja de vida", ENTERO), "Qué falta"),
    nada="No hay trámites en el inventario.",
)
def _tramites(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    ultimas = (
        HojaDeVida.objects.en_uso().order_by("tramite_id", "-numero").distinct("tramite_id").values("pk")
    )
    hojas = {hoja.tramite_id: hoja for hoja in HojaDeVida.objects.enteras().filter(pk__in=ultimas)}
    hoy = timezone.localdate(en)
    for tramite in Tramite.objects.identificados(en).select_related("dependencia").order_by("codigo", "pk"):
        hoja = hojas.get(tramite.pk)
        vacios = [punto.falta for punto in medir(hoja, hoy).vacios] if hoja else []
        yield [
            *(tramite.codigo, tramite.nombre, str(tramite.dependencia), tramite.get_estado_display()),
            *(tramite.numero_suit or "", _dia(tramite.publicado_en)),
            len(vacios) if hoja else None,
            " ".join(vacios) if hoja else "No tiene hoja de vida.",
        ]


# --- Connectivity ---------------------------------------------------------------------------------
@_seccion(
    "enlaces",
    "Enlaces a internet y sus contratos",
    *("Enlace", "Lugar", "Proveedor", "Contrato", ("Desde", FECHA), ("Hasta", FECHA)),
    *(("Bajada (Mbps)", DECIMAL), ("Subida (Mbps)", DECIMAL), ("Disponibilidad prometida (%)", DECIMAL)),
    *(("Tarifa mensual (pesos)", ENTERO), "Descuento por fallas", "En uso", "Datos por confirmar"),
    nada="No hay enlaces registrados.",
)
def _enlaces(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for enlace in Enlace.objects.all():
        yield [
            *(enlace.nombre, enlace.lugar, enlace.proveedor, enlace.contrato),
            *(_dia(enlace.contrato_desde), _dia(enlace.contrato_hasta)),
            *(_decimal(enlace.bajada_mbps), _decimal(enlace.subida_mbps), _decimal(enlace.disponibilidad)),
            *(enlace.tarifa, enlace.get_descuento_display(), _si(enlace.activo), _si(enlace.por_confirmar)),
        ]


@_seccion(
    "cierres-de-conectividad",
    "Cierres mensuales de conectividad",
    *("Enlace", "Mes", ("Minutos que cuentan", ENTERO), ("Minutos perdidos", DECIMAL)),
    *(("Porcentaje interrumpido", DECIMAL), "Firma", "Huella"),
    nada="Todavía no se ha cerrado ningún mes.",
)
def _cierres(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for cierre in CierreMensual.objects.select_related("enlace").order_by("enlace", "anio", "mes"):
        datos = cierre.datos
        yield [
            *(str(cierre.enlace), f"{cierre.anio}-{cierre.mes:02}", datos["minutos_que_cuentan"]),
            *(_texto(datos["minutos_ponderados"]), _texto(datos["porcentaje"]), cierre.firma, cierre.huella),
        ]


def _texto(valor: Any) -> str | None:
    return None if valor is None else str(valor)


@_seccion(
    "cortes-abiertos",
    "Cortes de internet sin terminar",
    *("Enlace", ("Desde", FECHA), "Alcance", "Causa", "Reporte al proveedor"),
    nada="Ningún corte está abierto.",
)
def _cortes(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for corte in Incidente.objects.abiertos().select_related("enlace").order_by("inicio", "pk"):
        clases = (corte.get_alcance_display(), corte.get_causa_display())
        yield [str(corte.enlace), _dia(corte.inicio), *clases, corte.ticket]


# --- Texts on their way -----------------------------------------------------------------------------
_EN_CAMINO = (Estado.EN_VALIDACION, Estado.POR_AUTORIZAR, Estado.AUTORIZADA, Estado.PROGRAMADA)


@_seccion(
    "textos-por-autorizar",
    "Textos que esperan validación, autorización o publicación",
    *(("Texto n.º", ENTERO), "Canal", "Dependencia", "Estado", ("Enviado", FECHA), ("Sale el", FECHA)),
    nada="Ningún texto espera.",
    nota="Va su número y no su título: el público todavía no puede leerlos.",
)
def _textos(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for version in _versiones().filter(estado__in=_EN_CAMINO).order_by("enviada_en", "pk"):
        publicacion = version.publicacion
        yield [
            *(version.pk, str(publicacion.canal), str(publicacion.dependencia), version.get_estado_display()),
            *(_dia(version.enviada_en), _dia(version.programada_para)),
        ]


def _versiones():
    return Version.objects.select_related("publicacion__canal", "publicacion__dependencia").defer("cuerpo")


@_seccion(
    "urgentes-sin-autorizar",
    "Publicaciones urgentes que nadie ha autorizado",
    *("Publicación", "Canal", ("Se publicó", FECHA), ("Debía autorizarse", FECHA), "Motivo de la urgencia"),
    nada="Ninguna.",
)
def _urgentes(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for version in _versiones().urgentes_sin_autorizar().order_by("urgente_vence", "pk"):
        dias = (_dia(version.publicada_en), _dia(version.urgente_vence))
        yield [version.titulo, str(version.publicacion.canal), *dias, version.urgente_motivo]


# --- What was asked of people -----------------------------------------------------------------------
@_seccion(
    "consultas",
    "Encuestas y consultas por autorizar, en curso o sin resultado",
    *(("Consulta n.º", ENTERO), "Título", "Canal", "Dependencia", "Cómo va", ("Abre", FECHA)),
    *(("Cierra", FECHA), ("Resultado a más tardar", FECHA)),
    nada="Ninguna consulta está pendiente.",
    nota="De las que faltan por autorizar va su número y no su título: el público todavía no puede leerlas.",
)
def _consultas(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    estados = Consulta.Estado
    pendientes = Consulta.objects.filter(
        Q(estado=estados.POR_AUTORIZAR)
        | Q(estado=estados.AUTORIZADA, cierra_en__gt=en)
        | Q(pk__in=Consulta.objects.sin_resultado(en).values("pk"))
    )
    for una in pendientes.select_related("canal", "dependencia").order_by("cierra_en", "pk"):
        publica = una.estado in Consulta.PUBLICAS
        yield [
            *(una.pk, una.titulo if publica else "", str(una.canal), str(una.dependencia)),
            *(_como_va(una, en), _dia(una.abre_en), _dia(una.termina_en), _dia(una.resultado_hasta)),
        ]


def _como_va(consulta: Consulta, en: datetime) -> str:
    if consulta.estado == Consulta.Estado.POR_AUTORIZAR:
        return "Por autorizar"
    if consulta.cerrada(en):
        vencido = consulta.resultado_hasta < timezone.localdate(en)
        return "Cerrada: su resultado está vencido" if vencido else "Cerrada: falta su resultado"
    return "Abierta" if consulta.abierta(en) else "Autorizada, por abrir"


# --- People -----------------------------------------------------------------------------------------
@_seccion(
    "titularidades",
    "Cargos y quiénes los ocupan",
    *("Cargo", "Dependencia", "Quién", "Calidad", ("Desde", FECHA), ("Hasta", FECHA), "Acto"),
    nada="Nadie ocupa un cargo.",
)
def _titularidades(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    vigentes = Titularidad.objects.en_ejercicio(en).select_related("persona", "cargo__dependencia")
    for una in vigentes.order_by(
        "cargo__dependencia__nombre", "cargo__orden", "cargo__nombre", "desde", "pk"
    ):
        quien = (str(una.cargo), str(una.cargo.dependencia), str(una.persona), una.get_calidad_display())
        yield [*quien, _dia(una.desde), _dia(una.hasta), una.acto]


@_seccion(
    "cuentas",
    "Cuentas que se entregan",
    *("Usuario", "Nombre", "Cargos que ocupa", "Administra el sitio", ("Última entrada", FECHA)),
    nada="No hay cuentas activas.",
    nota="Esta parte es de los dos equipos y no se publica: los nombres de usuario ayudan a quien quiera "
    "entrar sin permiso.",
    reservada=True,
)
def _cuentas(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    cargos = defaultdict(list)
    vigentes = Titularidad.objects.en_ejercicio(en).order_by("cargo__orden", "cargo__nombre", "pk")
    for persona, cargo in vigentes.values_list("persona", "cargo__nombre"):
        cargos[persona].append(cargo)
    for usuario in Usuario.objects.filter(is_active=True).order_by("username"):
        suyos = ", ".join(cargos[usuario.pk]) or "Ninguno"
        administra = _si(usuario.is_superuser)
        yield [usuario.username, str(usuario), suyos, administra, _dia(usuario.last_login)]


# --- The machine ------------------------------------------------------------------------------------
@_seccion(
    "rutinas",
    "Tareas automáticas",
    *("Tarea", ("Última vez", FECHA), "Cómo terminó"),
    nada="No hay tareas declaradas.",
)
def _rutinas(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    for una in rutinas.estado(en):
        como = {True: "Bien", False: "Con error", None: "Nunca ha corrido"}[una["bien"]]
        yield [una["titulo"], _dia(una["ultima"]), como]


@_seccion("sistema", "El programa y sus copias de seguridad", "Dato", "Valor", nada="")
def _sistema(empalme: Empalme, en: datetime) -> Iterator[list[Celda]]:
    yield ["Versión del programa", version_del_programa()]
    yield ["Copias de seguridad", estado_de_las_copias()]
