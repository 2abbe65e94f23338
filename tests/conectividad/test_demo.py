"""The demonstration of the log: through the real services, honest about what is made up, once."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conectividad.demo import recorrer
from conectividad.mes import Mes, contar
from conectividad.models import Accion, CierreMensual, Enlace, Incidente, ResumenDeSondeos, Sondeo
from portal.demo import crear_personas
from portal.importacion import cargar_carpeta
from tests.conectividad.builders import momento

DATOS = Path(settings.BASE_DIR) / "datos"
AHORA = momento("2026-11-19 10:30:20")


@pytest.fixture(scope="module")
def cargada(django_db_setup, django_db_blocker):
    """The alcaldía of `datos/` with its log, loaded once for this module; the lines it told."""
    with django_db_blocker.unblock(), transaction.atomic():
        cargar_carpeta(DATOS)
        personas = crear_personas("una-clave-de-prueba", timezone.localdate(AHORA))
        yield SimpleNamespace(personas=personas, lineas=list(recorrer(DATOS / "demo", personas, AHORA)))
        transaction.set_rollback(True)


@pytest.fixture
def demo(cargada, db):
    return cargada


def test_there_are_cuts_of_every_kind_in_the_last_months(demo):
    meses = {Mes.de(inicio) for inicio in Incidente.objects.values_list("inicio", flat=True)}

    assert meses == {Mes(2026, 8), Mes(2026, 9), Mes(2026, 10), Mes(2026, 11)}
    assert Incidente.objects.filter(planeado=True).exists()
    assert Incidente.objects.filter(alcance="parcial").exists()
    assert Incidente.objects.filter(acciones=None).exists() and Accion.objects.exists()
    assert Incidente.objects.values("causa").distinct().count() >= 6
    abierto = Incidente.objects.abiertos().get()
    assert (abierto.alcance, abierto.inicio) == ("parcial", momento("2026-11-19 07:30"))


def test_all_that_was_made_up_says_so(demo):
    assert not Incidente.objects.exclude(descripcion__contains="dato de demostración").exists()
    assert "demostración" in CierreMensual.objects.get().observaciones


def test_the_oldest_month_is_closed_as_it_is_counted(demo):
    cierre = CierreMensual.objects.get()

    assert (cierre.anio, cierre.mes, cierre.enlace.slug) == (2026, 8, "palacio-municipal")
    assert cierre.integro
    assert cierre.datos["minutos_sin_conexion"] > 0


def test_the_rounds_agree_with_the_log_and_leave_a_day_without_data(demo):
    palacio = Enlace.objects.get(slug="palacio-municipal")
    octubre = contar(palacio, Mes(2026, 10), AHORA)

    assert octubre.minutos_sondeados > 9000
    sin_datos = {dia.fecha.day: dia.minutos_sin_datos for dia in contar(palacio, Mes(2026, 11), AHORA).dias}
    assert sin_datos[12] == 3 * 60  # of the four hours that the machine was off, one is lunch
    assert sum(sin_datos.values()) == 180
    suma = sum(ResumenDeSondeos.objects.values_list("sondeos", flat=True))
    assert suma == Sondeo.objects.count()
    assert Sondeo.objects.filter(respondieron=0).exists()


@pytest.mark.parametrize("despues", [timedelta(0), timedelta(days=40)])
def test_it_is_made_once(demo, despues):
    cuentas = [modelo.objects.count() for modelo in (Incidente, Accion, CierreMensual, Sondeo)]

    lineas = list(recorrer(DATOS / "demo", demo.personas, AHORA + despues))

    assert lineas == []
    assert [m.objects.count() for m in (Incidente, Accion, CierreMensual, Sondeo)] == cuentas


def test_a_cut_that_a_person_logged_is_not_trodden_on(demo):
    Incidente.objects.abiertos().update(clave="00000000-0000-0000-0000-000000000001")

    assert list(recorrer(DATOS / "demo", demo.personas, AHORA)) == []
