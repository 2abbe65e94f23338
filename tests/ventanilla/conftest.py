import pytest

from tests.ventanilla.builders import crear_casa_de_ventanilla


@pytest.fixture
def ventanilla(db):
    """See `crear_casa_de_ventanilla`."""
    return crear_casa_de_ventanilla()
