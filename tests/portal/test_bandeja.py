"""What waits for each person, what is only news to them, and what is said when there is nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, services
from portal.bandeja import LINEAS
from portal.models import Actualizacion, Correo, EnlaceExterno, Jornada
from tests.builders import CONTENIDO, asignar, crear_canal, crear_usuario, crear_version


def pagina(client, usuario):
    client.force_login(usuario)
    return client.get(reverse("admin:index"))


def grupo(client, usuario, titulo) -> bandeja.Grupo:
    return next(g for g in pagina(client, usuario).context["grupos"] if g.titulo == titulo)


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


class TestHowOldTheChannelsAre:
    @pytest.mark.parametrize(
        "dias, dice, urgente",
        [
            (45, "Hace 45 días; el plazo es de 31", True),
            (31, "Hace 31 días; el plazo es de 31", True),
            (30, "Queda 1 día; el plazo es de 31", False),
            (26, "Quedan 5 días; el plazo es de 31", False),
        ],
    )
    def test_late_ones_are_urgent_and_near_ones_are_told(self, casa, client, dias, dice, urgente):
        crear_version(casa, "publicada", en=timezone.now() - timedelta(days=dias))

        [tarea] = grupo(client, casa.autora, "Canales por actualizar").tareas

        assert (tarea.titulo, tarea.detalle, tarea.urgente) == (str(casa.canal), dice, urgente)
        assert tarea.url.endswith(f"?canal={casa.canal.pk}")

    def test_a_channel_with_time_left_is_not_there(self, casa, client):
        crear_version(casa, "publicada", en=timezone.now() - timedelta(days=20))

        assert "Canales por actualizar" not in titulos(client, casa.autora)

    def test_worst_first(self, casa, client):
        otro = crear_canal(casa.planeacion, edad_maxima_dias=31)
        asignar(otro, autor=casa.cargo_autor)
        crear_version(casa, "publicada", en=timezone.now() - timedelta(days=40))
        crear_version(casa, "publicada", canal=casa.canal, en=timezone.now() - timedelta(days=33))
        Actualizacion.anotar(
            "publicacion",
            canal=otro,
            dependencia=casa.planeacion,
            descripcion="Otra",
            en=timezone.now() - timedelta(days=90),
        )

        assert titulos(client, casa.autora)["Canales por actualizar"] == [str(otro), str(casa.canal)]


class TestDeadlines:
    EN = timezone.make_aware(timezone.datetime(2026, 3, 2, 9, 5))

    def plazo(self, casa, en):
        [urgente] = [g for g in bandeja.textos(casa.secretaria, en) if g.tareas and g.urge]
        return urgente.tareas[0].detalle.rpartition(" · ")[2]

    @pytest.mark.parametrize(
        "en, dice",
        [
            ("2026-03-02 10:00", "el plazo vence el 4 de marzo a las 6:00 p.\xa0m."),
            ("2026-03-04 17:59", "el plazo vence el 4 de marzo a las 6:00 p.\xa0m."),
            ("2026-03-04 18:01", "el plazo venció el 4 de marzo a las 6:00 p.\xa0m."),
        ],
    )
    def test_it_expires_when_the_alcaldia_closes_that_day(self, casa, en, dice):
        for desde, hasta, rige_hasta in (
            ("08:00", "12:00", None),
            ("14:00", "18:00", None),
            ("08:00", "20:00", "2025-12-31"),
        ):
            Jornada.objects.create(dia=3, desde=desde, hasta=hasta, rige_hasta=rige_hasta)
        Jornada.objects.create(dia=4, desde="08:00", hasta="19:00")
        crear_version(casa, "urgente", en=self.EN)

        assert self.plazo(casa, timezone.make_aware(timezone.datetime.fromisoformat(en))) == dice

    @pytest.mark.parametrize(
        "dia, dice",
        [
            (4, "el plazo vence el 4 de marzo, al terminar el día"),
            (5, "el plazo venció el 4 de marzo, al terminar el día"),
        ],
    )
    def test_without_hours_of_attention_it_expires_with_the_day(self, casa, dia, dice):
        crear_version(casa, "urgente", en=self.EN)

        assert self.plazo(casa, timezone.make_aware(timezone.datetime(2026, 3, dia, 23, 0))) == dice


class TestHowMuchThereIs:
    def test_the_count_is_the_true_one_and_the_list_is_one_click_away(self, casa, client):
        for n in range(LINEAS + 3):
            crear_version(casa, "en_validacion", titulo=f"Texto {n}")

        respuesta = pagina(client, casa.editor)

        assert respuesta.context["pendientes"] == LINEAS + 3
        assert f"<title>Su bandeja ({LINEAS + 3}) |" in respuesta.text
        assert f"Aquí están {LINEAS} de {LINEAS + 3}." in respuesta.text
        lista = f"{reverse('admin:portal_version_changelist')}?estado__exact=en_validacion"
        assert f'<a href="{lista}">Ver la lista completa</a>' in respuesta.text
        assert client.get(lista).context["cl"].result_count == LINEAS + 3

    def test_the_oldest_are_the_ones_shown(self, casa, client):
        for n in reversed(range(LINEAS + 3)):
            hace = timezone.now() - timedelta(days=LINEAS + 3 - n)
            crear_version(casa, "en_validacion", titulo=f"Texto {n}", en=hace)

        assert titulos(client, casa.editor)["Por validar"] == [f"Texto {n}" for n in range(LINEAS)]

    def test_a_source_may_give_several_groups(self, casa, monkeypatch):
        una = bandeja.Tarea("Una", "", "/")
        varios = [bandeja.Grupo("Primero", [una]), bandeja.Grupo("Vacío"), bandeja.Grupo("Segundo", [una])]
        fuentes = [lambda usuario, en: varios, lambda usuario, en: bandeja.Grupo("Tercero", [una])]
        monkeypatch.setattr(bandeja, "registro", fuentes)

        assert [g.titulo for g in bandeja.grupos_de(casa.jefe)] == ["Primero", "Segundo", "Tercero"]


def test_the_reason_of_a_return_is_there_whole(casa, client):
    version = crear_version(casa, "en_validacion")
    motivo = "Falta la fecha.\n" + "Y el lugar, con su dirección. " * 60
    services.devolver(version, por=casa.editor, motivo=motivo)

    assert grupo(client, casa.autora, "Le devolvieron").tareas[0].detalle == f"Motivo: {motivo.strip()}"


class TestLinks:
    @pytest.fixture
    def rota(self, casa):
        version = crear_version(casa, "publicada", titulo="Con enlace")
        crear_version(casa, "borrador", titulo="Aún no es público").enlaces_externos.add(enlazar(version))
        return version

    def test_one_line_for_each_text_leads_to_where_it_is_corrected(self, casa, client, rota):
        [tarea] = grupo(client, casa.autora, "Enlaces que no responden").tareas

        assert (tarea.titulo, tarea.detalle) == (
            "Con enlace",
            "https://ejemplo.gov.co/ido · Página no encontrada",
        )
        assert tarea.url == reverse("admin:portal_publicacion_change", args=[rota.publicacion_id])
        assert client.get(tarea.url).status_code == 200

    @pytest.mark.parametrize("quien", ["secretaria", "jefe", "editor", "tesorero", "admin"])
    def test_nobody_else_is_asked(self, casa, client, rota, quien):
        assert "Enlaces que no responden" not in titulos(client, getattr(casa, quien))

    def test_one_that_answers_again_leaves(self, casa, client, rota):
        rota.enlaces_externos.update(estado="responde")

        assert "Enlaces que no responden" not in titulos(client, casa.autora)


def enlazar(version) -> EnlaceExterno:
    """A broken link of that text."""
    enlace = EnlaceExterno.objects.create(
        url="https://ejemplo.gov.co/ido", estado="roto", detalle="Página no encontrada"
    )
    version.enlaces_externos.add(enlace)
    return enlace


class TestMail:
    def test_says_quietly_that_mail_waits(self, casa, client):
        Correo.objects.create(
            clave="a",
            para=["a@ejemplo.gov.co"],
            asunto="A",
            texto="A",
            creado_en=timezone.now() - timedelta(days=1),
        )

        assert "Un correo espera sin salir desde el" in pagina(client, casa.tesorero).text

    def test_says_nothing_when_none_waits(self, casa, client):
        assert "correo-detenido" not in pagina(client, casa.tesorero).text


@pytest.mark.parametrize("filas", [1, 12])
@pytest.mark.parametrize("quien, consultas", [("secretaria", 3), ("autora", 5), ("tesorero", 3)])
def test_all_that_the_portal_asks_costs_the_same_however_much_waits(
    casa, django_assert_num_queries, monkeypatch, filas, quien, consultas
):
    """The posts, the channels they reach, every group of texts, and the channels one writes."""
    propios = [fuente for fuente in bandeja.registro if fuente.__module__ == bandeja.__name__]
    monkeypatch.setattr(bandeja, "registro", propios)
    monkeypatch.setattr(bandeja, "ramas_sencillas", [])
    for n in range(filas):
        for estado in ("borrador", "en_validacion", "por_autorizar", "autorizada", "devuelta", "urgente"):
            crear_version(casa, estado, titulo=f"{estado} {n}")

    with django_assert_num_queries(consultas):
        bandeja.grupos_de(getattr(casa, quien))


@pytest.mark.parametrize("quien, consultas", [("secretaria", 11), ("autora", 12), ("jefe", 11), ("admin", 7)])
def test_the_page_costs_under_fifteen_queries_however_much_waits(casa, client, quien, consultas):
    """With every room registered; one more room that asks once or twice still fits."""
    client.force_login(getattr(casa, quien))
    hechas = []
    for filas in (1, 30):
        for n in range(filas):
            for estado in ("borrador", "en_validacion", "por_autorizar", "autorizada", "devuelta", "urgente"):
                crear_version(casa, estado, titulo=f"{estado} {n}")
        with CaptureQueriesContext(connection) as capturadas:
            client.get(reverse("admin:index"))
        hechas.append(len(capturadas))

    assert hechas == [consultas, consultas]
