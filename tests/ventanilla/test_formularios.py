"""The forms of online trámites: which one is in use, who puts it there, and what it lacks."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Actualizacion, Edicion
from tests.tramites.builders import crear_gente, crear_tramite, escribir, llevar, sin_disparadores
from tests.ventanilla.builders_en_linea import (
    PREGUNTAS,
    crear_casa_en_linea,
    crear_en_linea,
    preparar_formulario,
    solicitar,
)
from tramites.flujo import dar_paso
from tramites.models import Accion, HojaDeVida, Tramite
from ventanilla import formularios
from ventanilla.formularios import formulario_en_uso, poner_en_uso, preparar, quitar, requisitos_de
from ventanilla.models import Campo, Formulario


@pytest.fixture
def casa(db):
    return crear_casa_en_linea()


def de_nuevo(tramite: Tramite) -> Tramite:
    return Tramite.objects.get(pk=tramite.pk)


def publicar_otra_hoja(casa, tramite: Tramite, requisito: str = "") -> Tramite:
    """Another hoja de vida before the public, with one more document if it is named."""
    tramite = dar_paso("actualizar", de_nuevo(tramite), por=casa.suit)
    hoja = escribir(tramite, por=casa.suit, informacion_adicional="Pregunte en la ventanilla.")
    if requisito:
        Accion.objects.create(
            momento=hoja.momentos.first(),
            tipo="documento",
            descripcion=requisito,
            orden=9,
            fundamento=hoja.fundamentos.first(),
        )
    hoja.acto_soporte = "Acuerdo 1 de 2026"
    hoja.save()
    tramite = llevar(tramite, "enviar", por=casa.suit, aprueba=casa.secretaria)
    pasos = ("remitir", "inscribir") if requisito else ("aprobar_cambio",)
    return llevar(tramite, *pasos, "publicar", por=casa.suit, aprueba=casa.secretaria)


# --- From the draft to its use -------------------------------------------------------------------
def test_it_is_in_use_once_whoever_writes_the_tramite_puts_it(casa):
    tramite = crear_tramite(casa, publicado=True)
    formulario = preparar_formulario(casa, tramite)
    assert formulario_en_uso(de_nuevo(tramite)) is None
    edicion = Edicion.actual()

    poner_en_uso(formulario, por=casa.suit)

    vigente = formulario_en_uso(de_nuevo(tramite))
    assert vigente == formulario and vigente.hoja == tramite.hoja_publica
    assert vigente.puesto_por == casa.suit and vigente.vigente_desde
    assert Edicion.actual() > edicion
    ultima = Actualizacion.objects.first()
    assert (ultima.clase, ultima.url, ultima.por) == ("modificacion", tramite.get_absolute_url(), casa.suit)


@pytest.mark.parametrize("quien", ["suit", "corrector", "jefe", "secretaria"])
def test_whoever_writes_the_tramite_keeps_its_form(casa, quien):
    persona = crear_gente(casa)[quien]
    tramite = crear_tramite(casa, publicado=True)

    formulario = preparar(tramite, por=persona)
    Campo.objects.create(formulario=formulario, codigo="uso", etiqueta="Uso", paso="El predio")
    formulario = poner_en_uso(formulario, por=persona)

    assert quitar(formulario, por=persona).estado == "reemplazado"


@pytest.mark.parametrize("quien", ["jefe de otra", "auxiliar", "admin", "sin cargo", "vencida", "inactiva"])
def test_nobody_else_does(casa, quien):
    persona = crear_gente(casa)[quien]
    tramite = crear_tramite(casa, publicado=True)
    with pytest.raises(SinPermiso):
        preparar(tramite, por=persona)
    formulario = preparar_formulario(casa, tramite)
    with pytest.raises(SinPermiso):
        poner_en_uso(formulario, por=persona)
    poner_en_uso(formulario, por=casa.suit)
    with pytest.raises(SinPermiso):
        quitar(formulario, por=persona)

    assert Formulario.objects.get().estado == "vigente"


def test_a_new_version_begins_with_what_the_last_one_says(casa):
    primero = crear_en_linea(casa)

    nuevo = preparar(primero.tramite, por=casa.jefe)

    assert (nuevo.numero, nuevo.estado, nuevo.creado_por) == (2, "borrador", casa.jefe)
    assert nuevo.certificado_texto == primero.certificado_texto
    assert [campo.codigo for campo in nuevo.campos.all()] == list(PREGUNTAS)
    assert preparar(primero.tramite, por=casa.suit) == nuevo
    assert formulario_en_uso(primero.tramite) == primero

    poner_en_uso(nuevo, por=casa.suit)

    primero.refresh_from_db()
    assert primero.estado == "reemplazado" and formulario_en_uso(primero.tramite) == nuevo


def test_a_suppressed_tramite_has_no_form(casa):
    tramite = crear_tramite(casa, "suprimido")

    with pytest.raises(CondicionIncumplida, match="se suprimió"):
        preparar(tramite, por=casa.suit)


def test_a_withdrawn_tramite_has_none_in_use_until_it_comes_back(casa):
    formulario = crear_en_linea(casa)
    tramite = dar_paso("retirar", formulario.tramite, por=casa.secretaria, motivo="Se revisa.")
    assert formulario_en_uso(tramite) is None

    tramite = dar_paso("publicar", tramite, por=casa.secretaria)

    assert formulario_en_uso(tramite) == formulario


def test_a_form_in_use_or_replaced_is_not_put_again_and_what_is_not_in_use_is_not_withdrawn(casa):
    formulario = crear_en_linea(casa)
    with pytest.raises(EstadoInadecuado, match="en uso"):
        poner_en_uso(formulario, por=casa.suit)
    quitar(formulario, por=casa.suit)

    with pytest.raises(EstadoInadecuado, match="reemplazado"):
        poner_en_uso(formulario, por=casa.suit)
    with pytest.raises(EstadoInadecuado, match="no está en uso"):
        quitar(formulario, por=casa.suit)
    assert formulario_en_uso(formulario.tramite) is None


def test_postgresql_refuses_to_change_the_questions_of_a_form_in_use(casa):
    campo = crear_en_linea(casa).campos.first()
    for cambiar in (campo.save, campo.delete):
        with pytest.raises(IntegrityError, match="no cambian"), transaction.atomic():
            cambiar()


# --- What it lacks -------------------------------------------------------------------------------
def cambiar(formulario: Formulario, cual: str, **campos) -> None:
    Campo.objects.filter(formulario=formulario, codigo=cual).update(**campos)


DEFECTOS = {
    "condition of nothing": (lambda f: cambiar(f, "otro_uso", si_campo="nada"), "depende de «nada»"),
    "condition of a later one": (lambda f: cambiar(f, "uso", orden=9), "depende de «uso»"),
    "impossible value": (lambda f: cambiar(f, "otro_uso", si_valor="Bodega"), "no es una de sus opciones"),
    "condition of the office": (
        lambda f: cambiar(f, "estrato", si_campo="uso", si_valor="Otro"),
        "la responde otra persona",
    ),
    "code of everybody": (lambda f: cambiar(f, "direccion", codigo="nombre"), "Elija otro"),
    "text of nothing": (
        lambda f: Formulario.objects.filter(pk=f.pk).update(certificado_texto="{matricula}"),
        "usa {matricula}, y no hay pregunta",
    ),
    "text of a file": (lambda f: cambiar(f, "direccion", tipo="archivo"), "que es un archivo"),
    "text of an optional one": (lambda f: cambiar(f, "estrato", obligatorio=False), "no siempre se responde"),
}


@pytest.mark.parametrize("defecto", DEFECTOS)
def test_it_is_not_put_in_use_with_that(casa, defecto):
    formulario = preparar_formulario(casa, crear_tramite(casa, publicado=True))
    danar, dice = DEFECTOS[defecto]
    danar(formulario)

    with pytest.raises(CondicionIncumplida) as rechazo:
        poner_en_uso(formulario, por=casa.suit)

    assert dice in str(rechazo.value)
    assert Formulario.objects.get().estado == "borrador"


def test_a_tramite_that_is_not_public_waits(casa):
    formulario = preparar_formulario(casa, crear_tramite(casa))

    with pytest.raises(CondicionIncumplida, match="no está publicado"):
        poner_en_uso(formulario, por=casa.suit)


def test_documents_alone_are_a_form_and_nothing_at_all_is_not(casa):
    solo_documentos = preparar(crear_tramite(casa, publicado=True), por=casa.suit)
    assert poner_en_uso(solo_documentos, por=casa.suit).requisitos

    sin_nada = crear_tramite(casa, publicado=True)
    with sin_disparadores():
        Accion.objects.filter(momento__hoja__tramite=sin_nada, tipo="documento").delete()
    with pytest.raises(CondicionIncumplida, match="No pregunta nada"):
        poner_en_uso(preparar(sin_nada, por=casa.suit), por=casa.suit)


# --- The documents it asks for -------------------------------------------------------------------
def test_requisitos_are_the_documents_of_the_hoja_and_what_not_everybody_brings_is_not_demanded(casa):
    tramite = crear_tramite(casa, publicado=True)
    with sin_disparadores():
        recibos = Accion.objects.filter(descripcion="Recibo de un servicio público")
        recibos.update(nota="De hace 60 días o menos")
        Accion.objects.create(
            momento=tramite.hoja_publica.momentos.first(),
            tipo="documento",
            descripcion="Poder",
            es_excepcion=True,
            excepcion_cuando="si actúa por otra persona",
            orden=9,
        )

    recibo, certificado, poder = requisitos_de(HojaDeVida.objects.enteras().get(pk=tramite.hoja_publica_id))

    assert recibo == {
        "clave": "requisito-1",
        "descripcion": "Recibo de un servicio público",
        "nota": "De hace 60 días o menos",
        "obligatorio": True,
        "cuando": "",
        "audiencias": [],
    }
    assert not certificado["obligatorio"] and certificado["cuando"] == "Solo para: Organizaciones"
    assert not poder["obligatorio"] and poder["cuando"] == "si actúa por otra persona"


def test_another_hoja_that_asks_for_the_same_keeps_the_version(casa):
    formulario = crear_en_linea(casa)
    tramite = publicar_otra_hoja(casa, formulario.tramite)

    vigente = formulario_en_uso(tramite)

    assert vigente == formulario and vigente.hoja_id == tramite.hoja_publica_id


def test_another_hoja_that_asks_for_more_makes_a_version_and_drafts_keep_theirs(casa):
    formulario = crear_en_linea(casa)
    borrador = preparar(formulario.tramite, por=casa.jefe)
    radicado = solicitar(formulario)
    tramite = publicar_otra_hoja(casa, formulario.tramite, "Croquis del predio")

    vigente = formulario_en_uso(tramite)

    assert vigente.numero == 3 and vigente.hoja_id == tramite.hoja_publica_id
    assert "Croquis del predio" in {requisito["descripcion"] for requisito in vigente.requisitos}
    assert [campo.codigo for campo in vigente.campos.all()] == list(PREGUNTAS)
    formulario.refresh_from_db()
    borrador.refresh_from_db()
    assert formulario.estado == "reemplazado" and len(formulario.requisitos) == 2
    assert borrador.estado == "borrador" and borrador.hoja is None and borrador.vigente_desde is None
    assert radicado.formulario == formulario
    assert formulario_en_uso(tramite) == vigente and Formulario.objects.count() == 3


def test_reading_the_one_in_use_costs_one_query(casa, django_assert_num_queries):
    formulario = crear_en_linea(casa)
    tramite = de_nuevo(formulario.tramite)

    with django_assert_num_queries(1):
        assert formulario_en_uso(tramite) == formulario


# --- At once -------------------------------------------------------------------------------------
def a_la_vez(*funciones) -> list:
    """What each function returned or raised, all begun at the same moment."""
    salida, barrera = [None] * len(funciones), threading.Barrier(len(funciones))

    def correr(n, funcion):
        try:
            barrera.wait(10)
            salida[n] = funcion()
        except Exception as error:
            salida[n] = error
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=correr, args=par) for par in enumerate(funciones)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(30)
    return salida


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_put_it_in_use_once_and_many_readers_make_one_version():
    casa = crear_casa_en_linea()
    formulario = preparar_formulario(casa, crear_tramite(casa, publicado=True))

    primero, segundo = a_la_vez(
        lambda: poner_en_uso(formulario, por=casa.suit), lambda: poner_en_uso(formulario, por=casa.jefe)
    )

    assert sorted(type(r).__name__ for r in (primero, segundo)) == ["EstadoInadecuado", "Formulario"]
    tramite = publicar_otra_hoja(casa, formulario.tramite, "Croquis del predio")
    leidos = a_la_vez(*[lambda: formularios.formulario_en_uso(Tramite.objects.get(pk=tramite.pk))] * 4)
    assert {leido.numero for leido in leidos} == {2}
    assert connection.vendor == "postgresql" and Formulario.objects.count() == 2


# --- What the public and the inventory see -------------------------------------------------------
def test_the_page_and_the_data_of_the_tramite_lead_to_it_only_while_it_is_in_use(casa, client, settings):
    formulario = preparar_formulario(casa, crear_tramite(casa, publicado=True))
    pagina = formulario.tramite.get_absolute_url()
    solicitar_en = f"{pagina}solicitar/"
    datos = f"{pagina.rstrip('/')}.json"

    def lo_dicen() -> list[bool]:
        return [
            f'href="{solicitar_en}"' in client.get(pagina).text,
            f"{settings.PORTAL_URL}{solicitar_en}" in client.get(pagina).text,
            client.get(datos).json()["tramite"]["en_linea"] == f"http://testserver{solicitar_en}",
        ]

    assert lo_dicen() == [False] * 3
    formulario = poner_en_uso(formulario, por=casa.suit)
    assert lo_dicen() == [True] * 3
    quitar(formulario, por=casa.suit)
    assert lo_dicen() == [False] * 3


def test_the_inventory_says_which_ones_are_done_online(casa, client):
    client.force_login(casa.suit)
    for tramite in (crear_en_linea(casa).tramite, crear_tramite(casa, publicado=True)):
        pagina = client.get("/admin/tramites/tramite/", {"q": tramite.codigo}).text
        assert ("Se hace en línea" in pagina) is Formulario.objects.filter(tramite=tramite).exists()
