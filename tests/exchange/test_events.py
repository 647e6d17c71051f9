"""What is known of a call does not depend on the order, or the number, of the sayings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing.exchange.events import BadEvent, Event, EventKind, event, heard

AT = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)


events_of_a_call = st.lists(
    st.builds(
        Event, st.just("1"), st.sampled_from(EventKind), st.integers(0, 50).map(lambda s: AT + timedelta(seconds=s))
    ),
    min_size=1,
    max_size=4,
)


@given(events_of_a_call)
@settings(max_examples=60)
def test_the_order_of_sayings_changes_nothing(said: list[Event]) -> None:
    found = set()
    for order in permutations(said):
        known = None
        for one in (*order, order[0]):  # and one of them twice
            known = heard(known, one)
        assert known is not None
        found.add((known.offered_at, known.answered_at, known.ended_at))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"call": ""}, "call"),
        ({"call": "a\nb"}, "call"),
        ({"event": "held"}, "event"),
        ({"at": "2026-11-01T22:00:00"}, "at"),  # without an offset nobody knows when
        ({"at": "yesterday"}, "at"),
        ({"line": ["2912345"]}, "line"),
    ],
)
def test_a_saying_that_cannot_be_taken_names_its_field(wrong: dict[str, object], field: str) -> None:
    good = {"call": "1", "event": "ringing", "at": "2026-11-01T22:00:00+08:00", "line": "2912345"}
    assert event(good).kind == EventKind.RINGING
    with pytest.raises(BadEvent) as bad:
        event({**good, **wrong})
    assert bad.value.field == field


@pytest.mark.parametrize("number", ["anonymous", "=cmd()", "9" * 25, "sip:lin@example.invalid"])
def test_what_a_caller_sends_as_her_number_loses_no_call(number: str) -> None:
    said = {"call": "1", "event": "ringing", "at": "2026-11-01T22:00:00+08:00", "number": number}
    assert event(said) == event({**said, "number": ""})
