"""The panel: who looks at it, what it answers, and that two hundred weeks cost as one."""

from datetime import date

import html5lib
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion.models import Consulta
from portal.models import Actualizacion, Publicacion
from portal.periodos import Periodo
from seguimiento.graficas import Proporcion, Serie
from seguimiento.models import InformeSemanal
from seguimiento.panel import alertas, figuras, mirada_de
from seguimiento.redaccion import cambio_en_palabras, enumerar
from seguimiento.semana import reunir
from tests.builders import (
    crear_cargo,
    crear_publicada,
    crear_titularidad,
    crear_usuario,
    crear_version,
)
from tests.seguimiento.builders import crear_criterio, crear_fase, evaluar
from tests.seguimiento.builders_del_plan import crear_actividad, crear_indicador
from tests.seguimiento.semanas import (
    LUNES,
    SEMANA,
    crear_canal_de_informes,
    crear_firmado,
    crear_informe,
    crear_medicion,
    crear_veces,
    el,
)

PANEL = "/panel/"
#: The most that the panel may ask, everything counted: session, person and posts included.
CONSULTAS = 20


@pytest.fixture(autouse=True)
def lunes():
    with time_machine.travel(el(LUNES, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def casa(casa):
    crear_canal_de_informes(casa)
    return casa


@pytest.fixture
def mira(casa, client):
    """`mira("?semana=2026-S47")`: the panel as Secretaría General sees it."""
    client.force_login(casa.secretaria)
    return lambda consulta="": client.get(f"{PANEL}{consulta}")


# --- Who looks ----------------------------------------------------------------------------------
class TestWhoLooks:
    @pytest.mark.parametrize("quien", ["secretaria", "alcalde", "jefe", "tesorero"])
    def test_whoever_heads_an_office(self, casa, client, quien):
        client.force_login(getattr(casa, quien))

        assert client.get(PANEL).status_code == 200

    @pytest.mark.parametrize("quien", ["autora", "editor", "suit", "admin"])
    def test_nobody_else_not_even_who_administers(self, casa, client, quien):
        client.force_login(getattr(casa, quien))

        assert client.get(PANEL).status_code == 403

    def test_anonymous_people_are_asked_to_enter(self, casa, client):
        respuesta = client.get(f"{PANEL}?semana=2026-S47")

        assert (respuesta.status_code, respuesta.url.split("?")[0]) == (302, "/admin/login/")

    def test_a_head_who_is_not_staff_or_whose_tenure_ended_or_is_inactive(self, casa, client):
        sin_ingreso = crear_usuario(
            "sin-ingreso", crear_cargo(casa.general, es_jefatura=True), is_staff=False
        )
        vencida = crear_usuario("vencida")
        crear_titularidad(vencida, casa.cargo_jefe, calidad="encargado", hasta=date(2026, 11, 22))
        for quien in (sin_ingreso, vencida):
            client.force_login(quien)
            assert client.get(PANEL).status_code == 403

    def test_only_reading(self, mira, client):
        mira()

        assert client.post(PANEL).status_code == 405

    def test_it_is_kept_by_nobody(self, mira):
        respuesta = mira()

        assert "no-store" in respuesta.headers["Cache-Control"]
        assert "Cookie" in respuesta.headers["Vary"]
        assert '<meta name="robots" content="noindex">' in respuesta.text

    def test_only_secretaria_general_is_offered_to_sign(self, casa, mira, client):
        assert "/firmar/" in mira().text
        client.force_login(casa.alcalde)
        assert "/firmar/" not in client.get(PANEL).text

    def test_what_each_post_gives(self, casa):
        jefe, autora, secretaria = (mirada_de(q) for q in (casa.jefe, casa.autora, casa.secretaria))

        assert (jefe.ve_el_panel, jefe.es_secretaria) == (True, False)
        assert (autora.ve_el_panel, autora.ve(casa.planeacion), autora.ve(casa.general)) == (
            False,
            True,
            False,
        )
        assert (autora.responde_por(casa.planeacion), jefe.responde_por(casa.planeacion)) == (True, True)
        assert (secretaria.ve(casa.planeacion), secretaria.responde_por(casa.planeacion)) == (True, False)
        assert secretaria.es_secretaria


# --- Which week ---------------------------------------------------------------------------------
class TestWhichWeek:
    def test_the_last_week_that_ended(self, mira):
        pagina = mira()

        assert "<h1>Semana 47, del 16 al 22 de noviembre de 2026</h1>" in pagina.text

    def test_its_report_is_made_if_the_rutina_did_not(self, mira):
        assert not InformeSemanal.objects.exists()
        mira()
        mira()

        assert InformeSemanal.objects.get().semana == 47

    def test_another_week_with_report(self, casa, mira):
        crear_informe(Periodo.semana(2026, 45))

        pagina = mira("?semana=2026-S45").text

        assert "<h1>Semana 45," in pagina
        assert '<option value="2026-S45" selected>' in pagina
        assert 'rel="next" href="?semana=2026-S46"' in pagina
        assert 'rel="prev"' not in pagina

    def test_the_week_in_course_is_computed_and_says_so(self, casa, mira):
        crear_publicada(casa, en=el("23", 7))

        pagina = mira("?semana=2026-S48").text

        assert "en curso</small>" in pagina
        assert "Hasta hoy, 1 de" in pagina
        assert "/firmar/" not in pagina
        assert not InformeSemanal.objects.filter(semana=48).exists()

    def test_as_browsers_write_it_too(self, mira):
        assert "<h1>Semana 47," in mira("?semana=2026-W47").text

    @pytest.mark.parametrize(
        "pedida, aviso",
        [
            ("ayer", "Escriba la semana con año y número"),
            ("2026-S54", "El año 2026 no tiene semana 54."),
            ("2026-S49", "no ha llegado"),
            ("2020-S10", "no tiene informe"),
            ("9999-S52", "no tiene semana 52"),
            ("9999-S01", "no ha llegado"),
            ("0000-S01", "no tiene semana"),
            ("2026-S47' OR 1=1", "Escriba la semana"),
        ],
    )
    def test_a_week_that_cannot_be_shown_is_told_and_the_last_one_is(self, mira, pedida, aviso):
        respuesta = mira(f"?semana={pedida}")

        assert respuesta.status_code == 200
        assert aviso in respuesta.text
        assert "<h1>Semana 47," in respuesta.text


# --- What it answers ----------------------------------------------------------------------------
class TestFigures:
    def test_six_at_most_each_with_goal_change_line_and_state(self, casa, mira):
        for funcion in ("tramites-publicados", "tramites-automatizados", "metas-por-dependencia"):
            crear_indicador(funcion)
        crear_medicion(crear_veces(), SEMANA.anterior, 1)
        for dia in (17, 18):
            crear_publicada(casa, en=el(f"{dia}"))

        pagina = mira().text

        assert pagina.count('<li class="cifra cifra--') == 4
        assert "<strong>2</strong> <span>en la semana</span>" in pagina
        assert "meta 1 · +1, mejora" in pagina
        assert 'aria-label="Actualizaciones del sitio, últimas 8 semanas: de 1 a 2"' in pagina
        assert '<p class="estado estado--cumple">Cumple la meta</p>' in pagina

    def test_of_the_five_phases_the_first_that_asks_for_attention(self, casa):
        for slug, valor in (("informacion", 100), ("interaccion", 40), ("transaccion", 10)):
            fase = crear_fase(slug=slug, nombre=slug.capitalize())
            crear_medicion(
                crear_indicador("criterios-cumplidos", parametros={"fase": fase.slug}), SEMANA, valor
            )

        [figura] = figuras(reunir(SEMANA))

        assert (figura.titulo, figura.valor) == ("Criterios de Interacción", "40 %")

    def test_without_a_value_it_says_why_and_is_not_a_zero(self, casa):
        crear_indicador("interrupciones")
        informe = crear_informe()

        [figura] = figuras(informe.datos)

        assert (figura.valor, figura.estado) == ("Sin dato", "sin_dato")
        assert figura.de_que == "No hay enlaces a internet registrados."

    def test_while_the_week_lasts_each_figure_says_of_which_week_it_is(self, casa):
        crear_medicion(crear_veces(), SEMANA, 3)

        [figura] = figuras(reunir(Periodo.semana(2026, 48)))

        assert (figura.valor, figura.de_que) == ("3", "semana 47")

    def test_each_figure_leads_to_its_rows_of_that_week(self, casa, mira, client):
        indicador = crear_veces()
        crear_publicada(casa, titulo="Se arregló el puente", en=el("18"))
        url = f"/gobierno-en-linea/plan-de-accion/{indicador.codigo}/?semana=2026-S47"

        assert f'href="{url}"' in mira().text
        assert "Se arregló el puente" in client.get(url).text

    def test_each_number_of_an_office_leads_to_its_rows(self, casa, mira, client):
        crear_publicada(casa, titulo="Se arregló el puente", en=el("18"))
        url = f"/panel/dependencias/{casa.planeacion.slug}/?semana=2026-S47"

        assert f'href="{url}"' in mira().text
        assert "Se arregló el puente" in client.get(url).text


class TestAlerts:
    def quejas(self, casa) -> list[str]:
        return [alerta.que for alerta in alertas(crear_informe().datos, timezone.now())]

    def test_urgent_texts_without_ratification_overdue_first(self, casa):
        crear_version(casa, "urgente", titulo="Reciente", en=el("20"))
        crear_version(casa, "urgente", titulo="Vencida", en=el("05"))

        primera, *_resto, ultima = [
            alerta for alerta in alertas(crear_informe().datos, timezone.now()) if "urgencia" in alerta.que
        ]

        assert ("Vencida" in primera.que, primera.urgente) == (True, True)
        assert ("Reciente" in ultima.que, ultima.urgente) == (True, False)

    def test_a_text_that_waits_more_than_three_days(self, casa):
        crear_version(casa, "por_autorizar", titulo="Espera", en=el("19"))
        crear_version(casa, "por_autorizar", titulo="Acaba de llegar", en=el("22"))

        quejas = self.quejas(casa)

        assert "Autorizar o devolver «Espera»" in quejas
        assert not any("Acaba de llegar" in queja for queja in quejas)

    def test_an_office_that_let_two_weeks_go_by(self, casa):
        crear_publicada(casa, en=el("2026-10-01"))

        assert "Acordar con Planeación cuándo actualiza" in self.quejas(casa)

    def test_an_office_that_failed_once_is_left_alone(self, casa):
        casa.canal.edad_maxima_dias = 1
        casa.canal.save()
        crear_publicada(casa, en=el("12"))

        assert "Acordar con Planeación cuándo actualiza" not in self.quejas(casa)

    def test_overdue_activities_and_exceptions_about_to_lapse(self, casa):
        crear_actividad(casa.cargo_jefe, texto="Socializar", fin=date(2026, 11, 1))
        crear_actividad(texto="Para después", fin=date(2026, 12, 1))
        criterio = crear_criterio(nombre="Mapa")
        evaluar(
            criterio, "cumple", base="excepcion", vence_en=date(2026, 12, 10), por=casa.secretaria, razon="X"
        )

        quejas = self.quejas(casa)

        assert "Cumplir o reprogramar «Socializar»" in quejas
        assert f"Cumplir «{criterio}» o pedir otra excepción" in quejas
        assert not any("Para después" in queja for queja in quejas)

    def test_outcomes_that_people_were_promised(self, casa, mira):
        for titulo, hasta in (("Debe", "2026-11-20"), ("Urge", "2026-11-30"), ("Después", "2026-12-01")):
            Consulta.objects.create(
                **{"clase": "encuesta", "titulo": titulo, "slug": titulo.lower(), "resumen": "X"},
                **{"canal": casa.canal, "dependencia": casa.planeacion, "estado": "autorizada"},
                **{"abre_en": el("2026-10-01"), "cierra_en": el("2026-10-20"), "resultado_hasta": hasta},
                **{"autorizada_en": el("2026-09-30"), "autorizada_por": casa.jefe, "huella": "0" * 64},
                **{"creada_por": casa.autora, "editada_por": casa.autora, "enviada_por": casa.autora},
            )

        suyas = [una for una in alertas(crear_informe().datos, timezone.now()) if "resultado" in una.que]

        assert [(una.que, una.cuando, una.urgente) for una in suyas] == [
            ("Publicar el resultado de «Debe»", "venció el 20 de noviembre", True),
            ("Publicar el resultado de «Urge»", "vence el 30 de noviembre", False),
        ]
        assert suyas[0].url in mira().text

    def test_a_day_of_another_year_says_its_year(self, casa):
        crear_actividad(casa.cargo_jefe, texto="Socializar", fin=date(2011, 12, 31))

        [vieja] = [una for una in alertas(crear_informe().datos, timezone.now()) if "Socializar" in una.que]

        assert vieja.cuando == "venció el 31 de diciembre de 2011"

    def test_with_nothing_to_decide_it_says_so(self, casa, mira):
        for canal in (casa.canal, casa.canal_gel, casa.canal_tramites):
            canal.edad_maxima_dias = None
            canal.save()

        assert "Nada espera una decisión." in mira().text

    def test_the_first_four_are_in_sight_and_the_rest_one_click_away(self, casa, mira):
        for n in range(6):
            crear_version(casa, "por_autorizar", titulo=f"Texto {n}", en=el("10"))

        pagina = mira().text
        antes, _abre, despues = pagina.partition("<summary>Las otras")

        assert antes.count("Autorizar o devolver") + despues.count("Autorizar o devolver") == 6


# --- What it costs ------------------------------------------------------------------------------
def llenar(casa, cuantas: int) -> None:
    """That many publications of the last four years, with their texts and their updates."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO portal_publicacion (canal_id, tipo, slug, dependencia_id, creada_por_id, creada_en,
                publicada_en, actualizada_en, revisada_en, retirada_clase, retirada_motivo)
            SELECT %s, 'noticia', 'masa-' || n, %s, %s, m, m, m, m, '', ''
            FROM generate_series(1, %s) n, LATERAL (SELECT now() - n * interval '100 minutes' AS m) d
            """,
            [casa.canal.pk, casa.planeacion.pk, casa.autora.pk, cuantas],
        )
        molde = crear_publicada(casa, en=el("2026-01-05")).version_publica
        campos = [c.column for c in molde._meta.concrete_fields if c.column != "id"]
        propios = {"publicacion_id": "p.id", "publicada_en": "p.publicada_en", "enviada_en": "p.creada_en"}
        cursor.execute(
            f"INSERT INTO portal_version ({', '.join(campos)}) "
            f"SELECT {', '.join(propios.get(campo, f'v.{campo}') for campo in campos)} "
            "FROM portal_version v, portal_publicacion p WHERE v.id = %s AND p.slug LIKE 'masa-%%'",
            [molde.pk],
        )
        cursor.execute(
            """
            INSERT INTO portal_actualizacion (clase, canal_id, dependencia_id, publicacion_id, version_id,
                descripcion, por_id, en, urgente, url)
            SELECT 'publicacion', canal_id, dependencia_id, id, NULL, slug, creada_por_id, publicada_en,
                false, ''
            FROM portal_publicacion WHERE slug LIKE 'masa-%%'
            """
        )
        cursor.execute(
            "ANALYZE portal_publicacion, portal_version, portal_actualizacion"
        )  # as autovacuum does


def informar(cuantas: int) -> None:
    """That many weeks closed before the last, with its same figures."""
    ultimo = crear_informe()
    InformeSemanal.objects.bulk_create(
        InformeSemanal(
            anio=periodo.anio_iso,
            semana=periodo.numero,
            consecutivo=1000 + n,
            datos=ultimo.datos,
            huella=ultimo.huella,
        )
        for n, periodo in enumerate(SEMANA.anterior.ultimas(cuantas - 1))
    )


class TestCost:
    @pytest.mark.parametrize("publicaciones, semanas", [(1, 1), (20_000, 200)])
    def test_at_most_twenty_queries_whatever_the_size_of_the_site(self, casa, mira, publicaciones, semanas):
        for funcion in ("tramites-publicados", "metas-por-dependencia"):
            crear_indicador(funcion)
        veces = crear_veces()
        llenar(casa, publicaciones)
        informar(semanas)
        for periodo in SEMANA.ultimas(semanas):
            if not veces.mediciones.filter(desde=periodo.desde).exists():
                crear_medicion(veces, periodo, 2)
        assert Publicacion.objects.count() == Actualizacion.objects.count() == publicaciones + 1
        mira()

        costos = {}
        for cual in ("", "?semana=2026-S48"):
            with CaptureQueriesContext(connection) as consultas:
                pagina = mira(cual).text
            costos[cual] = len(consultas)
            assert len(consultas) <= CONSULTAS, "\n".join(c["sql"][:150] for c in consultas)
        assert pagina.count("<option ") == semanas + 1
        # The report is read; the week in course is counted.
        assert costos == {"": COSTO_CON_INFORME, "?semana=2026-S48": COSTO_EN_CURSO}


#: The same at one publication and one week as at 20 000 and 200.
COSTO_CON_INFORME, COSTO_EN_CURSO = 10, 20


# --- What is drawn ------------------------------------------------------------------------------
class TestCharts:
    @pytest.mark.parametrize(
        "valores, palabras, tramos",
        [
            (["10", "20", "30"], "de 10 a 30 %", 1),
            (["10", None, "30"], "de 10 a 30 %", 2),
            (["10", "10", "10"], "siempre 10 %", 1),
            ([None, "86.25", None], "un solo dato: 86,25 %", 1),
            ([None, None], "sin datos", 0),
            (["0", "0"], "siempre 0 %", 1),
            ([], "sin datos", 0),
        ],
    )
    def test_a_line_says_what_it_draws_and_breaks_where_there_is_nothing(self, valores, palabras, tramos):
        serie = Serie.de(valores, "%")

        assert str(serie) == palabras
        assert len(serie.tramos) == tramos

    def test_the_axis_begins_at_zero(self):
        [tramo] = Serie.de(["90", "100"]).tramos

        assert tramo == [(3.0, 5.2), (97.0, 3.0)]

    @pytest.mark.parametrize(
        "parte, todo, porcentaje, largo",
        [(0, 0, None, 0), (0, 5, 0, 0), (2, 3, 66, 66.7), (3, 3, 100, 100)],
    )
    def test_a_proportion_never_rounds_up(self, parte, todo, porcentaje, largo):
        proporcion = Proporcion(parte, todo)

        assert (proporcion.porcentaje, proporcion.largo) == (porcentaje, largo)
        assert str(proporcion) == f"{parte} de {todo}"

    @pytest.mark.parametrize(
        "cambio, sentido, palabras",
        [
            ("3.00", "mas", "+3, mejora"),
            ("-1.50", "mas", "−1,5, empeora"),
            ("-2.00", "menos", "−2, mejora"),
            ("0.00", "mas", "igual"),
            (None, "mas", ""),
        ],
    )
    def test_a_change_in_words(self, cambio, sentido, palabras):
        assert cambio_en_palabras({"cambio": cambio, "sentido": sentido}) == palabras

    @pytest.mark.parametrize(
        "nombres, dicho",
        [
            (["Planeación"], "Planeación"),
            (["Planeación", "SISBEN"], "Planeación y SISBEN"),
            (["SISBEN", "Inspección"], "SISBEN e Inspección"),
            (["A", "B", "Hierros"], "A, B y Hierros"),
        ],
    )
    def test_a_list_in_words(self, nombres, dicho):
        assert enumerar(nombres) == dicho


def test_the_panel_is_valid_html(casa, mira):
    crear_veces()
    crear_version(casa, "urgente", en=el("18"))
    crear_firmado(casa)
    for cual in ("", "?semana=2026-S48"):
        html5lib.HTMLParser(strict=True).parse(mira(cual).content)
