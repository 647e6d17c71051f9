"""After the database's clock was set back: what began ahead of it rings, goes up and goes on in its time."""

from __future__ import annotations

from typing import Any

from cases import actions
from cases.clocks import ClockKind
from cases.models import Deadline, Escalation, Warning
from cases.tick import (
    catch_up,
    tick,
)
from tests.stage import actor, call, scene
from wellbeing.access.actor import Actor, identity

MACHINE = Actor.machine("test")


def test_a_clock_set_back_leaves_no_red_case_silent(wait: Any) -> None:
    """What was opened by a clock that ran ahead rings and goes up by the time that it is."""
    wait(hours=3)
    case = call()
    wait(hours=-3)
    assert catch_up() == 1 and catch_up() == 0
    wait(minutes=3, seconds=1)
    tick()
    with identity(MACHINE):
        assert Warning.objects.get(case=case).rings >= 1
    wait(minutes=13)
    tick()
    with identity(MACHINE):
        assert Escalation.objects.filter(case=case, deadline__kind="acknowledge").exists()


def test_a_pause_that_began_ahead_of_the_clock_ends_in_its_time(wait: Any) -> None:
    case = scene().case
    wait(hours=2)
    actions.pause_clock(actor=actor("zhou"), case=case, kind=ClockKind.REASSESS, why="weather", because="停航")
    wait(hours=-2)
    assert catch_up() == 1
    wait(hours=24, seconds=1)
    tick()
    with identity(MACHINE):
        assert not Deadline.objects.filter(case=case, state="paused").exists()
