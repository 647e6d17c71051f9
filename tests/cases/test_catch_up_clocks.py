"""After the database's clock was set back: what began ahead of it rings, goes up and goes on in its time."""

from __future__ import annotations

from typing import Any

from cases import actions
from cases.clocks import ClockKind
from cases.drafts import DraftKind
from cases.models import Deadline, Escalation, Warning
from cases.tick import (
    catch_up,
    tick,
)
from tests.stage import RED, actor, call, scene
from wellbeing.access.actor import Actor, identity
from wellbeing.ids import uuid7
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User

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


def test_after_the_clock_was_set_back_the_desk_above_is_rung_as_well(wait: Any) -> None:
    """Nobody takes it at the county: whoever it came up to hears it ring, and not the county alone for hours."""
    wait(hours=3)
    case = call()
    wait(hours=-3)
    catch_up()
    wait(minutes=16)
    tick()
    for _turn in range(4):
        wait(minutes=3, seconds=1)
        tick()
    with identity(MACHINE):
        he = User.objects.get(username="he").pk
        assert Notice.objects.filter(kind="warning_again", user_id=he, target=f"case:{case.reference}").exists()


def test_after_the_clock_was_set_back_each_ring_is_seen_as_a_new_one(wait: Any) -> None:
    """The page shows of several about one thing the newest, and sounds for what it did not show before."""
    wait(hours=3)
    call()
    relay.catch_up()
    relay.sweep()
    wait(hours=-3)
    relay.catch_up()
    catch_up()
    shown = set()
    for _turn in range(3):
        wait(minutes=3, seconds=1)
        tick()
        relay.sweep()
        with identity(actor("zhou")):
            shown |= {one.pk for one in unread(actor("zhou")) if one.kind in ("warning", "warning_again")}
    assert len(shown) >= 2


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


def test_a_warning_that_rang_by_a_clock_that_ran_ahead_rings_on_in_its_time(wait: Any) -> None:
    case = call()
    wait(hours=3)
    tick()
    with identity(MACHINE):
        before = Warning.objects.get(case=case).rings
    wait(hours=-3, minutes=1)
    assert before >= 1 and catch_up() == 1 and catch_up() == 0
    wait(minutes=3)
    tick()
    with identity(MACHINE):
        assert Warning.objects.get(case=case).rings > before


def test_grave_answers_that_were_typed_ahead_of_the_clock_come_up_at_once(wait: Any) -> None:
    pk = uuid7()
    wait(hours=3)
    actions.save_draft(actor=actor("lin"), draft_id=pk, kind=DraftKind.CALL, words=RED, base=0)
    assert tick() == 0
    wait(hours=-3)
    assert tick() == 1 and tick() == 0, "and then in its time"
    with identity(MACHINE):
        assert Notice.objects.filter(kind="draft_waits", user_id=actor("lin").id).exists()
    wait(minutes=10)
    assert tick() == 1
