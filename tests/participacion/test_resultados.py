"""The count: web and paper add up, one query for one answer or for ten thousand, nothing of anybody."""

import random
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion import recordatorios, resultados, services
from participacion.models import Eleccion, Respuesta
from portal import correo
from portal import services as textos
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.models import Correo, Version
from tests.participacion.builders import (
    ORDEN,
    TODAS,
    UNA,
    crear_cerrada,
    crear_consulta,
    crear_hojas,
    responder_en_papel,
    responder_web,
)
from tests.participacion.test_consultas import publicar_resultado


def filas(consulta, tipo: str) -> dict[str, tuple[int, int, int]]:
    contada = next(c for c in resultados.contar(consulta).preguntas if c.pregunta.tipo == tipo)
    return {fila.texto: (fila.cuenta.web, fila.cuenta.papel, fila.cuenta.total) for fila in contada.filas}


def test_la_pagina_y_el_papel_suman(participa):
    consulta = crear_consulta(participa, preguntas=TODAS)
    for _vez in range(3):
        responder_web(consulta, una="Sí", varias=["Noticias", "Agenda"], escala=5)
    for hoja in crear_hojas(participa, consulta, 2):
        responder_en_papel(participa, consulta, hoja, una="No", varias=["Agenda"], escala=1, texto="Agua")
    contados = resultados.contar(consulta)
    assert (contados.respuestas.web, contados.respuestas.papel, contados.respuestas.total) == (3, 2, 5)
    assert filas(consulta, "una") == {"Sí": (3, 0, 3), "No": (0, 2, 2)}
    assert filas(consulta, "varias") == {"Noticias": (3, 0, 3), "Trámites": (0, 0, 0), "Agenda": (3, 2, 5)}
    respondieron = [contada.respondieron.total for contada in contados.preguntas]
    assert respondieron == [5, 5, 5, 2, 0]
    assert contados.preguntas[2].promedio == Decimal("3.4")
    assert str(contados.preguntas[0].filas[0].barra) == "3 de 5 (60 %)"


def test_el_orden_se_cuenta_por_puesto_medio(participa):
    consulta = crear_consulta(participa, preguntas=[ORDEN])
    responder_web(consulta, orden=["Agua", "Vías", "Parque"])
    responder_web(consulta, orden=["Agua", "Parque", "Vías"])
    contada = resultados.contar(consulta).preguntas[0]
    assert [(fila.texto, fila.puesto_medio) for fila in contada.filas] == [
        ("Agua", Decimal("1.0")),
        ("Vías", Decimal("2.5")),
        ("Parque", Decimal("2.5")),
    ]
    assert contada.respondieron.total == 2


def test_el_orden_no_se_decide_con_el_promedio_redondeado(participa):
    """Of 25 answers 13 prefer «Agua»: both averages read 1.5, and it goes first."""
    consulta = crear_consulta(participa, preguntas=[ORDEN | {"opciones": ["Vías", "Agua", "Parque"]}])
    for n in range(25):
        responder_web(consulta, orden=["Agua", "Vías", "Parque"] if n < 13 else ["Vías", "Agua", "Parque"])
    contada = resultados.contar(consulta).preguntas[0]
    assert [(fila.texto, fila.puntos, fila.puesto_medio) for fila in contada.filas] == [
        ("Agua", 37, Decimal("1.5")),
        ("Vías", 38, Decimal("1.5")),
        ("Parque", 75, Decimal("3.0")),
    ]


def test_una_en_blanco_cuenta_como_respuesta(participa):
    consulta = crear_consulta(participa, preguntas=[UNA | {"obligatoria": False}])
    responder_web(consulta, texto="nada que elegir")
    contados = resultados.contar(consulta)
    assert contados.respuestas.total == 1 and contados.preguntas[0].respondieron.total == 0


def test_diez_mil_respuestas_cuestan_las_mismas_consultas(participa):
    consulta = crear_consulta(participa, preguntas=TODAS)
    responder_web(consulta, una="Sí", escala=3)
    with CaptureQueriesContext(connection) as con_una:
        resultados.contar(consulta)
    una = consulta.preguntas.get(tipo="una")
    opciones = list(una.opciones.all())
    muchas = Respuesta.objects.bulk_create([Respuesta(consulta=consulta) for _n in range(10_000)])
    Eleccion.objects.bulk_create(
        [Eleccion(respuesta=r, pregunta=una, opcion=opciones[n % 2]) for n, r in enumerate(muchas)]
    )
    empezo = time.monotonic()
    with CaptureQueriesContext(connection) as con_muchas:
        contados = resultados.contar(consulta)
    assert contados.respuestas.total == 10_001 and filas(consulta, "una")["No"] == (5_000, 0, 5_000)
    assert len(con_una) == len(con_muchas) == 3
    assert time.monotonic() - empezo < 2


def test_una_a_una_van_en_desorden_y_sin_el_dia(participa, monkeypatch):
    consulta = crear_consulta(participa, preguntas=TODAS)
    for texto in ("a", "b", "c"):
        responder_web(consulta, una="Sí", texto=texto, orden=["Agua", "Vías", "Parque"])
    monkeypatch.setattr(random.SystemRandom, "shuffle", lambda _self, lista: lista.sort(reverse=True))
    columnas, dichas = resultados.una_a_una(consulta)
    assert columnas == [pregunta["texto"] for pregunta in TODAS]
    assert dichas == [["Sí", "", "", texto, "1. Agua; 2. Vías; 3. Parque"] for texto in ("c", "b", "a")]


# --- The outcome --------------------------------------------------------------------------------
def test_preparar_el_resultado_pone_las_cifras(participa):
    consulta = crear_cerrada(participa, preguntas=TODAS)
    responder_web(consulta, en=consulta.abre_en + timedelta(days=1), una="Sí", texto="Secreto")
    version = services.preparar_resultado(consulta, por=participa.promotora)
    assert version.estado == Version.Estado.BORRADOR and version.publicacion.canal == participa.encuestas
    for dicho in ("Qué se decidió", "1 de 1 (100 %)", "1 respuesta: 1 por la página y 0 en papel"):
        assert dicho in version.cuerpo
    assert "Secreto" not in version.cuerpo
    assert f">{consulta.titulo}</a>»." in version.cuerpo
    consulta.refresh_from_db()
    assert consulta.resultado == version.publicacion


def test_el_resultado_dice_de_cuando_son_sus_cifras(participa):
    """Paper is still entered after closing: the outcome and the page of results may say different figures."""
    cerro = timezone.now() - timedelta(days=1)
    consulta = crear_cerrada(participa)
    crear_hojas(participa, consulta, 1, en=cerro - timedelta(days=2))
    texto = services.preparar_resultado(consulta, por=participa.promotora).cuerpo
    assert "Son las cifras del" in texto and "que se digiten después" in texto
    assert f'href="{consulta.get_absolute_url()}resultados/"' in texto

    sin_papel = crear_cerrada(participa, titulo="Otra")
    texto = services.preparar_resultado(sin_papel, por=participa.promotora).cuerpo
    assert "Son las cifras del" in texto and "que se digiten después" not in texto


def test_no_se_envia_sin_decir_que_se_decidio(participa):
    version = services.preparar_resultado(crear_cerrada(participa), por=participa.promotora)
    with pytest.raises(CondicionIncumplida, match="Falta escribir"):
        textos.enviar(version, por=participa.promotora, confirmo=True)
    version.refresh_from_db()
    assert version.estado == Version.Estado.BORRADOR


def test_preparar_dos_veces_no(participa):
    consulta = crear_cerrada(participa)
    version = services.preparar_resultado(consulta, por=participa.promotora)
    with pytest.raises(CondicionIncumplida, match="ya se está escribiendo"):
        services.preparar_resultado(consulta, por=participa.promotora)
    services.services.descartar(version, por=participa.promotora)
    assert services.preparar_resultado(consulta, por=participa.promotora) != version


def test_preparar_abierta_o_sin_permiso_no(participa):
    with pytest.raises(CondicionIncumplida, match="cuando la consulta cierra"):
        services.preparar_resultado(crear_consulta(participa), por=participa.promotora)
    with pytest.raises(SinPermiso):
        services.preparar_resultado(crear_cerrada(participa), por=participa.tesorero)


# --- The duty -----------------------------------------------------------------------------------
@pytest.fixture
def con_correo(participa):
    for persona in (participa.promotora, participa.alcalde, participa.tesorero):
        persona.email = f"{persona.username}@ejemplo.gov.co"
        persona.save()
    return participa


def test_se_avisa_cuatro_semanas_una_semana_y_vencido_una_vez_cada_uno(con_correo):
    hasta = timezone.localdate() + timedelta(days=60)
    crear_cerrada(con_correo, resultado_hasta=hasta)
    escritos = []
    for dias in range(0, 75):
        recordatorios.avisar(timezone.now() + timedelta(days=dias))
        escritos.append(Correo.objects.count())
    saltos = [dia for dia in range(1, 75) if escritos[dia] > escritos[dia - 1]]
    assert saltos == [60 - 28, 60 - 7, 61] and escritos[0] == 0
    para = set(Correo.objects.values_list("para", flat=True))
    assert para == {"promotora@ejemplo.gov.co", "alcalde@ejemplo.gov.co"}
    assert Correo.objects.count() == 6


def test_con_resultado_publico_ya_no_se_avisa(con_correo):
    consulta = crear_cerrada(con_correo, resultado_hasta=timezone.localdate())
    publicar_resultado(con_correo, consulta)
    Correo.objects.all().delete()
    assert recordatorios.avisar(timezone.now()) == "Avisos de resultados por publicar: 0."
    assert not Correo.objects.exists()


def test_sin_nadie_con_correo_se_dice(participa):
    crear_cerrada(participa, titulo="La deuda", resultado_hasta=timezone.localdate())
    assert "Sin correo a quién avisar: La deuda." in recordatorios.avisar(timezone.now())


def test_una_direccion_mala_no_deja_sin_aviso_a_los_demas(con_correo):
    con_correo.promotora.email = "promotora@"
    con_correo.promotora.save()
    crear_cerrada(con_correo, resultado_hasta=timezone.localdate())
    assert recordatorios.avisar(timezone.now()) == "Avisos de resultados por publicar: 1."
    assert Correo.objects.get().para == "alcalde@ejemplo.gov.co"


def test_el_correo_lleva_a_la_consulta(con_correo, settings):
    consulta = crear_cerrada(con_correo, resultado_hasta=timezone.localdate() - timedelta(days=1))
    recordatorios.avisar(timezone.now())
    escrito = Correo.objects.first()
    assert escrito.asunto.startswith("Resultado vencido desde el") and escrito.texto.endswith(
        f"{settings.PORTAL_URL}/panel/participacion/{consulta.pk}/"
    )
    assert not correo.es_reservado(escrito)
