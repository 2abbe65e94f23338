"""Filing for somebody at the counter, by telephone or from a letter."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.secretos import huella_del_secreto
from tests.ventanilla.builders import PDF, clase
from ventanilla.en_persona import secreto_de
from ventanilla.models import Anexo, Asiento, Borrador, Radicado

NUEVO = "/panel/radicados/nuevo/"


def datos(**otros):
    valores = {
        "clave": str(uuid4()),
        "medio": "ventanilla",
        "clase": clase("queja").pk,
        "asunto": "Luces del parque",
        "texto": "Dice que llevan un mes dañadas.",
        "tipo": "natural",
        "nombre": "Ana Rojas Peña",
        "documento_tipo": "CC",
        "documento": "1090123456",
        "en_nombre_de": "Luis Peña",
        "respuesta": "direccion",
        "direccion": "Calle 3 n.º 2-10",
        "consiente": "on",
    }
    return valores | otros


@pytest.fixture
def ventanilla_abierta(client, ventanilla):
    client.force_login(ventanilla.radicadora)
    return client


def test_it_is_filed_in_the_same_book_with_who_received_it(ventanilla_abierta, ventanilla):
    enviado = datos(medio="telefono")

    respuesta = ventanilla_abierta.post(NUEVO, enviado)
    radicado = Radicado.objects.get()
    assert radicado.medio == "telefono" and radicado.registrado_por == ventanilla.radicadora
    assert radicado.peticionario.en_nombre_de == "Luis Peña"
    assert radicado.consentimiento is not None and radicado.consentido_en is not None
    assert radicado.numero.endswith("-000001-E")
    assert radicado.actuaciones.get().por == ventanilla.radicadora
    secreto = respuesta.url.split("/")[2]
    assert respuesta.status_code == 302 and respuesta.url == f"/radicar/{secreto}/acuse/"
    assert radicado.borrador == Borrador.objects.get(secreto_sha256=huella_del_secreto(secreto))


def test_sent_twice_it_is_one_and_the_receipt_is_the_same(ventanilla_abierta):
    enviado = datos()

    primera, segunda = (ventanilla_abierta.post(NUEVO, enviado) for _vez in range(2))
    assert primera.url == segunda.url == f"/radicar/{secreto_de(Borrador.objects.get().clave)}/acuse/"
    assert Radicado.objects.count() == Asiento.objects.count() == 1


def test_without_name(ventanilla_abierta):
    ventanilla_abierta.post(NUEVO, datos(anonimo="on"))

    radicado = Radicado.objects.get()
    assert radicado.anonimo and not hasattr(radicado, "peticionario") and radicado.consentimiento is None


def test_files_that_arrived_stay_when_something_else_is_wrong(ventanilla_abierta):
    enviado = datos(asunto="")
    mal = ventanilla_abierta.post(NUEVO, enviado | {"archivos": [SimpleUploadedFile("carta.pdf", PDF)]})
    assert mal.status_code == 422 and "Ya llegaron: carta.pdf." in mal.text
    assert "Dice que llevan un mes dañadas." in mal.text and "Ana Rojas Peña" in mal.text

    ventanilla_abierta.post(
        NUEVO, enviado | {"asunto": "Luces", "archivos": [SimpleUploadedFile("carta.pdf", PDF)]}
    )
    assert Radicado.objects.get().anexos.get().nombre == "carta.pdf"
    assert Anexo.objects.filter(subido_por=None).count() == 1


@pytest.mark.parametrize(
    ("mal", "campo"),
    [
        ({"asunto": ""}, "asunto"),
        ({"texto": ""}, "texto"),
        ({"clase": ""}, "clase"),
        ({"medio": "web"}, "medio"),
        ({"nombre": ""}, "nombre"),
        ({"respuesta": "correo"}, "correo"),
        ({"direccion": ""}, "direccion"),
        ({"respuesta": "correo", "correo": "no es"}, "correo"),
        ({"clave": "x"}, "clave"),
        ({"nombre": "x" * 151}, "nombre"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(ventanilla_abierta, mal, campo):
    respuesta = ventanilla_abierta.post(NUEVO, datos(**mal))

    assert respuesta.status_code == 422
    assert respuesta.context["form"].errors[campo]
    assert not Radicado.objects.exists()


def test_a_kind_that_needs_a_name_says_so(ventanilla_abierta):
    enviado = datos(anonimo="on", clase=clase("peticion-entre-autoridades").pk)

    respuesta = ventanilla_abierta.post(NUEVO, enviado)
    assert respuesta.status_code == 422 and "se presenta con nombre" in respuesta.text


def test_a_hostile_file_is_refused_and_nothing_typed_is_lost(ventanilla_abierta):
    archivo = SimpleUploadedFile("carta.pdf", b"<script>alert(1)</script>")

    respuesta = ventanilla_abierta.post(NUEVO, datos(archivos=[archivo]))
    assert respuesta.status_code == 422 and respuesta.context["form"].errors["archivos"]
    assert "Dice que llevan un mes dañadas." in respuesta.text and not Anexo.objects.exists()


def test_the_key_of_another_clerk_opens_nothing(client, ventanilla):
    enviado = datos(asunto="")
    client.force_login(ventanilla.radicadora)
    client.post(NUEVO, enviado)

    client.force_login(ventanilla.secretaria)
    assert client.post(NUEVO, enviado | {"asunto": "Otra"}).status_code == 403
    assert not Radicado.objects.exists()


@pytest.mark.parametrize(
    ("quien", "codigo"),
    [("radicadora", 200), ("secretaria", 200), ("jefe", 403), ("auxiliar", 403), ("admin", 403)],
)
def test_only_whoever_attends_files_for_others(client, ventanilla, quien, codigo):
    assert client.get(NUEVO).status_code == 302

    client.force_login(getattr(ventanilla, quien))
    assert client.get(NUEVO).status_code == codigo
    assert client.put(NUEVO).status_code == 405
    assert client.post(NUEVO, datos()).status_code == (302 if codigo == 200 else 403)


def test_the_list_offers_it_to_whoever_attends(client, ventanilla):
    for quien, se_ofrece in {"radicadora": True, "jefe": False}.items():
        client.force_login(getattr(ventanilla, quien))
        assert (NUEVO in client.get("/panel/radicados/").text) is se_ofrece


def test_too_many_files_are_told_and_none_is_kept(ventanilla_abierta):
    archivos = [SimpleUploadedFile(f"{n}.pdf", PDF + bytes([n])) for n in range(11)]

    respuesta = ventanilla_abierta.post(NUEVO, datos(archivos=archivos))
    assert respuesta.status_code == 422 and "como máximo 10 archivos" in respuesta.text
    assert not Anexo.objects.exists() and not Radicado.objects.exists()
