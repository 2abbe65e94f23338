"""Loading the municipality: twice is once, a bad row changes nothing, and what people did is respected."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.importacion import CARGAS, FilaRechazada, cargar_carpeta, importar_matriz, matriz_en_csv
from portal.models import (
    Asignacion,
    Canal,
    Cargo,
    Dependencia,
    Edicion,
    Municipio,
    Publicacion,
    Sinonimo,
    Usuario,
    Version,
)

DATOS = Path(__file__).parents[2] / "datos"
ARCHIVOS = {
    "municipio.csv": """campo,valor,por_confirmar
nombre,Puerto Santander,no
departamento,Norte de Santander,no
divipola,54553,no
nombre_entidad,Alcaldía Municipal de Puerto Santander,no
direccion,Carrera 2 n.º 2-35,no
telefono,+57 607 000 0000,si
horario,"Lunes a viernes, de 8:00 a. m. a 6:00 p. m.",no
correo,contacto@ejemplo.gov.co,Sí
correo_judicial,judicial@ejemplo.gov.co,no
""",
    "dependencias.csv": """slug,nombre,padre,secretaria_general,descripcion,orden,fuente
despacho,Despacho del Alcalde,,no,Dirige.,10,plan
general,Secretaría General,despacho,si,Coordina.,20,plan
planeacion,Planeación,despacho,no,,,
""",
    "cargos.csv": """codigo,nombre,dependencia,jefatura,orden,fuente
alcalde,Alcalde,despacho,si,10,plan
auxiliar,Auxiliar,planeacion,no,20,plan
""",
    "canales.csv": """\
slug,numero,nombre,descripcion,seccion,padre,tipos,listado,ruta,dependencia,\
edad_maxima_dias,frecuencia,fase,publico,orden,fuente
municipio,1,Nuestro municipio,Historia.,municipio,,pagina album,lista,,planeacion,\
183,semestral,informacion,si,10,
noticias,,Noticias,"Lo que pasa, hoy.",actualidad,municipio,noticia,lista,/noticias/,general,\
,,interaccion,no,20,
""",
    "asignaciones.csv": """canal,cargo,funcion
municipio,auxiliar,autor
municipio,alcalde,autoriza
noticias,auxiliar,autor
""",
    "sinonimos.csv": """termino,equivalente
luz,energía
impuesto de la casa,impuesto predial
""",
}
QUE_DICE_DATOS = (Municipio, Dependencia, Cargo, Canal, Asignacion, Sinonimo)


@pytest.fixture
def carpeta(tmp_path):
    """A small valid `datos/`, where what other apps load is empty."""
    carpeta = tmp_path / "datos"
    carpeta.mkdir()
    vacios = {carga.archivo: f"{','.join(carga.columnas)}\n" for carga in CARGAS}
    for nombre, contenido in (vacios | ARCHIVOS).items():
        (carpeta / nombre).write_text(contenido, encoding="utf-8")
    return carpeta


def cambiar(carpeta: Path, archivo: str, antes: str, despues: str) -> None:
    """Edit one place of a file, which must be there once."""
    contenido = (carpeta / archivo).read_text(encoding="utf-8")
    assert contenido.count(antes) == 1
    (carpeta / archivo).write_text(contenido.replace(antes, despues), encoding="utf-8", newline="")


def estado_de_todo() -> dict[str, object]:
    """Every row of every table a load writes, with its history, and the edición."""
    modelos = [m for m in apps.get_app_config("portal").get_models() if m is not Edicion]
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in modelos} | {
        "edicion": Edicion.actual()
    }


def cargar(carpeta: Path) -> str:
    """What the command prints."""
    salida = io.StringIO()
    call_command("cargar_datos", carpeta=carpeta, stdout=salida)
    return salida.getvalue()


# --- Loading ------------------------------------------------------------------------------------
def test_the_first_load_says_what_it_made_and_how_far_it_is(db, carpeta):
    salida = cargar(carpeta)

    assert salida.splitlines()[: len(ARCHIVOS)] == [
        f"[1/{len(CARGAS)}] Municipio: 1 nuevas, 0 cambiadas, 0 iguales.",
        f"[2/{len(CARGAS)}] Dependencias: 3 nuevas, 0 cambiadas, 0 iguales.",
        f"[3/{len(CARGAS)}] Cargos: 2 nuevas, 0 cambiadas, 0 iguales.",
        f"[4/{len(CARGAS)}] Canales: 2 nuevas, 0 cambiadas, 0 iguales.",
        f"[5/{len(CARGAS)}] Asignaciones: 3 nuevas, 0 cambiadas, 0 iguales.",
        f"[6/{len(CARGAS)}] Sinónimos: 2 nuevas, 0 cambiadas, 0 iguales.",
    ]


def test_what_is_loaded_is_what_the_files_say(db, carpeta):
    cargar(carpeta)

    noticias = Canal.objects.get(slug="noticias")
    assert Municipio.objects.get().por_confirmar == ["telefono", "correo"]
    assert Dependencia.objects.get(es_secretaria_general=True).padre.slug == "despacho"
    assert list(Cargo.objects.filter(es_jefatura=True).values_list("codigo", flat=True)) == ["alcalde"]
    assert (noticias.padre.slug, noticias.tipos, noticias.publico) == ("municipio", ["noticia"], False)
    assert (noticias.descripcion, noticias.edad_maxima_dias) == ("Lo que pasa, hoy.", None)
    assert Asignacion.objects.filter(canal=noticias, cargo__codigo="auxiliar", funcion="autor").exists()


def test_a_second_load_changes_nothing_not_even_the_edicion(db, carpeta):
    cargar(carpeta)
    antes = estado_de_todo()

    salida = cargar(carpeta)

    assert estado_de_todo() == antes
    assert salida.count("0 nuevas, 0 cambiadas") == len(CARGAS)
    assert [int(n) for n in re.findall(r"(\d+) iguales", salida)][: len(ARCHIVOS)] == [1, 3, 2, 2, 3, 2]


def test_only_what_changed_in_the_files_is_changed(db, carpeta):
    cargar(carpeta)
    edicion = Edicion.actual()
    cambiar(carpeta, "dependencias.csv", "Dirige.", "Dirige la administración.")

    salida = cargar(carpeta)

    assert "Dependencias: 0 nuevas, 1 cambiadas, 2 iguales." in salida
    assert Dependencia.objects.get(slug="despacho").descripcion == "Dirige la administración."
    assert Edicion.actual() == edicion + 1


def test_it_says_nothing_when_asked_to_be_quiet(db, carpeta, capsys):
    call_command("cargar_datos", carpeta=carpeta, verbosity=0)

    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("separador", [",", ";"])
@pytest.mark.parametrize("fin", ["\n", "\r\n"])
@pytest.mark.parametrize("marca", ["", "\ufeff"])
def test_files_saved_by_a_spreadsheet_are_read(db, carpeta, separador, fin, marca):
    for archivo in carpeta.iterdir():
        filas = list(csv.reader(io.StringIO(archivo.read_text(encoding="utf-8"))))
        salida = io.StringIO(newline="")
        csv.writer(salida, delimiter=separador, lineterminator=fin).writerows(filas)
        archivo.write_text(marca + salida.getvalue() + fin, encoding="utf-8", newline="")

    cargar(carpeta)

    assert Canal.objects.get(slug="noticias").descripcion == "Lo que pasa, hoy."
    assert Asignacion.objects.count() == 3


def test_spaces_around_a_value_do_not_matter(db, carpeta):
    cambiar(carpeta, "asignaciones.csv", "municipio,alcalde,autoriza", " municipio , alcalde , autoriza ")

    cargar(carpeta)

    assert Asignacion.objects.filter(cargo__codigo="alcalde", funcion="autoriza").exists()


def test_the_files_of_the_project_load_and_load_again(db):
    cargar(DATOS)
    antes = estado_de_todo()
    segunda = cargar(DATOS)

    assert Canal.objects.count() == 47
    assert Dependencia.objects.count() == 12
    assert not Canal.objects.filter(asignaciones=None).exclude(tipos=[]).exists()
    assert Dependencia.objects.filter(es_secretaria_general=True).count() == 1
    assert segunda.count("0 nuevas, 0 cambiadas") == len(CARGAS)
    assert estado_de_todo() == antes


# --- What is malformed --------------------------------------------------------------------------
DATOS_DEL_MUNICIPIO = ARCHIVOS["municipio.csv"].partition("\n")[2]
COLUMNAS = "no tiene las 3 columnas del encabezado"
MAL = {
    # file, what it says, what is put there, line, column, reason
    "a column is missing": ("asignaciones.csv", "cargo,funcion", "cargo", 1, "funcion", "falta esta columna"),
    "a column is called otherwise": ("canales.csv", "slug,numero", "slug,nro", 1, "numero", "falta"),
    "the file is empty": ("sinonimos.csv", ARCHIVOS["sinonimos.csv"], "", 1, "equivalente", "falta"),
    "a row is short": ("asignaciones.csv", "o,alcalde,autoriza", "o,alcalde", 3, "funcion", COLUMNAS),
    "a row is long": ("asignaciones.csv", "za\nnoticias,", "za\nnoticias,x,", 4, "funcion", COLUMNAS),
    "a comma without quotes": ("dependencias.csv", "Dirige.", "Dirige, y.", 2, "fuente", "no tiene las 7"),
    "a quote that never closes": ("sinonimos.csv", "luz,", 'luz,"', 2, "termino", "comillas sin cerrar"),
    "a value without end": ("sinonimos.csv", "luz,", "luz," + "x" * 140_000, 2, "termino", "demasiado larg"),
    "a null": ("cargos.csv", "auxiliar,Aux", "auxi\x00liar,Aux", 3, "codigo", "carácter nulo"),
    "no such father": ("dependencias.csv", "Planeación,despacho", "Planeación,x", 4, "padre", "no hay"),
    "a father that comes later": ("dependencias.csv", "e,,no", "e,general,no", 2, "padre", "no hay|a su vez"),
    "no such office": ("cargos.csv", "Auxiliar,planeacion", "Auxiliar,obras", 3, "dependencia", "«obras»"),
    "no office": ("cargos.csv", "Auxiliar,planeacion", "Auxiliar,", 3, "dependencia", "no puede estar vacía"),
    "a channel of no office": ("canales.csv", ",,planeacion", ",,", 2, "dependencia", "no puede estar vacía"),
    "no such channel above": ("canales.csv", "actualidad,municipio", "actualidad,muni", 3, "padre", "«muni»"),
    "no such channel": ("asignaciones.csv", "noticias,", "noticia,", 4, "canal", "no hay canal «noticia»"),
    "no such post": ("asignaciones.csv", "o,alcalde", "o,alcaldesa", 3, "cargo", "no hay cargo «alcaldesa»"),
    "no channel": ("asignaciones.csv", "noticias,", ",", 4, "canal", "no puede estar vacía"),
    "not a number": ("dependencias.csv", "Dirige.,10", "Dirige.,diez", 2, "orden", "no es un número entero"),
    "a number with decimals": ("canales.csv", "183", "18.3", 2, "edad_maxima_dias", "no es un número"),
    "a negative number": ("cargos.csv", "si,10", "si,-1", 2, "orden", "mayor o igual a 0"),
    "a number too large": ("canales.csv", "183", "99999", 2, "edad_maxima_dias", "menor o igual a"),
    "an age of no days": ("canales.csv", "183", "0", 2, "edad_maxima_dias", "un día o más"),
    "neither yes nor no": ("cargos.csv", "despacho,si", "despacho,x", 2, "jefatura", "«x» no es «si» ni"),
    "yes or no left empty": ("canales.csv", "interaccion,no", "interaccion,", 3, "publico", "ni «no»"),
    "to be confirmed, perhaps": ("municipio.csv", "0000,si", "0000,quizá", 7, "por_confirmar", "«quizá»"),
    "no such section": ("canales.csv", ".,municipio,,", ".,muni,,", 2, "seccion", "«muni» no es uno de: s"),
    "no such phase": ("canales.csv", "informacion", "información", 2, "fase", "no es uno de: informacion, "),
    "no such listing": ("canales.csv", "album,lista", "album,tabla", 2, "listado", "«tabla» no es uno de"),
    "no such kind": ("canales.csv", "pagina album", "pagina video", 2, "tipos", "«video» no es un tipo"),
    "no such function": ("asignaciones.csv", "autoriza", "autorizar", 3, "funcion", "autor, editor, auto"),
    "a slug with spaces": ("dependencias.csv", "planeacion,P", "la planeación,P", 4, "slug", "slug"),
    "a slug left empty": ("dependencias.csv", "planeacion,P", ",P", 4, "slug", "blanco"),
    "a name left empty": ("cargos.csv", "Auxiliar,p", ",p", 3, "nombre", "blanco"),
    "a name too long": ("cargos.csv", "Auxiliar,p", "A" * 300 + ",p", 3, "nombre", "caracteres"),
    "a name that is taken": ("canales.csv", ",Noticias,", ",Nuestro municipio,", 3, "nombre", "Ya existe"),
    "an assignment twice": ("asignaciones.csv", "noticias,", "municipio,", 4, "funcion", "repite la línea 2"),
    "an office twice": ("dependencias.csv", "planeacion,P", "despacho,P", 4, "slug", "repite la línea 2"),
    "a channel twice": ("canales.csv", "noticias,,", "municipio,,", 3, "slug", "repite la línea 2"),
    "two general ones": ("dependencias.csv", "o,no", "o,si", 4, "secretaria_general", "Ya hay otra"),
    "a fact the municipality has not": ("municipio.csv", "horario,", "horarios,", 8, "campo", "«horarios»"),
    "a bad address of e-mail": ("municipio.csv", "correo,contacto@", "correo,contacto", 9, "valor", "correo"),
    "a fact too long": ("municipio.csv", "54553", "545530", 4, "valor", "divipola.*5 caracteres"),
    "a fact twice": ("municipio.csv", "horario,", "telefono,", 8, "campo", "repite la línea 7"),
    "no facts": ("municipio.csv", DATOS_DEL_MUNICIPIO, "", 1, "campo", "el archivo no tiene filas"),
    "a synonym of nothing": ("sinonimos.csv", "luz,", ",", 2, "termino", "blanco"),
    "a synonym that means nothing": ("sinonimos.csv", "luz,energía", "luz,", 2, "equivalente", "blanco"),
    "a synonym too long": ("sinonimos.csv", "luz,", "luz" * 30 + ",", 2, "termino", "60 caracteres"),
}  # fmt: skip


@pytest.mark.parametrize("ya_cargado", [False, True], ids=["first load", "second load"])
@pytest.mark.parametrize("caso", MAL)
def test_a_malformed_row_is_refused_with_its_place_and_nothing_changes(db, carpeta, caso, ya_cargado):
    archivo, antes, despues, linea, columna, razon = MAL[caso]
    if ya_cargado:
        cargar(carpeta)
    cambiar(carpeta, archivo, antes, despues)
    if archivo != "municipio.csv":
        cambiar(carpeta, "municipio.csv", "Norte de Santander", "Santander")
    estado = estado_de_todo()

    with pytest.raises(CommandError) as rechazo:
        cargar(carpeta)

    lugar = re.escape(f"{archivo}, línea {linea}, columna «{columna}»: ")
    assert re.match(rf"{lugar}.*({razon}).* No se cambió nada\.$", str(rechazo.value), re.DOTALL)
    assert estado_de_todo() == estado


@pytest.mark.parametrize("codificacion", ["cp1252", "utf-16"])
def test_a_file_in_another_encoding_is_refused(db, carpeta, codificacion):
    (carpeta / "cargos.csv").write_text(ARCHIVOS["cargos.csv"] + "x,Ñ,general,no,,\n", codificacion)
    estado = estado_de_todo()

    with pytest.raises(CommandError, match=r"cargos\.csv, línea [14]: no está en UTF-8"):
        cargar(carpeta)

    assert estado_de_todo() == estado


@pytest.mark.parametrize("archivo", ARCHIVOS)
def test_a_missing_file_is_refused(db, carpeta, archivo):
    (carpeta / archivo).unlink()
    estado = estado_de_todo()

    with pytest.raises(CommandError, match=rf"{archivo}: no está en {carpeta}"):
        cargar(carpeta)

    assert estado_de_todo() == estado


def test_an_office_above_itself_is_refused(db, carpeta):
    cargar(carpeta)
    cambiar(carpeta, "dependencias.csv", "Alcalde,,", "Alcalde,planeacion,")

    with pytest.raises(CommandError, match="línea 2, columna «padre»: Esa dependencia depende"):
        cargar(carpeta)


def test_the_folder_as_a_whole_is_all_or_nothing(db, carpeta):
    cambiar(carpeta, "sinonimos.csv", "luz,", ",")
    estado = estado_de_todo()

    with pytest.raises(FilaRechazada):
        cargar_carpeta(carpeta)

    assert estado_de_todo() == estado


# --- What people did ----------------------------------------------------------------------------
CADA_TABLA = [
    (Municipio, {"pk": 1}, "nombre", "municipio.csv", "nombre,Puerto Santander", "nombre,Otro"),
    (Dependencia, {"slug": "planeacion"}, "nombre", "dependencias.csv", "planeacion,Pla", "planeacion,Apla"),
    (Cargo, {"codigo": "auxiliar"}, "nombre", "cargos.csv", "auxiliar,Aux", "auxiliar,Faux"),
    (Canal, {"slug": "noticias"}, "nombre", "canales.csv", ",Noticias,", ",Novedades,"),
]


@pytest.mark.parametrize("modelo, cual, campo, archivo, antes, despues", CADA_TABLA)
def test_what_a_person_edited_stays_as_they_left_it(
    db, carpeta, modelo, cual, campo, archivo, antes, despues
):
    cargar(carpeta)
    objeto = modelo.objects.get(**cual)
    setattr(objeto, campo, "Como quedó a mano")
    objeto.save()
    cambiar(carpeta, archivo, antes, despues)

    salida = cargar(carpeta)

    assert getattr(modelo.objects.get(**cual), campo) == "Como quedó a mano"
    assert salida.count("1 editadas en el sitio, que se respetan") == 1


@pytest.mark.parametrize("modelo, cual, campo, archivo, antes, despues", CADA_TABLA)
def test_what_nobody_touched_follows_the_file(db, carpeta, modelo, cual, campo, archivo, antes, despues):
    cargar(carpeta)
    cambiar(carpeta, archivo, antes, despues)

    cargar(carpeta)

    nuevo = despues.strip(",").rpartition(",")[2]
    assert getattr(modelo.objects.get(**cual), campo).startswith(nuevo)


@pytest.mark.parametrize(
    "borrar",
    [
        lambda: Asignacion.objects.get(canal__slug="noticias").delete(),
        lambda: Sinonimo.objects.get(termino="luz").delete(),
    ],
    ids=["assignment", "synonym"],
)
def test_what_a_person_deleted_does_not_come_back(db, carpeta, borrar):
    cargar(carpeta)
    borrar()
    quedan = (Asignacion.objects.count(), Sinonimo.objects.count())

    salida = cargar(carpeta)

    assert (Asignacion.objects.count(), Sinonimo.objects.count()) == quedan
    assert salida.count("1 editadas en el sitio, que se respetan") == 1


def test_a_post_that_a_person_deleted_does_not_come_back_for_its_assignments(db, carpeta):
    cargar(carpeta)
    Cargo.objects.create(codigo="otro", nombre="Otro", dependencia=Dependencia.objects.first())
    Asignacion.objects.filter(cargo__codigo="auxiliar").delete()
    Cargo.objects.get(codigo="auxiliar").delete()
    cambiar(carpeta, "asignaciones.csv", "municipio,auxiliar,autor\n", "")
    cambiar(carpeta, "asignaciones.csv", "noticias,auxiliar,autor\n", "")

    salida = cargar(carpeta)

    assert not Cargo.objects.filter(codigo="auxiliar").exists()
    assert "Cargos: 0 nuevas, 0 cambiadas, 1 iguales, 1 editadas en el sitio" in salida


@pytest.mark.parametrize(
    "modelo, clave, valor",
    [(Dependencia, "slug", "planeacion"), (Cargo, "codigo", "auxiliar")],
)
def test_what_a_person_renamed_is_not_made_again_under_its_old_name(db, carpeta, modelo, clave, valor):
    cargar(carpeta)
    cuantos = modelo.objects.count()
    objeto = modelo.objects.get(**{clave: valor})
    setattr(objeto, clave, "otro-nombre")
    objeto.save()
    (carpeta / "cargos.csv").write_text("codigo,nombre,dependencia,jefatura,orden,fuente\n")
    if modelo is Cargo:
        (carpeta / "cargos.csv").write_text(ARCHIVOS["cargos.csv"])
    (carpeta / "canales.csv").write_text(ARCHIVOS["canales.csv"].partition("\n")[0] + "\n")
    (carpeta / "asignaciones.csv").write_text("canal,cargo,funcion\n")

    salida = cargar(carpeta)

    assert modelo.objects.count() == cuantos
    assert modelo.objects.filter(**{clave: "otro-nombre"}).exists()
    assert "1 editadas en el sitio, que se respetan" in salida


def test_what_a_person_made_first_is_theirs(db, carpeta):
    Dependencia.objects.create(slug="despacho", nombre="Despacho de la Alcaldesa")

    salida = cargar(carpeta)

    assert Dependencia.objects.get(slug="despacho").nombre == "Despacho de la Alcaldesa"
    assert "Dependencias: 2 nuevas, 0 cambiadas, 0 iguales, 1 editadas" in salida


# --- The update matrix --------------------------------------------------------------------------
def matriz() -> set[tuple[str, str, str]]:
    return set(Asignacion.objects.values_list("canal__slug", "cargo__codigo", "funcion"))


@pytest.mark.parametrize("completa", [True, False])
def test_the_matrix_goes_out_and_comes_back_the_same(db, carpeta, completa):
    cargar(carpeta)
    antes = matriz()

    cuenta = importar_matriz(matriz_en_csv(), nombre="matriz.csv", completa=completa)

    assert matriz() == antes
    assert (cuenta.iguales, cuenta.creadas, cuenta.borradas) == (3, 0, 0)


def test_the_matrix_comes_back_to_an_empty_house(db, carpeta):
    cargar(carpeta)
    antes, exportada = matriz(), matriz_en_csv()
    Asignacion.objects.all().delete()

    cuenta = importar_matriz(exportada, nombre="matriz.csv", completa=True)

    assert matriz() == antes
    assert cuenta.creadas == 3


def test_the_matrix_of_the_project_goes_out_as_it_came(db):
    cargar(DATOS)

    filas = (DATOS / "asignaciones.csv").read_text(encoding="utf-8").splitlines()

    assert sorted(matriz_en_csv().splitlines()) == sorted(filas)


def test_the_matrix_goes_out_in_the_order_of_the_site(db, carpeta):
    cargar(carpeta)
    Canal.objects.filter(slug="noticias").update(orden=1)

    filas = matriz_en_csv().splitlines()

    assert filas[:3] == ["canal,cargo,funcion", "noticias,auxiliar,autor", "municipio,alcalde,autoriza"]


def test_a_complete_matrix_takes_away_what_it_does_not_name(db, carpeta):
    cargar(carpeta)
    nueva = "canal;cargo;funcion\nnoticias;auxiliar;autor\nnoticias;alcalde;editor\n"

    cuenta = importar_matriz(nueva, nombre="matriz.csv", completa=True)

    assert matriz() == {("noticias", "auxiliar", "autor"), ("noticias", "alcalde", "editor")}
    assert str(cuenta) == "1 nuevas, 0 cambiadas, 1 iguales, 2 quitadas"


def test_a_partial_matrix_only_adds(db, carpeta):
    cargar(carpeta)
    antes = matriz()

    importar_matriz("canal,cargo,funcion\nnoticias,alcalde,editor\n", nombre="m.csv", completa=False)

    assert matriz() == antes | {("noticias", "alcalde", "editor")}


def test_what_a_complete_matrix_took_away_a_later_load_does_not_give_back(db, carpeta):
    cargar(carpeta)
    importar_matriz("canal,cargo,funcion\nnoticias,auxiliar,autor\n", nombre="m.csv", completa=True)

    salida = cargar(carpeta)

    assert matriz() == {("noticias", "auxiliar", "autor")}
    assert "Asignaciones: 0 nuevas, 0 cambiadas, 1 iguales, 2 editadas en el sitio" in salida


def test_a_complete_matrix_gives_back_what_a_person_took_away(db, carpeta):
    cargar(carpeta)
    exportada = matriz_en_csv()
    Asignacion.objects.get(canal__slug="noticias").delete()

    importar_matriz(exportada, nombre="matriz.csv", completa=True)

    assert ("noticias", "auxiliar", "autor") in matriz()


@pytest.mark.parametrize(
    "ultima, lugar",
    [
        ("noticias,alcalde,manda", "línea 3, columna «funcion»"),
        ("nada,alcalde,autor", "línea 3, columna «canal»"),
        ("noticias,nadie,autor", "línea 3, columna «cargo»"),
        ("noticias,alcalde,editor", "línea 3, columna «funcion»: repite la línea 2"),
        ("noticias,alcalde", "línea 3"),
    ],
)
@pytest.mark.parametrize("completa", [True, False])
def test_a_matrix_with_a_bad_row_changes_nothing(db, carpeta, ultima, lugar, completa):
    cargar(carpeta)
    estado = estado_de_todo()

    with pytest.raises(FilaRechazada, match=f"mi matriz.csv, {lugar}"):
        importar_matriz(
            f"canal,cargo,funcion\nnoticias,alcalde,editor\n{ultima}\n",
            nombre="mi matriz.csv",
            completa=completa,
        )

    assert estado_de_todo() == estado


# --- The demonstration --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "demo, clave, falta",
    [(False, "x", "PORTAL_DEMO=1"), (False, "", "PORTAL_DEMO=1"), (True, "", "PORTAL_DEMO_CLAVE")],
)
def test_the_demonstration_loads_only_where_it_was_asked_for(db, settings, demo, clave, falta):
    settings.PORTAL_DEMO, settings.PORTAL_DEMO_CLAVE = demo, clave

    with pytest.raises(CommandError, match=falta):
        call_command("cargar_demo")

    assert not Usuario.objects.exists()


@pytest.mark.lenta
def test_the_demonstration_loads_and_loads_again(db, settings):
    settings.PORTAL_DEMO, settings.PORTAL_DEMO_CLAVE = True, "una-clave-de-prueba"
    cargar(DATOS)
    primera, segunda = io.StringIO(), io.StringIO()

    call_command("cargar_demo", stdout=primera)
    antes = (Usuario.objects.count(), Publicacion.objects.count(), Edicion.actual())
    call_command("cargar_demo", stdout=segunda)

    assert Publicacion.objects.publicadas().exists()
    assert "[1/" in primera.getvalue()
    assert re.fullmatch(r"Demostración lista: 0 textos(, 0 [^,0-9]+)* nuevos\.\n", segunda.getvalue())
    assert (Usuario.objects.count(), Publicacion.objects.count(), Edicion.actual()) == antes
    assert not Publicacion.objects.filter(publicada_en__gt=timezone.now()).exists()
    assert set(Version.objects.values_list("estado", flat=True)) == set(Version.Estado.values)
