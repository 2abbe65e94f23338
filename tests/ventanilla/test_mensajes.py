"""Two-way messages, also without name."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.models import Correo
from tests.portal.test_concurrencia import a_la_vez
from tests.ventanilla.builders import PDF, crear_casa_de_ventanilla, llevar, radicar
from tests.ventanilla.test_seguimiento import abrir, pagina_de, url_de  # noqa: F401
from ventanilla.codigos import codigo_de_seguimiento
from ventanilla.models import Anexo, Peticionario, Radicado
from ventanilla.services import enviar_mensaje
from ventanilla.views.seguimiento import MENSAJES


def mandar(navegador, radicado, **datos):
    return navegador.post(url_de(radicado, "mensaje"), {"texto": "¿Cuándo vienen?", "clave": uuid4()} | datos)


@pytest.mark.parametrize("persona", [None, "con nombre"])
def test_both_sides_write_and_read(abrir, ventanilla, persona):  # noqa: F811
    radicado = radicar("denuncia", **({"persona": None} if persona is None else {}))
    navegador = abrir(radicado)

    assert mandar(navegador, radicado).status_code == 302
    enviar_mensaje(radicado, clave=uuid4(), texto="¿En qué calle?", por=ventanilla.jefe)

    texto = navegador.get(pagina_de(radicado)).text
    assert "¿Cuándo vienen?" in texto and "¿En qué calle?" in texto
    assert [m.de_la_persona for m in radicado.mensajes.all()] == [True, False]


def test_nothing_of_who_writes_without_name_is_kept(abrir, ventanilla):  # noqa: F811
    radicado = radicar("denuncia", persona=None)
    mandar(abrir(radicado), radicado)

    assert not Peticionario.objects.exists() and not Correo.objects.exists()
    campos = {campo.name for campo in radicado.mensajes.get()._meta.concrete_fields}
    assert not {nombre for nombre in campos if "ip" in nombre.split("_") or "agente" in nombre}


def test_a_double_tap_is_one_message_with_its_file(abrir, ventanilla):  # noqa: F811
    radicado, clave = radicar(), uuid4()
    navegador = abrir(radicado)
    for _ in range(2):
        archivo = SimpleUploadedFile("foto.pdf", PDF)
        assert mandar(navegador, radicado, clave=clave, archivos=[archivo]).status_code == 302

    assert radicado.mensajes.get().anexos.get().nombre == "foto.pdf"


def test_the_file_of_a_message_of_the_office_is_for_the_person(abrir, ventanilla):  # noqa: F811
    radicado = radicar()
    mensaje = enviar_mensaje(radicado, clave=uuid4(), texto="Va el plano.", por=ventanilla.jefe)
    anexo = Anexo.objects.create(
        radicado=radicado,
        mensaje=mensaje,
        subido_por=ventanilla.jefe,
        nombre="plano.pdf",
        formato="PDF",
        archivo=SimpleUploadedFile("plano.pdf", PDF),
        tamano=len(PDF),
        sha256="0" * 64,
    )
    assert f"/anexos/{anexo.pk}/" in abrir(radicado).get(pagina_de(radicado)).text


def test_an_empty_one_or_a_bad_file_are_told_and_nothing_is_lost(abrir, ventanilla):  # noqa: F811
    radicado = radicar()
    navegador = abrir(radicado)
    assert mandar(navegador, radicado, texto="  ").status_code == 422
    malo = mandar(
        navegador, radicado, texto="Va la foto", archivos=[SimpleUploadedFile("foto.jpg", b"<script>")]
    )
    assert malo.status_code == 422 and "Va la foto" in malo.text
    assert not radicado.mensajes.exists() and not Anexo.objects.exists()


def test_a_key_that_is_not_ours_is_changed_for_another(abrir, ventanilla):  # noqa: F811
    radicado = radicar()
    respuesta = mandar(abrir(radicado), radicado, clave="no-es-una-clave")
    assert respuesta.status_code in {302, 422}
    if respuesta.status_code == 422:
        assert "¿Cuándo vienen?" in respuesta.text


def test_the_message_of_another_radicado_cannot_be_taken_by_its_key(abrir, ventanilla):  # noqa: F811
    ajeno = enviar_mensaje(radicar(), clave=uuid4(), texto="De otra persona")
    radicado = radicar()

    respuesta = mandar(
        abrir(radicado), radicado, clave=ajeno.clave, archivos=[SimpleUploadedFile("a.pdf", PDF)]
    )

    assert (
        respuesta.status_code == 302
        and "De otra persona" not in abrir(radicado).get(pagina_de(radicado)).text
    )
    assert not ajeno.anexos.exists() and radicado.mensajes.get().texto == "¿Cuándo vienen?"


def test_too_many_in_an_hour_wait(abrir, ventanilla):  # noqa: F811
    radicado = radicar()
    navegador = abrir(radicado)
    respuestas = {mandar(navegador, radicado).status_code for _ in range(MENSAJES["maximo"])}
    assert respuestas == {302}

    de_mas = mandar(navegador, radicado, texto="El último")

    assert de_mas.status_code == 422 and "Espere una hora" in de_mas.text and "El último" in de_mas.text


def test_an_annulled_one_takes_no_messages(abrir, ventanilla):  # noqa: F811
    from ventanilla.flujo import dar_paso

    radicado = dar_paso("pedir_anulacion", radicar(), por=ventanilla.radicadora, motivo="Repetido.")
    radicado = dar_paso("anular", radicado, por=ventanilla.secretaria)

    respuesta = mandar(abrir(radicado), radicado)

    assert respuesta.status_code == 422 and "ya no recibe mensajes" in respuesta.text
    assert Radicado.objects.get().mensajes.count() == 0


def test_the_page_of_a_message_has_no_personal_address(ventanilla):
    radicado = radicar()
    assert reverse("ventanilla:actuar", args=[radicado.numero, "mensaje"]) == (
        f"/radicados/{radicado.numero}/mensaje/"
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestDosToquesALaVez:
    def test_what_was_missing_is_sent_once_and_both_see_it_done(self, client):
        casa = crear_casa_de_ventanilla()
        radicado = llevar(casa, radicar(), "requiere_completar")
        datos = {"numero": radicado.numero, "codigo": codigo_de_seguimiento(radicado.clave)}
        client.post(reverse("ventanilla:consulta"), datos)

        def tocar(navegador, clave):
            datos = {"texto": "Calle 3.", "clave": clave, "archivos": [SimpleUploadedFile("a.pdf", PDF)]}
            return navegador.post(url_de(radicado, "completar"), datos).status_code

        assert dos_toques(client, tocar) == [302, 302]
        assert radicado.mensajes.get().anexos.count() == 1 and radicado.anexos.count() == 1

    def test_a_message_of_the_office_has_its_files_once(self, client):
        casa = crear_casa_de_ventanilla()
        radicado = llevar(casa, radicar(), "en_tramite")
        client.force_login(casa.jefe)

        def tocar(navegador, clave):
            datos = {"texto": "Va el plano.", "clave": clave, "archivos": [SimpleUploadedFile("a.pdf", PDF)]}
            return navegador.post(reverse("ventanilla:mensaje", args=[radicado.numero]), datos).status_code

        assert dos_toques(client, tocar) == [302, 302]
        assert radicado.mensajes.get().anexos.count() == 1 and radicado.anexos.count() == 1


def dos_toques(client, tocar) -> list[int]:
    """What each of two requests of one browser got, sent at the same moment."""
    clave = uuid4()

    def hacer(_i):
        navegador = Client()
        navegador.cookies = client.cookies
        return tocar(navegador, clave)

    return a_la_vez(2, hacer)
