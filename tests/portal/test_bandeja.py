"""What waits for each person, what is only news to them, and what is said when there is nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, services
from tests.builders import CONTENIDO, crear_usuario, crear_version


def pagina(client, usuario):
    client.force_login(usuario)
    return client.get(reverse("admin:index"))


def titulos(client, usuario) -> dict[str, list[str]]:
    grupos = pagina(client, usuario).context["grupos"]
    return {grupo.titulo: [tarea.titulo for tarea in grupo.tareas] for grupo in grupos}


class TestWhatWaits:
    def test_each_text_waits_for_whoever_may_take_its_next_step(self, casa, client):
        for estado in ("borrador", "en_validacion", "por_autorizar", "autorizada", "devuelta"):
            crear_version(casa, estado, titulo=estado)
        crear_version(casa, "urgente", titulo="urgente")

        assert titulos(client, casa.editor) == {
            "Por validar": ["en_validacion"],
            "Autorizado, listo para publicar": ["autorizada"],
        }
        assert titulos(client, casa.alcalde) == {
            "Publicado con urgencia, falta su autorización": ["urgente"],
            "Por autorizar": ["por_autorizar"],
        }
        de_la_autora = titulos(client, casa.autora)
        assert de_la_autora["Le devolvieron"] == ["devuelta"]
        assert de_la_autora["Sus borradores"] == ["borrador"]
        assert titulos(client, casa.tesorero) == {}

    def test_nobody_is_asked_to_authorise_their_own(self, casa, client):
        crear_version(casa, "urgente")  # by the head

        assert "urgencia" not in str(titulos(client, casa.jefe))

    def test_a_returned_text_leaves_when_its_correction_begins(self, casa, client):
        version = crear_version(casa, "devuelta")
        services.nueva_version(version.publicacion, por=casa.autora)

        assert "Le devolvieron" not in titulos(client, casa.autora)

    def test_what_one_took_back_is_not_what_was_returned(self, casa, client):
        crear_version(casa, "devuelta", titulo="Del editor")
        version = crear_version(casa, "en_validacion", titulo="Recogido")
        services.recoger(version, por=casa.autora, motivo="Falta el plano.")

        grupos = titulos(client, casa.autora)

        assert grupos["Le devolvieron"] == ["Del editor"]
        assert grupos["Usted recogió para corregir"] == ["Recogido"]
        assert "Usted escribió: Falta el plano." in pagina(client, casa.autora).text

    def test_a_channel_past_its_age_is_asked_of_its_author_only(self, casa, client):
        casa.canal.edad_maxima_dias = 7
        casa.canal.save()
        crear_version(casa, "publicada", en=timezone.now() - timedelta(days=8))

        assert titulos(client, casa.autora)["Canales por actualizar"] == [str(casa.canal)]
        assert "Canales por actualizar" not in titulos(client, casa.secretaria)

    def test_what_is_urgent_goes_first_and_what_only_informs_last(self, casa, client):
        crear_version(casa, "urgente")
        enviada, devuelta = (
            services.crear_publicacion(
                canal=casa.canal, tipo="noticia", por=casa.secretaria, **CONTENIDO | {"titulo": titulo}
            )
            for titulo in ("Enviada", "Devuelta")
        )
        for version in (enviada, devuelta):
            services.enviar(version, por=casa.secretaria)
        services.devolver(devuelta, por=casa.editor, motivo="No.")

        assert list(titulos(client, casa.secretaria)) == [
            "Publicado con urgencia, falta su autorización",
            "Le devolvieron",
            "Enviado por usted, en camino",
        ]


class TestWhatOnlyInforms:
    @pytest.mark.parametrize(
        "estado, dice",
        [
            ("en_validacion", "espera a quien valida"),
            ("por_autorizar", "espera a quien autoriza"),
            ("autorizada", "ya se autorizó, espera a quien publica"),
            ("programada", "sale el "),
        ],
    )
    def test_what_one_sent_is_followed_until_it_comes_out(self, casa, client, estado, dice):
        crear_version(casa, estado, titulo="Mío")
        casa.canal.edad_maxima_dias = None
        casa.canal.save()

        respuesta = pagina(client, casa.autora)

        assert titulos(client, casa.autora) == {"Enviado por usted, en camino": ["Mío"]}
        assert f"Programas y proyectos · {dice}" in respuesta.text
        assert respuesta.context["pendientes"] == 0

    @pytest.mark.parametrize("estado", ["borrador", "publicada", "devuelta", "descartada"])
    def test_what_is_not_on_its_way_is_not_there(self, casa, client, estado):
        crear_version(casa, estado)

        assert "Enviado por usted, en camino" not in titulos(client, casa.autora)

    def test_what_the_sender_can_publish_waits_for_them_and_is_said_once(self, casa, client):
        version = services.crear_publicacion(
            canal=casa.canal, tipo="noticia", por=casa.editor, **CONTENIDO | {"titulo": "Del editor"}
        )
        services.enviar(version, por=casa.editor)
        services.validar(version, por=casa.jefe)
        services.autorizar(version, por=casa.jefe, huella=version.huella())

        assert titulos(client, casa.editor) == {"Autorizado, listo para publicar": ["Del editor"]}

    def test_only_what_waits_is_counted(self, casa, client):
        for estado in ("borrador", "en_validacion", "programada", "devuelta"):
            crear_version(casa, estado)
        casa.canal.edad_maxima_dias = None
        casa.canal.save()

        respuesta = pagina(client, casa.autora)

        assert respuesta.context["pendientes"] == 1  # the one that was returned
        assert "<title>Su bandeja (1) |" in respuesta.text
        assert re.search(r'Sus borradores <span class="cuenta cuenta--informa">1<', respuesta.text)

    def test_an_hour_is_written_as_in_spanish(self, casa, client):
        crear_version(casa, "en_validacion", en=timezone.make_aware(timezone.datetime(2026, 3, 2, 9, 5)))

        assert "2 de marzo, 9:05 a.\xa0m." in pagina(client, casa.editor).text


class TestNothing:
    def test_says_kindly_that_nothing_waits(self, casa, client):
        assert "No hay nada esperándole. Buen trabajo." in pagina(client, casa.tesorero).text

    def test_is_said_also_over_what_only_informs(self, casa, client):
        crear_version(casa, "programada")

        assert "No hay nada esperándole" in pagina(client, casa.editor).text

    def test_whoever_holds_no_post_today_reads_what_to_do(self, casa, client):
        nueva = crear_usuario("nueva")

        texto = pagina(client, nueva).text

        assert "no tiene ningún cargo registrado" in texto
        assert "Secretaría General" in texto
        assert "Buen trabajo" not in texto

    def test_a_post_that_ended_is_no_post(self, casa, client):
        casa.autora.titularidades.update(hasta=timezone.localdate() - timedelta(days=1))

        assert "no tiene ningún cargo registrado" in pagina(client, casa.autora).text

    def test_the_administrator_is_not_sent_to_ask_for_a_post(self, casa, client):
        texto = pagina(client, casa.admin).text

        assert "Usted administra el sitio" in texto
        assert "Pida en Secretaría General" not in texto


def test_what_has_its_button_is_not_repeated_below(casa, client):
    respuesta = pagina(client, casa.autora)

    assert "Todo lo demás" not in respuesta.text
    assert respuesta.text.count(f'href="{reverse("admin:portal_version_changelist")}"') == 1


@pytest.mark.parametrize("filas", [1, 12])
@pytest.mark.parametrize("quien", ["secretaria", "autora", "tesorero"])
def test_each_group_costs_one_query_however_much_waits(
    casa, django_assert_num_queries, monkeypatch, filas, quien
):
    propios = [grupo for grupo in bandeja.registro if grupo.__module__ == bandeja.__name__]
    monkeypatch.setattr(bandeja, "registro", propios)
    for n in range(filas):
        for estado in ("borrador", "en_validacion", "por_autorizar", "autorizada", "devuelta"):
            crear_version(casa, estado, titulo=f"{estado} {n}")

    with django_assert_num_queries(10):
        bandeja.grupos_de(getattr(casa, quien))


def test_the_page_costs_the_same_however_much_waits(casa, client):
    client.force_login(casa.secretaria)
    consultas = []
    for _vez in range(2):
        for n in range(6):
            for estado in ("borrador", "en_validacion", "por_autorizar", "autorizada", "devuelta"):
                crear_version(casa, estado, titulo=f"{estado} {n}")
        with CaptureQueriesContext(connection) as hechas:
            client.get(reverse("admin:index"))
        consultas.append(len(hechas))

    assert consultas[0] == consultas[1]
