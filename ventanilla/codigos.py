"""The codes of the ventanilla: the one that follows a radicado and the one that verifies a document."""

import hashlib
import secrets
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from portal.secretos import codigo_de, en_grupos, letras_de

#: 57 bits: with limited attempts (ASVS 5.0, 6.6.3), enough, and it can be dictated by telephone.
LARGO = 12
#: 76 bits: nobody limits who verifies a document, and nothing else opens with it.
LARGO_DE_DOCUMENTO = 16
GRUPO = 4


def codigo_de_seguimiento(clave: UUID) -> str:
    """The code of the radicado filed with that key: the same for who sends it twice."""
    octetos = salted_hmac("ventanilla.codigo", str(clave), algorithm="sha256").digest()
    return codigo_de(octetos, LARGO, grupo=GRUPO)


def codigo_de_documento() -> str:
    return codigo_de(secrets.token_bytes(32), LARGO_DE_DOCUMENTO, grupo=GRUPO)


def normalizado(codigo: str) -> str:
    """As it is kept: capitals, in groups of four, whatever separates them when it is typed."""
    return en_grupos(letras_de(codigo), GRUPO)


def huella_del_codigo(codigo: str, clave: UUID) -> str:
    """What is kept of a follow-up code."""
    return hashlib.sha256(f"{clave}:{normalizado(codigo)}".encode()).hexdigest()


def es_su_codigo(codigo: str, clave: UUID, guardado: str) -> bool:
    return constant_time_compare(huella_del_codigo(codigo, clave), guardado)
