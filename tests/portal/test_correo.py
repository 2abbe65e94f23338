"""The outbox, against a real mail server on this machine."""

import socket
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal import rutinas
from portal.correo import ESPERAS, MEMORIA, despachar, encolar
from portal.correo import _tomar as tomar
from portal.models import Correo
from tests.builders import crear_usuario

MINUTO = timedelta(minutes=1)


def escribir(para="jefe@ejemplo.gov.co", asunto="Su semana", texto="Falta Planes.", **mas) -> Correo:
    return encolar(para=para, asunto=asunto, texto=texto, **mas)


def estado(correo: Correo) -> tuple[str, int]:
    correo.refresh_from_db()
    return correo.estado, correo.intentos


class TestWriting:
    def test_a_message_and_what_it_tells_are_written_together_or_not_at_all(self, db):
        with pytest.raises(RuntimeError), transaction.atomic():
            escribir()
            raise RuntimeError("what it told did not happen")

        assert not Correo.objects.exists()

    def test_the_same_thing_is_not_told_twice(self, db):
        primero = escribir(clave="resumen:2026-47:1")
        segundo = escribir(clave="resumen:2026-47:1", texto="Otro.")

        assert segundo == primero
        assert Correo.objects.get().texto == "Falta Planes."

    @pytest.mark.parametrize(
        "campos",
        [
            {"para": "no es una dirección"},
            {"para": "jefe@ejemplo.gov.co\nBcc: todos@ejemplo.gov.co"},
            {"asunto": "Su semana\nBcc: todos@ejemplo.gov.co"},
            {"asunto": "Su semana\r\n\r\nOtro cuerpo"},
            {"asunto": ""},
            {"asunto": "x" * 201},
            {"texto": ""},
        ],
    )
    def test_what_cannot_be_a_message_is_refused_when_it_is_written(self, db, campos):
        with pytest.raises(ValidationError):
            escribir(**campos)

        assert not Correo.objects.exists()

    @pytest.mark.parametrize(
        "campos", [{"estado": "enviado"}, {"enviado_en": timezone.now()}, {"estado": "otro"}]
    )
    def test_the_database_refuses_an_impossible_message(self, db, campos):
        correo = escribir()

        with pytest.raises(IntegrityError), transaction.atomic():
            Correo.objects.filter(pk=correo.pk).update(**campos)


class TestSending:
    def test_the_server_gets_what_was_written_once(self, db, buzon):
        correo = escribir(texto="Señora jefa:\n.punto al comienzo\nÁéíóú ñ")

        despachar(timezone.now())
        resultado = despachar(timezone.now() + MINUTO)

        [mensaje] = buzon.recibidos
        assert mensaje["To"] == "jefe@ejemplo.gov.co"
        assert mensaje["From"] == "Alcaldía <no-responder@ejemplo.gov.co>"
        assert mensaje["Subject"] == "Su semana"
        assert mensaje["Auto-Submitted"] == "auto-generated"
        assert mensaje["Message-ID"].endswith("@ejemplo.gov.co>")
        assert mensaje.get_content().splitlines() == ["Señora jefa:", ".punto al comienzo", "Áéíóú ñ"]
        assert estado(correo) == ("enviado", 1)
        assert resultado == "Correos enviados: 0. Con falla: 0."

    def test_a_refused_address_does_not_stop_the_others(self, db, buzon):
        buzon.responder = lambda direccion: "550 no existe" if direccion.startswith("nadie") else "250 OK"
        malo, bueno = escribir(para="nadie@ejemplo.gov.co"), escribir()

        resultado = despachar(timezone.now())

        assert resultado == "Correos enviados: 1. Con falla: 1."
        assert estado(malo) == ("abandonado", 1)
        assert "no existe" in malo.error
        assert estado(bueno) == ("enviado", 1)

    @pytest.mark.parametrize("imposible", ["a@\xad.co", '"\x0b\u0130K"@ejemplo.co'])
    def test_what_only_looks_like_an_address_does_not_stop_the_others(self, db, buzon, imposible):
        malo, bueno = escribir(para=imposible), escribir()

        resultado = despachar(timezone.now())

        assert resultado == "Correos enviados: 1. Con falla: 1."
        assert estado(malo) == ("abandonado", 1) and malo.error
        assert estado(bueno) == ("enviado", 1)

    def test_refused_content_is_given_up_at_once(self, db, buzon):
        correo = escribir(asunto="Rechazado por su contenido")

        despachar(timezone.now())

        assert estado(correo) == ("abandonado", 1)

    def test_a_busy_server_is_asked_again_each_time_later_and_in_the_end_given_up(self, db, buzon):
        buzon.responder = lambda direccion: "451 ocupado"
        correo, ahora = escribir(), timezone.now()

        for numero, espera in enumerate(ESPERAS, 1):
            despachar(ahora)
            assert estado(correo) == ("pendiente", numero)
            assert correo.intentar_desde == ahora + espera
            despachar(ahora + espera - MINUTO / 2)
            assert estado(correo) == ("pendiente", numero)
            ahora += espera
        despachar(ahora)

        assert estado(correo) == ("abandonado", len(ESPERAS) + 1)

    def test_what_failed_once_goes_later(self, db, buzon):
        buzon.responder = lambda direccion: "451 ocupado"
        correo = escribir()
        despachar(timezone.now())
        buzon.responder = lambda direccion: "250 OK"

        despachar(timezone.now() + 2 * MINUTO)

        assert estado(correo) == ("enviado", 2)
        assert correo.error == ""

    def test_a_server_that_is_not_there_costs_no_message_an_attempt(self, db, buzon, settings):
        with socket.create_server(("127.0.0.1", 0)) as libre:
            settings.EMAIL_PORT = libre.getsockname()[1]
        correos = [escribir(), escribir()]

        with pytest.raises(OSError):
            despachar(timezone.now())

        assert [estado(correo) for correo in correos] == [("pendiente", 0)] * 2

    def test_without_a_server_messages_wait_and_the_rutina_says_so(self, db, settings):
        settings.EMAIL_HOST = ""
        correo = escribir()

        ejecucion = rutinas.correr(rutinas.registro["despachar"])

        assert ejecucion.bien
        assert ejecucion.resultado == "No hay servidor de correo (EMAIL_URL): 1 mensajes esperan."
        assert estado(correo) == ("pendiente", 0)

    def test_what_was_sent_long_ago_is_forgotten(self, db, settings):
        settings.EMAIL_HOST = ""
        viejo, reciente, pendiente = escribir(), escribir(), escribir()
        ahora = timezone.now()
        Correo.objects.filter(pk=viejo.pk).update(
            estado="enviado", enviado_en=ahora - MEMORIA - timedelta(days=1)
        )
        Correo.objects.filter(pk=reciente.pk).update(estado="enviado", enviado_en=ahora)

        despachar(ahora)

        assert set(Correo.objects.all()) == {reciente, pendiente}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_processes_at_once_send_each_message_once(buzon):
    correos = [escribir(para=f"jefe{n}@ejemplo.gov.co") for n in range(12)]
    juntos, fallas = threading.Barrier(3), []

    def proceso():
        try:
            juntos.wait(10)
            despachar(timezone.now())
        except Exception as falla:
            fallas.append(falla)
        finally:
            connection.close()

    hilos = [threading.Thread(target=proceso) for _ in range(3)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(30)

    assert not fallas
    assert sorted(m["To"] for m in buzon.recibidos) == sorted(correo.para for correo in correos)
    assert {estado(correo) for correo in correos} == {("enviado", 1)}


def test_what_a_process_took_and_did_not_send_is_tried_again(db, buzon):
    correo, ahora = escribir(), timezone.now()
    tomar(ahora)  # and there the process died

    despachar(ahora)
    assert estado(correo) == ("pendiente", 1)
    despachar(ahora + ESPERAS[0])

    assert estado(correo) == ("enviado", 2)
    assert len(buzon.recibidos) == 1


class TestAdmin:
    URL = "/admin/portal/correo/"

    def test_secretaria_general_and_the_administrator_see_what_goes_out(self, client, casa):
        escribir()
        for quien in (casa.secretaria, casa.admin):
            client.force_login(quien)
            assert "jefe@ejemplo.gov.co" in client.get(self.URL).text

    def test_the_rest_do_not(self, client, casa):
        assert client.get(self.URL).status_code == 302
        for quien in (casa.jefe, casa.autora, crear_usuario("sin-cargo")):
            client.force_login(quien)
            assert client.get(self.URL).status_code == 403

    def test_nobody_writes_changes_or_deletes_one(self, client, casa):
        correo = escribir()
        client.force_login(casa.admin)

        assert client.get(f"{self.URL}add/").status_code == 403
        assert client.post(f"{self.URL}{correo.pk}/change/", {"texto": "Otro."}).status_code == 403
        assert client.post(f"{self.URL}{correo.pk}/delete/", {"post": "yes"}).status_code == 403
        assert Correo.objects.get().texto == "Falta Planes."
