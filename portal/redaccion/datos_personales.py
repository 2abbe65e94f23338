"""Personal data in a text that is going to be public: they are pointed out, and whoever writes decides.

Ley 1581 de 2012: publishing the data of a person needs their authorisation or a law that orders it (articles
4, 9 and 10); on the Internet only what is public by nature may be shown to anybody (article 4.f).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.redaccion.escrito import Tabla

CEDULA, CELULAR, CORREO = "cedula", "celular", "correo"


@dataclass(frozen=True)
class Dato:
    """A datum of a person: its kind, what makes it the same wherever it is written, and how it is."""

    clase: str
    clave: str
    escrito: str


@dataclass(frozen=True)
class Institucional:
    """Mail addresses and telephones of the municipality and its offices: they are not of a person."""

    correos: frozenset[str]
    telefonos: frozenset[str]

    @classmethod
    def de(cls, correos: Iterable[str], telefonos: Iterable[str]) -> "Institucional":
        numeros = (celular.clave for telefono in telefonos for celular in _celulares(telefono))
        return cls(frozenset(c.lower() for c in correos if c), frozenset(numeros))

    def es_suyo(self, dato: Dato) -> bool:
        if dato.clase == CORREO:
            dominios = {correo.rpartition("@")[2] for correo in self.correos}
            propios = {dominio for dominio in dominios if dominio.endswith(".gov.co")}
            return dato.clave in self.correos or dato.clave.rpartition("@")[2] in propios
        return dato.clase == CELULAR and dato.clave in self.telefonos


def hallar(texto: str, tablas: Iterable[Tabla], nuestros: Institucional) -> list[Dato]:
    """The distinct personal data of a text, in order, without those of the municipality."""
    datos = [*_cedulas(texto), *_cedulas_en(tablas), *_celulares(texto), *_correos(texto)]
    unicos = {(dato.clase, dato.clave): dato for dato in reversed(datos) if not nuestros.es_suyo(dato)}
    return list(unicos.values())[::-1]


# --- Cédulas ------------------------------------------------------------------------------------
_NUMERO = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[.' ]\d{3}){1,3}|\d{6,10})(?![.,]?\d|\w)")
#: What is said just before the number of a document, with at most these characters in between.
_ANUNCIO = re.compile(
    r"(?:\bc\. ?c\.|\bcc\b|c[eé]dulas?|identificad[oa]s?|(?:documento|tarjeta) de identidad|\bt\. ?i\.)"
    r"[^\d;$\n]*$",
    re.IGNORECASE,
)
_VENTANA = 45
_COLUMNA = re.compile(r"c[eé]dula|documento|identificaci[oó]n|identidad|^c\.? ?c\.?$", re.IGNORECASE)


def _es_documento(digitos: str) -> bool:
    return 6 <= len(digitos) <= 10


def _cedulas(texto: str) -> Iterator[Dato]:
    for numero in _NUMERO.finditer(texto):
        digitos = re.sub(r"\D", "", numero[0])
        antes = texto[max(numero.start() - _VENTANA, 0) : numero.start()]
        if _es_documento(digitos) and (anuncio := _ANUNCIO.search(antes)):
            yield Dato(CEDULA, digitos, f"{anuncio[0]}{numero[0]}")


def _cedulas_en(tablas: Iterable[Tabla]) -> Iterator[Dato]:
    """The numbers under «Cédula»: the list of beneficiaries is how they leak most often."""
    for tabla in tablas:
        for cabeza, celdas in tabla.columnas():
            if _COLUMNA.search(cabeza):
                for celda in celdas:
                    digitos = re.sub(r"\D", "", celda)
                    if _es_documento(digitos) and _NUMERO.search(celda):
                        yield Dato(CEDULA, digitos, f"{cabeza}: {celda}")


# --- Telephones and mail ------------------------------------------------------------------------
#: Mobile numbers of Colombia have ten digits and begin with 3 (Resolución CRC 5826 de 2019).
_CELULAR = re.compile(r"(?<![\w.,$])(?:\+?57[ .-]?)?(3\d{2}(?:[ .-]?\d){7})(?!\w)")


def _celulares(texto: str) -> Iterator[Dato]:
    for celular in _CELULAR.finditer(texto):
        yield Dato(CELULAR, re.sub(r"\D", "", celular[1]), celular[0])


_NOMBRE_DE_CORREO = re.compile(r"[\w.+-]{1,64}$")
_DOMINIO = re.compile(r"[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,4}", re.IGNORECASE)
#: What a mailbox is called when it is of an office and not of somebody.
_CARGOS = re.compile(
    r"^(?:contact|notificacion|judicial|atencion|servicio|info|correspondencia|ventanilla|pqr|quejas|soporte|"
    r"alcaldia|alcalde|secretaria|gobierno|hacienda|tesoreria|planeacion|personeria|concejo|comisaria|inspeccion|"
    r"salud|sisben|transparencia|anticorrupcion|protecciondedatos|habeasdata|prensa|comunicaciones|webmaster|"
    r"administra|archivo|radicacion|no-?responder|usuario|ciudadan|oficina|despacho)",
    re.IGNORECASE,
)
#: Where people have their own mail: there no name of a mailbox makes it an office's.
_PERSONALES = re.compile(r"^(?:gmail|hotmail|outlook|yahoo|live|msn|icloud|protonmail)\.", re.IGNORECASE)


def _correos(texto: str) -> Iterator[Dato]:
    for arroba in re.finditer("@", texto):
        nombre = _NOMBRE_DE_CORREO.search(texto[max(arroba.start() - 64, 0) : arroba.start()])
        dominio = _DOMINIO.match(texto[arroba.end() : arroba.end() + 255])
        if not nombre or not dominio:
            continue
        escrito = f"{nombre[0]}@{dominio[0]}"
        if _PERSONALES.match(dominio[0]) or not _CARGOS.match(nombre[0]):
            yield Dato(CORREO, escrito.lower(), escrito)
