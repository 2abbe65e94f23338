"""What the citizen reads."""

from datetime import timedelta

import feedparser
import html5lib
import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import OperationalError, connection
from django.utils import timezone
from icalendar import Calendar

from portal import services
from portal.models import Edicion, Municipio, Publicacion
from portal.urls import urlpatterns
from tests.builders import crear_canal, crear_publicada, crear_version

FIJAS = [
    *("/", "/canales/", "/canales/responsables/", "/dependencias/", "/dependencias/directorio/"),
    *("/agenda/", "/agenda/?pasados=1", "/buscar/", "/mapa-del-sitio/", "/politicas/"),
]
EVENTO = {
    "titulo": "Feria del río",
    "lugar": "Malecón",
    "evento_inicio": timezone.now() + timedelta(days=3),
    "evento_fin": timezone.now() + timedelta(days=3, hours=2),
}
DOCUMENTO = {
    "titulo": "Decreto 012",
    "norma_tipo": "decreto",
    "norma_numero": "012",
    "norma_fecha": timezone.localdate(),
}


@pytest.fixture
def publicada(casa):
    return crear_publicada(casa)


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.content.decode())


class TestEveryPage:
    @pytest.mark.parametrize("ruta", FIJAS)
    @pytest.mark.parametrize("con_datos", [False, True])
    def test_answers_with_valid_html_and_sets_no_cookie(self, db, client, ruta, con_datos, request):
        if con_datos:
            crear_publicada(request.getfixturevalue("casa"))

        respuesta = client.get(ruta)

        assert respuesta.status_code == 200
        html_valido(respuesta)
        assert not respuesta.cookies
        assert "Cookie" not in respuesta.headers.get("Vary", "")

    @pytest.mark.parametrize("ruta", FIJAS)
    def test_is_only_read(self, casa, client, ruta):
        for metodo in ("post", "put", "delete"):
            assert getattr(client, metodo)(ruta).status_code == 405

    @pytest.mark.parametrize("ruta", FIJAS)
    def test_carries_the_headers_that_protect(self, casa, client, ruta):
        cabeceras = client.get(ruta).headers

        politica = cabeceras["Content-Security-Policy"]
        assert "default-src 'none'" in politica
        assert "unsafe" not in politica
        assert cabeceras["X-Frame-Options"] == "DENY"
        assert cabeceras["X-Content-Type-Options"] == "nosniff"
        assert cabeceras["Referrer-Policy"] == "same-origin"
        assert "camera=()" in cabeceras["Permissions-Policy"]

    def test_names_one_title_and_one_h1(self, casa, client):
        titulos = set()
        for ruta in FIJAS[:6]:
            pagina = client.get(ruta).text
            assert pagina.count("<h1") == 1
            assert '<html lang="es-CO"' in pagina
            titulos.add(pagina.partition("<title>")[2].partition("</title>")[0])

        assert len(titulos) == 6

    def test_what_is_not_confirmed_says_so(self, casa, client):
        Municipio.objects.update(por_confirmar=["telefono"])
        Edicion.avanzar()

        assert "dato de demostración" in client.get("/").text.lower()

    def test_the_menu_has_at_most_seven_items(self):
        from portal.sitio import MENU

        assert len(MENU) <= 7

    def test_every_address_without_parameters_is_in_these_tests(self):
        """A page that nobody tests makes this fail."""
        sin_parametros = {f"/{p.pattern}" for p in urlpatterns if "<" not in str(p.pattern)}
        otras = {"/agenda.ics", "/sitemap.xml", "/robots.txt", "/rss/", "/soporte/", "/salud/", "/escudo/"}

        assert sin_parametros == {ruta.partition("?")[0] for ruta in FIJAS} | otras


class TestWhatIsPublic:
    @pytest.mark.parametrize(
        "estado, codigo",
        [
            ("borrador", 404),
            ("en_validacion", 404),
            ("por_autorizar", 404),
            ("autorizada", 404),
            ("programada", 404),
            ("devuelta", 404),
            ("descartada", 404),
            ("publicada", 200),
            ("urgente", 200),
            ("retirada", 410),
        ],
    )
    def test_list_detail_feed_search_and_sitemap_agree(self, casa, client, estado, codigo):
        version = crear_version(casa, estado, titulo="Pavimentación inconfundible")
        url = version.publicacion.get_absolute_url()

        visible = codigo == 200
        assert client.get(url).status_code == codigo
        assert ("inconfundible" in client.get(casa.canal.get_absolute_url()).text) is visible
        assert ("inconfundible" in client.get("/rss/").text) is visible
        assert (url in client.get("/sitemap.xml").text) is visible
        buscado = client.get("/buscar/", {"q": "pavimentacion"}).context.get("total", 0)
        assert bool(buscado) is visible

    def test_a_page_shows_who_answers_for_it_and_when(self, casa, client, publicada):
        pagina = client.get(publicada.get_absolute_url()).text

        assert "Planeación" in pagina
        assert "Auxiliar" in pagina
        assert "Última revisión" in pagina
        assert f"{timezone.localdate().year}-0001" in pagina

    def test_an_urgent_one_says_so_until_somebody_else_authorises(self, casa, client):
        version = crear_version(casa, "urgente")
        url = version.publicacion.get_absolute_url()
        assert "urgente" in client.get(url).text

        services.autorizar_urgente(version, por=casa.alcalde, huella=version.huella())

        assert "falta la autorización" not in client.get(url).text

    def test_withdrawn_by_error_leaves_a_notice_without_the_text(self, casa, client):
        publicacion = crear_version(casa, "retirada", cuerpo="<p>Secreto</p>").publicacion

        respuesta = client.get(publicacion.get_absolute_url())

        assert respuesta.status_code == 410
        assert "No iba." in respuesta.text
        assert "Secreto" not in respuesta.text
        html_valido(respuesta)

    def test_no_longer_in_force_keeps_the_text_with_a_notice(self, casa, client, publicada):
        services.retirar(publicada, por=casa.jefe, clase="sin_vigencia", motivo="Terminó la obra.")

        pagina = client.get(publicada.get_absolute_url()).text

        assert "Terminó la obra." in pagina
        assert "La obra empieza" in pagina

    def test_merged_leads_to_the_other(self, casa, client, publicada):
        otra = crear_publicada(casa, titulo="La que queda")
        services.retirar(publicada, por=casa.jefe, clase="unificada", motivo="Repetida.", unificada_con=otra)

        respuesta = client.get(publicada.get_absolute_url())

        assert (respuesta.status_code, respuesta.url) == (301, otra.get_absolute_url())

    def test_a_channel_that_is_not_public_does_not_exist(self, casa, client, publicada):
        casa.canal.publico = False
        casa.canal.save()

        assert client.get(publicada.get_absolute_url()).status_code == 404
        assert client.get(casa.canal.get_absolute_url()).status_code == 404

    def test_a_change_reaches_every_page_at_once(self, casa, client, publicada):
        url = publicada.get_absolute_url()
        assert "Otra dirección 1" not in client.get(url).text

        municipio = Municipio.objects.get()
        municipio.direccion = "Otra dirección 1"
        municipio.save()

        assert "Otra dirección 1" in client.get(url).text

    def test_html_in_a_title_is_shown_not_run(self, casa, client):
        publicacion = crear_publicada(casa, titulo="<script>alert(1)</script>")

        for ruta in (publicacion.get_absolute_url(), "/", casa.canal.get_absolute_url(), "/rss/"):
            assert "<script>alert" not in client.get(ruta).text

    def test_a_fixed_address_is_the_only_one(self, casa, client):
        version = services.crear_publicacion(
            canal=casa.canal,
            tipo="pagina",
            por=casa.autora,
            ruta_fija="/politicas/privacidad/",
            titulo="Privacidad",
            resumen="Datos.",
            cuerpo="<p>Cuidamos sus datos.</p>",
        )
        assert client.get("/politicas/privacidad/").status_code == 404
        services.publicar_urgente(version, por=casa.jefe, motivo="Prueba.")

        assert "Cuidamos sus datos" in client.get("/politicas/privacidad/").text
        assert "/politicas/privacidad/" in client.get("/politicas/").text
        anterior = client.get(f"/canales/{casa.canal.slug}/{version.publicacion.slug}/")
        assert (anterior.status_code, anterior.url) == (301, "/politicas/privacidad/")
        assert client.get("/soporte/").status_code == 404


class TestListings:
    @pytest.mark.parametrize(
        "listado, tipo, campos",
        [
            ("lista", "noticia", {}),
            ("documentos", "documento", DOCUMENTO),
            ("preguntas", "pregunta", {"titulo": "¿Dónde pago?"}),
            ("glosario", "termino", {"titulo": "Estrato"}),
            ("enlaces", "enlace", {"enlace": "https://www.gov.co/"}),
        ],
    )
    def test_each_kind_of_channel_is_valid_empty_and_full(self, casa, client, listado, tipo, campos):
        casa.canal.tipos, casa.canal.listado = [tipo], listado
        casa.canal.save()
        html_valido(client.get(casa.canal.get_absolute_url()))
        publicacion = crear_publicada(casa, tipo=tipo, **campos)

        respuesta = client.get(casa.canal.get_absolute_url())
        detalle = client.get(publicacion.get_absolute_url())

        html_valido(respuesta)
        html_valido(detalle)
        assert str(publicacion) in respuesta.text

    @pytest.mark.parametrize("pagina", ["2", "999", "-1", "x", "1%00"])
    def test_a_strange_page_number_is_answered_sensibly(self, casa, client, publicada, pagina):
        assert client.get(f"{casa.canal.get_absolute_url()}?pagina={pagina}").status_code == 200

    def test_documents_are_listed_by_their_own_date_newest_first(self, casa, client):
        casa.canal.tipos, casa.canal.listado = ["documento"], "documentos"
        casa.canal.save()
        for fecha in ("2024-05-01", "2026-05-01", "2025-05-01"):
            crear_publicada(
                casa, tipo="documento", **DOCUMENTO | {"titulo": f"Acto {fecha}", "norma_fecha": fecha}
            )

        pagina = client.get(casa.canal.get_absolute_url()).context["pagina"]

        assert [str(p)[5:9] for p in pagina] == ["2026", "2025", "2024"]

    def test_a_channel_shown_by_another_page_leads_there(self, casa, client):
        canal = crear_canal(ruta="/agenda/", tipos=["evento"])

        respuesta = client.get(f"/canales/{canal.slug}/")

        assert respuesta.url == "/agenda/"

    def test_the_agenda_tells_what_comes_from_what_was(self, casa, client):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        crear_publicada(casa, tipo="evento", **EVENTO)
        ayer = timezone.now() - timedelta(days=1)
        crear_publicada(
            casa,
            tipo="evento",
            **EVENTO | {"titulo": "La de ayer", "evento_inicio": ayer, "evento_fin": ayer},
        )

        futuros, pasados = client.get("/agenda/").text, client.get("/agenda/?pasados=1").text

        assert ("Feria del río" in futuros, "La de ayer" in futuros) == (True, False)
        assert ("Feria del río" in pasados, "La de ayer" in pasados) == (False, True)


class TestForMachines:
    def test_rss_is_read_by_a_real_reader(self, casa, client, publicada):
        for ruta in ("/rss/", f"/canales/{casa.canal.slug}/rss/"):
            fuente = feedparser.parse(client.get(ruta).content)

            assert not fuente.bozo
            assert [entrada.title for entrada in fuente.entries] == [str(publicada)]
            assert fuente.entries[0].link.endswith(publicada.get_absolute_url())

    def test_rss_of_an_unknown_channel_is_not_found(self, casa, client):
        assert client.get("/canales/no-hay/rss/").status_code == 404

    def test_the_calendar_is_valid_and_holds_the_event(self, casa, client):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        crear_publicada(casa, tipo="evento", **EVENTO)

        calendario = Calendar.from_ical(client.get("/agenda.ics").content)

        [evento] = calendario.walk("VEVENT")
        assert str(evento["summary"]) == "Feria del río"
        assert evento.decoded("dtstart") == EVENTO["evento_inicio"].replace(microsecond=0)

    def test_robots_point_to_the_sitemap(self, casa, client):
        respuesta = client.get("/robots.txt")

        assert "Sitemap: http://testserver/sitemap.xml" in respuesta.text
        assert "Disallow: /admin/" in respuesta.text


class TestSearchPage:
    @pytest.mark.parametrize("q", ["", "   ", "pavimentacion", "no-hay-nada-asi", "predail", "%", "'"])
    def test_is_valid_whatever_is_asked(self, casa, client, publicada, q):
        respuesta = client.get("/buscar/", {"q": q})

        assert respuesta.status_code == 200
        html_valido(respuesta)

    def test_filters_that_do_not_exist_filter_nothing_and_say_so(self, casa, client, publicada):
        respuesta = client.get(
            "/buscar/",
            {"q": "obra", "canal": "no-hay", "dependencia": "tampoco", "tipo": "x", "anio": "mil"},
        )

        assert respuesta.context["total"] == 1
        assert "cuatro cifras" in respuesta.text

    def test_results_are_paged_keeping_the_question(self, casa, client):
        for n in range(12):
            crear_publicada(casa, titulo=f"Obra {n}")

        respuesta = client.get("/buscar/", {"q": "obra", "canal": casa.canal.slug})

        assert len(respuesta.context["pagina"]) == 10
        assert "q=obra" in respuesta.text and "pagina=2" in respuesta.text


class TestTheAct:
    def test_is_printable_and_shows_its_hash(self, casa, client):
        version = crear_version(casa, "publicada")

        respuesta = client.get(version.autorizacion.get_absolute_url())

        html_valido(respuesta)
        limpio = "".join(respuesta.text.split())
        assert version.autorizacion.huella[:8] in limpio
        assert "Secretario de Planeación" in respuesta.text

    def test_of_what_is_not_public_yet_is_only_for_staff(self, casa, client):
        url = crear_version(casa, "autorizada").autorizacion.get_absolute_url()

        assert client.get(url).status_code == 404
        client.force_login(casa.jefe)
        assert client.get(url).status_code == 200

    @pytest.mark.parametrize("numero", ["2026-9999", "2026-00", "x", "9999-0001"])
    def test_an_unknown_number_is_not_found(self, casa, client, numero):
        assert client.get(f"/autorizaciones/{numero}/").status_code == 404


class TestFiles:
    def test_a_public_file_leaves_as_an_attachment_that_cannot_run(self, casa, client, adjunto_pdf):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)
        services.publicar_urgente(version, por=casa.jefe, motivo="Prueba.")

        respuesta = client.get(adjunto.get_absolute_url())

        assert respuesta.getvalue().startswith(b"%PDF")
        assert respuesta.headers["Content-Disposition"] == 'attachment; filename="plano.pdf"'
        assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in respuesta.headers["Content-Security-Policy"]
        assert "Plano" in client.get(version.publicacion.get_absolute_url()).text

    def test_the_file_of_a_replaced_text_is_no_longer_public(self, casa, client, adjunto_pdf):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)
        services.publicar_urgente(version, por=casa.jefe, motivo="Prueba.")
        services.retirar(version.publicacion, por=casa.jefe, clase="error", motivo="No iba.")

        assert client.get(adjunto.get_absolute_url()).status_code == 404
        assert client.get(f"/archivos/{adjunto.pk}/miniatura.webp").status_code == 404


class TestCost:
    """Queries per page: the same at one row and at many; at most four, and two more the first time."""

    PAGINAS = {
        "/": 3,
        "/canales/": 1,
        "/canales/responsables/": 4,
        "/canales/programas-y-proyectos/": 3,
        "/dependencias/": 1,
        "/dependencias/directorio/": 4,
        "/agenda/": 3,
        "/buscar/?q=obra": 4,
        "/mapa-del-sitio/": 1,
        "/politicas/": 2,
        "/rss/": 2,
        "/agenda.ics": 2,
    }

    @pytest.mark.parametrize("filas", [1, 15])
    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_of_a_page(self, casa, client, django_assert_num_queries, ruta, filas):
        self.llenar(casa, filas)
        client.get(ruta)

        with django_assert_num_queries(self.PAGINAS[ruta]):
            client.get(ruta)

    @pytest.mark.parametrize("filas", [1, 15])
    def test_of_a_publication(self, casa, client, django_assert_num_queries, filas):
        self.llenar(casa, filas)
        url = Publicacion.objects.filter(tipo="noticia").first().get_absolute_url()
        client.get(url)

        with django_assert_num_queries(3):
            client.get(url)

    @pytest.mark.parametrize("ruta", PAGINAS)
    def test_the_first_time_after_a_change(self, casa, client, django_assert_max_num_queries, ruta):
        self.llenar(casa, 2)
        cache.clear()

        with django_assert_max_num_queries(self.PAGINAS[ruta] + 3):
            client.get(ruta)

    def llenar(self, casa, filas):
        casa.canal.tipos = ["noticia", "evento"]
        casa.canal.save()
        for n in range(filas):
            crear_publicada(casa, titulo=f"Obra {n}")
            crear_publicada(casa, tipo="evento", **EVENTO | {"titulo": f"Feria {n}"})


@pytest.mark.parametrize(("minutos", "se_dice"), [(1, False), (10, False), (180, True)])
def test_what_went_out_late_says_both_times(client, casa, minutos, se_dice):
    version = crear_version(casa, "programada")
    hora = version.programada_para
    services.publicar_programadas(hora + timedelta(minutes=minutos))

    with time_machine.travel(hora + timedelta(minutes=minutos)):
        pagina = client.get(version.publicacion.get_absolute_url()).text

    assert ("Estaba programada para el" in pagina) is se_dice


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestWithoutDatabase:
    @pytest.fixture
    def sin_base(self):
        """From here on PostgreSQL does not answer: every query fails as when it is down."""

        def falla(*args):
            raise OperationalError("connection refused")

        with connection.execute_wrapper(falla):
            yield

    def test_a_page_that_was_read_is_served_with_a_notice(self, client, request):
        from tests.builders import crear_alcaldia

        publicacion = crear_publicada(crear_alcaldia())
        url = publicacion.get_absolute_url()
        antes = client.get(url).text
        request.getfixturevalue("sin_base")

        respuesta = client.get(url)

        assert respuesta.status_code == 200
        assert "Estamos con una falla" in respuesta.text
        assert "La obra empieza" in respuesta.text
        assert "Estamos con una falla" not in antes

    def test_a_page_that_was_not_read_says_it_kindly_and_needs_no_query(self, client, sin_base):
        respuesta = client.get("/canales/noticias/")

        assert respuesta.status_code == 503
        assert respuesta.headers["Retry-After"] == "60"
        html_valido(respuesta)

    def test_what_a_person_saw_in_the_admin_is_never_kept(self, client):
        from tests.builders import crear_alcaldia

        casa = crear_alcaldia()
        client.force_login(casa.admin)
        client.get("/admin/")

        assert caches["copias"].get("/admin/") is None

    def test_health_says_so(self, client, sin_base):
        respuesta = client.get("/salud/")

        assert respuesta.status_code == 503
        assert respuesta.json() == {"estado": "mal", "base": False}


class TestHealth:
    def test_answers_with_the_routines(self, db, client):
        respuesta = client.get("/salud/")

        assert respuesta.json()["estado"] == "bien"
        assert {r["nombre"] for r in respuesta.json()["rutinas"]} >= {"publicar-programadas"}
        assert "no-store" in respuesta.headers["Cache-Control"]


class TestErrors:
    @pytest.mark.parametrize("codigo", ["400", "403", "403_csrf", "404", "429", "500", "503"])
    def test_their_pages_need_no_database_and_are_valid(self, rf, codigo):
        """Without the `db` fixture any query would fail this test."""
        from django.template.loader import render_to_string

        pagina = render_to_string(f"{codigo}.html", request=rf.get("/"))

        html5lib.HTMLParser(strict=True).parse(pagina)
        assert len(pagina.encode()) < 10_000

    def test_an_unknown_address_offers_the_search(self, casa, client):
        respuesta = client.get("/no-existe/")

        assert respuesta.status_code == 404
        assert 'action="/buscar/"' in respuesta.text

    def test_five_wrong_passwords_slow_down_that_person_only(self, casa, client, settings):
        casa.autora.set_password("la-clave-correcta")
        casa.autora.save()
        for _ in range(5):
            client.post("/admin/login/", {"username": "autora", "password": "mala"})

        respuesta = client.post("/admin/login/", {"username": "autora", "password": "la-clave-correcta"})
        otra = client.post("/admin/login/", {"username": "editor", "password": "mala"})

        assert respuesta.status_code == 429
        assert otra.status_code == 200
