"""`manage.py verificar_criterios` and the rutina of the night: progress, counts, one at a time."""

import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal import rutinas
from portal.models import EjecucionDeRutina
from portal.rutinas import toca
from seguimiento import paginas
from seguimiento.models import Criterio, Evaluacion
from tests.builders import crear_publicada, en_fecha
from tests.seguimiento.builders import crear_criterio, crear_fase
from tests.tramites.builders import crear_casa_de_tramites

RAIZ = Path(__file__).parents[2]
EN_PROYECTOS = {"parametros": {"canales": ["programas-y-proyectos"]}}


def verificar_criterios(*argumentos: str, **opciones) -> list[str]:
    """The lines it prints."""
    salida = io.StringIO()
    call_command("verificar_criterios", *argumentos, stdout=salida, **opciones)
    return salida.getvalue().splitlines()


@pytest.fixture
def criterios(casa):
    """One that passes, one that fails, one that cannot look and one that only a person could say."""
    crear_publicada(casa)
    return [
        crear_criterio("hay-publicaciones", **EN_PROYECTOS),
        crear_criterio("agenda-con-eventos"),
        crear_criterio("cada-pagina-cumple", parametros={"que": ["menu"], "seccion": "no-hay"}),
        crear_criterio(),
    ]


class TestCommand:
    def test_it_prints_progress_and_counts_and_does_not_fail_because_criteria_do(self, criterios):
        mudo = criterios[2].codigo

        assert verificar_criterios() == [
            f"[4/4] {criterios[3].codigo}",
            f"4 criterios: 1 cumple, 1 no cumple, 2 sin evaluar. Cambiaron 3. No se pudieron mirar: {mudo}.",
        ]

    def test_it_can_be_repeated(self, criterios):
        verificar_criterios()
        filas = list(Evaluacion.objects.values())

        assert verificar_criterios()[-1].startswith(
            "4 criterios: 1 cumple, 1 no cumple, 2 sin evaluar. Cambiaron 0."
        )
        assert list(Evaluacion.objects.values()) == filas

    def test_told_to_say_more_it_says_each_one_and_to_be_quiet_nothing(self, criterios):
        lineas = verificar_criterios(verbosity=2)

        assert lineas[0] == f"[1/4] {criterios[0]}: Cumple."
        assert len(lineas) == 5
        assert verificar_criterios(verbosity=0) == []

    def test_only_a_phase_or_a_criterion(self, casa, criterios):
        otra = crear_criterio("agenda-con-eventos", fase=crear_fase(slug="democracia"))

        assert (
            verificar_criterios("--criterio", criterios[0].codigo)[-1] == "1 criterio: 1 cumple. Cambiaron 1."
        )
        assert verificar_criterios("--fase", "democracia")[-1] == "1 criterio: 1 no cumple. Cambiaron 1."
        assert set(Evaluacion.objects.values_list("criterio", flat=True)) == {criterios[0].pk, otra.pk}

    @pytest.mark.parametrize(
        ("opcion", "mensaje"),
        [("--fase", "No hay fase «x». Hay: fase-"), ("--criterio", "No hay criterio «x». Hay:")],
    )
    def test_what_does_not_exist_is_said_with_what_does(self, criterios, opcion, mensaje):
        with pytest.raises(CommandError) as error:
            verificar_criterios(opcion, "x")

        assert mensaje in str(error.value)

    def test_without_criteria_it_says_so(self, db):
        assert verificar_criterios() == ["0 criterios: ninguno. Cambiaron 0."]

    def test_each_page_is_read_once_however_many_rules_look_at_it(self, criterios, monkeypatch):
        for que in ("menu", "ruta", "idioma"):
            crear_criterio("cada-pagina-cumple", parametros={"que": [que]})
        leidas: list[str] = []

        class LectorQueCuenta(paginas.Lector):
            def _pedir(self, ruta, metodo):
                leidas.append(f"{metodo} {ruta}")
                return super()._pedir(ruta, metodo)

        monkeypatch.setattr(paginas, "Lector", LectorQueCuenta)
        verificar_criterios(verbosity=0)

        assert "HEAD /canales/" in leidas
        assert len(leidas) == len(set(leidas))


def otro_proceso(*argumentos: str) -> subprocess.CompletedProcess:
    """`manage.py` as somebody else runs it, on the database of the test."""
    base = connection.settings_dict
    anfitrion, nombre = base["HOST"] or "", base["NAME"]
    if anfitrion.startswith("/"):  # a socket
        anfitrion, nombre = "", f"{quote(anfitrion)}/{nombre}"
    acceso = f"{quote(base['USER'])}:{quote(base['PASSWORD'])}"
    url = f"postgresql://{acceso}@{anfitrion}:{base['PORT'] or 5432}/{nombre}"
    return subprocess.run(
        [sys.executable, "manage.py", *argumentos],
        cwd=RAIZ,
        env=os.environ | {"DATABASE_URL": url, "PORTAL_ENTORNO": "desarrollo"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_do_not_collide():
    crear_casa_de_tramites()
    crear_criterio("agenda-con-eventos")
    with rutinas.a_solas("criterios"):
        orden, rutina = otro_proceso("verificar_criterios"), otro_proceso("rutinas", "verificar-criterios")
        mientras = Evaluacion.objects.count()
    despues = otro_proceso("verificar_criterios")

    assert (orden.returncode, orden.stdout) == (1, "")
    assert "Otra verificación está en curso: espere a que termine." in orden.stderr
    assert rutina.stdout == "Verificar los criterios: Otra verificación estaba en curso.\n"
    assert (mientras, Evaluacion.objects.count()) == (0, 1)
    assert despues.returncode == 0, despues.stderr


class TestAtNight:
    RUTINA = rutinas.registro["verificar-criterios"]

    def test_the_rutina_verifies_and_tells_it(self, criterios):
        ejecucion = rutinas.correr(self.RUTINA, aunque_no_toque=True)

        assert ejecucion.bien
        assert ejecucion.resultado.startswith("4 criterios: 1 cumple")
        assert Criterio.objects.filter(resultado="cumple").count() == 1

    @pytest.mark.parametrize(
        ("ultima", "ahora", "corre"),
        [
            (None, "2026-11-18 15", True),  # never yet
            ("2026-11-18 02", "2026-11-18 22", False),  # due, but it is not night
            ("2026-11-18 02", "2026-11-19 01", False),
            ("2026-11-18 02", "2026-11-19 02", True),
            ("2026-11-18 02", "2026-11-19 05", True),
            ("2026-11-18 02", "2026-11-19 06", False),
            ("2026-11-18 15", "2026-11-19 03", False),  # not due
            ("2026-11-17 02", "2026-11-18 18", True),  # a whole cadence late: it waits no more
        ],
    )
    def test_it_waits_for_the_night(self, db, ultima, ahora, corre):
        def momento(texto):
            dia, hora = texto.split()
            return en_fecha(dia, int(hora))

        if ultima:
            EjecucionDeRutina.objects.create(
                rutina=self.RUTINA.nombre,
                inicio=momento(ultima),
                duracion_ms=1,
                bien=True,
                resultado="Hecho.",
            )

        assert toca(self.RUTINA, momento(ahora)) is corre
