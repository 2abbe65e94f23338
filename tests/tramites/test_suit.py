"""An official ficha of the SUIT read into a draft: what is understood, what is told, what is refused."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.flujo import SinPermiso, TransicionRechazada
from tests.tramites.builders import crear_tramite
from tests.tramites.test_importacion import estado_de_todo
from tramites.models import Audiencia, HojaDeVida, PuntoDeAtencion, Tramite
from tramites.suit import FichaRechazada, importar_ficha

FICHA: dict[str, Any] = {
    "nombre": "Certificado de estratificación socioeconómica",
    "proposito": "<p>Obtener el certificado que indica el <b>estrato</b> de un predio.</p>",
    "productoFinal": "Certificado de estratificación",
    "palabrasRelacionadas": "Estrato, papel del estrato; certificado",
    "tipoMedioElectronico": "PARCIAL",
    "urlTramiteEnLinea": "www.ejemplo.gov.co/estrato",
    "urlManualTramiteEnLinea": None,
    "tiempoObtencion": 3,
    "tiempoObtencionTipo": "DIA",
    "tiempoObtencionObservaciones": "Si el predio está en la base.",
    "mediosResultadoList": [{"nombre": "Presencial"}, {"nombre": "Correo electrónico"}],
    "fechaCualquiera": True,
    "observaFechaGeneral": "",
    "fundamentoLegalList": [
        {"tipoNorma": {"id": 8, "nombre": "Ley"}, "numero": "142", "ano": 1994, "articulos": "101"},
        {"tipoNorma": {"id": 15}, "numero": 70, "ano": "2011", "urlNorma": "https://norma.gov.co/70"},
        {"tipoNorma": {"id": 6, "nombre": "Documento"}, "archivo": {"id": 9, "nombre": "Guía.pdf"}},
    ],
    "momentos": [
        {
            "orden": 2,
            "descripcion": "Pagar",
            "requisitos": [
                {
                    "orden": 1,
                    "tipoRequisito": "PAGO",
                    "descripcionVerificado": "Valor del certificado",
                    "urlPago": "https://pagos.gov.co",
                    "valoresPago": [
                        {"valor": "0.5", "tipoMoneda": {"nombre": "UVT"}, "descripcion": "por predio"}
                    ],
                    "pagosEntidad": [
                        {
                            "entidadRecaudadora": {"nombre": "Banco de aquí"},
                            "tipoCuenta": "Ahorros",
                            "numeroCuenta": "00012",
                            "nombreCuenta": "Municipio",
                        }
                    ],
                }
            ],
        },
        {
            "orden": 1,
            "descripcion": "Reunir documentos",
            "requisitos": [
                {
                    "orden": 2,
                    "tipoRequisito": "DOCUMENTO",
                    "nombreDocumento": "Recibo de un servicio público",
                    "anotacionAdicional": "De los últimos dos meses.",
                    "tiposAudiencias": [{"nombre": "Ciudadano"}],
                    "tramiteExcepcion": {"descripcion": "Si el predio no está en la base"},
                },
                {
                    "orden": 1,
                    "tipoRequisito": "FORMULARIO",
                    "formulario": {"nombre": "Solicitud", "urlFormulario": "https://formas.gov.co/1"},
                    "tramiteExcepcion": None,
                },
            ],
        },
        {
            "orden": 3,
            "descripcion": "Radicar",
            "requisitos": [
                {
                    "tipoRequisito": "SOLICITUD",
                    "descripcionSolicitud": "Entregue la solicitud",
                    "canales": [{"tipoCanal": "PRESENCIAL"}],
                },
                {"tipoRequisito": "VERIFICACION_INSTITUCIONAL", "descripcionVerificado": "Estar en la base"},
            ],
        },
    ],
    "puntosAtencionList": [
        {
            "nombre": "Oficina de Planeación",
            "direccion": "Carrera 2 n.º 2-35",
            "telefono": "6075551234",
            "horarioAtencion": "8 a 12",
            "municipio": {"nombre": "PUERTO SANTANDER"},
            "geoLatitud": "8.363",
            "geoLongitud": "-72.407",
        }
    ],
    "tiposAudienciaList": [{"nombre": "Ciudadano", "audiencias": []}, {"nombre": "Organizaciones"}],
    "seguimientoTelefonicoList": [{"numero": "607 555 1234"}],
    "seguimientoEmailList": [{"email": "planeacion@ejemplo.gov.co"}],
    "seguimientoPresencial": None,
    "seguimientoWebList": [],
}


def ficha(**cambios) -> str:
    return json.dumps(deepcopy(FICHA) | cambios)


def con_requisito(**campos) -> str:
    """A ficha of one momento with one requisito."""
    return ficha(momentos=[{"descripcion": "Ir", "requisitos": [campos]}])


def abierta(tramite: Tramite) -> HojaDeVida:
    return HojaDeVida.objects.enteras().get(tramite=tramite, estado="borrador")


@pytest.fixture
def tramite(casa) -> Tramite:
    return crear_tramite(casa, "en_creacion", nombre="certificado de ESTRATIFICACION socioeconómica")


# --- What is understood -------------------------------------------------------------------------
def test_every_field_goes_to_its_place(casa, tramite):
    importada = importar_ficha(ficha(), por=casa.suit, tramite=tramite)

    hoja = abierta(importada.tramite)
    assert hoja.nombre == "Certificado de estratificación socioeconómica"
    assert hoja.descripcion == "Obtener el certificado que indica el estrato de un predio."
    assert hoja.palabras_clave == ["estrato", "papel del estrato", "certificado"]
    assert (hoja.grado, hoja.url_en_linea, hoja.url_manual) == (
        "parcial",
        "https://www.ejemplo.gov.co/estrato",
        "",
    )
    assert (hoja.tiempo_cantidad, hoja.tiempo_unidad, hoja.tiempo_inmediato) == (3, "habil", False)
    assert (hoja.medios_entrega, hoja.fecha_cualquiera) == (["presencial", "correo"], True)
    assert [str(norma) for norma in hoja.fundamentos.all()] == [
        "Ley 142 de 1994, art. 101",
        "Resolución 70 de 2011",
        "Guía.pdf",
    ]
    assert [a.slug for a in hoja.audiencias.all()] == ["ciudadano", "organizaciones"]
    assert (hoja.seguimiento, hoja.seguimiento_detalle) == (
        ["telefono", "correo"],
        "607 555 1234; planeacion@ejemplo.gov.co",
    )
    [punto] = hoja.puntos.all()
    assert (punto.nombre, punto.dependencia, punto.telefono) == (
        "Oficina de Planeación",
        casa.planeacion,
        "6075551234",
    )
    assert (str(punto.latitud), str(punto.longitud)) == ("8.36300", "-72.40700")


def test_momentos_and_acciones_come_in_their_order_with_their_details(casa, tramite):
    importar_ficha(ficha(), por=casa.suit, tramite=tramite)

    reunir, pagar, radicar = abierta(tramite).momentos.all()
    formulario, recibo = reunir.acciones.all()
    assert (formulario.tipo, formulario.descripcion, formulario.enlace) == (
        "formulario",
        "Solicitud",
        "https://formas.gov.co/1",
    )
    assert (recibo.tipo, recibo.nota, recibo.es_excepcion, recibo.excepcion_cuando) == (
        "documento",
        "De los últimos dos meses.",
        True,
        "Si el predio no está en la base",
    )
    assert [a.slug for a in recibo.audiencias.all()] == ["ciudadano"]
    [pago] = pagar.acciones.all()
    assert (pago.valor_tipo, pago.formula, pago.forma_de_calculo) == ("uvt", "0,5 UVT", "por predio")
    assert (pago.entidad_recaudadora, pago.cuenta_tipo, pago.cuenta_numero, pago.cuenta_nombre) == (
        "Banco de aquí",
        "Ahorros",
        "00012",
        "Municipio",
    )
    assert [(a.tipo, a.canal) for a in radicar.acciones.all()] == [
        ("solicitud", "presencial"),
        ("condicion", ""),
    ]


@pytest.mark.parametrize("envoltura", [{"fi": 18926, "data": {"json": FICHA}}, {"data": FICHA}, FICHA])
def test_the_answer_of_the_visor_is_read_wrapped_or_not(casa, tramite, envoltura):
    importada = importar_ficha(json.dumps(envoltura), por=casa.suit, tramite=tramite)

    assert abierta(tramite).resultado == "Certificado de estratificación"
    assert any("18926" in aviso for aviso in importada.avisos) is ("fi" in envoltura)


def test_the_number_of_the_suit_is_never_taken_from_it(casa, tramite):
    importar_ficha(json.dumps({"fi": 18926, "data": {"json": FICHA}}), por=casa.suit, tramite=tramite)

    tramite.refresh_from_db()
    assert tramite.numero_suit is None


def test_what_the_ficha_does_not_say_stays(casa, tramite):
    importar_ficha(ficha(), por=casa.suit, tramite=tramite)

    importar_ficha(
        json.dumps({"nombre": FICHA["nombre"], "momentos": FICHA["momentos"]}), por=casa.suit, tramite=tramite
    )

    hoja = abierta(tramite)
    assert (hoja.descripcion[:7], hoja.tiempo_cantidad, hoja.fundamentos.count()) == ("Obtener", 3, 3)


def test_a_requirement_keeps_the_norm_that_a_person_gave_it(casa):
    tramite = crear_tramite(casa, "en_correccion")
    ley = {"tipoNorma": {"id": 7}, "numero": "142", "ano": 1994, "articulos": "101"}

    importar_ficha(ficha(fundamentoLegalList=[ley]), por=casa.suit, tramite=tramite)

    normas = {a.descripcion: a.fundamento and str(a.fundamento) for a in abierta(tramite).acciones()}
    assert normas["Recibo de un servicio público"] == "Ley 142 de 1994, art. 101"
    assert normas["Solicitud"] is None


def test_what_is_public_does_not_change(casa):
    tramite = crear_tramite(casa, publicado=True)

    importada = importar_ficha(ficha(), por=casa.suit, tramite=tramite)

    assert importada.tramite.estado == "en_actualizacion"
    assert importada.tramite.hoja_publica.nombre == tramite.nombre
    assert abierta(tramite).editada_por == casa.suit


def test_without_a_tramite_it_is_found_by_number_or_by_name(casa, tramite):
    otro = crear_tramite(casa)

    por_nombre = importar_ficha(ficha(), por=casa.suit)
    por_numero = importar_ficha(json.dumps({"fi": otro.numero_suit, "data": FICHA}), por=casa.suit)

    assert (por_nombre.tramite, por_numero.tramite) == (tramite, otro)
    with pytest.raises(FichaRechazada, match="no hay un trámite que se llame «Otro»"):
        importar_ficha(ficha(nombre="Otro"), por=casa.suit)


# --- What is told -------------------------------------------------------------------------------
CEDULA = {"tipoRequisito": "DOCUMENTO", "nombreDocumento": "Cédula"}
DOS_VECES = [
    CEDULA | {"tiposAudiencias": [{"nombre": "Ciudadano"}]},
    CEDULA | {"nombreDocumento": "CEDULA", "tiposAudiencias": [{"nombre": "Organizaciones"}]},
]
AVISOS = {
    "a repeated requisito": (
        {"momentos": [{"descripcion": "Ir", "requisitos": DOS_VECES}]},
        "«CEDULA» estaba repetido en el momento 1",
    ),
    "a mobile": ({"seguimientoTelefonicoList": [{"numero": "+57 310 555 1234"}]}, "Se omitió un celular"),
    "out of Colombia": (
        {"puntosAtencionList": [{"nombre": "Lejos", "geoLatitud": "40.4", "geoLongitud": "-3.7"}]},
        "«Lejos» caen fuera de Colombia",
    ),
    "another municipality": (
        {"puntosAtencionList": [{"nombre": "Lejos", "municipio": {"nombre": "Cúcuta"}}]},
        "«Lejos» queda en Cúcuta",
    ),
    "a new place": ({}, "Se agregó el punto de atención «Oficina de Planeación»"),
    "months": ({"tiempoObtencion": 2, "tiempoObtencionTipo": "MES"}, "tiempo de obtención «2 MES»"),
    "an unknown field": ({"campoNuevo": "algo"}, "No se leyó: campoNuevo"),
    "a bad address": ({"urlTramiteEnLinea": "javascript:alert(1)"}, "no es una dirección de internet"),
    "a long purpose": ({"proposito": "x" * 1200}, "Se acortó «proposito» a 1000 caracteres"),
    "a medium": ({"mediosResultadoList": [{"nombre": "Paloma"}]}, "medio de entrega «Paloma»"),
    "an audience": ({"tiposAudienciaList": [{"nombre": "Marcianos"}]}, "la audiencia «Marcianos»"),
    "a grade": ({"tipoMedioElectronico": "QUIZAS"}, "medio electrónico «QUIZAS»"),
    "a long popular name": ({"palabrasRelacionadas": ["x" * 61]}, "demasiado largo para ser otro nombre"),
    "a file of a norm": ({}, "El archivo de la norma"),
}


@pytest.mark.parametrize("cambios, aviso", AVISOS.values(), ids=AVISOS)
def test_what_is_left_out_or_not_understood_is_told(casa, tramite, cambios, aviso):
    importada = importar_ficha(ficha(**cambios), por=casa.suit, tramite=tramite)

    assert any(aviso in dicho for dicho in importada.avisos), importada.avisos


def test_a_repeated_requisito_is_one_for_both_audiences(casa, tramite):
    importar_ficha(ficha(**AVISOS["a repeated requisito"][0]), por=casa.suit, tramite=tramite)

    [cedula] = abierta(tramite).acciones()
    assert {a.slug for a in cedula.audiencias.all()} == {"ciudadano", "organizaciones"}


def test_a_mobile_and_a_place_elsewhere_leave_no_trace(casa, tramite):
    importar_ficha(
        ficha(
            seguimientoTelefonicoList=[{"numero": "3105551234, 607 555 1234"}],
            puntosAtencionList=[
                {"nombre": "Aquí", "telefono": "310 555 1234", "geoLatitud": 91, "geoLongitud": "x"},
                {"nombre": "Lejos", "municipio": {"nombre": "Cúcuta"}},
            ],
        ),
        por=casa.suit,
        tramite=tramite,
    )

    assert abierta(tramite).seguimiento_detalle == "607 555 1234; planeacion@ejemplo.gov.co"
    aqui = PuntoDeAtencion.objects.get(nombre="Aquí")
    assert (aqui.telefono, aqui.latitud, aqui.longitud) == ("", None, None)
    assert not PuntoDeAtencion.objects.filter(nombre="Lejos").exists()


def test_a_place_that_exists_is_used_as_it_is(casa, tramite):
    importar_ficha(
        ficha(puntosAtencionList=[{"nombre": casa.punto.nombre, "direccion": "Otra"}]),
        por=casa.suit,
        tramite=tramite,
    )

    assert list(abierta(tramite).puntos.all()) == [casa.punto]
    casa.punto.refresh_from_db()
    assert casa.punto.direccion == ""


@pytest.mark.parametrize(
    "valor, esperado",
    [
        ({"valor": 17100, "tipoValor": "FIJO"}, ("fijo", "17.100")),
        ({"valor": "2", "tipoValor": "SMDLV"}, ("smdlv", "2 SMDLV")),
        ({"valor": 10, "tipoValor": "Avalúo y/o liquidación"}, ("liquidacion", "")),
        ({"valor": None}, ("", "")),
        ({"valor": "gratis"}, ("", "")),
        ({"valor": "-5"}, ("", "")),
    ],
)
def test_the_kind_of_value_gives_the_formula(casa, tramite, valor, esperado):
    importar_ficha(con_requisito(tipoRequisito="PAGO", valoresPago=[valor]), por=casa.suit, tramite=tramite)

    [pago] = abierta(tramite).pagos()
    assert (pago.valor_tipo, pago.formula) == esperado


def test_a_payment_with_several_values_is_several_payments(casa, tramite):
    valores = [{"valor": 1, "descripcion": "urbano"}, {"valor": 2, "descripcion": "rural"}]

    importar_ficha(
        con_requisito(tipoRequisito="PAGO", descripcionVerificado="Derechos", valoresPago=valores),
        por=casa.suit,
        tramite=tramite,
    )

    assert [(p.descripcion, p.formula) for p in abierta(tramite).pagos()] == [
        ("Derechos: urbano", "1"),
        ("Derechos: rural", "2"),
    ]


def test_sub_audiences_go_before_their_group(casa, tramite):
    Audiencia.objects.create(nombre="Adulto mayor", slug="adulto-mayor", grupo=casa.ciudadano)
    grupo = {"nombre": "Ciudadano", "audiencias": [{"nombre": "adulto mayor"}, {"nombre": "Otra"}]}

    importar_ficha(ficha(tiposAudienciaList=[grupo]), por=casa.suit, tramite=tramite)

    assert [a.slug for a in abierta(tramite).audiencias.all()] == ["adulto-mayor"]


# --- What is refused ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "texto, razon",
    [
        ("", "no es JSON"),
        ("hola", "no es JSON"),
        ("[" * 100_000, "no es JSON"),
        ("[1, 2]", "no es una ficha"),
        ('{"nombre": "Sin momentos"}', "no trae nombre o momentos"),
        ('{"momentos": []}', "no trae nombre o momentos"),
        ('{"data": {"json": "texto"}}', "no es una ficha"),
        ("x" * 2_000_001, "demasiado grande"),
        ('{"nombre": 1e999, "momentos": []}', "no hay un trámite|no trae nombre"),
    ],
)
def test_what_is_not_a_ficha_is_refused(casa, texto, razon):
    with pytest.raises(FichaRechazada, match=razon):
        importar_ficha(texto, por=casa.suit)


def test_a_momento_without_acciones_is_refused_and_nothing_changes(casa, tramite):
    antes = estado_de_todo()
    momentos = [*FICHA["momentos"], {"orden": 4, "descripcion": "Recibir", "requisitos": []}]

    with pytest.raises(FichaRechazada, match="El momento 4, «Recibir», no tiene acciones"):
        importar_ficha(ficha(momentos=momentos), por=casa.suit, tramite=tramite)

    assert estado_de_todo() == antes


def test_what_does_not_fit_in_a_hoja_is_refused_and_leaves_not_even_a_place(casa, tramite):
    antes = estado_de_todo()
    sin_nombre = FICHA["momentos"][0] | {"descripcion": " "}

    with pytest.raises(FichaRechazada, match="no cabe en la hoja de vida: paso 1: "):
        importar_ficha(ficha(momentos=[sin_nombre]), por=casa.suit, tramite=tramite)

    assert estado_de_todo() == antes


def test_who_may_not_write_it_adds_not_even_a_place(casa, tramite):
    antes = estado_de_todo()

    for nadie in (casa.tesorero, casa.admin):
        with pytest.raises(SinPermiso):
            importar_ficha(ficha(), por=nadie, tramite=tramite)

    assert estado_de_todo() == antes


@pytest.mark.parametrize("estado", ["enviado", "en_evaluacion", "suprimido"])
def test_when_it_is_not_the_moment_nothing_changes(casa, estado):
    tramite = crear_tramite(casa, estado)
    antes = estado_de_todo()

    with pytest.raises(TransicionRechazada, match="no admite cambios"):
        importar_ficha(ficha(), por=casa.suit, tramite=tramite)

    assert estado_de_todo() == antes


# --- Whatever comes -----------------------------------------------------------------------------
CLAVES = st.sampled_from(["nombre", "id", "orden", "valor"])
RARO = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8) | st.floats(),
    lambda dentro: st.lists(dentro, max_size=3) | st.dictionaries(CLAVES, dentro, max_size=3),
    max_leaves=6,
)


@given(campo=st.sampled_from(sorted(FICHA)), raro=RARO)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_of_a_field_breaks_the_reading(casa, tramite, campo, raro):
    try:
        importar_ficha(ficha(**{campo: raro}), por=casa.suit, tramite=tramite)
    except FichaRechazada as rechazo:
        assert str(rechazo)


@given(campo=st.sampled_from(["tipoRequisito", "nombreDocumento", "formulario", "valoresPago", "pagosEntidad",
                              "canales", "puntosAtencion", "tramiteExcepcion", "tiposAudiencias", "urlPago"]),
       raro=RARO)  # fmt: skip
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_of_a_requisito_breaks_the_reading(casa, tramite, campo, raro):
    requisito = {"tipoRequisito": "PAGO", "nombreDocumento": "Pago"} | {campo: raro}

    importar_ficha(con_requisito(**requisito), por=casa.suit, tramite=tramite)
