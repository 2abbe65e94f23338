"""What anybody reads of the lines of the alcaldía."""

from datetime import timedelta

import html5lib
import pytest
from django.core.cache import cache
from django.utils import timezone

from conectividad import services
from conectividad.mes import Mes
from conectividad.models import Enlace
from portal.models import Edicion
from tests.conectividad.builders import (
    crear_accion,
    crear_cierre,
    crear_enlace,
    crear_incidente,
    crear_sondeos,
    momento,
)

OCTUBRE = "/conectividad/palacio/2026-10/"
PAGINAS = ["/conectividad/", "/conectividad/palacio/", OCTUBRE]


@pytest.fixture
def casa(casa):
    casa.enlace.slug = "palacio"
    casa.enlace.save()
    return casa


@pytest.fixture
def con_cortes(casa):
    """October of 2026 with a cut of 105 minutes that somebody acted on, one in part and one announced."""
    privado = {"ticket": "TK-778", "descripcion": "Avisó doña Rosa", "reportado_por": "Rosa Pérez"}
    crear_accion(casa, crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00", **privado))
    crear_incidente(casa, "2026-10-07 09:00", "2026-10-07 10:00", peso=50)
    crear_incidente(casa, "2026-10-08 09:00", "2026-10-08 11:00", planeado=True, causa="mantenimiento")
    return casa


class TestEveryPage:
    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_answers_with_valid_html_and_no_cookie(self, con_cortes, client, ruta):
        respuesta = client.get(ruta)

        assert respuesta.status_code == 200
        html5lib.HTMLParser(strict=True).parse(respuesta.text)
        assert not respuesta.cookies
        assert "Cookie" not in respuesta.headers.get("Vary", "")
        assert respuesta.headers["Cache-Control"] == "public, no-cache"
        assert respuesta.text.count("<h1") == 1
        assert "style=" not in respuesta.text

    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_is_only_read(self, casa, client, ruta):
        for metodo in ("post", "put", "delete"):
            assert getattr(client, metodo)(ruta).status_code == 405

    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_names_no_person_no_ticket_and_nothing_that_somebody_wrote(self, con_cortes, client, ruta):
        pagina = client.get(ruta).text

        for privado in ("TK-778", "Rosa", "Se llamó al proveedor", "secretaria"):
            assert privado not in pagina

    @pytest.mark.parametrize(
        "ruta",
        [
            *("/conectividad/otra/", "/conectividad/otra/2026-10/", "/conectividad/palacio/2026-13/"),
            *(
                "/conectividad/palacio/2099-01/",
                "/conectividad/palacio/1999-12/",
                "/conectividad/palacio/0000-00/",
            ),
        ],
    )
    def test_what_is_not_there_is_not_found(self, casa, client, ruta):
        assert client.get(ruta).status_code == 404

    def test_the_first_month_of_all_leads_to_none_before(self, casa, client):
        assert client.get("/conectividad/palacio/2000-01/").context["vecinos"] == (None, Mes(2000, 2))


class TestTheStatusPage:
    def test_without_lines_it_says_so(self, casa, client):
        Enlace.objects.update(activo=False)
        Edicion.avanzar()

        assert "Todavía no hay líneas" in client.get("/conectividad/").text

    def test_a_line_that_is_no_longer_used_keeps_its_page(self, casa, client):
        Enlace.objects.update(activo=False)
        Edicion.avanzar()

        assert "ya no se usa" in client.get("/conectividad/palacio/").text

    def test_says_in_words_how_each_line_is_now(self, casa, client):
        assert "Con conexión" in client.get("/conectividad/").text
        hace_poco = timezone.localtime() - timedelta(minutes=10)

        crear_incidente(casa, f"{hace_poco:%Y-%m-%d %H:%M}", en=timezone.now())

        assert "Sin conexión desde" in client.get("/conectividad/").text

    def test_an_announced_cut_that_goes_on_is_shown_apart(self, casa, client):
        ayer = timezone.localtime() - timedelta(days=1)
        crear_incidente(casa, f"{ayer:%Y-%m-%d %H:%M}", planeado=True, causa="mantenimiento")

        pagina = client.get("/conectividad/").text

        assert "Cortes anunciados" in pagina
        assert "Estaba anunciado. Causa: mantenimiento" in pagina

    def test_says_that_its_data_are_of_the_demonstration(self, casa, client):
        Enlace.objects.update(por_confirmar=True)
        Edicion.avanzar()

        assert "datos de demostración" in client.get("/conectividad/").text

    def test_the_last_twelve_months_are_drawn_and_in_a_table(self, casa, client):
        actual = Mes.de(timezone.now())
        dia = actual.anterior.inicio + timedelta(days=9, hours=8)
        crear_incidente(casa, f"{dia:%Y-%m-%d %H:%M}", f"{dia + timedelta(days=5):%Y-%m-%d %H:%M}")

        [linea] = client.get("/conectividad/").context["lineas"]

        assert [cifra.mes for cifra in linea.cifras[:2]] == [actual, actual.anterior]
        assert len(linea.cifras) == 12
        assert linea.cifras[1].porcentaje > 0
        assert linea.cifras[1].incidentes == 1
        assert linea.cifras[2].porcentaje is None  # nobody logged it then
        assert max(linea.barras.barras, key=lambda barra: barra.largo).valor == linea.cifras[1].porcentaje

    def test_both_readings_of_the_indicator_are_there(self, casa, client):
        hoy = timezone.localtime().replace(hour=0, minute=0)
        crear_accion(casa, crear_incidente(casa, f"{hoy:%Y-%m-%d %H:%M}", en=timezone.now()))

        pagina = client.get("/conectividad/").text

        assert "Tiempo interrumpido en" in pagina
        assert "Cortes con alguna acción registrada" in pagina
        assert "100,00\xa0%" in pagina
        assert "1 de 1" in pagina

    def test_a_cut_that_begins_shows_at_once(self, casa, client):
        """What was counted this minute is not served again after something changed."""
        client.get("/conectividad/")
        hace_poco = timezone.localtime() - timedelta(minutes=1)

        crear_incidente(casa, f"{hace_poco:%Y-%m-%d %H:%M}", en=timezone.now())

        assert "Sin conexión" in client.get("/conectividad/").text


class TestAMonth:
    def test_shows_the_number_of_each_step(self, con_cortes, client):
        """October of 2026 has 21 working days (Monday 12 is a holiday) of 480 minutes."""
        pagina = client.get(OCTUBRE).text

        # 21 × 480 = 10.080; less 120 announced, 9.960; 105 + 60 × 0,5 = 135; 135 ÷ 9.960 = 1,3555 %
        for numero in ("10.080", "9.960", "105", "135", "1,36"):
            assert f'class="n"><strong>{numero}' in pagina
        assert "1 de 3" in pagina

    def test_the_calendar_says_each_day_in_words(self, con_cortes, client):
        contexto = client.get(OCTUBRE).context
        textos = {celda.dia: celda.texto for celda in contexto["calendario"].celdas}

        assert textos[6] == "1:45 h"
        assert textos[7] == "30 min"
        assert textos[8] == "anunciado"
        assert textos[12] == ""
        assert textos[9] == "sin datos"
        assert len(textos) == 31

    def test_a_day_that_was_watched_and_had_no_cut_says_zero(self, con_cortes, client):
        for hora in ("08", "09", "10", "11", "14", "15", "16", "17"):
            crear_sondeos(con_cortes.enlace, f"2026-10-09 {hora}:00", 60)

        textos = {celda.dia: celda.texto for celda in client.get(OCTUBRE).context["calendario"].celdas}

        assert textos[9] == "0"

    def test_the_month_in_course_says_up_to_when_it_was_counted(self, casa, client):
        mes = Mes.de(timezone.now())

        respuesta = client.get(f"/conectividad/palacio/{mes.clave}/")

        assert "Se cuenta hasta el" in respuesta.text
        assert respuesta.context["vecinos"] == (mes.anterior, None)

    def test_a_closed_month_says_with_which_figure_and_whether_it_was_corrected(self, con_cortes, client):
        cierre = crear_cierre(con_cortes, "2026-10")
        firmado = "con 1,36&nbsp;% de tiempo interrumpido"

        pagina = client.get(OCTUBRE).text
        assert firmado in pagina
        assert cierre.huella[:8] in pagina
        assert "se corrigió después" not in pagina
        assert str(con_cortes.secretaria) not in pagina
        for incidente in con_cortes.enlace.incidentes.filter(peso=50):
            services.anular(incidente, razon="Repetido.", por=con_cortes.secretaria)

        corregida = client.get(OCTUBRE).text
        assert firmado in corregida
        assert "se corrigió después" in corregida

    def test_a_closed_month_says_that_it_was_corrected_when_only_its_percentage_changes(
        self, con_cortes, client
    ):
        """Without the announced cut more minutes count, and as many were lost."""
        crear_cierre(con_cortes, "2026-10")
        for incidente in con_cortes.enlace.incidentes.filter(planeado=True):
            services.anular(incidente, razon="No fue.", por=con_cortes.secretaria)

        assert "se corrigió después" in client.get(OCTUBRE).text

    def test_a_month_before_the_log_began_does_not_say_that_there_were_no_cuts(self, con_cortes, client):
        pagina = client.get("/conectividad/palacio/2026-09/").text

        assert "De este mes no hay registro" in pagina
        assert "0,00" not in pagina
        assert "No hubo cortes." not in pagina
        assert "no hay registro" not in client.get(OCTUBRE).text

    def test_an_annulled_cut_is_not_there(self, con_cortes, client):
        crear_incidente(con_cortes, "2026-09-02 08:00", "2026-09-02 09:00")
        for incidente in con_cortes.enlace.incidentes.filter(inicio__gt=momento("2026-10-01")):
            services.anular(incidente, razon="Repetido.", por=con_cortes.secretaria)

        assert "No hubo cortes." in client.get(OCTUBRE).text


class TestCost:
    """Queries of a page, the first time in a minute and after: the same with one line and with many."""

    PAGINAS = {"/conectividad/": (15, 2), "/conectividad/palacio/": (15, 3), OCTUBRE: (11, 3)}

    def llenar(self, casa, cuantos: int) -> None:
        for n in range(cuantos):
            enlace = crear_enlace()
            hoy = timezone.localtime() - timedelta(hours=n + 2)
            crear_accion(casa, crear_incidente(casa, f"{hoy:%Y-%m-%d %H:%M}", enlace=enlace, planeado=n == 3))
            crear_incidente(casa, f"2026-10-{n + 1:02} 08:00", f"2026-10-{n + 1:02} 09:00")

    @pytest.mark.parametrize("cuantos", [1, 12])
    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_of_each_page(self, casa, client, django_assert_num_queries, ruta, cuantos):
        self.llenar(casa, cuantos)
        fria, caliente = self.PAGINAS[ruta]
        cache.clear()

        with django_assert_num_queries(fria):
            client.get(ruta)
        with django_assert_num_queries(caliente):
            client.get(ruta)


def test_the_map_and_the_sitemap_lead_there(casa, client):
    assert 'href="/conectividad/"' in client.get("/mapa-del-sitio/").text
    sitemap = client.get("/sitemap.xml").text

    assert "/conectividad/</loc>" in sitemap
    assert "/conectividad/palacio/</loc>" in sitemap
