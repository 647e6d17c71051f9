"""Spans, gaps and patterns, as properties."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wellbeing.rota.cover import by_day, gaps, merged, overlap
from wellbeing.rota.pattern import Pattern, Planned, Slot, clashes
from wellbeing.workdays import TIMEZONE

BASE = datetime(2026, 11, 23, tzinfo=TIMEZONE)


def at(hour: float) -> datetime:
    return BASE + timedelta(hours=hour)


spans = st.lists(st.tuples(st.integers(-30, 130), st.integers(-30, 130)).map(lambda pair: (at(pair[0]), at(pair[1]))))


@given(spans)
def test_an_hour_is_covered_or_in_a_gap_and_never_both(given_spans: list[tuple[datetime, datetime]]) -> None:
    found = gaps(given_spans, at(0), at(100))
    for half in range(200):
        moment = at(half / 2 + 0.25)
        covered = any(start <= moment < end for start, end in given_spans)
        assert covered != any(start <= moment < end for start, end in found)
    assert all(start < end for start, end in found)


@given(spans)
def test_merged_spans_stand_apart_in_order(given_spans: list[tuple[datetime, datetime]]) -> None:
    found = merged(given_spans)
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_spans_that_touch_share_no_moment() -> None:
    assert not overlap((at(0), at(1)), (at(1), at(2))) and overlap((at(0), at(2)), (at(1), at(3)))


def test_a_span_is_cut_at_midnight() -> None:
    assert by_day((at(20), at(50)), TIMEZONE) == [(at(20), at(24)), (at(24), at(48)), (at(48), at(50))]


def test_persons_take_turns_and_a_night_ends_on_the_next_day() -> None:
    pattern = Pattern(date(2026, 11, 23), 1, (0, 2), (Slot(time(20), time(8)), Slot(time(8), time(20))), (7, 8, 9))
    assert list(pattern.shifts()) == [
        Planned(7, at(8), at(20)),
        Planned(8, at(20), at(32)),
        Planned(9, at(56), at(68)),
        Planned(7, at(68), at(80)),
    ]


def test_nobody_is_on_duty_twice_at_once() -> None:
    early, late, other = Planned(1, at(0), at(5)), Planned(1, at(4), at(8)), Planned(2, at(4), at(8))
    assert clashes([late, early, other]) == [late] and clashes([early, other]) == []
