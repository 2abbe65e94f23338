"""Secrets that open a door by themselves: how they are made, kept and left out of what we write down."""

import hashlib
import logging
import re
import secrets
from functools import wraps

from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_cookie

#: 256 bits: ASVS asks for 128 in what opens a door by itself.
OCTETOS = 32
_EN_UNA_DIRECCION = re.compile(
    r"(/(?:lectura|comite|calendario|radicar|suscripciones|contrasena/nueva)/)[^/\s'\"]+"
)


def nuevo_secreto() -> tuple[str, str]:
    """A secret for an address, which nobody can see again, and the hash that is kept of it."""
    secreto = secrets.token_urlsafe(OCTETOS)
    return secreto, huella_del_secreto(secreto)


def huella_del_secreto(secreto: str) -> str:
    """SHA-256 in hexadecimal. Of 256 random bits it needs no salt, and an index finds it in constant time."""
    return hashlib.sha256(secreto.encode()).hexdigest()


#: Of codes that people type or dictate. Without vowels, so that no word comes out; without 0, 1, I, L, O,
#: which read alike.
ALFABETO = "23456789BCDFGHJKMNPQRSTVWXYZ"


def codigo_de(octetos: bytes, largo: int, *, grupo: int) -> str:
    """That many letters, in groups. Each comes from 8 bytes, so none is more likely than another."""
    letras = []
    for n in range(largo):
        bloque = hashlib.sha256(octetos + bytes([n])).digest()
        letras.append(ALFABETO[int.from_bytes(bloque[:8], "big") % len(ALFABETO)])
    return en_grupos("".join(letras), grupo)


def en_grupos(letras: str, grupo: int) -> str:
    return "-".join(letras[n : n + grupo] for n in range(0, len(letras), grupo))


def letras_de(codigo: str) -> str:
    """Capitals without what separates them, however it was typed."""
    return re.sub(r"[^0-9A-Z]", "", codigo.upper())


def reservado(vista):
    """Decorator of a page that its address opens: nobody keeps nor indexes it.

    Nor is the address told to what the page loads or links to, ours included: logs write down where one comes
    from. (`no-referrer` would make browsers send `Origin: null`, and Django would refuse the forms.)
    """

    @never_cache
    @vary_on_cookie
    @wraps(vista)
    def con_reserva(request, *args, **kwargs):
        respuesta = vista(request, *args, **kwargs)
        respuesta.headers["X-Robots-Tag"] = "noindex, nofollow"
        respuesta.headers["Referrer-Policy"] = "strict-origin"
        return respuesta

    return con_reserva


class SinSecretos(logging.Filter):
    """Django writes down the address of what it refuses: here without the secret that is in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        mensaje = record.getMessage()
        if (limpio := _EN_UNA_DIRECCION.sub(r"\1***", mensaje)) != mensaje:
            record.msg, record.args = limpio, ()
        return True
