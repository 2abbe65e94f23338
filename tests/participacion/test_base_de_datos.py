"""What PostgreSQL itself refuses: raw SQL against every rule of consultas and answers."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from participacion.models import Codigo, Consulta, Eleccion, Hoja, Opcion, Pregunta, Respuesta
from tests.participacion.builders import (
    TODAS,
    crear_consulta,
    crear_hojas,
    responder_en_papel,
    responder_web,
)


@pytest.fixture
def abierta(participa):
    return crear_consulta(participa, preguntas=TODAS)


def rechaza(sql: str, *valores) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, valores)


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("titulo", "Otro"),
        ("resumen", "Otro"),
        ("texto", "Otro"),
        ("slug", "otro"),
        ("responden", "con_codigo"),
        ("cierra_en", "2040-01-01"),
        ("abre_en", "2020-01-01"),
        ("resultado_hasta", "2040-01-01"),
        ("huella", "0" * 64),
        ("estado", "borrador"),
        ("estado", "descartada"),
    ],
)
def test_lo_autorizado_no_cambia(abierta, campo, valor):
    rechaza(f"UPDATE participacion_consulta SET {campo} = %s WHERE id = %s", valor, abierta.pk)


def test_cerrar_antes_es_lo_unico_que_cambia_y_no_se_reabre(participa, abierta):
    Consulta.objects.filter(pk=abierta.pk).update(estado="cerrada", cerrada_en=abierta.abre_en)
    rechaza(
        "UPDATE participacion_consulta SET estado = 'autorizada', cerrada_en = NULL WHERE id = %s", abierta.pk
    )


def test_una_descartada_no_vuelve(participa):
    descartada = crear_consulta(participa, "descartada")
    rechaza("UPDATE participacion_consulta SET estado = 'borrador' WHERE id = %s", descartada.pk)


def test_una_consulta_no_se_borra(participa):
    borrador = crear_consulta(participa, "borrador")
    rechaza("DELETE FROM participacion_consulta WHERE id = %s", borrador.pk)


@pytest.mark.parametrize("estado", ["por_autorizar", "autorizada", "cerrada"])
def test_las_preguntas_y_sus_opciones_no_cambian_despues_de_enviar(participa, estado):
    consulta = crear_consulta(participa, estado)
    pregunta = consulta.preguntas.get()
    opcion = pregunta.opciones.first()
    rechaza("UPDATE participacion_pregunta SET texto = 'Otra' WHERE id = %s", pregunta.pk)
    rechaza("DELETE FROM participacion_opcion WHERE id = %s", opcion.pk)
    rechaza("UPDATE participacion_opcion SET texto = 'Otra' WHERE id = %s", opcion.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pregunta.objects.create(consulta=consulta, tipo="texto", texto="¿Y?")
    with pytest.raises(IntegrityError), transaction.atomic():
        Opcion.objects.create(pregunta=pregunta, texto="Otra más")


def test_una_pregunta_no_se_pasa_de_un_borrador_a_lo_autorizado(participa, abierta):
    borrador = crear_consulta(participa, "borrador")
    rechaza(
        "UPDATE participacion_pregunta SET consulta_id = %s WHERE id = %s",
        abierta.pk,
        borrador.preguntas.get().pk,
    )


def test_las_respuestas_solo_se_agregan(participa, abierta):
    responder_web(abierta, una="Sí")
    for tabla in ("respuesta", "eleccion", "gastado", "pasodeconsulta"):
        columna = "texto" if tabla == "eleccion" else "consulta_id"
        rechaza(f"UPDATE participacion_{tabla} SET {columna} = {columna}")
        rechaza(f"DELETE FROM participacion_{tabla}")


def test_sin_autorizar_no_hay_respuestas(participa):
    for estado in ("borrador", "por_autorizar", "descartada", "cerrada"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Respuesta.objects.create(consulta=crear_consulta(participa, estado))


def test_lo_que_se_elige_es_de_su_consulta_y_de_su_pregunta(participa, abierta):
    respuesta = responder_web(abierta, una="Sí")
    ajena = crear_consulta(participa).preguntas.get()
    propia, otra = abierta.preguntas.filter(tipo__in=["una", "varias"])
    for pregunta, opcion in [(ajena, None), (ajena, ajena.opciones.first()), (propia, otra.opciones.first())]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Eleccion.objects.create(respuesta=respuesta, pregunta=pregunta, opcion=opcion)


def test_una_hoja_se_digita_o_se_anula_una_vez(participa, abierta):
    una, otra = crear_hojas(participa, abierta)
    responder_en_papel(participa, abierta, una)
    Hoja.objects.filter(pk=otra.pk).update(anulada_motivo="Se mojó.")
    rechaza("UPDATE participacion_hoja SET digitada_por_id = NULL, digitada_en = NULL WHERE id = %s", una.pk)
    rechaza("UPDATE participacion_hoja SET anulada_motivo = 'Mal' WHERE id = %s", una.pk)
    rechaza("UPDATE participacion_hoja SET anulada_motivo = '' WHERE id = %s", otra.pk)
    rechaza("DELETE FROM participacion_hoja WHERE id = %s", otra.pk)


def test_una_hoja_anulada_o_de_otra_consulta_no_responde(participa, abierta):
    hoja, otra = crear_hojas(participa, abierta)
    ajena = crear_consulta(participa)
    Hoja.objects.filter(pk=hoja.pk).update(anulada_motivo="Se mojó.")
    for consulta, cual in [(abierta, hoja), (ajena, otra)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Respuesta.objects.create(consulta=consulta, origen="papel", hoja=cual)


def test_un_codigo_gastado_no_se_devuelve(participa, abierta):
    Codigo.objects.create(consulta=abierta, huella="a" * 64, usado=True)
    rechaza("UPDATE participacion_codigo SET usado = false")
    rechaza("DELETE FROM participacion_codigo")
