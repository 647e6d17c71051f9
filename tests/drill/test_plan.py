"""The plan of a drill comes from its seed alone, and leaves no fault out."""

from __future__ import annotations

from itertools import islice

from tests.drill.faults import AIMED, FAULTS, plan


def test_the_same_seed_is_the_same_plan() -> None:
    assert list(islice(plan(5), 60)) == list(islice(plan(5), 60)) != list(islice(plan(6), 60))


def test_every_fault_comes_before_any_comes_again() -> None:
    every = {*FAULTS, *AIMED}
    names = [one.name for planned in islice(plan(5), 60) for one in planned]
    assert set(names[: len(every)]) == every
    assert all(1 <= len(planned) <= 2 for planned in islice(plan(5), 60))
