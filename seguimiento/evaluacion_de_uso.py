"""The periods, the tables and the draft of «Evaluación de uso», which the plan of 2008 promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import count
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from portal import services
from portal.alcance import alcance_de
from portal.flujo import CondicionIncumplida
from portal.models import Asignacion, Canal, Usuario, Version
from portal.models.canal import Tipo
from portal.periodos import Periodo
from seguimiento.models import Criterio
from seguimiento.tablas import Celda, Enlace, Tabla
from seguimiento.uso import BUSCADA_POR_MUCHOS, MESES, Datos, Uso, contado_desde, plegado, uso_de

#: The criterion that asks for it, and where it is published when the criterion does not say.
CRITERIO, CANAL = "INT-09", "gobierno-en-linea"
TRIMESTRES, ANIOS = 8, 3


# --- Periods ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lapso:
    """A year, or one of its quarters."""

    anio: int
    trimestre: int = 0

    @property
    def clave(self) -> str:
        """«2026-T3» or «2026», for addresses."""
        return f"{self.anio}-T{self.trimestre}" if self.trimestre else str(self.anio)

    @property
    def periodo(self) -> Periodo:
        if not self.trimestre:
            return Periodo(date(self.anio, 1, 1), date(self.anio, 12, 31))
        primero = 3 * self.trimestre - 2
        return Periodo(date(self.anio, primero, 1), Periodo.mes(self.anio, primero + 2).hasta)

    def __str__(self) -> str:
        """«julio a septiembre de 2026» or «año 2026»."""
        if not self.trimestre:
            return f"año {self.anio}"
        desde, hasta = (date_format(dia, "F").lower() for dia in (self.periodo.desde, self.periodo.hasta))
        return f"{desde} a {hasta} de {self.anio}"


def lapsos(hoy: date, desde: date | None) -> list[Lapso]:
    """Those of which something may be asked, when counting began on `desde`: the year in course is the first.

    Years go before quarters, and of each the latest first. Of before the count there are none.
    """
    este = hoy.year * 4 + (hoy.month - 1) // 3
    trimestres = [Lapso(n // 4, n % 4 + 1) for n in range(este, este - TRIMESTRES, -1)]
    todos = [*(Lapso(hoy.year - n) for n in range(ANIOS)), *trimestres]
    return [lapso for lapso in todos if lapso.periodo.hasta >= (desde or hoy)]


# --- Tables -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Meses:
    """The bars of the visits of each month. They are also said in words, and in a table."""

    filas: Sequence[tuple[date, int]]
    ALTO, ANCHO, BARRA = 60, 40, 28

    @property
    def barras(self) -> list[dict[str, int]]:
        techo = max((veces for _mes, veces in self.filas), default=0) or 1
        altos = [round(veces / techo * self.ALTO) for _mes, veces in self.filas]
        return [{"x": n * self.ANCHO, "y": self.ALTO - alto, "alto": alto} for n, alto in enumerate(altos)]

    @property
    def largo(self) -> int:
        """That of a whole year, so that a bar is as wide in the first month as in the twelfth."""
        return MESES * self.ANCHO

    def __str__(self) -> str:
        if not any(veces for _mes, veces in self.filas):
            return "todavía no hay visitas"
        (primero, antes), (ultimo, ahora) = self.filas[0], self.filas[-1]
        if primero == ultimo:
            return f"{plegado(ahora)} en {_mes(ultimo)}"
        mejor, veces = max(self.filas, key=lambda fila: fila[1])
        return (
            f"{plegado(antes)} en {_mes(primero)}, {plegado(ahora)} en {_mes(ultimo)}; "
            f"el mes con más, {_mes(mejor)}, con {plegado(veces)}"
        )


def _mes(dia: date) -> str:
    return date_format(dia, r"F \d\e Y").lower()


def tablas_de_uso(uso: Uso) -> list[Tabla]:
    """What the page, the file and the publication say, with small numbers folded."""
    return [
        _tabla(
            "meses",
            "Páginas leídas, mes a mes",
            ("Mes", "Páginas leídas"),
            _meses(uso),
            "",
            f"El sitio cuenta desde el {date_format(uso.desde)}. De antes no se sabe." if uso.desde else "",
        ),
        _tabla("mas-leidas", "Lo más leído", ("Página", "Veces"), _filas(uso.paginas), "Nadie leyó páginas."),
        _tabla(
            "descargas",
            "Lo más descargado",
            ("Archivo", "Veces"),
            _filas(uso.archivos),
            "Nadie descargó archivos.",
        ),
        _tabla(
            "busquedas",
            "Lo que se buscó y no se encontró",
            ("Palabras", "Ocasiones", "Qué se hizo"),
            [[b["texto"], plegado(b["veces"]), b["respuesta"] or "Por atender"] for b in uso.busquedas],
            "Nada que mostrar.",
            f"Solo se dice lo que ya se atendió o lo que se buscó en {BUSCADA_POR_MUCHOS} ocasiones o más. "
            "Las ocasiones son todas las que van hasta hoy.",
        ),
        _tabla(
            "utiles",
            "¿Le fue útil esta página?",
            ("Respuesta", "Veces"),
            [["Sí", plegado(uso.utiles["si"])], ["No", plegado(uso.utiles["no"])]],
            "",
        ),
        _tabla(
            "encuestas",
            "Encuestas y consultas",
            ("Encuesta o consulta", "Respuestas"),
            _filas(uso.encuestas),
            "No hubo encuestas ni consultas abiertas.",
        ),
    ]


def _tabla(clave, titulo, columnas, filas: list[list[Celda]], nada: str, nota: str = "") -> Tabla:
    return Tabla(clave, titulo, columnas, filas, nada, nota)


def _meses(uso: Uso) -> list[list[Celda]]:
    return [[_mes(mes), plegado(veces)] for mes, veces in reversed(uso.por_mes)]


def _filas(filas: list[Datos]) -> list[list[Celda]]:
    return [[Enlace(fila["titulo"], fila["url"]), plegado(fila["veces"])] for fila in filas]


# --- The draft ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Evaluacion:
    """What a page or a draft says of a lapso, when counting began on `desde`."""

    lapso: Lapso
    hoy: date
    desde: date | None

    @cached_property
    def uso(self) -> Uso:
        return uso_de(self.lapso.periodo, self.hoy, self.desde)

    @property
    def meses(self) -> Meses:
        return Meses(self.uso.por_mes)

    @cached_property
    def tablas(self) -> list[Tabla]:
        return tablas_de_uso(self.uso)


def canal_de_la_evaluacion() -> Canal | None:
    """The open channel that the criterion names, or that of Gobierno en línea."""
    pedido = Criterio.objects.filter(codigo=CRITERIO, canal__activo=True).select_related("canal").first()
    return pedido.canal if pedido else Canal.objects.filter(slug=CANAL, activo=True).first()


def puede_evaluar(usuario: Usuario) -> bool:
    """Whether they write in that channel: its authors, and whoever heads Secretaría General."""
    canal = canal_de_la_evaluacion()
    puede = Canal.objects.que_puede(usuario, Asignacion.Funcion.AUTOR)
    return bool(canal and puede.filter(pk=canal.pk).exists())


def suele_evaluar(usuario: Usuario) -> bool:
    """Whether its button is shown: what is known of the person already says it, without asking more."""
    alcance = alcance_de(usuario)
    return alcance.dirige_secretaria_general or "autor" in alcance.funciones_en(CANAL)


def preparar(lapso: Lapso, *, por: Usuario, en: datetime | None = None) -> Version:
    """A draft with the figures of a lapso that ended, to be completed, validated and authorised as any text.

    Raises SinPermiso, CondicionIncumplida, or YaSeCreo when there is one of that lapso already.
    """
    en = en or timezone.now()
    canal = canal_de_la_evaluacion()
    if canal is None:
        raise CondicionIncumplida(f"No hay un canal abierto «{CANAL}» donde publicar la evaluación.")
    if not lapso.periodo.terminado(timezone.localdate(en)):
        raise CondicionIncumplida(f"Todavía no termina: {lapso}. Elija uno que ya haya terminado.")
    desde = contado_desde()
    if desde is None or lapso.periodo.hasta < desde:
        raise CondicionIncumplida(f"El sitio todavía no contaba lo que se lee: {lapso}. Elija uno posterior.")
    evaluacion = Evaluacion(lapso, timezone.localdate(en), desde)
    with transaction.atomic():
        Canal.objects.select_for_update().get(pk=canal.pk)  # the discarded ones are looked at one at a time
        return services.crear_publicacion(
            canal=canal,
            tipo=Tipo.DOCUMENTO,
            por=por,
            clave=_clave_libre(lapso),
            en=en,
            titulo=f"Evaluación del uso del sitio web: {lapso}",
            resumen="Cuánto se leyó el sitio, qué se buscó y qué opinó la gente. Sin datos de nadie.",
            cuerpo=render_to_string("seguimiento/uso_texto.html", {"evaluacion": evaluacion}),
            norma_tipo=Version.Norma.INFORME,
            norma_numero=f"Uso {lapso.clave}",
            norma_fecha=lapso.periodo.hasta,
        )


def _clave_libre(lapso: Lapso) -> UUID:
    """That of the one of the lapso which was not discarded; if none, a new one."""
    claves = (uuid5(NAMESPACE_URL, f"evaluacion-de-uso:{lapso.clave}:{vez}") for vez in count())
    return next(clave for clave in claves if not _descartada(clave))


def _descartada(clave: UUID) -> bool:
    versiones = Version.objects.filter(publicacion__clave=clave)
    estados = set(versiones.values_list("estado", flat=True))
    return estados == {Version.Estado.DESCARTADA}
