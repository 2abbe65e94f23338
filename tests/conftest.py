import pytest

from tests.builders import crear_alcaldia


@pytest.fixture
def casa(db):
    """A small alcaldía; see `tests.builders.crear_alcaldia`."""
    return crear_alcaldia()


@pytest.fixture(autouse=True)
def lugares_propios(settings, tmp_path):
    """Each test writes its files and copies in a folder of its own, and starts with an empty cache."""
    from django.core.cache import caches

    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = settings.CACHES | {
        "copias": settings.CACHES["copias"] | {"LOCATION": str(tmp_path / "copias")}
    }
    caches["default"].clear()


@pytest.fixture
def adjunto_pdf():
    """A small real PDF, as a browser uploads it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("plano.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
