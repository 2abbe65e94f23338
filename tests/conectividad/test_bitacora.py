"""The log and the page of a cut: who reads, who writes, what its timeline says."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conectividad import services
from conectividad.models import Accion, Incidente
from tests.conectividad.builders import (
    crear_accion,
    crear_cierre,
    crear_enlace,
    crear_incidente,
    momento,
)

BITACORA = "/panel/conectividad/"
PASOS = {
    "volvio": {"fin": "2026-10-06T10:00"},
    "accion": {"texto": "Se llamó al proveedor.", "cuando": "2026-10-06T08:30"},
    "corregir": {"inicio": "2026-10-06T08:00", "causa": "energia", "razon": "Lo dijo el vigilante."},
    "anular": {"razon": "Se anotó dos veces."},
}
MOMENTOS = ("inicio", "fin")


@pytest.fixture
def corte(casa):
    """It goes on; `secretaria` logged it."""
    return crear_incidente(casa, "2026-10-06 08:15")


def paso(corte, nombre: str) -> str:
    return reverse(f"conectividad:{nombre}", args=[corte.pk])


class TestWhoReads:
    @pytest.mark.parametrize(
        "quien, codigo",
        [
            *(("secretaria", 200), ("auxiliar de Secretaría General", 200), ("jefe de otra", 200)),
            *(("admin", 200), ("auxiliar", 403), ("sin cargo", 403), ("vencida", 403)),
        ],
    )
    def test_the_log_and_a_cut(self, casa, gente, corte, client, quien, codigo):
        client.force_login(gente[quien])

        for ruta in (BITACORA, corte.get_absolute_url()):
            assert client.get(ruta).status_code == codigo

    @pytest.mark.parametrize("nombre", PASOS)
    def test_anonymous_people_go_to_the_login(self, corte, client, nombre):
        assert client.get(BITACORA).url.startswith("/admin/login/")
        assert client.post(paso(corte, nombre), PASOS[nombre]).url.startswith("/admin/login/")

    def test_what_does_not_exist_is_not_found(self, casa, client):
        client.force_login(casa.secretaria)

        assert client.get("/panel/conectividad/cortes/999999/").status_code == 404
        assert client.post("/panel/conectividad/cortes/999999/anular/", {"razon": "x"}).status_code == 404


class TestTheLog:
    @pytest.fixture(autouse=True)
    def entrar(self, casa, client):
        client.force_login(casa.secretaria)

    @pytest.fixture
    def varios(self, casa, corte):
        otra = crear_enlace("Biblioteca", slug="biblioteca")
        setiembre = crear_incidente(casa, "2026-09-02 08:00", "2026-09-02 09:00", causa="energia")
        crear_accion(casa, setiembre)
        ajeno = crear_incidente(casa, "2026-09-30 23:00", "2026-10-01 01:00", enlace=otra)
        anulado = crear_incidente(casa, "2026-10-05 08:00", "2026-10-05 09:00")

        services.anular(anulado, razon="Repetido.", por=casa.secretaria)
        return {"corte": corte, "setiembre": setiembre, "ajeno": ajeno, "anulado": anulado}

    @pytest.mark.parametrize(
        "filtro, esperados",
        [
            ("", {"corte", "setiembre", "ajeno"}),
            ("enlace=biblioteca", {"ajeno"}),
            ("mes=2026-09", {"setiembre", "ajeno"}),
            ("mes=2026-10", {"corte", "ajeno"}),
            ("causa=energia", {"setiembre"}),
            ("estado=abiertos", {"corte"}),
            ("estado=sin-accion", {"corte", "ajeno"}),
            ("estado=anulados", {"anulado"}),
            ("mes=2026-09&causa=energia&estado=abiertos", set()),
            ("enlace=ninguno&mes=ayer&causa=x&estado=y", {"corte", "setiembre", "ajeno"}),
        ],
    )
    def test_is_narrowed_by_the_address(self, varios, client, filtro, esperados):
        respuesta = client.get(f"{BITACORA}?{filtro}")

        assert respuesta.status_code == 200
        assert set(respuesta.context["pagina"]) == {varios[nombre] for nombre in esperados}

    def test_what_the_watcher_writes_is_no_action(self, corte, client):
        Accion.objects.create(incidente=corte, texto="Sondeo automático: nada responde.")

        respuesta = client.get(f"{BITACORA}?estado=sin-accion")

        assert set(respuesta.context["pagina"]) == {corte}
        assert "sin acciones" in respuesta.text
        titulos = [hecho.titulo for hecho in client.get(corte.get_absolute_url()).context["hechos"]]
        assert "Aviso" in titulos and "Acción" not in titulos

    def test_a_filter_that_is_wrong_says_so(self, casa, client):
        assert "por ejemplo 2026-11" in client.get(f"{BITACORA}?mes=ayer").text

    def test_a_null_byte_is_refused(self, casa, client):
        assert client.get(f"{BITACORA}?mes=%00").status_code == 400

    @pytest.mark.parametrize("cuantos", [1, 30])
    def test_costs_the_same_however_many_cuts(self, casa, client, django_assert_num_queries, cuantos):
        for n in range(cuantos):
            crear_accion(
                casa, crear_incidente(casa, f"2026-10-{n + 1:02} 08:00", f"2026-10-{n + 1:02} 09:00")
            )
        client.get(BITACORA)

        with django_assert_num_queries(9):
            client.get(BITACORA)

    def test_pages_keep_the_filters(self, casa, client):
        for n in range(26):
            crear_incidente(casa, f"2026-10-{n + 1:02} 08:00", f"2026-10-{n + 1:02} 09:00")

        assert "?mes=2026-10&amp;pagina=2" in client.get(f"{BITACORA}?mes=2026-10").text


class TestWhatMayBeSaidOfACut:
    """Each step: works, other posts, wrong method, already done, bad input."""

    @pytest.fixture(autouse=True)
    def entrar(self, casa, client):
        client.force_login(casa.secretaria)

    def test_it_is_back(self, corte, client):
        respuesta = client.post(paso(corte, "volvio"), PASOS["volvio"], follow=True)

        corte.refresh_from_db()
        assert corte.fin == momento("2026-10-06 10:00")
        assert "Quedó anotado que volvió." in respuesta.text
        assert "1\xa0h 45\xa0min" in respuesta.text

    def test_what_was_done(self, corte, client):
        respuesta = client.post(paso(corte, "accion"), PASOS["accion"], follow=True)

        assert Accion.objects.get().incidente == corte
        assert "Se llamó al proveedor." in respuesta.text

    def test_it_is_corrected_with_its_reason_and_what_it_said_stays(self, casa, corte, client):
        respuesta = client.post(paso(corte, "corregir"), PASOS["corregir"], follow=True)

        corte.refresh_from_db()
        assert (corte.inicio, corte.causa) == (momento("2026-10-06 08:00"), "energia")
        assert "«Lo dijo el vigilante.»" in respuesta.text
        assert "Se cayó: 06/10/2026 08:15 → 06/10/2026 08:00" in respuesta.text
        assert "Causa: Falla del proveedor → Falta de energía" in respuesta.text

    def test_the_affected_offices_are_corrected_too(self, casa, corte, client):
        client.post(
            paso(corte, "corregir"),
            {
                "inicio": "2026-10-06T08:15",
                "causa": "proveedor",
                "razon": "Faltaba una.",
                "dependencias": [casa.hacienda.pk],
            },
        )

        assert list(corte.dependencias.all()) == [casa.hacienda]

    def test_it_is_annulled(self, corte, client):
        respuesta = client.post(paso(corte, "anular"), PASOS["anular"], follow=True)

        assert not Incidente.objects.vigentes().exists()
        assert "Anulado: no cuenta" in respuesta.text
        assert respuesta.context["forms"] == {}

    @pytest.mark.parametrize("nombre", PASOS)
    def test_a_page_is_not_a_step(self, corte, client, nombre):
        assert client.get(paso(corte, nombre)).status_code == 405

    @pytest.mark.parametrize("nombre", ["volvio", "anular"])
    def test_twice_says_that_it_was_done(self, corte, client, nombre):
        client.post(paso(corte, nombre), PASOS[nombre])

        respuesta = client.post(paso(corte, nombre), PASOS[nombre], follow=True)

        assert respuesta.status_code == 200
        assert "Ya se había dicho que volvió" in respuesta.text or "está anulado" in respuesta.text

    def test_an_action_sent_twice_is_one(self, corte, client):
        for _ in range(2):
            client.post(paso(corte, "accion"), PASOS["accion"])

        assert Accion.objects.count() == 1

    @pytest.mark.parametrize(
        "nombre, cambio, mensaje",
        [
            ("volvio", {"fin": ""}, "Escriba cuándo volvió."),
            ("volvio", {"fin": "2026-10-06T08:00"}, "al menos un minuto"),
            ("accion", {"texto": " "}, "Escriba qué se hizo."),
            ("accion", {"cuando": "2999-01-01T00:00"}, "futuro"),
            ("corregir", {"razon": ""}, "Escriba por qué se corrige."),
            ("corregir", {"alcance": "parcial"}, "Diga cuánto del servicio faltaba"),
            ("anular", {"razon": ""}, "Escriba por qué se anula."),
        ],
    )
    def test_bad_input_opens_its_form_again(self, corte, client, nombre, cambio, mensaje):
        respuesta = client.post(paso(corte, nombre), PASOS[nombre] | cambio)

        assert respuesta.status_code == 422
        assert mensaje in respuesta.text
        assert respuesta.context["forms"][nombre].is_bound

    def test_a_correction_that_changes_nothing_says_so(self, casa, client):
        """Of a cut whose moments and offices are sent back as they were."""
        corte = crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00", dependencias=[casa.general])
        igual = {
            "inicio": "2026-10-06T08:15",
            "fin": "2026-10-06T10:00",
            "causa": "proveedor",
            "dependencias": [casa.general.pk],
            "razon": "Por si acaso.",
        }

        respuesta = client.post(paso(corte, "corregir"), igual, follow=True)

        assert "No cambió nada" in respuesta.text

    def enviado(self, client, corte) -> dict:
        """What the correction of the page sends when nothing of it is touched."""
        form = client.get(corte.get_absolute_url()).context["forms"]["corregir"]
        valores = {campo.name: campo.value() for campo in form}
        momentos = {campo: f"{valores[campo]:%Y-%m-%dT%H:%M}" if valores[campo] else "" for campo in MOMENTOS}
        return {campo: "" if valor is None else valor for campo, valor in (valores | momentos).items()}

    def test_a_correction_does_not_undo_what_others_said_meanwhile(self, casa, corte, client):
        """The page was shown before the cut ended and somebody else corrected its cause."""
        enviado = self.enviado(client, corte) | {"ticket": "TK-9", "razon": "Faltaba el reporte."}
        services.terminar(corte, fin=momento("2026-10-06 10:00"), por=casa.jefe)
        services.corregir(corte, cambios={"causa": "clima"}, razon="Cayó un rayo.", por=casa.secretaria)

        client.post(paso(corte, "corregir"), enviado)

        corte.refresh_from_db()
        assert (corte.ticket, corte.causa) == ("TK-9", "clima")
        assert corte.fin == momento("2026-10-06 10:00")

    def test_after_an_error_it_still_corrects_only_what_was_changed(self, casa, corte, client):
        enviado = self.enviado(client, corte) | {"ticket": "TK-9"}
        services.corregir(corte, cambios={"causa": "clima"}, razon="Cayó un rayo.", por=casa.secretaria)

        form = client.post(paso(corte, "corregir"), enviado).context["forms"]["corregir"]
        client.post(paso(corte, "corregir"), enviado | {"visto": form["visto"].value(), "razon": "Faltaba."})

        corte.refresh_from_db()
        assert (corte.ticket, corte.causa) == ("TK-9", "clima")

    @pytest.mark.parametrize("visto", ["", "{", "3", "[" * 100_000, '{"otro": 1}'])
    def test_a_correction_that_does_not_say_what_it_saw_is_of_how_it_is_now(self, corte, client, visto):
        client.post(paso(corte, "corregir"), PASOS["corregir"] | {"visto": visto})

        corte.refresh_from_db()
        assert (corte.inicio, corte.causa) == (momento("2026-10-06 08:00"), "energia")

    def test_ends_of_line_are_not_a_correction(self, casa, client):
        """The script of the phone sends them as one character, the form of the page as two."""
        corte = crear_incidente(casa, "2026-10-06 08:15", descripcion="Llueve.\nTruena.")
        enviado = self.enviado(client, corte) | {"descripcion": "Llueve.\r\nTruena.", "razon": "Nada."}

        respuesta = client.post(paso(corte, "corregir"), enviado, follow=True)

        assert "No cambió nada" in respuesta.text

    @pytest.mark.parametrize("nombre", PASOS)
    def test_the_administrator_reads_and_says_nothing(self, casa, corte, client, nombre):
        client.force_login(casa.admin)

        assert client.post(paso(corte, nombre), PASOS[nombre]).status_code == 403
        assert client.get(corte.get_absolute_url()).context["forms"] == {}

    @pytest.mark.parametrize("nombre", ["corregir", "anular"])
    def test_only_who_logged_it_or_secretaria_general_changes_it(self, casa, corte, client, nombre):
        client.force_login(casa.jefe)

        assert set(client.get(corte.get_absolute_url()).context["forms"]) == {"volvio", "accion"}
        respuesta = client.post(paso(corte, nombre), PASOS[nombre], follow=True)

        assert "quien lo anotó" in respuesta.text
        assert Incidente.objects.filter(anulado_en=None, causa="proveedor").exists()

    def test_in_a_closed_month_who_logged_it_no_longer_changes_it(self, casa, client):
        corte = crear_incidente(casa, "2026-09-02 08:00", "2026-09-02 09:00", por=casa.editor)
        crear_cierre(casa, "2026-09")

        client.force_login(casa.editor)
        assert set(client.get(corte.get_absolute_url()).context["forms"]) == {"accion"}
        client.force_login(casa.secretaria)
        assert set(client.get(corte.get_absolute_url()).context["forms"]) == {"accion", "corregir", "anular"}


class TestTheTimeline:
    def test_is_in_the_order_in_which_things_happened(self, casa, client):
        corte = crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00")
        crear_accion(casa, corte, cuando=momento("2026-10-06 08:30"), quien="El técnico")
        client.force_login(casa.secretaria)

        hechos = client.get(corte.get_absolute_url()).context["hechos"]

        assert [hecho.titulo for hecho in hechos] == ["Se cayó", "Acción", "Se anotó", "Volvió"]
        assert hechos[1].quien == "El técnico"

    def test_what_was_written_without_a_line_shows_both_moments(self, casa, client):
        corte = crear_incidente(
            casa,
            "2026-10-06 08:15",
            "2026-10-06 10:00",
            anotado_en=momento("2026-10-06 10:05"),
            en=momento("2026-10-06 12:00"),
        )
        client.force_login(casa.secretaria)

        hechos = client.get(corte.get_absolute_url()).context["hechos"]

        assert [hecho.titulo for hecho in hechos][2:] == [
            "Se anotó, sin conexión",
            "Llegó al portal lo anotado",
        ]

    @pytest.mark.parametrize("cuantas", [1, 12])
    def test_costs_the_same_however_much_happened(self, casa, client, django_assert_num_queries, cuantas):
        corte = crear_incidente(casa, "2026-10-06 08:15", dependencias=[casa.general])
        client.force_login(casa.secretaria)
        for n in range(cuantas):
            crear_accion(casa, corte, f"Intento {n}")
            client.post(paso(corte, "corregir"), PASOS["corregir"] | {"ticket": f"TK-{n}"})
        client.get(corte.get_absolute_url())

        with django_assert_num_queries(9):
            client.get(corte.get_absolute_url())


def test_a_cut_that_goes_on_says_how_long_it_has_lasted(casa, client):
    inicio = timezone.localtime() - timedelta(minutes=90)
    corte = crear_incidente(casa, f"{inicio:%Y-%m-%d %H:%M}", en=timezone.now())
    client.force_login(casa.secretaria)

    assert "Lleva 1\xa0h 30\xa0min" in client.get(corte.get_absolute_url()).text


def test_a_cut_that_begins_by_a_clock_ahead_has_lasted_nothing_yet(casa, client):
    inicio = timezone.localtime() + timedelta(minutes=1)
    corte = crear_incidente(casa, f"{inicio:%Y-%m-%d %H:%M}", en=timezone.now())
    client.force_login(casa.secretaria)

    assert "Lleva 0\xa0min." in client.get(corte.get_absolute_url()).text
