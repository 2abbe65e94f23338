"""The watcher against real servers that are stopped and started: exactly one cut, and gaps without data."""

import io
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conectividad import services
from conectividad.estado import estado_actual
from conectividad.mes import Mes, contar
from conectividad.models import Accion, Incidente, ResumenDeSondeos, Sondeo
from conectividad.sonda import Resultado
from conectividad.vigilancia import AVISOS_POR_CORTE, anotar, enlaces_vigilados, rehacer_resumenes, vigilar
from portal import rutinas
from portal.models import Edicion
from tests.conectividad.builders import (
    MINUTO,
    crear_casa_de_conectividad,
    crear_enlace,
    crear_incidente,
    crear_objetivo,
    momento,
)
from tests.conectividad.servidores import puerto_libre, que_escucha, que_sirve_paginas

RAIZ = Path(__file__).parents[2]
INICIO = momento("2026-11-03 09:00")
BIEN, MAL = Resultado("Uno", 20), Resultado("Uno", None)


def rondas(casa, dibujo: str, desde=INICIO, *, cada=MINUTO):
    """A round each minute: «x» nothing answers, «o» it does, «.» the machine is off."""
    for n, que in enumerate(dibujo):
        if que != ".":
            anotar(casa.enlace, desde + cada * n, [BIEN if que == "o" else MAL])
    return desde + cada * len(dibujo)


def cortes() -> list[tuple[str, str | None]]:
    """Of each cut of the watcher, in order, from when to when."""
    filas = Incidente.objects.filter(origen="vigilante").order_by("inicio").values_list("inicio", "fin")
    return [(f"{(a - INICIO) // MINUTO}", f"{(b - INICIO) // MINUTO}" if b else None) for a, b in filas]


# --- With real servers --------------------------------------------------------------------------
def test_a_listener_killed_and_started_again_is_exactly_one_cut(casa):
    crear_objetivo(casa.enlace, nombre="Puerto", destino=f"127.0.0.1:{(puerto := puerto_libre())}")
    with que_sirve_paginas() as servidor:
        web = servidor.server_port
    crear_objetivo(casa.enlace, nombre="Página", tipo="http", destino=f"http://127.0.0.1:{web}/")

    def encendidos(cuantas: int, desde: int) -> None:
        with ExitStack() as pila:
            pila.enter_context(que_escucha(puerto))
            pila.enter_context(que_sirve_paginas(web))
            for n in range(desde, desde + cuantas):
                vigilar(INICIO + MINUTO * n)

    encendidos(3, 0)
    for n in range(3, 10):
        vigilar(INICIO + MINUTO * n)
    assert cortes() == [("3", None)]
    assert estado_actual([casa.enlace], INICIO + MINUTO * 10)[casa.enlace.pk].clave == "sin_conexion"
    encendidos(5, 10)

    assert cortes() == [("3", "10")]
    assert Incidente.objects.count() == 1
    assert list(Incidente.objects.get().dependencias.all()) == list(casa.enlace.dependencias.all())
    assert Sondeo.objects.count() == 15
    resumen = ResumenDeSondeos.objects.get()
    assert (resumen.sondeos, resumen.caidos, resumen.en_parte) == (15, 7, 0)
    assert resumen.latencia_total_ms >= 8 and resumen.latencia_maxima_ms >= 1


def test_one_site_that_does_not_answer_is_that_site_and_not_our_line(casa):
    crear_objetivo(casa.enlace, nombre="Caído", destino=f"127.0.0.1:{puerto_libre()}")
    with que_escucha() as puerto:
        crear_objetivo(casa.enlace, nombre="Vivo", destino=f"127.0.0.1:{puerto}")
        dicho = [vigilar(INICIO + MINUTO * n) for n in range(6)]

    assert cortes() == []
    assert set(dicho) == {"Palacio municipal: respondieron 1 de 2."}
    assert {tuple(s.fallaron) for s in Sondeo.objects.all()} == {("Caído",)}
    assert ResumenDeSondeos.objects.get().en_parte == 6


def test_lines_and_targets_that_are_not_in_use_are_not_tried(casa):
    crear_objetivo(casa.enlace, activo=False)
    crear_objetivo(crear_enlace(activo=False))

    assert vigilar(INICIO) == "No hay enlaces con objetivos que probar."
    assert not Sondeo.objects.exists()


def test_a_line_whose_round_cannot_be_kept_does_not_take_those_of_the_others(casa):
    otro = crear_enlace("Biblioteca")
    for enlace in (casa.enlace, otro):
        crear_objetivo(enlace, destino=f"127.0.0.1:{puerto_libre()}")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION sin_lugar() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'no queda espacio' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER sin_lugar BEFORE INSERT ON conectividad_sondeo FOR EACH ROW"
            f" WHEN (NEW.enlace_id = {casa.enlace.pk}) EXECUTE FUNCTION sin_lugar()"
        )

    dicho = vigilar(INICIO)

    assert f"{casa.enlace}: no se pudo guardar el sondeo." in dicho
    assert list(Sondeo.objects.values_list("enlace", flat=True)) == [otro.pk]


def test_it_is_a_rutina_of_each_minute(casa):
    rutina = rutinas.registro["vigilar-conectividad"]
    with que_escucha() as puerto:
        crear_objetivo(casa.enlace, destino=f"127.0.0.1:{puerto}")

        ejecucion = rutinas.correr(rutina, en=INICIO)

    assert (rutina.cada, ejecucion.bien) == (MINUTO, True)
    assert ejecucion.resultado == "Palacio municipal: respondieron 1 de 1."


# --- When a cut is opened and closed ------------------------------------------------------------
@pytest.mark.parametrize(
    "dibujo, esperados",
    [
        ("oooo", []),
        ("oxxo", []),
        ("oxxoxxoxx", []),
        ("oxxx", [("1", None)]),
        ("oxxxxxxxx", [("1", None)]),
        ("xxx", [("0", None)]),
        ("oxxxo", [("1", None)]),
        ("oxxxoo", [("1", "4")]),
        ("oxxxoxoxoo", [("1", "8")]),
        ("oxxxoooooxxx", [("1", "4"), ("9", None)]),
        ("oxxx.....oo", [("1", "9")]),
        # Rounds more than five minutes apart are not one after the other: the machine was off.
        ("oxx.....x", []),
        ("oxx.....xxx", [("8", None)]),
        ("oxx....x", [("1", None)]),
        ("oxxxo.....oo", [("1", "10")]),
    ],
)
def test_a_cut_is_opened_after_three_failures_and_closed_after_two_answers(casa, dibujo, esperados):
    rondas(casa, dibujo)

    assert cortes() == esperados


def test_each_line_has_its_own_patience(casa):
    casa.enlace.fallas_para_abrir, casa.enlace.aciertos_para_cerrar = 1, 1
    casa.enlace.save()

    rondas(casa, "oxoxxo")

    assert cortes() == [("1", "2"), ("3", "5")]


def test_a_cut_lasts_at_least_a_minute_and_its_moments_are_whole_minutes(casa):
    casa.enlace.fallas_para_abrir, casa.enlace.aciertos_para_cerrar = 1, 1
    casa.enlace.save()

    rondas(casa, "xo", INICIO + timedelta(seconds=10), cada=timedelta(seconds=20))

    assert cortes() == [("0", "1")]


def test_the_same_moment_twice_is_one_round(casa):
    anotar(casa.enlace, INICIO, [BIEN])

    assert "ya se había sondeado" in anotar(casa.enlace, INICIO, [MAL])
    assert (Sondeo.objects.count(), ResumenDeSondeos.objects.get().sondeos) == (1, 1)


def test_a_machine_that_was_off_is_without_data_and_not_up(casa):
    crear_objetivo(casa.enlace)
    ahora = rondas(casa, "o" * 20 + "." * 30 + "o" * 10)

    cuenta = contar(casa.enlace, Mes(2026, 11), ahora)

    assert (cuenta.minutos_sondeados, cuenta.minutos_sin_datos) == (30, 60 + 30)  # and the hour before nine
    assert estado_actual([casa.enlace], INICIO + MINUTO * 40)[casa.enlace.pk].texto == "Sin datos"


def test_only_what_opens_or_closes_makes_cached_pages_old(casa):
    rondas(casa, "oxx")
    antes = Edicion.actual()
    rondas(casa, "oo", INICIO + MINUTO * 10)
    assert Edicion.actual() == antes

    rondas(casa, "xxx", INICIO + MINUTO * 12)
    assert Edicion.actual() > antes


# --- What people said ---------------------------------------------------------------------------
def test_what_a_person_logged_is_not_logged_again_but_advised(casa):
    incidente = crear_incidente(casa, "2026-11-03 08:58")

    rondas(casa, "xxxxxxoooo")

    assert cortes() == []
    textos = [accion.texto for accion in incidente.acciones.all()]
    assert textos == [
        "Sondeo automático: nada responde desde el 03/11/2026 a las 09:00.",
        "Sondeo automático: hay conexión desde el 03/11/2026 a las 09:06: ¿ya volvió?",
    ]
    incidente.refresh_from_db()
    assert incidente.abierto


def test_a_line_that_comes_and_goes_does_not_fill_the_page_of_a_cut(casa):
    crear_incidente(casa, "2026-11-03 08:58")

    rondas(casa, "xxxoo" * 12)

    assert Accion.objects.count() == AVISOS_POR_CORTE


def test_when_a_person_says_it_is_back_and_it_is_not_the_cut_begins_there(casa):
    incidente = crear_incidente(casa, "2026-11-03 08:58")
    rondas(casa, "xxx")
    services.terminar(incidente, fin=INICIO + MINUTO * 3, por=casa.secretaria)

    rondas(casa, "xx", INICIO + MINUTO * 3)
    assert cortes() == []
    rondas(casa, "x", INICIO + MINUTO * 5)

    assert cortes() == [("3", None)]


def test_a_person_may_say_that_what_the_watcher_found_is_over(casa):
    rondas(casa, "xxx")
    services.terminar(Incidente.objects.get(), fin=INICIO + MINUTO * 3, por=casa.jefe)

    rondas(casa, "oooo", INICIO + MINUTO * 3)

    assert cortes() == [("0", "3")]


def test_what_a_person_annulled_is_not_opened_again_until_it_has_answered(casa):
    rondas(casa, "xxx")
    services.anular(Incidente.objects.get(), razon="Era la prueba de un cable.", por=casa.secretaria)

    rondas(casa, "xxxxxx", INICIO + MINUTO * 3)
    assert len(cortes()) == 1
    rondas(casa, "oxxx", INICIO + MINUTO * 9)

    assert cortes() == [("0", None), ("10", None)]


@pytest.mark.parametrize("cuantas", [1, 15])
def test_a_round_costs_the_same_however_many_there_have_been(casa, django_assert_num_queries, cuantas):
    rondas(casa, "o" * cuantas)

    with django_assert_num_queries(11):  # four of them are savepoints
        anotar(casa.enlace, INICIO + MINUTO * cuantas, [BIEN])


def test_what_is_tried_is_read_in_two_queries(casa, django_assert_num_queries):
    crear_objetivo(casa.enlace, activo=False)
    for n in range(5):
        crear_objetivo(casa.enlace)
        crear_objetivo(crear_enlace(), activo=n > 2)

    with django_assert_num_queries(2):
        leidos = [len(enlace.objetivos.all()) for enlace in enlaces_vigilados()]

    assert sorted(leidos) == [1, 1, 5]


# --- The command --------------------------------------------------------------------------------
def manage(*argumentos: str) -> str:
    salida = io.StringIO()
    call_command("vigilar_conectividad", *argumentos, stdout=salida)
    return salida.getvalue()


def test_the_command_makes_one_round_and_measures_speed_when_asked(casa):
    with que_sirve_paginas() as servidor:
        base = f"http://127.0.0.1:{servidor.server_port}"
        crear_objetivo(casa.enlace, tipo="http", destino=base)

        assert manage("--una-vez", "--velocidad", f"{base}/grande") == (
            "Palacio municipal: respondieron 1 de 1.\n"
        )

    sondeo = Sondeo.objects.get()
    assert sondeo.bajada_kbps > 1000 and sondeo.latencia_ms >= 1


def test_speed_is_not_measured_unless_asked(casa):
    with que_escucha() as puerto:
        crear_objetivo(casa.enlace, destino=f"127.0.0.1:{puerto}")
        manage("--una-vez")

    assert Sondeo.objects.get().bajada_kbps is None


def test_the_command_refuses_what_makes_no_sense(casa):
    crear_objetivo(casa.enlace)
    with pytest.raises(CommandError, match="No hay enlace «luna» con objetivos que probar"):
        manage("--una-vez", "--enlace", "luna")
    with pytest.raises(CommandError, match="dirección completa"):
        manage("--una-vez", "--velocidad", "rapido")
    crear_objetivo(crear_enlace())
    with pytest.raises(CommandError, match="--enlace"):
        manage("--una-vez", "--velocidad", "http://127.0.0.1/")
    assert not Sondeo.objects.exists()


def test_the_sums_are_made_again_from_the_rounds_month_by_month(casa):
    rondas(casa, "oxxxoo" * 5)
    rondas(casa, "oo", momento("2027-01-31 23:59"))
    campos = ("enlace", "hora", "sondeos", "caidos", "en_parte", "latencia_total_ms", "latencia_maxima_ms")
    antes = list(ResumenDeSondeos.objects.values(*campos))
    ResumenDeSondeos.objects.update(sondeos=1, caidos=50)
    ResumenDeSondeos.objects.create(enlace=casa.enlace, hora=momento("2026-11-20 10:00"), sondeos=9)

    salida = manage("--rehacer-resumenes")

    assert list(ResumenDeSondeos.objects.values(*campos)) == antes
    assert salida.splitlines() == [
        "[1/4] noviembre de 2026: 1 horas",
        "[2/4] diciembre de 2026: 0 horas",
        "[3/4] enero de 2027: 1 horas",
        "[4/4] febrero de 2027: 1 horas",
        "Resúmenes al día.",
    ]


def test_without_rounds_there_is_nothing_to_sum(db):
    assert list(rehacer_resumenes()) == []


def _url_de_pruebas() -> str:
    """The database of the test, for another process."""
    base = connection.settings_dict
    anfitrion, nombre = base["HOST"] or "", base["NAME"]
    if anfitrion.startswith("/"):  # a socket
        anfitrion, nombre = "", f"{quote(anfitrion)}/{nombre}"
    acceso = f"{quote(base['USER'])}:{quote(base['PASSWORD'])}"
    return f"postgresql://{acceso}@{anfitrion}:{base['PORT'] or 5432}/{nombre}"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_command_goes_on_until_it_is_interrupted():
    casa = crear_casa_de_conectividad()
    with que_escucha() as puerto:
        crear_objetivo(casa.enlace, destino=f"127.0.0.1:{puerto}")
        proceso = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "vigilar_conectividad"],
            cwd=RAIZ,
            env=os.environ | {"DATABASE_URL": _url_de_pruebas(), "PORTAL_ENTORNO": "desarrollo"},
            stdout=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background leaves SIGINT ignored, and children inherit it.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
        try:
            primera = proceso.stdout.readline()
            proceso.send_signal(signal.SIGINT)
            salida = proceso.wait(timeout=30)
        finally:
            proceso.kill()
            proceso.wait()
            proceso.stdout.close()

    assert (primera, salida) == ("Palacio municipal: respondieron 1 de 1.\n", 0)
    assert Sondeo.objects.count() == 1
