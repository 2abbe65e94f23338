"""A part of the answer asked to another unit."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from tests.ventanilla.builders import escribir_respuesta, llevar, radicar
from ventanilla import subcasos
from ventanilla.flujo import dar_paso
from ventanilla.models import LecturaReservada, Subcaso


def manana():
    return DiasHabiles().sumar(timezone.localdate(), 1)


def pedir(casa, radicado, **otros) -> Subcaso:
    valores = {
        "dependencia": casa.hacienda,
        "pregunta": "¿Está al día con el predial?",
        "vence": manana(),
        "por": casa.jefe,
    }
    return subcasos.pedir(radicado, **valores | otros)


@pytest.fixture
def radicado(ventanilla):
    return llevar(ventanilla, radicar(), "en_tramite")


# --- Asking --------------------------------------------------------------------------------------
def test_it_is_asked_from_the_page(client, ventanilla, radicado):
    client.force_login(ventanilla.jefe)
    ruta = reverse("ventanilla:pedir_subcaso", args=[radicado.numero])
    datos = {
        "dependencia": ventanilla.hacienda.pk,
        "pregunta": "¿Está al día?",
        "vence": manana().isoformat(),
    }

    assert client.get(ruta).status_code == 405
    assert client.post(ruta, datos).status_code == 302
    repetido = client.post(ruta, datos)
    assert repetido.status_code == 422 and "ya se le pidió" in repetido.text
    assert Subcaso.objects.count() == 1
    assert "Se pidió a Hacienda" in client.get(radicado.get_absolute_url()).text


@pytest.mark.parametrize(
    ("quien", "codigo"), [("radicadora", 403), ("tesorero", 404), ("auxiliar", 404), ("admin", 403)]
)
def test_only_whoever_handles_it_asks(client, ventanilla, radicado, quien, codigo):
    client.force_login(getattr(ventanilla, quien))

    ruta = reverse("ventanilla:pedir_subcaso", args=[radicado.numero])
    assert client.post(ruta, {}).status_code == codigo
    with pytest.raises(SinPermiso):
        pedir(ventanilla, radicado, por=getattr(ventanilla, quien))


def test_the_date_is_a_working_day_before_the_legal_one(ventanilla, radicado):
    hoy = timezone.localdate()
    domingo = hoy + timedelta(days=6 - hoy.weekday())
    for vence in (hoy - timedelta(days=1), domingo, radicado.vence):
        with pytest.raises(ValidationError) as error:
            pedir(ventanilla, radicado, vence=vence)
        assert error.value.message_dict["vence"], vence


def test_of_a_late_one_any_day_will_do(ventanilla, radicado):
    tarde = timezone.now() + timedelta(days=60)
    vence = DiasHabiles().sumar(timezone.localdate(tarde), 2)

    assert pedir(ventanilla, radicado, vence=vence, en=tarde).vence == vence


def test_not_to_oneself_nor_to_an_office_that_is_closed(ventanilla, radicado):
    ventanilla.hacienda.activa = False
    for dependencia in (ventanilla.planeacion, ventanilla.hacienda):
        with pytest.raises(ValidationError) as error:
            pedir(ventanilla, radicado, dependencia=dependencia)
        assert error.value.message_dict["dependencia"]


def test_not_before_somebody_has_it_nor_when_it_ended(ventanilla):
    for radicado in (radicar(), llevar(ventanilla, radicar(), "respondido")):
        with pytest.raises(EstadoInadecuado):
            pedir(ventanilla, radicado, por=ventanilla.secretaria)


# --- Answering -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("accion", "estado"), [("responder", "respondido"), ("devolver", "devuelto")])
def test_its_head_answers_or_returns_it_once(client, ventanilla, radicado, accion, estado):
    subcaso = pedir(ventanilla, radicado)
    ruta = reverse("ventanilla:subcaso", args=[subcaso.pk])
    client.force_login(ventanilla.tesorero)
    assert "predial" in client.get(ruta).text

    vacio = client.post(ruta, {"accion": accion, "respuesta": " "})
    assert vacio.status_code == 422 and "Escriba la respuesta." in vacio.text
    for _vez in range(2):
        assert client.post(ruta, {"accion": accion, "respuesta": "Sí."}).status_code == 302
    otra = client.post(ruta, {"accion": accion, "respuesta": "Más bien no."})
    assert otra.status_code == 409 and "Más bien no." in otra.text and "Ya se contestó" in otra.text
    subcaso.refresh_from_db()
    assert (subcaso.estado, subcaso.respuesta) == (estado, "Sí.")
    assert radicado.actuaciones.filter(accion=f"{accion}_subcaso", publica=False).count() == 1


@pytest.mark.parametrize(
    ("quien", "lee", "escribe"),
    [
        *(("tesorero", 200, 302), ("secretaria", 200, 302)),
        *(("jefe", 200, 403), ("radicadora", 200, 403), ("auxiliar", 404, 404), ("admin", 403, 403)),
    ],
)
def test_who_reads_it_and_who_answers(client, ventanilla, radicado, quien, lee, escribe):
    subcaso = pedir(ventanilla, radicado)
    ruta = reverse("ventanilla:subcaso", args=[subcaso.pk])
    assert client.get(ruta).status_code == 302

    client.force_login(getattr(ventanilla, quien))
    assert client.get(ruta).status_code == lee
    assert client.put(ruta).status_code == 405
    assert client.post(ruta, {"respuesta": "Sí."}).status_code == escribe


def test_the_service_asks_again_whoever_calls(ventanilla, radicado):
    subcaso = pedir(ventanilla, radicado)

    with pytest.raises(SinPermiso):
        subcasos.responder(subcaso, respuesta="Sí.", por=ventanilla.jefe)
    with pytest.raises(CondicionIncumplida):
        subcasos.responder(subcaso, respuesta="  ", por=ventanilla.tesorero)
    dar_paso("desistir", radicado, por=ventanilla.jefe, motivo="Lo pidió.")
    with pytest.raises(EstadoInadecuado):
        subcasos.responder(subcaso, respuesta="Sí.", por=ventanilla.tesorero)


def test_of_a_reserved_one_the_unit_reads_the_question_and_no_more(client, ventanilla):
    denuncia = llevar(ventanilla, radicar("denuncia", asunto="Construyen sin permiso"), "en_tramite")
    subcaso = pedir(ventanilla, denuncia)
    client.force_login(ventanilla.tesorero)

    texto = client.get(reverse("ventanilla:subcaso", args=[subcaso.pk])).text
    assert "predial" in texto and "Construyen" not in texto and "Ana" not in texto
    assert denuncia.get_absolute_url() not in texto
    assert client.get(denuncia.get_absolute_url()).status_code == 404
    assert LecturaReservada.objects.get().usuario == ventanilla.tesorero


def test_while_it_is_not_answered_the_answer_does_not_go_to_be_signed(ventanilla, radicado):
    subcaso = pedir(ventanilla, radicado)
    escribir_respuesta(radicado, por=ventanilla.jefe)

    with pytest.raises(CondicionIncumplida, match="otras dependencias"):
        dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    subcasos.responder(subcaso, respuesta="Sí.", por=ventanilla.tesorero)
    assert dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe).estado == "por_firmar"


def test_one_that_does_not_exist_is_a_404(client, ventanilla):
    client.force_login(ventanilla.secretaria)

    assert client.get(reverse("ventanilla:subcaso", args=[999_999])).status_code == 404
