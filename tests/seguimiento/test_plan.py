"""The signed plan: word for word as it was signed, loaded twice as once, what people did of it respected."""

import html
import re
import shutil
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F

from portal.importacion import FilaRechazada
from portal.models import Cargo, Edicion
from seguimiento.models import AccionDelPlan, Actividad, DatoAportado, Fase, Indicador, Miembro, Plan
from tests.seguimiento.builders_del_plan import (
    ARCHIVOS,
    DATOS,
    cargar_plan_firmado,
    crear_actividad,
    crear_indicador,
    crear_plan,
    semana_pasada,
)

FIRMADO = (Path(__file__).parent / "plan-de-accion-2008.txt").read_text(encoding="utf-8")
TRANSCRITO = DATOS / "demo" / "publicaciones" / "gobierno-en-linea" / "01-plan-de-accion-2008.html"
COLUMNAS = (
    *("ACCION", "BENEFICIOS PARA LOS CIUDADANOS", "INDICADORES DE GESTION", "METAS", "ACTIVIDADES"),
    *("RESPONSABLES", "RECURSOS", "TIEMPOS"),
)


def juntar(filas: list[list[str]]) -> list[dict[str, str]]:
    """The rows of the signed table; those without action go on with the one before."""
    juntas: list[dict[str, list[str]]] = []
    for celdas in filas:
        if celdas[0]:
            juntas.append({columna: [] for columna in COLUMNAS})
        for columna, celda in zip(COLUMNAS, celdas, strict=True):
            if celda:
                juntas[-1][columna].append(celda)
    return [{columna: "  ".join(partes) for columna, partes in fila.items()} for fila in juntas]


def tabla_firmada() -> list[dict[str, str]]:
    _antes, encabezado, despues = FIRMADO.partition("\t".join(COLUMNAS) + "\n")
    assert encabezado
    tabla = despues.partition("Anexo el cuadro")[0]
    return juntar([linea.split("\t") for linea in tabla.splitlines() if "\t" in linea])


def tabla_transcrita() -> list[dict[str, str]]:
    """The same table in the publication of the demonstration, without its «[sic]»."""
    [tabla] = re.findall(r"<th scope=\"col\">ACCION</th>.*?</table>", TRANSCRITO.read_text(), re.DOTALL)
    filas = re.findall(r"<tr>(<td>.*?)</tr>", tabla)
    return juntar(
        [
            [
                html.unescape(celda).replace("<br>", "  ").replace(" [sic]", "")
                for celda in re.findall(r"<td>(.*?)</td>", fila)
            ]
            for fila in filas
        ]
    )


def tabla_guardada() -> list[dict[str, str]]:
    def lineas(texto: str) -> str:
        return "  ".join(texto.splitlines())

    return [
        {
            "ACCION": accion.texto,
            "BENEFICIOS PARA LOS CIUDADANOS": lineas(accion.beneficio),
            "INDICADORES DE GESTION": "  ".join(i.texto for i in accion.indicadores.firmados()),
            "METAS": "  ".join(i.meta_firmada for i in accion.indicadores.firmados()),
            "ACTIVIDADES": "  ".join(a.texto for a in accion.actividades.all()),
            "RESPONSABLES": lineas(accion.responsables),
            "RECURSOS": lineas(accion.recursos),
            "TIEMPOS": accion.tiempos,
        }
        for accion in AccionDelPlan.objects.filter(es_recomendacion=False)
    ]


@pytest.fixture
def firmado(db):
    cargar_plan_firmado()
    return Plan.objects.vigente()


# --- Word for word ------------------------------------------------------------------------------
@pytest.mark.parametrize("columna", COLUMNAS)
def test_every_cell_is_the_signed_one(firmado, columna):
    guardada, original = tabla_guardada(), tabla_firmada()

    assert len(original) == len(guardada) == 6
    assert [fila[columna] for fila in guardada] == [fila[columna] for fila in original]


def test_the_publication_of_the_demonstration_says_the_same(firmado):
    assert tabla_transcrita() == tabla_guardada()


def test_there_are_eleven_indicators_and_one_of_them_has_two_readings(firmado):
    segunda = Indicador.objects.get(lectura_de__isnull=False)

    assert Indicador.objects.firmados().count() == 11
    assert segunda.lectura_de.codigo == "interrupciones"
    assert (segunda.texto, segunda.meta_firmada) == (
        segunda.lectura_de.texto,
        segunda.lectura_de.meta_firmada,
    )
    assert (segunda.lectura_de.sentido, segunda.sentido) == ("menos", "mas")


def test_the_two_recommendations_are_beside_the_table(firmado):
    lineas = [linea[2:].replace("**", "") for linea in FIRMADO.splitlines() if linea.startswith("- **")]

    guardadas = AccionDelPlan.objects.filter(es_recomendacion=True).values_list("texto", flat=True)

    assert list(guardadas) == lineas
    assert len(lineas) == 2


@pytest.mark.parametrize("campo", ["marco_legal", "vision", "objetivo", "objetivos", "marco_de_accion"])
def test_the_frame_is_the_signed_one(firmado, campo):
    original = {linea.removeprefix("- ").strip() for linea in FIRMADO.splitlines()}

    lineas = getattr(firmado, campo).splitlines()

    assert lineas
    assert set(lineas) <= original


def test_the_committee_is_the_ten_who_signed_with_the_posts_of_today(firmado):
    firmas = re.findall(r"\*\*([^*]+)\*\*\s*\n([^\n]+)", FIRMADO.partition("Para Constancia")[2])

    comite = list(firmado.miembros.select_related("cargo"))

    assert [(m.nombre, m.cargo_firmado) for m in comite] == [(n, c.strip()) for n, c in firmas]
    assert len(comite) == 10
    assert [m.representa for m in comite] == ["alcaldia"] * 8 + ["concejo", "comunidad"]
    assert all(m.cargo for m in comite)


def test_what_cannot_be_read_literally_says_so(firmado):
    notas = " ".join(AccionDelPlan.objects.values_list("nota", flat=True))

    assert set(Indicador.objects.filter(literal=False).values_list("codigo", flat=True)) == {
        *("interrupciones", "interrupciones-con-accion"),
    }
    assert all(trampa in notas for trampa in ("17 días después", "«100%»", "«4», sin unidad"))


def test_every_indicator_says_how_it_is_read_and_who_decided_it(firmado):
    for indicador in Indicador.objects.all():
        assert indicador.lectura
        assert indicador.decision
        indicador.full_clean()


def test_every_phase_of_the_plan_is_measured(firmado):
    medidas = {i.parametros["fase"] for i in Indicador.objects.filter(funcion="criterios-cumplidos")}

    assert medidas == set(Fase.objects.filter(marco__slug="gel-2008").values_list("slug", flat=True))


# --- Loading ------------------------------------------------------------------------------------
MODELOS = (Plan, Miembro, AccionDelPlan, Actividad, Indicador)


def todo() -> dict:
    filas = {m.__name__: list(m.objects.order_by("pk").values()) for m in MODELOS}
    historia = {f"h{m.__name__}": m.history.count() for m in MODELOS}
    cargos = sorted(Actividad.cargos.through.objects.values_list("actividad", "cargo"))
    return filas | historia | {"cargos": cargos, "edicion": Edicion.actual()}


@pytest.fixture
def carpeta(tmp_path):
    for archivo in ARCHIVOS:
        shutil.copy(DATOS / archivo, tmp_path / archivo)
    return tmp_path


def cambiar(carpeta: Path, archivo: str, antes: str, despues: str) -> None:
    """Edit one place of a file, which must be there."""
    contenido = (carpeta / archivo).read_text(encoding="utf-8")
    assert antes in contenido
    (carpeta / archivo).write_text(contenido.replace(antes, despues, 1), encoding="utf-8", newline="")


def test_a_second_load_changes_nothing_not_even_the_edicion(firmado):
    antes = todo()

    cuentas = cargar_plan_firmado()

    assert todo() == antes
    assert cuentas["Indicadores del plan"].iguales == 12


def test_a_load_makes_what_is_kept_of_the_pages_old(db):
    antes = Edicion.actual()

    cargar_plan_firmado()

    assert Edicion.actual() > antes


MALAS = [
    ("plan.csv", "2008-11-18", "noviembre", "columna «firmado_en»: «noviembre» no es una fecha"),
    ("plan.csv", "2008-11-18,2008-11-18,,", "2008-11-18,2008-11-18,2007-01-01,", "no puede terminar antes"),
    ("plan_comite.csv", ",alcalde-municipal,", ",virrey,", "no hay cargo «virrey»"),
    ("plan_comite.csv", "alcaldia", "reino", "columna «representa»"),
    ("plan_comite.csv", "gel-2008", "gel-1908", "no hay plan de acción «gel-1908»"),
    ("plan_acciones.csv", "gel-2008,tramites", "gel-2008,actualizacion", "repite la línea"),
    ("plan_acciones.csv", "editor-de-contenidos", "editor", "columna «cargos»: no hay cargo «editor»"),
    ("plan_actividades.csv", "2009-11-18", "2007-11-18", "no puede vencer antes de empezar"),
    ("plan_actividades.csv", "gel-2008,tramites", "gel-2008,viajes", "no tiene la acción «viajes»"),
    ("plan_actividades.csv", "permanente", "cumplida", "Diga en qué fecha se cumplió"),
    ("plan_indicadores.csv", "100%,100,", "100%,cien,", "columna «meta»: «cien» no es un número"),
    ("plan_indicadores.csv", ",mas,", ",arriba,", "columna «sentido»"),
    (
        "plan_indicadores.csv",
        "si,tramites-publicados,",
        "si,magia,",
        "columna «funcion»: No hay una función «magia»",
    ),
    ("plan_indicadores.csv", "fase=informacion", "fase=iluminacion", "no hay fase «iluminacion»"),
    ("plan_indicadores.csv", "fase=informacion", "piso=2", "no tiene el parámetro «piso»"),
    ("plan_indicadores.csv", "fase=informacion", "", "le falta el parámetro «fase»"),
    (
        "plan_indicadores.csv",
        "con-accion,interrupciones,",
        "con-accion,apagones,",
        "no hay indicador «apagones»",
    ),
]


@pytest.mark.parametrize("archivo, antes, despues, razon", MALAS, ids=[m[3][:40] for m in MALAS])
def test_a_bad_row_is_refused_with_its_place_and_nothing_changes(db, carpeta, archivo, antes, despues, razon):
    cambiar(carpeta, archivo, antes, despues)

    with pytest.raises(FilaRechazada, match=re.escape(archivo)) as rechazo:
        cargar_plan_firmado(carpeta)

    assert razon in str(rechazo.value)
    assert "línea" in str(rechazo.value)
    assert not Plan.objects.exists()


def test_what_changed_in_the_files_is_changed(firmado, carpeta):
    cambiar(carpeta, "plan_actividades.csv", ",editor-de-contenidos,", ",secretario-general,")
    cambiar(carpeta, "plan_indicadores.csv", "Falta que la ratifique", "Falta aún que la ratifique")

    cuentas = cargar_plan_firmado(carpeta)

    assert str(cuentas["Actividades del plan"]).startswith("0 nuevas, 1 cambiadas, 16 iguales")
    assert cuentas["Indicadores del plan"].cambiadas == 1
    validacion = Actividad.objects.get(texto__startswith="Validación")
    assert list(validacion.cargos.values_list("codigo", flat=True)) == ["secretario-general"]


def test_what_people_edited_is_respected(firmado):
    actividad = Actividad.objects.get(texto__startswith="Montaje")
    actividad.nota = "Se publica cada lunes."
    actividad.save()
    actividad.cargos.clear()
    Actividad.objects.get(texto__startswith="Validación").delete()
    indicador = Indicador.objects.get(codigo="interrupciones")
    indicador.meta = 2
    indicador.save()
    antes = todo()

    cuentas = cargar_plan_firmado()

    assert todo() == antes
    assert (cuentas["Actividades del plan"].respetadas, cuentas["Indicadores del plan"].respetadas) == (2, 1)


# --- What must never be false ---------------------------------------------------------------------
def test_only_one_plan_is_followed(db):
    crear_plan()

    with pytest.raises(ValidationError, match="Ya hay otro plan que se sigue"):
        Plan(codigo="otro", nombre="Otro", firmado_en="2012-01-01", desde="2012-01-01").full_clean()
    assert crear_plan(vigente=False).vigente is False


@pytest.mark.parametrize(
    "enlace", ["javascript:alert(1)", "//malo.example/", "canales/noticias/", "/con espacio/"]
)
def test_an_activity_is_seen_at_an_address_of_the_site_or_of_another(db, enlace):
    actividad = crear_actividad(enlace=enlace)

    with pytest.raises(ValidationError, match="Escriba /canales/"):
        actividad.full_clean()


@pytest.mark.parametrize("enlace", ["/canales/responsables/", "https://www.gov.co/x?y=1"])
def test_a_good_address_is_taken(db, enlace):
    crear_actividad(enlace=enlace).full_clean()


def test_an_indicator_is_not_another_reading_of_itself(db):
    indicador = crear_indicador()

    with pytest.raises(IntegrityError):
        Indicador.objects.filter(pk=indicador.pk).update(lectura_de=F("pk"))


def test_a_reading_says_who_decided_it(db):
    with pytest.raises(ValidationError, match="Diga qué decisión"):
        crear_indicador(lectura="Se lee así.")


# --- In the admin ---------------------------------------------------------------------------------
class TestAdmin:
    @pytest.fixture
    def actividad(self, casa):
        return crear_actividad(casa.cargo_jefe, texto="Informes de seguimiento semanal")

    def datos(self, actividad, **campos):
        valores = {
            **{
                "cargos": [Cargo.objects.first().pk],
                "inicio": "",
                "fin": "2026-12-01",
                "estado": "pendiente",
            },
            **{"cumplida_en": "", "nota": "", "enlace": "", "texto": "Otra cosa"},
        }
        return valores | campos

    def test_secretaria_general_says_what_was_done_and_the_signed_text_stays(self, client, casa, actividad):
        client.force_login(casa.secretaria)

        respuesta = client.post(
            f"/admin/seguimiento/actividad/{actividad.pk}/change/",
            self.datos(actividad, estado="cumplida", cumplida_en="2026-11-20", enlace="/informes-semanales/"),
        )

        assert respuesta.status_code == 302
        actividad.refresh_from_db()
        assert (actividad.estado, f"{actividad.cumplida_en}") == ("cumplida", "2026-11-20")
        assert actividad.texto == "Informes de seguimiento semanal"
        assert actividad.history.first().history_user == casa.secretaria

    def test_what_is_not_coherent_is_told(self, client, casa, actividad):
        client.force_login(casa.secretaria)

        respuesta = client.post(
            f"/admin/seguimiento/actividad/{actividad.pk}/change/", self.datos(actividad, estado="cumplida")
        )

        assert "Diga en qué fecha se cumplió" in respuesta.text

    @pytest.mark.parametrize("quien", ["jefe", "autora", "editor", "alcalde", "tesorero"])
    def test_nobody_else_enters(self, client, casa, actividad, quien):
        client.force_login(getattr(casa, quien))

        for ruta in ("plan", "acciondelplan", "indicador", "medicion", "datoaportado", "actividad"):
            assert client.get(f"/admin/seguimiento/{ruta}/").status_code == 403
        url = f"/admin/seguimiento/actividad/{actividad.pk}/change/"
        assert client.post(url, self.datos(actividad)).status_code == 403

    def test_without_entering_one_is_asked_to(self, client, actividad):
        assert client.get("/admin/seguimiento/actividad/").status_code == 302

    def test_every_screen_opens(self, client, casa):
        cargar_plan_firmado_en_la_casa(casa)
        client.force_login(casa.secretaria)

        for modelo in MODELOS[:1] + MODELOS[2:]:
            nombre, objeto = modelo._meta.model_name, modelo.objects.first()
            for ruta in ("", f"{objeto.pk}/change/", f"{objeto.pk}/history/"):
                assert client.get(f"/admin/seguimiento/{nombre}/{ruta}").status_code == 200, (nombre, ruta)
            assert client.get(f"/admin/seguimiento/{nombre}/{objeto.pk}/delete/").status_code == 403

    def test_how_an_indicator_is_read_changes_with_its_decision_and_its_signed_goal_does_not(
        self, client, casa
    ):
        indicador = crear_indicador(lectura="Antes.", decision="Acta 1")
        client.force_login(casa.secretaria)
        datos = {
            **{"meta": "90", "sentido": "mas", "unidad": "porcentaje", "lectura": "Ahora.", "decision": ""},
            **{"funcion": "tramites-publicados", "parametros": "{}", "meta_firmada": "90%", "literal": "on"},
        }
        url = f"/admin/seguimiento/indicador/{indicador.pk}/change/"

        sin_decision = client.post(url, datos)
        client.post(url, datos | {"decision": "Acta 2"})

        assert "Diga qué decisión" in sin_decision.text
        indicador.refresh_from_db()
        assert (indicador.meta, indicador.lectura, indicador.decision) == (90, "Ahora.", "Acta 2")
        assert indicador.meta_firmada == "100%"

    def test_a_figure_is_given_by_secretaria_general_and_stays(self, client, casa):
        semana = semana_pasada()
        datos = {
            **{"funcion": "funcionarios-vinculados", "desde": semana.desde, "hasta": semana.hasta},
            **{"numerador": "3", "denominador": "176", "soporte": "Registro de octubre"},
        }
        client.force_login(casa.secretaria)

        respuesta = client.post("/admin/seguimiento/datoaportado/add/", datos)

        dato = DatoAportado.objects.get()
        assert respuesta.status_code == 302
        assert (dato.por, dato.numerador) == (casa.secretaria, 3)
        url = f"/admin/seguimiento/datoaportado/{dato.pk}"
        assert client.post(f"{url}/change/", datos).status_code == 403
        assert client.post(f"{url}/delete/", {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize(
        "campos, razon",
        [
            ({"numerador": "200"}, "El numerador va de cero al denominador"),
            ({"hasta": "2999-01-01"}, "Ese día no ha llegado"),
            ({"funcion": "tramites-publicados"}, "Elija una de las opciones"),
        ],
    )
    def test_an_impossible_figure_is_refused(self, client, casa, campos, razon):
        semana = semana_pasada()
        datos = {
            **{"funcion": "funcionarios-vinculados", "desde": semana.desde, "hasta": semana.hasta},
            **{"numerador": "3", "denominador": "176", "soporte": "Registro"},
        }
        client.force_login(casa.secretaria)

        respuesta = client.post("/admin/seguimiento/datoaportado/add/", datos | campos)

        assert razon in respuesta.text
        assert not DatoAportado.objects.exists()

    def test_whoever_administers_the_site_gives_no_figures(self, client, casa):
        client.force_login(casa.admin)

        assert client.get("/admin/seguimiento/datoaportado/").status_code == 200
        assert client.get("/admin/seguimiento/datoaportado/add/").status_code == 403


def cargar_plan_firmado_en_la_casa(casa) -> None:
    """A row of each table of the plan, whoever loaded them."""
    plan = crear_plan()
    Miembro.objects.create(plan=plan, nombre="X", cargo_firmado="Concejal", representa="concejo")
    crear_actividad(casa.cargo_jefe)
    crear_indicador()
