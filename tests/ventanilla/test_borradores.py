"""Drafts: kept, gone on with on another device, taken in a file and filed once."""

import json
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import Correo
from tests.portal.test_concurrencia import a_la_vez
from tests.ventanilla.builders import PDF, crear_anexo, crear_casa_de_ventanilla
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea
from tests.ventanilla.recorrer import (
    DATOS,
    PETICION,
    borrador_de,
    empezar,
    empezar_con_nombre,
    html_valido,
    inicio,
    listo,
    radicar_sin_nombre,
    ruta,
)
from ventanilla import borradores, formularios, services
from ventanilla.models import Asiento, Borrador, ClaseDeRadicado, Radicado, TextoDeConsentimiento

CONTINUAR = "/radicar/continuar/"


def avance(client, secreto: str) -> bytes:
    return client.get(reverse("ventanilla:progreso", args=[secreto])).content


def abrir(client, contenido: bytes):
    return client.post(CONTINUAR, {"archivo": SimpleUploadedFile("avance.json", contenido)})


# --- The address ---------------------------------------------------------------------------------
class TestAddress:
    def test_another_device_goes_on_with_the_file_that_was_uploaded(self, client, ventanilla):
        secreto = listo(client)
        client.post(ruta(secreto, "anexos"), {"archivo": SimpleUploadedFile("foto.pdf", PDF)})

        otro = Client()

        assert otro.get(ruta(secreto)).url == ruta(secreto, "revisar")
        assert "foto.pdf" in otro.get(ruta(secreto, "revisar")).text

    def test_one_nobody_knows_is_not_found_and_says_so(self, client, ventanilla):
        for url in (ruta("nada"), ruta("nada", "que-pide"), reverse("ventanilla:acuse", args=["nada"])):
            pagina = client.get(url)
            assert pagina.status_code == 404 and "Ese enlace no lleva a ninguna solicitud" in pagina.text
            html_valido(pagina)

    def test_after_fifteen_days_it_is_gone(self, client, ventanilla):
        secreto = listo(client)
        with time_machine.travel(timezone.now() + timedelta(days=14, hours=23)):
            assert client.get(ruta(secreto, "revisar")).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(days=15, seconds=1)):
            for pagina in (client.get(ruta(secreto, "revisar")), client.post(ruta(secreto, "revisar"))):
                assert pagina.status_code == 410 and "El enlace venció" in pagina.text
                html_valido(pagina)
        assert not Radicado.objects.exists()

    def test_a_filed_one_always_leads_to_its_receipt(self, client, ventanilla):
        secreto = radicar_sin_nombre(client)
        acuse = reverse("ventanilla:acuse", args=[secreto])

        for pagina in (
            client.get(ruta(secreto)),
            client.get(ruta(secreto, "que-pide")),
            client.post(ruta(secreto, "que-pide"), PETICION | {"asunto": "Otro"}),
            client.post(ruta(secreto, "revisar")),
            client.get(reverse("ventanilla:progreso", args=[secreto])),
            client.post(reverse("ventanilla:quitar_anexo", args=[secreto, 1])),
        ):
            assert pagina.url == acuse
        assert Radicado.objects.get().asunto == PETICION["asunto"]
        with time_machine.travel(timezone.now() + timedelta(days=16)):
            assert client.get(acuse).status_code == 410

    def test_nothing_is_added_to_what_was_filed_from_any_door(self, client, ventanilla, settings):
        """Also when it was filed after its page was opened."""
        abierto = borrador_de(listo(client))
        borradores.radicar(abierto)

        for hacer in (
            lambda: borradores.guardar(abierto, "que-pide", {"asunto": "Otro"}),
            lambda: borradores.consentir(abierto, TextoDeConsentimiento.objects.get()),
            lambda: borradores.agregar_anexo(abierto, SimpleUploadedFile("a.pdf", PDF)),
            lambda: borradores.quitar_anexo(abierto, 1),
        ):
            with pytest.raises(borradores.YaRadicado):
                hacer()
        otra_vez = borradores.radicar(abierto)
        assert not otra_vez.ahora and otra_vez.radicado == Radicado.objects.get()
        assert not [a for a in settings.MEDIA_ROOT.rglob("*") if a.is_file()]

    def test_before_filing_there_is_no_receipt(self, client, ventanilla):
        secreto = listo(client)

        for nombre in ("acuse", "acuse_pdf"):
            assert client.get(reverse(f"ventanilla:{nombre}", args=[secreto])).url == ruta(secreto)


# --- By mail -------------------------------------------------------------------------------------
class TestByMail:
    def test_the_link_goes_to_whoever_asks_once(self, client, ventanilla, settings):
        secreto = empezar_con_nombre(client)
        for _vez in range(2):
            pagina = client.post(ruta(secreto), {"correo": "ana@ejemplo.co"})
            assert pagina.status_code == 200 and "ana@ejemplo.co" in pagina.text
            html_valido(pagina)

        correo = Correo.objects.get()
        assert correo.para == "ana@ejemplo.co"
        assert f"{settings.PORTAL_URL}{ruta(secreto)}" in correo.texto

    def test_a_wrong_address_is_said(self, client, ventanilla):
        pagina = client.post(ruta(empezar_con_nombre(client)), {"correo": "ana@"})

        assert pagina.status_code == 422 and "Escriba el correo completo" in pagina.text
        html_valido(pagina)
        assert not Correo.objects.exists()

    def test_it_is_not_a_way_to_fill_mailboxes(self, client, ventanilla):
        secreto = empezar_con_nombre(client)
        estados = [client.post(ruta(secreto), {"correo": f"a{n}@ejemplo.co"}).status_code for n in range(4)]

        assert estados == [200, 200, 200, 429] and Correo.objects.count() == 3

    def test_without_name_no_mailbox_is_asked_for(self, client, ventanilla):
        secreto = empezar(client)

        assert "Enviar el enlace" not in client.get(ruta(secreto, "que-pide")).text
        assert client.post(ruta(secreto), {"correo": "ana@ejemplo.co"}).status_code == 404
        assert not Correo.objects.exists()


# --- In a file -----------------------------------------------------------------------------------
class TestInAFile:
    def test_it_opens_a_copy_with_the_answers_and_not_the_files(self, client, ventanilla):
        secreto = empezar_con_nombre(client)
        client.post(ruta(secreto, "que-pide"), PETICION)
        client.post(ruta(secreto, "sus-datos"), DATOS)
        client.post(ruta(secreto, "anexos"), {"archivo": SimpleUploadedFile("foto.pdf", PDF)})
        respuesta = client.get(reverse("ventanilla:progreso", args=[secreto]))
        assert respuesta.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in respuesta.headers["Cache-Control"]

        despues = abrir(Client(), respuesta.content)

        nuevo = borrador_de(despues.url.split("/")[2])
        viejo = borrador_de(secreto)
        assert nuevo.pk != viejo.pk and nuevo.clave != viejo.clave and nuevo.datos == viejo.datos
        assert nuevo.consentimiento == viejo.consentimiento and nuevo.consentido_en == viejo.consentido_en
        assert not nuevo.anexos.exists()

    def test_of_a_tramite_it_keeps_its_form(self, client, db):
        casa = crear_casa_en_linea()
        formulario = crear_en_linea(casa)
        empezado = {"acepta": "on", "visto": inicio()["visto"]}
        url = f"/tramites/{formulario.tramite.slug}/solicitar/"
        secreto = client.post(url, empezado).url.split("/")[2]
        client.post(ruta(secreto, "preguntas-1"), {"direccion": "Calle 3", "uso": "Vivienda"})
        archivo = avance(client, secreto)
        nuevo = borrador_de(abrir(client, archivo).url.split("/")[2])
        assert nuevo.formulario == formulario and nuevo.tramite == formulario.tramite

        otro = formularios.preparar(formulario.tramite, por=casa.suit)
        formularios.poner_en_uso(otro, por=casa.suit)

        pagina = abrir(client, archivo)
        assert pagina.status_code == 422 and "El formulario cambió" in pagina.text
        assert borrador_de(secreto).formulario_id == formulario.pk  # the draft keeps the one it began with

    @pytest.mark.parametrize(
        "contenido",
        [
            *(b"", b"{}", b"[]", b"no", b"\xff\xfe", b'{"contenido": 3}', b'{"contenido": "a:b:c"}'),
            *(b"[" * 100_000, b'{"contenido": "%s"}' % (b"a" * 300_000)),
        ],
        ids=range(9),
    )
    def test_what_is_not_ours_is_refused_kindly(self, client, ventanilla, contenido):
        pagina = abrir(client, contenido)

        assert pagina.status_code == 422
        html_valido(pagina)
        assert not Borrador.objects.exists()

    def test_one_that_was_changed_is_refused(self, client, ventanilla):
        sobre = json.loads(avance(client, listo(client)))
        sobre["contenido"] = sobre["contenido"][:-2] + ("aa" if sobre["contenido"][-2:] != "aa" else "bb")

        pagina = abrir(client, json.dumps(sobre).encode())

        assert pagina.status_code == 422 and "o alguien lo cambió" in pagina.text

    def test_one_signed_for_another_thing_is_refused(self, client, ventanilla):
        sobre = {"contenido": signing.dumps({"version": 1}, salt="otra")}

        assert abrir(client, json.dumps(sobre).encode()).status_code == 422

    def test_an_old_one_is_refused(self, client, ventanilla):
        archivo = avance(client, listo(client))
        with time_machine.travel(timezone.now() + timedelta(days=16)):
            assert "más de 15 días" in abrir(client, archivo).text

    def test_one_of_another_version_is_refused(self, client, ventanilla, monkeypatch):
        archivo = avance(client, listo(client))
        monkeypatch.setattr(borradores, "VERSION_DEL_AVANCE", 2)

        assert "otra versión" in abrir(client, archivo).text

    def test_one_of_a_kind_that_is_no_longer_filed_is_refused(self, client, ventanilla):
        archivo = avance(client, listo(client))
        ClaseDeRadicado.objects.update(activa=False)

        assert abrir(client, archivo).status_code == 422

    def test_a_new_consent_is_asked_for_at_the_end(self, client, ventanilla):
        archivo = avance(client, empezar_con_nombre(client))
        TextoDeConsentimiento.objects.create(texto="Otro.")

        nuevo = borrador_de(abrir(client, archivo).url.split("/")[2])

        assert nuevo.consentimiento is None and nuevo.consentido_en is None


class TestContinue:
    def test_the_link_may_be_pasted(self, client, ventanilla):
        secreto = listo(client)
        html_valido(client.get(CONTINUAR))

        for enlace in (f"http://testserver{ruta(secreto)}", f"  {ruta(secreto, 'que-pide')}?volver=revisar"):
            assert client.post(CONTINUAR, {"enlace": enlace}).url == ruta(secreto)

    @pytest.mark.parametrize(
        ("datos", "error"),
        [
            ({}, "Pegue el enlace o elija el archivo."),
            ({"enlace": "http://testserver/radicar/nada/"}, "Ese enlace no lleva a ninguna solicitud"),
            ({"enlace": "hola"}, "Ese enlace no lleva a ninguna solicitud"),
            ({"enlace": "x" * 501}, "500"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, ventanilla, datos, error):
        pagina = client.post(CONTINUAR, datos)

        assert pagina.status_code == 422 and error in pagina.text
        html_valido(pagina)

    def test_an_old_link_says_so(self, client, ventanilla):
        enlace = ruta(listo(client))
        with time_machine.travel(timezone.now() + timedelta(days=16)):
            assert "ya venció" in client.post(CONTINUAR, {"enlace": enlace}).text


# --- Files and their limits ----------------------------------------------------------------------
class TestLimits:
    def test_ten_files_and_no_more(self, client, ventanilla, settings):
        secreto = listo(client)
        for n in range(services.ANEXOS_MAXIMOS):
            crear_anexo(borrador=borrador_de(secreto), contenido=PDF + str(n).encode())
        antes = {a for a in settings.MEDIA_ROOT.rglob("*") if a.is_file()}

        pagina = client.post(ruta(secreto, "anexos"), {"archivo": SimpleUploadedFile("uno.pdf", PDF)})

        assert pagina.status_code == 422 and "Ya hay 10 archivos" in pagina.text
        assert {a for a in settings.MEDIA_ROOT.rglob("*") if a.is_file()} == antes

    def test_forty_megabytes_and_no_more(self, client, ventanilla):
        secreto = listo(client)
        anexo = crear_anexo(borrador=borrador_de(secreto))
        type(anexo).objects.update(tamano=services.PESO_MAXIMO)

        pagina = client.post(ruta(secreto, "anexos"), {"archivo": SimpleUploadedFile("b.pdf", PDF + b"%2")})

        assert pagina.status_code == 422 and "más de 40 MB" in pagina.text

    def test_a_row_that_is_not_written_leaves_no_file(self, client, ventanilla, settings):
        borrador = borrador_de(listo(client))
        archivo = SimpleUploadedFile("a.pdf", PDF)

        with pytest.raises(Exception, match="too long"):
            borradores.agregar_anexo(borrador, archivo, requisito="x" * 61)

        assert not [a for a in settings.MEDIA_ROOT.rglob("*") if a.is_file()]


# --- At the same time ----------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestAtOnce:
    def test_six_taps_are_one_radicado_and_one_receipt(self, client):
        crear_casa_de_ventanilla()
        secreto = listo(client)

        respuestas = a_la_vez(6, lambda i: Client().post(ruta(secreto, "revisar")))

        assert {r.url for r in respuestas} == {reverse("ventanilla:acuse", args=[secreto])}
        assert Radicado.objects.count() == 1 and Asiento.objects.count() == 1
        recibos = [client.get(respuestas[0].url).context["codigo"] for _vez in range(2)]
        assert recibos[0] and recibos[0] == recibos[1]

    def test_two_devices_never_lose_what_the_other_wrote(self, client):
        crear_casa_de_ventanilla()
        secreto = empezar_con_nombre(client)
        pasos = [("que-pide", PETICION), ("sus-datos", DATOS)]

        a_la_vez(2, lambda i: Client().post(ruta(secreto, pasos[i][0]), pasos[i][1]))

        assert set(borrador_de(secreto).datos) == {"que-pide", "sus-datos"}

    def test_files_at_once_never_pass_the_limit(self, client):
        crear_casa_de_ventanilla()
        secreto = listo(client)
        for n in range(services.ANEXOS_MAXIMOS - 2):
            crear_anexo(borrador=borrador_de(secreto), contenido=PDF + str(n).encode())

        def subir(i):
            archivo = SimpleUploadedFile(f"{i}.pdf", PDF.replace(b"trailer", b"%%%d\ntrailer" % i))
            return Client().post(ruta(secreto, "anexos"), {"archivo": archivo}).status_code

        assert sorted(a_la_vez(4, subir)) == [302, 302, 422, 422]
        assert borrador_de(secreto).anexos.count() == services.ANEXOS_MAXIMOS

    def test_a_file_that_arrives_while_it_is_filed_is_in_or_is_refused(self, client):
        crear_casa_de_ventanilla()
        secreto = listo(client)
        salida = Barrier(2)

        def hacer(i):
            salida.wait(timeout=20)
            if i:
                return Client().post(ruta(secreto, "revisar")).status_code
            archivo = BytesIO(PDF)
            archivo.name = "a.pdf"
            return Client().post(ruta(secreto, "anexos"), {"archivo": archivo}).status_code

        assert a_la_vez(2, hacer) == [302, 302]
        assert not borrador_de(secreto).anexos.filter(radicado=None).exists()
