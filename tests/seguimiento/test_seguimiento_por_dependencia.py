"""An office before its part of the plan: what is followed of it, what is asked of it and what it answers."""

from datetime import date

import html5lib
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.flujo import EstadoInadecuado, SinPermiso
from portal.models import Dependencia
from portal.periodos import Periodo
from seguimiento.models import ObservacionADependencia
from seguimiento.seguimiento_por_dependencia import Ficha, preguntar, responder
from seguimiento.semana import reunir
from tests.builders import crear_canal, crear_cargo, crear_dependencia, crear_publicada, crear_usuario
from tests.seguimiento.builders import crear_criterio, evaluar
from tests.seguimiento.builders_del_plan import crear_actividad, crear_indicador
from tests.seguimiento.semanas import (
    LUNES,
    SEMANA,
    crear_canal_de_informes,
    crear_firmado,
    crear_informe,
    crear_medicion,
    el,
)
from tests.tramites.builders import crear_tramite


@pytest.fixture(autouse=True)
def lunes():
    with time_machine.travel(el(LUNES, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def casa(casa):
    crear_canal_de_informes(casa)
    casa.url = f"/panel/dependencias/{casa.planeacion.slug}/"
    return casa


@pytest.fixture
def informe(casa):
    return crear_informe()


def decir(texto: str = "Se aplazó.") -> dict:
    return {"que": "decir", "decir-texto": texto}


def pregunta(texto: str = "¿Qué falta?") -> dict:
    return {"que": "preguntar", "preguntar-texto": texto}


def respuesta_a(observacion, texto: str = "Falta la firma.") -> dict:
    return {"que": "responder", "observacion": observacion.pk, "responder-texto": texto}


# --- Who looks ----------------------------------------------------------------------------------
class TestWhoLooks:
    @pytest.mark.parametrize(
        "quien, estado",
        [
            *[("secretaria", 200), ("alcalde", 200), ("jefe", 200), ("tesorero", 200)],
            *[("autora", 200), ("editor", 403), ("admin", 403)],
        ],
    )
    def test_the_heads_and_the_people_of_the_office(self, casa, client, quien, estado):
        client.force_login(getattr(casa, quien))

        assert client.get(casa.url).status_code == estado

    def test_anonymous_people_are_asked_to_enter(self, casa, client):
        assert client.get(casa.url).url == f"/admin/login/?next={casa.url}"

    @pytest.mark.parametrize("slug", ["no-existe", "cerrada"])
    def test_an_office_that_is_not_there(self, casa, client, slug):
        crear_dependencia("Cerrada", slug="cerrada", activa=False)
        client.force_login(casa.secretaria)

        assert client.get(f"/panel/dependencias/{slug}/").status_code == 404

    def test_wrong_method(self, casa, client):
        client.force_login(casa.jefe)

        assert client.put(casa.url).status_code == 405


# --- What is followed ---------------------------------------------------------------------------
class TestWhatIsFollowed:
    def test_its_goals_channels_updates_tramites_and_criteria(self, casa, client):
        crear_actividad(casa.cargo_jefe, texto="Socializar el plan", fin=date(2026, 11, 1))
        crear_publicada(casa, titulo="Se arregló el puente", en=el("18"))
        crear_tramite(casa, publicado=True, nombre="Licencia de parcelación", en=el("10"))
        evaluar(
            crear_criterio(nombre="Plan publicado", dependencia=casa.planeacion), "no_cumple", en=el("12")
        )
        evaluar(crear_criterio(nombre="Contacto", dependencia=casa.planeacion), "cumple", en=el("12"))
        client.force_login(casa.jefe)

        pagina = client.get(casa.url).text

        assert "Metas: 2 de 3 cumplidas (66 %)" in pagina
        for dicho in (
            *("Socializar el plan", "Canal «Programas y proyectos» al día", "Se arregló el puente"),
            *("Licencia de parcelación", "Plan publicado"),
            *("Criterios: 1 de 2 cumplidos (50 %)", "Actualizó, al día"),
        ):
            assert dicho in pagina, dicho
        assert "Contacto" not in pagina.partition('id="criterios"')[2]

    def test_only_what_is_its_own(self, casa, client):
        otra = crear_dependencia("Deportes")
        crear_canal(otra, nombre="Canal de Deportes", edad_maxima_dias=7)
        crear_criterio(nombre="Criterio de Deportes", dependencia=otra)
        client.force_login(casa.jefe)

        pagina = client.get(casa.url).text

        assert "Canal de Deportes" not in pagina
        assert "Criterio de Deportes" not in pagina

    def test_an_office_of_which_nothing_is_asked(self, casa, client):
        crear_dependencia("Deportes", slug="deportes")
        client.force_login(casa.secretaria)

        pagina = client.get("/panel/dependencias/deportes/").text

        assert "no se le pedía nada" in pagina
        assert "El plan no le pide metas a esta dependencia." in pagina

    def test_the_past_is_read_as_it_was(self, casa, client):
        crear_publicada(casa, titulo="De entonces", en=el("04"))
        crear_informe(Periodo.semana(2026, 45))
        crear_publicada(casa, titulo="De ahora", en=el("18"))
        client.force_login(casa.jefe)

        pagina = client.get(f"{casa.url}?semana=2026-S45").text

        assert "De entonces" in pagina
        assert "De ahora" not in pagina

    def test_a_renamed_office_keeps_its_rows(self, casa, informe):
        Dependencia.objects.filter(pk=casa.planeacion.pk).update(nombre="Planeación y Obras")

        ficha = Ficha(Dependencia.objects.get(pk=casa.planeacion.pk), SEMANA, informe.datos)

        assert [canal["nombre"] for canal in ficha.canales] == [casa.canal.nombre]

    def test_eight_weeks_of_its_goals_as_they_were_measured(self, casa):
        metas = crear_indicador("metas-por-dependencia")
        crear_medicion(metas, SEMANA.anterior, 40, dependencia=casa.planeacion)
        crear_medicion(metas, SEMANA, 60, dependencia=casa.planeacion)
        crear_medicion(metas, SEMANA, 90)

        ficha = Ficha(casa.planeacion, SEMANA, reunir(SEMANA))

        assert [int(v) if v is not None else None for v in ficha.historia.valores] == [None] * 6 + [40, 60]

    @pytest.mark.parametrize("filas", [1, 12])
    def test_it_costs_the_same_however_much_there_is(self, casa, client, informe, filas):
        for n in range(filas):
            crear_publicada(casa, en=el("18"))
            crear_canal(casa.planeacion, edad_maxima_dias=7)
            evaluar(crear_criterio(dependencia=casa.planeacion), "no_cumple", en=el("18"))
            preguntar(informe, casa.planeacion, texto=f"¿{n}?", por=casa.secretaria)
            if n % 4 == 0:
                crear_tramite(casa, publicado=True)
        client.force_login(casa.jefe)
        client.get(casa.url)

        with CaptureQueriesContext(connection) as consultas:
            client.get(casa.url)

        assert len(consultas) == 16, "\n".join(c["sql"][:120] for c in consultas)

    def test_its_page_is_valid_html(self, casa, client, informe):
        preguntar(informe, casa.planeacion, texto="¿Qué falta?", por=casa.secretaria)
        crear_publicada(casa, en=el("18"))
        evaluar(crear_criterio(dependencia=casa.planeacion), "no_cumple", en=el("18"))
        for quien in (casa.jefe, casa.secretaria):
            client.force_login(quien)
            html5lib.HTMLParser(strict=True).parse(client.get(casa.url).content)


# --- What the office says -----------------------------------------------------------------------
class TestWhatTheOfficeSays:
    @pytest.mark.parametrize("quien", ["jefe", "autora"])
    def test_its_head_or_who_writes_says_it_until_the_signature(self, casa, client, informe, quien):
        client.force_login(getattr(casa, quien))

        respuesta = client.post(f"{casa.url}?semana=2026-S47", decir(), follow=True)

        assert respuesta.redirect_chain == [(f"{casa.url}?semana=2026-S47", 302)]
        assert informe.por_dependencia.get().texto == "Se aplazó."
        assert "Puede cambiarlo hasta que se firme" in respuesta.text

    @pytest.mark.parametrize("quien", ["secretaria", "alcalde", "tesorero"])
    def test_nobody_else_though_they_see_the_page(self, casa, client, informe, quien):
        client.force_login(getattr(casa, quien))

        assert 'value="decir"' not in client.get(casa.url).text
        assert client.post(casa.url, decir()).status_code == 403
        assert not informe.por_dependencia.exists()

    def test_after_the_signature_it_is_refused_and_kept_on_the_page(self, casa, client):
        informe = crear_firmado(casa)
        client.force_login(casa.jefe)
        assert 'value="decir"' not in client.get(casa.url).text

        respuesta = client.post(casa.url, decir())

        assert respuesta.status_code == 409
        assert not informe.por_dependencia.exists()

    @pytest.mark.parametrize("texto", ["", "   ", "x" * 1001])
    def test_bad_input_is_told_and_kept(self, casa, client, informe, texto):
        client.force_login(casa.jefe)

        respuesta = client.post(casa.url, decir(texto))

        assert respuesta.status_code == 422
        assert texto.strip() in respuesta.text
        assert 'class="errorlist"' in respuesta.text

    @pytest.mark.parametrize("enviado", [{}, {"que": "borrar"}, {"que": "__init__"}, {"que": "recibir"}])
    def test_something_else_is_not_found(self, casa, client, informe, enviado):
        client.force_login(casa.jefe)

        assert client.post(casa.url, enviado).status_code == 404

    def test_of_the_week_in_course_nothing_is_said_yet(self, casa, client, informe):
        client.force_login(casa.jefe)

        assert client.post(f"{casa.url}?semana=2026-S48", decir()).status_code == 404


# --- What is asked and answered -----------------------------------------------------------------
class TestAskingAndAnswering:
    def test_secretaria_general_asks_the_office_sees_it_in_its_bandeja_and_answers(
        self, casa, client, informe
    ):
        client.force_login(casa.secretaria)
        assert client.post(casa.url, pregunta()).status_code == 302
        observacion = ObservacionADependencia.objects.get()

        client.force_login(casa.autora)
        bandeja = client.get("/admin/").text
        assert "Le preguntan por su dependencia" in bandeja
        assert f'{casa.url}#observacion-{observacion.pk}"' in bandeja
        assert client.post(casa.url, respuesta_a(observacion)).status_code == 302
        assert "Le preguntan por su dependencia" not in client.get("/admin/").text

        observacion.refresh_from_db()
        assert (observacion.respuesta, observacion.respondida_por) == ("Falta la firma.", casa.autora)
        assert observacion.respondida_firma == "autora, Auxiliar (Planeación)"
        client.force_login(casa.alcalde)
        assert "Falta la firma." in client.get(casa.url).text

    @pytest.mark.parametrize("quien", ["jefe", "autora", "alcalde"])
    def test_nobody_else_asks(self, casa, client, informe, quien):
        client.force_login(getattr(casa, quien))

        assert 'value="preguntar"' not in client.get(casa.url).text
        assert client.post(casa.url, pregunta()).status_code == 403

    @pytest.mark.parametrize("quien", ["secretaria", "alcalde", "tesorero"])
    def test_nobody_else_answers(self, casa, client, informe, quien):
        observacion = preguntar(informe, casa.planeacion, texto="¿Qué falta?", por=casa.secretaria)
        client.force_login(getattr(casa, quien))

        assert client.post(casa.url, respuesta_a(observacion)).status_code == 403
        with pytest.raises(SinPermiso):
            responder(observacion, texto="X", por=getattr(casa, quien))

    def test_who_only_works_there_sees_it_and_does_not_answer(self, casa, client, informe):
        observacion = preguntar(informe, casa.planeacion, texto="¿Qué falta?", por=casa.secretaria)
        client.force_login(crear_usuario("portero", crear_cargo(casa.planeacion, "Portero")))

        assert "¿Qué falta?" in client.get(casa.url).text
        assert client.post(casa.url, respuesta_a(observacion)).status_code == 403

    def test_it_is_answered_once_and_what_was_typed_is_kept(self, casa, client, informe):
        observacion = preguntar(informe, casa.planeacion, texto="¿Qué falta?", por=casa.secretaria)
        responder(observacion, texto="Primera.", por=casa.jefe)
        client.force_login(casa.jefe)

        assert client.post(casa.url, respuesta_a(observacion, "Segunda.")).status_code == 409
        with pytest.raises(EstadoInadecuado):
            responder(observacion, texto="Segunda.", por=casa.jefe)

    def test_an_empty_answer_is_told_beside_its_field(self, casa, client, informe):
        primera, segunda = (
            preguntar(informe, casa.planeacion, texto=texto, por=casa.secretaria) for texto in ("¿A?", "¿B?")
        )
        client.force_login(casa.jefe)

        pagina = client.post(casa.url, respuesta_a(primera, " "))

        assert pagina.status_code == 422
        assert pagina.text.count('class="errorlist"') == 1
        de_la_segunda, _li, de_la_primera = pagina.text.partition(f'id="observacion-{primera.pk}"')
        assert f'id="observacion-{segunda.pk}"' in de_la_segunda
        assert 'class="errorlist"' in de_la_primera

    @pytest.mark.parametrize("cual", ["de otra", "0", "x", ""])
    def test_one_that_is_not_of_this_office(self, casa, client, informe, cual):
        if cual == "de otra":
            cual = preguntar(informe, casa.general, texto="¿Y ustedes?", por=casa.secretaria).pk
        client.force_login(casa.jefe)

        enviado = {"que": "responder", "observacion": cual, "responder-texto": "X"}
        assert client.post(casa.url, enviado).status_code == 404

    def test_what_was_asked_and_answered_never_changes(self, casa, informe):
        observacion = preguntar(informe, casa.planeacion, texto="¿Qué falta?", por=casa.secretaria)
        filas = ObservacionADependencia.objects.filter(pk=observacion.pk)
        cambios = [lambda: filas.update(texto="Otra cosa"), lambda: filas._raw_delete("default")]
        for cambio in cambios:
            with pytest.raises(IntegrityError, match="no cambia"), transaction.atomic():
                cambio()
        responder(observacion, texto="Falta la firma.", por=casa.jefe)

        with pytest.raises(IntegrityError, match="se responde una vez"), transaction.atomic():
            filas.update(respuesta="Otra")

    def test_an_answer_without_who_is_refused(self, casa, informe):
        observacion = preguntar(informe, casa.planeacion, texto="¿Qué falta?", por=casa.secretaria)

        with pytest.raises(IntegrityError), transaction.atomic():
            ObservacionADependencia.objects.filter(pk=observacion.pk).update(respuesta="De nadie")
