"""Comments on what is consulted: sent without an account, moderated with a reason, answered by theme."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import html5lib
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from participacion import aportes, bloques
from participacion.models import Aporte, Consulta, PasoDeAporte, Rechazo, TemaDeAportes
from participacion.views.aportes import MAXIMO, MISMO_TEXTO
from portal import bandeja
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.forms.comunes import sello
from portal.models import Dependencia
from portal.saneado import sanear
from tests.builders import crear_canal
from tests.participacion.builders_aportes import crear_aporte, crear_consulta, enviado, publicar_resultado

PANEL = "/panel/aportes/"


@pytest.fixture
def consulta(casa):
    return crear_consulta(casa)


@pytest.fixture
def cerrada(casa):
    return crear_consulta(casa, abierta=False)


def url(consulta, resto: str = "") -> str:
    return f"/participa/{consulta.slug}/aportes/{resto}"


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.text)


def rechazos(consulta) -> dict[str, int]:
    return dict(consulta.rechazos.values_list("causa", "veces"))


class TestThePage:
    def test_while_it_is_open_it_has_the_form_and_sets_no_cookie(self, casa, client, consulta):
        respuesta = client.get(url(consulta))

        html_valido(respuesta)
        assert respuesta.text.count("<h1") == 1
        assert "Escriba su aporte" in respuesta.text
        assert not respuesta.cookies
        assert "no-store" in respuesta.headers["Cache-Control"]

    def test_once_closed_it_only_reads(self, casa, client, cerrada):
        crear_aporte(casa, cerrada, "publicado", texto="Me parece bien")

        respuesta = client.get(url(cerrada))

        assert "<textarea" not in respuesta.text
        assert "Me parece bien" in respuesta.text
        assert "¿Le fue útil" in respuesta.text

    def test_before_it_opens_it_says_when(self, casa, client):
        consulta = crear_consulta(casa, abre_en=timezone.now() + timedelta(days=1))

        assert "desde el" in client.get(url(consulta)).text

    @pytest.mark.parametrize(
        "campos",
        [
            {"clase": "encuesta"},
            {"clase": "votacion"},
            {
                "estado": "borrador",
                "autorizada_por": None,
                "autorizada_en": None,
                "autorizada_como": None,
                "huella": "",
            },
        ],
    )
    @pytest.mark.parametrize("resto", ["", "recibido/"])
    def test_what_takes_no_comments_has_no_page(self, casa, client, campos, resto):
        consulta = crear_consulta(casa, **campos)

        assert client.get(url(consulta, resto)).status_code == 404
        assert client.post(url(consulta), enviado()).status_code == 404

    @pytest.mark.parametrize(("cuantos", "dice"), [(1, "No se publicó 1:"), (2, "No se publicaron 2:")])
    def test_one_is_said_as_one(self, casa, client, consulta, cuantos, dice):
        for n in range(cuantos):
            crear_aporte(casa, consulta, "no_publicado", motivo="ofensa", texto=f"Insulto {n}")

        assert dice in client.get(url(consulta)).text

    def test_it_shows_how_many_were_not_published_and_why_never_the_text(self, casa, client, consulta):
        crear_aporte(casa, consulta, "no_publicado", motivo="ofensa", texto="Insulto secreto")
        crear_aporte(casa, consulta, "no_publicado", motivo="ofensa", texto="Otro insulto")
        crear_aporte(casa, consulta, texto="Sin leer todavía")

        pagina = client.get(url(consulta)).text

        assert "Insulta o amenaza: 2" in pagina
        assert "1 por revisar" in pagina
        assert "nsulto" not in pagina.replace("Insulta", "")
        assert "Sin leer todavía" not in pagina

    def test_answers_are_shown_when_the_outcome_is_public(self, casa, client, cerrada):
        tema = aportes.crear_tema(cerrada, "Horario", por=casa.autora)
        aportes.responder_tema(tema, se_acoge="parte", respuesta="Abrirá a las 4:30.", por=casa.autora)
        assert "Abrirá a las 4:30." not in client.get(url(cerrada)).text

        publicar_resultado(casa, cerrada)

        pagina = client.get(url(cerrada)).text
        assert "Abrirá a las 4:30." in pagina
        assert "Se acoge en parte" in pagina

    def test_its_queries_do_not_grow(self, casa, client, consulta, django_assert_num_queries):
        client.get("/canales/")
        cuentas = []
        for cuantos in (3, 12):
            for _ in range(cuantos):
                crear_aporte(casa, consulta, "publicado")
            with django_assert_num_queries(6, exact=False) as cuenta:
                client.get(url(consulta))
            cuentas.append(len(cuenta))

        assert cuentas[0] == cuentas[1] <= 6

    @pytest.mark.parametrize("metodo", ["put", "delete", "patch"])
    def test_wrong_methods(self, casa, client, consulta, metodo):
        assert getattr(client, metodo)(url(consulta)).status_code == 405
        assert client.post(url(consulta, "recibido/")).status_code == 405
        assert client.post(f"/participa/{consulta.slug}/aportes.csv").status_code == 405

    def test_the_page_of_the_consulta_leads_to_it(self, casa, rf, consulta):
        htmls = [bloque(rf.get("/"), consulta) for bloque in bloques.EN_LA_CONSULTA]

        assert any(url(consulta) in html for html in htmls)


class TestSending:
    def test_it_waits_to_be_reviewed_and_only_its_day_is_kept(self, casa, client, consulta):
        respuesta = client.post(url(consulta), enviado(nombre="Ana"), follow=True)

        aporte = Aporte.objects.get()
        assert (aporte.parte, aporte.texto, aporte.nombre) == ("artículo 1", "Que abra a las 4 a. m.", "Ana")
        assert (aporte.estado, aporte.dia) == ("por_revisar", timezone.localdate())
        assert "Recibimos su aporte" in respuesta.text
        assert not client.cookies
        html_valido(respuesta)
        assert "Que abra" not in client.get(url(consulta)).text

    def test_a_double_tap_is_one(self, casa, client, consulta):
        datos = enviado()
        for _ in range(2):
            assert client.post(url(consulta), datos).status_code == 302

        assert Aporte.objects.count() == 1

    def test_another_comment_of_the_same_form_is_not_lost(self, casa, client, consulta):
        primero = enviado()
        client.post(url(consulta), primero)

        respuesta = client.post(url(consulta), primero | {"texto": "Y los domingos no"})

        assert respuesta.status_code == 409
        assert "Y los domingos no" in respuesta.text
        nueva = respuesta.context["form"]["clave"].value()
        assert client.post(url(consulta), primero | {"texto": "Y los domingos no", "clave": nueva}).url
        assert Aporte.objects.count() == 2

    def test_what_looks_personal_is_said_in_one_sentence(self, casa, client, consulta):
        respuesta = client.post(url(consulta), enviado(texto="Llámeme al 312 345 6789."))

        assert respuesta.status_code == 422
        assert ">Parece que escribió el número de un celular." in respuesta.text
        assert "enviarlo así: Parece" not in respuesta.text

    @pytest.mark.parametrize(
        "mal, causa",
        [
            ({"texto": ""}, {}),
            ({"texto": "a" * 3001}, {}),
            ({"parte": "a" * 101}, {}),
            ({"nombre": "a" * 101}, {}),
            ({"clave": "no"}, {}),
            ({"sitio_web": "http://robot"}, {"automatica": 1}),
            ({"texto": "\u200b \u2060"}, {}),
            ({"visto": "inventado"}, {"automatica": 1}),
            ({"visto": None}, {"automatica": 1}),
        ],
    )
    def test_what_is_wrong_comes_back_with_what_was_typed(self, casa, client, consulta, mal, causa):
        datos = enviado(nombre="Ana la de la plaza") | mal
        if datos["visto"] is None:
            datos["visto"] = sello(timezone.now())

        respuesta = client.post(url(consulta), datos)

        assert respuesta.status_code == 422
        assert 'role="alert"' in respuesta.text
        assert str(datos["texto"]) in respuesta.text
        assert rechazos(consulta) == causa
        assert not Aporte.objects.exists()
        html_valido(respuesta)

    def test_html_is_read_as_text(self, casa, client, consulta):
        crear_aporte(casa, consulta, "publicado", texto="<script>alert(1)</script> & <b>ya</b>")

        pagina = client.get(url(consulta)).text

        assert "<script>alert" not in pagina
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;ya" in pagina

    @pytest.mark.parametrize("dato", ["ana@gmail.com", "312 345 6789", "cédula 1090123456"])
    def test_personal_data_ask_to_be_confirmed(self, casa, client, consulta, dato):
        datos = enviado(texto=f"Soy {dato}")

        respuesta = client.post(url(consulta), datos)

        assert respuesta.status_code == 422
        assert "Cualquiera podrá leerlo" in respuesta.text
        assert client.post(url(consulta), datos | {"confirmo": "on"}).status_code == 302

    def test_a_closed_one_by_a_direct_post_gives_back_what_was_typed(self, casa, client, cerrada):
        respuesta = client.post(url(cerrada), enviado(texto="Llegué tarde"))

        assert respuesta.status_code == 409
        assert "Llegué tarde" in respuesta.text
        assert rechazos(cerrada) == {"fuera": 1}
        html_valido(respuesta)
        with pytest.raises(aportes.NoEstaAbierta):
            aportes.recibir(cerrada, clave=uuid4(), parte="", texto="x", nombre="")

    def test_a_program_that_sends_many_is_stopped_and_counted(self, casa, client, consulta):
        for n in range(MAXIMO + 30):
            respuesta = client.post(url(consulta), enviado(texto=f"Automático {n}"))

        assert respuesta.status_code == 429
        assert f"Automático {MAXIMO + 29}" in respuesta.text
        assert Aporte.objects.count() == MAXIMO
        assert rechazos(consulta) == {"muchas": 30}

    def test_the_same_words_from_many_places_are_stopped(self, casa, client, consulta):
        for n in range(MISMO_TEXTO + 4):
            respuesta = client.post(url(consulta), enviado(), REMOTE_ADDR=f"203.0.113.{n}")

        assert respuesta.status_code == 429
        assert Aporte.objects.count() == MISMO_TEXTO
        assert rechazos(consulta) == {"repetida": 4}

    def test_five_megabytes_are_not_even_read(self, casa, client, consulta):
        respuesta = client.post(url(consulta), enviado(texto="a" * 5_000_000))

        assert respuesta.status_code == 413
        assert len(respuesta.content) < 50_000
        assert rechazos(consulta) == {"automatica": 1}

    def test_another_site_cannot_send_it(self, casa, client, consulta):
        respuesta = client.post(url(consulta), enviado(), headers={"Origin": "https://malo.example"})

        assert respuesta.status_code == 400
        assert not Aporte.objects.exists()

    def test_nothing_of_who_sent_it_is_kept(self, casa, client, consulta, caplog):
        quien = {"headers": {"User-Agent": "TelefonoDeAna"}, "REMOTE_ADDR": "203.0.113.77"}
        client.post(url(consulta), enviado(), **quien)
        client.post(url(consulta), enviado(sitio_web="x"), **quien)

        with connection.cursor() as cursor:
            for tabla in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{tabla}" t')
                filas = str(cursor.fetchall())
                assert "TelefonoDeAna" not in filas
                assert "203.0.113.77" not in filas
        assert "203.0.113.77" not in caplog.text


class TestTheFile:
    def test_it_has_what_was_published_and_no_cell_runs(self, casa, client, consulta):
        tema = aportes.crear_tema(consulta, "Horario", por=casa.autora)
        bueno = crear_aporte(casa, consulta, "publicado", texto="=1+1", nombre="Ana", parte="art. 1")
        aportes.agrupar(bueno, tema, por=casa.autora)
        crear_aporte(casa, consulta, "no_publicado", texto="Insulto")
        crear_aporte(casa, consulta, texto="Sin leer")

        respuesta = client.get(f"/participa/{consulta.slug}/aportes.csv")

        cabeza, fila = csv.reader(io.StringIO(respuesta.text))
        assert cabeza[0] == "\ufeffdía"  # Excel reads it with its accents
        assert cabeza[2] == "aporte"
        assert fila == [timezone.localdate().isoformat(), "art. 1", "'=1+1", "Ana", "no", "Horario"]


class TestModerating:
    def test_each_decision_is_kept_with_its_reason(self, casa, consulta):
        aporte = crear_aporte(casa, consulta)

        aportes.moderar(
            aporte, a="no_publicado", motivo="ajeno", explicacion="Es de otra obra.", por=casa.autora
        )
        aportes.moderar(aporte, a="publicado", explicacion="Sí era de esta.", por=casa.editor)

        aporte.refresh_from_db()
        assert (aporte.estado, aporte.motivo, aporte.moderado_por) == ("publicado", "", casa.editor)
        assert list(aporte.pasos.values_list("a", "motivo", "explicacion", "por__username")) == [
            ("no_publicado", "ajeno", "Es de otra obra.", "autora"),
            ("publicado", "", "Sí era de esta.", "editor"),
        ]

    @pytest.mark.parametrize(
        "decision",
        [
            {"a": "no_publicado"},
            {"a": "no_publicado", "motivo": "ajeno"},
            {"a": "no_publicado", "motivo": "ajeno", "explicacion": "  "},
            {"a": "no_publicado", "motivo": "inventado", "explicacion": "Porque sí."},
            {"a": "por_revisar", "motivo": "ajeno", "explicacion": "Porque sí."},
        ],
    )
    def test_not_to_publish_needs_a_reason_and_why(self, casa, consulta, decision):
        aporte = crear_aporte(casa, consulta)

        with pytest.raises(CondicionIncumplida):
            aportes.moderar(aporte, por=casa.editor, **decision)

        assert not PasoDeAporte.objects.exists()

    def test_a_change_says_why(self, casa, consulta):
        aporte = crear_aporte(casa, consulta, "no_publicado")

        with pytest.raises(CondicionIncumplida, match="Explique"):
            aportes.moderar(aporte, a="publicado", por=casa.editor)

    def test_the_same_decision_is_not_taken_twice(self, casa, consulta):
        aporte = crear_aporte(casa, consulta, "publicado")

        with pytest.raises(EstadoInadecuado):
            aportes.moderar(aporte, a="publicado", explicacion="Otra vez.", por=casa.editor)

    @pytest.mark.parametrize("nombre", ["tesorero", "admin", "alcalde"])
    def test_who_neither_writes_nor_validates_in_its_channel_does_not(self, casa, consulta, nombre):
        aporte, por = crear_aporte(casa, consulta), getattr(casa, nombre)
        tema = TemaDeAportes.objects.create(consulta=consulta, nombre="Horario")

        for hacer in (
            lambda: aportes.moderar(aporte, a="publicado", por=por),
            lambda: aportes.agrupar(aporte, tema, por=por),
            lambda: aportes.crear_tema(consulta, "Otro", por=por),
            lambda: aportes.responder_tema(tema, se_acoge="si", respuesta="Sí.", por=por),
            lambda: aportes.ingresar(
                consulta, clave=uuid4(), parte="", texto="x", nombre="", dia=timezone.localdate(), por=por
            ),
        ):
            with pytest.raises(SinPermiso):
                hacer()

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE participacion_aporte SET texto = 'otro'",
            "UPDATE participacion_aporte SET nombre = 'otra'",
            "UPDATE participacion_aporte SET dia = dia - 1",
            "DELETE FROM participacion_aporte",
            "UPDATE participacion_pasodeaporte SET explicacion = 'otra'",
            "DELETE FROM participacion_pasodeaporte",
        ],
    )
    def test_postgresql_keeps_what_was_said_and_decided(self, casa, consulta, sql):
        crear_aporte(casa, consulta, "no_publicado")

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


class TestPaper:
    def ingresar(self, consulta, por, **cambios):
        datos = {
            "clave": uuid4(),
            "parte": "",
            "texto": "De palabra",
            "nombre": "",
            "dia": timezone.localdate(),
        }
        return aportes.ingresar(consulta, por=por, **datos | cambios)

    def test_it_counts_as_the_others_and_says_who_entered_it(self, casa, consulta):
        aporte = self.ingresar(consulta, casa.autora)

        assert aporte.en_papel
        assert aporte.estado == "por_revisar"
        assert aporte.pasos.get().por == casa.autora

    def test_twice_is_once(self, casa, consulta):
        clave = uuid4()
        for _ in range(2):
            self.ingresar(consulta, casa.autora, clave=clave)

        assert Aporte.objects.count() == PasoDeAporte.objects.count() == 1
        with pytest.raises(aportes.YaEnviado):
            self.ingresar(consulta, casa.autora, clave=clave, texto="Otro")

    def test_after_closing_what_came_before_is_still_entered(self, casa, cerrada):
        cierre = timezone.localdate(cerrada.cierra_en)

        assert self.ingresar(cerrada, casa.autora, dia=cierre)
        for dia in (cierre + timedelta(days=1), timezone.localdate(cerrada.abre_en) - timedelta(days=1)):
            with pytest.raises(CondicionIncumplida, match="día"):
                self.ingresar(cerrada, casa.autora, dia=dia)

    def test_once_the_outcome_is_public_nothing_changes(self, casa, cerrada):
        aporte = crear_aporte(casa, cerrada, "publicado")
        tema = aportes.crear_tema(cerrada, "Horario", por=casa.autora)
        publicar_resultado(casa, cerrada)

        for hacer in (
            lambda: self.ingresar(cerrada, casa.autora, dia=timezone.localdate(cerrada.cierra_en)),
            lambda: aportes.agrupar(aporte, tema, por=casa.autora),
            lambda: aportes.crear_tema(cerrada, "Otro", por=casa.autora),
            lambda: aportes.responder_tema(tema, se_acoge="no", respuesta="No.", por=casa.autora),
        ):
            with pytest.raises(CondicionIncumplida, match="resultado"):
                hacer()

    def test_who_enters_it_is_not_told_that_it_is_theirs(self, casa, client, consulta):
        client.force_login(casa.autora)
        respuesta = client.post(f"{PANEL}{consulta.slug}/papel/", {"clave": uuid4()})

        assert respuesta.status_code == 422
        assert "con sus palabras: Escriba lo que dice el aporte." in respuesta.text

    def test_a_survey_takes_none(self, casa):
        with pytest.raises(aportes.NoEstaAbierta):
            self.ingresar(crear_consulta(casa, clase="encuesta"), casa.autora)


class TestByTheme:
    def test_the_outcome_says_the_figures_and_the_answers_with_our_tags(self, casa, cerrada):
        tema = aportes.crear_tema(cerrada, "Horario <b>", por=casa.autora)
        aportes.agrupar(crear_aporte(casa, cerrada, "publicado"), tema, por=casa.autora)
        crear_aporte(casa, cerrada, "no_publicado", motivo="publicidad")
        aportes.responder_tema(tema, se_acoge="si", respuesta="Sí.\n\nDesde enero <script>.", por=casa.autora)
        aportes.crear_tema(cerrada, "Sin responder", por=casa.autora)

        html = aportes.para_el_resultado(cerrada)

        assert "Llegaron 2 aportes; se publicaron 1." in html
        assert "Es publicidad: 1" in html
        assert "Horario &lt;b&gt;" in html
        assert "<strong>Se acoge.</strong> 1 aporte." in html
        assert "&lt;script&gt;" in html
        assert "Sin responder" not in html
        assert sanear(html).count("<h3>") == 1
        assert aportes.para_el_resultado in bloques.EN_EL_RESULTADO

    def test_a_survey_adds_nothing(self, casa):
        assert aportes.para_el_resultado(crear_consulta(casa, clase="encuesta")) == ""

    def test_a_theme_of_another_consulta_is_refused(self, casa, consulta):
        ajeno = aportes.crear_tema(crear_consulta(casa), "Horario", por=casa.autora)

        with pytest.raises(CondicionIncumplida):
            aportes.agrupar(crear_aporte(casa, consulta), ajeno, por=casa.autora)

    def test_the_same_name_is_the_same_theme(self, casa, consulta):
        assert aportes.crear_tema(consulta, "Horario", por=casa.autora) == aportes.crear_tema(
            consulta, "Horario", por=casa.editor
        )

    @pytest.mark.parametrize("mal", [{"se_acoge": ""}, {"respuesta": " "}])
    def test_an_answer_says_what_and_why(self, casa, consulta, mal):
        tema = aportes.crear_tema(consulta, "Horario", por=casa.autora)

        with pytest.raises(CondicionIncumplida):
            aportes.responder_tema(tema, por=casa.autora, **{"se_acoge": "si", "respuesta": "Sí."} | mal)


class TestTheDesk:
    def rutas(self, casa, consulta) -> list[str]:
        aporte = crear_aporte(casa, consulta, texto="<i>Que abra antes</i>")
        tema = TemaDeAportes.objects.create(consulta=consulta, nombre="Horario")
        de = f"{PANEL}{consulta.slug}/"
        return [PANEL, de, f"{de}papel/", f"{de}temas/{tema.pk}/", f"{PANEL}uno/{aporte.pk}/"]

    def test_every_page_is_valid_for_who_may(self, casa, client, consulta):
        client.force_login(casa.editor)
        for ruta in self.rutas(casa, consulta):
            respuesta = client.get(ruta)

            assert respuesta.status_code == 200
            assert "<i>Que" not in respuesta.text
            assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
            html_valido(respuesta)

    def test_anonymous_people_go_to_the_login(self, casa, client, consulta):
        for ruta in self.rutas(casa, consulta):
            assert client.get(ruta).url.startswith("/admin/login/")

    def test_a_session_that_ended_loses_nothing(self, casa, client, consulta):
        respuesta = client.post(f"{PANEL}{consulta.slug}/papel/", {"texto": "Lo que digité"})

        assert respuesta.status_code == 401
        assert "Lo que digité" in respuesta.text

    def test_another_office_finds_nothing(self, casa, client, consulta):
        crear_canal(Dependencia.objects.get(nombre="Hacienda"))
        client.force_login(casa.tesorero)
        primera, *otras = self.rutas(casa, consulta)

        assert str(consulta) not in client.get(primera).text
        for ruta in otras:
            assert client.get(ruta).status_code == 404
            assert client.post(ruta, {}).status_code == 404

    @pytest.mark.parametrize("nombre", ["admin", "tesorero"])
    def test_who_writes_in_no_channel_does_not_enter(self, casa, client, consulta, nombre):
        client.force_login(getattr(casa, nombre))

        assert client.get(PANEL).status_code == 403

    def test_a_decision_leads_to_the_next_one(self, casa, client, consulta):
        primero, segundo = sorted((crear_aporte(casa, consulta) for _ in range(2)), key=lambda a: a.pk)
        client.force_login(casa.editor)

        uno = client.post(f"{PANEL}uno/{primero.pk}/", {"a": "publicado"})
        dos = client.post(
            f"{PANEL}uno/{segundo.pk}/", {"a": "no_publicado", "motivo": "ajeno", "explicacion": "Es otra."}
        )

        assert uno.url == f"{PANEL}uno/{segundo.pk}/"
        assert dos.url == f"{PANEL}{consulta.slug}/"
        assert "Quedó guardado." in client.get(dos.url).text
        assert set(Aporte.objects.values_list("estado", flat=True)) == {"publicado", "no_publicado"}

    @pytest.mark.parametrize(
        "datos, estado",
        [
            ({}, 422),
            ({"a": "inventado"}, 422),
            ({"a": "no_publicado"}, 422),
            ({"a": "no_publicado", "motivo": "ajeno", "explicacion": "Lo que expliqué " + "a" * 500}, 422),
            ({"a": "publicado"}, 409),
            ({"agrupar": "si", "tema": "99999"}, 422),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, casa, client, consulta, datos, estado):
        aporte = crear_aporte(casa, consulta, "publicado")
        client.force_login(casa.editor)

        respuesta = client.post(f"{PANEL}uno/{aporte.pk}/", datos)

        assert respuesta.status_code == estado
        assert 'role="alert"' in respuesta.text
        assert datos.get("explicacion", "") in respuesta.text
        html_valido(respuesta)

    def test_themes_and_answers_by_hand(self, casa, client, consulta):
        aporte = crear_aporte(casa, consulta)
        de = f"{PANEL}{consulta.slug}/"
        client.force_login(casa.editor)

        assert client.post(de, {"nombre": "Horario"}).status_code == 302
        tema = TemaDeAportes.objects.get()
        assert client.post(f"{PANEL}uno/{aporte.pk}/", {"agrupar": "si", "tema": tema.pk}).status_code == 302
        respuesta = {"se_acoge": "no", "respuesta": "No alcanza."}
        assert client.post(f"{de}temas/{tema.pk}/", respuesta).status_code == 302

        aporte.refresh_from_db()
        assert (aporte.tema.se_acoge, aporte.tema.respuesta) == ("no", "No alcanza.")
        assert client.post(de, {"nombre": ""}).status_code == 422
        mal = client.post(f"{de}temas/{tema.pk}/", {"respuesta": "Sin decidir"})
        assert mal.status_code == 422
        assert "Sin decidir" in mal.text

    def test_one_on_paper_by_hand(self, casa, client, consulta):
        ruta = f"{PANEL}{consulta.slug}/papel/"
        datos = {"clave": uuid4(), "texto": "De palabra", "dia": timezone.localdate().isoformat()}
        client.force_login(casa.autora)

        assert client.post(ruta, datos).status_code == 302
        otra = client.post(ruta, datos | {"texto": "Uno más"})
        futuro = client.post(ruta, datos | {"clave": uuid4(), "dia": "2999-01-01"})

        assert Aporte.objects.get().en_papel
        assert otra.status_code == 409
        assert "Uno más" in otra.text
        assert otra.context["form"]["clave"].value() != str(datos["clave"])
        assert futuro.status_code == 422

    def test_wrong_methods(self, casa, client, consulta):
        client.force_login(casa.editor)
        for ruta in self.rutas(casa, consulta):
            assert client.delete(ruta).status_code == 405

    @pytest.mark.parametrize("que", ["", "de"])
    def test_its_queries_do_not_grow(self, casa, client, consulta, django_assert_num_queries, que):
        client.force_login(casa.secretaria)
        cuentas = []
        for _ in range(2):
            for _ in range(6):
                crear_aporte(casa, consulta)
                crear_aporte(casa, crear_consulta(casa))
            with django_assert_num_queries(12, exact=False) as cuenta:
                client.get(f"{PANEL}{consulta.slug}/" if que else PANEL)
            cuentas.append(len(cuenta))

        assert cuentas[0] == cuentas[1]

    def test_the_desk_of_the_consulta_leads_to_it(self, casa, rf, consulta):
        htmls = [bloque(rf.get("/"), consulta) for bloque in bloques.EN_EL_ESCRITORIO]

        assert any(f"{PANEL}{consulta.slug}/" in html for html in htmls)


class TestWhatWaits:
    def grupo(self, usuario):
        return next((g for g in bandeja.grupos_de(usuario) if g.titulo == "Aportes por revisar"), None)

    def test_one_line_for_each_consulta(self, casa, consulta):
        for _ in range(2):
            crear_aporte(casa, consulta)
        crear_aporte(casa, crear_consulta(casa), "publicado")

        [linea] = self.grupo(casa.editor).tareas

        assert linea.titulo == consulta.titulo
        assert linea.detalle == "2 aportes por revisar"
        assert linea.url == f"{PANEL}{consulta.slug}/"

    def test_not_for_others(self, casa, consulta):
        crear_aporte(casa, consulta)

        assert self.grupo(casa.tesorero) is None
        assert self.grupo(casa.admin) is None


def test_a_consulta_that_takes_comments_is_one_of_two_kinds():
    assert {c for c in Consulta.Clase if Consulta(clase=c).recibe_aportes} == {"proyecto", "consulta"}
    assert Rechazo.Causa.FUERA == "fuera"
