import pytest

from tests.tramites.builders import crear_casa_de_tramites, crear_gente


@pytest.fixture
def casa(db):
    """The alcaldía with its trámites."""
    return crear_casa_de_tramites()


@pytest.fixture
def gente(casa):
    """Every kind of person before the trámites of Planeación."""
    return crear_gente(casa)
