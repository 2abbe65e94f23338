"""The marcos as `datos/` says them: what comes in, what is refused, and what people did is respected."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from portal.importacion import CARGAS as TODAS
from portal.importacion import Cuenta, FilaRechazada, cargar_carpeta
from portal.models import Edicion
from seguimiento.importacion import CARGAS, FIRMEZAS
from seguimiento.models import Criterio, Equivalencia, Fase, Marco
from seguimiento.registro import REGLAS
from tests.builders import crear_canal, crear_dependencia

DATOS = Path(__file__).parents[2] / "datos"
ENCABEZADO = (
    "codigo,fase,grupo,nombre,descripcion,obligatoriedad,aplica,peso,fuente,"
    "evidencia_sugerida,como_se_comprueba,regla,parametros,canal,dependencia\n"
)
ARCHIVOS = {
    "marcos.csv": "slug,nombre,norma,advertencia,orden\n"
    "gel,GEL,Decreto 1151,Provisional.,10\n"
    "res,1519,Resolución,,20\n",
    "fases.csv": "marco,slug,nombre,descripcion,plazo_nacional,plazo_territorial,peso,orden\n"
    "gel,informacion,Información,Publica.,2008-06-01,2008-11-01,1,10\n"
    "res,anexo-2,Anexo 2,,,,,20\n",
    "criterios_gel_2008.csv": f"{ENCABEZADO}"
    "INF-01,informacion,General,Noticias,Se publican.,sin verificar,sí,,VP:GUAMO,URL,canal al día,"
    "hay-publicaciones,canales=noticias; dias=7,noticias,general\n"
    "INF-02,informacion,Compromiso del plan municipal (no es criterio),Semanal,,,,2,V:SEM,,,,,,general\n",
    "criterios_res1519_2020.csv": f"{ENCABEZADO}"
    "A2-1,anexo-2,2.5 Noticias,En portada,,obligatorio,,,Secundaria: x,,,,,,general\n",
    "criterios_equivalentes.csv": "criterio,equivale_a,nota\nINF-01,A2-1,Una pide más\n",
}


@pytest.fixture
def carpeta(db, tmp_path):
    """A small valid `datos/` for these loads, and the house they name."""
    Edicion.objects.get_or_create(pk=1)
    general = crear_dependencia("Secretaría General", slug="general", es_secretaria_general=True)
    crear_canal(general, slug="noticias")
    for nombre, contenido in ARCHIVOS.items():
        (tmp_path / nombre).write_text(contenido, encoding="utf-8")
    return tmp_path


def cargar(carpeta: Path) -> dict[str, Cuenta]:
    return cargar_carpeta(carpeta, CARGAS)


def cambiar(carpeta: Path, archivo: str, antes: str, despues: str) -> None:
    """Edit one place of a file, which must be there once."""
    contenido = (carpeta / archivo).read_text(encoding="utf-8")
    assert contenido.count(antes) == 1
    (carpeta / archivo).write_text(contenido.replace(antes, despues), encoding="utf-8")


def todo() -> dict[str, object]:
    """Every row these loads write, with its history, and the edición."""
    modelos = (Marco, Fase, Criterio, Equivalencia)
    filas = {m.__name__: list(m.objects.order_by("pk").values()) for m in modelos}
    historias = {f"h{m.__name__}": list(m.history.order_by("pk").values()) for m in modelos}
    return filas | historias | {"edicion": Edicion.actual()}


# --- Loading ------------------------------------------------------------------------------------
def test_what_is_loaded_is_what_the_files_say(carpeta):
    cuentas = cargar(carpeta)

    criterio = Criterio.objects.get(codigo="INF-01")
    compromiso = Criterio.objects.get(codigo="INF-02")
    fase = Fase.objects.get(slug="informacion")
    assert [str(cuenta) for cuenta in cuentas.values()] == [
        f"{n} nuevas, 0 cambiadas, 0 iguales" for n in (2, 2, 2, 1, 1)
    ]
    assert (fase.plazo_nacional, fase.plazo_territorial) == (date(2008, 6, 1), date(2008, 11, 1))
    assert (criterio.regla, criterio.parametros) == (
        "hay-publicaciones",
        {"canales": ["noticias"], "dias": 7},
    )
    assert (criterio.firmeza, criterio.peso, criterio.es_compromiso) == ("inferido", 1, False)
    assert (criterio.canal.slug, criterio.dependencia.slug, criterio.orden) == ("noticias", "general", 1)
    assert (compromiso.firmeza, compromiso.peso, compromiso.es_compromiso) == ("visto", 2, True)
    assert (compromiso.regla, compromiso.parametros, compromiso.canal) == ("", {}, None)
    assert Equivalencia.objects.get().nota == "Una pide más"


def test_a_second_load_changes_nothing_not_even_the_edicion(carpeta):
    cargar(carpeta)
    antes = todo()

    cuentas = cargar(carpeta)

    assert todo() == antes
    assert sum(c.creadas + c.cambiadas + c.respetadas for c in cuentas.values()) == 0


def test_only_what_changed_in_the_files_is_changed_and_what_was_found_stays(carpeta):
    cargar(carpeta)
    criterio = Criterio.objects.get(codigo="INF-01")
    Criterio.objects.filter(pk=criterio.pk).update(resultado="cumple", base="regla", detalle="Está.")
    cambiar(carpeta, "criterios_gel_2008.csv", "dias=7", "dias=8")

    cuentas = cargar(carpeta)

    criterio.refresh_from_db()
    assert sum(c.cambiadas for c in cuentas.values()) == 1
    assert criterio.parametros["dias"] == 8
    assert (criterio.resultado, criterio.detalle) == ("cumple", "Está.")


@pytest.mark.parametrize(
    ("modelo", "clave"),
    [(Marco, {"slug": "gel"}), (Fase, {"slug": "informacion"}), (Criterio, {"codigo": "INF-01"})],
)
def test_what_a_person_edited_is_respected(carpeta, modelo, clave):
    cargar(carpeta)
    objeto = modelo.objects.get(**clave)
    objeto.nombre = "Como lo dijo el comité"
    objeto.save()

    cuentas = cargar(carpeta)

    objeto.refresh_from_db()
    assert objeto.nombre == "Como lo dijo el comité"
    assert sum(c.respetadas for c in cuentas.values()) == 1


def test_an_equivalence_that_a_person_removed_is_not_put_back(carpeta):
    cargar(carpeta)
    Equivalencia.objects.get().delete()

    cuentas = cargar(carpeta)

    assert not Equivalencia.objects.exists()
    assert cuentas["Criterios equivalentes"].respetadas == 1


def test_an_equivalence_is_the_same_in_both_directions(carpeta):
    cargar(carpeta)
    cambiar(carpeta, "criterios_equivalentes.csv", "INF-01,A2-1,", "A2-1,INF-01,")

    assert cargar(carpeta)["Criterios equivalentes"].iguales == 1


# --- Bad input ----------------------------------------------------------------------------------
GEL, RES = "criterios_gel_2008.csv", "criterios_res1519_2020.csv"
MALOS = {
    "a repeated code": (GEL, "INF-02,", "INF-01,", "línea 3, columna «codigo»: repite la línea 2."),
    "a code of the other marco": (
        RES,
        "A2-1,",
        "INF-01,",
        "línea 2, columna «codigo»: «INF-01» ya es de otro",
    ),
    "an unknown phase": (
        GEL,
        "INF-01,informacion",
        "INF-01,otra",
        "línea 2, columna «fase»: no hay fase «otra»",
    ),
    "no phase": (GEL, "INF-01,informacion", "INF-01,", "línea 2, columna «fase»: no puede estar vacía"),
    "an unknown rule": (
        GEL,
        "hay-publicaciones",
        "adivinar",
        "línea 2, columna «regla»: no hay una regla «adivinar»",
    ),
    "parameters without rule": (
        *(GEL, "hay-publicaciones,", ","),
        "línea 2, columna «parametros»: sin regla no hay parámetros",
    ),
    "an unknown channel": (
        GEL,
        "canales=noticias",
        "canales=chismes",
        "«parametros»: El parámetro «canales» de la",
    ),
    "another channel": (GEL, "canales=noticias", "canales=noticias|chismes", "no hay canal «chismes»"),
    "not a number": (GEL, "dias=7", "dias=siete", "El parámetro «dias» no es un número entero: «siete»."),
    "not positive": (GEL, "dias=7", "dias=0", "«dias» de la regla «hay-publicaciones»: debe ser 1 o más"),
    "not yes or no": (GEL, "dias=7", "con_archivo=quizá", "El parámetro «con_archivo» no es «si» ni «no»"),
    "not one of the options": (
        GEL,
        "dias=7",
        "anio=bisiesto",
        "«bisiesto» no es uno de: actual, anterior, cerrados",
    ),
    "an option of several": (GEL, "dias=7", "normas=ley|edicto", "«edicto» no es uno de: acuerdo, decreto"),
    "an unknown parameter": (
        GEL,
        "dias=7",
        "semanas=1",
        "no tiene el parámetro «semanas». Tiene: anio, cada_palabra",
    ),
    "a parameter twice": (GEL, "dias=7", "dias=7; dias=8", "El parámetro «dias» está dos veces"),
    "an empty parameter": (
        GEL,
        "dias=7",
        "palabras=",
        "«palabras» de la regla «hay-publicaciones»: está vacío",
    ),
    "a loose word": (GEL, "dias=7", "siempre", "«siempre» no es de la forma nombre=valor"),
    "a missing parameter": (
        *(GEL, "hay-publicaciones,canales=noticias; dias=7", "municipio-tiene,contiene=+57"),
        "A la regla «municipio-tiene» le falta el parámetro «campos»",
    ),
    "an unknown field": (
        *(GEL, "hay-publicaciones,canales=noticias; dias=7", "municipio-tiene,campos=signo"),
        "el municipio no tiene «signo»",
    ),
    "a path that is not one": (
        *(GEL, "hay-publicaciones,canales=noticias; dias=7", "pagina-tiene,pagina=https://a.co"),
        "«https://a.co» no empieza por /",
    ),
    "weights that sum to zero": (
        GEL,
        "sí,,VP",
        "sí,0,VP",
        "línea 3, columna «peso»: los pesos de la fase «informacion»",
    ),
    "a weight that is not a number": (
        GEL,
        "sí,,VP",
        "sí,uno,VP",
        "línea 2, columna «peso»: «uno» no es un número",
    ),
    "a negative weight": (GEL, "sí,,VP", "sí,-1,VP", "línea 2, columna «peso»"),
    "a source without mark": (
        GEL,
        "VP:GUAMO",
        "Alguien",
        "línea 2, columna «fuente»: no empieza por ninguna",
    ),
    "nobody responsible": (
        GEL,
        ",noticias,general",
        ",noticias,",
        "línea 2, columna «dependencia»: no puede estar",
    ),
    "an unknown responsible": (GEL, ",noticias,general", ",noticias,marte", "no hay dependencia «marte»"),
    "an unknown channel of its own": (
        GEL,
        ",noticias,general",
        ",avisos,general",
        "columna «canal»: no hay canal",
    ),
    "no name": (GEL, "General,Noticias", "General,", "línea 2, columna «nombre»"),
    "a date that is not one": (
        "fases.csv",
        "2008-06-01",
        "junio",
        "columna «plazo_nacional»: «junio» no es una fecha",
    ),
    "an unknown marco": (
        "fases.csv",
        "gel,informacion",
        "otro,informacion",
        "columna «marco»: no hay marco «otro»",
    ),
    "a phase that weighs nothing": (
        "fases.csv",
        "01,1,10",
        "01,0,10",
        "columna «peso»: El peso de una fase es 1",
    ),
    "a repeated phase": ("fases.csv", "res,anexo-2", "res,informacion", "columna «slug»: repite la línea 2"),
    "a repeated marco": ("marcos.csv", "res,1519", "gel,1519", "línea 3, columna «slug»: repite la línea 2"),
    "an unknown equivalent": (
        *("criterios_equivalentes.csv", "A2-1", "A2-9"),
        "línea 2, columna «equivale_a»: no hay criterio «A2-9»",
    ),
    "equivalent in its own marco": ("criterios_equivalentes.csv", "A2-1", "INF-02", "es del mismo marco"),
    "a repeated equivalence": (
        *("criterios_equivalentes.csv", "más\n", "más\nA2-1,INF-01,\n"),
        "línea 3, columna «equivale_a»: repite la línea 2",
    ),
}


@pytest.mark.parametrize(("archivo", "antes", "despues", "razon"), MALOS.values(), ids=MALOS)
def test_a_bad_row_says_where_and_why_and_nothing_is_loaded(carpeta, archivo, antes, despues, razon):
    cambiar(carpeta, archivo, antes, despues)
    estado = todo()

    with pytest.raises(FilaRechazada) as rechazo:
        cargar(carpeta)

    assert str(rechazo.value).startswith(archivo)
    assert razon in str(rechazo.value)
    assert todo() == estado


# --- What our own `datos/` say ------------------------------------------------------------------
def leer(nombre: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATOS / nombre).read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def filas() -> list[dict[str, str]]:
    """Every criterion of both files."""
    return [
        fila for nombre in ("criterios_gel_2008.csv", "criterios_res1519_2020.csv") for fila in leer(nombre)
    ]


def test_both_marcos_load_whole_with_rules_that_can_look(db):
    Edicion.objects.get_or_create(pk=1)
    cargar_carpeta(DATOS, [carga for carga in TODAS if carga.archivo in BASE] + CARGAS)

    de = Counter(Criterio.objects.values_list("fase__marco__slug", flat=True))
    por_regla = Counter(Criterio.objects.por_regla().values_list("fase__marco__slug", flat=True))
    assert de == {"gel-2008": 124, "resolucion-1519-2020": 177}
    assert por_regla["gel-2008"] >= 60
    assert por_regla["resolucion-1519-2020"] >= 60
    assert Criterio.objects.que_cuentan().por_regla().filter(fase__marco__slug="gel-2008").count() >= 60
    assert Equivalencia.objects.count() >= 40
    assert Criterio.objects.filter(es_compromiso=True).count() == 11
    for criterio in Criterio.objects.all():
        criterio.full_clean()


BASE = {"municipio.csv", "dependencias.csv", "cargos.csv", "canales.csv"}


def test_the_phases_of_gel_have_their_legal_due_dates(filas):
    fases = {fila["slug"]: fila for fila in leer("fases.csv")}

    assert {
        slug: fila["plazo_territorial"] for slug, fila in fases.items() if fila["marco"] == "gel-2008"
    } == {
        "informacion": "2008-11-01",
        "interaccion": "2009-12-01",
        "transaccion": "2010-12-01",
        "transformacion": "2011-12-01",
        "democracia": "2012-12-01",
    }
    assert {fila["fase"] for fila in filas} == set(fases)


def test_every_rule_proves_some_criterion(filas):
    assert {fila["regla"] for fila in filas} - {""} == set(REGLAS)


def test_every_mark_of_firmness_is_one_that_is_known(filas):
    assert all(fila["fuente"].startswith(tuple(FIRMEZAS)) for fila in filas)


@pytest.mark.parametrize("palabra", ["consulta con", "encuesta", "votación"])
def test_what_is_asked_of_surveys_and_consultations_is_proved_by_a_rule(filas, palabra):
    con_regla = {"INT-05", "DEM-01", "DEM-02", "DEM-08", "DEM-09", "DEM-10", "DEM-12", "A2-T6.2.3"}

    assert con_regla <= {fila["codigo"] for fila in filas if fila["regla"]}
    halladas = [f for f in filas if palabra.casefold() in f["como_se_comprueba"].casefold()]
    assert halladas and all(fila["regla"] for fila in halladas)
