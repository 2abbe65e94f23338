"""What the citizen reads of the plan and of the phases."""

import re
from datetime import timedelta

import html5lib
import pytest
from django.core.cache import cache, caches
from django.core.files.base import ContentFile
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.copias import copia_de
from portal.middleware import SitioSinBase
from portal.models import Edicion
from portal.periodos import Periodo
from seguimiento.mediciones import medir, medir_semana
from seguimiento.models import Criterio, Evidencia, Indicador, Plan
from seguimiento.urls import urlpatterns
from seguimiento.views.publico import CANAL
from tests.builders import asignar, crear_canal, crear_dependencia, crear_municipio, crear_publicada, en_fecha
from tests.seguimiento.builders import crear_criterio, crear_fase, crear_marco, evaluar
from tests.seguimiento.builders_del_plan import (
    aportar,
    cargar_plan_firmado,
    crear_accion,
    crear_actividad,
    crear_indicador,
    crear_plan,
    semana_pasada,
)
from tests.tramites.builders import crear_tramite

PLAN = "/gobierno-en-linea/plan-de-accion/"
FIJAS = ["/gobierno-en-linea/", PLAN]


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.content.decode())


def texto_de(respuesta) -> str:
    """What is read on the page, without markup."""
    texto = " ".join(re.sub(r"<[^>]+>", " ", respuesta.text).replace("\xa0", " ").split())
    return re.sub(r" ([.,:;)])", r"\1", texto)


@pytest.fixture
def semana():
    return semana_pasada()


@pytest.fixture
def canal(casa):
    """The channel that these pages head."""
    canal = crear_canal(
        casa.general, nombre="Gobierno en línea", slug=CANAL, ruta="/gobierno-en-linea/", edad_maxima_dias=7
    )
    asignar(canal, autor=casa.cargo_autor, editor=casa.cargo_editor, autoriza=casa.cargo_alcalde)
    return canal


def publicar_en_el_canal(casa, canal, titulo: str):
    """A page of the channel, authorised by its own office."""
    jefe, casa.jefe = casa.jefe, casa.secretaria
    try:
        return crear_publicada(casa, canal=canal, titulo=titulo)
    finally:
        casa.jefe = jefe


@pytest.fixture
def firmado(db):
    """The signed plan, in a site that has nothing else."""
    Edicion.objects.get_or_create(pk=1)
    crear_municipio()
    cargar_plan_firmado()
    return Plan.objects.vigente()


@pytest.fixture
def fase(casa):
    return crear_fase(
        crear_marco(nombre="Gobierno en Línea (2008)"), nombre="Información", slug="informacion"
    )


@pytest.fixture
def indicador(casa):
    return crear_indicador(
        texto="Porcentaje de trámites publicados", lectura="Se lee así.", decision="Acta 12 del comité"
    )


# --- Every page ---------------------------------------------------------------------------------
class TestEveryPage:
    @pytest.mark.parametrize("ruta", FIJAS)
    @pytest.mark.parametrize("con_datos", [False, True])
    def test_is_valid_html_and_sets_no_cookie(self, client, db, ruta, con_datos, request):
        if con_datos:
            request.getfixturevalue("firmado")

        respuesta = client.get(ruta)

        assert respuesta.status_code == 200
        html_valido(respuesta)
        assert respuesta.text.count("<h1") == 1
        assert not respuesta.cookies
        assert "Cookie" not in respuesta.headers.get("Vary", "")
        assert respuesta.headers["Cache-Control"] == "public, no-cache"
        assert "unsafe" not in respuesta.headers["Content-Security-Policy"]

    def test_of_a_phase_and_of_an_indicator_too(self, client, firmado, semana):
        medir_semana(semana)
        paginas = [f"/gobierno-en-linea/{slug}/" for slug in ("informacion", "democracia", "anexo-2")]
        paginas += [i.get_absolute_url() for i in Indicador.objects.all()]
        paginas += [f"{PLAN}tramites-publicados/?semana={semana.clave}&dependencia=despacho-del-alcalde"]
        paginas += [f"{PLAN}tramites-publicados/?fecha=ayer"]

        for ruta in paginas:
            respuesta = client.get(ruta)
            assert respuesta.status_code == 200, ruta
            html_valido(respuesta)
            assert respuesta.text.count("<h1") == 1
            assert not respuesta.cookies

    def test_is_only_read(self, client, fase, indicador):
        for ruta in [*FIJAS, fase.get_absolute_url(), indicador.get_absolute_url()]:
            for metodo in ("post", "put", "delete"):
                assert getattr(client, metodo)(ruta).status_code == 405, ruta

    @pytest.mark.parametrize(
        "ruta", ["/gobierno-en-linea/no-hay/", f"{PLAN}no-hay/", "/gobierno-en-linea/evidencias/7/"]
    )
    def test_what_does_not_exist_is_not_found(self, client, casa, ruta):
        assert client.get(ruta).status_code == 404

    def test_the_pages_of_this_part_are_the_ones_tested_here(self):
        aparte = ("gobierno-en-linea/empalme/", "gobierno-en-linea/uso")  # each has tests of its own
        propias = {
            f"/{p.pattern}"
            for p in urlpatterns
            if str(p.pattern).startswith("gobierno-en-linea") and not str(p.pattern).startswith(aparte)
        }

        assert {ruta for ruta in propias if "<" not in ruta} == set(FIJAS)
        assert len(propias) == 5

    def test_the_channel_leads_here_and_the_menu_too(self, client, casa, canal, fase, indicador):
        publicada = publicar_en_el_canal(casa, canal, "Informe del comité")

        respuesta = client.get(f"/canales/{CANAL}/")

        assert (respuesta.status_code, respuesta.url) == (301, "/gobierno-en-linea/")
        for objeto in (publicada, fase, indicador):
            pagina = client.get(objeto.get_absolute_url()).text
            assert '<a href="/gobierno-en-linea/" aria-current="true">' in pagina
        assert f'<a href="{canal.get_absolute_url()}">' in client.get(publicada.get_absolute_url()).text

    def test_they_are_in_both_maps(self, client, fase, indicador):
        mapa, sitemap = client.get("/mapa-del-sitio/").text, client.get("/sitemap.xml").text

        for ruta in FIJAS:
            assert f'href="{ruta}"' in mapa
        for ruta in [*FIJAS, fase.get_absolute_url(), indicador.get_absolute_url()]:
            assert f"{ruta}</loc>" in sitemap

    def test_what_may_not_be_kept_is_not_kept(self, rf: RequestFactory, casa):
        """A page of this app with a secret in its address answers `no-store`: no copy of it stays on disk."""
        pedido = rf.get("/gobierno-en-linea/")
        pedido.resolver_match = type("Ruta", (), {"app_name": "seguimiento"})()
        pedido.sitio = type("Sitio", (), {"edicion": 1})()

        for cabecera, queda in (("no-store", None), ("public, no-cache", b"hola")):
            respuesta = HttpResponse("hola", headers={"Cache-Control": cabecera})
            SitioSinBase(lambda _pedido, respuesta=respuesta: respuesta)(pedido)
            assert copia_de("/gobierno-en-linea/") == queda
        caches["copias"].clear()


# --- The plan -----------------------------------------------------------------------------------
class TestPlan:
    def test_shows_every_signed_word_with_its_goal(self, client, firmado):
        pagina = texto_de(client.get(PLAN))

        for accion in firmado.acciones.all():
            for texto in (accion.texto, *accion.beneficio.splitlines(), *accion.recursos.splitlines()):
                assert texto in pagina
            for indicador in accion.indicadores.all():
                assert f"{indicador.texto}" in pagina
                assert indicador.meta_firmada in pagina
        for linea in (firmado.vision, firmado.objetivo, *firmado.objetivos.splitlines()):
            assert linea in pagina

    def test_the_committee_is_told_by_its_posts_and_not_by_names(self, client, firmado):
        pagina = texto_de(client.get(PLAN))

        for miembro in firmado.miembros.all():
            assert f"{miembro.cargo_firmado} Por {miembro.get_representa_display().lower()}" in pagina
            assert miembro.nombre not in pagina

    def test_says_how_many_goals_are_met(self, client, casa, semana):
        crear_publicada(casa)
        crear_indicador("actualizaciones-por-semana", meta=1, unidad="veces")
        crear_indicador("metas-por-dependencia")
        sin_dato = crear_indicador("interrupciones")
        crear_indicador("interrupciones-con-accion", lectura_de=sin_dato)

        pagina = texto_de(client.get(PLAN))

        assert "3 indicadores que se firmaron, 1 cumple su meta, 1 no la cumple y de 1 no hay dato." in pagina
        assert "Otra lectura de lo mismo" in pagina

    @pytest.mark.parametrize(
        "dato, estado", [((0, 10), "Cumple"), ((1, 10), "No cumple"), (None, "Sin dato")]
    )
    def test_says_the_state_in_words(self, client, casa, dato, estado):
        crear_indicador("funcionarios-vinculados", meta=0, sentido="menos", literal=False)
        if dato:
            aportar(
                "funcionarios-vinculados",
                *dato,
                Periodo.semana_de(timezone.localdate()).anterior,
                por=casa.secretaria,
            )

        pagina = texto_de(client.get(PLAN))

        assert f"{estado}" in pagina.partition("Indicadores y metas")[2].partition("El plan, como")[0]
        assert "La meta no puede leerse al pie de la letra: se mide 0 %." in pagina

    def test_says_how_it_changed_since_what_was_stored(self, client, casa, semana):
        indicador = crear_indicador("funcionarios-vinculados", meta=0, sentido="menos")
        aportar("funcionarios-vinculados", 5, 10, semana, por=casa.secretaria)
        medir(indicador, semana)
        aportar("funcionarios-vinculados", 2, 10, semana, por=casa.secretaria)

        pagina = texto_de(client.get(PLAN))

        assert "20 % 2 de 10" in pagina
        assert f"Baja 30 puntos desde la semana {semana.numero}: mejora" in pagina

    def test_without_a_plan_it_says_so(self, client, casa):
        crear_plan(vigente=False)

        assert "Todavía no hay un plan de acción cargado" in client.get(PLAN).text

    @pytest.mark.parametrize(
        "campos, palabras",
        [
            (
                {"estado": "cumplida", "cumplida_en": "2026-10-01", "enlace": "/soporte/"},
                "Se cumplió el 1 de octubre",
            ),
            (
                {"fin": "2011-12-31"},
                "No hay registro de que se haya cumplido; vencía el 31 de diciembre de 2011.",
            ),
            ({"fin": "2999-12-31"}, "Pendiente; vence el 31 de diciembre de 2999."),
            ({"estado": "permanente"}, "Se hace todo el tiempo."),
        ],
    )
    def test_says_what_was_done_of_each_activity(self, client, casa, campos, palabras):
        crear_actividad(casa.cargo_jefe, **campos)

        pagina = client.get(PLAN)

        assert palabras in texto_de(pagina)
        assert "Responde: Secretario de Planeación." in texto_de(pagina)
        assert ('href="/soporte/">Dónde se ve' in pagina.text) is ("enlace" in campos)

    def test_a_change_of_the_plan_is_seen_at_once(self, client, casa):
        actividad = crear_actividad(casa.cargo_jefe, texto="Socializar el empalme")
        client.get(PLAN)

        actividad.texto = "Socializar el empalme con la comunidad"
        actividad.save()

        assert "con la comunidad" in client.get(PLAN).text


# --- An indicator -------------------------------------------------------------------------------
class TestIndicator:
    def test_says_where_the_number_comes_from(self, client, casa, indicador):
        crear_tramite(casa, publicado=True, nombre="Certificado de estrato")
        crear_tramite(casa, "sin_gestion", nombre="Licencia urbanística")
        crear_tramite(casa, "aprobado", publicado=True)

        respuesta = client.get(indicador.get_absolute_url())
        pagina = texto_de(respuesta)

        assert "Numerador: lo que suma 1" in pagina
        assert "Denominador: el total 2" in pagina
        assert "1 ÷ 2 = 50 %, redondeado hacia abajo" in pagina
        assert "1 consulta de información: no van al SUIT" in pagina
        assert "tramites-publicados, versión 1" in pagina
        assert "Se lee así. Quién lo decidió Acta 12 del comité" in pagina
        assert pagina.index("Licencia urbanística") < pagina.index("Certificado de estrato")
        assert "No suma PL" in pagina
        assert 'href="/tramites/certificado-de-estrato/"' in respuesta.text

    def test_the_past_can_be_seen_by_week_or_by_day(self, client, casa, semana):
        indicador = crear_indicador("actualizaciones-por-semana", meta=1, unidad="veces")
        crear_publicada(casa, titulo="Aquella semana", en=en_fecha(f"{semana.desde}"))

        for pregunta in (f"semana={semana.clave}", f"fecha={semana.desde}", f"fecha={semana.hasta:%d/%m/%Y}"):
            pagina = texto_de(client.get(f"{indicador.get_absolute_url()}?{pregunta}"))
            assert f"Semana {semana.numero} de {semana.anio_iso}, del" in pagina
            assert "Valor 1 vez" in pagina
            assert "Aquella semana" in pagina
        antes = client.get(f"{indicador.get_absolute_url()}?semana={semana.anterior.clave}")
        assert "Aquella semana" not in antes.text

    def test_of_one_office(self, client, casa, semana):
        indicador = crear_indicador("actualizaciones-por-semana", meta=1, unidad="veces")
        crear_publicada(casa)

        url = indicador.get_absolute_url()
        suya = texto_de(client.get(f"{url}?dependencia={casa.planeacion.slug}"))
        ajena = texto_de(client.get(f"{url}?dependencia={casa.general.slug}"))

        assert "Valor 1 vez" in suya
        assert ": Planeación." in suya
        assert "Valor 0 veces" in ajena

    def test_what_was_stored_is_beside_what_it_gives_today(self, client, casa, semana):
        indicador = crear_indicador("actualizaciones-por-semana", meta=1, unidad="veces")
        medir(indicador, semana)
        url = f"{indicador.get_absolute_url()}?semana={semana.clave}"

        igual = texto_de(client.get(url))
        crear_publicada(casa, en=en_fecha(f"{semana.desde}"))
        distinto = texto_de(client.get(url))

        assert "con la versión 1 de la función: 0 veces. Al calcularlo hoy de nuevo da lo mismo." in igual
        assert "Hoy el mismo cálculo da 1 vez. La función es la misma" in distinto
        assert "Lo guardado no se cambia." in distinto

    def test_the_weeks_that_were_stored_are_listed_newest_first(self, client, casa, semana):
        indicador = crear_indicador("actualizaciones-por-semana", meta=1, unidad="veces")
        for periodo in semana.ultimas(10):
            medir(indicador, periodo)

        pagina = client.get(indicador.get_absolute_url()).text

        claves = re.findall(r'href="\?semana=([^"]+)"', pagina)
        assert claves == [periodo.clave for periodo in semana.ultimas(8)][::-1]

    @pytest.mark.parametrize(
        "pregunta, razon",
        [
            ("fecha=ayer", "Escriba la fecha con año, mes y día"),
            ("fecha=2999-01-01", "Esa semana no ha llegado"),
            ("semana=2999-S01", "Esa semana no ha llegado"),
            ("semana=2025-S53", "El año 2025 no tiene semana 53"),
            ("semana=cualquiera", "Escriba la semana con año y número"),
            ("semana=2000-S01", "El plan empezó el 18 de noviembre de 2008"),
            ("fecha=0001-01-01", "El plan empezó el 18 de noviembre de 2008"),
            ("dependencia=no-hay", "Esa dependencia no existe"),
        ],
    )
    def test_a_bad_question_is_told_and_today_is_shown(self, client, indicador, pregunta, razon):
        respuesta = client.get(f"{indicador.get_absolute_url()}?{pregunta}")

        assert respuesta.status_code == 200
        html_valido(respuesta)
        assert razon in respuesta.text
        assert "<title>Error: " in respuesta.text
        assert "Los siete días que terminan hoy" in respuesta.text

    @pytest.mark.parametrize("pagina", ["-1", "0", "99999999999999999999", "dos", "9999", "²"])
    def test_a_page_of_rows_that_does_not_exist_is_answered(self, client, indicador, pagina):
        assert client.get(f"{indicador.get_absolute_url()}?pagina={pagina}").status_code == 200

    def test_the_rows_come_in_pages(self, client, casa, semana):
        indicador = crear_indicador("metas-por-dependencia")
        accion = crear_accion()
        for n in range(30):
            crear_actividad(casa.cargo_jefe, accion=accion, texto=f"Tarea {n:02}", fin="2011-12-31")

        primera = client.get(indicador.get_absolute_url()).text
        segunda = client.get(f"{indicador.get_absolute_url()}?pagina=2").text

        assert "página 1 de 2" in primera
        assert ("Tarea 29" in primera, "Tarea 29" in segunda) == (False, True)

    def test_what_nobody_gave_says_why_there_is_no_figure(self, client, casa):
        indicador = crear_indicador("funcionarios-vinculados", meta=80)

        pagina = texto_de(client.get(f"{indicador.get_absolute_url()}?dependencia={casa.general.slug}"))

        assert "Por qué no hay dato Todavía no se ha registrado un empalme." in pagina
        assert "no se lleva por dependencias" in pagina

    def test_both_readings_lead_to_each_other(self, client, firmado):
        primera, segunda = "interrupciones", "interrupciones-con-accion"

        for una, otra in ((primera, segunda), (segunda, primera)):
            assert f'href="{PLAN}{otra}/"' in client.get(f"{PLAN}{una}/").text

    def test_of_a_plan_that_is_not_followed_is_not_found(self, client, casa):
        indicador = crear_indicador(accion=crear_accion(crear_plan(vigente=False)))

        assert client.get(indicador.get_absolute_url()).status_code == 404

    def test_what_was_asked_is_not_for_search_engines(self, client, indicador):
        assert 'content="noindex"' in client.get(f"{indicador.get_absolute_url()}?pagina=1").text
        assert 'content="noindex"' not in client.get(indicador.get_absolute_url()).text

    def test_what_people_write_is_shown_as_text(self, client, casa, semana):
        indicador = crear_indicador("funcionarios-vinculados")
        aportar(
            "funcionarios-vinculados", 1, 2, semana, soporte="<script>alert(1)</script>", por=casa.secretaria
        )

        assert "<script>alert" not in client.get(indicador.get_absolute_url()).text


# --- Phases -------------------------------------------------------------------------------------
class TestPhases:
    def test_each_phase_says_how_far_it_has_come_and_with_what(self, client, casa, fase):
        otra = {"base": "persona", "por": casa.secretaria}
        for _ in range(2):
            evaluar(crear_criterio(fase=fase), "cumple")
        evaluar(crear_criterio(fase=fase), "cumple", **otra)
        evaluar(crear_criterio(fase=fase), "no_cumple")
        evaluar(crear_criterio(fase=fase), "no_aplica", razon="No hay puerto.")
        crear_criterio(fase=fase)
        crear_criterio(fase=fase, es_compromiso=True)

        for ruta in ("/gobierno-en-linea/", fase.get_absolute_url()):
            pagina = texto_de(client.get(ruta))
            assert "60 % 3 de 5 criterios se cumplen" in pagina
            for parte in (
                *("2 probados por regla", "1 afirmado por una persona", "1 no se cumple"),
                *("1 sin evaluar", "1 no aplica"),
            ):
                assert parte in pagina

    @pytest.mark.parametrize(
        "plazo, resultado, estado",
        [
            (-1, "no_cumple", "Vencida"),
            (1, "no_cumple", "Por vencer"),
            (-1, "cumple", "Cumplida"),
            (None, "no_cumple", "Sin plazo conocido"),
        ],
    )
    def test_the_due_date_is_told_in_words(self, client, fase, plazo, resultado, estado):
        if plazo:
            fase.plazo_territorial = timezone.localdate() + timedelta(days=plazo)
            fase.save()
        evaluar(crear_criterio(fase=fase), resultado)

        for ruta in ("/gobierno-en-linea/", fase.get_absolute_url()):
            assert estado in texto_de(client.get(ruta))

    def test_a_criterion_says_what_was_found_and_what_is_missing(self, client, fase):
        criterio = crear_criterio(fase=fase, nombre="Organigrama", firmeza=Criterio.Firmeza.POR_COTEJAR)
        criterio.detalle, criterio.arreglo = "No hay ninguna página.", "Publique una."
        evaluar(criterio, "no_cumple")

        pagina = texto_de(client.get(fase.get_absolute_url()))

        assert "Organigrama No cumple por cotejar" in pagina
        assert "Qué se encontró: No hay ninguna página. Qué falta: Publique una." in pagina
        assert "Probado por regla" in pagina
        assert "Fuente: por cotejar con el texto oficial" in pagina
        assert "1 criterio está «por cotejar»" in pagina

    def test_what_nobody_evaluated_and_what_the_plan_promised_stand_apart(self, client, fase):
        evaluar(crear_criterio(fase=fase, nombre="Primero"), "cumple")
        crear_criterio(fase=fase, nombre="Segundo")
        crear_criterio(fase=fase, nombre="Tercero", es_compromiso=True)

        pagina = texto_de(client.get(fase.get_absolute_url()))

        orden = [
            pagina.index(palabras)
            for palabras in ("Primero", "Nadie ha dicho", "Segundo", "Compromisos del plan", "Tercero")
        ]
        assert orden == sorted(orden)

    @pytest.mark.parametrize(
        "resultado, campos, palabras",
        [
            ("no_aplica", {"base": "persona"}, "Razón: No hay puerto."),
            ("cumple", {"base": "excepcion", "vence_en": "2999-01-31"}, "hasta el 31 de enero de 2999"),
        ],
    )
    def test_the_reason_of_an_exception_is_published(self, client, casa, fase, resultado, campos, palabras):
        criterio = crear_criterio(fase=fase)
        evaluar(criterio, resultado, razon="No hay puerto.", por=casa.secretaria, **campos)

        pagina = texto_de(client.get(fase.get_absolute_url()))

        assert palabras in pagina
        assert "Razón: No hay puerto." in pagina

    def test_the_evidence_that_holds_is_linked_and_no_other(self, client, casa, fase):
        criterio = crear_criterio(fase=fase)
        evaluar(criterio, "cumple", base="persona", por=casa.secretaria)
        for titulo, enlace, invalida in (
            ("La página", "/soporte/", ""),
            ("La que se retiró", "/canales/x/", "Esa publicación se retiró."),
        ):
            campos = {"titulo": titulo, "enlace": enlace, "invalida": invalida}
            Evidencia.objects.create(por=casa.secretaria, **campos).criterios.add(criterio)

        pagina = client.get(fase.get_absolute_url()).text

        assert '<a href="/soporte/">La página</a>' in pagina
        assert "La que se retiró" not in pagina

    def test_a_file_given_as_evidence_is_handed_over_while_it_holds(self, client, casa, fase):
        criterio = crear_criterio(fase=fase)
        dada = Evidencia(titulo="El acta", archivo_nombre="acta.pdf", por=casa.secretaria)
        dada.archivo.save("acta.pdf", ContentFile(b"%PDF-1.4"))
        dada.criterios.add(criterio)
        evaluar(criterio, "cumple", base="persona", por=casa.secretaria)
        url = f"/gobierno-en-linea/evidencias/{dada.pk}/"

        respuesta = client.get(url)

        assert f'<a href="{url}">El acta</a>' in client.get(fase.get_absolute_url()).text
        assert b"".join(respuesta.streaming_content) == b"%PDF-1.4"
        assert respuesta.headers["Content-Disposition"] == 'attachment; filename="acta.pdf"'
        assert respuesta.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert client.post(url).status_code == 405
        Evidencia.objects.update(invalida="El archivo ya no es el que se subió.")
        assert client.get(url).status_code == 404
        Evidencia.objects.update(invalida="")
        dada.archivo.storage.delete(dada.archivo.name)
        assert client.get(url).status_code == 404

    def test_the_last_weeks_are_told(self, client, fase, semana):
        evaluar(crear_criterio(fase=fase), "cumple", en=semana.inicio)

        pagina = texto_de(client.get(fase.get_absolute_url())).partition("Las últimas semanas")[2]

        assert f"{semana.numero} de {semana.anio_iso} hasta el" in pagina
        assert "100 % 1 de 1 0" in pagina
        assert "0 % 0 de 1 1" in pagina

    def test_the_publications_of_the_channel_are_here_in_pages(self, client, casa, canal):
        for n in range(12):
            publicar_en_el_canal(casa, canal, f"Noticia {n:02} del comité")

        primera, segunda = (client.get(f"/gobierno-en-linea/?pagina={n}").text for n in (1, 2))

        assert ("Noticia 11" in primera, "Noticia 00" in primera) == (True, False)
        assert ("Noticia 11" in segunda, "Noticia 00" in segunda) == (False, True)
        assert f"/canales/{CANAL}/rss/" in primera


# --- Cost ---------------------------------------------------------------------------------------
class TestCost:
    """Queries of a page, the same at one row and at many: few once it is kept, and bounded the first time."""

    PAGINAS = {
        "/gobierno-en-linea/": (3, 8),
        PLAN: (1, 25),
        "/gobierno-en-linea/informacion/": (2, 8),
        f"{PLAN}metas/": (2, 16),
    }

    @pytest.fixture
    def llenar(self, casa, canal, fase):
        accion = crear_accion()
        crear_indicador("metas-por-dependencia", codigo="metas", accion=accion)
        crear_indicador("criterios-cumplidos", parametros={"fase": "informacion"}, accion=accion)
        crear_indicador("actualizaciones-por-semana", accion=accion)

        def llenar(cuantas: int):
            for n in range(cuantas):
                crear_dependencia()
                publicar_en_el_canal(casa, canal, f"Noticia {n}")
                criterio = crear_criterio(fase=fase)
                evaluar(criterio, "cumple", base="persona", por=casa.secretaria)
                dada = Evidencia.objects.create(titulo="Ver", enlace="/soporte/", por=casa.secretaria)
                dada.criterios.add(criterio)
                crear_actividad(casa.cargo_jefe, casa.cargo_autor, accion=accion, fin="2011-12-31")
                crear_canal(casa.planeacion, edad_maxima_dias=7)
            for semana in semana_pasada().ultimas(cuantas):
                medir_semana(semana)

        return llenar

    def costos(self, client, ruta) -> tuple[int, int]:
        """Queries when the page is kept, and when nothing is."""
        costos = []
        for vaciar in (True, False):
            if vaciar:
                cache.clear()
            with CaptureQueriesContext(connection) as consultas:
                client.get(ruta)
            costos.append(len(consultas))
        return costos[1], costos[0]

    def test_it_does_not_grow(self, client, llenar):
        llenar(1)
        con_una = {ruta: self.costos(client, ruta) for ruta in self.PAGINAS}

        llenar(8)

        con_muchas = {ruta: self.costos(client, ruta) for ruta in self.PAGINAS}
        assert con_muchas == con_una
        for ruta, (guardada, primera) in self.PAGINAS.items():
            assert con_una[ruta][0] == guardada, con_una
            assert con_una[ruta][1] == primera, con_una

    def test_the_whole_signed_plan(self, client, firmado):
        assert self.costos(client, PLAN) == (1, 52)

    def test_a_week_of_the_past(self, client, llenar, semana):
        llenar(3)
        ruta = f"{PLAN}metas/?semana={semana.clave}"
        client.get(ruta)

        with CaptureQueriesContext(connection) as consultas:
            client.get(ruta)

        assert len(consultas) <= 14

    def test_a_public_change_is_seen_at_once(self, client, fase, casa):
        client.get(fase.get_absolute_url())
        crear_criterio(fase=fase, nombre="Recién llegado")
        Edicion.avanzar()

        assert "Recién llegado" in client.get(fase.get_absolute_url()).text
