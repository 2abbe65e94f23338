"""The engine of every flow, on a table made for the test: two steps from one state, of which one applies."""

import pytest

from portal.flujo import EstadoInadecuado, Flujo, Transicion
from portal.models import Version
from tests.builders import crear_version


def cualquiera(objeto, contexto) -> str:
    return ""


def con_resumen(version) -> bool:
    return bool(version.resumen)


def sin_resumen(version) -> bool:
    return not version.resumen


@pytest.fixture
def dados():
    """The steps recorded, in order."""
    return []


@pytest.fixture
def flujo(dados):
    return Flujo(
        Version,
        [
            Transicion("quedarse", "Dejarlo como está", ("borrador",), "", cualquiera),
            Transicion(
                "con", "Guardar con resumen", ("borrador",), "descartada", cualquiera, aplica=con_resumen
            ),
            Transicion(
                "sin", "Guardar sin resumen", ("borrador",), "descartada", cualquiera, aplica=sin_resumen
            ),
        ],
        lambda version, paso, de, contexto: dados.append((paso.nombre, de, version.estado)),
        intocables=Version.CONTENIDO,
    )


@pytest.mark.parametrize(("resumen", "paso", "otro"), [("Hay", "con", "sin"), ("", "sin", "con")])
def test_of_two_steps_from_one_state_only_the_one_that_applies_is_offered_and_taken(
    casa, flujo, dados, resumen, paso, otro
):
    version = crear_version(casa, resumen=resumen)

    assert [posible.nombre for posible in flujo.posibles(version, casa.autora)] == ["quedarse", paso]
    with pytest.raises(EstadoInadecuado, match="no viene al caso"):
        flujo.ejecutar(otro, version, por=casa.autora)
    assert flujo.ejecutar(paso, version, por=casa.autora).estado == "descartada"

    assert dados == [(paso, "borrador", "descartada")]


def test_without_saying_when_it_applies_always(casa, flujo, dados):
    for resumen in ("Hay", ""):
        assert (
            flujo.ejecutar("quedarse", crear_version(casa, resumen=resumen), por=casa.autora).estado
            == "borrador"
        )

    assert dados == [("quedarse", "borrador", "borrador")] * 2


def test_it_is_asked_of_the_row_as_it_is_now_not_as_it_was_read(casa, flujo, dados):
    leida = crear_version(casa, resumen="Hay")
    Version.objects.update(resumen="")

    with pytest.raises(EstadoInadecuado):
        flujo.ejecutar("con", leida, por=casa.autora)

    assert (Version.objects.get().estado, dados) == ("borrador", [])


def test_in_another_state_it_says_which(casa, flujo):
    version = crear_version(casa, "descartada", resumen="Hay")

    with pytest.raises(EstadoInadecuado, match="«guardar con resumen»: está en el estado «descartada»"):
        flujo.ejecutar("con", version, por=casa.autora)

    assert flujo.posibles(version, casa.autora) == []
