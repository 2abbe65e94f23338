"""How the cost of the board and of the follow-up grows: `make bench`. Asserts nothing of time.

At 200 publications and 8 weeks, at 20 000 and 200 weeks, and again at the small size.
"""

import pytest
import time_machine
from django.db import connection

from tests.medidas.reloj import medir, tabla
from tests.seguimiento.builders_del_plan import crear_indicador
from tests.seguimiento.semanas import LUNES, el
from tests.seguimiento.test_panel import informar, llenar
from tests.tramites.builders import crear_casa_de_tramites

POCAS, MUCHAS = (200, 8), (20_000, 200)
RUTAS = {
    "panel, semana cerrada": "/panel/",
    "panel, semana en curso": "/panel/?semana=2026-S48",
    "gobierno en línea": "/gobierno-en-linea/",
    "plan de acción": "/gobierno-en-linea/plan-de-accion/",
    "informes semanales": "/informes-semanales/",
}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_medidas(client, capsys):
    with time_machine.travel(el(LUNES, 8), tick=True):
        rondas = _medir(client)
    with capsys.disabled():
        print(tabla(POCAS[0], MUCHAS[0], *rondas))


def _medir(client) -> list[dict[str, float]]:
    casa = crear_casa_de_tramites()
    for funcion in ("actualizaciones-por-semana", "tramites-publicados", "metas-por-dependencia"):
        crear_indicador(funcion)
    client.force_login(casa.secretaria)
    rondas = []
    for publicaciones, semanas in (POCAS, MUCHAS, POCAS):
        _vaciar()
        llenar(casa, publicaciones)
        informar(semanas)
        rondas.append(medir(client, RUTAS))
    return rondas


def _vaciar() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE portal_publicacion, seguimiento_informesemanal, seguimiento_medicion CASCADE"
        )
