"""Search: PostgreSQL full text in Spanish, blind to accents, with synonyms and suggestions.

Two vectors are summed, `spanish` and `spanish` over `unaccent`: each alone misses words the other finds.
Candidates are bounded before ranking, so that a common word costs the same in a large site as in a small one.
"""

import re
import unicodedata
from functools import reduce
from itertools import cycle
from operator import add, or_

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Left, Length
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.models import EntradaDeBusqueda, Publicacion, Sinonimo, Vocablo
from portal.saneado import solo_texto

#: Text-search configuration made in the first migration: `spanish` with `unaccent` before the stemmer.
SIN_TILDES = "espanol_sin_tildes"
CONFIGURACIONES = ("spanish", SIN_TILDES)
#: Rows that are ranked, at most: the newest that match anywhere, and the newest that match in the title.
CANDIDATAS, CANDIDATAS_POR_TITULO = 300, 200
LARGO_MAXIMO = 150
_INICIO, _FIN = "\ue000", "\ue001"
_PALABRA = re.compile(r"[^\W\d_]{4,60}")


# --- Writing the index --------------------------------------------------------------------------
def _vector(**pesos: str) -> Combinable:
    vectores = [
        SearchVector(Value(texto, output_field=TextField()), weight=peso, config=configuracion)
        for peso, texto in pesos.items()
        for configuracion in CONFIGURACIONES
    ]
    return reduce(add, vectores)


def indexar_entrada(clase: str, objeto: int, *, adjuntos: str = "", **campos) -> None:
    """Write or rewrite one findable page. Weighted: title, summary, body, titles of its files."""
    titulo, resumen, texto = campos["titulo"], campos["resumen"], campos["texto"]
    campos["texto"] = f"{texto} {adjuntos}".strip()
    campos["vector"] = _vector(A=titulo, B=resumen, C=texto[:200_000], D=adjuntos)
    campos["vector_titulo"] = _vector(A=titulo)
    EntradaDeBusqueda.objects.update_or_create(clase=clase, objeto=objeto, defaults=campos)
    palabras = {sin_tildes(palabra) for palabra in _PALABRA.findall(f"{titulo} {resumen} {texto}")}
    Vocablo.objects.bulk_create(
        [Vocablo(palabra=palabra) for palabra in sorted(palabras)], ignore_conflicts=True
    )


def indexar(publicacion: Publicacion) -> None:
    """Make a live publication findable."""
    version = publicacion.version_publica
    if version is None or not publicacion.canal.publico:
        return
    indexar_entrada(
        "publicacion",
        publicacion.pk,
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
    EntradaDeBusqueda.objects.filter(clase="publicacion", objeto=publicacion.pk).delete()


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
    """The query, and the query with each synonym in its place."""
    plana = sin_tildes(consulta)
    variantes = [consulta]
    for termino, equivalente in Sinonimo.objects.values_list("termino", "equivalente"):
        patron = rf"\b{re.escape(sin_tildes(termino))}\b"
        if re.search(patron, plana):
            variantes.append(re.sub(patron, equivalente.replace("\\", ""), plana))
    return variantes


def _consulta(texto: str) -> SearchQuery:
    return reduce(
        or_,
        [
            SearchQuery(variante, search_type="websearch", config=configuracion)
            for variante in _variantes(texto)
            for configuracion in CONFIGURACIONES
        ],
    )


def candidatas(texto: str, **filtros) -> list[int]:
    """Ids of the pages that match, at most `CANDIDATAS + CANDIDATAS_POR_TITULO`, the newest. One query."""
    consulta = _consulta(texto)
    recientes = EntradaDeBusqueda.objects.filter(**filtros).order_by("-fecha", "-pk").values("pk")
    union = recientes.filter(vector=consulta)[:CANDIDATAS].union(
        recientes.filter(vector_titulo=consulta)[:CANDIDATAS_POR_TITULO]
    )
    return [fila["pk"] for fila in union]


def ordenadas(ids: list[int], texto: str) -> QuerySet[EntradaDeBusqueda]:
    """Those pages, best first, each with `extracto`: the words around what was found."""
    consulta = _consulta(texto)
    extracto = SearchHeadline(
        Left("texto", 6000),
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


def resaltar(extracto: str) -> SafeString:
    """Escape an excerpt and turn its marks into `<mark>`."""
    partes = re.split(f"{_INICIO}(.*?){_FIN}", extracto)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", parte) if hallada else parte,)
            for parte, hallada in zip(partes, cycle([False, True]), strict=False)
        ),
    )


def sugerir(texto: str) -> str:
    """The query with each unknown word changed for the most similar one of the site, or ""."""
    palabras = texto.split()
    cambiadas = [_parecida(palabra) or palabra for palabra in palabras]
    return " ".join(cambiadas) if cambiadas != palabras else ""


def _parecida(palabra: str) -> str:
    plana = sin_tildes(palabra)
    if len(plana) < 4 or not plana.isalpha():
        return ""
    similar = (
        Vocablo.objects.filter(palabra__trigram_word_similar=plana)
        .annotate(parecido=TrigramWordSimilarity(plana, "palabra"))
        .order_by("-parecido", Abs(Length("palabra") - len(plana)), "palabra")
        .first()
    )
    return similar.palabra if similar and similar.palabra != plana else ""
