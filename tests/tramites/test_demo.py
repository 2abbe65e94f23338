"""The demonstration: the 70 trámites in every state, by the real flow, honest about what is made up, once."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.demo import crear_personas
from portal.importacion import cargar_carpeta
from portal.models import Actualizacion, EntradaDeBusqueda
from tests.tramites.test_importacion import estado_de_todo
from tramites.demo import CAMINOS, PRIMER_NUMERO, Destino, recorrer
from tramites.flujo import dar_paso
from tramites.models import (
    Accion,
    HojaDeVida,
    LecturaDiaria,
    PasoDeTramite,
    Racionalizacion,
    SituacionDeVida,
    Tramite,
)

DEMO = Path(settings.BASE_DIR) / "datos" / "demo"
pytestmark = pytest.mark.lenta


@pytest.fixture(scope="module")
def cargada(django_db_setup, django_db_blocker):
    """The alcaldía of `datos/` with its demonstration, loaded once for this module; the lines it told."""
    ahora = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as ajustes:
        ajustes.setattr(settings, "PORTAL_DEMO", True)
        cargar_carpeta(Path(settings.BASE_DIR) / "datos")
        personas = crear_personas("una-clave-de-prueba", timezone.localdate(ahora))
        lineas = list(recorrer(DEMO, personas, ahora))
        yield SimpleNamespace(ahora=ahora, personas=personas, lineas=lineas)
        transaction.set_rollback(True)


@pytest.fixture
def demo(cargada, db):
    return cargada


# --- How far each one goes ----------------------------------------------------------------------
def test_there_are_tramites_in_every_state(demo):
    estados = Counter(Tramite.objects.values_list("estado", flat=True))

    assert estados == {
        "inscrito": 48,
        "aprobado": 5,
        "en_evaluacion": 5,
        "en_creacion": 3,
        "en_actualizacion": 2,
        "enviado": 2,
        "sin_gestion": 2,
        "en_correccion": 1,
        "negado": 1,
        "suprimido": 1,
    }
    assert set(estados) == set(Tramite.Estado.values)
    assert Tramite.objects.publicos().count() == 56
    assert demo.lineas[0].startswith("[1/68] ALC-001 ")


def test_inscribed_and_published_are_two_facts(demo):
    publicos = Tramite.objects.publicos()

    assert publicos.filter(estado="inscrito").count() == 46
    assert publicos.filter(estado="en_evaluacion").count() == 3
    assert Tramite.objects.filter(estado="inscrito", hoja_publica=None).count() == 2
    assert publicos.filter(tipo="consulta", numero_suit=None).count() == 5
    assert Tramite.objects.get(codigo="COM-001").hoja_publica is not None


def test_all_went_by_the_real_flow_with_two_pairs_of_eyes(demo):
    for hoja in HojaDeVida.objects.filter(estado="aprobada"):
        assert hoja.enviada_por.username == "suit"
        assert hoja.aprobada_por != hoja.enviada_por
        assert hoja.llenos == hoja.exigidos
    aprobaron = {h.aprobada_por.username for h in HojaDeVida.objects.filter(estado="aprobada")}
    assert {"planeacion", "hacienda", "sisben", "secretaria", "alcalde"} <= aprobaron
    pasos = set(PasoDeTramite.objects.values_list("accion", flat=True))
    assert pasos >= {paso for camino in CAMINOS.values() for paso in camino} - {"completar", "renovar"}


def test_a_public_one_is_found_and_counted(demo):
    publicos = Tramite.objects.publicos()

    assert EntradaDeBusqueda.objects.filter(clase="tramite").count() == publicos.count()
    clases = Counter(Actualizacion.objects.filter(canal__slug="tramites").values_list("clase", flat=True))
    assert clases == {"publicacion": 57, "modificacion": 2, "retiro": 1}


def test_those_still_being_written_have_gaps(demo):
    hojas = HojaDeVida.objects.filter(tramite__estado="en_creacion")

    assert {hoja.llenos * 100 // hoja.exigidos for hoja in hojas} <= set(range(60, 80))


def test_the_reasons_are_written(demo):
    for accion in ("devolver", "negar", "suprimir"):
        assert PasoDeTramite.objects.get(accion=accion).motivo


# --- When ---------------------------------------------------------------------------------------
def test_it_happened_in_the_last_nine_weeks_in_order_and_on_working_days(demo):
    desde = demo.ahora - timedelta(weeks=9, hours=1)

    for tramite in Tramite.objects.prefetch_related("pasos"):
        fechas = [paso.en for paso in sorted(tramite.pasos.all(), key=lambda paso: paso.pk)]
        assert fechas == sorted(fechas)
        assert desde <= tramite.identificado_en == fechas[0]
        assert fechas[-1] <= demo.ahora
        locales = [timezone.localtime(en) for en in fechas[1:]]
        assert all(en.weekday() < 5 and 8 <= en.hour < 18 for en in locales)


def test_every_week_more_are_public(demo):
    cuentas = [
        Tramite.objects.del_suit().publicados(demo.ahora - timedelta(weeks=semana)).count()
        for semana in range(8, -1, -1)
    ]

    assert cuentas == sorted(cuentas)
    assert cuentas[0] == 0
    assert len(set(cuentas)) >= 6
    assert Tramite.objects.del_suit().identificados(demo.ahora - timedelta(weeks=8)).count() == 65


# --- What is made up says so --------------------------------------------------------------------
def test_no_number_of_the_suit_passes_for_a_real_one(demo):
    con_numero = Tramite.objects.exclude(numero_suit=None)

    assert con_numero.count() == 51
    for tramite in con_numero:
        assert PRIMER_NUMERO <= int(tramite.numero_suit) < PRIMER_NUMERO + 70
        assert "dato de demostración" in tramite.por_confirmar["otro"]


def test_what_the_catalogue_inferred_is_still_to_be_confirmed(demo):
    assert Tramite.objects.get(codigo="HAC-004").por_confirmar.keys() >= {"requisitos", "tiempo", "grado"}
    assert not Tramite.objects.filter(por_confirmar={}).exists()


def test_no_tariff_was_invented(demo):
    assert not Accion.objects.exclude(formula="").exists()
    pagos = Accion.objects.filter(tipo="pago", momento__hoja__estado="aprobada")
    for pago in pagos.exclude(valor_tipo="liquidacion"):
        assert pago.no_aplica["formula"].endswith("se está cotejando.")
    assert not [pago for pago in pagos.filter(valor_tipo="liquidacion") if "formula" in pago.no_aplica]


def test_a_norm_is_given_to_a_requirement_only_when_there_is_no_other(demo):
    for hoja in HojaDeVida.objects.enteras().filter(estado="aprobada"):
        normas = set(hoja.fundamentos.all())
        for accion in hoja.requisitos():
            assert (accion.fundamento in normas) is (len(normas) == 1)
            assert accion.fundamento or accion.no_aplica["fundamento"]


# --- What is around -----------------------------------------------------------------------------
def test_there_are_decisions_previous_ones_simplifications_and_readings(demo):
    assert Racionalizacion.objects.count() == 5
    assert all("demostración" in accion.beneficio for accion in Racionalizacion.objects.all())
    assert [t.codigo for t in Tramite.objects.get(codigo="PLA-001").previos.all()] == ["PLA-008"]
    decididos = Tramite.objects.exclude(automatizacion="por_decidir")
    assert decididos.count() == 13
    assert all(tramite.automatizacion_razon for tramite in decididos)
    mas_leido = LecturaDiaria.objects.order_by("-veces").first()
    assert mas_leido.tramite.codigo in {"HAC-001", "SIS-006", "HAC-008"}
    assert not LecturaDiaria.objects.filter(dia__gte=timezone.localdate(demo.ahora)).exists()
    assert all(any(p.tramite.hoja_publica_id for p in s.pasos.all()) for s in SituacionDeVida.objects.all())


# --- Once ---------------------------------------------------------------------------------------
def test_a_second_time_there_is_nothing_to_do(demo):
    antes = estado_de_todo()

    assert list(recorrer(DEMO, demo.personas, timezone.now())) == []
    assert estado_de_todo() == antes


def test_what_a_person_took_up_is_not_taken_along(demo):
    tramite = Tramite.objects.get(codigo="PLA-003")
    dar_paso("empezar", tramite, por=demo.personas["suit"])

    assert list(recorrer(DEMO, demo.personas, timezone.now())) == []


def test_an_inventory_of_today_has_nothing_before_it(demo):
    """As when the demonstration is asked for on a site that already had its trámites."""
    hoy = timezone.now()
    tramite = Tramite.objects.get(codigo="PLA-003")
    Tramite.objects.filter(pk=tramite.pk).update(identificado_en=hoy)

    with pytest.MonkeyPatch.context() as plan:
        plan.setattr("tramites.demo._Demostracion.destino", lambda demostracion, tramite: Destino("inscrito"))
        lineas = list(recorrer(DEMO, demo.personas, timezone.now()))

    assert len(lineas) == 2
    assert all(paso.en >= hoy for paso in tramite.pasos.exclude(accion="identificar"))
