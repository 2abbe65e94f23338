"""The desk of criteria: who sees it, who does what on it, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from seguimiento.bandeja import criterios_que_no_se_cumplen
from seguimiento.models import Criterio, Equivalencia, Evidencia
from tests.builders import crear_publicada, crear_usuario
from tests.seguimiento.builders import crear_criterio, crear_fase, evaluar

LISTA = "/panel/criterios/"
PAGINA = "/canales/programas-y-proyectos/"


@pytest.fixture
def criterio(casa):
    """Of Planeación, without rule."""
    return crear_criterio(dependencia=casa.planeacion, canal=casa.canal, codigo="A2-T4.3")


@pytest.fixture
def con_regla(casa):
    """Met while «Programas y proyectos» has something published."""
    return crear_criterio("hay-publicaciones", parametros={"canales": ["programas-y-proyectos"]})


def url(criterio) -> str:
    return f"{LISTA}{criterio.codigo}/"


def enviar(client, criterio, que, **campos):
    return client.post(url(criterio), {"que": que} | {f"{que}-{campo}": v for campo, v in campos.items()})


def dar_evidencia(client, criterio, **campos):
    valores = {"titulo": "El canal", "enlace": PAGINA, "fecha": timezone.localdate().isoformat()}
    return enviar(client, criterio, "evidencia", **valores | campos)


# --- Who sees it --------------------------------------------------------------------------------
class TestWhoSees:
    @pytest.mark.parametrize("ruta", [LISTA, f"{LISTA}A2-T4.3/"])
    def test_anybody_else_enters_first(self, client, criterio, ruta):
        respuesta = client.get(ruta)

        assert respuesta.status_code == 302
        assert respuesta.url == f"/admin/login/?next={ruta}"

    @pytest.mark.parametrize("ruta", [LISTA, f"{LISTA}A2-T4.3/"])
    def test_without_a_post_there_is_nothing_to_see_not_even_for_who_administers(
        self, client, casa, criterio, ruta
    ):
        for quien in (crear_usuario("nadie"), casa.admin):
            client.force_login(quien)
            assert client.get(ruta).status_code == 403

    @pytest.mark.parametrize("quien", ["secretaria", "jefe", "autora", "tesorero"])
    def test_whoever_holds_a_post_reads_every_criterion(self, client, casa, criterio, quien):
        client.force_login(getattr(casa, quien))

        assert client.get(url(criterio)).status_code == 200

    def test_a_code_that_is_not_there(self, client, casa):
        client.force_login(casa.secretaria)

        assert client.get(f"{LISTA}NO-99/").status_code == 404

    def test_the_list_is_only_read(self, client, casa):
        client.force_login(casa.secretaria)

        assert client.post(LISTA).status_code == 405
        assert client.put(f"{LISTA}NO-99/").status_code == 405


# --- The list -----------------------------------------------------------------------------------
class TestList:
    def nombres(self, client, **filtros):
        return [c.codigo for c in client.get(LISTA, filtros).context["pagina"]]

    def test_secretaria_general_sees_all_and_the_others_their_own_first(
        self, client, casa, criterio, con_regla
    ):
        client.force_login(casa.secretaria)
        assert set(self.nombres(client)) == {criterio.codigo, con_regla.codigo}

        client.force_login(casa.jefe)
        assert self.nombres(client) == [criterio.codigo]
        assert set(self.nombres(client, resultado="")) == {criterio.codigo, con_regla.codigo}

    def test_it_is_narrowed(self, client, casa, criterio, con_regla):
        otra = crear_criterio(fase=crear_fase(slug="democracia"), nombre="Rendición de cuentas")
        evaluar(otra, "no_cumple")
        client.force_login(casa.secretaria)

        assert self.nombres(client, fase="democracia") == [otra.codigo]
        assert self.nombres(client, resultado="no_cumple") == [otra.codigo]
        assert self.nombres(client, dependencia=casa.planeacion.slug) == [criterio.codigo]
        assert self.nombres(client, q="rendicion") == [otra.codigo]
        assert self.nombres(client, q="a2-t4.3") == [criterio.codigo]
        assert self.nombres(client, q="nada así") == []

    def test_a_filter_that_does_not_exist_narrows_nothing(self, client, casa, criterio):
        client.force_login(casa.secretaria)

        assert self.nombres(client, fase="no-hay", resultado="quizás", pagina="x") == [criterio.codigo]

    def test_it_costs_the_same_with_one_and_with_forty(self, client, casa, criterio):
        client.force_login(casa.secretaria)
        costos = []
        for cuantos in (0, 40):
            for _ in range(cuantos):
                crear_criterio()
            client.get(LISTA)
            with CaptureQueriesContext(connection) as consultas:
                client.get(LISTA)
            costos.append(len(consultas))

        assert costos == [8, 8]


# --- One criterion ------------------------------------------------------------------------------
class TestOne:
    def test_it_costs_the_same_with_one_evidence_and_with_twenty(self, client, casa, criterio):
        client.force_login(casa.secretaria)
        costos = []
        for cuantas in (1, 20):
            for n in range(cuantas):
                evidencia = Evidencia.objects.create(titulo=f"E{n}", enlace="/", por=casa.jefe)
                evidencia.criterios.add(criterio)
                evaluar(criterio, "cumple", base="persona", por=casa.jefe)
                Equivalencia.objects.create(criterio=criterio, otro=crear_criterio())
            client.get(url(criterio))
            with CaptureQueriesContext(connection) as consultas:
                client.get(url(criterio))
            costos.append(len(consultas))

        assert costos == [14, 14]

    def test_each_person_has_the_forms_that_they_may_send(self, client, casa, criterio):
        vistos = {}
        for quien in ("secretaria", "jefe", "autora", "tesorero"):
            client.force_login(getattr(casa, quien))
            pagina = client.get(url(criterio)).text
            vistos[quien] = [
                que for que in ("evidencia", "afirmar", "exceptuar") if f'value="{que}"' in pagina
            ]

        assert vistos == {
            "secretaria": ["evidencia", "afirmar", "exceptuar"],
            "jefe": ["evidencia", "afirmar"],
            "autora": ["evidencia", "afirmar"],
            "tesorero": [],
        }

    @pytest.mark.parametrize("que", ["evidencia", "afirmar", "verificar"])
    def test_the_head_of_another_office_is_refused(self, client, casa, criterio, que):
        client.force_login(casa.tesorero)
        datos = {
            "titulo": "x",
            "enlace": PAGINA,
            "fecha": "2026-01-05",
            "resultado": "no_cumple",
            "razon": "x",
        }

        assert enviar(client, criterio, que, **datos).status_code == 403
        assert not criterio.evaluaciones.exists()

    @pytest.mark.parametrize("que", ["exceptuar", "no_aplica", "reabrir"])
    def test_what_secretaria_general_decides_nobody_else_does(self, client, casa, criterio, que):
        client.force_login(casa.jefe)
        manana = (timezone.localdate() + timedelta(days=1)).isoformat()

        assert enviar(client, criterio, que, razon="Porque sí.", hasta=manana).status_code == 403
        assert not criterio.evaluaciones.exists()

    def test_evidence_and_then_the_assertion(self, client, casa, criterio):
        client.force_login(casa.jefe)

        antes = enviar(client, criterio, "afirmar", resultado="cumple")
        assert antes.status_code == 409
        assert "Primero agregue una evidencia" in antes.text

        assert dar_evidencia(client, criterio).status_code == 302
        assert enviar(client, criterio, "afirmar", resultado="cumple").status_code == 302

        criterio.refresh_from_db()
        assert (criterio.resultado, criterio.base) == ("cumple", "persona")
        pagina = client.get(url(criterio)).text
        assert "Se muestra en «El canal»." in pagina
        assert str(casa.jefe) in pagina

    def test_a_file_is_evidence_too(self, client, casa, criterio, adjunto_pdf):
        client.force_login(casa.jefe)

        assert dar_evidencia(client, criterio, enlace="", archivo=adjunto_pdf).status_code == 302

        assert criterio.evidencias.get().archivo_nombre == "plano.pdf"

    @pytest.mark.parametrize(
        ("campos", "razon"),
        [
            ({"enlace": ""}, "Diga qué página lo muestra, o suba el archivo."),
            ({"enlace": "/canales/no-hay/"}, "Nadie puede ver hoy la página"),
            ({"enlace": "javascript:alert(1)"}, "Escriba una dirección"),
            ({"fecha": "2999-01-01"}, "no puede hablar de una fecha futura"),
            ({"fecha": "ayer"}, "Escriba la fecha con año, mes y día"),
            ({"vence_en": "2020-01-01"}, "Esa fecha ya pasó."),
            ({"enlace": "", "archivo": SimpleUploadedFile("a.exe", b"MZ\x90\x00")}, "archivo"),
        ],
    )
    def test_a_bad_evidence_says_why_and_keeps_what_was_typed(self, client, casa, criterio, campos, razon):
        client.force_login(casa.jefe)

        respuesta = dar_evidencia(client, criterio, titulo="El acta de la junta", **campos)

        assert respuesta.status_code == 422
        assert razon in respuesta.text
        assert 'value="El acta de la junta"' in respuesta.text
        assert not Evidencia.objects.exists()

    def test_a_publication_that_was_withdrawn_is_no_evidence(self, client, casa, criterio):
        from portal import services

        publicacion = crear_publicada(casa, titulo="El plan de obras")
        services.retirar(publicacion, por=casa.alcalde, clase="error", motivo="Estaba repetida.")
        client.force_login(casa.jefe)

        respuesta = dar_evidencia(client, criterio, enlace=publicacion.get_absolute_url())

        assert respuesta.status_code == 422
        assert "Esa publicación se retiró el" in respuesta.text

    def test_what_does_not_apply_and_back(self, client, casa, criterio):
        client.force_login(casa.secretaria)

        assert enviar(client, criterio, "no_aplica", razon="").status_code == 422
        assert enviar(client, criterio, "no_aplica", razon="No hay acueducto rural.").status_code == 302
        criterio.refresh_from_db()
        assert criterio.resultado == "no_aplica"
        assert "No hay acueducto rural." in client.get(url(criterio)).text

        assert enviar(client, criterio, "reabrir", razon="Ya lo hay.").status_code == 302
        criterio.refresh_from_db()
        assert criterio.resultado == "sin_evaluar"
        assert enviar(client, criterio, "reabrir", razon="Otra vez.").status_code == 409

    def test_an_exception_has_its_day(self, client, casa, criterio):
        client.force_login(casa.secretaria)
        hoy = timezone.localdate()

        for hasta in (hoy - timedelta(days=1), hoy + timedelta(days=400)):
            mal = enviar(client, criterio, "exceptuar", razon="Se está contratando.", hasta=hasta.isoformat())
            assert mal.status_code == 409
            assert "Se está contratando." in mal.text
        bien = enviar(client, criterio, "exceptuar", razon="Se está contratando.", hasta=hoy.isoformat())

        assert bien.status_code == 302
        criterio.refresh_from_db()
        assert (criterio.resultado, criterio.base, criterio.vence_en) == ("cumple", "excepcion", hoy)

    def test_looking_now(self, client, casa, con_regla):
        client.force_login(casa.secretaria)

        assert enviar(client, con_regla, "verificar").status_code == 302
        con_regla.refresh_from_db()
        assert con_regla.resultado == "no_cumple"

        crear_publicada(casa)
        pagina = client.post(url(con_regla), {"que": "verificar"}, follow=True).text
        assert "Se volvió a mirar: ahora está «cumple»." in pagina
        assert "sigue «cumple»" in client.post(url(con_regla), {"que": "verificar"}, follow=True).text
        assert con_regla.evaluaciones.count() == 2

    def test_what_its_rule_proves_nobody_affirms(self, client, casa, con_regla):
        crear_publicada(casa)
        client.force_login(casa.secretaria)
        dar_evidencia(client, con_regla)

        respuesta = enviar(client, con_regla, "afirmar", resultado="cumple")

        assert respuesta.status_code == 409
        assert "no hace falta afirmarlo" in respuesta.text

    def test_a_form_that_is_not_there(self, client, casa, criterio):
        client.force_login(casa.secretaria)

        assert client.post(url(criterio), {"que": "borrar"}).status_code == 404


def test_the_bandeja_leads_to_the_desk(client, casa):
    criterio = crear_criterio(dependencia=casa.planeacion)
    evaluar(criterio, "no_cumple")

    [tarea] = criterios_que_no_se_cumplen(casa.jefe, timezone.now()).tareas

    assert tarea.url == url(criterio)


# --- The catalogue in the admin -------------------------------------------------------------------
class TestAdmin:
    def cambiar(self, client, criterio, **campos):
        valores = {
            campo: getattr(criterio, campo)
            for campo in ("grupo", "nombre", "descripcion", "fuente", "firmeza", "obligatoriedad", "aplica")
        }
        valores |= {"peso": 1, "dependencia": criterio.dependencia_id, "canal": "", "regla": criterio.regla}
        valores |= {"parametros": "{}", "como_se_comprueba": "", "evidencia_sugerida": ""}
        return client.post(f"/admin/seguimiento/criterio/{criterio.pk}/change/", valores | campos)

    def test_secretaria_general_puts_it_right(self, client, casa, criterio):
        client.force_login(casa.secretaria)

        assert self.cambiar(client, criterio, nombre="Mejor dicho", peso=3).status_code == 302

        criterio.refresh_from_db()
        assert (criterio.nombre, criterio.peso) == ("Mejor dicho", 3)
        assert criterio.history.count() == 2

    @pytest.mark.parametrize(
        ("campos", "razon"),
        [
            ({"peso": 0}, "Los pesos de la fase sumarían cero"),
            ({"regla": "no-hay"}, "Elija una de las opciones"),
            (
                {"regla": "hay-publicaciones", "parametros": '{"canales": ["no-hay"]}'},
                "no hay canal «no-hay»",
            ),
        ],
    )
    def test_what_cannot_be_is_refused(self, client, casa, criterio, campos, razon):
        client.force_login(casa.secretaria)

        respuesta = self.cambiar(client, criterio, **campos)

        assert respuesta.status_code == 200
        assert razon in respuesta.text
        assert Criterio.objects.get(pk=criterio.pk).peso == 1

    @pytest.mark.parametrize("modelo", ["marco", "fase", "criterio", "equivalencia"])
    def test_only_secretaria_general_and_whoever_administers(self, client, casa, criterio, modelo):
        client.force_login(casa.jefe)
        assert client.get(f"/admin/seguimiento/{modelo}/").status_code == 403

        client.force_login(casa.secretaria)
        assert client.get(f"/admin/seguimiento/{modelo}/").status_code == 200
        assert client.get("/admin/seguimiento/criterio/add/").status_code == 403
