"""To file as a person does it, page by page, with the test client."""

import html5lib
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.forms.comunes import TIEMPO_MINIMO, sello
from ventanilla.borradores import hallar
from ventanilla.models import Borrador

PETICION = {"asunto": "Luces del parque", "texto": "Pido que arreglen las luces del parque principal."}
DATOS = {
    "tipo": "natural",
    "nombre": "Ana Rojas Peña",
    "documento_tipo": "CC",
    "documento": "1.090.123.456",
    "respuesta": "correo",
    "correo": "ana.rojas@ejemplo.co",
}


def inicio(**campos) -> dict[str, str]:
    """What the first page sends, once the person took the time to read it."""
    antes = timezone.now() - 2 * TIEMPO_MINIMO
    valores = {"clase": "peticion-de-interes-general", "nombre": "sin", "visto": sello(antes)}
    return valores | campos


def empezar(client: Client, **campos) -> str:
    """Begin a PQRSD, without name unless it is said otherwise; the secret of its address."""
    respuesta = client.post(reverse("ventanilla:pqrsd"), inicio(**campos))
    assert respuesta.status_code == 302, respuesta.text
    return respuesta.url.split("/")[2]


def empezar_con_nombre(client: Client, **campos) -> str:
    return empezar(client, nombre="con", acepta="on", **campos)


def ruta(secreto: str, paso: str = "", **consulta) -> str:
    url = (
        reverse("ventanilla:paso", args=[secreto, paso])
        if paso
        else reverse("ventanilla:borrador", args=[secreto])
    )
    return url + ("?" + "&".join(f"{k}={v}" for k, v in consulta.items()) if consulta else "")


def listo(client: Client, **campos) -> str:
    """An anonymous petition with everything but its filing."""
    secreto = empezar(client)
    assert client.post(ruta(secreto, "que-pide"), PETICION | campos).status_code == 302
    return secreto


def radicar_sin_nombre(client: Client, **campos) -> str:
    secreto = listo(client, **campos)
    assert client.post(ruta(secreto, "revisar")).status_code == 302
    return secreto


def borrador_de(secreto: str) -> Borrador:
    borrador = hallar(secreto)
    assert borrador is not None
    return borrador


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.content.decode())
