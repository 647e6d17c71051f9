"""Crisis call-backs: next day, one week, one, three and twelve months; three tries on three half-days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.clocks import ClockKind, callbacks
from cases.models import CallBackOutcome, Case, Deadline
from cases.policy import Policy
from cases.tick import tick
from tests.stage import YELLOW, actor, call, clocks
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, WrongState
from wellbeing.outbox.models import Notice

MACHINE = Actor.machine("test")


def running(case: Case) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=ClockKind.CALLBACK, state="running")


def back(case: Case, outcome: CallBackOutcome) -> None:
    actions.call_back(actor=actor("lin"), case=case, outcome=outcome, words={"note": "接通"})


def test_the_series_counts_from_the_call(wait: Any) -> None:
    case = call()
    begun, passed, dates = running(case).started_at, timedelta(), []
    while clocks(case)["callback"] == "running":
        due = running(case).due_at
        dates.append(due)
        wait(seconds=(due - begun - passed).total_seconds())
        passed = due - begun
        back(case, CallBackOutcome.REACHED)
    assert dates == callbacks(begun, Policy())


def test_three_half_days_without_an_answer_go_to_the_supervisor(wait: Any) -> None:
    case = call()
    wait(days=1)
    for _ in range(2):
        back(case, CallBackOutcome.UNREACHED)
        back(case, CallBackOutcome.UNREACHED)  # twice on one half-day counts once
        wait(hours=12)
    with identity(MACHINE):
        assert not Notice.objects.filter(kind="callback_unreached").exists()
    back(case, CallBackOutcome.UNREACHED)
    with identity(MACHINE):
        notice = Notice.objects.get(kind="callback_unreached")
        assert notice.target == f"case:{case.reference}"
    assert clocks(case)["callback"] == "running"


def test_a_missed_call_back_climbs_the_ladder(wait: Any) -> None:
    from cases.models import Escalation

    case = call()
    wait(days=1, minutes=1)
    for _ in range(3):
        tick()
    with identity(MACHINE):
        assert Escalation.objects.filter(deadline=running(case)).exists()


def test_declining_ends_the_series_and_yellow_has_none(db: None) -> None:
    case = call()
    back(case, CallBackOutcome.DECLINED)
    assert clocks(case)["callback"] == "met"
    with pytest.raises(WrongState):
        back(case, CallBackOutcome.REACHED)
    assert "callback" not in clocks(call(YELLOW))


def test_only_the_newest_try_of_ones_own_is_taken_back_and_only_at_once(wait: Any) -> None:
    case = call()
    back(case, CallBackOutcome.UNREACHED)
    with pytest.raises(WrongState):  # it moved the clock, and ended nothing
        actions.take_back_call(actor=actor("lin"), case=case)
    back(case, CallBackOutcome.REACHED)
    assert running(case).step == 1
    with pytest.raises(Forbidden):
        actions.take_back_call(actor=actor("gao"), case=case)
    actions.take_back_call(actor=actor("lin"), case=case)
    assert (running(case).step, running(case).next_act) == (0, "escalate")
    back(case, CallBackOutcome.DECLINED)
    wait(minutes=11)
    with pytest.raises(WrongState):
        actions.take_back_call(actor=actor("lin"), case=case)
