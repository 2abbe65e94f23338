"""The quick entry, as a form and as what the script of the phone sends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from conectividad.models import Enlace, Incidente
from tests.conectividad.builders import crear_enlace, crear_incidente, momento

NUEVO = "/panel/conectividad/nuevo/"
JSON = {"Accept": "application/json"}
#: To come, before the calendar of PostgreSQL can be read, never set, or without a zone.
RELOJES_IMPOSIBLES = [
    *("2999-01-01T00:00:00.000Z", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00.000Z"),
    *("ayer", "", "2026-10-06T08:15:00"),
]


def datos(casa, **campos) -> dict:
    """What the form sends of a cut of an hour that ended."""
    return {
        "clave": str(uuid4()),
        "enlace": casa.enlace.slug,
        "inicio": "2026-10-06T08:15",
        "termino": "volvio",
        "fin": "2026-10-06T10:00",
    } | campos


class TestWhoWrites:
    @pytest.mark.parametrize("metodo", ["get", "post"])
    def test_anonymous_people_go_to_the_login(self, casa, client, metodo):
        respuesta = getattr(client, metodo)(NUEVO)

        assert respuesta.status_code == 302
        assert respuesta.url == f"{reverse('admin:login')}?next={NUEVO}"

    def test_the_script_is_told_to_enter_and_not_sent_away(self, casa, client):
        respuesta = client.post(NUEVO, datos(casa), headers=JSON)

        assert respuesta.status_code == 401
        assert respuesta.json() == {"entrar": "/admin/login/"}

    @pytest.mark.parametrize(
        "quien, codigo",
        [
            *(
                ("secretaria", 302),
                ("auxiliar de Secretaría General", 302),
                ("jefe", 302),
                ("jefe de otra", 302),
            ),
            *(("alcalde", 302), ("auxiliar", 403), ("admin", 403), ("sin cargo", 403), ("vencida", 403)),
        ],
    )
    def test_each_person(self, casa, gente, client, quien, codigo):
        client.force_login(gente[quien])

        assert client.get(NUEVO).status_code == (200 if codigo == 302 else codigo)
        assert client.post(NUEVO, datos(casa)).status_code == codigo
        assert Incidente.objects.count() == (codigo == 302)

    def test_other_methods_are_refused(self, casa, client):
        client.force_login(casa.secretaria)

        assert client.put(NUEVO).status_code == 405
        assert client.delete(NUEVO).status_code == 405

    def test_it_is_never_kept(self, casa, client):
        client.force_login(casa.secretaria)

        assert "no-store" in client.get(NUEVO).headers["Cache-Control"]


class TestTheForm:
    @pytest.fixture(autouse=True)
    def entrar(self, casa, client):
        client.force_login(casa.secretaria)

    def test_with_one_line_it_does_not_ask_which(self, casa, client):
        assert client.get(NUEVO).context["form"].unico == casa.enlace
        crear_enlace("Biblioteca")

        assert client.get(NUEVO).context["form"].unico is None

    def test_it_starts_now_and_with_a_key_of_its_own(self, casa, client):
        primero, segundo = (client.get(NUEVO).context["form"] for _ in range(2))

        assert timezone.now() - timezone.make_aware(primero["inicio"].value()) < timedelta(minutes=2)
        assert primero["clave"].value() != segundo["clave"].value()

    def test_what_it_says_is_in_the_log_in_the_time_of_bogota(self, casa, client):
        respuesta = client.post(NUEVO, datos(casa), follow=True)

        incidente = Incidente.objects.get()
        assert incidente.inicio == momento("2026-10-06 08:15")
        assert incidente.fin == momento("2026-10-06 10:00")
        assert (incidente.registrado_por, incidente.peso) == (casa.secretaria, 100)
        assert respuesta.redirect_chain == [(incidente.get_absolute_url(), 302)]
        assert "El corte quedó anotado." in respuesta.text

    def test_more_may_be_said(self, casa, client):
        mas = {
            "alcance": "parcial",
            "peso": "50",
            "causa": "proveedor",
            "planeado": "on",
            "dependencias": [casa.general.pk, casa.planeacion.pk],
            "ticket": "TK-1",
            "descripcion": "Iba lento.",
            "reportado_por": "La portera",
        }
        client.post(NUEVO, datos(casa, **mas))

        incidente = Incidente.objects.get()
        assert (incidente.alcance, incidente.peso, incidente.causa) == ("parcial", 50, "proveedor")
        assert incidente.planeado
        assert set(incidente.dependencias.all()) == {casa.general, casa.planeacion}
        assert (incidente.ticket, incidente.reportado_por) == ("TK-1", "La portera")

    @pytest.mark.parametrize(
        "campos, campo, mensaje",
        [
            ({"inicio": ""}, "inicio", "Escriba cuándo se cayó."),
            ({"inicio": "ayer"}, "inicio", "Escriba la fecha y la hora"),
            ({"inicio": "2999-01-01T00:00"}, "inicio", "futuro"),
            ({"fin": ""}, "fin", "Escriba cuándo volvió."),
            ({"fin": "2026-10-06T08:15"}, "fin", "al menos un minuto"),
            ({"fin": "2999-01-01T00:00"}, "fin", "futuro"),
            ({"termino": "sigue"}, "termino", "marque «Ya volvió»"),
            ({"termino": ""}, "termino", "Diga si ya volvió"),
            ({"enlace": "otro"}, "enlace", ""),
            ({"alcance": "parcial"}, "peso", "Diga cuánto del servicio faltaba"),
            ({"alcance": "parcial", "peso": "100"}, "peso", "99"),
            ({"ticket": "x" * 61}, "ticket", "60"),
            ({"descripcion": "nul\x00o"}, "descripcion", ""),
            ({"dependencias": ["999999"]}, "dependencias", ""),
            ({"clave": "no-es"}, "clave", "Abra otra vez"),
            ({"clave": ""}, "clave", "Abra otra vez"),
        ],
    )
    def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(
        self, casa, client, campos, campo, mensaje
    ):
        respuesta = client.post(NUEVO, datos(casa, descripcion="Lo que escribí") | campos)

        assert respuesta.status_code == 422
        assert mensaje in str(respuesta.context["form"].errors[campo])
        assert "Nada se guardó todavía" in respuesta.text
        if campo != "descripcion":
            assert "Lo que escribí" in respuesta.text
        assert not Incidente.objects.exists()

    def test_a_second_open_cut_of_the_same_line_says_that_there_is_one(self, casa, client):
        crear_incidente(casa, "2026-10-06 08:15")

        respuesta = client.post(NUEVO, datos(casa, termino="sigue", fin="", inicio="2026-10-07T08:00"))

        assert "ya tiene un corte abierto" in respuesta.text

    def test_a_line_that_is_no_longer_used_is_not_offered(self, casa, client):
        Enlace.objects.update(activo=False)

        assert client.post(NUEVO, datos(casa)).status_code == 422


class TestWhatThePhoneSends:
    @pytest.fixture(autouse=True)
    def entrar(self, casa, client):
        client.force_login(casa.secretaria)

    def test_it_gets_the_address_of_the_cut(self, casa, client):
        respuesta = client.post(NUEVO, datos(casa), headers=JSON)

        incidente = Incidente.objects.get()
        assert respuesta.json() == {"url": incidente.get_absolute_url(), "texto": str(incidente)}

    def test_the_same_key_again_is_the_same_cut(self, casa, client):
        enviado = datos(casa)

        respuestas = [client.post(NUEVO, enviado, headers=JSON).json() for _ in range(3)]

        assert respuestas[0] == respuestas[1] == respuestas[2]
        assert Incidente.objects.count() == 1

    def test_both_moments_are_kept(self, casa, client):
        escrito = timezone.now() - timedelta(hours=3)

        client.post(NUEVO, datos(casa, anotado_en=escrito.isoformat().replace("+00:00", "Z")), headers=JSON)

        incidente = Incidente.objects.get()
        assert incidente.anotado_en == escrito
        assert timezone.now() - incidente.registrado_en < timedelta(minutes=1)
        assert "Se anotó, sin conexión" in client.get(incidente.get_absolute_url()).text

    @pytest.mark.parametrize("reloj", RELOJES_IMPOSIBLES)
    def test_a_clock_that_cannot_be_right_is_ours(self, casa, client, reloj):
        client.post(NUEVO, datos(casa, anotado_en=reloj), headers=JSON)

        assert abs(timezone.now() - Incidente.objects.get().anotado_en) < timedelta(minutes=1)
        assert client.get("/conectividad/").status_code == 200

    def test_what_is_wrong_comes_by_field(self, casa, client):
        respuesta = client.post(NUEVO, datos(casa, fin="2026-10-06T08:00"), headers=JSON)

        assert respuesta.status_code == 422
        assert respuesta.json() == {
            "errores": {"Cuándo volvió": ["Debe ser después de que se cayó, al menos un minuto."]}
        }
