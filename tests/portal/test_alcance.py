"""What a person reaches, read once: it says the same as the rule itself, and no more."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.alcance import alcance_de
from portal.models import Asignacion, Canal
from tests.builders import (
    asignar,
    crear_canal,
    crear_cargo,
    crear_dependencia,
    crear_titularidad,
    crear_usuario,
)

GENTE = ("autora", "editor", "jefe", "secretaria", "alcalde", "tesorero", "admin")


@pytest.mark.parametrize("quien", GENTE)
def test_the_channels_are_those_of_the_rule(casa, quien):
    usuario = getattr(casa, quien)
    asignar(crear_canal(), autor=casa.cargo_autor)
    asignar(crear_canal(casa.planeacion, activo=False), autor=casa.cargo_autor, autoriza=casa.cargo_alcalde)

    for funcion in Asignacion.Funcion.values:
        esperados = set(Canal.objects.que_puede(usuario, funcion).values_list("pk", flat=True))
        assert alcance_de(usuario).canales[funcion] == esperados, funcion


def test_what_each_post_gives(casa):
    jefe, autora, secretaria, admin = (
        alcance_de(q) for q in (casa.jefe, casa.autora, casa.secretaria, casa.admin)
    )

    assert jefe.dirige == jefe.dependencias == {casa.planeacion.pk}
    assert not jefe.dirige_secretaria_general
    assert secretaria.dirige_secretaria_general
    assert (autora.dirige, autora.dependencias) == (frozenset(), {casa.planeacion.pk})
    assert autora.asignados("autor") == {casa.canal.pk}
    assert autora.asignados("editor", "autoriza") == frozenset()
    assert autora.funciones_en(casa.canal.slug) == {"autor"}
    assert autora.escriben_en(["autor", "editor"]) == {casa.planeacion.pk}
    assert jefe.asignados("autor", "editor", "autoriza") == frozenset()  # heading opens; it does not assign
    assert (admin.puestos, admin.dirige, admin.dirige_secretaria_general) == ((), frozenset(), False)


def test_two_posts_add_up(casa):
    otra = crear_cargo(crear_dependencia())
    canal = crear_canal()
    asignar(canal, editor=otra)
    crear_titularidad(casa.autora, otra, calidad="encargado")

    alcance = alcance_de(casa.autora)

    assert alcance.asignados("autor", "editor") == {casa.canal.pk, canal.pk}
    assert alcance.dependencias == {casa.planeacion.pk, otra.dependencia_id}


@pytest.mark.parametrize(
    "usuario",
    [AnonymousUser(), "inactiva", "vencida", "cerrado"],
)
def test_whoever_holds_no_post_reaches_nothing(casa, usuario):
    if usuario == "inactiva":
        usuario = crear_usuario("inactiva", crear_cargo(casa.planeacion, es_jefatura=True), is_active=False)
    elif usuario == "vencida":
        ayer = timezone.localdate() - timedelta(days=1)
        usuario = crear_usuario("vencida")
        crear_titularidad(usuario, casa.cargo_editor, calidad="encargado", hasta=ayer)
    elif usuario == "cerrado":
        usuario = crear_usuario("cerrado", crear_cargo(casa.general, es_jefatura=True, activo=False))
    alcance = alcance_de(usuario)

    assert alcance.puestos == ()
    assert not any(alcance.canales.values())


@pytest.mark.parametrize("cuantos", [1, 40])
def test_it_costs_two_queries_once(casa, django_assert_num_queries, cuantos):
    for _ in range(cuantos):
        asignar(crear_canal(), autor=casa.cargo_autor, editor=casa.cargo_autor)

    with django_assert_num_queries(2):
        for _vez in range(2):
            alcance = alcance_de(casa.autora)
            assert len(alcance.asignados("autor")) == cuantos + 1
            assert len(alcance.canales["autor"]) == cuantos + 1


def test_it_is_of_one_day(casa):
    manana = timezone.now() + timedelta(days=1)
    casa.autora.titularidades.update(hasta=timezone.localdate())

    assert alcance_de(casa.autora).puestos
    assert not alcance_de(casa.autora, manana).puestos
