"""What people are told by mail: at once or once a day, only what concerns them, never stopping a step."""

import logging
import socket
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import correo, rutinas, services
from portal.models import Correo, DiaNoHabil, EnlaceDeLectura, ObservacionDeLector, Titularidad
from portal.redaccion import avisos, resumen_del_dia
from tests.builders import (
    CONTENIDO,
    crear_cargo,
    crear_titularidad,
    crear_usuario,
    crear_version,
    en_fecha,
)

#: A Wednesday that is not a holiday.
HOY = en_fecha("2026-11-18", 7)
PORTAL = "https://www.ejemplo.gov.co"


@pytest.fixture(autouse=True)
def direccion(settings):
    settings.PORTAL_URL = PORTAL


@pytest.fixture
def con_correo(casa):
    """The same house, where everybody has an address."""
    for persona in vars(casa).values():
        if hasattr(persona, "email"):
            persona.email = f"{persona.username}@ejemplo.gov.co"
            persona.save()
    return casa


def escritos() -> dict[str, Correo]:
    """What waits in the outbox, by the name of whoever gets it."""
    return {correo.para.partition("@")[0]: correo for correo in Correo.objects.all()}


class TestReturned:
    def test_the_sender_gets_the_reason_in_full_what_to_do_and_the_link(self, con_correo):
        version = crear_version(con_correo, "en_validacion", titulo="Corte «de» <agua> & luz")
        motivo = "Falta la fecha.\n\nY el barrio: ¿La Unión o El Centro?"

        services.devolver(version, por=con_correo.editor, motivo=motivo)

        assert list(escritos()) == ["autora"]
        carta = escritos()["autora"]
        assert carta.asunto == "Para corregir: Corte «de» <agua> & luz"
        for parte in (
            "editor devolvió el texto «Corte «de» <agua> & luz», del canal «Programas y proyectos»",
            motivo,
            "presione «Corregir en un texto nuevo»",
            f"{PORTAL}/admin/portal/version/{version.pk}/change/",
            "Recibe este mensaje porque usted escribió o envió ese texto.",
        ):
            assert parte in carta.texto

    def test_the_author_is_told_too_when_another_sent_it(self, con_correo):
        version = crear_version(con_correo)
        services.enviar(version, por=con_correo.jefe)

        services.devolver(version, por=con_correo.editor, motivo="No.")

        assert set(escritos()) == {"autora", "jefe"}

    def test_nobody_is_told_what_they_did_themselves(self, con_correo):
        version = crear_version(con_correo, "en_validacion")

        services.recoger(version, por=con_correo.autora, motivo="Falta el plano.")

        assert not escritos()

    @pytest.mark.parametrize("falta", ["cargo", "activo", "correo"])
    def test_who_left_or_has_no_address_is_not_written_to(self, con_correo, falta):
        version, autora = crear_version(con_correo, "en_validacion"), con_correo.autora
        if falta == "cargo":
            Titularidad.objects.filter(persona=autora).update(hasta=timezone.localdate() - timedelta(days=1))
        else:
            autora.is_active, autora.email = falta != "activo", "" if falta == "correo" else autora.email
            autora.save()

        services.devolver(version, por=con_correo.editor, motivo="No.")

        assert not escritos()

    def test_a_step_that_is_refused_tells_nobody(self, con_correo):
        version = crear_version(con_correo, "en_validacion")

        with pytest.raises(services.TransicionRechazada):
            services.devolver(version, por=con_correo.tesorero, motivo="No.")

        assert not escritos()

    @pytest.mark.parametrize("direccion", ["no es una dirección", "a@ejemplo.gov.co\nBcc: b@ejemplo.gov.co"])
    def test_a_wrong_address_is_logged_and_never_stops_the_step(self, con_correo, caplog, direccion):
        version = crear_version(con_correo, "en_validacion")
        con_correo.autora.email = direccion
        con_correo.autora.save()

        with caplog.at_level(logging.WARNING, "portal.redaccion.avisos"):
            services.devolver(version, por=con_correo.editor, motivo="No.")

        version.refresh_from_db()
        assert version.estado == "devuelta"
        assert not escritos()
        assert f"devuelta:{version.pk}" in caplog.text
        assert direccion not in caplog.text

    def test_a_long_title_still_makes_a_subject(self, con_correo):
        version = crear_version(con_correo, "en_validacion", titulo="á" * 200)

        services.devolver(version, por=con_correo.editor, motivo="No.")

        assert len(escritos()["autora"].asunto) == 200


class TestUrgent:
    def test_who_may_authorise_is_told_save_whoever_sent_or_edited_it(self, con_correo):
        version = crear_version(con_correo, "borrador", titulo="Creciente")

        services.publicar_urgente(version, por=con_correo.jefe, motivo="Sube el río.", en=HOY)

        assert set(escritos()) == {"alcalde", "secretaria"}
        carta = escritos()["alcalde"]
        assert carta.asunto == "Urgente, falta su autorización: Creciente"
        for parte in (
            "jefe publicó con urgencia «Creciente»",
            "Sube el río.",
            "a más tardar el viernes 20 de noviembre de 2026",
            f"{PORTAL}/admin/portal/version/{version.pk}/change/",
            "uno de sus cargos autoriza en ese canal",
        ):
            assert parte in carta.texto

    def test_who_sent_it_first_is_not_asked(self, con_correo):
        version = crear_version(con_correo)
        services.enviar(version, por=con_correo.secretaria)

        services.publicar_urgente(version, por=con_correo.jefe, motivo="Ya.")

        assert set(escritos()) == {"alcalde"}

    def test_two_posts_of_one_person_are_one_message(self, con_correo):
        crear_titularidad(con_correo.alcalde, crear_cargo(con_correo.planeacion, es_jefatura=True))

        crear_version(con_correo, "urgente")

        assert Correo.objects.filter(para__startswith="alcalde@").count() == 1


class TestRemark:
    def test_the_author_and_whoever_asked_get_it_in_full(self, con_correo):
        version = crear_version(con_correo, "en_validacion", titulo="El plan")
        enlace = EnlaceDeLectura.objects.create(
            version=version,
            para="Ana Rojas, concejala",
            secreto_sha256="a" * 64,
            creado_por=con_correo.jefe,
            vence_en=timezone.now() + timedelta(days=7),
        )
        observacion = ObservacionDeLector.objects.create(
            enlace=enlace,
            clave="12345678-1234-5678-1234-567812345678",
            firma="Ana Rojas",
            texto="Falta <La Unión>.",
        )

        avisos.observacion(observacion)
        avisos.observacion(observacion)

        assert Correo.objects.count() == 2
        assert set(escritos()) == {"autora", "jefe"}
        assert escritos()["autora"].asunto == "Ana Rojas opinó sobre: El plan"
        assert "Falta <La Unión>." in escritos()["autora"].texto
        assert "Ana Rojas, concejala" in escritos()["autora"].texto


class TestDigest:
    def test_each_person_gets_what_waits_for_them_and_who_has_nothing_gets_nothing(self, con_correo):
        devuelta = crear_version(con_correo, "devuelta", titulo="Devuelta")
        crear_version(con_correo, "por_autorizar", titulo="Por firmar")
        crear_version(con_correo, "borrador", titulo="Borrador")
        con_correo.canal.edad_maxima_dias = None
        con_correo.canal.save()
        Correo.objects.all().delete()

        resultado = resumen_del_dia.enviar(HOY)

        assert set(escritos()) == {"autora", "alcalde", "jefe", "secretaria"}
        assert resultado == "Resúmenes: 4. Sin dirección: 0."
        carta = escritos()["autora"]
        assert carta.asunto == "Su bandeja: 1 asunto por atender"
        assert "LE DEVOLVIERON (1)\n- Devuelta\n  Motivo: Falta la fecha.\n" in carta.texto
        assert f"{PORTAL}{devuelta.get_absolute_url()}" in carta.texto
        assert f"{PORTAL}/admin/\n" in carta.texto
        assert "Borrador" not in carta.texto
        assert "POR AUTORIZAR (1)\n- Por firmar" in escritos()["alcalde"].texto

    def test_is_one_a_day_however_often_it_runs(self, con_correo):
        crear_version(con_correo, "por_autorizar")

        resumen_del_dia.enviar(HOY)
        primera = Correo.objects.filter(clave__startswith="resumen:").count()
        resumen_del_dia.enviar(HOY + timedelta(hours=1))
        assert Correo.objects.filter(clave__startswith="resumen:").count() == primera

        resumen_del_dia.enviar(HOY + timedelta(days=1))
        assert Correo.objects.filter(clave__startswith="resumen:").count() == 2 * primera

    @pytest.mark.parametrize(
        "dia, trabaja",
        [
            ("2026-11-18", True),
            ("2026-11-16", False),
            ("2026-11-21", False),
            ("2026-11-22", False),
            ("2026-11-19", False),
        ],
        ids=["miércoles", "festivo", "sábado", "domingo", "cierre local"],
    )
    def test_only_on_working_days(self, con_correo, dia, trabaja):
        DiaNoHabil.objects.create(fecha="2026-11-19", motivo="Día cívico", acto="Decreto 1")
        crear_version(con_correo, "por_autorizar", en=en_fecha("2026-11-02"))

        resumen_del_dia.enviar(en_fecha(dia, 7))

        assert Correo.objects.filter(clave__startswith="resumen:").exists() is trabaja

    def test_what_goes_out_today_comes_along_but_makes_no_message_by_itself(self, con_correo):
        crear_version(con_correo, "programada", titulo="Sale hoy", en=HOY - timedelta(days=1, hours=-3))
        resumen_del_dia.enviar(HOY)
        assert "editor" not in escritos()

        crear_version(con_correo, "en_validacion", titulo="Por validar", en=HOY)
        resumen_del_dia.enviar(HOY)

        carta = escritos()["editor"].texto
        assert (
            "SALE HOY, SIN QUE NADIE HAGA NADA\n- 10:00 a.\xa0m.: Sale hoy (Programas y proyectos)" in carta
        )

    def test_secretaria_general_is_told_who_cannot_be(self, con_correo):
        crear_version(con_correo, "devuelta")
        crear_version(con_correo, "en_validacion")
        for persona, direccion in (
            (con_correo.autora, ""),
            (con_correo.editor, "no sirve"),
            (con_correo.tesorero, ""),
        ):
            persona.email = direccion
            persona.save()
        Correo.objects.all().delete()

        resultado = resumen_del_dia.enviar(HOY)

        assert resultado.endswith("Sin dirección: 2.")
        assert "No reciben avisos: autora, editor.\n" in escritos()["secretaria"].texto
        assert "/admin/portal/usuario/" in escritos()["secretaria"].texto
        assert "No reciben avisos" not in escritos().get("jefe", Correo(texto="")).texto

    def test_who_holds_no_post_gets_nothing(self, con_correo):
        version = crear_version(con_correo, "devuelta")
        Titularidad.objects.filter(persona=con_correo.autora).update(hasta=HOY.date() - timedelta(days=1))
        Correo.objects.all().delete()

        resumen_del_dia.enviar(HOY)

        assert "autora" not in escritos()
        assert version.enviada_por == con_correo.autora

    def test_the_rutina_runs_early_in_the_morning_once(self, con_correo):
        rutina = rutinas.registro["resumen-del-dia"]
        rutinas.correr(rutina, en=HOY - timedelta(days=1))

        assert not rutinas.toca(rutina, HOY - timedelta(hours=2))
        assert rutinas.correr(rutina, en=HOY).bien
        assert not rutinas.toca(rutina, HOY + timedelta(hours=1))

    def test_it_arrives_at_a_real_server(self, con_correo, buzon):
        crear_version(con_correo, "por_autorizar", titulo="Ñandú 🦩")
        resumen_del_dia.enviar(HOY)

        correo.despachar(timezone.now())

        cartas = {mensaje["To"]: mensaje for mensaje in buzon.recibidos}
        assert "Ñandú 🦩" in cartas["alcalde@ejemplo.gov.co"].get_content()
        assert not Correo.objects.exclude(estado="enviado").exists()


class TestMailThatWaits:
    def dejar(self, hace: timedelta):
        return correo.encolar(para="a@ejemplo.gov.co", asunto="Hola", texto="Hola.", en=HOY - hace)

    def test_nothing_is_said_of_mail_that_is_on_its_way(self, db):
        self.dejar(timedelta(minutes=5))

        assert avisos.correo_detenido(HOY) is None

    @pytest.mark.parametrize(
        "servidor, corrio, causa",
        [
            ("", timedelta(minutes=1), "no tiene un servidor de correo"),
            ("correo", timedelta(minutes=6), "Las rutinas del portal no están corriendo"),
            ("correo", timedelta(minutes=1), "El servidor de correo no los recibe"),
        ],
    )
    def test_what_waits_is_said_with_its_cause(self, db, settings, servidor, corrio, causa):
        settings.EMAIL_HOST = ""
        self.dejar(timedelta(hours=2))
        self.dejar(timedelta(hours=1))
        rutinas.correr(rutinas.registro["despachar"], en=HOY - corrio)
        settings.EMAIL_HOST = servidor

        detenido = avisos.correo_detenido(HOY)

        assert (detenido.esperan, detenido.desde) == (2, HOY - timedelta(hours=2))
        assert detenido.explicacion.startswith(
            "2 correos esperan sin salir desde el 18 de noviembre, 5:00 a."
        )
        assert causa in detenido.explicacion

    @pytest.mark.parametrize("cuantos", [1, 15])
    def test_costs_the_same_however_many_wait(self, db, django_assert_num_queries, cuantos):
        for _ in range(cuantos):
            self.dejar(timedelta(hours=1))

        with django_assert_num_queries(1):
            avisos.correo_detenido(HOY)


class TestTryAgain:
    LISTA = "/admin/portal/correo/"

    @pytest.fixture
    def abandonado(self, casa):
        carta = correo.encolar(para="jefe@ejemplo.gov.co", asunto="Su semana", texto="Falta Planes.")
        Correo.objects.filter(pk=carta.pk).update(estado="abandonado", intentos=8, error="451 ocupado")
        return carta

    def reintentar(self, quien, carta, metodo="post"):
        client = Client()
        if quien:
            client.force_login(quien)
        return getattr(client, metodo)(reverse("admin:portal_correo_reintentar", args=[carta.pk]))

    @pytest.mark.parametrize("quien", ["secretaria", "admin"])
    def test_puts_it_back_in_the_outbox(self, casa, abandonado, buzon, quien):
        respuesta = self.reintentar(getattr(casa, quien), abandonado)

        assert respuesta.status_code == 302
        abandonado.refresh_from_db()
        assert (abandonado.estado, abandonado.intentos) == ("pendiente", 0)
        correo.despachar(timezone.now())
        assert [mensaje["To"] for mensaje in buzon.recibidos] == ["jefe@ejemplo.gov.co"]

    @pytest.mark.parametrize("quien, codigo", [(None, 302), ("jefe", 403), ("tesorero", 403)])
    def test_nobody_else_does(self, casa, abandonado, quien, codigo):
        respuesta = self.reintentar(quien and getattr(casa, quien), abandonado)

        assert respuesta.status_code == codigo
        abandonado.refresh_from_db()
        assert abandonado.estado == "abandonado"

    def test_only_by_post(self, casa, abandonado):
        assert self.reintentar(casa.secretaria, abandonado, "get").status_code == 405

    def test_what_is_not_given_up_stays_as_it_is(self, casa, abandonado):
        self.reintentar(casa.secretaria, abandonado)
        en = Correo.objects.get().intentar_desde

        with time_machine.travel(timezone.now() + timedelta(minutes=5)):
            self.reintentar(casa.secretaria, abandonado)

        assert Correo.objects.get().intentar_desde == en

    def test_what_does_not_exist_is_not_found(self, casa, abandonado):
        abandonado.pk += 1
        assert self.reintentar(casa.secretaria, abandonado).status_code == 404

    def test_many_at_once_from_the_list(self, casa, abandonado, client):
        pendiente = correo.encolar(para="b@ejemplo.gov.co", asunto="Otro", texto="Otro.")
        client.force_login(casa.secretaria)

        respuesta = client.post(
            self.LISTA,
            {"action": "volver_a_intentar", "_selected_action": [abandonado.pk, pendiente.pk]},
            follow=True,
        )

        assert "Vuelve a intentarse 1 correo." in respuesta.text
        abandonado.refresh_from_db()
        assert abandonado.estado == "pendiente"

    def test_the_page_of_a_message_shows_its_text_and_the_button_only_where_it_serves(
        self, casa, abandonado, client
    ):
        client.force_login(casa.secretaria)
        pagina = f"{self.LISTA}{abandonado.pk}/change/"

        assert "Falta Planes." in client.get(pagina).text
        assert "Volver a intentar" in client.get(pagina).text
        avisos.reintentar(Correo.objects.all(), timezone.now())
        assert "Volver a intentar" not in client.get(pagina).text

        client.force_login(casa.jefe)
        assert client.get(pagina).status_code == 403


def test_the_demo_house_has_nobody_to_write_to_and_works_the_same(casa):
    crear_version(casa, "devuelta")
    crear_version(casa, "urgente", **{"titulo": CONTENIDO["titulo"]})

    assert not Correo.objects.exists()


def test_a_port_with_nobody_behind_it_costs_the_step_nothing(con_correo, settings):
    with socket.create_server(("127.0.0.1", 0)) as libre:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", libre.getsockname()[1]
    version = crear_version(con_correo, "devuelta")

    assert version.estado == "devuelta"
    assert escritos()["autora"].estado == "pendiente"


def test_who_writes_in_a_channel_is_whom_the_matrix_names_and_without_holder_secretaria_general(con_correo):
    encargado = crear_usuario("encargado")
    crear_titularidad(encargado, con_correo.cargo_autor, calidad="encargado")
    assert list(avisos.quienes_escriben(con_correo.canal)) == [con_correo.autora, encargado]

    Titularidad.objects.filter(cargo=con_correo.cargo_autor).update(hasta=timezone.localdate() - timedelta(1))
    assert list(avisos.quienes_escriben(con_correo.canal)) == [con_correo.secretaria]
