"""What waits for whoever answers for a criterion that is not met."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.alcance import alcance_de
from portal.bandeja import LINEAS, juntar
from seguimiento.bandeja import criterios_que_no_se_cumplen, informes_y_preguntas
from seguimiento.evaluacion import verificar
from seguimiento.models import InformeSemanal, ObservacionADependencia
from tests.builders import crear_publicada, crear_usuario
from tests.seguimiento.builders import crear_criterio, evaluar
from tests.seguimiento.semanas import LUNES, el
from tests.seguimiento.test_panel import informar

AYER = timezone.now() - timedelta(days=1)


def tareas(usuario) -> list[str]:
    return [tarea.titulo for tarea in criterios_que_no_se_cumplen(usuario, timezone.now()).tareas]


@pytest.fixture
def criterio(casa):
    return crear_criterio(
        "hay-publicaciones",
        parametros={"canales": [casa.canal.slug], "tipo": "documento"},
        canal=casa.canal,
        dependencia=casa.planeacion,
    )


class TestWhoIsAsked:
    def test_the_author_of_the_channel_and_the_head_of_the_office(self, casa, criterio):
        verificar(criterio)

        assert tareas(casa.autora) == tareas(casa.jefe) == [str(criterio)]

    @pytest.mark.parametrize("quien", ["secretaria", "alcalde", "editor", "tesorero", "admin"])
    def test_nobody_else_not_even_who_may_do_it_all(self, casa, criterio, quien):
        verificar(criterio)

        assert tareas(getattr(casa, quien)) == []

    def test_secretaría_general_is_asked_for_its_own(self, casa):
        suyo = crear_criterio()
        evaluar(suyo, "no_cumple")

        assert tareas(casa.secretaria) == [str(suyo)]
        assert tareas(casa.jefe) == []
        assert tareas(casa.editor) == []  # of that office, which they do not head

    def test_whoever_left_the_post_is_not_asked(self, casa, criterio):
        verificar(criterio)
        casa.autora.titularidades.update(hasta=timezone.localdate() - timedelta(days=1))

        assert tareas(casa.autora) == []
        assert tareas(crear_usuario("otra", is_active=False)) == []


class TestWhatIsAsked:
    def test_the_line_says_item_office_and_fix_and_leads_to_where_it_is_done(self, casa, criterio):
        verificar(criterio)

        (tarea,) = criterios_que_no_se_cumplen(casa.autora, timezone.now()).tareas

        assert tarea.detalle == (
            "Planeación · En «Programas y proyectos» (Planeación) falta un documento. "
            "Publique en «Programas y proyectos» (Planeación) un documento."
        )
        assert tarea.url == f"{reverse('admin:portal_version_add')}?canal={casa.canal.pk}"

    def test_it_leaves_when_the_rule_passes(self, casa, criterio):
        verificar(criterio)
        crear_publicada(casa, tipo="documento", norma_tipo="plan", norma_fecha=timezone.localdate())
        verificar(criterio)

        assert tareas(casa.autora) == []

    @pytest.mark.parametrize("resultado", ["cumple", "no_aplica", "sin_evaluar"])
    def test_what_is_met_or_nobody_looked_at_asks_nothing(self, casa, resultado):
        campos = {"base": "persona", "por": casa.jefe, "razon": "No hay."}
        evaluar(crear_criterio(dependencia=casa.planeacion), resultado, **campos)

        assert tareas(casa.jefe) == []

    def test_what_lapsed_is_asked_again(self, casa):
        reabierto = crear_criterio(dependencia=casa.planeacion, arreglo="Agregue una evidencia.")

        assert tareas(casa.jefe) == [str(reabierto)]

    def test_what_is_not_met_goes_first_and_then_what_changed_last(self, casa):
        planeacion = {"dependencia": casa.planeacion}
        en_parte, vieja, nueva = (crear_criterio(**planeacion) for _ in range(3))
        evaluar(en_parte, "parcial")
        evaluar(vieja, "no_cumple", en=AYER)
        evaluar(nueva, "no_cumple")

        assert tareas(casa.jefe) == [str(nueva), str(vieja), str(en_parte)]

    @pytest.mark.parametrize(
        ("regla", "parametros", "pantalla"),
        [
            ("municipio-tiene", {"campos": ["telefono"]}, "admin:portal_municipio_changelist"),
            ("dependencias-tienen", {"datos": ["correo"]}, "admin:portal_dependencia_changelist"),
            ("canales-con-responsable", {}, "admin:portal_asignacion_changelist"),
            ("tramites-con", {"dato": "decision"}, "admin:tramites_tramite_changelist"),
        ],
    )
    def test_each_rule_leads_to_its_screen(self, casa, regla, parametros, pantalla):
        evaluar(crear_criterio(regla, parametros=parametros), "no_cumple")

        (tarea,) = criterios_que_no_se_cumplen(casa.secretaria, timezone.now()).tareas

        assert tarea.url == reverse(pantalla)


@pytest.mark.parametrize("cuantos", [1, LINEAS + 5])
def test_it_costs_one_query_however_many_there_are(casa, cuantos):
    for _ in range(cuantos):
        evaluar(crear_criterio(dependencia=casa.planeacion, canal=casa.canal), "no_cumple")

    en = timezone.now()
    assert alcance_de(casa.jefe, en).puestos  # the front page knows them
    with CaptureQueriesContext(connection) as consultas:
        grupo = criterios_que_no_se_cumplen(casa.jefe, en)

    assert len(consultas) == 1
    assert (len(grupo.tareas), grupo.total) == (min(cuantos, LINEAS), cuantos)


@pytest.mark.parametrize("cuantos", [1, LINEAS + 5])
def test_reports_and_questions_cost_one_query_however_many_there_are(casa, cuantos):
    with time_machine.travel(el(LUNES, 8)):
        informar(cuantos)
    ObservacionADependencia.objects.bulk_create(
        ObservacionADependencia(
            informe=InformeSemanal.objects.latest("pk"),
            dependencia=casa.general,
            texto=f"¿Qué pasó? {n}",
            por=casa.jefe,
            firma="El seguimiento",
        )
        for n in range(cuantos)
    )
    en = timezone.now()
    assert alcance_de(casa.secretaria, en).puestos

    with CaptureQueriesContext(connection) as consultas:
        informes, preguntas = juntar(*informes_y_preguntas(casa.secretaria, en))

    assert len(consultas) == 1
    assert informes.total == preguntas.total == cuantos


def test_the_front_page_shows_it(casa, criterio, client):
    verificar(criterio)
    client.force_login(casa.autora)

    pagina = client.get(reverse("admin:index"))

    assert "Criterios que no se cumplen" in pagina.text
    assert str(criterio) in pagina.text


@pytest.mark.parametrize(
    ("quien", "botones"),
    [
        ("secretaria", ["/panel/", "/panel/criterios/"]),
        ("jefe", ["/panel/", "/panel/criterios/"]),
        ("autora", ["/panel/criterios/"]),
        ("admin", []),
    ],
)
def test_each_person_finds_the_screens_that_they_may_see(client, casa, quien, botones):
    client.force_login(getattr(casa, quien))

    pagina = client.get("/admin/").text

    assert [url for url in ("/panel/", "/panel/criterios/") if f'href="{url}"' in pagina] == botones
