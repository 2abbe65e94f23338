"""Uploads: what is taken in, what is refused, and what is left of a hostile file once taken in."""

import hashlib
import io
import random
import re
import resource
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from portal import services
from portal.archivos import FORMATOS, nombre_visible, revisar
from portal.models import Adjunto
from tests.builders import crear_version

ADJUNTOS_DE_DEMOSTRACION = Path(__file__).parents[2] / "datos" / "demo" / "adjuntos"
DIEZ_MEGAS = 10 * 1024 * 1024
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SVG_CON_ENTIDAD = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
GIF = b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


# --- Files --------------------------------------------------------------------------------------
def pdf(*objetos: bytes) -> bytes:
    cuerpo = b"\n".join(
        b"%d 0 obj\n%s\nendobj" % (numero, objeto)
        for numero, objeto in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", *objetos), 1)
    )
    return b"%PDF-1.7\n" + cuerpo + b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def flujo(contenido: bytes, diccionario: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (diccionario, len(contenido), contenido)


def paquete_de_objetos(objetos: bytes) -> bytes:
    """As PDF 1.5 and later keep their objects: compressed together."""
    return flujo(zlib.compress(objetos), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")


def comprimido(metodo=zipfile.ZIP_DEFLATED, **entradas: bytes | str) -> bytes:
    """A ZIP; in the names of its entries `__` stands for `/` and `_punto_` for a dot."""
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w", metodo) as archivo:
        for nombre, contenido in entradas.items():
            ruta = nombre.replace("__", "/").replace("_punto_", ".")
            archivo.writestr(ruta, contenido)
    return salida.getvalue()


def docx(**entradas: bytes | str) -> bytes:
    return comprimido(word__document_punto_xml="<w:document/>", **entradas)


def xlsx(**entradas: bytes | str) -> bytes:
    return comprimido(xl__workbook_punto_xml="<workbook/>", **entradas)


def odf(formato: str, **entradas: bytes | str) -> bytes:
    return comprimido(mimetype=FORMATOS[formato][1], content_punto_xml="<x/>", **entradas)


def imagen(formato: str = "PNG", tamano=(30, 20), modo="RGB", color="red", **opciones) -> bytes:
    salida = io.BytesIO()
    Image.new(modo, tamano, color).save(salida, formato, **opciones)
    return salida.getvalue()


def trozo(tipo: bytes, datos: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(datos)) + tipo + datos + struct.pack(">I", zlib.crc32(tipo + datos))


def png_de(ancho: int, alto: int) -> bytes:
    """A valid black PNG of one bit per pixel, of any size, made without holding it in memory."""
    fila, compresor = bytes(1 + (ancho + 7) // 8), zlib.compressobj(9)
    datos = b"".join(compresor.compress(fila) for _ in range(alto)) + compresor.flush()
    cabeza = struct.pack(">IIBBBBB", ancho, alto, 1, 0, 0, 0, 0)
    firma = b"\x89PNG\r\n\x1a\n"
    return firma + trozo(b"IHDR", cabeza) + trozo(b"IDAT", datos) + trozo(b"IEND", b"")


def png_con(tipo: bytes, datos: bytes) -> bytes:
    """A small PNG with one more chunk before its pixels."""
    pequena = imagen()
    antes_de_idat = pequena.index(b"IDAT") - 4
    return pequena[:antes_de_idat] + trozo(tipo, datos) + pequena[antes_de_idat:]


def jpeg_de_telefono() -> bytes:
    """Taken with the phone on its side: red is up once upright, and it says where it was taken."""
    foto = Image.new("RGB", (400, 200), "blue")
    foto.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right to see it upright
    exif[0x010F] = "Marca del telefono"
    exif.get_ifd(0x8825).update({1: "N", 2: (8.0, 21.0, 30.0), 3: "W", 4: (72.0, 24.0, 0.0)})
    salida = io.BytesIO()
    foto.save(salida, "JPEG", exif=exif, quality=95)
    return salida.getvalue()


def mpo() -> bytes:
    """Two photos in one JPEG, as many phones write them."""
    salida = io.BytesIO()
    otra = Image.new("RGB", (30, 20), "blue")
    Image.new("RGB", (30, 20), "red").save(salida, "MPO", save_all=True, append_images=[otra])
    return salida.getvalue()


def zip_que_declara(tamano: int) -> bytes:
    """A DOCX of a few bytes whose directory says that it unpacks into `tamano`."""
    datos = bytearray(docx())
    directorio = datos.index(b"PK\x01\x02")
    datos[directorio + 24 : directorio + 28] = struct.pack("<I", tamano)
    return bytes(datos)


def zip_con_la_cola_danada() -> bytes:
    """The name of an entry says it is UTF-8 and is not."""
    datos = bytearray(docx(word__fondo_punto_xml="á"))
    directorio = datos.index(b"PK\x01\x02")
    datos[directorio + 8 : directorio + 10] = struct.pack("<H", 0x800)
    datos[directorio + 46] = 0xFF
    return bytes(datos)


def odt_con_mimetype_ilegible() -> bytes:
    """Its first entry is not the deflate stream it says it is."""
    datos = bytearray(odf("ODT"))
    datos[38:44] = b"\xff" * 6
    return bytes(datos)


def subir(contenido: bytes, nombre: str = "archivo.pdf", **opciones):
    return revisar(SimpleUploadedFile(nombre, contenido, **opciones))


# --- What we take -------------------------------------------------------------------------------
ACEPTADOS = {
    "PDF": lambda: pdf(),
    "ODT": lambda: odf("ODT"),
    "ODS": lambda: odf("ODS"),
    "DOCX": lambda: docx(),
    "XLSX": lambda: xlsx(),
    "CSV": lambda: "año;valor\n2026;1.000\n".encode(),
    "JPG": lambda: imagen("JPEG"),
    "PNG": lambda: imagen("PNG"),
    "WebP": lambda: imagen("WEBP"),
}


@pytest.mark.parametrize("formato", ACEPTADOS)
def test_every_accepted_type_is_known_by_its_content(formato):
    extension = FORMATOS[formato][0]
    nombre = "datos.csv" if formato == "CSV" else "sin-extension"

    revisado = subir(ACEPTADOS[formato](), nombre)

    assert revisado.formato == formato
    assert revisado.nombre.endswith(f".{extension}")
    assert revisado.a_guardar().name == f"archivo.{extension}"


@pytest.mark.parametrize("formato", ACEPTADOS)
@pytest.mark.parametrize("declarado", ["text/html", "application/x-msdownload", ""])
def test_what_the_browser_declares_is_ignored(formato, declarado):
    nombre = "datos.csv" if formato == "CSV" else "malo.html"

    revisado = subir(ACEPTADOS[formato](), nombre, content_type=declarado)

    assert revisado.formato == formato


@pytest.mark.parametrize(
    "archivo",
    sorted(p for p in ADJUNTOS_DE_DEMOSTRACION.glob("*") if p.is_file()),
    ids=lambda archivo: archivo.name,
)
def test_files_made_by_real_programs_are_taken(archivo):
    revisado = subir(archivo.read_bytes(), archivo.name)

    assert FORMATOS[revisado.formato][0] == archivo.suffix[1:]


def test_the_limit_itself_is_taken():
    relleno = flujo(bytes(DIEZ_MEGAS - len(pdf(flujo(b""))) - 7))

    contenido = pdf(relleno)

    assert len(contenido) == DIEZ_MEGAS
    assert subir(contenido).formato == "PDF"


# --- What we refuse -----------------------------------------------------------------------------
NO_ES = "no es lo que su nombre dice"
RECHAZADOS = {
    "nothing at all": (lambda: b"", "foto.png", "vacío"),
    "a CSV with only its byte order mark": (lambda: b"\xef\xbb\xbf\r\n", "datos.csv", "vacío"),
    "one byte over the limit": (lambda: pdf() + bytes(DIEZ_MEGAS), "a.pdf", "10 MB"),
    "EXE as PDF": (lambda: EXE, "factura.pdf", NO_ES),
    "EXE as PNG": (lambda: EXE, "foto.png", NO_ES),
    "EXE as DOCX": (lambda: EXE, "carta.docx", NO_ES),
    "EXE as CSV": (lambda: EXE, "datos.csv", "no es un CSV|no se pueden leer"),
    "HTML as PDF": (lambda: HTML, "pagina.pdf", NO_ES),
    "HTML as JPG": (lambda: HTML, "pagina.jpg", NO_ES),
    "HTML as CSV": (lambda: HTML, "pagina.csv", "no es un CSV"),
    "HTML without doctype as CSV": (lambda: b"\n <body onload=alert(1)>", "a.csv", "no es un CSV"),
    "HTML behind a comment as CSV": (lambda: b"<!-- a,b --><script>", "a.csv", "no es un CSV"),
    "an image tag as CSV": (lambda: b"<img src=x onerror=alert(1)>", "a.csv", "no es un CSV"),
    "XML as CSV": (lambda: b"\xef\xbb\xbf<?xml version='1.0'?>", "a.csv", "no es un CSV"),
    "SVG": (lambda: SVG, "mapa.svg", NO_ES),
    "SVG as PNG": (lambda: SVG, "mapa.png", NO_ES),
    "SVG as CSV": (lambda: SVG, "mapa.csv", "no es un CSV"),
    "SVG with an external entity": (lambda: SVG_CON_ENTIDAD, "mapa.csv", "no es un CSV"),
    "GIF": (lambda: GIF, "animado.gif", NO_ES),
    "GIF as PNG": (lambda: GIF, "animado.png", NO_ES),
    "GIF that is also JavaScript": (lambda: b"GIF89a=1;alert(1)", "animado.jpg", NO_ES),
    "TIFF": (lambda: imagen("TIFF"), "plano.jpg", NO_ES),
    "BMP": (lambda: imagen("BMP"), "plano.bmp", NO_ES),
    "old Word": (lambda: OLE, "carta.doc", NO_ES),
    "old Excel as CSV": (lambda: OLE, "hoja.csv", "no es un CSV|no se pueden leer"),
    "UTF-16 as CSV": (lambda: "a;b\n1;2\n".encode("utf-16"), "datos.csv", "no es un CSV"),
    "CSV with a null": (lambda: b"a,b\n1,\x00\n", "datos.csv", "no es un CSV"),
    "CSV in no known encoding": (lambda: b"a,b\n\x81\x8d,1\n", "datos.csv", "no se pueden leer"),
    "EICAR": (lambda: EICAR, "prueba.com", NO_ES),
    "a CSV called otherwise": (lambda: b"a,b\n1,2\n", "datos.txt", NO_ES),
    "a PDF cut short": (lambda: pdf(flujo(b"x" * 5000))[:2000], "a.pdf", "incompleto"),
    "a PDF that is only its beginning": (lambda: b"%PDF-", "a.pdf", "incompleto"),
    "a PDF with password": (lambda: pdf(b"<</Encrypt 5 0 R>>"), "a.pdf", "contraseña"),
    "a PDF with JavaScript": (
        lambda: pdf(b"<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"),
        "a.pdf",
        "código",
    ),
    "a PDF with JavaScript apart": (lambda: pdf(b"<</JS 7 0 R>>"), "a.pdf", "código"),
    "a PDF with JavaScript in hexadecimal": (lambda: pdf(b"<</JS <6170>>>"), "a.pdf", "código"),
    "a PDF with a disguised name": (lambda: pdf(b"<</S/J#61vaScript>>"), "a.pdf", "código"),
    "a PDF with JavaScript in a compressed packet": (
        lambda: pdf(paquete_de_objetos(b"7 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")),
        "a.pdf",
        "código",
    ),
    "a PDF that starts a program": (lambda: pdf(b"<</S/Launch/F(cmd.exe)>>"), "a.pdf", "código"),
    "a PDF with another file inside": (
        lambda: pdf(b"<</Type/Filespec/EF<</F 5 0 R>>>>", flujo(EXE, b"/Type/EmbeddedFile")),
        "a.pdf",
        "otros archivos dentro",
    ),
    "a PDF with a list of files inside": (lambda: pdf(b"<</EmbeddedFiles 5 0 R>>"), "a.pdf", "dentro"),
    "a PDF that sends what is typed": (lambda: pdf(b"<</S/SubmitForm/F(http://x)>>"), "a.pdf", "código"),
    "a PDF that opens a file it carries": (lambda: pdf(b"<</S/GoToE/F(x.pdf)>>"), "a.pdf", "código"),
    "a PDF with a film": (lambda: pdf(b"<</Subtype/RichMedia>>"), "a.pdf", "código"),
    "a PDF with a form of Adobe": (lambda: pdf(b"<</AcroForm<</XFA 7 0 R>>>>"), "a.pdf", "código"),
    "a PDF that unpacks without end": (
        lambda: pdf(paquete_de_objetos(bytes(40_000_000)), *[paquete_de_objetos(bytes(40_000_000))] * 2),
        "a.pdf",
        "demasiado grande",
    ),
    "ZIP": (lambda: comprimido(hola_punto_txt="hola"), "fotos.zip", "comprimidos"),
    "ZIP as PDF": (lambda: comprimido(hola_punto_txt="hola"), "fotos.pdf", "comprimidos"),
    "ZIP with EICAR": (lambda: comprimido(eicar_punto_com=EICAR), "a.docx", "comprimidos"),
    "ZIP within a ZIP": (lambda: comprimido(a_punto_zip=comprimido(b="b")), "a.zip", "comprimidos"),
    "JAR": (lambda: comprimido(**{"META-INF__MANIFEST_punto_MF": ""}), "a.docx", "comprimidos"),
    "almost a DOCX": (lambda: comprimido(word__otro_punto_xml=""), "a.docx", "comprimidos"),
    "PowerPoint": (lambda: comprimido(ppt__presentation_punto_xml=""), "a.docx", "comprimidos"),
    "a drawing of LibreOffice": (
        lambda: comprimido(mimetype="application/vnd.oasis.opendocument.graphics"),
        "a.odt",
        "comprimidos",
    ),
    "a ZIP that declares too much": (lambda: zip_que_declara(2**31), "a.docx", "demasiado grande"),
    "a ZIP that unpacks into too much": (
        lambda: docx(word__relleno_punto_xml=bytes(101 * 1024 * 1024)),
        "a.docx",
        "demasiado grande",
    ),
    "a ZIP of too many files": (
        lambda: docx(**{f"word__{n}": "" for n in range(2000)}),
        "a.docx",
        "demasiado grande",
    ),
    "DOCX with macros": (lambda: docx(word__vbaProject_punto_bin=OLE), "a.docx", "macros"),
    "DOCM renamed": (lambda: docx(word__VBAPROJECT_punto_BIN=OLE), "oficio.docx", "macros"),
    "DOCX with ActiveX": (lambda: docx(word__activeX__activeX1_punto_bin=OLE), "a.docx", "macros"),
    "XLSM renamed": (lambda: xlsx(xl__vbaProject_punto_bin=OLE), "a.xlsx", "macros"),
    "ODT with macros": (
        lambda: odf("ODT", Basic__Standard__Module1_punto_xml="<script:module/>"),
        "a.odt",
        "macros",
    ),
    "ODS with scripts": (lambda: odf("ODS", Scripts__python__a_punto_py="1"), "a.ods", "macros"),
    "a ZIP cut short": (lambda: docx()[:-30], "a.docx", "dañado"),
    "a ZIP that is only its beginning": (lambda: b"PK\x03\x04", "a.docx", "dañado"),
    "a ZIP with an unreadable name": (lambda: zip_con_la_cola_danada(), "a.docx", "dañado"),
    "a ZIP with an unreadable entry": (lambda: odt_con_mimetype_ilegible(), "a.odt", "dañado"),
    "a PNG cut short": (lambda: png_de(900, 900)[:-60], "a.png", "dañada"),
    "a PNG without pixels": (lambda: imagen()[:33], "a.png", "dañada"),
    "a PNG of no size": (lambda: png_de(0, 0), "a.png", "dañada"),
    "a PNG of 51 megapixels": (lambda: png_de(7500, 6900), "a.png", "50 megapíxeles"),
    "a PNG of 100 megapixels": (lambda: png_de(10_000, 10_000), "a.png", "50 megapíxeles"),
    "a PNG with a text that unpacks without end": (
        lambda: png_con(b"zTXt", b"k\0\0" + zlib.compress(bytes(70_000_000))),
        "a.png",
        "dañada",
    ),
    "a PNG with a profile that unpacks without end": (
        lambda: png_con(b"iCCP", b"k\0\0" + zlib.compress(bytes(70_000_000))),
        "a.png",
        "dañada",
    ),
    "a JPEG that is only its beginning": (lambda: b"\xff\xd8\xff\xe0", "a.jpg", "dañada"),
    "a JPEG cut short": (lambda: imagen("JPEG", (900, 900))[:-900], "a.jpg", "dañada"),
    "a WebP that is only its beginning": (lambda: b"RIFF\x04\0\0\0WEBP", "a.webp", "dañada"),
    "a sound that says it is WebP": (lambda: b"RIFF\x04\0\0\0WAVE", "a.webp", NO_ES),
}


@pytest.mark.parametrize("caso", RECHAZADOS)
def test_refused_with_a_reason_people_understand(caso):
    hacer, nombre, razon = RECHAZADOS[caso]

    with pytest.raises(ValidationError, match=razon):
        subir(hacer(), nombre)


def test_a_huge_image_in_a_small_file_costs_nothing():
    bomba = png_de(30_000, 30_000)
    memoria, reloj = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()

    with pytest.raises(ValidationError, match="50 megapíxeles"):
        subir(bomba, "bomba.png")

    assert len(bomba) < 200_000
    assert time.perf_counter() - reloj < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memoria < 20_000  # kB


@pytest.mark.parametrize("formato", [f for f in ACEPTADOS if f != "CSV"])
@settings(max_examples=80, deadline=None)
@given(semilla=st.integers(0, 2**32))
def test_a_damaged_file_is_taken_or_refused_but_never_breaks(formato, semilla):
    azar = random.Random(semilla)
    datos = bytearray(ACEPTADOS[formato]())
    for _ in range(azar.randint(1, 6)):
        datos[azar.randrange(8, len(datos))] = azar.randrange(256)

    try:
        assert subir(bytes(datos[: azar.randint(9, len(datos))])).formato
    except ValidationError as rechazo:
        assert rechazo.messages[0].endswith(".")


# --- PDF ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "inocente",
    [
        pdf(b"<</OpenAction[3 0 R/XYZ null null 0]>>"),
        pdf(flujo(b"\x9c\x01/JS\x8f\x02\xff", b"/Filter/FlateDecode")),
        pdf(flujo(b"\x9c\x01/JS \xff", b"/Filter/FlateDecode")),
        pdf(b"<</Title(El uso de JS)/BaseFont/JSans>>"),
        pdf(paquete_de_objetos(b"7 0 <</Type/Font/BaseFont/Helvetica>>")),
        pdf(flujo(b"esto no es deflate", b"/Type/ObjStm/Filter/FlateDecode")),
    ],
    ids=["opens on page one", "JS by chance", "JS and a space by chance", "words", "objects", "broken"],
)
def test_an_honest_pdf_is_not_taken_for_a_hostile_one(inocente):
    assert subir(inocente).contenido == inocente


# --- Images -------------------------------------------------------------------------------------
@pytest.mark.parametrize("formato, pillow", [("PNG", "PNG"), ("JPG", "JPEG"), ("WebP", "WEBP")])
def test_what_hides_behind_an_image_is_gone(formato, pillow):
    original = imagen(pillow)

    revisado = subir(original + HTML + EICAR, "foto.png")

    assert revisado.formato == formato
    assert b"script" not in revisado.contenido
    assert b"EICAR" not in revisado.contenido
    assert Image.open(io.BytesIO(revisado.contenido)).size == (30, 20)


def test_a_photo_of_a_phone_comes_out_upright_and_says_not_where():
    revisado = subir(jpeg_de_telefono(), "IMG_2026.jpg")

    foto = Image.open(io.BytesIO(revisado.contenido))
    assert (revisado.ancho, revisado.alto) == foto.size == (200, 400)
    arriba, abajo = foto.getpixel((100, 20)), foto.getpixel((100, 380))
    assert arriba[0] > 200 > arriba[2]
    assert abajo[2] > 200 > abajo[0]
    assert not foto.getexif()
    assert b"Marca" not in revisado.contenido + revisado.miniatura


def _con_texto_de_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "SECRETO")
    info.add_itxt("XML:com.adobe.xmp", "SECRETO")
    return imagen(pnginfo=info)


@pytest.mark.parametrize(
    "contenido",
    [
        imagen("JPEG", comment=b"SECRETO"),
        imagen("JPEG", icc_profile=b"SECRETO" * 40),
        imagen("JPEG", xmp=b"SECRETO"),
        imagen("PNG", icc_profile=b"SECRETO" * 40),
        _con_texto_de_png(),
        png_con(b"prVt", b"SECRETO"),
        imagen("WEBP", icc_profile=b"SECRETO" * 40),
        imagen("WEBP", xmp=b"SECRETO"),
    ],
    ids=[
        *("JPEG comment", "JPEG profile", "JPEG XMP", "PNG profile"),
        *("PNG text", "PNG private", "WebP profile", "WebP XMP"),
    ],
)
def test_nothing_but_the_pixels_is_kept(contenido):
    revisado = subir(contenido)

    guardada = Image.open(io.BytesIO(revisado.contenido))
    assert not {"comment", "icc_profile", "xmp", "exif"} & guardada.info.keys()
    assert b"SECRETO" not in revisado.contenido + revisado.miniatura


@pytest.mark.parametrize("formato", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "tamano, ancho, ancho_miniatura",
    [
        ((3000, 1500), 1280, 640),
        ((1281, 10), 1280, 640),
        ((1280, 40), 1280, 640),
        ((640, 480), 640, 640),
        ((300, 200), 300, 300),
        ((100, 9000), 57, 29),
    ],
)
def test_images_are_reduced_and_never_enlarged(formato, tamano, ancho, ancho_miniatura):
    revisado = subir(imagen(formato, tamano))

    guardada = Image.open(io.BytesIO(revisado.contenido))
    miniatura = Image.open(io.BytesIO(revisado.miniatura))
    assert guardada.size == (revisado.ancho, revisado.alto)
    assert (guardada.width, miniatura.width) == (ancho, ancho_miniatura)
    assert miniatura.format == "WEBP"


@pytest.mark.parametrize(
    "modo, color, formato, esperado",
    [
        ("1", 1, "PNG", (255, 255, 255)),
        ("L", 90, "PNG", (90, 90, 90)),
        ("LA", (90, 0), "PNG", (90, 90, 90, 0)),
        ("P", 0, "PNG", (0, 0, 0)),
        ("RGBA", (10, 20, 30, 40), "PNG", (10, 20, 30, 40)),
        ("I;16", 0x8000, "PNG", (128, 128, 128)),
        ("L", 90, "JPEG", (90, 90, 90)),
        ("CMYK", (0, 255, 255, 0), "JPEG", (254, 0, 0)),
    ],
)
def test_every_way_of_keeping_colour_looks_the_same_afterwards(modo, color, formato, esperado):
    revisado = subir(imagen(formato, modo=modo, color=color))

    assert Image.open(io.BytesIO(revisado.contenido)).getpixel((5, 5)) == esperado


def test_two_photos_in_one_jpeg_leave_the_first():
    revisado = subir(mpo(), "IMG_0001.jpg")

    foto = Image.open(io.BytesIO(revisado.contenido))
    assert (revisado.formato, foto.format) == ("JPG", "JPEG")
    assert foto.getpixel((5, 5))[0] > 250


# --- CSV ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_always_leaves_as_utf_8(codificacion):
    texto = "año;señal;«nota»\r\n2026;Peñón;1 €\r\n"

    revisado = subir(texto.encode(codificacion), "Ejecución 2026.CSV")

    assert revisado.contenido == texto.encode()
    assert revisado.nombre == "Ejecución 2026.csv"


@pytest.mark.parametrize("texto", ["edad;total\n<5;12\n", "<18,>60\n1,2\n", "a,b\n<b>,1\n"])
def test_a_csv_may_use_the_less_than_sign(texto):
    assert subir(texto.encode(), "edades.csv").contenido == texto.encode()


# --- Names --------------------------------------------------------------------------------------
NOMBRES = {
    "../../etc/passwd": "passwd.pdf",
    "..\\..\\x.exe": "x.pdf",
    "/etc/shadow": "shadow.pdf",
    "C:\\Usuarios\\ana\\carta.pdf": "carta.pdf",
    "carta.pdf\x00.exe": "carta.pdf_.pdf",
    "carta\r\nSet-Cookie: a=b.pdf": "carta__Set-Cookie_ a_b.pdf",
    ".htaccess": "htaccess.pdf",
    "a.pdf.exe": "a.pdf.pdf",
    "CON.pdf": "CON.pdf",
    "factura\u202efdp.exe": "factura_fdp.pdf",
    "😀.pdf": "_.pdf",
    "x" * 300 + ".pdf": "x" * 100 + ".pdf",
    "x." + "y" * 300: "x.pdf",
    "": "archivo.pdf",
    ".": "archivo.pdf",
    "..": "archivo.pdf",
    "   ": "archivo.pdf",
    "..\\": "archivo.pdf",
    "<script>alert(1)<.pdf": "_script_alert(1)_.pdf",
    '"; rm -rf $HOME; `id`.pdf': "__ rm -rf _HOME_ _id_.pdf",
    "%2e%2e%2fetc.pdf": "_2e_2e_2fetc.pdf",
    "Resolucio\u0301n n.º 12.pdf": "Resolución n.º 12.pdf",
    "Acta del Ñeque (copia).pdf": "Acta del Ñeque (copia).pdf",
}


@pytest.mark.parametrize("nombre, visible", NOMBRES.items(), ids=[ascii(n)[:30] for n in NOMBRES])
def test_a_hostile_name_is_shown_clean_and_never_reaches_the_disk(casa, settings, nombre, visible):
    version = crear_version(casa)
    archivo = ContentFile(pdf(), name=nombre)
    archivo.name = nombre

    services.adjuntar(version, archivo, titulo="El plano", por=casa.autora)

    adjunto = Adjunto.objects.get()
    assert adjunto.nombre == visible
    assert re.fullmatch(r"adjuntos/\d{4}/[0-9a-f]{32}\.pdf", adjunto.archivo.name)
    assert [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()] == [Path(adjunto.archivo.path)]


@settings(max_examples=300, deadline=None)
@given(nombre=st.text(max_size=400))
def test_no_name_whatever_gives_a_path(nombre):
    visible = nombre_visible(nombre)

    assert re.fullmatch(r"[\w .()\-]{1,111}", visible)
    assert not visible.startswith(".")
    assert visible[-1] != "."


def test_a_long_extension_is_cut_as_well():
    assert nombre_visible("x." + "y" * 300) == "x." + "y" * 10


def test_two_files_of_the_same_name_are_two_files(casa):
    version = crear_version(casa)

    uno, dos = (
        services.adjuntar(version, ContentFile(pdf(), name="acta.pdf"), titulo="Acta", por=casa.autora)
        for _ in range(2)
    )

    assert uno.nombre == dos.nombre == "acta.pdf"
    assert uno.archivo.name != dos.archivo.name


def test_what_is_recorded_is_what_was_kept(casa):
    version = crear_version(casa)
    foto = ContentFile(jpeg_de_telefono() + HTML, name="foto.exe")

    services.adjuntar(version, foto, titulo="Obra", alt="La obra", por=casa.autora)

    adjunto = Adjunto.objects.get()
    guardado = Path(adjunto.archivo.path).read_bytes()
    assert (adjunto.nombre, adjunto.formato) == ("foto.jpg", "JPG")
    assert adjunto.tamano == len(guardado)
    assert adjunto.sha256 == hashlib.sha256(guardado).hexdigest()
    assert re.fullmatch(r"miniaturas/\d{4}/[0-9a-f]{32}\.webp", adjunto.miniatura.name)


def test_a_refused_file_leaves_nothing_behind(casa, settings):
    version = crear_version(casa)

    with pytest.raises(ValidationError):
        services.adjuntar(version, ContentFile(EXE, name="a.pdf"), titulo="A", por=casa.autora)

    assert not Adjunto.objects.exists()
    assert not Path(settings.MEDIA_ROOT).exists()
