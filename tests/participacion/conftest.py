import pytest

from tests.participacion.builders import crear_casa_de_participacion


@pytest.fixture
def participa(db):
    """See `crear_casa_de_participacion`."""
    return crear_casa_de_participacion()
