"""«¿Le fue útil esta página?»: counted without keeping who, and read by whoever answers for the page."""

import gzip
import re
from datetime import timedelta
from uuid import uuid4

import html5lib
import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from participacion import opiniones
from participacion.models import MotivoDeOpinion, OpinionDePagina
from portal import bandeja
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.forms.comunes import sello
from portal.models import Dependencia
from tests.builders import crear_canal, crear_publicada

OPINION, POR_QUE, GRACIAS = "/opinion/", "/opinion/por-que/", "/opinion/gracias/"
PANEL = "/panel/opiniones/"
AGENDA = opiniones.firmar_ruta("/agenda/")


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.text)


def por_que(**cambios) -> dict[str, object]:
    """What a person sends from the page that asks why."""
    visto = sello(timezone.now() - timedelta(minutes=1))
    datos = {
        "ruta": AGENDA,
        "clave": uuid4(),
        "clase": "no_halle",
        "texto": "No dice la hora.",
        "visto": visto,
    }
    return datos | cambios


def crear_motivo(canal=None, **campos) -> MotivoDeOpinion:
    valores = {"ruta": canal.get_absolute_url() if canal else "/dependencias/", "clase": "no_halle"}
    return MotivoDeOpinion.objects.create(canal=canal, **valores | campos)


def totales() -> list[tuple[str, int, int]]:
    return list(OpinionDePagina.objects.order_by("ruta").values_list("ruta", "si", "no"))


class TestTheQuestion:
    def test_it_is_at_the_foot_of_what_is_read_and_works_as_it_came(self, casa, client):
        pagina = client.get("/agenda/").text

        ruta = re.search(r'name="ruta" value="([^"]+)"', pagina)[1]
        respuesta = client.post(OPINION, {"ruta": ruta, "util": "si"})

        assert respuesta.status_code == 302
        assert respuesta.url.startswith(GRACIAS)
        assert totales() == [("/agenda/", 1, 0)]

    @pytest.mark.parametrize("ruta", ["/no-existe/", "/pqrsd/", "/radicados/consulta/", GRACIAS])
    def test_it_is_not_where_a_form_is_in_course_nor_in_errors(self, casa, client, ruta):
        assert "¿Le fue útil" not in client.get(ruta).text

    def test_it_adds_at_most_350_bytes_to_a_page(self, casa, client):
        pagina = client.get("/agenda/").text
        sin = re.sub(r'<form class="ancho opinion.*?</form>', "", pagina, flags=re.DOTALL)

        assert len(sin) < len(pagina)
        assert len(gzip.compress(pagina.encode())) - len(gzip.compress(sin.encode())) <= 350

    def test_it_costs_the_page_no_query(self, casa, client, django_assert_max_num_queries):
        client.get("/canales/")

        with django_assert_max_num_queries(2):
            client.get("/canales/")

    def test_the_same_page_is_the_same_bytes_for_everybody(self, casa, client):
        assert client.get("/agenda/").content == client.get("/agenda/").content

    @pytest.mark.parametrize("ruta", ["/admin/portal/version/3/vista-previa/", "/panel/", "/" + "a" * 300])
    def test_what_is_not_a_public_page_is_not_signed(self, ruta):
        assert opiniones.firmar_ruta(ruta) == ""


class TestAnAnswer:
    def test_who_says_no_is_asked_why(self, casa, client):
        respuesta = client.post(OPINION, {"ruta": AGENDA, "util": "no"}, follow=True)

        assert totales() == [("/agenda/", 0, 1)]
        assert respuesta.redirect_chain[0][0].startswith(POR_QUE)
        assert "¿Qué le faltó a la página?" in respuesta.text
        html_valido(respuesta)

    def test_thanks_say_what_happens_and_where_to_go(self, casa, client):
        respuesta = client.get(GRACIAS, {"ruta": AGENDA})

        assert 'href="/pqrsd/"' in respuesta.text
        assert 'href="/agenda/"' in respuesta.text
        html_valido(respuesta)

    def test_nothing_of_it_sets_a_cookie_or_is_kept(self, casa, client):
        for respuesta in (
            client.get("/agenda/"),
            client.post(OPINION, {"ruta": AGENDA, "util": "si"}),
            client.get(POR_QUE, {"ruta": AGENDA}),
            client.post(POR_QUE, por_que()),
            client.get(GRACIAS, {"ruta": AGENDA}),
        ):
            assert not respuesta.cookies
        assert not client.cookies
        assert "no-store" in client.get(POR_QUE, {"ruta": AGENDA}).headers["Cache-Control"]
        assert "noindex" in client.get(GRACIAS).text

    def test_a_repetition_is_thanked_and_not_counted(self, casa, client):
        for _ in range(3):
            assert client.post(OPINION, {"ruta": AGENDA, "util": "si"}).status_code == 302

        assert totales() == [("/agenda/", 1, 0)]

    @pytest.mark.parametrize("util", ["si", "no"])
    def test_what_was_not_counted_is_not_said_to_be(self, casa, client, util):
        """A telephone of the same model behind the same address may be another person."""
        contada, otra = (
            client.post(OPINION, {"ruta": AGENDA, "util": util}, follow=True) for _vez in range(2)
        )

        assert "quizá de otra persona" not in contada.text
        assert "quizá de otra persona" in otra.text
        assert ("Ya contamos su «No»" in contada.text) is (util == "no")
        assert "Ya contamos" not in otra.text
        html_valido(otra)
        assert "Ya contamos" not in client.post(POR_QUE, por_que(sitio_web="x")).text

    def test_two_telephones_behind_one_address_count_as_two(self, casa, client):
        for navegador in ("Uno", "Otro"):
            client.post(OPINION, {"ruta": AGENDA, "util": "si"}, headers={"User-Agent": navegador})

        assert totales() == [("/agenda/", 2, 0)]

    def test_a_program_that_changes_its_name_is_stopped(self, casa, client):
        for n in range(opiniones.POR_DIRECCION + 5):
            client.post(OPINION, {"ruta": AGENDA, "util": "no"}, headers={"User-Agent": f"Robot {n}"})

        assert totales() == [("/agenda/", 0, opiniones.POR_DIRECCION)]

    def test_the_next_day_it_counts_again_apart(self, casa, client):
        with time_machine.travel("2026-10-06 15:00Z", tick=False):
            client.post(OPINION, {"ruta": AGENDA, "util": "si"})
        with time_machine.travel("2026-10-07 15:00Z", tick=False):
            client.post(OPINION, {"ruta": AGENDA, "util": "si"})

        assert OpinionDePagina.objects.count() == 2

    @pytest.mark.parametrize(
        "datos",
        [
            {},
            {"ruta": AGENDA},
            {"ruta": AGENDA, "util": "quizá"},
            {"ruta": "/agenda/", "util": "si"},
            {"ruta": f"/otra{AGENDA}", "util": "si"},
            {"ruta": "https://malo.example/", "util": "si"},
        ],
    )
    def test_what_we_did_not_show_is_refused_kindly(self, casa, client, datos):
        respuesta = client.post(OPINION, datos)

        assert respuesta.status_code == 400
        assert "No entendimos lo que llegó" in respuesta.text
        assert not OpinionDePagina.objects.exists()

    @pytest.mark.parametrize(
        "cabeceras",
        [
            {"Origin": "https://malo.example"},
            {"Origin": "null"},
            {"Origin": "http://["},
            {"Sec-Fetch-Site": "cross-site"},
        ],
    )
    @pytest.mark.parametrize("ruta", [OPINION, POR_QUE])
    def test_another_site_cannot_send_it(self, casa, client, ruta, cabeceras):
        respuesta = client.post(ruta, {"util": "si"} | por_que(), headers=cabeceras)

        assert respuesta.status_code == 400
        assert not OpinionDePagina.objects.exists()
        assert not MotivoDeOpinion.objects.exists()

    def test_our_own_pages_can(self, casa, client):
        cabeceras = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}

        assert client.post(OPINION, {"ruta": AGENDA, "util": "si"}, headers=cabeceras).status_code == 302

    @pytest.mark.parametrize("metodo", ["get", "put", "delete"])
    def test_it_is_only_sent(self, casa, client, metodo):
        assert getattr(client, metodo)(OPINION).status_code == 405

    def test_thanks_are_only_read(self, casa, client):
        assert client.post(GRACIAS).status_code == 405

    @pytest.mark.parametrize("ruta", [OPINION, POR_QUE])
    def test_too_much_is_not_even_read(self, casa, client, ruta):
        respuesta = client.post(ruta, {"util": "si"} | por_que(texto="a" * 5_000_000))

        assert respuesta.status_code == 413
        assert "demasiado largo" in respuesta.text


class TestWhy:
    def test_it_is_kept_for_the_owner_of_the_channel(self, casa, client):
        crear_canal(slug="agenda", ruta="/agenda/")

        respuesta = client.post(POR_QUE, por_que(), follow=True)

        motivo = MotivoDeOpinion.objects.get()
        assert (motivo.ruta, motivo.clase, motivo.texto) == ("/agenda/", "no_halle", "No dice la hora.")
        assert motivo.canal.slug == "agenda"
        assert "Gracias por su opinión" in respuesta.text

    def test_nobody_is_obliged(self, casa, client):
        respuesta = client.post(POR_QUE, por_que(clase="", texto=""))

        assert respuesta.url.startswith(GRACIAS)
        assert not MotivoDeOpinion.objects.exists()

    def test_only_words_are_another_reason(self, casa, client):
        client.post(POR_QUE, por_que(clase=""))

        assert MotivoDeOpinion.objects.get().clase == "otra"

    def test_a_double_tap_is_kept_once(self, casa, client):
        datos = por_que()
        for _ in range(2):
            assert client.post(POR_QUE, datos).status_code == 302

        assert MotivoDeOpinion.objects.count() == 1

    def test_who_goes_back_and_says_something_else_is_heard_too(self, casa, client):
        datos = por_que(texto="No dice la hora.")
        client.post(POR_QUE, datos)
        for _ in range(2):
            client.post(POR_QUE, datos | {"texto": "Ni el día."})

        dichos = MotivoDeOpinion.objects.values_list("texto", flat=True)
        assert sorted(dichos) == ["Ni el día.", "No dice la hora."]

    @pytest.mark.parametrize(
        "mal",
        [
            {"clase": "inventada"},
            {"texto": "a" * 501},
            {"clave": "no"},
            {"sitio_web": "http://robot"},
            {"visto": ""},
        ],
    )
    def test_what_is_wrong_comes_back_with_what_was_typed(self, casa, client, mal):
        respuesta = client.post(POR_QUE, por_que(**{"texto": "No dice la hora."} | mal))

        assert respuesta.status_code == 422
        assert 'role="alert"' in respuesta.text
        assert "No dice la hora." in respuesta.text or len(mal.get("texto", "")) > 500
        assert not MotivoDeOpinion.objects.exists()
        html_valido(respuesta)

    @pytest.mark.parametrize("dato", ["ana.rojas@gmail.com", "312 345 6789", "c. c. 1090123456"])
    def test_personal_data_ask_to_be_confirmed(self, casa, client, dato):
        datos = por_que(texto=f"Escríbanme: {dato}")

        respuesta = client.post(POR_QUE, datos)

        assert respuesta.status_code == 422
        assert 'name="confirmo"' in respuesta.text
        assert client.post(POR_QUE, datos | {"confirmo": "on"}).status_code == 302

    def test_the_mail_of_the_alcaldia_is_not_personal(self, casa, client):
        assert client.post(POR_QUE, por_que(texto="No sirve contacto@ejemplo.gov.co")).status_code == 302

    def test_markup_is_read_as_text(self, casa, client):
        client.post(POR_QUE, por_que(texto="<script>alert(1)</script>"))
        client.force_login(casa.secretaria)

        pagina = client.get(PANEL).text

        assert "<script>alert" not in pagina
        assert "&lt;script&gt;alert" in pagina

    def test_too_many_wait_without_losing_what_was_typed(self, casa, client):
        for _ in range(10):
            client.post(POR_QUE, por_que())

        respuesta = client.post(POR_QUE, por_que(texto="La número once"))

        assert respuesta.status_code == 429
        assert "La número once" in respuesta.text

    @pytest.mark.parametrize("metodo", ["put", "delete"])
    def test_it_is_read_or_sent(self, casa, client, metodo):
        assert getattr(client, metodo)(POR_QUE).status_code == 405

    @pytest.mark.parametrize("ruta", ["", "/agenda/", "/agenda/:firma-falsa"])
    def test_a_page_that_we_did_not_show_is_refused(self, casa, client, ruta):
        assert client.get(POR_QUE, {"ruta": ruta}).status_code == 400


class TestItsChannel:
    def test_by_the_address_of_a_channel_and_of_what_is_in_it(self, casa):
        publicacion = crear_publicada(casa)

        assert opiniones.canal_de(casa.canal.get_absolute_url()) == casa.canal
        assert opiniones.canal_de(publicacion.get_absolute_url()) == casa.canal

    def test_by_a_fixed_address(self, casa):
        publicacion = crear_publicada(casa)
        publicacion.ruta_fija = "/soporte/"
        publicacion.save()

        assert opiniones.canal_de("/soporte/") == casa.canal

    def test_by_the_longest_page_that_a_channel_names(self, casa):
        crear_canal(ruta="/dependencias/")
        directorio = crear_canal(ruta="/dependencias/directorio/")

        assert opiniones.canal_de("/dependencias/directorio/") == directorio

    @pytest.mark.parametrize(
        "ruta, slug",
        [
            ("/situaciones/nacer/", "tramites"),
            ("/pqrsd/", "quejas-y-reclamos"),
            ("/radicados/cifras/", "quejas-y-reclamos"),
            ("/participa/temas/", "participacion-en-linea"),
        ],
    )
    def test_by_what_it_is_about(self, casa, ruta, slug):
        canal = crear_canal(slug=slug)

        assert opiniones.canal_de(ruta) == canal

    @pytest.mark.parametrize("ruta", ["/", "/conectividad/", "/canales/no-hay/", "/situaciones/nacer/"])
    def test_otherwise_none(self, casa, ruta):
        assert opiniones.canal_de(ruta) is None


class TestTheDesk:
    def test_each_reads_the_channels_they_write(self, casa, client):
        ajeno = crear_canal(nombre="Presupuesto")
        crear_motivo(casa.canal, texto="Falta el costo")
        crear_motivo(ajeno, texto="Del presupuesto")
        crear_motivo(texto="De ninguno")

        vistos = {}
        for nombre in ("autora", "secretaria"):
            client.force_login(getattr(casa, nombre))
            respuesta = client.get(PANEL)
            vistos[nombre] = {motivo.texto for motivo in respuesta.context["pagina"]}
            html_valido(respuesta)

        assert vistos == {
            "autora": {"Falta el costo"},
            "secretaria": {"Falta el costo", "Del presupuesto", "De ninguno"},
        }

    def test_anonymous_people_go_to_the_login(self, casa, client):
        motivo = crear_motivo(casa.canal)

        for ruta in (PANEL, f"{PANEL}{motivo.pk}/"):
            assert client.get(ruta).url.startswith("/admin/login/")

    @pytest.mark.parametrize("nombre", ["admin", "tesorero"])
    def test_who_writes_in_none_does_not_enter(self, casa, client, nombre):
        client.force_login(getattr(casa, nombre))

        assert client.get(PANEL).status_code == 403

    def test_another_office_does_not_find_it(self, casa, client):
        motivo = crear_motivo(casa.canal)
        crear_canal(Dependencia.objects.get(nombre="Hacienda"))
        client.force_login(casa.tesorero)

        assert client.post(f"{PANEL}{motivo.pk}/", {"que_se_hizo": "Nada"}).status_code == 404
        with pytest.raises(SinPermiso):
            opiniones.atender(motivo, que_se_hizo="Nada", por=casa.tesorero)

    def test_what_was_done_is_kept_once_with_who(self, casa, client):
        motivo = crear_motivo(casa.canal)
        client.force_login(casa.autora)
        ruta = f"{PANEL}{motivo.pk}/"

        assert client.get(ruta).status_code == 200
        hecho = client.post(ruta, {"que_se_hizo": "Se agregó la hora"}, follow=True)
        assert "Quedó atendida." in hecho.text
        otra_vez = client.post(ruta, {"que_se_hizo": "Otra cosa"})

        motivo.refresh_from_db()
        assert (motivo.que_se_hizo, motivo.atendido_por) == ("Se agregó la hora", casa.autora)
        assert otra_vez.status_code == 409
        with pytest.raises(EstadoInadecuado):
            opiniones.atender(motivo, que_se_hizo="Otra", por=casa.autora)

    @pytest.mark.parametrize("texto", ["", "   ", "a" * 301])
    def test_it_must_say_what(self, casa, client, texto):
        motivo = crear_motivo(casa.canal)
        client.force_login(casa.autora)

        respuesta = client.post(f"{PANEL}{motivo.pk}/", {"que_se_hizo": texto})

        assert respuesta.status_code == 422
        html_valido(respuesta)
        with pytest.raises(CondicionIncumplida):
            opiniones.atender(motivo, que_se_hizo=" ", por=casa.autora)

    def test_it_is_filtered(self, casa, client):
        crear_motivo(casa.canal, texto="Pendiente", clase="falla")
        opiniones.atender(crear_motivo(casa.canal, texto="Hecha"), que_se_hizo="Sí", por=casa.autora)
        client.force_login(casa.autora)

        def textos(**filtro):
            return {motivo.texto for motivo in client.get(PANEL, filtro).context["pagina"]}

        assert textos() == {"Pendiente"}
        assert textos(estado="atendidas") == {"Hecha"}
        assert textos(estado="todas") == {"Pendiente", "Hecha"}
        assert textos(clase="vieja") == set()
        assert textos(canal=casa.canal.pk) == {"Pendiente"}
        assert textos(canal="no", clase="no", estado="no", pagina="no") == {"Pendiente"}

    def test_a_null_byte_is_refused(self, casa, client):
        client.force_login(casa.autora)

        assert client.get(PANEL, {"canal": "\x00"}).status_code == 400

    @pytest.mark.parametrize("metodo", ["put", "delete"])
    def test_wrong_methods(self, casa, client, metodo):
        motivo = crear_motivo(casa.canal)
        client.force_login(casa.autora)

        assert getattr(client, metodo)(f"{PANEL}{motivo.pk}/").status_code == 405
        assert client.post(PANEL).status_code == 405

    def test_totals_are_of_the_last_90_days(self, casa, client):
        hoy = timezone.localdate()
        for dias, no in ((0, 2), (89, 3), (90, 50)):
            OpinionDePagina.objects.create(ruta="/agenda/", dia=hoy - timedelta(days=dias), si=1, no=no)
        OpinionDePagina.objects.create(ruta="/", dia=hoy, si=9)
        client.force_login(casa.autora)

        paginas = [(f["ruta"], f["sies"], f["noes"]) for f in client.get(PANEL).context["paginas"]]

        assert paginas == [("/agenda/", 2, 5), ("/", 9, 0)]

    def test_pages_are_called_by_their_title_with_their_address(self, casa, client):
        publicada = crear_publicada(casa, titulo="La calle 3")
        rutas = [publicada.get_absolute_url(), casa.canal.get_absolute_url(), "/", "/no-se-sabe/"]
        for ruta in rutas:
            OpinionDePagina.objects.create(ruta=ruta, dia=timezone.localdate(), no=1)
        motivo = crear_motivo(casa.canal, ruta=rutas[0])
        client.force_login(casa.autora)

        lista, uno = client.get(PANEL).text, client.get(f"{PANEL}{motivo.pk}/").text

        def enlace(ruta, titulo):
            return f'<a href="{ruta}">{titulo}</a> <span class="meta direccion">{ruta}</span>'

        for ruta, titulo in zip(rutas, ["La calle 3", "Programas y proyectos", "Portada"], strict=False):
            assert enlace(ruta, titulo) in lista
        assert lista.count(enlace(rutas[0], "La calle 3")) == 2  # what people missed, and the totals
        assert '<a href="/no-se-sabe/">/no-se-sabe/</a>' in lista
        assert enlace(rutas[0], "La calle 3") in uno

    def test_its_queries_do_not_grow(self, casa, client, django_assert_num_queries):
        client.force_login(casa.secretaria)
        cuentas = []
        for _ in range(2):
            for _ in range(12):
                canal = crear_canal()
                crear_motivo(canal, texto="Falta")
                OpinionDePagina.objects.create(ruta=canal.get_absolute_url(), dia=timezone.localdate(), no=1)
            with django_assert_num_queries(11, exact=False) as cuenta:
                client.get(PANEL)
            cuentas.append(len(cuenta))

        assert cuentas[0] == cuentas[1]


class TestWhatWaits:
    def grupo(self, usuario):
        titulo = "Páginas que no fueron útiles"
        return next((g for g in bandeja.grupos_de(usuario) if g.titulo == titulo), None)

    def test_one_line_for_each_channel_with_its_count(self, casa):
        for _ in range(2):
            crear_motivo(casa.canal)
        crear_motivo(crear_canal())
        opiniones.atender(crear_motivo(casa.canal), que_se_hizo="Sí", por=casa.autora)

        [linea] = self.grupo(casa.autora).tareas

        assert linea.titulo == "Programas y proyectos"
        assert linea.detalle == "2 opiniones por atender"
        assert linea.url == f"{PANEL}?canal={casa.canal.pk}"

    def test_those_of_no_channel_wait_for_secretaria_general(self, casa):
        crear_motivo()
        crear_motivo(casa.canal)

        [linea] = self.grupo(casa.secretaria).tareas

        assert (linea.titulo, linea.detalle) == ("Páginas sin canal", "1 opinión por atender")

    def test_nothing_for_who_writes_in_none(self, casa):
        crear_motivo(casa.canal)

        assert self.grupo(casa.tesorero) is None
        assert self.grupo(casa.admin) is None


class TestNothingPersonal:
    def test_no_table_nor_log_keeps_who(self, casa, client, caplog):
        navegador, direccion = "TelefonoDeAnaRojas", "203.0.113.77"
        for ruta, datos in [(OPINION, {"ruta": AGENDA, "util": "no"}), (POR_QUE, por_que()), (OPINION, {})]:
            client.post(ruta, datos, headers={"User-Agent": navegador}, REMOTE_ADDR=direccion)

        with connection.cursor() as cursor:
            for tabla in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{tabla}" t')
                filas = str(cursor.fetchall())
                assert navegador not in filas
                assert direccion not in filas
        assert navegador not in caplog.text
        assert direccion not in caplog.text
        columnas = {campo.name for campo in MotivoDeOpinion._meta.fields}
        assert {"dia", "texto"} <= columnas
        assert not columnas & {"correo", "direccion", "navegador", "en"}
