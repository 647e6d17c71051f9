"""The formulas of service effectiveness: values by hand, boundaries, and nothing to divide by."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.reports import formulas as f

RATIOS: dict[Callable[[int, int], f.Share], tuple[int, int, Fraction]] = {
    f.answer_rate: (92, 100, Fraction(23, 25)),
    f.abandon_rate: (8, 100, Fraction(2, 25)),
    f.service_level_20s: (80, 100, Fraction(4, 5)),
    f.night_share: (3, 12, Fraction(1, 4)),
    f.local_share: (9, 10, Fraction(9, 10)),
    f.high_risk_share: (433, 14_799, Fraction(433, 14_799)),
    f.difficult_share: (1, 4, Fraction(1, 4)),
    f.repeat_share: (1, 3, Fraction(1, 3)),
    f.followup_on_time: (4, 5, Fraction(4, 5)),
    f.contact_rate: (2, 3, Fraction(2, 3)),
    f.referral_conversion: (6, 8, Fraction(3, 4)),
    f.first_visit_within_7d: (1, 2, Fraction(1, 2)),
    f.feedback_rate: (7, 9, Fraction(7, 9)),
    f.closed_loop_rate: (5, 9, Fraction(5, 9)),
    f.sla_rate: (19, 20, Fraction(19, 20)),
    f.supervision_rate: (1, 20, Fraction(1, 20)),
    f.mhl23_advice_rate: (1, 1, Fraction(1)),
}


@pytest.mark.parametrize("formula", RATIOS, ids=lambda formula: formula.__name__)
def test_shares(formula: Callable[[int, int], f.Share]) -> None:
    part, whole, result = RATIOS[formula]
    assert formula(part, whole) == result
    assert formula(0, 0) is None  # neither 0 % nor 100 %
    assert formula(0, 7) == 0
    assert formula(7, 7) == 1
    for wrong in ((8, 7), (-1, 7), (0, -1)):
        with pytest.raises(ValueError, match="of"):
            formula(*wrong)
    assert f"{formula.__doc__}".strip()


def test_every_formula_says_where_it_comes_from() -> None:
    named = [one for name, one in vars(f).items() if callable(one) and getattr(one, "__module__", "") == f.__name__]
    assert [one.__name__ for one in named if not one.__doc__] == []
    assert "PRACTICE.md 3.6" in (f.__doc__ or "")


def test_means() -> None:
    assert f.asa([10, 20, 60]) == f.asa_of(90, 3) == 30
    assert f.asa([]) is None
    assert f.calls_per_operator_shift(30, 4) == Fraction(15, 2)  # may exceed one
    assert f.calls_per_operator_shift(3, 0) is None
    assert f.mean_intent_drop(30, 2) == 15
    assert f.mean_intent_drop(-20, 1) == -20  # worse after the call
    assert f.mean_intent_drop(0, 0) is None
    assert f.satisfaction(9, 2) == Fraction(9, 2)
    assert f.satisfaction(0, 0) is None
    for wrong in ((1, 2), (11, 2), (1, 0)):
        with pytest.raises(ValueError, match="1 to 5"):
            f.satisfaction(*wrong)
    with pytest.raises(ValueError, match="by"):
        f.per(-1, 2)


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (23, True), (0, True), (5, True), (6, False)])
def test_night_begins_at_ten_and_ends_at_six(hour: int, night: bool) -> None:
    assert f.at_night(hour) is night


PERCENTS = [(1, 2, 50), (1, 8, 13), (1, 200, 1), (1, 1000, 1), (999, 1000, 99), (1, 1, 100), (0, 5, 0), (0, 0, None)]


@pytest.mark.parametrize(("part", "whole", "shown"), PERCENTS)
def test_whole_per_cent(part: int, whole: int, shown: Any) -> None:
    assert f.percent(f.share(part, whole)) == shown


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_only_all_is_100_and_only_none_is_0(part: int, rest: int) -> None:
    shown = f.percent(f.share(part, part + rest))
    assert (shown == 100) == (rest == 0 and part > 0)
    assert (shown == 0) == (part == 0 and rest > 0)
