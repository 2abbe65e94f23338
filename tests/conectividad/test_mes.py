"""A month counted: cases by hand, the month of decision 0011, and a brute force minute by minute."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conectividad.cifras import cifras_de
from conectividad.mes import Mes, con_accion, contar, contar_varios
from conectividad.models import Accion, Enlace, Incidente
from conectividad.services import anular
from portal.models import Jornada
from tests.conectividad.builders import (
    MINUTO,
    cerrar_dia,
    crear_accion,
    crear_enlace,
    crear_incidente,
    crear_sondeos,
    momento,
)

NOVIEMBRE = Mes(2026, 11)
DESPUES = momento("2027-06-01")


# --- The month itself ---------------------------------------------------------------------------
def test_a_month_knows_its_ends_and_its_neighbours():
    mes = Mes.leer("2026-12")

    assert mes.inicio == momento("2026-12-01")
    assert mes.fin == momento("2027-01-01")
    assert (mes.anterior, mes.siguiente) == (Mes(2026, 11), Mes(2027, 1))
    assert Mes(2026, 1).anterior == Mes(2025, 12)
    assert (mes.clave, str(mes)) == ("2026-12", "diciembre de 2026")
    assert Mes(2026, 12) < Mes(2027, 1)


@pytest.mark.parametrize("anio, dias", [(2026, 28), (2028, 29), (2100, 28), (2000, 29)])
def test_february_has_its_days(anio, dias):
    assert len(Mes(anio, 2).dias) == dias
    assert Mes(anio, 2).fin - Mes(anio, 2).inicio == timedelta(days=dias)


@pytest.mark.parametrize(
    "clave",
    ["", "2026", "2026-13", "2026-00", "26-11", "2026-1", "1999-12", "2101-01", "2026-11-01", "٢٠٢٦-١١"],
)
def test_what_is_not_a_month_is_refused_in_spanish(clave):
    with pytest.raises(ValueError, match=r"mes"):
        Mes.leer(clave)


def test_a_moment_belongs_to_the_month_it_has_in_bogota():
    assert Mes.de(datetime.fromisoformat("2026-12-01T04:59:00+00:00")) == NOVIEMBRE
    assert Mes.de(datetime.fromisoformat("2026-12-01T05:00:00+00:00")) == Mes(2026, 12)
    assert Mes.de(date(2026, 11, 30)) == NOVIEMBRE


def test_a_month_is_past_in_course_or_to_come():
    assert NOVIEMBRE.futuro(momento("2026-10-31 23:59")) and not NOVIEMBRE.futuro(momento("2026-11-01"))
    assert NOVIEMBRE.terminado(momento("2026-12-01")) and not NOVIEMBRE.terminado(momento("2026-11-30 23:59"))


# --- Cases by hand ------------------------------------------------------------------------------
def anotar(enlace: Enlace, cortes) -> None:
    """Rows as the log has them, without asking whether they could be: (from, to, weight, planned)."""
    Incidente.objects.bulk_create(
        Incidente(
            enlace=enlace,
            clave=uuid4(),
            inicio=momento(desde),
            fin=momento(hasta) if hasta else None,
            alcance="total" if peso == 100 else "parcial",
            peso=peso,
            planeado=planeado,
            anotado_en=momento(desde),
        )
        for desde, hasta, peso, planeado in cortes
    )


def total(desde, hasta):
    return (desde, hasta, 100, False)


def en_parte(desde, hasta, peso=50):
    return (desde, hasta, peso, False)


def planeado(desde, hasta, peso=100):
    return (desde, hasta, peso, True)


@dataclass(frozen=True)
class Caso:
    """A month and what it counts to. Left out: November of 2026, a line that counts hours of attention.

    It has 19 working days of 480 minutes: the 2nd and the 16th are holidays.
    """

    porcentaje: str | None
    cortes: tuple = ()
    jornada: int = 9120
    planeado: int = 0
    total: int = 0
    en_parte: int = 0
    ponderados: str = "0"
    mes: str = "2026-11"
    horas: str = "habiles"
    hasta: str = "2029-01-01"


CASOS = {
    "sin cortes": Caso("0.00"),
    "todo el mes": Caso("100.00", cortes=(total("2026-10-20", "2026-12-09"),), total=9120, ponderados="9120"),
    "todo el mes, 24 horas": Caso(
        "100.00",
        cortes=(total("2026-11-01", "2026-12-01"),),
        jornada=43200,
        total=43200,
        ponderados="43200",
        horas="todas",
    ),
    "una hora hábil": Caso(
        "0.66", cortes=(total("2026-11-03 09:00", "2026-11-03 10:00"),), total=60, ponderados="60"
    ),
    "un minuto": Caso(
        "0.02", cortes=(total("2026-11-03 09:00", "2026-11-03 09:01"),), total=1, ponderados="1"
    ),
    "un minuto, 24 horas: nunca 0": Caso(
        "0.01",
        cortes=(total("2026-11-03 09:00", "2026-11-03 09:01"),),
        jornada=43200,
        total=1,
        ponderados="1",
        horas="todas",
    ),
    "de noche": Caso("0.00", cortes=(total("2026-11-03 19:00", "2026-11-03 23:00"),)),
    "de noche, 24 horas": Caso(
        "0.56",
        cortes=(total("2026-11-03 19:00", "2026-11-03 23:00"),),
        jornada=43200,
        total=240,
        ponderados="240",
        horas="todas",
    ),
    "pasa la medianoche": Caso(
        "0.18",
        cortes=(total("2026-11-03 23:30", "2026-11-04 00:45"),),
        jornada=43200,
        total=75,
        ponderados="75",
        horas="todas",
    ),
    "el almuerzo no cuenta": Caso(
        "0.66", cortes=(total("2026-11-03 11:30", "2026-11-03 14:30"),), total=60, ponderados="60"
    ),
    "solo el almuerzo": Caso("0.00", cortes=(total("2026-11-03 12:00", "2026-11-03 14:00"),)),
    "un festivo": Caso("0.00", cortes=(total("2026-11-16", "2026-11-17"),)),
    "un festivo, 24 horas": Caso(
        "3.34",
        cortes=(total("2026-11-16", "2026-11-17"),),
        jornada=43200,
        total=1440,
        ponderados="1440",
        horas="todas",
    ),
    "fin de semana": Caso(
        "1.32", cortes=(total("2026-11-06 17:00", "2026-11-09 09:00"),), total=120, ponderados="120"
    ),
    "empieza el mes anterior": Caso(
        "0.22", cortes=(total("2026-10-30 10:00", "2026-11-03 08:20"),), total=20, ponderados="20"
    ),
    "termina el mes siguiente": Caso(
        "0.33", cortes=(total("2026-11-30 17:30", "2026-12-02"),), total=30, ponderados="30"
    ),
    "termina justo al empezar el mes": Caso(
        "0.00", cortes=(total("2026-10-31 20:00", "2026-11-01"),), jornada=43200, horas="todas"
    ),
    "empieza justo al terminar el mes": Caso(
        "0.00", cortes=(total("2026-12-01", "2026-12-02"),), jornada=43200, horas="todas"
    ),
    "cambia el año: diciembre": Caso(
        "0.14",
        cortes=(total("2026-12-31 23:00", "2027-01-01 02:00"),),
        jornada=44640,
        total=60,
        ponderados="60",
        mes="2026-12",
        horas="todas",
    ),
    "cambia el año: enero": Caso(
        "0.27",
        cortes=(total("2026-12-31 23:00", "2027-01-01 02:00"),),
        jornada=44640,
        total=120,
        ponderados="120",
        mes="2027-01",
        horas="todas",
    ),
    "febrero bisiesto": Caso(
        "3.60",
        cortes=(total("2028-02-28 23:00", "2028-03-01 01:00"),),
        jornada=41760,
        total=1500,
        ponderados="1500",
        mes="2028-02",
        horas="todas",
    ),
    "febrero común": Caso(
        "0.15",
        cortes=(total("2027-02-28 23:00", "2027-03-01 01:00"),),
        jornada=40320,
        total=60,
        ponderados="60",
        mes="2027-02",
        horas="todas",
    ),
    "dos que se cruzan": Caso(
        "1.32",
        cortes=(
            total("2026-11-03 09:00", "2026-11-03 10:00"),
            total("2026-11-03 09:30", "2026-11-03 11:00"),
        ),
        total=120,
        ponderados="120",
    ),
    "tres que se cruzan": Caso(
        "1.32",
        cortes=(
            total("2026-11-03 09:00", "2026-11-03 10:00"),
            total("2026-11-03 09:30", "2026-11-03 11:00"),
            total("2026-11-03 09:50", "2026-11-03 10:10"),
        ),
        total=120,
        ponderados="120",
    ),
    "dos iguales": Caso(
        "0.66", cortes=(total("2026-11-03 09:00", "2026-11-03 10:00"),) * 2, total=60, ponderados="60"
    ),
    "dos que se tocan": Caso(
        "1.32",
        cortes=(
            total("2026-11-03 09:00", "2026-11-03 10:00"),
            total("2026-11-03 10:00", "2026-11-03 11:00"),
        ),
        total=120,
        ponderados="120",
    ),
    "en parte": Caso(
        "0.33", cortes=(en_parte("2026-11-03 09:00", "2026-11-03 10:00"),), en_parte=60, ponderados="30"
    ),
    "en parte con centésimas": Caso(
        "0.01", cortes=(en_parte("2026-11-03 09:00", "2026-11-03 09:01", 33),), en_parte=1, ponderados="0.33"
    ),
    "en parte dentro de uno total": Caso(
        "1.32",
        cortes=(
            total("2026-11-03 09:00", "2026-11-03 11:00"),
            en_parte("2026-11-03 09:30", "2026-11-03 10:00"),
        ),
        total=120,
        ponderados="120",
    ),
    "uno total dentro de uno en parte": Caso(
        "0.83",
        cortes=(
            en_parte("2026-11-03 09:00", "2026-11-03 11:00"),
            total("2026-11-03 09:30", "2026-11-03 10:00"),
        ),
        total=30,
        en_parte=90,
        ponderados="75",
    ),
    "dos en parte: vale el peor": Caso(
        "0.53",
        cortes=(
            en_parte("2026-11-03 09:00", "2026-11-03 10:00", 20),
            en_parte("2026-11-03 09:30", "2026-11-03 10:30", 70),
        ),
        en_parte=90,
        ponderados="48",
    ),
    "planeado": Caso("0.00", cortes=(planeado("2026-11-03 09:00", "2026-11-03 11:00"),), planeado=120),
    "planeado sobre uno que no": Caso(
        "0.67",
        cortes=(
            total("2026-11-03 09:00", "2026-11-03 11:00"),
            planeado("2026-11-03 10:00", "2026-11-03 12:00"),
        ),
        planeado=120,
        total=60,
        ponderados="60",
    ),
    "planeado de noche": Caso("0.00", cortes=(planeado("2026-11-03 22:00", "2026-11-04 05:00"),)),
    "planeado en parte": Caso(
        "0.00", cortes=(planeado("2026-11-03 09:00", "2026-11-03 11:00", 40),), planeado=120
    ),
    "todo planeado": Caso(None, cortes=(planeado("2026-11-01", "2026-12-01"),), planeado=9120),
    "abierto, mes en curso": Caso(
        "17.65",
        cortes=(total("2026-11-03 17:00", None),),
        jornada=510,
        total=90,
        ponderados="90",
        hasta="2026-11-04 08:30",
    ),
    "abierto, mes que terminó": Caso(
        "0.66", cortes=(total("2026-11-30 17:00", None),), total=60, ponderados="60", hasta="2026-12-04"
    ),
    "abierto en parte": Caso(
        "4.42",
        cortes=(en_parte("2026-11-03 17:00", None, 25),),
        jornada=510,
        en_parte=90,
        ponderados="22.5",
        hasta="2026-11-04 08:30",
    ),
    "mes en curso sin cortes": Caso("0.00", jornada=120, hasta="2026-11-03 10:00"),
    "mes en curso, antes de abrir": Caso(None, jornada=0, hasta="2026-11-03 07:59"),
    "segundos del reloj": Caso("0.00", jornada=10, horas="todas", hasta="2026-11-01 00:10:59"),
    "mes que no ha llegado": Caso(
        None, cortes=(total("2026-11-03", None),), jornada=0, horas="todas", hasta="2026-10-15"
    ),
    "termina después de ahora": Caso(
        "100.00",
        cortes=(total("2026-11-01", "2026-11-02"),),
        jornada=360,
        total=360,
        ponderados="360",
        horas="todas",
        hasta="2026-11-01 06:00",
    ),
}


@pytest.mark.parametrize("caso", CASOS.values(), ids=CASOS)
def test_a_month_counted_by_hand(casa, caso):
    casa.enlace.horas = caso.horas
    casa.enlace.save()
    anotar(casa.enlace, caso.cortes)

    cuenta = contar(casa.enlace, Mes.leer(caso.mes), momento(caso.hasta))

    assert (cuenta.minutos_de_jornada, cuenta.minutos_planeados) == (caso.jornada, caso.planeado)
    assert cuenta.minutos_que_cuentan == caso.jornada - caso.planeado
    assert (cuenta.minutos_sin_conexion, cuenta.minutos_en_parte) == (caso.total, caso.en_parte)
    assert cuenta.minutos_ponderados == Decimal(caso.ponderados)
    assert cuenta.porcentaje == (caso.porcentaje and Decimal(caso.porcentaje))


def test_there_are_at_least_thirty_cases():
    assert len(CASOS) >= 30


def test_an_annulled_cut_does_not_count(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")
    anular(incidente, razon="Se anotó dos veces.", por=casa.secretaria)

    cuenta = contar(casa.enlace, NOVIEMBRE, DESPUES)

    assert (cuenta.minutos_ponderados, cuenta.incidentes) == (0, [])


def test_a_cut_of_another_line_does_not_count(casa):
    otro = crear_enlace()
    crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00", enlace=otro)

    assert contar(casa.enlace, NOVIEMBRE, DESPUES).porcentaje == 0
    assert contar(otro, NOVIEMBRE, DESPUES).minutos_sin_conexion == 60


def test_a_local_closure_takes_its_day_out(casa):
    cerrar_dia("2026-11-03")
    crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")

    cuenta = contar(casa.enlace, NOVIEMBRE, DESPUES)

    assert (cuenta.minutos_de_jornada, cuenta.minutos_sin_conexion) == (8640, 0)


def test_without_hours_of_attention_nothing_counts(casa):
    Jornada.objects.all().delete()

    assert contar(casa.enlace, NOVIEMBRE, DESPUES).porcentaje is None


def test_each_cut_says_what_of_it_is_in_the_month_and_what_counts(casa):
    crear_incidente(casa, "2026-10-30 17:00", "2026-11-03 08:20")
    crear_incidente(casa, "2026-11-05 11:00", "2026-11-05 15:00", planeado=True)

    primero, segundo = contar(casa.enlace, NOVIEMBRE, DESPUES).incidentes

    assert (primero.desde, primero.hasta) == (momento("2026-11-01"), momento("2026-11-03 08:20"))
    assert (primero.minutos, primero.cuenta) == (2 * 1440 + 500, 20)
    assert (segundo.minutos, segundo.cuenta) == (240, 0)


# --- The month of decision 0011 -----------------------------------------------------------------
def crear_mes_de_la_decision(casa) -> None:
    """The cuts that docs/decisiones/0011 counts by hand."""
    cerrar_dia("2026-11-13")
    cortes = [
        ("2026-10-30 17:00", "2026-11-03 08:20", {}),
        ("2026-11-03 09:15", "2026-11-03 11:00", {}),
        ("2026-11-03 10:30", "2026-11-03 12:30", {}),
        ("2026-11-04 11:00", "2026-11-04 15:00", {"peso": 50}),
        ("2026-11-04 11:30", "2026-11-04 11:50", {}),
        ("2026-11-05 14:00", "2026-11-05 16:00", {"planeado": True}),
        ("2026-11-05 15:30", "2026-11-05 16:30", {}),
        ("2026-11-15 20:00", "2026-11-17 08:40", {}),
        ("2026-11-20 08:00", "2026-11-20 09:20", {"peso": 25}),
        ("2026-11-30 17:30", "2026-12-01 09:00", {}),
    ]
    incidentes = [crear_incidente(casa, desde, hasta, **campos) for desde, hasta, campos in cortes]
    for incidente in incidentes[:4]:
        crear_accion(casa, incidente)
    anulado = crear_incidente(casa, "2026-11-24 08:00", "2026-11-24 10:00")
    anular(anulado, razon="Se anotó dos veces.", por=casa.secretaria)


def test_the_month_of_the_decision_has_the_figures_it_says(casa):
    crear_mes_de_la_decision(casa)

    cuenta = contar(casa.enlace, NOVIEMBRE, DESPUES)

    assert cuenta.minutos_de_jornada == 8640
    assert cuenta.minutos_planeados == 120
    assert cuenta.minutos_que_cuentan == 8520
    assert cuenta.minutos_sin_conexion == 305
    assert cuenta.por_peso == {100: 305, 50: 100, 25: 80}
    assert cuenta.minutos_en_parte == 180
    assert cuenta.minutos_ponderados == 375
    assert cuenta.porcentaje == Decimal("4.41")
    despues = max(NOVIEMBRE.fin, timezone.now())
    assert con_accion([casa.enlace], NOVIEMBRE, despues) == (4, 10)


def test_the_method_is_told_with_the_number_of_each_step(casa):
    crear_mes_de_la_decision(casa)

    pasos = contar(casa.enlace, NOVIEMBRE, DESPUES).pasos()

    numeros = ["8.640", "120", "8.520", "305", "100", "80", "375", "4,41 %"]
    assert [numero for _que, numero in pasos] == numeros
    assert "hasta el 01/12/2026 a las 00:00" in pasos[0][0]
    assert "cada uno vale 0,5" in pasos[4][0]


def test_an_announced_cut_has_no_step_of_its_own(casa):
    crear_incidente(casa, "2026-11-05 09:00", "2026-11-05 11:00", planeado=True, peso=40)

    cuenta = contar(casa.enlace, NOVIEMBRE, DESPUES)

    assert (cuenta.por_peso, cuenta.minutos_planeados) == ({}, 120)
    assert len(cuenta.pasos()) == 6


def test_a_month_in_which_nothing_counts_says_so(casa):
    pasos = contar(casa.enlace, NOVIEMBRE, momento("2026-11-01")).pasos()

    assert pasos[-1] == ("Tiempo interrumpido", "No hay minutos que cuenten")


def test_the_days_add_up_to_the_month(casa):
    crear_mes_de_la_decision(casa)
    crear_sondeos(casa.enlace, "2026-11-03 08:00", 90)

    cuenta = contar(casa.enlace, NOVIEMBRE, DESPUES)
    dias = {dia.fecha.day: dia for dia in cuenta.dias}

    assert [dia.fecha for dia in cuenta.dias] == NOVIEMBRE.dias
    assert sum(dia.minutos_que_cuentan for dia in cuenta.dias) == cuenta.minutos_que_cuentan
    assert sum(dia.minutos_ponderados for dia in cuenta.dias) == cuenta.minutos_ponderados
    assert sum(dia.minutos_planeados for dia in cuenta.dias) == cuenta.minutos_planeados
    assert sum(dia.minutos_sin_datos for dia in cuenta.dias) == cuenta.minutos_sin_datos
    assert (dias[4].minutos_ponderados, dias[4].porcentaje) == (70, Decimal("14.59"))
    assert (dias[16].habil, dias[16].porcentaje, len(dias[16].incidentes)) == (False, None, 1)
    assert [len(dias[n].incidentes) for n in (3, 4, 5, 6)] == [3, 2, 2, 0]


def test_a_day_to_come_is_a_working_day_though_it_does_not_count_yet(casa):
    dias = contar(casa.enlace, NOVIEMBRE, momento("2026-11-04 08:00")).dias

    assert (dias[4].habil, dias[4].minutos_que_cuentan, dias[4].porcentaje) == (True, 0, None)


# --- Watched and not ----------------------------------------------------------------------------
def test_minutes_without_rounds_are_without_data_and_not_up(casa):
    crear_sondeos(casa.enlace, "2026-11-03 08:00", 60)
    crear_sondeos(casa.enlace, "2026-11-03 14:00", 30, respondieron=0)

    cuenta = contar(casa.enlace, NOVIEMBRE, momento("2026-11-03 18:00"))

    assert (cuenta.minutos_sondeados, cuenta.minutos_sin_datos) == (90, 390)
    assert cuenta.dias[2].minutos_sin_datos == 390


def test_rounds_outside_the_hours_that_count_do_not_count(casa):
    crear_sondeos(casa.enlace, "2026-11-03 12:00", 120)
    crear_sondeos(casa.enlace, "2026-11-02 08:00", 60)

    assert contar(casa.enlace, NOVIEMBRE, DESPUES).minutos_sondeados == 0


def test_of_an_hour_that_counts_in_part_the_same_part_of_its_rounds_is_taken(casa):
    crear_incidente(casa, "2026-11-03 08:30", "2026-11-03 09:00", planeado=True)
    crear_sondeos(casa.enlace, "2026-11-03 08:00", 41)

    cuenta = contar(casa.enlace, NOVIEMBRE, DESPUES)

    assert cuenta.minutos_sondeados == 30 * 41 // 60 == 20


def test_the_hour_in_course_is_measured_by_what_has_passed_of_it(casa):
    crear_sondeos(casa.enlace, "2026-11-03 08:00", 20)

    cuenta = contar(casa.enlace, NOVIEMBRE, momento("2026-11-03 08:20"))

    assert (cuenta.minutos_sondeados, cuenta.minutos_sin_datos) == (20, 0)


def test_more_rounds_than_minutes_are_no_more_than_the_minutes(casa):
    crear_sondeos(casa.enlace, "2026-11-03 08:00", 60)
    casa.enlace.resumenes.update(sondeos=75)

    assert contar(casa.enlace, NOVIEMBRE, DESPUES).minutos_sondeados == 60


# --- Incidents with action ----------------------------------------------------------------------
def test_the_second_reading_counts_cuts_with_some_action(casa):
    con = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")
    sin = crear_incidente(casa, "2026-11-04 09:00", "2026-11-04 10:00")
    crear_accion(casa, con, "Se llamó.")
    crear_accion(casa, con, "Se volvió a llamar.")
    Accion.objects.create(incidente=sin, texto="Sondeo automático: nada responde.")  # nobody did anything

    assert con_accion([casa.enlace], NOVIEMBRE) == (1, 2)
    [cifra] = cifras_de([casa.enlace], [NOVIEMBRE])[casa.enlace.pk]
    assert (cifra.con_accion, cifra.incidentes) == (1, 2)
    assert con_accion([casa.enlace], Mes(2026, 10)) == (0, 0)
    assert con_accion([], NOVIEMBRE) == (0, 0)


# --- Cost ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("cuantos", [1, 15])
def test_counting_costs_the_same_however_many_lines_and_cuts(casa, django_assert_num_queries, cuantos):
    enlaces = [crear_enlace() for _ in range(cuantos)]
    for enlace in enlaces:
        anotar(
            enlace,
            [total(f"2026-11-{dia:02} 09:00", f"2026-11-{dia:02} 09:30") for dia in range(1, 1 + cuantos)],
        )

    with django_assert_num_queries(4):
        cuentas = contar_varios(enlaces, NOVIEMBRE, DESPUES)
    with django_assert_num_queries(1):
        con_accion(enlaces, NOVIEMBRE)

    assert set(cuentas) == {enlace.pk for enlace in enlaces}


def test_counting_never_reads_the_table_of_rounds(casa):
    crear_sondeos(casa.enlace, "2026-11-03 08:00", 3)

    with CaptureQueriesContext(
        connection,
    ) as consultas:
        contar(casa.enlace, NOVIEMBRE, DESPUES)

    tablas = " ".join(consulta["sql"] for consulta in consultas)
    assert '"conectividad_resumendesondeos"' in tablas
    assert '"conectividad_sondeo"' not in tablas


# --- Against a brute force ----------------------------------------------------------------------
#: Months with their national holidays, from the calendar on the wall.
FESTIVOS = {(2026, 11): {2, 16}, (2026, 12): {8, 25}, (2028, 2): set(), (2027, 5): {1, 10, 31}}
HORAS = ((480, 720), (840, 1080))
cortes_al_azar = st.lists(
    st.tuples(
        st.integers(-3000, 46000),
        st.one_of(st.integers(1, 400), st.integers(1, 50000)),
        st.sampled_from([100, 100, 50, 25, 99, 1]),
        st.booleans(),
    ),
    max_size=8,
)


def a_la_fuerza(anio, mes, todas, cerrado, cortes, hasta) -> SimpleNamespace:
    """The month minute by minute, each asked on its own, until the minute `hasta`."""
    dias = calendar.monthrange(anio, mes)[1]
    cuenta = SimpleNamespace(jornada=0, planeado=0, total=0, parte=0, perdidos=Fraction(0))
    for minuto in range(min(hasta, dias * 1440)):
        dia, del_dia = minuto // 1440 + 1, minuto % 1440
        laborable = date(anio, mes, dia).weekday() < 5 and dia not in FESTIVOS[anio, mes] and dia != cerrado
        abierto = laborable and any(desde <= del_dia < fin for desde, fin in HORAS)
        if not (todas or abierto):
            continue
        cuenta.jornada += 1
        suyos = [corte for corte in cortes if corte[0] <= minuto < corte[0] + corte[1]]
        if any(planeado for *_resto, planeado in suyos):
            cuenta.planeado += 1
        elif suyos:
            peso = max(peso for _desde, _dura, peso, _planeado in suyos)
            cuenta.total += peso == 100
            cuenta.parte += peso < 100
            cuenta.perdidos += Fraction(peso, 100)
    return cuenta


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mes=st.sampled_from(sorted(FESTIVOS)),
    todas=st.booleans(),
    cerrado=st.integers(1, 28),
    cortes=cortes_al_azar,
    hasta=st.one_of(st.just(60000), st.integers(0, 45000)),
)
def test_a_month_agrees_with_counting_minute_by_minute(casa, mes, todas, cerrado, cortes, hasta):
    inicio = momento(f"{mes[0]}-{mes[1]:02}-01")
    with transaction.atomic():
        cerrar_dia(f"{mes[0]}-{mes[1]:02}-{cerrado:02}")
        Enlace.objects.filter(pk=casa.enlace.pk).update(horas="todas" if todas else "habiles")
        anotar(
            Enlace.objects.get(pk=casa.enlace.pk),
            [
                (
                    str((inicio + MINUTO * desde).replace(tzinfo=None)),
                    str((inicio + MINUTO * (desde + dura)).replace(tzinfo=None)),
                    peso,
                    planeado,
                )
                for desde, dura, peso, planeado in cortes
            ],
        )
        cuenta = contar(Enlace.objects.get(pk=casa.enlace.pk), Mes(*mes), inicio + MINUTO * hasta)
        transaction.set_rollback(True)

    esperada = a_la_fuerza(*mes, todas, cerrado, cortes, hasta)
    assert cuenta.minutos_de_jornada == esperada.jornada
    assert cuenta.minutos_planeados == esperada.planeado
    assert (cuenta.minutos_sin_conexion, cuenta.minutos_en_parte) == (esperada.total, esperada.parte)
    assert cuenta.minutos_ponderados == esperada.perdidos
    assert sum(dia.minutos_ponderados for dia in cuenta.dias) == esperada.perdidos
    assert sum(dia.minutos_que_cuentan for dia in cuenta.dias) == esperada.jornada - esperada.planeado
    if esperada.jornada == esperada.planeado:
        assert cuenta.porcentaje is None
    else:
        exacto = esperada.perdidos * 100 / (esperada.jornada - esperada.planeado)
        assert 0 <= cuenta.porcentaje - Decimal(exacto.numerator) / exacto.denominator < Decimal("0.01")
        assert (cuenta.porcentaje == 0) == (esperada.perdidos == 0)
