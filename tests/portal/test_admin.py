"""The admin as people use it: writing, sending, returning, authorising, and the organisation."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal import importacion, services
from portal.models import (
    Actualizacion,
    Asignacion,
    Autorizacion,
    Canal,
    Cargo,
    DireccionAnterior,
    Municipio,
    Publicacion,
    Titularidad,
    Version,
)
from portal.models.canal import Tipo
from tests.builders import CAMINOS, asignar, crear_canal, crear_publicada, crear_version

SIN_ADJUNTOS = {
    "adjuntos-TOTAL_FORMS": "0",
    "adjuntos-INITIAL_FORMS": "0",
    "adjuntos-MIN_NUM_FORMS": "0",
    "adjuntos-MAX_NUM_FORMS": "1000",
}
TEXTO = {
    "titulo": "Corte de agua",
    "resumen": "El jueves de 8 a 12.",
    "cuerpo": "<p>El jueves no hay agua.</p>",
    "revision": "0",
} | SIN_ADJUNTOS


def mensajes(respuesta) -> str:
    return " ".join(str(mensaje) for mensaje in get_messages(respuesta.wsgi_request))


def url_nueva(canal, tipo="noticia") -> str:
    return f"{reverse('admin:portal_version_add')}?canal={canal.pk}&tipo={tipo}"


def url_paso(version, nombre) -> str:
    return reverse("admin:portal_version_paso", args=[version.pk, nombre])


def url_accion(publicacion, nombre) -> str:
    return reverse("admin:portal_publicacion_accion", args=[publicacion.pk, nombre])


class TestWriting:
    def test_first_asks_where_and_what_among_ones_own_channels(self, casa, client):
        crear_canal(nombre="De otra dependencia")
        client.force_login(casa.autora)

        pagina = client.get(reverse("admin:portal_version_add")).text

        assert "Programas y proyectos" in pagina
        assert "De otra dependencia" not in pagina

    def test_a_channel_of_one_kind_needs_no_second_question(self, casa, client):
        casa.canal.tipos = ["pagina"]
        casa.canal.save()
        client.force_login(casa.autora)

        respuesta = client.get(reverse("admin:portal_version_add"), {"canal": casa.canal.pk})

        assert 'name="cuerpo"' in respuesta.text

    @pytest.mark.parametrize("canal", ["x", "999999", "-1", ""])
    def test_a_channel_that_is_not_ones_own_opens_nothing(self, casa, client, canal):
        client.force_login(casa.autora)

        respuesta = client.get(reverse("admin:portal_version_add"), {"canal": canal})

        assert 'name="cuerpo"' not in respuesta.text

    def test_another_office_cannot_even_open_the_form(self, casa, client):
        client.force_login(casa.tesorero)

        assert client.get(url_nueva(casa.canal)).status_code == 403
        assert client.post(url_nueva(casa.canal), TEXTO).status_code == 403
        assert not Version.objects.exists()

    def test_saving_keeps_a_draft_that_nobody_has_sent(self, casa, client):
        client.force_login(casa.autora)

        respuesta = client.post(url_nueva(casa.canal), TEXTO | {"_continue": "1"})

        version = Version.objects.get()
        assert respuesta.url == version.get_absolute_url()
        assert (version.estado, version.editada_por) == ("borrador", casa.autora)
        assert version.publicacion.slug == "corte-de-agua"

    def test_save_and_send_does_both(self, casa, client):
        client.force_login(casa.autora)

        client.post(url_nueva(casa.canal), TEXTO | {"_enviar": "1"})

        version = Version.objects.get()
        assert (version.estado, version.enviada_por) == ("en_validacion", casa.autora)
        assert version.enviada_como == casa.cargo_autor

    def test_sending_what_is_not_complete_saves_it_and_says_what_is_missing(self, casa, client):
        client.force_login(casa.autora)

        respuesta = client.post(url_nueva(casa.canal), TEXTO | {"resumen": "", "_enviar": "1"})

        assert Version.objects.get().estado == "borrador"
        assert "Falta: resumen" in mensajes(respuesta)

    def test_an_author_cannot_choose_the_state_nor_the_person(self, casa, client):
        client.force_login(casa.autora)
        forjado = {"estado": "publicada", "editada_por": casa.jefe.pk, "autorizada_en": "2026-01-01"}

        client.post(url_nueva(casa.canal), TEXTO | forjado)

        version = Version.objects.get()
        assert (version.estado, version.editada_por, version.autorizada_en) == (
            "borrador",
            casa.autora,
            None,
        )

    def test_what_is_pasted_from_word_is_stored_clean(self, casa, client):
        client.force_login(casa.autora)
        pegado = '<p class="MsoNormal" style="color:red" onclick="x()">Hola <script>x</script><b>ya</b></p>'

        client.post(url_nueva(casa.canal), TEXTO | {"cuerpo": pegado})

        assert Version.objects.get().cuerpo == "<p>Hola <strong>ya</strong></p>"

    @pytest.mark.parametrize(
        "tipo, campo",
        [("documento", "norma_tipo"), ("evento", "lugar"), ("enlace", "enlace"), ("pregunta", None)],
    )
    def test_each_kind_has_the_fewest_fields(self, casa, client, tipo, campo):
        casa.canal.tipos = [tipo]
        casa.canal.save()
        client.force_login(casa.autora)

        campos = client.get(url_nueva(casa.canal, tipo)).context["adminform"].form.fields

        propios = {"norma_tipo", "lugar", "enlace", "cambio_menor"}
        assert propios & set(campos) == ({campo} if campo else set())

    @pytest.mark.parametrize("tipo", Tipo.values)
    def test_marks_exactly_what_sending_will_ask_for(self, casa, client, tipo):
        casa.canal.tipos = [tipo]
        casa.canal.save()
        vacio = crear_version(casa, tipo=tipo, titulo="", resumen="", cuerpo="")
        client.force_login(casa.autora)

        form = client.get(url_nueva(casa.canal, tipo)).context["adminform"].form
        marcados = {c.name for c in form.visible_fields() if "necesario" in c.label_tag()}

        assert marcados == {campo for campo, _falta in vacio.campos_que_faltan([])} - {"adjuntos"}
        assert "*" not in "".join(c.label_tag() for c in form.visible_fields())

    def test_an_event_is_written_in_bogota_time(self, casa, client):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        client.force_login(casa.autora)
        datos = {
            "evento_inicio": "2026-12-01T15:00",
            "evento_fin": "2026-12-01T17:00",
            "lugar": "Salón comunal",
        }

        client.post(url_nueva(casa.canal, "evento"), TEXTO | datos)

        assert Version.objects.get().evento_inicio.isoformat() == "2026-12-01T20:00:00+00:00"

    def test_an_event_that_ends_before_it_starts_says_so_and_keeps_what_was_typed(self, casa, client):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        client.force_login(casa.autora)
        datos = {"evento_inicio": "2026-12-01T15:00", "evento_fin": "2026-12-01T14:00"}

        respuesta = client.post(url_nueva(casa.canal, "evento"), TEXTO | datos)

        assert "no puede terminar antes de empezar" in respuesta.text
        assert "Corte de agua" in respuesta.text


class TestEditing:
    def test_saving_over_somebody_elses_work_is_refused_and_loses_nothing(self, casa, client):
        version = crear_version(casa)
        services.guardar_borrador(version, por=casa.editor, revision=0, titulo="Del editor")
        client.force_login(casa.autora)

        respuesta = client.post(version.get_absolute_url(), TEXTO | {"titulo": "De la autora"})

        assert "guardó cambios" in respuesta.text
        assert "De la autora" in respuesta.text
        assert Version.objects.get().titulo == "Del editor"

    def test_saving_again_after_the_warning_replaces_knowingly(self, casa, client):
        version = crear_version(casa)
        services.guardar_borrador(version, por=casa.editor, revision=0, titulo="Del editor")
        client.force_login(casa.autora)
        respuesta = client.post(version.get_absolute_url(), TEXTO)

        revision = respuesta.context["adminform"].form["revision"].value()
        client.post(version.get_absolute_url(), TEXTO | {"revision": revision})

        assert Version.objects.get().titulo == "Corte de agua"

    def test_what_was_sent_opens_only_to_be_read(self, casa, client):
        version = crear_version(casa, "en_validacion")
        client.force_login(casa.autora)

        assert 'name="cuerpo"' not in client.get(version.get_absolute_url()).text
        respuesta = client.post(version.get_absolute_url(), TEXTO)
        assert respuesta.status_code == 409
        assert "El jueves no hay agua." in respuesta.text  # what was typed, to be copied
        assert Version.objects.get().titulo != "Corte de agua"

    def test_another_office_does_not_find_it(self, casa, client):
        version = crear_version(casa)
        client.force_login(casa.tesorero)

        assert client.get(version.get_absolute_url()).status_code == 404
        listado = client.get(reverse("admin:portal_version_changelist"))
        assert version.titulo not in listado.text

    def test_a_returned_text_is_corrected_in_a_new_one(self, casa, client):
        version = crear_version(casa, "devuelta")
        client.force_login(casa.autora)
        url = reverse("admin:portal_version_corregir", args=[version.pk])

        respuesta = client.post(url)

        nueva = Version.objects.get(numero=2)
        assert respuesta.url == nueva.get_absolute_url()
        assert client.get(url).status_code == 405
        assert "Ya hay un texto en camino" in mensajes(client.post(url))

    def test_nobody_deletes_a_text(self, casa, client):
        version = crear_version(casa)
        client.force_login(casa.admin)

        respuesta = client.post(reverse("admin:portal_version_delete", args=[version.pk]), {"post": "yes"})

        assert respuesta.status_code == 403


class TestAttachments:
    def adjunto(self, archivo, **datos):
        return {
            "adjuntos-TOTAL_FORMS": "1",
            "adjuntos-INITIAL_FORMS": "0",
            "adjuntos-MIN_NUM_FORMS": "0",
            "adjuntos-MAX_NUM_FORMS": "1000",
            "adjuntos-0-archivo": archivo,
            "adjuntos-0-orden": "0",
        } | {f"adjuntos-0-{campo}": valor for campo, valor in datos.items()}

    def test_a_file_is_kept_under_a_random_name_and_titled_by_default(self, casa, client, adjunto_pdf):
        client.force_login(casa.autora)

        client.post(url_nueva(casa.canal), TEXTO | self.adjunto(adjunto_pdf))

        adjunto = Version.objects.get().adjuntos.get()
        assert (adjunto.titulo, adjunto.formato, adjunto.nombre) == ("plano", "PDF", "plano.pdf")
        assert "plano" not in adjunto.archivo.name

    def test_a_file_with_a_false_extension_is_refused_beside_its_field(self, casa, client):
        client.force_login(casa.autora)
        falso = SimpleUploadedFile("foto.png", b"MZ\x90\x00 programa")

        respuesta = client.post(url_nueva(casa.canal), TEXTO | self.adjunto(falso))

        assert "no es lo que su nombre dice" in respuesta.text
        assert "Corte de agua" in respuesta.text
        assert not Version.objects.exists()

    def test_what_is_kept_is_called_by_its_name_and_opens(self, casa, client, adjunto_pdf):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)
        client.force_login(casa.autora)

        pagina = client.get(version.get_absolute_url()).text

        assert f'<a href="{adjunto.get_absolute_url()}">plano.pdf</a>' in pagina
        assert adjunto.archivo.name not in pagina
        assert client.get(adjunto.get_absolute_url()).getvalue().startswith(b"%PDF")

    def test_a_place_for_a_file_left_empty_asks_for_nothing(self, casa, client):
        client.force_login(casa.autora)

        client.post(url_nueva(casa.canal), TEXTO | self.adjunto("", orden=""))

        assert not Version.objects.get().adjuntos.exists()

    def test_nobody_has_to_number_them(self, casa, client, adjunto_pdf):
        client.force_login(casa.autora)

        client.post(url_nueva(casa.canal), TEXTO | self.adjunto(adjunto_pdf, orden=""))

        assert Version.objects.get().adjuntos.get().orden == 0
        pagina = client.get(url_nueva(casa.canal)).text
        assert '<label for="id_adjuntos-0-orden">' in pagina  # without class="required", which is bold

    def test_a_draft_s_file_is_not_public_but_its_people_read_it(self, casa, client, adjunto_pdf):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)

        assert client.get(adjunto.get_absolute_url()).status_code == 404
        client.force_login(casa.tesorero)
        assert client.get(adjunto.get_absolute_url()).status_code == 404
        client.force_login(casa.editor)
        respuesta = client.get(adjunto.get_absolute_url())
        assert respuesta.getvalue().startswith(b"%PDF")


class TestSteps:
    def test_authorise_and_publish_in_one_press(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        client.force_login(casa.jefe)

        respuesta = client.post(url_paso(version, "autorizar"), {"huella": version.huella(), "publicar": "1"})

        assert Publicacion.objects.publicadas().get().version_publica == version
        acto = Autorizacion.objects.get()
        assert f'<a href="{acto.get_absolute_url()}">Autorización {acto}</a>' in mensajes(respuesta)

    def test_authorising_what_was_urgent_names_the_act(self, casa, client):
        version = crear_version(casa, "urgente")
        client.force_login(casa.alcalde)

        respuesta = client.post(url_paso(version, "autorizar_urgente"), {"huella": version.huella()})

        acto = Autorizacion.objects.get()
        assert f'<a href="{acto.get_absolute_url()}">Autorización {acto}</a>' in mensajes(respuesta)

    def test_a_title_with_code_is_shown_as_it_was_written(self, casa, client):
        version = crear_version(casa, "por_autorizar", titulo="<b>Aviso</b>")
        client.force_login(casa.jefe)

        respuesta = client.post(url_paso(version, "autorizar"), {"huella": version.huella()})

        assert "&lt;b&gt;Aviso&lt;/b&gt;" in mensajes(respuesta)

    @pytest.mark.parametrize("estado", CAMINOS)
    def test_who_has_nothing_to_do_reads_what_is_true_of_the_text(self, casa, client, estado):
        version = crear_version(casa, estado)
        client.force_login(casa.admin)  # reads everything and takes no step

        pagina = client.get(f"{version.get_absolute_url()}?ver=1").text

        assert ("este texto espera a otra persona" in pagina) is (
            estado in {"en_validacion", "por_autorizar"}
        )
        assert ("el público ya lo lee" in pagina) is (estado in {"publicada", "urgente"})
        assert ("Falta que otra persona lo autorice" in pagina) is (estado == "urgente")
        assert ("se abandonó" in pagina) is (estado == "descartada")

    def test_publishing_with_urgency_stands_apart_closed_and_last(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        client.force_login(casa.jefe)

        pagina = client.get(version.get_absolute_url()).text

        lo_usual, aparte = pagina.split('<div class="aparte">')
        assert "Autorizar y publicar" in lo_usual
        assert "con urgencia" not in lo_usual
        assert "<details><summary>Publicar con urgencia…" in aparte
        assert "Solo cuando esperar hace daño" in aparte

    def test_what_its_sender_took_back_is_not_called_returned(self, casa, client):
        version = crear_version(casa, "en_validacion")
        services.recoger(version, por=casa.autora, motivo="Falta el plano.")
        client.force_login(casa.autora)

        pagina = client.get(version.get_absolute_url()).text

        assert "autora lo recogió para corregirlo" in pagina
        assert "Motivo de la devolución" not in pagina

    def test_a_text_that_is_not_the_one_shown_is_refused_with_a_message(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        client.force_login(casa.jefe)

        respuesta = client.post(url_paso(version, "autorizar"), {"huella": "0" * 64})

        assert respuesta.status_code == 409
        assert "no es el mismo que usted abrió" in respuesta.text
        assert not Autorizacion.objects.exists()

    def test_returning_without_a_reason_asks_for_it(self, casa, client):
        version = crear_version(casa, "en_validacion")
        client.force_login(casa.editor)

        respuesta = client.post(url_paso(version, "devolver"), {"motivo": " "})

        assert respuesta.status_code == 422
        assert Version.objects.get().estado == "en_validacion"

    def test_a_reason_is_not_lost_when_the_step_is_refused(self, casa, client):
        version = crear_version(casa, "en_validacion")
        client.force_login(casa.autora)

        respuesta = client.post(url_paso(version, "devolver"), {"motivo": "Escrito con cuidado"})

        assert respuesta.status_code == 409

    def test_programming_in_the_past_keeps_what_was_typed(self, casa, client):
        version = crear_version(casa, "autorizada")
        client.force_login(casa.jefe)

        respuesta = client.post(url_paso(version, "programar"), {"para": "2020-01-01T08:00"})

        assert respuesta.status_code == 409
        assert "2020-01-01T08:00" in respuesta.text

    def test_a_step_twice_says_that_it_was_already_taken(self, casa, client):
        version = crear_version(casa, "en_validacion")
        client.force_login(casa.editor)
        client.post(url_paso(version, "validar"))

        respuesta = client.post(url_paso(version, "validar"))

        assert respuesta.status_code == 409
        assert "por autorizar" in respuesta.text

    @pytest.mark.parametrize("nombre", ["publicar_programada", "retirar", "inventado"])
    def test_what_is_not_a_button_is_not_an_address(self, casa, client, nombre):
        version = crear_version(casa, "programada")
        client.force_login(casa.jefe)

        assert client.post(url_paso(version, nombre)).status_code == 404


class TestBulkAction:
    def marcar(self, *versiones, **mas):
        datos = {
            "action": "autorizar_y_publicar",
            "_selected_action": [v.pk for v in versiones],
        }
        return datos | mas

    def test_shows_each_text_and_authorises_exactly_those(self, casa, client):
        uno, dos = (crear_version(casa, "por_autorizar", titulo=t) for t in ("Uno", "Dos"))
        client.force_login(casa.jefe)
        url = reverse("admin:portal_version_changelist")

        pagina = client.post(url, self.marcar(uno, dos))
        huellas = {f"huella-{v.pk}": v.huella() for v in (uno, dos)}
        respuesta = client.post(url, self.marcar(uno, dos, confirmar="1", **huellas))

        assert uno.huella() in pagina.text
        for acto in Autorizacion.objects.all():
            assert f'<a href="{acto.get_absolute_url()}">Autorización {acto}</a>' in mensajes(respuesta)
        assert Publicacion.objects.publicadas().count() == 2

    def test_is_only_for_whoever_authorises_somewhere(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        client.force_login(casa.autora)
        url = reverse("admin:portal_version_changelist")

        client.post(url, self.marcar(version, confirmar="1", **{f"huella-{version.pk}": version.huella()}))

        assert "Leer, autorizar y publicar" not in client.get(url).text
        assert not Autorizacion.objects.exists()
        client.force_login(casa.alcalde)
        assert "Leer, autorizar y publicar" in client.get(url).text

    def test_another_channel_is_refused_here_too(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        otro = crear_canal()
        asignar(otro, autoriza=casa.cargo_editor)
        client.force_login(casa.editor)  # authorises, but not here

        respuesta = client.post(
            reverse("admin:portal_version_changelist"),
            self.marcar(version, confirmar="1", **{f"huella-{version.pk}": version.huella()}),
        )

        assert "autoriza en este canal" in mensajes(respuesta)
        assert not Autorizacion.objects.exists()

    def test_says_of_each_text_its_channel_and_whose_it_is(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        casa.autora.first_name, casa.autora.last_name = "Ana", "Rojas"
        casa.autora.save()
        client.force_login(casa.jefe)

        pagina = client.post(reverse("admin:portal_version_changelist"), self.marcar(version)).text

        assert "en «Programas y proyectos»" in pagina
        assert "lo envió Ana Rojas" in pagina

    def test_the_sender_who_also_heads_the_office_is_refused_as_the_same_person(self, casa, client):
        version = services.crear_publicacion(
            canal=casa.canal,
            tipo="noticia",
            por=casa.jefe,
            titulo="Del jefe",
            resumen="R",
            cuerpo="<p>T</p>",
        )
        services.enviar(version, por=casa.jefe)
        services.validar(version, por=casa.editor)
        client.force_login(casa.jefe)

        respuesta = client.post(
            reverse("admin:portal_version_changelist"),
            self.marcar(version, confirmar="1", **{f"huella-{version.pk}": version.huella()}),
        )

        assert "otra persona" in mensajes(respuesta)
        assert not Autorizacion.objects.exists()

    def test_without_the_hash_nothing_is_authorised(self, casa, client):
        version = crear_version(casa, "por_autorizar")
        client.force_login(casa.jefe)

        client.post(reverse("admin:portal_version_changelist"), self.marcar(version, confirmar="1"))

        assert not Autorizacion.objects.exists()


class TestWhatIsLive:
    def test_the_list_leads_by_the_title_and_to_the_site(self, casa, client):
        publicacion = crear_publicada(casa)
        client.force_login(casa.autora)

        pagina = client.get(reverse("admin:portal_publicacion_changelist")).text

        ficha = reverse("admin:portal_publicacion_change", args=[publicacion.pk])
        assert f'<a href="{ficha}">{publicacion}</a>' in pagina
        assert f'<a href="{publicacion.get_absolute_url()}">Ver en el sitio' in pagina

    def test_changing_it_opens_a_draft_and_the_page_stays(self, casa, client):
        publicacion = crear_publicada(casa)
        client.force_login(casa.autora)

        respuesta = client.post(url_accion(publicacion, "nueva_version"))

        assert respuesta.url == Version.objects.get(numero=2).get_absolute_url()
        assert Publicacion.objects.get().version_publica.numero == 1

    def test_a_second_change_leads_to_the_one_on_its_way(self, casa, client):
        publicacion = crear_publicada(casa)
        nueva = services.nueva_version(publicacion, por=casa.autora)
        client.force_login(casa.editor)

        respuesta = client.post(url_accion(publicacion, "nueva_version"))

        assert respuesta.url == nueva.get_absolute_url()

    def test_withdrawn_as_merged_names_the_other_by_its_address(self, casa, client):
        publicacion = crear_publicada(casa)
        otra = crear_publicada(casa, titulo="La que queda")
        client.force_login(casa.jefe)
        datos = {"clase": "unificada", "motivo": "Repetida.", "unificada_con": otra.get_absolute_url()}

        client.post(url_accion(publicacion, "retirar"), datos)

        publicacion.refresh_from_db()
        assert publicacion.unificada_con == otra

    @pytest.mark.parametrize("direccion", ["/canales/no/hay/", "cualquier cosa", "/"])
    def test_an_address_that_is_not_one_is_refused_and_the_reason_stays(self, casa, client, direccion):
        publicacion = crear_publicada(casa)
        client.force_login(casa.jefe)
        datos = {"clase": "unificada", "motivo": "Repetida.", "unificada_con": direccion}

        respuesta = client.post(url_accion(publicacion, "retirar"), datos)

        assert respuesta.status_code == 422
        assert "Repetida." in respuesta.text

    def test_a_new_address_leaves_a_redirect(self, casa, client):
        publicacion = crear_publicada(casa)
        vieja = publicacion.get_absolute_url()
        client.force_login(casa.editor)

        client.post(url_accion(publicacion, "cambiar_direccion"), {"slug": "otra-direccion"})

        client.logout()
        respuesta = client.get(vieja)
        assert respuesta.status_code == 301
        assert respuesta.url.endswith("/otra-direccion/")

    @pytest.mark.parametrize("slug", ["", "Con Espacios", "rss", "../x", "ñandú", "la-otra"])
    def test_an_unusable_address_is_refused(self, casa, client, slug):
        publicacion = crear_publicada(casa)
        crear_publicada(casa, titulo="La otra")
        client.force_login(casa.editor)

        respuesta = client.post(url_accion(publicacion, "cambiar_direccion"), {"slug": slug})

        assert respuesta.status_code in {409, 422}
        assert not DireccionAnterior.objects.exists()

    def test_an_old_address_taken_again_no_longer_redirects(self, casa, client):
        publicacion = crear_publicada(casa)
        primera = publicacion.slug
        services.cambiar_direccion(publicacion, slug="segunda", por=casa.editor)
        services.cambiar_direccion(publicacion, slug=primera, por=casa.editor)

        assert list(DireccionAnterior.objects.values_list("slug", flat=True)) == ["segunda"]

    @pytest.mark.parametrize(
        "nombre", ["nueva_version", "ratificar_vigencia", "retirar", "cambiar_direccion"]
    )
    def test_each_action_by_the_wrong_person_or_method(self, casa, client, nombre):
        publicacion = crear_publicada(casa, en=timezone.now() - timedelta(days=2))
        url = url_accion(publicacion, nombre)
        datos = {"clase": "error", "motivo": "Sí", "slug": "otra"}

        assert client.post(url, datos).status_code == 401
        client.force_login(casa.tesorero)
        assert client.post(url, datos).status_code == 404
        client.force_login(casa.admin)
        assert client.post(url, datos).status_code == 409
        client.force_login(casa.jefe)
        assert client.get(url).status_code == 405
        assert Actualizacion.objects.count() == 1


@pytest.mark.parametrize("filas", [1, 12])
@pytest.mark.parametrize("listado", ["version", "publicacion"])
def test_lists_cost_the_same_however_many_rows(casa, client, django_assert_max_num_queries, filas, listado):
    for n in range(filas):
        crear_version(casa, "publicada", titulo=f"Texto {n}")
    client.force_login(casa.secretaria)
    url = reverse(f"admin:portal_{listado}_changelist")
    client.get(url)

    with django_assert_max_num_queries(10):  # session, menu, may they authorise, counts, filters, one page
        client.get(url)


class TestOrganisation:
    TABLAS = (
        *("municipio", "dependencia", "cargo", "titularidad", "canal", "asignacion"),
        *("dianohabil", "sinonimo", "autorizacion", "actualizacion", "ejecucionderutina", "usuario"),
    )

    @pytest.mark.parametrize("tabla", TABLAS)
    def test_is_for_secretaria_general_and_the_administrator(self, casa, client, tabla):
        url = reverse(f"admin:portal_{tabla}_changelist")

        estados = {}
        for quien in ("autora", "jefe", "alcalde", "secretaria", "admin"):
            client.force_login(getattr(casa, quien))
            estados[quien] = client.get(url).status_code

        assert estados == {"autora": 403, "jefe": 403, "alcalde": 403, "secretaria": 200, "admin": 200}

    @pytest.mark.parametrize("tabla", ["autorizacion", "actualizacion", "ejecucionderutina"])
    def test_what_the_system_writes_nobody_adds(self, casa, client, tabla):
        client.force_login(casa.admin)

        assert client.get(reverse(f"admin:portal_{tabla}_add")).status_code == 403

    def test_a_second_titular_is_refused_with_words(self, casa, client):
        client.force_login(casa.secretaria)
        datos = {
            "persona": casa.tesorero.pk,
            "cargo": casa.cargo_jefe.pk,
            "calidad": "titular",
            "desde": "2026-01-01",
        }

        respuesta = client.post(reverse("admin:portal_titularidad_add"), datos)

        assert "ya tiene titular en esas fechas" in respuesta.text
        assert Titularidad.objects.filter(cargo=casa.cargo_jefe).count() == 1

    def test_a_reversed_tenure_is_refused_with_words(self, casa, client):
        client.force_login(casa.secretaria)
        datos = {
            "persona": casa.tesorero.pk,
            "cargo": casa.cargo_jefe.pk,
            "calidad": "titular",
            "desde": "2020-02-01",
            "hasta": "2020-01-01",
        }

        respuesta = client.post(reverse("admin:portal_titularidad_add"), datos)

        assert "no puede ser anterior" in respuesta.text

    def test_its_changes_leave_history_with_who(self, casa, client):
        client.force_login(casa.secretaria)
        client.post(
            reverse("admin:portal_dependencia_change", args=[casa.planeacion.pk]),
            {"nombre": "Planeación y Obras", "slug": "planeacion", "orden": "0", "activa": "on"},
        )

        ultima = casa.planeacion.history.first()
        historia = client.get(reverse("admin:portal_dependencia_history", args=[casa.planeacion.pk]))

        assert (ultima.nombre, ultima.history_user) == ("Planeación y Obras", casa.secretaria)
        assert "Planeación y Obras" in historia.text


class TestMatrix:
    def csv(self, *filas: str) -> SimpleUploadedFile:
        contenido = "\n".join(["canal,cargo,funcion", *filas])
        return SimpleUploadedFile("matriz.csv", contenido.encode())

    def test_goes_out_and_comes_back_without_loss(self, casa, client):
        client.force_login(casa.secretaria)
        antes = importacion.matriz_en_csv()

        archivo = client.get(reverse("admin:portal_asignacion_exportar"))
        Asignacion.objects.all().delete()
        subido = SimpleUploadedFile("matriz.csv", archivo.content)
        importar = reverse("admin:portal_asignacion_importar")
        visto = client.post(importar, {"archivo": subido, "completa": "on"}).context["confirmar"].initial
        client.post(importar, visto | {"confirmar": "1"})

        assert importacion.matriz_en_csv() == antes

    @pytest.mark.parametrize(
        "fila, dice",
        [
            ("no-hay,cargo-1,autor", "columna «canal»"),
            ("programas-y-proyectos,no-hay,autor", "columna «cargo»"),
            ("programas-y-proyectos,{cargo},manda", "columna «funcion»"),
            ("programas-y-proyectos", "columnas del encabezado"),
        ],
    )
    def test_a_bad_row_is_named_and_nothing_changes(self, casa, client, fila, dice):
        client.force_login(casa.secretaria)
        antes = importacion.matriz_en_csv()
        subido = self.csv(fila.format(cargo=casa.cargo_autor.codigo))

        respuesta = client.post(
            reverse("admin:portal_asignacion_importar"), {"archivo": subido, "completa": "on"}
        )

        assert "línea 2" in respuesta.text
        assert dice in respuesta.text
        assert importacion.matriz_en_csv() == antes

    def test_a_file_that_would_be_cut_is_refused(self, casa, client):
        client.force_login(casa.secretaria)
        antes = importacion.matriz_en_csv()
        fila = f"programas-y-proyectos,{casa.cargo_alcalde.codigo},editor"
        subido = self.csv(fila, *("" for _ in range(1_400_000)))

        respuesta = client.post(reverse("admin:portal_asignacion_importar"), {"archivo": subido})

        assert "El archivo pesa 1,4 MB; el máximo es 1 MB." in respuesta.text
        assert importacion.matriz_en_csv() == antes

    def test_is_not_for_others(self, casa, client):
        for quien, esperado in (("autora", 403), ("alcalde", 403)):
            client.force_login(getattr(casa, quien))
            for nombre in ("exportar", "importar"):
                url = reverse(f"admin:portal_asignacion_{nombre}")
                assert client.get(url).status_code == esperado

    def test_in_the_municipality_each_channel_has_two_posts_that_authorise(self, db):
        importacion.cargar_carpeta(settings.BASE_DIR / "datos")

        con_uno = [
            canal.slug
            for canal in Canal.objects.filter(activo=True).exclude(tipos=[])
            if Cargo.objects.con_funcion("autoriza", canal=canal, dependencia=canal.dependencia)
            .distinct()
            .count()
            < 2
        ]

        assert con_uno == []

    def test_a_new_assignment_gives_the_right_at_once(self, casa, client):
        canal = crear_canal(nombre="Otro canal")
        assert not Canal.objects.que_puede(casa.autora, "autor").filter(pk=canal.pk).exists()

        asignar(canal, autor=casa.cargo_autor)

        assert Canal.objects.que_puede(casa.autora, "autor").filter(pk=canal.pk).exists()


class TestShield:
    def subir(self, client, archivo):
        url = reverse("admin:portal_municipio_change", args=[1])
        formulario = client.get(url).context["adminform"].form
        datos = {campo: formulario.initial.get(campo) or "" for campo in formulario.fields}
        return client.post(url, datos | {"por_confirmar": [], "escudo": archivo})

    def test_is_checked_made_small_and_shown_on_every_page(self, casa, client):
        imagen = BytesIO()
        Image.new("RGB", (900, 900), "#0943b5").save(imagen, "PNG")
        client.force_login(casa.secretaria)
        assert client.get("/escudo/").status_code == 404

        self.subir(client, SimpleUploadedFile("escudo.png", imagen.getvalue()))

        client.logout()
        respuesta = client.get("/escudo/")
        servida = Image.open(BytesIO(respuesta.getvalue()))
        assert (servida.format, servida.width) == ("WEBP", 640)
        assert 'src="/escudo/"' in client.get("/").text
        assert client.get("/escudo/", headers={"If-None-Match": respuesta.headers["ETag"]}).status_code == 304

    def test_stays_when_something_else_is_saved_and_its_link_opens(self, casa, client):
        imagen = BytesIO()
        Image.new("RGB", (90, 90), "#0943b5").save(imagen, "PNG")
        client.force_login(casa.secretaria)
        self.subir(client, SimpleUploadedFile("escudo.png", imagen.getvalue()))
        guardado = Municipio.objects.get().escudo.name

        pagina = client.get(reverse("admin:portal_municipio_change", args=[1])).text
        self.subir(client, "")

        assert '<a href="/escudo/">el escudo que hoy se ve</a>' in pagina
        assert Municipio.objects.get().escudo.name == guardado

    def test_what_is_not_an_image_is_refused_with_words(self, casa, client, adjunto_pdf):
        client.force_login(casa.secretaria)

        respuesta = self.subir(client, adjunto_pdf)

        assert "debe ser una imagen" in respuesta.text
        assert not Municipio.objects.get().escudo
