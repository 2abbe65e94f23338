"""The indicators of the plan, each computed from what the portal already knows.

`(periodo, dependencia=None, **parametros) → Resultado`. Nobody types a percentage. When what a function
computes changes, its version grows, and the measurements taken before keep the version they had. The first
line of each docstring is read by the public.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from conectividad.mes import CuentaDelMes, IncidenteDelMes, Mes, con_accion, contar_varios
from conectividad.models import Accion, Enlace, Incidente
from portal.models import Actualizacion, Canal, Dependencia
from portal.periodos import Periodo
from seguimiento.avance import Parte
from seguimiento.cifras import numero
from seguimiento.metas import Meta, con_dependencia, metas_por_dependencia
from seguimiento.models import Criterio, DatoAportado, Empalme, Fase
from seguimiento.redaccion import cuantos as en_palabras
from seguimiento.registro import indicador
from seguimiento.resultado import Fila, Filas, Resultado, porcentaje
from tramites.models import HojaDeVida, Tramite

Grado = HojaDeVida.Grado


# --- Updates ------------------------------------------------------------------------------------
#: What is written of the site and is not an update, as it is told.
_NO_ACTUALIZAN = {
    Actualizacion.Clase.MENOR: ("corrección menor", "correcciones menores"),
    Actualizacion.Clase.RATIFICACION: ("revisión sin cambios", "revisiones sin cambios"),
    Actualizacion.Clase.RETIRO: ("retiro", "retiros"),
}


@indicador("actualizaciones-por-semana")
def actualizaciones_por_semana(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """Cuántas veces se actualizó el sitio en la semana: publicaciones nuevas y cambios de fondo."""
    todas = Actualizacion.objects.entre(periodo.inicio, periodo.fin)
    if dependencia:
        todas = todas.filter(dependencia=dependencia)
    por_clase = dict(todas.values_list("clase").annotate(cuantas=Count("pk")).order_by())
    semanas = Decimal((periodo.hasta - periodo.desde).days + 1) / 7
    cuentan = sum(por_clase.get(clase, 0) for clase in Actualizacion.CUENTAN)
    return Resultado(
        (Decimal(cuentan) / semanas).quantize(Decimal("0.01")),
        exclusiones=tuple(
            en_palabras(por_clase[clase], *nombres)
            for clase, nombres in _NO_ACTUALIZAN.items()
            if clase in por_clase
        ),
        filas=Filas(
            todas.que_cuentan().select_related("canal", "publicacion__canal"), _fila_de_actualizacion
        ),
    )


def _fila_de_actualizacion(actualizacion: Actualizacion) -> Fila:
    publicacion = actualizacion.publicacion
    dia = date_format(timezone.localtime(actualizacion.en))
    return Fila(
        actualizacion.descripcion,
        f"{actualizacion.canal} · {actualizacion.get_clase_display()} · {dia}",
        publicacion.get_absolute_url() if publicacion else actualizacion.url,
    )


# --- Trámites -----------------------------------------------------------------------------------
def _identificados(periodo: Periodo, dependencia: Dependencia | None):
    """The inventory at the end of the period, and what is left out of the percentages."""
    del_periodo = con_dependencia(Tramite.objects.identificados(periodo.corte), periodo.corte)
    if dependencia:
        del_periodo = del_periodo.filter(dependencia_en=dependencia.pk)
    del_suit = del_periodo.del_suit()
    fuera = del_periodo.count() - del_suit.count()
    exclusiones = []
    if fuera:
        exclusiones.append(f"{en_palabras(fuera, 'consulta', 'consultas')} de información: no van al SUIT")
    return del_suit, exclusiones


@indicador("tramites-publicados")
def tramites_publicados(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """De los trámites y servicios identificados, cuántos tienen su hoja de vida publicada."""
    inventario, exclusiones = _identificados(periodo, dependencia)
    publicados = inventario.publicados(periodo.corte)
    return porcentaje(
        publicados.count(), inventario.count(), exclusiones, _filas_de_tramites(inventario, publicados)
    )


@indicador("tramites-automatizados")
def tramites_automatizados(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """De los trámites y servicios identificados, cuántos se hacen totalmente en línea."""
    inventario, exclusiones = _identificados(periodo, dependencia)
    total = inventario.automatizados(Grado.TOTAL, periodo.corte)
    if parcial := inventario.automatizados(Grado.PARCIAL, periodo.corte).count():
        exclusiones.append(f"{parcial} en línea solo en parte: no cuentan como automatizados")
    return porcentaje(total.count(), inventario.count(), exclusiones, _filas_de_tramites(inventario, total))


def _filas_de_tramites(inventario, cuentan) -> Filas:
    """The whole inventory, what does not count first: it is what there is to do."""
    filas = inventario.annotate(cuenta=Exists(cuentan.filter(pk=OuterRef("pk")))).order_by("cuenta", "nombre")

    def fila(tramite) -> Fila:
        publico = tramite.get_absolute_url() if tramite.hoja_publica_id else ""
        return Fila(tramite.nombre, f"{tramite.codigo} · {tramite.dependencia}", publico, tramite.cuenta)

    return Filas(filas.select_related("dependencia"), fila)


# --- Criteria -----------------------------------------------------------------------------------
def _fase(slug: str) -> str:
    return "" if Fase.objects.filter(slug=slug).exists() else f"no hay fase «{slug}»"


@indicador("criterios-cumplidos")
def criterios_cumplidos(
    periodo: Periodo, dependencia: Dependencia | None = None, *, fase: Annotated[str, _fase]
) -> Resultado:
    """De los criterios aplicables de la fase, cuántos se cumplen. Lo que está sin evaluar no se cumple."""
    criterios = Criterio.objects.filter(fase__slug=fase)
    if dependencia:
        criterios = criterios.filter(dependencia=dependencia)
    avance = criterios.avance(periodo.corte)
    aparte = (
        (
            criterios.filter(es_compromiso=True).count(),
            "compromisos del plan, que no son criterios del manual",
        ),
        (avance.cuantos[Parte.NO_APLICA], "que no aplican"),
    )
    cumplido, aplicable = avance.fraccion
    return porcentaje(
        cumplido,
        aplicable,
        [f"{cuantos} {palabras}" for cuantos, palabras in aparte if cuantos],
        _filas_de_criterios(criterios, periodo),
    )


def _filas_de_criterios(criterios, periodo: Periodo) -> Filas:
    """Those that apply, what is not met first."""
    Resultado = Criterio.Resultado
    aplicables = criterios.que_cuentan().en(periodo.corte).exclude(resultado_en=Resultado.NO_APLICA)
    cumplidos = aplicables.filter(resultado_en=Resultado.CUMPLE)
    filas = aplicables.annotate(cuenta=Exists(cumplidos.filter(pk=OuterRef("pk"))))

    def fila(criterio) -> Fila:
        detalle = Resultado(criterio.resultado_en).label
        return Fila(str(criterio), detalle, criterio.get_absolute_url(), criterio.cuenta)

    return Filas(filas.select_related("fase").order_by("cuenta", "orden", "codigo"), fila)


# --- The handover --------------------------------------------------------------------------------
@indicador("funcionarios-vinculados", version=2)
def funcionarios_vinculados(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """De los funcionarios de la nueva administración, cuántos están vinculados al proceso de empalme."""
    empalme = empalme_de(periodo)
    if empalme is None:
        return _aportado("funcionarios-vinculados", periodo, "Todavía no se ha registrado un empalme.")
    dia = timezone.localdate(periodo.corte)
    todos = empalme.funcionarios.all()
    if dependencia:
        todos = todos.filter(cargo__dependencia=dependencia)
    suyos, cuantos = todos.vinculados(dia), todos.count()
    if not cuantos:
        falta = f"Falta registrar los funcionarios entrantes: {empalme}."
        return Resultado(Decimal(0), Decimal(0), falta=falta[:200])
    return porcentaje(suyos.count(), cuantos, filas=_filas_de_entrantes(todos, suyos))


def empalme_de(periodo: Periodo) -> Empalme | None:
    """The last handover that had begun when that period is looked at."""
    return Empalme.objects.select_related("saliente", "entrante").ultimo_comenzado(
        timezone.localdate(periodo.corte)
    )


def _filas_de_entrantes(todos, suyos) -> Filas:
    """By post, those who are not linked first."""
    filas = todos.annotate(cuenta=Exists(suyos.filter(pk=OuterRef("pk"))))

    def fila(entrante) -> Fila:
        como = "Sin vincular"
        if entrante.cuenta:
            como = f"{entrante.get_vinculo_display()}, desde el {date_format(entrante.vinculado_en)}"
        return Fila(f"{entrante.cargo}: {entrante.nombre}", como, cuenta=entrante.cuenta)

    orden = ("cuenta", "cargo__orden", "cargo__nombre", "nombre", "pk")
    return Filas(filas.select_related("cargo").order_by(*orden), fila)


# --- What a person gave, with its support, while no handover was kept here --------------------------
#: The functions that fall back on it.
APORTADOS = ("funcionarios-vinculados",)


def _aportado(codigo: str, periodo: Periodo, falta: str) -> Resultado:
    """The last figure a person gave for a moment inside or before the period."""
    dato = (
        DatoAportado.objects.filter(funcion=codigo, hasta__lte=periodo.hasta)
        .order_by("-hasta", "-pk")
        .first()
    )
    if dato is None:
        return Resultado(Decimal(0), Decimal(0), falta=falta)
    dia = date_format(timezone.localtime(dato.en))
    cuando = f"Dato {Periodo(dato.desde, dato.hasta)}. Se aportó el {dia}."
    return Resultado(dato.numerador, dato.denominador, filas=Filas([Fila(dato.soporte, cuando)]))


# --- Connectivity: both readings of «interrupciones en la conectividad en el mes» -----------------
@indicador("interrupciones")
def interrupciones(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """De los minutos que cuentan en el mes, cuántos no hubo conexión."""
    enlaces = _enlaces(dependencia)
    if not enlaces:
        return Resultado(Decimal(0), Decimal(0), falta=_SIN_ENLACES)
    cuentas = list(contar_varios(enlaces, Mes.de(periodo.hasta), periodo.tope).values())
    return Resultado(
        sum((cuenta.minutos_ponderados for cuenta in cuentas), Decimal(0)),
        Decimal(sum(cuenta.minutos_que_cuentan for cuenta in cuentas)),
        tuple(_fuera_de_la_cuenta(cuentas)),
        Filas([_fila_de_corte(cuenta, corte) for cuenta in cuentas for corte in cuenta.incidentes]),
        menos_es_mejor=True,
    )


def _fuera_de_la_cuenta(cuentas: list[CuentaDelMes]) -> Iterator[str]:
    if planeados := sum(cuenta.minutos_planeados for cuenta in cuentas):
        yield en_palabras(planeados, "minuto de cortes anunciados", "minutos de cortes anunciados")
    if sin_datos := sum(cuenta.minutos_sin_datos for cuenta in cuentas):
        yield (
            f"{numero(Decimal(sin_datos))} minutos sin sondeo automático cuentan, pero de ellos solo se sabe "
            "lo que alguien anotó"
        )


def _fila_de_corte(cuenta: CuentaDelMes, corte: IncidenteDelMes) -> Fila:
    causa = corte.incidente.get_causa_display()
    detalle = f"{en_palabras(corte.cuenta, 'minuto cuenta', 'minutos cuentan')} · {causa}"
    url = reverse("conectividad:mes", args=[cuenta.enlace.slug, cuenta.mes])
    return Fila(str(corte.incidente), detalle, url, bool(corte.cuenta))


@indicador("interrupciones-con-accion")
def interrupciones_con_accion(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """De los cortes del mes, cuántos se registraron con la acción emprendida."""
    enlaces, mes = _enlaces(dependencia), Mes.de(periodo.hasta)
    if not enlaces:
        return Resultado(Decimal(0), Decimal(0), falta=_SIN_ENLACES)
    con, todos = con_accion(enlaces, mes, periodo.tope)
    return porcentaje(con, todos, filas=Filas(_cortes(enlaces, mes, periodo), _fila_de_cortes_con_accion))


def _cortes(enlaces: list[Enlace], mes: Mes, periodo: Periodo) -> QuerySet[Incidente]:
    """Those of the month until the period ends, first what has no action."""
    del_mes = Incidente.objects.filter(enlace__in=enlaces).entre(mes.inicio, periodo.tope)
    suyas = Accion.objects.de_personas().filter(incidente=OuterRef("pk"), registrada_en__lt=periodo.tope)
    con_alguna = Exists(suyas)
    return del_mes.annotate(cuenta=con_alguna).select_related("enlace").order_by("cuenta", "inicio", "pk")


def _fila_de_cortes_con_accion(corte) -> Fila:
    detalle = "Con acción registrada" if corte.cuenta else "Sin acción registrada"
    url = reverse("conectividad:mes", args=[corte.enlace.slug, Mes.de(corte.inicio)])
    return Fila(str(corte), detalle, url, corte.cuenta)


_SIN_ENLACES = "No hay enlaces a internet registrados."


def _enlaces(dependencia: Dependencia | None) -> list[Enlace]:
    """The lines in use, or those that the office uses."""
    enlaces = Enlace.objects.activos()
    return list(enlaces.filter(dependencias=dependencia) if dependencia else enlaces)


# --- Goals by office ----------------------------------------------------------------------------
@indicador("metas-por-dependencia")
def metas_cumplidas(periodo: Periodo, dependencia: Dependencia | None = None) -> Resultado:
    """De las metas de las dependencias, cuántas se cumplen: canales al día, trámites y actividades."""
    por_dependencia = metas_por_dependencia(periodo)
    metas = [
        meta
        for clave, suyas in por_dependencia.items()
        if dependencia is None or clave == dependencia.pk
        for meta in suyas
    ]
    metas.sort(key=lambda meta: (meta.cumple, meta.nombre))
    nombres: dict[int | None, str] = dict(Dependencia.objects.values_list("pk", "nombre"))

    def fila(meta: Meta) -> Fila:
        responde = nombres.get(meta.dependencia, "Sin responsable")
        return Fila(meta.nombre, f"{responde} · {meta.detalle}", meta.url, meta.cumple)

    return porcentaje(
        sum(meta.cumple for meta in metas),
        len(metas),
        _canales_sin_publicaciones(dependencia),
        Filas(metas, fila),
    )


def _canales_sin_publicaciones(dependencia: Dependencia | None) -> list[str]:
    """The channels with a maximum age where nobody publishes: they show the organisation itself."""
    canales = Canal.objects.publicos().filter(edad_maxima_dias__isnull=False, tipos=[])
    if dependencia:
        canales = canales.filter(dependencia=dependencia)
    cuantos = canales.count()
    return (
        [f"{en_palabras(cuantos, 'canal', 'canales')} donde no se publica: muestran datos del sitio"]
        if cuantos
        else []
    )
