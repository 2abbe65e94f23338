"""Hostile files and names through the door that anybody may knock at: refused, or harmless once kept."""

import hashlib
import logging
import zlib

import pytest
from PIL import Image

from tests.portal.test_archivos import (
    EICAR,
    EXE,
    GIF,
    HTML,
    RECHAZADOS,
    SVG,
    comprimido,
    docx,
    flujo,
    imagen,
    jpeg_de_telefono,
    mpo,
    paquete_de_objetos,
    pdf,
    png_de,
)
from tests.ventanilla.recorrer import html_valido, listo, ruta
from ventanilla.models import Anexo

#: What is refused by its content, besides what `tests.portal.test_archivos` already knows.
HOSTILES = {
    "SVG that draws another page": b"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>",
    "SVG in a packet": zlib.compress(SVG),
    "HTML behind spaces": b" \n\t" + HTML,
    "MHTML": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + HTML,
    "script of the shell": b"#!/bin/sh\nrm -rf /\n",
    "ELF": b"\x7fELF\x02\x01\x01" + bytes(200),
    "PHP": b"<?php system($_GET['c']); ?>",
    "PHP behind the mark of a GIF": b"GIF89a<?php system('id'); ?>",
    "a shortcut of Windows": b"L\0\0\0\x01\x14\x02\0" + bytes(200),
    "RTF": rb"{\rtf1{\object\objocx}}",
    "PostScript": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n",
    "RAR": b"Rar!\x1a\x07\x00" + bytes(100),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
    "gzip": b"\x1f\x8b\x08" + bytes(100),
    "HEIC": b"\0\0\0\x18ftypheic" + bytes(100),
    "MP4": b"\0\0\0\x18ftypmp42" + bytes(100),
    "a PDF behind something else": b"MZ" + pdf(),
    "a PDF behind HTML": HTML + pdf(),
    "an empty ZIP": b"PK\x05\x06" + bytes(18),
    "EICAR within two ZIPs": comprimido(a_punto_zip=comprimido(eicar_punto_com=EICAR)),
    "a PDF with JavaScript spelled in numbers": pdf(b"<</S/#4a#61#76#61#53#63#72#69#70#74>>"),
    "a PDF with a file in a packet of objects": pdf(paquete_de_objetos(b"7 0 <</EmbeddedFile 8 0 R>>")),
}
#: What is kept, without what it hid.
NEUTRALIZADOS = {
    "PNG with HTML behind": (imagen() + HTML, b"script"),
    "PNG with PHP behind": (imagen() + b"<?php system('id');", b"php"),
    "JPEG with an EXE behind": (imagen("JPEG") + EXE, b"MZ\x90"),
    "JPEG with a ZIP behind": (imagen("JPEG") + comprimido(a="b"), b"PK\x03\x04"),
    "JPEG with a script in its comment": (imagen("JPEG", comment=b"<script>"), b"script"),
    "WebP with EICAR behind": (imagen("WEBP") + EICAR, b"EICAR"),
    "a photo that says where it was taken": (jpeg_de_telefono(), b"Exif"),
    "two photos in one": (mpo(), b"MPF"),
}
NOMBRES = {
    "up the tree": b"../../etc/passwd",
    "up the tree of Windows": rb"..\..\windows\system32\x.pdf",
    "absolute": b"/etc/cron.d/x.pdf",
    "a drive": rb"C:\autoexec.bat",
    "encoded up": b"%2e%2e%2fetc%2fpasswd.pdf",
    "hidden": b".htaccess",
    "two extensions": b"factura.pdf.exe",
    "program": b"factura.php",
    "a device of Windows": b"CON.pdf",
    "a stream of Windows": b"a.pdf::$DATA",
    "markup": b"<img src=x onerror=alert(1)>.pdf",
    "a quote and an attribute": b"a' onmouseover='alert(1).pdf",
    "order to the shell": b"; rm -rf / ;.pdf",
    "formula": b"=cmd|calc!A1.pdf",
    "template": b"{{ settings.SECRET_KEY }}.pdf",
    "written backwards": "factura\u202efdp.exe".encode(),
    "a mark of order of bytes": "\ufefffactura.pdf".encode(),
    "very long": b"a" * 700 + b".pdf",
    "long extension": b"a." + b"b" * 700,
    "only dots": b"....",
    "spaces": b"   ",
    "not UTF-8": b"\xff\xfe\xfa.pdf",
    "a bell": b"a\x07b.pdf",
    "letters of other scripts": "справка🙂.pdf".encode(),
}


def enviar(
    client, secreto: str, contenido: bytes, nombre: bytes = b"a.pdf", tipo: bytes = b"application/pdf"
):
    """One file, in a request written by hand: nobody corrects the name on the way."""
    borde = b"borde-de-prueba"
    cuerpo = b"\r\n".join(
        [
            b"--" + borde,
            b'Content-Disposition: form-data; name="archivo"; filename="' + nombre + b'"',
            b"Content-Type: " + tipo,
            b"",
            contenido,
            b"--" + borde + b"--",
            b"",
        ]
    )
    return client.post(
        ruta(secreto, "anexos"), cuerpo, content_type=f"multipart/form-data; boundary={borde.decode()}"
    )


def en_disco(settings) -> list:
    return [archivo for archivo in settings.MEDIA_ROOT.rglob("*") if archivo.is_file()]


@pytest.fixture
def secreto(client, ventanilla):
    return listo(client)


def comprobar_que_no_quedo(respuesta, settings) -> None:
    assert respuesta.status_code == 422
    html_valido(respuesta)
    assert not Anexo.objects.exists() and not en_disco(settings)


@pytest.mark.parametrize("caso", RECHAZADOS)
def test_known_ones_are_refused_and_nothing_is_left(client, secreto, settings, caso):
    hacer, nombre, _razon = RECHAZADOS[caso]

    comprobar_que_no_quedo(enviar(client, secreto, hacer(), nombre.encode()), settings)


@pytest.mark.parametrize("caso", HOSTILES)
@pytest.mark.parametrize("nombre", [b"oficio.pdf", b"foto.jpg", b"datos.csv"])
def test_more_are_refused_whatever_they_are_called(client, secreto, settings, caso, nombre):
    respuesta = enviar(client, secreto, HOSTILES[caso], nombre)

    if respuesta.status_code == 302:  # as CSV anything that is text is only text, and leaves as text
        [anexo] = Anexo.objects.all()
        assert nombre == b"datos.csv" and anexo.formato == "CSV"
        assert anexo.archivo.name.endswith(".csv") and caso not in {"HTML behind spaces", "PHP"}
    else:
        comprobar_que_no_quedo(respuesta, settings)


@pytest.mark.parametrize("caso", NEUTRALIZADOS)
def test_what_hides_in_an_image_is_gone(client, secreto, settings, caso):
    contenido, escondido = NEUTRALIZADOS[caso]
    assert escondido in contenido

    assert enviar(client, secreto, contenido, b"foto.jpg", b"text/html").status_code == 302

    [anexo], [archivo] = Anexo.objects.all(), en_disco(settings)
    guardado = archivo.read_bytes()
    assert escondido not in guardado
    assert hashlib.sha256(guardado).hexdigest() == anexo.sha256 and len(guardado) == anexo.tamano
    Image.open(archivo).verify()


@pytest.mark.parametrize("caso", NOMBRES)
def test_a_hostile_name_never_reaches_the_disk_nor_runs(client, secreto, settings, caso):
    respuesta = enviar(client, secreto, pdf(flujo(b"x")), NOMBRES[caso])

    assert respuesta.status_code in {302, 422}
    if respuesta.status_code == 422:  # Django found no name in it: no file came
        assert not en_disco(settings)
        return
    [anexo], [archivo] = Anexo.objects.all(), en_disco(settings)
    assert archivo.is_relative_to(settings.MEDIA_ROOT / "ventanilla")
    assert archivo.suffix == ".pdf" and len(archivo.stem) == 32 and archivo.stat().st_mode & 0o111 == 0
    assert len(anexo.nombre) <= 150 and anexo.nombre.endswith(".pdf")
    assert not set("/\\<>\"'&{}\r\n\x07\u202e\ufeff") & set(anexo.nombre)
    pagina = client.get(ruta(secreto, "anexos"))
    html_valido(pagina)
    assert anexo.nombre in pagina.text


def test_ten_megabytes_and_one_byte_are_refused_before_reading(client, secreto, settings):
    comprobar_que_no_quedo(enviar(client, secreto, pdf() + bytes(10 * 1024 * 1024)), settings)


def test_a_bomb_of_pixels_costs_nothing(client, secreto, settings):
    comprobar_que_no_quedo(enviar(client, secreto, png_de(30_000, 30_000), b"foto.png"), settings)


@pytest.mark.parametrize(
    "cuerpo",
    [
        b"",
        b"--borde",
        b"--borde\r\n\r\n",
        b"\x00" * 1000,
        b'--borde\r\nContent-Disposition: form-data; name="ar',
    ],
    ids=["nothing", "cut", "no header", "zeros", "cut header"],
)
def test_a_request_that_is_not_one_breaks_nothing(client, secreto, settings, cuerpo):
    respuesta = client.post(
        ruta(secreto, "anexos"), cuerpo, content_type="multipart/form-data; boundary=borde"
    )

    assert respuesta.status_code in {400, 422} and not en_disco(settings)


def test_a_field_that_is_not_a_file_is_not_one(client, secreto, settings):
    comprobar_que_no_quedo(client.post(ruta(secreto, "anexos"), {"archivo": "hola"}), settings)


def test_the_name_is_not_written_in_the_log(client, secreto, caplog):
    with caplog.at_level(logging.DEBUG):
        enviar(client, secreto, EXE, b"cedula-de-ana.pdf")
        enviar(client, secreto, GIF, b"cedula-de-ana.gif")
        enviar(client, secreto, docx(), b"cedula-de-ana.docx")

    assert "cedula-de-ana" not in caplog.text.replace("INSERT", "") or "INSERT" in caplog.text
    assert secreto not in caplog.text
