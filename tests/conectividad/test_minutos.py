"""The arithmetic of stretches, by hand and against a brute force that knows only sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conectividad.minutos import comunes, minutos, ponderados, repartir, restar, unir

INICIO = datetime(2026, 11, 1, tzinfo=UTC)


def tramo(desde: int, hasta: int):
    return INICIO + timedelta(minutes=desde), INICIO + timedelta(minutes=hasta)


def tramos(*pares):
    return [tramo(*par) for par in pares]


def de_a_minuto(pares) -> set[int]:
    """The brute force: every minute of the pairs, one by one."""
    return {minuto for desde, hasta in pares for minuto in range(desde, hasta)}


def a_minutos(resultado) -> set[int]:
    pares = [((a - INICIO).total_seconds() // 60, (b - INICIO).total_seconds() // 60) for a, b in resultado]
    return de_a_minuto((int(a), int(b)) for a, b in pares)


@pytest.mark.parametrize(
    "entran, salen",
    [
        ([], []),
        ([(1, 5)], [(1, 5)]),
        ([(1, 5), (5, 9)], [(1, 9)]),
        ([(1, 5), (6, 9)], [(1, 5), (6, 9)]),
        ([(6, 9), (1, 5)], [(1, 5), (6, 9)]),
        ([(1, 9), (2, 3)], [(1, 9)]),
        ([(1, 4), (2, 6), (3, 9)], [(1, 9)]),
        ([(1, 5), (1, 5)], [(1, 5)]),
        ([(3, 3)], []),
        ([(5, 1)], []),
        ([(1, 3), (3, 3), (3, 4)], [(1, 4)]),
    ],
)
def test_joining_leaves_each_moment_once(entran, salen):
    assert unir(tramos(*entran)) == tramos(*salen)


@pytest.mark.parametrize(
    "unos, otros, quedan",
    [
        ([(0, 10)], [], [(0, 10)]),
        ([(0, 10)], [(0, 10)], []),
        ([(0, 10)], [(3, 4)], [(0, 3), (4, 10)]),
        ([(0, 10)], [(-5, 2), (8, 20)], [(2, 8)]),
        ([(0, 10), (20, 30)], [(5, 25)], [(0, 5), (25, 30)]),
        ([(0, 10)], [(10, 20)], [(0, 10)]),
        ([(0, 10)], [(4, 4)], [(0, 10)]),
        ([(0, 10)], [(2, 4), (3, 6)], [(0, 2), (6, 10)]),
    ],
)
def test_taking_away_leaves_the_rest(unos, otros, quedan):
    assert restar(tramos(*unos), tramos(*otros)) == tramos(*quedan)


@pytest.mark.parametrize(
    "unos, otros, comun",
    [
        ([(0, 10)], [], []),
        ([(0, 10)], [(5, 15)], [(5, 10)]),
        ([(0, 10), (20, 30)], [(5, 25)], [(5, 10), (20, 25)]),
        ([(0, 10)], [(10, 20)], []),
        ([(0, 30)], [(1, 2), (3, 4)], [(1, 2), (3, 4)]),
    ],
)
def test_what_both_have(unos, otros, comun):
    assert comunes(tramos(*unos), tramos(*otros)) == tramos(*comun)


def test_minutes_are_whole_and_counted_once():
    medio = INICIO + timedelta(seconds=90)

    assert minutos(tramos((0, 10), (5, 15))) == 15
    assert minutos([(INICIO, medio)]) == 1
    assert minutos([]) == 0


def test_the_largest_weight_takes_the_minutes_that_several_cover():
    reparto = repartir([(tramo(0, 10), 30), (tramo(5, 20), 100), (tramo(8, 25), 50)], tramos((2, 23)))

    assert {peso: minutos(suyos) for peso, suyos in reparto.items()} == {100: 15, 50: 3, 30: 3}
    assert list(reparto) == [100, 50, 30]
    assert ponderados(reparto) == 1500 + 150 + 90


PARES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=12)


@given(PARES, PARES)
def test_all_of_it_agrees_with_sets_of_minutes(unos, otros):
    los_unos, los_otros = de_a_minuto(unos), de_a_minuto(otros)

    assert a_minutos(unir(tramos(*unos))) == los_unos
    assert minutos(tramos(*unos)) == len(los_unos)
    assert a_minutos(comunes(tramos(*unos), tramos(*otros))) == los_unos & los_otros
    assert a_minutos(restar(tramos(*unos), tramos(*otros))) == los_unos - los_otros


@given(PARES)
def test_what_is_joined_is_in_order_and_apart(pares):
    unidos = unir(tramos(*pares))

    assert all(desde < hasta for desde, hasta in unidos)
    assert all(antes[1] < despues[0] for antes, despues in pairwise(unidos))


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(1, 100)), max_size=10), PARES)
def test_sharing_out_agrees_with_the_largest_weight_of_each_minute(pesados, en):
    esperado = sum(
        max((peso for desde, hasta, peso in pesados if desde <= minuto < hasta), default=0)
        for minuto in de_a_minuto(en)
    )

    reparto = repartir([(tramo(desde, hasta), peso) for desde, hasta, peso in pesados], tramos(*en))

    assert ponderados(reparto) == esperado
