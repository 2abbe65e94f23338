"""The process of a handover: who keeps it, its minutes, who comes in, and the indicator that reads it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal import bandeja
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Titularidad
from portal.periodos import Periodo
from portal.redaccion.relevo import herencia
from seguimiento.empalme import proceso
from seguimiento.models import ActividadDeEmpalme, Asistencia, Empalme, FuncionarioEntrante
from seguimiento.registro import INDICADORES
from tests.builders import crear_cargo, crear_usuario
from tests.seguimiento.builders_del_plan import aportar, crear_indicador
from tests.seguimiento.builders_empalme import (
    HOY,
    crear_actividad_de_empalme,
    crear_documento,
    crear_empalme,
    crear_entrante,
    crear_gobierno,
    crear_vinculado,
    el,
    registrar,
)
from tests.seguimiento.semanas import crear_miembro
from tests.tramites.builders import sin_disparadores

MESA = "/panel/empalme/2024-2027/"


@pytest.fixture(autouse=True)
def en_la_ventana():
    """Every test lives in the window of the handover of 2027."""
    with time_machine.travel(el(HOY, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def empalme(casa):
    return crear_empalme()


@pytest.fixture
def actividad(casa, empalme):
    return crear_actividad_de_empalme(casa, empalme)


def datos_de_acta(**campos):
    return {
        "que": "acta",
        "acta-hecha_en": "2027-12-11",
        "acta-acta": "Se entregó el inventario.",
        "acta-salientes": "Ana Rojas, Secretaria General",
    } | campos


# --- Who answers for it leaves ---------------------------------------------------------------------
def test_what_its_post_had_to_do_is_told_before_the_tenure_ends(casa, empalme):
    crear_actividad_de_empalme(casa, empalme, titulo="Entregar las claves", responsable=casa.cargo_jefe)
    hecha = crear_actividad_de_empalme(casa, empalme, titulo="Ya hecha", responsable=casa.cargo_jefe)
    registrar(casa, hecha)
    sale = Titularidad.objects.select_related("persona", "cargo").get(cargo=casa.cargo_jefe)

    [parte] = herencia(sale, date(2027, 12, 31))

    assert (parte.que, parte.tareas) == ("Actividades de empalme por hacer", ["Entregar las claves"])
    assert parte.quienes == ("secretaria, Secretario General",)
    Titularidad.objects.exclude(pk=sale.pk).update(hasta=date(2027, 12, 31))
    assert [otra.sin_nadie for otra in herencia(sale, date(2027, 12, 31))] == [True]


# --- The window -----------------------------------------------------------------------------------
class TestHandovers:
    def test_who_heads_secretaria_general_begins_one(self, client, casa):
        saliente, entrante = crear_gobierno(2024), crear_gobierno(2028)
        client.force_login(casa.secretaria)

        respuesta = client.post(
            "/panel/empalme/",
            {
                "que": "convocar",
                "convocar-saliente": saliente.pk,
                "convocar-entrante": entrante.pk,
                "convocar-desde": "2027-12-10",
                "convocar-hasta": "31/12/2027",
                "convocar-acto": "Decreto 045 de 2027",
            },
        )

        assert (respuesta.status_code, respuesta["Location"]) == (302, MESA)
        assert Empalme.objects.get().hasta == date(2027, 12, 31)

    @pytest.mark.parametrize(
        "campos, dice",
        [
            ({"convocar-hasta": "2027-12-01"}, "no puede terminar antes"),
            ({"convocar-hasta": "mañana"}, "Escriba la fecha así"),
            ({"convocar-hasta": "9999-12-31"}, "Revise el año."),
            ({"convocar-saliente": ""}, "Falta este dato."),
            ({"convocar-entrante": "2020"}, "empieza después del saliente"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, client, casa, campos, dice):
        anterior = crear_gobierno(2020)
        datos = {
            "que": "convocar",
            "convocar-saliente": crear_gobierno(2024).pk,
            "convocar-entrante": crear_gobierno(2028).pk,
            "convocar-desde": "2027-12-10",
            "convocar-hasta": "2027-12-31",
            "convocar-acto": "Decreto 045 de 2027",
        } | campos
        if datos["convocar-entrante"] == "2020":
            datos["convocar-entrante"] = anterior.pk
        client.force_login(casa.secretaria)

        respuesta = client.post("/panel/empalme/", datos)

        assert respuesta.status_code == 422
        assert dice in respuesta.text
        assert "Decreto 045 de 2027" in respuesta.text
        assert "Revise lo que sigue." in respuesta.text and "<strong>convocar</strong>" not in respuesta.text
        assert not Empalme.objects.exists()

    def test_a_government_hands_over_once(self, casa, empalme):
        with pytest.raises(ValidationError):
            proceso.convocar(
                por=casa.secretaria,
                saliente=empalme.saliente,
                entrante=crear_gobierno(2032),
                desde=empalme.desde,
                hasta=empalme.hasta,
            )

    def test_its_window_may_change(self, client, casa, empalme):
        client.force_login(casa.secretaria)

        bien = client.post(
            MESA, {"que": "cambiar", "cambiar-desde": "2027-12-08", "cambiar-hasta": "2027-12-30"}
        )
        mal = client.post(
            MESA, {"que": "cambiar", "cambiar-desde": "2027-12-31", "cambiar-hasta": "2027-12-01"}
        )

        assert (bien.status_code, mal.status_code) == (302, 422)
        empalme.refresh_from_db()
        assert (empalme.desde, empalme.hasta) == (date(2027, 12, 8), date(2027, 12, 30))

    def test_the_one_of_a_day(self, casa, empalme):
        assert list(Empalme.objects.en_curso()) == [empalme]
        assert not Empalme.objects.en_curso(date(2027, 12, 9)).exists()
        assert Empalme.objects.ultimo_comenzado(date(2028, 5, 1)) == empalme
        assert Empalme.objects.ultimo_comenzado(date(2027, 12, 9)) is None


# --- Who reads and who writes -----------------------------------------------------------------------
class TestPermissions:
    def paginas(self, actividad, entrante):
        return (
            "/panel/empalme/",
            MESA,
            f"{MESA}actividades/{actividad.pk}/",
            f"{MESA}entrantes/{entrante.pk}/",
        )

    @pytest.mark.parametrize(
        "quien, estado",
        [("secretaria", 200), ("jefe", 200), ("alcalde", 200), ("autora", 403), ("admin", 403), (None, 302)],
    )
    def test_who_may_read(self, client, casa, empalme, actividad, quien, estado):
        entrante = crear_entrante(empalme)
        if quien:
            client.force_login(getattr(casa, quien))

        for pagina in self.paginas(actividad, entrante):
            assert client.get(pagina).status_code == estado, pagina

    def test_the_posts_of_the_committee_read(self, client, casa, empalme):
        crear_miembro(cargo=casa.cargo_autor)
        client.force_login(casa.autora)

        assert client.get(MESA).status_code == 200
        assert client.post(MESA, {"que": "armar"}).status_code == 403

    def test_whoever_comes_in_with_an_account_reads(self, client, casa, empalme):
        nueva = crear_usuario("nueva")
        crear_entrante(empalme, usuario=nueva)
        client.force_login(nueva)

        assert client.get(MESA).status_code == 200
        nueva.is_active = False
        assert not proceso.entra(nueva).filter(usuario__is_active=False).exists()

    def test_whoever_came_in_by_another_handover_does_not_read_this_one(self, client, casa, empalme):
        """The whole documents have user names and last entries: only the two teams of each read them."""
        de_antes = crear_usuario("de.antes")
        otro = crear_empalme(2023)
        crear_entrante(otro, usuario=de_antes)
        actividad = crear_actividad_de_empalme(casa, empalme)
        documento = crear_documento(casa, empalme).url_en_el_panel()
        client.force_login(de_antes)

        suyas = self.paginas(actividad, crear_entrante(empalme))[1:]
        for pagina in (*suyas, documento, f"{documento}documento.zip"):
            assert client.get(pagina).status_code == 403, pagina
        assert client.get("/panel/empalme/2020-2023/").status_code == 200

    @pytest.mark.parametrize("quien", ["jefe", "alcalde", "autora", "admin"])
    def test_only_secretaria_general_writes(self, client, casa, empalme, actividad, quien):
        entrante = crear_entrante(empalme)
        client.force_login(getattr(casa, quien))

        for pagina in self.paginas(actividad, entrante):
            for que in ("convocar", "programar", "entrante", "armar", "acta", "cambiar", "quitar"):
                assert client.post(pagina, {"que": que}).status_code == 403, (pagina, que)
        assert not empalme.documentos.exists()

    def test_the_services_ask_again(self, casa, empalme, actividad):
        entrante = crear_entrante(empalme)
        for paso in (
            lambda por: proceso.convocar(por=por),
            lambda por: proceso.cambiar(empalme, por=por),
            lambda por: proceso.programar(empalme, por=por),
            lambda por: proceso.reprogramar(actividad, por=por),
            lambda por: proceso.quitar(actividad, por=por),
            lambda por: proceso.registrar_acta(actividad, por=por, hecha_en=date(2027, 12, 11), acta="A"),
            lambda por: proceso.agregar_entrante(empalme, por=por, cargo=None, nombre=""),
            lambda por: proceso.cambiar_entrante(entrante, por=por),
        ):
            with pytest.raises(SinPermiso):
                paso(casa.alcalde)

    @pytest.mark.parametrize("metodo", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, client, casa, empalme, actividad, metodo):
        client.force_login(casa.secretaria)

        for pagina in self.paginas(actividad, crear_entrante(empalme)):
            assert getattr(client, metodo)(pagina).status_code == 405

    def test_what_is_no_form_of_the_page_is_not_found(self, client, casa, empalme):
        client.force_login(casa.secretaria)

        assert client.post(MESA, {"que": "borrar"}).status_code == 404
        assert client.post(MESA, {}).status_code == 404

    def test_of_another_handover_is_not_found(self, client, casa, empalme, actividad):
        crear_empalme(2023)
        client.force_login(casa.secretaria)

        otra = "/panel/empalme/2020-2023/"
        assert client.get(f"{otra}actividades/{actividad.pk}/").status_code == 404
        assert client.get(f"{otra}entrantes/{crear_entrante(empalme).pk}/").status_code == 404

    def test_a_session_that_ended_does_not_lose_the_minutes(self, client, casa, actividad):
        respuesta = client.post(f"{MESA}actividades/{actividad.pk}/", datos_de_acta())

        assert respuesta.status_code == 401
        assert "Se entregó el inventario." in respuesta.text

    def test_it_is_never_kept_nor_indexed(self, client, casa, empalme):
        client.force_login(casa.secretaria)

        respuesta = client.get(MESA)

        assert "no-store" in respuesta["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in respuesta.text


# --- Activities -------------------------------------------------------------------------------------
class TestActivities:
    def test_one_is_planned_once_however_often_it_is_sent(self, client, casa, empalme):
        client.force_login(casa.secretaria)
        datos = {
            "que": "programar",
            "programar-titulo": "Entregar los contratos",
            "programar-clase": "entrega",
            "programar-fecha": "2027-12-17",
            "programar-lugar": "",
            "programar-responsable": casa.cargo_jefe.pk,
        }

        estados = {client.post(MESA, datos).status_code for _ in range(2)}

        assert estados == {302}
        assert ActividadDeEmpalme.objects.get().responsable == casa.cargo_jefe

    def test_without_a_post_that_answers_it_is_refused(self, client, casa, empalme):
        client.force_login(casa.secretaria)

        respuesta = client.post(MESA, {"que": "programar", "programar-titulo": "Entregar los contratos"})

        assert respuesta.status_code == 422
        assert 'role="alert"' in respuesta.text
        assert 'value="Entregar los contratos"' in respuesta.text

    def test_it_may_change_and_be_taken_away_while_it_is_not_done(self, client, casa, actividad):
        client.force_login(casa.secretaria)
        pagina = f"{MESA}actividades/{actividad.pk}/"
        datos = {
            "que": "cambiar",
            "cambiar-titulo": "Otra",
            "cambiar-clase": "entrega",
            "cambiar-fecha": "2027-12-20",
            "cambiar-responsable": casa.cargo_jefe.pk,
        }

        assert client.post(pagina, datos).status_code == 302
        actividad.refresh_from_db()
        assert (actividad.titulo, actividad.fecha) == ("Otra", date(2027, 12, 20))
        assert client.post(pagina, {"que": "quitar"})["Location"] == MESA
        assert not ActividadDeEmpalme.objects.exists()
        assert ActividadDeEmpalme.history.filter(history_type="-").exists()
        with pytest.raises(EstadoInadecuado):
            proceso.quitar(actividad, por=casa.secretaria)

    def test_the_minutes_are_recorded_with_who_was_there(self, client, casa, empalme, actividad):
        entrante = crear_entrante(empalme, nombre="Luis Peña")
        client.force_login(casa.secretaria)
        pagina = f"{MESA}actividades/{actividad.pk}/"

        respuesta = client.post(
            pagina,
            datos_de_acta(**{"acta-entrantes": [entrante.pk], "acta-comunidad": "12"}),
        )

        assert respuesta.status_code == 302
        actividad.refresh_from_db()
        assert (actividad.hecha_en, actividad.asistentes_de_la_comunidad) == (date(2027, 12, 11), 12)
        assert actividad.acta_huella == actividad.huella_del_acta()
        assert actividad.registrada_por == casa.secretaria
        assert list(actividad.asistencia.values_list("nombre", "entrante")) == [
            ("Ana Rojas", None),
            ("Luis Peña", entrante.pk),
        ]
        leida = client.get(pagina).text
        assert "Se entregó el inventario." in leida
        assert "Comprobado" in leida

    def test_whoever_came_to_a_training_is_linked_by_it(self, casa, empalme):
        uno, otro, antes = (
            crear_entrante(empalme),
            crear_entrante(empalme),
            crear_vinculado(empalme, "2027-12-10"),
        )
        practica = crear_actividad_de_empalme(casa, empalme, clase="capacitacion")

        registrar(casa, practica, entrantes=[uno, antes])

        for entrante in (uno, otro, antes):
            entrante.refresh_from_db()
        assert (uno.vinculado_en, uno.vinculo, uno.actividad) == (
            date(2027, 12, 11),
            "capacitacion",
            practica,
        )
        assert (otro.vinculado_en, antes.vinculado_en) == (None, date(2027, 12, 10))

    @pytest.mark.parametrize(
        "campos, dice",
        [
            ({"acta-acta": " "}, "Escriba el acta."),
            ({"acta-hecha_en": "2027-12-13"}, "Ese día no ha llegado"),
            ({"acta-salientes": "Ana Rojas"}, "falta el cargo"),
            ({"acta-salientes": ""}, "Diga quiénes asistieron"),
            ({"acta-salientes": f"{'a' * 151}, Secretaria"}, "es muy largo"),
            ({"acta-comunidad": "-1"}, "mayor o igual a 0"),
        ],
    )
    def test_bad_minutes_are_refused_and_what_was_typed_stays(self, client, casa, actividad, campos, dice):
        client.force_login(casa.secretaria)

        respuesta = client.post(f"{MESA}actividades/{actividad.pk}/", datos_de_acta(**campos))

        assert respuesta.status_code == 422
        assert dice in respuesta.text
        assert ("Se entregó el inventario." in respuesta.text) is ("acta-acta" not in campos)
        assert not Asistencia.objects.exists()

    def test_recorded_minutes_are_not_written_again(self, client, casa, actividad):
        registrar(casa, actividad)
        client.force_login(casa.secretaria)

        respuesta = client.post(
            f"{MESA}actividades/{actividad.pk}/", datos_de_acta(**{"acta-acta": "Otra cosa"})
        )

        assert respuesta.status_code == 409
        with pytest.raises(EstadoInadecuado):
            proceso.reprogramar(actividad, por=casa.secretaria, titulo="Otra")
        actividad.refresh_from_db()
        assert actividad.acta == "Se entregó el inventario."

    def test_nobody_is_nobody(self, casa, actividad):
        with pytest.raises(CondicionIncumplida):
            registrar(casa, actividad, salientes=[])

    def test_postgresql_refuses_to_change_minutes(self, casa, actividad):
        hecha = registrar(casa, actividad)
        filas = ActividadDeEmpalme.objects.filter(pk=hecha.pk)

        for paso in (
            lambda: filas.update(acta="Otra"),
            lambda: filas.update(titulo="Otra"),
            lambda: filas.update(acta_huella=""),
            lambda: hecha.asistencia.update(nombre="Otro"),
            lambda: hecha.asistencia.all().delete(),
            lambda: Asistencia.objects.create(actividad=hecha, nombre="Otro", en_calidad_de="Otro"),
            lambda: filas._raw_delete(filas.db),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                paso()

    def test_a_change_behind_its_back_is_seen(self, client, casa, actividad):
        registrar(casa, actividad)
        with sin_disparadores() as cursor:
            cursor.execute("UPDATE seguimiento_actividaddeempalme SET acta = 'Otra'")
        client.force_login(casa.secretaria)

        assert "no coincide con su huella" in client.get(f"{MESA}actividades/{actividad.pk}/").text


# --- Who comes in -----------------------------------------------------------------------------------
class TestIncoming:
    def datos(self, cargo, que="entrante", **campos):
        return {"que": que, f"{que}-cargo": cargo.pk, f"{que}-nombre": "Luis Peña"} | {
            f"{que}-{campo}": valor for campo, valor in campos.items()
        }

    def test_one_is_recorded_once_however_often_it_is_sent(self, client, casa, empalme):
        client.force_login(casa.secretaria)

        for _ in range(2):
            assert client.post(MESA, self.datos(casa.cargo_jefe)).status_code == 302

        assert FuncionarioEntrante.objects.get().vinculado_en is None

    @pytest.mark.parametrize(
        "campos, dice",
        [
            ({"vinculo": "comite"}, "Diga desde qué día"),
            ({"vinculo": "comite", "vinculado_en": "2027-12-13"}, "Diga desde qué día"),
            ({"vinculo": "cuenta", "vinculado_en": "2027-12-11"}, "Diga cuál es su cuenta"),
            ({"vinculo": "capacitacion", "vinculado_en": "2027-12-11"}, "Diga en qué capacitación"),
            ({"correo": "no-es"}, "correo"),
        ],
    )
    def test_a_link_says_how_and_since_when(self, client, casa, empalme, campos, dice):
        client.force_login(casa.secretaria)

        respuesta = client.post(MESA, self.datos(casa.cargo_jefe, **campos))

        assert respuesta.status_code == 422
        assert dice in respuesta.text
        assert 'value="Luis Peña"' in respuesta.text

    def test_they_are_linked_and_unlinked(self, client, casa, empalme):
        nueva = crear_usuario("nueva")
        entrante = crear_entrante(empalme, casa.cargo_jefe)
        client.force_login(casa.secretaria)
        pagina = f"{MESA}entrantes/{entrante.pk}/"
        campos = {"vinculo": "cuenta", "vinculado_en": "2027-12-11", "usuario": nueva.pk}

        assert client.post(pagina, self.datos(casa.cargo_jefe, "cambiar", **campos)).status_code == 302
        entrante.refresh_from_db()
        assert (entrante.vinculo, entrante.usuario) == ("cuenta", nueva)

        client.post(pagina, self.datos(casa.cargo_jefe, "cambiar", vinculado_en="2027-12-11"))
        entrante.refresh_from_db()
        assert (entrante.vinculo, entrante.vinculado_en) == ("", None)
        assert entrante.history.count() == 3

    def test_an_activity_without_minutes_links_nobody(self, client, casa, empalme, actividad):
        client.force_login(casa.secretaria)
        campos = {"vinculo": "capacitacion", "vinculado_en": "2027-12-11", "actividad": actividad.pk}

        assert client.post(MESA, self.datos(casa.cargo_jefe, **campos)).status_code == 422
        with pytest.raises(ValidationError):
            proceso.agregar_entrante(
                empalme,
                por=casa.secretaria,
                cargo=casa.cargo_jefe,
                nombre="Luis",
                vinculo="capacitacion",
                vinculado_en=date(2027, 12, 11),
                actividad=actividad,
            )

    def test_the_share_is_in_sight_with_its_goal(self, client, casa, empalme):
        crear_indicador("funcionarios-vinculados", meta=80)
        crear_entrante(empalme)
        for _ in range(3):
            crear_vinculado(empalme)
        client.force_login(casa.secretaria)

        assert "<strong>3 de 4</strong>" in client.get(MESA).text
        assert "todavía no se cumple" in client.get(MESA).text

        crear_vinculado(empalme)
        assert "La meta del plan es 80 %: se cumple." in client.get(MESA).text


# --- The indicator ----------------------------------------------------------------------------------
SQL = """
WITH ultimo AS (
    SELECT id FROM seguimiento_empalme WHERE desde <= %(dia)s ORDER BY desde DESC LIMIT 1
)
SELECT count(*) FILTER (WHERE f.vinculado_en <= %(dia)s), count(*)
FROM seguimiento_funcionarioentrante f JOIN ultimo u ON u.id = f.empalme_id
JOIN portal_cargo c ON c.id = f.cargo_id
WHERE %(dependencia)s::bigint IS NULL OR c.dependencia_id = %(dependencia)s
"""


def calcular(periodo, dependencia=None):
    return INDICADORES["funcionarios-vinculados"](periodo, dependencia)


def por_sql(dia: str, dependencia=None):
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"dia": dia, "dependencia": dependencia and dependencia.pk})
        return cursor.fetchone()


class TestIndicator:
    @pytest.fixture
    def entrantes(self, casa, empalme):
        anterior = crear_empalme(2023)
        crear_vinculado(anterior, "2023-12-11")
        crear_vinculado(empalme, "2027-12-10", cargo=casa.cargo_jefe)
        crear_vinculado(empalme, "2027-12-12", cargo=casa.cargo_autor)
        crear_entrante(empalme)

    @pytest.mark.parametrize(
        "desde, hasta, dia",
        [
            ("2027-12-06", "2027-12-12", "2027-12-12"),
            ("2027-12-10", "2027-12-11", "2027-12-11"),
            ("2027-11-29", "2027-12-05", "2027-12-05"),  # only the one before had begun
            ("2027-12-06", "2027-12-31", "2027-12-12"),  # while a period lasts, as of today
        ],
    )
    def test_it_is_what_sql_reads(self, casa, entrantes, desde, hasta, dia):
        periodo = Periodo(date.fromisoformat(desde), date.fromisoformat(hasta))

        for dependencia in (None, casa.planeacion, casa.general):
            resultado = calcular(periodo, dependencia)
            assert (resultado.numerador, resultado.denominador) == por_sql(dia, dependencia)

    def test_its_rows_are_the_officials_by_post(self, casa, entrantes):
        semana = Periodo.semana_de(date(2027, 12, 11))

        resultado = calcular(semana)
        filas = resultado.filas[0:10]

        assert (resultado.valor, len(filas)) == (Decimal("66.66"), 3)
        assert [fila.cuenta for fila in filas] == [False, True, True]
        assert filas[0].detalle == "Sin vincular"
        assert filas[1].titulo.startswith(("Auxiliar: ", "Secretario de Planeación: "))
        assert INDICADORES["funcionarios-vinculados"].version == 2

    def test_without_a_handover_it_is_what_a_person_gave(self, casa):
        semana = Periodo.semana_de(date(2027, 12, 11))
        assert "empalme" in calcular(semana).falta

        aportar("funcionarios-vinculados", 7, 9, Periodo.mes(2024, 1), por=casa.secretaria)
        assert calcular(semana).numerador == 7

    def test_without_officials_it_says_what_is_missing(self, casa, empalme):
        aportar("funcionarios-vinculados", 7, 9, Periodo.mes(2024, 1), por=casa.secretaria)

        resultado = calcular(Periodo.semana_de(date(2027, 12, 11)))

        assert resultado.valor is None
        assert "Falta registrar los funcionarios entrantes" in resultado.falta

    def test_its_page_says_which_of_them_count(self, client, casa, entrantes):
        indicador = crear_indicador("funcionarios-vinculados", meta=80)

        pagina = client.get(indicador.get_absolute_url()).text

        assert "Sin vincular" in pagina
        assert (
            "no se lleva por dependencias"
            not in client.get(f"{indicador.get_absolute_url()}?dependencia={casa.planeacion.slug}").text
        )


# --- The bandeja ------------------------------------------------------------------------------------
def titulos(usuario):
    return {grupo.titulo: grupo for grupo in bandeja.grupos_de(usuario) if grupo.titulo.startswith("Empalme")}


class TestBandeja:
    def test_what_waits_for_secretaria_general(self, casa, empalme, actividad, en_la_ventana):
        crear_actividad_de_empalme(casa, empalme, fecha=date(2027, 12, 12))
        documento = crear_documento(casa, empalme)

        grupos = titulos(casa.secretaria)

        [tarea] = grupos["Empalme: actividades sin acta"].tareas
        assert (tarea.titulo, tarea.urgente) == (actividad.titulo, True)
        assert tarea.url == f"{MESA}actividades/{actividad.pk}/"
        assert tarea.detalle.endswith("era el 11 de diciembre")
        [firma] = grupos["Empalme: documento por firmar"].tareas
        assert (firma.titulo, firma.url) == (str(documento), documento.url_en_el_panel())
        assert not titulos(casa.alcalde)

    @pytest.mark.parametrize("dia", ["2027-12-09", "2028-01-01"])
    def test_nothing_outside_the_window(self, casa, empalme, actividad, en_la_ventana, dia):
        crear_documento(casa, empalme)
        Titularidad.objects.update(desde=date(2020, 1, 1))
        en_la_ventana.move_to(el(dia))

        assert not titulos(casa.secretaria)

    def test_it_costs_no_query_of_its_own(self, casa, empalme, actividad):
        def consultas():
            casa.secretaria._alcance = (None, None)
            with CaptureQueriesContext(connection) as hechas:
                bandeja.grupos_de(casa.secretaria)
            return len(hechas)

        antes = consultas()
        for _ in range(5):
            crear_actividad_de_empalme(casa, empalme)
        crear_documento(casa, empalme)

        assert consultas() == antes


# --- How much it costs --------------------------------------------------------------------------------
def test_the_desk_reads_the_same_at_any_size(client, casa, empalme, actividad):
    crear_vinculado(empalme)
    client.force_login(casa.secretaria)
    client.get(MESA)

    def consultas(pagina):
        client.get(pagina)  # what each edición is read once
        with CaptureQueriesContext(connection) as hechas:
            assert client.get(pagina).status_code == 200
        return len(hechas)

    paginas = (MESA, "/panel/empalme/", f"{MESA}actividades/{actividad.pk}/")
    antes = [consultas(pagina) for pagina in paginas]
    for _ in range(6):
        crear_vinculado(empalme, cargo=crear_cargo(casa.general))
        registrar(casa, crear_actividad_de_empalme(casa, empalme))
    for anio in (2023, 2019):
        crear_empalme(anio)

    assert [consultas(pagina) for pagina in paginas] == antes
