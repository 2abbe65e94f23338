"""Ways around the rules that somebody tried, each with the door that now stays shut."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal import importacion, rutinas, services
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.models import Adjunto, Asignacion, Publicacion, Version
from tests.builders import CAMINOS, CONTENIDO, _dar_paso, crear_publicada, crear_version
from tests.portal.test_admin import TEXTO, mensajes, url_accion, url_nueva


def publicar_otra(casa, publicacion, **cambios):
    nueva = services.nueva_version(publicacion, por=casa.autora)
    nueva = services.guardar_borrador(nueva, por=casa.autora, revision=0, **cambios)
    for paso in CAMINOS["publicada"]:
        _dar_paso(casa, nueva, paso, None)
    return nueva


def con_pdf(casa, datos: bytes = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n") -> tuple[Version, Adjunto]:
    version = crear_version(casa)
    subido = SimpleUploadedFile("plano.pdf", datos)
    return version, services.adjuntar(version, subido, titulo="Plano", por=casa.autora)


class TestWhoAnswersForAText:
    def test_the_first_sender_does_not_authorise_what_another_published_with_urgency(self, casa):
        version = crear_version(casa)
        services.enviar(version, por=casa.secretaria)
        services.publicar_urgente(version, por=casa.jefe, motivo="Ya.")

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar_urgente(version, por=casa.secretaria, huella=version.huella())

    def test_saving_without_a_change_takes_nobody_s_place(self, casa):
        version = services.crear_publicacion(canal=casa.canal, tipo="noticia", por=casa.jefe, **CONTENIDO)
        services.guardar_borrador(version, por=casa.autora, revision=0, titulo=CONTENIDO["titulo"])
        services.enviar(version, por=casa.autora)
        services.validar(version, por=casa.editor)

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(version, por=casa.jefe, huella=Version.objects.get().huella())

    def test_correcting_without_a_change_does_not_either(self, casa):
        version = services.crear_publicacion(canal=casa.canal, tipo="noticia", por=casa.jefe, **CONTENIDO)
        services.enviar(version, por=casa.jefe)
        services.devolver(version, por=casa.editor, motivo="No.")
        igual = services.nueva_version(version.publicacion, por=casa.autora)
        services.enviar(igual, por=casa.autora)
        services.validar(igual, por=casa.editor)

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(igual, por=casa.jefe, huella=igual.huella())

    def test_adding_a_file_is_an_edition(self, casa, adjunto_pdf):
        version = crear_version(casa)
        services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.jefe)
        services.enviar(version, por=casa.autora)
        services.validar(version, por=casa.editor)

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(version, por=casa.jefe, huella=Version.objects.get().huella())

    def test_no_file_is_added_to_what_was_sent(self, casa, adjunto_pdf):
        version = crear_version(casa, "en_validacion")

        with pytest.raises(CondicionIncumplida, match="ya no es un borrador"):
            services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)


class TestUrgency:
    def test_another_urgent_text_does_not_start_the_days_again(self, casa):
        primera = crear_version(casa, "urgente", en=timezone.now() - timedelta(days=30))
        segunda = services.nueva_version(primera.publicacion, por=casa.autora)

        services.publicar_urgente(segunda, por=casa.jefe, motivo="Sigue la creciente.")

        segunda.refresh_from_db()
        assert segunda.urgente_vence == primera.urgente_vence

    def test_one_that_was_replaced_still_waits_for_its_authorisation(self, casa):
        primera = crear_version(casa, "urgente")
        publicar_otra(casa, primera.publicacion, titulo="La definitiva")
        primera.refresh_from_db()
        assert list(Version.objects.urgentes_sin_autorizar()) == [primera]

        services.autorizar_urgente(primera, por=casa.alcalde, huella=primera.huella())

        primera.refresh_from_db()
        assert primera.estado == "reemplazada"
        assert not Version.objects.urgentes_sin_autorizar().exists()


class TestFilesOnDisk:
    def test_one_that_was_changed_is_neither_authorised_nor_published_nor_served(self, casa, client):
        version, adjunto = con_pdf(casa)
        services.enviar(version, por=casa.autora)
        services.validar(version, por=casa.editor)
        version.refresh_from_db()
        bueno = Path(adjunto.archivo.path).read_bytes()
        Path(adjunto.archivo.path).write_bytes(b"%PDF-1.4 otro")

        with pytest.raises(CondicionIncumplida, match="no es el que se subió"):
            services.autorizar(version, por=casa.jefe, huella=version.huella())

        Path(adjunto.archivo.path).write_bytes(bueno)
        acto = services.autorizar(version, por=casa.jefe, huella=version.huella())
        Path(adjunto.archivo.path).write_bytes(b"%PDF-1.4 otro")
        with pytest.raises(CondicionIncumplida, match="no es el que se subió"):
            services.publicar(version, por=casa.jefe)
        client.force_login(casa.jefe)
        assert client.get(adjunto.get_absolute_url()).status_code == 404
        assert "no coincide" in client.get(acto.get_absolute_url()).text

    def test_the_link_to_a_file_survives_a_new_version_that_keeps_it(self, casa, client):
        version, viejo = con_pdf(casa)
        for paso in CAMINOS["publicada"]:
            _dar_paso(casa, Version.objects.get(pk=version.pk), paso, None)
        publicar_otra(casa, version.publicacion, titulo="Con otro título")

        respuesta = client.get(viejo.get_absolute_url())

        hoy = Adjunto.objects.exclude(pk=viejo.pk).get()
        assert (respuesta.status_code, respuesta.url) == (302, hoy.get_absolute_url())

    def test_a_draft_s_file_is_kept_by_nobody_and_a_public_one_is_asked_for_again(self, casa, client):
        version, adjunto = con_pdf(casa)
        client.force_login(casa.autora)
        borrador = client.get(adjunto.get_absolute_url())
        borrador.getvalue()
        services.publicar_urgente(version, por=casa.jefe, motivo="Ya.")

        publico = client.get(adjunto.get_absolute_url())
        publico.getvalue()
        otra_vez = client.get(adjunto.get_absolute_url(), headers={"If-None-Match": publico.headers["ETag"]})

        assert borrador.headers["Cache-Control"] == "private, no-store"
        assert publico.headers["Cache-Control"] == "public, no-cache"
        assert otra_vez.status_code == 304


class TestTheDatabaseItself:
    def test_a_sent_text_never_goes_back_to_draft(self, casa):
        version = crear_version(casa, "publicada")

        with pytest.raises(IntegrityError, match="no cambia"), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(estado="borrador")

    def test_a_file_is_not_moved_out_of_a_sent_text(self, casa):
        version, adjunto = con_pdf(casa)
        services.enviar(version, por=casa.autora)
        otro = crear_version(casa, titulo="Otro")

        with pytest.raises(IntegrityError, match="no cambian"), transaction.atomic():
            Adjunto.objects.filter(pk=adjunto.pk).update(version=otro)

    def test_a_stricter_list_of_tags_does_not_lock_what_was_already_authorised(self, casa, monkeypatch):
        version = crear_version(casa, "publicada", cuerpo="<h4>Menor</h4><p>Texto</p>")
        monkeypatch.setattr("portal.saneado._una_pasada", lambda texto: texto.replace("h4", "p"))
        version = Version.objects.get(pk=version.pk)

        assert version.huella() == version.autorizacion.huella
        services.retirar(version.publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        assert Version.objects.get().cuerpo.startswith("<h4>")


class TestWhatIsTyped:
    @pytest.mark.parametrize("fecha", ["9999-12-31T23:00", "0001-01-01T00:00", "1850-01-01T00:00"])
    def test_a_year_that_cannot_be_is_refused_with_words(self, casa, client, fecha):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        client.force_login(casa.autora)

        respuesta = client.post(
            url_nueva(casa.canal, "evento"), TEXTO | {"evento_inicio": fecha, "evento_fin": fecha}
        )

        assert "Revise el año" in respuesta.text
        assert client.get(reverse("admin:portal_version_changelist")).status_code == 200

    def test_invisible_characters_never_reach_a_feed(self, casa, client):
        crear_publicada(casa, titulo="Jornada\x0bde salud", resumen="Con\x00 nulos")

        assert client.get("/rss/").status_code == 200
        assert Version.objects.get().titulo == "Jornadade salud"

    def test_a_double_click_makes_one_text(self, casa, client):
        client.force_login(casa.autora)
        datos = TEXTO | {"clave": "0b0f1f5e-93d1-4d7e-9a3a-6a2f0f4a5e11", "_enviar": "1"}

        client.post(url_nueva(casa.canal), datos)
        segunda = client.post(url_nueva(casa.canal), datos)

        assert segunda.url == Version.objects.get().get_absolute_url()
        assert "ya se había guardado" in mensajes(segunda)

    def test_a_null_byte_is_answered_400(self, casa, client):
        client.force_login(casa.autora)
        url = reverse("admin:portal_version_changelist")

        assert client.get(url, {"estado__exact": "\x00"}).status_code == 400
        assert client.post(url_nueva(casa.canal), TEXTO | {"titulo": "a\x00b"}).status_code == 400

    def test_a_selection_that_is_not_a_number_is_answered_400(self, casa, client):
        client.force_login(casa.jefe)
        datos = {"action": "autorizar_y_publicar", "_selected_action": ["abc"]}

        assert client.post(reverse("admin:portal_version_changelist"), datos).status_code == 400

    def test_a_user_name_longer_than_any_is_refused(self, casa, client):
        respuesta = client.post("/admin/login/", {"username": "x" * 300, "password": "y"})

        assert respuesta.status_code == 200
        assert "demasiado largo" in respuesta.text

    def test_a_very_long_address_is_refused(self, casa, client):
        publicacion = crear_publicada(casa)
        client.force_login(casa.editor)

        assert (
            client.post(url_accion(publicacion, "cambiar_direccion"), {"slug": "a" * 121}).status_code == 422
        )

    def test_an_address_that_was_of_another_is_not_taken(self, casa):
        una, otra = crear_publicada(casa, titulo="Una"), crear_publicada(casa, titulo="Otra")
        services.cambiar_direccion(una, slug="nueva", por=casa.editor)

        with pytest.raises(CondicionIncumplida, match="fue de otra"):
            services.cambiar_direccion(otra, slug="una", por=casa.editor)


class TestFixedAddresses:
    def test_secretaria_general_gives_and_takes_them(self, casa, client):
        publicacion = crear_publicada(casa, tipo="pagina")
        client.force_login(casa.secretaria)

        client.post(url_accion(publicacion, "fijar_ruta"), {"ruta": "/soporte/"})
        assert client.get("/soporte/").status_code == 200
        client.post(url_accion(publicacion, "fijar_ruta"), {"ruta": ""})

        assert client.get("/soporte/").status_code == 404

    @pytest.mark.parametrize("ruta", ["/admin/", "/politicas/", "/politicas/Ñ/", "soporte", "//mal.example/"])
    def test_only_the_ones_that_are_asked_for(self, casa, client, ruta):
        publicacion = crear_publicada(casa)
        client.force_login(casa.secretaria)

        assert client.post(url_accion(publicacion, "fijar_ruta"), {"ruta": ruta}).status_code == 409
        assert Publicacion.objects.get().ruta_fija is None

    def test_nobody_else_does_and_two_never_share_one(self, casa):
        una, otra = crear_publicada(casa), crear_publicada(casa, titulo="Otra")
        services.fijar_ruta(una, ruta="/soporte/", por=casa.secretaria)

        with pytest.raises(SinPermiso):
            services.fijar_ruta(otra, ruta="/politicas/x/", por=casa.jefe)
        with pytest.raises(CondicionIncumplida, match="Otra publicación"):
            services.fijar_ruta(otra, ruta="/soporte/", por=casa.secretaria)


class TestWhatIsHidden:
    def test_an_act_of_what_was_withdrawn_by_error_shows_neither_title_nor_files(self, casa, client):
        version = crear_version(casa, "retirada", titulo="Nombre que no debía salir")

        respuesta = client.get(version.autorizacion.get_absolute_url())

        assert respuesta.status_code == 200
        assert "Nombre que no debía salir" not in respuesta.text

    def test_an_act_of_another_office_before_its_day_is_not_found(self, casa, client):
        url = crear_version(casa, "autorizada").autorizacion.get_absolute_url()
        client.force_login(casa.tesorero)

        assert client.get(url).status_code == 404

    def test_nothing_goes_out_in_a_closed_channel(self, casa):
        version = crear_version(casa, "programada")
        casa.canal.activo = False
        casa.canal.save()

        informe = services.publicar_programadas(version.programada_para)

        assert "está cerrado" in informe
        assert not Publicacion.objects.get().version_publica


class TestTheMatrixAndTheAges:
    def test_importing_by_hand_puts_back_what_was_removed_by_hand(self, casa):
        csv = importacion.matriz_en_csv()
        Asignacion.objects.first().delete()

        importacion.importar_matriz(csv, nombre="matriz.csv", completa=False)

        assert importacion.matriz_en_csv() == csv

    def test_a_minor_edit_does_not_make_a_channel_young(self, casa, client):
        casa.canal.edad_maxima_dias = 7
        casa.canal.save()
        publicacion = crear_publicada(casa, en=timezone.now() - timedelta(days=30))
        publicar_otra(casa, publicacion, cambio_menor=True)
        client.force_login(casa.autora)

        grupos = client.get(reverse("admin:index")).context["grupos"]

        assert "Canales por actualizar" in [grupo.titulo for grupo in grupos]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestTroubleInTheDatabase:
    def test_one_bad_text_does_not_hold_back_the_others(self, monkeypatch):
        from tests.builders import crear_alcaldia

        casa = crear_alcaldia()
        mala = crear_version(casa, "programada", titulo="Mala")
        buena = crear_version(casa, "programada", titulo="Buena")
        from portal import flujo_editorial

        de_verdad = flujo_editorial.indexar

        def indexar(publicacion):
            if publicacion.pk == mala.publicacion_id:
                raise RuntimeError("no se pudo")
            de_verdad(publicacion)

        monkeypatch.setattr(flujo_editorial, "indexar", indexar)

        rutinas.correr(
            rutinas.registro["publicar-programadas"],
            en=timezone.now() + timedelta(days=2),
            aunque_no_toque=True,
        )

        assert Version.objects.get(pk=buena.pk).estado == "publicada"
        assert Version.objects.get(pk=mala.pk).estado == "programada"

    def test_what_was_withdrawn_does_not_come_back_with_a_failure(self, client):
        from tests.builders import crear_alcaldia

        casa = crear_alcaldia()
        publicacion = crear_publicada(casa)
        url = publicacion.get_absolute_url()
        client.get(url)
        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="Datos de menores.")

        def falla(*args):
            raise OperationalError("connection refused")

        with connection.execute_wrapper(falla):
            respuesta = client.get(url)
            otra = client.get("/buscar/?q=predial")

        assert (respuesta.status_code, otra.status_code) == (503, 503)

    def test_two_people_saving_at_once_is_not_an_outage(self, client):
        """A deadlock is answered 409 and says what to do, not as if the database were down."""
        from psycopg2.errors import DeadlockDetected

        def choque(*args):
            raise OperationalError("deadlock detected") from ConPgcode()

        class ConPgcode(DeadlockDetected):
            pgcode = "40P01"

        with connection.execute_wrapper(choque):
            respuesta = client.get("/canales/")

        assert respuesta.status_code == 409
        assert "otra persona" in respuesta.text
