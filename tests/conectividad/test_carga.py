"""What `datos/` says of hours, lines and targets: loaded, loaded again, and refused where it is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from conectividad.importacion import CARGAS
from conectividad.models import Enlace, Objetivo
from portal.importacion import CARGAS as TODAS
from portal.importacion import FilaRechazada, cargar_carpeta
from portal.models import Jornada
from tests.conectividad.builders import crear_enlace

DATOS = Path(settings.BASE_DIR) / "datos"
ENLACES = next(carga for carga in CARGAS if carga.archivo == "enlaces.csv")
JORNADAS = next(carga for carga in CARGAS if carga.archivo == "jornadas.csv")
OBJETIVOS = next(carga for carga in CARGAS if carga.archivo == "objetivos.csv")


def enlace_en_csv(**campos: str) -> str:
    valores = dict.fromkeys(ENLACES.columnas, "") | {
        **{"slug": "palacio", "nombre": "Palacio", "lugar": "Sede", "proveedor": "Uno"},
        **{"descuento": "sin_pactar", "horas": "habiles", "por_confirmar": "si"},
    }
    return f"{','.join(ENLACES.columnas)}\n{','.join((valores | campos).values())}\n"


def test_the_real_data_load_twice_and_change_nothing_the_second_time(db):
    cargar_carpeta(DATOS, TODAS)

    cuentas = cargar_carpeta(DATOS, CARGAS)

    assert [(c.creadas, c.cambiadas, c.respetadas) for c in cuentas.values()] == [(0, 0, 0)] * 3
    assert Jornada.objects.count() == 10
    assert Enlace.objects.get(slug="palacio-municipal").dependencias.count() == 6


def test_what_is_made_up_says_so_and_nothing_is_tried_until_somebody_asks(db):
    cargar_carpeta(DATOS, TODAS)

    assert not Enlace.objects.filter(por_confirmar=False).exists()
    assert not Enlace.objects.exclude(contrato="").exists()
    assert Objetivo.objects.exists() and not Objetivo.objects.filter(activo=True).exists()
    for objetivo in Objetivo.objects.all():
        objetivo.full_clean()


def test_what_a_person_changed_is_respected(db):
    ENLACES.desde(enlace_en_csv(tarifa="1000"))
    enlace = Enlace.objects.get()
    enlace.tarifa = 2000
    enlace.save()

    cuenta = ENLACES.desde(enlace_en_csv(tarifa="3000"))

    enlace.refresh_from_db()
    assert (enlace.tarifa, cuenta.respetadas) == (2000, 1)


def test_a_new_value_in_the_file_changes_what_the_file_wrote(db):
    ENLACES.desde(enlace_en_csv(disponibilidad="99.5"))

    cuenta = ENLACES.desde(enlace_en_csv(disponibilidad="99.6"))

    assert (cuenta.cambiadas, Enlace.objects.get().disponibilidad) == (1, Decimal("99.6"))


@pytest.mark.parametrize(
    "campos, columna",
    [
        ({"disponibilidad": "casi"}, "disponibilidad"),
        ({"disponibilidad": "101"}, "disponibilidad"),
        ({"contrato_desde": "ayer"}, "contrato_desde"),
        ({"contrato_desde": "2026-02-01", "contrato_hasta": "2026-01-01"}, "contrato_desde"),
        ({"tarifa": "mucha"}, "tarifa"),
        ({"horas": "pocas"}, "horas"),
        ({"descuento": "regateo"}, "descuento"),
        ({"descuento": "por_punto"}, "descuento"),
        ({"por_confirmar": "tal vez"}, "por_confirmar"),
        ({"dependencias": "la-luna"}, "dependencias"),
        ({"nombre": ""}, "nombre"),
    ],
)
def test_a_line_that_is_wrong_says_in_which_column(db, campos, columna):
    with pytest.raises(FilaRechazada, match=f"enlaces.csv, línea 2, columna «{columna}"):
        ENLACES.desde(enlace_en_csv(**campos))


@pytest.mark.parametrize(
    "fila, columna",
    [
        ("8,08:00,12:00,,", "dia"),
        ("1,ocho,12:00,,", "desde"),
        ("1,08:00,,,", "hasta"),
        ("1,12:00,08:00,,", "desde"),
        ("1,08:00,12:00,2026-13-01,", "rige_desde"),
    ],
)
def test_hours_that_are_wrong_say_in_which_column(db, fila, columna):
    with pytest.raises(FilaRechazada, match=f"línea 2, columna «{columna}»"):
        JORNADAS.desde(f"dia,desde,hasta,rige_desde,rige_hasta\n{fila}\n")


@pytest.mark.parametrize(
    "fila, columna",
    [
        ("otro,Uno,tcp,127.0.0.1:80,si", "enlace"),
        (",Uno,tcp,127.0.0.1:80,si", "enlace"),
        ("palacio,Uno,paloma,127.0.0.1:80,si", "tipo"),
        ("palacio,Uno,tcp,sin-puerto,si", "destino"),
    ],
)
def test_a_target_that_is_wrong_says_in_which_column(db, fila, columna):
    crear_enlace("Palacio", slug="palacio")

    with pytest.raises(FilaRechazada, match=f"línea 2, columna «{columna}»"):
        OBJETIVOS.desde(f"enlace,nombre,tipo,destino,activo\n{fila}\n")
