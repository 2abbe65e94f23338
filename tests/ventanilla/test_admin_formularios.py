"""The desk of the forms of online trámites: who enters, what may be written, and each step."""

import pytest
from django.urls import reverse

from tests.tramites.builders import crear_gente, crear_tramite
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea, preparar_formulario
from ventanilla.models import Formulario

LISTA = "/admin/ventanilla/formulario/"


@pytest.fixture
def casa(db):
    return crear_casa_en_linea()


@pytest.fixture
def suit(casa, client):
    client.force_login(casa.suit)
    return client


@pytest.fixture
def borrador(casa):
    return preparar_formulario(casa, crear_tramite(casa, publicado=True))


def pagina(formulario: Formulario) -> str:
    return f"{LISTA}{formulario.pk}/change/"


def paso(formulario: Formulario, nombre: str) -> str:
    return reverse("admin:ventanilla_formulario_paso", args=[formulario.pk, nombre])


def enviado(formulario: Formulario, **cambios) -> dict[str, str]:
    """What the browser sends back of that draft, with those changes."""
    campos = list(formulario.campos.all())
    datos = {
        "antes_de_empezar": formulario.antes_de_empezar,
        "certificado_titulo": formulario.certificado_titulo,
        "certificado_texto": formulario.certificado_texto,
        "campos-TOTAL_FORMS": str(len(campos) + 1),
        "campos-INITIAL_FORMS": str(len(campos)),
    }
    for n, campo in enumerate(campos):
        for nombre in ("orden", "paso", "codigo", "etiqueta", "ayuda", "tipo", "responde", "si_campo"):
            datos[f"campos-{n}-{nombre}"] = str(getattr(campo, nombre))
        datos[f"campos-{n}-id"], datos[f"campos-{n}-si_valor"] = str(campo.pk), campo.si_valor
        datos[f"campos-{n}-opciones"] = "\n".join(campo.opciones)
        datos[f"campos-{n}-obligatorio"] = "on" if campo.obligatorio else ""
    return datos | cambios


# --- Who enters ----------------------------------------------------------------------------------
@pytest.mark.parametrize("quien, escribe", [("suit", True), ("jefe", True), ("alcalde", False)])
def test_whoever_acts_on_tramites_sees_them_and_whoever_writes_changes_them(
    casa, client, borrador, quien, escribe
):
    client.force_login(crear_gente(casa)[quien])

    assert client.get(LISTA).status_code == 200
    respuesta = client.get(pagina(borrador))
    assert respuesta.status_code == 200
    assert ('name="certificado_titulo"' in respuesta.text) is escribe
    assert ("Poner en uso</button>" in respuesta.text) is escribe
    assert client.get(f"{LISTA}{borrador.pk}/vista/").status_code == 200


@pytest.mark.parametrize("quien", ["auxiliar", "sin cargo", "vencida", "editor de otro canal"])
def test_nobody_else_enters(casa, client, borrador, quien):
    client.force_login(crear_gente(casa)[quien])

    for ruta in (LISTA, pagina(borrador), f"{LISTA}{borrador.pk}/vista/", f"{LISTA}add/"):
        assert client.get(ruta).status_code == 403
    assert client.post(paso(borrador, "poner")).status_code == 403


@pytest.mark.parametrize("quien", ["jefe de otra", "admin", "alcalde"])
def test_who_does_not_write_that_tramite_changes_nothing(casa, client, borrador, quien):
    client.force_login(crear_gente(casa)[quien])

    assert client.post(pagina(borrador), enviado(borrador, antes_de_empezar="Otra cosa")).status_code == 403
    for nombre in ("poner", "quitar", "preparar"):
        assert client.post(paso(borrador, nombre)).status_code == 403
    assert Formulario.objects.get().antes_de_empezar == ""


def test_anonymous_people_go_to_the_login(client, borrador):
    for ruta in (LISTA, pagina(borrador), f"{LISTA}{borrador.pk}/vista/"):
        assert client.get(ruta).headers["Location"].startswith("/admin/login/")


# --- Writing -------------------------------------------------------------------------------------
def test_a_draft_is_prepared_for_one_of_ones_own_tramites(casa, suit):
    tramite = crear_tramite(casa, publicado=True)
    assert str(tramite) in suit.get(f"{LISTA}add/").text

    respuesta = suit.post(f"{LISTA}add/", {"tramite": tramite.pk})

    formulario = Formulario.objects.get(tramite=tramite)
    assert respuesta.headers["Location"] == pagina(formulario) and formulario.creado_por == casa.suit
    assert suit.post(f"{LISTA}add/", {"tramite": ""}).status_code == 422
    assert suit.post(f"{LISTA}add/", {"tramite": "999999"}).status_code == 422


def test_of_another_office_it_is_not_prepared(casa, client):
    tramite = crear_tramite(casa, publicado=True)
    client.force_login(casa.tesorero)

    assert client.post(f"{LISTA}add/", {"tramite": tramite.pk}).status_code == 422
    assert not Formulario.objects.exists()


def test_questions_are_changed_added_and_taken_away(casa, suit, borrador):
    nueva = {"orden": "9", "paso": "Otra", "codigo": "piso", "etiqueta": "¿Qué piso?", "tipo": "numero"}
    cambios = {f"campos-4-{campo}": valor for campo, valor in (nueva | {"responde": "persona"}).items()}
    cambios |= {"campos-1-opciones": "Vivienda\n Otro \n\nBodega", "campos-2-DELETE": "on"}
    cambios |= {"antes_de_empezar": "Busque el recibo."}

    respuesta = suit.post(pagina(borrador), enviado(borrador, **cambios))

    assert respuesta.status_code == 302
    borrador.refresh_from_db()
    assert borrador.antes_de_empezar == "Busque el recibo." and borrador.creado_por == casa.suit
    assert [campo.codigo for campo in borrador.campos.all()] == ["direccion", "uso", "estrato", "piso"]
    assert borrador.campos.get(codigo="uso").opciones == ["Vivienda", "Otro", "Bodega"]


@pytest.mark.parametrize(
    "cambios, dice",
    [
        ({"campos-1-codigo": "direccion"}, "código"),
        ({"campos-1-codigo": "Con Espacios"}, "Use minúsculas sin tilde"),
        ({"campos-1-opciones": ""}, "Escriba las opciones solo si se elige una"),
        ({"campos-2-si_valor": ""}, "La condición necesita la pregunta y el valor"),
        ({"certificado_titulo": ""}, "El certificado necesita título y texto"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(suit, borrador, cambios, dice):
    respuesta = suit.post(pagina(borrador), enviado(borrador, antes_de_empezar="Lo escrito.", **cambios))

    assert respuesta.status_code == 200 and dice in respuesta.text and "Lo escrito." in respuesta.text
    assert Formulario.objects.get().antes_de_empezar == ""


def test_a_version_in_use_is_read_and_not_written(casa, suit):
    formulario = crear_en_linea(casa)

    respuesta = suit.get(pagina(formulario))

    assert "Esta versión ya no cambia" in respuesta.text
    assert 'name="certificado_titulo"' not in respuesta.text and "¿Para qué se usa?" in respuesta.text
    assert suit.post(pagina(formulario), enviado(formulario)).status_code == 403
    assert suit.post(f"{LISTA}{formulario.pk}/delete/", {"post": "yes"}).status_code == 403


def test_only_a_later_draft_is_erased(casa, suit, borrador):
    assert suit.post(f"{LISTA}{borrador.pk}/delete/", {"post": "yes"}).status_code == 403
    suit.post(paso(borrador, "poner"))
    suit.post(paso(borrador, "preparar"))
    nuevo = Formulario.objects.get(estado="borrador")

    assert suit.post(f"{LISTA}{nuevo.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Formulario.objects.get() == borrador


# --- Steps ---------------------------------------------------------------------------------------
def test_it_is_put_in_use_followed_by_another_version_and_withdrawn(casa, suit, borrador):
    puesto = suit.post(paso(borrador, "poner"), follow=True)
    assert "ya está en uso" in puesto.text and "Preparar otra versión" in puesto.text
    otra = suit.post(paso(borrador, "preparar"), follow=True)
    assert "formulario 2" in otra.text and "Versión 1" in otra.text

    quitado = suit.post(paso(borrador, "quitar"), follow=True)

    assert "ya no se hace en línea" in quitado.text
    assert not Formulario.objects.vigentes().exists()
    assert "no está en uso" in suit.post(paso(borrador, "quitar"), follow=True).text
    historia = suit.get(f"{LISTA}{borrador.pk}/history/").text
    assert "ya no se hace en línea" in historia


def test_what_it_lacks_is_told_before_it_is_put_in_use(suit, borrador):
    borrador.campos.filter(codigo="estrato").delete()

    respuesta = suit.get(pagina(borrador))

    assert "Para ponerlo en uso falta" in respuesta.text and "usa {estrato}" in respuesta.text
    assert "Poner en uso</button>" not in respuesta.text
    assert "usa {estrato}" in suit.post(paso(borrador, "poner"), follow=True).text
    assert Formulario.objects.get().estado == "borrador"


def test_steps_are_only_sent_and_those_that_are_not_do_not_exist(suit, borrador):
    assert suit.get(paso(borrador, "poner")).status_code == 405
    assert suit.post(paso(borrador, "explotar")).status_code == 404
    assert suit.post(f"{LISTA}{borrador.pk}/vista/").status_code == 405
    assert suit.get(f"{LISTA}999999/vista/").status_code == 404


def test_it_is_seen_as_the_person_will(suit, borrador):
    vista = suit.get(f"{LISTA}{borrador.pk}/vista/").text

    for dicho in ("El predio</h2>", "¿Para qué se usa?", "Vivienda", "Recibo de un servicio público"):
        assert dicho in vista
    assert "Que el predio ubicado en [Dirección del predio] es de estrato [Estrato]." in vista
    assert "{Nada} se ejecuta" in vista and "<form method" not in vista


@pytest.mark.parametrize("versiones", [1, 6])
def test_the_list_costs_the_same_however_many(casa, suit, borrador, django_assert_num_queries, versiones):
    for _ in range(versiones):
        suit.post(paso(borrador, "poner"))
        suit.post(paso(borrador, "preparar"))
        borrador = Formulario.objects.get(estado="borrador")
    suit.get(LISTA)

    with django_assert_num_queries(6):
        suit.get(LISTA)
