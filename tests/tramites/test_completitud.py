"""What a hoja de vida lacks: each field, each reason, each message with its number, and the figures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tramites.builders import crear_tramite, escribir
from tramites import completitud
from tramites.completitud import ADMITEN_RAZON, ADMITEN_RAZON_EN_ACCION, Completitud, Grado, Punto
from tramites.hojas import agregar_accion, agregar_fundamento, agregar_momento, editar_hoja
from tramites.models import Accion, HojaDeVida

HOY = date(2026, 3, 2)
#: Field → what empties it, and what is then said.
DE_LA_HOJA = {
    "nombre": ({"nombre": ""}, "Falta el nombre."),
    "palabras_clave": ({"palabras_clave": []}, "Falta decir cómo lo llama la gente."),
    "tematica": ({"tematica": None}, "Falta la clase temática."),
    "descripcion": ({"descripcion": ""}, "Falta decir en qué consiste."),
    "resultado": ({"resultado": ""}, "Falta decir qué se obtiene."),
    "vigencia_unidad": ({"vigencia_unidad": ""}, "Falta decir si el resultado vence."),
    "medios_entrega": ({"medios_entrega": []}, "Falta decir cómo se recibe el resultado."),
    "tiempo": ({"tiempo_cantidad": None}, "Falta el tiempo de respuesta."),
    "fecha_cualquiera": ({"fecha_cualquiera": None}, "Falta decir en qué fechas se puede hacer."),
    "grado": ({"grado": ""}, "Falta decir si se hace en línea."),
    "url_en_linea": ({"grado": "total"}, "Falta la dirección para hacerlo en línea."),
    "seguimiento": ({"seguimiento": []}, "Falta decir cómo se le hace seguimiento."),
}
#: Field of lists of other tables → what is said when there is none.
DE_PARTES = {
    "fundamentos": "Falta el fundamento legal.",
    "puntos": "Falta el punto de atención.",
    "audiencias": "Falta decir a quién va dirigido.",
    "momentos": "Faltan los momentos: qué hace la persona.",
}


@pytest.fixture
def tramite(casa):
    """With a complete hoja de vida that can be changed."""
    return crear_tramite(casa, "en_correccion")


@pytest.fixture
def faltas(tramite):
    """What is said to be missing, by field."""

    def medir() -> dict[str, str]:
        hoja = HojaDeVida.objects.enteras().get(pk=tramite.hoja_abierta().pk)
        return {punto.campo: punto.falta for punto in completitud.medir(hoja, HOY).vacios}

    return medir


@pytest.fixture
def editar(tramite, casa):
    """Change the hoja with a function that receives it."""

    def hacerlo(cambio) -> None:
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            cambio(hoja)

    return hacerlo


def vaciar(hoja, campo):
    partes = getattr(hoja, campo)
    partes.clear() if campo in {"puntos", "audiencias"} else partes.all().delete()


# --- The hoja -----------------------------------------------------------------------------------
class TestTheHoja:
    def test_complete_lacks_nothing(self, faltas):
        assert faltas() == {}

    @pytest.mark.parametrize("campo", DE_LA_HOJA)
    def test_each_field_that_is_empty_is_one_gap_with_its_name(self, casa, tramite, faltas, campo):
        campos, falta = DE_LA_HOJA[campo]

        escribir(tramite, por=casa.suit, **campos)

        assert faltas() == {campo: falta}

    @pytest.mark.parametrize("campo", DE_PARTES)
    def test_each_list_without_rows_is_a_gap(self, editar, faltas, campo):
        editar(lambda hoja: vaciar(hoja, campo))

        dichas = faltas()

        assert dichas[campo] == DE_PARTES[campo]

    @pytest.mark.parametrize("campo", ["nombre", "descripcion", "resultado"])
    def test_spaces_say_nothing(self, casa, tramite, faltas, campo):
        escribir(tramite, por=casa.suit, **{campo: " \u00a0 "})

        assert set(faltas()) == {campo}

    @pytest.mark.parametrize("campo", ADMITEN_RAZON)
    def test_a_reason_answers_for_the_fields_that_admit_one(self, casa, tramite, editar, faltas, campo):
        if campo in DE_PARTES:
            editar(lambda hoja: vaciar(hoja, campo))
            editar(lambda hoja: hoja.momentos.all().delete())  # their norms went too
            editar(lambda hoja: agregar_momento(hoja, "Ir"))
        else:
            escribir(tramite, por=casa.suit, **DE_LA_HOJA[campo][0])
        assert campo in faltas()

        escribir(tramite, por=casa.suit, no_aplica={campo: "La entrega la hace la Gobernación."})

        assert campo not in faltas()

    @pytest.mark.parametrize("razon", ["", "   ", "\n", None])
    def test_a_reason_without_words_answers_nothing(self, casa, tramite, faltas, razon):
        escribir(tramite, por=casa.suit, palabras_clave=[], no_aplica={"palabras_clave": razon})

        assert set(faltas()) == {"palabras_clave"}

    @pytest.mark.parametrize("campo", sorted({*DE_LA_HOJA, *DE_PARTES} - set(ADMITEN_RAZON)))
    def test_no_reason_answers_for_what_everybody_must_be_told(self, casa, tramite, editar, faltas, campo):
        if campo in DE_PARTES:
            editar(lambda hoja: vaciar(hoja, campo))
        else:
            escribir(tramite, por=casa.suit, **DE_LA_HOJA[campo][0])

        escribir(tramite, por=casa.suit, no_aplica={campo: "No aplica."})

        assert campo in faltas()

    @pytest.mark.parametrize(
        ("campos", "falta"),
        [
            ({"tiempo_cantidad": None, "tiempo_inmediato": True}, None),
            ({"tiempo_unidad": ""}, "tiempo"),
            ({"fecha_cualquiera": False}, "fecha_cualquiera"),
            ({"fecha_cualquiera": False, "fecha_limites": "En enero"}, None),
            ({"fecha_cualquiera": False, "fecha_calendario": "https://ejemplo.gov.co/"}, None),
            ({"grado": "parcial"}, "url_en_linea"),
            ({"grado": "total", "url_en_linea": "https://ejemplo.gov.co/"}, None),
            ({"grado": "presencial", "url_en_linea": ""}, None),
            ({"vigencia_unidad": "meses", "vigencia_cantidad": 6}, None),
        ],
    )
    def test_fields_that_depend_on_each_other(self, casa, tramite, faltas, campos, falta):
        escribir(tramite, por=casa.suit, **campos)

        assert set(faltas()) == ({falta} if falta else set())

    def test_gaps_come_in_the_order_of_the_form(self, casa, tramite, editar, faltas):
        editar(lambda hoja: vaciar(hoja, "audiencias"))
        escribir(tramite, por=casa.suit, seguimiento=[], grado="", nombre="", tematica=None)

        assert list(faltas()) == ["nombre", "tematica", "grado", "audiencias", "seguimiento"]


# --- Its norms ----------------------------------------------------------------------------------
class TestNorms:
    @pytest.mark.parametrize(
        ("norma", "falta"),
        [
            ({"tipo": "ley", "numero": "142"}, "Falta el número y el año de la norma 2."),
            ({"tipo": "ley", "anio": 1994}, "Falta el número y el año de la norma 2."),
            ({"tipo": "acuerdo", "nombre": "Estatuto Tributario Municipal"}, None),
            ({"tipo": "constitucion"}, None),
            ({"tipo": "documento"}, "Falta el nombre de la norma 2."),
            ({"tipo": "documento", "nombre": "Manual de la entidad"}, None),
            ({"tipo": "ley", "numero": "1", "anio": 2020, "vigente_hasta": date(2026, 3, 2)}, None),
            (
                {"tipo": "ley", "numero": "1", "anio": 2020, "vigente_hasta": date(2026, 3, 1)},
                "La norma 2 (Ley 1 de 2020) dejó de regir el 01/03/2026.",
            ),
            (
                {"tipo": "documento", "vigente_hasta": date(2026, 3, 1)},
                "La norma 2 (Otro documento) dejó de regir el 01/03/2026.",
            ),
        ],
    )
    def test_each_is_told_by_its_place(self, editar, faltas, norma, falta):
        editar(lambda hoja: agregar_fundamento(hoja, **norma))

        assert faltas() == ({"fundamento-2": falta} if falta else {})


# --- What the person does -----------------------------------------------------------------------
#: Kind of action → each field it must have and what is said of it.
POR_TIPO = {
    "documento": {"fundamento": "Falta el fundamento del requisito 4."},
    "formulario": {
        "fundamento": "Falta el fundamento del requisito 4.",
        "enlace": "Falta la dirección del formulario en la acción 1 del momento 4.",
    },
    "condicion": {"fundamento": "Falta el fundamento del requisito 4."},
    "solicitud": {"canal": "Falta el canal de atención en la acción 1 del momento 4."},
    "pago": {
        "fundamento": "Falta el fundamento del requisito 4.",
        "valor_tipo": "Falta el tipo de valor del pago 2.",
        "formula": "Falta la fórmula del pago 2.",
        "entidad_recaudadora": "Falta quién recauda el pago 2.",
    },
}


class TestActions:
    def agregar(self, editar, **campos):
        """An action of a fourth momento: the hoja has three requisitos and one pago before it."""

        def cambio(hoja):
            if campos.pop("con_norma", False):
                campos["fundamento"] = hoja.fundamentos.get()
            agregar_accion(agregar_momento(hoja, "Algo más"), **campos)

        editar(cambio)

    @pytest.mark.parametrize("tipo", Accion.Tipo.values)
    def test_each_kind_asks_for_its_fields_by_number(self, editar, faltas, tipo):
        self.agregar(editar, tipo=tipo)

        falta = {"descripcion": "Falta la descripción de la acción 1 del momento 4."} | POR_TIPO[tipo]
        assert faltas() == {f"momento-4-accion-1-{campo}": dicho for campo, dicho in falta.items()}

    @pytest.mark.parametrize("tipo", Accion.Tipo.values)
    def test_a_reason_answers_only_where_it_is_admitted(self, editar, faltas, tipo):
        campos = ["descripcion", *POR_TIPO[tipo]]
        self.agregar(editar, tipo=tipo, no_aplica=dict.fromkeys(campos, "Lo fija el Concejo."))

        esperadas = [campo for campo in campos if campo not in ADMITEN_RAZON_EN_ACCION]
        assert list(faltas()) == [f"momento-4-accion-1-{campo}" for campo in esperadas]

    def test_an_exception_says_when(self, editar, faltas):
        self.agregar(editar, tipo="documento", descripcion="Poder", con_norma=True, es_excepcion=True)

        assert faltas() == {
            "momento-4-accion-1-excepcion_cuando": "Falta decir cuándo se exige la acción 1 del momento 4, "
            "que es una excepción."
        }

    @pytest.mark.parametrize(
        ("valor_tipo", "campos", "falta"),
        [
            ("fijo", {"formula": "17.100"}, None),
            ("uvt", {"formula": "3 uvt"}, None),
            ("uvt", {"formula": "17.100"}, "La fórmula del pago 2 no está en UVT."),
            ("uvt", {"formula": "3 SMDLV"}, "La fórmula del pago 2 no está en UVT."),
            ("smdlv", {"formula": "0,5 SMDLV"}, None),
            ("smdlv", {"formula": "3 UVT"}, "La fórmula del pago 2 no está en SMDLV."),
            ("fijo", {"forma_de_calculo": "Se liquida"}, "Falta la fórmula del pago 2."),
            ("liquidacion", {"forma_de_calculo": "Se liquida con el avalúo."}, None),
            ("liquidacion", {"formula": "avalúo × 6 por mil"}, None),
            ("liquidacion", {"forma_de_calculo": "  "}, "Falta la fórmula del pago 2."),
            ("fijo", {"formula": "0.5"}, "La fórmula del pago 2 no se puede leer: «0.5» no es un número"),
            ("liquidacion", {"formula": "(3"}, "La fórmula del pago 2 no se puede leer: falta cerrar"),
        ],
    )
    def test_a_formula_is_one_that_can_be_read_in_its_unit(self, editar, faltas, valor_tipo, campos, falta):
        self.agregar(
            editar,
            tipo="pago",
            descripcion="Otro pago",
            con_norma=True,
            entidad_recaudadora="Tesorería",
            valor_tipo=valor_tipo,
            **campos,
        )

        dichas = faltas()

        if falta is None:
            assert dichas == {}
        else:
            assert list(dichas) == ["momento-4-accion-1-formula"]
            assert dichas["momento-4-accion-1-formula"].startswith(falta)

    def test_a_momento_without_actions_or_words_is_named(self, editar, faltas):
        def cambio(hoja):
            agregar_momento(hoja, "Esperar")
            agregar_accion(agregar_momento(hoja, " "), tipo="solicitud", descripcion="Ir", canal="web")
            agregar_momento(hoja)

        editar(cambio)

        assert faltas() == {
            "momento-4": "El momento 4 no tiene acciones.",
            "momento-5": "Falta decir qué hace la persona en el momento 5.",
            "momento-6": "Falta decir qué hace la persona en el momento 6.",
        }

    def test_requisitos_and_pagos_are_numbered_through_all_the_momentos(self, editar, faltas):
        def cambio(hoja):
            hoja.fundamentos.all().delete()
            norma = agregar_fundamento(hoja, tipo="ley", numero="1", anio=2020)
            primera = hoja.momentos.first()
            primera.acciones.filter(orden=0).update(fundamento=norma)
            agregar_accion(primera, tipo="solicitud", descripcion="Pedir turno", canal="web")
            pagar = hoja.momentos.get(orden=1)
            agregar_accion(pagar, tipo="pago", descripcion="Estampilla", fundamento=norma)

        editar(cambio)

        assert list(faltas().values()) == [
            "Falta el fundamento del requisito 2.",
            "Falta el fundamento del requisito 3.",
            "Falta el tipo de valor del pago 2.",
            "Falta la fórmula del pago 2.",
            "Falta quién recauda el pago 2.",
        ]


# --- Figures ------------------------------------------------------------------------------------
def completitud_con(llenos: int, vacios: int) -> Completitud:
    return Completitud((Punto("s", "c"),) * llenos + (Punto("s", "c", "Falta."),) * vacios)


@pytest.mark.parametrize(
    ("vacios", "grado"),
    [(0, Grado.COMPLETA), (1, Grado.CASI), (2, Grado.CASI), (3, Grado.INCOMPLETA), (20, Grado.INCOMPLETA)],
)
def test_the_grade_by_what_is_missing(vacios, grado):
    assert completitud_con(20, vacios).grado == grado


def test_nothing_asked_is_not_complete():
    assert (completitud_con(0, 0).grado, completitud_con(0, 0).porcentaje) == (Grado.INCOMPLETA, 0)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_percentage_is_100_only_when_nothing_is_missing(llenos, vacios):
    medida = completitud_con(llenos, vacios)

    assert 0 <= medida.porcentaje <= 100
    assert (medida.porcentaje == 100) == (vacios == 0 and llenos > 0)
    assert (medida.grado == Grado.COMPLETA) == (medida.porcentaje == 100)
    assert medida.llenos + len(medida.vacios) == medida.exigidos


def test_a_field_says_its_own_gap(casa, tramite):
    escribir(tramite, por=casa.suit, resultado="")
    medida = completitud.medir(HojaDeVida.objects.enteras().get(pk=tramite.hoja_abierta().pk), HOY)

    assert medida.de("resultado") == "Falta decir qué se obtiene."
    assert (medida.de("descripcion"), medida.de("no existe")) == ("", "")


def test_an_empty_hoja_is_measured(casa):
    abierta = crear_tramite(casa, "en_creacion").hoja_abierta()

    medida = completitud.medir(HojaDeVida.objects.enteras().get(pk=abierta.pk), HOY)

    assert (medida.llenos, medida.exigidos, medida.porcentaje) == (1, 15, 6)  # only its name
