"""Who is told of each term, once; and what the system does by itself when a term ends."""

from datetime import date, datetime, timedelta

import pytest

from portal.models import Correo, Titularidad, Usuario
from tests.builders import en_fecha
from tests.ventanilla.builders import clase, llevar, radicar
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla.alertas import avisar_terminos, cerrar_respondidos
from ventanilla.flujo import dar_paso
from ventanilla.models import Radicado

FILED = en_fecha("2026-07-01")


@pytest.fixture
def casa(ventanilla):
    """With an address for everybody."""
    for persona in Usuario.objects.all():
        persona.email = f"{persona.username}@ejemplo.gov.co"
        persona.save()
    Titularidad.objects.update(desde=date(2026, 1, 1))
    return ventanilla


@pytest.fixture
def radicado(casa):
    """With Planeación since the day it was filed; due on 24 July, internally on 21 July."""
    radicado = radicar(en=FILED)
    dar_paso(
        "asignar",
        radicado,
        por=casa.secretaria,
        dependencia=casa.planeacion,
        cargo=casa.cargo_autor,
        en=FILED,
    )
    return dar_paso("aceptar", radicado, por=casa.autora, en=FILED)


def avisados(en: datetime) -> set[str]:
    """Who gets a message when it runs at that moment."""
    Correo.objects.all().delete()
    avisar_terminos(en)
    return {correo.para.partition("@")[0] for correo in Correo.objects.all()}


def test_the_dates_of_these_tests(radicado):
    assert (radicado.vence, radicado.vence_interno) == (date(2026, 7, 24), date(2026, 7, 21))


@pytest.mark.parametrize(
    ("dia", "quienes"),
    [
        ("2026-07-17", set()),
        ("2026-07-21", {"autora", "jefe"}),
        ("2026-07-24", {"autora", "jefe"}),
        ("2026-07-25", {"autora", "jefe", "secretaria"}),
        ("2026-08-20", {"autora", "jefe", "secretaria"}),
    ],
)
def test_who_is_told_as_the_day_comes(radicado, dia, quienes):
    assert avisados(en_fecha(dia)) == quienes


def test_at_the_internal_date_only_whoever_handles_it(casa, radicado):
    Radicado.objects.filter(pk=radicado.pk).update(vence=date(2026, 8, 14))

    assert avisados(en_fecha("2026-07-21")) == {"autora"}
    assert avisados(en_fecha("2026-08-11")) == {"autora", "jefe"}


def test_each_warning_is_given_once_and_stays_in_the_line_of_time(radicado):
    esperados = {
        "2026-07-21": True,
        "2026-07-22": False,
        "2026-07-25": True,
        "2026-07-27": False,
        "2026-07-31": True,
        "2026-08-03": False,
        "2026-08-07": True,
    }
    for dia, se_avisa in esperados.items():
        assert bool(avisados(en_fecha(dia))) is se_avisa, dia
        assert not avisados(en_fecha(dia, 18)), dia
    dichos = [a.accion for a in radicado.actuaciones.all() if a.accion.startswith("avisar")]
    assert dichos == ["avisar_jefatura", "avisar_vencido", "avisar_retraso", "avisar_retraso"]
    assert not radicado.actuaciones.filter(accion__startswith="avisar", publica=True).exists()


def test_a_term_that_moved_is_warned_of_again(casa, radicado):
    assert avisados(en_fecha("2026-07-22"))
    dar_paso(
        "prorrogar",
        radicado,
        por=casa.jefe,
        hasta=date(2026, 8, 10),
        motivo="Falta la visita.",
        en=en_fecha("2026-07-23"),
    )

    assert avisados(en_fecha("2026-07-23")) == set()
    assert avisados(en_fecha("2026-08-05")) == {"autora", "jefe"}


def test_one_message_for_each_person_with_all_of_theirs_and_nothing_of_who_filed(casa, radicado):
    otro = llevar(casa, radicar(asunto="Ana pide poda", en=FILED), "en_tramite", en=FILED)

    assert avisados(en_fecha("2026-07-27")) == {"autora", "jefe", "secretaria"}
    correo = Correo.objects.get(para="jefe@ejemplo.gov.co")
    assert correo.asunto == "Radicados vencidos: 2"
    assert radicado.numero in correo.texto and otro.numero in correo.texto
    assert "/panel/radicados/" in correo.texto and "hace 1 día hábil" in correo.texto
    for dato in ("Ana", "poda", "Luces", "1090123456", "ejemplo.co\n"):
        assert dato not in correo.texto, dato


def test_what_nobody_has_is_told_to_the_counter_unless_reserved(casa):
    radicar(en=FILED)
    assert avisados(en_fecha("2026-07-22")) == {"secretaria", "radicadora"}

    Radicado.objects.update(clase=clase("denuncia"))
    assert avisados(en_fecha("2026-07-27")) == {"secretaria"}


def test_without_anybody_in_the_post_it_is_told_to_its_head_and_without_head_to_secretaria_general(
    casa, radicado
):
    Radicado.objects.filter(pk=radicado.pk).update(vence=date(2026, 8, 14))
    casa.autora.titularidades.update(hasta=date(2026, 7, 2))
    assert avisados(en_fecha("2026-07-21")) == {"jefe"}

    casa.jefe.titularidades.update(hasta=date(2026, 7, 2))
    assert avisados(en_fecha("2026-08-12")) == {"secretaria"}


def test_what_waits_for_the_person_or_was_answered_is_not_told(casa):
    llevar(casa, radicar(en=FILED), "requiere_completar", en=FILED)
    llevar(casa, radicar(en=FILED), "respondido", en=FILED)

    assert avisados(en_fecha("2026-07-27")) == set()


def test_whoever_has_no_address_stops_nobody(casa, radicado):
    Usuario.objects.filter(username="jefe").update(email="")

    assert avisados(en_fecha("2026-07-27")) == {"autora", "secretaria"}


@pytest.mark.parametrize("cuantos", [1, 15])
def test_looking_costs_the_same_however_many_there_are(casa, django_assert_num_queries, cuantos):
    for _vez in range(cuantos):
        radicar(en=FILED)

    with django_assert_num_queries(24):  # eight of them for each of the two messages
        avisar_terminos(en_fecha("2026-07-27"))


# --- By itself -----------------------------------------------------------------------------------
def test_an_answered_one_is_closed_when_it_cannot_be_reopened(casa):
    radicado = llevar(casa, radicar(en=FILED), "respondido", en=FILED)

    for dia in ("2026-07-10", "2026-07-15", "2026-07-16"):
        assert cerrar_respondidos(en_fecha(dia)) == "Radicados cerrados: 0."
    assert cerrar_respondidos(en_fecha("2026-07-17")) == "Radicados cerrados: 1."
    radicado.refresh_from_db()
    assert radicado.estado == "cerrado" and radicado.actuaciones.last().por is None
    assert cerrar_respondidos(en_fecha("2026-07-18")) == "Radicados cerrados: 0."


def test_what_has_an_office_goes_to_it_when_filed(casa):
    queja = clase("queja")
    queja.dependencia = casa.planeacion
    queja.save()

    radicado = radicar("queja")
    assert radicado.estado == "asignado" and radicado.dependencia == casa.planeacion
    guardado = Radicado.objects.get()
    assert guardado.estado == "asignado"
    assert [(a.accion, a.por) for a in guardado.actuaciones.all()] == [("radicar", None), ("asignar", None)]
    assert not guardado.actuaciones.last().publica


def test_the_request_of_a_tramite_goes_to_its_office(db):
    casa = crear_casa_en_linea()

    radicado = solicitar(crear_en_linea(casa))
    assert radicado.estado == "asignado" and radicado.dependencia == casa.planeacion


def test_an_office_that_was_closed_gets_nothing(casa):
    casa.planeacion.activa = False
    casa.planeacion.save()
    queja = clase("queja")
    queja.dependencia = casa.planeacion
    queja.save()

    radicado = radicar("queja")
    assert radicado.estado == "radicado" and radicado.dependencia is None


def test_days_of_a_week_are_those_of_bogota(radicado):
    """At 23:00 in Bogotá it is already the next day in UTC."""
    tarde = en_fecha("2026-07-24", 23)
    Radicado.objects.filter(pk=radicado.pk).update(vence_interno=date(2026, 7, 24))

    assert avisados(tarde) == {"autora", "jefe"}
    assert avisados(tarde + timedelta(hours=2)) == {"autora", "jefe", "secretaria"}
