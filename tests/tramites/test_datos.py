"""Trámites as open data: what the public reads and nothing else, for everybody, and cheap to ask again."""

import json
from datetime import date

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from portal.models import Municipio
from tests.tramites.builders import crear_muchos, crear_tramite, llevar
from tramites.hojas import editar_hoja
from tramites.models import (
    Fundamento,
    HojaDeVida,
    Racionalizacion,
    SituacionDeVida,
    Tramite,
    TramiteEnSituacion,
    ValorDeReferencia,
)
from tramites.services import confirmar_dato, fijar_previos

LISTA = "/tramites.json"


def datos(tramite: Tramite) -> str:
    return f"/tramites/{tramite.slug}.json"


@pytest.fixture
def publico(casa) -> Tramite:
    return crear_tramite(casa, publicado=True, palabra="estrato", por_confirmar={"costo": "tarifa municipal"})


# --- What it says -------------------------------------------------------------------------------
def test_the_list_tells_the_public_ones_and_where_the_data_come_from(client, casa, publico):
    crear_tramite(casa)
    crear_tramite(casa, "en_creacion")

    respuesta = client.get(LISTA)

    lista = respuesta.json()
    assert respuesta.headers["Content-Type"] == "application/json"
    assert [t["codigo"] for t in lista["tramites"]] == [publico.codigo]
    assert lista["total"] == 1
    assert lista["fuente"]["entidad"] == "Alcaldía Municipal de Puerto Santander"
    assert lista["licencia"]["norma"] == "Ley 1712 de 2014"
    assert parse_datetime(lista["actualizado_en"])
    [resumen] = lista["tramites"]
    assert resumen["url"] == f"http://testserver/tramites/{publico.slug}/"
    assert resumen["url_corta"] == "http://testserver/t/estrato/"
    assert client.get(resumen["datos"]).status_code == 200


def test_the_page_of_one_repeats_its_line_of_the_list_and_adds_the_rest(client, publico):
    [resumen] = client.get(LISTA).json()["tramites"]

    detalle = client.get(datos(publico)).json()["tramite"]

    assert resumen.items() <= detalle.items()
    assert detalle.keys() - resumen.keys() >= {"momentos", "fundamento_legal", "puntos_de_atencion"}


def test_every_part_of_the_hoja_is_told(client, casa, publico):
    casa.punto.latitud, casa.punto.longitud = "8.36300", "-72.40700"
    casa.punto.save()
    ValorDeReferencia.objects.create(
        unidad="UVT", anio=timezone.localdate().year, pesos=52374, norma="Resolución 238 de 2025"
    )

    tramite = client.get(datos(publico)).json()["tramite"]

    assert tramite["numero_suit"] == publico.numero_suit
    assert tramite["dirigido_a"][0] == {"slug": "ciudadano", "nombre": "Ciudadano", "grupo": None}
    assert tramite["tiempo"] == {"inmediato": False, "cantidad": 5, "unidad": "habil", "observaciones": ""}
    assert tramite["vigencia"] == {"cantidad": None, "unidad": "indefinida"}
    assert (tramite["gratuito"], tramite["grado_en_linea"]) == (False, "presencial")
    assert tramite["por_confirmar"] == ["costo"]
    assert tramite["puntos_de_atencion"] == [
        {
            "nombre": "Ventanilla de Planeación",
            "dependencia": "Planeación",
            "direccion": "Carrera 2 n.º 2-35",
            "telefono": "+57 607 000 0000",
            "horario": "Lunes a viernes, de 8:00 a. m. a 6:00 p. m.",
            "latitud": 8.363,
            "longitud": -72.407,
        }
    ]
    reunir, pagar, radicar = tramite["momentos"]
    assert [m["orden"] for m in tramite["momentos"]] == [1, 2, 3]
    assert [a["solo_para"] for a in reunir["acciones"]] == [[], ["Organizaciones"]]
    assert reunir["acciones"][0]["fundamento"] == "Ley 142 de 1994, art. 101"
    assert reunir["acciones"][0]["pago"] is None
    [pago] = [accion["pago"] for accion in pagar["acciones"]]
    assert (pago["formula"], pago["pesos_este_anio"], pago["por_cotejar"]) == ("0,5 UVT", 26187.0, True)
    assert radicar["acciones"][0]["canal"] == "presencial"
    assert tramite["fundamento_legal"][0]["texto"] == "Ley 142 de 1994, art. 101"
    assert tramite["hoja_de_vida"]["huella"] == publico.hoja_publica.huella_aprobada


def test_what_is_around_it_is_told_when_it_is_public(client, casa, publico):
    previo, oculto = crear_tramite(casa, publicado=True), crear_tramite(casa)
    fijar_previos(publico, [previo, oculto], por=casa.suit)
    situacion = SituacionDeVida.objects.create(nombre="Construir", slug="construir", descripcion="Una casa.")
    TramiteEnSituacion.objects.create(situacion=situacion, tramite=publico)
    for publica in (True, False):
        Racionalizacion.objects.create(
            tramite=publico,
            clase="tecnologica",
            antes="A mano",
            despues=f"En línea {publica}",
            beneficio="Un viaje menos",
            inicio=date(2026, 1, 1),
            fin=date(2026, 12, 31),
            responsable=casa.cargo_jefe,
            publica=publica,
        )

    tramite = client.get(datos(publico)).json()["tramite"]

    assert [p["codigo"] for p in tramite["antes_van"]] == [previo.codigo]
    assert tramite["situaciones_de_vida"] == [
        {"nombre": "Construir", "url": "http://testserver/situaciones/construir/"}
    ]
    [accion] = tramite["racionalizacion"]
    assert (accion["despues"], accion["inicio"], accion["fin"]) == (
        "En línea True",
        "2026-01-01",
        "2026-12-31",
    )


def test_dates_are_iso(client, casa):
    con_fecha = crear_tramite(casa, "en_correccion")
    with editar_hoja(con_fecha.hoja_abierta(), por=casa.suit) as hoja:
        Fundamento.objects.filter(hoja=hoja).update(vigente_hasta=date(2090, 1, 2))
    llevar(con_fecha, "enviar", "remitir", "inscribir", "publicar", por=casa.suit, aprueba=casa.secretaria)

    tramite = client.get(datos(con_fecha)).json()["tramite"]

    assert all(parse_datetime(tramite[campo]) for campo in ("publicado_en", "revisado_en"))
    assert parse_date(tramite["fundamento_legal"][0]["vigente_hasta"]) == date(2090, 1, 2)


def test_what_nobody_confirmed_of_the_municipality_is_not_told(client, publico):
    Municipio.objects.update(por_confirmar=["telefono"])

    [punto] = client.get(datos(publico)).json()["tramite"]["puntos_de_atencion"]

    assert (punto["telefono"], punto["direccion"]) == (None, "Carrera 2 n.º 2-35")


def test_the_number_of_the_suit_is_told_once_it_is_inscribed(client, casa):
    tramite = crear_tramite(casa, "en_evaluacion", publicado=True)
    Tramite.objects.filter(pk=tramite.pk).update(numero_suit="123")

    assert client.get(datos(tramite)).json()["tramite"]["numero_suit"] is None


def test_the_notes_for_staff_and_what_is_being_written_are_not_told(client, casa):
    publico = crear_tramite(
        casa,
        "en_actualizacion",
        publicado=True,
        fuente="https://fuente.co",
        por_confirmar={"costo": "referencia Zipaquirá"},
    )
    with editar_hoja(publico.hoja_abierta(), por=casa.suit) as hoja:
        hoja.resultado = "Lo que se escribe"

    texto = client.get(datos(publico)).text + client.get(LISTA).text

    for secreto in ("Zipaquirá", "fuente.co", "Lo que se escribe"):
        assert secreto not in texto


# --- Who may ask, and how -----------------------------------------------------------------------
def test_any_page_of_any_site_may_read_it(client, publico):
    for ruta in (LISTA, datos(publico), "/tramites/no-hay.json"):
        respuesta = client.get(ruta, headers={"Origin": "https://otro.co"})

        assert respuesta.headers["Access-Control-Allow-Origin"] == "*"
        assert respuesta.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not respuesta.cookies


@pytest.mark.parametrize("metodo", ["post", "put", "delete", "patch"])
def test_nothing_is_written_through_it(client, publico, metodo):
    assert getattr(client, metodo)(LISTA).status_code == 405
    assert getattr(client, metodo)(datos(publico)).status_code == 405


@pytest.mark.parametrize("estado", ["sin_gestion", "en_creacion", "inscrito", "negado"])
def test_what_is_not_public_is_not_there_not_even_for_staff(client, casa, estado):
    tramite = crear_tramite(casa, estado)
    client.force_login(casa.suit)

    respuesta = client.get(datos(tramite))

    assert respuesta.status_code == 404
    assert respuesta.json() == {"error": "No hay un trámite público con esa dirección."}
    assert client.get(LISTA).json()["total"] == 0


def test_what_was_withdrawn_is_not_there(client, casa, publico):
    llevar(publico, "retirar", por=casa.suit, aprueba=casa.secretaria)

    assert client.get(datos(publico)).status_code == 404


@pytest.mark.parametrize("publicado, codigo", [(True, 410), (False, 404)])
def test_what_the_law_took_away_says_so_if_it_was_ever_public(client, casa, publicado, codigo):
    tramite = crear_tramite(casa, "suprimido", publicado=publicado)

    respuesta = client.get(datos(tramite))

    assert respuesta.status_code == codigo
    assert ("desde" in respuesta.json()) is publicado


# --- What it costs ------------------------------------------------------------------------------
def test_asked_again_it_costs_one_query_until_something_public_changes(
    client, casa, publico, django_assert_num_queries
):
    for ruta in (LISTA, datos(publico)):
        etag = client.get(ruta).headers["ETag"]

        with django_assert_num_queries(1):
            igual = client.get(ruta, headers={"If-None-Match": etag})
        assert (igual.status_code, igual.content) == (304, b"")

        confirmar_dato(publico, parte=next(iter(publico.por_confirmar)), por=casa.suit)
        publico.refresh_from_db()
        publico.por_confirmar = {"grado": "grado"}
        publico.save()
        assert client.get(ruta, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("cuantos", [2, 60])
def test_the_list_costs_the_same_however_long(client, casa, publico, django_assert_num_queries, cuantos):
    crear_muchos(casa, cuantos)
    publico.hoja_publica.audiencias.update(grupo=casa.organizaciones)
    client.get(LISTA)  # the municipality is kept in memory

    with django_assert_num_queries(3):  # edición, trámites, audiencias
        assert client.get(LISTA).json()["total"] == cuantos + 1


@pytest.mark.parametrize("cuantas", [1, 15])
def test_one_costs_the_same_however_much_it_says(client, casa, django_assert_num_queries, cuantas):
    tramite = crear_tramite(casa, "en_correccion")
    with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
        momento = hoja.momentos.first()
        for n in range(cuantas):
            momento.acciones.create(
                tipo="pago",
                descripcion=f"Derechos {n}",
                valor_tipo="fijo",
                formula="100",
                entidad_recaudadora="Tesorería",
                fundamento=hoja.fundamentos.first(),
            )
    llevar(tramite, "enviar", "remitir", "inscribir", "publicar", por=casa.suit, aprueba=casa.secretaria)
    client.get(LISTA)

    with django_assert_num_queries(13):
        detalle = client.get(datos(tramite)).json()["tramite"]
    assert len(detalle["momentos"][0]["acciones"]) == 2 + cuantas


def test_the_example_of_the_documentation_has_the_fields_that_are_given(client, publico, settings):
    documento = (settings.BASE_DIR / "docs" / "datos-de-tramites.md").read_text(encoding="utf-8")
    ejemplo = json.loads(documento.partition("```json\n")[2].partition("\n```")[0])

    dado = client.get(datos(publico)).json()

    assert ejemplo.keys() == dado.keys()
    assert ejemplo["tramite"].keys() == dado["tramite"].keys()
    accion, dada = (
        ejemplo["tramite"]["momentos"][0]["acciones"][0],
        dado["tramite"]["momentos"][1]["acciones"][0],
    )
    assert accion.keys() == dada.keys()
    assert accion["pago"].keys() == dada["pago"].keys()
    for campo in dado["tramite"]:
        assert f"`{campo}`" in documento
    assert HojaDeVida.objects.count() == 1
