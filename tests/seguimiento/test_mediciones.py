"""What is stored of each indicator when a week ends, once and for ever, and what computing it again gives."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import InternalError, connection, connections
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import rutinas
from portal.models import Edicion
from portal.periodos import Periodo
from seguimiento.mediciones import (
    SEMANAS_ATRAS,
    PeriodoSinTerminar,
    medir,
    medir_pendientes,
    medir_semana,
    recomputar,
    semanas_por_medir,
)
from seguimiento.models import Indicador, Medicion
from seguimiento.registro import INDICADORES
from tests.builders import crear_alcaldia, crear_canal, crear_publicada, en_fecha
from tests.seguimiento.builders_del_plan import (
    aportar,
    crear_accion,
    crear_indicador,
    crear_plan,
    semana_pasada,
)

SEMANA = timedelta(weeks=1)


@pytest.fixture
def semana():
    return semana_pasada()


@pytest.fixture
def veces(db):
    """The indicator of the updates of each week."""
    return crear_indicador("actualizaciones-por-semana", meta=1, unidad="veces")


def publicar(casa, semana, cuantas: int = 1, dia: int = 0):
    for _ in range(cuantas):
        crear_publicada(casa, en=en_fecha(f"{semana.desde + timedelta(days=dia)}"))


@pytest.fixture
def otra_version(monkeypatch):
    """`otra_version(nombre)`: from here on the rule of that name is another version of itself."""

    def cambiar(nombre: str, factor: int = 2):
        vieja = INDICADORES[nombre]

        def nueva(periodo, dependencia=None, **parametros):
            resultado = vieja.funcion(periodo, dependencia, **parametros)
            return replace(resultado, numerador=resultado.numerador * factor)

        monkeypatch.setitem(INDICADORES, nombre, replace(vieja, version=2, funcion=nueva))

    return cambiar


# --- Storing ------------------------------------------------------------------------------------
class TestMeasuring:
    def test_keeps_the_figure_what_it_is_made_of_and_the_version_of_the_rule(self, casa, semana, veces):
        publicar(casa, semana, 3)

        medicion = medir(veces, semana)

        medicion.refresh_from_db()
        assert (medicion.desde, medicion.hasta) == (semana.desde, semana.hasta)
        assert (medicion.valor, medicion.numerador, medicion.denominador) == (3, 3, None)
        assert (medicion.regla_version, medicion.exclusiones, medicion.falta) == (1, [], "")
        assert medicion.como_resultado().valor == 3

    def test_is_done_once(self, casa, semana, veces):
        primera = medir(veces, semana)
        publicar(casa, semana)

        assert medir(veces, semana) == primera
        assert Medicion.objects.get().valor == 0

    def test_makes_what_is_kept_of_the_pages_old_only_when_it_is_new(self, semana, veces):
        antes = Edicion.actual()

        medir(veces, semana)
        medir(veces, semana)

        assert Edicion.actual() == antes + 1

    def test_of_one_office_is_another_measurement(self, casa, semana, veces):
        publicar(casa, semana)

        assert medir(veces, semana, casa.planeacion).valor == 1
        assert medir(veces, semana, casa.general).valor == 0
        assert medir(veces, semana).valor == 1

    def test_without_a_figure_keeps_why(self, semana, db):
        medicion = medir(crear_indicador("interrupciones"), semana)

        assert medicion.valor is None
        assert medicion.falta == "No hay enlaces a internet registrados."
        assert medicion.como_resultado().valor is None

    def test_nothing_is_measured_before_it_ends(self, veces):
        hoy = timezone.localdate()

        for periodo in (Periodo.semana_de(hoy), Periodo(hoy, hoy), Periodo.semana_de(hoy + SEMANA)):
            with pytest.raises(PeriodoSinTerminar, match="no ha terminado"):
                medir(veces, periodo)
        assert medir(veces, Periodo(hoy - timedelta(days=1), hoy - timedelta(days=1)))

    @pytest.mark.parametrize("filas", [1, 15])
    def test_costs_the_same_however_much_was_published(self, casa, semana, veces, filas):
        publicar(casa, semana, filas)

        with CaptureQueriesContext(connection) as consultas:
            medir(veces, semana)

        assert len(consultas) == 7  # looking, computing, storing in its savepoint, the edición

    @pytest.mark.parametrize("orden", ["UPDATE {} SET {} = 0", "DELETE FROM {}"])
    @pytest.mark.parametrize("tabla, campo", [("medicion", "valor"), ("datoaportado", "numerador")])
    def test_what_is_written_stays_whoever_asks(self, casa, semana, veces, orden, tabla, campo):
        medir(veces, semana)
        aportar("funcionarios-vinculados", 1, 2, semana, por=casa.secretaria)

        with pytest.raises((IntegrityError, InternalError), match="solo se agregan"):
            connection.cursor().execute(orden.format(f"seguimiento_{tabla}", campo))


# --- Each Monday --------------------------------------------------------------------------------
class TestEachMonday:
    @pytest.fixture
    def lunes(self):
        return Periodo.semana_de(timezone.localdate()).inicio + timedelta(minutes=5)

    def test_the_week_that_ended_is_measured(self, casa, semana, veces, lunes):
        publicar(casa, semana, 2)
        crear_indicador("tramites-publicados")

        assert medir_pendientes(lunes) == f"Semanas medidas: {semana.clave}."
        assert Medicion.objects.count() == 2
        assert Medicion.objects.get(indicador=veces).valor == 2

    def test_a_second_time_there_is_nothing_to_do(self, casa, semana, veces, lunes):
        publicar(casa, semana)
        medir_pendientes(lunes)

        assert medir_pendientes(lunes) == "Semanas medidas: ninguna pendiente."
        assert Medicion.objects.count() == 1

    def test_the_first_time_the_last_eight_weeks_are_measured(self, casa, semana, veces, lunes):
        for atras in range(12):
            publicar(casa, Periodo(semana.desde - atras * SEMANA, semana.hasta - atras * SEMANA), atras + 1)

        medir_pendientes(lunes)

        valores = Medicion.objects.order_by("-desde").values_list("valor", flat=True)
        assert [int(valor) for valor in valores] == list(range(1, SEMANAS_ATRAS + 1))

    def test_the_weeks_before_anything_happened_are_left_alone(self, casa, semana, veces, lunes):
        publicar(casa, semana.anterior)

        assert semanas_por_medir(lunes) == [semana.anterior, semana]

    def test_a_week_that_was_missed_is_measured_late(self, casa, semana, veces, lunes):
        publicar(casa, semana.anterior.anterior, 4)
        for periodo in (semana.anterior.anterior, semana):
            medir_semana(periodo)

        assert semanas_por_medir(lunes) == [semana.anterior]

    def test_a_new_indicator_gets_its_past_and_the_others_stay(
        self, casa, semana, veces, lunes, otra_version
    ):
        publicar(casa, semana)
        medir_pendientes(lunes)
        nuevo = crear_indicador("tramites-publicados")
        otra_version("actualizaciones-por-semana")

        medir_pendientes(lunes)

        assert Medicion.objects.filter(indicador=nuevo).count() == 1
        assert Medicion.objects.filter(indicador=veces).count() == 1

    def test_in_the_middle_of_the_week_nothing_of_it_is_written(self, casa, semana, veces):
        publicar(casa, Periodo.semana_de(timezone.localdate()))

        assert semanas_por_medir(timezone.now()) == []

    def test_without_anything_in_the_site_there_is_nothing_to_measure(self, veces, lunes):
        assert semanas_por_medir(lunes) == []

    def test_the_indicators_of_a_plan_that_is_not_followed_are_not_measured(self, casa, semana, lunes):
        crear_indicador(accion=crear_accion(crear_plan(vigente=False)))
        publicar(casa, semana)

        assert semanas_por_medir(lunes) == []
        assert medir_semana(semana) == []

    def test_the_goals_are_measured_of_each_office_too(self, casa, semana, lunes):
        indicador = crear_indicador("metas-por-dependencia")
        crear_canal(casa.general, edad_maxima_dias=7)
        publicar(casa, semana)

        medir_semana(semana)

        suyas = Medicion.objects.filter(indicador=indicador)
        valores = {m.dependencia_id: m.valor for m in suyas}
        assert len(valores) == 5
        assert (valores[None], valores[casa.planeacion.pk], valores[casa.general.pk]) == (
            Decimal("33.33"),
            100,
            0,
        )

    def test_the_rutina_does_it(self, casa, semana, veces, lunes):
        publicar(casa, semana)

        ejecucion = rutinas.correr(rutinas.registro["medir-indicadores"], en=lunes)

        assert ejecucion.bien, ejecucion.resultado
        assert Medicion.objects.filter(indicador=veces).count() == 1


# --- Again --------------------------------------------------------------------------------------
class TestComputingAgain:
    def test_the_same_data_give_the_same(self, casa, semana, veces):
        publicar(casa, semana)
        medir(veces, semana)
        publicar(casa, semana.anterior)

        recomputo = recomputar(veces, semana)

        assert recomputo.guardada.valor == recomputo.ahora.valor == 1
        assert not recomputo.difiere
        assert Medicion.objects.count() == 1

    def test_what_changed_afterwards_is_seen_and_what_was_stored_stays(self, casa, semana, veces):
        medir(veces, semana)
        publicar(casa, semana)

        recomputo = recomputar(veces, semana)

        assert (recomputo.guardada.valor, recomputo.ahora.valor) == (0, 1)
        assert recomputo.difiere
        assert not recomputo.otra_regla
        assert Medicion.objects.get().valor == 0

    def test_another_version_of_the_rule_says_so_and_is_kept_beside(self, casa, semana, veces, otra_version):
        publicar(casa, semana)
        medir(veces, semana)
        otra_version("actualizaciones-por-semana")

        recomputo = recomputar(veces, semana)
        nueva = medir(veces, semana)

        assert (recomputo.difiere, recomputo.otra_regla, recomputo.version) == (True, True, 2)
        assert (nueva.regla_version, nueva.valor) == (2, 2)
        assert sorted(Medicion.objects.values_list("regla_version", "valor")) == [(1, 1), (2, 2)]
        assert recomputar(veces, semana).guardada == nueva

    def test_a_week_that_was_never_measured_has_only_what_it_gives_now(self, casa, semana, veces):
        recomputo = recomputar(veces, semana)

        assert recomputo.guardada is None
        assert not recomputo.difiere
        assert not recomputo.otra_regla

    def test_the_same_percentage_of_other_rows_is_a_difference(self, casa, semana):
        indicador = crear_indicador("funcionarios-vinculados")
        aportar("funcionarios-vinculados", 1, 2, semana, por=casa.secretaria)
        medir(indicador, semana)
        aportar("funcionarios-vinculados", 2, 4, semana, por=casa.secretaria)

        recomputo = recomputar(indicador, semana)

        assert recomputo.ahora.valor == recomputo.guardada.valor == Decimal("50.00")
        assert recomputo.difiere


# --- At once --------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_processes_that_measure_at_once_write_it_once():
    crear_alcaldia()
    indicador, semana = crear_indicador("actualizaciones-por-semana", meta=1), semana_pasada()
    salida, hechas = Barrier(4), []

    def medir_a_la_vez():
        try:
            propio = Indicador.objects.get(pk=indicador.pk)
            salida.wait(timeout=20)
            hechas.append(medir(propio, semana).pk)
        finally:
            connections.close_all()

    hilos = [Thread(target=medir_a_la_vez) for _ in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(timeout=60)

    assert len(hechas) == 4
    assert len(set(hechas)) == Medicion.objects.count() == 1
