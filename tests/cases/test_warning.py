"""A warning is one whole: the row, its clocks, the desk's grant and the notices; by a call or by a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.models import Case, Deadline, Warning
from cases.tick import import_waiting
from tests.rota.scenes import dinghai, shift
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, clocks, desk, fresh, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.holders import holders
from wellbeing.outbox import relay
from wellbeing.outbox.models import InboxItem, Notice
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
ORANGE = {**YELLOW, "self_harm": "worsening"}
MINUTES = timedelta(minutes=1)


def whole(case: Case) -> dict[str, Any]:
    """Everything that a warning is, with spans from its beginning, without numbers of its own."""
    with identity(MACHINE):
        warning = Warning.objects.select_related("raised_by").get(case=case, ended_at=None)
        begun, names = warning.raised_at, dict(User.objects.values_list("pk", "username"))
        notices = Notice.objects.filter(dedupe_key__startswith=f"warning:{warning.pk}:").order_by("dedupe_key")
        rows = Deadline.objects.filter(case=case, state="running").select_related("policy")
        ring = warning.ring_at - begun if warning.ring_at else None
        return {
            "warning": (warning.tier, warning.desk.role, ring, warning.rings, warning.acknowledged_at),
            "clocks": {
                one.kind: (one.due_at - begun, one.next_at and one.next_at - begun, one.next_act, one.level, one.step)
                for one in rows
                if one.started_at == begun and (one.tier, one.tier_rank) == (case.tier, rank(case.tier))
            },
            "grants": [(one.name, one.hold, one.until - begun) for one in holders(case) if one.origin == "triage"],
            "notices": [
                (one.channel, names.get(one.user_id or 0, "desk"), one.target == f"case:{case.reference}", one.tier)
                for one in notices
            ],
        }


def rank(tier: str) -> int:
    return ("red", "orange", "yellow", "blue", "green").index(tier)


def imported(answers: str) -> Case:
    batch = fresh(staged(f"S9,{answers}", by="import").batch)
    if batch.state == "staged":
        actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    import_waiting(30)
    with identity(MACHINE):
        return Case.objects.get(channel="screening")


@pytest.mark.parametrize("manned", [True, False])
def test_a_finding_of_a_file_warns_as_a_call_does(wait: Any, manned: bool) -> None:
    shift("zhou", 0, 8)
    if manned:
        wait(hours=2)
    spoken, found = call(ORANGE | {"school": "星河中学"}), imported("000000002")
    assert spoken.tier == found.tier == "orange"
    one, two = whole(spoken), whole(found)
    act, look = ("remind", 90 * MINUTES) if manned else ("escalate", 0 * MINUTES)
    for each in (one, two):
        assert each["warning"] == ("orange", "county_triage", 30 * MINUTES, 0, None)
        assert each["grants"] == [(str(dinghai()), "work", timedelta(days=180))]
        told = [("in_app", "desk", True, "orange"), ("in_app", "zhou", True, "orange")]
        assert sorted(each["notices"]) == told[: 2 if manned else 1]
        assert each["clocks"]["acknowledge"] == (120 * MINUTES, look, act, 0, 0)
        assert each["clocks"]["first_meeting"][2] == "remind"
    kinds = {"acknowledge", "first_meeting", "first_report", "tell_principal", "tell_guardian", "tell_city"}
    assert kinds <= set(one["clocks"]) and kinds <= set(two["clocks"])
    assert {kind: one["clocks"][kind] for kind in kinds} == {kind: two["clocks"][kind] for kind in kinds}
    relay.sweep()
    with identity(MACHINE):
        assert InboxItem.objects.filter(target=f"case:{found.reference}").count() == len(two["notices"])


def test_a_file_without_a_finding_warns_nobody(db: None) -> None:
    batch = fresh(staged("S9,000000000", by="import").batch)
    if batch.state == "staged":
        actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    import_waiting(30)
    with identity(MACHINE):
        assert not Warning.objects.exists() and not Notice.objects.filter(kind="warning").exists()
        assert not Deadline.objects.exists()


def test_raised_it_warns_anew_and_nobody_has_more_time(wait: Any) -> None:
    case = call(YELLOW)
    wait(minutes=30)
    at = now()
    with identity(MACHINE):
        first = Warning.objects.get(case=case)
        sooner = Deadline.objects.filter(case=case, kind="first_meeting", state="running")
        sooner.update(due_at=at + 20 * MINUTES)
    raised = actions.raise_tier(actor=actor("lin"), case=case, to="red")
    assert (fresh(first).ended_at, fresh(first).ring_at) == (at, None)
    made = whole(raised)
    assert made["warning"][:3] == ("red", "county_triage", 3 * MINUTES)
    assert made["clocks"]["acknowledge"][0] == 15 * MINUTES and made["clocks"]["first_meeting"][0] == 20 * MINUTES
    assert made["grants"] == [(str(dinghai()), "work", timedelta(days=180))]
    with identity(MACHINE):
        ended = set(Deadline.objects.filter(case=case, state="void").values_list("kind", "ended_at", "next_at"))
    assert ended >= {("acknowledge", at, None), ("first_meeting", at, None)}
    assert call(GREEN).tier == "green" and not [k for k, s in clocks(call(GREEN)).items() if s == "running"]


def test_whoever_was_asked_to_take_the_file_over_hurries_too(wait: Any) -> None:
    from tests.cases.test_handover import ask, ready

    case = ready()
    ask(case)
    with identity(MACHINE):
        asked = Deadline.objects.get(case=case, kind="transfer", state="running")
    wait(minutes=10)
    actions.raise_tier(actor=actor("zhou"), case=fresh(case), to="red")
    with identity(MACHINE):
        again = Deadline.objects.get(case=case, kind="transfer", state="running")
    assert again.desk_id == asked.desk_id != dinghai().pk and again.due_at == now() + 15 * MINUTES < asked.due_at


def test_the_desk_that_was_warned_last_is_the_cases_own(db: None) -> None:
    from cases.actions._warning import warned_desk

    case = acknowledged(RED)
    with identity(MACHINE):
        assert warned_desk(case) == desk("dinghai-centre", Role.COUNTY_TRIAGE)
        assert warned_desk(call(GREEN)) is None


def test_nobody_is_pressed_to_reach_a_home_that_must_not_be_reached(db: None) -> None:
    case, other = acknowledged(YELLOW | {"school": "星河中学"}), acknowledged(YELLOW | {"school": "星河中学"})
    actions.stop_contact(actor=actor("zhou"), case=case, because="家中有危险")
    for one, pressed in ((case, False), (other, True)):
        actions.raise_tier(actor=actor("zhou"), case=fresh(one), to="red")
        runs = {kind for kind, state in clocks(one).items() if state == "running"}
        assert {"tell_principal", "tell_city"} <= runs and ("tell_guardian" in runs) is pressed
