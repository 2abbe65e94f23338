"""The log and a month as tables: the same as the screen, and no cell that a spreadsheet would run."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from conectividad.models import Accion
from tests.conectividad.builders import crear_accion, crear_incidente

BITACORA = "/panel/conectividad/bitacora."
MES = "/panel/conectividad/palacio/2026-10/mes."


@pytest.fixture
def casa(casa, client):
    casa.enlace.slug = "palacio"
    casa.enlace.save()
    casa.corte = crear_incidente(
        casa,
        "2026-10-06 08:15",
        "2026-10-06 10:00",
        dependencias=[casa.general, casa.planeacion],
        descripcion='=HYPERLINK("http://malo")',
        reportado_por="@portera",
    )
    crear_accion(casa, casa.corte)
    client.force_login(casa.secretaria)
    return casa


def filas_csv(respuesta) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(respuesta.content.decode("utf-8-sig"))))


def hojas(respuesta) -> dict[str, list[list]]:
    libro = CalamineWorkbook.from_filelike(io.BytesIO(respuesta.content))
    return {nombre: libro.get_sheet_by_name(nombre).to_python() for nombre in libro.sheet_names}


@pytest.mark.parametrize("ruta", [f"{BITACORA}csv", f"{BITACORA}xlsx", f"{MES}csv", f"{MES}xlsx"])
class TestWho:
    @pytest.mark.parametrize("quien, codigo", [("secretaria", 200), ("admin", 200), ("auxiliar", 403)])
    def test_each_person(self, casa, gente, client, ruta, quien, codigo):
        client.force_login(gente[quien])

        assert client.get(ruta).status_code == codigo

    def test_anonymous_people_go_to_the_login(self, casa, client, ruta):
        client.logout()

        assert client.get(ruta).url.startswith("/admin/login/")

    def test_it_is_only_read_and_never_kept(self, casa, client, ruta):
        assert client.post(ruta).status_code == 405
        assert "no-store" in client.get(ruta).headers["Cache-Control"]


def test_other_formats_are_not_found(casa, client):
    assert client.get(f"{BITACORA}ods").status_code == 404
    assert client.get(f"{MES}exe").status_code == 404


class TestTheLog:
    def test_says_all_of_a_cut(self, casa, client):
        [fila] = filas_csv(client.get(f"{BITACORA}csv"))

        assert fila["Enlace"] == "Palacio municipal"
        assert (fila["Se cayó"], fila["Volvió"]) == ("2026-10-06 08:15", "2026-10-06 10:00")
        assert fila["Minutos"] == "105"
        assert set(fila["Dependencias"].split(", ")) == {"Secretaría General", "Planeación"}
        assert fila["Acciones"] == "2026-10-06 08:15: Se llamó al proveedor."

    def test_no_cell_runs(self, casa, client):
        [fila] = filas_csv(client.get(f"{BITACORA}csv"))

        assert fila["Qué pasó"] == '\'=HYPERLINK("http://malo")'
        assert fila["Quién avisó"] == "'@portera"

    def test_the_workbook_has_numbers_and_text_that_is_not_a_formula(self, casa, client):
        [columnas, fila] = hojas(client.get(f"{BITACORA}xlsx"))["Cortes"]
        celdas = dict(zip(columnas, fila, strict=True))

        assert celdas["Minutos"] == 105.0
        assert celdas["Qué pasó"] == '=HYPERLINK("http://malo")'

    def test_obeys_the_filters_of_the_screen(self, casa, client):
        crear_incidente(casa, "2026-09-01 08:00", "2026-09-01 09:00")

        assert len(filas_csv(client.get(f"{BITACORA}csv"))) == 2
        assert len(filas_csv(client.get(f"{BITACORA}csv?mes=2026-09"))) == 1

    def test_one_that_goes_on_says_so(self, casa, client):
        crear_incidente(casa, "2026-10-20 08:00")

        assert filas_csv(client.get(f"{BITACORA}csv"))[0]["Minutos"] == "sigue"

    def test_a_cell_that_does_not_fit_says_so_and_the_csv_takes_it(self, casa, client):
        """Seventy actions of 480 letters are more than Excel takes in a cell."""
        acciones = [Accion(incidente=casa.corte, texto="x" * 480, por=casa.secretaria) for _ in range(70)]
        Accion.objects.bulk_create(acciones)

        respuesta = client.get(f"{BITACORA}xlsx?mes=2026-10", follow=True)

        assert respuesta.redirect_chain == [("/panel/conectividad/?mes=2026-10", 302)]
        assert "no cabe en una celda: exporte en CSV" in respuesta.text
        assert client.get(f"{BITACORA}csv").status_code == 200

    @pytest.mark.parametrize("cuantos", [1, 20])
    def test_costs_the_same_however_many_cuts(self, casa, client, django_assert_num_queries, cuantos):
        for n in range(cuantos):
            crear_accion(
                casa, crear_incidente(casa, f"2026-09-{n + 1:02} 08:00", f"2026-09-{n + 1:02} 09:00")
            )

        with django_assert_num_queries(6):
            client.get(f"{BITACORA}xlsx")


class TestAMonth:
    def test_a_row_for_each_day(self, casa, client):
        filas = filas_csv(client.get(f"{MES}csv"))

        assert len(filas) == 31
        assert filas[5] == {
            "Fecha": "2026-10-06",
            "Minutos que cuentan": "480",
            "Minutos perdidos": "105",
            "Porcentaje": "21,88",
            "Minutos anunciados": "0",
            "Minutos sin datos": "480",
            "Cortes": "1",
        }
        assert filas[3]["Porcentaje"] == ""  # a Sunday

    def test_the_workbook_brings_the_method_with_its_numbers(self, casa, client):
        libro = hojas(client.get(f"{MES}xlsx"))

        assert list(libro) == ["Cómo se contó", "Por día", "Cortes"]
        assert ["Minutos que cuentan", "10.080"] in libro["Cómo se contó"]
        assert libro["Por día"][6][2] == 105.0
        assert libro["Cortes"][1][:4] == ["2026-10-06 08:15", "2026-10-06 10:00", 105.0, 105.0]
