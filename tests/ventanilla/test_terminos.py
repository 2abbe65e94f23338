"""Terms against dates written by hand, what the law says and a brute force apart from ours."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal import calendario
from portal.calendario import DiasHabiles, sumar_meses
from portal.models import DiaNoHabil, Jornada
from tests.builders import en_fecha
from tests.ventanilla.builders import clase, llevar, radicar
from ventanilla import terminos
from ventanilla.flujo import dar_paso

#: (filed on, working days, due): by hand from the calendar of each year.
HABILES = [
    # What the dossier of norms gives
    ("2026-07-01", 5, "2026-07-08"),
    ("2026-07-01", 10, "2026-07-16"),
    ("2026-07-01", 15, "2026-07-24"),
    ("2026-07-01", 30, "2026-08-18"),
    ("2026-12-18", 5, "2026-12-28"),
    ("2026-12-18", 10, "2027-01-05"),
    ("2026-12-18", 15, "2027-01-13"),
    ("2026-12-18", 30, "2027-02-03"),
    # The holiday of Ley 2578 de 2026 and the year before it existed
    ("2026-07-08", 1, "2026-07-09"),
    ("2026-07-10", 1, "2026-07-14"),
    ("2026-07-10", 5, "2026-07-21"),
    ("2025-07-08", 5, "2025-07-15"),
    ("2029-07-06", 1, "2029-07-10"),
    # 29 February, and years without it
    ("2024-02-26", 3, "2024-02-29"),
    ("2024-02-28", 1, "2024-02-29"),
    ("2025-02-27", 1, "2025-02-28"),
    ("2028-02-28", 1, "2028-02-29"),
    ("2028-02-29", 1, "2028-03-01"),
    # Holy Week
    ("2026-03-31", 1, "2026-04-01"),
    ("2026-03-25", 5, "2026-04-01"),
    ("2026-03-27", 15, "2026-04-21"),
    ("2025-04-14", 5, "2025-04-23"),
    ("2027-03-22", 10, "2027-04-07"),
    # Mondays to which a holiday moves, and fixed ones
    ("2026-01-08", 1, "2026-01-09"),
    ("2026-01-02", 5, "2026-01-09"),
    ("2026-04-30", 1, "2026-05-04"),
    ("2026-05-15", 1, "2026-05-19"),
    ("2026-05-15", 10, "2026-06-01"),
    ("2026-06-05", 1, "2026-06-09"),
    ("2026-06-12", 10, "2026-06-30"),
    ("2026-06-26", 1, "2026-06-30"),
    ("2026-08-06", 1, "2026-08-10"),
    ("2026-08-14", 15, "2026-09-07"),
    ("2026-10-09", 1, "2026-10-13"),
    ("2026-10-30", 1, "2026-11-03"),
    ("2026-10-30", 10, "2026-11-17"),
    ("2026-11-13", 1, "2026-11-17"),
    ("2026-11-13", 15, "2026-12-07"),
    ("2026-12-07", 1, "2026-12-09"),
    # The end of the year
    ("2026-12-24", 1, "2026-12-28"),
    ("2026-12-31", 1, "2027-01-04"),
    ("2026-12-31", 15, "2027-01-25"),
    ("2024-12-20", 15, "2025-01-15"),
    ("2027-12-24", 30, "2028-02-07"),
    # Two holidays on one Monday (2030)
    ("2030-06-28", 5, "2030-07-08"),
    ("2030-07-05", 10, "2030-07-22"),
]


@pytest.mark.parametrize(("desde", "dias", "vence"), HABILES)
def test_working_days_by_hand(db, desde, dias, vence):
    plazo = terminos.contar(date.fromisoformat(desde), dias)
    assert plazo.vence.isoformat() == vence
    assert plazo.desde < plazo.vence_interno <= plazo.vence


#: (filed on, calendar days, due): a term that ends on a day off ends on the next working day.
CALENDARIO = [
    ("2026-07-01", 9, "2026-07-10"),
    ("2026-07-01", 10, "2026-07-14"),
    ("2026-07-03", 10, "2026-07-14"),
    ("2026-12-10", 15, "2026-12-28"),
    ("2026-12-25", 7, "2027-01-04"),
    ("2024-02-20", 9, "2024-02-29"),
]


@pytest.mark.parametrize(("desde", "dias", "vence"), CALENDARIO)
def test_calendar_days_by_hand(db, desde, dias, vence):
    assert terminos.contar(date.fromisoformat(desde), dias, "calendario").vence.isoformat() == vence


#: (arrives on, at, counts as received on), with attention from 8 to 12 and from 14 to 18.
RECIBO = [
    ("2026-07-01", "10:00", "2026-07-01"),
    ("2026-07-01", "06:30", "2026-07-01"),
    ("2026-07-01", "13:00", "2026-07-01"),
    ("2026-07-01", "18:00", "2026-07-01"),
    ("2026-07-01", "18:01", "2026-07-02"),
    ("2026-07-01", "23:59", "2026-07-02"),
    ("2026-07-03", "20:00", "2026-07-06"),
    ("2026-07-04", "10:00", "2026-07-06"),
    ("2026-07-12", "10:00", "2026-07-14"),
    ("2026-07-13", "10:00", "2026-07-14"),
    ("2026-12-31", "19:00", "2027-01-04"),
]


@pytest.mark.parametrize(("dia", "hora", "recibido"), RECIBO)
def test_after_hours_counts_from_the_next_working_day(ventanilla, dia, hora, recibido):
    momento = timezone.make_aware(datetime.combine(date.fromisoformat(dia), time.fromisoformat(hora)))
    assert terminos.recibido(momento).isoformat() == recibido


def test_without_hours_of_attention_the_whole_day_counts(ventanilla):
    Jornada.objects.all().delete()
    assert terminos.recibido(en_fecha("2026-07-01", 23)).isoformat() == "2026-07-01"


#: (from, months, until): the same day, or the last of a shorter month.
MESES = [
    ("2026-03-06", 1, "2026-04-06"),
    ("2026-01-31", 1, "2026-02-28"),
    ("2028-01-31", 1, "2028-02-29"),
    ("2026-12-15", 1, "2027-01-15"),
    ("2026-11-30", 3, "2027-02-28"),
    ("2026-05-05", 12, "2027-05-05"),
]


@pytest.mark.parametrize(("desde", "meses", "hasta"), MESES)
def test_months_by_hand(desde, meses, hasta):
    assert sumar_meses(date.fromisoformat(desde), meses).isoformat() == hasta


def test_a_closure_of_the_municipality_is_not_counted_and_is_named(ventanilla):
    for n in range(21):  # as Santa Marta did, from 23 December to 12 January
        DiaNoHabil.objects.create(
            fecha=date(2026, 12, 23) + timedelta(days=n), motivo="Vacancia", acto="Decreto 99"
        )
    plazo = terminos.contar(date(2026, 12, 18), 15)
    assert plazo.vence.isoformat() == "2027-01-29"
    assert (date(2026, 12, 23), "Vacancia") in plazo.no_contados


def test_a_date_explains_itself(ventanilla):
    assert terminos.contar(date(2026, 7, 2), 15).explicacion == (
        "15 días hábiles desde el 3 de julio; no se cuentan sábados, domingos ni estos días: "
        "13 y 20 de julio. Vence el lunes 27 de julio de 2026."
    )
    assert terminos.contar(date(2026, 9, 1), 1).explicacion == (
        "1 día hábil desde el 2 de septiembre; no se cuentan sábados ni domingos. "
        "Vence el miércoles 2 de septiembre de 2026."
    )
    assert "estos días: 20 de julio, 7 y 17 de agosto." in terminos.contar(date(2026, 7, 14), 25).explicacion
    tarde = radicar(en=en_fecha("2026-07-04", 21)).terminos.get().explicacion
    assert tarde.startswith(
        "Llegó fuera del horario de atención, y por eso se cuenta como recibido el lunes 6"
    )


#: What each kind of `datos/` owes to who files on 1 July 2026.
POR_CLASE = [
    ("peticion-de-interes-general", "2026-07-24"),
    ("queja", "2026-07-24"),
    ("solicitud-de-acceso-a-informacion-publica", "2026-07-16"),
    ("solicitud-de-documentos-o-copias", "2026-07-16"),
    ("consulta", "2026-08-18"),
    ("solicitud-de-congresista", "2026-07-08"),
    ("consulta-de-datos-personales", "2026-07-16"),
    ("reclamo-de-datos-personales", "2026-07-24"),
]


@pytest.mark.parametrize(("codigo", "vence"), POR_CLASE)
def test_the_term_of_each_kind(ventanilla, codigo, vence):
    radicado = radicar(codigo, en=en_fecha("2026-07-01"))
    assert radicado.vence.isoformat() == vence
    assert radicado.terminos.get().base_legal == radicado.clase.base_legal


#: Kind → the last date of an extension of what was filed on 1 July 2026; None when there is none.
PRORROGAS = [
    ("peticion-de-interes-general", "2026-08-18"),
    ("solicitud-de-documentos-o-copias", "2026-07-31"),
    ("consulta", "2026-09-29"),
    ("consulta-de-datos-personales", "2026-07-24"),
    ("reclamo-de-datos-personales", "2026-08-05"),
    ("solicitud-de-congresista", None),
    ("peticion-entre-autoridades", None),
]


@pytest.mark.parametrize(("codigo", "tope"), PRORROGAS)
def test_how_far_each_kind_may_be_extended(ventanilla, codigo, tope):
    hallado = terminos.tope_de_prorroga(radicar(codigo, en=en_fecha("2026-07-01")))
    assert (hallado and hallado.isoformat()) == tope


def test_when_each_step_on_the_way_must_be_done(ventanilla):
    radicado = radicar(en=en_fecha("2026-07-01"))
    assert terminos.limite_para_trasladar(radicado).isoformat() == "2026-07-08"
    assert terminos.limite_para_requerir(radicado).isoformat() == "2026-07-16"
    de_datos = radicar("reclamo-de-datos-personales", en=en_fecha("2026-07-01"))
    assert terminos.limite_para_requerir(de_datos).isoformat() == "2026-07-08"
    assert terminos.limite_para_trasladar(de_datos).isoformat() == "2026-07-03"
    assert terminos.para_completar(radicado, date(2026, 7, 6)).isoformat() == "2026-08-06"
    assert terminos.para_completar(de_datos, date(2026, 7, 6)).isoformat() == "2026-09-07"


def test_silence_grants_what_was_asked_and_copies_are_due_in_three_days(ventanilla):
    copias = radicar("solicitud-de-documentos-o-copias", en=en_fecha("2026-07-01"))
    assert copias.vence.isoformat() == "2026-07-16"
    assert terminos.entrega_por_aceptacion(copias, date(2026, 7, 16)) is None
    assert terminos.entrega_por_aceptacion(copias, date(2026, 7, 17)).isoformat() == "2026-07-22"
    general = radicar(en=en_fecha("2026-07-01"))
    assert terminos.entrega_por_aceptacion(general, date(2026, 8, 30)) is None


def test_the_hoja_de_vida_says_the_term_of_a_tramite(ventanilla):
    hoja = SimpleNamespace(tiempo_inmediato=False, tiempo_cantidad=45, tiempo_unidad="calendario")
    plazo = terminos.inicial(clase("solicitud-de-tramite"), en_fecha("2026-07-01"), hoja)
    assert (plazo.vence.isoformat(), plazo.unidad) == ("2026-08-18", "calendario")
    inmediato = SimpleNamespace(tiempo_inmediato=True)
    plazo = terminos.inicial(clase("solicitud-de-tramite"), en_fecha("2026-07-01"), inmediato)
    assert plazo.vence.isoformat() == "2026-07-02"
    sin_tiempo = SimpleNamespace(tiempo_inmediato=False, tiempo_cantidad=None)
    plazo = terminos.inicial(clase("solicitud-de-tramite"), en_fecha("2026-07-01"), sin_tiempo)
    assert plazo.dias == terminos.GENERAL and plazo.base_legal.startswith("Ley 1437 de 2011, art. 14")


def test_a_new_closure_moves_nothing_until_somebody_counts_again_and_says_so(ventanilla):
    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-07-01")), "asignado", en=en_fecha("2026-07-02"))
    DiaNoHabil.objects.create(fecha=date(2026, 7, 15), motivo="Día cívico", acto="Decreto 45")
    radicado.refresh_from_db()
    assert radicado.vence.isoformat() == "2026-07-24"
    assert terminos.con_el_calendario_de_hoy(radicado).vence.isoformat() == "2026-07-27"
    radicado = dar_paso(
        "recalcular",
        radicado,
        por=ventanilla.secretaria,
        motivo="Decreto 45: el 15 de julio no se atendió.",
        en=en_fecha("2026-07-10"),
    )
    assert radicado.vence.isoformat() == "2026-07-27"
    assert [t.vence.isoformat() for t in radicado.terminos.all()] == ["2026-07-24", "2026-07-27"]
    assert "24 de julio de 2026" in radicado.salidas.get().texto
    assert terminos.con_el_calendario_de_hoy(radicado) is None


#: (day, level, words) of a petition due on 24 July 2026, whose internal date is the 21st.
SEMAFORO = [
    ("2026-07-02", "a-tiempo", "Faltan 14 días hábiles"),
    ("2026-07-17", "a-tiempo", "Faltan 4 días hábiles"),
    ("2026-07-21", "por-vencer", "Faltan 3 días hábiles"),
    ("2026-07-23", "por-vencer", "Falta 1 día hábil"),
    ("2026-07-24", "por-vencer", "Vence hoy"),
    ("2026-07-25", "vencido", "Venció"),
    ("2026-07-27", "vencido", "Venció hace 1 día hábil"),
    ("2026-08-12", "muy-vencido", "Venció hace 12 días hábiles"),
]


@pytest.mark.parametrize(("dia", "nivel", "texto"), SEMAFORO)
def test_the_light_says_it_in_words(ventanilla, dia, nivel, texto):
    radicado = radicar(en=en_fecha("2026-07-01"))
    luz = terminos.semaforo(radicado, date.fromisoformat(dia), DiasHabiles())
    assert (luz.nivel, luz.texto) == (nivel, texto)


def test_the_light_of_what_waits_for_the_person(ventanilla):
    radicado = llevar(ventanilla, radicar(), "requiere_completar")
    assert terminos.semaforo(radicado, date(2026, 7, 1), DiasHabiles()).nivel == "espera"


# --- Against a brute force that shares nothing with ours -------------------------------------------
def pascua(anio: int) -> date:
    """Easter Sunday, by Gauss's rule with the Gregorian corrections of 1900 to 2099."""
    a, b, c = anio % 19, anio % 4, anio % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    if (d, e) == (29, 6) or ((d, e) == (28, 6) and a > 10):
        d -= 7
    return date(anio, 3, 22) + timedelta(days=d + e)


def de_la_ley(anio: int) -> set[date]:
    """Holidays of Ley 51 de 1983 and, from 2026, of Ley 2578."""
    fijos = {date(anio, mes, dia) for mes, dia in ((1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25))}
    movibles = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if anio >= 2026:
        movibles.append((7, 9))
    dias = [date(anio, mes, dia) for mes, dia in movibles]
    lunes = {dia + timedelta(days=(7 - dia.weekday()) % 7) for dia in dias}
    return fijos | lunes | {pascua(anio) + timedelta(days=n) for n in (-3, -2, 43, 64, 71)}


@pytest.mark.parametrize("anio", range(2020, 2061))
def test_holidays_are_those_of_the_law(anio):
    assert calendario.festivos(anio) == de_la_ley(anio)


class ContraLaFuerzaBruta(TestCase):
    @settings(max_examples=150, deadline=None)
    @given(st.dates(date(2020, 1, 1), date(2059, 12, 31)), st.integers(1, 90))
    def test_counting_one_day_at_a_time_gives_the_same(self, desde, dias):
        dia, quedan = desde, dias
        while quedan:
            dia += timedelta(days=1)
            quedan -= dia.weekday() < 5 and dia not in de_la_ley(dia.year)
        plazo = terminos.contar(desde, dias)
        self.assertEqual(plazo.vence, dia)
        self.assertEqual(DiasHabiles().entre(desde, dia), dias)
        self.assertEqual(DiasHabiles().entre(dia, desde), -dias)
