"""Secret reading links: what they open, that nothing else does, and the remarks left through them."""

import hashlib
import io
import logging
import re
from datetime import timedelta
from uuid import uuid4

import html5lib
import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal import services
from portal.admin.vista_previa import contexto
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Correo, EnlaceDeLectura, ObservacionDeLector, Version
from portal.redaccion import lectura
from tests.builders import crear_usuario, crear_version
from tests.portal.test_admin import mensajes

UNA_CLAVE = "0b0f1f5e-93d1-4d7e-9a3a-6a2f0f4a5e11"


def foto(nombre="calle.png", color="red") -> SimpleUploadedFile:
    salida = io.BytesIO()
    Image.new("RGB", (900, 600), color).save(salida, "PNG")
    return SimpleUploadedFile(nombre, salida.getvalue())


def dar(version, por, **opciones) -> tuple[EnlaceDeLectura, str]:
    """A link and its address."""
    enlace, secreto = lectura.crear_enlace(version, para="Ana Rojas", por=por, **opciones)
    return enlace, f"/lectura/{secreto}/"


def observar(enlace, **cambios) -> ObservacionDeLector:
    datos = {"clave": uuid4(), "texto": "Falta la hora.", "firma": "Ana", "huella": enlace.version.huella()}
    return lectura.observar(enlace, **datos | cambios)


def formulario(version, **cambios) -> dict[str, object]:
    return {
        "clave": UNA_CLAVE,
        "huella": version.huella(),
        "texto": "Falta la hora.",
        "firma": "Ana",
    } | cambios


def cambiar(version, casa, **cambios) -> Version:
    version.refresh_from_db()
    return services.guardar_borrador(version, por=casa.autora, revision=version.revision, **cambios)


def morir(casa, enlace, como: str) -> None:
    """The link stops opening, one way or another."""
    version = enlace.version
    if como == "revocado":
        lectura.revocar(enlace, por=casa.autora)
    elif como == "vencido":
        pasado = timezone.now() - timedelta(days=9)
        EnlaceDeLectura.objects.update(creado_en=pasado, vence_en=pasado + timedelta(days=7))
    elif como == "publicado":
        services.publicar_urgente(version, por=casa.jefe, motivo="Ya.")
    elif como == "descartado":
        services.descartar(version, por=casa.autora)
    else:
        services.enviar(version, por=casa.autora)
        services.devolver(version, por=casa.editor, motivo="No.")


MUERTES = ["revocado", "vencido", "publicado", "descartado", "devuelto"]


@pytest.fixture
def borrador(casa) -> Version:
    return crear_version(casa)


# --- The link -----------------------------------------------------------------------------------
class TestTheLink:
    def test_its_secret_has_256_bits_and_only_its_hash_is_kept(self, casa, borrador):
        enlace, secreto = lectura.crear_enlace(borrador, para="Ana", por=casa.autora)

        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", secreto)
        assert enlace.secreto_sha256 == hashlib.sha256(secreto.encode()).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(e)::text FROM portal_enlacedelectura e")
            assert secreto not in cursor.fetchone()[0]
        assert lectura.crear_enlace(borrador, para="Ana", por=casa.autora)[1] != secreto

    @pytest.mark.parametrize("quien", ["autora", "editor", "alcalde", "jefe", "secretaria"])
    def test_is_given_and_revoked_by_whoever_acts_in_the_channel(self, casa, borrador, quien):
        enlace, secreto = lectura.crear_enlace(borrador, para="Ana", por=getattr(casa, quien))
        assert lectura.abrir(secreto) == enlace

        lectura.revocar(enlace, por=getattr(casa, quien))

        assert lectura.abrir(secreto) is None

    @pytest.mark.parametrize("quien", ["tesorero", "admin"])
    def test_by_nobody_else(self, casa, borrador, quien):
        enlace, _secreto = lectura.crear_enlace(borrador, para="Ana", por=casa.autora)

        with pytest.raises(SinPermiso):
            lectura.crear_enlace(borrador, para="Ana", por=getattr(casa, quien))
        with pytest.raises(SinPermiso):
            lectura.revocar(enlace, por=getattr(casa, quien))

    @pytest.mark.parametrize("dias", [0, 31, -1])
    def test_serves_from_one_to_thirty_days(self, casa, borrador, dias):
        with pytest.raises(CondicionIncumplida, match="de 1 a 30 días"):
            lectura.crear_enlace(borrador, para="Ana", dias=dias, por=casa.autora)

    def test_serves_seven_days_unless_told(self, casa, borrador):
        enlace, secreto = lectura.crear_enlace(borrador, para=" Ana\x00  Rojas ", por=casa.autora)

        assert (enlace.vence_en - enlace.creado_en, enlace.para) == (timedelta(days=7), "Ana Rojas")
        assert lectura.abrir(secreto, en=enlace.vence_en - timedelta(seconds=1)) == enlace
        assert lectura.abrir(secreto, en=enlace.vence_en) is None

    @pytest.mark.parametrize("estado", ["publicada", "devuelta", "descartada", "retirada"])
    def test_is_not_given_for_what_is_no_longer_on_its_way(self, casa, estado):
        with pytest.raises(CondicionIncumplida, match="en camino"):
            lectura.crear_enlace(crear_version(casa, estado), para="Ana", por=casa.autora)

    def test_needs_to_say_for_whom(self, casa, borrador):
        with pytest.raises(CondicionIncumplida, match="para quién"):
            lectura.crear_enlace(borrador, para=" \x00 ", por=casa.autora)

    @pytest.mark.parametrize("como", MUERTES)
    def test_dies(self, casa, borrador, como):
        enlace, secreto = lectura.crear_enlace(borrador, para="Ana", por=casa.autora)
        morir(casa, enlace, como)

        assert lectura.abrir(secreto) is None
        with pytest.raises(EstadoInadecuado):
            lectura.revocar(enlace, por=casa.autora)
        with pytest.raises(EstadoInadecuado):
            observar(enlace)

    def test_follows_its_text_while_it_is_reviewed(self, casa, borrador):
        _enlace, secreto = lectura.crear_enlace(borrador, para="Ana", por=casa.autora)
        services.enviar(borrador, por=casa.autora)
        services.validar(borrador, por=casa.editor)

        assert lectura.abrir(secreto).version == borrador

    def test_counts_its_readings(self, casa, borrador):
        enlace, secreto = lectura.crear_enlace(borrador, para="Ana", por=casa.autora)

        lectura.abrir(secreto)
        lectura.abrir(secreto)
        lectura.abrir("otro")

        enlace.refresh_from_db()
        assert (enlace.lecturas, enlace.ultima_lectura is not None) == (2, True)


# --- The remark ---------------------------------------------------------------------------------
class TestTheRemark:
    def test_is_kept_signed_with_the_hash_of_what_was_read_and_told_by_mail(self, casa, borrador):
        casa.autora.email = "autora@ejemplo.gov.co"
        casa.autora.save()
        enlace, _url = dar(borrador, casa.autora)

        dicha = observar(enlace, texto=" Falta\x00 la hora. ", firma=" Ana  Rojas ")

        assert (dicha.texto, dicha.firma, dicha.huella) == ("Falta la hora.", "Ana Rojas", borrador.huella())
        correo = Correo.objects.get()
        assert correo.para == "autora@ejemplo.gov.co"
        assert "Falta la hora." in correo.texto

    def test_sent_twice_is_one(self, casa, borrador):
        enlace, _url = dar(borrador, casa.autora)

        assert observar(enlace, clave=UNA_CLAVE) == observar(enlace, clave=UNA_CLAVE)
        assert ObservacionDeLector.objects.count() == 1

    def test_the_key_of_another_link_does_not_show_its_remark(self, casa, borrador):
        observar(dar(borrador, casa.autora)[0], clave=UNA_CLAVE)

        with pytest.raises(CondicionIncumplida):
            observar(dar(borrador, casa.autora)[0], clave=UNA_CLAVE)

    def test_on_a_text_that_changed_is_refused(self, casa, borrador):
        enlace, _url = dar(borrador, casa.autora)
        leida = borrador.huella()
        cambiar(borrador, casa, titulo="Otro")

        with pytest.raises(lectura.TextoCambiado):
            observar(enlace, huella=leida)

    @pytest.mark.parametrize(
        "cambios",
        [{"texto": " "}, {"firma": "\x00"}, {"texto": "a" * 2001}, {"firma": "a" * 101}],
        ids=["no text", "no name", "long text", "long name"],
    )
    def test_must_be_whole(self, casa, borrador, cambios):
        with pytest.raises(CondicionIncumplida):
            observar(dar(borrador, casa.autora)[0], **cambios)

    def test_the_twenty_first_is_refused(self, casa, borrador):
        enlace, _url = dar(borrador, casa.autora)
        for _ in range(20):
            observar(enlace)

        with pytest.raises(CondicionIncumplida, match="20 observaciones"):
            observar(enlace)

    def test_never_changes(self, casa, borrador):
        observar(dar(borrador, casa.autora)[0])

        with pytest.raises(IntegrityError), transaction.atomic():
            ObservacionDeLector.objects.update(texto="Otra cosa")


# --- The page of the reader ---------------------------------------------------------------------
class TestThePage:
    def test_shows_the_text_as_it_will_be_read_and_takes_a_remark(self, casa, borrador, client):
        _enlace, url = dar(borrador, casa.autora)

        pagina = client.get(url)
        assert "Todavía no está publicado" in pagina.text
        assert borrador.cuerpo in pagina.text
        html5lib.HTMLParser(strict=True).parse(pagina.text)

        respuesta = client.post(url, formulario(borrador))

        assert respuesta.url == f"{url}?recibida=1#observaciones"
        despues = client.get(respuesta.url).text
        assert "Recibimos su observación" in despues
        assert "Falta la hora." in despues

    def test_is_neither_indexed_nor_kept_nor_told_to_others(self, casa, borrador, client):
        _enlace, url = dar(borrador, casa.autora)

        respuesta = client.get(url)

        assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in respuesta.text
        assert "no-store" in respuesta.headers["Cache-Control"]
        assert respuesta.headers["Referrer-Policy"] == "strict-origin"  # the secret, not even to our own logs
        assert "frame-ancestors 'none'" in respuesta.headers["Content-Security-Policy"]
        assert respuesta.headers["X-Frame-Options"] == "DENY"
        assert caches["copias"].get(url) is None
        assert 'rel="canonical"' not in respuesta.text
        assert f"Impreso de http://testserver{url}" not in respuesta.text
        assert "lectura" not in client.get("/sitemap.xml").text

    def test_a_form_of_ours_passes_the_check_of_its_origin(self, casa, borrador):
        """With `Referrer-Policy: no-referrer` browsers send `Origin: null`, and Django refuses the form."""
        _enlace, url = dar(borrador, casa.autora)
        con_control = Client(enforce_csrf_checks=True)
        marca = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', con_control.get(url).text)[1]
        datos = formulario(borrador) | {"csrfmiddlewaretoken": marca}

        assert con_control.post(url, datos, headers={"Origin": "http://testserver"}).status_code == 302
        assert con_control.post(url, formulario(borrador)).status_code == 403

    @pytest.mark.parametrize("como", [*MUERTES, "mal copiado"])
    def test_a_dead_link_is_a_kind_404_all_the_same(self, casa, borrador, client, como):
        enlace, url = dar(borrador, casa.autora)
        if como == "mal copiado":
            url = "/lectura/ñandú\udce9/".encode(errors="surrogateescape").decode(errors="replace")
        else:
            morir(casa, enlace, como)

        respuestas = [client.get(url), client.post(url, formulario(borrador))]

        assert [r.status_code for r in respuestas] == [404, 404]
        assert all("Este enlace no sirve" in r.text for r in respuestas)
        assert all("no-store" in r.headers["Cache-Control"] for r in respuestas)
        assert "Pavimentación" not in respuestas[0].text

    def test_what_was_typed_stays_when_the_text_changed_and_can_be_sent_again(self, casa, borrador, client):
        _enlace, url = dar(borrador, casa.autora)
        viejo = formulario(borrador)
        nuevo = cambiar(borrador, casa, titulo="Con otro título")

        respuesta = client.post(url, viejo)

        assert respuesta.status_code == 409
        assert "El texto cambió mientras usted lo leía" in respuesta.text
        assert "Con otro título" in respuesta.text
        assert "Falta la hora." in respuesta.text
        assert nuevo.huella() in respuesta.text
        assert client.post(url, formulario(nuevo)).status_code == 302

    @pytest.mark.parametrize(
        "cambios",
        [{"texto": ""}, {"firma": ""}, {"texto": "a" * 2001}, {"clave": "x"}, {"texto": "a\x00b"}],
        ids=["no text", "no name", "too long", "no key", "null byte"],
    )
    def test_bad_input_is_answered_beside_what_was_typed(self, casa, borrador, client, cambios):
        _enlace, url = dar(borrador, casa.autora)

        respuesta = client.post(url, formulario(borrador, **cambios))

        assert respuesta.status_code == 422
        assert "Su observación no se ha enviado" in respuesta.text
        assert not ObservacionDeLector.objects.exists()

    def test_scripts_in_a_remark_do_not_run(self, casa, borrador, client):
        _enlace, url = dar(borrador, casa.autora)

        client.post(url, formulario(borrador, texto="<script>alert(1)</script>", firma="<b>Ana</b>"))

        pagina = client.get(url).text
        assert "<script>alert" not in pagina
        assert "&lt;script&gt;" in pagina

    @pytest.mark.parametrize("metodo", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, casa, borrador, client, metodo):
        assert getattr(client, metodo)(dar(borrador, casa.autora)[1]).status_code == 405

    def test_asking_only_for_the_headers_is_not_a_reading(self, casa, borrador, client):
        enlace, url = dar(borrador, casa.autora)

        client.head(url)
        client.get(url)

        enlace.refresh_from_db()
        assert enlace.lecturas == 1

    @pytest.mark.parametrize("observaciones", [0, 15])
    def test_costs_the_same_however_many_remarks(
        self, casa, borrador, client, observaciones, django_assert_num_queries
    ):
        enlace, url = dar(borrador, casa.autora)
        for _ in range(observaciones):
            observar(enlace)
        client.get(url)

        with django_assert_num_queries(7):
            client.get(url)

    def test_its_secret_is_not_written_in_our_log(self, casa, borrador, client):
        _enlace, url = dar(borrador, casa.autora)
        consola = next(h for h in logging.getLogger().handlers if h.name == "consola")
        escrito = io.StringIO()
        anterior = consola.setStream(escrito)
        try:
            client.post(url, formulario(borrador, texto=""))
            client.put(url)
            Client(enforce_csrf_checks=True).post(url, formulario(borrador))
        finally:
            consola.setStream(anterior)

        secreto = url.split("/")[2]
        assert escrito.getvalue().count("/lectura/***/") == 3
        assert secreto not in escrito.getvalue()


class TestItsFiles:
    @pytest.fixture
    def con_foto(self, casa, borrador):
        return services.adjuntar(borrador, foto(), titulo="La calle", alt="Una calle", por=casa.autora)

    def test_are_served_under_the_address_of_the_link(self, casa, borrador, con_foto, client):
        _enlace, url = dar(borrador, casa.autora)

        direcciones = set(re.findall(r'(?:src|href)="([^"]*archivos/[^"]*)"', client.get(url).text))

        assert direcciones == {
            f"{url}archivos/{con_foto.pk}/calle.png",
            f"{url}archivos/{con_foto.pk}/miniatura/",
        }
        for direccion in direcciones:
            respuesta = client.get(direccion)
            assert respuesta.status_code == 200
            assert "no-store" in respuesta.headers["Cache-Control"]
            assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
            respuesta.getvalue()

    def test_each_width_of_an_image_too(self, casa, borrador, con_foto, client):
        _enlace, url = dar(borrador, casa.autora)
        [srcset] = re.findall(r'srcset="([^"]*)"', client.get(url).text)

        direcciones = [parte.split()[0] for parte in srcset.split(",")]

        assert len(direcciones) > 1
        for direccion in direcciones:
            assert direccion.startswith(url)
            respuesta = client.get(direccion)
            assert respuesta.status_code == 200
            respuesta.getvalue()

    def test_not_without_the_link_nor_those_of_another_text(self, casa, borrador, con_foto, client):
        otro = crear_version(casa, titulo="Otro")
        ajena = services.adjuntar(otro, foto("b.png", "blue"), titulo="Ajena", alt="x", por=casa.autora)
        enlace, url = dar(borrador, casa.autora)

        assert client.get(con_foto.get_absolute_url()).status_code == 404
        assert client.get(f"{url}archivos/{ajena.pk}/b.png").status_code == 404
        assert client.get(f"{url}archivos/{con_foto.pk}/ancho-3.webp").status_code == 404
        assert client.get(f"{url}archivos/{con_foto.pk}/../../../etc/passwd").status_code == 404
        assert client.post(f"{url}archivos/{con_foto.pk}/calle.png").status_code == 405
        services.publicar_urgente(otro, por=casa.jefe, motivo="Ya.")
        assert client.get(f"{url}archivos/{ajena.pk}/b.png").status_code == 404
        lectura.revocar(enlace, por=casa.autora)
        assert client.get(f"{url}archivos/{con_foto.pk}/calle.png").status_code == 404


# --- In the admin -------------------------------------------------------------------------------
def url_admin(nombre: str, *claves) -> str:
    return reverse(f"admin:portal_version_{nombre}", args=claves)


class TestTheDesk:
    def test_the_address_is_shown_once_with_a_message_ready_to_send(self, casa, borrador, client):
        client.force_login(casa.autora)

        respuesta = client.post(url_admin("lectores", borrador.pk), {"para": "Ana Rojas", "dias": "3"})

        [direccion] = set(re.findall(r"http://testserver/lectura/[\w-]{43}/", respuesta.text))
        assert "Buen día, Ana Rojas." in respuesta.text
        assert client.get(direccion).status_code == 200
        ficha = client.get(borrador.get_absolute_url(), {"ver": "1"}).text
        assert "Ana Rojas" in ficha
        assert direccion.split("/")[-2] not in ficha

    @pytest.mark.parametrize(
        "datos", [{}, {"para": "Ana", "dias": "31"}, {"para": "Ana", "dias": "x"}, {"para": " "}]
    )
    def test_bad_input_is_said_beside_it(self, casa, borrador, client, datos):
        client.force_login(casa.autora)

        respuesta = client.post(url_admin("lectores", borrador.pk), datos)

        assert (respuesta.status_code, "errorlist" in respuesta.text) == (422, True)
        assert not EnlaceDeLectura.objects.exists()

    def test_remarks_are_read_with_their_signature_and_whether_the_text_changed_since(
        self, casa, borrador, client
    ):
        enlace, _url = dar(borrador, casa.autora)
        observar(enlace, firma="Ana R.")
        client.force_login(casa.editor)
        antes = client.get(borrador.get_absolute_url(), {"ver": "1"}).text
        assert "Ana R." in antes
        assert "el texto cambió después" not in antes

        cambiar(borrador, casa, titulo="Otro")

        assert "el texto cambió después" in client.get(borrador.get_absolute_url(), {"ver": "1"}).text

    def test_revoking_closes_it_and_a_second_time_says_so(self, casa, borrador, client):
        enlace, url = dar(borrador, casa.autora)
        client.force_login(casa.jefe)

        respuesta = client.post(url_admin("revocar_lectura", borrador.pk, enlace.pk))
        segunda = client.post(url_admin("revocar_lectura", borrador.pk, enlace.pk))

        assert "ya no abre nada" in mensajes(respuesta)
        assert (segunda.status_code, "ya no servía" in mensajes(segunda)) == (409, True)
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize(("quien", "estado"), [("tesorero", 404), ("admin", 409)])
    def test_whoever_does_not_act_in_the_channel_gives_and_revokes_nothing(
        self, casa, borrador, client, quien, estado
    ):
        enlace, _url = dar(borrador, casa.autora)
        client.force_login(getattr(casa, quien))

        dado = client.post(url_admin("lectores", borrador.pk), {"para": "Ana", "dias": "3"})
        revocado = client.post(url_admin("revocar_lectura", borrador.pk, enlace.pk))

        assert (dado.status_code, revocado.status_code) == (estado, estado)
        assert EnlaceDeLectura.objects.vigentes().get() == enlace

    def test_who_administers_reads_the_remarks_and_is_offered_no_form(self, casa, borrador, client):
        observar(dar(borrador, casa.autora)[0])
        client.force_login(casa.admin)

        ficha = client.get(borrador.get_absolute_url(), {"ver": "1"}).text

        assert "Falta la hora." in ficha
        assert "Crear el enlace" not in ficha
        assert "Revocar" not in ficha

    def test_a_link_of_another_text_is_not_found(self, casa, borrador, client):
        enlace, _url = dar(crear_version(casa, titulo="Otro"), casa.autora)
        client.force_login(casa.autora)

        assert client.post(url_admin("revocar_lectura", borrador.pk, enlace.pk)).status_code == 404

    def test_only_by_post_and_only_by_who_entered(self, casa, borrador, client):
        enlace, _url = dar(borrador, casa.autora)
        direcciones = [
            url_admin("lectores", borrador.pk),
            url_admin("revocar_lectura", borrador.pk, enlace.pk),
        ]
        for direccion in direcciones:
            client.post(direccion, {"para": "Ana", "dias": "3"})
        client.force_login(casa.autora)
        for direccion in direcciones:
            assert client.get(direccion).status_code == 405

        assert EnlaceDeLectura.objects.vigentes().get() == enlace

    def test_a_person_without_posts_reads_no_remark(self, casa, borrador, client):
        observar(dar(borrador, casa.autora)[0])
        client.force_login(crear_usuario("sin.cargo"))

        assert client.get(borrador.get_absolute_url(), {"ver": "1"}).status_code in {302, 404}

    @pytest.mark.parametrize("enlaces", [1, 6])
    def test_the_page_of_the_text_costs_the_same_however_many(
        self, casa, borrador, client, enlaces, django_assert_max_num_queries
    ):
        for _ in range(enlaces):
            enlace, _url = dar(borrador, casa.autora)
            for _ in range(3):
                observar(enlace)
        pedido = RequestFactory().get("/")
        pedido.user = casa.autora
        borrador = Version.objects.select_related("publicacion").get(pk=borrador.pk)

        with django_assert_max_num_queries(5):
            contexto(pedido, borrador)
