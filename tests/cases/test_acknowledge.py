"""Only a person's word stops a warning: what ends with it, what begins, who is told, and what stays on record."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.models import Case, Deadline, Telling, Warning
from cases.tick import tick
from tests.stage import GREEN, RED, YELLOW, actor, call, clocks, desk, fresh, signed_in, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail
from wellbeing.errors import WrongState
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def answers(case: Case) -> list[tuple[int | None, str, str, str]]:
    with identity(MACHINE):
        rows = Notice.objects.filter(kind="acknowledged")
        return [(row.user_id, row.target, row.tier, row.dedupe_key) for row in rows]


@pytest.mark.parametrize(("who", "whom"), [("zhou", "county"), ("he", "city")])
def test_whoever_says_i_have_it_has_been_told_and_so_is_who_raised_it(wait: Any, who: str, whom: str) -> None:
    case = call(RED | {"act_now": "yes"})
    wait(minutes=16)
    tick()  # the city centre has it as well
    by, at = actor(who), now()
    assert actions.acknowledge(actor=by, case=case).status == "acknowledged" == fresh(case).status
    state = clocks(case)
    assert state.pop("acknowledge") == "met" and state.pop("reassess") == "running"
    assert state.pop("tell_city") == ("met" if whom == "city" else "running")
    assert set(state.values()) == {"running"} and len(state) == 6
    with identity(MACHINE):
        warning = Warning.objects.get(case=case)
        assert (warning.acknowledged_by_id, warning.acknowledged_at, warning.ring_at) == (by.id, at, None)
        assert warning.ended_at is None
        told = Telling.objects.get(case=case)
        assert (told.whom, told.told, told.at, told.by_id) == (whom, "told", at, by.id)
        again = Deadline.objects.get(case=case, kind="reassess")
        assert (again.desk, again.started_at) == (desk("dinghai-centre", Role.COUNTY_TRIAGE), at)
        assert again.due_at == at + timedelta(days=1)
        assert trail(case.pk, acts=[P.WARNING_ACKNOWLEDGE])[0].facts == {"tier": "red"}
    key = f"acknowledged:{warning.pk}:by{by.id}"
    assert answers(case) == [(actor("lin").id, f"case:{case.reference}", "red", key)]


def test_what_has_asked_for_it_asks_nobody_at_the_desk_any_more(db: None) -> None:
    taken, waits = call(RED), call(RED)

    def asked(name: str) -> list[str]:
        relay.sweep()
        with identity(actor(name)):
            return sorted(item.target for item in unread(actor(name)) if item.kind == "warning")

    both = sorted(f"case:{case.reference}" for case in (taken, waits))
    assert asked("zhou") == asked("luo") == both
    actions.acknowledge(actor=actor("zhou"), case=taken)
    assert asked("zhou") == asked("luo") == [f"case:{waits.reference}"]


@pytest.mark.parametrize("way", ["board", "acknowledge"])
def test_a_click_on_a_yellow_warning_takes_no_red_one(db: None, way: str) -> None:
    case, zhou = call(YELLOW), signed_in("zhou")
    address = reverse("acknowledge", args=[case.reference])
    page = zhou.get(reverse("board") if way == "board" else address).content.decode()
    sent = dict(re.findall(r'name="(key|seen)" value="([^"]+)"', page))
    actions.raise_tier(actor=actor("lin"), case=case, to="red")  # while the page stands open
    risen = zhou.post(address, sent)
    assert risen.status_code == 422 and "等级已升高" in risen.content.decode()
    assert (fresh(case).status, clocks(case)["acknowledge"]) == ("opened", "running")
    with identity(MACHINE):
        assert Warning.objects.get(case=case, ended_at=None).ring_at is not None, "it rings on"
    again = {name: risen.context["form"][name].value() for name in ("key", "seen")}
    assert zhou.post(address, again).status_code == 302 and fresh(case).status == "acknowledged"


def test_whoever_does_not_say_what_she_saw_is_asked(db: None) -> None:
    case, zhou = call(RED), signed_in("zhou")
    address = reverse("acknowledge", args=[case.reference])
    assert zhou.post(address, {"key": uuid4()}).status_code == 422 and fresh(case).status == "opened"
    assert zhou.post(address, {"key": uuid4(), "seen": "red"}).status_code == 302


def test_a_warning_that_a_machine_raised_answers_nobody(db: None) -> None:
    from cases.tick import import_waiting

    batch = staged("S1,000000001", by="import").batch
    with identity(MACHINE):
        state = batch.state
    if state == "staged":
        actions.confirm_screening(actor=Actor.machine("import"), batch_id=batch.pk)
    import_waiting(30)
    with identity(MACHINE):
        case = Case.objects.get()
    assert actions.acknowledge(actor=actor("zhou"), case=case).tier == "yellow"
    assert answers(case) == [] and clocks(case)["reassess"] == "running"


def test_a_case_that_warned_nobody_asks_for_no_answer(db: None) -> None:
    assert call(GREEN).status == "acknowledged"


def test_acknowledging_stops_the_clock_once(db: None) -> None:
    case = call()
    actions.acknowledge(actor=actor("zhou"), case=case)
    state = clocks(case)
    assert (state["acknowledge"], state["first_meeting"], state["reassess"]) == ("met", "running", "running")
    with pytest.raises(WrongState):
        actions.acknowledge(actor=actor("luo"), case=case)
