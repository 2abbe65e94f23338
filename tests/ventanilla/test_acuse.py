"""The receipt: what it says, when it shows the code, and that it is one sheet."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from portal.models import Correo
from portal.pdf import hay_pdf
from tests.builders import crear_municipio, en_fecha
from tests.tramites.builders import sin_disparadores
from tests.ventanilla.recorrer import (
    DATOS,
    PETICION,
    empezar_con_nombre,
    html_valido,
    radicar_sin_nombre,
    ruta,
)
from ventanilla.codigos import codigo_de_seguimiento
from ventanilla.models import Borrador, ClaseDeRadicado, Radicado

necesita_pdf = pytest.mark.skipif("not hay_pdf()", reason="no Pango")


def acuse(secreto: str, nombre: str = "acuse") -> str:
    return reverse(f"ventanilla:{nombre}", args=[secreto])


def radicar_con_nombre(client, **campos) -> str:
    secreto = empezar_con_nombre(client)
    client.post(ruta(secreto, "que-pide"), PETICION)
    client.post(ruta(secreto, "sus-datos"), DATOS | campos)
    assert client.post(ruta(secreto, "revisar")).status_code == 302
    return secreto


def texto_del_pdf(respuesta) -> tuple[int, str]:
    paginas = PdfReader(BytesIO(respuesta.content)).pages
    return len(paginas), " ".join(" ".join(pagina.extract_text() for pagina in paginas).split())


def test_it_says_everything_in_words(client, ventanilla):
    with time_machine.travel(en_fecha("2026-07-01"), tick=False):
        secreto = radicar_con_nombre(client)
        pagina = client.get(acuse(secreto))

    html_valido(pagina)
    for dicho in (
        "2026-000001-E",
        "1 de julio de 2026",
        "Luces del parque",
        "viernes 24 de julio de 2026",
        "15 días hábiles desde el 2 de julio",
        "Ley 1437 de 2011 art. 14",
        "leída en fuente oficial",
        "Ana Rojas Peña",
        "ana.rojas@ejemplo.co",
        codigo_de_seguimiento(Radicado.objects.get().clave),
        "http://testserver/radicados/consulta/",
        "607 000 0000",
    ):
        assert dicho in pagina.text, dicho
    assert "no-store" in pagina.headers["Cache-Control"]


def test_an_inferred_term_is_not_shown_as_law(client, ventanilla):
    ClaseDeRadicado.objects.update(firmeza="inferida")

    pagina = client.get(acuse(radicar_con_nombre(client))).text

    for texto in (pagina, Correo.objects.get().texto):
        assert "el plazo que usa esta" in texto or "el que usa esta" in texto
        assert "mientras se confirma la norma" in texto and "Ley 1437" not in texto


def test_the_qr_leads_to_the_query_without_the_code(client, ventanilla):
    secreto = radicar_con_nombre(client)
    pagina = client.get(acuse(secreto))

    qr = pagina.context["qr"]
    assert "Código QR de http://testserver/radicados/consulta/" in qr and "style=" not in qr
    assert pagina.context["codigo"] not in qr and secreto not in qr
    assert secreto not in pagina.text.partition('<article class="acuse">')[2].partition("</article>")[0]


def test_without_name_the_code_is_shown_until_it_was_kept(client, ventanilla):
    secreto = radicar_sin_nombre(client)
    pagina = client.get(acuse(secreto))
    codigo = pagina.context["codigo"]
    assert codigo in pagina.text and "Ya guardé mi código" in pagina.text
    assert codigo in client.get(acuse(secreto)).text  # as many times as it takes

    assert client.post(acuse(secreto)).url == acuse(secreto)

    pagina = client.get(acuse(secreto))
    assert codigo not in pagina.text and "Usted ya lo guardó." in pagina.text
    html_valido(pagina)
    primera = Borrador.objects.get().codigo_guardado_en
    client.post(acuse(secreto))
    assert Borrador.objects.get().codigo_guardado_en == primera


def test_with_name_the_code_stays(client, ventanilla):
    secreto = radicar_con_nombre(client)
    client.post(acuse(secreto))

    assert client.get(acuse(secreto)).context["codigo"]


def test_with_another_key_it_says_nothing_rather_than_a_wrong_code(client, ventanilla, settings):
    secreto = radicar_sin_nombre(client)
    settings.SECRET_KEY = "otra-clave"

    pagina = client.get(acuse(secreto))

    assert pagina.context["codigo"] == "" and "ya no se puede mostrar aquí" in pagina.text


def test_other_methods_are_refused(client, ventanilla):
    secreto = radicar_sin_nombre(client)

    assert client.put(acuse(secreto)).status_code == 405
    assert client.post(acuse(secreto, "acuse_pdf")).status_code == 405


@necesita_pdf
def test_the_pdf_says_the_same_on_one_sheet(client, ventanilla):
    secreto = radicar_con_nombre(client)

    respuesta = client.get(acuse(secreto, "acuse_pdf"))

    paginas, texto = texto_del_pdf(respuesta)
    radicado = Radicado.objects.get()
    assert paginas == 1 and respuesta.headers["Content-Type"] == "application/pdf"
    assert radicado.numero in texto and codigo_de_seguimiento(radicado.clave) in texto
    assert "no-store" in respuesta.headers["Cache-Control"]


@necesita_pdf
def test_once_the_code_was_kept_the_pdf_does_not_show_it(client, ventanilla):
    secreto = radicar_sin_nombre(client)
    codigo = client.get(acuse(secreto)).context["codigo"]
    client.post(acuse(secreto))

    assert codigo not in texto_del_pdf(client.get(acuse(secreto, "acuse_pdf")))[1]


@necesita_pdf
def test_the_longest_one_fits_one_sheet(client, ventanilla):
    crear_municipio(nombre_entidad="Alcaldía " * 22, direccion="Carrera " * 25, horario="Lunes, " * 28)
    ClaseDeRadicado.objects.update(nombre="Denuncia " * 13, base_legal="Norma de 2011 " * 17)
    secreto = empezar_con_nombre(client)
    client.post(ruta(secreto, "que-pide"), {"asunto": "W" * 200, "texto": "Pido " * 2000})
    lejos = {"respuesta": "direccion", "direccion": "Kilómetro " * 14}
    assert client.post(ruta(secreto, "sus-datos"), DATOS | lejos | {"nombre": "Maximiliana " * 12}).url
    client.post(ruta(secreto, "revisar"))
    with sin_disparadores() as cursor:
        cursor.execute("UPDATE ventanilla_termino SET explicacion = %s", ["no se cuentan " * 71])

    paginas, texto = texto_del_pdf(client.get(acuse(secreto, "acuse_pdf")))

    assert paginas == 1 and Radicado.objects.get().numero in texto and "Maximiliana" in texto


def test_where_no_pdf_can_be_drawn_it_is_the_page(client, ventanilla, monkeypatch):
    monkeypatch.setattr("ventanilla.views.radicar.hay_pdf", lambda: False)
    secreto = radicar_sin_nombre(client)

    assert client.get(acuse(secreto, "acuse_pdf")).url == acuse(secreto)
    assert "Descargar en PDF" not in client.get(acuse(secreto)).text


def test_after_fifteen_days_it_is_gone(client, ventanilla):
    secreto = radicar_sin_nombre(client)
    with time_machine.travel(timezone.now() + timedelta(days=15, minutes=1)):
        assert client.get(acuse(secreto)).status_code == 410
        assert client.get(acuse(secreto, "acuse_pdf")).status_code == 410


def test_the_pdf_can_be_drawn_here():
    """So that the tests of the sheet are not left out where they run for real."""
    assert hay_pdf()
