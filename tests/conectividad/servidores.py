"""Real servers on loopback, each stopped and started again on its own port."""

import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


def puerto_libre() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as enchufe:
        return enchufe.getsockname()[1]


@contextmanager
def que_escucha(puerto: int = 0):
    """A TCP listener that takes connections and says nothing; its port."""
    with socket.create_server(("127.0.0.1", puerto), backlog=64) as enchufe:
        yield enchufe.getsockname()[1]


class _Pagina(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.pedidos.append(self.path)
        if self.path == "/otra":
            self.send_response(302)
            self.send_header("Location", "/lejos")
            self.end_headers()
            return
        self.send_response(500 if self.path == "/mala" else 200)
        self.end_headers()
        self.wfile.write(b"x" * (300_000 if self.path == "/grande" else 20))

    def log_message(self, *args):
        """Tests print nothing."""


@contextmanager
def que_sirve_paginas(puerto: int = 0):
    """An HTTP server; `.server_port`, and `.pedidos` with the paths it was asked."""
    servidor = HTTPServer(("127.0.0.1", puerto), _Pagina)
    servidor.pedidos = []
    hilo = Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02})
    hilo.start()
    try:
        yield servidor
    finally:
        servidor.shutdown()
        servidor.server_close()
        hilo.join()


@contextmanager
def que_resuelve_nombres(responder):
    """A DNS server that answers each packet with `responder(packet)`, or not at all; its port."""
    enchufe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    enchufe.bind(("127.0.0.1", 0))

    def atender():
        while True:
            paquete, quien = enchufe.recvfrom(512)
            if not paquete:
                return
            for respuesta in responder(paquete):
                enchufe.sendto(respuesta, quien)

    hilo = Thread(target=atender)
    hilo.start()
    puerto = enchufe.getsockname()[1]
    try:
        yield puerto
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as fin:
            fin.sendto(b"", ("127.0.0.1", puerto))
        hilo.join()
        enchufe.close()
