import pytest

from tests.tramites.builders import crear_casa_de_tramites


@pytest.fixture
def casa(db):
    """The alcaldía with its trámites."""
    return crear_casa_de_tramites()
