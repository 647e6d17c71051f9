"""Spans and gaps, as properties."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wellbeing.rota.cover import by_day, gaps, merged, overlap
from wellbeing.workdays import TIMEZONE

BASE = datetime(2026, 11, 23, tzinfo=TIMEZONE)
spans = st.lists(st.tuples(st.integers(-30, 130), st.integers(-30, 130)).map(lambda pair: (at(pair[0]), at(pair[1]))))


def at(hour: float) -> datetime:
    return BASE + timedelta(hours=hour)


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
