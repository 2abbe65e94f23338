"""How a line is now, in plain words, and which cuts there were for the rooms above."""

import pytest

from conectividad import cortes
from conectividad.estado import estado_actual
from conectividad.services import anular
from tests.conectividad.builders import (
    crear_enlace,
    crear_incidente,
    crear_objetivo,
    crear_sondeos,
    momento,
)

AHORA = momento("2026-11-03 13:30")


def estado(casa, en=AHORA):
    return estado_actual([casa.enlace], en)[casa.enlace.pk]


def test_a_line_that_nobody_watches_is_up_as_the_log_says(casa):
    assert (estado(casa).clave, estado(casa).texto) == ("con_conexion", "Con conexión")
    assert "anotado" in estado(casa).detalle


@pytest.mark.parametrize(
    "inicio, peso, clave, texto",
    [
        ("2026-11-03 08:15", 100, "sin_conexion", "Sin conexión desde las 8:15\xa0a.\xa0m."),
        ("2026-11-03 13:05", 100, "sin_conexion", "Sin conexión desde la 1:05\xa0p.\xa0m."),
        ("2026-11-02 00:05", 100, "sin_conexion", "Sin conexión desde el 02/11/2026 a las 12:05\xa0a.\xa0m."),
        ("2026-11-03 12:00", 40, "lenta", "Lenta desde las 12:00\xa0p.\xa0m."),
    ],
)
def test_a_line_with_an_open_cut_says_since_when(casa, inicio, peso, clave, texto):
    incidente = crear_incidente(casa, inicio, peso=peso)

    actual = estado(casa)

    assert (actual.clave, actual.texto, actual.incidente) == (clave, texto, incidente)


def test_of_two_cuts_at_once_the_worst_is_told(casa):
    crear_incidente(casa, "2026-11-03 09:00", peso=20)
    crear_incidente(casa, "2026-11-03 13:00", "2026-11-03 14:00")

    assert estado(casa).texto == "Sin conexión desde la 1:00\xa0p.\xa0m."


def test_a_cut_that_ended_or_was_annulled_is_over(casa):
    crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 13:30")
    anular(crear_incidente(casa, "2026-11-03 09:00"), razon="No fue.", por=casa.secretaria)

    assert estado(casa).clave == "con_conexion"


@pytest.mark.parametrize(
    "desde, respondieron, clave, dice",
    [
        ("2026-11-03 13:29", 1, "con_conexion", "Sondeo automático a la 1:29\xa0p.\xa0m."),
        ("2026-11-03 13:25", 1, "con_conexion", "Sondeo automático"),
        ("2026-11-03 13:24", 1, "sin_datos", "fue a la 1:24\xa0p.\xa0m."),
        ("2026-11-02 09:00", 1, "sin_datos", "fue el 02/11/2026 a las 9:00\xa0a.\xa0m."),
        ("2026-11-03 13:29", 0, "con_conexion", "se comprueba"),
    ],
)
def test_a_watched_line_is_known_for_five_minutes(casa, desde, respondieron, clave, dice):
    crear_objetivo(casa.enlace)
    crear_sondeos(casa.enlace, desde, 1, respondieron=respondieron)

    assert estado(casa).clave == clave
    assert dice in estado(casa).detalle


def test_a_watcher_that_never_ran_is_no_data(casa):
    crear_objetivo(casa.enlace)

    assert (estado(casa).texto, estado(casa).detalle) == (
        "Sin datos",
        "El sondeo automático no está funcionando.",
    )


@pytest.mark.parametrize("cuantos", [1, 15])
def test_the_states_cost_two_queries_however_many_lines(casa, django_assert_num_queries, cuantos):
    enlaces = [crear_enlace() for _ in range(cuantos)]
    for enlace in enlaces:
        crear_objetivo(enlace)
        crear_incidente(casa, "2026-11-03 09:00", enlace=enlace)

    with django_assert_num_queries(2):
        assert set(estado_actual(enlaces, AHORA)) == {enlace.pk for enlace in enlaces}


# --- For the rooms above ------------------------------------------------------------------------
def test_other_rooms_ask_which_cuts_there_were(casa, django_assert_num_queries):
    primero = crear_incidente(casa, "2026-11-03 08:00", "2026-11-03 10:00")
    segundo = crear_incidente(casa, "2026-11-03 09:00", enlace=crear_enlace("Biblioteca"))
    anular(crear_incidente(casa, "2026-11-03 09:00"), razon="No fue.", por=casa.secretaria)

    with django_assert_num_queries(1):
        assert [str(corte.enlace) for corte in cortes.en(momento("2026-11-03 09:30"))] == [
            "Palacio municipal",
            "Biblioteca",
        ]
    assert cortes.en(momento("2026-11-03 10:00")) == [segundo]
    assert cortes.en(momento("2026-11-03 07:59")) == []
    assert cortes.entre(momento("2026-11-03 07:00"), momento("2026-11-03 08:01")) == [primero]
    assert cortes.entre(momento("2026-11-03 07:00"), momento("2026-11-03 08:00")) == []
