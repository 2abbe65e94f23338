"""Links to other sites: they are noted when a draft is saved, and a rutina asks whether they answer.

Our server asks on behalf of what somebody wrote, so it never talks to a private address: the name is resolved
once, what it says is judged, and the connection goes to that very address; each redirection is judged again.
"""

import errno
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv6Address, ip_address
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.encoding import iri_to_uri, punycode

from portal.models import Canal, EnlaceExterno, Version
from portal.models.version import ABIERTAS
from portal.redaccion.destinos import es_externo, partes_de
from portal.redaccion.escrito import Escrito

Estado = EnlaceExterno.Estado
#: Of one text, the links that are noted.
POR_TEXTO = 200
#: Of one round, the addresses that are asked.
POR_RONDA = 40
#: Asked at the same time: a round must not keep the other rutinas waiting.
A_LA_VEZ = 8
#: For an address in all, redirections included, in seconds.
ESPERA = 8.0
SALTOS = 3
CADA = timedelta(days=7)
#: What failed once is asked again sooner: it may have been a bad day.
TRAS_UNA_FALLA = timedelta(days=1)
FALLAS_PARA_ROTO = 2
#: There is something there, which asks for a name or refuses robots.
RESPONDEN_A_SU_MODO = {401, 403, 405, 406, 429}


# --- Noting -------------------------------------------------------------------------------------
def externos_de(version: Version) -> list[str]:
    """The distinct addresses of other sites that a text links to, in order, without their «#part»."""
    escritos = [version.enlace, *(enlace.destino for enlace in Escrito(version.cuerpo).enlaces)]
    limpios = (urldefrag(escrito.strip()).url for escrito in escritos if _es_de_otro_sitio(escrito))
    caben = (url for url in limpios if len(url) <= 500)
    return list(dict.fromkeys(caben))[:POR_TEXTO]


def _es_de_otro_sitio(escrito: str) -> bool:
    partes = partes_de(escrito)
    return bool(partes and es_externo(partes))


def anotar(version: Version) -> None:
    """Note the links of a text to other sites, and forget those it no longer has. Constant queries."""
    urls = sorted(externos_de(version))  # always in one order: two people who save do not block each other
    EnlaceExterno.objects.bulk_create([EnlaceExterno(url=url) for url in urls], ignore_conflicts=True)
    version.enlaces_externos.set(EnlaceExterno.objects.filter(url__in=urls) if urls else [])


def rotos_en(canales: Iterable[Canal] | Iterable[int]) -> QuerySet[EnlaceExterno]:
    """The broken links in what the public reads today in those channels, which may come as keys."""
    publicos = Version.objects.filter(
        estado=Version.Estado.PUBLICADA, publicacion__canal__in=canales, publicacion__retirada_en=None
    )
    return EnlaceExterno.objects.filter(estado=Estado.ROTO, versiones__in=publicos).distinct()


# --- Asking -------------------------------------------------------------------------------------
class NoResponde(Exception):
    """The address does not work. Its text says why, in Spanish."""


class SinLinea(NoResponde):
    """It could not be asked: perhaps it is our own line."""


def revisar(en: datetime) -> str:
    """Ask those that are due and say how it went. Outside any transaction: the network is slow.

    When none could be asked for lack of network, the line is blamed and nothing is marked.
    """
    enlaces = list(_por_revisar(en)[:POR_RONDA])
    if not enlaces:
        return "Ningún enlace por revisar."
    with ThreadPoolExecutor(A_LA_VEZ) as hilos:
        fallas = list(hilos.map(_falla_de, [enlace.url for enlace in enlaces]))
    if all(isinstance(falla, SinLinea) for falla in fallas):
        return f"No hubo línea: {len(enlaces)} enlaces quedan para la próxima vez."
    for enlace, falla in zip(enlaces, fallas, strict=True):
        _marcar(enlace, falla, en)
    EnlaceExterno.objects.bulk_update(enlaces, ["estado", "revisado_en", "fallas", "detalle"])
    return f"Enlaces revisados: {len(enlaces)}. No respondieron: {sum(f is not None for f in fallas)}."


def _por_revisar(en: datetime) -> QuerySet[EnlaceExterno]:
    vivas = Version.objects.filter(estado__in=[*ABIERTAS, Version.Estado.PUBLICADA])
    vencidos = Q(revisado_en=None) | Q(revisado_en__lte=en - CADA)
    en_duda = Q(fallas__gt=0, fallas__lt=FALLAS_PARA_ROTO, revisado_en__lte=en - TRAS_UNA_FALLA)
    enlaces = EnlaceExterno.objects.filter(vencidos | en_duda, versiones__in=vivas).distinct()
    return enlaces.order_by(F("revisado_en").asc(nulls_first=True), "pk")


def _marcar(enlace: EnlaceExterno, falla: NoResponde | None, en: datetime) -> None:
    enlace.revisado_en = en
    enlace.fallas = min(enlace.fallas + 1, 1000) if falla else 0
    enlace.detalle = str(falla or "")[:200]
    if falla is None:
        enlace.estado = Estado.RESPONDE
    elif enlace.fallas >= FALLAS_PARA_ROTO:
        enlace.estado = Estado.ROTO


def _falla_de(url: str) -> NoResponde | None:
    """Why it does not work, or None when it does."""
    try:
        preguntar(url)
    except NoResponde as falla:
        return falla
    return None


def preguntar(url: str) -> None:
    """Ask for an address with HEAD, and with GET if that is not answered well, in `ESPERA` seconds.

    Raises NoResponde, or SinLinea when it could not even be asked.
    """
    plazo = monotonic() + ESPERA
    estado = _seguir("HEAD", url, plazo)
    if not _esta_bien(estado):
        estado = _seguir("GET", url, plazo)
    if not _esta_bien(estado):
        raise NoResponde(f"Respondió con el código {estado}.")


def _esta_bien(estado: int) -> bool:
    return estado < 400 or estado in RESPONDEN_A_SU_MODO


def _seguir(metodo: str, url: str, plazo: float) -> int:
    """The status at the end of at most `SALTOS` redirections. Raises NoResponde."""
    for _salto in range(SALTOS + 1):
        estado, lleva_a = _pedir(metodo, url, plazo)
        if not (300 <= estado < 400 and lleva_a):
            return estado
        try:
            url = urljoin(url, lleva_a)
        except ValueError as error:  # «http://[»
            raise NoResponde("Lleva a una dirección mal escrita.") from error
    raise NoResponde("Lleva de una dirección a otra sin terminar.")


def _pedir(metodo: str, url: str, plazo: float) -> tuple[int, str]:
    """Status and where it redirects. Raises NoResponde with what went wrong, said for people."""
    try:
        anfitrion = urlsplit(url).hostname or ""
        partes = urlsplit(iri_to_uri(url.replace(anfitrion, punycode(anfitrion), 1)))
        if partes.scheme not in {"http", "https"} or not partes.hostname:
            raise NoResponde("Lleva a una dirección que no es de internet.")
        direccion = _direccion_publica(partes)
        respuesta = _Conexion(partes, direccion, plazo).preguntar(metodo)
        return respuesta.status, respuesta.headers.get("Location", "")
    except ssl.SSLCertVerificationError as error:
        raise NoResponde(f"Su certificado de seguridad no es válido: {error.verify_message}.") from error
    except TimeoutError as error:
        raise SinLinea(f"No respondió en {ESPERA:.0f} segundos.") from error
    except OSError as error:
        if error.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}:
            raise SinLinea("No se pudo llegar a ese sitio.") from error
        raise NoResponde("El sitio cortó o rechazó la conexión.") from error
    except (HTTPException, ValueError) as error:
        raise NoResponde("Lo que respondió no se entiende.") from error


def _direccion_publica(partes: SplitResult) -> str:
    """The address of the Internet where the site is. Raises NoResponde when it has none, or a private one."""
    puerto = partes.port or {"http": 80, "https": 443}[partes.scheme]
    try:
        halladas = socket.getaddrinfo(partes.hostname, puerto, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise NoResponde("Ese sitio no existe.") from error
        raise SinLinea("No se pudo preguntar dónde queda ese sitio.") from error
    direcciones = [str(hallada[4][0]) for hallada in halladas]
    if not all(_es_de_internet(direccion) for direccion in direcciones):
        raise NoResponde("Lleva a una dirección que no es de internet.")
    return direcciones[0]


#: Ranges of IPv6 that hide an address of IPv4: NAT64 (RFC 6052), which Python counts as public.
_ESCONDEN = "64:ff9b:"


def _es_de_internet(direccion: str) -> bool:
    """Whether it is of a public network. `ENLACES_REDES_LOCALES` lets the tests use loopback."""
    ip = ip_address(direccion.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.sixtofour or ip.teredo or direccion.lower().startswith(_ESCONDEN):
            return False
        ip = ip.ipv4_mapped or ip
    if settings.ENLACES_REDES_LOCALES and ip.is_loopback:
        return True
    return ip.is_global and not ip.is_multicast


class _Conexion(HTTPConnection):
    """Connects to the address that was judged, whatever the name says a moment later."""

    def __init__(self, partes: SplitResult, direccion: str, plazo: float) -> None:
        super().__init__(partes.hostname or "", partes.port or {"http": 80, "https": 443}[partes.scheme])
        self.partes, self.direccion, self.plazo = partes, direccion, plazo

    def connect(self) -> None:
        self.sock = socket.create_connection((self.direccion, self.port), self._queda())
        if self.partes.scheme == "https":
            seguro = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.partes.hostname, do_handshake_on_connect=False
            )
            self.sock = seguro
            seguro.do_handshake()

    def _queda(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        if (queda := self.plazo - monotonic()) <= 0:
            raise TimeoutError
        return queda

    def preguntar(self, metodo: str) -> HTTPResponse:
        """The answer, without its body. Raises OSError, of which TimeoutError, or HTTPException."""
        ruta = self.partes.path or "/"
        ruta = f"{ruta}?{self.partes.query}" if self.partes.query else ruta
        # Who answers a byte at a time never makes a read wait too long: the line is cut from here.
        vigia = Timer(self._queda(), self._cortar)
        vigia.start()
        try:
            self.connect()
            self.request(metodo, ruta, headers={"User-Agent": f"Portal ({settings.PORTAL_URL})"})
            return self.getresponse()
        except (OSError, HTTPException):
            self._queda()  # if it was cut, that is what is said
            raise
        finally:
            vigia.cancel()
            self.close()

    def _cortar(self) -> None:
        if self.sock:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
