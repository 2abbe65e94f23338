"""Images at the size each screen asks for: drawn once, authorised with the text, never enlarged."""

import hashlib
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image, ImageDraw

from portal import services
from portal.archivos import PORTADA, rendiciones, revisar
from portal.models import Rendicion
from portal.models.version import Foco
from tests.builders import crear_version

ROJO, AZUL = (200, 0, 0), (0, 0, 200)


def foto(ancho: int, alto: int, formato: str = "JPEG", **opciones) -> bytes:
    """Red on the left, blue on the right."""
    imagen = Image.new("RGB", (ancho, alto), ROJO)
    ImageDraw.Draw(imagen).rectangle((ancho // 2, 0, ancho, alto), fill=AZUL)
    salida = BytesIO()
    imagen.save(salida, formato, quality=90, **opciones)
    return salida.getvalue()


def con_imagen(casa, contenido: bytes | None = None, **campos):
    version = crear_version(casa)
    subido = SimpleUploadedFile("IMG_1.jpg", contenido or foto(1600, 1200))
    adjunto = services.adjuntar(version, subido, titulo="Feria", alt="La plaza", por=casa.autora, **campos)
    version.refresh_from_db()
    return version, adjunto


def medidas(adjunto) -> set[tuple[str, int, int]]:
    return set(adjunto.rendiciones.values_list("clase", "ancho", "alto"))


def abrir(rendicion) -> Image.Image:
    with rendicion.archivo.open() as abierto:
        return Image.open(BytesIO(abierto.read())).convert("RGB")


def test_a_file_that_was_already_read_is_read_again():
    """A form that meets another saving is checked twice."""
    subido = SimpleUploadedFile("IMG_1.jpg", foto(60, 40))
    assert revisar(subido).sha256 == revisar(subido).sha256


class TestDrawing:
    def test_a_photo_is_kept_at_three_widths_and_cropped(self, casa):
        _version, adjunto = con_imagen(casa)

        assert adjunto.miniatura
        assert medidas(adjunto) == {("ancho", 320, 240), ("ancho", 1280, 960), ("portada", 640, 360)}
        assert {abrir(rendicion).size for rendicion in adjunto.rendiciones.all()} == {
            (320, 240),
            (1280, 960),
            PORTADA,
        }

    @pytest.mark.parametrize(
        ("ancho", "alto", "esperadas"),
        [
            (300, 200, {("portada", 300, 169)}),
            (321, 400, {("ancho", 320, 399), ("portada", 321, 181)}),
            (640, 100, {("ancho", 320, 50), ("portada", 178, 100)}),
            (641, 100, {("ancho", 320, 50), ("ancho", 641, 100), ("portada", 178, 100)}),
            (1, 1, {("portada", 1, 1)}),
        ],
    )
    def test_what_is_small_is_never_made_larger(self, casa, ancho, alto, esperadas):
        _version, adjunto = con_imagen(casa, foto(ancho, alto, "PNG"))
        assert medidas(adjunto) == esperadas

    def test_a_photo_of_twelve_megapixels_is_taken_and_reduced(self, casa):
        enorme = foto(4032, 3024, exif=_con_lugar())
        assert len(enorme) > 100_000

        _version, adjunto = con_imagen(casa, enorme)

        assert (adjunto.ancho, adjunto.alto) == (1280, 960)
        assert adjunto.tamano < len(enorme)
        for rendicion in adjunto.rendiciones.all():
            with rendicion.archivo.open() as abierto:
                contenido = abierto.read()
            assert b"Exif" not in contenido
            assert b"NOKIA" not in contenido
            assert len(contenido) < 60_000

    def test_a_bomb_is_refused_in_words(self):
        """A small PNG that would be 900 megapixels."""
        bomba = BytesIO()
        Image.new("1", (30_000, 30_000)).save(bomba, "PNG", optimize=True)
        with pytest.raises(
            ValidationError, match="La imagen es demasiado grande: redúzcala a 50 megapíxeles"
        ):
            revisar(SimpleUploadedFile("bomba.png", bomba.getvalue()))

    def test_a_file_that_is_no_image_has_none(self, casa):
        version = crear_version(casa)
        adjunto = services.adjuntar(
            version, SimpleUploadedFile("a.csv", b"a,b\n1,2\n"), titulo="Datos", por=casa.autora
        )
        assert not adjunto.rendiciones.exists()

    @pytest.mark.parametrize(
        ("foco", "color"), [(Foco.IZQUIERDA, ROJO), (Foco.DERECHA, AZUL), (Foco.ARRIBA_DERECHA, AZUL)]
    )
    def test_the_crop_keeps_what_matters(self, foco, color):
        """A wide image: the crop leaves a side out."""
        portada = rendiciones(foto(3000, 500), foco.punto)[-1]
        imagen = Image.open(BytesIO(portada.contenido)).convert("RGB")
        centro = imagen.getpixel((imagen.width // 2, imagen.height // 2))
        assert max(abs(uno - otro) for uno, otro in zip(centro, color, strict=True)) < 40

    def test_every_focus_is_a_place(self):
        puntos = {Foco(foco).punto for foco in Foco.values}
        assert puntos == {(x, y) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)}
        assert Foco.CENTRO.punto == (0.5, 0.5)
        assert Foco.ABAJO_DERECHA.punto == (1.0, 1.0)


def _con_lugar() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "NOKIA"
    exif[0x8825] = {1: "N", 2: (8.0, 21.0, 0.0)}
    return exif


class TestFocus:
    def test_changing_it_draws_only_the_renditions_again(self, casa):
        _version, adjunto = con_imagen(casa, foto(1200, 300))
        antes = adjunto.rendiciones.get(clase="portada").sha256
        sha256 = adjunto.sha256

        adjunto.refresh_from_db()
        adjunto.foco = Foco.DERECHA
        adjunto.save()

        assert adjunto.rendiciones.get(clase="portada").sha256 != antes
        assert adjunto.rendiciones.count() == 3
        adjunto.refresh_from_db()
        assert adjunto.sha256 == sha256

    def test_saving_it_as_it_was_draws_nothing(self, casa, django_assert_num_queries):
        _version, adjunto = con_imagen(casa)
        adjunto = type(adjunto).objects.get(pk=adjunto.pk)
        with django_assert_num_queries(1):
            adjunto.save()

    def test_it_is_chosen_without_a_mouse(self, casa, client):
        version, adjunto = con_imagen(casa, foto(1200, 300))
        client.force_login(casa.autora)
        pagina = client.get(version.get_absolute_url()).text
        assert re.search('<select name="adjuntos-0-foco"', pagina)

        client.post(version.get_absolute_url(), _formulario(version, adjunto, foco="izquierda"))

        adjunto.refresh_from_db()
        assert adjunto.foco == "izquierda"

    def test_a_place_that_is_not_one_is_refused(self, casa, client):
        version, adjunto = con_imagen(casa)
        client.force_login(casa.autora)
        pagina = client.post(version.get_absolute_url(), _formulario(version, adjunto, foco="luna")).text
        assert "Elija una de las opciones: «luna» no está." in pagina


def _formulario(version, adjunto, **cambios) -> dict[str, str]:
    uno = {"id": adjunto.pk, "version": version.pk, "titulo": adjunto.titulo, "alt": adjunto.alt, "orden": 0}
    return {
        "titulo": version.titulo,
        "resumen": version.resumen,
        "cuerpo": version.cuerpo,
        "revision": str(version.revision),
        "adjuntos-TOTAL_FORMS": "1",
        "adjuntos-INITIAL_FORMS": "1",
        **{f"adjuntos-0-{campo}": valor for campo, valor in (uno | cambios).items()},
    }


class TestWhatIsAuthorised:
    def test_each_size_is_part_of_what_is_signed(self, casa):
        version, adjunto = con_imagen(casa)
        antes = version.huella()
        services.enviar(version, por=casa.autora)
        assert version.archivos_intactos()

        ancha = adjunto.rendiciones.get(ancho=1280).archivo
        Path(ancha.path).write_bytes(b"otra imagen")

        assert version.huella() == antes
        assert not version.archivos_intactos()

    def test_another_drawing_is_another_text(self, casa):
        version, adjunto = con_imagen(casa)
        antes = version.huella()
        adjunto.rendiciones.filter(clase="portada").delete()
        assert version.huella() != antes

    def test_what_was_authorised_before_there_were_sizes_reads_the_same(self, casa):
        """Neither the middle focus nor the lack of renditions is said: the old hash holds."""
        _version, adjunto = con_imagen(casa)
        adjunto.rendiciones.all().delete()
        assert set(adjunto.contenido()) == {
            *("orden", "titulo", "alt", "nombre", "formato", "sha256", "miniatura")
        }
        adjunto.foco = Foco.ARRIBA
        assert adjunto.contenido()["foco"] == "arriba"

    def test_postgresql_does_not_let_a_sent_one_change(self, casa):
        version, adjunto = con_imagen(casa)
        services.enviar(version, por=casa.autora)
        with pytest.raises(IntegrityError, match="no cambian"):
            adjunto.rendiciones.all().delete()

    def test_a_new_text_has_its_own(self, casa):
        version, adjunto = con_imagen(casa)
        services.enviar(version, por=casa.autora)
        services.devolver(version, por=casa.editor, motivo="Falta el lugar.")

        nueva = services.nueva_version(version.publicacion, por=casa.autora)

        copia = nueva.adjuntos.get()
        assert medidas(copia) == medidas(adjunto)
        assert copia.rendiciones.filter(adjunto=adjunto).count() == 0
        assert Rendicion.objects.count() == 6

    def test_a_new_text_is_begun_though_the_file_of_an_old_one_is_gone(self, casa):
        """One that was kept before there were sizes is drawn when it is copied, if its file is there."""
        version, adjunto = con_imagen(casa)
        adjunto.rendiciones.all().delete()
        services.enviar(version, por=casa.autora)
        services.devolver(version, por=casa.editor, motivo="Falta el lugar.")
        Path(adjunto.archivo.path).unlink()

        nueva = services.nueva_version(version.publicacion, por=casa.autora)

        assert nueva.adjuntos.get().sha256 == adjunto.sha256
        assert not nueva.archivos_intactos()


class TestServing:
    @pytest.fixture
    def publicada(self, casa):
        version, adjunto = con_imagen(casa)
        services.enviar(version, por=casa.autora)
        services.validar(version, por=casa.editor)
        version.refresh_from_db()
        services.autorizar_y_publicar(version, por=casa.alcalde, huella=version.huella())
        return version, adjunto

    def test_the_page_offers_each_width_and_the_crop_to_share(self, publicada, client):
        version, _adjunto = publicada
        pagina = client.get(version.publicacion.get_absolute_url()).text

        assert re.search(
            r'srcset="\S+ancho-320.webp 320w, \S+miniatura/ 640w, \S+ancho-1280.webp 1280w"', pagina
        )
        assert 'sizes="' in pagina
        recorte = re.search('<meta property="og:image" content="http://testserver(.*?)"', pagina)[1]
        respuesta = client.get(recorte)
        assert Image.open(BytesIO(respuesta.getvalue())).size == PORTADA
        assert respuesta.headers["Content-Type"] == "image/webp"

    def test_each_one_is_what_was_drawn(self, publicada, client):
        for rendicion in publicada[1].rendiciones.all():
            respuesta = client.get(rendicion.get_absolute_url())
            contenido = respuesta.getvalue()
            assert hashlib.sha256(contenido).hexdigest() == rendicion.sha256
            assert respuesta.headers["Cache-Control"] == "public, no-cache"

    def test_a_text_without_images_offers_nothing(self, casa, client):
        version = crear_version(casa, "publicada")
        assert "og:image" not in client.get(version.publicacion.get_absolute_url()).text

    @pytest.mark.parametrize("resto", ["ancho-999.webp", "otra-320.webp", "portada-320.webp"])
    def test_a_size_that_is_not_there_is_not_found(self, publicada, client, resto):
        assert client.get(f"/archivos/{publicada[1].pk}/{resto}").status_code == 404

    def test_those_of_a_draft_are_only_for_whoever_reads_it(self, casa, client):
        _version, adjunto = con_imagen(casa)
        direccion = adjunto.rendiciones.first().get_absolute_url()
        assert client.get(direccion).status_code == 404
        client.force_login(casa.tesorero)
        assert client.get(direccion).status_code == 404
        client.force_login(casa.autora)
        respuesta = client.get(direccion)
        assert respuesta.getvalue()
        assert respuesta.headers["Cache-Control"] == "private, no-store"
        assert client.post(direccion).status_code == 405

    @pytest.mark.parametrize("cuantas", [1, 8])
    def test_the_page_costs_the_same_with_many(self, casa, client, django_assert_num_queries, cuantas):
        version = crear_version(casa)
        for numero in range(cuantas):
            archivo = SimpleUploadedFile("f.jpg", foto(400 + numero, 300))
            services.adjuntar(version, archivo, titulo=f"Foto {numero}", alt="La plaza", por=casa.autora)
        services.enviar(version, por=casa.autora)
        services.validar(version, por=casa.editor)
        version.refresh_from_db()
        services.autorizar_y_publicar(version, por=casa.alcalde, huella=version.huella())
        direccion = version.publicacion.get_absolute_url()
        client.get(direccion)
        with django_assert_num_queries(4):
            client.get(direccion)
