"""The check-list of a centre, and the day on which the plan is met."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.people.centre_items import DEFAULT_TARGETS, CentreItem, Checked, lacking, met, share

DAY = date(2026, 3, 1)
FULL = {item.value: Checked(DEFAULT_TARGETS[item], True, DAY) for item in CentreItem}
SINCE, TODAY = date(2024, 1, 1), date(2026, 1, 1)  # 731 days


def test_a_centre_is_standard_when_every_item_is_met_proven_and_seen() -> None:
    assert lacking(DEFAULT_TARGETS, FULL) == ()
    assert lacking(DEFAULT_TARGETS, {}) == tuple(CentreItem)
    for item in CentreItem:
        for worse in (
            Checked(DEFAULT_TARGETS[item] - 1, True, DAY),
            Checked(None, True, DAY),
            Checked(DEFAULT_TARGETS[item], False, DAY),
            Checked(DEFAULT_TARGETS[item], True, None),
        ):
            assert lacking(DEFAULT_TARGETS, {**FULL, item: worse}) == (item,)


def test_a_target_of_nothing_asks_for_nothing() -> None:
    targets = {**DEFAULT_TARGETS, CentreItem.CRISIS_LINE: 0}
    assert met(0, None) and not met(1, None)
    assert lacking(targets, {item: line for item, line in FULL.items() if item != CentreItem.CRISIS_LINE}) == ()


@pytest.mark.parametrize(
    ("signed", "reached", "percent"), [(0, False, 0), (2, False, 50), (3, True, 75), (4, True, 100)]
)
def test_three_of_four_pass_and_two_do_not(signed: int, reached: bool, percent: int) -> None:
    found = share([DAY] * signed, 4, 75, SINCE, TODAY)
    assert (found.needed, found.reached, found.percent) == (3, reached, percent)


def test_the_day_it_was_met_or_will_be_at_todays_pace() -> None:
    days = [SINCE + timedelta(days=n) for n in (100, 200, 300)]
    assert share(days, 4, 75, SINCE, TODAY).on == days[2]
    assert share(days[:1], 4, 75, SINCE, TODAY).on == TODAY + timedelta(days=2 * 731)
    assert share(days[:2], 4, 75, SINCE, TODAY).on == TODAY + timedelta(days=366)  # 365.5, rounded up


def test_without_a_pace_there_is_no_day() -> None:
    assert share([], 4, 75, SINCE, TODAY).on is None
    assert share([DAY], 4, 75, TODAY, TODAY).on is None
    nothing = share([], 0, 75, SINCE, TODAY)
    assert (nothing.on, nothing.percent, nothing.reached) == (None, None, False)


@given(st.integers(1, 40), st.integers(1, 100), st.integers(0, 40), st.integers(1, 3000))
def test_the_day_is_never_before_today_nor_later_with_one_more(
    divisions: int, percent: int, signed: int, elapsed: int
) -> None:
    today = SINCE + timedelta(days=elapsed)
    signed = min(signed, divisions)
    found, more = (share([SINCE] * n, divisions, percent, SINCE, today) for n in (signed, signed + 1))
    assert found.reached == (100 * found.standard >= percent * divisions)
    if found.on and not found.reached:
        assert found.on > today
        assert more.on is not None and more.on <= found.on
