"""What waits for each person at the ventanilla."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from portal.alcance import alcance_de
from portal.calendario import DiasHabiles
from tests.builders import crear_cargo, crear_usuario
from tests.ventanilla.builders import llevar, radicar
from ventanilla import services, subcasos
from ventanilla.bandeja import de_ventanilla
from ventanilla.flujo import dar_paso
from ventanilla.models import Radicado

REPARTIR = "Radicados por repartir"
ACEPTAR = "Radicados por aceptar"
RESPONDER = "Radicados por responder: vencidos o por vencer"
FIRMAR = "Respuestas por firmar"
PARTE = "Le piden una parte de la respuesta"
DESISTIR = "Desistimientos por declarar"
ANULAR = "Anulaciones por decidir"
MENSAJES = "Mensajes de la gente sin responder"
GENTE = ("secretaria", "radicadora", "jefe", "tesorero", "auxiliar", "alcalde", "admin")


def tareas(grupo, usuario, en=None):
    en = en or timezone.now()
    return [t for g in de_ventanilla(usuario, en) if g.titulo == grupo for t in g.tareas]


def a_quienes(casa, grupo, en=None) -> set[str]:
    """Who is asked something in that group."""
    return {quien for quien in GENTE if tareas(grupo, getattr(casa, quien), en)}


def tarde(radicado: Radicado) -> Radicado:
    ayer = timezone.localdate() - timedelta(days=1)
    Radicado.objects.filter(pk=radicado.pk).update(vence=ayer, vence_interno=ayer)
    radicado.refresh_from_db()
    return radicado


def test_what_nobody_has_waits_for_the_counter(ventanilla):
    radicado = radicar()

    assert a_quienes(ventanilla, REPARTIR) == {"secretaria", "radicadora"}
    [tarea] = tareas(REPARTIR, ventanilla.radicadora)
    assert tarea.titulo == str(radicado) and tarea.url == radicado.get_absolute_url() and not tarea.urgente


def test_a_reserved_one_waits_only_for_secretaria_general_and_does_not_say_what_it_is(ventanilla):
    denuncia = radicar("denuncia")

    assert a_quienes(ventanilla, REPARTIR) == {"secretaria"}
    assert tareas(REPARTIR, ventanilla.secretaria)[0].titulo == f"{denuncia.numero}: Reservado"


def test_what_was_given_to_an_office_waits_for_its_head_and_to_a_post_for_the_post(ventanilla):
    llevar(ventanilla, radicar(), "asignado")
    assert a_quienes(ventanilla, ACEPTAR) == {"jefe"}

    dar_paso(
        "asignar",
        radicar(),
        por=ventanilla.secretaria,
        dependencia=ventanilla.planeacion,
        cargo=ventanilla.cargo_autor,
    )
    assert a_quienes(ventanilla, ACEPTAR) == {"jefe", "auxiliar"}
    assert len(tareas(ACEPTAR, ventanilla.jefe)) == 1


def test_what_is_late_or_near_is_urgent_for_whoever_handles_it(ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    assert a_quienes(ventanilla, RESPONDER) == set()

    tarde(radicado)
    assert a_quienes(ventanilla, RESPONDER) == {"jefe"}
    [tarea] = tareas(RESPONDER, ventanilla.jefe)
    assert tarea.urgente and "Venció el" in tarea.detalle


def test_an_answer_waits_to_be_signed_and_then_for_a_second_person(ventanilla):
    llevar(ventanilla, radicar(), "por_firmar")
    denuncia = llevar(ventanilla, radicar("denuncia"), "por_firmar")
    assert a_quienes(ventanilla, FIRMAR) == {"jefe"} and len(tareas(FIRMAR, ventanilla.jefe)) == 2

    dar_paso("firmar_primero", denuncia, por=ventanilla.jefe)
    assert a_quienes(ventanilla, FIRMAR) == {"jefe", "secretaria"}
    assert len(tareas(FIRMAR, ventanilla.jefe)) == len(tareas(FIRMAR, ventanilla.secretaria)) == 1


def test_what_is_asked_of_an_office_waits_for_its_head(ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    subcaso = subcasos.pedir(
        radicado,
        dependencia=ventanilla.hacienda,
        pregunta="¿Está al día?",
        vence=DiasHabiles().siguiente(timezone.localdate()),
        por=ventanilla.jefe,
    )

    assert a_quienes(ventanilla, PARTE) == {"tesorero"}
    assert tareas(PARTE, ventanilla.tesorero)[0].url == f"/panel/radicados/subcasos/{subcaso.pk}/"
    subcasos.responder(subcaso, respuesta="Sí.", por=ventanilla.tesorero)
    assert a_quienes(ventanilla, PARTE) == set()


def test_a_month_without_completing_waits_for_the_head(ventanilla):
    radicado = llevar(ventanilla, radicar(), "requiere_completar")
    assert a_quienes(ventanilla, DESISTIR) == set()

    despues = timezone.now() + (radicado.completar_hasta - timezone.localdate()) + timedelta(days=1)
    assert a_quienes(ventanilla, DESISTIR, despues) == {"jefe"}


def test_an_annulment_waits_for_another_person(ventanilla):
    dar_paso("pedir_anulacion", radicar(), por=ventanilla.radicadora, motivo="Repetido.")
    assert a_quienes(ventanilla, ANULAR) == {"secretaria"}

    otro = llevar(ventanilla, radicar(), "en_tramite")
    dar_paso("pedir_anulacion", otro, por=ventanilla.secretaria, motivo="Repetido.")
    assert a_quienes(ventanilla, ANULAR) == {"secretaria", "radicadora", "jefe"}


def test_a_message_waits_until_somebody_answers(ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    services.enviar_mensaje(radicado, clave=uuid4(), texto="¿Cuándo vienen?")
    assert a_quienes(ventanilla, MENSAJES) == {"jefe"}

    services.enviar_mensaje(radicado, clave=uuid4(), texto="El lunes.", por=ventanilla.jefe)
    assert a_quienes(ventanilla, MENSAJES) == set()


def test_a_message_to_what_was_closed_also_waits_if_it_came_after(ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    services.enviar_mensaje(radicado, clave=uuid4(), texto="Ya no hace falta, gracias.")
    radicado = dar_paso("desistir", radicado, por=None, de_la_persona=True)
    assert a_quienes(ventanilla, MENSAJES) == set()

    services.enviar_mensaje(radicado, clave=uuid4(), texto="Me equivoqué: sí la necesito.")
    assert a_quienes(ventanilla, MENSAJES) == {"jefe"}


@pytest.mark.parametrize(
    ("codigo", "quienes"), [("queja", {"radicadora", "secretaria"}), ("denuncia", {"secretaria"})]
)
def test_a_message_to_what_no_office_has_is_of_whoever_gives_it(ventanilla, codigo, quienes):
    services.enviar_mensaje(radicar(codigo), clave=uuid4(), texto="Olvidé decir la calle.")
    assert a_quienes(ventanilla, MENSAJES) == quienes


def poblar(casa) -> None:
    radicar()
    dar_paso("pedir_anulacion", radicar(), por=casa.radicadora, motivo="Repetido.")
    for estado in ("asignado", "en_tramite", "por_firmar", "requiere_completar"):
        tarde(llevar(casa, radicar(), estado))


@pytest.mark.parametrize("cuantos", [1, 6])
def test_all_of_it_costs_one_query_however_much_there_is(ventanilla, django_assert_num_queries, cuantos):
    for _vez in range(cuantos):
        poblar(ventanilla)
    for quien in ("secretaria", "radicadora", "jefe", "auxiliar"):
        persona = getattr(ventanilla, quien)
        assert alcance_de(persona).puestos

        with django_assert_num_queries(1):
            de_ventanilla(persona, timezone.now())


def test_whoever_holds_no_post_costs_nothing(ventanilla, django_assert_num_queries):
    persona = crear_usuario("sin.cargo")
    assert not alcance_de(persona).puestos

    with django_assert_num_queries(0):
        assert de_ventanilla(persona, timezone.now()) == []


def test_a_closed_post_gets_nothing(ventanilla):
    cargo = crear_cargo(ventanilla.planeacion, activo=False)
    persona = crear_usuario("de.antes", cargo)
    llevar(ventanilla, radicar(), "asignado")

    assert de_ventanilla(persona, timezone.now()) == []
