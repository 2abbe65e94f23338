"""What PostgreSQL itself refuses: raw SQL against every rule of the ventanilla."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tests.ventanilla.builders import crear_anexo, llevar, radicar
from tramites.models import Tramite
from ventanilla.models import (
    Borrador,
    Campo,
    Depuracion,
    Formulario,
    LecturaReservada,
    Subcaso,
    TextoDeConsentimiento,
    Valoracion,
)
from ventanilla.services import enviar_mensaje


@pytest.fixture(autouse=True)
def _una_fila_de_cada_cosa(ventanilla):
    ahora = timezone.now()
    radicado = llevar(ventanilla, radicar(), "respondido")
    mensaje = enviar_mensaje(radicado, clave=uuid4(), texto="Hola")
    crear_anexo(radicado=radicado, mensaje=mensaje)
    Valoracion.objects.create(salida=radicado.salidas.get(), puntos=5, resuelto=True)
    LecturaReservada.objects.create(radicado=radicado, usuario=ventanilla.jefe, que="Todo")
    Depuracion.objects.create(que="Nada", regla="Ninguna")
    TextoDeConsentimiento.objects.get_or_create(texto="Acepto.")
    Subcaso.objects.create(
        radicado=radicado,
        dependencia=ventanilla.hacienda,
        pregunta="¿Cuánto?",
        pedido_por=ventanilla.jefe,
        vence=ahora.date(),
    )
    Borrador.objects.create(
        secreto_sha256="0" * 64, clase=radicado.clase, vence_en=ahora + timedelta(days=15)
    )
    formulario = Formulario.objects.create(tramite=crear_tramite_suelto(ventanilla))
    Campo.objects.create(formulario=formulario, paso="Su casa", codigo="casa", etiqueta="Su casa")


def crear_tramite_suelto(casa) -> Tramite:
    n = Tramite.objects.count() + 1
    return Tramite.objects.create(
        codigo=f"PLA-{n:03}", nombre=f"Certificado {n}", slug=f"certificado-{n}", dependencia=casa.planeacion
    )


def ejecutar(sql: str, *valores) -> int:
    """How many rows it touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, valores)
        return cursor.rowcount


def copiar(tabla: str, **cambios: str) -> None:
    """Another row like the first one, with those columns as that SQL says."""
    tabla = f"ventanilla_{tabla}"
    with connection.cursor() as cursor:
        columnas = [
            columna.name
            for columna in connection.introspection.get_table_description(cursor, tabla)
            if columna.name != "id"
        ]
    nombres = ", ".join(f'"{columna}"' for columna in columnas)
    valores = ", ".join(cambios.get(columna, f'"{columna}"') for columna in columnas)
    ejecutar(f'INSERT INTO "{tabla}" ({nombres}) SELECT {valores} FROM "{tabla}" ORDER BY id LIMIT 1')


#: Rule, table and what breaks it.
REGLAS = [
    ("asiento_numero_unico", "asiento", {}),
    ("asiento_numero_posible", "asiento", {"consecutivo": "0"}),
    ("asiento_numero_posible", "asiento", {"consecutivo": "1000000"}),
    ("asiento_del_anio_de_bogota", "asiento", {"anio": "1999"}),
    ("radicado_estado_conocido", "radicado", {"estado": "'perdido'"}),
    ("radicado_interno_antes", "radicado", {"vence_interno": "vence + 1"}),
    ("radicado_espera_con_fecha", "radicado", {"estado": "'requiere_completar'"}),
    ("radicado_espera_con_fecha", "radicado", {"suspendido_en": "now()"}),
    ("radicado_respondido_con_fecha", "radicado", {"respondido_en": "NULL"}),
    ("radicado_anulado_por_otra_persona", "radicado", {"estado": "'anulado'"}),
    (
        "radicado_anulado_por_otra_persona",
        "radicado",
        {
            "estado": "'anulado'",
            "anulacion_razon": "'x'",
            "anulado_por_id": "1",
            "anulacion_pedida_por_id": "1",
        },
    ),
    ("radicado_asignado_a_alguien", "radicado", {"estado": "'asignado'", "dependencia_id": "NULL"}),
    ("peticionario_con_donde_responder", "peticionario", {"correo": "''"}),
    ("peticionario_con_donde_responder", "peticionario", {"respuesta": "'direccion'", "direccion": "''"}),
    ("borrador_vence_despues", "borrador", {"vence_en": "creado_en"}),
    ("mensaje_de_quien", "mensaje", {"por_id": "1"}),
    ("subcaso_respondido_dice_por_quien", "subcaso", {"estado": "'respondido'"}),
    ("un_subcaso_pedido_por_dependencia", "subcaso", {}),
    ("valoracion_de_1_a_5", "valoracion", {"puntos": "0"}),
    ("valoracion_de_1_a_5", "valoracion", {"puntos": "6"}),
    ("anexo_de_algo", "anexo", {"radicado_id": "NULL", "borrador_id": "NULL"}),
    ("clase_prorroga_con_dias", "clasederadicado", {"prorroga": "'dias'", "prorroga_dias": "NULL"}),
    ("salida_anulada_dice_por_quien", "salida", {"anulada_en": "now()"}),
    ("salida_dos_firmas_distintas", "salida", {"segunda_firma": "firma"}),
    ("formulario_estado_conocido", "formulario", {"estado": "'perdido'"}),
    ("formulario_vigente_con_hoja", "formulario", {"estado": "'vigente'"}),
    ("formulario_certificado_entero", "formulario", {"certificado_titulo": "'Certificado'"}),
    (
        "formulario_numero_unico",
        "formulario",
        {"estado": "'reemplazado'", "hoja_id": "1", "vigente_desde": "now()"},
    ),
    ("un_solo_formulario_en_preparacion", "formulario", {"numero": "99"}),
    ("campo_codigo_unico", "campo", {}),
    ("campo_condicion_entera", "campo", {"codigo": "'otra'", "si_campo": "'casa'"}),
    ("campo_opciones_si_elige", "campo", {"codigo": "'otra'", "tipo": "'opcion'"}),
]


@pytest.mark.parametrize(("regla", "tabla", "cambios"), REGLAS)
def test_a_row_that_breaks_a_rule_is_refused(regla, tabla, cambios):
    with pytest.raises(IntegrityError, match=f'"{regla}"'):
        copiar(tabla, **cambios)


def test_only_one_form_of_a_tramite_is_in_force():
    with transaction.atomic():
        en_uso = {"estado": "'vigente'", "hoja_id": "1", "vigente_desde": "now()"}
        copiar("formulario", numero="2", **en_uso)
        with pytest.raises(IntegrityError, match='"un_solo_formulario_vigente"'):
            copiar("formulario", numero="3", **en_uso)
        transaction.set_rollback(True)


def test_every_rule_of_the_ventanilla_is_tried_here():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE t.relname LIKE 'ventanilla\\_%%' AND c.contype IN ('c', 'u')"
        )
        reglas = {nombre for (nombre,) in cursor.fetchall()}
    de_django = {nombre for nombre in reglas if nombre.endswith(("_check", "_key", "_uniq"))}
    assert reglas - de_django - {regla for regla, _tabla, _cambios in REGLAS} == set()


# --- Rows that are only added ------------------------------------------------------------------
AGREGADAS = [
    ("asiento", "huella = repeat('1', 64)"),
    ("termino", "vence = vence + 1"),
    ("actuacion", "detalle = 'otro'"),
    ("mensaje", "texto = 'otro'"),
    ("lecturareservada", "que = 'otra'"),
    ("textodeconsentimiento", "texto = 'otro'"),
    ("depuracion", "que = 'otra'"),
    ("valoracion", "puntos = 1"),
]


@pytest.mark.parametrize(("tabla", "cambio"), AGREGADAS)
def test_rows_that_are_only_added_do_not_change_nor_go(tabla, cambio):
    for sql in (f"UPDATE ventanilla_{tabla} SET {cambio}", f"DELETE FROM ventanilla_{tabla}"):
        with pytest.raises(IntegrityError, match="solo se agregan"):
            ejecutar(sql)


@pytest.mark.parametrize(
    "columna",
    [
        *("asunto = 'otro'", "texto = 'otro'", "respuestas = '{\"a\": 1}'", "anonimo = true"),
        *("clave = gen_random_uuid()", "codigo_sha256 = 'x'", "asiento_id = asiento_id + 1"),
        *("tramite_id = 1", "hoja_id = 1"),
    ],
)
def test_what_was_filed_does_not_change(columna):
    with pytest.raises(IntegrityError, match="Lo radicado no cambia"):
        ejecutar(f"UPDATE ventanilla_radicado SET {columna}")


def test_a_radicado_does_not_go_even_in_a_purge():
    for antes in ("", "SET LOCAL ventanilla.depura = 'si'; "):
        with pytest.raises(IntegrityError, match="no se borra: se anula"):
            ejecutar(f"{antes}DELETE FROM ventanilla_radicado")


@pytest.mark.parametrize(
    "columna",
    [
        *("titulo = 'otro'", "texto = 'otro'", "datos = '[[1, 2]]'", "codigo = 'X'", "huella = 'x'"),
        *("firma = 'otra'", "segunda_firma = 'otra'", "en = now() - interval '1 day'", "sentido = 'negada'"),
        *("vigente_hasta = '2030-01-01'", "clase = 'traslado'", "persona_id = persona_id + 1"),
    ],
)
def test_what_was_sent_does_not_change_even_in_a_purge(columna):
    for antes in ("", "SET LOCAL ventanilla.depura = 'si'; "):
        with pytest.raises(IntegrityError, match="Lo que salió no cambia"):
            ejecutar(f"{antes}UPDATE ventanilla_salida SET {columna}")


def test_what_was_sent_does_not_go():
    with pytest.raises(IntegrityError, match="Lo que salió no cambia"):
        ejecutar("DELETE FROM ventanilla_salida")


def test_a_certificate_may_be_annulled_and_a_step_taken():
    quien = "(SELECT min(id) FROM portal_usuario)"
    assert ejecutar(
        f"UPDATE ventanilla_salida SET anulada_en = now(), anulada_razon = 'Error', anulada_por_id = {quien}"
    )
    assert ejecutar("UPDATE ventanilla_radicado SET estado = 'cerrado', cerrado_en = now()")


# --- The purge ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tabla", "cambio"),
    [
        ("mensaje", "texto = ''"),
        ("actuacion", "detalle = ''"),
        ("termino", "motivo = ''"),
        ("valoracion", "comentario = ''"),
        ("radicado", "texto = '', asunto = 'Borrado', respuestas = '{}'"),
    ],
)
def test_a_purge_that_says_so_empties_what_the_person_wrote_and_deletes_no_row(tabla, cambio):
    purga = "SET LOCAL ventanilla.depura = 'si'; "
    assert ejecutar(f"{purga}UPDATE ventanilla_{tabla} SET {cambio}")
    with pytest.raises(IntegrityError):
        ejecutar(f"{purga}DELETE FROM ventanilla_{tabla}")


@pytest.mark.parametrize("tabla", ["asiento", "lecturareservada", "textodeconsentimiento", "depuracion"])
def test_a_purge_touches_no_register(tabla):
    with pytest.raises(IntegrityError, match="solo se agregan"):
        ejecutar(f"SET LOCAL ventanilla.depura = 'si'; DELETE FROM ventanilla_{tabla}")


# --- Forms in use -------------------------------------------------------------------------------
def test_the_questions_of_a_form_in_use_do_not_change():
    with transaction.atomic():
        ejecutar(
            "UPDATE ventanilla_formulario SET estado = 'reemplazado', hoja_id = 1, vigente_desde = now()"
        )
        for sql in (
            "UPDATE ventanilla_campo SET etiqueta = 'Otra'",
            "DELETE FROM ventanilla_campo",
            "INSERT INTO ventanilla_campo SELECT (jsonb_populate_record(c, "
            '\'{"id": 999999, "codigo": "nueva"}\')).* FROM ventanilla_campo c',
        ):
            with pytest.raises(DatabaseError, match="formulario en uso no cambian"):
                ejecutar(sql)
        transaction.set_rollback(True)


def test_a_question_does_not_leave_a_form_in_use_for_another(ventanilla):
    with transaction.atomic():
        nuevo = Formulario.objects.create(tramite=crear_tramite_suelto(ventanilla))
        ejecutar(
            "UPDATE ventanilla_formulario SET estado = 'reemplazado', hoja_id = 1, vigente_desde = now() "
            "WHERE id <> %s",
            nuevo.pk,
        )
        with pytest.raises(IntegrityError, match="formulario en uso no cambian"):
            ejecutar("UPDATE ventanilla_campo SET formulario_id = %s", nuevo.pk)
        transaction.set_rollback(True)
