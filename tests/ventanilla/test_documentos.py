"""The sheet of what the alcaldía issued: only for whoever follows it and whoever handles it."""

import io

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from portal.calendario import DiasHabiles
from portal.models import Municipio
from portal.pdf import hay_pdf
from tests.tramites.builders import crear_gente
from tests.ventanilla.builders import crear_anexo, llevar, radicar
from tests.ventanilla.builders_en_linea import certificar, crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla import subcasos
from ventanilla.certificados import anular
from ventanilla.codigos import codigo_de_seguimiento
from ventanilla.models import LecturaReservada, Radicado, Salida
from ventanilla.views import documentos

con_pdf = pytest.mark.skipif(not hay_pdf(), reason="sin Pango")


@pytest.fixture
def casa(db):
    return crear_casa_en_linea()


@pytest.fixture
def certificado(casa):
    return certificar(casa, solicitar(crear_en_linea(casa)))


def abrir_como_la_persona(client, radicado: Radicado) -> None:
    datos = {"numero": radicado.numero, "codigo": codigo_de_seguimiento(radicado.clave)}
    assert client.post("/radicados/consulta/", datos).status_code == 302


def rutas(salida: Salida) -> list[str]:
    return [f"/documentos/{salida.numero}/", f"/documentos/{salida.numero}.pdf"]


# --- Who reads it --------------------------------------------------------------------------------
def test_the_person_who_opened_the_radicado_reads_it_until_they_leave(client, certificado):
    for ruta in rutas(certificado):
        assert client.get(ruta).status_code == 404
    abrir_como_la_persona(client, certificado.radicado)

    respuesta = client.get(rutas(certificado)[0])

    assert respuesta.status_code == 200
    for dato in (
        "es de estrato 2.",
        "Ana Rojas Peña",
        certificado.numero,
        certificado.codigo,
        certificado.huella,
    ):
        assert dato in respuesta.text
    assert f"/verificar/{certificado.codigo}/" in respuesta.text and "<svg" in respuesta.text
    assert f'href="/radicados/{certificado.radicado.numero}/"' in respuesta.text
    assert "no-store" in respuesta.headers["Cache-Control"]
    assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
    client.post(f"/radicados/{certificado.radicado.numero}/salir/")
    assert client.get(rutas(certificado)[0]).status_code == 404


def test_whoever_opened_another_radicado_does_not(client, casa, certificado):
    abrir_como_la_persona(client, radicar())

    for ruta in rutas(certificado):
        assert client.get(ruta).status_code == 404


@pytest.mark.parametrize(
    "quien, entra",
    [
        *(("jefe", True), ("secretaria", True), ("radicadora", True)),
        *(("tesorero", False), ("suit", False), ("auxiliar", False), ("admin", False)),
    ],
)
def test_of_the_house_whoever_may_read_the_radicado(client, casa, certificado, quien, entra):
    client.force_login(getattr(casa, quien))

    respuesta = client.get(rutas(certificado)[0])

    assert respuesta.status_code == (200 if entra else 404)
    assert not entra or f'href="/panel/radicados/{certificado.radicado.numero}/"' in respuesta.text
    assert not LecturaReservada.objects.exists()


def test_who_left_or_is_inactive_reads_nothing(client, casa, certificado):
    gente = crear_gente(casa)
    for quien in ("vencida", "sin cargo"):
        client.force_login(gente[quien])
        assert client.get(rutas(certificado)[0]).status_code == 404


def test_reading_a_reserved_one_is_written_down_and_the_counter_does_not_read_it(client, casa):
    salida = llevar(casa, radicar("denuncia"), "respondido").salidas.get()
    client.force_login(casa.radicadora)
    assert client.get(rutas(salida)[0]).status_code == 404
    client.force_login(casa.jefe)

    assert client.get(rutas(salida)[0]).status_code == 200

    lectura = LecturaReservada.objects.get()
    assert (lectura.usuario, lectura.radicado) == (casa.jefe, salida.radicado)
    assert salida.numero in lectura.que


def test_who_answered_a_part_of_a_reserved_one_does_not_read_its_answer(client, casa):
    radicado = llevar(casa, radicar("denuncia"), "en_tramite")
    manana = DiasHabiles().sumar(timezone.localdate(), 1)
    subcaso = subcasos.pedir(
        radicado, dependencia=casa.hacienda, pregunta="¿Pagó?", vence=manana, por=casa.jefe
    )
    subcasos.responder(subcaso, respuesta="Sí.", por=casa.tesorero)
    salida = llevar(casa, radicado, "respondido").salidas.get()
    client.force_login(casa.tesorero)

    for ruta in rutas(salida):
        assert client.get(ruta).status_code == 404


@pytest.mark.parametrize("numero", ["2026-000001-E", "2020-000001-S", "2026-999999-S"])
def test_a_number_of_nothing_or_of_what_came_in_is_not_found(client, casa, certificado, numero):
    client.force_login(casa.secretaria)

    for ruta in (f"/documentos/{numero}/", f"/documentos/{numero}.pdf"):
        assert client.get(ruta).status_code == 404


def test_it_is_only_read(client, casa, certificado):
    client.force_login(casa.jefe)
    for ruta in rutas(certificado):
        assert client.post(ruta).status_code == 405


# --- What it says --------------------------------------------------------------------------------
def test_text_is_text(client, casa):
    salida = certificar(
        casa, solicitar(crear_en_linea(casa), respuestas={"direccion": "<b>Calle</b> 1", "uso": "Otro"})
    )
    client.force_login(casa.jefe)

    pagina = client.get(rutas(salida)[0]).text

    assert "&lt;b&gt;Calle&lt;/b&gt; 1" in pagina and "<b>Calle" not in pagina
    assert "</p>\n\n<p>Se expide" in pagina


def test_one_annulled_says_so_over_everything(client, casa, certificado):
    anular(certificado, motivo="El predio era otro.", por=casa.jefe)
    client.force_login(casa.jefe)

    pagina = client.get(rutas(certificado)[0]).text

    assert "ANULADO el" in pagina and "El predio era otro." in pagina


def test_an_answer_is_addressed_to_the_person_and_names_its_files(client, casa):
    radicado = llevar(casa, radicar(), "por_firmar")
    crear_anexo(nombre="plano.pdf", radicado=radicado, proyecto=radicado.proyecto, subido_por=casa.jefe)
    salida = llevar(casa, radicado, "respondido").salidas.get()
    client.force_login(casa.jefe)

    pagina = client.get(rutas(salida)[0]).text

    assert "Para: Ana Rojas Peña" in pagina and "Va con: plano.pdf." in pagina


@pytest.mark.parametrize("otros", [0, 5])
def test_it_costs_the_same_however_many_documents(
    client, casa, certificado, django_assert_num_queries, otros
):
    for _ in range(otros):
        certificar(casa, solicitar(certificado.radicado.formulario))
    client.force_login(casa.jefe)
    client.get(rutas(certificado)[0])

    with django_assert_num_queries(8):
        client.get(rutas(certificado)[0])


# --- The PDF -------------------------------------------------------------------------------------
@con_pdf
def test_the_pdf_of_a_certificate_is_one_tagged_page_with_its_text(client, casa, certificado):
    client.force_login(casa.jefe)

    respuesta = client.get(rutas(certificado)[1])

    assert respuesta.headers["Content-Type"] == "application/pdf"
    assert f'filename="{certificado.numero}.pdf"' in respuesta.headers["Content-Disposition"]
    assert "no-store" in respuesta.headers["Cache-Control"]
    pdf = PdfReader(io.BytesIO(respuesta.content))
    [hoja] = pdf.pages
    texto = " ".join(hoja.extract_text().split())
    for dato in ("es de estrato 2.", "Ana Rojas Peña", certificado.numero, certificado.codigo):
        assert dato in texto
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert certificado.titulo in pdf.metadata.title


@con_pdf
def test_it_carries_the_shield_that_the_municipality_uploaded(client, casa, certificado):
    imagen = io.BytesIO()
    Image.new("RGB", (44, 52), "navy").save(imagen, "WEBP")
    municipio = Municipio.objects.get()
    municipio.escudo.save("escudo.webp", ContentFile(imagen.getvalue()))
    client.force_login(casa.jefe)

    assert '<img src="/escudo/"' in client.get(rutas(certificado)[0]).text
    [hoja] = PdfReader(io.BytesIO(client.get(rutas(certificado)[1]).content)).pages
    assert len(hoja.images) == 1


@con_pdf
def test_a_certificate_with_much_to_say_still_fits_one_page(client, casa):
    formulario = crear_en_linea(casa)
    largo = "Vereda " + "La Esperanza de los Llanos " * 12
    salida = certificar(casa, solicitar(formulario, respuestas={"direccion": largo, "uso": "Otro"}))
    client.force_login(casa.jefe)

    assert len(PdfReader(io.BytesIO(client.get(rutas(salida)[1]).content)).pages) == 1


def test_where_it_cannot_be_drawn_the_page_says_so(client, casa, certificado, monkeypatch):
    monkeypatch.setattr(documentos, "hay_pdf", lambda: False)
    client.force_login(casa.jefe)

    respuesta = client.get(rutas(certificado)[1])

    assert respuesta.status_code == 404 and "no se puede descargar en PDF" in respuesta.text


# --- Annulling it --------------------------------------------------------------------------------
def test_the_head_annuls_it_from_its_page_with_a_reason_and_once(client, casa, certificado):
    anular_en = f"/documentos/{certificado.numero}/anular/"
    client.force_login(casa.jefe)
    assert f'href="{anular_en}"' in client.get(rutas(certificado)[0]).text
    assert client.get(anular_en).status_code == 200
    vacio = client.post(anular_en, {"motivo": " "})
    assert vacio.status_code == 422 and "Escriba por qué se anula." in vacio.text

    respuesta = client.post(anular_en, {"motivo": "El predio era otro."})

    assert respuesta.headers["Location"] == certificado.radicado.get_absolute_url()
    assert Salida.objects.get(pk=certificado.pk).anulada_razon == "El predio era otro."
    otra_vez = client.post(anular_en, {"motivo": "Otra razón."})
    assert otra_vez.status_code == 422 and "ya se anuló" in otra_vez.text and "Otra razón." in otra_vez.text
    assert anular_en not in client.get(rutas(certificado)[0]).text


@pytest.mark.parametrize(
    "quien, codigo",
    [("", 401), ("radicadora", 403), ("tesorero", 404), ("suit", 404), ("admin", 403)],
)
def test_nobody_else_annuls_it(client, casa, certificado, quien, codigo):
    if quien:
        client.force_login(getattr(casa, quien))

    respuesta = client.post(f"/documentos/{certificado.numero}/anular/", {"motivo": "No."})

    assert respuesta.status_code == codigo
    assert Salida.objects.get(pk=certificado.pk).anulada_en is None


def test_only_certificates_are_annulled(client, casa, certificado):
    client.force_login(casa.jefe)
    respuesta = certificado.radicado.salidas.get(clase="respuesta")

    assert client.post(f"/documentos/{respuesta.numero}/anular/", {"motivo": "No."}).status_code == 404
    assert client.put(f"/documentos/{certificado.numero}/anular/").status_code == 405
