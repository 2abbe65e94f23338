"""How much the site is read: what counts, who is told apart, what is never kept, and that nothing is lost."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from participacion import suscripciones
from portal import services
from portal.audiencia import busquedas
from portal.audiencia.busquedas import convertir, guardar, no_hace_falta, normalizar
from portal.audiencia.contador import CONTADOR, JUNTAS, Contador, Visto, escribir_si_toca
from portal.audiencia.middleware import CON_FORMULARIO, _direccion
from portal.audiencia.robots import es_robot
from portal.copias import guardar_copia
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.middleware import APPS_PUBLICAS
from portal.models import BusquedaSinResultado, Edicion, Freno, Sinonimo, Visita
from portal.redaccion import lectura
from tests.builders import (
    asignar,
    crear_alcaldia,
    crear_canal,
    crear_cargo,
    crear_publicada,
    crear_usuario,
    crear_version,
)
from tests.participacion.builders_suscripciones import suscribir
from tests.seguimiento.builders import publicar_con_archivo
from tests.ventanilla.builders import cargar_reglas

CELULAR = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
LISTA = "admin:portal_busquedasinresultado_changelist"
FICHA = "admin:portal_busquedasinresultado_change"


@pytest.fixture
def persona() -> Client:
    return Client(headers={"user-agent": CELULAR})


def visitas() -> dict[tuple[str, str, str], int]:
    """What the table has once all is written: address, what and who."""
    assert CONTADOR.escribir()
    return {(v.ruta, v.que, v.quien): v.veces for v in Visita.objects.all()}


def tomar(cliente: Client, ruta: str, **detalles):
    """The answer to that request, read to its end: its file is closed then."""
    respuesta = cliente.get(ruta, **detalles)
    if respuesta.streaming:
        b"".join(respuesta.streaming_content)
    return respuesta


def de_personas(ruta: str) -> int:
    return visitas().get((ruta, "pagina", "persona"), 0)


# --- What counts --------------------------------------------------------------------------------
class TestWhatCounts:
    def test_a_page_without_what_was_asked_for_after_it(self, casa, persona):
        for consulta in ("", "?pagina=1", "?utm_source=x&correo=ana@ejemplo.com"):
            assert persona.get(f"/canales/{consulta}").status_code == 200

        assert visitas() == {("/canales/", "pagina", "persona"): 3}

    def test_what_did_not_change_since_it_was_read_is_a_reading_too(self, casa, persona):
        primera = persona.get("/canales/")
        segunda = persona.get("/canales/", headers={"if-none-match": primera.headers["ETag"]})

        assert segunda.status_code == 304
        assert de_personas("/canales/") == 2

    @pytest.mark.parametrize(
        ("metodo", "ruta"),
        [
            ("head", "/canales/"),
            ("post", "/canales/"),
            ("options", "/canales/"),
            ("get", "/no-existe/"),
            ("get", "/canales/no-existe/"),
            ("get", "/canales"),
            ("get", "/robots.txt"),
            ("get", "/rss/"),
            ("get", "/agenda.ics"),
            ("get", "/salud/"),
            ("get", "/admin/login/"),
            ("get", "/panel/"),
            ("get", "/lectura/abcdefghijklmnop/"),
            ("get", "/comite/abcdefghijklmnop/"),
            ("get", "/calendario/abcdefghijklmnop.ics"),
            ("get", "/radicar/abcdefghijklmnop/"),
            ("get", "/radicados/2026-000001-E/"),
        ],
    )
    def test_what_does_not(self, casa, persona, metodo, ruta):
        getattr(persona, metodo)(ruta)

        assert visitas() == {}

    def test_what_a_secret_address_opens_is_read_and_never_counted(self, casa, persona):
        _enlace, secreto = lectura.crear_enlace(crear_version(casa), para="Ana", por=casa.autora)
        firma = suscripciones.firma_de(suscribir())
        for ruta in (f"/lectura/{secreto}/", f"/suscripciones/{firma}/"):
            assert persona.get(ruta).status_code == 200, ruta

        assert visitas() == {}

    def test_what_the_browser_asks_for_in_advance_nobody_has_read(self, casa, persona):
        persona.get("/canales/", headers={"sec-purpose": "prefetch;prerender"})
        persona.get("/canales/", headers={"purpose": "prefetch"})

        assert visitas() == {}

    def test_a_page_with_a_form_that_anybody_reads_counts_though_it_is_not_kept(self, casa, persona):
        cargar_reglas()

        assert "csrf" in persona.get("/pqrsd/").cookies

        assert de_personas("/pqrsd/") == 1

    def test_made_up_addresses_do_not_fill_the_table(self, casa, persona, adjunto_pdf):
        publicacion = publicar_con_archivo(casa, adjunto_pdf)
        adjunto = publicacion.version_publica.adjuntos.get()
        for n in range(3):
            persona.get(f"/canales/{n}/")
            tomar(persona, f"/archivos/{adjunto.pk}/inventado-{n}.pdf")
            tomar(persona, f"/archivos/{'0' * n}{adjunto.pk}/plano.pdf")

        assert visitas() == {(adjunto.get_absolute_url(), "descarga", "persona"): 6}

    def test_numbers_with_zeros_before_are_one_address(self):
        peticion = RequestFactory().get("/")
        peticion.resolver_match = resolve("/informes-semanales/002026/047/")
        assert _direccion(peticion) == "/informes-semanales/2026/47/"

    def test_days_are_those_of_colombia(self, casa, persona):
        with time_machine.travel(datetime.fromisoformat("2026-11-24T03:30:00+00:00"), tick=False):
            persona.get("/canales/")
        with time_machine.travel(datetime.fromisoformat("2026-11-24T05:30:00+00:00"), tick=False):
            persona.get("/canales/")

        visitas()
        assert set(Visita.objects.values_list("dia", flat=True)) == {date(2026, 11, 23), date(2026, 11, 24)}


class TestDownloads:
    @pytest.fixture
    def adjunto(self, casa, adjunto_pdf):
        return publicar_con_archivo(casa, adjunto_pdf).version_publica.adjuntos.get()

    def test_a_file_counts_under_its_address_the_same_when_it_did_not_change(self, adjunto, persona):
        ruta = adjunto.get_absolute_url()
        primera = tomar(persona, ruta)
        assert primera.status_code == 200
        assert tomar(persona, ruta, headers={"if-none-match": primera.headers["ETag"]}).status_code == 304
        b"".join(persona.head(ruta).streaming_content)

        assert visitas() == {(ruta, "descarga", "persona"): 2}

    def test_one_that_only_officials_may_read_is_nobodys_download(self, casa, adjunto_pdf, client):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)
        client.force_login(casa.autora)

        assert tomar(client, adjunto.get_absolute_url()).status_code == 200
        assert visitas() == {}

    def test_one_that_is_lost_is_not_counted(self, adjunto, persona):
        adjunto.archivo.storage.delete(adjunto.archivo.name)

        assert persona.get(adjunto.get_absolute_url()).status_code == 404
        assert visitas() == {}


# --- Who ----------------------------------------------------------------------------------------
class TestWho:
    @pytest.mark.parametrize(
        "agente",
        [
            "",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
            "WhatsApp/2.23.20.0",
            "curl/8.5.0",
            "python-requests/2.32",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
        ],
    )
    def test_programs_are_apart(self, casa, agente):
        Client(headers={"user-agent": agente}).get("/canales/")

        assert visitas() == {("/canales/", "pagina", "robot"): 1}

    @pytest.mark.parametrize(
        "agente",
        [
            CELULAR,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile",
            "Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Opera/9.80 (Android; Opera Mini/7.5) Presto/2.12",
        ],
    )
    def test_people_are_people(self, agente):
        assert not es_robot(agente)

    def test_a_browser_that_says_kilobytes_costs_as_one(self):
        reloj = time.perf_counter()
        es_robot("Mozilla/5.0 " + "a" * 200_000)
        assert time.perf_counter() - reloj < 0.5

    def test_whoever_entered_is_apart_and_the_page_does_not_pay_for_it(self, casa, persona):
        persona.get("/canales/")
        with CaptureQueriesContext(connection) as sin_entrar:
            persona.get("/canales/")
        persona.force_login(casa.autora)
        with CaptureQueriesContext(connection) as con_sesion:
            respuesta = persona.get("/canales/")

        assert len(con_sesion) == len(sin_entrar)
        assert "Cookie" not in respuesta.headers.get("Vary", "")
        assert visitas() == {("/canales/", "pagina", "persona"): 2, ("/canales/", "pagina", "personal"): 1}

    def test_a_session_of_a_citizen_or_a_made_up_one_is_a_person(self, casa, persona):
        sesion = persona.session
        sesion["visto"] = 1
        sesion.save()
        persona.get("/canales/")
        for clave in ("a" * 32, "x" * 5000, "'; drop table--"):
            persona.cookies[settings.SESSION_COOKIE_NAME] = clave
            assert persona.get("/canales/").status_code == 200

        assert visitas() == {("/canales/", "pagina", "persona"): 4}

    def test_reading_sets_no_cookie_and_makes_no_session(self, casa, persona):
        respuesta = persona.get("/canales/")
        visitas()

        assert not respuesta.cookies
        assert "Cookie" not in respuesta.headers.get("Vary", "")
        assert not Session.objects.exists()


# --- Nothing of anybody -------------------------------------------------------------------------
def test_no_table_keeps_anything_of_whoever_read(casa, adjunto_pdf):
    """Every text of every table is read, looking for what only this visitor said."""
    adjunto = publicar_con_archivo(casa, adjunto_pdf).version_publica.adjuntos.get()
    marcas = ["203.0.113.77", "NavegadorDeAna/9.7", "galleta-de-ana", "de-donde-venia-ana", "consulta-de-ana"]
    ana = Client(
        headers={
            "user-agent": f"Mozilla/5.0 {marcas[1]}",
            "referer": f"https://otro.example/{marcas[3]}",
            "x-forwarded-for": marcas[0],
        },
        REMOTE_ADDR=marcas[0],
    )
    ana.cookies["galleta"] = marcas[2]
    ana.cookies[settings.SESSION_COOKIE_NAME] = "sesiondeana0123456789abcdefghijk"
    marcas.append("sesiondeana0123456789abcdefghijk")
    for ruta in ("/", "/canales/", "/buscar/", "/pqrsd/", adjunto.get_absolute_url()):
        assert tomar(ana, f"{ruta}?q={marcas[4]}").status_code == 200

    assert sum(visitas().values()) == 5
    assert hallados_en_las_tablas(marcas) == []


def hallados_en_las_tablas(marcas: list[str]) -> list[tuple[str, str]]:
    hallados = []
    with connection.cursor() as cursor:
        for tabla in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{tabla}" t')
            filas = " ".join(fila[0] for fila in cursor.fetchall()).lower()
            hallados += [(tabla, marca) for marca in marcas if marca.lower() in filas]
    return hallados


def test_the_table_of_visits_has_no_place_for_anybody():
    assert {campo.name for campo in Visita._meta.get_fields()} == {
        *("id", "ruta", "dia", "que", "quien", "veces"),
    }
    assert not apps.get_model("portal", "Visita")._meta.related_objects


# --- Writing ------------------------------------------------------------------------------------
class TestWriting:
    def test_all_of_it_is_one_statement_however_much_there_is(self, casa):
        for cuantas in (1, 60):
            for n in range(cuantas):
                CONTADOR.sumar(Visto(f"/canales/{n}/", date(2026, 11, 23)))
            with CaptureQueriesContext(connection) as consultas:
                CONTADOR.escribir()
            hechas = [c["sql"] for c in consultas if "SAVEPOINT" not in c["sql"]]
            assert len(hechas) == 1 and hechas[0].lstrip().startswith("INSERT"), hechas

    def test_what_is_written_twice_adds_up(self, casa, persona):
        for _ in range(2):
            persona.get("/canales/")
            assert CONTADOR.escribir()

        assert de_personas("/canales/") == 2

    def test_its_time_comes_each_minute_or_when_there_is_much(self, casa, settings):
        assert not CONTADOR.toca()
        settings.AUDIENCIA_CADA = 0
        assert not CONTADOR.toca(), "nothing to write"
        CONTADOR.sumar(Visto("/", date(2026, 11, 23)))
        assert CONTADOR.toca()
        settings.AUDIENCIA_CADA = 60
        assert not CONTADOR.toca()
        for _ in range(JUNTAS):
            CONTADOR.sumar(Visto("/", date(2026, 11, 23)))
        assert CONTADOR.toca()

    def test_never_inside_of_the_transaction_of_somebody_else(self, casa, settings):
        settings.AUDIENCIA_CADA = 0
        CONTADOR.sumar(Visto("/", date(2026, 11, 23)))

        escribir_si_toca()  # a test is a transaction

        assert not Visita.objects.exists()
        assert de_personas("/") == 1

    def test_without_database_the_page_is_served_and_the_count_waits(self, casa, persona, caplog):
        guardar_copia("/canales/", b"<html>La copia</html>")
        CONTADOR.sumar(Visto("/", date(2026, 11, 23)))

        def caida(ejecutar, sql, *args):
            raise OperationalError("connection refused")

        with connection.execute_wrapper(caida):
            assert b"La copia" in persona.get("/canales/").content
            assert not CONTADOR.escribir()
            assert not CONTADOR.escribir()
        assert "esperan en memoria" in caplog.text
        assert visitas() == {("/", "pagina", "persona"): 1, ("/canales/", "pagina", "persona"): 1}

    def test_what_postgresql_will_never_take_does_not_stop_the_count(self, casa, caplog):
        CONTADOR.sumar(Visto("/" * 301, date(2026, 11, 23)))
        assert CONTADOR.escribir()
        assert "no acepta" in caplog.text

        CONTADOR.sumar(Visto("/", date(2026, 11, 23)))
        assert visitas() == {("/", "pagina", "persona"): 1}

    def test_what_waits_has_a_limit(self, monkeypatch, casa):
        monkeypatch.setattr("portal.audiencia.contador.DISTINTAS", 2)
        contador = Contador()
        for ruta in ("/a/", "/b/", "/c/", "/a/"):
            contador.sumar(Visto(ruta, date(2026, 11, 23)))
        contador.escribir()

        assert Counter(dict(Visita.objects.values_list("ruta", "veces"))) == {"/a/": 2, "/b/": 1}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_threads_that_count_and_write_at_once_lose_nothing():
    contador, dia = Contador(), date(2026, 11, 23)

    def trabajar(n: int) -> None:
        try:
            for i in range(200):
                contador.sumar(Visto(f"/{(n + i) % 7}/", dia))
                if i % 50 == 0:
                    contador.escribir()
        finally:
            connection.close()

    hilos = [threading.Thread(target=trabajar, args=(n,)) for n in range(6)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(60)
    contador.escribir()

    assert sum(Visita.objects.values_list("veces", flat=True)) == 1200


@pytest.fixture(scope="module")
def archivos_del_sitio(tmp_path_factory) -> str:
    """Where another process finds the style sheets."""
    carpeta = str(tmp_path_factory.mktemp("estaticos"))
    subprocess.run(
        [sys.executable, "manage.py", "estaticos"],
        env=os.environ | {"STATIC_ROOT": carpeta},
        cwd=settings.BASE_DIR,
        check=True,
    )
    return carpeta


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("cada", ["1", "3600"])
def test_several_processes_add_up_and_write_what_they_have_when_they_are_told_to_stop(
    tmp_path, archivos_del_sitio, cada
):
    crear_alcaldia()
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    gunicorn = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--workers", "2"),
            *("--worker-class", "gthread", "--threads", "4", "--log-level", "error", "--no-control-socket"),
            *("--bind", f"127.0.0.1:{puerto}"),
        ],
        env=os.environ
        | {"DATABASE_URL": _url(), "AUDIENCIA_CADA": cada}
        | {"PORTAL_COPIAS": str(tmp_path), "STATIC_ROOT": archivos_del_sitio},
        cwd=settings.BASE_DIR,
        start_new_session=True,
    )

    def leer(_n: int) -> int:
        conexion = http.client.HTTPConnection("127.0.0.1", puerto, timeout=20)
        conexion.request("GET", "/dependencias/", headers={"User-Agent": CELULAR})
        estado = conexion.getresponse().status
        conexion.close()
        return estado

    try:
        _esperar(puerto)
        with ThreadPoolExecutor(8) as hilos:
            assert set(hilos.map(leer, range(120))) == {200}
    finally:
        gunicorn.send_signal(signal.SIGTERM)
        gunicorn.wait(30)

    assert Visita.objects.get(quien="persona").veces == 120


def _esperar(puerto: int) -> None:
    limite = time.monotonic() + 60
    while time.monotonic() < limite:
        try:
            socket.create_connection(("127.0.0.1", puerto), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


def _url() -> str:
    """Where the tests have their database, for another process."""
    base = connection.settings_dict
    quien = f"{base['USER']}:{base['PASSWORD']}"
    puerto = base["PORT"] or 5432
    if base["HOST"].startswith("/"):
        return f"postgresql://{quien}@:{puerto}/{quote(base['HOST'])}/{base['NAME']}"
    return f"postgresql://{quien}@{base['HOST']}:{puerto}/{base['NAME']}"


# --- Searches that found nothing ----------------------------------------------------------------
def en_horas(texto: str, *horas: int) -> None:
    empieza = datetime.fromisoformat("2026-11-23T10:00:00-05:00")
    for hora in horas:
        guardar([texto], en=empieza + timedelta(hours=hora))


class TestSearches:
    @pytest.mark.parametrize(
        ("escrito", "queda"),
        [
            ("¿Impuesto de la CASA?", "impuesto de la casa"),
            ("  Certificación   año 2026 ", "certificacion año 2026"),
            ("ana@ejemplo.com", ""),
            ("cédula 1090123456", ""),
            ("cedula 1.090.123.456", ""),
            ("cel 300 123 4567", ""),
            ("12-34-5", ""),
            ("cel 300/123/4567", ""),
            ("cel 300–123_4567", ""),
            ("한" * 40, ""),  # three letters each without their marks: they would not fit
            ("Decreto 1234", "decreto 1234"),
            ("a" * 61, ""),
            ("¿?", ""),
        ],
    )
    def test_what_may_be_kept_of_what_was_typed(self, escrito, queda):
        assert normalizar(escrito) == queda

    def test_the_words_are_kept_on_the_third_occasion_and_before_it_only_a_hash(self, casa):
        en_horas("impuesto de la casa", 0, 1)
        assert not BusquedaSinResultado.objects.exists()
        assert Freno.objects.exists()
        assert hallados_en_las_tablas(["impuesto de la casa"]) == []

        en_horas("impuesto de la casa", 2)
        assert BusquedaSinResultado.objects.get().veces == 3
        en_horas("impuesto de la casa", 3)
        busqueda = BusquedaSinResultado.objects.get()
        assert (busqueda.veces, busqueda.ultima) == (4, date(2026, 11, 23))

    def test_one_person_who_insists_is_one_occasion(self, casa):
        en_horas("rosa perez", *[0] * 10)

        assert not BusquedaSinResultado.objects.exists()

    def test_it_is_counted_when_nothing_was_found_and_out_of_the_page(self, casa, persona):
        crear_publicada(casa, titulo="Pavimentación de la calle 3")
        persona.get("/buscar/?q=xyzw")
        with CaptureQueriesContext(connection) as consultas:
            persona.get("/buscar/?q=kjhg")
        assert not [c for c in consultas if "freno" in c["sql"]]
        for ruta in ("/buscar/?q=pavimentacion", "/buscar/?q=xyzw&tipo=noticia", "/buscar/?q=a@b.co"):
            persona.get(ruta)
        Client(headers={"user-agent": "curl/8"}).get("/buscar/?q=robotico")
        persona.head("/buscar/?q=cabeza")

        assert set(CONTADOR._busquedas) == {"xyzw", "kjhg"}
        assert CONTADOR.escribir()
        assert Freno.objects.count() == 4

    def test_made_up_words_have_a_limit(self, casa):
        guardar([f"palabra {n}" for n in range(400)])

        assert Freno.objects.count() == 2 * busquedas.DISTINTAS


@pytest.fixture
def busqueda(casa):
    crear_publicada(casa, titulo="Impuesto predial", resumen="Cómo se paga.", cuerpo="<p>Se paga.</p>")
    return BusquedaSinResultado.objects.create(texto="impuesto de la casa", veces=3)


@pytest.fixture
def suit(casa):
    """Whoever writes in the channel of trámites, as the update matrix says."""
    cargo = crear_cargo(casa.general, "Usuario autorizado del SUIT")
    asignar(crear_canal(casa.general, slug="tramites"), autor=cargo)
    return crear_usuario("suit", cargo)


class TestAttending:
    @pytest.mark.parametrize(("situacion", "sale"), [("", True), ("por-atender", True), ("atendidas", False)])
    def test_the_list_is_filtered_by_whether_it_was_attended(self, busqueda, suit, client, situacion, sale):
        client.force_login(suit)
        pagina = client.get(reverse(LISTA), {"situacion": situacion} if situacion else {}).text

        assert (busqueda.texto in pagina) == sale
        assert "Por atender" in pagina and "No vacío" not in pagina

    def test_it_becomes_a_synonym_and_is_found(self, busqueda, suit, persona):
        numero = Edicion.objects.get().numero

        convertir(busqueda.pk, equivalente="Impuesto predial", por=suit)

        sinonimo = Sinonimo.objects.get()
        assert (sinonimo.termino, sinonimo.equivalente) == ("impuesto de la casa", "Impuesto predial")
        assert "Impuesto predial" in persona.get("/buscar/?q=impuesto+de+la+casa").content.decode()
        assert Edicion.objects.get().numero > numero
        busqueda.refresh_from_db()
        assert (busqueda.atendida_por, bool(busqueda.atendida_en)) == (suit, True)

    def test_once(self, busqueda, suit, casa):
        convertir(busqueda.pk, equivalente="Impuesto predial", por=suit)

        with pytest.raises(EstadoInadecuado):
            no_hace_falta(busqueda.pk, porque="Otra cosa", por=casa.secretaria)

    def test_one_that_there_is_already_is_not_repeated(self, busqueda, suit):
        Sinonimo.objects.create(termino="impuesto de la casa", equivalente="Impuesto predial")

        convertir(busqueda.pk, equivalente="Impuesto predial", por=suit)

        assert Sinonimo.objects.count() == 1

    @pytest.mark.parametrize("equivalente", ["", "wxyzk", "impuesto predial " + "a" * 60])
    def test_words_that_lead_nowhere_are_refused(self, busqueda, suit, equivalente):
        with pytest.raises(CondicionIncumplida):
            convertir(busqueda.pk, equivalente=equivalente, por=suit)

        busqueda.refresh_from_db()
        assert not busqueda.atendida_en and not Sinonimo.objects.exists()

    @pytest.mark.parametrize("quien", ["autora", "jefe", "alcalde", "tesorero", "admin"])
    def test_who_may_not(self, busqueda, casa, quien, client):
        por = getattr(casa, quien)
        with pytest.raises(SinPermiso):
            convertir(busqueda.pk, equivalente="Impuesto predial", por=por)
        client.force_login(por)
        assert client.get(reverse(LISTA)).status_code == 403
        assert client.get(reverse(FICHA, args=[busqueda.pk])).status_code == 403
        datos = {"paso": "no-hace-falta", "porque": "x"}
        assert client.post(reverse(FICHA, args=[busqueda.pk]), datos).status_code == 403

    def test_the_desk_of_whoever_may(self, busqueda, suit, casa, client):
        ficha = reverse(FICHA, args=[busqueda.pk])
        assert client.get(ficha).status_code == 302, "nobody entered"
        client.force_login(suit)
        assert "impuesto de la casa" in client.get(reverse(LISTA)).content.decode()
        assert client.get(reverse(FICHA, args=[10**6])).status_code == 404
        assert client.delete(ficha).status_code == 405
        assert client.post(ficha, {"paso": "otro"}).status_code == 422

        mala = client.post(ficha, {"paso": "sinonimo", "equivalente": "wxyzk"})
        assert mala.status_code == 422
        assert 'value="wxyzk"' in mala.content.decode()
        assert "tampoco encuentra nada" in mala.content.decode()

        buena = client.post(ficha, {"paso": "no-hace-falta", "porque": "Es de Cúcuta"}, follow=True)
        assert "No hace falta: Es de Cúcuta" in buena.content.decode()
        client.force_login(casa.secretaria)
        otra = client.post(ficha, {"paso": "no-hace-falta", "porque": "Otra"}, follow=True)
        assert "Otra persona ya la atendió" in otra.content.decode()
        busqueda.refresh_from_db()
        assert busqueda.respuesta == "No hace falta: Es de Cúcuta"

    @pytest.mark.parametrize("cuantas", [1, 30])
    def test_the_list_costs_the_same(self, busqueda, suit, client, cuantas):
        for n in range(cuantas):
            BusquedaSinResultado.objects.create(
                texto=f"otra {n}", veces=3, atendida_en=timezone.now(), atendida_por=suit
            )
        client.force_login(suit)

        with CaptureQueriesContext(connection) as consultas:
            client.get(reverse(LISTA))

        assert len(consultas) <= 9, "\n".join(c["sql"][:120] for c in consultas)


def test_radicados_have_no_public_page():
    """What opens by a number is not of APPS_PUBLICAS; see `portal.audiencia.middleware`."""
    assert "ventanilla" not in APPS_PUBLICAS
    secretas = {"seguimiento", "borrador", "paso", "acuse", "documento", "verificar", "continuar"}
    assert not {f"ventanilla:{nombre}" for nombre in secretas} & CON_FORMULARIO
