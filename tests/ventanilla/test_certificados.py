"""The certificate of an online trámite: what it says, what it lacks, how long it holds, its annulment."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Correo
from tests.builders import en_fecha
from tests.ventanilla.builders_en_linea import certificar, crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla import certificados
from ventanilla.certificados import anular, huecos, rellenar, vigente_hasta
from ventanilla.models import Salida


@pytest.fixture
def casa(db):
    return crear_casa_en_linea()


@pytest.fixture
def certificado(casa):
    return certificar(casa, solicitar(crear_en_linea(casa)))


# --- What it says --------------------------------------------------------------------------------
def test_it_says_what_the_person_and_the_office_answered_on_the_day_it_is_signed(casa):
    radicado = solicitar(crear_en_linea(casa), en=en_fecha("2026-07-01"))

    salida = certificar(casa, radicado, en=en_fecha("2026-07-02"))

    assert salida.titulo == "Certificado de estratificación"
    assert salida.texto == (
        "Que el predio ubicado en Calle 3 n.º 4-15 es de estrato 2.\n\n"
        "Se expide a solicitud de Ana Rojas Peña, CC 1090123456, el 2 de julio de 2026. "
        "{Nada} se ejecuta."
    )
    assert salida.datos == [
        ["Dirección del predio", "Calle 3 n.º 4-15"],
        ["¿Para qué se usa?", "Vivienda"],
        ["Estrato", "2"],
    ]
    assert salida.vigente_hasta is None and salida.numero == "2026-000002-S"
    respuesta = salida.radicado.salidas.get(clase="respuesta")
    assert respuesta.numero == "2026-000003-S"


@pytest.mark.parametrize("escrito", ["<script>alert(1)</script>", "{nombre}", "{0.__class__}", "%s {{ x }}"])
def test_what_a_person_writes_is_only_text(casa, escrito):
    radicado = solicitar(crear_en_linea(casa), respuestas={"direccion": escrito, "uso": "Vivienda"})

    assert f"ubicado en {escrito} es" in certificar(casa, radicado).texto


def test_codes_are_found_and_filled_once_and_the_rest_stays():
    texto = "{a} y {b_2}, {a}; { a } {A} {1a} {} {{a}}"

    assert huecos(texto) == ["a", "b_2", "a", "a"]
    assert rellenar(texto, {"a": "{b_2}", "b_2": "dos"}) == ("{b_2} y dos, {b_2}; { a } {A} {1a} {} {{b_2}}")
    assert rellenar("{nadie}", {}) == "{nadie}"


@pytest.mark.parametrize(
    "hoja, hasta",
    [
        ({"vigencia_unidad": "indefinida"}, None),
        ({"vigencia_unidad": "dias", "vigencia_cantidad": 30}, "2026-03-02"),
        ({"vigencia_unidad": "meses", "vigencia_cantidad": 1}, "2026-02-28"),
        ({"vigencia_unidad": "anios", "vigencia_cantidad": 1}, "2027-01-31"),
    ],
)
def test_it_holds_as_long_as_the_hoja_says(casa, hoja, hasta):
    radicado = solicitar(crear_en_linea(casa, hoja=hoja))

    assert vigente_hasta(radicado.hoja, date(2026, 1, 31)) == (hasta and date.fromisoformat(hasta))
    assert vigente_hasta(None, date(2026, 1, 31)) is None


# --- What keeps it from being signed -------------------------------------------------------------
@pytest.mark.parametrize(
    "proyecto, dice",
    [
        ({"datos": {}}, "le falta: «Estrato»"),
        ({"sentido": "negada"}, "niega lo pedido"),
    ],
)
def test_it_is_not_signed_with_that_and_nothing_goes_out(casa, proyecto, dice):
    radicado = solicitar(crear_en_linea(casa))

    with pytest.raises(CondicionIncumplida, match=dice):
        certificar(casa, radicado, **proyecto)

    assert not Salida.objects.exists()


def test_a_tramite_without_certificate_gives_none(casa):
    formulario = crear_en_linea(casa)
    type(formulario).objects.filter(pk=formulario.pk).update(certificado_titulo="", certificado_texto="")

    with pytest.raises(CondicionIncumplida, match="no expide certificado"):
        certificar(casa, solicitar(type(formulario).objects.get(pk=formulario.pk)))


# --- Its annulment -------------------------------------------------------------------------------
def test_the_head_who_signs_annuls_it_and_the_person_is_told(casa, certificado):
    anular(certificado, motivo="El estrato  era otro.", por=casa.jefe)

    guardado = Salida.objects.get(pk=certificado.pk)
    assert guardado.anulada_por == casa.jefe and guardado.anulada_razon == "El estrato era otro."
    assert guardado.texto == certificado.texto and guardado.numero == certificado.numero
    hecho = certificado.radicado.actuaciones.get(accion="anular_certificado")
    assert hecho.publica and "El estrato era otro." in hecho.detalle and hecho.cargo == casa.cargo_jefe
    correo = Correo.objects.get(clave=f"anulado:{certificado.clave}")
    assert certificado.numero in correo.texto and "El estrato era otro." in correo.texto


@pytest.mark.parametrize("quien", ["auxiliar", "tesorero", "radicadora", "suit", "admin"])
def test_nobody_else_does(casa, certificado, quien):
    with pytest.raises(SinPermiso):
        anular(certificado, motivo="No.", por=getattr(casa, quien))

    assert Salida.objects.get(pk=certificado.pk).anulada_en is None


def test_only_a_certificate_with_a_reason_and_once(casa, certificado):
    for motivo in ("", "   ", "x" * 301):
        with pytest.raises(CondicionIncumplida, match="por qué"):
            anular(certificado, motivo=motivo, por=casa.secretaria)
    with pytest.raises(CondicionIncumplida, match="Solo se anulan certificados"):
        anular(certificado.radicado.salidas.get(clase="respuesta"), motivo="No.", por=casa.jefe)
    anular(certificado, motivo="No.", por=casa.secretaria)

    with pytest.raises(EstadoInadecuado, match="ya se anuló"):
        anular(certificado, motivo="No.", por=casa.jefe)
    with pytest.raises(IntegrityError), transaction.atomic():
        certificado.delete()
    assert certificados.DE_TODOS.keys() == {"numero", "fecha", "nombre", "documento"}
