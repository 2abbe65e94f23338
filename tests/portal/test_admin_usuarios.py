"""Who creates people, gives them passwords and changes their access, and whom nobody else can reach."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from portal.models import Correo, Titularidad, Usuario
from tests.builders import crear_usuario

LISTADO, ALTA = reverse("admin:portal_usuario_changelist"), reverse("admin:portal_usuario_add")
NUEVA = {
    "username": "ana.rojas",
    "first_name": "Ana",
    "last_name": "Rojas",
    "email": "ana@ejemplo.gov.co",
    "password1": "una frase que recuerdo",
    "password2": "una frase que recuerdo",
    "is_staff": "on",
}


def url_de(usuario, vista="change") -> str:
    return reverse(f"admin:portal_usuario_{vista}", args=[usuario.pk])


def url_clave(usuario) -> str:
    return reverse("admin:auth_user_password_change", args=[usuario.pk])


def ficha(usuario, **cambios) -> dict[str, str]:
    datos = {"username": usuario.username, "first_name": "Ana", "is_active": "on", "is_staff": "on"}
    return {campo: valor for campo, valor in (datos | cambios).items() if valor}


@pytest.fixture
def otra(casa):
    return crear_usuario("otra")


class TestCreating:
    def test_is_one_screen_and_the_person_can_enter_at_once(self, casa, client):
        client.force_login(casa.secretaria)

        respuesta = client.post(ALTA, NUEVA)

        ana = Usuario.objects.get(username="ana.rojas")
        assert respuesta.url == LISTADO
        assert (str(ana), ana.email, ana.is_staff, ana.is_superuser) == (
            "Ana Rojas",
            "ana@ejemplo.gov.co",
            True,
            False,
        )
        [aviso] = get_messages(respuesta.wsgi_request)
        assert f"{reverse('admin:portal_titularidad_add')}?persona={ana.pk}" in str(aviso)
        client.logout()
        assert client.login(request=respuesta.wsgi_request, username="ana.rojas", password=NUEVA["password1"])

    def test_she_may_enter_unless_somebody_says_otherwise(self, casa, client):
        client.force_login(casa.secretaria)

        pagina = client.get(ALTA).text
        client.post(ALTA, NUEVA | {"is_staff": ""})

        assert "Puede entrar a la administración" in pagina
        assert re.search('name="is_staff"[^>]* checked', pagina)
        assert not Usuario.objects.get(username="ana.rojas").is_staff

    def test_from_a_tenure_it_comes_back_with_the_person_chosen(self, casa, client):
        client.force_login(casa.secretaria)

        respuesta = client.post(ALTA, NUEVA | {"_popup": "1"})

        assert (
            f"&quot;value&quot;: &quot;{Usuario.objects.get(username='ana.rojas').pk}&quot;" in respuesta.text
        )

    def test_the_message_leads_to_the_tenure_with_the_person_chosen(self, casa, client, otra):
        client.force_login(casa.secretaria)

        pagina = client.get(f"{reverse('admin:portal_titularidad_add')}?persona={otra.pk}").text

        assert f'<option value="{otra.pk}" selected>' in pagina

    @pytest.mark.parametrize(
        "cambio, dice",
        [
            ({"password2": "otra frase distinta"}, "Las dos contraseñas no son iguales."),
            ({"password1": "corta", "password2": "corta"}, "debe tener al menos 12"),
            ({"username": "AUTORA"}, "Ya hay alguien con ese nombre de usuario."),
            ({"username": "con espacios"}, "sin espacios"),
            ({"last_name": ""}, "Falta este dato."),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(self, casa, client, cambio, dice):
        client.force_login(casa.secretaria)
        antes = Usuario.objects.count()

        respuesta = client.post(ALTA, NUEVA | cambio)

        assert dice in respuesta.text
        assert Usuario.objects.count() == antes

    def test_nobody_becomes_a_superuser_by_adding_a_field(self, casa, client):
        client.force_login(casa.secretaria)

        client.post(ALTA, NUEVA | {"is_superuser": "on", "user_permissions": "1", "groups": "1"})

        ana = Usuario.objects.get(username="ana.rojas")
        assert not ana.is_superuser
        assert not ana.user_permissions.exists()


class TestPasswords:
    NUEVA = {"password1": "otra frase que recuerdo", "password2": "otra frase que recuerdo"}

    def test_secretaria_general_gives_a_new_one_and_it_is_written_down(self, casa, client, otra):
        client.force_login(casa.secretaria)

        client.post(url_clave(otra), self.NUEVA)

        otra.refresh_from_db()
        assert otra.check_password("otra frase que recuerdo")
        historia = client.get(url_de(otra, "history")).text
        assert "Puso una contraseña nueva." in historia
        assert "secretaria" in historia

    @pytest.mark.parametrize("campos", [{}, {"usable_password": "false", "unset-password": "1"}])
    def test_nobody_is_left_without_one(self, casa, client, otra, campos):
        otra.set_password("la de siempre, larga")
        otra.save()
        client.force_login(casa.secretaria)

        respuesta = client.post(url_clave(otra), campos)

        otra.refresh_from_db()
        assert "Falta este dato." in respuesta.text
        assert otra.check_password("la de siempre, larga")

    def test_ones_own_asks_for_the_one_there_is(self, casa, client):
        client.force_login(casa.secretaria)

        for respuesta in (
            client.get(url_clave(casa.secretaria)),
            client.post(url_clave(casa.secretaria), self.NUEVA),
        ):
            assert respuesta.url == reverse("admin:password_change")

        casa.secretaria.refresh_from_db()
        assert not casa.secretaria.check_password("otra frase que recuerdo")

    @pytest.mark.parametrize("quien", ["secretaria", "admin"])
    def test_of_who_entered_once_it_takes_two_people(self, casa, client, otra, quien):
        otra.set_password("la de siempre, larga")
        otra.last_login = timezone.now()
        otra.save()
        client.force_login(getattr(casa, quien))

        assert client.get(url_clave(otra)).url == reverse("admin:claves")
        assert client.post(url_clave(otra), self.NUEVA).url == reverse("admin:claves")
        assert f'<a href="{reverse("admin:claves")}">la piden y la conceden' in client.get(url_de(otra)).text

        otra.refresh_from_db()
        assert otra.check_password("la de siempre, larga")

    @pytest.mark.parametrize("quien", ["secretaria", "admin"])
    def test_the_mail_of_who_entered_is_changed_by_nobody_else(self, casa, client, otra, quien):
        """The link for a forgotten password goes there: one alone would enter in their place."""
        otra.email, otra.last_login = "otra@ejemplo.gov.co", timezone.now()
        otra.save()
        client.force_login(getattr(casa, quien))

        client.post(url_de(otra), ficha(otra, first_name="Rosa", email="mio@ejemplo.gov.co"))

        otra.refresh_from_db()
        assert (otra.first_name, otra.email) == ("Rosa", "otra@ejemplo.gov.co")

    def test_of_who_has_not_entered_it_is_corrected(self, casa, client, otra):
        client.force_login(casa.secretaria)

        client.post(url_de(otra), ficha(otra, email="otra@ejemplo.gov.co"))

        otra.refresh_from_db()
        assert otra.email == "otra@ejemplo.gov.co"

    def test_ones_own_mail_asks_for_the_password_and_tells_the_address_of_before(self, casa, client):
        casa.autora.set_password("la de siempre, larga")
        casa.autora.email = "antes@ejemplo.gov.co"
        casa.autora.save()
        client.force_login(casa.autora)
        url, correo = reverse("admin:password_mail"), "ahora@ejemplo.gov.co"

        mal = client.post(url, {"correo": correo, "contrasena": "no es esa"})
        casa.autora.refresh_from_db()
        assert (mal.status_code, casa.autora.email) == (422, "antes@ejemplo.gov.co")
        assert "no es esa</" not in mal.text.replace("La contraseña de hoy no es esa.", "")
        bien = client.post(url, {"correo": correo, "contrasena": "la de siempre, larga"})

        casa.autora.refresh_from_db()
        assert (bien.url, casa.autora.email) == (reverse("admin:index"), correo)
        assert Correo.objects.get().para == "antes@ejemplo.gov.co"
        assert LogEntry.objects.get().change_message == "Cambió su correo."
        assert f'href="{url}"' in client.get(reverse("admin:password_change")).text

    def test_without_entering_there_is_no_mail_to_change(self, casa, client):
        assert "/admin/login/" in client.get(reverse("admin:password_mail")).url

    def test_nobody_sees_how_it_is_kept(self, casa, client, otra):
        otra.set_password("la de siempre, larga")
        otra.save()
        client.force_login(casa.admin)

        pagina = client.get(url_de(otra)).text

        assert "algoritmo" not in pagina
        assert f'<a href="{url_clave(otra)}">Poner una contraseña nueva</a>' in pagina

    def test_one_changes_ones_own(self, casa, client):
        casa.autora.set_password("la de siempre, larga")
        casa.autora.save()
        client.force_login(casa.autora)
        url = reverse("admin:password_change")
        datos = {"new_password1": "otra frase que recuerdo", "new_password2": "otra frase que recuerdo"}

        mal = client.post(url, datos | {"old_password": "no es esa"})
        bien = client.post(url, datos | {"old_password": "la de siempre, larga"}, follow=True)

        assert "La contraseña de hoy no es esa." in mal.text
        assert "quedó guardada" in bien.text
        for pagina in (client.get(url).text, bien.text):  # the same header as everywhere
            assert "Ver el sitio</a>" in pagina
            assert "Salir</button>" in pagina


class TestWhoMay:
    def test_secretaria_general_closes_the_account_of_who_left(self, casa, client, otra):
        client.force_login(casa.secretaria)

        client.post(url_de(otra), ficha(otra, is_active=""))

        otra.refresh_from_db()
        assert (otra.first_name, otra.is_active, otra.is_superuser) == ("Ana", False, False)

    def test_she_gives_nobody_the_administration_of_the_site(self, casa, client, otra):
        client.force_login(casa.secretaria)

        client.post(url_de(otra), ficha(otra, is_superuser="on"))

        otra.refresh_from_db()
        assert not otra.is_superuser
        assert 'name="is_superuser"' not in client.get(url_de(otra)).text

    def test_she_does_not_change_her_own_access(self, casa, client):
        suya = casa.secretaria
        client.force_login(suya)

        client.post(url_de(suya), ficha(suya, is_active="", is_staff="", is_superuser="on"))

        suya.refresh_from_db()
        assert (suya.first_name, suya.is_active, suya.is_staff, suya.is_superuser) == (
            "Ana",
            True,
            True,
            False,
        )

    @pytest.mark.parametrize("vista", ["change", "history", "delete"])
    def test_a_superuser_is_beyond_her(self, casa, client, vista):
        client.force_login(casa.secretaria)

        assert client.get(url_de(casa.admin, vista)).status_code == 403
        assert client.post(url_de(casa.admin, vista), ficha(casa.admin, is_active="")).status_code == 403
        assert Usuario.objects.get(pk=casa.admin.pk).is_active

    def test_nor_can_she_give_a_superuser_a_password(self, casa, client):
        client.force_login(casa.secretaria)

        assert client.get(url_clave(casa.admin)).status_code == 403
        assert client.post(url_clave(casa.admin), TestPasswords.NUEVA).status_code == 403
        casa.admin.refresh_from_db()
        assert not casa.admin.check_password("otra frase que recuerdo")

    def test_she_does_not_find_one_in_the_list_but_may_record_their_tenure(self, casa, client):
        client.force_login(casa.secretaria)
        sugiere = {
            "app_label": "portal",
            "model_name": "titularidad",
            "field_name": "persona",
            "term": "admin",
        }

        listados = {usuario.username for usuario in client.get(LISTADO).context["cl"].queryset}
        sugeridos = client.get(reverse("admin:autocomplete"), sugiere).json()["results"]

        assert "admin" not in listados
        assert "autora" in listados
        assert [int(fila["id"]) for fila in sugeridos] == [casa.admin.pk]

    def test_the_administrator_keeps_everything(self, casa, client, otra):
        client.force_login(casa.admin)

        client.post(url_de(otra), ficha(otra, is_superuser="on"))

        otra.refresh_from_db()
        assert otra.is_superuser
        client.post(url_clave(otra), TestPasswords.NUEVA)
        otra.refresh_from_db()
        assert otra.check_password("otra frase que recuerdo")
        assert client.get(url_clave(casa.admin)).status_code == 200

    @pytest.mark.parametrize("quien", ["autora", "editor", "jefe", "alcalde"])
    def test_others_do_not_even_see_people(self, casa, client, quien):
        client.force_login(getattr(casa, quien))

        for url in (LISTADO, ALTA, url_de(casa.tesorero), url_clave(casa.tesorero)):
            assert client.get(url).status_code == 403, url
            assert client.post(url, NUEVA | TestPasswords.NUEVA).status_code == 403, url

    def test_whose_tenure_ended_no_longer_may(self, casa, client):
        Titularidad.objects.filter(persona=casa.secretaria).delete()
        client.force_login(casa.secretaria)

        assert client.get(LISTADO).status_code == 403
        assert client.post(ALTA, NUEVA).status_code == 403

    @pytest.mark.parametrize("quien", ["secretaria", "admin"])
    def test_nobody_is_deleted(self, casa, client, otra, quien):
        client.force_login(getattr(casa, quien))

        assert client.post(url_de(otra, "delete"), {"post": "yes"}).status_code == 403
        assert Usuario.objects.filter(pk=otra.pk).exists()

    def test_anonymous_is_sent_to_enter(self, casa, client):
        for url in (LISTADO, ALTA, url_clave(casa.autora)):
            assert client.get(url).url.startswith("/admin/login/")
            assert client.post(url, NUEVA).status_code == 401
