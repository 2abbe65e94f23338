import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from portal.audiencia.contador import CONTADOR
from tests.builders import crear_alcaldia


def pytest_collection_modifyitems(items):
    """A test with transactions of its own gives back what the migrations wrote: others read it."""
    for prueba in items:
        marca = prueba.get_closest_marker("django_db")
        if marca and marca.kwargs.get("transaction") and not marca.kwargs.get("serialized_rollback"):
            raise pytest.UsageError(f"{prueba.nodeid}: falta serialized_rollback=True.")


@pytest.fixture
def casa(db):
    """A small alcaldía; see `tests.builders.crear_alcaldia`."""
    return crear_alcaldia()


@pytest.fixture(scope="session")
def carpeta_de_estaticos(tmp_path_factory):
    return tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def ajustes_de_prueba(settings, tmp_path, carpeta_de_estaticos):
    """Fast hashes, plain static files, and each test its own files, copies and empty cache."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = carpeta_de_estaticos
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CACHES = settings.CACHES | {
        "copias": settings.CACHES["copias"] | {"LOCATION": str(tmp_path / "copias")}
    }
    caches["default"].clear()
    settings.AUDIENCIA_CADA = 24 * 60 * 60
    yield
    CONTADOR.olvidar()  # or it would be written when the process ends, in the database of development


@pytest.fixture
def caida(db):
    """`caer, volver`: PostgreSQL is gone, a real connection that nobody answers, and back."""
    ajustes = connection.settings_dict
    antes = {clave: ajustes[clave] for clave in ("HOST", "PORT")}

    def caer():
        connection.close()
        ajustes.update(HOST="127.0.0.1", PORT="1")

    def volver():
        connection.close()
        ajustes.update(antes)

    yield caer, volver
    volver()


@pytest.fixture
def adjunto_pdf():
    """A small real PDF, as a browser uploads it."""
    return SimpleUploadedFile("plano.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


# --- Mail ---------------------------------------------------------------------------------------
class Buzon:
    """What the server does with each message: `responder` is asked for the answer to an address."""

    def __init__(self):
        self.recibidos = []
        self.responder = lambda direccion: "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        respuesta = self.responder(address)
        if respuesta.startswith("250"):
            envelope.rcpt_tos.append(address)
        return respuesta

    async def handle_DATA(self, server, session, envelope):
        mensaje = message_from_bytes(envelope.content, policy=policy.default)
        if mensaje["Subject"] == "Rechazado por su contenido":
            return "554 5.7.1 parece basura"
        self.recibidos.append(mensaje)
        return "250 OK"


@pytest.fixture
def buzon(settings):
    """A mail server that is listening, and the portal told about it."""
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    suyo = Buzon()
    servidor = Controller(suyo, hostname="127.0.0.1", port=puerto)
    servidor.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", puerto
    settings.DEFAULT_FROM_EMAIL = "Alcaldía <no-responder@ejemplo.gov.co>"
    yield suyo
    servidor.stop()
