"""How the site is used: the page, its file, the block of the weekly report and the evaluation of a period."""

import csv
import io
from datetime import date

import html5lib
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participacion.models import Hoja, Respuesta
from portal import services
from portal.demo import CONTINUACIONES
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.huella import huella_de
from portal.models import BusquedaSinResultado, Canal, Publicacion, Version, Visita
from portal.services import YaSeCreo
from seguimiento.evaluacion_de_uso import Lapso, Meses, canal_de_la_evaluacion, lapsos, preparar
from seguimiento.models import InformeSemanal
from seguimiento.semana import reunir
from seguimiento.tablas import tablas_de
from seguimiento.uso import plegado
from tests.builders import asignar, crear_canal, crear_cargo, crear_publicada, crear_usuario
from tests.seguimiento.builders import crear_criterio, hallar, publicar_con_archivo
from tests.seguimiento.builders_de_uso import crear_consulta, usar_el_sitio, visitar
from tests.seguimiento.semanas import (
    LUNES,
    SEMANA,
    crear_canal_de_informes,
    crear_informe,
    crear_publicado,
    el,
)

URL, CSV, EVALUAR = "/gobierno-en-linea/uso/", "/gobierno-en-linea/uso.csv", "/panel/uso/"
MARTES = date(2026, 11, 17)
TERCERO = Lapso(2026, 3)


@pytest.fixture(autouse=True)
def lunes():
    """Every test lives on the Monday after the week of the report."""
    with time_machine.travel(el(LUNES, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def casa(casa):
    crear_canal_de_informes(casa)
    return casa


def filas(html: str) -> list[list[str]]:
    documento = html5lib.parse(html, namespaceHTMLElements=False)
    return [["".join(celda.itertext()).strip() for celda in fila] for fila in documento.iter("tr")]


# --- The page -----------------------------------------------------------------------------------
class TestThePage:
    def test_anybody_reads_what_people_read_without_cookies(self, casa, client):
        usar_el_sitio(MARTES)
        visitar("/tramites/", date(2026, 9, 30), 1, quien="robot")
        respuesta = client.get(URL)

        assert respuesta.status_code == 200
        assert not respuesta.cookies and "Cookie" not in respuesta.headers.get("Vary", "")
        assert ["Trámites y servicios", "40"] in filas(respuesta.text)
        assert ["Portada", "menos de 5"] in filas(respuesta.text)
        assert ["noviembre de 2026", "43"] in filas(respuesta.text)
        assert ["octubre de 2026", "0"] in filas(respuesta.text)  # it counted, and nobody came
        assert ["septiembre de 2026", "0"] in filas(respuesta.text)
        assert ["Sí", "9"] in filas(respuesta.text) and ["No", "menos de 5"] in filas(respuesta.text)
        assert "901" in respuesta.text and "17" in respuesta.text

    def test_of_before_the_site_counted_it_says_nothing(self, casa, client):
        visitar("/tramites/", date(2026, 9, 30), 1, quien="robot")
        html, hoja = client.get(URL).text, client.get(CSV).text

        assert "El sitio cuenta desde el 30 de septiembre de 2026. De antes no se sabe." in html
        assert "agosto de 2026" not in html + hoja and "septiembre de 2026" in hoja
        assert 'value="2026-T3"' in html
        assert not any(f'value="{clave}"' in html for clave in ("2026-T2", "2025", "2025-T4"))
        assert "Elija un periodo de la lista." in client.get(URL, {"periodo": "2025"}).text

    def test_with_nothing_counted_it_says_so(self, casa, client):
        respuesta = client.get(URL)

        assert "todavía no hay visitas" in respuesta.text
        assert "Nadie leyó páginas." in respuesta.text

    def test_it_is_valid_html(self, casa, client):
        usar_el_sitio(MARTES)
        html5lib.HTMLParser(strict=True).parse(client.get(URL).text)

    @pytest.mark.parametrize(
        ("pedido", "dice"),
        [("2026-T4", "Octubre a diciembre de 2026"), ("2025", "Año 2025"), ("2026-T3", "Julio a septiembre")],
    )
    def test_of_a_year_or_a_quarter(self, casa, client, pedido, dice):
        visitar("/agenda/", date(2026, 10, 1), 50)
        visitar("/dependencias/", date(2025, 12, 31), 60)
        html = client.get(URL, {"periodo": pedido}).text

        assert dice in html
        leidas = {fila[0] for fila in filas(html)}
        assert ("Agenda" in leidas) == (pedido == "2026-T4")
        assert ("La alcaldía" in leidas) == (pedido == "2025")

    @pytest.mark.parametrize("pedido", ["", "2019", "2026-T5", "x' or 1=1"])
    def test_what_is_not_a_period_is_said_and_this_year_is_shown(self, casa, client, pedido):
        html = client.get(URL, {"periodo": pedido}).text

        assert "Elija un periodo de la lista." in html and "<title>Error:" in html.replace("\n", "")
        assert "<h2>Año 2026</h2>" in html

    def test_what_is_no_longer_there_is_not_even_named(self, casa, client, adjunto_pdf):
        publicacion = publicar_con_archivo(casa, adjunto_pdf, titulo="La obra de la calle 3")
        archivo = publicacion.version_publica.adjuntos.get().get_absolute_url()
        visitar(publicacion.get_absolute_url(), MARTES, 50)
        visitar(archivo, MARTES, 60, que="descarga")
        antes = filas(client.get(URL).text)
        assert ["La obra de la calle 3", "50"] in antes and ["El archivo", "60"] in antes

        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        html = client.get(URL).text

        assert publicacion.slug not in html and archivo not in html
        assert ["Una página que ya no está en el sitio", "50"] in filas(html)
        assert ["Un archivo que ya no está en el sitio", "60"] in filas(html)

    def test_a_channel_and_an_office_are_named(self, casa, client):
        visitar(casa.canal.get_absolute_url(), MARTES, 50)
        visitar(casa.planeacion.get_absolute_url(), MARTES, 60)

        leidas = filas(client.get(URL).text)

        assert ["Programas y proyectos", "50"] in leidas and ["Planeación", "60"] in leidas

    def test_words_are_said_when_many_asked_or_somebody_attended(self, casa, client):
        for texto, veces in (("biblioteca", 10), ("rosa perez", 9)):
            BusquedaSinResultado.objects.create(texto=texto, veces=veces)
        BusquedaSinResultado.objects.create(
            texto="notaria",
            veces=3,
            atendida_en=el("20"),
            atendida_por=casa.secretaria,
            respuesta="No hace falta: no hay.",
        )
        dichas = filas(client.get(URL).text)

        assert ["biblioteca", "10", "Por atender"] in dichas
        assert ["notaria", "menos de 5", "No hace falta: no hay."] in dichas
        assert "rosa perez" not in client.get(URL).text + client.get(CSV).text

    def test_words_are_of_the_period(self, casa, client):
        usar_el_sitio(MARTES)
        visitar("/", date(2026, 9, 30))

        assert "horario de la biblioteca" in client.get(URL, {"periodo": "2026-T4"}).text
        assert "horario de la biblioteca" not in client.get(URL, {"periodo": "2026-T3"}).text

    def test_surveys_with_few_answers_are_folded(self, casa, client):
        consulta = crear_consulta(casa, abre=el("10"), cierra=el("25"), titulo="La plaza")
        for _ in range(3):
            Respuesta.objects.create(consulta=consulta, dia=MARTES)
        sin_acto = {"autorizada_por": None, "autorizada_como": None, "autorizada_en": None, "huella": ""}
        crear_consulta(
            casa, abre=el("10"), cierra=el("25"), titulo="Sin autorizar", estado="borrador", **sin_acto
        )

        assert ["La plaza", "menos de 5"] in filas(client.get(URL).text)
        assert "Sin autorizar" not in client.get(URL).text

    def test_paper_that_was_entered_after_the_period_of_its_survey_counts_in_its_own(self, casa, client):
        """It closed with the third quarter and its paper came in October: nothing is lost between the two."""
        visitar("/", date(2026, 9, 30))
        plaza = crear_consulta(casa, abre=el("2026-09-01"), cierra=el("2026-09-30"), titulo="La plaza")
        for n in range(1, 13):
            papel = n > 5
            hoja = Hoja.objects.create(consulta=plaza, numero=n, impresa_por=casa.autora) if papel else None
            Respuesta.objects.create(
                consulta=plaza,
                origen="papel" if papel else "web",
                hoja=hoja,
                dia=date(2026, 10, 5) if papel else date(2026, 9, 20),
            )

        tercero, cuarto = (client.get(URL, {"periodo": f"2026-T{n}"}).text for n in (3, 4))
        assert ["La plaza", "5"] in filas(tercero) and ["La plaza", "7"] in filas(cuarto)

    def test_in_a_spreadsheet_with_nothing_that_runs(self, casa, client):
        usar_el_sitio(MARTES)
        BusquedaSinResultado.objects.create(texto="=1+1", veces=30)
        respuesta = client.get(CSV, {"periodo": "2026"})

        assert respuesta.headers["Content-Type"] == "text/csv; charset=utf-8"
        hoja = list(csv.reader(io.StringIO(respuesta.text)))
        assert ["Lo más leído", "Trámites y servicios", "40", "", "/tramites/"] in hoja
        assert ["Lo que se buscó y no se encontró", "'=1+1", "30", "Por atender", ""] in hoja

    @pytest.mark.parametrize("metodo", ["post", "put", "delete"])
    def test_only_to_be_read(self, casa, client, metodo):
        for ruta in (URL, CSV):
            assert getattr(client, metodo)(ruta).status_code == 405

    @pytest.mark.parametrize("cuantas", [2, 40])
    def test_it_costs_the_same_however_much_there_is(self, casa, client, cuantas, adjunto_pdf):
        publicar_con_archivo(casa, adjunto_pdf)
        for n in range(cuantas):
            visitar(f"/canales/c/texto-{n}/", MARTES, 9)
            visitar(f"/archivos/{n + 1}/x.pdf", MARTES, 9, que="descarga")
            BusquedaSinResultado.objects.create(texto=f"palabra {n}", veces=20)
            crear_consulta(casa, abre=el("10"), cierra=el("25"))
        client.get(URL)

        with CaptureQueriesContext(connection) as consultas:
            assert client.get(URL).status_code == 200

        assert len(consultas) == 10, "\n".join(c["sql"][:120] for c in consultas)

    def test_numbers_that_are_small_and_those_that_are_not(self):
        assert [plegado(n) for n in (0, 1, 4, 5, 1200)] == [0, "menos de 5", "menos de 5", 5, 1200]

    def test_the_bars_say_in_words_what_they_draw(self):
        meses = Meses([(date(2026, 9, 1), 30), (date(2026, 10, 1), 60), (date(2026, 11, 1), 3)])

        assert str(meses) == (
            "30 en septiembre de 2026, menos de 5 en noviembre de 2026; "
            "el mes con más, octubre de 2026, con 60"
        )
        assert [barra["alto"] for barra in meses.barras] == [30, 60, 3]


# --- The weekly report --------------------------------------------------------------------------
class TestTheWeeklyReport:
    def test_it_says_how_the_site_was_read(self, casa):
        usar_el_sitio(MARTES)
        visitar("/tramites/", date(2026, 11, 10), 21)
        visitar("/tramites/", date(2026, 11, 23), 500)

        informe = crear_informe()

        suya = informe.datos["audiencia"]
        assert (suya["visitas"], suya["semana_anterior"], suya["descargas"]) == (43, 21, 6)
        assert suya["busquedas"]["palabras"] == [{"texto": "horario de la biblioteca", "veces": 12}]
        tablas = {
            tabla.clave: [[str(c) for c in fila] for fila in tabla.filas] for tabla in tablas_de(informe)
        }
        assert ["Páginas que leyeron las personas", "43"] in tablas["audiencia"]
        assert ["Portada", "menos de 5"] in tablas["mas-leidas"]
        assert ["horario de la biblioteca", "12"] in tablas["sin-resultado"]

    @pytest.mark.parametrize(
        ("desde", "antes"),
        [
            (MARTES, "Todavía no se contaba"),
            (date(2026, 11, 15), 0),  # the last day of the week before, and nobody came
        ],
    )
    def test_the_week_before_it_counted_is_not_a_zero(self, casa, desde, antes):
        visitar("/", MARTES, 40)
        visitar("/", desde, 1, quien="robot")

        [audiencia] = [tabla for tabla in tablas_de(crear_informe()) if tabla.clave == "audiencia"]

        assert audiencia.filas[1] == [
            "Páginas leídas la semana anterior",
            antes,
        ]

    def test_of_a_week_before_it_counted_it_says_nothing(self, casa, client):
        visitar("/", date(2026, 11, 23), 40)
        informe = crear_publicado(casa)
        pagina, hoja = (client.get(f"{informe.get_absolute_url()}{resto}") for resto in ("", "informe.xlsx"))

        assert informe.datos["audiencia"] is None
        assert (pagina.status_code, hoja.status_code) == (200, 200)
        assert "Lo más leído" not in pagina.text and "Por canal" in pagina.text

    def test_it_is_frozen_with_the_rest(self, casa, client):
        usar_el_sitio(MARTES)
        informe = crear_publicado(casa)
        Visita.objects.all().delete()

        assert ["Trámites y servicios", "40"] in filas(client.get(informe.get_absolute_url()).text)
        assert informe.integro()

    def test_what_was_attended_later_still_waited_then(self, casa):
        usar_el_sitio(MARTES)
        BusquedaSinResultado.objects.update(atendida_en=el("24"), atendida_por=casa.secretaria)

        assert reunir(SEMANA)["audiencia"]["busquedas"]["por_atender"] == 1

    def test_a_report_of_before_is_shown_without_it_and_keeps_its_hash(self, casa, client):
        datos = reunir(SEMANA) | {"entidad": "Alcaldía"}
        del datos["audiencia"]
        huella = huella_de(datos)
        informe = InformeSemanal.objects.create(
            anio=2026, semana=47, consecutivo=1, datos=datos, huella=huella
        )
        client.force_login(casa.secretaria)

        pagina = client.get(informe.get_absolute_url())
        hoja = client.get(f"{informe.get_absolute_url()}informe.xlsx")

        assert (pagina.status_code, hoja.status_code) == (200, 200)
        assert "Lo más leído" not in pagina.text and "Por canal" in pagina.text
        informe.refresh_from_db()
        assert informe.integro() and informe.huella == huella


# --- The evaluation -----------------------------------------------------------------------------
class TestTheEvaluation:
    @pytest.fixture(autouse=True)
    def _visitas(self, casa):
        visitar("/tramites/", date(2026, 8, 5), 77)

    def test_a_draft_with_the_figures_of_the_period_in_the_channel_of_the_criterion(self, casa):
        otro = crear_canal(casa.general, slug="estadisticas")
        crear_criterio(codigo="INT-09", canal=otro)

        version = preparar(TERCERO, por=casa.secretaria)

        assert version.estado == Version.Estado.BORRADOR
        assert version.publicacion.canal == otro
        assert version.titulo == "Evaluación del uso del sitio web: julio a septiembre de 2026"
        assert "77" in version.cuerpo and 'href="/tramites/"' in version.cuerpo

    def test_once_for_each_period(self, casa):
        primera = preparar(TERCERO, por=casa.secretaria)

        with pytest.raises(YaSeCreo) as repetida:
            preparar(TERCERO, por=casa.secretaria)
        assert repetida.value.version == primera
        visitar("/tramites/", date(2026, 5, 5), 7)
        assert preparar(Lapso(2026, 2), por=casa.secretaria) != primera

    def test_not_of_before_the_site_counted(self, casa, client):
        client.force_login(casa.secretaria)
        respuesta = client.post(EVALUAR, {"periodo": "2025"})

        assert respuesta.status_code == 422
        assert "Elija un periodo de la lista." in respuesta.text and 'value="2025"' not in respuesta.text
        with pytest.raises(CondicionIncumplida, match="todavía no contaba lo que se lee: año 2025"):
            preparar(Lapso(2025), por=casa.secretaria)
        assert not Version.objects.exists()

    def test_with_nothing_that_ended_there_is_nothing_to_choose(self, casa, client):
        Visita.objects.update(dia=date(2026, 10, 1))
        client.force_login(casa.secretaria)
        pagina = client.get(EVALUAR)

        assert "no ha terminado ningún trimestre" in pagina.text and "<select" not in pagina.text
        html5lib.HTMLParser(strict=True).parse(pagina.text)
        assert client.post(EVALUAR, {"periodo": "2026-T4"}).status_code == 422

    def test_again_when_the_first_one_was_discarded(self, casa):
        services.descartar(preparar(TERCERO, por=casa.secretaria), por=casa.secretaria)

        segunda = preparar(TERCERO, por=casa.secretaria)

        with pytest.raises(YaSeCreo) as repetida:
            preparar(TERCERO, por=casa.secretaria)
        assert repetida.value.version == segunda

    def test_not_of_what_has_not_ended_nor_without_channel(self, casa):
        with pytest.raises(CondicionIncumplida, match="Todavía no termina"):
            preparar(Lapso(2026, 4), por=casa.secretaria)
        Canal.objects.filter(slug="gobierno-en-linea").update(activo=False)
        with pytest.raises(CondicionIncumplida, match="No hay un canal"):
            preparar(TERCERO, por=casa.secretaria)
        assert canal_de_la_evaluacion() is None

    def test_it_reaches_the_public_by_other_people_and_proves_the_criterion(self, casa):
        pedido = {"palabras": ["uso del sitio", "uso del portal"], "dias": 366}
        assert hallar("hay-publicaciones", **pedido)[0] == "no_cumple"
        version = preparar(TERCERO, por=casa.secretaria)
        services.enviar(version, por=casa.secretaria, confirmo=True)
        services.validar(version, por=casa.editor)
        version.refresh_from_db()
        with pytest.raises(SinPermiso):
            services.autorizar_y_publicar(version, por=casa.tesorero, huella=version.huella())
        services.autorizar_y_publicar(version, por=casa.alcalde, huella=version.huella())

        assert hallar("hay-publicaciones", **pedido)[0] == "cumple"

    @pytest.mark.parametrize("quien", ["autora", "jefe", "tesorero", "admin"])
    def test_who_may_not(self, casa, client, quien):
        por = getattr(casa, quien)
        with pytest.raises(SinPermiso):
            preparar(TERCERO, por=por)
        client.force_login(por)
        assert client.get(EVALUAR).status_code == 403
        assert client.post(EVALUAR, {"periodo": "2026-T3"}).status_code == 403
        assert not Publicacion.objects.exists()

    def test_nobody_without_entering(self, casa, client):
        assert client.get(EVALUAR).status_code == 302
        assert client.post(EVALUAR, {"periodo": "2026-T3"}).status_code == 401  # with what was chosen
        assert not Publicacion.objects.exists()

    def test_the_button(self, casa, client):
        cargo = crear_cargo(casa.general)
        asignar(casa.canal_gel, autor=cargo)
        for persona in (casa.secretaria, crear_usuario("autora-gel", cargo)):
            client.force_login(persona)
            assert EVALUAR in client.get("/admin/").text
            pagina = client.get(EVALUAR)
            assert pagina.status_code == 200 and "no-store" in pagina.headers["Cache-Control"]
            html5lib.HTMLParser(strict=True).parse(pagina.text)
        assert client.put(EVALUAR).status_code == 405
        mala = client.post(EVALUAR, {"periodo": "2026-T4"})
        assert mala.status_code == 422 and "Elija un periodo de la lista." in mala.text

        hecha = client.post(EVALUAR, {"periodo": "2026-T3"})
        otra_vez = client.post(EVALUAR, {"periodo": "2026-T3"}, follow=True)

        [version] = Version.objects.all()
        assert (hecha.status_code, hecha.url) == (302, version.get_absolute_url())
        assert "ya existe" in otra_vez.content.decode()


def test_periods_that_may_be_chosen():
    desde_siempre = [lapso.clave for lapso in lapsos(date(2026, 2, 1), date(2010, 1, 1))]

    assert desde_siempre[:5] == ["2026", "2025", "2024", "2026-T1", "2025-T4"]
    assert [lapso.clave for lapso in lapsos(date(2026, 2, 1), date(2025, 9, 30))] == [
        *("2026", "2025", "2026-T1", "2025-T4", "2025-T3")
    ]
    assert [lapso.clave for lapso in lapsos(date(2026, 2, 1), None)] == ["2026", "2026-T1"]
    assert (str(Lapso(2026, 1)), str(Lapso(2026))) == ("enero a marzo de 2026", "año 2026")
    assert Lapso(2024, 1).periodo.hasta == date(2024, 3, 31)


def test_the_demonstration_has_readers_once(casa):
    assert list(CONTINUACIONES).index("audiencia") < list(CONTINUACIONES).index("informes semanales")
    crear_publicada(casa, en=el("2026-10-01"))
    personas = {"secretaria": casa.secretaria, "editor": casa.editor, "alcalde": casa.alcalde}

    hechas = list(CONTINUACIONES["audiencia"](None, personas, el(LUNES, 8)))

    assert len(hechas) == 3 and "Evaluación del uso" in hechas[2]
    assert hallar("hay-publicaciones", palabras=["uso del sitio"], dias=366)[0] == "cumple"
    assert list(CONTINUACIONES["audiencia"](None, personas, el(LUNES, 8))) == []
