"""The two percentages of the plan, now and at any past moment, by office, with what is left out."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.flujo import TransicionRechazada
from tests.builders import en_fecha
from tests.tramites.builders import crear_muchos, crear_tramite, escribir, llenar_hoja, llevar
from tramites.flujo import FLUJO, dar_paso
from tramites.models import HojaDeVida, PasoDeTramite, Tramite

EN_LINEA = {"grado": "total", "url_en_linea": "https://ejemplo.gov.co/predial/"}
EN_PARTE = {"grado": "parcial", "url_en_linea": "https://ejemplo.gov.co/predial/"}


def cifras(en=None) -> dict[str, int]:
    """Every figure at a moment."""
    suit = Tramite.objects.del_suit()
    return {
        "identificados": suit.identificados(en).count(),
        "publicados": suit.publicados(en).count(),
        "completos": suit.completos(en).count(),
        "parcial": suit.automatizados("parcial", en).count(),
        "total": suit.automatizados("total", en).count(),
    }


def son(identificados=0, publicados=0, completos=0, parcial=0, total=0):
    return {
        "identificados": identificados,
        "publicados": publicados,
        "completos": completos,
        "parcial": parcial,
        "total": total,
    }


# --- One trámite through its life ---------------------------------------------------------------
def test_any_past_moment_of_a_long_life_is_computed_again(casa):
    """Published, withdrawn, put back, changed to be online and at last suppressed."""

    def el(dia, *pasos, **campos):
        nonlocal tramite
        en = en_fecha(f"2026-{dia}")
        if campos:
            escribir(tramite, por=casa.suit, en=en, **campos)
        tramite = llevar(tramite, *pasos, por=casa.suit, aprueba=casa.jefe, en=en)

    tramite = crear_tramite(casa, "en_creacion", en=en_fecha("2026-01-10"))
    llenar_hoja(casa, tramite, en=en_fecha("2026-01-20"))
    el("02-01", "enviar", "remitir", "inscribir")
    el("02-10", "publicar")
    el("02-20", "retirar")
    tramite = dar_paso("publicar", tramite, por=casa.jefe, en=en_fecha("2026-03-01"))
    el("03-10", "actualizar")
    el("03-15", "enviar", "aprobar_cambio", **EN_PARTE)
    el("03-20", "publicar")
    el("04-01", "actualizar")
    el("04-02", "enviar", "aprobar_cambio", "publicar", **EN_LINEA)
    el("04-10", "suprimir")

    vistas = {
        dia: cifras(en_fecha(f"2026-{dia}", hora=12))
        for dia in [
            *("01-09", "01-10", "01-20", "02-09", "02-10", "02-19", "02-20", "02-28", "03-01"),
            *("03-19", "03-20", "04-01", "04-02", "04-09", "04-10"),
        ]
    }

    publicado = son(identificados=1, publicados=1, completos=1)
    escrito = son(identificados=1, completos=1)
    assert vistas == {
        "01-09": son(),
        "01-10": son(identificados=1),
        "01-20": escrito,
        "02-09": escrito,
        "02-10": publicado,
        "02-19": publicado,
        "02-20": escrito,
        "02-28": escrito,
        "03-01": publicado,
        "03-19": publicado,
        "03-20": publicado | {"parcial": 1},
        "04-01": publicado | {"parcial": 1},
        "04-02": publicado | {"total": 1},
        "04-09": publicado | {"total": 1},
        "04-10": son(),
    }
    assert cifras() == son()


def test_what_is_withdrawn_and_put_back_keeps_both_times(casa):
    """The row of the hoja only says the last one: the figures come from the steps."""
    tramite = crear_tramite(casa, "inscrito", en=en_fecha("2026-01-05"))
    dar_paso("publicar", tramite, por=casa.jefe, en=en_fecha("2026-01-10"))
    dar_paso("retirar", tramite, por=casa.jefe, en=en_fecha("2026-01-20"), motivo="Un error.")
    dar_paso("publicar", tramite, por=casa.jefe, en=en_fecha("2026-01-30"))

    vistas = [Tramite.objects.publicados(en_fecha(f"2026-01-{dia}")).count() for dia in (10, 15, 25, 31)]

    assert vistas == [1, 1, 0, 1]


def test_what_the_dafp_denied_was_public_until_then(casa):
    tramite = crear_tramite(casa, "en_evaluacion", en=en_fecha("2026-01-05"))
    dar_paso("publicar", tramite, por=casa.jefe, en=en_fecha("2026-01-10"))
    dar_paso("negar", tramite, por=casa.jefe, en=en_fecha("2026-01-20"), motivo="Sin norma.")

    assert [Tramite.objects.publicados(en_fecha(f"2026-01-{dia}")).count() for dia in (10, 19, 20)] == [
        1,
        1,
        0,
    ]
    assert Tramite.objects.identificados().get() == tramite


def test_a_step_counts_from_its_very_moment(casa):
    en = en_fecha("2026-01-10")
    crear_tramite(casa, "inscrito", publicado=True, en=en, hoja=EN_LINEA)
    antes = en - timedelta(microseconds=1)

    assert (cifras(antes), cifras(en)) == (son(), son(1, 1, 1, 0, 1))


def test_suppressing_counts_from_its_very_moment_too(casa):
    en = en_fecha("2026-01-10")
    crear_tramite(casa, "suprimido", publicado=True, en=en)

    assert cifras(en) == cifras(en + timedelta(days=1)) == son()


def test_a_draft_changes_no_figure_of_what_is_public(casa):
    tramite = crear_tramite(casa, "inscrito", publicado=True, hoja=EN_LINEA)
    dar_paso("actualizar", tramite, por=casa.suit)
    escribir(tramite, por=casa.suit, grado="presencial", url_en_linea="")

    assert cifras() == son(1, 1, 1, 0, 1)


def test_a_gap_in_the_hoja_in_use_is_a_gap_until_it_is_filled(casa):
    tramite = crear_tramite(casa, "inscrito", publicado=True)
    dar_paso("actualizar", tramite, por=casa.suit)
    escribir(tramite, por=casa.suit, resultado="")
    assert cifras() == son(1, 1, 0)

    escribir(tramite, por=casa.suit, resultado="Un certificado")
    assert cifras() == son(1, 1, 1)


def test_what_has_no_hoja_is_identified_and_nothing_more(casa):
    crear_tramite(casa, "sin_gestion")

    assert cifras() == son(1)


# --- What is counted ----------------------------------------------------------------------------
@pytest.mark.parametrize(("en_suit", "cuantos"), [(False, 2), (True, 3)])
def test_consultas_count_only_when_the_settings_say_so(casa, settings, en_suit, cuantos):
    crear_tramite(casa, "inscrito", publicado=True, tipo="tramite")
    crear_tramite(casa, "inscrito", publicado=True, tipo="opa")
    crear_tramite(casa, "aprobado", publicado=True, tipo="consulta")
    settings.TRAMITES_CONSULTAS_EN_SUIT = en_suit

    assert cifras() == son(cuantos, cuantos, cuantos)
    assert Tramite.objects.publicados().count() == 3


def test_by_office_as_it_was_then(casa):
    """A transfer of competence does not rewrite the weeks before it."""
    enero, marzo = en_fecha("2026-01-10"), en_fecha("2026-03-10")
    crear_tramite(casa, "inscrito", publicado=True, en=enero)
    tramite = crear_tramite(casa, "inscrito", publicado=True, en=enero)
    llevar(tramite, "actualizar", por=casa.suit, aprueba=casa.alcalde, en=marzo)
    escribir(tramite, por=casa.suit, en=marzo, dependencia=casa.hacienda, acto_soporte="Acuerdo 2")
    pasos = ("enviar", "remitir", "inscribir", "publicar")
    llevar(tramite, *pasos, por=casa.suit, aprueba=casa.alcalde, en=marzo)

    assert Tramite.objects.publicados(enero).por_dependencia(enero) == {"Planeación": 2}
    assert Tramite.objects.publicados(marzo).por_dependencia(marzo) == {"Planeación": 1, "Hacienda": 1}
    assert Tramite.objects.publicados().por_dependencia() == {"Planeación": 1, "Hacienda": 1}


def test_the_office_put_right_before_it_is_started_was_always_that_one(casa):
    tramite = crear_tramite(casa, "sin_gestion")
    Tramite.objects.update(dependencia=casa.hacienda)
    assert Tramite.objects.identificados().por_dependencia() == {"Hacienda": 1}

    dar_paso("empezar", tramite, por=casa.suit)

    assert Tramite.objects.identificados().por_dependencia() == {"Hacienda": 1}


def test_by_office_nobody_is_lost(casa):
    sin_pasos = Tramite.objects.create(
        codigo="AAA-001", nombre="Cargado", slug="cargado", dependencia=casa.hacienda
    )
    crear_tramite(casa, "inscrito", publicado=True)

    assert Tramite.objects.identificados().por_dependencia() == {"Hacienda": 1, "Planeación": 1}
    assert sin_pasos.pasos.count() == 0


# --- Against what the rows say ------------------------------------------------------------------
@pytest.mark.parametrize("semilla", range(6))
def test_after_any_walk_through_the_flow_the_figures_are_those_of_each_moment(casa, semilla):
    """What was seen after each step is what is computed afterwards for that moment."""
    azar, en = random.Random(semilla), en_fecha("2026-01-05")
    tramites = [crear_tramite(casa, "inscrito", en=en, hoja=grado) for grado in ({}, EN_PARTE, EN_LINEA)]
    vistas = []
    for _ in range(25):
        en += timedelta(days=1)
        n = azar.randrange(3)
        pasos = [*FLUJO.posibles(tramites[n], casa.jefe), *FLUJO.posibles(tramites[n], casa.alcalde)]
        paso = azar.choice(sorted({paso.nombre for paso in pasos} - {"recoger"} or ["suprimir"]))
        if paso != "suprimir" or azar.random() < 0.2:
            with suppress(TransicionRechazada):
                tramites[n] = llevar(tramites[n], paso, por=casa.jefe, aprueba=casa.alcalde, en=en)
        publicas = HojaDeVida.objects.filter(pk__in=Tramite.objects.values("hoja_publica"))
        vistas.append((en, publicas.count(), publicas.filter(grado="total").count()))

    assert any(publicados for _momento, publicados, _totales in vistas)
    for momento, publicados, totales in vistas:
        assert Tramite.objects.publicados(momento).count() == publicados
        assert Tramite.objects.automatizados("total", momento).count() == totales
    assert {t.pk for t in Tramite.objects.publicados()} == {t.pk for t in Tramite.objects.publicos()}
    assert HojaDeVida.objects.publicas().count() == Tramite.objects.publicos().count()


# --- What it costs ------------------------------------------------------------------------------
@pytest.mark.parametrize("cuantos", [1, 70, 2000])
def test_each_figure_is_one_query_however_many_there_are(casa, cuantos, django_assert_num_queries):
    crear_muchos(casa, cuantos)
    en = timezone.now()

    with django_assert_num_queries(5):
        medidas = cifras(en)
    with django_assert_num_queries(1):
        por_dependencia = Tramite.objects.del_suit().publicados(en).por_dependencia(en)

    parciales, totales = (cuantos + 1) // 3, cuantos // 3  # of each three, one of each degree
    assert medidas == son(cuantos, cuantos, cuantos, parciales, totales)
    assert sum(por_dependencia.values()) == cuantos
    assert PasoDeTramite.objects.count() == cuantos
