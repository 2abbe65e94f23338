"""Working days, against dates counted by hand on the calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.calendario import cierres, festivos, sumar_habiles, tramos_habiles
from portal.models import DiaNoHabil, Jornada

UN_DIA = timedelta(days=1)


def dia(texto: str) -> date:
    return date.fromisoformat(texto)


def cerrar(*dias: str) -> None:
    DiaNoHabil.objects.bulk_create(
        DiaNoHabil(fecha=dia(d), motivo="Día cívico", acto="Decreto 045 de 2026") for d in dias
    )


# --- National holidays --------------------------------------------------------------------------
FESTIVOS_DE_2026 = {
    "2026-01-01": "Año Nuevo",
    "2026-01-12": "Reyes Magos",
    "2026-03-23": "San José",
    "2026-04-02": "Jueves Santo",
    "2026-04-03": "Viernes Santo",
    "2026-05-01": "Día del Trabajo",
    "2026-05-18": "Ascensión",
    "2026-06-08": "Corpus Christi",
    "2026-06-15": "Sagrado Corazón",
    "2026-06-29": "San Pedro y San Pablo",
    "2026-07-13": "Virgen de Chiquinquirá, Ley 2578 de 2026",
    "2026-07-20": "Independencia",
    "2026-08-07": "Batalla de Boyacá",
    "2026-08-17": "Asunción",
    "2026-10-12": "Día de la Raza",
    "2026-11-02": "Todos los Santos",
    "2026-11-16": "Independencia de Cartagena",
    "2026-12-08": "Inmaculada Concepción",
    "2026-12-25": "Navidad",
}


def test_the_holidays_of_2026_are_these_nineteen():
    assert festivos(2026) == {dia(texto) for texto in FESTIVOS_DE_2026}


@pytest.mark.parametrize(
    "anio, cuantos", [(2025, 17), (2026, 19), (2027, 19), (2028, 19), (2029, 19), (2030, 18)]
)
def test_two_holidays_on_the_same_monday_are_one(anio, cuantos):
    assert len(festivos(anio)) == cuantos


@pytest.mark.parametrize("anio, lunes", [(2024, 8), (2025, 14), (2026, 13), (2027, 12), (2028, 10)])
def test_the_ninth_of_july_is_a_holiday_since_the_law_of_2026(anio, lunes):
    assert (date(anio, 7, lunes) in festivos(anio)) is (anio >= 2026)


def pascua(anio: int) -> date:
    """Easter, by the method of Butcher."""
    a, (b, c) = anio % 19, divmod(anio, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    resto = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * resto) // 451
    mes, dia_del_mes = divmod(h + resto - 7 * m + 114, 31)
    return date(anio, mes, dia_del_mes + 1)


def por_la_ley(anio: int) -> set[date]:
    """Ley 51 de 1983 and Ley 2578 de 2026, written out."""
    fijos = [(1, 1), (5, 1), (7, 20), (8, 7), (12, 8), (12, 25)]
    al_lunes = [(1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)]
    if anio >= 2026:
        al_lunes.append((7, 9))
    movidos = [date(anio, *f) for f in al_lunes]
    return {
        *(date(anio, *f) for f in fijos),
        *(f + (7 - f.weekday()) % 7 * UN_DIA for f in movidos),
        *(pascua(anio) + dias * UN_DIA for dias in (-3, -2, 43, 64, 71)),
    }


@pytest.mark.parametrize("anio", range(2008, 2061))
def test_every_year_says_what_the_law_says(anio):
    assert festivos(anio) == por_la_ley(anio)


# --- Terms --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "desde, dias, vence",
    [
        # Filed on 1 July 2026: through 13 and 20 July, 7 and 17 August.
        ("2026-07-01", 5, "2026-07-08"),
        ("2026-07-01", 10, "2026-07-16"),
        ("2026-07-01", 15, "2026-07-24"),
        ("2026-07-01", 30, "2026-08-18"),
        # Filed on 18 December 2026: through Christmas, New Year and Reyes.
        ("2026-12-18", 5, "2026-12-28"),
        ("2026-12-18", 10, "2027-01-05"),
        ("2026-12-18", 15, "2027-01-13"),
        ("2026-12-18", 30, "2027-02-03"),
        # The day itself never counts; no days is the same day, whatever it is.
        ("2026-07-01", 0, "2026-07-01"),
        ("2026-07-18", 0, "2026-07-18"),
        ("2026-07-20", 0, "2026-07-20"),
        ("2026-09-07", 1, "2026-09-08"),
        # Weekends.
        ("2026-09-04", 1, "2026-09-07"),
        ("2026-09-05", 1, "2026-09-07"),
        ("2026-09-06", 1, "2026-09-07"),
        ("2026-09-04", 5, "2026-09-11"),
        # Each holiday that moves to Monday, from the Friday before.
        ("2026-01-09", 1, "2026-01-13"),
        ("2026-03-20", 1, "2026-03-24"),
        ("2026-05-15", 1, "2026-05-19"),
        ("2026-06-05", 1, "2026-06-09"),
        ("2026-06-12", 1, "2026-06-16"),
        ("2026-06-26", 1, "2026-06-30"),
        ("2026-07-10", 1, "2026-07-14"),
        ("2025-07-11", 1, "2025-07-14"),
        ("2026-08-14", 1, "2026-08-18"),
        ("2026-10-09", 1, "2026-10-13"),
        ("2026-10-30", 1, "2026-11-03"),
        ("2026-11-13", 1, "2026-11-17"),
        # Two Mondays in a row: Corpus Christi and Sagrado Corazón.
        ("2026-06-05", 6, "2026-06-17"),
        # Semana Santa.
        ("2026-03-27", 5, "2026-04-07"),
        ("2026-04-01", 1, "2026-04-06"),
        ("2026-04-02", 1, "2026-04-06"),
        # Holidays that do not move, in the week and over the weekend.
        ("2026-04-30", 1, "2026-05-04"),
        ("2026-08-06", 1, "2026-08-10"),
        ("2026-12-07", 1, "2026-12-09"),
        ("2026-12-24", 1, "2026-12-28"),
        ("2027-07-30", 6, "2027-08-09"),
        # From one year into the next, and a leap day.
        ("2025-12-31", 1, "2026-01-02"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2028-02-28", 2, "2028-03-01"),
        # 29 June and Sagrado Corazón fall on the same Monday in 2030.
        ("2030-06-28", 1, "2030-07-02"),
    ],
)
def test_a_term_ends_when_the_calendar_says(db, desde, dias, vence):
    assert sumar_habiles(dia(desde), dias) == dia(vence)


def test_every_day_of_the_year_agrees_with_counting_one_by_one(db):
    no_habiles = por_la_ley(2026) | por_la_ley(2027)
    for n in range(365):
        desde = date(2026, 1, 1) + n * UN_DIA
        esperado, faltan = desde, 15
        while faltan:
            esperado += UN_DIA
            faltan -= esperado.weekday() < 5 and esperado not in no_habiles

        assert sumar_habiles(desde, 15) == esperado


@pytest.mark.parametrize("dias", [-1, -30])
def test_negative_days_are_refused(db, dias):
    with pytest.raises(ValueError, match="no pueden ser negativos"):
        sumar_habiles(dia("2026-07-01"), dias)


# --- Local closures -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "cierres, desde, dias, vence",
    [
        (["2026-09-08"], "2026-09-07", 1, "2026-09-09"),
        (["2026-09-08", "2026-09-09"], "2026-09-07", 2, "2026-09-11"),
        (["2026-09-11"], "2026-09-07", 5, "2026-09-15"),
        (["2026-09-14"], "2026-09-07", 4, "2026-09-11"),  # after the term
        (["2026-09-07"], "2026-09-07", 1, "2026-09-08"),  # the day it was filed
        (["2026-09-04"], "2026-09-07", 1, "2026-09-08"),  # before it
        (["2026-09-12"], "2026-09-11", 1, "2026-09-14"),  # a Saturday
        (["2026-10-12"], "2026-10-09", 1, "2026-10-13"),  # a holiday already
        (["2026-12-28", "2026-12-29"], "2026-12-24", 1, "2026-12-30"),
        # Terms suspended by decree from 23 to 31 December.
        ([f"2026-12-{d}" for d in range(23, 32)], "2026-12-18", 5, "2027-01-06"),
    ],
)
def test_a_local_closure_moves_the_term(db, cierres, desde, dias, vence):
    cerrar(*cierres)

    assert sumar_habiles(dia(desde), dias) == dia(vence)


def test_a_closure_taken_back_counts_again(db):
    cerrar("2026-09-08")
    DiaNoHabil.objects.all().delete()

    assert sumar_habiles(dia("2026-09-07"), 1) == dia("2026-09-08")


def test_a_term_costs_one_query_however_long(db, django_assert_num_queries):
    cerrar(*(f"2026-09-{d:02}" for d in range(8, 30)))

    with django_assert_num_queries(1):
        sumar_habiles(dia("2026-09-07"), 60)


# --- Days on which nobody works -----------------------------------------------------------------
def test_the_closures_of_a_week_go_with_their_reason(db):
    cerrar("2026-11-18", "2026-11-21")  # the second is a Saturday

    hallados = cierres(dia("2026-11-16"), dia("2026-11-22"))

    assert hallados == {
        dia("2026-11-16"): "Independencia de Cartagena",
        dia("2026-11-18"): "Día cívico",
    }


def test_both_ends_count_and_a_plain_week_has_no_closure(db):
    cerrar("2026-11-27")

    assert cierres(dia("2026-11-23"), dia("2026-11-26")) == {}
    assert list(cierres(dia("2026-11-27"), dia("2026-11-27"))) == [dia("2026-11-27")]


# --- Hours of attention -------------------------------------------------------------------------
def horas(dias, *tramos, **campos) -> None:
    for numero in dias:
        for desde, hasta in tramos:
            Jornada.objects.create(
                dia=numero, desde=time.fromisoformat(desde), hasta=time.fromisoformat(hasta), **campos
            )


def hora(texto: str):
    return timezone.make_aware(datetime.fromisoformat(texto))


def tramos_de(desde: str, hasta: str) -> list[tuple[str, str]]:
    tramos = tramos_habiles(hora(desde), hora(hasta))
    return [(f"{a:%Y-%m-%d %H:%M}", f"{b:%H:%M}") for a, b in tramos]


def test_the_hours_of_a_week_leave_lunch_and_sunday_out(db):
    horas(range(1, 6), ("08:00", "12:00"), ("14:00", "18:00"))
    horas([6], ("09:00", "11:00"))

    tramos = tramos_de("2026-11-20", "2026-11-23")

    assert tramos == [
        ("2026-11-20 08:00", "12:00"),
        ("2026-11-20 14:00", "18:00"),
        ("2026-11-21 09:00", "11:00"),
    ]


def test_both_ends_cut_the_hours(db):
    horas([5], ("08:00", "12:00"), ("14:00", "18:00"))

    assert tramos_de("2026-11-20 11:15", "2026-11-20 14:05") == [
        ("2026-11-20 11:15", "12:00"),
        ("2026-11-20 14:00", "14:05"),
    ]
    assert tramos_de("2026-11-20 12:00", "2026-11-20 14:00") == []
    assert tramos_de("2026-11-20 15:00", "2026-11-20 09:00") == []


def test_holidays_and_closures_have_no_hours_even_on_a_saturday(db):
    horas(range(1, 7), ("08:00", "12:00"))
    cerrar("2026-11-18", "2026-11-21")

    dias = [desde[:10] for desde, _hasta in tramos_de("2026-11-16", "2026-11-23")]

    assert dias == ["2026-11-17", "2026-11-19", "2026-11-20"]  # the 16th is a holiday


def test_hours_that_overlap_count_once(db):
    horas([5], ("08:00", "12:00"), ("10:00", "13:00"), ("11:00", "11:30"))

    tramos = tramos_habiles(hora("2026-11-20"), hora("2026-11-21"))

    assert sum((b - a for a, b in tramos), timedelta()) == timedelta(hours=5)


def test_each_day_has_the_hours_that_were_in_force(db):
    horas([5], ("08:00", "12:00"), rige_hasta=dia("2026-11-13"))
    horas([5], ("07:00", "15:00"), rige_desde=dia("2026-11-14"))

    tramos = tramos_de("2026-11-13", "2026-11-21")

    assert tramos == [("2026-11-13 08:00", "12:00"), ("2026-11-20 07:00", "15:00")]


def test_without_hours_there_is_nothing_to_count(db):
    assert tramos_de("2026-11-01", "2026-12-01") == []


def test_hours_in_utc_are_those_of_bogota(db):
    horas([5], ("08:00", "12:00"))
    desde = hora("2026-11-20 09:00").astimezone(UTC)

    [(abre, cierra)] = tramos_habiles(desde, desde + timedelta(hours=1))

    assert (abre, cierra) == (hora("2026-11-20 09:00"), hora("2026-11-20 10:00"))


@pytest.mark.parametrize("dias", [1, 400])
def test_hours_cost_two_queries_however_long(db, django_assert_num_queries, dias):
    horas(range(1, 6), ("08:00", "12:00"))

    with django_assert_num_queries(2):
        tramos_habiles(hora("2026-11-20"), hora("2026-11-20") + timedelta(days=dias))


@pytest.mark.parametrize(
    "cambio",
    [
        {"dia": 0},
        {"dia": 8},
        {"hasta": time(8)},
        {"hasta": time(7)},
        {"rige_desde": date(2026, 2, 1), "rige_hasta": date(2026, 1, 31)},
    ],
)
def test_impossible_hours_are_refused_by_the_database(db, cambio):
    with pytest.raises(IntegrityError), transaction.atomic():
        Jornada.objects.create(**{"dia": 1, "desde": time(8), "hasta": time(12)} | cambio)


def test_the_organisation_writes_the_hours_in_the_admin_and_their_history_stays(casa, client):
    ruta = "/admin/portal/jornada/add/"
    datos = {"dia": "1", "desde": "08:00", "hasta": "12:00", "rige_desde": "", "rige_hasta": ""}
    client.force_login(casa.jefe)
    assert client.post(ruta, datos).status_code == 403
    client.force_login(casa.secretaria)

    assert client.post(ruta, datos | {"hasta": "07:00"}).status_code == 200
    assert not Jornada.objects.exists()
    assert client.post(ruta, datos).status_code == 302

    assert Jornada.objects.get().history.get().history_user == casa.secretaria


def test_hours_are_named_as_people_say_them(db):
    horas([3], ("08:00", "12:00"))

    assert str(Jornada.objects.get()) == "miércoles, de 08:00 a 12:00"
