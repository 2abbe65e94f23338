"""Every step by every kind of person, on the table of the flow itself."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from portal.flujo import Contexto, EstadoInadecuado, TransicionRechazada
from tests.builders import crear_cargo, crear_usuario
from tests.ventanilla.builders import escribir_respuesta, radicar
from ventanilla.flujo import FLUJO, HECHO, TRANSICIONES, dar_paso
from ventanilla.models import Actuacion, Asiento, Radicado

#: Who may take each step of a radicado of Planeación given to `asignado`; the rest may not.
REPARTEN = {"ventanilla", "secretaria", "jefe"}
TRAMITAN = {"asignado", "jefe", "secretaria"}
FIRMAN = {"jefe", "secretaria"}
PUEDEN = {
    "asignar": REPARTEN,
    "reasignar": REPARTEN,
    "aceptar": TRAMITAN,
    "devolver": TRAMITAN,
    "requerir": TRAMITAN,
    "completar": TRAMITAN | {"ventanilla"},
    "dar_mas_tiempo": TRAMITAN | {"ventanilla"},
    "prorrogar": FIRMAN,
    "enviar_a_firma": TRAMITAN,
    "devolver_proyecto": FIRMAN,
    "firmar_primero": FIRMAN,
    "firmar": FIRMAN,
    "trasladar": REPARTEN | TRAMITAN,
    "declarar_desistido": FIRMAN,
    "desistir": TRAMITAN | {"ventanilla"},
    "cerrar": set(),
    "reabrir": TRAMITAN | {"ventanilla"},
    "pedir_anulacion": REPARTEN | TRAMITAN,
    "negar_anulacion": REPARTEN,
    "anular": REPARTEN,
    "recalcular": FIRMAN,
    "reclasificar": REPARTEN | TRAMITAN,
}


@pytest.fixture
def gente(ventanilla) -> SimpleNamespace:
    """A radicado of Planeación, whose answer is written, and everybody by name."""
    cargo = crear_cargo(ventanilla.planeacion, "Profesional")
    personas = {
        "asignado": crear_usuario("asignado", cargo),
        "ventanilla": ventanilla.radicadora,
        "secretaria": ventanilla.secretaria,
        "jefe": ventanilla.jefe,
        "jefe de otra": ventanilla.tesorero,
        "alcalde": ventanilla.alcalde,
        "auxiliar de la dependencia": ventanilla.auxiliar,
        "admin": ventanilla.admin,
        "sin cargo": crear_usuario("sin-cargo"),
        "inactiva": crear_usuario(
            "inactiva", crear_cargo(ventanilla.planeacion, es_jefatura=True), is_active=False
        ),
    }
    radicado = radicar()
    Radicado.objects.filter(pk=radicado.pk).update(dependencia=ventanilla.planeacion, asignado_a=cargo)
    radicado.refresh_from_db()
    escribir_respuesta(radicado, por=personas["asignado"])
    return SimpleNamespace(radicado=radicado, personas=personas, casa=ventanilla)


def test_the_table_of_this_test_has_every_step():
    assert PUEDEN.keys() == FLUJO.transiciones.keys()


@pytest.mark.parametrize("paso", PUEDEN)
def test_who_may_take_each_step(gente, paso):
    transicion = FLUJO.transiciones[paso]
    pueden = {
        nombre
        for nombre, persona in gente.personas.items()
        if not transicion.quien(gente.radicado, Contexto(persona, timezone.now()))
    }
    assert pueden == PUEDEN[paso]


def test_without_an_office_only_the_counter_gives_it(gente):
    Radicado.objects.filter(pk=gente.radicado.pk).update(dependencia=None, asignado_a=None)
    gente.radicado.refresh_from_db()
    asignar = FLUJO.transiciones["asignar"]
    pueden = {
        nombre
        for nombre, persona in gente.personas.items()
        if not asignar.quien(gente.radicado, Contexto(persona, timezone.now()))
    }
    assert pueden == {"ventanilla", "secretaria"}


@pytest.mark.parametrize(
    "paso", [transicion.nombre for transicion in TRANSICIONES if "radicado" not in transicion.de]
)
def test_from_the_first_state_only_its_own_steps_come_to_the_case(gente, paso):
    """The row is read again from the database: it was just filed, whatever the page that was open says."""
    gente.radicado.estado = FLUJO.transiciones[paso].de[0]
    antes = Actuacion.objects.count(), Asiento.objects.count()
    with pytest.raises(EstadoInadecuado):
        dar_paso(paso, gente.radicado, por=gente.personas["jefe"], motivo="Un motivo.", de_la_persona=True)
    assert (Actuacion.objects.count(), Asiento.objects.count()) == antes


@pytest.mark.parametrize("transicion", TRANSICIONES, ids=lambda transicion: transicion.nombre)
def test_an_annulled_one_takes_no_step(gente, transicion):
    radicado = dar_paso("pedir_anulacion", gente.radicado, por=gente.personas["jefe"], motivo="Repetido.")
    radicado = dar_paso("anular", radicado, por=gente.personas["secretaria"])
    with pytest.raises(TransicionRechazada):
        dar_paso(transicion.nombre, radicado, por=gente.personas["jefe"], motivo="Otra vez.")
    radicado.refresh_from_db()
    assert radicado.estado == "anulado"


def test_the_line_of_time_has_words_for_every_step():
    assert HECHO.keys() == FLUJO.transiciones.keys()
