"""The book: no number is lost nor repeated, whoever files at once, and what is stored is what was filed."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from portal.models.edicion import Consecutivo
from tests.ventanilla.builders import clase, crear_anexo, llevar, radicar
from ventanilla.depuracion import depurar
from ventanilla.flujo import dar_paso
from ventanilla.models import Asiento, Peticionario, Radicado
from ventanilla.services import enviar_mensaje


def revisar() -> tuple[str, str]:
    """What the command says, and what it complains of."""
    bien, mal = StringIO(), StringIO()
    try:
        call_command("revisar_libro", stdout=bien, stderr=mal)
    except CommandError as error:
        mal.write(str(error))
    return bien.getvalue(), mal.getvalue()


def a_la_fuerza(sql: str, *valores) -> None:
    """As somebody with the password of the database would, without the rules that stop it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, valores)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_whole_book_says_so(ventanilla):
    anexo = crear_anexo(borrador=None, radicado=radicar())
    anexo.delete()
    radicado = radicar(persona=None, codigo="denuncia")
    enviar_mensaje(radicado, clave=uuid4(), texto="Hola")
    llevar(ventanilla, radicar(), "respondido")

    bien, mal = revisar()

    assert mal == "" and "4 asientos" in bien


def test_what_the_office_did_later_does_not_break_it(ventanilla):
    radicado = dar_paso(
        "reclasificar", radicar(), por=ventanilla.secretaria, clase=clase("queja"), motivo="Es una queja."
    )
    crear_anexo(radicado=radicado, mensaje=enviar_mensaje(radicado, clave=uuid4(), texto="Va"))
    crear_anexo(radicado=llevar(ventanilla, radicado, "en_tramite"), subido_por=ventanilla.jefe)
    depurar(radicar(), timezone.now())

    assert revisar()[1] == ""


def test_a_change_of_kind_without_its_step_is_seen(ventanilla):
    radicado = radicar()
    Radicado.objects.filter(pk=radicado.pk).update(clase=clase("queja"))
    assert f"{radicado.numero}: lo guardado no es lo que se radicó" in revisar()[1]


@pytest.mark.parametrize(
    ("sql", "dicho"),
    [
        ("UPDATE ventanilla_radicado SET texto = 'otra cosa'", "lo guardado no es lo que se radicó"),
        ("UPDATE ventanilla_peticionario SET nombre = 'Otra'", "lo guardado no es lo que se radicó"),
        ("UPDATE ventanilla_radicado SET depurado_en = now()", "no está en el registro de depuraciones"),
        ("UPDATE ventanilla_salida SET texto = 'otra cosa'", "lo guardado no es lo que se envió"),
        ("UPDATE ventanilla_asiento SET huella = repeat('0', 64)", "lo guardado no es lo que se"),
        ("UPDATE ventanilla_asiento SET consecutivo = 9 WHERE consecutivo = 1", "el último es el 9"),
        ("UPDATE portal_consecutivo SET ultimo = 7 WHERE serie = 'radicados'", "el contador va en 7"),
        (
            "INSERT INTO ventanilla_asiento (anio, consecutivo, sentido, en, huella) "
            "VALUES (2020, 1, 'E', now(), repeat('0', 64))",
            "tiene número y no tiene qué se radicó",
        ),
        (
            "ALTER TABLE ventanilla_asiento DROP CONSTRAINT asiento_numero_unico; "
            "UPDATE ventanilla_asiento SET consecutivo = 1",
            "el número está 2 veces",
        ),
    ],
)
def test_what_was_touched_is_said_and_the_command_fails(ventanilla, sql, dicho):
    llevar(ventanilla, radicar(), "respondido")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    a_la_fuerza(sql)

    bien, mal = revisar()

    assert dicho in mal and "El libro no está bien" in mal and bien == ""


def test_a_file_that_changed_is_said(ventanilla):
    anexo = crear_anexo(radicado=llevar(ventanilla, radicar(), "respondido"), subido_por=ventanilla.jefe)
    with anexo.archivo.storage.open(anexo.archivo.name, "wb") as archivo:
        archivo.write(b"otra cosa")
    assert f"el anexo {anexo.pk} no está o no es el que se recibió" in revisar()[1]
    assert anexo.nombre not in revisar()[1]


def test_a_filing_that_fails_gives_its_number_back(ventanilla, monkeypatch):
    radicar()
    monkeypatch.setattr(Peticionario, "save", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        radicar()
    monkeypatch.undo()
    assert radicar().numero.endswith("-000002-E") and Asiento.saltos() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_at_once_and_each_twice_are_twenty_numbers():
    from tests.ventanilla.builders import crear_casa_de_ventanilla

    crear_casa_de_ventanilla()
    claves = [uuid4() for _ in range(20)] * 2

    def uno(clave):
        try:
            return radicar(clave=clave).numero
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as hilos:
        numeros = list(hilos.map(uno, claves))

    assert numeros[:20] == numeros[20:]
    assert sorted(int(numero[5:11]) for numero in set(numeros)) == list(range(1, 21))
    assert Asiento.saltos() == [] and Consecutivo.objects.get(serie="radicados").ultimo == 20
