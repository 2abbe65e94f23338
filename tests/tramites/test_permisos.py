"""Who may do what with trámites, by every door: nobody ticks permissions, posts have them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from portal.flujo import Contexto, SinPermiso
from portal.models import Asignacion, Titularidad
from tests.builders import crear_cargo, crear_titularidad, crear_usuario
from tests.tramites.builders import crear_tramite, escribir
from tramites import flujo, services
from tramites.hojas import exigir_que_escriba
from tramites.models import Tramite

AUTOR, AUTORIZA = Asignacion.Funcion.AUTOR, Asignacion.Funcion.AUTORIZA
ESCRIBEN = {"suit", "corrector", "jefe", "secretaria"}
APRUEBAN = {"jefe", "secretaria", "alcalde"}


def crear(casa, por):
    services.crear_tramite(
        codigo="AAA-001", nombre="Nuevo", tipo="tramite", dependencia=casa.planeacion, por=por
    )


PUERTAS = {
    "identificar": lambda casa, tramite, por: crear(casa, por),
    "escribir": lambda casa, tramite, por: escribir(tramite, por=por, resultado="Otro"),
    "confirmar": lambda casa, tramite, por: services.confirmar_dato(tramite, parte="costo", por=por),
    "ratificar": lambda casa, tramite, por: services.ratificar_vigencia(tramite, por=por),
    "previos": lambda casa, tramite, por: services.fijar_previos(tramite, [], por=por),
}


@pytest.mark.parametrize("puerta", PUERTAS)
@pytest.mark.parametrize(
    "quien",
    [
        *("suit", "corrector", "jefe", "secretaria", "alcalde", "jefe de otra", "auxiliar"),
        *("editor de otro canal", "admin", "sin cargo", "vencida", "inactiva"),
    ],
)
def test_every_door_opens_to_who_writes_those_of_that_office_and_to_nobody_else(casa, gente, puerta, quien):
    ayer = timezone.now() - timedelta(days=1)
    tramite = crear_tramite(casa, "inscrito", publicado=True, en=ayer, por_confirmar={"costo": "inferido"})
    flujo.dar_paso("actualizar", tramite, por=casa.suit)

    if quien in ESCRIBEN:
        PUERTAS[puerta](casa, tramite, gente[quien])
    else:
        pasos = tramite.pasos.count()
        with pytest.raises(SinPermiso, match="lleva las hojas de vida"):
            PUERTAS[puerta](casa, tramite, gente[quien])
        ahora = Tramite.objects.get()
        assert (ahora.por_confirmar, ahora.revisado_en) == ({"costo": "inferido"}, ayer)
        assert ahora.pasos.count() == pasos


def test_the_list_of_what_one_may_do_says_the_same_as_each_step(casa, gente):
    """The rule is one: a QuerySet for lists, a function for steps."""
    tramites = [crear_tramite(casa, "sin_gestion", dependencia=d) for d in (casa.planeacion, casa.hacienda)]

    for persona in gente.values():
        contexto = Contexto(persona, timezone.now())
        for funcion, regla in ((AUTOR, flujo.escribe), (AUTORIZA, flujo.aprueba)):
            pueden = set(Tramite.objects.que_puede(persona, funcion))
            assert pueden == {t for t in tramites if not regla(t, contexto)}, persona
        assert services.escribe_algun_tramite(persona) == Tramite.objects.que_puede(persona, AUTOR).exists()


def test_who_writes_and_who_approves_in_the_office_and_elsewhere(casa, gente):
    propio = crear_tramite(casa, "sin_gestion")
    ajeno = crear_tramite(casa, "sin_gestion", dependencia=casa.hacienda)

    def quienes(funcion, tramite):
        pueden = {q for q, p in gente.items() if tramite in Tramite.objects.que_puede(p, funcion)}
        return pueden

    assert quienes(AUTOR, propio) == ESCRIBEN
    assert quienes(AUTORIZA, propio) == APRUEBAN
    assert quienes(AUTOR, ajeno) == ESCRIBEN - {"jefe"} | {"jefe de otra"}
    assert quienes(AUTORIZA, ajeno) == APRUEBAN - {"jefe"} | {"jefe de otra"}


def test_who_did_not_enter_may_do_nothing(casa):
    tramite = crear_tramite(casa, "sin_gestion")

    assert not Tramite.objects.que_puede(AnonymousUser(), AUTOR).exists()
    with pytest.raises(SinPermiso):
        exigir_que_escriba(tramite, AnonymousUser())


def test_the_system_itself_takes_no_step(casa):
    tramite = crear_tramite(casa, "sin_gestion")

    with pytest.raises(SinPermiso):
        flujo.dar_paso("empezar", tramite, por=None)


class TestThePostDecides:
    def test_from_its_first_day_to_its_last_one(self, casa):
        tramite, hoy = crear_tramite(casa, "sin_gestion"), timezone.localdate()
        persona = crear_usuario("encargada")
        cargo = casa.cargo_suit
        crear_titularidad(persona, cargo, calidad="encargado", desde=hoy, hasta=hoy + timedelta(days=2))

        def puede(dias):
            en = timezone.now() + timedelta(days=dias)
            return Tramite.objects.que_puede(persona, AUTOR, en).filter(pk=tramite.pk).exists()

        assert [puede(dias) for dias in (-1, 0, 2, 3)] == [False, True, True, False]

    def test_a_closed_post_gives_no_right(self, casa):
        crear_tramite(casa, "sin_gestion")
        casa.cargo_suit.activo = False
        casa.cargo_suit.save()

        assert not Tramite.objects.que_puede(casa.suit, AUTOR).exists()

    def test_the_matrix_of_another_channel_gives_none(self, casa):
        crear_tramite(casa, "sin_gestion")
        casa.cargo_suit.asignaciones.update(canal=casa.canal)

        assert not Tramite.objects.que_puede(casa.suit, AUTOR).exists()

    def test_a_head_without_matrix_has_those_of_the_office(self, casa):
        crear_tramite(casa, "sin_gestion")
        nueva = crear_cargo(casa.planeacion, "Subsecretaria", es_jefatura=True)
        persona = crear_usuario("subsecretaria", nueva)

        assert Tramite.objects.que_puede(persona, AUTORIZA).exists()

    def test_when_somebody_leaves_the_next_one_goes_on_with_the_draft(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        ayer = timezone.localdate() - timedelta(days=1)
        Titularidad.objects.filter(persona=casa.suit).update(hasta=ayer)
        nueva = crear_usuario("nueva")
        crear_titularidad(nueva, casa.cargo_suit, desde=timezone.localdate())

        with pytest.raises(SinPermiso):
            escribir(tramite, por=casa.suit, resultado="De quien se fue")
        escribir(tramite, por=nueva, resultado="De quien llegó")

        assert tramite.hoja_abierta().editada_por == nueva

    def test_who_sent_and_left_does_not_take_it_back(self, casa):
        tramite = crear_tramite(casa, "enviado")
        Titularidad.objects.filter(persona=casa.suit).update(hasta=timezone.localdate() - timedelta(days=1))

        with pytest.raises(SinPermiso):
            flujo.dar_paso("recoger", tramite, por=casa.suit, motivo="Ya no trabajo aquí.")
