"""What the provider owes for a month: what counts against it, and the discount or why there is none."""

from datetime import date
from decimal import Decimal

import pytest

from conectividad.mes import Mes
from conectividad.reclamo import reclamo
from conectividad.services import anular
from tests.conectividad.builders import crear_enlace, crear_incidente, momento

NOVIEMBRE = Mes(2026, 11)
DESPUES = momento("2027-01-01")


@pytest.fixture
def enlace(casa):
    """Promises 99,6 % for 432.000 pesos a month; November has 43.200 minutes, so each is worth 10 pesos."""
    casa.enlace.disponibilidad = Decimal("99.60")
    casa.enlace.tarifa = 432_000
    casa.enlace.descuento = "proporcional"
    casa.enlace.clausula = "cláusula 12.3"
    casa.enlace.save()
    return casa.enlace


def test_a_month_without_cuts_has_nothing_to_claim(enlace):
    pedido = reclamo(enlace, NOVIEMBRE, DESPUES)

    assert (pedido.disponibilidad, pedido.puntos, pedido.minutos) == (100, 0, 0)
    assert (pedido.descuento, pedido.procede) == (0, False)
    assert "cumplió" in pedido.razon


def test_nights_and_holidays_count_against_the_provider(casa, enlace):
    crear_incidente(casa, "2026-11-15 20:00", "2026-11-16 04:00")

    pedido = reclamo(enlace, NOVIEMBRE, DESPUES)

    assert pedido.minutos == 480
    assert pedido.disponibilidad == Decimal("98.89")  # 98,888… upwards
    assert pedido.puntos == Decimal("0.71")
    assert (pedido.descuento, pedido.procede) == (4800, True)
    assert "cláusula 12.3" in pedido.razon


@pytest.mark.parametrize(
    "causa", ["energia", "equipo", "pago", "mantenimiento", "clima", "dano", "por_establecer"]
)
def test_only_a_failure_of_the_provider_breaks_its_promise(casa, enlace, causa):
    crear_incidente(casa, "2026-11-15 20:00", "2026-11-16 04:00", causa=causa)

    pedido = reclamo(enlace, NOVIEMBRE, DESPUES)

    assert (pedido.incidentes, pedido.disponibilidad, pedido.procede) == ([], 100, False)


def test_announced_cuts_are_not_claimed_nor_what_they_cover(casa, enlace):
    crear_incidente(casa, "2026-11-15 00:00", "2026-11-15 10:00", planeado=True)
    crear_incidente(casa, "2026-11-15 08:00", "2026-11-15 20:00")

    pedido = reclamo(enlace, NOVIEMBRE, DESPUES)

    assert pedido.minutos == 600
    [unico] = pedido.incidentes
    assert (unico.minutos, unico.cuenta) == (720, 600)


def test_cuts_that_overlap_and_those_in_part_count_as_in_the_month(casa, enlace):
    crear_incidente(casa, "2026-11-15 00:00", "2026-11-15 10:00", peso=50)
    crear_incidente(casa, "2026-11-15 09:00", "2026-11-15 11:00")
    anulado = crear_incidente(casa, "2026-11-20 00:00", "2026-11-21 00:00")
    anular(anulado, razon="No fue.", por=casa.secretaria)

    assert reclamo(enlace, NOVIEMBRE, DESPUES).minutos == 540 // 2 + 120


def test_a_small_cut_within_the_promise_is_not_claimed(casa, enlace):
    crear_incidente(casa, "2026-11-15 00:00", "2026-11-15 02:00")

    pedido = reclamo(enlace, NOVIEMBRE, DESPUES)

    assert pedido.disponibilidad == Decimal("99.73")
    assert (pedido.puntos, pedido.descuento, pedido.procede) == (0, 0, False)


@pytest.mark.parametrize(
    "campos, descuento",
    [
        ({"descuento": "por_punto", "descuento_por_punto": Decimal(5)}, 15336),  # 432.000 × 5 % × 0,71
        ({"descuento": "por_punto", "descuento_por_punto": Decimal(100)}, 306720),
        ({"descuento": "proporcional", "disponibilidad": None}, 4800),
    ],
)
def test_the_discount_is_what_the_clause_says(casa, enlace, campos, descuento):
    crear_incidente(casa, "2026-11-15 20:00", "2026-11-16 04:00")
    type(enlace).objects.filter(pk=enlace.pk).update(**campos)
    enlace.refresh_from_db()

    assert reclamo(enlace, NOVIEMBRE, DESPUES).descuento == descuento


def test_the_discount_is_never_more_than_the_tariff(casa, enlace):
    crear_incidente(casa, "2026-11-01 00:00", "2026-12-01 00:00")
    enlace.descuento, enlace.descuento_por_punto = "por_punto", Decimal(50)

    assert reclamo(enlace, NOVIEMBRE, DESPUES).descuento == 432_000


@pytest.mark.parametrize(
    "campos, dice",
    [
        ({"descuento": "sin_pactar"}, "No se ha escrito qué descuento"),
        ({"tarifa": None}, "Falta la tarifa"),
        (
            {"descuento": "por_punto", "descuento_por_punto": Decimal(5), "disponibilidad": None},
            "Falta la disponib",
        ),
        ({"contrato_hasta": date(2026, 10, 31)}, "no cubre ese mes"),
        ({"contrato_desde": date(2026, 12, 1)}, "no cubre ese mes"),
    ],
)
def test_a_discount_that_cannot_be_computed_says_why(casa, enlace, campos, dice):
    crear_incidente(casa, "2026-11-15 20:00", "2026-11-16 04:00")
    for campo, valor in campos.items():
        setattr(enlace, campo, valor)

    pedido = reclamo(enlace, NOVIEMBRE, DESPUES)

    assert pedido.descuento is None
    assert dice in pedido.razon
    assert pedido.minutos == 480


def test_a_month_in_course_is_claimed_up_to_now(casa, enlace):
    crear_incidente(casa, "2026-11-01 00:00")

    pedido = reclamo(enlace, NOVIEMBRE, momento("2026-11-01 05:00"))

    assert (pedido.minutos_del_mes, pedido.minutos, pedido.disponibilidad) == (300, 300, 0)
    assert pedido.descuento == 3000  # of the tariff of the whole month


def test_points_of_a_month_in_course_are_not_a_discount_yet(casa, enlace):
    """An hour lost at dawn of the first day is half of what has passed, and little of the month."""
    enlace.descuento, enlace.descuento_por_punto = "por_punto", Decimal(5)
    crear_incidente(casa, "2026-11-01 00:00", "2026-11-01 01:00")

    pedido = reclamo(enlace, NOVIEMBRE, momento("2026-11-01 02:00"))

    assert pedido.descuento is None
    assert "no ha terminado" in pedido.razon


def test_a_month_to_come_has_no_availability(enlace):
    pedido = reclamo(enlace, NOVIEMBRE, momento("2026-10-01"))

    assert (pedido.disponibilidad, pedido.puntos, pedido.descuento) == (None, None, None)
    assert "no ha empezado" in pedido.razon


@pytest.mark.parametrize("cuantos", [1, 15])
def test_a_claim_costs_one_query_however_many_cuts(casa, enlace, django_assert_num_queries, cuantos):
    crear_incidente(casa, "2026-11-01 00:00", "2026-11-01 01:00", enlace=crear_enlace())
    for dia in range(1, cuantos + 1):
        crear_incidente(casa, f"2026-11-{dia:02} 00:00", f"2026-11-{dia:02} 00:10")

    with django_assert_num_queries(1):
        assert len(reclamo(enlace, NOVIEMBRE, DESPUES).incidentes) == cuantos
