"""Writing without fear: nothing typed is lost, whoever saves first, whatever happens to the session."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import services
from portal.admin.formularios import _AYUDAS, campos_de
from portal.models import BorradorAnterior, Presencia, Publicacion
from portal.models.borrador import MEMORIA
from portal.models.canal import Tipo
from portal.redaccion import limpieza, presencia
from tests.builders import crear_version

SIN_ADJUNTOS = {
    "adjuntos-TOTAL_FORMS": "0",
    "adjuntos-INITIAL_FORMS": "0",
    "adjuntos-MIN_NUM_FORMS": "0",
    "adjuntos-MAX_NUM_FORMS": "1000",
}
TEXTO = {"titulo": "Corte de agua", "resumen": "El jueves.", "cuerpo": "<p>El jueves no hay agua.</p>"}
INTENTO = "0123456789abcdef" * 2
CLAVE = "6f1f7a2e-1f2b-4c3d-8e9f-0a1b2c3d4e5f"


def url(nombre: str, *args) -> str:
    return reverse(f"admin:portal_version_{nombre}", args=args)


def url_nueva(canal) -> str:
    return f"{url('add')}?canal={canal.pk}&tipo=noticia"


def datos(version=None, **cambios) -> dict[str, str]:
    revision = {"revision": str(version.revision if version else 0)}
    return TEXTO | SIN_ADJUNTOS | revision | cambios


@pytest.fixture
def borrador(casa):
    return crear_version(casa, **TEXTO)


@pytest.fixture
def entrar(client):
    def como(usuario) -> Client:
        client.force_login(usuario)
        return client

    return como


class TestADraftAsksForNothing:
    def test_even_without_a_title_it_is_kept(self, casa, entrar):
        respuesta = entrar(casa.autora).post(
            url_nueva(casa.canal), datos(titulo="", resumen="", cuerpo="<p>Una idea</p>"), follow=True
        )

        version = Publicacion.objects.get().versiones.get()
        assert (version.titulo, version.cuerpo) == ("", "<p>Una idea</p>")
        assert "El borrador quedó guardado" in respuesta.text

    def test_what_is_missing_is_asked_when_it_is_sent(self, casa, entrar):
        respuesta = entrar(casa.autora).post(
            url_nueva(casa.canal), datos(titulo="", resumen="", _enviar="1"), follow=True
        )

        assert "Falta: título." in respuesta.text
        assert "Falta: resumen." in respuesta.text
        assert Publicacion.objects.get().versiones.get().editable

    def test_the_address_follows_the_title_when_it_comes(self, casa, entrar):
        entrar(casa.autora).post(url_nueva(casa.canal), datos(titulo=""))
        version = Publicacion.objects.get().versiones.get()
        assert version.publicacion.slug == "sin-titulo"

        entrar(casa.autora).post(version.get_absolute_url(), datos(version))

        version.publicacion.refresh_from_db()
        assert version.publicacion.slug == "corte-de-agua"

    @pytest.mark.parametrize("tipo", Tipo.values)
    def test_every_field_has_an_example_under_it(self, casa, entrar, tipo):
        casa.canal.tipos = list(Tipo.values)
        casa.canal.save()

        formulario = entrar(casa.autora).get(f"{url('add')}?canal={casa.canal.pk}&tipo={tipo}").context
        campos = formulario["adminform"].form.fields

        for campo in campos_de(tipo, es_cambio=False):
            assert "Por ejemplo" in campos[campo].help_text, campo

    def test_no_help_is_written_for_a_field_that_is_not(self):
        campos = {campo for tipo in Tipo.values for campo in campos_de(tipo, es_cambio=True)}
        assert set(_AYUDAS) == campos


class TestHostileWriting:
    @pytest.mark.parametrize(
        ("escrito", "guardado"),
        [
            ("<p>Fiesta 🎉 👩🏽‍🌾</p>", "<p>Fiesta 🎉 👩🏽‍🌾</p>"),
            ("<p>\u202eorden al revés\u202c</p>", "<p>\u202eorden al revés\u202c</p>"),
            ("<p>Hola<script>alert(1)</script></p>", "<p>Hola</p>"),
            ('<p onclick="x()">Hola</p><iframe src="//a"></iframe>', "<p>Hola</p>"),
            ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("<p>../../etc/passwd</p>", "<p>../../etc/passwd</p>"),
        ],
    )
    def test_it_is_kept_clean_and_read_back_as_it_is(self, casa, borrador, entrar, escrito, guardado):
        autora = entrar(casa.autora)
        autora.post(borrador.get_absolute_url(), datos(borrador, cuerpo=escrito))

        borrador.refresh_from_db()
        assert borrador.cuerpo == guardado
        assert "<script>alert(1)" not in autora.get(borrador.get_absolute_url()).text

    def test_five_thousand_words_are_saved_compared_and_sent(self, casa, borrador, entrar):
        largo = "".join(f"<p>{' '.join(['palabra', 'otra', 'más', 'corta'] * 5)}.</p>" for _ in range(250))
        autora = entrar(casa.autora)
        autora.post(borrador.get_absolute_url(), datos(borrador, cuerpo=largo))
        borrador.refresh_from_db()
        assert len(borrador.cuerpo.split()) >= 4_750

        choque = autora.post(
            borrador.get_absolute_url(), datos(borrador, revision="0", cuerpo=f"{largo}<p>Fin.</p>")
        )
        assert "Los dos textos" in choque.text
        enviado = autora.post(
            borrador.get_absolute_url(), datos(borrador, cuerpo=largo, _enviar="1"), follow=True
        )
        assert "El texto se envió" in enviado.text


class TestTwoPeopleAtOnce:
    @pytest.fixture
    def choque(self, casa, borrador, entrar):
        """The author opened it; the head saved; the author sends what they had."""
        services.guardar_borrador(
            borrador,
            por=casa.jefe,
            revision=borrador.revision,
            titulo="Corte de agua y luz",
            resumen="De 8 a 12.",
        )
        return entrar(casa.autora).post(
            borrador.get_absolute_url(), datos(borrador, cuerpo="<p>El jueves no hay agua en La Unión.</p>")
        )

    def test_both_texts_are_shown_and_nothing_is_saved(self, casa, borrador, choque):
        assert "guardó cambios en este texto mientras usted escribía" in choque.text
        assert 'name="guardado-titulo"' in choque.text
        assert 'name="guardado-cuerpo"' in choque.text
        assert "La Unión" in choque.text
        borrador.refresh_from_db()
        assert borrador.titulo == "Corte de agua y luz"

    def test_a_field_that_both_have_alike_is_not_asked(self, casa, borrador, entrar):
        services.guardar_borrador(borrador, por=casa.jefe, revision=borrador.revision, titulo="Otro título")

        pagina = entrar(casa.autora).post(borrador.get_absolute_url(), datos(borrador)).text

        assert 'name="guardado-titulo"' in pagina
        assert 'name="guardado-resumen"' not in pagina

    def test_each_part_is_chosen_and_the_rest_is_kept_apart(self, casa, borrador, choque, entrar):
        borrador.refresh_from_db()
        entrar(casa.autora).post(
            borrador.get_absolute_url(),
            datos(borrador, cuerpo="<p>Lo mío.</p>") | {"guardado-titulo": "on"},
        )

        borrador.refresh_from_db()
        assert borrador.titulo == "Corte de agua y luz"
        assert borrador.cuerpo == "<p>Lo mío.</p>"
        assert borrador.resumen == "El jueves."
        assert borrador.anteriores.filter(contenido__resumen="De 8 a 12.").exists()

    def test_the_same_words_from_both_are_no_clash(self, casa, borrador, entrar):
        services.guardar_borrador(borrador, por=casa.jefe, revision=borrador.revision, titulo="Corte")

        respuesta = entrar(casa.autora).post(borrador.get_absolute_url(), datos(borrador, titulo="Corte"))

        assert respuesta.status_code == 302

    def test_choosing_all_of_what_was_saved_changes_nothing(self, casa, borrador, choque, entrar):
        borrador.refresh_from_db()
        antes = borrador.contenido_canonico()
        marcas = {f"guardado-{campo}": "on" for campo in ("titulo", "resumen", "cuerpo")}

        entrar(casa.autora).post(borrador.get_absolute_url(), datos(borrador) | marcas)

        borrador.refresh_from_db()
        assert borrador.contenido_canonico() == antes
        assert borrador.editada_por == casa.jefe

    def test_a_form_sent_again_after_a_lost_answer_makes_no_second_text(self, casa, entrar):
        entrar(casa.autora).post(url_nueva(casa.canal), datos(clave=CLAVE))

        otra = entrar(casa.autora).post(url_nueva(casa.canal), datos(clave=CLAVE), follow=True)
        assert "ya se había guardado" in otra.text

        con_mas = entrar(casa.autora).post(
            url_nueva(casa.canal), datos(clave=CLAVE, cuerpo="<p>Con más detalle.</p>")
        )
        version = Publicacion.objects.get().versiones.get()
        assert "Los dos textos" in con_mas.text
        assert f'action="{version.get_absolute_url()}"' in con_mas.text
        assert "Con más detalle" in con_mas.text

    def test_what_was_written_after_a_sending_whose_answer_was_lost_is_not_called_received(
        self, casa, entrar
    ):
        autora = entrar(casa.autora)
        autora.post(url_nueva(casa.canal), datos(clave=CLAVE, _enviar="1"))
        version = Publicacion.objects.get().versiones.get()
        assert not version.editable

        otra = autora.post(
            url_nueva(casa.canal),
            datos(clave=CLAVE, cuerpo="<p>Con más detalle.</p>", intento=INTENTO, _enviar="1"),
            follow=True,
        )

        assert "Su texto no se guardó" in otra.text
        assert "Con más detalle." in otra.text
        assert f"guardado-{INTENTO}" not in otra.text
        version.refresh_from_db()
        assert version.cuerpo == TEXTO["cuerpo"]

    def test_the_same_sent_twice_is_not_called_lost(self, casa, borrador, entrar):
        autora = entrar(casa.autora)
        enviado = datos(borrador, intento=INTENTO, _enviar="1")
        autora.post(borrador.get_absolute_url(), enviado)

        otra = autora.post(borrador.get_absolute_url(), enviado, follow=True)

        assert otra.status_code == 200
        assert "ya se había guardado" in otra.text
        assert "no se guardó" not in otra.text


class TestTwoPeopleAndTheFiles:
    """What is said of a file is not stepped on either: only what each one changed is saved."""

    @pytest.fixture
    def adjunto(self, casa, borrador):
        archivo = SimpleUploadedFile("presupuesto.csv", b"a,b")
        adjunto = services.adjuntar(borrador, archivo, titulo="Presupuesto", por=casa.autora)
        borrador.refresh_from_db()
        return adjunto

    def abierto(self, borrador, adjunto, **cambios) -> dict[str, str]:
        """What the browser of whoever opened it now would send, with those changes."""
        fila = {"titulo": adjunto.titulo, "alt": adjunto.alt, "orden": adjunto.orden, "foco": adjunto.foco}
        return datos(borrador) | {
            "adjuntos-TOTAL_FORMS": "1",
            "adjuntos-INITIAL_FORMS": "1",
            "adjuntos-0-id": str(adjunto.pk),
            "adjuntos-0-version": str(borrador.pk),
            **{f"initial-adjuntos-0-{campo}": valor for campo, valor in fila.items()},
            **{f"adjuntos-0-{campo}": valor for campo, valor in (fila | cambios).items()},
        }

    def test_the_page_says_what_each_one_began_from(self, casa, borrador, adjunto, entrar):
        pagina = entrar(casa.autora).get(borrador.get_absolute_url()).text
        assert 'name="initial-adjuntos-0-titulo" value="Presupuesto"' in pagina

    def test_what_another_wrote_stays_when_one_did_not_touch_it(self, casa, borrador, adjunto, entrar):
        vieja = self.abierto(borrador, adjunto, orden="3")
        entrar(casa.jefe).post(
            borrador.get_absolute_url(), self.abierto(borrador, adjunto, titulo="Presupuesto de 2027")
        )

        respuesta = entrar(casa.autora).post(borrador.get_absolute_url(), vieja)

        assert respuesta.status_code == 302
        adjunto.refresh_from_db()
        assert (adjunto.titulo, adjunto.orden) == ("Presupuesto de 2027", 3)

    def test_what_both_changed_is_shown_and_only_then_replaced(self, casa, borrador, adjunto, entrar):
        vieja = self.abierto(borrador, adjunto, titulo="Lo de la autora")
        entrar(casa.jefe).post(
            borrador.get_absolute_url(), self.abierto(borrador, adjunto, titulo="Lo del jefe")
        )

        choque = entrar(casa.autora).post(borrador.get_absolute_url(), vieja)

        assert choque.status_code == 200
        assert "dice «Lo del jefe»" in choque.text
        assert 'value="Lo de la autora"' in choque.text
        assert 'name="initial-adjuntos-0-titulo" value="Lo del jefe"' in choque.text
        adjunto.refresh_from_db()
        assert adjunto.titulo == "Lo del jefe"
        borrador.refresh_from_db()
        otra = self.abierto(borrador, adjunto, titulo="Lo de la autora")
        assert entrar(casa.autora).post(borrador.get_absolute_url(), otra).status_code == 302
        adjunto.refresh_from_db()
        assert adjunto.titulo == "Lo de la autora"

    def test_a_file_that_another_took_away_does_not_hold_the_text(self, casa, borrador, adjunto, entrar):
        vieja = self.abierto(borrador, adjunto) | {"cuerpo": "<p>Lo de la autora.</p>"}
        with services.editar_adjuntos(borrador, por=casa.jefe):
            adjunto.delete()

        choque = entrar(casa.autora).post(borrador.get_absolute_url(), vieja)
        assert "Los dos textos" in choque.text
        borrador.refresh_from_db()
        respuesta = entrar(casa.autora).post(
            borrador.get_absolute_url(), vieja | {"revision": str(borrador.revision)}
        )

        assert respuesta.status_code == 302
        borrador.refresh_from_db()
        assert borrador.cuerpo == "<p>Lo de la autora.</p>"
        assert not borrador.adjuntos.exists()


class TestEarlierSavings:
    def test_each_saving_keeps_what_it_replaced(self, casa, borrador):
        for numero in range(3):
            borrador = services.guardar_borrador(
                borrador, por=casa.autora, revision=borrador.revision, titulo=f"Título {numero}"
            )

        titulos = [anterior.contenido["titulo"] for anterior in borrador.anteriores.all()]
        assert titulos == ["Título 1", "Título 0", "Corte de agua"]

    def test_saving_without_a_change_keeps_nothing(self, casa, borrador):
        services.guardar_borrador(borrador, por=casa.autora, revision=borrador.revision, **TEXTO)
        assert not borrador.anteriores.exists()

    def test_only_the_newest_stay(self, casa, borrador):
        for numero in range(MEMORIA + 3):
            borrador = services.guardar_borrador(
                borrador, por=casa.autora, revision=borrador.revision, titulo=f"Título {numero}"
            )
        assert borrador.anteriores.count() == MEMORIA
        assert borrador.anteriores.last().contenido["titulo"] == "Título 2"

    def test_one_is_brought_back_and_what_there_was_is_kept(self, casa, borrador, entrar):
        borrador = services.guardar_borrador(
            borrador, por=casa.jefe, revision=borrador.revision, titulo="Peor título"
        )
        anterior = borrador.anteriores.get()
        autora = entrar(casa.autora)
        assert "Corte de agua" in autora.get(url("anteriores", borrador.pk)).text

        respuesta = autora.post(url("traer", borrador.pk, anterior.pk), follow=True)

        borrador.refresh_from_db()
        assert borrador.titulo == "Corte de agua"
        assert "volvió a decir lo de antes" in respuesta.text
        assert borrador.anteriores.filter(contenido__titulo="Peor título").exists()

    def test_dates_come_back_as_dates(self, casa, entrar):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        empieza = timezone.now().replace(microsecond=0)
        version = services.crear_publicacion(
            canal=casa.canal, tipo="evento", por=casa.autora, titulo="Feria", evento_inicio=empieza
        )
        version = services.guardar_borrador(
            version, por=casa.autora, revision=version.revision, evento_inicio=None
        )

        entrar(casa.autora).post(url("traer", version.pk, version.anteriores.get().pk))

        version.refresh_from_db()
        assert version.evento_inicio == empieza

    def test_they_are_of_whoever_may_read_the_text(self, casa, borrador, entrar):
        borrador = services.guardar_borrador(
            borrador, por=casa.jefe, revision=0 + borrador.revision, titulo="X"
        )
        anterior = borrador.anteriores.get()

        assert entrar(casa.tesorero).get(url("anteriores", borrador.pk)).status_code == 404
        assert entrar(casa.tesorero).post(url("traer", borrador.pk, anterior.pk)).status_code == 404
        assert entrar(casa.autora).get(url("traer", borrador.pk, anterior.pk)).status_code == 405
        assert entrar(casa.autora).post(url("traer", borrador.pk, 999999)).status_code == 404
        editor = entrar(casa.alcalde).post(url("traer", borrador.pk, anterior.pk), follow=True)
        assert "Ninguno de sus cargos escribe" in editor.text
        borrador.refresh_from_db()
        assert borrador.titulo == "X"

    def test_what_was_sent_is_not_changed_back(self, casa, borrador, entrar):
        borrador = services.guardar_borrador(
            borrador, por=casa.autora, revision=borrador.revision, titulo="Otro"
        )
        services.enviar(borrador, por=casa.autora)

        pagina = entrar(casa.autora).post(
            url("traer", borrador.pk, borrador.anteriores.get().pk), follow=True
        )

        assert "ya no es un borrador" in pagina.text

    def test_long_after_they_are_forgotten(self, casa, borrador):
        borrador = services.guardar_borrador(
            borrador, por=casa.autora, revision=borrador.revision, titulo="Otro"
        )
        tarde = timezone.now() + timedelta(days=91)
        limpieza.olvidar(tarde)
        assert BorradorAnterior.objects.count() == 1  # it is still a draft

        services.enviar(borrador, por=casa.autora)
        assert "olvidados: 1" in limpieza.olvidar(tarde)


class TestWhoElseHasItOpen:
    def test_the_page_says_so_and_forgets_who_left(self, casa, borrador, client):
        client.force_login(casa.jefe)
        client.post(url("pulso", borrador.pk), {"revision": borrador.revision})
        otra = Client()
        otra.force_login(casa.autora)

        dicho = otra.post(url("pulso", borrador.pk), {"revision": borrador.revision}).json()
        assert dicho["otros"] == "También lo tiene abierto jefe."
        assert "También lo tiene abierto jefe." in otra.get(borrador.get_absolute_url()).text

        client.post(url("pulso", borrador.pk), {"salio": "si"})
        assert otra.post(url("pulso", borrador.pk)).json()["otros"] == ""

    def test_three_are_named_as_people_say_it(self, casa, borrador):
        for usuario in (casa.jefe, casa.secretaria, casa.alcalde):
            presencia.llegar(borrador, usuario)
        frase = "También lo tienen abierto jefe, secretaria y alcalde."
        assert presencia.otros(borrador, casa.autora) == frase

    def test_who_closed_the_computer_is_gone_in_a_minute(self, casa, borrador):
        hace_rato = timezone.now() - timedelta(seconds=71)
        presencia.llegar(borrador, casa.jefe, hace_rato)
        assert presencia.otros(borrador, casa.autora) == ""
        limpieza.olvidar(timezone.now() + timedelta(days=1))
        assert not Presencia.objects.exists()

    def test_it_tells_of_what_another_saved(self, casa, borrador, entrar):
        revision = borrador.revision
        services.guardar_borrador(borrador, por=casa.jefe, revision=revision, titulo="Otro")
        dicho = entrar(casa.autora).post(url("pulso", borrador.pk), {"revision": revision}).json()
        assert "jefe guardó cambios a las" in dicho["novedad"]

    def test_it_tells_that_it_was_sent(self, casa, borrador, entrar):
        services.enviar(borrador, por=casa.autora)
        dicho = entrar(casa.autora).post(url("pulso", borrador.pk), {"revision": "1"}).json()
        assert "ya está «en validación»" in dicho["novedad"]
        assert not Presencia.objects.exists()

    def test_whoever_entered_again_gets_a_token_that_works(self, casa, borrador):
        estricto = Client(enforce_csrf_checks=True)
        assert estricto.get(url("ficha")).status_code == 401
        estricto.force_login(casa.autora)
        assert estricto.post(url("pulso", borrador.pk)).status_code == 403

        ficha = estricto.get(url("ficha")).json()["ficha"]

        assert estricto.post(url("pulso", borrador.pk), {"csrfmiddlewaretoken": ficha}).status_code == 200
        assert estricto.post(url("ficha"), {"csrfmiddlewaretoken": ficha}).status_code == 405

    @pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "9" * 5000])
    def test_a_strange_revision_breaks_nothing(self, casa, borrador, entrar, revision):
        assert entrar(casa.autora).post(url("pulso", borrador.pk), {"revision": revision}).status_code == 200

    def test_who_may_ask(self, casa, borrador, client):
        pulso = url("pulso", borrador.pk)
        assert client.post(pulso).status_code == 401
        client.force_login(casa.tesorero)
        assert client.post(pulso).status_code == 404
        client.force_login(casa.autora)
        assert client.get(pulso).status_code == 405

    @pytest.mark.parametrize("otros", [1, 6])
    def test_it_costs_the_same_with_many(self, casa, borrador, entrar, django_assert_num_queries, otros):
        for usuario in (casa.jefe, casa.secretaria, casa.alcalde, casa.editor, casa.tesorero, casa.admin)[
            :otros
        ]:
            presencia.llegar(borrador, usuario)
        autora = entrar(casa.autora)
        autora.post(url("pulso", borrador.pk))
        with django_assert_num_queries(
            8
        ):  # session, person, text, one's own row (a transaction), the others'
            autora.post(url("pulso", borrador.pk), {"revision": borrador.revision})


@pytest.mark.parametrize("ver", ["", "?ver=1"])
@pytest.mark.parametrize("cuantos", [1, 6])
def test_the_page_costs_the_same_with_much_in_it(
    casa, borrador, entrar, django_assert_max_num_queries, cuantos, ver
):
    """Files, earlier savings, people who have it open, links and what the checks find."""
    enlaces = "".join(f'<p><a href="https://ejemplo{n}.gov.co/">aquí</a></p>' for n in range(cuantos))
    for numero in range(cuantos):
        borrador = services.guardar_borrador(
            borrador, por=casa.autora, revision=borrador.revision, titulo=f"T{numero}", cuerpo=enlaces
        )
        archivo = SimpleUploadedFile(f"{numero}.csv", b"a,b")
        services.adjuntar(borrador, archivo, titulo=f"A{numero}", por=casa.autora)
        borrador.refresh_from_db()
    for usuario in (casa.jefe, casa.secretaria, casa.alcalde, casa.editor, casa.admin)[:cuantos]:
        presencia.llegar(borrador, usuario)
    autora = entrar(casa.autora)
    autora.get(borrador.get_absolute_url() + ver)
    with django_assert_max_num_queries(21 if ver else 14):
        pagina = autora.get(borrador.get_absolute_url() + ver)
    assert "Antes de enviarlo" in pagina.text


class TestTheCopyOfTheBrowser:
    @pytest.mark.parametrize("boton", ["_continue", "_ver", "_enviar"])
    def test_the_answer_says_which_sending_arrived(self, casa, borrador, entrar, boton):
        respuesta = entrar(casa.autora).post(
            borrador.get_absolute_url(), datos(borrador, intento=INTENTO) | {boton: "1"}
        )
        (mensaje,) = get_messages(respuesta.wsgi_request)
        assert f"guardado-{INTENTO}" in mensaje.tags

    @pytest.mark.parametrize("intento", ["", "x", INTENTO + "0", '"><script>', INTENTO.upper()])
    def test_nothing_else_is_repeated_back(self, casa, borrador, entrar, intento):
        respuesta = entrar(casa.autora).post(borrador.get_absolute_url(), datos(borrador, intento=intento))
        (mensaje,) = get_messages(respuesta.wsgi_request)
        assert "guardado" not in mensaje.tags

    def test_what_was_refused_is_not_called_received(self, casa, borrador, entrar):
        pagina = entrar(casa.autora).post(
            borrador.get_absolute_url(), datos(borrador, revision="99", titulo="Z", intento=INTENTO)
        )
        assert f"guardado-{INTENTO}" not in pagina.text


@pytest.mark.parametrize("canal", ["9" * 30, "9" * 5000, "٣", "x"])
def test_a_strange_channel_breaks_nothing(casa, entrar, canal):
    assert entrar(casa.autora).get(url("add"), {"canal": canal}).status_code in {200, 403}


def test_a_copy_is_of_the_text_by_whatever_address_it_is_opened(casa, borrador, entrar):
    pagina = entrar(casa.autora).get(borrador.get_absolute_url(), {"_changelist_filters": "q=a"}).text
    assert f'data-direccion="{borrador.get_absolute_url()}"' in pagina


class TestASessionThatEnded:
    def test_what_was_typed_is_shown_and_the_way_back(self, casa, borrador, client):
        respuesta = client.post(
            borrador.get_absolute_url(), datos(borrador, titulo="Mi título <b>", clave=CLAVE)
        )

        assert respuesta.status_code == 401
        assert "Su sesión terminó" in respuesta.text
        assert "Mi título &lt;b&gt;" in respuesta.text
        assert "no hay agua" in respuesta.text
        assert CLAVE not in respuesta.text
        assert f"/admin/login/?next={borrador.get_absolute_url()}".replace("/", "%2F")[-20:] in respuesta.text
        assert "no-store" in respuesta.headers["Cache-Control"]

    def test_a_button_with_nothing_typed_only_asks_to_enter(self, casa, borrador, client):
        enviar = reverse("admin:portal_version_paso", args=[borrador.pk, "enviar"])
        assert client.post(enviar, {"huella": borrador.huella()}).url.startswith("/admin/login/")

    def test_no_password_is_shown_back(self, casa, client):
        pagina = client.post(
            reverse("admin:password_change"), {"old_password": "secreta", "new_password1": "otra-clave"}
        )
        assert "secreta" not in pagina.text
        assert "otra-clave" not in pagina.text

    def test_reading_still_asks_to_enter(self, borrador, client):
        assert client.get(borrador.get_absolute_url()).status_code == 302

    def test_who_is_inside_but_may_not_enter_here_sees_nothing_of_ours(self, casa, borrador, client):
        vecino = casa.autora
        vecino.is_staff = False
        vecino.save()
        client.force_login(vecino)
        respuesta = client.post(borrador.get_absolute_url(), datos(borrador, titulo="Mi título"))
        assert respuesta.status_code == 401
