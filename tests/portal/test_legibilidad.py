"""How easy a Spanish text is to read: syllables, sentences and the published formulas."""

import time
from contextlib import contextmanager

import pytest

from portal.redaccion.legibilidad import (
    Lectura,
    fernandez_huerta,
    frases,
    medir,
    palabras,
    perspicuidad,
    silabas,
    sin_invisibles,
)


@contextmanager
def tarda_menos_de(segundos: float):
    inicio = time.process_time()
    yield
    assert time.process_time() - inicio < segundos


SILABAS = {
    # Diphthongs and triphthongs.
    **{"ciudad": 2, "cuidado": 3, "construido": 3, "viuda": 2, "diurno": 2},
    **{"agua": 2, "antiguo": 3, "miau": 1},
    **{"hueso": 2, "hielo": 2, "buey": 1, "averiguáis": 4, "limpiáis": 2},
    **{"estudiáis": 3, "vaivén": 2, "lengua": 2},
    **{"veintiún": 2, "cuídate": 3, "lingüística": 4, "administración": 5, "dependencia": 4, "también": 2},
    # Hiatus, of open vowels and by the accent.
    **{"país": 2, "río": 2, "Raúl": 2, "leer": 2, "aéreo": 4, "teología": 5},
    **{"cohete": 3, "ahora": 3, "caía": 3},
    **{"construía": 3, "huía": 2, "oíais": 3, "creíais": 3, "búho": 2},
    **{"prohíbe": 3, "vehículo": 4, "alcaldía": 4},
    **{"transeúnte": 4, "período": 4, "periodo": 3, "baúl": 2, "día": 2},
    # The h does not keep vowels apart.
    **{"prohibir": 2, "ahijado": 3, "desahucio": 3, "cacahuete": 4, "buhardilla": 3, "huésped": 2},
    # Letters that are not heard, and the ones the ü gives back.
    **{"queso": 2, "quiero": 2, "guerra": 2, "guitarra": 3, "guion": 1},
    **{"pingüino": 3, "vergüenza": 3, "cigüeña": 3},
    # The y.
    **{"y": 1, "rey": 1, "muy": 1, "hay": 1, "leyes": 2, "mayo": 2, "Nelly": 2, "Leyva": 2, "Paraguay": 3},
    # Prefixes and equal vowels.
    **{"chiita": 3, "antiinflamatorio": 7, "preescolar": 4, "reelección": 4, "coautor": 3, "subíndice": 4},
    **{"microondas": 4, "cooperar": 4, "inhumano": 4, "reunir": 2},
    # Figures, one a digit; acronyms, as a word or by their letters.
    **{"2026": 4, "1.500.000": 7, "SISBEN": 2, "NIT": 1, "DNP": 4, "PDF": 4, "km": 1},
}


@pytest.mark.parametrize("palabra, cuantas", SILABAS.items())
def test_syllables_by_the_rules_of_orthography(palabra, cuantas):
    assert silabas(palabra) == cuantas


class TestPublishedValues:
    """The library textstat publishes both indices of the first paragraph of «Cien años de soledad».

    Its tests (`tests/backend/metrics/` of github.com/textstat/textstat, test_szigriszt_pazos and
    test_fernandez_huerta) say 62.162 and 65.967 for 162 words in 6 sentences, with the 306 syllables that its
    hyphenation finds. It takes 206.84 for both constants: Szigriszt's is 206.835.
    """

    def test_szigriszt_pazos(self):
        assert perspicuidad(306, 162, 6) == pytest.approx(62.162 - 0.005, abs=0.001)

    def test_fernandez_huerta(self):
        assert fernandez_huerta(306, 162, 6) == pytest.approx(65.967, abs=0.001)


@pytest.mark.parametrize(
    "silabas, grado",
    [
        (180, "Muy fácil"),
        (200, "Bastante fácil"),
        (220, "Normal"),
        (240, "Algo difícil"),
        (260, "Muy difícil"),
    ],
)
def test_grades_of_the_inflesz_scale(silabas, grado):
    lectura = Lectura(silabas, palabras=100, frases=10)

    assert lectura.grado == grado
    assert str(lectura).startswith(f"{grado}: como ")


@pytest.mark.parametrize(
    "indice, grado",
    [
        *[(80.0, "Muy fácil"), (79.9, "Bastante fácil"), (65.0, "Bastante fácil"), (64.9, "Normal")],
        *[
            (55.0, "Normal"),
            (54.9, "Algo difícil"),
            (40.0, "Algo difícil"),
            (39.9, "Muy difícil"),
            (-50, "Muy difícil"),
        ],
    ],
)
def test_limits_of_the_inflesz_scale(monkeypatch, indice, grado):
    monkeypatch.setattr(Lectura, "indice", indice)

    assert Lectura(1, 1, 1).grado == grado


@pytest.mark.parametrize(
    "parrafo, cuantas",
    [
        ("El jueves no hay agua. El viernes sí.", 2),
        ("¿Qué debe llevar? ¡La cédula!", 2),
        ("Según el art. 5 de la ley, el Sr. Pérez vive en la Cra. 4 n.º 2-35.", 1),
        ("Vale 1.500.000 pesos desde las 8:00 a. m. y no se paga dos veces.", 1),
        ("Dijo: «Vengan todos.» Nadie vino.", 2),
        ("Sin punto al final", 1),
        ("Traiga lápiz, papel, etc. y llegue temprano… Hay cupo.", 2),
        ("", 0),
    ],
)
def test_sentences(parrafo, cuantas):
    assert len(list(frases(parrafo))) == cuantas


def test_a_paragraph_ends_its_sentence_and_short_texts_have_no_score():
    assert medir(["uno dos tres"] * 13) is None
    assert medir(["uno dos tres"] * 14) == Lectura(silabas=14 * 4, palabras=42, frases=14)


def test_emoji_direction_marks_and_invisible_characters_are_not_words():
    assert palabras(sin_invisibles("¡El\u200b ag\u00adua 💧💧 \u202eya\u202c volvió! 👩‍👩‍👧")) == [
        "El",
        "agua",
        "ya",
        "volvió",
    ]


@pytest.mark.parametrize(
    "hostil", ["." * 200_000, "1." * 100_000, "a" * 100_000, "(" * 200_000, "… " * 100_000]
)
def test_hostile_texts_are_read_in_no_time(hostil):
    with tarda_menos_de(1.0):
        medir([hostil])
