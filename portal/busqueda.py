"""Search: PostgreSQL full text in Spanish, blind to accents, with synonyms and suggestions.

Two vectors are summed, `spanish` and `spanish` over `unaccent`: each alone misses words the other finds.
Candidates are bounded before ranking, so that a common word costs the same in a large site as in a small one.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import cycle
from operator import add, or_
from typing import Any

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import Case, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject, Left
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.models import EntradaDeBusqueda, Publicacion, Sinonimo, Vocablo
from portal.models.canal import Tipo
from portal.saneado import solo_texto

#: Text-search configuration made in the first migration: `spanish` with `unaccent` before the stemmer.
SIN_TILDES = "espanol_sin_tildes"
CONFIGURACIONES = ("spanish", SIN_TILDES)
#: Rows that are ranked, at most: the newest that match anywhere, and the newest that match in the title.
CANDIDATAS, CANDIDATAS_POR_TITULO = 100, 80
LARGO_MAXIMO = 150
#: As in `pg_trgm.word_similarity_threshold` of the settings.
PARECIDO_MINIMO = 0.5
PALABRAS_QUE_SE_SUGIEREN = 8
#: Kinds of page one may narrow a search to. Other apps add theirs in their `ready()`.
CLASES: dict[str, str] = dict(Tipo.choices)
_INICIO, _FIN, _SEPARADOR = "\ue000", "\ue001", "\x1f"
_SIGNO = re.compile(r"[^\w\x00-\x7f]")
_GUIONES = re.compile(r"-(?=\W*-)")  # PostgreSQL fails with thirty in a row
_ION = re.compile(r"(?<=[cs])ion\b", re.IGNORECASE)
_PALABRA = re.compile(r"[^\W\d_]{4,60}")


# --- Writing the index --------------------------------------------------------------------------
def _vector(**pesos: str) -> Combinable:
    vectores = [
        SearchVector(Value(_sin_signos(texto), output_field=TextField()), weight=peso, config=configuracion)
        for peso, texto in pesos.items()
        for configuracion in CONFIGURACIONES
    ]
    return reduce(add, vectores)


def _sin_signos(texto: str) -> str:
    """Without ¿ « “ – and the like, which PostgreSQL in the C locale takes for letters of the word."""
    return _SIGNO.sub(" ", unicodedata.normalize("NFC", texto))


def indexar_entrada(
    clase: str, objeto: int, *, alias: str = "", adjuntos: str = "", aprender=True, **campos
) -> None:
    """Write or rewrite one findable page. Weighted: title, summary, body, titles of its files.

    `alias` is what people call it: it weighs as the title and is not shown. With `aprender`, its words may
    be suggested to whoever mistypes them.
    """
    titulo, resumen, texto = campos["titulo"], campos["resumen"], campos["texto"]
    campos["texto"] = f"{texto} {adjuntos}".strip()
    nombres = f"{titulo} · {alias}"
    campos["vector"] = _vector(A=nombres, B=resumen, C=texto[:200_000], D=adjuntos)
    campos["vector_titulo"] = _vector(A=nombres)
    EntradaDeBusqueda.objects.update_or_create(clase=clase, objeto=objeto, defaults=campos)
    if not aprender:
        return
    palabras = {sin_tildes(palabra)[:60] for palabra in _PALABRA.findall(f"{nombres} {resumen} {texto}")}
    Vocablo.objects.bulk_create(
        [Vocablo(palabra=palabra) for palabra in sorted(palabras)], ignore_conflicts=True
    )


def indexar(publicacion: Publicacion) -> None:
    """Make a live publication findable."""
    version = publicacion.version_publica
    if version is None:
        return
    indexar_entrada(
        "publicacion",
        publicacion.pk,
        aprender=publicacion.canal.publico,
        tipo=publicacion.tipo,
        titulo=version.titulo,
        resumen=version.resumen,
        texto=solo_texto(version.cuerpo),
        adjuntos=" ".join(adjunto.titulo for adjunto in version.adjuntos.all()),
        url=publicacion.get_absolute_url(),
        canal_id=publicacion.canal_id,
        dependencia_id=publicacion.dependencia_id,
        fecha=publicacion.actualizada_en,
    )


def desindexar(publicacion: Publicacion) -> None:
    desindexar_entrada("publicacion", publicacion.pk)


def desindexar_entrada(clase: str, objeto: int) -> None:
    EntradaDeBusqueda.objects.filter(clase=clase, objeto=objeto).delete()


# --- Reading it ---------------------------------------------------------------------------------
def sin_tildes(texto: str) -> str:
    """Lower case without accents; ñ stays ñ."""
    partes = unicodedata.normalize("NFD", texto.lower().replace("ñ", "\x01"))
    return "".join(c for c in partes if not unicodedata.combining(c)).replace("\x01", "ñ")


def limpiar(consulta: str) -> str:
    """What was typed, without what PostgreSQL cannot store and no longer than a sentence."""
    visible = "".join(c for c in consulta if c.isprintable() or c.isspace())
    return " ".join(visible.split())[:LARGO_MAXIMO]


def _variantes(consulta: str) -> list[str]:
    """The query, the query with each synonym in its place, and those with the accent people leave out."""
    plana = sin_tildes(consulta)
    variantes = [consulta]
    for termino, equivalente in Sinonimo.objects.values_list("termino", "equivalente"):
        patron = rf"\b{re.escape(sin_tildes(termino))}\b"
        if re.search(patron, plana):
            variantes.append(re.sub(patron, equivalente.replace("\\", ""), plana))
    # Only «certificación» shares its stem with «certificaciones»; people type «certificacion».
    return variantes + [_ION.sub("ión", v) for v in variantes if _ION.search(v)]


def interpretar(texto: str, *, todas: bool = True) -> SearchQuery:
    """What `texto` asks of PostgreSQL: it or any of its variants, with accents or without.

    Every word counts, with what quotes and minus do; without `todas`, any of them will do.
    """
    variantes = _variantes(texto)
    if not todas:
        variantes = [" or ".join(re.findall(r"\w+", variante)) for variante in variantes]
    return reduce(
        or_,
        [
            SearchQuery(
                _GUIONES.sub("", _sin_signos(variante)), search_type="websearch", config=configuracion
            )
            for variante in variantes
            for configuracion in CONFIGURACIONES
        ],
    )


def candidatas(consulta: SearchQuery, **filtros) -> list[int]:
    """Ids of the pages that match, at most `CANDIDATAS + CANDIDATAS_POR_TITULO`, the newest. One query."""
    a_la_vista = Q(canal=None) | Q(canal__publico=True, canal__activo=True)
    entradas = EntradaDeBusqueda.objects.filter(a_la_vista, **filtros)
    recientes = entradas.order_by("-fecha", "-pk").values("pk")
    union = recientes.filter(vector=consulta)[:CANDIDATAS].union(
        recientes.filter(vector_titulo=consulta)[:CANDIDATAS_POR_TITULO]
    )
    return [fila["pk"] for fila in union]


def ordenadas(ids: list[int], consulta: SearchQuery) -> QuerySet[EntradaDeBusqueda]:
    """Those pages, best first, each with `extracto`: the words around what was found."""
    extracto = SearchHeadline(
        Func(  # signs apart from their words, see `_sin_signos`
            Left("texto", 6000),
            Value("([¿¡«»“”‘’–—…])"),
            Value(rf"{_SEPARADOR}\1{_SEPARADOR}"),
            Value("g"),
            function="regexp_replace",
            output_field=TextField(),
        ),
        consulta,
        config=SIN_TILDES,
        start_sel=_INICIO,
        stop_sel=_FIN,
        max_words=32,
        min_words=14,
    )
    return (
        EntradaDeBusqueda.objects.filter(pk__in=ids)
        .annotate(rango=SearchRank(F("vector"), consulta, normalization=1), extracto=extracto)
        .order_by("-rango", "-fecha", "-pk")
        .select_related("canal", "dependencia")
        .defer("texto", "vector", "vector_titulo")
    )


def con_publicacion(entradas: QuerySet, pagina: slice) -> list[Any]:
    """Those of the page, each with its `publicacion` when it is one: enough of it to know its government."""
    datos = Publicacion.objects.filter(pk=OuterRef("objeto")).values(
        datos=JSONObject(politica="politica", periodo_id="periodo", publicada_en="publicada_en")
    )
    es_una = Case(When(clase="publicacion", then=Subquery(datos)))
    halladas = list(entradas.annotate(de_publicacion=es_una)[pagina])
    for entrada in halladas:
        entrada.publicacion = None
        if dichos := entrada.de_publicacion:
            publicada = datetime.fromisoformat(dichos.pop("publicada_en"))
            entrada.publicacion = Publicacion(canal=entrada.canal, publicada_en=publicada, **dichos)
    return halladas


@dataclass(frozen=True)
class Hallazgo:
    """The pages found, not yet in order, and the question that found them.

    `texto` is what was searched in the end: not what was typed when that found nothing. With
    `alguna`, they have some of its words and not all.
    """

    texto: str
    consulta: SearchQuery
    ids: list[int]
    alguna: bool = False


def hallar(texto: str, **filtros) -> Hallazgo:
    """Search as typed; if there is nothing, with mistyped words put right; if not, by any of the words."""
    hallazgo = _intentar(texto, filtros)
    if hallazgo.ids:
        return hallazgo
    if corregido := sugerir(texto):
        hallazgo = _intentar(corregido, filtros)
        if hallazgo.ids:
            return hallazgo
    return _intentar(corregido or texto, filtros, alguna=True)


def _intentar(texto: str, filtros: dict[str, Any], alguna: bool = False) -> Hallazgo:
    consulta = interpretar(texto, todas=not alguna)
    return Hallazgo(texto, consulta, candidatas(consulta, **filtros), alguna)


def resaltar(extracto: str) -> SafeString:
    """Escape an excerpt and turn its marks into `<mark>`."""
    partes = re.split(f"{_INICIO}(.*?){_FIN}", extracto.replace(_SEPARADOR, ""))
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", parte) if hallada else parte,)
            for parte, hallada in zip(partes, cycle([False, True]), strict=False)
        ),
    )


def sugerir(texto: str) -> str:
    """The query with each unknown word changed for the most similar one of the site, or "". One query."""
    palabras = texto.split()
    planas = [_plana(palabra) for palabra in palabras]
    buscadas = [plana for plana in dict.fromkeys(planas) if plana][:PALABRAS_QUE_SE_SUGIEREN]
    if not buscadas:
        return ""
    parecidos = {f"parecido_{n}": TrigramWordSimilarity(p, "palabra") for n, p in enumerate(buscadas)}
    alguna = reduce(or_, [Q(palabra__trigram_word_similar=plana) for plana in buscadas])
    vocablos = list(Vocablo.objects.filter(alguna).annotate(**parecidos))
    mejores = {p: _mejor(vocablos, f"parecido_{n}", p) for n, p in enumerate(buscadas)}
    cambiadas = [mejores.get(plana) or palabra for palabra, plana in zip(palabras, planas, strict=True)]
    return " ".join(cambiadas) if cambiadas != palabras else ""


def _plana(palabra: str) -> str:
    """The word to compare, or "" when there is too little to compare."""
    plana = re.sub(r"^\W+|\W+$", "", sin_tildes(palabra))
    return plana if len(plana) >= 4 and plana.isalpha() else ""


def _mejor(vocablos: list[Any], parecido: str, plana: str) -> str:
    """The most similar word, and among equals the one of nearest length; "" when it is the same."""
    cercanos = [v for v in vocablos if getattr(v, parecido) >= PARECIDO_MINIMO]
    mejor = min(
        cercanos,
        key=lambda v: (-getattr(v, parecido), abs(len(v.palabra) - len(plana)), v.palabra),
        default=None,
    )
    return mejor.palabra if mejor and mejor.palabra != plana else ""
