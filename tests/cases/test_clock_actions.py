"""Clocks as they run: reminded before they end, escalated after, paused with a reason, and nobody gets more time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.clocks import ClockKind
from cases.models import Case, Deadline, Escalation
from cases.tick import tick
from tests.stage import RED, YELLOW, acknowledged, actor, call, clocks, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role

MACHINE = Actor.machine("test")


def clock(case: Case, kind: ClockKind) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=kind, state__in=("running", "paused"))


def notices(kind: str) -> int:
    with identity(MACHINE):
        return Notice.objects.filter(kind=kind, desk_id__isnull=False).count()


def test_a_desk_is_reminded_once_before_its_clock_runs_out(wait: Any) -> None:
    case = call(YELLOW)
    one = clock(case, ClockKind.ACKNOWLEDGE)
    wait(seconds=(one.next_at - one.started_at).total_seconds() + 1)  # type: ignore[operator]
    tick()
    tick()
    with identity(MACHINE):
        keys = Notice.objects.filter(kind="due_soon", dedupe_key__contains=str(one.pk), desk_id__isnull=False)
        assert keys.count() == 1
        assert not Escalation.objects.filter(deadline=one).exists()
    assert clock(case, ClockKind.ACKNOWLEDGE).next_at == one.due_at


def test_after_an_outage_nobody_is_reminded_of_what_is_over(wait: Any) -> None:
    case = call()
    wait(minutes=20)
    tick()
    tick()
    one = clock(case, ClockKind.ACKNOWLEDGE)
    with identity(MACHINE):
        assert not Notice.objects.filter(dedupe_key__startswith=f"due_soon:{one.pk}").exists()
        assert Escalation.objects.get(deadline=one).late_s == 5 * 60


def test_a_paused_clock_keeps_its_time_and_starts_again_by_hand(wait: Any) -> None:
    case, zhou = acknowledged(YELLOW), actor("zhou")
    before = clock(case, ClockKind.FIRST_MEETING).due_at
    actions.pause_clock(actor=zhou, case=case, kind=ClockKind.FIRST_MEETING, because="大风停航")
    wait(hours=5)
    tick()
    assert clocks(case)["first_meeting"] == "paused"
    actions.resume_clock(actor=zhou, case=case, kind=ClockKind.FIRST_MEETING)
    assert clock(case, ClockKind.FIRST_MEETING).due_at - before == timedelta(hours=5)


def test_nothing_pauses_for_ever(wait: Any) -> None:
    case, zhou = acknowledged(YELLOW), actor("zhou")
    actions.pause_clock(actor=zhou, case=case, kind=ClockKind.FIRST_MEETING, because="大风停航")
    wait(hours=72, seconds=1)
    tick()
    assert clocks(case)["first_meeting"] == "running"


@pytest.mark.parametrize(
    ("kind", "because", "field"),
    [
        (ClockKind.ACKNOWLEDGE, "大风", "kind"),  # never pauses
        (ClockKind.TELL_GUARDIAN, "大风", "kind"),
        (ClockKind.FEEDBACK, "大风", "kind"),  # does not run
        (ClockKind.FIRST_MEETING, "  ", "because"),
    ],
)
def test_what_may_not_pause_is_refused_beside_its_cause(db: None, kind: ClockKind, because: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.pause_clock(actor=actor("zhou"), case=call(), kind=kind, because=because)
    assert refused.value.field == field


def test_a_clock_that_is_over_does_not_pause(wait: Any) -> None:
    case = acknowledged()
    wait(hours=2)
    with pytest.raises(Invalid):
        actions.pause_clock(actor=actor("zhou"), case=case, kind=ClockKind.FIRST_MEETING, because="大风")


def test_raising_gives_nobody_more_time(wait: Any) -> None:
    case = call(YELLOW)
    with identity(MACHINE):
        Deadline.objects.filter(case=case, kind="acknowledge").update(due_at=case.opened_at + timedelta(minutes=4))
    actions.raise_tier(actor=actor("lin"), case=case, to="red")
    assert clock(case, ClockKind.ACKNOWLEDGE).due_at == case.opened_at + timedelta(minutes=4)


def test_running_clocks_keep_the_policy_under_which_they_started(db: None) -> None:
    case = call()
    with identity(MACHINE):
        one = Deadline.objects.select_related("policy").get(case=case, kind=ClockKind.ACKNOWLEDGE)
    assert one.policy.policy().acknowledge["red"] == {"minutes": 15}
    assert one.due_at - one.started_at == timedelta(minutes=15)


def test_an_assessment_that_asks_for_more_raises_the_case_at_once(db: None) -> None:
    case, zhou = acknowledged(YELLOW), actor("zhou")
    actions.assess_risk(actor=zhou, case=case, words=RED | {"act_now": "yes"}, face_to_face=False)
    with identity(MACHINE):
        now_red = Case.objects.get(pk=case.pk)
    assert (now_red.tier, now_red.status) == ("red", "opened")
    assert clocks(case)["tell_rescue"] == "running"


def test_the_ladder_of_a_school_begins_at_the_county(wait: Any) -> None:
    case, zhou = acknowledged(YELLOW), actor("zhou")
    from wellbeing.people.models import User

    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=zhou, case=case, manager=User.objects.get(username="chen"), desk=school)
    one = clock(case, ClockKind.FOLLOW_UP)
    wait(days=31)
    for _ in range(4):
        tick()
    with identity(MACHINE):
        roles = [step.desk.role for step in Escalation.objects.filter(deadline=one).order_by("level")]
    assert roles[0] == Role.COUNTY_TRIAGE
