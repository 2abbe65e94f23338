"""A forgotten password: by mail, or by two people and a code. Every way around that somebody may try."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, claves, secretos
from portal.models import Correo, RestablecimientoDeClave, Titularidad, Usuario
from portal.secretos import SinSecretos
from tests.builders import crear_cargo, crear_dependencia, crear_usuario

OLVIDADA, ENVIADA = reverse("admin:password_reset"), reverse("admin:password_reset_done")
LISTA, CLAVE, CLAVES = (reverse(f"admin:{n}") for n in ("password_reset_complete", "clave", "claves"))
NUEVA = "una frase que recuerdo"
DOS = {"new_password1": NUEVA, "new_password2": NUEVA}
CORREO = "autora@ejemplo.gov.co"


@pytest.fixture
def autora(casa):
    casa.autora.email = CORREO
    casa.autora.set_password("la de siempre, larga")
    casa.autora.save()
    return casa.autora


def enlace_escrito() -> str:
    """The path of the last link in the outbox."""
    texto = Correo.objects.filter(clave__startswith="contrasena:").latest("pk").texto
    return re.search(rf"{re.escape(settings.PORTAL_URL)}(/admin/contrasena/nueva/\S+)", texto)[1]


def pedir_enlace(client, correo=CORREO, **opciones):
    return client.post(OLVIDADA, {"email": correo}, **opciones)


def abrir(client, enlace: str) -> str:
    """Where the form is once the link was opened."""
    return client.get(enlace).url


def entra(persona: Usuario, clave: str) -> bool:
    persona.refresh_from_db()
    return persona.check_password(clave)


class TestByMail:
    def test_the_login_leads_there(self, client, db):
        pagina = client.get(reverse("admin:login")).text

        assert f'href="{OLVIDADA}"' in pagina and f'href="{CLAVE}"' in pagina

    def test_from_the_address_to_the_new_password(self, autora, client):
        sesion = Client()
        sesion.force_login(autora)

        assert pedir_enlace(client).url == ENVIADA
        formulario = abrir(client, enlace_escrito())
        respuesta = client.post(formulario, DOS, follow=True)

        assert respuesta.redirect_chain[-1][0] == LISTA and "quedó guardada" in respuesta.text
        assert entra(autora, NUEVA)
        assert sesion.get(reverse("admin:index")).status_code == 302  # its sessions ended
        aviso = Correo.objects.latest("pk")
        assert (aviso.para, aviso.asunto) == (CORREO, "Su contraseña cambió")

    def test_says_the_same_whether_somebody_has_it(self, autora, client):
        inactivo = crear_usuario("ida", email="ida@ejemplo.gov.co", is_active=False)
        de_afuera = crear_usuario("fuera", email="fuera@ejemplo.gov.co", is_staff=False)

        respuestas = {
            (r.status_code, r.url)
            for r in (
                pedir_enlace(client, c)
                for c in (CORREO, "nadie@ejemplo.gov.co", inactivo.email, de_afuera.email)
            )
        }

        assert respuestas == {(302, ENVIADA)}
        assert list(Correo.objects.values_list("para", flat=True)) == [CORREO]

    def test_costs_the_same_whether_somebody_has_it(self, autora, client):
        consultas = []
        for correo in (CORREO, "nadie@ejemplo.gov.co"):
            with CaptureQueriesContext(connection) as hechas:
                pedir_enlace(client, correo)
            escritas = [h["sql"].split()[:3] for h in hechas if "portal_" in h["sql"]]
            consultas.append(escritas)

        assert consultas[0] == consultas[1]

    def test_letters_that_only_resemble_ours_do_not_ask_for_more(self, autora, client):
        autora.email = "sixto@ejemplo.gov.co"
        autora.save()
        for correo in ("sixto", "SIXTO", "ſixto", "sıxto", "Sixto"):
            claves.escribir_enlaces(f"{correo}@ejemplo.gov.co")

        assert Correo.objects.count() == claves.ENLACES_POR_CORREO

    def test_capitals_and_shared_mail_boxes(self, autora, client):
        otra = crear_usuario("otra", email="Autora@Ejemplo.gov.co")

        pedir_enlace(client, "AUTORA@ejemplo.gov.co")

        textos = "".join(Correo.objects.values_list("texto", flat=True))
        assert Correo.objects.count() == 2 and otra.username in textos and autora.username in textos

    def test_who_was_created_without_a_password_gets_the_first_one(self, casa, client):
        nueva = crear_usuario("nueva", email="nueva@ejemplo.gov.co")
        nueva.set_unusable_password()
        nueva.save()

        pedir_enlace(client, nueva.email)
        client.post(abrir(client, enlace_escrito()), DOS)

        assert entra(nueva, NUEVA)

    def test_a_false_host_does_not_get_into_the_link(self, autora, client, settings):
        settings.ALLOWED_HOSTS = ["*"]

        pedir_enlace(client, headers={"host": "malo.example"})

        assert "malo.example" not in Correo.objects.get().texto and enlace_escrito()

    def test_whoever_administers_does_not_read_the_link(self, autora, casa, client):
        pedir_enlace(client)
        client.force_login(casa.admin)

        for url in (
            reverse("admin:portal_correo_change", args=[Correo.objects.get().pk]),
            reverse("admin:portal_correo_changelist"),
        ):
            assert "/nueva/" not in client.get(url).text

    def test_opens_once(self, autora, client):
        pedir_enlace(client)
        enlace = enlace_escrito()
        client.post(abrir(client, enlace), DOS)

        respuesta = Client().get(enlace)

        assert respuesta.status_code == 410 and "Este enlace ya no sirve" in respuesta.text

    def test_the_same_form_sent_again_changes_nothing(self, autora, client):
        pedir_enlace(client)
        formulario = abrir(client, enlace_escrito())
        otro = Client()
        abrir(otro, enlace_escrito())
        client.post(formulario, DOS)

        respuesta = otro.post(formulario, dict.fromkeys(DOS, "otra frase distinta, larga"))

        assert respuesta.status_code == 410 and entra(autora, NUEVA)

    def test_lasts_an_hour(self, autora, client):
        pedir_enlace(client)
        enlace = enlace_escrito()

        with time_machine.travel(timezone.localtime() + timedelta(minutes=59), tick=False):
            assert Client().get(enlace).status_code == 302
        with time_machine.travel(timezone.localtime() + timedelta(minutes=61), tick=False):
            assert Client().get(enlace).status_code == 410

    def test_who_left_since_does_not_enter_by_it(self, autora, client):
        pedir_enlace(client)
        autora.is_active = False
        autora.save()

        assert client.get(enlace_escrito()).status_code == 410

    @pytest.mark.parametrize("uid", ["MQ", "OTk5OTk5", "%00", "á", "..", "' OR 1=1"])
    def test_an_invented_link_opens_nothing(self, autora, client, uid):
        assert client.get(f"/admin/contrasena/nueva/{uid}.abc-def/").status_code in {410, 404}

    @pytest.mark.parametrize(
        "datos, dice",
        [
            ({"new_password1": "corta", "new_password2": "corta"}, "12"),
            ({"new_password2": "otra cosa distinta"}, "no son iguales"),
            ({"new_password1": "", "new_password2": ""}, "Falta este dato"),
            (dict.fromkeys(DOS, "contraseña"), "12"),
        ],
    )
    def test_a_bad_password_is_said_and_the_link_still_opens(self, autora, client, datos, dice):
        pedir_enlace(client)
        formulario = abrir(client, enlace_escrito())

        mala = client.post(formulario, DOS | datos)
        buena = client.post(formulario, DOS)

        assert mala.status_code == 422 and dice in mala.text and "autofocus" in mala.text
        assert buena.url == LISTA and entra(autora, NUEVA)

    @pytest.mark.parametrize("correo", ["", "no es", "a@b", "x" * 300 + "@ejemplo.gov.co", "a\nBcc: b@c.co"])
    def test_what_is_no_address_is_said(self, db, client, correo):
        respuesta = pedir_enlace(client, correo)

        assert respuesta.status_code == 422 and not Correo.objects.exists()

    def test_the_wait_after_failed_tries_ends(self, autora, client):
        AccessAttempt.objects.create(username=autora.username, ip_address="127.0.0.1", failures_since_start=9)
        pedir_enlace(client)
        client.post(abrir(client, enlace_escrito()), DOS)

        assert not AccessAttempt.objects.exists()
        ingreso = {"username": autora.username, "password": NUEVA}
        assert client.post(reverse("admin:login"), ingreso).status_code == 302

    def test_an_address_gets_no_more_than_three_and_nobody_notices(self, autora, client):
        for _ in range(5):
            assert pedir_enlace(client).url == ENVIADA

        assert Correo.objects.count() == 3

    def test_a_connection_is_told_to_wait(self, db, client, monkeypatch):
        monkeypatch.setattr(claves, "POR_DIRECCION", 2)
        respuestas = [pedir_enlace(client, f"a{n}@ejemplo.gov.co") for n in range(3)]

        assert [r.status_code for r in respuestas] == [302, 302, 429]
        assert "Espere una hora" in respuestas[-1].text

    def test_it_gives_no_right(self, autora, client):
        pedir_enlace(client)
        client.post(abrir(client, enlace_escrito()), DOS | {"is_superuser": "on", "username": "admin"})

        autora.refresh_from_db()
        assert (autora.is_superuser, autora.username) == (False, "autora")

    @pytest.mark.parametrize("url", [OLVIDADA, ENVIADA, LISTA, CLAVE])
    def test_nothing_is_kept_nor_indexed(self, db, client, url):
        respuesta = client.get(url)

        assert "no-store" in respuesta["Cache-Control"] and "noindex" in respuesta["X-Robots-Tag"]

    def test_logs_leave_the_link_out(self, autora, client):
        import logging

        pedir_enlace(client)
        enlace = enlace_escrito()
        linea = logging.LogRecord("django", logging.WARNING, "", 0, "Gone: %s", (enlace,), None)
        SinSecretos().filter(linea)

        assert linea.getMessage() == "Gone: /admin/contrasena/nueva/***/"


@pytest.fixture
def pedido(casa) -> RestablecimientoDeClave:
    return claves.pedir(persona=casa.autora, por=casa.jefe, motivo="La olvidó.")


def decidir(client, pedido, decision="conceder", **datos):
    return client.post(reverse(f"admin:clave_{decision}", args=[pedido.pk]), datos)


def con_codigo(client, usuario, codigo, **cambios):
    return client.post(CLAVE, {"usuario": usuario, "codigo": codigo, **DOS, **cambios})


def esperan(usuario) -> list[str]:
    grupos = [g for g in bandeja.grupos_de(usuario) if g.titulo == "Contraseñas por conceder"]
    return [tarea.titulo for grupo in grupos for tarea in grupo.tareas]


class TestAsking:
    def test_the_head_of_the_office_asks_and_the_owner_is_told(self, autora, casa, client):
        client.force_login(casa.jefe)

        client.post(CLAVES, {"persona": autora.pk, "motivo": "La olvidó."})

        pedido = RestablecimientoDeClave.objects.get()
        assert (pedido.persona, pedido.pedido_por, pedido.pedido_como) == (
            autora,
            casa.jefe,
            casa.cargo_jefe,
        )
        correo = Correo.objects.get()
        assert correo.para == CORREO and "Si usted no la pidió" in correo.texto

    def test_the_head_of_secretaria_general_asks_for_anybody_even_without_a_post(self, casa, client):
        sola = crear_usuario("sola")
        client.force_login(casa.secretaria)

        client.post(CLAVES, {"persona": sola.pk, "motivo": "Llegó hoy."})

        assert RestablecimientoDeClave.objects.get().persona == sola

    @pytest.mark.parametrize(
        "quien, de_quien",
        [
            ("tesorero", "autora"),  # another office
            ("editor", "autora"),  # of Secretaría General, but heads nothing
            ("jefe", "jefe"),
            ("secretaria", "secretaria"),
            ("secretaria", "admin"),  # a superuser
            ("alcalde", "autora"),  # heads another office
        ],
    )
    def test_nobody_else_asks(self, casa, client, quien, de_quien):
        persona = getattr(casa, de_quien)
        client.force_login(getattr(casa, quien))

        respuesta = client.post(CLAVES, {"persona": persona.pk, "motivo": "Por algo."})

        assert respuesta.status_code == 422
        with pytest.raises(ValidationError):
            claves.pedir(persona=persona, por=getattr(casa, quien), motivo="Por algo.")
        assert not RestablecimientoDeClave.objects.exists()

    @pytest.mark.parametrize("quien", ["autora", "admin"])
    def test_who_neither_heads_nor_is_of_secretaria_general_does_not_come_in(self, casa, client, quien):
        client.force_login(getattr(casa, quien))

        assert client.get(CLAVES).status_code == 403

    def test_one_at_a_time(self, casa, client, pedido):
        client.force_login(casa.secretaria)

        respuesta = client.post(CLAVES, {"persona": casa.autora.pk, "motivo": "Otra vez."})

        assert respuesta.status_code == 422 and "Ya hay una pedida" in respuesta.text
        assert "Otra vez." in respuesta.text

    @pytest.mark.parametrize(
        "datos", [{"persona": ""}, {"persona": "x"}, {"motivo": " "}, {"motivo": "x" * 501}]
    )
    def test_bad_input(self, casa, client, datos):
        client.force_login(casa.jefe)

        respuesta = client.post(CLAVES, {"persona": casa.autora.pk, "motivo": "La olvidó."} | datos)

        assert respuesta.status_code == 422 and not RestablecimientoDeClave.objects.exists()

    def test_anonymous_people_and_other_methods(self, casa, client, pedido):
        assert client.get(CLAVES).url.startswith(reverse("admin:login"))
        assert decidir(client, pedido).status_code == 302
        client.force_login(casa.secretaria)
        assert client.get(reverse("admin:clave_conceder", args=[pedido.pk])).status_code == 405
        assert client.delete(CLAVES).status_code == 405
        assert client.delete(CLAVE).status_code == 405


class TestDeciding:
    @pytest.mark.parametrize("quien", ["tesorero", "editor", "secretaria", "alcalde"])
    def test_another_head_or_anybody_of_secretaria_general_grants(self, casa, client, pedido, quien):
        client.force_login(getattr(casa, quien))
        assert esperan(getattr(casa, quien)) == ["Para el usuario autora"]

        respuesta = decidir(client, pedido)

        codigo = respuesta.context["codigo"]
        assert respuesta.text.count(codigo) == 1
        assert "no-store" in respuesta["Cache-Control"]
        pedido.refresh_from_db()
        assert pedido.concedido and pedido.decidido_por == getattr(casa, quien)
        assert codigo not in str(RestablecimientoDeClave.objects.values())
        assert codigo not in client.get(CLAVES).text
        assert esperan(getattr(casa, quien)) == []

    @pytest.mark.parametrize("quien, codigo", [("jefe", 422), ("autora", 403), ("admin", 403)])
    def test_not_who_asked_nor_its_owner_nor_who_only_administers(self, casa, client, pedido, quien, codigo):
        client.force_login(getattr(casa, quien))

        assert decidir(client, pedido).status_code == codigo
        assert decidir(client, pedido, "negar", razon="No.").status_code == codigo
        assert esperan(getattr(casa, quien)) == []
        pedido.refresh_from_db()
        assert pedido.decidido_por is None

    def test_its_owner_does_not_grant_it_even_as_a_head(self, casa, client):
        pedido = claves.pedir(persona=casa.jefe, por=casa.secretaria, motivo="La olvidó.")
        client.force_login(casa.jefe)

        assert decidir(client, pedido).status_code == 422

    def test_who_stopped_being_a_head_decides_no_more(self, casa, client, pedido):
        Titularidad.objects.filter(persona=casa.tesorero).update(
            hasta=timezone.localdate() - timedelta(days=1)
        )
        client.force_login(casa.tesorero)

        assert decidir(client, pedido).status_code == 403

    def test_is_decided_once(self, casa, client, pedido):
        claves.conceder(pedido, por=casa.tesorero)
        client.force_login(casa.secretaria)

        for decision in ("conceder", "negar"):
            respuesta = decidir(client, pedido, decision, razon="No.")
            assert respuesta.url == CLAVES
        assert "ya la había decidido" in client.get(CLAVES).text
        with pytest.raises(claves.YaDecidido):
            claves.negar(pedido, por=casa.secretaria, razon="No.")

    def test_is_refused_with_a_reason_and_the_owner_is_told(self, autora, casa, client, pedido):
        client.force_login(casa.secretaria)

        assert decidir(client, pedido, "negar", razon="  ").status_code == 422
        assert decidir(client, pedido, "negar", razon="No la pidió ella.").url == CLAVES

        pedido.refresh_from_db()
        assert (pedido.concedido, pedido.razon, pedido.huella) == (False, "No la pidió ella.", "")
        assert "No la pidió ella." in Correo.objects.latest("pk").texto

    def test_of_who_left_or_administers_now_it_is_not_granted(self, casa, pedido):
        for cambio in ({"is_active": False}, {"is_superuser": True}):
            Usuario.objects.filter(pk=casa.autora.pk).update(
                **{"is_active": True, "is_superuser": False} | cambio
            )
            with pytest.raises(ValidationError, match="ya no entra"):
                claves.conceder(pedido, por=casa.tesorero)

    def test_what_somebody_asked_who_left_since_is_not_granted(self, casa, client, pedido):
        """It would be worth as much as one hand: the other left, and answers for nothing."""
        casa.jefe.titularidades.update(hasta=timezone.localdate() - timedelta(days=1))
        client.force_login(casa.tesorero)

        respuesta = decidir(client, pedido)

        assert respuesta.status_code == 422 and "ya no dirige" in respuesta.text
        pedido.refresh_from_db()
        assert (pedido.decidido_por, pedido.huella) == (None, "")
        assert decidir(client, pedido, "negar", razon="Ya no es jefe.").url == CLAVES

    def test_one_that_does_not_exist(self, casa, client):
        client.force_login(casa.secretaria)

        assert client.post(reverse("admin:clave_conceder", args=[999])).status_code == 404

    @pytest.mark.parametrize(
        "cambio",
        [
            "UPDATE portal_restablecimientodeclave SET motivo = 'Otro'",
            "UPDATE portal_restablecimientodeclave SET concedido = false",
            "UPDATE portal_restablecimientodeclave SET vence_en = now() + interval '1 year'",
            "UPDATE portal_restablecimientodeclave SET huella = repeat('a', 64)",
            "DELETE FROM portal_restablecimientodeclave",
        ],
    )
    def test_postgresql_keeps_what_was_decided(self, casa, pedido, cambio):
        claves.conceder(pedido, por=casa.tesorero)

        with (
            pytest.raises(IntegrityError, match="no cambia"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(cambio)

    @pytest.mark.parametrize("columna", ["pedido_por", "persona"])
    def test_postgresql_asks_for_two_people(self, casa, pedido, columna):
        with pytest.raises(IntegrityError, match="clave_la_conceden_dos"), transaction.atomic():
            RestablecimientoDeClave.objects.update(
                decidido_por=getattr(pedido, columna), decidido_en=timezone.now(), concedido=True
            )

    @pytest.mark.parametrize("cuantas", [1, 15])
    def test_the_page_costs_the_same_however_many(self, casa, client, cuantas):
        oficina = crear_dependencia()
        jefe = crear_usuario("otro-jefe", crear_cargo(oficina, es_jefatura=True))
        for n in range(cuantas):
            for sufijo in "ab":
                persona = crear_usuario(f"p{n}{sufijo}", crear_cargo(oficina))
                pedido = claves.pedir(persona=persona, por=jefe, motivo="La olvidó.")
            claves.conceder(pedido, por=casa.secretaria)
        client.force_login(casa.secretaria)

        with CaptureQueriesContext(connection) as hechas:
            client.get(CLAVES)

        # Session, user, posts, those waiting, own, whom one may ask for, and the last ones.
        assert len(hechas) == 7


class TestTheCode:
    @pytest.fixture
    def codigo(self, casa, pedido) -> str:
        return claves.conceder(pedido, por=casa.secretaria)

    def test_can_be_told_aloud_and_cannot_be_guessed(self):
        codigos = {claves.nuevo_codigo() for _ in range(200)}

        assert len(codigos) == 200
        assert len(secretos.ALFABETO) ** (claves.GRUPO * claves.GRUPOS) > 2**60
        assert not set("".join(codigos)) & set("01ILOAEU")
        assert all(re.fullmatch(r"[2-9A-Z]{7}-[2-9A-Z]{7}", codigo) for codigo in codigos)

    def test_its_owner_writes_the_new_password(self, autora, casa, client, codigo):
        sesion = Client()
        sesion.force_login(autora)
        AccessAttempt.objects.create(username="autora", ip_address="127.0.0.1", failures_since_start=9)

        respuesta = con_codigo(client, "autora", f" {codigo.lower().replace('-', ' ')} ")

        assert respuesta.url == LISTA and entra(autora, NUEVA)
        assert sesion.get(reverse("admin:index")).status_code == 302
        pedido = RestablecimientoDeClave.objects.get()
        assert pedido.usado_en and pedido.huella == ""
        assert not AccessAttempt.objects.exists()
        assert Correo.objects.latest("pk").asunto == "Su contraseña cambió"
        assert "_auth_user_id" not in client.session  # nobody is let in by it

    def test_is_used_once(self, casa, client, codigo):
        con_codigo(client, "autora", codigo)

        respuesta = con_codigo(
            client,
            "autora",
            codigo,
            new_password1="otra frase más larga",
            new_password2="otra frase más larga",
        )

        assert respuesta.status_code == 422 and entra(casa.autora, NUEVA)

    def test_lasts_an_hour(self, casa, client, codigo):
        with time_machine.travel(timezone.localtime() + timedelta(minutes=61), tick=False):
            assert con_codigo(client, "autora", codigo).status_code == 422
        assert con_codigo(client, "autora", codigo).status_code == 302

    def test_another_one_ends_it(self, casa, client, codigo):
        otro = claves.conceder(
            claves.pedir(persona=casa.autora, por=casa.jefe, motivo="Se perdió."), por=casa.secretaria
        )

        assert con_codigo(client, "autora", codigo).status_code == 422
        assert con_codigo(client, "autora", otro).status_code == 302

    @pytest.mark.parametrize("usuario", ["jefe", "admin", "nadie", "AUTORA", "' OR ''='", "x" * 151, "\x00"])
    def test_is_good_for_its_owner_only(self, casa, client, codigo, usuario):
        antes = dict(Usuario.objects.values_list("username", "password"))

        respuesta = con_codigo(client, usuario, codigo)

        assert respuesta.status_code == 422
        assert dict(Usuario.objects.values_list("username", "password")) == antes

    @pytest.mark.parametrize("malo", ["", "-", "AAAAAAA-AAAAAAA", "á" * 14, "x" * 500, "' OR 1=1 --", "%00"])
    def test_hostile_codes_open_nothing(self, casa, client, codigo, malo):
        respuesta = con_codigo(client, "autora", malo)

        assert respuesta.status_code == 422 and not entra(casa.autora, NUEVA)

    def test_a_refused_or_unused_row_has_no_code_that_is_empty(self, casa, client, pedido):
        claves.negar(pedido, por=casa.secretaria, razon="No.")

        assert con_codigo(client, "autora", "").status_code == 422
        assert claves.duena_de("autora", "") is None

    def test_five_tries_and_not_even_the_good_one_opens(self, casa, client, codigo):
        respuestas = [con_codigo(client, "autora", f"22222{n}2-2222222").status_code for n in range(5)]

        ultima = con_codigo(client, "autora", codigo)

        assert respuestas == [422] * 5
        assert ultima.status_code == 429 and "Espere una hora" in ultima.text
        assert not entra(casa.autora, NUEVA)

    def test_who_tries_from_elsewhere_does_not_leave_the_owner_out(self, casa, client, codigo):
        for n in range(7):
            client.post(CLAVE, {"usuario": "autora", "codigo": f"2222{n}", **DOS}, REMOTE_ADDR="203.0.113.9")

        assert con_codigo(client, "autora", codigo).status_code == 302

    @pytest.mark.parametrize(
        "cambio, dice",
        [
            ({"new_password1": "corta", "new_password2": "corta"}, "12"),
            ({"new_password2": "otra cosa distinta"}, "no son iguales"),
            ({"new_password1": "guerrero-rios", "new_password2": "guerrero-rios"}, "apellido"),
            ({"new_password1": ""}, "Falta este dato"),
        ],
    )
    def test_a_bad_password_is_said_and_costs_no_try(self, casa, client, codigo, cambio, dice):
        Usuario.objects.filter(pk=casa.autora.pk).update(last_name="Guerrero Rios")
        for _ in range(6):
            mala = con_codigo(client, "autora", codigo, **cambio)
            assert mala.status_code == 422 and dice in mala.text
        assert codigo in mala.text  # what was typed stays
        assert NUEVA not in mala.text

        assert con_codigo(client, "autora", codigo).status_code == 302

    def test_of_who_administers_now_it_opens_nothing(self, casa, client, codigo):
        Usuario.objects.filter(pk=casa.autora.pk).update(is_superuser=True)

        assert con_codigo(client, "autora", codigo).status_code == 422

    def test_changing_the_password_by_mail_ends_it(self, autora, casa, client, codigo):
        pedir_enlace(client)
        client.post(abrir(client, enlace_escrito()), DOS)

        assert con_codigo(Client(), "autora", codigo).status_code == 422


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_grants_at_once_give_one_code(casa):
    pedido = claves.pedir(persona=casa.autora, por=casa.jefe, motivo="La olvidó.")

    def conceder(por) -> str:
        try:
            return claves.conceder(pedido, por=por)
        except claves.YaDecidido:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hilos:
        codigos = list(hilos.map(conceder, [casa.secretaria, casa.tesorero]))

    assert sum(map(bool, codigos)) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_code_sent_twice_at_once_is_used_once(casa):
    codigo = claves.conceder(
        claves.pedir(persona=casa.autora, por=casa.jefe, motivo="La olvidó."), por=casa.secretaria
    )

    def usar(clave: str) -> bool:
        try:
            return claves.usar(casa.autora, codigo, clave)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hilos:
        usados = list(hilos.map(usar, ["una frase larga", "otra frase larga"]))

    assert sorted(usados) == [False, True]
