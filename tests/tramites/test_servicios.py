"""The inventory: identify, confirm, ratify, what goes before, who reads. And every bad input."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.flujo import CondicionIncumplida
from portal.models import Actualizacion, Edicion
from tests.builders import en_fecha
from tests.tramites.builders import crear_tramite
from tramites import services
from tramites.models import LecturaDiaria, Tramite
from tramites.services import SLUGS_RESERVADOS, slug_libre


@pytest.fixture
def identificar(casa):
    """Put a trámite in the inventory with only what matters said."""

    def hacerlo(**campos) -> Tramite:
        valores = {
            "codigo": "AAA-001",
            "nombre": "Permiso de rifa",
            "tipo": "tramite",
            "dependencia": casa.planeacion,
            "por": casa.suit,
        }
        return services.crear_tramite(**valores | campos)

    return hacerlo


def rechazo_de(hacer, **campos) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as rechazo:
        hacer(**campos)
    return rechazo.value.message_dict


# --- Identifying --------------------------------------------------------------------------------
class TestIdentify:
    def test_it_enters_the_inventory_with_its_first_step(self, identificar, casa):
        en = en_fecha("2026-03-02")

        tramite = identificar(en=en, palabra="rifa", por_confirmar={"costo": "inferido"})

        assert (tramite.estado, tramite.slug) == ("sin_gestion", "permiso-de-rifa")
        assert tramite.identificado_en == en
        paso = tramite.pasos.get()
        assert (paso.accion, paso.de, paso.a) == ("identificar", "", "sin_gestion")
        assert (paso.por, paso.en, paso.dependencia) == (casa.suit, en, casa.planeacion)
        assert tramite.hojas.count() == 0

    @pytest.mark.parametrize(
        "codigo",
        ["", "HAC", "hac-001", "HAC-1", "HAC-0001", "H-001", "HACIEN-001", "HAC_001", "HAC-٠٠١", "HAC-001\n"],
    )
    def test_a_code_that_is_not_one_is_refused_beside_its_field(self, identificar, codigo):
        assert set(rechazo_de(identificar, codigo=codigo)) == {"codigo"}
        assert not Tramite.objects.exists()

    def test_a_code_that_is_taken_is_refused(self, identificar):
        identificar()

        assert set(rechazo_de(identificar, nombre="Otro")) == {"codigo"}
        assert Tramite.objects.count() == 1

    @pytest.mark.parametrize("numero", ["12a", "0123", "12345678901", "١٢٣", "-1", "1 2", "123\n"])
    def test_a_number_the_suit_cannot_have_given_is_refused(self, identificar, numero):
        assert "numero_suit" in rechazo_de(identificar, numero_suit=numero)

    def test_the_number_of_another_is_refused_in_words(self, identificar):
        identificar(numero_suit="26418")

        dicho = rechazo_de(identificar, codigo="AAA-002", numero_suit="26418")

        assert dicho == {"numero_suit": ["Otro trámite ya tiene ese número del SUIT."]}

    @pytest.mark.parametrize(
        ("campos", "campo"),
        [
            ({"nombre": ""}, "nombre"),
            ({"nombre": "x" * 201}, "nombre"),
            ({"tipo": "servicio"}, "tipo"),
            ({"palabra": "dos palabras"}, "palabra"),
            ({"estado": "en_la_luna"}, "estado"),
        ],
    )
    def test_any_other_bad_field_is_refused_by_its_name(self, identificar, campos, campo):
        assert campo in rechazo_de(identificar, **campos)

    def test_the_short_word_of_another_is_refused(self, identificar):
        identificar(palabra="rifa")

        assert set(rechazo_de(identificar, codigo="AAA-002", palabra="rifa")) == {"palabra"}


# --- Addresses ----------------------------------------------------------------------------------
class TestAddresses:
    def test_the_same_name_gets_the_next_address(self, identificar):
        slugs = [identificar(codigo=f"AAA-00{n}").slug for n in range(1, 5)]

        assert slugs == ["permiso-de-rifa", "permiso-de-rifa-2", "permiso-de-rifa-3", "permiso-de-rifa-4"]

    def test_a_gap_left_by_another_name_is_not_taken_twice(self, identificar):
        identificar(nombre="Permiso de rifa 2")

        slugs = [identificar(codigo=f"AAA-00{n}").slug for n in (2, 3)]

        assert slugs == ["permiso-de-rifa", "permiso-de-rifa-3"]

    def test_the_addresses_of_the_site_are_not_given_to_a_tramite(self, db):
        propias = {
            str(ruta.pattern).removeprefix("tramites/").rstrip("/")
            for ruta in get_resolver("tramites.urls").url_patterns
            if str(ruta.pattern).startswith("tramites/") and "<" not in str(ruta.pattern)
        } - {""}

        assert propias <= SLUGS_RESERVADOS
        for slug in sorted(propias):
            assert slug_libre(slug.replace("-", " ").upper()) == f"{slug}-2"

    @pytest.mark.parametrize("nombre", ["¿?", "…", "日本", "-", "___"])
    def test_a_name_without_letters_gets_an_address_too(self, db, nombre):
        assert slug_libre(nombre) == "tramite"

    def test_a_very_long_name_fits(self, identificar):
        for n in range(1, 4):
            tramite = identificar(codigo=f"AAA-00{n}", nombre="a" * 99 + " " + "b" * 100)
            assert len(tramite.slug) <= 120
            tramite.full_clean(exclude=["hoja_publica"])

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(min_size=1, max_size=200))
    def test_any_name_gets_an_address_that_can_be_one(self, db, nombre):
        slug = slug_libre(nombre)

        Tramite._meta.get_field("slug").clean(slug, None)
        assert slug not in SLUGS_RESERVADOS


# --- Confirming ---------------------------------------------------------------------------------
class TestConfirm:
    def test_its_warning_goes_and_who_answered_stays_written(self, casa):
        dudas = {"costo": "inferido", "tiempo": "inferido: 15"}
        tramite = crear_tramite(casa, "sin_gestion", por_confirmar=dudas)
        edicion = Edicion.actual()

        services.confirmar_dato(tramite, parte="tiempo", por=casa.jefe)

        ahora = Tramite.objects.get()
        paso = ahora.pasos.last()
        assert ahora.por_confirmar == {"costo": "inferido"}
        assert (paso.accion, paso.por, paso.motivo) == ("confirmar", casa.jefe, "inferido: 15")
        assert (paso.de, paso.a) == ("sin_gestion", "sin_gestion")
        assert Edicion.actual() == edicion + 1

    @pytest.mark.parametrize("parte", ["costo", "no existe", ""])
    def test_twice_or_what_nobody_doubted_is_refused(self, casa, parte):
        tramite = crear_tramite(casa, "sin_gestion", por_confirmar={"costo": "inferido"})
        services.confirmar_dato(tramite, parte="costo", por=casa.suit)

        with pytest.raises(CondicionIncumplida, match="ya estaba confirmado"):
            services.confirmar_dato(tramite, parte=parte, por=casa.suit)

        assert tramite.pasos.filter(accion="confirmar").count() == 1

    def test_it_publishes_nothing(self, casa):
        tramite = crear_tramite(casa, "inscrito", publicado=True, por_confirmar={"costo": "inferido"})
        publica = tramite.hoja_publica

        services.confirmar_dato(tramite, parte="costo", por=casa.suit)

        assert tramite.pasos.last().publica == publica
        assert Actualizacion.objects.count() == 1


# --- Ratifying ----------------------------------------------------------------------------------
class TestRatify:
    def test_it_is_activity_of_its_office_distinct_from_an_edit(self, casa):
        ayer = timezone.now() - timedelta(days=1)
        tramite = crear_tramite(casa, "inscrito", publicado=True, en=ayer)

        services.ratificar_vigencia(tramite, por=casa.jefe)

        fila = Actualizacion.objects.first()
        assert (fila.clase, fila.dependencia, fila.por) == ("ratificacion", casa.planeacion, casa.jefe)
        assert (fila.url, fila.canal) == (tramite.get_absolute_url(), casa.canal_tramites)
        assert Tramite.objects.get().revisado_en > ayer
        assert Tramite.objects.get().publicado_en == ayer

    def test_once_a_day_of_bogota(self, casa):
        tramite = crear_tramite(casa, "inscrito", publicado=True, en=en_fecha("2026-03-01"))
        services.ratificar_vigencia(tramite, por=casa.suit, en=en_fecha("2026-03-02", 8))

        with pytest.raises(CondicionIncumplida, match="ya se revisó hoy"):
            services.ratificar_vigencia(tramite, por=casa.suit, en=en_fecha("2026-03-02", 23))
        services.ratificar_vigencia(tramite, por=casa.suit, en=en_fecha("2026-03-03", 0))

        assert Actualizacion.objects.filter(clase="ratificacion").count() == 2

    @pytest.mark.parametrize("estado", ["inscrito", "en_creacion", "suprimido"])
    def test_only_what_is_public(self, casa, estado):
        tramite = crear_tramite(casa, estado, publicado=estado == "suprimido")

        with pytest.raises(CondicionIncumplida, match="lo que está publicado"):
            services.ratificar_vigencia(tramite, por=casa.suit)


# --- What goes before ---------------------------------------------------------------------------
class TestPrevios:
    @pytest.mark.parametrize("largo", [1, 2, 3, 8])
    def test_a_circle_of_any_length_is_refused_and_nothing_changes(self, casa, largo):
        cadena = [crear_tramite(casa, "sin_gestion") for _ in range(largo)]
        for uno, otro in pairwise(cadena):
            services.fijar_previos(uno, [otro], por=casa.suit)

        mensaje = "requisito de sí mismo" if largo > 1 else "no va antes de sí mismo"
        with pytest.raises(ValidationError, match=mensaje):
            services.fijar_previos(cadena[-1], [cadena[0]], por=casa.suit)

        assert not cadena[-1].previos.exists()

    def test_two_ways_to_the_same_one_are_no_circle(self, casa):
        uno, dos, tres, cuatro = (crear_tramite(casa, "sin_gestion") for _ in range(4))
        services.fijar_previos(uno, [dos, tres], por=casa.suit)
        services.fijar_previos(dos, [cuatro], por=casa.suit)
        services.fijar_previos(tres, [cuatro], por=casa.suit)

        assert set(uno.previos.all()) == {dos, tres}
        assert set(cuatro.siguientes.all()) == {dos, tres}

    def test_what_is_said_replaces_what_was_and_makes_pages_old(self, casa):
        uno, dos, tres = (crear_tramite(casa, "sin_gestion") for _ in range(3))
        services.fijar_previos(uno, [dos], por=casa.suit)
        edicion = Edicion.actual()

        services.fijar_previos(uno, [tres], por=casa.suit)

        assert list(uno.previos.all()) == [tres]
        assert Edicion.actual() == edicion + 1

    def test_a_circle_that_is_already_there_does_not_hang(self, casa):
        uno, dos, tres = (crear_tramite(casa, "sin_gestion") for _ in range(3))
        uno.previos.add(dos)
        dos.previos.add(uno)

        services.fijar_previos(tres, [uno], por=casa.suit)

        assert list(tres.previos.all()) == [uno]

    def test_it_costs_a_query_for_each_step_of_the_chain_not_for_each_tramite(
        self, casa, django_assert_max_num_queries
    ):
        uno, *muchos = (crear_tramite(casa, "sin_gestion") for _ in range(20))

        with django_assert_max_num_queries(14):
            services.fijar_previos(uno, muchos, por=casa.suit)


# --- Readings -----------------------------------------------------------------------------------
class TestReadings:
    def test_each_adds_one_to_its_day(self, casa):
        tramite = crear_tramite(casa, "sin_gestion")
        hoy = timezone.localdate()
        for dia in (hoy, hoy, hoy - timedelta(days=1)):
            services.contar_lectura(tramite, dia)
        services.contar_lectura(tramite)

        filas = LecturaDiaria.objects.order_by("dia").values_list("dia", "veces")
        assert list(filas) == [(hoy - timedelta(days=1), 1), (hoy, 3)]

    def test_it_costs_one_query_once_the_day_is_open(self, casa, django_assert_num_queries):
        tramite = crear_tramite(casa, "sin_gestion")
        services.contar_lectura(tramite)

        with django_assert_num_queries(1):
            services.contar_lectura(tramite)
