"""What waits for each person about trámites, and that it costs the same with one and with many."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.alcance import alcance_de
from portal.bandeja import LINEAS, grupos_de
from tests.builders import crear_usuario
from tests.tramites.builders import crear_tramite, huella_abierta, llenar_hoja
from tramites import bandeja
from tramites.completitud import medir
from tramites.flujo import dar_paso
from tramites.hojas import editar_hoja, volver_a_medir
from tramites.models import HojaDeVida, Tramite
from tramites.partes import poner

AHORA = timezone.now


APROBAR, CORREGIR, PUBLICAR, ENVIAR, COMPLETAR, DAFP, CONFIRMAR = (
    "Hojas de vida por aprobar",
    "Hojas de vida por corregir",
    "Hojas de vida aprobadas, listas para publicar",
    "Hojas de vida completas, sin enviar",
    "Hojas de vida por completar",
    "En evaluación del DAFP",
    "Datos por confirmar",
)


def grupo(titulo, usuario, en=None):
    return next(g for g in bandeja.de_tramites(usuario, en or AHORA()) if g.titulo == titulo)


def tareas(titulo, usuario) -> list[str]:
    return [tarea.titulo for tarea in grupo(titulo, usuario).tareas]


class TestToApprove:
    def test_it_waits_for_whoever_may_and_did_not_write_it(self, casa):
        tramite = crear_tramite(casa, "enviado")

        for quien, espera in {
            "jefe": True,
            "alcalde": True,
            "secretaria": True,
            "suit": False,
            "tesorero": False,
            "autora": False,
            "admin": False,
        }.items():
            suyas = tareas(APROBAR, getattr(casa, quien))
            assert suyas == ([tramite.nombre] if espera else []), quien

    def test_whoever_sent_or_edited_it_does_not_see_it(self, casa):
        crear_tramite(casa, "enviado", por=casa.jefe)

        assert tareas(APROBAR, casa.jefe) == []
        assert len(tareas(APROBAR, casa.alcalde)) == 1

    def test_a_structural_change_says_so(self, casa):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.tiempo_cantidad, hoja.acto_soporte = 30, "Acuerdo 12 de 2026"
        dar_paso("enviar", tramite, por=casa.suit)

        [tarea] = grupo(APROBAR, casa.jefe).tareas

        assert tarea.detalle.startswith("Planeación · suit, ")
        assert tarea.detalle.endswith("modificación estructural")
        assert tarea.url == reverse("admin:tramites_tramite_change", args=[tramite.pk])


class TestToCorrect:
    def test_it_comes_back_with_its_reason_to_whoever_writes(self, casa):
        tramite = crear_tramite(casa, "en_correccion")

        [tarea] = grupo(CORREGIR, casa.suit).tareas

        assert (tarea.titulo, tarea.detalle) == (tramite.nombre, "Motivo: Falta la norma del Concejo.")
        assert tareas(CORREGIR, casa.jefe) == [tramite.nombre]
        assert tareas(CORREGIR, casa.tesorero) == []

    def test_the_last_reason_is_the_one_told(self, casa):
        tramite = crear_tramite(casa, "en_correccion")
        tramite = dar_paso("enviar", tramite, por=casa.suit)
        dar_paso("devolver", tramite, por=casa.jefe, motivo="Falta el horario.")

        [tarea] = grupo(CORREGIR, casa.suit).tareas

        assert tarea.detalle == "Motivo: Falta el horario."

    def test_heading_secretaria_general_does_not_make_each_one_a_task(self, casa):
        crear_tramite(casa, "en_correccion")

        assert tareas(CORREGIR, casa.secretaria) == []


class TestToPublish:
    def test_approved_and_never_published(self, casa):
        tramite = crear_tramite(casa)
        crear_tramite(casa, publicado=True)

        assert tareas(PUBLICAR, casa.suit) == [tramite.nombre]

    def test_what_was_withdrawn_was_so_on_purpose(self, casa):
        dar_paso("retirar", crear_tramite(casa, publicado=True), por=casa.secretaria, motivo="Error.")

        assert tareas(PUBLICAR, casa.suit) == []

    def test_an_approved_change_of_what_is_public(self, casa):
        tramite = dar_paso("actualizar", crear_tramite(casa, publicado=True), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.informacion_adicional = "Hay otra ventanilla."
        tramite = dar_paso("enviar", tramite, por=casa.suit)
        assert tareas(PUBLICAR, casa.suit) == []
        dar_paso("aprobar_cambio", tramite, por=casa.jefe, huella=huella_abierta(tramite))

        assert tareas(PUBLICAR, casa.suit) == [tramite.nombre]

    def test_a_structural_change_waits_for_the_dafp(self, casa):
        tramite = dar_paso("actualizar", crear_tramite(casa, publicado=True), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.tiempo_cantidad, hoja.acto_soporte = 30, "Acuerdo 12 de 2026"
        tramite = dar_paso("enviar", tramite, por=casa.suit)
        dar_paso("remitir", tramite, por=casa.jefe, huella=huella_abierta(tramite))

        assert tareas(PUBLICAR, casa.suit) == []
        assert tareas(DAFP, casa.suit) == [tramite.nombre]


class TestToComplete:
    def test_a_line_for_each_names_the_first_gaps_worst_first(self, casa):
        poco = crear_tramite(casa, "en_creacion", nombre="Le falta poco")
        llenar_hoja(casa, poco, grado="")
        crear_tramite(casa, "en_creacion", nombre="Le falta todo")
        crear_tramite(casa, "inscrito")

        mucho, casi = grupo(COMPLETAR, casa.suit).tareas

        assert (mucho.titulo, casi.titulo) == ("Le falta todo", "Le falta poco")
        assert mucho.detalle.startswith("Falta decir cómo lo llama la gente. Falta la clase temática. ")
        assert mucho.detalle.endswith(" más.")
        assert casi.detalle == "Falta decir si se hace en línea."

    def test_for_whose_own_posts_write_it(self, casa):
        crear_tramite(casa, "en_creacion")

        for quien, espera in {
            "suit": 1, "jefe": 1, "secretaria": 0, "tesorero": 0, "alcalde": 0, "admin": 0,
        }.items():  # fmt: skip
            assert len(tareas(COMPLETAR, getattr(casa, quien))) == espera, quien

    def test_a_norm_that_lapses_brings_back_one_that_was_complete(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite)
        manana = AHORA() + timedelta(days=1)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.fundamentos.update(vigente_hasta=timezone.localdate())
        assert grupo(COMPLETAR, casa.suit).tareas == []
        volver_a_medir(manana)

        [tarea] = grupo(COMPLETAR, casa.suit, manana).tareas

        assert "dejó de regir" in tarea.detalle

    def test_those_without_a_hoja_go_in_one_line(self, casa):
        for _ in range(3):
            crear_tramite(casa, "sin_gestion")

        [tarea] = grupo(COMPLETAR, casa.suit).tareas

        assert tarea.titulo == "Sin hoja de vida: 3 trámites"
        assert tarea.url.endswith("?estado__exact=sin_gestion")

    @pytest.mark.parametrize("estado", ["suprimido", "negado"])
    def test_what_is_gone_asks_for_nothing(self, casa, estado):
        tramite = crear_tramite(casa, estado)
        tramite.hojas.update(llenos=1)

        assert tareas(COMPLETAR, casa.suit) == []

    def test_complete_and_forgotten(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite)

        assert tareas(ENVIAR, casa.suit) == [tramite.nombre]
        assert tareas(COMPLETAR, casa.suit) == []
        dar_paso("enviar", tramite, por=casa.suit)
        assert tareas(ENVIAR, casa.suit) == []


class TestToConfirm:
    def test_one_line_with_how_many(self, casa):
        for n in range(3):
            tramite = crear_tramite(casa)
            if n:
                Tramite.objects.filter(pk=tramite.pk).update(por_confirmar={"costo": "inferido"})

        dudosos = grupo(CONFIRMAR, casa.suit)

        assert [t.titulo for t in dudosos.tareas] == ["2 trámites tienen datos por confirmar"]
        assert dudosos.tareas[0].url.endswith("?por_confirmar=si")
        assert not dudosos.espera
        assert grupo(CONFIRMAR, casa.tesorero).tareas == []


class TestAll:
    def test_they_are_in_the_bandeja_of_the_house(self, casa, client):
        crear_tramite(casa, "en_correccion")
        client.force_login(casa.suit)

        pagina = client.get(reverse("admin:index")).text

        assert "Hojas de vida por corregir" in pagina
        assert "Falta la norma del Concejo." in pagina

    def test_somebody_without_a_post_has_nothing(self, casa):
        for estado in ("enviado", "en_correccion", "inscrito", "en_creacion", "en_evaluacion", "sin_gestion"):
            crear_tramite(casa, estado)

        assert grupos_de(crear_usuario()) == []

    def test_at_most_so_many_lines(self, casa):
        for _ in range(LINEAS + 3):
            crear_tramite(casa, "en_creacion")

        assert len(tareas(COMPLETAR, casa.suit)) == LINEAS

    @pytest.mark.parametrize("veces", [1, 6])
    @pytest.mark.parametrize("quien", ["suit", "jefe"])
    def test_it_costs_two_queries_however_many(self, casa, quien, veces, django_assert_num_queries):
        for _ in range(veces):
            for estado in (
                "enviado",
                "en_correccion",
                "inscrito",
                "en_creacion",
                "en_evaluacion",
                "sin_gestion",
            ):
                crear_tramite(casa, estado)
            llenar_hoja(casa, crear_tramite(casa, "en_creacion"))
            llenar_hoja(casa, crear_tramite(casa, "en_creacion"), grado="")
        Tramite.objects.update(por_confirmar={"costo": "inferido"})
        usuario, en = getattr(casa, quien), AHORA()
        assert alcance_de(usuario, en).puestos  # the front page knows them

        with django_assert_num_queries(2):
            bandeja.de_tramites(usuario, en)

    def test_the_gaps_are_those_that_the_whole_hoja_has(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite, grado="")
        crear_tramite(casa, "en_creacion")
        filas = bandeja.hojas_con_vacios(casa.suit, AHORA()).filas

        de_una_vez = {hoja.pk: medir(poner(hoja)) for hoja in filas}

        assert len(de_una_vez) == 2
        assert de_una_vez == {hoja.pk: medir(hoja) for hoja in HojaDeVida.objects.enteras()}
