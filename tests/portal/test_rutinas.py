"""Periodic work: only what is due, once across processes, and nothing that fails goes unseen."""

import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal import rutinas
from portal.models import EjecucionDeRutina, Sinonimo
from portal.rutinas import Rutina, correr, estado
from tests.builders import en_fecha

RAIZ = Path(__file__).parents[2]
HORA = timedelta(hours=1)
SEGUNDO = timedelta(seconds=1)
AHORA = en_fecha("2026-11-18")
con_conexiones_propias = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def declarar(monkeypatch):
    """Declare rutinas of the test, which are the only ones until it ends."""
    for nombre in list(rutinas.registro):
        monkeypatch.delitem(rutinas.registro, nombre)

    def _declarar(nombre="contar", funcion=lambda en: "Hecho.", cada=HORA, **detalles) -> Rutina:
        rutina = Rutina(nombre, nombre.capitalize(), cada, funcion, **detalles)
        monkeypatch.setitem(rutinas.registro, nombre, rutina)
        return rutina

    return _declarar


def falla(en):
    Sinonimo.objects.create(termino="luz", equivalente="energía")
    raise RuntimeError("se cayó el puente")


def manage(*argumentos: str, **opciones) -> str:
    salida = io.StringIO()
    call_command("rutinas", *argumentos, stdout=salida, **opciones)
    return salida.getvalue()


def recordar(nombre: str, inicio, *, bien=True) -> EjecucionDeRutina:
    return EjecucionDeRutina.objects.create(
        rutina=nombre, inicio=inicio, duracion_ms=1, bien=bien, resultado="Hecho."
    )


# --- What is due --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "hace, toca",
    [
        (None, True),
        (HORA + SEGUNDO, True),
        (HORA, True),
        (HORA - SEGUNDO, True),
        (HORA - 10 * SEGUNDO, False),
        (0 * HORA, False),
    ],
)
def test_runs_when_its_cadence_has_passed(db, declarar, hace, toca):
    rutina = declarar()
    if hace is not None:
        recordar("contar", AHORA - hace)

    ejecucion = correr(rutina, en=AHORA)

    assert (ejecucion is not None) is toca
    assert EjecucionDeRutina.objects.filter(inicio=AHORA, resultado="Hecho.").exists() is (
        toca or hace == 0 * HORA
    )


def test_each_one_has_its_own_cadence(db, declarar):
    frecuente, diaria = declarar("frecuente", cada=HORA), declarar("diaria", cada=24 * HORA)
    for rutina in (frecuente, diaria):
        recordar(rutina.nombre, AHORA - 2 * HORA)

    assert correr(frecuente, en=AHORA)
    assert correr(diaria, en=AHORA) is None


def test_what_failed_waits_for_its_cadence_as_well(db, declarar):
    rutina = declarar()
    recordar("contar", AHORA - 30 * 60 * SEGUNDO, bien=False)

    assert correr(rutina, en=AHORA) is None


def test_is_given_the_moment_and_leaves_a_record(db, declarar):
    momentos = []
    rutina = declarar(funcion=lambda en: momentos.append(en) or f"Van {len(momentos)}.")

    ejecucion = correr(rutina, en=AHORA)

    guardada = EjecucionDeRutina.objects.get()
    assert guardada == ejecucion
    assert momentos == [AHORA]
    assert (guardada.rutina, guardada.inicio) == ("contar", AHORA)
    assert (guardada.bien, guardada.resultado) == (True, "Van 1.")
    assert 0 <= guardada.duracion_ms < 10_000


# --- The command --------------------------------------------------------------------------------
def test_the_command_runs_what_is_due_and_says_what_it_did(db, declarar):
    declarar("una", lambda en: "Una hecha.")
    declarar("otra", lambda en: "Otra hecha.")
    declarar("reciente")
    recordar("reciente", timezone.now())

    assert manage() == "Una: Una hecha.\nOtra: Otra hecha.\n"
    assert manage() == ""


def test_by_name_runs_only_that_one_even_if_it_is_not_due(db, declarar):
    declarar("una")
    declarar("otra")
    recordar("una", timezone.now())

    assert manage("una") == "Una: Hecho.\n"
    assert EjecucionDeRutina.objects.filter(rutina="una").count() == 2
    assert not EjecucionDeRutina.objects.filter(rutina="otra").exists()


def test_an_unknown_name_is_answered_with_the_known_ones(db, declarar):
    declarar("una")
    declarar("otra")

    with pytest.raises(CommandError, match=r"No hay rutina «uan»\. Hay: una, otra\."):
        manage("uan")

    assert not EjecucionDeRutina.objects.exists()


def test_it_says_nothing_when_asked_to_be_quiet(db, declarar):
    declarar()

    assert manage(verbosity=0) == ""
    assert EjecucionDeRutina.objects.get().bien


def test_the_list_says_how_each_one_is_and_runs_none(db, declarar):
    declarar("nueva")
    declarar("buena")
    declarar("mala")
    recordar("buena", AHORA)
    recordar("mala", AHORA, bien=False)

    assert manage("--lista").splitlines() == [
        "nueva: Nueva. Última vez: nunca.",
        "buena: Buena. Última vez: 18/11/2026 10:00.",
        "mala: Mala. Última vez: 18/11/2026 10:00 · falló.",
    ]
    assert EjecucionDeRutina.objects.count() == 2


def test_the_apps_have_declared_theirs(db):
    assert {"publicar-programadas", "limpiar-sesiones"} <= rutinas.registro.keys()
    for rutina in rutinas.registro.values():
        assert correr(rutina, aunque_no_toque=True).bien


def test_who_operates_the_site_reads_of_each_one():
    manual = (Path(settings.BASE_DIR) / "docs" / "operacion.md").read_text(encoding="utf-8")

    assert set(re.findall(r"(?m)^\| `([a-z-]+)` \| (?:minute|hour|day|morning|night) \|", manual)) == set(
        rutinas.registro
    )


# --- What fails ---------------------------------------------------------------------------------
def test_one_that_fails_is_recorded_whole_and_does_not_stop_the_others(db, declarar):
    declarar("primera", falla)
    declarar("segunda")
    declarar("tercera", lambda en: str(1 / 0))

    with pytest.raises(CommandError) as error:
        manage()

    assert list(EjecucionDeRutina.objects.order_by("pk").values_list("rutina", "bien")) == [
        ("primera", False),
        ("segunda", True),
        ("tercera", False),
    ]
    primera = EjecucionDeRutina.objects.get(rutina="primera")
    assert "Traceback" in primera.resultado
    assert "in falla" in primera.resultado
    assert "RuntimeError: se cayó el puente" in primera.resultado
    assert "se cayó el puente" in str(error.value)
    assert "ZeroDivisionError" in str(error.value)


@pytest.mark.parametrize("en_una_transaccion", [True, False])
def test_what_it_had_written_before_failing_is_undone_unless_it_says_not_to(db, declarar, en_una_transaccion):
    rutina = declarar(funcion=falla, en_una_transaccion=en_una_transaccion)

    assert not correr(rutina, en=AHORA).bien

    assert Sinonimo.objects.exists() is not en_una_transaccion


def test_an_error_of_the_database_does_not_stop_the_others(db, declarar):
    Sinonimo.objects.create(termino="luz", equivalente="energía")
    declarar("repite", lambda en: Sinonimo.objects.create(termino="luz", equivalente="energía"))
    declarar("segunda")

    with pytest.raises(CommandError, match="sinonimo_sin_repetir"):
        manage()

    assert EjecucionDeRutina.objects.get(rutina="segunda").bien


@con_conexiones_propias
def test_one_that_loses_its_connection_does_not_stop_the_others(declarar):
    def se_desconecta(en):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    declarar("primera", se_desconecta)
    declarar("segunda")

    with pytest.raises(CommandError, match=r"Fallaron rutinas\. primera:"):
        manage()

    assert not EjecucionDeRutina.objects.get(rutina="primera").bien
    assert EjecucionDeRutina.objects.get(rutina="segunda").bien


# --- What is kept -------------------------------------------------------------------------------
def test_only_the_last_results_of_each_one_are_kept(db, declarar, monkeypatch):
    monkeypatch.setattr(rutinas, "MEMORIA", 3)
    rutina = declarar(cada=SEGUNDO)
    recordar("otra", AHORA - 900 * HORA)

    for n in range(5):
        correr(rutina, en=AHORA + n * HORA)

    quedan = EjecucionDeRutina.objects.filter(rutina="contar").values_list("inicio", flat=True)
    assert list(quedan) == [AHORA + n * HORA for n in (4, 3, 2)]
    assert EjecucionDeRutina.objects.filter(rutina="otra").exists()


@pytest.mark.parametrize(
    "hace, atrasada",
    [(None, True), (0 * HORA, False), (3 * HORA, False), (3 * HORA + SEGUNDO, True), (90 * HORA, True)],
)
def test_it_is_late_after_three_cadences_without_running(db, declarar, hace, atrasada):
    declarar()
    if hace is not None:
        recordar("contar", AHORA - hace)

    [fila] = estado(AHORA)

    assert fila["atrasada"] is atrasada
    assert fila["ultima"] == (None if hace is None else AHORA - hace)


def test_the_state_is_that_of_the_last_run_of_each(db, declarar, django_assert_num_queries):
    declarar("una")
    declarar("otra")
    recordar("una", AHORA, bien=False)
    recordar("una", AHORA - HORA)
    recordar("otra", AHORA - HORA, bien=False)
    recordar("otra", AHORA)
    recordar("olvidada", AHORA)

    with django_assert_num_queries(1):
        filas = estado(AHORA)

    assert [(f["nombre"], f["titulo"], f["bien"]) for f in filas] == [
        ("una", "Una", False),
        ("otra", "Otra", True),
    ]


# --- Several at once ----------------------------------------------------------------------------
@con_conexiones_propias
def test_while_one_is_running_nobody_else_runs_it(declarar):
    empezo, puede_terminar, veces = Event(), Event(), []

    def lenta(en):
        veces.append(en)
        empezo.set()
        assert puede_terminar.wait(20)
        return "Hecho."

    def en_otra_conexion(**opciones):
        try:
            return correr(rutina, **opciones)
        finally:
            connection.close()

    rutina, libre = declarar("lenta", lenta), declarar("libre")
    with ThreadPoolExecutor(3) as hilos:
        primera = hilos.submit(en_otra_conexion)
        assert empezo.wait(20)
        segunda = hilos.submit(en_otra_conexion)
        por_nombre = hilos.submit(en_otra_conexion, aunque_no_toque=True)
        try:
            assert segunda.result(20) is por_nombre.result(20) is None
            assert correr(libre).bien
        finally:
            puede_terminar.set()
        assert primera.result(20).bien

    assert len(veces) == 1
    assert correr(rutina) is None
    assert EjecucionDeRutina.objects.filter(rutina="lenta").count() == 1


@con_conexiones_propias
def test_ten_at_once_run_it_once(declarar):
    veces = []
    declarar(funcion=lambda en: veces.append(en) or "Hecho.")

    def una(_):
        try:
            manage()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as hilos:
        list(hilos.map(una, range(10)))

    assert len(veces) == EjecucionDeRutina.objects.count() == 1


@con_conexiones_propias
def test_the_lock_is_free_again_afterwards_also_after_failing(declarar):
    rutina = declarar(funcion=falla)

    assert not correr(rutina).bien

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE locktype = 'advisory' AND datname = current_database()
            """
        )
        assert cursor.fetchone() == (0,)


def otro_proceso(*argumentos: str) -> subprocess.CompletedProcess:
    """`manage.py rutinas` as the timer starts it, on the database of the test."""
    base = connection.settings_dict
    anfitrion, nombre = base["HOST"] or "", base["NAME"]
    if anfitrion.startswith("/"):  # a socket
        anfitrion, nombre = "", f"{quote(anfitrion)}/{nombre}"
    acceso = f"{quote(base['USER'])}:{quote(base['PASSWORD'])}"
    url = f"postgresql://{acceso}@{anfitrion}:{base['PORT'] or 5432}/{nombre}"
    return subprocess.run(
        [sys.executable, "manage.py", "rutinas", *argumentos],
        cwd=RAIZ,
        env=os.environ | {"DATABASE_URL": url, "PORTAL_ENTORNO": "desarrollo"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@con_conexiones_propias
def test_another_process_respects_the_lock_and_says_how_it_went():
    with rutinas.a_solas("limpiar-sesiones"):
        mientras = otro_proceso("limpiar-sesiones")
        corridas_mientras = EjecucionDeRutina.objects.count()
    despues = otro_proceso("limpiar-sesiones")
    desconocida = otro_proceso("no-hay")

    assert (mientras.returncode, mientras.stdout, corridas_mientras) == (0, "", 0)
    assert (despues.returncode, despues.stderr) == (0, "")
    assert despues.stdout.startswith("Borrar las sesiones vencidas: ")
    assert EjecucionDeRutina.objects.get().bien
    assert desconocida.returncode == 1
    assert "No hay rutina «no-hay». Hay: " in desconocida.stderr
    assert "Traceback" not in desconocida.stderr
