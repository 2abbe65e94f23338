"""Many people at once, each on a connection of their own, on real PostgreSQL."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado
from portal.models import Actualizacion, Edicion
from tests.portal.test_concurrencia import a_la_vez
from tests.tramites.builders import crear_casa_de_tramites, crear_tramite, huella_abierta
from tramites import completitud, services
from tramites.flujo import dar_paso
from tramites.hojas import OtroGuardoAntes, agregar_momento, editar_hoja, volver_a_medir
from tramites.models import HojaDeVida, LecturaDiaria, MedicionDeHoja, Tramite

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def casa():
    return crear_casa_de_tramites()


def fallos(resultados, *clases):
    """What each thread raised, when it is none of those."""
    return [r for r in resultados if isinstance(r, Exception) and not isinstance(r, clases)]


def test_two_approvals_at_once_make_one(casa):
    tramite = crear_tramite(casa, "enviado")
    huella = huella_abierta(tramite)
    quienes = [casa.jefe, casa.alcalde, casa.secretaria]

    resultados = a_la_vez(3, lambda i: dar_paso("remitir", tramite, por=quienes[i], huella=huella))

    assert not fallos(resultados, EstadoInadecuado)
    assert sum(isinstance(r, Tramite) for r in resultados) == 1
    assert tramite.pasos.filter(accion="remitir").count() == 1
    hoja = tramite.hojas.get()
    assert hoja.aprobada_por == tramite.pasos.get(accion="remitir").por


def test_approving_and_taking_back_at_once_do_one_of_the_two(casa):
    tramite = crear_tramite(casa, "enviado")
    huella = huella_abierta(tramite)

    resultados = a_la_vez(
        2,
        lambda i: (
            dar_paso("remitir", tramite, por=casa.jefe, huella=huella)
            if i
            else dar_paso("recoger", tramite, por=casa.suit, motivo="Faltaba algo.")
        ),
    )

    assert sum(isinstance(r, EstadoInadecuado) for r in resultados) == 1
    estados = set(tramite.hojas.values_list("estado", flat=True))
    assert estados in ({"aprobada"}, {"devuelta", "borrador"})


def test_two_inscriptions_with_the_same_number_make_one_and_a_refusal_in_words(casa):
    tramites = [crear_tramite(casa, "en_evaluacion") for _ in range(4)]

    resultados = a_la_vez(4, lambda i: dar_paso("inscribir", tramites[i], por=casa.suit, numero_suit="26418"))

    assert not fallos(resultados, CondicionIncumplida)
    assert sum(isinstance(r, Tramite) for r in resultados) == 1
    assert all("número" in str(r) and "ya lo tiene" in str(r) for r in resultados if isinstance(r, Exception))
    assert Tramite.objects.filter(estado="inscrito").count() == 1
    assert Tramite.objects.filter(estado="en_evaluacion", numero_suit=None, inscrito_en=None).count() == 3


def test_two_people_saving_one_hoja_never_overwrite_each_other(casa):
    tramite = crear_tramite(casa, "en_creacion")
    abierta = tramite.hoja_abierta()

    def guardar(i):
        with editar_hoja(abierta, por=casa.suit, revision=0) as hoja:
            agregar_momento(hoja, f"De la persona {i}")
            hoja.resultado = f"De la persona {i}"

    resultados = a_la_vez(5, guardar)

    assert sum(isinstance(r, OtroGuardoAntes) for r in resultados) == 4
    assert not fallos(resultados, OtroGuardoAntes)
    guardada = tramite.hoja_abierta()
    assert [momento.descripcion for momento in guardada.momentos.all()] == [guardada.resultado]
    assert guardada.revision == 1


def test_saving_and_sending_at_once_never_sends_half(casa):
    tramite = crear_tramite(casa, "en_correccion")
    abierta = tramite.hoja_abierta()

    def uno(i):
        if i:
            return dar_paso("enviar", tramite, por=casa.suit)
        with editar_hoja(abierta, por=casa.suit, revision=abierta.revision) as hoja:
            hoja.resultado = ""
            agregar_momento(hoja)
        return "guardada"

    resultados = a_la_vez(2, uno)

    assert not fallos(resultados, CondicionIncumplida)
    entera = HojaDeVida.objects.enteras().get(pk=tramite.hoja_abierta().pk)
    medida = completitud.medir(entera)
    assert (entera.estado == "enviada") == (not medida.vacios)
    assert (entera.llenos, entera.exigidos) == (medida.llenos, medida.exigidos)


def test_two_halves_of_a_circle_never_close_it(casa):
    for _ in range(3):
        uno, otro = (crear_tramite(casa, "sin_gestion") for _ in range(2))

        resultados = a_la_vez(
            2,
            lambda i, par=(uno, otro): services.fijar_previos(par[i], [par[1 - i]], por=casa.suit),
        )

        assert sum(isinstance(r, ValidationError) for r in resultados) == 1
        assert not fallos(resultados, ValidationError)
        assert uno.previos.count() + otro.previos.count() == 1


def test_twenty_readers_are_twenty(casa):
    tramite = crear_tramite(casa, "sin_gestion")

    resultados = a_la_vez(20, lambda i: services.contar_lectura(tramite))

    assert not fallos(resultados)
    assert LecturaDiaria.objects.get().veces == 20


def test_publishing_six_at_once_counts_six(casa):
    tramites = [crear_tramite(casa, "inscrito") for _ in range(6)]
    antes = Edicion.actual()

    resultados = a_la_vez(6, lambda i: dar_paso("publicar", tramites[i], por=casa.jefe))

    assert not fallos(resultados)
    assert Actualizacion.objects.filter(clase="publicacion").count() == 6
    assert Edicion.actual() == antes + 6


def test_publishing_one_ten_times_counts_one(casa):
    tramite = crear_tramite(casa, "inscrito")

    resultados = a_la_vez(10, lambda i: dar_paso("publicar", tramite, por=casa.jefe))

    assert sum(isinstance(r, EstadoInadecuado) for r in resultados) == 9
    assert Actualizacion.objects.count() == 1
    assert Tramite.objects.publicados().count() == 1


def test_starting_a_hoja_twice_at_once_makes_one(casa):
    tramite = crear_tramite(casa, "sin_gestion")

    resultados = a_la_vez(5, lambda i: dar_paso("empezar", tramite, por=casa.suit))

    assert sum(isinstance(r, Tramite) for r in resultados) == 1
    assert not fallos(resultados, EstadoInadecuado)
    assert tramite.hojas.count() == 1


def test_confirming_and_ratifying_many_times_at_once_happen_once(casa):
    ayer = timezone.now() - timezone.timedelta(days=1)
    tramite = crear_tramite(
        casa, "inscrito", publicado=True, en=ayer, por_confirmar={"costo": "inferido", "tiempo": "inferido"}
    )

    resultados = a_la_vez(
        6,
        lambda i: (
            services.confirmar_dato(tramite, parte=("costo", "tiempo")[i // 3], por=casa.suit)
            if i < 5
            else services.ratificar_vigencia(tramite, por=casa.suit)
        ),
    )

    assert sum(isinstance(r, Tramite) for r in resultados) == 3
    assert not fallos(resultados, CondicionIncumplida)
    ahora = Tramite.objects.get()
    assert (ahora.por_confirmar, ahora.pasos.filter(accion="confirmar").count()) == ({}, 2)
    assert ahora.revisado_en > ayer


def test_measuring_at_night_never_undoes_what_somebody_saves(casa):
    tramites = [crear_tramite(casa, "en_creacion") for _ in range(3)]
    abiertas = [tramite.hoja_abierta() for tramite in tramites]

    def uno(i):
        if i == 3:
            return [volver_a_medir(timezone.now()) for _ in range(6)]
        for vez in range(6):
            with editar_hoja(abiertas[i], por=casa.suit) as hoja:
                hoja.resultado = "Un certificado" if vez % 2 else ""
        return "guardada"

    assert not fallos(a_la_vez(4, uno))
    for tramite in tramites:
        entera = HojaDeVida.objects.enteras().get(pk=tramite.hoja_abierta().pk)
        medida = completitud.medir(entera)
        ultima = MedicionDeHoja.objects.filter(tramite=tramite).order_by("-en", "-pk").first()
        assert (entera.llenos, entera.exigidos) == (medida.llenos, medida.exigidos)
        assert (ultima.llenos, ultima.exigidos) == (medida.llenos, medida.exigidos)


@pytest.mark.parametrize("mismo_codigo", [False, True])
def test_identifying_at_once_gives_each_its_address_and_no_code_twice(casa, mismo_codigo):
    def identificar(i):
        valores = {"nombre": "Permiso de rifa", "tipo": "tramite", "dependencia": casa.planeacion}
        codigo = "AAA-001" if mismo_codigo else f"AAA-00{i}"
        return services.crear_tramite(codigo=codigo, por=casa.suit, **valores)

    resultados = a_la_vez(4, identificar)

    assert not fallos(resultados, ValidationError)
    assert sum(isinstance(r, ValidationError) for r in resultados) == (3 if mismo_codigo else 0)
    assert Tramite.objects.values("slug").distinct().count() == (1 if mismo_codigo else 4)
