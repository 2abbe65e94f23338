"""Ten years of rounds of a line, one a minute: `make bench`. What a month costs in SQL, and its plans.

Rounds are made by SQL, a month at a time, and summed by the same code as `vigilar_conectividad
--rehacer-resumenes`. Only what is promised is asserted: under 300 ms of SQL.
"""

import time
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conectividad.estado import estado_actual
from conectividad.mes import Mes, con_accion, contar
from conectividad.models import Incidente, ResumenDeSondeos, Sondeo
from conectividad.vigilancia import rehacer_resumenes
from tests.conectividad.builders import crear_casa_de_conectividad, momento

PRIMERO, ULTIMO = Mes(2016, 11), Mes(2026, 10)
LIMITE_MS = 300
VECES = 5

SONDEOS = """
INSERT INTO conectividad_sondeo (enlace_id, en, intentados, respondieron, latencia_ms, fallaron)
SELECT %(enlace)s, en, 3, CASE WHEN n %% 1500 < 20 THEN 0 WHEN n %% 700 < 5 THEN 2 ELSE 3 END,
    CASE WHEN n %% 1500 < 20 THEN NULL ELSE 20 + n %% 60 END, '{}'
FROM (
    SELECT en, (extract(epoch FROM en) / 60)::bigint AS n
    FROM generate_series(%(desde)s, %(hasta)s - interval '1 minute', interval '1 minute') AS en
) AS rondas
"""
CORTES = """
INSERT INTO conectividad_incidente (enlace_id, clave, inicio, fin, alcance, peso, causa, planeado, ticket,
    descripcion, reportado_por, origen, anotado_en, registrado_en, anulado_razon)
SELECT %(enlace)s, gen_random_uuid(), en, en + interval '50 minutes', 'total', 100, 'proveedor', false, '',
    '', '', 'vigilante', en, en, ''
FROM generate_series(%(desde)s, %(hasta)s - interval '1 hour', interval '31 hours') AS en
"""


def meses() -> list[Mes]:
    todos = [PRIMERO]
    while todos[-1] < ULTIMO:
        todos.append(todos[-1].siguiente)
    return todos


def llenar(enlace, decir) -> None:
    """Ten years of rounds and cuts, telling how it goes."""
    todos, reloj = meses(), time.monotonic()
    with connection.cursor() as cursor:
        for numero, mes in enumerate(todos, 1):
            cuales = {"enlace": enlace.pk, "desde": mes.inicio, "hasta": mes.fin}
            cursor.execute(SONDEOS, cuales)
            cursor.execute(CORTES, cuales)
            if numero % 12 == 0:
                decir(f"[{numero}/{len(todos)}] sondeos hasta {mes} ({time.monotonic() - reloj:.0f} s)")
        reloj = time.monotonic()
        for numero, linea in enumerate(rehacer_resumenes(), 1):
            if numero % 12 == 0:
                decir(f"{linea} ({time.monotonic() - reloj:.0f} s)")
        cursor.execute("VACUUM ANALYZE")


def medir(hacer) -> tuple[float, float, list[str]]:
    """Best milliseconds of SQL and of wall clock of several times, and the SQL."""
    mejores = []
    for _ in range(VECES):
        reloj = time.perf_counter()
        with CaptureQueriesContext(connection) as consultas:
            hacer()
        lapso = (time.perf_counter() - reloj) * 1000
        mejores.append(
            (sum(float(c["time"]) for c in consultas) * 1000, lapso, [c["sql"] for c in consultas])
        )
    return min(mejores)


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
        return "\n".join(fila[0] for fila in cursor.fetchall())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_medidas(client, capsys):
    def decir(linea: str) -> None:
        with capsys.disabled():
            print(linea, flush=True)

    def pedir(ruta: str) -> None:
        assert client.get(ruta).status_code == 200

    decir("")
    casa = crear_casa_de_conectividad()
    enlace = casa.enlace
    client.force_login(casa.secretaria)
    llenar(enlace, decir)
    mes, ahora = ULTIMO, momento("2026-11-01")
    rutas = (
        *(f"/conectividad/{enlace.slug}/{mes.clave}/", f"/conectividad/{enlace.slug}/", "/conectividad/"),
        *(f"/panel/conectividad/{enlace.slug}/{mes.clave}/", f"/panel/conectividad/{enlace.slug}/anios/"),
        "/panel/conectividad/",
    )
    decir(
        f"\n{Sondeo.objects.count()} sondeos, {ResumenDeSondeos.objects.count()} horas, "
        f"{Incidente.objects.count()} cortes"
    )
    hechos = {
        "contar un mes": lambda: contar(enlace, mes, ahora),
        "los que tienen acción": lambda: con_accion([enlace], mes),
        "estado actual": lambda: estado_actual([enlace], ahora),
        **{ruta: partial(pedir, ruta) for ruta in rutas},
    }
    medidas = {nombre: medir(hacer) for nombre, hacer in hechos.items()}
    decir(f"\n{'':44}{'SQL':>8}{'todo':>10}")
    for nombre, (sql, todo, _consultas) in medidas.items():
        decir(f"{nombre:44}{sql:>6.0f}ms{todo:>8.0f}ms")
    consultas = medidas["contar un mes"][2]
    for tabla in ("conectividad_resumendesondeos", "conectividad_incidente"):
        decir(f"\n{tabla}:\n{plan(next(sql for sql in consultas if tabla in sql))}")
    crudos = Sondeo.objects.filter(enlace=enlace, en__gte=mes.inicio, en__lt=mes.fin)
    with CaptureQueriesContext(connection) as directa:
        list(crudos.values_list("en", flat=True))
    decir(f"\nEl mismo mes leído de los sondeos, para comparar:\n{plan(directa[0]['sql'])}\n")

    assert max(sql for sql, _todo, _consultas in medidas.values()) < LIMITE_MS
