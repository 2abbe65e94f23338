"""The forms that `datos/` brings: loaded once, never over what a person wrote, and fit to be put in use."""

from pathlib import Path

import pytest
from django.conf import settings

from portal.importacion import FilaRechazada
from tests.tramites.builders import crear_tramite
from tests.ventanilla.builders_en_linea import certificar, crear_casa_en_linea, solicitar
from ventanilla import formularios
from ventanilla.importacion_de_formularios import CARGAS
from ventanilla.models import Formulario

DATOS = Path(settings.BASE_DIR) / "datos"
FORMULARIOS, PREGUNTAS = CARGAS
CODIGOS = ("PLA-010", "GEN-001", "HAC-008")
ENCABEZADO = ",".join(PREGUNTAS.columnas)


@pytest.fixture
def casa(db):
    return crear_casa_en_linea()


@pytest.fixture
def tramites(casa):
    return {codigo: crear_tramite(casa, codigo=codigo, publicado=True) for codigo in CODIGOS}


def de_datos(carga) -> str:
    return (DATOS / carga.archivo).read_text("utf-8")


def cargar() -> list[tuple[int, int, int, int]]:
    cuentas = [carga.desde(de_datos(carga)) for carga in CARGAS]
    return [(c.creadas, c.cambiadas, c.iguales, c.respetadas) for c in cuentas]


def test_three_forms_are_loaded_once_and_stay_prepared(tramites):
    assert cargar() == [(3, 0, 0, 0), (24, 0, 0, 0)]
    assert cargar() == [(0, 0, 3, 0), (0, 0, 24, 0)]

    assert {f.tramite.codigo for f in Formulario.objects.filter(estado="borrador", hoja=None)} == set(CODIGOS)
    zona = Formulario.objects.get(tramite__codigo="PLA-010").campos.get(codigo="zona")
    assert zona.opciones == ["Urbana", "Rural"] and zona.obligatorio


def test_they_load_before_their_tramites_are_public(casa):
    for codigo in CODIGOS:
        crear_tramite(casa, "en_creacion", codigo=codigo)

    assert cargar()[0] == (3, 0, 0, 0)


#: What the office answers in each, with what its certificate then says.
OFICINA = {
    "PLA-010": ({"estrato": 2, "acto": "el Decreto 012 de 2020"}, "en el estrato 2. Zona: Urbana."),
    "GEN-001": (
        {"residente": "Ana Rojas Peña, CC 1090123456", "comprobado_con": "Visita"},
        "desde el 3 de julio de 2019. Se comprobó con: Visita.",
    ),
    "HAC-008": (
        {"contribuyente": "Ana Rojas Peña, CC 1090123456", "concepto": "el predial", "hasta_el_anio": 2026},
        "por el predial, hasta el año 2026.",
    ),
}
RESPUESTAS = {
    "PLA-010": {"direccion": "Calle 3", "zona": "Urbana", "uso": "Subsidio o beca"},
    "GEN-001": {"direccion": "Calle 3", "barrio": "El Centro", "desde": "3 de julio de 2019"},
    "HAC-008": {"sobre": "Un predio", "predio": "01-02", "direccion": "Calle 3", "para": "Otra cosa"},
}


@pytest.mark.parametrize("codigo", CODIGOS)
def test_each_ends_in_a_certificate(casa, tramites, codigo):
    cargar()
    formulario = formularios.poner_en_uso(Formulario.objects.get(tramite__codigo=codigo), por=casa.suit)
    datos, dice = OFICINA[codigo]

    salida = certificar(casa, solicitar(formulario, respuestas=RESPUESTAS[codigo]), datos=datos)

    assert dice in salida.texto and "{" not in salida.texto
    assert salida.titulo == formulario.certificado_titulo


def test_what_the_file_changes_is_another_version_to_put_in_use(casa, tramites):
    cargar()
    vigente = formularios.poner_en_uso(Formulario.objects.get(tramite__codigo="PLA-010"), por=casa.suit)
    assert cargar()[0] == (0, 0, 3, 0)

    FORMULARIOS.desde(de_datos(FORMULARIOS).replace("Tenga a mano un recibo", "Busque un recibo"))
    PREGUNTAS.desde(de_datos(PREGUNTAS).replace("¿En qué zona está?", "¿Dónde queda?"))

    nuevo = Formulario.objects.get(tramite=vigente.tramite, estado="borrador")
    assert nuevo.numero == 2 and nuevo.antes_de_empezar.startswith("Busque")
    assert nuevo.campos.get(codigo="zona").etiqueta == "¿Dónde queda?" and nuevo.campos.count() == 8
    assert vigente.campos.get(codigo="zona").etiqueta == "¿En qué zona está?"


def test_one_withdrawn_is_not_put_back(casa, tramites):
    cargar()
    formulario = formularios.poner_en_uso(Formulario.objects.get(tramite__codigo="PLA-010"), por=casa.suit)
    formularios.quitar(formulario, por=casa.suit)

    assert cargar() == [(0, 0, 3, 0), (0, 0, 24, 0)]
    assert not Formulario.objects.vigentes().exists()


def test_what_a_person_wrote_is_respected(casa, tramites):
    cargar()
    suyo = Formulario.objects.get(tramite__codigo="PLA-010")
    suyo.creado_por, suyo.antes_de_empezar = casa.suit, "Lo mío."
    suyo.save()
    suyo.campos.get(codigo="vereda").delete()

    assert cargar() == [(0, 0, 2, 1), (0, 0, 16, 8)]
    suyo.refresh_from_db()
    assert suyo.antes_de_empezar == "Lo mío." and suyo.campos.count() == 7


def pregunta(**cambios) -> str:
    valores = {
        **dict.fromkeys(PREGUNTAS.columnas, ""),
        **{"tramite": "PLA-010", "paso": "El predio", "codigo": "direccion", "etiqueta": "Dirección"},
        **{"tipo": "lugar", "responde": "persona", "obligatorio": "si"},
    }
    return ",".join(f'"{valor}"' for valor in (valores | cambios).values())


@pytest.mark.parametrize(
    "cambios, dice",
    [
        ({"tramite": "XXX-001"}, "columna «tramite»: no hay trámite «XXX-001»"),
        ({"tramite": "HAC-008"}, "columna «tramite»: «HAC-008» no está en formularios_en_linea.csv"),
        ({"codigo": "Dirección"}, "columna «codigo»: Use minúsculas"),
        ({"tipo": "foto"}, "columna «tipo»"),
        ({"responde": "nadie"}, "columna «responde»"),
        ({"obligatorio": "quizá"}, "columna «obligatorio»"),
        ({"tipo": "opcion"}, "Escriba las opciones"),
        ({"opciones": "a | | b", "tipo": "opcion"}, "columna «opciones»"),
        ({"minimo": "uno"}, "columna «minimo»"),
        ({"si_campo": "zona"}, "La condición necesita"),
        ({"si_campo": "nada", "si_valor": "x"}, "depende de «nada»"),
    ],
)
def test_a_bad_question_is_refused_where_it_is_and_nothing_changes(casa, cambios, dice):
    crear_tramite(casa, codigo="PLA-010", publicado=True)
    crear_tramite(casa, codigo="HAC-008", publicado=True)
    FORMULARIOS.desde("tramite,antes_de_empezar,certificado_titulo,certificado_texto\nPLA-010,,,\n")
    PREGUNTAS.desde(f"{ENCABEZADO}\n{pregunta(codigo='lugar')}\n")

    with pytest.raises(FilaRechazada) as rechazo:
        PREGUNTAS.desde(f"{ENCABEZADO}\n{pregunta(**cambios)}\n")

    assert dice in str(rechazo.value) and "línea 2" in str(rechazo.value)
    assert Formulario.objects.get(tramite__codigo="PLA-010").campos.get().codigo == "lugar"


@pytest.mark.parametrize(
    "filas, dice",
    [
        ("XXX-001,,,", "no hay trámite"),
        (",,,", "no puede estar vacía"),
        ("PLA-010,,,\nPLA-010,,,", "repite la línea 2"),
        ("PLA-010,,Solo título,", "El certificado necesita título y texto"),
    ],
)
def test_a_bad_form_is_refused(casa, filas, dice):
    crear_tramite(casa, codigo="PLA-010", publicado=True)

    with pytest.raises(FilaRechazada, match=dice):
        FORMULARIOS.desde(f"tramite,antes_de_empezar,certificado_titulo,certificado_texto\n{filas}\n")
