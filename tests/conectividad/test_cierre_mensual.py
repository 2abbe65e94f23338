"""The months of a line at the desk: the count, the closing, the claim, the years."""

from datetime import timedelta
from decimal import Decimal

import html5lib
import pytest
from django.utils import timezone

from conectividad import services
from conectividad.cifras import por_anios
from conectividad.mes import Mes, contar
from conectividad.models import CierreMensual, Enlace
from portal.pdf import hay_pdf
from tests.conectividad.builders import (
    crear_accion,
    crear_cierre,
    crear_incidente,
    momento,
)

MES = "/panel/conectividad/palacio/2026-10/"
CERRAR, RECLAMO, PDF = f"{MES}cerrar/", f"{MES}reclamo/", f"{MES}reclamo.pdf"
ANIOS = "/panel/conectividad/palacio/anios/"
PAGINAS = [MES, RECLAMO, ANIOS]


@pytest.fixture
def casa(casa, client):
    """With a cut of 105 minutes in October of 2026, and `secretaria` inside."""
    casa.enlace.slug = "palacio"
    casa.enlace.save()
    casa.corte = crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00", ticket="TK-778")
    client.force_login(casa.secretaria)
    return casa


class TestWhoReads:
    @pytest.mark.parametrize("ruta", PAGINAS)
    @pytest.mark.parametrize(
        "quien, codigo",
        [("secretaria", 200), ("jefe de otra", 200), ("admin", 200), ("auxiliar", 403), ("sin cargo", 403)],
    )
    def test_each_person(self, casa, gente, client, ruta, quien, codigo):
        client.force_login(gente[quien])

        assert client.get(ruta).status_code == codigo

    @pytest.mark.parametrize("ruta", [*PAGINAS, CERRAR, PDF])
    def test_anonymous_people_go_to_the_login(self, casa, client, ruta):
        client.logout()

        assert client.get(ruta).url.startswith("/admin/login/")

    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_they_are_only_read(self, casa, client, ruta):
        assert client.post(ruta).status_code == 405

    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_they_are_valid_html_without_styles_inside(self, casa, client, ruta):
        pagina = client.get(ruta).text

        html5lib.HTMLParser(strict=True).parse(pagina)
        assert "style=" not in pagina

    @pytest.mark.parametrize("cola", ["", "cerrar/", "reclamo/", "reclamo.pdf", "mes.csv"])
    def test_a_month_that_has_not_begun_is_not_found(self, casa, client, cola):
        assert client.get(f"/panel/conectividad/palacio/2099-01/{cola}").status_code == 404
        assert client.get(f"/panel/conectividad/otra/2026-10/{cola}").status_code == 404


class TestTheMonth:
    def test_shows_the_count_step_by_step(self, casa, client):
        pagina = client.get(MES).text

        for numero in ("10.080", "105", "1,05\xa0%", "0 de 1"):  # 105 ÷ 10.080 = 1,0417 %, upwards
            assert numero in pagina

    def test_before_the_log_began_it_says_so(self, casa, client):
        assert "De este mes no hay registro" in client.get("/panel/conectividad/palacio/2026-09/").text
        assert "no hay registro" not in client.get(MES).text

    def test_says_that_nobody_closed_it(self, casa, client):
        assert "Este mes no se ha cerrado" in client.get(MES).text

    @pytest.mark.parametrize("cuantos", [1, 20])
    def test_costs_the_same_however_many_cuts(self, casa, client, django_assert_num_queries, cuantos):
        for n in range(cuantos):
            crear_accion(
                casa, crear_incidente(casa, f"2026-10-{n + 7:02} 08:00", f"2026-10-{n + 7:02} 09:00")
            )
        client.get(MES)

        with django_assert_num_queries(12):
            client.get(MES)


class TestTheClosing:
    def test_who_heads_secretaria_general_signs_after_reading(self, casa, client):
        assert CERRAR in client.get(MES).text
        assert "Usted va a firmar, como Secretario General" in client.get(CERRAR).text

        respuesta = client.post(CERRAR, {"observaciones": "Hubo tormenta."}, follow=True)

        cierre = CierreMensual.objects.get()
        assert (cierre.anio, cierre.mes, cierre.firmado_por) == (2026, 10, casa.secretaria)
        assert cierre.datos["minutos_sin_conexion"] == 105
        for texto in ("quedó firmado", "Hubo tormenta.", "Si se cuenta hoy otra vez, da lo mismo."):
            assert texto in respuesta.text

    @pytest.mark.parametrize(
        "quien", ["auxiliar de Secretaría General", "jefe", "alcalde", "admin", "auxiliar"]
    )
    def test_nobody_else_does(self, casa, gente, client, quien):
        client.force_login(gente[quien])

        assert client.get(CERRAR).status_code == 403
        assert client.post(CERRAR).status_code == 403
        assert not CierreMensual.objects.exists()

    def test_twice_is_once(self, casa, client):
        for _ in range(2):
            respuesta = client.post(CERRAR, {"observaciones": ""}, follow=True)

        assert CierreMensual.objects.count() == 1
        assert "ya está cerrado" in respuesta.text

    def test_a_month_in_course_is_not_closed(self, casa, client):
        actual = Mes.de(timezone.now()).clave

        respuesta = client.post(f"/panel/conectividad/palacio/{actual}/cerrar/", {}, follow=True)

        assert "no ha terminado" in respuesta.text
        assert not CierreMensual.objects.exists()

    def test_observations_have_a_limit(self, casa, client):
        respuesta = client.post(CERRAR, {"observaciones": "x" * 2001})

        assert respuesta.status_code == 422
        assert not CierreMensual.objects.exists()

    def test_what_is_corrected_afterwards_shows_as_a_difference(self, casa, client):
        crear_cierre(casa, "2026-10")
        services.corregir(
            casa.corte,
            cambios={"fin": momento("2026-10-06 11:00")},
            razon="Volvió después.",
            por=casa.secretaria,
        )

        pagina = client.get(MES).text

        assert "La bitácora se corrigió después." in pagina
        assert "<td>105</td><td>165</td>" in pagina
        assert "06/10/2026 08:15 a 06/10/2026 10:00, 1\xa0h 45\xa0min que cuentan" in pagina


class TestTheClaim:
    @pytest.fixture
    def con_contrato(self, casa):
        contrato = {
            "contrato": "045-2026",
            "disponibilidad": "99.80",
            "tarifa": 1_000_000,
            "descuento": "por_punto",
            "descuento_por_punto": "5",
            "clausula": "cláusula 12.3",
        }
        Enlace.objects.update(**contrato)
        return casa

    def test_names_what_breaks_the_contract_and_what_it_costs(self, con_contrato, client):
        """105 of 44.640 minutes: 99,77 %, 0,03 points below; 1.000.000 × 5 % × 0,03 = 1.500 pesos."""
        pagina = client.get(RECLAMO).text

        for texto in ("44.640", "99,77\xa0%", "0,03", "$\xa01.500", "TK-778", "045-2026", "cláusula 12.3"):
            assert texto in pagina

    def test_without_a_contract_it_says_what_is_missing(self, casa, client):
        pagina = client.get(RECLAMO).text

        assert "No se puede calcular" in pagina
        assert "No se ha escrito qué descuento pacta el contrato." in pagina

    def test_what_is_not_the_provider_s_fault_is_not_claimed(self, con_contrato, client):
        services.corregir(
            con_contrato.corte,
            cambios={"causa": "energia"},
            razon="Fue la luz.",
            por=con_contrato.secretaria,
        )

        assert "no hay qué reclamar" in client.get(RECLAMO).text

    @pytest.mark.skipif(not hay_pdf(), reason="Esta máquina no tiene Pango.")
    def test_the_pdf_is_one(self, con_contrato, client):
        respuesta = client.get(PDF)

        assert respuesta.headers["Content-Type"] == "application/pdf"
        assert (
            respuesta.headers["Content-Disposition"] == 'attachment; filename="reclamo-palacio-2026-10.pdf"'
        )
        assert respuesta.content.startswith(b"%PDF-")


class TestTheYears:
    def test_each_month_says_the_same_as_its_page(self, casa):
        crear_incidente(casa, "2024-12-31 17:00", "2025-01-02 09:00", peso=40)
        crear_incidente(casa, "2025-01-02 08:30", "2025-01-02 10:00")
        crear_incidente(casa, "2025-03-03 08:00", "2025-03-03 09:00", planeado=True)

        anios = por_anios(casa.enlace, timezone.now())

        assert [anio.numero for anio in anios] == [2026, 2025, 2024]
        for anio in anios:
            for cifra in filter(None, anio.meses):
                cuenta = contar(casa.enlace, cifra.mes)
                assert (cifra.perdidos, cifra.cuentan, cifra.porcentaje) == (
                    cuenta.minutos_ponderados,
                    cuenta.minutos_que_cuentan,
                    cuenta.porcentaje,
                ), cifra.mes
                assert cifra.incidentes == len(cuenta.incidentes), cifra.mes

    def test_the_year_is_of_its_minutes_and_not_of_its_percentages(self, casa):
        crear_incidente(casa, "2025-03-03 08:00", "2025-03-03 12:00")
        anio = por_anios(casa.enlace, timezone.now())[1]

        cuentan = sum(cifra.cuentan for cifra in anio.meses if cifra)
        suelto = Decimal(240) * 100 / cuentan
        assert suelto <= anio.porcentaje < suelto + Decimal("0.01")

    def test_a_line_without_cuts_has_its_year(self, casa, client):
        services.anular(casa.corte, razon="No fue.", por=casa.secretaria)

        assert [anio.numero for anio in client.get(ANIOS).context["anios"]] == [timezone.localdate().year]

    @pytest.mark.parametrize("anios", [1, 10])
    def test_costs_the_same_however_many_years(self, casa, client, django_assert_num_queries, anios):
        hoy = timezone.localdate()
        for n in range(anios):
            dia = f"{hoy.year - n}-02-03"
            crear_incidente(casa, f"{dia} 08:00", f"{dia} 09:00")
        client.get(ANIOS)

        with django_assert_num_queries(9):
            client.get(ANIOS)


def test_the_month_before_leads_back_and_the_one_in_course_goes_no_further(casa, client):
    actual = Mes.de(timezone.now() - timedelta(minutes=1))

    contexto = client.get(f"/panel/conectividad/palacio/{actual.clave}/").context

    assert contexto["vecinos"][0] == actual.anterior
    assert contexto["firma"] is None
