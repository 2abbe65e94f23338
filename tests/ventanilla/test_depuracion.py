"""What a purge erases, what it leaves, and that it can be run twice and half way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.flujo import EstadoInadecuado
from portal.models import Correo, Titularidad
from tests.builders import en_fecha
from tests.ventanilla.builders import PERSONA, crear_anexo, llevar, radicar
from ventanilla.borradores import enviar_enlace
from ventanilla.correos import escribir
from ventanilla.depuracion import conciliar_archivos, depurar, olvidar_borradores, por_depurar
from ventanilla.flujo import dar_paso
from ventanilla.models import (
    Anexo,
    Borrador,
    ClaseDeRadicado,
    Depuracion,
    Mensaje,
    Peticionario,
    Radicado,
)
from ventanilla.services import enviar_mensaje, valorar
from ventanilla.situacion import acciones_de

FILA = "1090123456"


@pytest.fixture(autouse=True)
def _se_conservan_dos_anios(ventanilla):
    ClaseDeRadicado.objects.filter(codigo="queja").update(conservar_anios=2)
    Titularidad.objects.update(desde=date(2015, 1, 1))  # they have handled it all these years


@pytest.fixture
def en_commit(django_capture_on_commit_callbacks):
    """Run what waits for the transaction to end, as it would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def hace(anios: int, dias: int = 0):
    return timezone.now() - timedelta(days=365 * anios + dias + anios // 4 + 1)


def cerrado(casa, *, en=None, codigo: str = "queja", **campos) -> Radicado:
    """With all that a purge erases: messages, files, judgement, reopening."""
    en = en or hace(3)
    datos = {"texto": f"Soy Ana Rojas, cédula {FILA}.", "respuestas": {"cedula": FILA}} | campos
    radicado = radicar(codigo, en=en, **datos)
    crear_anexo(radicado=radicado, subido_en=en)
    radicado = llevar(casa, radicado, "respondido", en=en)
    salida = radicado.salidas.get()
    crear_anexo(radicado=radicado, salida=salida, subido_por=casa.jefe)
    valorar(salida, puntos=1, resuelto=False, comentario=f"Mal. {FILA}", en=en)
    mensaje = enviar_mensaje(radicado, clave=uuid4(), texto=f"Mi cédula es {FILA}", en=en)
    crear_anexo(radicado=radicado, mensaje=mensaje, subido_en=en)
    enviar_mensaje(radicado, clave=uuid4(), texto="Señora Ana Rojas", por=casa.jefe, en=en)
    radicado = dar_paso("reabrir", radicado, por=None, de_la_persona=True, motivo=f"Soy {FILA}", en=en)
    return dar_paso("desistir", radicado, por=None, de_la_persona=True, motivo=f"Ya no. {FILA}", en=en)


def en_toda_la_base(dato: str) -> list[str]:
    """The tables of the ventanilla and the outbox that have it anywhere in a row."""
    hallados = []
    with connection.cursor() as cursor:
        for tabla in connection.introspection.table_names(cursor):
            if tabla.startswith(("ventanilla_", "portal_correo")):
                cursor.execute(f'SELECT count(*) FROM "{tabla}" t WHERE t::text ILIKE %s', [f"%{dato}%"])
                if cursor.fetchone()[0]:
                    hallados.append(tabla)
    return hallados


def test_only_what_was_kept_long_enough(ventanilla):
    viejo = cerrado(ventanilla)
    cerrado(ventanilla, en=hace(1))
    cerrado(ventanilla, codigo="reclamo")  # nobody said for how long
    llevar(ventanilla, radicar("queja", en=hace(9)), "en_tramite", en=hace(9))

    assert [radicado.pk for radicado in por_depurar(timezone.now())] == [viejo.pk]


@pytest.mark.parametrize(("dia", "toca"), [("2028-03-04", False), ("2028-03-05", True)])
def test_it_is_the_day_after_as_many_years(ventanilla, dia, toca):
    cerrado(ventanilla, en=en_fecha("2026-03-05"))
    assert bool(list(por_depurar(en_fecha(dia)))) is toca


def test_nothing_of_the_person_is_left_and_the_record_is(ventanilla, en_commit):
    radicado = cerrado(ventanilla)
    assert set(en_toda_la_base(FILA)) >= {"ventanilla_radicado", "ventanilla_peticionario"}
    archivos = [a.archivo.name for a in Anexo.objects.filter(salida=None)]
    de_la_salida = Anexo.objects.exclude(salida=None).get()

    with en_commit():
        depuracion = depurar(radicado, timezone.now())

    assert en_toda_la_base(FILA) == [] and en_toda_la_base(PERSONA["correo"]) == []
    assert not Peticionario.objects.exists() and not Correo.objects.exists()
    assert set(Mensaje.objects.values_list("texto", flat=True)) == {""}
    assert not any(default_storage.exists(nombre) for nombre in archivos) and len(archivos) == 2
    assert default_storage.exists(de_la_salida.archivo.name)
    despues = Radicado.objects.enteros().get()
    assert despues.numero == radicado.numero and despues.clase_id == radicado.clase_id
    assert despues.cerrado_en == radicado.cerrado_en and despues.salidas.count() == 1
    assert despues.depurado_en is not None and depuracion.anexos == 2
    assert depuracion.numero == radicado.numero and FILA not in f"{depuracion.que} {depuracion.regla}"


def test_nothing_more_is_written_on_it(ventanilla):
    radicado = cerrado(ventanilla)
    depurar(radicado, timezone.now())
    radicado.refresh_from_db()

    with pytest.raises(EstadoInadecuado, match="terminó hace años"):
        enviar_mensaje(radicado, clave=uuid4(), texto=f"Soy {FILA}.")
    assert "mensaje" not in acciones_de(radicado, None, timezone.localdate(), DiasHabiles())


def test_twice_is_once(ventanilla):
    radicado = cerrado(ventanilla)
    depurar(radicado, timezone.now())

    assert depurar(radicado, timezone.now()) is None
    assert Depuracion.objects.count() == 1 and not list(por_depurar(timezone.now()))


def test_what_comes_after_in_the_transaction_is_protected_again(ventanilla):
    from django.db import IntegrityError, transaction

    depurar(cerrado(ventanilla), timezone.now())
    with pytest.raises(IntegrityError, match="solo se agregan"), transaction.atomic():
        Mensaje.objects.update(texto="Otra cosa")


def test_if_it_fails_nothing_is_erased(ventanilla, monkeypatch, en_commit):
    radicado = cerrado(ventanilla)
    archivos = [a.archivo.name for a in Anexo.objects.all()]
    monkeypatch.setattr(Depuracion.objects, "create", lambda **_: 1 / 0)

    with en_commit(), pytest.raises(ZeroDivisionError):
        depurar(radicado, timezone.now())

    assert Peticionario.objects.exists() and all(map(default_storage.exists, archivos))


def correr(*opciones) -> str:
    salida = StringIO()
    call_command("depurar_ventanilla", *opciones, stdout=salida)
    return salida.getvalue()


def test_the_command_only_says_unless_it_is_confirmed(ventanilla):
    radicado = cerrado(ventanilla)

    dicho = correr()

    assert f"1 de 1: {radicado.numero}" in dicho and "No se borró nada" in dicho
    assert Peticionario.objects.exists() and not Depuracion.objects.exists()
    assert "de 1 radicados" in correr("--confirmar")
    assert not Peticionario.objects.exists()
    assert "No hay nada que depurar." in correr("--confirmar")
    assert FILA not in dicho and "Ana" not in dicho


# --- Drafts and files ---------------------------------------------------------------------------
def crear_borrador(**campos) -> Borrador:
    ahora = timezone.now()
    valores = {
        "secreto_sha256": uuid4().hex * 2,
        "clase": ClaseDeRadicado.objects.get(codigo="queja"),
        "datos": {"sus-datos": {"documento": FILA}},
        "creado_en": ahora - timedelta(days=16),
        "vence_en": ahora - timedelta(days=1),
    }
    return Borrador.objects.create(**valores | campos)


def test_expired_drafts_go_with_their_files_and_the_filed_ones_leave_theirs(ventanilla, en_commit):
    anexo = crear_anexo(borrador=crear_borrador())
    radicado = radicar("queja")
    del_radicado = crear_anexo(borrador=crear_borrador(radicado=radicado), radicado=radicado)
    vivo = crear_borrador(vence_en=timezone.now() + timedelta(days=1), datos={})

    with en_commit():
        dicho = olvidar_borradores(timezone.now())

    assert Borrador.objects.get() == vivo and Anexo.objects.get() == del_radicado
    assert not default_storage.exists(anexo.archivo.name)
    assert default_storage.exists(del_radicado.archivo.name)
    assert dicho.startswith("1 borradores vencidos y 1 archivos suyos") and "FALTAN" not in dicho
    assert Depuracion.objects.get().anexos == 1
    assert "ventanilla_borrador" not in en_toda_la_base(FILA)


def test_the_next_day_there_is_nothing_to_write_down(ventanilla):
    crear_borrador()
    olvidar_borradores(timezone.now())
    olvidar_borradores(timezone.now())
    assert Depuracion.objects.count() == 1


def test_files_of_no_row_are_erased_after_a_day_and_missing_ones_are_said(ventanilla):
    suelto = default_storage.save("ventanilla/2026/01/suelto.pdf", ContentFile(b"x"))
    ajeno = default_storage.save("otros/2026/x.pdf", ContentFile(b"x"))
    anexo = crear_anexo(radicado=radicar("queja"))
    default_storage.delete(anexo.archivo.name)

    assert conciliar_archivos(timezone.now()) == (0, [])
    assert conciliar_archivos(timezone.now() + timedelta(hours=25)) == (1, [anexo.pk])
    assert not default_storage.exists(suelto) and default_storage.exists(ajeno)
    dicho = olvidar_borradores(timezone.now() + timedelta(hours=25))
    assert f"FALTAN en el disco 1 archivos: {anexo.pk}" in dicho and anexo.nombre not in dicho


def test_every_message_that_was_written_to_the_person_goes(ventanilla):
    radicado = cerrado(ventanilla)
    salida = radicado.salidas.last()
    borrador = crear_borrador(clave=radicado.clave, radicado=radicado)
    enviar_enlace(borrador, "https://ejemplo.co/radicar/x/", "otra@ejemplo.co")
    escribir(radicado, "anulado", asunto="Se anuló", clave=f"anulado:{salida.clave}", salida=salida)

    depurar(radicado, timezone.now())

    assert not Correo.objects.exists()


def test_the_link_of_an_expired_draft_goes_with_it(ventanilla):
    enviar_enlace(crear_borrador(), "https://ejemplo.co/radicar/x/", "otra@ejemplo.co")
    vivo = crear_borrador(vence_en=timezone.now() + timedelta(days=1))
    enviar_enlace(vivo, "https://ejemplo.co/radicar/y/", "otra@ejemplo.co")

    olvidar_borradores(timezone.now())

    assert Correo.objects.get().clave.startswith(f"enlace:{vivo.clave}:")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_draft_that_is_being_filed_is_left_with_its_files(ventanilla):
    borrador = crear_borrador()
    anexo = crear_anexo(borrador=borrador)
    with ThreadPoolExecutor(1) as otro, transaction.atomic():
        Borrador.objects.select_for_update().get(pk=borrador.pk)
        otro.submit(_olvidar_aparte).result(timeout=20)
    assert Borrador.objects.get() == borrador and default_storage.exists(anexo.archivo.name)


def _olvidar_aparte() -> None:
    try:
        olvidar_borradores(timezone.now())
    finally:
        connection.close()
