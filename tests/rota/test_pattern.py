"""Patterns: who takes which turn, and nobody twice at once."""

from __future__ import annotations

from datetime import date, time

from tests.rota.test_cover import at
from wellbeing.rota.pattern import Pattern, Planned, Slot, clashes


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
