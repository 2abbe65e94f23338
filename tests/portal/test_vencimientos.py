"""The editorial calendar: what concerns whoever looks, on the screen and in a calendar program."""

import logging
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from portal import services
from portal.models import Canal, DiaNoHabil, EnlaceDeLectura, Titularidad
from portal.redaccion import vencimientos
from portal.secretos import SinSecretos
from tests.builders import (
    asignar,
    crear_canal,
    crear_dependencia,
    crear_publicada,
    crear_usuario,
    crear_version,
    en_fecha,
)

NOVIEMBRE = date(2026, 11, 1)
AHORA = en_fecha("2026-11-18", 9)
SITIO = "https://www.ejemplo.gov.co"


@pytest.fixture(autouse=True)
def ahora(settings):
    settings.PORTAL_URL = SITIO
    with time_machine.travel(AHORA, tick=False):
        yield


@pytest.fixture
def casa(casa):
    Titularidad.objects.update(desde=date(2020, 1, 1))
    casa.canal.tipos = ["noticia", "pagina", "documento", "evento"]
    casa.canal.save()
    return casa


def del_mes(usuario, mes=NOVIEMBRE, **mas):
    return [
        (uno.clase.value, uno.dia.isoformat(), uno.titulo)
        for uno in vencimientos.del_mes(usuario, mes, AHORA, **mas)
    ]


def crear_lectura(casa, version, vence):
    return EnlaceDeLectura.objects.create(
        version=version,
        para="Ana Rojas",
        secreto_sha256=f"{version.pk:064x}",
        creado_por=casa.jefe,
        vence_en=vence,
    )


def crear_de_todo(casa):
    """One thing of each kind in November of 2026, all of one channel."""
    casa.canal.edad_maxima_dias = 31
    casa.canal.retiro_automatico_dias = 40
    casa.canal.save()
    Canal.history.update(history_date=en_fecha("2020-01-01"))
    crear_publicada(casa, titulo="Vieja", en=en_fecha("2026-10-15"))
    crear_version(casa, "programada", titulo="Por salir", en=AHORA)
    crear_version(casa, "urgente", titulo="Urgente", en=en_fecha("2026-11-17"))
    crear_publicada(
        casa,
        titulo="Feria",
        tipo="evento",
        evento_inicio=en_fecha("2026-11-28", 14),
        evento_fin=en_fecha("2026-11-28", 18),
        lugar="Parque",
        en=en_fecha("2026-11-03"),
    )
    version = crear_version(casa, "en_validacion", titulo="Por opinar")
    crear_lectura(casa, version, en_fecha("2026-11-25", 8))


class TestWhatHasADate:
    def test_each_thing_is_on_its_day_in_order(self, casa):
        crear_de_todo(casa)

        assert del_mes(casa.autora) == [
            ("salio", "2026-11-03", "Feria"),
            ("salio", "2026-11-17", "Urgente"),
            ("urgente", "2026-11-19", "Urgente"),
            ("sale", "2026-11-19", "Por salir"),
            ("retiro", "2026-11-24", "Vieja"),
            ("lectura", "2026-11-25", "Por opinar"),
            ("evento", "2026-11-28", "Feria"),
        ]
        assert del_mes(casa.autora, date(2026, 12, 1)) == [
            ("retiro", "2026-12-13", "Feria"),
            ("revision", "2026-12-18", str(casa.canal)),
            ("retiro", "2026-12-27", "Urgente"),
        ]

    def test_what_is_late_is_today_and_in_no_other_month(self, casa):
        crear_publicada(casa, en=en_fecha("2026-09-01"))
        crear_version(casa, "urgente", titulo="Olvidada", en=en_fecha("2026-09-01"))

        assert del_mes(casa.autora) == [
            ("urgente", "2026-11-18", "Olvidada"),
            ("revision", "2026-11-18", str(casa.canal)),
        ]
        assert [clase for clase, _dia, _titulo in del_mes(casa.autora, date(2026, 9, 1))] == [
            "salio",
            "salio",
        ]
        assert del_mes(casa.autora, date(2026, 12, 1)) == []

    def test_a_withdrawal_that_is_late_is_today(self, casa):
        casa.canal.retiro_automatico_dias, casa.canal.edad_maxima_dias = 40, None
        casa.canal.save()
        Canal.history.update(history_date=en_fecha("2020-01-01"))
        crear_publicada(casa, titulo="Vieja", en=en_fecha("2026-08-01"))

        assert del_mes(casa.autora) == [("retiro", "2026-11-18", "Vieja")]

    def test_says_when_a_late_deadline_was(self, casa):
        crear_version(casa, "urgente", en=en_fecha("2026-09-01"))

        [urgente] = [
            uno for uno in vencimientos.del_mes(casa.jefe, NOVIEMBRE, AHORA) if uno.clase == "urgente"
        ]

        assert urgente.detalle == "Programas y proyectos · el plazo era el 03/09/2026"

    def test_the_last_hour_of_the_month_is_of_the_month(self, casa):
        crear_lectura(casa, crear_version(casa, "en_validacion"), en_fecha("2026-11-30", 23))
        crear_lectura(casa, crear_version(casa, "en_validacion"), en_fecha("2026-12-01", 0))

        assert [dia for clase, dia, _ in del_mes(casa.autora) if clase == "lectura"] == ["2026-11-30"]

    def test_a_link_that_no_longer_opens_expires_no_more(self, casa):
        crear_lectura(casa, crear_version(casa, "devuelta"), en_fecha("2026-11-25"))

        assert "lectura" not in str(del_mes(casa.autora))

    @pytest.mark.parametrize(
        "quien, ve",
        [("autora", True), ("jefe", True), ("secretaria", True), ("admin", True), ("tesorero", False)],
    )
    def test_only_of_the_channels_where_one_acts(self, casa, quien, ve):
        crear_de_todo(casa)

        assert bool(del_mes(getattr(casa, quien))) is ve

    def test_of_one_office(self, casa):
        crear_de_todo(casa)
        otra = crear_dependencia("Otra")
        canal = crear_canal(otra, edad_maxima_dias=10)

        assert {titulo for _c, _d, titulo in del_mes(casa.secretaria, dependencia=otra.pk)} == {str(canal)}
        assert str(canal) not in str(del_mes(casa.secretaria, dependencia=casa.planeacion.pk))

    @pytest.mark.parametrize("veces", [1, 8])
    def test_costs_the_same_however_much_there_is(self, casa, django_assert_num_queries, veces):
        for _ in range(veces):
            crear_de_todo(casa)
            asignar(crear_canal(casa.planeacion, edad_maxima_dias=10), autor=casa.cargo_autor)

        with django_assert_num_queries(8):
            vencimientos.del_mes(casa.autora, NOVIEMBRE, AHORA)


class TestScreen:
    URL = "/admin/portal/publicacion/calendario/"

    def entrar(self, client, quien):
        client.force_login(quien)
        return client

    def test_the_bandeja_leads_to_it(self, casa, client):
        pagina = self.entrar(client, casa.autora).get("/admin/").text

        assert f'href="{self.URL}">Calendario</a>' in pagina

    def test_shows_the_month_by_weeks_and_as_a_list(self, casa, client):
        crear_de_todo(casa)

        pagina = self.entrar(client, casa.autora).get(self.URL)

        assert "<h1>Noviembre de 2026</h1>" in pagina.text
        assert pagina.text.count("<tr>") == 1 + 6
        assert pagina.text.count(">Feria</a>") == 4  # when it went out and when it begins, twice each
        assert "Empieza, 2:00 p.\xa0m." in pagina.text
        assert "Independencia de Cartagena" in pagina.text
        assert "?mes=2026-10" in pagina.text
        assert "?mes=2026-12" in pagina.text
        assert "style=" not in pagina.text

    def test_a_day_on_which_much_went_out_names_some_of_it(self, casa, client):
        for n in range(10):
            crear_publicada(casa, titulo=f"Salida {n}", en=AHORA)
        crear_lectura(
            casa, crear_version(casa, "en_validacion", titulo="Por opinar"), en_fecha("2026-11-18", 20)
        )

        dia = self.entrar(client, casa.autora).get(self.URL).context["dias"][0]

        titulos = [uno.titulo for uno in dia.vencimientos]
        assert sum(titulo.startswith("Salida") for titulo in titulos) == 8
        assert "Por opinar" in titulos
        assert client.get(self.URL).text.count("y 2 más en") == 2

    def test_names_what_the_alcaldia_closes(self, casa, client):
        DiaNoHabil.objects.create(fecha="2026-11-19", motivo="Día cívico", acto="Decreto 1")

        assert "Día cívico" in self.entrar(client, casa.autora).get(self.URL).text

    @pytest.mark.parametrize(
        "pedido", ["hola", "2026-13", "0001-01", "9999-12", "2026-11-01", "-1", "٢٠٢٦-١١", "2026-W10", "%00"]
    )
    def test_a_month_that_cannot_be_is_this_one(self, casa, client, pedido):
        respuesta = self.entrar(client, casa.autora).get(self.URL, {"mes": pedido})

        assert respuesta.status_code == 200
        assert "<h1>Noviembre de 2026</h1>" in respuesta.text

    @pytest.mark.parametrize("mes", ["2000-01", "2100-12"])
    def test_the_first_and_the_last_month_work(self, casa, client, mes):
        assert self.entrar(client, casa.autora).get(self.URL, {"mes": mes}).status_code == 200

    def test_filters_by_the_offices_one_sees(self, casa, client):
        crear_de_todo(casa)
        canal = crear_canal(crear_dependencia("Otra"), nombre="Canal ajeno", edad_maxima_dias=10)

        secretaria = self.entrar(client, casa.secretaria)
        assert "Canal ajeno" in secretaria.get(self.URL).text
        assert "Canal ajeno" not in secretaria.get(self.URL, {"dependencia": casa.planeacion.pk}).text
        assert "Canal ajeno" in secretaria.get(self.URL, {"dependencia": "una' OR 1=1"}).text
        autora = self.entrar(client, casa.autora)
        de_otra = autora.get(self.URL, {"dependencia": canal.dependencia_id}).text
        assert "Canal ajeno" not in de_otra
        assert "Feria" in de_otra

    def test_says_kindly_that_there_is_nothing(self, casa, client):
        pagina = self.entrar(client, casa.tesorero).get(self.URL).text

        assert "Este mes no hay nada con fecha en sus canales." in pagina

    @pytest.mark.parametrize("url", [URL, "/admin/portal/publicacion/calendario.ics"])
    def test_who_does_not_enter_and_the_wrong_method(self, casa, client, url):
        assert client.get(url).status_code == 302
        client.force_login(crear_usuario("vecino", is_staff=False))
        assert client.get(url).status_code == 302
        client.force_login(casa.autora)
        assert client.post(url).status_code == 405

    @pytest.mark.parametrize("veces", [1, 8])
    def test_the_page_costs_the_same_however_much_there_is(
        self, casa, client, django_assert_num_queries, veces
    ):
        for _ in range(veces):
            crear_de_todo(casa)
        self.entrar(client, casa.autora).get(self.URL)

        with django_assert_num_queries(13):
            client.get(self.URL)


class TestForAProgram:
    URL = "/admin/portal/publicacion/calendario.ics"

    def leer(self, respuesta) -> dict[str, dict]:
        return {str(evento["UID"]): evento for evento in Calendar.from_ical(respuesta.content).walk("VEVENT")}

    def test_the_file_is_what_the_screen_says_with_names_that_stay(self, casa, client):
        crear_de_todo(casa)
        client.force_login(casa.autora)

        respuesta = client.get(self.URL)
        eventos = self.leer(respuesta)

        assert respuesta["Content-Type"] == "text/calendar; charset=utf-8"
        assert respuesta["Content-Disposition"] == 'attachment; filename="calendario-editorial.ics"'
        assert "no-store" in respuesta["Cache-Control"]
        por_titulo = {str(evento["SUMMARY"]): evento for evento in eventos.values()}
        feria = por_titulo["Empieza: Feria"]
        assert feria.decoded("DTSTART") == en_fecha("2026-11-28", 14)
        assert feria.decoded("DTEND") == en_fecha("2026-11-28", 18)
        assert feria["URL"].startswith(f"{SITIO}/admin/portal/publicacion/")
        urgente = por_titulo["Vence el plazo para autorizar: Urgente"]
        assert urgente.decoded("DTSTART") == date(2026, 11, 19)
        assert urgente.decoded("DTEND") == date(2026, 11, 20)
        assert set(self.leer(client.get(self.URL))) == set(eventos)
        assert len(eventos) == len(list(vencimientos.para_un_programa(casa.autora, AHORA)))
        assert all(uid.endswith("@www.ejemplo.gov.co") for uid in eventos)

    def test_what_is_programmed_keeps_its_name_when_it_goes_out(self, casa):
        version = crear_version(casa, "programada", en=AHORA)
        antes = {uno.uid for uno in vencimientos.para_un_programa(casa.autora, AHORA)}
        services.publicar_programadas(version.programada_para)

        assert f"texto-{version.pk}" in antes
        assert f"texto-{version.pk}" in {
            uno.uid for uno in vencimientos.para_un_programa(casa.autora, AHORA + timedelta(days=2))
        }

    def test_lines_are_folded_and_end_as_the_standard_says(self, casa, client):
        titulo = "Ñandú, «año»; \\ 🦩 " * 10 + "fin"
        crear_version(casa, "programada", titulo=titulo, en=AHORA)
        client.force_login(casa.autora)

        respuesta = client.get(self.URL)

        lineas = respuesta.content.split(b"\r\n")
        assert b"\n" not in b"".join(lineas)
        assert max(map(len, lineas)) <= 75
        assert f"Sale: {titulo}" in {str(uno["SUMMARY"]) for uno in self.leer(respuesta).values()}

    def test_the_private_address_opens_without_entering_and_nobody_keeps_it(self, casa, client):
        crear_de_todo(casa)

        respuesta = client.get(vencimientos.direccion_privada(casa.autora))

        assert respuesta.status_code == 200
        assert "Empieza: Feria" in {str(uno["SUMMARY"]) for uno in self.leer(respuesta).values()}
        assert "no-store" in respuesta["Cache-Control"]
        assert respuesta["X-Robots-Tag"] == "noindex, nofollow"
        assert not respuesta.cookies
        assert client.head(vencimientos.direccion_privada(casa.autora)).status_code == 200
        assert client.post(vencimientos.direccion_privada(casa.autora)).status_code == 405

    def test_it_says_only_what_its_owner_sees(self, casa, client):
        crear_de_todo(casa)

        assert not self.leer(client.get(vencimientos.direccion_privada(casa.tesorero)))

    @pytest.mark.parametrize("cambio", ["contraseña", "inactivo", "no entra", "borrado"])
    def test_dies_with_the_password_and_with_the_person(self, casa, client, cambio):
        persona = crear_usuario("breve")
        url = vencimientos.direccion_privada(persona)
        assert client.get(url).status_code == 200

        if cambio == "contraseña":
            persona.set_password("otra clave de la persona")
        persona.is_active = cambio != "inactivo"
        persona.is_staff = cambio != "no entra"
        persona.save()
        if cambio == "borrado":
            get_user_model().objects.filter(pk=persona.pk).delete()

        assert client.get(url).status_code == 404

    @pytest.mark.parametrize("cambio", ["otro", "sin firma", "vacío", "basura", "ajeno"])
    def test_an_address_that_nobody_signed_opens_nothing(self, casa, client, cambio):
        buena = vencimientos.direccion_privada(casa.autora)
        token = re.search(r"/calendario/(.+)\.ics", buena)[1]
        falso = {
            "otro": token[:-1] + ("A" if token[-1] != "A" else "B"),
            "sin firma": token.partition(":")[0],
            "vacío": ":",
            "basura": "ñ%00'\"<script>",
            "ajeno": vencimientos.Signer(salt="otra cosa").sign_object([casa.autora.pk, "x" * 16]),
        }[cambio]

        assert client.get(buena.replace(token, falso)).status_code == 404

    def test_its_address_is_not_written_in_our_log(self, casa):
        direccion = vencimientos.direccion_privada(casa.autora)
        datos = ("No", direccion)
        escrito = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", datos, None)

        SinSecretos().filter(escrito)

        assert escrito.getMessage() == "No: /calendario/***"

    def test_the_screen_shows_it_only_to_its_owner(self, casa, client):
        client.force_login(casa.jefe)

        pagina = client.get(reverse("admin:portal_calendario")).text

        assert f"{SITIO}{vencimientos.direccion_privada(casa.jefe)}" in pagina
        assert vencimientos.direccion_privada(casa.autora) not in pagina
        assert timezone.localdate() == date(2026, 11, 18)
