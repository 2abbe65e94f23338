"""What PostgreSQL itself guarantees of the log, whoever asks and by whatever door."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from conectividad.models import CierreMensual, Enlace, Incidente, ResumenDeSondeos, Sondeo
from tests.conectividad.builders import crear_accion, crear_cierre, crear_incidente, momento


def ejecutar(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "cambio", ["UPDATE {} SET datos = '{{}}'", "UPDATE {} SET firma = 'otra'", "DELETE FROM {}"]
)
def test_a_closing_never_changes_nor_goes(casa, cambio):
    crear_cierre(casa, "2026-10")

    with pytest.raises(IntegrityError, match="solo se agregan"):
        ejecutar(cambio.format("conectividad_cierremensual"))


@pytest.mark.parametrize("cambio", ["UPDATE {} SET texto = 'otro'", "DELETE FROM {}"])
def test_an_action_is_only_added(casa, cambio):
    crear_accion(casa, crear_incidente(casa, "2026-11-03 09:00"))

    with pytest.raises(IntegrityError, match="solo se agregan"):
        ejecutar(cambio.format("conectividad_accion"))


def test_a_cut_is_annulled_and_never_erased(casa):
    crear_incidente(casa, "2026-11-03 09:00")

    with pytest.raises(IntegrityError, match="se anulan"):
        Incidente.objects.all()._raw_delete("default")


def fila(casa, **campos) -> Incidente:
    """A row past every check of Python."""
    inicio = momento("2026-11-03 09:00")
    valores = {"enlace": casa.enlace, "clave": uuid4(), "inicio": inicio, "anotado_en": inicio}
    with transaction.atomic():
        return Incidente.objects.bulk_create([Incidente(**valores | campos)])[0]


@pytest.mark.parametrize(
    "campos",
    [
        {"fin": momento("2026-11-03 09:00")},
        {"fin": momento("2026-11-03 08:59")},
        {"alcance": "total", "peso": 99},
        {"alcance": "parcial", "peso": 100},
        {"alcance": "parcial", "peso": 0},
        {"alcance": "otro", "peso": 50},
        {"anulado_razon": "Porque sí."},
        {"anulado_en": momento("2026-11-03 10:00")},
    ],
)
def test_an_impossible_cut_is_refused(casa, campos):
    with pytest.raises(IntegrityError):
        fila(casa, **campos)


def test_a_line_has_one_open_cut_of_each_origin(casa):
    primera = fila(casa)
    assert fila(casa, origen="vigilante").pk

    with pytest.raises(IntegrityError, match="un_corte_abierto"):
        fila(casa)
    Incidente.objects.filter(pk=primera.pk).update(
        anulado_en=primera.inicio, anulado_por=casa.secretaria, anulado_razon="x"
    )
    assert fila(casa).pk


def test_a_key_belongs_to_one_cut(casa):
    primera = fila(casa, fin=momento("2026-11-03 10:00"))

    with pytest.raises(IntegrityError, match="clave"):
        fila(casa, clave=primera.clave)


def test_a_month_of_a_line_is_closed_once(casa):
    cierre = crear_cierre(casa, "2026-10")
    cierre.pk = None

    with pytest.raises(IntegrityError, match="un_cierre_por_mes"), transaction.atomic():
        CierreMensual.objects.bulk_create([cierre])


@pytest.mark.parametrize(
    "campos",
    [
        {"contrato_desde": "2026-02-01", "contrato_hasta": "2026-01-31"},
        {"descuento": "por_punto"},
    ],
)
def test_an_impossible_contract_is_refused(casa, campos):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enlace.objects.filter(pk=casa.enlace.pk).update(**campos)


@pytest.mark.parametrize(
    "campos", [{"intentados": 0, "respondieron": 0}, {"intentados": 1, "respondieron": 2}]
)
def test_an_impossible_round_is_refused(casa, campos):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sondeo.objects.create(enlace=casa.enlace, en=momento("2026-11-03"), **campos)


def test_a_moment_has_one_round_and_an_hour_one_sum(casa):
    hora = momento("2026-11-03")
    for modelo, campos in (
        (Sondeo, {"en": hora, "intentados": 1, "respondieron": 1}),
        (ResumenDeSondeos, {"hora": hora}),
    ):
        modelo.objects.create(enlace=casa.enlace, **campos)
        with pytest.raises(IntegrityError), transaction.atomic():
            modelo.objects.create(enlace=casa.enlace, **campos)


# --- What the models ask ------------------------------------------------------------------------
def test_cuts_between_two_moments_include_the_open_ones_and_leave_out_the_annulled(casa):
    antes = fila(casa, inicio=momento("2026-11-01"), fin=momento("2026-11-02"))
    dentro = fila(casa, inicio=momento("2026-11-03 09:00"), fin=momento("2026-11-03 10:00"))
    abierta = fila(casa, inicio=momento("2026-11-01"))
    desde, hasta = momento("2026-11-02"), momento("2026-11-04")

    assert set(Incidente.objects.entre(desde, hasta)) == {dentro, abierta}
    assert set(Incidente.objects.entre(desde - timedelta(minutes=1), hasta)) == {antes, dentro, abierta}
    assert not Incidente.objects.entre(momento("2026-10-01"), momento("2026-11-01")).exists()
