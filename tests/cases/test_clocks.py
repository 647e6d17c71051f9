"""What is due when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases.clocks import CLOCK_TEXT, ClockKind, add_months, callbacks, due, escalation_step
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
    assert set(CLOCK_TEXT) == set(ClockKind)


def test_crisis_call_backs_of_a_call_at_the_end_of_january() -> None:
    start = datetime(2026, 1, 31, 22, 0, tzinfo=TIMEZONE)
    dates = [when.date().isoformat() for when in callbacks(start, POLICY)]
    assert dates == ["2026-02-01", "2026-02-07", "2026-02-28", "2026-04-30", "2027-01-31"]


def test_months_end_and_years_turn() -> None:
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=TIMEZONE)
    assert callbacks(new_year, POLICY)[0].date().isoformat() == "2026-01-01"
    assert add_months(datetime(2024, 1, 31, tzinfo=TIMEZONE), 1).date().isoformat() == "2024-02-29"
