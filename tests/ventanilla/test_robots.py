"""Robots and floods, without third parties; and nothing that says who filed without name."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.forms.comunes import TIEMPO_MINIMO, sello
from tests.builders import en_fecha
from tests.ventanilla.recorrer import (
    PETICION,
    empezar,
    html_valido,
    inicio,
    listo,
    radicar_sin_nombre,
    ruta,
)
from ventanilla.models import Borrador, Radicado
from ventanilla.views.radicar import EMPEZAR_MAXIMO, MISMO_TEXTO_MAXIMO, RADICAR_MAXIMO

PQRSD = "/pqrsd/"


@pytest.fixture
def a_las_diez():
    """In the middle of every window of counting, whatever the day is."""
    with time_machine.travel(en_fecha("2026-07-01") + timedelta(seconds=30)) as reloj:
        yield reloj


class TestHoneypot:
    def test_a_box_that_people_do_not_see(self, client, ventanilla):
        pagina = client.post(PQRSD, inicio(sitio_web="http://spam"))

        assert pagina.status_code == 422 and "Deje vacía la casilla que no se ve" in pagina.text
        assert not Borrador.objects.exists()
        html_valido(pagina)

    def test_it_is_out_of_the_way_of_people(self, client, ventanilla):
        pagina = client.get(PQRSD).text

        antes, _, despues = pagina.partition('name="sitio_web"')
        assert 'aria-hidden="true"' in antes[-300:] and 'tabindex="-1"' in despues[:200]


class TestMinimumTime:
    def test_too_fast_may_be_sent_again_with_nothing_lost(self, client, ventanilla, a_las_diez):
        visto = client.get(PQRSD).context["form"]["visto"].value()
        datos = inicio(visto=visto, clase="queja")

        pagina = client.post(PQRSD, datos)

        assert pagina.status_code == 422 and "envíelo otra vez" in pagina.text
        assert pagina.context["form"]["clase"].value() == "queja"
        assert pagina.context["form"]["visto"].value() == visto
        a_las_diez.shift(TIEMPO_MINIMO)
        assert client.post(PQRSD, datos).status_code == 302

    @pytest.mark.parametrize(
        "visto",
        ["", "hola", "a:b:c", "x" + sello(timezone.now())],
        ids=["vacio", "palabra", "tres-partes", "alterado"],
    )
    def test_one_that_we_did_not_write_is_replaced(self, client, ventanilla, a_las_diez, visto):
        pagina = client.post(PQRSD, inicio(visto=visto))
        assert pagina.status_code == 422

        nuevo = pagina.context["form"]["visto"].value()
        assert nuevo != visto
        a_las_diez.shift(TIEMPO_MINIMO)
        assert client.post(PQRSD, inicio(visto=nuevo)).status_code == 302

    def test_a_page_that_was_open_all_day_is_good(self, client, ventanilla):
        visto = sello(timezone.now() - timedelta(days=1))

        assert client.post(PQRSD, inicio(visto=visto)).status_code == 302


class TestLimits:
    def test_starts_from_one_address(self, client, ventanilla, a_las_diez):
        for _vez in range(EMPEZAR_MAXIMO):
            empezar(client)

        pagina = client.post(PQRSD, inicio(clase="queja"))

        assert pagina.status_code == 429 and "espere diez minutos" in pagina.text
        assert "También puede presentarlo así" in pagina.text
        assert pagina.context["form"]["clase"].value() == "queja"
        html_valido(pagina)
        assert client.post(PQRSD, inicio(), REMOTE_ADDR="203.0.113.9").status_code == 302
        a_las_diez.shift(timedelta(minutes=10))
        assert client.post(PQRSD, inicio(visto=sello(timezone.now() - TIEMPO_MINIMO))).status_code == 302

    def test_filings_from_one_address(self, client, ventanilla, a_las_diez):
        for n in range(RADICAR_MAXIMO):
            radicar_sin_nombre(client, texto=f"Pido {n}")
        secreto = listo(client)

        pagina = client.post(ruta(secreto, "revisar"))

        assert pagina.status_code == 429 and "Lo que escribió sigue aquí" in pagina.text
        assert "También puede presentarlo así" in pagina.text and PETICION["texto"] in pagina.text
        html_valido(pagina)
        assert Radicado.objects.count() == RADICAR_MAXIMO
        assert client.post(ruta(secreto, "revisar"), REMOTE_ADDR="203.0.113.9").status_code == 302

    def test_the_same_words_from_anywhere(self, client, ventanilla, a_las_diez):
        for _vez in range(MISMO_TEXTO_MAXIMO):
            radicar_sin_nombre(client)
        secreto = listo(client, texto=PETICION["texto"].upper().replace(" ", "  "))

        pagina = client.post(ruta(secreto, "revisar"), REMOTE_ADDR="203.0.113.9")

        assert pagina.status_code == 429 and "ya se radicó varias veces" in pagina.text
        html_valido(pagina)
        a_las_diez.shift(timedelta(hours=1))
        assert client.post(ruta(secreto, "revisar")).status_code == 302

    def test_sending_the_same_again_is_not_counted(self, client, ventanilla, a_las_diez):
        secreto = radicar_sin_nombre(client)
        for _vez in range(RADICAR_MAXIMO + MISMO_TEXTO_MAXIMO):
            assert client.post(ruta(secreto, "revisar")).status_code == 302

        assert radicar_sin_nombre(client)


@pytest.mark.django_db
def test_nothing_says_who_filed_without_name(ventanilla, caplog):
    """Every row of every table, and what was logged, read after filing."""
    direccion, equipo = "203.0.113.77", "Telefono-De-Prueba/9"
    client = Client(REMOTE_ADDR=direccion, HTTP_USER_AGENT=equipo, HTTP_ACCEPT_LANGUAGE="es-idioma")
    with caplog.at_level(logging.DEBUG):
        secreto = radicar_sin_nombre(client)
        client.get(f"/radicar/{secreto}/acuse/")
        client.post(f"/radicar/{secreto}/acuse/")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind = 'r' AND nspname = 'public'"
        )
        tablas = [tabla for (tabla,) in cursor.fetchall()]
        todo = []
        for tabla in tablas:
            cursor.execute(f'SELECT t::text FROM "{tabla}" t')
            todo += [fila for (fila,) in cursor.fetchall()]
    escrito = "\n".join(todo)
    assert PETICION["texto"] in escrito  # it does read what was filed
    for rastro in (direccion, equipo, "es-idioma", secreto):
        assert rastro not in escrito, rastro
    mensajes = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    for rastro in (direccion, equipo, secreto, PETICION["texto"]):
        assert rastro not in mensajes, rastro
    assert "django_session" in tablas and not client.cookies.get("sesion")
