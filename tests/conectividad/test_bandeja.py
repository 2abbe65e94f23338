"""What waits for each person about connectivity."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conectividad import bandeja, services
from conectividad.mes import Mes
from conectividad.models import Accion, Incidente
from portal.alcance import alcance_de
from portal.bandeja import juntar
from tests.conectividad.builders import (
    crear_accion,
    crear_cierre,
    crear_enlace,
    crear_incidente,
    momento,
)

EN = momento("2026-11-10 09:00")
ANOTAN = {"secretaria", "auxiliar de Secretaría General", "jefe", "jefe de otra", "alcalde"}


ABIERTOS, SIN_ACCION, POR_CERRAR = (
    "Cortes de internet sin terminar",
    "Cortes de internet sin ninguna acción",
    "Meses de conectividad por cerrar",
)


def tareas(grupo, usuario, en=EN):
    """The lines of the group with that title; none when the person is not asked."""
    ramas = bandeja.de_conectividad(usuario, en)
    grupos = {hallado.titulo: hallado for hallado in (juntar(*ramas) if ramas else [])}
    return grupos[grupo].tareas if grupo in grupos else []


def titulos(grupo, usuario, en=EN) -> list[str]:
    return [tarea.titulo for tarea in tareas(grupo, usuario, en)]


def test_a_cut_that_goes_on_asks_whoever_logs(casa, gente):
    crear_incidente(casa, "2026-11-05 08:15")
    crear_incidente(casa, "2026-11-03 08:15", "2026-11-03 09:00")

    for quien, persona in gente.items():
        esperado = ["Palacio municipal: ¿ya volvió?"] if quien in ANOTAN else []
        assert titulos(ABIERTOS, persona) == esperado, quien


def test_a_cut_nobody_acted_on_asks_what_was_done(casa, gente):
    crear_incidente(casa, "2026-11-05 08:15", "2026-11-05 09:00")
    crear_incidente(casa, "2026-10-05 08:15", "2026-10-05 09:00")
    crear_accion(casa, crear_incidente(casa, "2026-11-06 08:15", "2026-11-06 09:00"))
    crear_incidente(casa, "2026-11-07 08:15", "2026-11-07 09:00", planeado=True)
    crear_incidente(casa, "2026-09-05 08:15", "2026-09-05 09:00")
    anulado = crear_incidente(casa, "2026-11-08 08:15", "2026-11-08 09:00")
    services.anular(anulado, razon="No fue.", por=casa.secretaria)
    for corte in Incidente.objects.filter(planeado=False):  # what the watcher writes is no action
        Accion.objects.create(incidente=corte, texto="Sondeo automático: nada responde.")

    for quien, persona in gente.items():
        esperado = ["Palacio municipal: ¿qué se hizo?"] * 2 if quien in ANOTAN else []
        assert titulos(SIN_ACCION, persona) == esperado, quien
    detalle = tareas(SIN_ACCION, casa.secretaria)[0].detalle
    assert detalle.startswith("Corte del 5 de octubre, 8:15")


def test_the_last_month_waits_for_the_head_of_secretaria_general_until_it_is_signed(casa, gente):
    crear_enlace("Biblioteca")
    crear_enlace("Vieja", activo=False)

    for quien, persona in gente.items():
        cuantos = 2 if quien == "secretaria" else 0
        assert len(titulos(POR_CERRAR, persona)) == cuantos, quien
    crear_cierre(casa, "2026-10")
    assert titulos(POR_CERRAR, casa.secretaria) == ["Biblioteca, octubre de 2026"]


@pytest.mark.parametrize("cuantos", [1, 30])
def test_all_of_it_costs_one_query_however_much_there_is(casa, django_assert_num_queries, cuantos):
    for n in range(cuantos):
        enlace = crear_enlace()
        crear_incidente(casa, f"2026-11-09 08:{n:02}", enlace=enlace)
    assert alcance_de(casa.secretaria).puestos  # the front page knows them

    with django_assert_num_queries(1):
        grupos = juntar(*bandeja.de_conectividad(casa.secretaria, EN))

    assert [(len(grupo.tareas), grupo.total) for grupo in grupos] == [
        (min(cuantos, 20), cuantos),
        (min(cuantos, 20), cuantos),
        (min(cuantos + 1, 20), cuantos + 1),  # the lines, and the one of the house
    ]


def test_they_are_in_the_front_page_with_their_links(casa, client):
    hace_poco = timezone.localtime() - timedelta(minutes=5)
    corte = crear_incidente(casa, f"{hace_poco:%Y-%m-%d %H:%M}", en=timezone.now())
    client.force_login(casa.secretaria)

    pagina = client.get("/admin/").text

    assert corte.get_absolute_url() in pagina
    assert f"/panel/conectividad/{casa.enlace.slug}/{Mes.de(timezone.now()).anterior.clave}/" in pagina
    assert "/panel/conectividad/" in pagina


def test_the_button_is_only_for_whoever_may_enter(casa, gente, client):
    for quien, persona in gente.items():
        if persona.is_active:
            client.force_login(persona)
            con_boton = "Bitácora de conectividad" in client.get("/admin/").text
            assert con_boton is (quien in ANOTAN | {"admin"}), quien
