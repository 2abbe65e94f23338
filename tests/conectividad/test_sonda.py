"""Trying a port, a page or a name, against real servers on loopback."""

import socket
import time
from threading import Thread

import pytest

from conectividad.models import Enlace, Objetivo
from conectividad.sonda import Destino, DestinoInvalido, leer_destino, medir_velocidad, probar
from tests.conectividad.servidores import (
    puerto_libre,
    que_escucha,
    que_resuelve_nombres,
    que_sirve_paginas,
)


@pytest.mark.parametrize(
    "tipo, texto, destino",
    [
        ("tcp", "192.168.1.1:80", Destino("192.168.1.1", 80)),
        ("tcp", " correo.gov.co:25 ", Destino("correo.gov.co", 25)),
        ("tcp", "[::1]:53", Destino("::1", 53)),
        ("http", "http://a.co", Destino("a.co", 80, "http://a.co")),
        ("http", "https://a.co/x?y=1", Destino("a.co", 443, "https://a.co/x?y=1")),
        ("http", "http://127.0.0.1:8080/", Destino("127.0.0.1", 8080, "http://127.0.0.1:8080/")),
        ("dns", "www.gov.co", Destino("", 53, "www.gov.co")),
        ("dns", "www.gov.co@8.8.8.8", Destino("8.8.8.8", 53, "www.gov.co")),
        ("dns", "www.gov.co@127.0.0.1:5353", Destino("127.0.0.1", 5353, "www.gov.co")),
    ],
)
def test_a_target_is_read_as_it_is_written(tipo, texto, destino):
    assert leer_destino(tipo, texto) == destino


@pytest.mark.parametrize(
    "tipo, texto",
    [
        *(
            ("tcp", t)
            for t in ("", "servidor", "servidor:", ":80", "a:0", "a:99999", "a:b", "a:80/x", "a b:80")
        ),
        *(("tcp", t) for t in ("u@a:80", "http://a:80", "[::1:80")),
        *(
            ("http", t)
            for t in ("", "a.co", "ftp://a.co/", "http://", "http:///x", "http://a b/", "http://ñ.co/")
        ),
        *(
            ("http", t)
            for t in ("http://u:p@a.co/", "http://a.co:99999/", "http://a.co/á", "http://a.co/\r\nX: 1")
        ),
        *(
            ("dns", t)
            for t in ("", "@8.8.8.8", "a..co", "a.co@", "a.co@8.8.8.8:x", "a b.co", f"{'x' * 64}.co")
        ),
        ("paloma", "mensajera"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_spanish(tipo, texto):
    with pytest.raises(DestinoInvalido, match=r"Escriba|Elija"):
        leer_destino(tipo, texto)


def test_the_model_says_it_beside_the_field():
    objetivo = Objetivo(enlace=Enlace(), nombre="x", tipo="tcp", destino="sin puerto")

    with pytest.raises(Exception, match="servidor:puerto"):
        objetivo.clean()


# --- Tries --------------------------------------------------------------------------------------
def una(tipo: str, destino: str, segundos: float = 1.0):
    """The result of trying that alone."""
    [resultado] = probar([Objetivo(pk=1, nombre="Uno", tipo=tipo, destino=destino)], segundos).values()
    return resultado


def test_an_open_port_answers_and_a_closed_one_does_not():
    with que_escucha() as puerto:
        assert una("tcp", f"127.0.0.1:{puerto}").latencia_ms >= 1
    assert not una("tcp", f"127.0.0.1:{puerto_libre()}").respondio


def test_a_page_answers_whatever_it_says_and_redirects_are_not_followed():
    with que_sirve_paginas() as servidor:
        base = f"http://127.0.0.1:{servidor.server_port}"

        assert all(
            una("http", f"{base}/{ruta}").respondio for ruta in ("", "mala", "otra", "x?y=1", "grande")
        )
        assert servidor.pedidos == ["/", "/mala", "/otra", "/x?y=1", "/grande"]
    assert not una("http", f"{base}/").respondio


def test_a_server_that_takes_the_call_and_says_nothing_does_not_answer_in_time():
    with que_escucha() as puerto:
        reloj = time.monotonic()

        assert not una("http", f"http://127.0.0.1:{puerto}/", 0.3).respondio
        assert time.monotonic() - reloj < 2


def test_something_that_is_not_http_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as enchufe:
        enchufe.settimeout(2)

        def decir_algo():
            conexion, _quien = enchufe.accept()
            with conexion:
                conexion.recv(1024)
                conexion.sendall(b"SSH-2.0-otra\r\n")

        hilo = Thread(target=decir_algo)
        hilo.start()

        assert not una("http", f"http://127.0.0.1:{enchufe.getsockname()[1]}/").respondio
        hilo.join()


def contestar(codigo: int):
    """An answer to the question with that code; see RFC 1035 §4.1.1."""
    return lambda paquete: [paquete[:2] + bytes([0x81, 0x80 | codigo]) + paquete[4:]]


def de_otro(paquete: bytes) -> bytes:
    """The same question with another number."""
    return bytes([paquete[0] ^ 1]) + paquete[1:]


@pytest.mark.parametrize(
    "responder, respondio",
    [
        (contestar(0), True),
        (contestar(3), True),  # there is no such name: somebody answered
        (contestar(2), False),  # the server could not ask
        (lambda paquete: [], False),
        (lambda paquete: [paquete], False),  # our own question is not an answer
        (lambda paquete: contestar(0)(de_otro(paquete)), False),
        (lambda paquete: contestar(0)(de_otro(paquete)) + contestar(0)(paquete), True),
        (lambda paquete: [b"x"], False),
    ],
)
def test_a_name_answers_when_a_server_says_something_of_it(responder, respondio):
    preguntas = []

    def anotar(paquete):
        preguntas.append(paquete)
        return responder(paquete)

    with que_resuelve_nombres(anotar) as puerto:
        assert una("dns", f"www.gov.co@127.0.0.1:{puerto}", 0.5).respondio is respondio
    assert preguntas[0][12:] == b"\x03www\x03gov\x02co\x00\x00\x01\x00\x01"


def test_a_dns_server_that_is_not_there_does_not_answer():
    assert not una("dns", f"www.gov.co@127.0.0.1:{puerto_libre()}", 0.5).respondio


def test_all_are_tried_at_once_and_one_that_is_wrong_stops_nobody():
    with que_escucha() as mudo, que_escucha() as abierto:
        mudos = [
            Objetivo(pk=n, nombre=f"Mudo {n}", tipo="http", destino=f"http://127.0.0.1:{mudo}/")
            for n in range(1, 9)
        ]
        otros = [
            Objetivo(pk=20, nombre="Abierto", tipo="tcp", destino=f"127.0.0.1:{abierto}"),
            Objetivo(pk=21, nombre="Malo", tipo="tcp", destino="nada"),
        ]
        reloj = time.monotonic()

        resultados = probar([*mudos, *otros], 0.5)

        assert time.monotonic() - reloj < 2
    assert [pk for pk, resultado in resultados.items() if resultado.respondio] == [20]
    assert resultados[21].nombre == "Malo"


def test_trying_nothing_is_nothing():
    assert probar([]) == {}


# --- Speed --------------------------------------------------------------------------------------
def test_speed_is_that_of_what_came_down():
    with que_sirve_paginas() as servidor:
        kbps = medir_velocidad(f"http://127.0.0.1:{servidor.server_port}/grande")

    assert kbps > 1000
    assert medir_velocidad(f"http://127.0.0.1:{servidor.server_port}/grande") is None
