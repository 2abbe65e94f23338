"""What changed between two texts, block by block and word by word, said so that it reads without colour.

Words are matched as patience diff does: what appears once on each side holds the rest in its place. Only the
gaps that remain go to `difflib`, each within a limit: whatever is written, the time stays close to linear.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: Equal pairs that `difflib` may look at in one gap, and in all the gaps of a comparison.
PAREJAS_POR_HUECO, PAREJAS_EN_TOTAL = 20_000, 400_000
#: How alike two paragraphs must be, of 1, to be shown as one that changed, and the words read to know it.
PARECIDO, PALABRAS_POR_PARECIDO = 0.4, 1_000_000
#: A run of equal words this short between longer changes is chance: it reads better as one change.
CASUALIDAD = 2
_SIGNOS = r"\s.,;:!?¡¿()«»\"“”…"
_PALABRA = re.compile(rf"[^{_SIGNOS}]+(?:[.,:](?=\d)[^{_SIGNOS}]+)*|\S")
_BLOQUES = {
    **{"p": "", "blockquote": "Cita", "li": "Elemento de lista", "caption": "Título de tabla"},
    **{"td": "Celda de tabla", "th": "Encabezado de tabla"},
    **{"h2": "Título", "h3": "Subtítulo", "h4": "Subtítulo menor"},
}
_CONTENEDORES = {"ul", "ol", "table", "tr"}
_FORMATOS = {"strong": "negrita", "em": "cursiva", "sub": "subíndice", "sup": "superíndice"}
_MEDIDAS = {"colspan": "une {} columnas", "rowspan": "une {} filas", "start": "empieza en {}"}


@dataclass(frozen=True)
class Palabra:
    """A word or a sign, with the link and the formats it carries. `pegada`: no space before it."""

    texto: str
    pegada: bool = False
    enlace: str = ""
    formatos: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bloque:
    """A paragraph, title, item or cell. `clase` is how people call it."""

    clase: str
    palabras: tuple[Palabra, ...]

    @property
    def textos(self) -> tuple[str, ...]:
        return tuple(palabra.texto for palabra in self.palabras)


@dataclass(frozen=True)
class BloqueComparado:
    """A block of the comparison. `cambio` is "", "agregado", "quitado" or "cambiado"."""

    cambio: str
    clase: str
    html: SafeString
    notas: tuple[str, ...] = ()


# --- Reading ------------------------------------------------------------------------------------
class _Lector(HTMLParser):
    """Reads sanitised HTML, whose tags always close, into blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.bloques: list[Bloque] = []
        self._abiertas: list[tuple[str, dict[str, str | None]]] = []
        self._palabras: list[Palabra] = []
        self._pegada = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOQUES or tag in _CONTENEDORES:
            self.cerrar_bloque()
        if tag == "br":
            self._palabras.append(Palabra("↵"))
            self._pegada = False
        elif tag == "hr":
            self.cerrar_bloque()
            self.bloques.append(Bloque("Línea divisoria", (Palabra("———"),)))
        else:
            self._abiertas.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOQUES or tag in _CONTENEDORES:
            self.cerrar_bloque()
        if self._abiertas and self._abiertas[-1][0] == tag:
            self._abiertas.pop()

    def handle_data(self, data: str) -> None:
        enlace = next((a.get("href") or "" for t, a in reversed(self._abiertas) if t == "a"), "")
        formatos = frozenset(_FORMATOS[t] for t, _a in self._abiertas if t in _FORMATOS)
        self._palabras += _partir(data, self._pegada, enlace, formatos)
        self._pegada = not data[-1:].isspace()

    def cerrar_bloque(self) -> None:
        if self._palabras:
            self.bloques.append(Bloque(self._clase(), tuple(self._palabras)))
        self._palabras, self._pegada = [], False

    def _clase(self) -> str:
        """«Elemento de lista numerada, nivel 2», as the open tags say."""
        etiquetas = [tag for tag, _atributos in self._abiertas]
        listas = [tag for tag in etiquetas if tag in {"ul", "ol"}]
        nombres = [_BLOQUES[tag] for tag in dict.fromkeys(etiquetas) if _BLOQUES.get(tag)]
        nombre = ", ".join([nombres[0], *(n.lower() for n in nombres[1:])]) if nombres else "Párrafo"
        if listas and listas[-1] == "ol":
            nombre = nombre.replace("de lista", "de lista numerada")
        detalles = [f"nivel {len(listas)}"] if len(listas) > 1 else []
        for _tag, atributos in self._abiertas:
            detalles += [_MEDIDAS[a].format(valor) for a, valor in atributos.items() if a in _MEDIDAS]
        return ", ".join([nombre, *detalles])


def leer_bloques(cuerpo: str) -> list[Bloque]:
    """The blocks of a sanitised rich text, in order."""
    lector = _Lector()
    lector.feed(cuerpo)
    lector.close()
    lector.cerrar_bloque()
    return lector.bloques


def _partir(texto: str, pegada=False, enlace="", formatos: frozenset[str] = frozenset()) -> Iterator[Palabra]:
    """The words and signs of a plain text; `pegada` says whether the first follows a word without a space."""
    fin = 0 if pegada else -1
    for hallada in _PALABRA.finditer(texto):
        yield Palabra(hallada[0], hallada.start() == fin, enlace, formatos)
        fin = hallada.end()


# --- Matching -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tramo:
    """Equal stretches of both sides, or one that took the place of another (either may be empty)."""

    igual: bool
    antes: slice
    despues: slice


class Alineador:
    """Matches two sequences within a limit of work; `a_bulto` says that it was reached."""

    def __init__(self) -> None:
        self.quedan = PAREJAS_EN_TOTAL
        self.a_bulto = False

    def tramos(self, antes: Sequence[Hashable], despues: Sequence[Hashable]) -> list[Tramo]:
        """The whole of both sides, in order."""
        tramos: list[Tramo] = []
        i = j = 0
        for desde_i, desde_j, cuantos in _en_fila(
            [*self._parejas(antes, despues), (len(antes), len(despues))]
        ):
            if desde_i > i or desde_j > j:
                tramos.append(Tramo(False, slice(i, desde_i), slice(j, desde_j)))
            i, j = min(desde_i + cuantos, len(antes)), min(desde_j + cuantos, len(despues))
            if i > desde_i:
                tramos.append(Tramo(True, slice(desde_i, i), slice(desde_j, j)))
        return tramos

    def _parejas(self, a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
        """Positions of what is equal on both sides, ascending."""
        i = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        yield from zip(range(i), range(i), strict=True)
        resto = min(len(a), len(b)) - i
        reves = zip(reversed(a), reversed(b), strict=False)
        cola = next((n for n, (x, y) in enumerate(reves) if x != y or n == resto), resto)
        j, fin = i, (len(a) - cola, len(b) - cola)
        for ancla in [*_anclas(a[i : fin[0]], b[i : fin[1]], i), fin]:
            yield from self._en_el_hueco(a[i : ancla[0]], b[j : ancla[1]], i, j)
            if ancla != fin:
                yield ancla
            i, j = ancla[0] + 1, ancla[1] + 1
        yield from ((fin[0] + n, fin[1] + n) for n in range(cola))

    def _en_el_hueco(self, a, b, i: int, j: int) -> Iterator[tuple[int, int]]:
        veces = Counter(b)
        parejas = sum(veces[x] for x in a)
        if parejas > min(PAREJAS_POR_HUECO, self.quedan):
            self.a_bulto = True
            return
        self.quedan -= parejas
        if parejas:
            for di, dj, cuantos in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
                yield from ((i + di + n, j + dj + n) for n in range(cuantos))


def _anclas(a: Sequence[Hashable], b: Sequence[Hashable], desde: int) -> list[tuple[int, int]]:
    """The longest ascending chain of what appears exactly once on each side."""
    en_a, en_b = Counter(a), Counter(b)
    lugar = {x: n for n, x in enumerate(b) if en_b[x] == 1}
    candidatas = [(n, lugar[x]) for n, x in enumerate(a) if en_a[x] == 1 and x in lugar]
    puntas: list[int] = []
    cimas: list[int] = []
    previas: list[int | None] = []
    for n, (_i, j) in enumerate(candidatas):
        k = bisect_left(puntas, j)
        puntas[k : k + 1], cimas[k : k + 1] = [j], [n]
        previas.append(cimas[k - 1] if k else None)
    cadena, actual = [], cimas[-1] if cimas else None
    while actual is not None:
        cadena.append(candidatas[actual])
        actual = previas[actual]
    return [(i + desde, j + desde) for i, j in reversed(cadena)]


def _en_fila(parejas: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Runs of consecutive pairs: where each starts on both sides, and how long it is."""
    for _diagonal, grupo in groupby(enumerate(parejas), lambda par: (par[1][0] - par[0], par[1][1] - par[0])):
        fila = [pareja for _n, pareja in grupo]
        yield *fila[0], len(fila)


def _sin_casualidades(tramos: list[Tramo]) -> list[Tramo]:
    """Two long changes with a word or two between them become one."""
    limpios: list[Tramo] = []
    for n, tramo in enumerate(tramos):
        suelta = 0 < n < len(tramos) - 1 and tramo.igual and _largo(tramo) <= CASUALIDAD
        if suelta and min(_largo(tramos[n - 1]), _largo(tramos[n + 1])) > 2 * _largo(tramo):
            tramo = replace(tramo, igual=False)
        if limpios and not tramo.igual and not limpios[-1].igual:
            ultimo = limpios.pop()
            tramo = Tramo(
                False,
                slice(ultimo.antes.start, tramo.antes.stop),
                slice(ultimo.despues.start, tramo.despues.stop),
            )
        limpios.append(tramo)
    return limpios


def _largo(tramo: Tramo) -> int:
    return max(tramo.antes.stop - tramo.antes.start, tramo.despues.stop - tramo.despues.start)


# --- Telling ------------------------------------------------------------------------------------
def _en_texto(palabras: Sequence[Palabra]) -> str:
    return "".join(("" if p.pegada or not n else " ") + p.texto for n, p in enumerate(palabras))


def _quitado(texto: str) -> SafeString:
    return format_html(
        '<del><span aria-hidden="true">−</span><span class="oculto">quitado: </span>{}</del>', texto
    )


def _agregado(texto: str) -> SafeString:
    return format_html(
        '<ins><span aria-hidden="true">+</span><span class="oculto">agregado: </span>{}</ins>', texto
    )


def cambio_entero(antes: str, despues: str) -> SafeString:
    """One value that took the place of another."""
    return format_html_join(
        " ", "{}", ([marca(t)] for marca, t in ((_quitado, antes), (_agregado, despues)) if t)
    )


def _palabra_por_palabra(
    antes: Sequence[Palabra], despues: Sequence[Palabra], alineador: Alineador
) -> tuple[SafeString, list[tuple[Palabra, Palabra]]]:
    """The text with what was taken out and put in, and the pairs of words that stayed."""
    tramos = alineador.tramos([p.texto for p in antes], [p.texto for p in despues])
    partes: list[SafeString] = []
    iguales: list[tuple[Palabra, Palabra]] = []
    for tramo in _sin_casualidades(tramos):
        viejas, nuevas = antes[tramo.antes], despues[tramo.despues]
        pegado = bool(partes) and all(p.pegada for p in (nuevas or viejas)[:1])
        if tramo.igual:
            iguales += zip(viejas, nuevas, strict=True)
            html = format_html("{}", _en_texto(nuevas))
        else:
            html = cambio_entero(_en_texto(viejas), _en_texto(nuevas))
        partes.append(format_html("{}{}", "" if pegado or not partes else " ", html))
    return format_html_join("", "{}", ([parte] for parte in partes)), iguales


def comparar_palabras(antes: str, despues: str) -> SafeString:
    """A plain text of one field, word by word."""
    return _palabra_por_palabra([*_partir(antes)], [*_partir(despues)], Alineador())[0]


def comparar_cuerpos(antes: str, despues: str) -> tuple[list[BloqueComparado], str]:
    """Two sanitised rich texts, block by block; and, when something was not compared by words, a notice."""
    viejos, nuevos = leer_bloques(antes), leer_bloques(despues)
    alineador = Alineador()
    comparados: list[BloqueComparado] = []
    for tramo in alineador.tramos([b.textos for b in viejos], [b.textos for b in nuevos]):
        de, a = viejos[tramo.antes], nuevos[tramo.despues]
        for viejo, nuevo in zip(de, a, strict=True) if tramo.igual else _parecidos(de, a):
            if viejo and nuevo:
                comparados.append(_comparar_bloque(viejo, nuevo, alineador))
            elif viejo:
                comparados.append(_bloque_suelto("quitado", viejo))
            elif nuevo:
                comparados.append(_bloque_suelto("agregado", nuevo))
    if alineador.a_bulto:
        return comparados, "Cambió mucho: una parte se muestra por párrafos enteros y no palabra por palabra."
    if antes != despues and not any(bloque.cambio for bloque in comparados):
        return comparados, "Las palabras son las mismas: cambió la forma de una lista o de una tabla."
    return comparados, ""


def _parecidos(viejos: list[Bloque], nuevos: list[Bloque]) -> list[tuple[Bloque | None, Bloque | None]]:
    """Each block beside the one it became, in order; alone when it became none."""
    parejas: list[tuple[Bloque | None, Bloque | None]] = []
    libres = 0
    cuentas = [Counter(bloque.textos) for bloque in nuevos]
    demasiado = len(viejos) * sum(len(b.palabras) for b in nuevos) > PALABRAS_POR_PARECIDO
    for viejo in viejos:
        cuenta = Counter(viejo.textos)
        grados = [] if demasiado else [_parecido(cuenta, otra) for otra in cuentas[libres:]]
        if grados and max(grados) >= PARECIDO:
            elegido = libres + grados.index(max(grados))
            parejas += [(None, nuevo) for nuevo in nuevos[libres:elegido]]
            parejas.append((viejo, nuevos[elegido]))
            libres = elegido + 1
        else:
            parejas.append((viejo, None))
    return [*parejas, *((None, nuevo) for nuevo in nuevos[libres:])]


def _parecido(una: Counter[str], otra: Counter[str]) -> float:
    """Sørensen–Dice coefficient of their words: 1 when they are the same ones."""
    return 2 * (una & otra).total() / (una.total() + otra.total())


def _bloque_suelto(cambio: str, bloque: Bloque) -> BloqueComparado:
    """One that is only on one side."""
    if cambio == "quitado":
        return BloqueComparado(cambio, bloque.clase, _quitado(_en_texto(bloque.palabras)))
    notas = _notas_de_enlaces((), bloque.palabras)
    return BloqueComparado(cambio, bloque.clase, _agregado(_en_texto(bloque.palabras)), tuple(notas))


def _comparar_bloque(viejo: Bloque, nuevo: Bloque, alineador: Alineador) -> BloqueComparado:
    html, iguales = _palabra_por_palabra(viejo.palabras, nuevo.palabras, alineador)
    notas = _notas_de_enlaces(viejo.palabras, nuevo.palabras) + _notas_de_formato(iguales)
    if viejo.clase != nuevo.clase:
        notas.insert(0, f"Era «{viejo.clase.lower()}», ahora es «{nuevo.clase.lower()}».")
    cambio = "cambiado" if notas or viejo.textos != nuevo.textos else ""
    return BloqueComparado(cambio, nuevo.clase, html, tuple(notas))


def _enlaces(palabras: Sequence[Palabra]) -> dict[str, list[str]]:
    """The addresses that each linked text leads to, in order."""
    enlaces: dict[str, list[str]] = defaultdict(list)
    for direccion, grupo in groupby(palabras, lambda palabra: palabra.enlace):
        if direccion:
            enlaces[_en_texto(list(grupo))].append(direccion)
    return enlaces


def _notas_de_enlaces(antes: Sequence[Palabra], despues: Sequence[Palabra]) -> list[str]:
    viejos, nuevos = _enlaces(antes), _enlaces(despues)
    notas = []
    for texto in dict.fromkeys([*viejos, *nuevos]):
        eran, son = viejos.get(texto, []), nuevos.get(texto, [])
        for de, a in zip(eran, son, strict=False):
            if de != a:
                notas.append(f"El enlace «{texto}» llevaba a {de} y ahora lleva a {a}.")
        notas += [f"Se quitó el enlace «{texto}», que llevaba a {de}." for de in eran[len(son) :]]
        notas += [f"Enlace nuevo: «{texto}» lleva a {a}." for a in son[len(eran) :]]
    return notas


def _notas_de_formato(iguales: list[tuple[Palabra, Palabra]]) -> list[str]:
    notas = []
    for formato in _FORMATOS.values():
        puestas = [n for v, n in iguales if formato in n.formatos - v.formatos]
        quitadas = [v for v, n in iguales if formato in v.formatos - n.formatos]
        notas += [f"Ahora en {formato}: «{_en_texto(puestas)}»."] if puestas else []
        notas += [f"Ya no en {formato}: «{_en_texto(quitadas)}»."] if quitadas else []
    return notas
