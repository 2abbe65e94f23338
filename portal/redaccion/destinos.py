"""Where the links of a text lead: our own pages are called in the process, as anybody would read them.

Nothing here knows which rooms the site has: an address is resolved with the site's own table and its view is
called with HEAD and nobody logged in, so that no reading is counted.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cached_property
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import FileResponse, Http404
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from portal.models import Adjunto, Version

registro = logging.getLogger(__name__)
DE_ARCHIVOS = {"portal:archivo", "portal:miniatura"}
#: Functions of other apps: from a text, the addresses of theirs that become public when it does.
SALEN_CON_EL_TEXTO: list[Callable[[Version], Iterable[str]]] = []


class Llegada(Enum):
    """What a citizen finds at an address of ours."""

    BIEN = "bien"
    NO_EXISTE = "no existe"
    RESERVADA = "reservada"
    NO_SE_SABE = "no se sabe"


def anfitriones() -> set[str]:
    """The names of this site."""
    permitidos = {nombre.removeprefix(".") for nombre in settings.ALLOWED_HOSTS if nombre != "*"}
    return permitidos | {urlsplit(settings.PORTAL_URL).hostname or ""}


def partes_de(destino: str, desde: str = "/") -> SplitResult | None:
    """The parts of an address written in the page `desde`, or None when it cannot be one."""
    try:
        partes = urlsplit(urljoin(desde, destino.strip()))
    except ValueError:  # «http://[»
        return None
    return None if partes.scheme in {"http", "https"} and not partes.hostname else partes


def es_interno(partes: SplitResult) -> bool:
    return partes.scheme in {"", "http", "https"} and partes.hostname in {None, *anfitriones()}


def es_externo(partes: SplitResult) -> bool:
    return partes.scheme in {"http", "https"} and bool(partes.hostname) and not es_interno(partes)


class Lector:
    """Tries addresses of ours for one text. A good one is remembered while nothing public changes."""

    def __init__(self, version: Version, adjuntos: list[Adjunto], edicion: int) -> None:
        self.propia = version.publicacion.get_absolute_url()
        suyos = {adjunto.sha256 for adjunto in adjuntos}
        archivos = Adjunto.objects.filter(version__publicacion=version.publicacion_id)
        self.archivos = {pk: sha in suyos for pk, sha in archivos.values_list("pk", "sha256")}
        self.edicion = edicion
        self.version = version

    def probar(self, partes: SplitResult) -> Llegada:
        """What anybody would find there once this text is public."""
        ruta = partes.path or "/"
        if ruta == self.propia:
            return Llegada.BIEN
        if ruta.startswith(settings.STATIC_URL):
            return _probar_estatico(unquote(ruta.removeprefix(settings.STATIC_URL)))
        llegada = self._probar_vista(unquote(ruta), partes.query)
        return Llegada.BIEN if llegada is Llegada.NO_EXISTE and ruta in self.saldran else llegada

    @cached_property
    def saldran(self) -> set[str]:
        return {ruta for rutas_de in SALEN_CON_EL_TEXTO for ruta in rutas_de(self.version)}

    def _probar_vista(self, ruta: str, consulta: str) -> Llegada:
        try:
            hallada = resolve(ruta)
        except Resolver404:
            return Llegada.NO_EXISTE if ruta.endswith("/") else self._probar_vista(f"{ruta}/", consulta)
        if hallada.view_name in DE_ARCHIVOS and hallada.kwargs["pk"] in self.archivos:
            return Llegada.BIEN if self.archivos[hallada.kwargs["pk"]] else Llegada.NO_EXISTE
        huella = hashlib.sha256(f"{ruta}?{consulta}".encode()).hexdigest()
        clave = f"destino:{self.edicion}:{huella}"
        if cache.get(clave):
            return Llegada.BIEN
        llegada = _llamar(hallada, ruta, consulta)
        if llegada is Llegada.BIEN:
            cache.set(clave, True)
        return llegada


def _probar_estatico(nombre: str) -> Llegada:
    try:
        return Llegada.BIEN if finders.find(nombre) else Llegada.NO_EXISTE
    except (SuspiciousFileOperation, ValueError):  # «%2e%2e/»: out of where they are kept
        return Llegada.NO_EXISTE


def _llamar(hallada: ResolverMatch, ruta: str, consulta: str) -> Llegada:
    """Call the view. What it does to the database is undone, and its failures are not of who links to it."""
    try:
        with transaction.atomic():
            respuesta = hallada.func(_solicitud(ruta, consulta, hallada), *hallada.args, **hallada.kwargs)
            transaction.set_rollback(True)
    except Http404:
        return Llegada.NO_EXISTE
    except PermissionDenied:
        return Llegada.RESERVADA
    except Exception as falla:  # it will be seen by whoever opens that page
        registro.warning("No se pudo probar el enlace a %s: %s", ruta, falla)
        return Llegada.NO_SE_SABE
    if isinstance(respuesta, FileResponse) and respuesta.file_to_stream:
        # Not `respuesta.close()`: it would end the connection to the database of who is writing.
        respuesta.file_to_stream.close()
    return _leer(respuesta)


def _leer(respuesta) -> Llegada:
    if respuesta.status_code in {401, 403} or respuesta.headers.get("Location", "").startswith(
        reverse("admin:login")
    ):
        return Llegada.RESERVADA
    if respuesta.status_code >= 500:
        return Llegada.NO_SE_SABE
    return Llegada.BIEN if respuesta.status_code < 400 else Llegada.NO_EXISTE


def _solicitud(ruta: str, consulta: str, hallada: ResolverMatch) -> WSGIRequest:
    """A request as it would come from the browser of somebody who is only reading."""
    anfitrion = next(iter(sorted(anfitriones() - {""})), "localhost")
    entorno: dict[str, Any] = {
        "REQUEST_METHOD": "HEAD",
        "PATH_INFO": ruta.encode().decode("latin-1"),
        "QUERY_STRING": consulta,
        "SCRIPT_NAME": "",
        "SERVER_NAME": anfitrion,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": anfitrion,
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "REMOTE_ADDR": "127.0.0.1",
    }
    solicitud: Any = WSGIRequest(entorno)
    solicitud.user = AnonymousUser()
    solicitud.session = import_module(settings.SESSION_ENGINE).SessionStore()
    solicitud.resolver_match = hallada
    solicitud.csp_nonce = ""
    return solicitud
