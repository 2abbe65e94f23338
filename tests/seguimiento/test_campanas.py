"""Campaigns: who records them, and that the public reads each as evidence of its activity of the plan."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participacion.models import Consulta
from portal import services
from portal.models import Dependencia, Edicion
from seguimiento.models import AccionDelPlan, Actividad, Campana, Plan
from seguimiento.plan_demo import promover
from tests.builders import crear_cargo, crear_publicada, crear_usuario
from tests.portal.builders_gobierno import crear_periodo
from tests.seguimiento.builders_del_plan import (
    cargar_plan_firmado,
    crear_accion,
    crear_actividad,
    crear_indicador,
)

HOY = timezone.localdate()
PLAN = "/gobierno-en-linea/plan-de-accion/"
LISTA = reverse("admin:seguimiento_campana_changelist")
NUEVA = reverse("admin:seguimiento_campana_add")


def crear_campana(actividad: Actividad | None, **campos) -> Campana:
    valores = {
        "nombre": "El portal en la plaza",
        "que": "Se mostró cómo consultar un trámite.",
        "donde": "Plaza de mercado",
        "desde": HOY - timedelta(days=3),
        "actividad": actividad,
    }
    campana = Campana(**valores | campos)
    campana.full_clean()
    campana.save()
    return campana


def datos(actividad: Actividad | None = None, **campos) -> dict[str, object]:
    """What the browser sends."""
    valores = {
        "nombre": "El portal en la escuela",
        "que": "Una charla con los grados décimo y once.",
        "donde": "Institución Educativa",
        "desde": HOY.isoformat(),
        "actividad": actividad.pk if actividad else "",
    }
    return valores | campos


@pytest.fixture
def promocion(casa) -> SimpleNamespace:
    """The recommendation with its activity, answered by the post of Planeación that heads nothing."""
    accion = crear_accion(codigo="socializacion", es_recomendacion=True)
    accion.cargos.add(casa.cargo_autor)
    otra = crear_accion(codigo="otra")
    return SimpleNamespace(
        actividad=crear_actividad(accion=accion, texto="Promover el sitio", estado="permanente"),
        ajena=crear_actividad(accion=otra),
    )


class TestWhoRecordsThem:
    def test_secretaria_general_any(self, casa, promocion, client):
        client.force_login(casa.secretaria)
        assert client.post(NUEVA, datos(promocion.ajena)).status_code == 302
        assert client.post(NUEVA, datos(None, nombre="Suelta")).status_code == 302
        assert set(Campana.objects.values_list("registrada_por__username", flat=True)) == {"secretaria"}

    def test_a_post_of_the_action_those_of_its_own(self, casa, promocion, client):
        client.force_login(casa.autora)
        assert client.get(LISTA).status_code == 200
        assert client.post(NUEVA, datos(promocion.actividad)).status_code == 302
        campana = Campana.objects.get()
        assert campana.registrada_por == casa.autora

        for actividad in (promocion.ajena, None):
            respuesta = client.post(NUEVA, datos(actividad))
            assert "actividad" in respuesta.context["adminform"].form.errors
        assert Campana.objects.count() == 1
        pagina = client.get(NUEVA).content.decode()
        assert str(promocion.actividad) in pagina
        assert str(promocion.ajena) not in pagina

    def test_and_not_those_of_another(self, casa, promocion, client):
        ajena = crear_campana(promocion.ajena)
        client.force_login(casa.autora)
        assert ajena.nombre not in client.get(LISTA).content.decode()
        pagina = reverse("admin:seguimiento_campana_change", args=[ajena.pk])
        assert client.get(pagina).status_code == 302  # it does not exist for them
        assert client.post(pagina, datos(promocion.actividad)).status_code == 302
        ajena.refresh_from_db()
        assert ajena.actividad == promocion.ajena

    @pytest.mark.parametrize("quien", ["jefe", "alcalde", "admin", "tesorero"])
    def test_nobody_else(self, casa, promocion, client, quien):
        client.force_login(getattr(casa, quien))
        assert client.get(LISTA).status_code == 403
        assert client.post(NUEVA, datos(promocion.actividad)).status_code == 403
        assert "Campañas" not in client.get("/admin/").content.decode()
        assert not Campana.objects.exists()

    def test_without_a_session(self, promocion, client):
        assert client.get(LISTA).status_code == 302

    def test_who_left_the_post(self, casa, promocion, client):
        casa.autora.titularidades.update(hasta=HOY - timedelta(days=1))
        client.force_login(casa.autora)
        assert client.post(NUEVA, datos(promocion.actividad)).status_code == 403

    def test_a_correction_stays_in_its_history_and_nothing_is_erased(self, casa, promocion, client):
        campana = crear_campana(promocion.actividad)
        client.force_login(casa.autora)
        pagina = reverse("admin:seguimiento_campana_change", args=[campana.pk])
        client.post(pagina, datos(promocion.actividad, alcance="40", como_se_conto="firmas en la lista"))
        campana.refresh_from_db()

        assert (campana.alcance, campana.history.count()) == (40, 2)
        assert campana.registrada_por is None  # who corrects did not record it
        borrar = reverse("admin:seguimiento_campana_delete", args=[campana.pk])
        assert client.post(borrar, {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize(
        ("campos", "campo"),
        [
            ({"alcance": "40"}, "como_se_conto"),
            ({"alcance": "-1", "como_se_conto": "firmas"}, "alcance"),
            ({"hasta": "2001-01-01"}, "__all__"),
            ({"enlace": "javascript:alert(1)"}, "enlace"),
            ({"nombre": ""}, "nombre"),
            ({"actividad": "999999"}, "actividad"),
            ({"publicacion": "999999"}, "publicacion"),
        ],
    )
    def test_bad_input_is_said_beside_its_field(self, casa, promocion, client, campos, campo):
        client.force_login(casa.secretaria)
        respuesta = client.post(NUEVA, datos(promocion.actividad) | campos)
        assert campo in respuesta.context["adminform"].form.errors
        assert not Campana.objects.exists()

    def test_what_is_not_public_is_not_evidence(self, casa, promocion, client):
        publicada, retirada = crear_publicada(casa), crear_publicada(casa, titulo="Otra")
        services.retirar(retirada, por=casa.jefe, clase="error", motivo="No iba.")
        client.force_login(casa.secretaria)
        respuesta = client.post(NUEVA, datos(promocion.actividad, publicacion=retirada.pk))
        assert "publicacion" in respuesta.context["adminform"].form.errors
        assert client.post(NUEVA, datos(promocion.actividad, publicacion=publicada.pk)).status_code == 302

    def test_the_database_refuses_a_reach_that_nobody_counted(self, promocion):
        with pytest.raises(ValidationError, match="Diga cómo se contó"):
            crear_campana(promocion.actividad, alcance=40)


class TestThePlanPage:
    def leer(self, client) -> str:
        Edicion.avanzar()
        return client.get(PLAN).content.decode()

    def test_says_what_where_when_and_how_it_was_counted(self, promocion, client):
        crear_campana(
            promocion.actividad,
            hasta=HOY,
            alcance=40,
            como_se_conto="firmas en la lista",
            enlace="https://ejemplo.gov.co/fotos",
        )
        pagina = self.leer(client)
        for dicho in (
            "El portal en la plaza.",
            "Se mostró cómo consultar un trámite.",
            "Plaza de mercado, del <time",
            "Llegó a 40 personas: firmas en la lista.",
            'href="https://ejemplo.gov.co/fotos"',
        ):
            assert dicho in pagina

    def test_says_when_nobody_counted(self, promocion, client):
        crear_campana(promocion.actividad)
        assert "No se contó a cuántas personas llegó." in self.leer(client)

    def test_zero_is_a_count(self, promocion, client):
        crear_campana(promocion.actividad, alcance=0, como_se_conto="no llegó nadie por la lluvia")
        assert "Llegó a 0 personas: no llegó nadie por la lluvia." in self.leer(client)

    def test_of_a_signed_action_too(self, promocion, client):
        crear_campana(promocion.ajena)
        assert "El portal en la plaza." in self.leer(client)

    def test_links_what_the_public_can_read_and_only_that(self, casa, promocion, client):
        publicada = crear_publicada(casa)
        crear_campana(promocion.actividad, publicacion=publicada)
        assert f'href="{publicada.get_absolute_url()}"' in self.leer(client)
        services.retirar(publicada, por=casa.jefe, clase="error", motivo="No iba.")
        assert f'href="{publicada.get_absolute_url()}"' not in self.leer(client)

    def test_a_new_one_is_seen_at_once(self, promocion, client):
        client.get(PLAN)
        crear_campana(promocion.actividad)
        assert "El portal en la plaza." in client.get(PLAN).content.decode()

    @pytest.mark.parametrize(("estado", "se_ve"), [("autorizada", True), ("borrador", False)])
    def test_consultations_are_evidence_once_they_are_public(self, casa, promocion, client, estado, se_ve):
        ahora = timezone.now()
        autorizada = {"autorizada_en": ahora, "huella": "a" * 64} if estado == "autorizada" else {}
        consulta = Consulta.objects.create(
            clase="encuesta",
            titulo="Qué le falta al sitio",
            slug="que-le-falta",
            resumen="Para mejorar.",
            canal=casa.canal,
            dependencia=casa.planeacion,
            abre_en=ahora,
            cierra_en=ahora + timedelta(days=10),
            resultado_hasta=HOY + timedelta(days=40),
            creada_por=casa.autora,
            editada_por=casa.autora,
            enviada_por=casa.autora,
            autorizada_por=casa.jefe if autorizada else None,
            estado=estado,
            **autorizada,
        )
        promocion.actividad.consultas.add(consulta)
        assert (consulta.titulo in self.leer(client)) is se_ve

    def test_the_admin_of_the_activity_offers_them(self, casa, promocion, client):
        client.force_login(casa.secretaria)
        pagina = client.get(reverse("admin:seguimiento_actividad_change", args=[promocion.actividad.pk]))
        assert 'name="consultas"' in pagina.content.decode()

    def test_the_government_that_signed_it(self, promocion, client):
        plan = Plan.objects.get()
        assert "en la Administración" not in self.leer(client)
        crear_periodo(plan.firmado_en, plan.firmado_en, "Administración 2008-2011")
        assert "en la Administración 2008-2011." in self.leer(client)

    def test_costs_the_same_with_many(self, promocion, client):
        crear_indicador(accion=promocion.ajena.accion)
        hechas = []
        for cuantas in (1, 6):
            for n in range(cuantas):
                crear_campana(promocion.actividad, nombre=f"Campaña {cuantas} {n}")
            cache.clear()
            with CaptureQueriesContext(connection) as consultas:
                client.get(PLAN)
            hechas.append(len(consultas))
        assert hechas[0] == hechas[1]


class TestWhatTheDataBrings:
    def test_an_activity_of_ours_under_each_recommendation_that_says_so(self, db, client):
        cargar_plan_firmado()
        nuestras = Actividad.objects.filter(accion__es_recomendacion=True)
        assert set(nuestras.values_list("accion__codigo", "estado")) == {
            ("evaluar-el-uso", "permanente"),
            ("socializacion", "permanente"),
        }
        assert all("La agregó el portal" in nota for nota in nuestras.values_list("nota", flat=True))
        pagina = client.get(PLAN).content.decode()
        assert pagina.count("La agregó el portal: el plan firmado deja esta recomendación sin") == 2

    def test_the_demonstration_records_one_once(self, db, tmp_path):
        cargar_plan_firmado()
        accion = AccionDelPlan.objects.get(codigo="socializacion")
        personas = {"secretaria": crear_usuario("secretaria", crear_cargo(Dependencia.objects.first()))}
        ahora = timezone.now()

        assert len(list(promover(tmp_path, personas, ahora))) == 1
        assert list(promover(tmp_path, personas, ahora)) == []
        assert Campana.objects.get().actividad.accion == accion
