"""A call is logged: what it opens and seals, whom it warns, which clocks begin, and what it cannot say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.access import who_may_read
from cases.models import Call, Case, Deadline, Warning
from cases.queues import board
from tests.stage import RED, YELLOW, actor, call, clocks, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def test_a_call_opens_a_sealed_case_warns_its_county_and_starts_the_clocks(db: None) -> None:
    case = call()
    assert (case.tier, case.status, case.channel) == ("red", "opened", "hotline")
    kinds = {"acknowledge", "first_meeting", "callback", "first_report"}
    assert clocks(case) == dict.fromkeys(kinds | {"tell_principal", "tell_guardian", "tell_city"}, "running")
    with identity(MACHINE):
        clock = Deadline.objects.get(case=case, kind="acknowledge")
        assert clock.due_at - clock.started_at == timedelta(minutes=15)
        assert Warning.objects.get(case=case).desk == desk("dinghai-centre", Role.COUNTY_TRIAGE)
    assert [(h.name.split(" ")[0], h.hold) for h in _readers(case)] == [
        ("林晓(热线)", "work"),
        ("定海区心理辅导中心(示例)", "work"),
    ]


def _readers(case: Case) -> list[Any]:
    with identity(actor("zhou")):
        return who_may_read(case)


def test_nothing_is_required_and_green_warns_nobody(db: None) -> None:
    case = call({})
    assert (case.tier, case.status) == ("green", "acknowledged")
    assert clocks(case) == {}
    with identity(MACHINE):
        assert not Notice.objects.exists()
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")


def test_a_caller_from_nowhere_goes_to_the_city(db: None) -> None:
    case = call(RED, division="")
    he = actor("he")
    with identity(he):
        assert [row.case for row in board(he).rows] == [case]


def test_a_person_may_go_above_the_proposal_and_never_below(db: None) -> None:
    assert call(YELLOW, tier="red").tier == "red"
    with pytest.raises(Invalid) as refused:
        call(RED, tier="orange")
    assert refused.value.field == "tier"
    with identity(MACHINE):
        assert Case.objects.count() == 1


def test_a_call_cannot_begin_in_the_future(db: None) -> None:
    sheet = actions.CallSheet(words=RED, started_at=now() + timedelta(minutes=5, seconds=1))
    with pytest.raises(Invalid) as refused:
        actions.take_call(actor=actor("lin"), call=sheet)
    assert refused.value.field == "started_at"


def test_a_clock_that_goes_a_little_before_ours_refuses_no_red_call(db: None) -> None:
    """The exchange's, three minutes ahead: she logs while the caller is on the line, and another one just after."""
    running = actions.CallSheet(words=RED, started_at=now() + timedelta(minutes=3))
    over = actions.CallSheet(words=RED, started_at=now() - timedelta(minutes=7), length_min=10)
    for sheet in (running, over):
        case = actions.take_call(actor=actor("lin"), call=sheet)
        with identity(MACHINE):
            assert Call.objects.get(case=case).started_at <= now() and case.tier == "red"
