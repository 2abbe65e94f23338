"""Topics of interest: proposed without an account, reviewed, supported with one tap and answered."""

from datetime import timedelta

import html5lib
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from participacion import bloques, respuestas, temas
from participacion.models import TemaDeInteres
from participacion.views.temas import PROPUESTAS
from portal import bandeja
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.forms.comunes import sello
from tests.builders import asignar, crear_canal
from tests.participacion.builders_aportes import crear_consulta

TEMAS, PROPONER, PANEL = "/participa/temas/", "/participa/temas/proponer/", "/panel/temas/"


@pytest.fixture
def casa(casa):
    """The house, with the channel where its editor reviews topics."""
    casa.participacion = crear_canal(casa.general, slug=temas.CANAL)
    asignar(casa.participacion, editor=casa.cargo_editor)
    return casa


def crear_tema(casa, estado="abierto", titulo="Alumbrado", **campos) -> TemaDeInteres:
    tema, _nuevo = temas.proponer(titulo, campos.pop("explicacion", "Está oscuro."))
    if estado in {"abierto", "respondido"}:
        tema = temas.decidir(tema, a="abierto", por=casa.editor)
    if estado == "respondido":
        tema = temas.responder(tema, respuesta="Se arregla en mayo.", por=casa.editor)
    if estado == "no_publicado":
        tema = temas.decidir(tema, a="no_publicado", motivo="Es publicidad.", por=casa.editor)
    TemaDeInteres.objects.filter(pk=tema.pk).update(**campos)
    tema.refresh_from_db()
    return tema


def propuesta(**cambios) -> dict[str, str]:
    visto = sello(timezone.now() - timedelta(minutes=1))
    return {"titulo": "Alumbrado de la vía", "explicacion": "Está oscuro.", "visto": visto} | cambios


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.text)


class TestTheList:
    def test_the_most_supported_first_and_the_answered_last(self, casa, client):
        crear_tema(casa, titulo="Poco", apoyos=1)
        crear_tema(casa, titulo="Mucho", apoyos=9)
        crear_tema(casa, "respondido", titulo="Ya", apoyos=50)
        crear_tema(casa, "por_revisar", titulo="Sin leer")
        crear_tema(casa, "no_publicado", titulo="Publicidad")

        respuesta = client.get(TEMAS)

        assert [t.titulo for t in respuesta.context["pagina"]] == ["Mucho", "Poco", "Ya"]
        assert "no son una votación" in respuesta.text
        assert not respuesta.cookies
        html_valido(respuesta)

    def test_those_published_are_in_the_sitemap(self, casa, client):
        crear_tema(casa)
        crear_tema(casa, "por_revisar", titulo="Plaza")

        mapa = client.get("/sitemap.xml").text

        assert f"{TEMAS}alumbrado/" in mapa
        assert f"{TEMAS}plaza/" not in mapa

    def test_empty_it_invites(self, casa, client):
        assert "Proponga el primero" in client.get(TEMAS).text

    def test_its_queries_do_not_grow(self, casa, client, django_assert_num_queries):
        client.get(TEMAS)
        cuentas = []
        for tanda in range(2):
            for n in range(5):
                crear_tema(casa, titulo=f"Tema {tanda} {n}")
            with django_assert_num_queries(4, exact=False) as cuenta:
                client.get(TEMAS)
            cuentas.append(len(cuenta))

        assert cuentas[0] == cuentas[1] <= 4

    @pytest.mark.parametrize("estado, codigo", [("abierto", 200), ("respondido", 200), ("por_revisar", 404)])
    def test_a_topic_has_a_page_once_it_is_published(self, casa, client, estado, codigo):
        tema = crear_tema(casa, estado)

        respuesta = client.get(f"{TEMAS}{tema.slug}/")

        assert respuesta.status_code == codigo
        if codigo == 200:
            html_valido(respuesta)
            assert ("Se arregla en mayo." in respuesta.text) is (estado == "respondido")
            assert ("Apoyar" in respuesta.text) is (estado == "abierto")

    @pytest.mark.parametrize("ruta", [TEMAS, f"{TEMAS}alumbrado/", f"{TEMAS}propuesto/"])
    def test_they_are_only_read(self, casa, client, ruta):
        crear_tema(casa)

        assert client.post(ruta).status_code == 405

    def test_the_hub_shows_the_first_three(self, casa, rf):
        for n in range(4):
            crear_tema(casa, titulo=f"Tema {n}", apoyos=n)

        html = "".join(bloque(rf.get("/participa/")) for bloque in bloques.EN_PARTICIPA)

        assert "Tema 3 (3 apoyos)" in html
        assert "Tema 0" not in html


class TestProposing:
    def test_it_waits_to_be_reviewed(self, casa, client):
        respuesta = client.post(PROPONER, propuesta(), follow=True)

        tema = TemaDeInteres.objects.get()
        assert (tema.titulo, tema.estado, tema.slug) == (
            "Alumbrado de la vía",
            "por_revisar",
            "alumbrado-de-la-via",
        )
        assert "Recibimos su tema" in respuesta.text
        assert not client.cookies
        html_valido(respuesta)

    def test_the_same_one_again_is_the_same(self, casa, client):
        for titulo in ("Alumbrado de la vía", "alumbrado de la VIA"):
            assert client.post(PROPONER, propuesta(titulo=titulo)).url == f"{TEMAS}propuesto/"

        assert TemaDeInteres.objects.count() == 1

    def test_one_that_is_published_leads_to_it(self, casa, client):
        tema = crear_tema(casa)

        respuesta = client.post(PROPONER, propuesta(titulo="ALUMBRADO"), follow=True)

        assert respuesta.context["tema"] == tema
        assert "ya estaba propuesto" in respuesta.text

    def test_one_that_was_not_published_says_why(self, casa, client):
        crear_tema(casa, "no_publicado")

        respuesta = client.post(PROPONER, propuesta(titulo="Alumbrado"))

        assert respuesta.status_code == 409
        assert "Es publicidad." in respuesta.text

    @pytest.mark.parametrize("titulo", ["Proponer", "¿?", "propuesto"])
    def test_any_title_has_an_address_of_its_own(self, casa, titulo):
        tema, _nuevo = temas.proponer(titulo, "")
        assert temas.proponer(titulo, "")[0] == tema
        assert tema.slug not in {"", "proponer", "propuesto"}

    @pytest.mark.parametrize(
        "mal",
        [
            {"titulo": ""},
            {"titulo": "a" * 121},
            {"explicacion": "a" * 601},
            {"sitio_web": "x"},
            {"visto": ""},
            {"explicacion": "Llámeme al 312 345 6789"},
        ],
    )
    def test_what_is_wrong_comes_back_with_what_was_typed(self, casa, client, mal):
        datos = propuesta() | mal

        respuesta = client.post(PROPONER, datos)

        assert respuesta.status_code == 422
        assert datos["titulo"] in respuesta.text
        assert datos["explicacion"] in respuesta.text
        assert not TemaDeInteres.objects.exists()
        html_valido(respuesta)

    def test_marks_that_turn_the_page_around_are_not_kept(self, casa, client):
        assert client.post(PROPONER, propuesta(titulo="\u202eAlum\u200bbrado")).status_code == 302
        assert TemaDeInteres.objects.get().titulo == "Alumbrado"
        nada = client.post(PROPONER, propuesta(titulo="\u200b\u202e"))
        assert nada.status_code == 422 and "Escriba el tema." in nada.text

    def test_html_is_read_as_text(self, casa, client):
        crear_tema(casa, titulo="<b>Plaza</b>", explicacion="<script>alert(1)</script>")

        for ruta in (TEMAS, f"{TEMAS}{TemaDeInteres.objects.get().slug}/"):
            pagina = client.get(ruta).text
            assert "<script>alert" not in pagina
            assert "<b>Plaza" not in pagina

    def test_too_many_wait(self, casa, client):
        for n in range(PROPUESTAS + 1):
            respuesta = client.post(PROPONER, propuesta(titulo=f"Tema {n}"))

        assert respuesta.status_code == 429
        assert f"Tema {PROPUESTAS}" in respuesta.text
        assert TemaDeInteres.objects.count() == PROPUESTAS

    def test_too_much_or_from_another_site_is_refused(self, casa, client):
        assert client.post(PROPONER, propuesta(explicacion="a" * 5_000_000)).status_code == 413
        assert (
            client.post(PROPONER, propuesta(), headers={"Origin": "https://malo.example"}).status_code == 400
        )
        assert client.put(PROPONER).status_code == 405
        assert not TemaDeInteres.objects.exists()


class TestSupporting:
    def apoyar(self, client, tema, ficha=None, **extra):
        return client.post(f"{TEMAS}{tema.slug}/apoyar/", {"ficha": ficha or temas.nueva_ficha()}, **extra)

    def apoyos(self, tema) -> int:
        return TemaDeInteres.objects.get(pk=tema.pk).apoyos

    def test_one_tap_counts_one_and_says_so(self, casa, client):
        tema = crear_tema(casa)

        respuesta = client.post(
            f"{TEMAS}{tema.slug}/apoyar/", {"ficha": client.get(TEMAS).context["ficha"]}, follow=True
        )

        assert self.apoyos(tema) == 1
        assert "su apoyo se contó" in respuesta.text
        html_valido(respuesta)

    def test_the_cookie_comes_after_the_tap_and_says_nothing_of_who(self, casa, client):
        tema, otro = crear_tema(casa), crear_tema(casa, titulo="Plaza")
        for ruta in (TEMAS, f"{TEMAS}{tema.slug}/"):
            assert not client.get(ruta).cookies

        galletas = self.apoyar(client, tema).cookies

        assert set(galletas) == {f"apoyo-{tema.pk}"}
        galleta = galletas[f"apoyo-{tema.pk}"]
        assert (galleta.value, galleta["path"]) == ("si", f"{TEMAS}{tema.slug}/")
        assert galleta["httponly"]
        assert galleta["max-age"] == temas.CADA.total_seconds()
        assert "Apoyar" not in client.get(f"{TEMAS}{tema.slug}/").text
        assert "Apoyar" in client.get(f"{TEMAS}{otro.slug}/").text

    def test_again_from_the_same_device_is_not_counted_and_is_said(self, casa, client):
        tema = crear_tema(casa)
        for _ in range(3):
            respuesta = self.apoyar(client, tema)

        assert self.apoyos(tema) == 1
        pagina = client.get(respuesta.url)
        assert "Desde este aparato ya se contó" in pagina.text
        html_valido(pagina)

    def test_phones_of_one_model_behind_one_address_are_as_many_people(self, casa):
        tema = crear_tema(casa)
        for _ in range(3):
            self.apoyar(Client(), tema, headers={"User-Agent": "Celular barato"})

        assert self.apoyos(tema) == 3

    def test_a_double_tap_is_one_support_and_the_same_thanks(self, casa):
        tema, ficha = crear_tema(casa), temas.nueva_ficha()

        dadas = [self.apoyar(Client(), tema, ficha) for _ in range(2)]

        assert {dada.url for dada in dadas} == {f"{TEMAS}{tema.slug}/?apoyo=contado"}
        assert self.apoyos(tema) == 1

    def test_a_form_is_good_once_for_each_topic(self, casa, client):
        uno, otro, ficha = crear_tema(casa), crear_tema(casa, titulo="Plaza"), temas.nueva_ficha()
        for n in range(3):
            self.apoyar(Client(), uno, ficha, REMOTE_ADDR=f"203.0.113.{n}")
        self.apoyar(client, otro, ficha)

        assert (self.apoyos(uno), self.apoyos(otro)) == (1, 1)

    def test_a_village_behind_one_address_can_but_not_a_program(self, casa, client):
        tema = crear_tema(casa)
        with time_machine.travel("2026-11-18 15:00Z", tick=False):
            for _ in range(respuestas.MAXIMO_POR_RATO + 3):
                respuesta = self.apoyar(Client(), tema)

            assert self.apoyos(tema) == respuestas.MAXIMO_POR_RATO
            assert not respuesta.cookies
            assert "El suyo no se contó" in client.get(respuesta.url).text
            assert self.apoyar(client, tema, REMOTE_ADDR="203.0.113.9").url.endswith("contado")

    def test_one_that_is_answered_meanwhile_takes_no_more(self, casa):
        leido = crear_tema(casa)
        temas.responder(leido, respuesta="Sí.", por=casa.editor)

        with pytest.raises(EstadoInadecuado):
            temas.apoyar(leido, ficha=temas.nueva_ficha(), direccion="203.0.113.1")

        assert self.apoyos(leido) == 0

    @pytest.mark.parametrize("ficha", ["", "inventada", "a:b:c"])
    def test_a_form_that_is_not_ours_is_refused(self, casa, client, ficha):
        tema = crear_tema(casa)

        assert client.post(f"{TEMAS}{tema.slug}/apoyar/", {"ficha": ficha}).status_code == 400
        assert self.apoyos(tema) == 0

    def test_an_answered_one_takes_no_more(self, casa, client):
        tema = crear_tema(casa, "respondido")

        assert self.apoyar(client, tema).status_code == 302
        assert self.apoyos(tema) == 0

    def test_what_is_not_public_does_not_exist(self, casa, client):
        assert self.apoyar(client, crear_tema(casa, "por_revisar")).status_code == 404

    def test_wrong_method_and_other_sites(self, casa, client):
        tema = crear_tema(casa)

        assert client.get(f"{TEMAS}{tema.slug}/apoyar/").status_code == 405
        assert self.apoyar(client, tema, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
        assert self.apoyos(tema) == 0

    def test_nothing_of_who_is_kept(self, casa, client):
        quien = {"headers": {"User-Agent": "TelefonoDeAna"}, "REMOTE_ADDR": "203.0.113.77"}
        self.apoyar(client, crear_tema(casa), **quien)
        client.post(PROPONER, propuesta(), **quien)

        with connection.cursor() as cursor:
            for tabla in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{tabla}" t')
                filas = str(cursor.fetchall())
                assert "TelefonoDeAna" not in filas
                assert "203.0.113.77" not in filas


class TestDeciding:
    def test_not_to_publish_says_why(self, casa):
        tema = crear_tema(casa, "por_revisar")

        with pytest.raises(CondicionIncumplida):
            temas.decidir(tema, a="no_publicado", motivo=" ", por=casa.editor)
        with pytest.raises(CondicionIncumplida):
            temas.decidir(tema, a="respondido", por=casa.editor)

    def test_a_decision_can_change_but_is_not_taken_twice(self, casa):
        tema = crear_tema(casa, "no_publicado")

        tema = temas.decidir(tema, a="abierto", por=casa.secretaria)

        assert (tema.estado, tema.motivo, tema.moderado_por) == ("abierto", "", casa.secretaria)
        with pytest.raises(EstadoInadecuado):
            temas.decidir(tema, a="abierto", por=casa.editor)

    def test_it_is_answered_once_perhaps_with_a_consulta(self, casa, client):
        consulta = crear_consulta(casa)
        tema = temas.responder(crear_tema(casa), respuesta="Sí.", consulta=consulta, por=casa.editor)

        assert consulta.get_absolute_url() in client.get(f"{TEMAS}{tema.slug}/").text
        for hacer in (
            lambda: temas.responder(tema, respuesta="No.", por=casa.editor),
            lambda: temas.decidir(tema, a="no_publicado", motivo="Ya no.", por=casa.editor),
        ):
            with pytest.raises(EstadoInadecuado):
                hacer()

    def test_an_answer_says_something(self, casa):
        with pytest.raises(CondicionIncumplida):
            temas.responder(crear_tema(casa), respuesta=" ", por=casa.editor)

    @pytest.mark.parametrize("nombre", ["autora", "tesorero", "admin"])
    def test_only_who_answers_for_participation(self, casa, client, nombre):
        tema, por = crear_tema(casa), getattr(casa, nombre)

        with pytest.raises(SinPermiso):
            temas.responder(tema, respuesta="Sí.", por=por)
        with pytest.raises(SinPermiso):
            temas.decidir(tema, a="no_publicado", motivo="No.", por=por)
        client.force_login(por)
        assert client.get(PANEL).status_code == 403
        assert client.post(f"{PANEL}{tema.pk}/", {"a": "abierto"}).status_code == 403


class TestTheDesk:
    def test_by_state(self, casa, client):
        for estado in TemaDeInteres.Estado.values:
            crear_tema(casa, estado, titulo=f"Uno {estado}")
        client.force_login(casa.editor)

        for pedido in ("", "inventado", *TemaDeInteres.Estado.values):
            respuesta = client.get(PANEL, {"estado": pedido})
            hallados = {t.estado for t in respuesta.context["pagina"]}
            assert hallados == {pedido if pedido in TemaDeInteres.Estado.values else "por_revisar"}
            html_valido(respuesta)

    @pytest.mark.parametrize("estado", TemaDeInteres.Estado.values)
    def test_each_has_its_page(self, casa, client, estado):
        tema = crear_tema(casa, estado)
        client.force_login(casa.secretaria)

        html_valido(client.get(f"{PANEL}{tema.pk}/"))

    def test_published_and_answered_by_hand(self, casa, client):
        tema = crear_tema(casa, "por_revisar")
        ruta = f"{PANEL}{tema.pk}/"
        client.force_login(casa.editor)

        assert "Quedó guardado." in client.post(ruta, {"a": "abierto"}, follow=True).text
        respondido = client.post(ruta, {"responder": "si", "respuesta": "En mayo."}, follow=True)
        assert "La respuesta se publicó." in respondido.text
        otra_vez = client.post(ruta, {"responder": "si", "respuesta": "En junio."})

        tema.refresh_from_db()
        assert (tema.estado, tema.respuesta) == ("respondido", "En mayo.")
        assert otra_vez.status_code == 409

    @pytest.mark.parametrize(
        "datos",
        [{}, {"a": "no_publicado"}, {"a": "x"}, {"responder": "si"}, {"responder": "si", "consulta": "9"}],
    )
    def test_what_is_wrong_is_said(self, casa, client, datos):
        tema = crear_tema(casa)
        client.force_login(casa.editor)

        respuesta = client.post(f"{PANEL}{tema.pk}/", datos)

        assert respuesta.status_code == 422
        assert 'role="alert"' in respuesta.text
        html_valido(respuesta)

    def test_anonymous_and_wrong_methods(self, casa, client):
        tema = crear_tema(casa)
        for ruta in (PANEL, f"{PANEL}{tema.pk}/"):
            assert client.get(ruta).url.startswith("/admin/login/")
        client.force_login(casa.editor)
        assert client.post(PANEL).status_code == 405
        assert client.delete(f"{PANEL}{tema.pk}/").status_code == 405

    def test_those_to_review_wait_for_who_reviews(self, casa):
        tema = crear_tema(casa, "por_revisar")

        def grupo(usuario):
            titulo = "Temas de interés por revisar"
            return next((g for g in bandeja.grupos_de(usuario) if g.titulo == titulo), None)

        [linea] = grupo(casa.editor).tareas
        assert (linea.titulo, linea.url) == ("Alumbrado", f"{PANEL}{tema.pk}/")
        assert grupo(casa.autora) is None
        temas.decidir(tema, a="abierto", por=casa.editor)
        assert grupo(casa.editor) is None
