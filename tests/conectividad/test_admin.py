"""The lines in the admin; cuts and closings, only read there."""

import pytest

from conectividad.models import Enlace
from tests.conectividad.builders import crear_cierre, crear_incidente

ENLACES = "/admin/conectividad/enlace/"
LISTAS = [ENLACES, "/admin/conectividad/incidente/", "/admin/conectividad/cierremensual/"]


def formulario(enlace, **campos) -> dict[str, str]:
    """What the page of a line sends, with one objective."""
    return {
        "nombre": enlace.nombre,
        "slug": enlace.slug,
        "lugar": enlace.lugar,
        "proveedor": enlace.proveedor,
        "descuento": "sin_pactar",
        "horas": "habiles",
        "fallas_para_abrir": "3",
        "aciertos_para_cerrar": "2",
        "activo": "on",
        "objetivos-TOTAL_FORMS": "1",
        "objetivos-INITIAL_FORMS": "0",
        "objetivos-0-nombre": "Portal de la Nación",
        "objetivos-0-tipo": "tcp",
        "objetivos-0-destino": "127.0.0.1:80",
        "objetivos-0-activo": "on",
    } | campos


@pytest.mark.parametrize("lista", LISTAS)
@pytest.mark.parametrize(
    "quien, codigo", [("secretaria", 200), ("admin", 200), ("jefe", 403), ("auxiliar", 403)]
)
def test_who_sees_the_tables(casa, gente, client, lista, quien, codigo):
    crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00")
    crear_cierre(casa, "2026-10")
    client.force_login(gente[quien])

    assert client.get(lista).status_code == codigo


def test_a_line_is_changed_with_its_objectives_and_keeps_its_history(casa, client):
    client.force_login(casa.secretaria)
    url = f"{ENLACES}{casa.enlace.pk}/change/"

    respuesta = client.post(url, formulario(casa.enlace, proveedor="Otro proveedor"))

    assert respuesta.status_code == 302
    assert Enlace.objects.get().proveedor == "Otro proveedor"
    assert casa.enlace.objetivos.get().destino == "127.0.0.1:80"
    assert casa.enlace.history.first().history_user == casa.secretaria
    assert "Otro proveedor" in client.get(f"{ENLACES}{casa.enlace.pk}/history/").text


@pytest.mark.parametrize(
    "campos, mensaje",
    [
        ({"descuento": "por_punto"}, "Diga qué porcentaje se descuenta por cada punto."),
        ({"contrato_desde": "2026-05-01", "contrato_hasta": "2026-04-01"}, "no puede terminar antes"),
        ({"disponibilidad": "101"}, "100"),
        ({"slug": "con espacio"}, "Use solo letras sin tilde"),
        ({"objetivos-0-destino": "sin puerto"}, ""),
    ],
)
def test_a_contract_that_cannot_be_is_refused(casa, client, campos, mensaje):
    client.force_login(casa.secretaria)

    respuesta = client.post(f"{ENLACES}{casa.enlace.pk}/change/", formulario(casa.enlace, **campos))

    assert respuesta.status_code == 200
    assert mensaje in respuesta.text
    assert not casa.enlace.objetivos.exists()


def test_nothing_is_erased_and_cuts_and_closings_are_only_read(casa, client):
    corte = crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00")
    cierre = crear_cierre(casa, "2026-10")
    client.force_login(casa.admin)

    assert client.post(f"{ENLACES}{casa.enlace.pk}/delete/", {"post": "yes"}).status_code == 403
    for lista, fila in zip(LISTAS[1:], (corte, cierre), strict=True):
        assert client.get(f"{lista}add/").status_code == 403
        assert client.post(f"{lista}{fila.pk}/change/", {}).status_code == 403
        assert client.post(f"{lista}{fila.pk}/delete/", {"post": "yes"}).status_code == 403


def test_their_tables_lead_to_the_log(casa, client):
    corte = crear_incidente(casa, "2026-10-06 08:15", "2026-10-06 10:00")
    crear_cierre(casa, "2026-10")
    client.force_login(casa.secretaria)

    assert corte.get_absolute_url() in client.get(LISTAS[1]).text
    assert f"/panel/conectividad/{casa.enlace.slug}/2026-10/" in client.get(LISTAS[2]).text
