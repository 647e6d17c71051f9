"""What is due when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cases.clocks import (
    CLOCK_TEXT,
    QUIET,
    ClockKind,
    add_months,
    after,
    by_the_end_of,
    callbacks,
    due,
    end_of,
    escalation_step,
    half_day,
    key_period,
    months_since,
    next_half_day,
    reminder,
    return_talks,
    ring,
)
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.workdays import TIMEZONE

POLICY = Policy()
MONDAY = datetime(2026, 11, 23, 20, 0, tzinfo=TIMEZONE)


@pytest.mark.parametrize(
    ("tier", "acknowledge", "meet"),
    [
        (Tier.RED, timedelta(minutes=15), timedelta(hours=1)),
        (Tier.ORANGE, timedelta(hours=2), timedelta(hours=24)),
        (Tier.YELLOW, timedelta(days=1), timedelta(days=3)),
        (Tier.BLUE, timedelta(days=7), timedelta(days=14)),  # 5 and 10 working days from a Monday
    ],
)
def test_the_table_of_the_domain(tier: Tier, acknowledge: timedelta, meet: timedelta) -> None:
    assert due(ClockKind.ACKNOWLEDGE, tier, MONDAY, POLICY) == MONDAY + acknowledge
    assert due(ClockKind.FIRST_MEETING, tier, MONDAY, POLICY) == MONDAY + meet
    assert escalation_step(tier, MONDAY, POLICY) == MONDAY + acknowledge


def test_green_has_no_clock_and_every_kind_has_words() -> None:
    assert {kind for kind in ClockKind if due(kind, Tier.GREEN, MONDAY, POLICY)} == {ClockKind.TRANSFER}
    assert set(CLOCK_TEXT) == set(ClockKind) and QUIET == (ClockKind.CONFIRM_GROUPS,)
    for slow in (due(ClockKind.TRANSFER, Tier.GREEN, MONDAY, POLICY), escalation_step(Tier.GREEN, MONDAY, POLICY)):
        assert slow == MONDAY + timedelta(days=7), "what runs at green goes as at blue"
    assert due(ClockKind.TRANSFER, Tier.RED, MONDAY, POLICY) == MONDAY + timedelta(minutes=15)


def test_crisis_call_backs_of_a_call_at_the_end_of_january() -> None:
    start = datetime(2026, 1, 31, 22, 0, tzinfo=TIMEZONE)
    dates = [when.date().isoformat() for when in callbacks(start, POLICY)]
    assert dates == ["2026-02-01", "2026-02-07", "2026-02-28", "2026-04-30", "2027-01-31"]


@pytest.mark.parametrize(
    ("tier", "promised", "days"),
    [
        (Tier.RED, 30, ["11-24", "11-30", "12-23", "02-23", "11-23"]),  # takes the place of the one a week later
        (Tier.ORANGE, 29, ["11-24", "11-29", "11-30", "12-23", "02-23", "11-23"]),
        (Tier.YELLOW, 25, ["11-25", "12-23"]),  # of the first, whenever it is
        (Tier.YELLOW, 54, ["12-24"]),  # and of whatever comes before it
        (Tier.BLUE, 54, ["12-24"]),
        *[(Tier.YELLOW, None, ["11-30", "12-23"]), (Tier.BLUE, None, ["11-30"]), (Tier.GREEN, None, ["11-30"])],
    ],
)
def test_the_day_that_was_promised_is_one_of_the_call_backs(tier: Tier, promised: int | None, days: list[str]) -> None:
    day = date(2026, 11, 1) + timedelta(days=promised - 1) if promised else None
    dates = callbacks(MONDAY, POLICY, tier, by_the_end_of(day) if day else None)
    assert [f"{at.astimezone(TIMEZONE):%m-%d}" for at in dates] == days
    assert day is None or datetime.combine(day, time(23, 59), TIMEZONE) in dates


def test_of_the_day_of_a_call_back_only_what_comes_after_the_promise_is_left() -> None:
    month = MONDAY + timedelta(days=30)  # the second of those that yellow gets
    assert callbacks(MONDAY, POLICY, Tier.YELLOW, month) == [month]
    assert callbacks(MONDAY, POLICY, Tier.YELLOW, month - timedelta(seconds=1)) == [month - timedelta(seconds=1), month]


def test_months_end_and_years_turn() -> None:
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=TIMEZONE)
    assert callbacks(new_year, POLICY)[0].date().isoformat() == "2026-01-01"
    assert add_months(datetime(2024, 1, 31, tzinfo=TIMEZONE), 1).date().isoformat() == "2024-02-29"
    year_end = datetime(2025, 12, 31, 23, 30, tzinfo=TIMEZONE)
    assert [add_months(year_end, n).isoformat()[:16] for n in (1, 2, 12, 13)] == [
        *("2026-01-31T23:30", "2026-02-28T23:30", "2026-12-31T23:30", "2027-01-31T23:30"),
    ]
    night = datetime(2026, 1, 31, 17, 0, tzinfo=UTC)  # the first of February in the city
    assert add_months(night, 1) == datetime(2026, 3, 1, 1, 0, tzinfo=TIMEZONE)


@pytest.mark.parametrize(
    ("span", "end"),
    [
        ({"minutes": 90}, "2026-11-23T21:30"),
        ({"hours": 30}, "2026-11-25T02:00"),
        ({"days": 3}, "2026-11-26T20:00"),
        ({"workdays": 5}, "2026-11-30T20:00"),
        ({"months": 3}, "2027-02-23T20:00"),
    ],
)
def test_a_span_later(span: dict[str, int], end: str) -> None:
    assert after(MONDAY, span).isoformat()[:16] == end


@pytest.mark.parametrize(
    ("start", "at", "months"),
    [
        ("2026-01-31T10:00", "2026-02-28T10:00", 1),
        ("2026-01-31T10:00", "2026-02-28T09:59", 0),
        ("2026-01-15T10:00", "2026-03-14T10:00", 1),
        ("2025-11-20T10:00", "2026-02-20T10:00", 3),
        ("2024-11-20T10:00", "2026-02-19T23:00", 14),
        ("2026-01-31T10:00", "2026-01-31T10:00", 0),
    ],
)
def test_whole_months_by_date(start: str, at: str, months: int) -> None:
    first, last = (datetime.fromisoformat(one).replace(tzinfo=TIMEZONE) for one in (start, at))
    assert months_since(first, last) == months == months_since(first.astimezone(UTC), last.astimezone(UTC))


def test_return_talks_and_the_end_of_a_day() -> None:
    start = datetime(2026, 11, 23, 20, 0, tzinfo=TIMEZONE)
    dates = [when.date().isoformat() for when in return_talks(start, POLICY)]
    assert dates == ["2026-11-24", "2026-11-30", "2026-12-23", "2027-02-23"]
    assert end_of(date(2026, 2, 28)) == datetime(2026, 3, 1, tzinfo=TIMEZONE)


YEAR_END = replace(
    POLICY,
    key_periods=(
        {"name": "期末", "name_en": "End of term", "first": "12-20", "last": "01-10"},
        {"name": "秋季", "name_en": "Autumn", "first": "09-01", "last": "09-20"},
        {"name": "发布", "name_en": "Results", "first": "06-25", "last": "06-25"},
    ),
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        *[("2026-12-19", ""), ("2026-12-20", "期末"), ("2027-01-10", "期末"), ("2027-01-11", "")],
        *[("2026-08-31", ""), ("2026-09-01", "秋季"), ("2026-09-20", "秋季"), ("2026-09-21", "")],
        *[("2026-06-24", ""), ("2026-06-25", "发布"), ("2026-06-26", "")],
    ],
)
def test_in_a_key_period_reassessment_comes_after_half_its_time(day: str, name: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=TIMEZONE)
    found = key_period(noon.astimezone(UTC), YEAR_END)
    assert (found["name"] if found else "") == name
    week = timedelta(days=3.5 if name else 7)
    assert due(ClockKind.REASSESS, Tier.ORANGE, noon, YEAR_END) == noon + week
    assert due(ClockKind.FOLLOW_UP, Tier.ORANGE, noon, YEAR_END) == noon + timedelta(days=7)


def test_a_clock_says_so_at_three_quarters_or_a_day_before() -> None:
    def before(**span: float) -> timedelta:
        end = MONDAY + timedelta(**span)
        return end - reminder(MONDAY, end, POLICY)

    assert before(hours=1) == timedelta(minutes=15)
    assert before(days=4) == timedelta(hours=24) == before(days=30)
    assert before(days=2) == timedelta(hours=12)


def test_only_red_and_orange_ring_again() -> None:
    assert ring(Tier.RED, MONDAY, POLICY) == MONDAY + timedelta(minutes=3)
    assert ring(Tier.ORANGE, MONDAY, POLICY) == MONDAY + timedelta(minutes=30)
    assert ring(Tier.YELLOW, MONDAY, POLICY) is None


@pytest.mark.parametrize(
    ("at", "half", "again"),
    [
        ("2026-11-23T00:00:00", "2026-11-23 am", "2026-11-23T16:00:00"),
        ("2026-11-23T11:59:59", "2026-11-23 am", "2026-11-23T16:00:00"),
        ("2026-11-23T12:00:00", "2026-11-23 pm", "2026-11-24T10:00:00"),
        ("2026-11-30T23:30:15", "2026-11-30 pm", "2026-12-01T10:00:00"),
    ],
)
def test_three_tries_count_on_three_half_days(at: str, half: str, again: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=TIMEZONE)
    for same in (moment, moment.astimezone(UTC), moment.replace(microsecond=7)):
        assert half_day(same) == half
        assert next_half_day(same) == datetime.fromisoformat(again).replace(tzinfo=TIMEZONE)
