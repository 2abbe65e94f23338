"""Anybody checks a document by its code, and learns nothing of what it says."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.ventanilla.builders import crear_casa_de_ventanilla, llevar, radicar
from tests.ventanilla.builders_en_linea import certificar, crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla.certificados import anular
from ventanilla.models import Salida
from ventanilla.views.verificar import POR_DIRECCION

BUSCAR = "/verificar/"


@pytest.fixture
def casa(db):
    return crear_casa_en_linea()


@pytest.fixture
def certificado(casa):
    return certificar(casa, solicitar(crear_en_linea(casa)))


def alterar(salida: Salida, **campos) -> None:
    """As only whoever owns the server could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Salida.objects.filter(pk=salida.pk).update(**campos)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_certificate_in_force_is_told_to_anybody_with_everything_masked(client, certificado):
    respuesta = client.get(certificado.get_absolute_url())

    pagina = respuesta.text
    assert respuesta.status_code == 200
    assert "Es auténtico y está vigente." in pagina and "No tiene fecha de vencimiento" in pagina
    for dato in (certificado.numero, certificado.titulo, certificado.firma, certificado.huella):
        assert dato in pagina
    assert "A*** R*** P***" in pagina and "CC …456" in pagina
    for secreto in ("Ana Rojas", "1090123456", "ana.rojas", "Calle 3", "estrato 2", "3001234567"):
        assert secreto not in pagina


@pytest.mark.parametrize("escribir", [str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " ")])
def test_the_code_may_be_typed_anyhow(client, certificado, escribir):
    codigo = escribir(certificado.codigo)

    assert "Es auténtico" in client.get(BUSCAR, {"codigo": codigo}, follow=True).text
    assert "Es auténtico" in client.get(f"/verificar/{codigo}/").text


def test_one_that_expired_says_when(client, casa, certificado):
    ayer = timezone.localdate() - timedelta(days=1)
    alterar(certificado, vigente_hasta=ayer, huella="")
    from ventanilla.salidas import huella_de_salida

    alterar(certificado, huella=huella_de_salida(Salida.objects.get(pk=certificado.pk)))

    assert "Es auténtico, pero ya venció el" in client.get(certificado.get_absolute_url()).text


def test_one_annulled_says_when_and_why(client, casa, certificado):
    anular(certificado, motivo="El predio era otro.", por=casa.jefe)

    pagina = client.get(certificado.get_absolute_url()).text

    assert "No es válido: se anuló el" in pagina and "El predio era otro." in pagina
    assert "Es auténtico" not in pagina


def test_one_that_somebody_touched_is_not_confirmed(client, certificado, caplog):
    alterar(certificado, titulo="Título de propiedad")

    assert "No podemos confirmar este documento" in client.get(certificado.get_absolute_url()).text
    assert certificado.numero in caplog.text


def test_an_answer_is_authentic_and_a_reserved_one_does_not_say_of_whom(client, db):
    casa = crear_casa_de_ventanilla()
    for clase, dice in (("peticion-de-interes-general", True), ("denuncia", False)):
        salida = llevar(casa, radicar(clase), "respondido").salidas.get()

        pagina = client.get(salida.get_absolute_url()).text

        assert "Es auténtico.</strong>" in pagina and "está vigente" not in pagina
        assert ("A*** R***" in pagina) is dice


# --- Codes that are of nothing -------------------------------------------------------------------
def test_unknown_and_impossible_codes_look_the_same(client, casa):
    paginas = set()
    for codigo in ("BCDF-2345-GHJK-6789", "x", "ñ" * 30, "9" * 300, "a%00b", "..", "' OR 1=1 --"):
        respuesta = client.get(f"/verificar/{codigo}/")
        assert respuesta.status_code == 404
        assert "No existe un documento con ese código: puede ser falso." in respuesta.text
        paginas.add(respuesta.headers["X-Robots-Tag"])
    assert paginas == {"noindex, nofollow"}
    for codigo in ("¡¡", "BCDF"):
        respuesta = client.get(BUSCAR, {"codigo": codigo}, follow=True)
        assert respuesta.status_code == 404 and "puede ser falso" in respuesta.text


def test_an_empty_code_is_told_beside_the_field(client, casa):
    for codigo in ("", "  ", "B" * 41):
        respuesta = client.get(BUSCAR, {"codigo": codigo})
        assert respuesta.status_code == 422 and 'id="error_1_id_codigo"' in respuesta.text


def test_the_form_is_public_and_read_only(client, casa, certificado):
    assert client.get(BUSCAR).status_code == 200
    for ruta in (BUSCAR, certificado.get_absolute_url()):
        assert client.post(ruta).status_code == 405
        assert client.head(ruta).status_code == 200
        assert "no-store" in client.get(ruta).headers["Cache-Control"]


def test_wrong_codes_are_limited_by_address_and_right_ones_are_not(client, certificado, monkeypatch):
    monkeypatch.setitem(POR_DIRECCION, "maximo", 3)
    for _ in range(5):
        assert client.get(certificado.get_absolute_url()).status_code == 200
    for _ in range(3):
        assert client.get("/verificar/BCDF-2345-GHJK-6789/").status_code == 404

    respuesta = client.get("/verificar/BCDF-2345-GHJK-6789/")

    assert respuesta.status_code == 429 and "Espere 10 minutos" in respuesta.text
    assert "+57 607 000 0000" in respuesta.text
    assert client.get(certificado.get_absolute_url(), REMOTE_ADDR="10.9.8.7").status_code == 200


@pytest.mark.parametrize("otros", [0, 6])
def test_it_costs_the_same_however_many_documents(
    client, casa, certificado, django_assert_num_queries, otros
):
    formulario = certificado.radicado.formulario
    for _ in range(otros):
        certificar(casa, solicitar(formulario))
    client.get(certificado.get_absolute_url())

    with django_assert_num_queries(5):  # the edición, three of the limit, the document
        client.get(certificado.get_absolute_url())
