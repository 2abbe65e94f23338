"""Who may write in the log: posts decide, and to administer the site gives no right with legal effect."""

import pytest

from conectividad import services
from conectividad.models import Incidente
from conectividad.permisos import puede_anotar, puede_cerrar, puede_corregir
from portal.flujo import SinPermiso
from portal.models import Cargo
from tests.conectividad.builders import crear_accion, crear_cierre, crear_incidente, momento

ANOTAN = {"secretaria", "auxiliar de Secretaría General", "jefe", "jefe de otra", "alcalde"}


def test_secretaria_general_and_heads_log_and_nobody_else(gente):
    assert {nombre for nombre, persona in gente.items() if puede_anotar(persona)} == ANOTAN


def test_only_the_head_of_secretaria_general_closes_and_with_that_post(gente):
    cargos = {nombre: puede_cerrar(persona) for nombre, persona in gente.items()}

    assert {nombre for nombre, cargo in cargos.items() if cargo} == {"secretaria"}
    assert cargos["secretaria"] == Cargo.objects.get(nombre="Secretario General")


def test_whoever_logged_it_corrects_it_and_the_head_of_secretaria_general(casa, gente):
    incidente = crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00", por=casa.jefe)

    assert {nombre for nombre, p in gente.items() if puede_corregir(p, incidente)} == {"secretaria", "jefe"}


def test_once_its_month_is_closed_only_the_head_of_secretaria_general(casa, gente):
    incidente = crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00", por=casa.jefe)
    crear_cierre(casa, "2026-10")

    assert {nombre for nombre, p in gente.items() if puede_corregir(p, incidente)} == {"secretaria"}


def test_whoever_left_the_post_corrects_no_more(casa):
    incidente = crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00", por=casa.jefe)
    casa.jefe.titularidades.update(hasta=casa.jefe.titularidades.get().desde)
    del casa.jefe._alcance

    assert not puede_corregir(casa.jefe, incidente)


def test_what_the_watcher_found_is_corrected_by_the_head_of_secretaria_general(casa, gente):
    incidente = crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00")
    Incidente.objects.update(origen="vigilante", registrado_por=None)
    incidente.refresh_from_db()

    assert {nombre for nombre, p in gente.items() if puede_corregir(p, incidente)} == {"secretaria"}


@pytest.mark.parametrize("quien", ["auxiliar", "admin", "sin cargo", "vencida", "inactiva"])
def test_services_ask_again_whoever_calls(casa, gente, quien):
    incidente = crear_incidente(casa, "2026-10-06 09:00")
    por = gente[quien]

    for hacer in (
        lambda: crear_incidente(casa, "2026-10-07 09:00", "2026-10-07 10:00", por=por),
        lambda: services.terminar(incidente, fin=momento("2026-10-06 10:00"), por=por),
        lambda: services.corregir(incidente, cambios={"ticket": "T"}, razon="x", por=por),
        lambda: services.anular(incidente, razon="x", por=por),
        lambda: crear_accion(casa, incidente, por=por),
        lambda: crear_cierre(casa, "2026-10", por=por),
    ):
        with pytest.raises(SinPermiso):
            hacer()
    assert Incidente.objects.get().abierto


@pytest.mark.parametrize("quien", ["alcalde", "jefe", "auxiliar de Secretaría General"])
def test_to_log_is_not_to_close(casa, gente, quien):
    with pytest.raises(SinPermiso, match="Secretaría General"):
        crear_cierre(casa, "2026-10", por=gente[quien])


def test_asking_whether_one_logs_costs_one_query_a_request(casa, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert puede_anotar(casa.jefe) and puede_anotar(casa.jefe)
