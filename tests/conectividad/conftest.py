import pytest

from tests.conectividad.builders import crear_casa_de_conectividad, crear_gente


@pytest.fixture
def casa(db):
    """The alcaldía with its hours and one line."""
    return crear_casa_de_conectividad()


@pytest.fixture
def gente(casa):
    """Every kind of person before the log."""
    return crear_gente(casa)
