"""The preview: the very page that the citizen will see, for whoever may read the text."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal import services
from portal.models import Version
from tests.builders import CAMINOS, _dar_paso, crear_version
from tests.portal.test_lectura import foto

AHORA = timezone.now()


def url(nombre: str, version) -> str:
    return reverse(f"admin:portal_version_{nombre}", args=[version.pk])


def articulo(pagina: str) -> str:
    return re.search(r"<article.*</article>", pagina, re.DOTALL)[0]


@pytest.fixture
def borrador(casa) -> Version:
    return crear_version(casa)


class TestWhatIsSeen:
    @pytest.mark.parametrize("menor", [False, True])
    def test_is_byte_for_byte_what_is_published(self, casa, client, menor):
        with time_machine.travel(AHORA - timedelta(days=40), tick=False):
            publicacion = crear_version(casa, "publicada").publicacion
        with time_machine.travel(AHORA, tick=False):
            nueva = services.nueva_version(publicacion, por=casa.autora)
            services.adjuntar(nueva, foto(), titulo="La calle", alt="Una calle", por=casa.autora)
            nueva.refresh_from_db()
            services.guardar_borrador(
                nueva,
                por=casa.autora,
                revision=nueva.revision,
                titulo="Ahora en la calle 4",
                cuerpo="<h2>Obra</h2><p>Empieza el martes.</p>",
                nota_de_cambio="La calle.",
                cambio_menor=menor,
            )
            for paso in ("enviar", "validar", "autorizar"):
                _dar_paso(casa, Version.objects.get(pk=nueva.pk), paso, None)
            client.force_login(casa.jefe)

            previa = client.get(url("vista_previa", nueva)).text
            services.publicar(nueva, por=casa.jefe)
            publicada = client.get(publicacion.get_absolute_url()).text

        assert "Ahora en la calle 4" in publicada
        assert articulo(previa) == articulo(publicada)

    def test_what_is_programmed_shows_the_day_it_will_go_out(self, casa, client):
        version = crear_version(casa, "programada", en=timezone.now() - timedelta(hours=1))
        client.force_login(casa.jefe)

        pagina = client.get(url("vista_previa", version)).text

        assert f'Publicada el <time datetime="{timezone.localdate(version.programada_para)}"' in pagina

    def test_says_that_it_is_not_published_and_nobody_indexes_nor_keeps_it(self, casa, borrador, client):
        client.force_login(casa.autora)

        respuesta = client.get(url("vista_previa", borrador))

        assert "Así se verá. Todavía no está publicado." in re.sub(r"<[^>]+>", "", respuesta.text)
        assert '<meta name="robots" content="noindex, nofollow">' in respuesta.text
        assert 'rel="canonical"' not in respuesta.text
        assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in respuesta.headers["Cache-Control"]

    def test_saves_nothing(self, casa, borrador, client):
        client.force_login(casa.autora)
        antes = Version.objects.values().get(), borrador.publicacion.__class__.objects.values().get()

        client.get(url("vista_previa", borrador))

        assert antes == (
            Version.objects.values().get(),
            borrador.publicacion.__class__.objects.values().get(),
        )
        assert client.get(borrador.publicacion.get_absolute_url()).status_code == 404

    def test_what_was_withdrawn_is_seen_as_it_would_be_again(self, casa, client):
        publicacion = crear_version(casa, "publicada").publicacion
        services.retirar(publicacion, por=casa.jefe, clase="sin_vigencia", motivo="Ya pasó.")
        nueva = services.nueva_version(publicacion, por=casa.autora)
        client.force_login(casa.autora)

        pagina = client.get(url("vista_previa", nueva))

        assert pagina.status_code == 200
        assert "ya no está vigente" not in articulo(pagina.text)

    def test_its_images_open_for_who_reads_it(self, casa, borrador, client):
        services.adjuntar(borrador, foto(), titulo="La calle", alt="Una calle", por=casa.autora)
        client.force_login(casa.editor)

        [imagen] = re.findall(r'<img src="(/archivos/[^"]+)"', client.get(url("vista_previa", borrador)).text)

        respuesta = client.get(imagen)
        assert respuesta.status_code == 200
        respuesta.getvalue()

    @pytest.mark.parametrize("estado", [*CAMINOS])
    def test_opens_in_every_state(self, casa, client, estado):
        version = crear_version(casa, estado)
        client.force_login(casa.autora)

        respuesta = client.get(url("vista_previa", version))

        publica = estado in {"publicada", "retirada", "reemplazada", "urgente"}
        assert ("Todavía no está publicado" in respuesta.text) is not publica

    @pytest.mark.parametrize("archivos", [0, 6])
    def test_costs_the_same_however_many_files(
        self, casa, borrador, client, archivos, django_assert_num_queries
    ):
        for n in range(archivos):
            services.adjuntar(borrador, foto(color=(n, n, n)), titulo="x", alt="x", por=casa.autora)
        client.force_login(casa.autora)
        client.get(url("vista_previa", borrador))

        with django_assert_num_queries(6 if archivos else 5):
            client.get(url("vista_previa", borrador))


class TestTheFrame:
    def test_only_these_two_pages_have_to_do_with_frames(self, casa, borrador, client):
        client.force_login(casa.autora)
        previa, anchos, ficha = (
            client.get(url(nombre, borrador)) for nombre in ("vista_previa", "anchos", "change")
        )
        publica = client.get("/")

        def politica(respuesta) -> tuple[str, bool, bool]:
            csp = respuesta.headers["Content-Security-Policy"]
            return (
                respuesta.headers["X-Frame-Options"],
                "frame-ancestors 'self'" in csp,
                "frame-src 'self'" in csp,
            )

        assert politica(previa) == ("SAMEORIGIN", True, False)
        assert politica(anchos) == ("DENY", False, True)
        assert politica(ficha) == politica(publica) == ("DENY", False, False)
        for respuesta in (previa, anchos):
            assert "unsafe-inline" not in respuesta.headers["Content-Security-Policy"]

    def test_shows_the_preview_at_two_widths_and_alone(self, casa, borrador, client):
        client.force_login(casa.autora)

        pagina = client.get(url("anchos", borrador)).text

        assert f'<iframe src="{url("vista_previa", borrador)}"' in pagina
        assert pagina.count('type="radio"') == 2
        assert "style=" not in pagina


class TestWhoSeesIt:
    @pytest.mark.parametrize("nombre", ["vista_previa", "anchos"])
    @pytest.mark.parametrize(
        ("quien", "estado"),
        [
            ("autora", 200),
            ("editor", 200),
            ("alcalde", 200),
            ("secretaria", 200),
            ("admin", 200),
            ("tesorero", 404),
        ],
    )
    def test_whoever_may_read_the_text(self, casa, borrador, client, nombre, quien, estado):
        client.force_login(getattr(casa, quien))

        assert client.get(url(nombre, borrador)).status_code == estado

    @pytest.mark.parametrize("nombre", ["vista_previa", "anchos"])
    def test_nobody_without_entering_and_only_to_be_read(self, casa, borrador, client, nombre):
        assert client.get(url(nombre, borrador)).status_code == 302
        client.force_login(casa.autora)

        assert client.post(url(nombre, borrador)).status_code == 405
        assert client.get(url(nombre, borrador).replace(str(borrador.pk), "999999")).status_code == 404
