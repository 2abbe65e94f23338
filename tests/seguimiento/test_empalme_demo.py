"""The rehearsal of the demonstration: made once, by the real services, and quick."""

from datetime import date
from pathlib import Path

import pytest
import time_machine

from portal.models import Cargo, Usuario
from seguimiento.empalme.demo import ENTRANTES, simular
from seguimiento.models import DocumentoDeEmpalme, Empalme, FuncionarioEntrante
from tests.builders import crear_cargo
from tests.seguimiento.builders_empalme import crear_gobierno, el


@pytest.fixture(autouse=True)
def un_dia_cualquiera():
    with time_machine.travel(el("2026-11-23", 9), tick=True):
        yield


@pytest.fixture
def personas(casa) -> dict[str, Usuario]:
    Cargo.objects.filter(nombre="Secretario General").update(codigo="secretario-general")
    for codigo in ENTRANTES:
        if not Cargo.objects.filter(codigo=codigo).exists():
            crear_cargo(casa.planeacion, codigo.replace("-", " ").capitalize(), codigo=codigo)
    return {"secretaria": casa.secretaria}


def simulado(personas) -> list[str]:
    return list(simular(Path(), personas, el("2026-11-23", 9)))


def test_a_rehearsal_with_some_already_linked(personas):
    crear_gobierno(2024)
    crear_gobierno(2028)

    [linea] = simulado(personas)

    assert "simulacro" in linea
    empalme = Empalme.objects.get()
    assert (empalme.desde, empalme.hasta) == (date(2027, 12, 10), date(2027, 12, 31))
    assert (empalme.funcionarios.count(), empalme.funcionarios.vinculados().count()) == (5, 3)
    documento = DocumentoDeEmpalme.objects.get()
    assert (documento.por_firmar, documento.observaciones.count()) == (True, 1)
    assert all("(simulacro)" in nombre for nombre in ENTRANTES.values())


def test_twice_is_once(personas):
    crear_gobierno(2024)
    crear_gobierno(2028)
    simulado(personas)

    assert simulado(personas) == []
    assert FuncionarioEntrante.objects.count() == 5


def test_without_the_next_government_nothing_is_made(personas):
    assert simulado(personas) == []
    crear_gobierno(2024)
    assert simulado(personas) == []
