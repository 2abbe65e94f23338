"""How easy a Spanish text is to read: words, sentences, syllables and the INFLESZ scale.

Sources: the index of perspicuity of F. Szigriszt Pazos («Sistemas predictivos de legibilidad del mensaje
escrito», thesis, Universidad Complutense de Madrid, 1993), read with the INFLESZ scale of I. M.
Barrio-Cantalejo et al. («Validación de la Escala INFLESZ», An. Sist. Sanit. Navar. 2008; 31(2): 135-152). Its
ancestor is the formula of J. Fernández Huerta («Medidas sencillas de lecturabilidad», Consigna 214, 1959).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: With fewer words than these an index says nothing of a text.
PALABRAS_MINIMAS = 40
_INVISIBLES = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PALABRA = re.compile(r"\d(?:[\d.,:/]*\d)?|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FIN = re.compile(r"(?<![.!?…])[.!?…]++[\"'»”’)\]]*+(?=\s|$)")
#: What is written before a dot without ending the sentence.
_CON_PUNTO = {
    *("art", "arts", "av", "avda", "c", "cl", "cll", "cra", "kr", "dr"),
    *("dra", "ej", "etc", "ext", "inc", "ing"),
    *("lic", "lit", "mg", "n", "no", "núm", "num", "p", "pág", "págs", "par"),
    *("s", "sr", "sra", "sres", "st", "sta"),
    *("tel", "vol", "a", "m", "d", "e", "r", "u", "vs", "aprox"),
}


def sin_invisibles(texto: str) -> str:
    """Without marks of direction, joiners and soft hyphens, which would cut words where nobody sees it."""
    return _INVISIBLES.sub("", texto)


def palabras(texto: str) -> list[str]:
    """The words and figures, without punctuation, emoji or symbols. `1.500.000` is one."""
    return _PALABRA.findall(texto)


def frases(texto: str) -> Iterator[str]:
    """The sentences of a paragraph: they end in . ! ? or …, or with it. A dot of `art.` ends nothing."""
    inicio = 0
    for fin in _FIN.finditer(texto):
        ultima = texto[max(inicio, fin.start() - 8) : fin.start()].split(" ")[-1].lower()
        sigue = texto[fin.end() : fin.end() + 12].lstrip()[:1]
        abreviada = fin[0] == "." and ultima.split(".")[-1].strip("(«") in _CON_PUNTO
        if sigue and (sigue.islower() or abreviada):
            continue
        yield texto[inicio : fin.end()].strip()
        inicio = fin.end()
    if resto := texto[inicio:].strip():
        yield resto


# --- Syllables ----------------------------------------------------------------------------------
_EXTRANJERAS = str.maketrans("àâäãåèêëìîïòôöõùû", "aaaaaeeeiiioooouu")
_MUDAS = re.compile(r"(?<=q)u(?=[eéií])|(?<=g)u(?=[eéií])|h")
_Y_VOCAL = re.compile(r"y(?![aeiouáéíóúü])")
_VOCALES = re.compile(r"[aeiouáéíóúü]+")
_FUERTES = "aeoáéó"
#: Names of the letters that take more than one syllable.
_NOMBRES = dict.fromkeys("fhjlmnñrs", 2) | {"v": 2, "x": 2, "z": 2, "w": 3}


def silabas(palabra: str) -> int:
    """How many syllables a word has, by the rules of orthography (RAE, «Ortografía», 2010, II.2.2).

    A closed vowel joins the one beside it (`ciu-dad`, `prohi-bir`: the h between them does not count) unless
    it bears the accent next to an open one (`pa-ís`); two equal vowels never join (`chi-i-ta`). A figure
    counts one a digit. An acronym is read as a word (`SIS-BEN`) and, without vowels, by its letters
    (`pe-de-efe`).
    """
    if palabra[0].isdigit():
        return sum(signo.isdigit() for signo in palabra)
    limpia = _Y_VOCAL.sub("i", _MUDAS.sub("", palabra.lower().translate(_EXTRANJERAS)))
    nucleos = sum(_nucleos(grupo) for grupo in _VOCALES.findall(limpia))
    if nucleos or not palabra.isupper():
        return max(nucleos, 1)
    return sum(_NOMBRES.get(letra, 1) for letra in palabra.lower())


def _nucleos(vocales: str) -> int:
    """Syllables of some vowels in a row."""
    fuertes = 0
    for i, vocal in enumerate(vocales):
        vecinas = vocales[max(i - 1, 0) : i] + vocales[i + 1 : i + 2]
        acentuada = vocal in "íú" and any(vecina in _FUERTES for vecina in vecinas)
        fuertes += vocal in _FUERTES or acentuada
    iguales = len(re.findall(r"[ií]i|i[ií]|uu", vocales))
    return max(fuertes, 1) + iguales


# --- The index ----------------------------------------------------------------------------------
def perspicuidad(silabas: int, palabras: int, frases: int) -> float:
    """Index of Szigriszt Pazos (1993), 0 to 100 as a rule, more is easier. `palabras` and `frases` ≥ 1."""
    return 206.835 - 62.3 * silabas / palabras - palabras / frases


def fernandez_huerta(silabas: int, palabras: int, frases: int) -> float:
    """«Lecturabilidad» of Fernández Huerta (1959): 206.84 − 0.60·P − 1.02·F.

    P is the syllables in a hundred words and F the words of a sentence. The article is often read as if F
    were sentences in a hundred words, which would reward long ones (G. Law, LINGUIST List 22.2332, 2011).
    """
    return 206.84 - 0.60 * (100 * silabas / palabras) - 1.02 * palabras / frases


#: From which index, name of the INFLESZ grade and what it means.
GRADOS = (
    (80.0, "Muy fácil", "como un cuento para la escuela primaria"),
    (65.0, "Bastante fácil", "como una novela de mucha venta"),
    (55.0, "Normal", "como las noticias de un periódico"),
    (40.0, "Algo difícil", "como un texto de bachillerato o de divulgación científica"),
    (float("-inf"), "Muy difícil", "como un texto de universidad"),
)
#: From here up nobody is asked to write more plainly.
BASTA = 55.0


@dataclass(frozen=True)
class Lectura:
    """How a text reads."""

    silabas: int
    palabras: int
    frases: int

    @property
    def indice(self) -> float:
        return perspicuidad(self.silabas, self.palabras, self.frases)

    @property
    def grado(self) -> str:
        """The INFLESZ grade."""
        return self._grado[1]

    @property
    def _grado(self) -> tuple[float, str, str]:
        return next(grado for grado in GRADOS if self.indice >= grado[0])

    @property
    def facil(self) -> bool:
        return self.indice >= BASTA

    def __str__(self) -> str:
        """Its plain meaning, in Spanish."""
        _desde, nombre, como = self._grado
        return f"{nombre}: {como}."


def medir(parrafos: Iterable[str]) -> Lectura | None:
    """How some paragraphs read, or None when they have fewer than `PALABRAS_MINIMAS` words.

    The end of a paragraph or of an item of a list ends a sentence, as in the program INFLESZ.
    """
    dichas = [p for parrafo in parrafos for frase in frases(parrafo) if (p := palabras(frase))]
    todas = [palabra for frase in dichas for palabra in frase]
    if len(todas) < PALABRAS_MINIMAS:
        return None
    return Lectura(sum(map(silabas, todas)), len(todas), len(dichas))
