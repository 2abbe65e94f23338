"""Links to other sites: noting them, asking whether they answer, and who sees what came of it."""

import socket
import ssl
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import rutinas, services
from portal.models import Canal, EjecucionDeRutina, EnlaceExterno, Version
from portal.redaccion import enlaces
from portal.redaccion.enlaces import NoResponde, SinLinea, preguntar
from tests.builders import asignar, crear_canal, crear_version

Estado = EnlaceExterno.Estado
AHORA = timezone.now()


def enlazar(*urls: str) -> str:
    return "".join(f'<p><a href="{url}">Una página</a></p>' for url in urls)


def notados(version: Version) -> set[str]:
    return set(version.enlaces_externos.values_list("url", flat=True))


class TestNoting:
    def test_a_new_draft_notes_its_links_once_without_their_part(self, casa):
        version = crear_version(
            casa,
            cuerpo=enlazar(
                "https://a.gov.co/x#uno", "https://a.gov.co/x#dos", "http://B.org", "/agenda/", "#x"
            ),
        )

        assert notados(version) == {"https://a.gov.co/x", "http://B.org"}

    def test_saving_notes_the_new_ones_and_forgets_the_others(self, casa):
        version = crear_version(casa, cuerpo=enlazar("https://a.gov.co", "https://b.gov.co"))

        services.guardar_borrador(
            version, por=casa.autora, revision=0, cuerpo=enlazar("https://b.gov.co", "https://c.gov.co")
        )

        assert notados(version) == {"https://b.gov.co", "https://c.gov.co"}

    def test_the_next_text_of_a_publication_has_them_too(self, casa):
        publicada = crear_version(casa, "publicada", cuerpo=enlazar("https://a.gov.co"))

        nueva = services.nueva_version(publicada.publicacion, por=casa.autora)

        assert notados(nueva) == notados(publicada) == {"https://a.gov.co"}

    def test_the_address_of_a_publication_that_is_a_link_counts(self, casa):
        canal = crear_canal(casa.planeacion, tipos=["enlace"])
        asignar(canal, autor=casa.cargo_autor)

        version = crear_version(casa, canal=canal, tipo="enlace", enlace="https://a.gov.co/", cuerpo="")

        assert notados(version) == {"https://a.gov.co/"}

    @pytest.mark.parametrize(
        "url",
        ["mailto:a@b.co", "tel:123", "http://localhost/x", "https://[a", "https://a.co/" + "x" * 500, "//"],
    )
    def test_what_is_not_of_another_site_or_does_not_fit_is_left_out(self, casa, url):
        assert notados(crear_version(casa, cuerpo=enlazar(url))) == set()

    @pytest.mark.parametrize("cuantos", [1, 60])
    def test_costs_the_same_however_many(self, casa, cuantos):
        version = crear_version(casa, cuerpo=enlazar(*(f"https://viejo.co/{n}" for n in range(cuantos))))
        version.cuerpo = enlazar(*(f"https://a.co/{n}" for n in range(cuantos)))

        with CaptureQueriesContext(connection) as consultas:
            enlaces.anotar(version)

        assert len(consultas) == 5


# --- A site that answers ------------------------------------------------------------------------
class _Sitio(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.server.pedidos.append(f"{self.command} {self.path}")
        camino = self.path.split("?")[0]
        if camino.startswith("/salto/"):
            n = int(camino.removeprefix("/salto/"))
            return self._responder(302, f"/salto/{n - 1}" if n else "/bien")
        if camino == "/fuera":
            return self._responder(302, "http://10.0.0.1/")
        if camino == "/torcido":
            return self._responder(302, "http://[")
        if camino == "/archivo":
            return self._responder(302, "file:///etc/passwd")
        if camino == "/gota":
            return self._gotear()
        if camino == "/solo-get":
            return self._responder(200 if self.command == "GET" else 501)
        return self._responder({"/bien": 200, "/robots": 403, "/falla": 500, "/ido": 410}.get(camino, 404))

    do_GET = do_HEAD

    def _responder(self, estado: int, lleva_a: str = "") -> None:
        self.send_response(estado)
        if lleva_a:
            self.send_header("Location", lleva_a)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _gotear(self) -> None:
        """A byte at a time, for as long as somebody reads."""
        try:
            while True:
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *args):
        """Silent."""


@pytest.fixture
def levantar():
    """Starts a site on loopback and returns it, with what it is asked in `pedidos`."""
    sitios = []

    def nuevo(tls: ssl.SSLContext | None = None):
        sitio = ThreadingHTTPServer(("127.0.0.1", 0), _Sitio)
        sitio.daemon_threads, sitio.pedidos = True, []
        sitio.handle_error = lambda *args: None  # type: ignore[method-assign]
        if tls:
            sitio.socket = tls.wrap_socket(sitio.socket, server_side=True)
        sitio.url = f"http{'s' if tls else ''}://127.0.0.1:{sitio.server_port}"
        threading.Thread(target=sitio.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        sitios.append(sitio)
        return sitio

    yield nuevo
    for sitio in sitios:
        sitio.shutdown()
        sitio.server_close()


@pytest.fixture
def sitio(levantar, settings):
    settings.ENLACES_REDES_LOCALES = True
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]  # loopback is another site
    return levantar()


def puerto_cerrado() -> int:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        return libre.getsockname()[1]


class TestAsking:
    @pytest.mark.parametrize("camino", ["/bien", "/robots", "/solo-get", "/salto/2", "/bien?q=año&x=%20"])
    def test_what_answers(self, sitio, camino):
        preguntar(sitio.url + camino)

    @pytest.mark.parametrize(
        "camino, dice", [("/nada", "404"), ("/ido", "410"), ("/falla", "500"), ("/salto/3", "sin terminar")]
    )
    def test_what_does_not(self, sitio, camino, dice):
        with pytest.raises(NoResponde, match=dice):
            preguntar(sitio.url + camino)

    def test_get_is_asked_only_when_head_is_not_answered_well(self, sitio):
        preguntar(f"{sitio.url}/bien")
        preguntar(f"{sitio.url}/solo-get")

        assert sitio.pedidos == ["HEAD /bien", "HEAD /solo-get", "GET /solo-get"]

    def test_nobody_listening_is_a_failure_of_theirs(self, sitio):
        with pytest.raises(NoResponde, match="rechazó") as falla:
            preguntar(f"http://127.0.0.1:{puerto_cerrado()}/")

        assert not isinstance(falla.value, SinLinea)

    def test_who_answers_drop_by_drop_is_cut(self, sitio, monkeypatch):
        monkeypatch.setattr(enlaces, "ESPERA", 0.5)
        inicio = time.monotonic()

        with pytest.raises(SinLinea, match="No respondió"):
            preguntar(f"{sitio.url}/gota")

        assert time.monotonic() - inicio < 3

    def test_a_bad_certificate_is_a_failure_and_says_so(self, levantar, settings, tmp_path):
        settings.ENLACES_REDES_LOCALES = True
        seguro = levantar(_certificado_propio(tmp_path))

        with pytest.raises(NoResponde, match="certificado de seguridad no es válido"):
            preguntar(f"{seguro.url}/bien")

        assert seguro.pedidos == []

    @pytest.mark.parametrize("esquema", ["http", "https"])
    def test_who_accepts_and_says_nothing_is_not_waited_for(self, settings, monkeypatch, esquema):
        settings.ENLACES_REDES_LOCALES = True
        monkeypatch.setattr(enlaces, "ESPERA", 0.5)

        with socket.create_server(("127.0.0.1", 0)) as mudo, pytest.raises(SinLinea, match="No respondió"):
            preguntar(f"{esquema}://127.0.0.1:{mudo.getsockname()[1]}/")

    @pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://a b/", "https://", "http://\x00/"])
    def test_what_is_no_address_is_a_failure(self, settings, url):
        settings.ENLACES_REDES_LOCALES = True

        with pytest.raises(NoResponde):
            preguntar(url)


def _certificado_propio(carpeta) -> ssl.SSLContext:
    """Of nobody's trust: signed by itself."""
    clave, certificado = carpeta / "clave.pem", carpeta / "certificado.pem"
    como = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        ["openssl", *como.split(), "-keyout", clave, "-out", certificado],
        check=True,
        capture_output=True,
    )
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(certificado, clave)
    return contexto


class TestTheInsideIsNotAsked:
    @pytest.mark.parametrize(
        "anfitrion",
        [
            *["10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254"],
            *["100.64.0.1", "224.0.0.1"],
            *["[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]"],
            *["[64:ff9b::a00:1]", "[2002:a00:1::1]"],
            *["127.0.0.1", "localhost", "2130706433", "0x7f000001"],
        ],
    )
    def test_private_addresses(self, anfitrion):
        with pytest.raises(NoResponde, match="no es de internet"):
            preguntar(f"http://{anfitrion}/")

    @pytest.mark.parametrize("camino", ["/fuera", "/archivo"])
    def test_nor_by_a_redirection(self, sitio, camino):
        with pytest.raises(NoResponde, match="no es de internet"):
            preguntar(sitio.url + camino)

    def test_nor_loopback_unless_the_settings_say_so(self, levantar):
        sitio = levantar()

        with pytest.raises(NoResponde, match="no es de internet"):
            preguntar(f"{sitio.url}/bien")

        assert sitio.pedidos == []

    def test_the_name_is_resolved_once_and_the_connection_goes_to_what_was_judged(self, sitio, monkeypatch):
        """Who first says a public address and then a private one finds nobody who asks again."""
        preguntas = []
        de_verdad = socket.getaddrinfo

        def contada(anfitrion, *args, **kwargs):
            preguntas.append(anfitrion)
            return de_verdad("127.0.0.1" if anfitrion == "cambiante.test" else anfitrion, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", contada)
        preguntar(f"{sitio.url}/bien".replace("127.0.0.1", "cambiante.test"))

        assert preguntas.count("cambiante.test") == 1
        assert sitio.pedidos == ["HEAD /bien"]


# --- The rutina ---------------------------------------------------------------------------------
class TestRound:
    def correr(self, en=AHORA) -> str:
        return enlaces.revisar(en)

    def test_marks_what_answers_and_needs_two_failures_in_a_row(self, casa, sitio):
        crear_version(casa, cuerpo=enlazar(f"{sitio.url}/bien", f"{sitio.url}/nada"))

        assert self.correr() == "Enlaces revisados: 2. No respondieron: 1."
        bien, mal = EnlaceExterno.objects.order_by("url")
        assert (bien.estado, bien.fallas, bien.revisado_en) == (Estado.RESPONDE, 0, AHORA)
        assert (mal.estado, mal.fallas, mal.detalle) == (
            Estado.SIN_REVISAR,
            1,
            "Respondió con el código 404.",
        )

        assert self.correr(AHORA + timedelta(days=1)) == "Enlaces revisados: 1. No respondieron: 1."
        mal.refresh_from_db()
        assert (mal.estado, mal.fallas) == (Estado.ROTO, 2)

    def test_who_redirects_to_what_is_no_address_spoils_only_its_own(self, casa, sitio):
        crear_version(casa, cuerpo=enlazar(f"{sitio.url}/bien", f"{sitio.url}/torcido"))

        assert self.correr() == "Enlaces revisados: 2. No respondieron: 1."

    def test_one_success_is_enough_to_forgive(self, casa, sitio):
        crear_version(casa, cuerpo=enlazar(f"{sitio.url}/bien"))
        EnlaceExterno.objects.update(
            estado=Estado.ROTO, fallas=5, detalle="404", revisado_en=AHORA - enlaces.CADA
        )

        self.correr()

        enlace = EnlaceExterno.objects.get()
        assert (enlace.estado, enlace.fallas, enlace.detalle) == (Estado.RESPONDE, 0, "")

    @pytest.mark.parametrize(
        "estado, dias, se_pregunta",
        [
            *[
                ("borrador", 7, True),
                ("publicada", 7, True),
                ("por_autorizar", 8, True),
                ("publicada", 6, False),
            ],
            *[("descartada", 9, False), ("retirada", 9, False), ("devuelta", 9, False)],
        ],
    )
    def test_asks_weekly_those_of_open_or_public_texts(self, casa, sitio, estado, dias, se_pregunta):
        crear_version(casa, estado, cuerpo=enlazar(f"{sitio.url}/bien"))
        EnlaceExterno.objects.update(revisado_en=AHORA - timedelta(days=dias))

        self.correr()

        assert bool(sitio.pedidos) is se_pregunta

    def test_a_round_asks_so_many_the_oldest_first_and_each_once(self, casa, sitio, monkeypatch):
        monkeypatch.setattr(enlaces, "POR_RONDA", 3)
        urls = [f"{sitio.url}/bien?{n}" for n in range(5)]
        for _ in range(2):
            crear_version(casa, cuerpo=enlazar(*urls))
        EnlaceExterno.objects.filter(url=urls[0]).update(revisado_en=AHORA - timedelta(days=30))

        self.correr()
        assert len(sitio.pedidos) == 3
        assert "HEAD /bien?0" not in sitio.pedidos

        self.correr()
        assert len(sitio.pedidos) == len(set(sitio.pedidos)) == 5

    def test_when_nothing_could_be_asked_the_line_is_blamed_and_nothing_is_marked(self, casa, monkeypatch):
        crear_version(casa, cuerpo=enlazar("https://a.gov.co/x", "https://b.gov.co/x"))

        def sin_dns(*args, **kwargs):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", sin_dns)

        assert self.correr() == "No hubo línea: 2 enlaces quedan para la próxima vez."
        assert set(EnlaceExterno.objects.values_list("estado", "revisado_en", "fallas")) == {
            ("sin_revisar", None, 0)
        }

    def test_when_something_answers_what_could_not_be_reached_fails(self, casa, sitio, monkeypatch):
        monkeypatch.setattr(enlaces, "ESPERA", 0.5)
        crear_version(casa, cuerpo=enlazar(f"{sitio.url}/bien", f"{sitio.url}/gota"))

        assert self.correr() == "Enlaces revisados: 2. No respondieron: 1."

    def test_without_links_there_is_nothing_to_do(self, casa):
        assert self.correr() == "Ningún enlace por revisar."

    def test_it_is_a_rutina_of_each_hour(self, casa, sitio):
        crear_version(casa, cuerpo=enlazar(f"{sitio.url}/bien"))
        rutina = rutinas.registro["revisar-enlaces"]
        assert rutina.cada == timedelta(hours=1)

        ejecucion = rutinas.correr(rutina)

        assert (ejecucion.bien, ejecucion.resultado) == (True, "Enlaces revisados: 1. No respondieron: 0.")
        assert rutinas.correr(rutina) is None
        assert EjecucionDeRutina.objects.filter(rutina="revisar-enlaces").count() == 1


class TestBrokenInWhatIsPublic:
    def test_only_the_broken_of_what_the_public_reads_in_those_channels(self, casa):
        publica = crear_version(casa, "publicada", cuerpo=enlazar("https://roto.co/1", "https://bien.co/1"))
        crear_version(casa, cuerpo=enlazar("https://roto.co/2"))
        crear_version(casa, "retirada", cuerpo=enlazar("https://roto.co/3"))
        EnlaceExterno.objects.filter(url__contains="roto").update(estado=Estado.ROTO)
        canales = Canal.objects.filter(pk=casa.canal.pk)

        assert [enlace.url for enlace in enlaces.rotos_en(canales)] == ["https://roto.co/1"]
        assert not enlaces.rotos_en(Canal.objects.exclude(pk=casa.canal.pk)).exists()
        assert publica.estado == "publicada"


class TestAdmin:
    LISTA = "admin:portal_enlaceexterno_changelist"

    @pytest.mark.parametrize(
        "quien, estado", [("secretaria", 200), ("admin", 200), ("autora", 403), ("tesorero", 403)]
    )
    def test_only_organisers_look(self, client, casa, quien, estado):
        client.force_login(getattr(casa, quien))

        assert client.get(reverse(self.LISTA)).status_code == estado

    def test_anonymous_is_sent_to_enter(self, client, casa):
        assert client.get(reverse(self.LISTA)).status_code == 302

    def test_nobody_writes(self, client, casa):
        crear_version(casa, cuerpo=enlazar("https://a.gov.co"))
        enlace = EnlaceExterno.objects.get()
        client.force_login(casa.secretaria)
        ficha = reverse("admin:portal_enlaceexterno_change", args=[enlace.pk])

        assert client.get(ficha).status_code == 200
        assert client.post(ficha, {"url": "https://otra.co"}).status_code == 403
        assert client.get(reverse("admin:portal_enlaceexterno_add")).status_code == 403
        assert client.post(reverse("admin:portal_enlaceexterno_delete", args=[enlace.pk])).status_code == 403

    def test_says_in_which_texts_it_is_with_a_way_to_them(self, client, casa):
        versiones = [
            crear_version(casa, cuerpo=enlazar("https://a.gov.co"), titulo=f"<b>{n}</b>") for n in range(7)
        ]
        crear_version(casa, "descartada", cuerpo=enlazar("https://b.gov.co"), titulo="Abandonado")
        client.force_login(casa.secretaria)

        pagina = client.get(reverse(self.LISTA)).text

        assert f'<a href="{versiones[6].get_absolute_url()}?ver=1">&lt;b&gt;6&lt;/b&gt;</a>' in pagina
        assert " y 2 más" in pagina
        assert "Abandonado" not in pagina
        assert "ninguno hoy" in pagina

    @pytest.mark.parametrize("cuantos", [1, 15])
    def test_costs_the_same_however_many(self, client, casa, cuantos):
        for n in range(cuantos):
            crear_version(casa, cuerpo=enlazar(f"https://a.gov.co/{n}"))
        client.force_login(casa.secretaria)
        client.get(reverse(self.LISTA))

        with CaptureQueriesContext(connection) as consultas:
            client.get(reverse(self.LISTA))

        assert len(consultas) <= 8
