"""School days and holidays by the official calendar; a year that is not in it is Monday to Friday, and says so."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from wellbeing.workdays import TIMEZONE, add_workdays, calendar_known, is_workday


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday worked for the spring festival
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-11-23", True),
        ("2026-11-22", False),
        ("2027-10-01", True),  # unknown year: a Friday
    ],
)
def test_days(day: str, works: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is works


def test_a_year_without_a_calendar_is_known_to_be_unknown() -> None:
    assert [calendar_known(year) for year in (2024, 2025, 2026, 2027)] == [True, True, True, False]


def test_working_days_jump_over_the_spring_festival() -> None:
    evening = datetime(2026, 2, 14, 20, 0, tzinfo=TIMEZONE)
    assert add_workdays(evening, 1) == datetime(2026, 2, 24, 20, 0, tzinfo=TIMEZONE)
    assert add_workdays(evening, 5) == datetime(2026, 2, 28, 20, 0, tzinfo=TIMEZONE)
    assert add_workdays(datetime(2025, 12, 31, 9, 0, tzinfo=TIMEZONE), 1).date() == date(2026, 1, 4)
