"""The demonstration of the counter: in every state, once, and with nobody real in it."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.demo import crear_personas
from portal.importacion import CARGAS, cargar_carpeta
from portal.models import Correo
from tests.builders import en_fecha
from tramites import demo as demo_de_tramites
from ventanilla import importacion, importacion_de_formularios, terminos
from ventanilla.demo import recorrer
from ventanilla.models import Asiento, Formulario, Peticionario, Radicado, Salida, Subcaso, Valoracion
from ventanilla.models.radicado import ABIERTOS

DATOS = Path(settings.BASE_DIR) / "datos"


# Before what the rest of the module loads once
@pytest.mark.parametrize("dia", ["2026-01-05", "2026-07-19", "2027-03-28"])
def test_it_is_told_on_any_day_also_before_any_tramite_is_online(db, dia):
    """The first days of a year, a Sunday before a holiday, Easter."""
    hasta = next(n for n, carga in enumerate(CARGAS) if carga.archivo == "audiencias.csv")
    cargar_carpeta(DATOS, [*CARGAS[:hasta], *importacion.CARGAS])
    ahora = en_fecha(dia)
    personas = crear_personas("una-clave-de-prueba", ahora.date())

    lineas = list(recorrer(DATOS / "demo", personas, ahora))

    assert len(lineas) == 21 and Asiento.saltos() == []
    assert not Asiento.objects.filter(en__gt=ahora).exists()


@pytest.fixture(scope="module")
def cargada(django_db_setup, django_db_blocker):
    """The alcaldía of `datos/` with its trámites and its counter, loaded once for this module."""
    ahora = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(PORTAL_DEMO=True):
        cargar_carpeta(DATOS)
        personas = crear_personas("una-clave-de-prueba", timezone.localdate(ahora))
        list(demo_de_tramites.recorrer(DATOS / "demo", personas, ahora))
        lineas = list(recorrer(DATOS / "demo", personas, ahora))
        yield SimpleNamespace(personas=personas, ahora=ahora, lineas=lineas)
        transaction.set_rollback(True)


@pytest.fixture
def demo(cargada, db):
    return cargada


def test_three_tramites_are_online_with_a_certificate_of_each(demo):
    vigentes = Formulario.objects.vigentes().values_list("tramite__codigo", flat=True)
    assert set(vigentes) == {"PLA-010", "GEN-001", "HAC-008"}
    certificados = Salida.objects.filter(clase="certificado")
    assert set(certificados.values_list("radicado__tramite__codigo", flat=True)) == set(vigentes)
    assert not any("{" in salida.texto for salida in certificados)


def test_there_is_one_in_every_state(demo):
    cuentas = Counter(Radicado.objects.values_list("estado", flat=True))
    assert sum(cuentas.values()) == 26
    assert set(cuentas) == set(Radicado.Estado.values) - {"cerrado"}
    assert Subcaso.objects.filter(estado="pedido").exists() and Valoracion.objects.count() >= 5
    assert Radicado.objects.filter(reabierto_en__isnull=False).exists()
    assert Radicado.objects.filter(anonimo=True, mensajes__isnull=False).exists()
    respondidos = Radicado.objects.filter(respondido_en__isnull=False)
    a_tiempo = {timezone.localdate(radicado.respondido_en) <= radicado.vence for radicado in respondidos}
    assert a_tiempo == {True, False}


def test_the_traffic_lights_have_something_to_show(demo):
    hoy, habiles = timezone.localdate(demo.ahora), DiasHabiles()
    luces = {terminos.semaforo(r, hoy, habiles).nivel for r in Radicado.objects.filter(estado__in=ABIERTOS)}
    assert {"a-tiempo", "muy-vencido", "espera"} <= luces


def test_the_book_is_whole_and_nothing_happens_in_the_future(demo):
    assert Asiento.saltos() == []
    for anio in Asiento.objects.values_list("anio", flat=True).distinct():
        momentos = list(
            Asiento.objects.filter(anio=anio).order_by("consecutivo").values_list("en", flat=True)
        )
        assert momentos == sorted(momentos) and momentos[-1] <= demo.ahora


def test_nobody_is_real_and_nobody_is_written_to(demo):
    assert not Peticionario.objects.exclude(nombre__contains="de Demostración").exists()
    assert not Peticionario.objects.exclude(correo="").exists() and not Correo.objects.exists()


def test_the_second_time_it_does_nothing(demo, django_assert_max_num_queries):
    assert len(demo.lineas) == 29

    with django_assert_max_num_queries(3):
        assert list(recorrer(DATOS / "demo", demo.personas, demo.ahora + timedelta(days=1))) == []
    for carga in (*importacion.CARGAS, *importacion_de_formularios.CARGAS):
        cuenta = carga.desde((DATOS / carga.archivo).read_text("utf-8-sig"))
        assert cuenta.creadas == cuenta.cambiadas == 0
