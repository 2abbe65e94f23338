"""What may be uploaded: the type is decided by the content, never by the name.

Images are opened and written again by Pillow, so that metadata and anything hidden behind them is lost.
"""

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

TAMANO_MAXIMO = 10 * 1024 * 1024
PIXELES_MAXIMOS = 50_000_000
ANCHO_MAXIMO, ANCHO_MINIATURA, ANCHO_DE_CELULAR = 1280, 640, 320
#: What is shown of an image where there is room for one shape only, as in the apps where a link is shared.
PORTADA = (640, 360)
DESCOMPRIMIDO_MAXIMO, ENTRADAS_MAXIMAS = 100 * 1024 * 1024, 2000

#: Format shown to people → extension on disk and content type on the way out.
FORMATOS = {
    "PDF": ("pdf", "application/pdf"),
    "ODT": ("odt", "application/vnd.oasis.opendocument.text"),
    "ODS": ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    "DOCX": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "XLSX": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "CSV": ("csv", "text/csv; charset=utf-8"),
    "JPG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "WebP": ("webp", "image/webp"),
}
#: What Pillow opens; phones that keep two photos in one JPEG call it MPO.
_PILLOW = {"JPEG": "JPG", "MPO": "JPG", "PNG": "PNG", "WEBP": "WebP"}
_ACEPTADOS = "PDF, ODT, DOCX, XLSX, ODS, CSV, JPG, PNG o WebP"


@dataclass(frozen=True)
class ArchivoRevisado:
    """A file that passed: what to store and what to say of it."""

    nombre: str
    formato: str
    contenido: bytes
    ancho: int | None = None
    alto: int | None = None
    miniatura: bytes = b""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.contenido).hexdigest()

    def a_guardar(self) -> ContentFile:
        return ContentFile(self.contenido, name=f"archivo.{FORMATOS[self.formato][0]}")

    def miniatura_a_guardar(self) -> ContentFile | None:
        return ContentFile(self.miniatura, name="miniatura.webp") if self.miniatura else None


@dataclass(frozen=True)
class Dibujo:
    """An image drawn again in WebP: `ancho` when it is whole, `portada` when it is cropped."""

    clase: str
    ancho: int
    alto: int
    contenido: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.contenido).hexdigest()

    def a_guardar(self) -> ContentFile:
        return ContentFile(self.contenido, name="rendicion.webp")


def revisar(archivo) -> ArchivoRevisado:
    """Check an uploaded file by its content.

    Raises ValidationError, in Spanish, when it is empty, too large or of a type we do not take.
    """
    if archivo.size > TAMANO_MAXIMO:
        raise ValidationError("El archivo pesa más de 10 MB. Redúzcalo o divídalo.")
    archivo.seek(0)  # a form that meets another saving is read twice
    datos = archivo.read()
    if not datos:
        raise ValidationError("El archivo está vacío.")
    nombre = nombre_visible(archivo.name)
    if datos.startswith(b"%PDF-"):
        return _revisar_pdf(nombre, datos)
    if datos.startswith(b"PK\x03\x04"):
        return ArchivoRevisado(_con_extension(nombre, f := _formato_zip(datos)), f, datos)
    if datos.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        datos.startswith(b"RIFF") and datos[8:12] == b"WEBP"
    ):
        return _revisar_imagen(nombre, datos)
    if nombre.lower().endswith(".csv"):
        return _revisar_csv(nombre, datos)
    raise ValidationError(
        f"«{nombre}» no es lo que su nombre dice, o no es de un tipo que recibimos: {_ACEPTADOS}."
    )


def nombre_visible(nombre: str) -> str:
    """The last part of the name, without control characters or anything a path could use."""
    base = PurePath(unicodedata.normalize("NFC", nombre).replace("\\", "/")).name
    limpio = re.sub(r"[^\w .()\-]", "_", base).strip(" .") or "archivo"
    tallo, punto, extension = limpio.rpartition(".")
    return f"{tallo[:100]}{punto}{extension[:10]}" if punto else limpio[:100]


def _con_extension(nombre: str, formato: str) -> str:
    """The name with the extension of what it really is."""
    return f"{PurePath(nombre).stem}.{FORMATOS[formato][0]}"


# Without its value behind, «/JS» appears by chance in the compressed bytes of honest scans.
_CODIGO_EN_PDF = re.compile(
    rb"/(Encrypt|JavaScript|Launch|SubmitForm|ImportData|GoToE|RichMedia|EmbeddedFiles?|XFA)\b"
    rb"|/JS\s*([(<]|\d+\s+\d+\s+R\b)"
)
_OBJETOS_DE_PDF = re.compile(rb"/ObjStm\b.{0,500}?stream\r?\n", re.DOTALL)


def _partes_de_pdf(datos: bytes) -> Iterator[bytes]:
    """The file, with names spelled plainly (`/#4a#53` is `/JS`), and each packet of objects in it."""
    yield re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes.fromhex(m[1].decode()), datos)
    queda = DESCOMPRIMIDO_MAXIMO
    for paquete in _OBJETOS_DE_PDF.finditer(datos):
        comprimido = datos[paquete.end() : datos.find(b"endstream", paquete.end())]
        with suppress(zlib.error):
            objetos = zlib.decompressobj().decompress(comprimido, queda)
            yield objetos
            queda -= len(objetos)
            if queda <= 0:
                raise ValidationError("El archivo se descomprime en algo demasiado grande.")


def _revisar_pdf(nombre: str, datos: bytes) -> ArchivoRevisado:
    if b"%%EOF" not in datos[-2048:]:
        raise ValidationError("El PDF está incompleto. Vuelva a guardarlo y súbalo de nuevo.")
    if any(_CODIGO_EN_PDF.search(parte) for parte in _partes_de_pdf(datos)):
        raise ValidationError(
            "El PDF tiene contraseña, código u otros archivos dentro. Imprímalo como PDF y suba esa copia."
        )
    return ArchivoRevisado(_con_extension(nombre, "PDF"), "PDF", datos)


def _formato_zip(datos: bytes) -> str:
    """Which office format a ZIP is, looking only at its directory."""
    try:
        with zipfile.ZipFile(BytesIO(datos)) as comprimido:
            entradas = comprimido.infolist()
            if len(entradas) > ENTRADAS_MAXIMAS or (
                sum(entrada.file_size for entrada in entradas) > DESCOMPRIMIDO_MAXIMO
            ):
                raise ValidationError("El archivo se descomprime en algo demasiado grande.")
            nombres = {entrada.filename for entrada in entradas}
            declarado = b""
            if "mimetype" in nombres:
                with comprimido.open("mimetype") as tipo:
                    declarado = tipo.read(100)
    except ValidationError:
        raise
    except Exception as error:  # a damaged ZIP raises almost anything
        raise ValidationError("El archivo está dañado.") from error
    if any(
        nombre.lower().endswith("vbaproject.bin")
        or "/activex/" in nombre.lower()
        or nombre.startswith(("Basic/", "Scripts/"))
        for nombre in nombres
    ):
        raise ValidationError("El archivo tiene macros. Guárdelo sin macros y súbalo de nuevo.")
    if "word/document.xml" in nombres:
        return "DOCX"
    if "xl/workbook.xml" in nombres:
        return "XLSX"
    for formato in ("ODT", "ODS"):
        if declarado == FORMATOS[formato][1].encode():
            return formato
    raise ValidationError(f"No recibimos archivos comprimidos. Recibimos {_ACEPTADOS}.")


def _revisar_csv(nombre: str, datos: bytes) -> ArchivoRevisado:
    """CSV leaves always as UTF-8, whatever it came in."""
    for codificacion in ("utf-8-sig", "cp1252"):
        try:
            texto = datos.decode(codificacion)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValidationError("El CSV tiene caracteres que no se pueden leer. Guárdelo en UTF-8.")
    if not texto.strip():
        raise ValidationError("El archivo está vacío.")
    if "\x00" in texto or re.match(r"\s*<[a-z!?/]", texto, re.IGNORECASE):
        raise ValidationError(f"«{nombre}» no es un CSV.")
    return ArchivoRevisado(_con_extension(nombre, "CSV"), "CSV", texto.encode())


def _revisar_imagen(nombre: str, datos: bytes) -> ArchivoRevisado:
    """Rewrite the image, upright, at most `ANCHO_MAXIMO` wide, with nothing but its pixels."""
    try:
        with Image.open(BytesIO(datos), formats=("JPEG", "PNG", "WEBP")) as original:
            formato = _PILLOW[original.format or ""]
            if original.width * original.height > PIXELES_MAXIMOS:
                raise Image.DecompressionBombError
            # A JPEG is decoded no larger than twice what is kept.
            original.draft(None, (ANCHO_MAXIMO * 2, ANCHO_MAXIMO * 2))
            derecha = ImageOps.exif_transpose(original)
            if derecha.mode == "I;16":  # convert() would leave it all white
                derecha = derecha.point(lambda gris: gris / 256).convert("L")
            con_alfa = formato != "JPG" and derecha.has_transparency_data
            imagen = derecha.convert("RGBA" if con_alfa else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError("La imagen es demasiado grande: redúzcala a 50 megapíxeles.") from error
    except Exception as error:  # a damaged image raises almost anything
        raise ValidationError("La imagen está dañada o no se puede abrir.") from error
    imagen.info.clear()  # Pillow would write again its comment and colour profile
    imagen.thumbnail((ANCHO_MAXIMO, ANCHO_MAXIMO * 4))
    return ArchivoRevisado(
        _con_extension(nombre, formato),
        formato,
        _escribir(imagen, {"JPG": "JPEG", "PNG": "PNG", "WebP": "WEBP"}[formato]),
        imagen.width,
        imagen.height,
        _miniatura(imagen),
    )


def _escribir(imagen: Image.Image, formato: str) -> bytes:
    salida = BytesIO()
    imagen.save(salida, formato, quality=80, optimize=True)
    return salida.getvalue()


def _miniatura(imagen: Image.Image) -> bytes:
    return _webp(_a_un_ancho(imagen, ANCHO_MINIATURA))


def _a_un_ancho(imagen: Image.Image, ancho: int) -> Image.Image:
    copia = imagen.copy()
    copia.thumbnail((ancho, ancho * 4))
    return copia


def _webp(imagen: Image.Image) -> bytes:
    salida = BytesIO()
    imagen.save(salida, "WEBP", quality=68, method=6)
    return salida.getvalue()


def rendiciones(contenido: bytes, foco: tuple[float, float]) -> list[Dibujo]:
    """An image that passed `revisar`, for narrow phones, for wide screens and cropped around `foco`.

    `foco` says where the subject is, from (0, 0), above on the left, to (1, 1). The width in between is
    the miniature. A small image is never made larger.
    """
    with Image.open(BytesIO(contenido)) as imagen:
        imagen.load()
        dibujos = [
            ("ancho", _a_un_ancho(imagen, ancho))
            for ancho, desde in ((ANCHO_DE_CELULAR, ANCHO_DE_CELULAR), (ANCHO_MAXIMO, ANCHO_MINIATURA))
            if imagen.width > desde
        ]
        cabe = min(1.0, imagen.width / PORTADA[0], imagen.height / PORTADA[1])
        medida = (max(1, round(PORTADA[0] * cabe)), max(1, round(PORTADA[1] * cabe)))
        dibujos.append(("portada", ImageOps.fit(imagen, medida, centering=foco)))
        return [Dibujo(clase, *dibujo.size, _webp(dibujo)) for clase, dibujo in dibujos]
