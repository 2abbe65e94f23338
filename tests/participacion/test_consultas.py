"""What anybody sees: the hub, the page, the results; and what each page costs."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion import services
from participacion.models import Consulta
from participacion.views.consultas import publicas
from portal import services as textos
from portal.sitio import PUERTAS
from tests.participacion.builders import TODAS, crear_cerrada, crear_consulta, responder_web


def leer(client, ruta: str, estado: int = 200) -> str:
    respuesta = client.get(ruta)
    assert respuesta.status_code == estado
    return respuesta.content.decode()


def publicar_resultado(casa, consulta: Consulta):
    """The outcome, written and taken through the editorial flow by the people of the house."""
    version = services.preparar_resultado(consulta, por=casa.promotora)
    version = textos.guardar_borrador(
        version,
        por=casa.promotora,
        revision=version.revision,
        cuerpo=version.cuerpo.replace(services.POR_ESCRIBIR, "Se compran las luces."),
    )
    textos.enviar(version, por=casa.promotora, confirmo=True)
    textos.validar(version, por=casa.secretaria)
    textos.autorizar(version, por=casa.alcalde, huella=version.huella())
    textos.publicar(version, por=casa.secretaria)
    return version


@pytest.fixture
def una_de_cada(participa):
    ahora = timezone.now()
    crear_consulta(participa, titulo="La abierta")
    crear_consulta(participa, titulo="La que viene", abre_en=ahora + timedelta(days=1))
    crear_cerrada(participa, titulo="La que espera")
    crear_cerrada(participa, titulo="La que debe", resultado_hasta=timezone.localdate() - timedelta(days=1))
    con = crear_cerrada(participa, titulo="La resuelta", canal=participa.en_linea, clase="consulta")
    publicar_resultado(participa, con)
    crear_consulta(participa, "borrador", titulo="La secreta")
    return participa


def test_el_centro_dice_que_hay_en_cada_momento(client, una_de_cada):
    pagina = leer(client, "/participa/")
    lugares = [
        pagina.index(titulo) for titulo in ("La abierta", "La que viene", "La que debe", "La resuelta")
    ]
    assert lugares == sorted(lugares)
    assert "La secreta" not in pagina and "La alcaldía debe este resultado desde el" in pagina
    assert pagina.count("La alcaldía debe") == 1 and "Qué se decidió" in pagina


def test_las_encuestas_aparte(client, una_de_cada):
    pagina = leer(client, "/encuestas/")
    assert "La abierta" in pagina and "La resuelta" not in pagina


def test_sin_nada_lo_dice(client, participa):
    assert "Ahora no hay" in leer(client, "/participa/")
    assert "Ahora no hay encuestas" in leer(client, "/encuestas/")


def test_cada_una_en_su_direccion(client, participa):
    encuesta = crear_consulta(participa)
    proyecto = crear_consulta(participa, clase="proyecto", canal=participa.en_linea, texto="Art. 1")
    assert encuesta.get_absolute_url().startswith("/encuestas/")
    assert proyecto.get_absolute_url().startswith("/participa/")
    leer(client, f"/participa/{encuesta.slug}/", 404)
    leer(client, f"/encuestas/{proyecto.slug}/", 404)
    assert "Art. 1" in leer(client, proyecto.get_absolute_url())


def test_la_pagina_dice_quien_pregunta_hasta_cuando_y_que_se_guarda(client, participa):
    pagina = leer(
        client, crear_consulta(participa, preguntas=TODAS, a_quien="el barrio Centro").get_absolute_url()
    )
    for dicho in (
        "Secretaría General",
        "Abierta hasta el",
        "el barrio Centro",
        "Guardamos sus respuestas y el día. No guardamos nada de usted",
        "1 es muy difícil; 5 es muy fácil.",
        "Puede marcar hasta 2.",
        "(opcional)",
        "en papel",
    ):
        assert dicho in pagina
    assert pagina.count("<fieldset") == 4 and pagina.count("<select") == 3


def test_antes_de_abrir_no_pregunta(client, participa):
    consulta = crear_consulta(participa, abre_en=timezone.now() + timedelta(hours=2))
    pagina = leer(client, consulta.get_absolute_url())
    assert "Abre el" in pagina and '<form method="post" action="/encuestas/' not in pagina


def test_cerrada_lleva_al_resultado(client, participa):
    consulta = crear_cerrada(participa)
    pagina = leer(client, consulta.get_absolute_url())
    assert "El resultado se publica a más tardar el" in pagina and "resultados/" in pagina
    publicar_resultado(participa, consulta)
    consulta = publicas().get(pk=consulta.pk)
    pagina = leer(client, consulta.get_absolute_url())
    assert consulta.hay_resultado and consulta.resultado.get_absolute_url() in pagina


def test_la_deuda_se_dice_en_su_pagina(client, participa):
    consulta = crear_cerrada(participa, resultado_hasta=timezone.localdate() - timedelta(days=1))
    assert "La alcaldía debe este resultado desde el" in leer(client, consulta.get_absolute_url())


def test_resultados_solo_al_cerrar(client, participa):
    consulta = crear_consulta(participa)
    responder_web(consulta)
    assert "Todavía no hay resultados" in leer(client, f"{consulta.get_absolute_url()}resultados/", 404)
    leer(client, f"{consulta.get_absolute_url()}resultados.csv", 404)


def test_resultados_cuando_cerro(client, participa):
    consulta = crear_cerrada(participa, preguntas=TODAS)
    hace = consulta.cierra_en - timedelta(days=2)
    for _vez in range(3):
        responder_web(consulta, en=hace, una="Sí", escala=4, texto="Mi cédula es 123", varias=["Agenda"])
    pagina = leer(client, f"{consulta.get_absolute_url()}resultados/")
    for dicho in (
        "no es una muestra estadística",
        "3 de 3 (100 %)",
        "Promedio: 4,0",
        "3 por la página y 0 en papel",
    ):
        assert dicho in pagina
    assert "cédula" not in pagina and "La respondieron 3 personas" in pagina
    assert f"«{consulta.titulo}». Cerró" in pagina
    csv = client.get(f"{consulta.get_absolute_url()}resultados.csv")
    assert csv["Content-Type"] == "text/csv; charset=utf-8"
    texto = csv.content.decode("utf-8-sig")
    assert "¿Encontró lo que buscaba?,Sí,3,0,3,3," in texto and "cédula" not in texto
    assert "¿Qué le falta?,Escribieron algo,3,0,3,3," in texto


def test_sin_respuestas_lo_dice(client, participa):
    assert "Nadie respondió" in leer(client, f"{crear_cerrada(participa).get_absolute_url()}resultados/")


@pytest.mark.parametrize("ruta", ["/participa/", "/encuestas/"])
def test_los_listados_solo_se_leen(client, participa, ruta):
    assert client.post(ruta).status_code == 405


def consultas_de(client, *rutas: str) -> list[int]:
    """How many queries each page costs, once what is cached is there."""
    cuestan = []
    for ruta in rutas:
        client.get(ruta)
        with CaptureQueriesContext(connection) as hechas:
            client.get(ruta)
        cuestan.append(len(hechas))
    return cuestan


def test_lo_que_cuesta_cada_pagina_no_crece(client, participa):
    abierta = crear_consulta(participa, preguntas=TODAS)
    cerrada = crear_cerrada(participa, preguntas=TODAS)
    responder_web(cerrada, en=cerrada.abre_en + timedelta(days=1))
    publicar_resultado(participa, cerrada)
    direccion = cerrada.get_absolute_url()
    con_pocas = consultas_de(
        client, "/participa/", abierta.get_absolute_url(), direccion, f"{direccion}resultados/"
    )
    abierta = crear_consulta(participa, preguntas=TODAS * 4)
    cerrada = crear_cerrada(participa, preguntas=TODAS * 4)
    for _n in range(20):
        responder_web(cerrada, en=cerrada.abre_en + timedelta(days=1))
    publicar_resultado(participa, cerrada)
    direccion = cerrada.get_absolute_url()
    con_muchas = consultas_de(
        client, "/participa/", abierta.get_absolute_url(), direccion, f"{direccion}resultados/"
    )
    # The edición, what is asked and its outcome; then its questions, their options, the count and, of the
    # results, the local holidays. What other modules show beside is theirs.
    assert con_pocas == con_muchas
    assert all(cuesta <= tope for cuesta, tope in zip(con_muchas, (6, 8, 6, 8), strict=True)), con_muchas


def test_la_pagina_pesa_poco(client, participa):
    pagina = client.get(crear_consulta(participa, preguntas=TODAS).get_absolute_url()).content
    hojas = [Path(finders.find(f"css/{nombre}.css")).read_bytes() for nombre in ("portal", "participacion")]
    assert sum(len(gzip.compress(parte)) for parte in (pagina, *hojas)) <= 14_000


def test_las_puertas_el_mapa_y_el_sitemap(client, participa):
    consulta = crear_consulta(participa)
    assert PUERTAS["encuestas"].url == "/encuestas/"
    assert 'href="/encuestas/"' in leer(client, participa.encuestas.get_absolute_url())
    assert "/participa/" in leer(client, "/mapa-del-sitio/")
    assert consulta.get_absolute_url() in leer(client, "/sitemap.xml")
