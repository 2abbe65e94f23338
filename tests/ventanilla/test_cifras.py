"""The figures: counted by hand, the same queries however many, and nobody recognised in them."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import en_fecha
from tests.ventanilla.builders import clase, llevar, radicar
from ventanilla.cifras import COLUMNAS, POCOS, Cifra, Cifras, Cual, anios, contar, fila_de, limites
from ventanilla.flujo import dar_paso
from ventanilla.models import Asiento, Radicado
from ventanilla.services import valorar

HOY = date(2026, 4, 20)
ANIO = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _ese_dia():
    with time_machine.travel(en_fecha("2026-04-20"), tick=False):
        yield


@pytest.fixture
def del_anio(ventanilla):
    """Six: in time, late and judged, reopened, overdue, transferred, annulled."""
    # Monday 2 March: 15 working days end on Tuesday 24 (23 is a holiday).
    lunes = en_fecha("2026-03-02")
    a_tiempo = llevar(ventanilla, radicar(en=lunes), "respondido", en=en_fecha("2026-03-06"))
    valorar(a_tiempo.salidas.get(), puntos=5, resuelto=True)
    tarde = llevar(ventanilla, radicar(en=lunes), "respondido", en=en_fecha("2026-04-08"))
    valorar(tarde.salidas.get(), puntos=2, resuelto=False)
    reabierto = llevar(ventanilla, radicar(en=lunes), "respondido", en=en_fecha("2026-03-20"))
    valorar(reabierto.salidas.get(), puntos=1, resuelto=False)
    dar_paso("reabrir", reabierto, por=None, de_la_persona=True, motivo="No.", en=en_fecha("2026-04-06"))
    vencido = llevar(ventanilla, radicar(en=lunes), "en_tramite", en=en_fecha("2026-03-03"))
    dar_paso(
        "prorrogar",
        vencido,
        por=ventanilla.jefe,
        hasta=date(2026, 4, 16),
        motivo="Falta la visita.",
        en=en_fecha("2026-03-10"),
    )
    dar_paso(
        "trasladar",
        radicar(en=lunes),
        por=ventanilla.secretaria,
        entidad="Corponor",
        texto="Es suya.",
        en=en_fecha("2026-03-04"),
    )
    anulado = dar_paso("pedir_anulacion", radicar(en=lunes), por=ventanilla.radicadora, motivo="Repetido.")
    dar_paso("anular", anulado, por=ventanilla.secretaria)
    return ventanilla


def todo(desde=ANIO[0], hasta=ANIO[1]) -> Cifras:
    return contar(Radicado.objects.all(), desde, hasta, HOY)


def test_the_figures_are_those_counted_by_hand(del_anio):
    total = todo().total

    assert (total.recibidos, total.anulados) == (5, 1)
    assert (total.respondidos, total.respondidos_a_tiempo, total.respondidos_tarde) == (2, 1, 1)
    assert (total.abiertos, total.vencidos) == (2, 1)  # the reopened one is open and not late
    assert str(total.a_tiempo) == "1 de 3" and total.a_tiempo.porcentaje == 33
    # 4 working days, and 24: Easter and the holiday of March are not counted.
    assert total.dias == 4 + 24 and total.dias_promedio == 14.0
    assert (total.valoraciones, total.satisfaccion) == (3, 2.7)
    assert (total.reabiertos, total.prorrogados, total.trasladados, total.desistidos) == (1, 1, 1, 0)


def test_by_office_and_by_kind(del_anio):
    radicar("denuncia", en=en_fecha("2026-04-01"))
    cifras = todo()

    assert {nombre: cifra.recibidos for nombre, cifra in cifras.por_dependencia} == {
        "Planeación": 4,
        "Sin repartir": 2,
    }
    assert sum(cifra.recibidos for _nombre, cifra in cifras.por_clase) == 6


def test_only_what_was_filed_in_the_period(del_anio):
    assert todo(date(2026, 3, 2), date(2026, 3, 2)).total.recibidos == 5
    assert todo(date(2026, 3, 3), ANIO[1]).total.recibidos == 0
    assert todo(ANIO[0], date(2026, 3, 1)).total.recibidos == 0


def test_what_was_filed_at_night_is_of_that_day_in_bogota(ventanilla):
    radicar(en=en_fecha("2026-03-31", 23))
    assert todo(*limites(2026, 1)).total.recibidos == 1
    assert todo(*limites(2026, 2)).total.recibidos == 0


@pytest.mark.parametrize(
    ("trimestre", "esperado"),
    [
        (0, (date(2026, 1, 1), date(2026, 12, 31))),
        (1, (date(2026, 1, 1), date(2026, 3, 31))),
        (2, (date(2026, 4, 1), date(2026, 6, 30))),
        (3, (date(2026, 7, 1), date(2026, 9, 30))),
        (4, (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_limits_of_each_period(trimestre, esperado):
    assert limites(2026, trimestre) == esperado


def test_years_go_from_the_first_filing_to_this_one(ventanilla):
    assert anios(HOY) == [2026]
    radicar(en=en_fecha("2024-05-02"))
    assert anios(HOY) == [2026, 2025, 2024]


def test_few_cases_of_a_reserved_kind_are_not_told_apart():
    def casilla(nombre: str, reservada: bool, cuantos: int):
        return Cual("Planeación", nombre, reservada), Cifra(recibidos=cuantos)

    cifras = Cifras(
        dict(
            [
                casilla("Denuncia", True, 2),
                casilla("Reclamo de datos", True, 1),
                casilla("Queja reservada", True, 3),
                casilla("Queja", False, 1),
            ]
        )
    )
    publico = {nombre: cifra.recibidos for nombre, cifra in cifras.por_clase_en_publico}

    assert publico == {"Queja": 1, "Queja reservada": 3, POCOS: 3}
    assert "Denuncia" in dict(cifras.por_clase)


def crear_muchos(cuantos: int, casa) -> None:
    """Rows as they are kept, without walking each through the flow."""
    asientos = Asiento.objects.bulk_create(
        Asiento(anio=2026, consecutivo=10_000 + n, sentido="E", en=en_fecha("2026-02-02"), huella="0" * 64)
        for n in range(cuantos)
    )
    de = clase("queja")
    Radicado.objects.bulk_create(
        Radicado(
            asiento=asiento,
            clave=uuid4(),
            clase=de,
            asunto="Queja",
            codigo_sha256="0" * 64,
            dependencia=casa.planeacion,
            vence=date(2026, 2, 20),
            vence_interno=date(2026, 2, 16),
        )
        for asiento in asientos
    )


def test_the_same_queries_with_one_and_with_five_hundred(ventanilla):
    medidas = []
    radicar(en=en_fecha("2026-02-02"))
    for cuantos in (0, 499):
        crear_muchos(cuantos, ventanilla)
        with CaptureQueriesContext(connection) as consultas:
            total = todo().total
        medidas.append((total.recibidos, len(consultas)))
    assert medidas == [(1, 3), (500, 3)]


def test_nothing_filed_is_said_without_dividing_by_zero():
    vacia = Cifra()
    assert (vacia.a_tiempo.porcentaje, vacia.dias_promedio, vacia.satisfaccion) == (None, None, None)
    assert len(fila_de(vacia)) == len(COLUMNAS) and vacia.a_tiempo.largo == 0


# --- Pages --------------------------------------------------------------------------------------
CIFRAS, CSV = "/radicados/cifras/", "/radicados/cifras.csv"
INFORME, INFORME_CSV = "/panel/radicados/informe/", "/panel/radicados/informe.csv"


def test_anybody_reads_the_public_ones_and_nobody_is_in_them(client, del_anio):
    for ruta in (CIFRAS, CSV):
        respuesta = client.get(ruta)
        assert respuesta.status_code == 200
        for dato in ("Ana", "Rojas", "1090123456", "ejemplo.co", "Luces", "2026-0000"):
            assert dato not in respuesta.text
    assert "1 de 3" in client.get(CIFRAS).text


def test_the_public_file_says_the_period_of_each_row(client, del_anio):
    respuesta = client.get(f"{CSV}?anio=2026&trimestre=1")
    lineas = respuesta.text.removeprefix("\ufeff").splitlines()
    assert lineas[1].startswith("Enero a marzo de 2026,Todas,,5,2,1,1,2,1,3,33,")
    assert respuesta.headers["Content-Disposition"].endswith('filename="radicados-2026-t1.csv"')


def test_few_reserved_cases_are_not_told_apart_in_public(client, ventanilla):
    radicar("denuncia", en=en_fecha("2026-04-01"))
    for ruta in (CIFRAS, CSV):
        texto = client.get(ruta).text
        assert POCOS in texto and "Denuncia" not in texto.split("</h1>")[-1].split("<footer")[0]


@pytest.mark.parametrize("mal", ["anio=1800", "anio=x", "trimestre=9", "anio=&trimestre=", "anio=2026%00"])
def test_a_bad_period_is_said_and_this_year_is_shown(client, ventanilla, mal):
    respuesta = client.get(f"{CIFRAS}?{mal}")
    assert respuesta.status_code == 200 and "Año 2026" in respuesta.text
    assert client.get(f"{CSV}?{mal}").status_code == 200


@pytest.mark.parametrize("ruta", [CIFRAS, CSV, INFORME, INFORME_CSV])
def test_reports_are_only_read(client, ventanilla, ruta):
    client.force_login(ventanilla.secretaria)
    assert client.post(ruta).status_code == 405


@pytest.mark.parametrize("ruta", [INFORME, INFORME_CSV])
def test_each_head_reads_their_own(client, del_anio, ruta):
    radicar(en=en_fecha("2026-03-02"))  # given to nobody yet: only Secretaría General counts it
    assert client.get(ruta).status_code == 302
    vistos = {}
    for quien in ("secretaria", "jefe", "auxiliar", "admin"):
        client.force_login(getattr(del_anio, quien))
        respuesta = client.get(ruta)
        vistos[quien] = respuesta.status_code
        if ruta == INFORME and respuesta.status_code == 200:
            vistos[quien] = respuesta.context["total"].recibidos
            assert "no-store" in respuesta.headers["Cache-Control"]
    if ruta == INFORME:
        assert vistos == {"secretaria": 6, "jefe": 4, "auxiliar": 403, "admin": 403}
    else:
        assert vistos == {"secretaria": 200, "jefe": 200, "auxiliar": 403, "admin": 403}


def test_the_head_of_another_office_reads_nothing_of_it(client, del_anio):
    client.force_login(del_anio.tesorero)
    respuesta = client.get(INFORME)
    assert respuesta.status_code in {200, 403}
    if respuesta.status_code == 200:
        assert respuesta.context["total"].recibidos == 0


def test_the_file_of_the_desk_runs_no_formula(client, ventanilla):
    ventanilla.planeacion.nombre = "=1+1"
    ventanilla.planeacion.save()
    llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "en_tramite")
    client.force_login(ventanilla.secretaria)
    assert ",'=1+1," in client.get(INFORME_CSV).text


def test_the_public_page_costs_the_same_with_many(client, ventanilla):
    radicar(en=en_fecha("2026-02-02"))
    client.get(CIFRAS)
    medidas = []
    for cuantos in (1, 100):
        if cuantos > 1:
            crear_muchos(cuantos, ventanilla)
        with CaptureQueriesContext(connection) as consultas:
            client.get(CIFRAS)
        medidas.append(len(consultas))
    assert len(set(medidas)) == 1, medidas


def test_a_first_answer_that_came_late_stays_late_after_reopening(ventanilla):
    tarde = radicar(en=en_fecha("2026-03-02"))
    tarde = llevar(ventanilla, tarde, "respondido", en=en_fecha("2026-04-20"))
    tarde = dar_paso(
        "reabrir", tarde, por=None, de_la_persona=True, motivo="Falta algo.", en=en_fecha("2026-04-21")
    )
    llevar(ventanilla, tarde, "respondido", en=en_fecha("2026-04-22"))
    pronto = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "respondido", en=en_fecha("2026-03-05"))
    pronto = dar_paso(
        "reabrir", pronto, por=None, de_la_persona=True, motivo="Falta algo.", en=en_fecha("2026-03-06")
    )
    llevar(ventanilla, pronto, "respondido", en=en_fecha("2026-03-09"))

    total = todo().total
    assert (total.respondidos, total.respondidos_a_tiempo, total.respondidos_tarde) == (2, 1, 1)
