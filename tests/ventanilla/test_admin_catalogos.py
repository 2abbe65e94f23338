"""The catalogues of the ventanilla: who keeps them, and that nothing of them is lost."""

import pytest

from tests.ventanilla.builders import clase, radicar
from ventanilla.models import (
    ClaseDeRadicado,
    Depuracion,
    LecturaReservada,
    PlazoDeActuacion,
    RespuestaTipo,
    TextoDeConsentimiento,
)

BASE = "/admin/ventanilla"
CATALOGOS = ("clasederadicado", "plazodeactuacion", "respuestatipo", "textodeconsentimiento")
REGISTROS = ("lecturareservada", "depuracion")


def formulario(objeto, campos, **cambios) -> dict[str, str]:
    """What its page sends as it is."""
    valores = {campo: getattr(objeto, campo) for campo in campos}
    planos = {c: "on" if v is True else v for c, v in valores.items() if v is not None and v is not False}
    return planos | cambios


DE_CLASE = (
    *("nombre", "descripcion", "ejemplo", "activa", "publica", "orden", "dias", "prorroga", "base_legal"),
    *("firmeza", "fuente", "admite_anonima", "reservada", "doble_firma"),
)


@pytest.mark.parametrize("modelo", CATALOGOS + REGISTROS)
@pytest.mark.parametrize(
    ("quien", "codigo"),
    [("secretaria", 200), ("admin", 200), ("jefe", 403), ("radicadora", 403), ("auxiliar", 403)],
)
def test_who_keeps_them(client, ventanilla, modelo, quien, codigo):
    ruta = f"{BASE}/{modelo}/"
    assert client.get(ruta).status_code == 302

    client.force_login(getattr(ventanilla, quien))
    assert client.get(ruta).status_code == codigo


@pytest.mark.parametrize("modelo", CATALOGOS + REGISTROS)
def test_nothing_is_erased(client, ventanilla, modelo):
    LecturaReservada.objects.create(radicado=radicar(), usuario=ventanilla.jefe, que="El radicado")
    Depuracion.objects.create(que="Datos", regla="Pasaron los años")
    RespuestaTipo.objects.create(nombre="Luces", texto="Gracias.")
    modelos = (
        ClaseDeRadicado,
        PlazoDeActuacion,
        RespuestaTipo,
        TextoDeConsentimiento,
        LecturaReservada,
        Depuracion,
    )
    cual = next(m for m in modelos if m._meta.model_name == modelo).objects.first()
    client.force_login(ventanilla.admin)

    assert client.post(f"{BASE}/{modelo}/{cual.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{BASE}/{modelo}/", {"action": "delete_selected", "_selected_action": cual.pk})
    assert type(cual).objects.filter(pk=cual.pk).exists()


def test_a_kind_is_changed_with_its_history_and_keeps_its_code(client, ventanilla):
    queja = clase("queja")
    client.force_login(ventanilla.secretaria)
    ruta = f"{BASE}/clasederadicado/{queja.pk}/change/"

    enviado = formulario(queja, DE_CLASE, dias=12, firmeza="verificada", codigo="otro-codigo")
    assert client.post(ruta, enviado).status_code == 302
    queja.refresh_from_db()
    assert (queja.dias, queja.firmeza, queja.codigo) == (12, "verificada", "queja")
    assert queja.history.first().history_user == ventanilla.secretaria
    assert "15 → 12" in client.get(f"{BASE}/clasederadicado/{queja.pk}/history/").text


def test_what_was_already_filed_keeps_its_date(client, ventanilla):
    radicado = radicar("queja")
    queja = clase("queja")
    client.force_login(ventanilla.secretaria)

    client.post(f"{BASE}/clasederadicado/{queja.pk}/change/", formulario(queja, DE_CLASE, dias=5))
    antes = radicado.vence
    radicado.refresh_from_db()
    assert radicado.vence == antes


def test_an_extension_in_days_says_how_many(client, ventanilla):
    queja = clase("queja")
    client.force_login(ventanilla.secretaria)

    respuesta = client.post(
        f"{BASE}/clasederadicado/{queja.pk}/change/", formulario(queja, DE_CLASE, prorroga="dias")
    )
    assert respuesta.status_code == 200 and "Si la prórroga es en días, diga cuántos." in respuesta.text


def test_the_terms_of_the_office_are_changed_but_not_invented(client, ventanilla):
    plazo = PlazoDeActuacion.objects.first()
    client.force_login(ventanilla.secretaria)

    assert client.get(f"{BASE}/plazodeactuacion/add/").status_code == 403
    campos = ("nombre", "descripcion", "dias", "base_legal", "firmeza", "fuente")
    ruta = f"{BASE}/plazodeactuacion/{plazo.pk}/change/"
    assert client.post(ruta, formulario(plazo, campos, dias=7)).status_code == 302
    plazo.refresh_from_db()
    assert plazo.dias == 7 and plazo.history.count() >= 1


def test_a_standard_text_says_only_what_can_be_replaced(client, ventanilla):
    client.force_login(ventanilla.secretaria)
    enviado = {"nombre": "Luces", "texto": "Señor {nombre}: {telefono}.", "activa": "on"}

    mal = client.post(f"{BASE}/respuestatipo/add/", enviado)
    assert mal.status_code == 200 and "No sabemos con qué reemplazar: {telefono}." in mal.text
    bien = enviado | {"texto": "Señor {nombre}: el {fecha}.", "clases": [clase("queja").pk]}
    assert client.post(f"{BASE}/respuestatipo/add/", bien).status_code == 302
    assert RespuestaTipo.objects.get().clases.get() == clase("queja")


def test_a_text_of_consent_is_not_changed_another_is_added(client, ventanilla):
    texto = TextoDeConsentimiento.objects.first()
    client.force_login(ventanilla.secretaria)
    nuevo = {"texto": "Otro texto.", "rige_desde_0": "2026-01-02", "rige_desde_1": "08:00"}

    assert client.post(f"{BASE}/textodeconsentimiento/{texto.pk}/change/", nuevo).status_code == 403
    assert client.post(f"{BASE}/textodeconsentimiento/add/", nuevo).status_code == 302
    assert TextoDeConsentimiento.objects.count() == 2


@pytest.mark.parametrize("modelo", REGISTROS)
def test_a_register_is_only_read(client, ventanilla, modelo):
    client.force_login(ventanilla.admin)

    assert client.get(f"{BASE}/{modelo}/add/").status_code == 403


def test_the_register_of_readings_does_not_say_what_was_read(client, ventanilla):
    denuncia = radicar("denuncia", asunto="Construyen sin permiso")
    lectura = LecturaReservada.objects.create(
        radicado=denuncia, usuario=ventanilla.secretaria, que="El radicado"
    )
    client.force_login(ventanilla.admin)

    for ruta in (f"{BASE}/lecturareservada/", f"{BASE}/lecturareservada/{lectura.pk}/change/"):
        texto = client.get(ruta).text
        assert denuncia.numero in texto and "Construyen" not in texto and "Ana" not in texto


@pytest.mark.parametrize("cuantos", [1, 20])
def test_the_register_costs_the_same_however_long(client, ventanilla, django_assert_max_num_queries, cuantos):
    for _vez in range(cuantos):
        LecturaReservada.objects.create(
            radicado=radicar("denuncia"), usuario=ventanilla.secretaria, que="El radicado"
        )
    client.force_login(ventanilla.admin)
    client.get(f"{BASE}/lecturareservada/")

    with django_assert_max_num_queries(12):
        client.get(f"{BASE}/lecturareservada/")
