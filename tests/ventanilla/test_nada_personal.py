"""After a whole walk, who the person is stands only where it must: in no address, log nor other table."""

import logging
from urllib.parse import unquote

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.correo import despachar
from portal.models import Correo
from tests.builders import crear_usuario
from tests.ventanilla.builders import llevar, radicar
from tests.ventanilla.recorrer import DATOS, PETICION, empezar_con_nombre, ruta
from ventanilla.codigos import codigo_de_seguimiento
from ventanilla.models import Radicado

CEDULA, NOMBRE, CORREO = "1090123456", "Ana Rojas", "ana.rojas@ejemplo.co"
#: Where each may be: what the person typed, who they are, and what was written to them.
DE_LA_PERSONA = {
    CEDULA: {"ventanilla_peticionario", "ventanilla_borrador"},
    NOMBRE: {"ventanilla_peticionario", "ventanilla_borrador", "portal_correo"},
    CORREO: {"ventanilla_peticionario", "ventanilla_borrador", "portal_correo"},
}


@pytest.fixture
def direcciones(client):
    """Every address that the client asks for or is sent to."""
    vistas, pedir = [], client.generic

    def anotar(metodo, camino, *args, **kwargs):
        respuesta = pedir(metodo, camino, *args, **kwargs)
        vistas.extend([camino, kwargs.get("QUERY_STRING", ""), respuesta.headers.get("Location", "")])
        return respuesta

    client.generic = anotar
    return vistas


def tablas_con(dato: str) -> set[str]:
    halladas = set()
    with connection.cursor() as cursor:
        for tabla in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{tabla}" t WHERE t::text ILIKE %s)', [f"%{dato}%"])
            if cursor.fetchone()[0]:
                halladas.add(tabla)
    return halladas


def caminar(client, casa) -> Radicado:
    """File with name, consult with a wrong code and the right one, write, be answered and judge."""
    secreto = empezar_con_nombre(client)
    for paso, datos in [("que-pide", PETICION), ("sus-datos", DATOS), ("sus-datos", DATOS | {"correo": "x"})]:
        client.post(ruta(secreto, paso), datos)
    assert client.post(ruta(secreto, "revisar")).status_code == 302
    radicado = Radicado.objects.enteros().get()
    consulta = reverse("ventanilla:consulta")
    client.post(consulta, {"numero": radicado.numero, "codigo": CEDULA})
    codigo = codigo_de_seguimiento(radicado.clave)
    assert client.post(consulta, {"numero": radicado.numero, "codigo": codigo}).status_code == 302
    actuar = reverse("ventanilla:actuar", args=[radicado.numero, "mensaje"])
    assert client.post(actuar, {"texto": "¿Ya vienen?"}).status_code == 302
    llevar(casa, radicado, "respondido")
    client.get(reverse("ventanilla:seguimiento", args=[radicado.numero]))
    valorar = reverse("ventanilla:actuar", args=[radicado.numero, "valorar"])
    client.post(valorar, {"puntos": "", "comentario": f"Soy {NOMBRE}"})
    assert client.post(valorar, {"puntos": "5", "resuelto": "si"}).status_code == 302
    client.get(reverse("ventanilla:cifras"))
    return radicado


def test_nobody_is_told_apart_where_they_should_not(client, ventanilla, direcciones, caplog, settings):
    caplog.set_level(logging.DEBUG)
    radicado = caminar(client, ventanilla)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 1  # nobody listens: what fails is logged
    with pytest.raises(ConnectionRefusedError):
        despachar(timezone.now())

    codigo = codigo_de_seguimiento(radicado.clave)
    dicho = "\n".join(
        f"{r.getMessage()} {r.exc_text or ''}" for r in caplog.records if not r.name.startswith("django.db")
    )
    for dato in (CEDULA, NOMBRE, CORREO, codigo):
        assert dato not in dicho
        assert not any(dato in unquote(direccion) for direccion in direcciones)
    for dato, donde in DE_LA_PERSONA.items():
        assert tablas_con(dato) == donde, dato
    assert tablas_con(codigo) == {"portal_correo"}  # the receipt


def test_whoever_files_without_name_leaves_no_name_anywhere(client, ventanilla, direcciones):
    from tests.ventanilla.recorrer import radicar_sin_nombre

    radicar_sin_nombre(client)
    radicado = Radicado.objects.enteros().get()

    assert radicado.anonimo and not Correo.objects.exists()
    assert tablas_con("127.0.0.1") == set()
    assert tablas_con(codigo_de_seguimiento(radicado.clave)) == set()


@pytest.mark.parametrize("quien", ["administrador", "secretaria"])
def test_the_outbox_opens_no_radicado(client, ventanilla, quien):
    """The receipt has the code: whoever read it would be the person."""
    administrador = crear_usuario("administrador", is_superuser=True)
    radicado = radicar("denuncia")
    acuse = Correo.objects.get()
    codigo = codigo_de_seguimiento(radicado.clave)
    assert codigo in acuse.texto and radicado.asunto in acuse.texto
    client.force_login(administrador if quien == "administrador" else ventanilla.secretaria)
    for pagina in (
        reverse("admin:portal_correo_change", args=[acuse.pk]),
        reverse("admin:portal_correo_changelist"),
    ):
        respuesta = client.get(pagina)
        assert respuesta.status_code == 200
        assert codigo not in respuesta.text and radicado.asunto not in respuesta.text
