"""The five cases of modificación estructural, and what looks like one and is not."""

from decimal import Decimal

import pytest
from django.utils import timezone

from tests.tramites.builders import crear_tramite
from tramites.estructural import Caso, cambios
from tramites.flujo import dar_paso
from tramites.hojas import agregar_accion, agregar_fundamento, agregar_momento, editar_hoja, mover
from tramites.models import Audiencia, HojaDeVida, ValorDeReferencia

VALORES = {"UVT": Decimal(50_000), "SMDLV": Decimal(45_000)}


@pytest.fixture
def comparar(casa):
    """What is found between what is inscribed and its draft, after a change of each."""

    def hacerlo(cambio, *, antes=None, valores=VALORES) -> list[tuple[str, str]]:
        tramite = crear_tramite(casa, "en_correccion")
        base = tramite.hoja_abierta()
        if antes:
            _editar(casa, base, antes)
        dar_paso("enviar", tramite, por=casa.suit)
        dar_paso("recoger", tramite, por=casa.suit, motivo="Para comparar.")
        copia = tramite.hoja_abierta()
        _editar(casa, copia, cambio)
        enteras = HojaDeVida.objects.enteras()
        hallados = cambios(enteras.get(pk=base.pk), enteras.get(pk=copia.pk), valores)
        return [(hallado.caso.value, hallado.detalle) for hallado in hallados]

    return hacerlo


def _editar(casa, hoja, cambio):
    with editar_hoja(hoja, por=casa.suit) as fila:
        if callable(cambio):
            cambio(fila)
        else:
            for campo, valor in cambio.items():
                setattr(fila, campo, valor)


def accion(hoja, descripcion):
    return next(a for a in hoja.acciones() if a.descripcion == descripcion)


def cambiar(cual, /, **campos):
    """A change of the action so described."""

    def cambio(hoja):
        hallada = accion(hoja, cual)
        for campo, valor in campos.items():
            setattr(hallada, campo, valor)
        hallada.save()

    return cambio


RECIBO, CERTIFICADO = "Recibo de un servicio público", "Certificado de existencia y representación legal"
PAGO = "Valor del certificado"


def test_nothing_changed_is_nothing_structural(comparar):
    assert comparar({}) == []


# --- 1. Longer answer time ----------------------------------------------------------------------
def dias(cantidad, unidad="habil"):
    return {"tiempo_cantidad": cantidad, "tiempo_unidad": unidad, "tiempo_inmediato": False, "no_aplica": {}}


INMEDIATO: dict[str, object] = {"tiempo_cantidad": None, "tiempo_inmediato": True, "no_aplica": {}}
SIN_TIEMPO = {"tiempo_cantidad": None, "tiempo_inmediato": False, "no_aplica": {"tiempo": "Es un registro."}}


@pytest.mark.parametrize(
    ("antes", "ahora", "detalle"),
    [
        (dias(15), dias(16), "de 15 días hábiles a 16 días hábiles."),
        (dias(15), dias(15), None),
        (dias(15), dias(1), None),
        (dias(15), dias(21, "calendario"), None),
        (dias(21, "calendario"), dias(15), None),
        (dias(15), dias(22, "calendario"), "de 15 días hábiles a 22 días calendario."),
        (dias(20, "calendario"), dias(15), "de 20 días calendario a 15 días hábiles."),
        (dias(1, "calendario"), dias(1), "de 1 día calendario a 1 día hábil."),
        (dias(1), INMEDIATO, None),
        (INMEDIATO, dias(1, "calendario"), "de inmediato a 1 día calendario."),
        (INMEDIATO, INMEDIATO, None),
        (dias(15), SIN_TIEMPO, "de 15 días hábiles a no decirlo."),
        (SIN_TIEMPO, dias(15), None),
        (SIN_TIEMPO, SIN_TIEMPO, None),
    ],
)
def test_answer_time(comparar, antes, ahora, detalle):
    assert comparar(ahora, antes=antes) == ([(Caso.TIEMPO.value, detalle)] if detalle else [])


# --- 2. New requisitos, documents or costs ------------------------------------------------------
def un_pago_mas(hoja):
    agregar_accion(hoja.momentos.get(orden=1), tipo="pago", descripcion="Estampilla", formula="1")


def otra_vez(hoja):
    agregar_accion(hoja.momentos.first(), tipo="documento", descripcion=RECIBO)


def en_otro_momento(hoja):
    movida = accion(hoja, RECIBO)
    movida.momento = agregar_momento(hoja, "Otro momento")
    movida.save()


def al_reves(hoja):
    mover(hoja.momentos.first().acciones.first(), 1)
    mover(hoja.momentos.first(), 2)


class TestRequisitos:
    @pytest.mark.parametrize(
        ("cambio", "detalle"),
        [
            (
                lambda h: agregar_accion(h.momentos.first(), tipo="documento", descripcion="Cédula"),
                "«Cédula» no se pedía.",
            ),
            (
                lambda h: agregar_accion(h.momentos.first(), tipo="condicion", descripcion="Ser mayor"),
                "«Ser mayor» no se pedía.",
            ),
            (
                lambda h: agregar_accion(h.momentos.first(), tipo="formulario", descripcion="Formato 3"),
                "«Formato 3» no se pedía.",
            ),
            (un_pago_mas, "«Estampilla» no se pedía."),
            (otra_vez, f"«{RECIBO}» no se pedía."),
            (cambiar(RECIBO, tipo="formulario"), f"«{RECIBO}» no se pedía."),
            (cambiar(RECIBO, descripcion="Recibo del agua"), "«Recibo del agua» no se pedía."),
            (cambiar(RECIBO, originales=1), f"«{RECIBO}» pide más originales o copias."),
            (cambiar(RECIBO, copias=3), f"«{RECIBO}» pide más originales o copias."),
            (
                lambda h: accion(h, CERTIFICADO).audiencias.clear(),
                f"«{CERTIFICADO}» se exige a más personas.",
            ),
        ],
    )
    def test_something_more_is_asked(self, comparar, cambio, detalle):
        assert comparar(cambio) == [(Caso.REQUISITOS.value, detalle)]

    @pytest.mark.parametrize(
        "cambio",
        [
            al_reves,
            en_otro_momento,
            cambiar(RECIBO, descripcion="  RECIBO de un Servicio  Publico."),
            cambiar(RECIBO, nota="Puede ser el del agua.", enlace="https://ejemplo.gov.co/"),
            cambiar(RECIBO, fundamento=None),
            cambiar(RECIBO, es_excepcion=True, excepcion_cuando="Solo si no figura en el catastro."),
            lambda h: accion(h, RECIBO).delete(),
            lambda h: accion(h, PAGO).delete(),
            lambda h: h.momentos.update(descripcion="Con otras palabras"),
            lambda h: agregar_accion(agregar_momento(h, "Firmar"), tipo="solicitud", descripcion="Firme"),
            lambda h: agregar_fundamento(h, tipo="ley", numero="1", anio=2026),
        ],
    )
    def test_nothing_more_is_asked(self, comparar, cambio):
        assert comparar(cambio) == []

    @pytest.mark.parametrize(
        ("antes", "ahora", "detalle"),
        [
            ({"originales": 1, "copias": 2}, {"originales": 1, "copias": 2}, None),
            ({"originales": 1, "copias": 2}, {"originales": 0, "copias": 1}, None),
            ({"copias": 2}, {"originales": 1, "copias": 0}, "pide más originales o copias."),
            (
                {"es_excepcion": True, "excepcion_cuando": "A veces"},
                {"es_excepcion": False},
                "era una excepción y ahora se exige siempre.",
            ),
            ({"es_excepcion": True, "excepcion_cuando": "A"}, {"excepcion_cuando": "Otro caso"}, None),
        ],
    )
    def test_from_one_thing_to_another(self, comparar, antes, ahora, detalle):
        hallados = comparar(cambiar(RECIBO, **ahora), antes=cambiar(RECIBO, **antes))

        assert hallados == ([(Caso.REQUISITOS.value, f"«{RECIBO}» {detalle}")] if detalle else [])

    def test_an_audience_inside_a_group_that_already_had_it_is_no_more_people(self, comparar, casa):
        mayores = Audiencia.objects.create(nombre="Mayores", slug="mayores", grupo=casa.ciudadano)
        para = {
            "el grupo": [casa.ciudadano],
            "los de dentro": [mayores],
            "otro": [casa.organizaciones],
            "todos": [],
        }

        def exige(antes, ahora):
            return comparar(
                lambda h: accion(h, RECIBO).audiencias.set(para[ahora]),
                antes=lambda h: accion(h, RECIBO).audiencias.set(para[antes]),
            )

        mas = [(Caso.REQUISITOS.value, f"«{RECIBO}» se exige a más personas.")]
        assert exige("el grupo", "los de dentro") == exige("todos", "otro") == exige("otro", "otro") == []
        assert (
            exige("los de dentro", "el grupo") == exige("otro", "todos") == exige("otro", "el grupo") == mas
        )

    def test_the_same_document_for_two_audiences_is_told_apart_whatever_the_order(self, comparar, casa):
        def dos(hoja):
            rut = {"tipo": "documento", "descripcion": "RUT", "fundamento": hoja.fundamentos.get()}
            for audiencia in (casa.ciudadano, casa.organizaciones):
                agregar_accion(hoja.momentos.first(), [audiencia], **rut)

        assert comparar(lambda h: mover(h.momentos.first().acciones.last(), -1), antes=dos) == []


# --- 3. A higher tariff -------------------------------------------------------------------------
def cuesta(formula="", valor_tipo="fijo", **campos):
    valores = {"formula": formula, "valor_tipo": valor_tipo, "no_aplica": {}}
    if not formula and not campos:
        valores["no_aplica"] = {"formula": "La fija el Concejo cada año."}
    return cambiar(PAGO, **valores | campos)


def se_liquida(palabras):
    return cuesta("", "liquidacion", forma_de_calculo=palabras)


class TestTariff:
    @pytest.mark.parametrize(
        ("antes", "ahora", "detalle"),
        [
            (cuesta("10.000"), cuesta("10.001"), "de «10.000» a «10.001»."),
            (cuesta("10.000"), cuesta("9.999"), None),
            (cuesta("10.000"), cuesta("10000"), None),
            (cuesta("10.000"), cuesta("$ 10.000"), None),
            (cuesta("1 UVT", "uvt"), cuesta("50.000"), None),
            (cuesta("1 UVT", "uvt"), cuesta("50.001"), "de «1 UVT» a «50.001»."),
            (cuesta("49.999"), cuesta("1 UVT", "uvt"), "de «49.999» a «1 UVT»."),
            (cuesta("50.000"), cuesta("1 UVT", "uvt"), None),
            (cuesta("1 UVT", "uvt"), cuesta("1 SMDLV", "smdlv"), None),
            (cuesta("1 SMDLV", "smdlv"), cuesta("1 UVT", "uvt"), "de «1 SMDLV» a «1 UVT»."),
            (cuesta("3 UVT", "uvt"), cuesta("3 uvt", "uvt"), None),
            (cuesta("3 UVT", "uvt"), cuesta("1 UVT + 2 UVT", "uvt"), None),
            (
                cuesta("avalúo × 6 por mil", "liquidacion"),
                cuesta("Avaluo x 6 por  mil", "liquidacion"),
                None,
            ),
            (
                cuesta("avalúo × 6 por mil", "liquidacion"),
                cuesta("avalúo × 5 por mil", "liquidacion"),
                "de «avalúo × 6 por mil» a «avalúo × 5 por mil».",
            ),
            (cuesta("10.000"), se_liquida("Se liquida."), "de «10.000» a «Se liquida.»."),
            (se_liquida("Se liquida."), cuesta("1"), "de «Se liquida.» a «1»."),
            (
                se_liquida("El 6 por mil."),
                se_liquida("El 9 por mil."),
                "de «El 6 por mil.» a «El 9 por mil.».",
            ),
            (se_liquida("El 6 por mil."), se_liquida("el 6 POR MIL"), None),
            (cuesta("10.000"), cuesta(), "de «10.000» a un valor sin decir."),
            (cuesta(), cuesta("10.000"), "de un valor sin decir a «10.000»."),
            (cuesta(), cuesta(), None),
        ],
    )
    def test_what_it_comes_to(self, comparar, antes, ahora, detalle):
        esperado = [(Caso.TARIFA.value, f"«{PAGO}» pasa {detalle}")] if detalle else []

        assert comparar(ahora, antes=antes) == esperado

    def test_without_the_value_of_the_unit_it_cannot_be_said_that_it_is_less(self, comparar):
        hallados = comparar(cuesta("2 UVT", "uvt"), antes=cuesta("3 UVT", "uvt"), valores={})

        assert hallados == [(Caso.TARIFA.value, f"«{PAGO}» pasa de «3 UVT» a «2 UVT».")]

    def test_a_draft_whose_formula_cannot_be_read_is_told_and_does_not_fail(self, comparar):
        assert comparar(cuesta("(3"))[0][0] == Caso.TARIFA.value

    def test_two_payments_called_the_same_are_compared_each_with_its_own(self, comparar):
        def dos(hoja):
            cuesta("10.000")(hoja)
            agregar_accion(
                hoja.momentos.get(orden=1),
                tipo="pago",
                descripcion=PAGO,
                valor_tipo="fijo",
                formula="20.000",
                entidad_recaudadora="Tesorería",
                fundamento=hoja.fundamentos.get(),
            )

        assert comparar(lambda h: mover(h.momentos.get(orden=1).acciones.first(), 1), antes=dos) == []

    def test_sending_compares_with_the_values_of_this_year(self, casa):
        hoy = timezone.localdate().year
        for anio, pesos in ((hoy - 1, 1), (hoy, 50_000)):
            ValorDeReferencia.objects.create(unidad="UVT", anio=anio, pesos=pesos, norma="Resolución")
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        _editar(casa, tramite.hoja_abierta(), cuesta("20.000"))

        assert dar_paso("enviar", tramite, por=casa.suit).hoja_abierta().estructurales == []


# --- 4. A shorter validity ----------------------------------------------------------------------
def vence(cantidad=None, unidad="", **campos):
    return {"vigencia_cantidad": cantidad, "vigencia_unidad": unidad, "no_aplica": campos}


SIN_FIN = vence(unidad="indefinida")
NO_APLICA = vence(vigencia_unidad="No se entrega nada.")


@pytest.mark.parametrize(
    ("antes", "ahora", "detalle"),
    [
        (SIN_FIN, vence(2, "anios"), "de no vence a 2 años."),
        (vence(2, "anios"), SIN_FIN, None),
        (vence(1, "anios"), vence(12, "meses"), None),
        (vence(12, "meses"), vence(1, "anios"), None),
        (vence(1, "anios"), vence(365, "dias"), None),
        (vence(1, "anios"), vence(364, "dias"), "de 1 año a 364 días."),
        (vence(1, "anios"), vence(11, "meses"), "de 1 año a 11 meses."),
        (vence(6, "meses"), vence(180, "dias"), "de 6 meses a 180 días."),
        (vence(6, "meses"), vence(183, "dias"), None),
        (vence(1, "meses"), vence(1, "dias"), "de 1 mes a 1 día."),
        (vence(3, "meses"), vence(3, "meses"), None),
        (vence(3, "meses"), NO_APLICA, None),
        (NO_APLICA, vence(3, "meses"), "de no vence a 3 meses."),
        (NO_APLICA, SIN_FIN, None),
    ],
)
def test_validity(comparar, antes, ahora, detalle):
    assert comparar(ahora, antes=antes) == ([(Caso.VIGENCIA.value, detalle)] if detalle else [])


# --- 5. Transfer of competence ------------------------------------------------------------------
def test_another_office(comparar, casa):
    hallados = comparar({"dependencia": casa.hacienda})

    assert hallados == [(Caso.COMPETENCIA.value, "de Planeación a Hacienda.")]


# --- All of them --------------------------------------------------------------------------------
def test_each_case_found_is_told_with_its_name_in_the_order_of_the_law(comparar, casa):
    def todo(hoja):
        cambiar(PAGO, formula="9 UVT")(hoja)
        otra_vez(hoja)
        hoja.tiempo_cantidad, hoja.dependencia = 30, casa.hacienda
        hoja.vigencia_unidad, hoja.vigencia_cantidad = "meses", 1

    assert [caso for caso, _detalle in comparar(todo)] == Caso.values


def test_what_is_not_one_of_the_five_cases_is_never_structural(comparar):
    distinto = {
        "nombre": "Otro nombre",
        "palabras_clave": ["otra"],
        "descripcion": "Otra cosa.",
        "resultado": "Otro resultado",
        "medios_entrega": ["web"],
        "grado": "presencial",
        "seguimiento": ["correo"],
        "informacion_adicional": "Más.",
        "tiempo_observaciones": "Desde que está completa.",
        "fecha_limites": "Siempre",
    }

    assert comparar(distinto) == []
