"""Subscriptions by mail: asked for, confirmed, changed and left, without telling anybody who is here."""

import logging
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from participacion import suscripciones
from participacion.models import Suscripcion
from portal import rutinas
from portal.admin import sitio_admin
from portal.correo import encolar, enmascarar
from portal.models import Canal, Correo, Edicion
from portal.secretos import _EN_UNA_DIRECCION, SinSecretos
from tests.builders import crear_municipio, en_fecha
from tests.participacion.builders_suscripciones import datos, pedir, suscribir, tablas_que_dicen

URL = "/suscripciones/"
HORA = timedelta(hours=1)


@pytest.fixture
def municipio(db):
    Edicion.objects.get_or_create(pk=1)  # a test of transactions may have emptied every table
    return crear_municipio()


def enlace(correo: Correo, cual: str) -> str:
    """The path of the link of that message that ends so."""
    return next(
        urlsplit(hallado).path
        for hallado in re.findall(r"https?://\S+", correo.texto)
        if hallado.endswith(f"/{cual}/") or not cual
    )


def propia(suya: Suscripcion, cual: str = "") -> str:
    return f"{URL}{suscripciones.firma_de(suya)}/{cual}"


class TestAsking:
    def test_the_page_is_light_valid_and_sets_no_cookie(self, casa, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(4):
            pagina = client.get(URL)

        html5lib.HTMLParser(strict=True).parse(pagina.text)
        assert not pagina.cookies
        assert "no-store" in pagina.headers["Cache-Control"]
        assert "Ley 1581 de 2012" in pagina.text

    def test_what_was_asked_for_is_kept_with_what_was_read(self, casa, client):
        respuesta = client.post(
            URL,
            datos(
                todo="",
                secciones=["normas"],
                canales=[casa.canal.slug],
                dependencias=[casa.planeacion.slug],
            ),
        )

        assert (respuesta.status_code, respuesta.url) == (302, "/suscripciones/revise-su-correo/")
        assert not respuesta.cookies
        suya = Suscripcion.objects.get()
        assert (suya.correo, suya.estado, suya.todo) == ("ana@ejemplo.co", "por_confirmar", False)
        assert suya.secciones == ["normas"]
        assert list(suya.canales.all()) == [casa.canal]
        assert list(suya.dependencias.all()) == [casa.planeacion]
        assert suya.consentimiento in client.get(URL).text
        assert Correo.objects.get().para == "ana@ejemplo.co"
        assert client.get(respuesta.url).status_code == 200

    def test_the_answer_does_not_tell_who_is_already_here(self, municipio, client):
        suya = suscribir("ana@ejemplo.co", secciones=["normas"])

        conocida, nueva = client.post(URL, datos()), client.post(URL, datos(correo="otra@ejemplo.co"))

        assert (conocida.status_code, conocida.url) == (nueva.status_code, nueva.url)
        suya.refresh_from_db()
        assert (suya.estado, suya.todo, suya.secciones) == ("activa", False, ["normas"])
        ultimo = Correo.objects.filter(para="ana@ejemplo.co").first()
        assert "Usted ya las recibe" in ultimo.texto
        assert "/confirmar/" not in ultimo.texto

    @pytest.mark.parametrize(
        ("cambio", "dice"),
        [
            ({"todo": ""}, "Elija al menos una cosa que quiera recibir."),
            ({"acepta": ""}, "autorice que guardemos su correo"),
            ({"correo": ""}, "Escriba su correo electrónico"),
            ({"correo": "ana"}, "Revise el correo"),
            ({"correo": "ana@ejemplo.co\nBcc: x@ejemplo.co"}, "Revise el correo"),
            ({"correo": "ana\x00@ejemplo.co"}, "correo"),
            # Django takes them for an i and an s; PostgreSQL and mail servers do not agree on what they are.
            ({"correo": "İvan@ejemplo.co"}, "Revise el correo"),
            ({"correo": "anaſ@ejemplo.co"}, "Revise el correo"),
            ({"correo": "ana@eſemplo.co"}, "Revise el correo"),
            ({"secciones": ["no-hay"]}, "no-hay"),
            ({"canales": ["no-hay"]}, "no-hay"),
            ({"sitio_web": "http://spam"}, "Deje vacía la casilla"),
            ({"visto": ""}, "muy rápido"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, municipio, client, cambio, dice):
        respuesta = client.post(URL, datos(**cambio))

        assert respuesta.status_code == 422
        assert dice in respuesta.text
        assert "autofocus" in respuesta.text
        assert not Suscripcion.objects.exists()
        assert not Correo.objects.exists()
        if "correo" not in cambio:
            assert 'value="Ana@ejemplo.co"' in respuesta.text

    def test_all_that_is_missing_is_said_at_once(self, municipio, client):
        respuesta = client.post(URL, datos(todo="", correo="", acepta=""))

        for dicho in (
            "Qué quiere recibir: Elija al menos una cosa",
            "Escriba su correo",
            "autorice que guardemos",
        ):
            assert dicho in respuesta.text

    def test_nobody_is_bombed_with_messages(self, municipio, client):
        with time_machine.travel(en_fecha("2026-11-18", 8), tick=False) as reloj:
            for minutos in range(0, 12 * 60, 20):
                reloj.move_to(en_fecha("2026-11-18", 8) + timedelta(minutes=minutos))
                assert client.post(URL, datos()).status_code == 302

        escritos = list(Correo.objects.order_by("creado_en").values_list("creado_en", flat=True))
        # The day of the brake is that of UTC, which ends at seven in the evening: twice three at most.
        assert 3 <= len(escritos) <= 2 * suscripciones.CORREOS_POR_DIA
        esperas = [despues - antes for antes, despues in pairwise(escritos)]
        assert min(esperas) >= HORA

    def test_one_connection_asks_for_so_many(self, municipio, client):
        for n in range(20):
            assert client.post(URL, datos(correo=f"ana{n}@ejemplo.co")).status_code == 302

        frenada = client.post(URL, datos())

        assert frenada.status_code == 429
        assert 'value="Ana@ejemplo.co"' in frenada.text
        assert Suscripcion.objects.count() == 20

    def test_another_site_does_not_ask_for_its_visitors(self, municipio, client):
        respuesta = client.post(URL, datos(), headers={"Sec-Fetch-Site": "cross-site"})

        assert respuesta.status_code == 400
        assert not Suscripcion.objects.exists()

    def test_asking_twice_is_one_subscription_with_the_last_choice(self, municipio):
        pedir("ana@ejemplo.co", en_fecha("2026-11-18"))
        pedir("ANA@ejemplo.co", en_fecha("2026-11-18", 11), secciones=["normas"])

        suya = Suscripcion.objects.get()
        assert (suya.todo, suya.secciones) == (False, ["normas"])


class TestConfirming:
    def test_only_the_button_confirms_and_twice_is_once(self, municipio, client):
        suya = pedir(secciones=["normas"])
        ruta = enlace(Correo.objects.get(), "confirmar")

        vista = client.get(ruta)
        html5lib.HTMLParser(strict=True).parse(vista.text)
        suya.refresh_from_db()
        assert suya.estado == "por_confirmar"
        assert "Normas" in vista.text
        assert suya.correo not in vista.text
        assert vista.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in vista.headers["Cache-Control"]

        assert "Listo" in client.post(ruta).text
        suya.refresh_from_db()
        confirmada_en = suya.confirmada_en
        assert "Listo" in client.post(ruta).text
        suya.refresh_from_db()
        assert (suya.estado, suya.confirmada_en) == ("activa", confirmada_en)
        assert not client.cookies

    def test_the_link_serves_seven_days(self, municipio, client):
        pedir()
        ruta = enlace(Correo.objects.get(), "confirmar")

        with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
            assert client.get(ruta).status_code == 410
            assert client.post(ruta).status_code == 410

        assert Suscripcion.objects.get().estado == "por_confirmar"

    def test_a_made_up_link_opens_nothing(self, municipio, client):
        suya = pedir()
        ruta = enlace(Correo.objects.get(), "confirmar")

        assert client.post(ruta.replace("/suscripciones/", "/suscripciones/9")).status_code == 404
        assert client.post(propia(suya, "confirmar/")).status_code == 404
        assert client.get(f"{URL}{suya.pk}/").status_code == 404
        assert client.post(f"{URL}{suya.pk}:abc/salir/").status_code == 404
        assert Suscripcion.objects.get().estado == "por_confirmar"

    def test_what_nobody_confirmed_is_forgotten_whole(self, municipio, settings):
        settings.EMAIL_HOST = ""
        ahora = timezone.now()
        pedir("vieja@ejemplo.co", ahora - timedelta(days=7, minutes=1))
        pedir("reciente@ejemplo.co", ahora - timedelta(days=6))
        suscribir("activa@ejemplo.co")

        ejecucion = rutinas.correr(rutinas.registro["olvidar-suscripciones"], en=ahora)

        assert ejecucion.resultado == "Suscripciones sin confirmar borradas: 1."
        assert set(Suscripcion.objects.values_list("correo", flat=True)) == {
            "reciente@ejemplo.co",
            "activa@ejemplo.co",
        }
        assert tablas_que_dicen("vieja@ejemplo.co") == []


class TestPreferences:
    def test_they_are_changed_with_the_link(self, casa, client):
        suya = suscribir("ana@ejemplo.co", canales=[casa.canal])

        vista = client.get(propia(suya))
        html5lib.HTMLParser(strict=True).parse(vista.text)
        assert "ana@ejemplo.co" not in vista.text
        assert "a···@e···.co" in vista.text
        guardada = client.post(propia(suya), {"secciones": ["normas", "gestion"]})

        assert "Guardamos lo que eligió" in guardada.text
        assert not guardada.cookies
        suya.refresh_from_db()
        assert suya.secciones == ["normas", "gestion"]
        assert not suya.canales.exists()

    def test_nothing_chosen_is_not_saved(self, municipio, client):
        suya = suscribir()

        respuesta = client.post(propia(suya), {})

        assert respuesta.status_code == 422
        suya.refresh_from_db()
        assert suya.todo

    def test_who_left_has_none(self, municipio, client):
        suya = suscribir()
        suscripciones.salir(suya.pk)

        assert client.get(propia(suya)).status_code == 410
        assert client.post(propia(suya), {"todo": "on"}).status_code == 410
        assert Suscripcion.objects.get().estado == "retirada"

    def test_what_is_not_confirmed_has_none(self, municipio, client):
        assert client.get(propia(pedir())).status_code == 410


class TestLeaving:
    def test_a_mail_program_leaves_without_cookies_and_twice_is_once(self, municipio):
        programa = Client(enforce_csrf_checks=True)
        suya = suscribir()

        respuestas = [
            programa.post(
                propia(suya, "salir/"),
                "List-Unsubscribe=One-Click",
                content_type="application/x-www-form-urlencoded",
                headers={"Sec-Fetch-Site": "cross-site"},
            )
            for _ in range(2)
        ]

        assert [respuesta.status_code for respuesta in respuestas] == [200, 200]
        assert not programa.cookies
        suya.refresh_from_db()
        assert suya.estado == "retirada"

    def test_a_page_with_a_button_for_people(self, municipio, client):
        suya = suscribir()

        vista = client.get(propia(suya, "salir/"))

        html5lib.HTMLParser(strict=True).parse(vista.text)
        suya.refresh_from_db()
        assert suya.estado == "activa"
        assert vista.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Ya no recibe" in client.post(propia(suya, "salir/")).text

    def test_no_table_keeps_the_address_of_who_left(self, casa, client, caplog):
        suya = suscribir("Vecina.Del.Puerto@ejemplo.co", canales=[casa.canal], dependencias=[casa.planeacion])
        encolar(para=suya.correo, asunto="Boletín", texto="Noticias.", clave=f"boletin:1:{suya.pk}")
        ajeno = encolar(para="otra@ejemplo.co", asunto="Boletín", texto="Noticias.", clave="boletin:1:0")
        assert set(tablas_que_dicen("vecina.del.puerto")) == {"participacion_suscripcion", "portal_correo"}

        with caplog.at_level(logging.DEBUG):
            client.post(propia(suya, "salir/"))

        assert tablas_que_dicen("vecina.del.puerto") == []
        assert "vecina.del.puerto" not in caplog.text
        suya.refresh_from_db()
        assert suya.huella == suscripciones.huella_del_correo("vecina.del.puerto@ejemplo.co")
        assert suya.consentimiento == "Autorizo."
        assert suya.confirmada_en
        assert suya.retirada_en
        assert not suya.canales.exists()
        assert list(Correo.objects.all()) == [ajeno]

    def test_what_was_filed_with_the_same_address_is_not_touched(self, municipio):
        suya = suscribir("ana@ejemplo.co")
        encolar(para=suya.correo, asunto="Acuse", texto="Su radicado.", clave="acuse:1")

        suscripciones.salir(suya.pk)

        assert [correo.clave for correo in Correo.objects.all()] == ["acuse:1"]

    def test_before_confirming_nothing_stays(self, municipio, client):
        suya = pedir()

        assert client.post(propia(suya, "salir/")).status_code == 200
        assert client.post(propia(suya, "salir/")).status_code == 200
        assert not Suscripcion.objects.exists()
        assert not Correo.objects.exists()

    def test_who_left_may_come_back(self, municipio):
        suscripciones.salir(suscribir("ana@ejemplo.co").pk)

        assert suscribir("ana@ejemplo.co", timezone.now()).estado == "activa"
        assert Suscripcion.objects.count() == 2


class TestNobodyReadsThem:
    @pytest.mark.parametrize(
        ("vista", "metodo"),
        [
            ("", "put"),
            ("revise-su-correo/", "post"),
            ("{firma}/", "delete"),
            ("{firma}/salir/", "put"),
            ("{firma}/confirmar/", "patch"),
        ],
    )
    def test_other_methods_do_nothing(self, municipio, client, vista, metodo):
        ruta = URL + vista.format(firma=suscripciones.firma_de(suscribir()))

        assert getattr(client, metodo)(ruta).status_code == 405

    def test_logs_do_not_keep_what_opens_them(self, municipio):
        ruta = propia(suscribir(), "salir/")
        linea = logging.LogRecord("django", logging.WARNING, "", 0, "Not Found: %s", (ruta,), None)

        assert SinSecretos().filter(linea)
        assert linea.getMessage() == "Not Found: /suscripciones/***/salir/"

    def test_nor_does_the_web_server_write_it_down(self):
        """What our logs leave out, the access log of nginx must not have."""
        sitio = (Path(settings.BASE_DIR) / "despliegue" / "nginx.conf").read_text(encoding="utf-8")
        callados = re.search(r"location ~ \^/\((.+)\)/ \{\s+access_log off;", sitio)[1].split("|")
        nuestros = re.search(r"\(\?:(.+?)\)", _EN_UNA_DIRECCION.pattern)[1].split("|")

        assert {nombre.removeprefix("admin/") for nombre in callados} == set(nuestros)

    @pytest.mark.parametrize(
        "ruta", ["/participa/plaza/", "/participa/temas/plaza/apoyar/", "/encuestas/plaza/", "/opinion/"]
    )
    def test_nor_when_and_from_where_somebody_took_part(self, ruta):
        """Of an answer only its day is kept; a line with its moment and its address would say whose it is."""
        sitio = (Path(settings.BASE_DIR) / "despliegue" / "nginx.conf").read_text(encoding="utf-8")
        callados = re.findall(r"location ~ (\S+) \{\s+access_log off;", sitio)

        assert resolve(ruta).app_name == "participacion"
        assert any(re.match(patron, ruta) for patron in callados)

    def test_the_admin_lists_no_subscription(self):
        assert Suscripcion not in sitio_admin._registry

    def test_the_outbox_tells_neither_who_nor_what(self, casa, client):
        suya = suscribir("ana@ejemplo.co")
        correo = Correo.objects.get()
        Correo.objects.filter(pk=correo.pk).update(estado="abandonado", error="no existe esa dirección")
        for quien in (casa.secretaria, casa.admin):
            client.force_login(quien)
            for ruta in ("", "?q=ana@ejemplo", f"{correo.pk}/change/"):
                pagina = client.get(f"/admin/portal/correo/{ruta}")
                cuerpo = pagina.text.replace('value="ana@ejemplo"', "")
                assert pagina.status_code == 200
                assert "ana@ejemplo" not in cuerpo
                assert suscripciones.firma_de(suya) not in cuerpo
                assert ("a···@e···.co" in cuerpo) is ("?q" not in ruta)

    def test_two_live_ones_of_an_address_are_refused_by_the_database(self, municipio):
        suya = suscribir("ana@ejemplo.co")

        with pytest.raises(IntegrityError), transaction.atomic():
            Suscripcion.objects.create(correo="ANA@ejemplo.co", huella=suya.huella, consentimiento="Sí.")

    @pytest.mark.parametrize(
        ("direccion", "tapada"),
        [("ana@ejemplo.gov.co", "a···@e···.co"), ("x@y", "x···@···.y"), ("", "···@···.")],
    )
    def test_a_mask_shows_little(self, direccion, tapada):
        assert enmascarar(direccion) == tapada


def test_the_site_itself_is_not_a_theme(municipio, client):
    assert 'value="sitio"' not in client.get(URL).text
    assert f'value="{Canal.Seccion.ACTUALIDAD}"' in client.get(URL).text
