"""What a tariff formula says: as people write it, against a brute force, and everything hostile."""

import time
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tramites.formulas import LARGO, PARENTESIS, FormulaInvalida, es_la_misma, exigir_formula, nombres, valor
from tramites.models import Accion

UVT, SMDLV = Decimal("49799"), Decimal("47450.17")
VALORES = {"UVT": UVT, "SMDLV": SMDLV}


@pytest.mark.parametrize(
    ("formula", "pesos"),
    [
        ("17.100", "17100"),
        ("17100", "17100"),
        ("$ 17.100", "17100"),
        ("$1.234.567,50", "1234567.5"),
        ("3 UVT", 3 * UVT),
        ("3 uvt", 3 * UVT),
        ("3UVT", 3 * UVT),
        ("3\u00a0UVT", 3 * UVT),
        ("UVT × 3", 3 * UVT),
        ("UVT x 3", 3 * UVT),
        ("UVT x3", 3 * UVT),
        ("UVT X (1 + 2)", 3 * UVT),
        ("0,5 SMDLV", SMDLV / 2),
        ("3 UVT + $ 5.000", 3 * UVT + 5000),
        ("2 UVT − 1.000", 2 * UVT - 1000),
        ("(2 + 1) UVT", 3 * UVT),
        ("2 + 3 * 4", "14"),
        ("10 - 3 - 2", "5"),
        ("100 ÷ 4 / 5", "5"),
        ("1.000.000 × 6 por mil", "6000"),
        ("1.000.000 × 6‰", "6000"),
        ("1.000.000 × 6 POR  MIL", "6000"),
        ("1.000.000 × 5 %", "50000"),
        ("1.000.000 × 5 por ciento", "50000"),
        ("1.000.000 × 2,5 por ciento", "25000"),
    ],
)
def test_it_is_worth_what_a_person_would_say(formula, pesos):
    assert valor(formula, VALORES) == Decimal(pesos)


@pytest.mark.parametrize(
    "formula",
    [
        "avalúo catastral × 6 por mil",
        "avalúo x6 por mil",
        "avaluo catastral x 6 por mil",
        "valor del contrato * 2 %",
        "3 UVT por persona",
        "UVT / ancho",
        "m² × 5.000",
    ],
)
def test_a_formula_with_a_name_of_the_case_is_read_but_not_worked_out(formula):
    assert valor(formula, VALORES) is None
    exigir_formula(formula)


def test_a_unit_that_has_no_value_this_year_is_not_worked_out():
    assert valor("3 UVT") is None
    assert valor("3 UVT", {"SMDLV": SMDLV}) is None


@pytest.mark.parametrize(
    ("formula", "nombrados"),
    [
        ("3 UVT", {"UVT"}),
        ("3 uvt + 2 smdlv", {"UVT", "SMDLV"}),
        ("avalúo  catastral × 6 por mil", {"AVALÚO CATASTRAL"}),
        ("17.100", set()),
        ("5 por ciento", set()),
    ],
)
def test_the_names_in_it(formula, nombrados):
    assert nombres(formula) == nombrados


@pytest.mark.parametrize(
    ("formula", "razon"),
    [
        ("", "está vacía."),
        ("   ", "está vacía."),
        ("0.5", "«0.5» no es un número: use punto para los miles y coma para los decimales."),
        ("0.500 UVT", "«0.500» no es un número"),
        ("1.5 UVT", "«1.5» no es un número"),
        ("12.34.567", "«12.34.567» no es un número"),
        ("1,234,567", "«1,234,567» no es un número"),
        ("3,", "«3,» no es un número"),
        ("17.100.", "«17.100.» no es un número"),
        ("3 UVT +", "está incompleta al final."),
        ("3 x", "está incompleta al final."),
        ("3 × × 2", "sobra «×»."),
        ("x", "sobra «x»."),
        ("(3 UVT", "falta cerrar un paréntesis."),
        ("3 UVT)", "sobra «)»."),
        ("()", "sobra «)»."),
        ("$ UVT", "después de «$» va un número."),
        ("$", "después de «$» va un número."),
        ("5 $", "sobra «$»."),
        ("UVT 6 por mil", "sobra «6»."),
        ("-5", "sobra «-»."),
        ("10 / 0", "divide por cero."),
        ("10 ÷ (2 − 2)", "divide por cero."),
        ("3 # UVT", "no se entiende «# UVT»."),
        ("=1+1", "no se entiende «=1+1»."),
        ("2 ** 9999", "sobra «*»."),
        ("2 ^ 9999", "no se entiende «^ 9999»."),
        ("9e9", "sobra «9»."),
        ("٣ UVT", "no se entiende «٣ UVT»."),
        ("３ UVT", "no se entiende «３ UVT»."),
        ("__import__('os')", "no se entiende «__import__('os')»."),
        ("(" * (PARENTESIS + 1) + "1" + ")" * (PARENTESIS + 1), "tiene demasiados paréntesis"),
        ("1+" * LARGO + "1", "es demasiado larga."),
    ],
)
def test_what_cannot_be_read_says_where_and_why(formula, razon):
    with pytest.raises(FormulaInvalida) as rechazo:
        valor(formula)

    assert str(rechazo.value).startswith(razon)


def test_parentheses_one_beside_another_are_not_one_inside_another():
    assert valor("(1)" * 30) == 1


@pytest.mark.parametrize("hostil", ["(" * 10**6, "1" * 10**6, "a " * 10**6, " " * 10**6, "por  " * 10**5])
def test_what_is_huge_is_refused_at_once(hostil):
    antes = time.monotonic()

    with pytest.raises(ValidationError):
        exigir_formula(hostil)

    assert time.monotonic() - antes < 0.5


def test_what_could_be_read_when_it_was_written_never_fails_later():
    exigir_formula("100 / (UVT - SMDLV)")

    assert valor("100 / (UVT - SMDLV)", {"UVT": UVT, "SMDLV": UVT}) is None
    assert valor("100 / UVT", {"UVT": Decimal(0)}) is None


@pytest.mark.parametrize(
    ("formula", "mensaje"),
    [
        ("(3 UVT", "La fórmula no se puede leer: falta cerrar un paréntesis."),
        ("0.5 UVT", "La fórmula no se puede leer: «0.5» no es un número: use punto para los miles"),
    ],
)
def test_the_field_says_it_in_a_whole_sentence_with_examples(formula, mensaje):
    with pytest.raises(ValidationError) as rechazo:
        Accion(tipo="pago", descripcion="Pagar", valor_tipo="uvt", formula=formula).clean_fields(
            exclude=["momento"]
        )

    [dicho] = rechazo.value.message_dict["formula"]
    assert dicho.startswith(mensaje)
    assert dicho.endswith("Ejemplos: 3 UVT; 17.100; avalúo catastral × 6 por mil.")


@pytest.mark.parametrize(
    ("una", "otra", "iguales"),
    [
        ("avalúo × 6 por mil", "Avaluo  x 6  por mil", True),
        ("3 UVT", "3uvt", True),
        ("10 ÷ 2", "10/2", True),
        ("avalúo × 6 por mil", "avalúo × 7 por mil", False),
        ("avalúo × 6 por mil", "avalúo + 6 por mil", False),
        ("3 UVT", "3 SMDLV", False),
        ("17.100", "17100", False),
    ],
)
def test_two_ways_of_writing_the_same(una, otra, iguales):
    assert es_la_misma(una, otra) is iguales


# --- Against a brute force ----------------------------------------------------------------------
def escribir_numero(entero: int, decimales: str, con_puntos: bool) -> str:
    cifras = f"{entero:,}".replace(",", ".") if con_puntos else str(entero)
    return f"{cifras},{decimales}" if decimales else cifras


@st.composite
def numeros(draw):
    entero, decimales = draw(st.integers(0, 10**7)), draw(st.text("0123456789", max_size=3))
    texto = escribir_numero(entero, decimales, draw(st.booleans()))
    exacto = Fraction(f"{entero}.{decimales or 0}")
    parte, entre = draw(st.sampled_from([("", 1)] * 4 + [(" %", 100), ("‰", 1000), (" por mil", 1000)]))
    return texto + parte, exacto / entre


unidades = st.sampled_from(
    [("UVT", Fraction(UVT)), ("smdlv", Fraction(SMDLV)), ("valor del contrato", None), ("m²", None)]
)


def unir(izquierda, signo, derecha):
    """The text and the exact value of an operation, or None for what cannot be worked out."""
    texto = f"{izquierda[0]} {signo} {derecha[0]}"
    uno, otro = izquierda[1], derecha[1]
    if uno is None or otro is None or (signo in "/÷" and otro == 0):
        return texto, None
    operar = {"+": uno.__add__} | dict.fromkeys("-−", uno.__sub__) | dict.fromkeys("/÷", uno.__truediv__)
    return texto, operar.get(signo, uno.__mul__)(otro)


@st.composite
def productos(draw, dentro):
    atomo = st.one_of(numeros(), unidades, dentro.map(lambda e: (f"({e[0]})", e[1])))
    total = draw(atomo)
    for signo in draw(st.lists(st.sampled_from("*×x/÷"), max_size=2)):
        total = unir(total, signo, draw(atomo))
    return total


@st.composite
def sumas(draw, dentro):
    total = draw(productos(dentro))
    for signo in draw(st.lists(st.sampled_from("+-−"), max_size=2)):
        total = unir(total, signo, draw(productos(dentro)))
    return total


expresiones = st.recursive(numeros() | unidades, sumas, max_leaves=6)


@settings(max_examples=400, deadline=None)
@given(expresiones)
@example(("2 * (UVT - 1)", 2 * (Fraction(UVT) - 1)))
def test_it_comes_to_what_exact_fractions_say(expresion):
    formula, exacto = expresion
    assume(len(formula) <= LARGO)

    try:
        resultado = valor(formula, VALORES)
    except FormulaInvalida:
        pytest.fail(f"Se lee: {formula}")

    if exacto is None or resultado is None:
        assert (resultado, exacto) == (None, None)
    else:  # 28 figures at each step
        assert abs(Fraction(resultado) - exacto) <= abs(exacto) / 10**15 + Fraction(1, 10**9)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("0159.,()+-−*×x/÷$%‰ UVTabñ\t\n٣²"), max_size=30) | st.text(max_size=250))
@example("x" * 200)
@example("(" * 200)
def test_any_text_is_read_or_refused_and_what_is_read_stays_readable(texto):
    try:
        valor(texto)
    except FormulaInvalida as rechazo:
        assert str(rechazo).endswith(".")
        return

    assert isinstance(valor(texto, VALORES), Decimal | None)
    assert nombres(texto) is not None
    assert es_la_misma(texto, texto)
