"""Who keeps what hojas de vida choose from, and what is done to make trámites simpler."""

from datetime import date

import pytest
from django.urls import reverse

from portal.models import Edicion
from tests.tramites.builders import crear_tramite
from tramites.models import (
    Audiencia,
    PuntoDeAtencion,
    Racionalizacion,
    SituacionDeVida,
    Tematica,
    ValorDeReferencia,
)

DEL_CATALOGO = ["situaciondevida", "audiencia", "tematica", "valordereferencia"]


def url(modelo: str, que: str, *args) -> str:
    return reverse(f"admin:tramites_{modelo}_{que}", args=args)


def racionalizacion(casa, tramite, **campos) -> dict:
    valores = {
        "tramite": tramite.pk,
        "clase": "administrativa",
        "antes": "Tardaba 15 días.",
        "despues": "Tarda 8 días.",
        "beneficio": "La gente espera menos.",
        "inicio": "2026-01-15",
        "fin": "2026-06-30",
        "responsable": casa.cargo_jefe.pk,
        "avance": "40",
        "publica": "on",
    }
    return valores | campos


class TestWho:
    @pytest.mark.parametrize("modelo", DEL_CATALOGO)
    @pytest.mark.parametrize(
        "quien, puede",
        [
            ("suit", True),
            ("secretaria", True),
            ("admin", True),
            ("jefe", False),
            ("alcalde", False),
            ("autora", False),
        ],
    )
    def test_the_catalogues(self, casa, client, modelo, quien, puede):
        client.force_login(getattr(casa, quien))

        assert client.get(url(modelo, "changelist")).status_code == (200 if puede else 403)
        assert client.get(url(modelo, "add")).status_code == (200 if puede else 403)

    @pytest.mark.parametrize(
        "quien, ve, cambia",
        [
            ("suit", 200, True),
            ("secretaria", 200, True),
            ("admin", 200, True),
            ("jefe", 200, True),
            ("tesorero", 200, False),
            ("autora", 403, False),
        ],
    )
    def test_service_points_are_kept_by_their_office(self, casa, client, quien, ve, cambia):
        client.force_login(getattr(casa, quien))

        assert client.get(url("puntodeatencion", "changelist")).status_code == ve
        client.post(
            url("puntodeatencion", "change", casa.punto.pk),
            {"nombre": "Otro nombre", "dependencia": casa.punto.dependencia_id, "activo": "on"},
        )
        assert (PuntoDeAtencion.objects.get().nombre == "Otro nombre") is cambia

    def test_a_head_opens_a_point_only_in_their_office(self, casa, client):
        client.force_login(casa.tesorero)
        datos = {"nombre": "Ventanilla de impuestos", "activo": "on"}

        ajena = client.post(url("puntodeatencion", "add"), datos | {"dependencia": casa.planeacion.pk})
        propia = client.post(url("puntodeatencion", "add"), datos | {"dependencia": casa.hacienda.pk})

        assert (ajena.status_code, propia.status_code) == (200, 302)
        punto = PuntoDeAtencion.objects.get(nombre="Ventanilla de impuestos")
        assert punto.dependencia == casa.hacienda
        assert punto.history.get().history_user == casa.tesorero

    @pytest.mark.parametrize(
        "quien, guarda",
        [("suit", True), ("jefe", True), ("secretaria", True), ("tesorero", False), ("autora", False)],
    )
    def test_whoever_writes_the_tramite_keeps_its_racionalizacion(self, casa, client, quien, guarda):
        tramite = crear_tramite(casa)
        client.force_login(getattr(casa, quien))

        client.post(url("racionalizacion", "add"), racionalizacion(casa, tramite))

        assert Racionalizacion.objects.exists() is guarda

    @pytest.mark.parametrize("quien, cambia", [("jefe", True), ("tesorero", False), ("admin", True)])
    def test_changing_one(self, casa, client, quien, cambia):
        tramite = crear_tramite(casa)
        client.force_login(casa.suit)
        client.post(url("racionalizacion", "add"), racionalizacion(casa, tramite))
        accion = Racionalizacion.objects.get()
        client.force_login(getattr(casa, quien))

        respuesta = client.post(
            url("racionalizacion", "change", accion.pk), racionalizacion(casa, tramite, avance="90")
        )

        accion.refresh_from_db()
        assert (accion.avance == 90) is cambia
        assert respuesta.status_code == (302 if cambia else 403)


class TestRules:
    @pytest.mark.parametrize(
        "campos, razon",
        [
            ({"fin": "2025-01-01"}, "El fin previsto no puede ser anterior al inicio."),
            ({"avance": "101"}, "100"),
            ({"antes": ""}, "errorlist"),
        ],
    )
    def test_an_action_that_cannot_be_is_refused(self, casa, client, campos, razon):
        client.force_login(casa.suit)

        respuesta = client.post(
            url("racionalizacion", "add"), racionalizacion(casa, crear_tramite(casa), **campos)
        )

        assert razon in respuesta.text
        assert not Racionalizacion.objects.exists()

    def test_what_some_hoja_names_is_not_deleted(self, casa, client):
        crear_tramite(casa)
        client.force_login(casa.secretaria)
        libre = Audiencia.objects.create(nombre="Extranjeros", slug="extranjeros")

        for modelo, fila in (
            ("audiencia", casa.ciudadano),
            ("tematica", casa.tematica),
            ("puntodeatencion", casa.punto),
        ):
            assert client.post(url(modelo, "delete", fila.pk), {"post": "yes"}).status_code == 403
        assert client.post(url("audiencia", "delete", libre.pk), {"post": "yes"}).status_code == 302

        assert Audiencia.objects.count() == 2
        assert Tematica.objects.exists() and PuntoDeAtencion.objects.exists()

    def test_an_audience_that_is_a_group_is_not_deleted(self, casa, client):
        Audiencia.objects.create(nombre="Víctimas", slug="victimas", grupo=casa.ciudadano)
        client.force_login(casa.suit)

        assert client.post(url("audiencia", "delete", casa.ciudadano.pk), {"post": "yes"}).status_code == 403

    def test_addresses_are_fixed_once_they_exist(self, casa, client):
        client.force_login(casa.suit)

        client.post(
            url("audiencia", "change", casa.ciudadano.pk),
            {"nombre": "Ciudadanía", "slug": "otra", "orden": "1", "grupo": ""},
        )

        casa.ciudadano.refresh_from_db()
        assert (casa.ciudadano.nombre, casa.ciudadano.slug) == ("Ciudadanía", "ciudadano")

    def test_a_life_situation_with_its_tramites_in_order_is_public_at_once(self, casa, client):
        uno, dos = crear_tramite(casa), crear_tramite(casa)
        client.force_login(casa.suit)
        antes = Edicion.objects.get().numero
        inline = {"TOTAL_FORMS": "2", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
        datos = {
            "nombre": "Construir su casa",
            "slug": "construir",
            "descripcion": "De la A a la Z.",
            "orden": "",
        }

        respuesta = client.post(
            url("situaciondevida", "add"),
            datos
            | {f"pasos-{clave}": valor for clave, valor in inline.items()}
            | {
                "pasos-0-tramite": dos.pk,
                "pasos-0-orden": "1",
                "pasos-1-tramite": uno.pk,
                "pasos-1-orden": "2",
            },
        )

        situacion = SituacionDeVida.objects.get()
        assert respuesta.status_code == 302
        assert [paso.tramite for paso in situacion.pasos.all()] == [dos, uno]
        assert Edicion.objects.get().numero > antes

    def test_the_value_of_a_unit_keeps_its_history(self, casa, client):
        client.force_login(casa.suit)
        datos = {
            "unidad": "UVT",
            "anio": "2026",
            "pesos": "52374",
            "norma": "Resolución de la DIAN",
            "por_cotejar": "on",
        }
        client.post(url("valordereferencia", "add"), datos)
        valor = ValorDeReferencia.objects.get()

        client.post(url("valordereferencia", "change", valor.pk), datos | {"por_cotejar": ""})
        repetido = client.post(url("valordereferencia", "add"), datos)

        assert [fila.history_user for fila in valor.history.all()] == [casa.suit, casa.suit]
        assert "Esa unidad ya tiene valor en ese año." in repetido.text
        assert "Se cambió" in client.get(url("valordereferencia", "history", valor.pk)).text

    @pytest.mark.parametrize("cuantas", [1, 30])
    def test_lists_cost_the_same_however_many(self, casa, client, cuantas, django_assert_num_queries):
        tramite = crear_tramite(casa)
        for n in range(cuantas):
            Racionalizacion.objects.create(
                tramite=tramite,
                clase="normativa",
                antes=f"Así {n}",
                despues="Asá",
                beneficio="Menos vueltas",
                inicio=date(2026, 1, 1),
                fin=date(2026, 2, 1),
                responsable=casa.cargo_jefe,
            )
        client.force_login(casa.suit)
        client.get(url("racionalizacion", "changelist"))

        with django_assert_num_queries(8):
            client.get(url("racionalizacion", "changelist"))
