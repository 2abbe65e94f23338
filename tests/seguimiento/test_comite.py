"""The seats of the committee without an account: what their link opens, and that nothing else does."""

import hashlib
import re
import threading
from datetime import timedelta

import html5lib
import pytest
import time_machine
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Usuario
from portal.periodos import Periodo
from seguimiento.comite import DIAS_MAXIMOS, abrir, crear_enlace, observar, revocar
from seguimiento.models import EnlaceDelComite, Miembro, ObservacionDeMiembro, UsoDeEnlace
from tests.builders import crear_alcaldia, crear_publicada, crear_version
from tests.seguimiento.semanas import (
    LUNES,
    SEMANA,
    crear_canal_de_informes,
    crear_informe,
    crear_miembro,
    crear_veces,
    el,
)

ENLACES = "/panel/comite/"


@pytest.fixture(autouse=True)
def lunes():
    with time_machine.travel(el(LUNES, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def casa(casa):
    crear_canal_de_informes(casa)
    return casa


def dar_enlace(casa, dias: int = 30, miembro: Miembro | None = None) -> tuple[EnlaceDelComite, str]:
    return crear_enlace(miembro or crear_miembro(), persona="Ana Rojas", dias=dias, por=casa.secretaria)


@pytest.fixture
def enlace(casa):
    """A link and its address."""
    dado, secreto = dar_enlace(casa)
    dado.url = f"/comite/{secreto}/"
    return dado


# --- The link -----------------------------------------------------------------------------------
class TestTheLink:
    def test_its_secret_has_256_bits_and_only_its_hash_is_kept(self, casa):
        enlace, secreto = dar_enlace(casa)

        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", secreto)
        assert enlace.huella == hashlib.sha256(secreto.encode()).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(e)::text FROM seguimiento_enlacedelcomite e")
            assert secreto not in cursor.fetchone()[0]

    def test_no_two_are_alike(self, casa):
        assert dar_enlace(casa)[1] != dar_enlace(casa)[1]

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "editor", "admin"])
    def test_only_secretaria_general_gives_or_revokes_them(self, casa, quien):
        enlace, _secreto = dar_enlace(casa)
        otro = getattr(casa, quien)

        with pytest.raises(SinPermiso):
            crear_enlace(crear_miembro(), persona="X", dias=1, por=otro)
        with pytest.raises(SinPermiso):
            revocar(enlace, por=otro)

    @pytest.mark.parametrize("dias", [0, -1, DIAS_MAXIMOS + 1])
    def test_it_ends_some_day_and_not_too_late(self, casa, dias):
        with pytest.raises(CondicionIncumplida):
            dar_enlace(casa, dias)

    def test_another_for_the_same_seat_ends_the_one_before(self, casa):
        miembro = crear_miembro()
        _enlace, viejo = dar_enlace(casa, miembro=miembro)
        _otro, nuevo = dar_enlace(casa, miembro=miembro)

        assert abrir(viejo) is None
        assert abrir(nuevo)

    def test_that_of_another_seat_goes_on(self, casa):
        _enlace, secreto = dar_enlace(casa)
        dar_enlace(casa)

        assert abrir(secreto)

    def test_it_opens_until_its_last_moment(self, casa, lunes):
        enlace, secreto = dar_enlace(casa, dias=1)

        lunes.move_to(enlace.vence_en - timedelta(seconds=2))
        assert abrir(secreto)
        lunes.move_to(enlace.vence_en)
        assert abrir(secreto) is None

    def test_it_is_revoked_once(self, casa):
        enlace, secreto = dar_enlace(casa)

        revocar(enlace, por=casa.secretaria)

        assert abrir(secreto) is None
        with pytest.raises(EstadoInadecuado):
            revocar(enlace, por=casa.secretaria)

    def test_each_use_is_counted_by_day(self, casa, lunes):
        enlace, secreto = dar_enlace(casa)
        for _ in range(3):
            abrir(secreto)
        lunes.shift(timedelta(days=1))
        abrir(secreto)

        assert list(enlace.usos.values_list("dia__day", "veces")) == [(24, 1), (23, 3)]

    @pytest.mark.parametrize("campos", [{"revocado_en": timezone.now()}, {"vence_en": el("2020-01-01")}])
    def test_the_database_refuses_an_impossible_one(self, casa, campos):
        enlace, _secreto = dar_enlace(casa)

        with pytest.raises(IntegrityError), transaction.atomic():
            EnlaceDelComite.objects.filter(pk=enlace.pk).update(**campos)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_uses_at_the_same_time_are_all_counted(lunes):
    casa = crear_alcaldia()
    _enlace, secreto = dar_enlace(casa)
    juntos = threading.Barrier(4)

    def usar():
        try:
            juntos.wait(10)
            abrir(secreto)
        finally:
            connection.close()

    hilos = [threading.Thread(target=usar) for _ in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(30)

    assert UsoDeEnlace.objects.get().veces == 4


# --- What it opens ------------------------------------------------------------------------------
class TestWhatItOpens:
    def test_the_panel_of_the_last_report(self, casa, client, enlace):
        crear_veces()
        crear_publicada(casa, en=el("18"))
        crear_informe()

        pagina = client.get(enlace.url).text

        assert "<h1>Semana 47 de 2026, del 16 al 22 de noviembre de 2026</h1>" in pagina
        assert "Actualizaciones del sitio" in pagina
        assert "Ana Rojas, Concejal" in pagina

    def test_another_week_and_its_whole_report(self, casa, client, enlace):
        crear_informe(Periodo.semana(2026, 46))
        crear_informe()

        assert "Semana 46 de 2026" in client.get(f"{enlace.url}?semana=2026-S46").text
        informe = client.get(f"{enlace.url}informe/?semana=2026-S46").text
        assert "Informe semanal 2026-001" in informe
        assert "Lo que cambió en el sitio" in informe

    @pytest.mark.parametrize("semana", ["ayer", "2020-S01", "2026-S54", ""])
    def test_a_week_that_is_not_there_shows_the_last(self, casa, client, enlace, semana):
        crear_informe()

        assert "Semana 47 de 2026" in client.get(f"{enlace.url}?semana={semana}").text

    def test_without_reports_it_says_so_and_makes_none(self, client, enlace):
        assert "Todavía no se ha cerrado ninguna semana" in client.get(enlace.url).text
        assert client.get(f"{enlace.url}informe/").status_code == 302

    def test_nothing_that_is_not_published_yet(self, casa, client, enlace):
        crear_version(casa, "por_autorizar", titulo="Secreto de oficina", en=el("10"))
        crear_informe()

        for url in (enlace.url, f"{enlace.url}informe/"):
            assert "Secreto de oficina" not in client.get(url).text

    def test_no_door_of_the_staff(self, casa, client, enlace):
        crear_informe()
        pagina = client.get(enlace.url).text

        assert "/panel/" not in pagina
        assert "/admin/" not in pagina
        assert client.get("/panel/").status_code == 302
        assert client.get("/admin/").status_code == 302

    def test_nobody_keeps_it_finds_it_nor_learns_its_address(self, casa, client, enlace):
        crear_informe()
        for url in (enlace.url, f"{enlace.url}informe/", "/comite/otro/"):
            respuesta = client.get(url)
            assert respuesta.headers["Referrer-Policy"] == "strict-origin"
            assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert "no-store" in respuesta.headers["Cache-Control"]
            assert "Cookie" in respuesta.headers["Vary"]
            assert '<meta name="robots" content="noindex">' in respuesta.text
            assert caches["copias"].get(url) is None

    def test_its_pages_are_valid_html(self, casa, client, enlace):
        crear_veces()
        crear_informe()
        for url in (enlace.url, f"{enlace.url}informe/", "/comite/otro/"):
            html5lib.HTMLParser(strict=True).parse(client.get(url).content)

    @pytest.mark.parametrize("semanas", [1, 30])
    def test_it_costs_the_same_however_many_weeks_there_are(self, casa, client, enlace, semanas):
        for periodo in SEMANA.ultimas(semanas):
            crear_informe(periodo)
        client.get(enlace.url)

        with CaptureQueriesContext(connection) as consultas:
            client.get(enlace.url)

        assert len(consultas) == 6, [c["sql"][:100] for c in consultas]


class TestAClosedDoor:
    """Wrong, ended, revoked and replaced links answer the same, letter by letter."""

    def respuestas(self, casa, client, lunes) -> list:
        crear_informe()
        miembro = crear_miembro()
        _reemplazado, viejo = dar_enlace(casa, miembro=miembro)
        revocado, secreto_revocado = dar_enlace(casa, miembro=miembro)
        revocar(revocado, por=casa.secretaria)
        _vencido, secreto_vencido = dar_enlace(casa, dias=1)
        lunes.shift(timedelta(days=2))
        cerrados = [viejo, secreto_revocado, secreto_vencido, "x" * 43, "x", "' OR 1=1 --", "x" * 5000]
        return [client.get(f"/comite/{secreto}/") for secreto in cerrados]

    def test_they_answer_the_same(self, casa, client, lunes):
        respuestas = self.respuestas(casa, client, lunes)

        assert {respuesta.status_code for respuesta in respuestas} == {404}
        assert len({respuesta.content for respuesta in respuestas}) == 1
        cabeceras = [{k: v for k, v in r.headers.items() if k != "Expires"} for r in respuestas]  # a clock
        assert cabeceras == cabeceras[:1] * len(cabeceras)
        assert "Este enlace no sirve" in respuestas[0].text

    def test_they_take_nothing_and_count_nothing(self, casa, client, lunes):
        self.respuestas(casa, client, lunes)
        respuesta = client.post(f"/comite/{'x' * 43}/", {"texto": "Hola", "firma": "on"})

        assert respuesta.status_code == 404
        assert not ObservacionDeMiembro.objects.exists()
        assert not UsoDeEnlace.objects.exists()

    def test_what_was_open_closes_when_it_is_revoked(self, casa, client, enlace):
        crear_informe()
        assert client.get(enlace.url).status_code == 200
        revocar(enlace, por=casa.secretaria)

        assert client.get(enlace.url).status_code == 404
        assert client.post(enlace.url, {"texto": "Hola", "firma": "on"}).status_code == 404


# --- What is observed ---------------------------------------------------------------------------
class TestObserving:
    @pytest.fixture
    def informe(self, casa):
        return crear_informe()

    def test_one_signed_observation_a_week(self, client, enlace, informe):
        respuesta = client.post(enlace.url, {"texto": " Faltan los acuerdos. ", "firma": "on"})

        assert (respuesta.status_code, respuesta.url) == (
            302,
            f"{enlace.url}?semana=2026-S47#observaciones",
        )
        dicha = informe.del_comite.get()
        assert (dicha.texto, dicha.firma) == ("Faltan los acuerdos.", "Ana Rojas, Concejal")
        assert re.fullmatch(r"[0-9a-f]{64}", dicha.huella)
        pagina = client.get(enlace.url).text
        assert "Faltan los acuerdos." in pagina
        assert "ya está firmada y no cambia" in pagina
        assert "<textarea" not in pagina

    def test_a_second_one_of_the_same_week_is_refused_and_kept_on_the_page(self, client, enlace, informe):
        client.post(enlace.url, {"texto": "Primera.", "firma": "on"})

        respuesta = client.post(enlace.url, {"texto": "Segunda.", "firma": "on"})

        assert respuesta.status_code == 409
        assert informe.del_comite.get().texto == "Primera."

    def test_nor_with_another_link_of_the_same_seat(self, casa, enlace, informe):
        observar(enlace, informe, texto="Primera.")
        otro, _secreto = dar_enlace(casa, miembro=enlace.miembro)

        with pytest.raises(EstadoInadecuado):
            observar(otro, informe, texto="Segunda.")

    def test_of_another_week_yes(self, casa, client, enlace, informe):
        crear_informe(Periodo.semana(2026, 46))
        for semana in ("2026-S46", "2026-S47"):
            client.post(f"{enlace.url}?semana={semana}", {"texto": semana, "firma": "on"})

        dichas = ObservacionDeMiembro.objects.order_by("informe__semana").values_list("texto", flat=True)
        assert list(dichas) == ["2026-S46", "2026-S47"]

    @pytest.mark.parametrize(
        "enviado, queja",
        [
            ({"texto": "", "firma": "on"}, "Escriba algo"),
            ({"texto": "   ", "firma": "on"}, "Escriba algo"),
            ({"texto": "Esto no se pierde."}, "Marque la casilla para firmar"),
            ({"texto": "x" * 1001, "firma": "on"}, "1000"),
        ],
    )
    def test_bad_input_is_told_and_what_was_typed_is_kept(self, client, enlace, informe, enviado, queja):
        respuesta = client.post(enlace.url, enviado)

        assert respuesta.status_code == 422
        assert queja in respuesta.text
        assert enviado["texto"].strip() in respuesta.text
        assert not ObservacionDeMiembro.objects.exists()

    def test_what_was_written_is_only_text(self, client, enlace, informe):
        client.post(enlace.url, {"texto": "<script>alert(1)</script>\x07", "firma": "on"})

        assert "<script>alert" not in client.get(enlace.url).text

    def test_without_the_token_of_the_form_nothing_is_taken(self, enlace, informe):
        estricto = Client(enforce_csrf_checks=True)

        assert estricto.post(enlace.url, {"texto": "Hola", "firma": "on"}).status_code == 403

    def test_wrong_method(self, client, enlace, informe):
        assert client.put(enlace.url).status_code == 405
        assert client.post(f"{enlace.url}informe/").status_code == 405

    def test_it_never_changes(self, enlace, informe):
        dicha = observar(enlace, informe, texto="Faltan los acuerdos.")

        for cambio in (
            lambda: ObservacionDeMiembro.objects.filter(pk=dicha.pk).update(texto="Todo bien."),
            lambda: ObservacionDeMiembro.objects.filter(pk=dicha.pk)._raw_delete("default"),
        ):
            with pytest.raises(IntegrityError, match="solo se agregan"), transaction.atomic():
                cambio()

    def test_who_looks_at_the_panel_reads_it(self, casa, client, enlace, informe):
        observar(enlace, informe, texto="Faltan los acuerdos.")
        client.force_login(casa.alcalde)

        assert "Faltan los acuerdos." in client.get("/panel/").text


# --- Secretaría General -------------------------------------------------------------------------
class TestTheLinksPage:
    @pytest.fixture
    def enviado(self, casa):
        return {"miembro": crear_miembro().pk, "persona": "Ana  Rojas", "dias": 30}

    def test_a_new_link_is_shown_once_and_works(self, casa, client, enviado):
        client.force_login(casa.secretaria)

        respuesta = client.post(ENLACES, enviado)

        assert respuesta.status_code == 200
        [secreto] = set(re.findall(r"http://testserver/comite/([A-Za-z0-9_-]{43})/", respuesta.text))
        assert "no se vuelve a mostrar" in respuesta.text
        assert Client().get(f"/comite/{secreto}/").status_code == 200
        otra_vez = client.get(ENLACES).text
        assert secreto not in otra_vez
        assert "Ana Rojas" in otra_vez
        assert not any(secreto in str(valor) for valor in client.cookies.values())

    def test_how_each_is_used_is_in_sight(self, casa, client):
        _enlace, secreto = dar_enlace(casa)
        abrir(secreto)
        abrir(secreto)
        client.force_login(casa.secretaria)

        assert re.search(r"23/11/2026</time>: 2 veces", client.get(ENLACES).text)

    def test_revoking(self, casa, client, enlace):
        client.force_login(casa.secretaria)
        url = f"{ENLACES}{enlace.pk}/revocar/"

        primera, segunda = client.post(url, follow=True), client.post(url, follow=True)

        assert "ya no abre nada" in primera.text
        assert "ya no servía" in segunda.text
        assert client.get(url).status_code == 405
        assert client.post(f"{ENLACES}0/revocar/").status_code == 404

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "editor", "admin"])
    def test_the_rest_may_not(self, casa, client, enlace, enviado, quien):
        client.force_login(getattr(casa, quien))

        assert client.get(ENLACES).status_code == 403
        assert client.post(ENLACES, enviado).status_code == 403
        assert client.post(f"{ENLACES}{enlace.pk}/revocar/").status_code == 403
        assert EnlaceDelComite.objects.vigentes().count() == 1

    def test_anonymous_people_are_asked_to_enter(self, casa, client, enlace, enviado):
        escrito = client.post(ENLACES, enviado)

        assert escrito.status_code == 401 and "Ana  Rojas" in escrito.text  # with what was typed
        assert client.get(ENLACES).status_code == 302
        assert client.post(f"{ENLACES}{enlace.pk}/revocar/").status_code == 302
        assert EnlaceDelComite.objects.vigentes().count() == 1

    @pytest.mark.parametrize(
        "mal",
        [
            {"miembro": 0},
            {"miembro": "x"},
            {"persona": " "},
            {"persona": "x" * 151},
            {"dias": 0},
            {"dias": 181},
            {"dias": "muchos"},
        ],
    )
    def test_bad_input_is_told_and_kept(self, casa, client, enviado, mal):
        client.force_login(casa.secretaria)

        respuesta = client.post(ENLACES, enviado | mal)

        assert respuesta.status_code == 422
        assert 'class="errorlist"' in respuesta.text
        assert not EnlaceDelComite.objects.exists()

    def test_a_seat_of_a_plan_that_is_no_longer_followed_gets_none(self, casa, client, enviado):
        Miembro.objects.get().plan.__class__.objects.update(vigente=False)
        client.force_login(casa.secretaria)

        assert client.post(ENLACES, enviado).status_code == 422

    def test_it_is_valid_html_and_costs_the_same_however_many_there_are(self, casa, client):
        client.force_login(casa.secretaria)
        costos = []
        for _ in range(2):
            for _enlace in range(5):
                abrir(dar_enlace(casa)[1])
            client.get(ENLACES)
            with CaptureQueriesContext(connection) as consultas:
                pagina = client.get(ENLACES)
            costos.append(len(consultas))

        html5lib.HTMLParser(strict=True).parse(pagina.content)
        assert costos[0] == costos[1]
        assert Usuario.objects.count() < 20
