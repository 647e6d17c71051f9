"""Repeated calls: counted for the tier, under a key of the quarter, without saying who."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cases.models import Call
from cases.repeats import BITS, caller_index, calls_since
from tests.stage import actor, call
from wellbeing.access.actor import identity
from wellbeing.workdays import TIMEZONE, now

WORDS = {"caller_kind": "self", "name": "海风"}


def test_the_third_call_within_a_week_is_at_least_blue(wait: Any) -> None:
    tiers = []
    for _ in range(3):
        tiers.append(call(WORDS | {"caller_number": "0580-0000001"}).tier)
        wait(days=2)
    assert tiers == ["green", "green", "blue"]
    wait(days=8)
    assert call(WORDS | {"caller_number": "0580-0000001"}).tier == "green"


def test_the_index_is_short_and_changes_with_the_quarter() -> None:
    march, april = (datetime(2026, month, 15, tzinfo=TIMEZONE) for month in (3, 4))
    number = "0580-0000002"
    marks = {caller_index(number, march), caller_index(number, april)}
    assert len(marks) == 2
    assert all(mark is not None and len(mark) * 8 >= BITS and len(mark) == 2 for mark in marks)
    assert caller_index("没有", march) is None


def test_a_colleague_learns_how_often_and_sees_no_call(db: None) -> None:
    call(WORDS | {"caller_number": "0580-0000003"})
    with identity(actor("gao")):
        assert calls_since("05800000003", now() + timedelta(minutes=1), 7) == 1
        assert calls_since("", now(), 7) == 0
        assert not Call.objects.exists()


def test_nobody_unknown_may_ask(db: None) -> None:
    call(WORDS | {"caller_number": "0580-0000003"})
    assert calls_since("0580-0000003", now() + timedelta(minutes=1), 7) == 0
