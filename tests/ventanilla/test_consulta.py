"""Opening a radicado with number and code: what is asked, what is never told, and how often."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal import freno
from portal.models import Freno
from tests.builders import crear_municipio, en_fecha
from tests.ventanilla.builders import radicar
from ventanilla.codigos import codigo_de_seguimiento
from ventanilla.forms.seguimiento import numero_normalizado
from ventanilla.sesion import CLAVE, INACTIVIDAD
from ventanilla.views import seguimiento

CONSULTA = "/radicados/consulta/"
#: The start of a window of both limits, so that none ends in the middle of a test.
MOMENTO = en_fecha("2026-07-01")


@pytest.fixture
def suyo(ventanilla):
    return radicar(en=MOMENTO)


@pytest.fixture(autouse=True)
def _a_esa_hora():
    with time_machine.travel(MOMENTO, tick=False):
        yield


def codigo_de(radicado) -> str:
    return codigo_de_seguimiento(radicado.clave)


def pedir(client, numero: str, codigo: str, **campos):
    return client.post(CONSULTA, {"numero": numero, "codigo": codigo, **campos})


def test_the_page_asks_for_both_and_is_never_kept(client, ventanilla):
    respuesta = client.get(CONSULTA)

    assert respuesta.status_code == 200
    assert "no-store" in respuesta.headers["Cache-Control"]


def test_the_address_fills_in_the_number_only(client, ventanilla):
    respuesta = client.get(f"{CONSULTA}?numero=2026-7&codigo=ABCD")

    assert b'value="2026-000007-E"' in respuesta.content and b"ABCD" not in respuesta.content
    assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_right_pair_opens_it_in_this_browser(client, suyo):
    respuesta = pedir(client, suyo.numero, codigo_de(suyo))

    assert respuesta.status_code == 302 and respuesta.url == reverse(
        "ventanilla:seguimiento", args=[suyo.numero]
    )
    assert client.get(respuesta.url).status_code == 200


def test_however_it_is_typed(client, suyo):
    numero = suyo.numero.lower().replace("-0", " ").replace("-", "")
    codigo = f" {codigo_de(suyo).lower().replace('-', ' ')} "

    assert pedir(client, numero, codigo).status_code == 302


@pytest.mark.parametrize(
    ("escrito", "numero"),
    [
        ("2026-000123-E", "2026-000123-E"),
        ("2026-123-e", "2026-000123-E"),
        ("2026 123", "2026-000123-E"),
        (" 2026000123E ", "2026-000123-E"),
        ("2026.000.123", "2026-000123-E"),
        ("2026-000123-S", ""),
        ("2026", ""),
        ("2026-1234567", ""),
        ("abc", ""),
        ("", ""),
        ("٢٠٢٦-١٢٣", ""),
    ],
)
def test_the_number_is_read_as_people_write_it(escrito, numero):
    assert numero_normalizado(escrito) == numero


def test_wrong_pairs_are_all_alike(client, suyo):
    """One that exists with another's code, one that does not exist, and one annulled, look the same."""
    otro = radicar(en=MOMENTO)
    intentos = [
        (suyo.numero, codigo_de(otro)),
        (suyo.numero, "BCDF-GHJK-MNPQ"),
        (suyo.numero, "0"),
        ("2026-000999-E", codigo_de(suyo)),
    ]
    respuestas = [pedir(client, numero, codigo) for numero, codigo in intentos]

    assert {respuesta.status_code for respuesta in respuestas} == {422}
    mensajes = {tuple(r.context["form"].non_field_errors()) for r in respuestas}
    assert len(mensajes) == 1 and "no van juntos" in mensajes.pop()[0]
    assert CLAVE not in client.session


def test_wrong_pairs_cost_the_same_queries(client, suyo, django_assert_num_queries):
    pedir(client, suyo.numero, "MAL")  # what is read once for the site
    for numero in (suyo.numero, "2026-000999-E"):
        with django_assert_num_queries(6):
            pedir(client, numero, "BCDF-GHJK-MNPQ")


def test_a_code_is_compared_also_when_there_is_no_such_radicado(client, suyo, monkeypatch):
    """Otherwise how long it takes would tell which numbers exist."""
    comparados, de_verdad = [], seguimiento.es_su_codigo
    monkeypatch.setattr(
        seguimiento, "es_su_codigo", lambda *pedido: comparados.append(pedido) or de_verdad(*pedido)
    )
    for numero in (suyo.numero, "2026-000999-E"):
        pedir(client, numero, "BCDF-GHJK-MNPQ")
    assert len(comparados) == 2


@pytest.mark.parametrize(
    ("numero", "codigo", "campo"), [("", "X", "numero"), ("hola", "X", "numero"), ("2026-1", "", "codigo")]
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, ventanilla, numero, codigo, campo):
    respuesta = pedir(client, numero, codigo)

    assert respuesta.status_code == 422 and campo in respuesta.context["form"].errors
    assert numero in respuesta.text and codigo in respuesta.text


def test_five_wrong_codes_of_a_number_close_it_for_a_while_even_to_the_right_one(client, suyo):
    crear_municipio_con_telefono()
    for _ in range(5):
        assert pedir(client, suyo.numero, "MAL").status_code == 422

    frenada = pedir(client, suyo.numero, codigo_de(suyo))

    assert frenada.status_code == 429 and "607 555 0000" in frenada.text
    assert suyo.numero in frenada.text
    with time_machine.travel(MOMENTO + timedelta(minutes=16), tick=False):
        assert pedir(client, suyo.numero, codigo_de(suyo)).status_code == 302


def crear_municipio_con_telefono():
    from portal.models import Municipio

    Municipio.objects.update(telefono="607 555 0000") or crear_municipio(telefono="607 555 0000")


def test_thirty_wrong_codes_from_an_address_stop_that_address_only(client, suyo):
    for n in range(30):
        assert pedir(client, f"2026-{900 + n}", "MAL").status_code == 422

    assert pedir(client, suyo.numero, codigo_de(suyo)).status_code == 429
    desde_otra = client.post(
        CONSULTA, {"numero": suyo.numero, "codigo": codigo_de(suyo)}, REMOTE_ADDR="203.0.113.9"
    )
    assert desde_otra.status_code == 302


def test_right_codes_are_not_counted(client, suyo):
    for _ in range(12):
        assert pedir(client, suyo.numero, codigo_de(suyo)).status_code == 302
    assert set(Freno.objects.values_list("veces", flat=True)) == {0}


def test_a_try_is_given_back_only_once_counted(ventanilla):
    cada = timedelta(minutes=15)
    freno.devolver("algo", "alguien", cada=cada)
    assert freno.intentar("algo", "alguien", maximo=1, cada=cada)
    freno.devolver("algo", "alguien", cada=cada)
    freno.devolver("algo", "alguien", cada=cada)
    assert freno.intentar("algo", "alguien", maximo=1, cada=cada)
    assert not freno.intentar("algo", "alguien", maximo=1, cada=cada)


@pytest.mark.parametrize("metodo", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, ventanilla, metodo):
    assert getattr(client, metodo)(CONSULTA).status_code == 405


def test_half_an_hour_alone_closes_it(client, suyo):
    pedir(client, suyo.numero, codigo_de(suyo))
    pagina = reverse("ventanilla:seguimiento", args=[suyo.numero])
    with time_machine.travel(MOMENTO + INACTIVIDAD - timedelta(minutes=1), tick=False):
        assert client.get(pagina).status_code == 200
    with time_machine.travel(MOMENTO + INACTIVIDAD * 2 - timedelta(minutes=2), tick=False):
        assert client.get(pagina).status_code == 200  # the visit in between counted
    with time_machine.travel(MOMENTO + INACTIVIDAD * 4, tick=False):
        respuesta = client.get(pagina)
    assert respuesta.status_code == 302 and respuesta.url == f"{CONSULTA}?numero={suyo.numero}"


def test_what_was_being_written_when_it_closed_is_not_lost(client, suyo):
    mensaje = reverse("ventanilla:actuar", args=[suyo.numero, "mensaje"])

    respuesta = client.post(mensaje, {"texto": "Falta el número de la casa: 4-20", "clave": uuid4()})

    assert respuesta.status_code == 403 and "4-20" in respuesta.text
    abierta = pedir(client, suyo.numero, codigo_de(suyo), texto="Falta el número de la casa: 4-20")
    assert abierta.status_code == 200
    assert "Falta el número de la casa: 4-20" in abierta.text and not suyo.mensajes.exists()


def test_leaving_forgets_it(client, suyo):
    pedir(client, suyo.numero, codigo_de(suyo))
    salir = reverse("ventanilla:salir", args=[suyo.numero])
    assert client.get(salir).status_code == 405

    respuesta = client.post(salir, follow=True)

    assert "Cerró el radicado" in respuesta.text
    assert client.get(reverse("ventanilla:seguimiento", args=[suyo.numero])).status_code == 302


def test_the_code_is_nowhere_in_the_session(client, suyo):
    pedir(client, suyo.numero, codigo_de(suyo))

    assert codigo_de(suyo) not in str(dict(client.session))
    assert timezone.now().timestamp() == client.session[CLAVE][suyo.numero]


def test_what_was_left_alone_is_no_longer_in_the_session(client, suyo):
    otro = radicar("denuncia", persona=None, en=MOMENTO)
    pedir(client, otro.numero, codigo_de(otro))
    with time_machine.travel(MOMENTO + INACTIVIDAD * 2, tick=False):
        pedir(client, suyo.numero, codigo_de(suyo))
        assert set(client.session[CLAVE]) == {suyo.numero}
