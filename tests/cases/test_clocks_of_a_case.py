"""Clocks as they run: reminded before they end, escalated after, paused with a reason, and nobody gets more time."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest

from cases import actions
from cases.access import Purpose, reveal
from cases.clocks import ClockKind
from cases.models import Case, Deadline, Escalation, Section
from cases.tick import tick
from referrals.tick import follow_cases
from tests.stage import (
    RED,
    YELLOW,
    acknowledged,
    actor,
    call,
    clocks,
    covered,
    desk,
    fresh,
    policy,
    referred,
    scene,
)
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import TICKER
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail
from wellbeing.errors import Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def clock(case: Case, kind: ClockKind) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=kind, state__in=("running", "paused"))


def notices(kind: str) -> int:
    with identity(MACHINE):
        return Notice.objects.filter(kind=kind, desk_id__isnull=False).count()


def recorded(case: Case, act: P) -> list[dict[str, Any]]:
    with identity(MACHINE):
        return [one.facts for one in reversed(trail(case.pk, acts=[act]))]


def due_soon(one: Deadline) -> list[tuple[str, str, str]]:
    """The end of the key, the target and the tier of every reminder of a clock."""
    with identity(MACHINE):
        rows = Notice.objects.filter(kind="due_soon", dedupe_key__startswith=f"due_soon:{one.pk}").order_by(
            "created_at"
        )
        desk_key = f":in_app:{one.desk_id}:"
        return [(row.dedupe_key.split(str(one.pk))[1].replace(desk_key, ""), row.target, row.tier) for row in rows]


def test_a_reminder_comes_at_its_moment_and_what_follows_is_the_end(wait: Any) -> None:
    case = call()
    one, where = clock(case, ClockKind.FIRST_MEETING), f"case:{case.reference}"
    assert (one.next_at, one.next_act) == (one.started_at + timedelta(minutes=45), "remind")
    wait(minutes=44, seconds=59)
    assert actions.remind(actor=TICKER, case=case, deadline=one) is False and recorded(case, P.CLOCK_REMIND) == [{}]
    wait(seconds=1)
    assert actions.remind(actor=TICKER, case=case, deadline=one) is True and due_soon(one) == [("", where, "red")]
    assert (fresh(one).next_at, fresh(one).next_act) == (one.due_at, "escalate")
    assert actions.remind(actor=TICKER, case=case, deadline=one) is False and len(due_soon(one)) == 1
    wait(minutes=15)
    assert actions.remind(actor=TICKER, case=case, deadline=one) is False, "at its end it escalates"
    late = clock(case, ClockKind.TELL_CITY)
    assert actions.remind(actor=TICKER, case=case, deadline=late) is False and due_soon(late) == []
    assert (fresh(late).next_at, fresh(late).next_act) == (late.due_at, "escalate")
    assert recorded(case, P.CLOCK_REMIND)[1:] == [{"in_time": True}, {}, {}, {"in_time": False}]


def test_a_quiet_clock_says_so_before_and_at_its_end_and_goes_up_to_nobody(wait: Any) -> None:
    case = acknowledged(YELLOW)
    with identity(MACHINE):
        Deadline.objects.filter(case=case, kind="reassess").update(kind="confirm_groups")
        Deadline.objects.filter(case=case).exclude(kind="confirm_groups").update(next_at=None)
    one, where = clock(case, ClockKind.CONFIRM_GROUPS), f"case:{case.reference}"
    wait(days=13)
    assert tick() == 1 and due_soon(one) == [("", where, "yellow")]
    assert (fresh(one).next_at, fresh(one).next_act) == (one.due_at, "remind")
    wait(days=1)
    assert tick() == 1 and due_soon(one)[1:] == [(":end", where, "yellow")] and fresh(one).next_at is None
    wait(days=30)
    assert tick() == 0
    with identity(MACHINE):
        assert not Escalation.objects.exists()


def test_a_pause_is_reasoned_sealed_and_written_down_and_ends_by_itself_to_the_minute(wait: Any) -> None:
    policy(pause_times=2)
    case, zhou = acknowledged(YELLOW), actor("zhou")
    kind = ClockKind.FIRST_MEETING
    before = clock(case, kind)
    wait(seconds=(before.next_at - now()).total_seconds() + 60)  # type: ignore[operator]
    tick()
    begun, until = now(), now() + timedelta(hours=72)
    paused = actions.pause_clock(actor=zhou, case=case, kind=kind, why="weather", because="大风停航")
    one = fresh(paused)
    assert (one.state, one.paused_at, one.next_at, one.next_act) == ("paused", begun, until, "resume")
    assert recorded(case, P.CLOCK_PAUSE) == [{"kind": "first_meeting", "until": until.isoformat()}]
    with identity(zhou):
        words = [entry.words for entry in reveal(zhou, case, [Section.PLAN], Purpose.TRIAGE).entries]
    assert words == [{"clock": "first_meeting", "pause_why": "weather", "because": "大风停航"}]
    with pytest.raises(Invalid, match="kind"):
        actions.pause_clock(actor=zhou, case=case, kind=kind, why="weather", because="又一次")
    wait(hours=71, minutes=59)
    tick()
    assert fresh(one).state == "paused"
    wait(minutes=1)
    with identity(MACHINE):
        Deadline.objects.filter(case=case).exclude(pk=one.pk).update(next_at=None)
    actions.resume_clock(actor=TICKER, case=case, kind=kind)
    one = fresh(one)
    assert (one.state, one.paused_at, one.due_at) == ("running", None, before.due_at + timedelta(hours=72))
    reminder = max(now(), before.due_at + timedelta(hours=72 - 24))
    assert (one.next_at, one.next_act) == (reminder, "remind")
    due = one.due_at.astimezone(UTC).isoformat()
    assert recorded(case, P.CLOCK_RESUME) == [{"kind": "first_meeting", "due_at": due}]
    with pytest.raises(Invalid, match="kind"):
        actions.resume_clock(actor=zhou, case=case, kind=kind)
    wait(seconds=(one.due_at - now()).total_seconds() - 1)
    actions.pause_clock(actor=zhou, case=case, kind=kind, why="weather", because="最后一秒")
    wait(hours=1)
    actions.resume_clock(actor=zhou, case=case, kind=kind)
    assert fresh(one).next_at == now(), "its reminder is over: it is told at once"
    wait(seconds=1)
    with pytest.raises(Invalid, match="kind"):
        actions.pause_clock(actor=zhou, case=case, kind=kind, why="weather", because="太晚")


def test_a_raised_case_hastens_what_runs_and_leaves_what_stands_still(wait: Any) -> None:
    referral, zhou = referred(acknowledged(YELLOW)), actor("zhou")
    case = fresh(referral.case)
    actions.pause_clock(actor=zhou, case=case, kind=ClockKind.APPOINTMENT, why="weather", because="停航")
    still, channel = clock(case, ClockKind.APPOINTMENT), clock(case, ClockKind.CHANNEL)
    wait(hours=1)
    actions.raise_tier(actor=zhou, case=case, to="red")
    assert follow_cases() == 1
    after, at = clock(case, ClockKind.APPOINTMENT), now()
    assert (after.pk, after.state, after.tier, after.tier_rank) == (still.pk, "paused", "red", 0)
    assert after.due_at == still.paused_at + timedelta(hours=12), "it has no more time after its pause than red gives"
    hastened = clock(case, ClockKind.CHANNEL)
    assert (hastened.started_at, hastened.due_at, hastened.tier) == (at, at + timedelta(days=30), "red")
    assert fresh(channel).state == "void" and hastened.desk_id == channel.desk_id
    assert {"kinds": ["channel"], "to": "red"} in recorded(case, P.CLOCK_KEEP)


def test_clocks_that_go_on_at_another_desk_keep_their_time_and_climb_anew(wait: Any) -> None:
    case, chen = scene().case, actor("chen")
    kinds = (ClockKind.FOLLOW_UP,)
    with identity(MACHINE):
        mine = list(Deadline.objects.filter(case=case, desk_id=chen.desks[0], state="running"))
        assert [one.kind for one in mine] == list(kinds)
        Deadline.objects.filter(pk=mine[0].pk).update(level=1, next_at=None)
    covered()
    (old,) = (fresh(one) for one in mine)
    new = clock(case, ClockKind.FOLLOW_UP)
    assert (old.state, old.ended_at, old.level) == ("void", now(), 1) and new.pk != old.pk
    assert (new.started_at, new.due_at, new.level, new.state) == (old.started_at, old.due_at, 0, "running")
    assert (new.next_at, new.next_act) == (new.due_at, "escalate")
    assert new.desk == desk("dinghai-centre", Role.COUNTY_TRIAGE)


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
    actions.pause_clock(actor=zhou, case=case, kind=ClockKind.FIRST_MEETING, why="weather", because="大风停航")
    wait(hours=5)
    tick()
    assert clocks(case)["first_meeting"] == "paused"
    actions.resume_clock(actor=zhou, case=case, kind=ClockKind.FIRST_MEETING)
    assert clock(case, ClockKind.FIRST_MEETING).due_at - before == timedelta(hours=5)


def test_nothing_pauses_for_ever(wait: Any) -> None:
    case, zhou = acknowledged(YELLOW), actor("zhou")
    actions.pause_clock(actor=zhou, case=case, kind=ClockKind.FIRST_MEETING, why="weather", because="大风停航")
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
        actions.pause_clock(actor=actor("zhou"), case=call(), kind=kind, why="weather", because=because)
    assert refused.value.field == field


def test_a_clock_that_is_over_does_not_pause(wait: Any) -> None:
    case = acknowledged()
    wait(hours=2)
    with pytest.raises(Invalid):
        actions.pause_clock(actor=actor("zhou"), case=case, kind=ClockKind.FIRST_MEETING, why="weather", because="大风")


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


def test_every_reassessment_begins_the_next_one_and_counts_on(wait: Any) -> None:
    case = acknowledged(YELLOW)
    for number in (1, 2):
        wait(days=1)
        actions.assess_risk(actor=actor("zhou"), case=fresh(case), words={}, face_to_face=True)
        one = clock(case, ClockKind.REASSESS)
        assert (one.step, one.started_at) == (number, now())


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
