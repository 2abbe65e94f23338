"""Who may not see a page is told what is missing, who gives it and where to go on."""

import html5lib
import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from portal.models import Usuario
from portal.views.errores import prohibido
from tests.builders import crear_usuario

MESAS = [
    *("/panel/", "/panel/uso/", "/panel/criterios/", "/panel/empalme/", "/panel/comite/"),
    *("/panel/participacion/", "/panel/participacion/nueva/", "/panel/aportes/", "/panel/temas/"),
    *("/panel/opiniones/", "/panel/boletin/", "/panel/conectividad/"),
    *("/panel/radicados/", "/panel/radicados/nuevo/", "/panel/radicados/informe/"),
    *("/admin/soporte/cifras.csv", "/admin/portal/asignacion/matriz/"),
]


@pytest.mark.parametrize("ruta", MESAS)
def test_every_desk_says_it_to_who_has_no_post_there(casa, client, ruta):
    client.force_login(crear_usuario("sin-cargo"))

    respuesta = client.get(ruta)

    assert respuesta.status_code == 403
    assert "Usted ya entró con su usuario" in respuesta.text and "Secretaría General" in respuesta.text
    assert '<a class="boton" href="/admin/">Ir a su bandeja</a>' in respuesta.text
    assert "entre con su usuario" not in respuesta.text
    assert "no-store" in respuesta.headers["Cache-Control"]
    html5lib.HTMLParser(strict=True).parse(respuesta.text)


def test_somebody_anonymous_is_told_to_enter(rf):
    respuesta = prohibido(rf.get("/"), PermissionDenied())  # before anybody is looked for

    assert respuesta.status_code == 403
    texto = respuesta.content.decode()
    assert "entre con su usuario" in texto and "bandeja" not in texto
    html5lib.HTMLParser(strict=True).parse(texto)


@pytest.fixture
def pedido(rf: RequestFactory):
    """A request of that person."""

    def de(persona: Usuario):
        request = rf.get("/panel/")
        request.user = persona
        return request

    return de


def test_the_reason_is_said_when_there_is_one(casa, pedido):
    respuesta = prohibido(pedido(casa.tesorero), PermissionDenied("La firma <otra> persona."))

    texto = respuesta.content.decode()
    assert "La firma &lt;otra&gt; persona." in texto and "Usted ya entró" not in texto
    assert "tesorero" not in texto


def test_who_no_longer_enters_the_desk_is_not_sent_there(casa, pedido):
    texto = prohibido(pedido(crear_usuario("de-fuera", is_staff=False))).content.decode()

    assert "Usted ya entró" in texto and "Ir a su bandeja" not in texto
    html5lib.HTMLParser(strict=True).parse(texto)


def test_it_costs_no_query_of_its_own(casa, pedido, django_assert_num_queries):
    persona = Usuario.objects.get(pk=casa.tesorero.pk)

    with django_assert_num_queries(0):
        prohibido(pedido(persona), PermissionDenied())
