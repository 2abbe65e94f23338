"""The codes of the ventanilla: the one that follows a radicado and the one that verifies a document."""

import hashlib
import re
import secrets
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

#: Without vowels, so that no word comes out; without 0, 1, I, L, O, which read alike.
ALFABETO = "23456789BCDFGHJKMNPQRSTVWXYZ"
#: 57 bits: with limited attempts (ASVS 5.0, 6.6.3), enough, and it can be dictated by telephone.
LARGO = 12
#: 76 bits: nobody limits who verifies a document, and nothing else opens with it.
LARGO_DE_DOCUMENTO = 16


def _codigo(octetos: bytes, largo: int) -> str:
    """That many letters, in groups of four. Each comes from 8 bytes, so none is more likely than another."""
    letras = []
    for n in range(largo):
        bloque = hashlib.sha256(octetos + bytes([n])).digest()
        letras.append(ALFABETO[int.from_bytes(bloque[:8], "big") % len(ALFABETO)])
    texto = "".join(letras)
    return "-".join(texto[n : n + 4] for n in range(0, largo, 4))


def codigo_de_seguimiento(clave: UUID) -> str:
    """The code of the radicado filed with that key: the same for who sends it twice."""
    return _codigo(salted_hmac("ventanilla.codigo", str(clave), algorithm="sha256").digest(), LARGO)


def codigo_de_documento() -> str:
    return _codigo(secrets.token_bytes(32), LARGO_DE_DOCUMENTO)


def normalizado(codigo: str) -> str:
    """As it is kept: capitals, in groups of four, whatever separates them when it is typed."""
    letras = re.sub(r"[^0-9A-Z]", "", codigo.upper())
    return "-".join(letras[n : n + 4] for n in range(0, len(letras), 4))


def huella_del_codigo(codigo: str, clave: UUID) -> str:
    """What is kept of a follow-up code."""
    return hashlib.sha256(f"{clave}:{normalizado(codigo)}".encode()).hexdigest()


def es_su_codigo(codigo: str, clave: UUID, guardado: str) -> bool:
    return constant_time_compare(huella_del_codigo(codigo, clave), guardado)
