"""Weeks, and days and hours as they are said."""

from datetime import date, time

import pytest

from portal.fechas import de_viva_voz
from portal.periodos import Periodo


class TestWeeks:
    @pytest.mark.parametrize(
        ("dia", "semana", "dias"),
        [
            ("2026-11-18", (2026, 47), "del 16 al 22 de noviembre de 2026"),
            ("2026-12-31", (2026, 53), "del 28 de diciembre de 2026 al 3 de enero de 2027"),
            ("2027-01-03", (2026, 53), "del 28 de diciembre de 2026 al 3 de enero de 2027"),
            ("2027-01-04", (2027, 1), "del 4 al 10 de enero de 2027"),
            ("2024-12-30", (2025, 1), "del 30 de diciembre de 2024 al 5 de enero de 2025"),
            ("2026-09-30", (2026, 40), "del 28 de septiembre al 4 de octubre de 2026"),
        ],
    )
    def test_they_are_those_of_iso(self, dia, semana, dias):
        hallada = Periodo.semana_de(date.fromisoformat(dia))

        assert hallada == Periodo.semana(*semana)
        assert hallada.dias == dias

    def test_neighbours_across_the_year(self):
        assert Periodo.semana(2026, 53).siguiente == Periodo.semana(2027, 1)
        assert Periodo.semana(2027, 1).anterior == Periodo.semana(2026, 53)

    @pytest.mark.parametrize("anio, semana", [(2025, 53), (2026, 0), (0, 1), (9999, 52), (10000, 1)])
    def test_those_that_no_year_has_are_refused(self, anio, semana):
        with pytest.raises(ValueError, match=f"El año {anio} no tiene semana {semana}"):
            Periodo.semana(anio, semana)

    def test_a_week_is_named_and_other_periods_say_only_their_days(self):
        assert str(Periodo.semana(2026, 47)) == "semana 47 de 2026, del 16 al 22 de noviembre de 2026"
        assert str(Periodo.mes(2026, 2)) == "del 1 al 28 de febrero de 2026"
        assert str(Periodo(date(2026, 7, 3), date(2026, 7, 3))) == "3 de julio de 2026"


class TestHours:
    @pytest.mark.parametrize(
        ("hora", "dicha"),
        [
            ((8, 0), "las 8 de la mañana"),
            ((13, 0), "la 1 de la tarde"),
            ((12, 30), "las 12 y media del día"),
            ((16, 15), "las 4 y cuarto de la tarde"),
            ((19, 5), "las 7 y 5 de la noche"),
            ((0, 0), "las 12 de la noche"),
        ],
    )
    def test_hours_are_said_aloud(self, hora, dicha):
        assert de_viva_voz(time(*hora)) == dicha
