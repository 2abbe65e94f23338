"""Every indicator, computed again by SQL that knows nothing of the code that computes it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import Canal
from portal.periodos import Periodo
from portal.services import ratificar_vigencia
from seguimiento.metas import metas_por_dependencia
from seguimiento.models import Fase, Indicador
from seguimiento.registro import INDICADORES, PeriodoFuturo
from tests.builders import asignar, crear_canal, crear_publicada, crear_version, en_fecha
from tests.conectividad.builders import crear_accion as registrar_accion
from tests.conectividad.builders import crear_enlace, crear_incidente, crear_jornadas, momento
from tests.seguimiento.builders import crear_criterio, crear_fase, crear_marco, evaluar
from tests.seguimiento.builders_del_plan import (
    aportar,
    crear_accion,
    crear_actividad,
    crear_indicador,
    semana_pasada,
)
from tests.seguimiento.sql_de_los_indicadores import (
    SQL_ACTUALIZACIONES,
    SQL_APORTADO,
    SQL_CRITERIOS,
    SQL_INTERRUPCIONES,
    SQL_INTERRUPCIONES_CON_ACCION,
    SQL_INVENTARIO,
    SQL_METAS,
    momentos,
)
from tests.tramites.builders import crear_tramite, llevar
from tramites.models import HojaDeVida

HACE = timedelta(days=1)
PORCENTUALES = {
    "tramites-publicados",
    "tramites-automatizados",
    "criterios-cumplidos",
    "metas-por-dependencia",
}


def sql(consulta: str, **valores):
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(consulta, valores)
        return cursor.fetchall()


def calcular(nombre: str, periodo: Periodo, dependencia=None, **parametros):
    return INDICADORES[nombre](periodo, dependencia, **parametros)


def dentro(periodo: Periodo, dias: int = 0):
    """Ten in the morning of a day of the period, the first one unless told."""
    return en_fecha(f"{periodo.desde + dias * HACE}")


@pytest.fixture
def semana():
    return semana_pasada()


# --- Updates ------------------------------------------------------------------------------------


class TestUpdates:
    @pytest.fixture(autouse=True)
    def mundo(self, casa, semana):
        casa.otro_canal = crear_canal(casa.general, nombre="Otro")
        asignar(casa.otro_canal, autor=casa.cargo_autor, editor=casa.cargo_editor, autoriza=casa.cargo_jefe)
        crear_publicada(casa, titulo="Antes", en=dentro(semana.anterior))
        primera = crear_publicada(casa, titulo="Durante", en=dentro(semana))
        crear_version(casa, "reemplazada", titulo="Cambiada", en=dentro(semana, 1))
        crear_version(casa, "borrador", titulo="Sin publicar", en=dentro(semana, 2))
        crear_publicada(casa, titulo="De otra", canal=casa.otro_canal, en=dentro(semana, 3))
        ratificar_vigencia(primera, por=casa.jefe, en=dentro(semana, 4))
        crear_publicada(casa, titulo="El domingo", en=semana.fin - timedelta(seconds=1))
        crear_publicada(casa, titulo="El lunes", en=semana.fin)

    @pytest.mark.parametrize("de_quien", ["nadie", "planeacion", "general"])
    def test_what_sql_counts(self, casa, semana, de_quien):
        dependencia = getattr(casa, de_quien, None)

        resultado = calcular("actualizaciones-por-semana", semana, dependencia)

        [(cuantas,)] = sql(
            SQL_ACTUALIZACIONES, dependencia=dependencia and dependencia.pk, **momentos(semana)
        )
        assert resultado.valor == cuantas
        assert cuantas == {"nadie": 5, "planeacion": 4, "general": 1}[de_quien]
        assert len(resultado.filas) == cuantas

    def test_what_does_not_count_is_told(self, semana):
        resultado = calcular("actualizaciones-por-semana", semana)

        assert resultado.exclusiones == ("1 revisión sin cambios",)

    def test_two_weeks_are_told_by_week(self, semana):
        dos = Periodo(semana.anterior.desde, semana.hasta)

        assert calcular("actualizaciones-por-semana", dos).valor == 3

    def test_the_rows_lead_to_what_was_published(self, semana):
        filas = calcular("actualizaciones-por-semana", semana).filas[0:10]

        assert {fila.titulo for fila in filas} >= {"Durante", "El domingo"}
        assert all(fila.url.startswith("/canales/") for fila in filas)


# --- Trámites -----------------------------------------------------------------------------------


class TestTramites:
    @pytest.fixture(autouse=True)
    def mundo(self, casa, semana):
        antes = dentro(semana.anterior)
        total = {"grado": HojaDeVida.Grado.TOTAL, "url_en_linea": "https://www.gov.co/"}
        parcial = {"grado": HojaDeVida.Grado.PARCIAL, "url_en_linea": "https://www.gov.co/"}
        crear_tramite(casa, publicado=True, en=antes)
        crear_tramite(casa, publicado=True, en=antes, hoja=total)
        crear_tramite(casa, publicado=True, en=antes, hoja=parcial)
        crear_tramite(casa, "sin_gestion", en=antes)
        crear_tramite(casa, "aprobado", publicado=True, en=antes)
        crear_tramite(casa, "suprimido", publicado=True, en=antes)
        crear_tramite(casa, en=antes, dependencia=casa.hacienda, aprueba=casa.secretaria)
        retirado = crear_tramite(casa, publicado=True, en=antes)
        llevar(retirado, "retirar", por=casa.suit, aprueba=casa.secretaria, en=dentro(semana, 2))
        crear_tramite(casa, publicado=True, en=semana.fin)

    @pytest.mark.parametrize("de_quien", ["nadie", "planeacion", "hacienda", "general"])
    def test_what_sql_counts(self, casa, semana, de_quien):
        dependencia = getattr(casa, de_quien, None)

        publicados = calcular("tramites-publicados", semana, dependencia)
        automatizados = calcular("tramites-automatizados", semana, dependencia)

        [(inventario, con_hoja, en_linea)] = sql(
            SQL_INVENTARIO, dependencia=dependencia and dependencia.pk, **momentos(semana)
        )
        assert (publicados.numerador, publicados.denominador) == (con_hoja, inventario)
        assert (automatizados.numerador, automatizados.denominador) == (en_linea, inventario)
        esperado = {"nadie": (6, 3, 1), "planeacion": (5, 3, 1), "hacienda": (1, 0, 0), "general": (0, 0, 0)}
        assert (inventario, con_hoja, en_linea) == esperado[de_quien]

    def test_the_week_before_had_what_was_withdrawn_later(self, semana):
        antes = calcular("tramites-publicados", semana.anterior)

        [(inventario, con_hoja, _total)] = sql(SQL_INVENTARIO, dependencia=None, **momentos(semana.anterior))
        assert (antes.numerador, antes.denominador) == (con_hoja, inventario) == (4, 6)

    def test_what_is_left_out_is_told(self, semana):
        assert calcular("tramites-automatizados", semana).exclusiones == (
            "1 consulta de información: no van al SUIT",
            "1 en línea solo en parte: no cuentan como automatizados",
        )

    def test_a_tramite_counts_where_it_was_then(self, casa, semana):
        tramite = crear_tramite(casa, publicado=True, en=dentro(semana))
        tramite.dependencia = casa.hacienda
        tramite.save()

        entonces = calcular("tramites-publicados", semana, casa.planeacion)

        assert entonces.denominador == 6
        assert calcular("tramites-publicados", semana, casa.hacienda).denominador == 1

    def test_nothing_to_divide_is_not_a_zero(self, casa, semana):
        resultado = calcular("tramites-publicados", semana, casa.general)

        assert resultado.denominador == 0
        assert resultado.valor is None

    def test_consultas_count_when_the_settings_say_so(self, semana, settings):
        settings.TRAMITES_CONSULTAS_EN_SUIT = True

        resultado = calcular("tramites-publicados", semana)

        assert (resultado.numerador, resultado.denominador) == (4, 7)
        assert resultado.exclusiones == ()


# --- Criteria -----------------------------------------------------------------------------------
FASES = ("informacion", "interaccion", "transaccion", "transformacion", "democracia")


class TestCriteria:
    @pytest.fixture(autouse=True)
    def mundo(self, casa, semana):
        marco = crear_marco(slug="gel")
        for numero, slug in enumerate(FASES):
            fase = crear_fase(marco, slug=slug, nombre=slug)
            for n in range(numero + 2):
                cumplido = crear_criterio(fase=fase, dependencia=casa.planeacion, peso=1 + n % 2)
                evaluar(cumplido, "cumple", en=dentro(semana, n))
            evaluar(crear_criterio(fase=fase), "no_cumple", en=dentro(semana))
            evaluar(crear_criterio(fase=fase), "parcial", en=dentro(semana))
            evaluar(crear_criterio(fase=fase), "no_aplica", en=dentro(semana), razon="No hay puerto.")
            crear_criterio(fase=fase)
            evaluar(crear_criterio(fase=fase, es_compromiso=True), "cumple", en=dentro(semana))
            luego = crear_criterio(fase=fase)
            evaluar(luego, "no_cumple", en=dentro(semana))
            evaluar(luego, "cumple", en=semana.fin)
            excepcion = {"base": "excepcion", "por": casa.secretaria, "razon": "Hay obra."}
            evaluar(
                crear_criterio(fase=fase), "cumple", en=dentro(semana), vence_en=semana.desde, **excepcion
            )

    @pytest.mark.parametrize("fase", FASES)
    @pytest.mark.parametrize("de_quien", ["nadie", "planeacion"])
    def test_what_sql_counts(self, casa, semana, fase, de_quien):
        dependencia = getattr(casa, de_quien, None)

        resultado = calcular("criterios-cumplidos", semana, dependencia, fase=fase)

        [(cumplido, aplicable)] = sql(
            SQL_CRITERIOS, fase=fase, dependencia=dependencia and dependencia.pk, **momentos(semana)
        )
        assert (resultado.numerador, resultado.denominador) == (cumplido, aplicable)
        assert 0 < cumplido <= aplicable

    def test_what_is_left_out_is_told(self, semana):
        assert calcular("criterios-cumplidos", semana, fase="informacion").exclusiones == (
            "1 compromisos del plan, que no son criterios del manual",
            "1 que no aplican",
        )

    def test_before_anybody_looked_nothing_was_met(self, semana):
        resultado = calcular("criterios-cumplidos", semana.anterior, fase="informacion")

        assert (resultado.numerador, resultado.valor) == (0, 0)

    def test_what_is_not_met_comes_first(self, semana):
        filas = calcular("criterios-cumplidos", semana, fase="democracia").filas[0:50]

        assert [fila.cuenta for fila in filas] == sorted(fila.cuenta for fila in filas)
        assert sum(fila.cuenta for fila in filas) == 6
        assert all(fila.url.startswith("/gobierno-en-linea/democracia/#") for fila in filas)


# --- What a person gave -------------------------------------------------------------------------
APORTADOS = ("funcionarios-vinculados",)


class TestGiven:
    @pytest.mark.parametrize("funcion", APORTADOS)
    def test_what_sql_reads(self, casa, semana, funcion):
        aportar(funcion, 1, 9, semana.anterior, por=casa.secretaria)
        aportar(funcion, 6, 9, semana, por=casa.secretaria)
        aportar(funcion, 7, 9, semana, por=casa.secretaria)

        resultado = calcular(funcion, semana)

        assert [(resultado.numerador, resultado.denominador)] == sql(
            SQL_APORTADO, funcion=funcion, **momentos(semana)
        )
        assert (resultado.valor, len(resultado.filas)) == (Decimal("77.77"), 1)
        assert calcular(funcion, semana.anterior).numerador == 1

    @pytest.mark.parametrize("funcion", APORTADOS)
    def test_without_a_figure_it_says_why(self, semana, funcion, db):
        resultado = calcular(funcion, semana)

        assert resultado.valor is None
        assert resultado.falta

    def test_a_handover_stands_until_the_next_one(self, casa):
        aportar("funcionarios-vinculados", 8, 10, Periodo.mes(2024, 1), por=casa.secretaria)

        assert calcular("funcionarios-vinculados", Periodo.semana(2026, 41)).valor == 80

    def test_who_gave_it_is_not_told_to_the_public(self, casa, semana):
        aportar("funcionarios-vinculados", 3, 176, semana, por=casa.secretaria)

        [fila] = calcular("funcionarios-vinculados", semana).filas[0:5]

        assert fila.titulo == "Acta 004"
        assert "secretaria" not in fila.detalle


# --- Connectivity -------------------------------------------------------------------------------
class TestCuts:
    """November 2026 until Sunday 22: thirteen working days of eight hours; Monday 2 and 16 were holidays."""

    SEMANA = Periodo.semana(2026, 47)

    @pytest.fixture
    def palacio(self, casa):
        crear_jornadas()
        casa.enlace = crear_enlace("Palacio")
        return casa.enlace

    def hasta(self, dia: str):
        """What both readings give on that day."""
        with time_machine.travel(momento(f"2026-11-{dia}")):
            return calcular("interrupciones", self.SEMANA), calcular("interrupciones-con-accion", self.SEMANA)

    def test_what_sql_counts_minute_by_minute(self, casa, palacio):
        con_accion = crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 13:00")
        crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00", alcance="parcial", peso=50)
        crear_incidente(casa, "2026-11-17 15:00", "2026-11-17 16:30", alcance="parcial", peso=30)
        crear_incidente(casa, "2026-11-18 08:00", "2026-11-18 10:00", planeado=True)
        crear_incidente(casa, "2026-10-31 20:00", "2026-11-03 08:30")
        crear_incidente(casa, "2026-11-16 08:00", "2026-11-16 18:00")  # a holiday
        registrar_accion(casa, con_accion, en=momento("2026-11-03 14:00"))

        tiempo, acciones = self.hasta("25 08:00")

        assert [(tiempo.numerador, tiempo.denominador)] == sql(SQL_INTERRUPCIONES, **momentos(self.SEMANA))
        # 4 h on the 3rd and 1,5 h at 30 %, of 13 days of 8 h less the 2 that were announced.
        assert (tiempo.numerador, tiempo.denominador) == (240 + 27, 13 * 480 - 120)
        assert [(acciones.numerador, acciones.denominador)] == sql(
            SQL_INTERRUPCIONES_CON_ACCION, **momentos(self.SEMANA)
        )
        assert (acciones.numerador, acciones.denominador) == (1, 6)

    def test_any_cut_is_more_than_zero(self, casa, palacio):
        crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 08:01", alcance="parcial", peso=1)

        tiempo, acciones = self.hasta("25 08:00")

        assert tiempo.valor == Decimal("0.01")
        assert acciones.valor == 0

    def test_without_cuts_and_without_lines(self, casa):
        vacio, _sin_cortes = self.hasta("25 08:00")
        assert (vacio.valor, vacio.falta) == (None, "No hay enlaces a internet registrados.")

        crear_jornadas()
        crear_enlace("Palacio")
        tiempo, acciones = self.hasta("25 08:00")
        assert (tiempo.valor, acciones.valor) == (0, None)
        assert "sin sondeo automático" in " ".join(tiempo.exclusiones)

    def test_the_past_is_counted_as_it_stood_when_the_week_ended(self, casa, palacio):
        crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 09:00")
        antes = self.hasta("23 00:00")
        crear_incidente(casa, "2026-11-24 08:00", "2026-11-24 18:00")
        despues = self.hasta("30 08:00")

        assert [r.numerador for r in antes] == [r.numerador for r in despues] == [60, 0]
        assert [r.denominador for r in antes] == [r.denominador for r in despues]

    def test_each_row_leads_to_the_month_of_its_line(self, casa, palacio):
        crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 09:00")

        for resultado in self.hasta("25 08:00"):
            [fila] = resultado.filas[0:5]
            assert fila.url == f"/conectividad/{palacio.slug}/2026-11/"

    def test_of_an_office_only_the_lines_that_it_uses(self, casa, palacio):
        otro = crear_enlace("Biblioteca")
        otro.dependencias.set([casa.hacienda])
        crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 09:00")

        with time_machine.travel(momento("2026-11-25 08:00")):
            assert calcular("interrupciones", self.SEMANA, casa.hacienda).numerador == 0
            assert calcular("interrupciones", self.SEMANA, casa.planeacion).falta


# --- Goals by office ----------------------------------------------------------------------------


class TestGoals:
    @pytest.fixture(autouse=True)
    def mundo(self, casa, semana):
        crear_canal(casa.hacienda, edad_maxima_dias=7)
        crear_canal(casa.hacienda)
        crear_canal(casa.general, edad_maxima_dias=31, tipos=[])
        crear_canal(casa.general, edad_maxima_dias=31, publico=False)
        crear_publicada(casa, en=dentro(semana))
        crear_tramite(casa, publicado=True, en=dentro(semana))
        crear_tramite(casa, "sin_gestion", en=dentro(semana), dependencia=casa.hacienda)
        accion, ayer = crear_accion(), semana.hasta
        hecha = {"estado": "cumplida", "cumplida_en": ayer}
        crear_actividad(casa.cargo_jefe, casa.cargo_autor, accion=accion, fin=ayer, **hecha)
        crear_actividad(casa.cargo_jefe, casa.cargo_alcalde, accion=accion, fin=ayer)
        crear_actividad(casa.cargo_jefe, accion=accion, fin=ayer + HACE)
        crear_actividad(casa.cargo_jefe, accion=accion, fin=ayer, estado="permanente")
        crear_actividad(accion=accion, fin=ayer, texto="De nadie")
        crear_actividad(casa.cargo_jefe, accion=accion, fin=ayer, estado="cumplida", cumplida_en=ayer + HACE)

    @pytest.mark.parametrize("de_quien", ["nadie", "planeacion", "hacienda", "general"])
    def test_what_sql_counts(self, casa, semana, de_quien):
        dependencia = getattr(casa, de_quien, None)

        resultado = calcular("metas-por-dependencia", semana, dependencia)

        assert [(resultado.numerador, resultado.denominador)] == sql(
            SQL_METAS, dependencia=dependencia and dependencia.pk, **momentos(semana)
        )
        esperado = {"nadie": (4, 10), "planeacion": (3, 5), "hacienda": (0, 2), "general": (1, 1)}
        assert (resultado.numerador, resultado.denominador) == esperado[de_quien]

    def test_what_nobody_answers_for_is_of_the_municipality_alone(self, semana):
        filas = calcular("metas-por-dependencia", semana).filas[0:20]

        assert [meta.nombre for meta in metas_por_dependencia(semana)[None]] == ["De nadie"]
        assert [fila.titulo for fila in filas if "Sin responsable" in fila.detalle] == ["De nadie"]

    def test_a_channel_where_nobody_publishes_is_told_apart(self, casa, semana):
        resultado = calcular("metas-por-dependencia", semana, casa.general)

        assert resultado.exclusiones == ("1 canal donde no se publica: muestran datos del sitio",)

    @pytest.mark.parametrize("dias, cumple", [(2, True), (3, False)])
    def test_a_channel_is_young_for_its_days(self, casa, semana, dias, cumple):
        Canal.objects.filter(pk=casa.canal.pk).update(edad_maxima_dias=3)
        periodo = Periodo(semana.desde, semana.desde + dias * HACE)

        [meta] = [m for m in metas_por_dependencia(periodo)[casa.planeacion.pk] if "Canal" in m.nombre]

        assert meta.cumple is cumple
        assert meta.detalle == f"Se había actualizado hacía {dias} días; el plazo es de 3 días"


# --- All of them --------------------------------------------------------------------------------
PARAMETROS = {"criterios-cumplidos": {"fase": "informacion"}}


@pytest.mark.parametrize("nombre", sorted(INDICADORES))
class TestEveryIndicator:
    def test_a_period_that_has_not_begun_is_refused(self, db, nombre):
        manana = timezone.localdate() + HACE

        with pytest.raises(PeriodoFuturo, match="todavía no ha empezado"):
            calcular(nombre, Periodo(manana, manana + 6 * HACE), **PARAMETROS.get(nombre, {}))

    def test_the_week_in_course_is_told_up_to_now(self, db, nombre):
        calcular(nombre, Periodo.semana_de(timezone.localdate()), **PARAMETROS.get(nombre, {}))

    def test_says_what_it_counts_in_plain_words(self, nombre):
        assert INDICADORES[nombre].que.endswith(".")
        assert INDICADORES[nombre].version >= 1


class TestTogether:
    def test_each_costs_the_same_with_one_row_and_with_fifteen(self, casa, semana):
        self.llenar(casa, semana, 1)
        con_una = self.costos(semana)

        self.llenar(casa, semana, 14)

        assert self.costos(semana) == con_una
        assert max(con_una.values()) <= 8

    def test_the_rows_of_each_add_up_to_its_figure(self, casa, semana):
        self.llenar(casa, semana, 3)

        for nombre in PORCENTUALES:
            resultado = calcular(nombre, semana, **PARAMETROS.get(nombre, {}))
            filas = resultado.filas[0:100]

            assert sum(fila.cuenta for fila in filas) == resultado.numerador, nombre
            assert len(filas) == len(resultado.filas) == resultado.denominador > 0, nombre

    def costos(self, semana) -> dict[str, int]:
        """Queries of each indicator with a page of its rows."""
        costos = {}
        for nombre in INDICADORES:
            with CaptureQueriesContext(connection) as consultas:
                resultado = calcular(nombre, semana, **PARAMETROS.get(nombre, {}))
                assert resultado.filas[0:50] or resultado.falta
            costos[nombre] = len(consultas)
        return costos

    def llenar(self, casa, semana, cuantos):
        fase = Fase.objects.filter(slug="informacion").first() or crear_fase(slug="informacion")
        accion = crear_accion()
        for n in range(cuantos):
            crear_publicada(casa, en=dentro(semana, n % 6))
            crear_tramite(casa, publicado=bool(n % 2), en=dentro(semana))
            evaluar(crear_criterio(fase=fase), "cumple" if n % 2 else "no_cumple", en=dentro(semana))
            crear_actividad(casa.cargo_jefe, accion=accion, fin=semana.hasta)
            crear_canal(casa.planeacion, edad_maxima_dias=7)


def test_the_registered_functions_are_the_ones_the_plan_names(db):
    nombres = {
        *("actualizaciones-por-semana", "tramites-publicados", "tramites-automatizados"),
        *("criterios-cumplidos", "funcionarios-vinculados", "metas-por-dependencia"),
        *("interrupciones", "interrupciones-con-accion"),
    }

    assert set(INDICADORES) == nombres


# --- Periods and goals ----------------------------------------------------------------------------
class TestPeriods:
    @pytest.mark.parametrize(
        "periodo, palabras",
        [
            (Periodo.semana(2026, 47), "semana 47 de 2026, del 16 al 22 de noviembre de 2026"),
            (Periodo.semana(2026, 40), "semana 40 de 2026, del 28 de septiembre al 4 de octubre de 2026"),
            (
                Periodo.semana(2026, 1),
                "semana 1 de 2026, del 29 de diciembre de 2025 al 4 de enero de 2026",
            ),
            (Periodo.mes(2026, 2), "del 1 al 28 de febrero de 2026"),
            (Periodo(date(2026, 1, 1), date(2026, 1, 1)), "1 de enero de 2026"),
        ],
    )
    def test_are_told_in_words(self, periodo, palabras):
        assert str(periodo) == palabras

    @pytest.mark.parametrize("clave", ["2026-S47", "2026-W47", "2026-s47", " 2026-S47 "])
    def test_a_week_is_read_from_an_address(self, clave):
        assert Periodo.leer_semana(clave) == Periodo.semana(2026, 47)
        assert Periodo.leer_semana(clave).clave == "2026-S47"

    @pytest.mark.parametrize("clave", ["2025-S53", "2026-S0", "2026-S54", "0000-S01", "47", "", "2026-S047"])
    def test_a_week_that_does_not_exist_is_refused(self, clave):
        with pytest.raises(ValueError, match="semana"):
            Periodo.leer_semana(clave)

    def test_the_last_ones_come_oldest_first(self):
        claves = [periodo.clave for periodo in Periodo.semana(2027, 1).ultimas(3)]

        assert claves == ["2026-S52", "2026-S53", "2027-S01"]

    def test_two_hundred_weeks_are_no_trouble(self):
        assert len(list(Periodo.semana(2026, 47).ultimas(2000))) == 2000

    def test_the_end_is_looked_at_in_bogota(self):
        semana = Periodo.semana(2026, 40)

        assert semana.corte == en_fecha("2026-10-05", 0) - timedelta(microseconds=1)

    def test_what_has_not_ended_is_looked_at_now(self):
        hoy = timezone.localdate()

        assert Periodo(hoy, hoy + HACE).corte <= timezone.now()


@pytest.mark.parametrize(
    "sentido, meta, valor, cumple",
    [
        ("mas", 1, "1.00", True),
        ("mas", 100, "99.99", False),
        ("mas", 5, "5.00", True),
        ("menos", 0, "0.00", True),
        ("menos", 0, "0.01", False),
        ("mas", 1, None, False),
        ("menos", 0, None, False),
    ],
)
def test_a_goal_is_reached_in_its_direction(sentido, meta, valor, cumple):
    indicador = Indicador(sentido=sentido, meta=Decimal(meta))

    assert indicador.cumple(valor and Decimal(valor)) is cumple


@pytest.mark.parametrize(
    "funcion, parametros, razon",
    [
        ("magia", {}, "No hay una función «magia»"),
        ("criterios-cumplidos", {}, "le falta el parámetro «fase»"),
        ("criterios-cumplidos", {"fase": "no-hay"}, "no hay fase «no-hay»"),
        ("criterios-cumplidos", {"fase": 3}, "debe ser un texto"),
        ("tramites-publicados", {"fase": "x"}, "no tiene el parámetro «fase»"),
    ],
)
def test_an_indicator_names_a_function_that_exists_with_what_it_takes(db, funcion, parametros, razon):
    with pytest.raises(ValidationError, match=razon):
        crear_indicador(funcion, parametros=parametros)
