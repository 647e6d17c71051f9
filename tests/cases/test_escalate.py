"""Up the ladder: at the minute, each level once, told what it may know, and on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.access import open_case
from cases.clocks import ClockKind
from cases.models import Case, Deadline, Escalation, Warning
from cases.tick import tick
from tests.rota.scenes import shift
from tests.stage import acknowledged, actor, call, desk, fresh, scene
from wellbeing.access.actor import Actor, identity
from wellbeing.access.holders import holders
from wellbeing.access.machines import TICKER
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden
from wellbeing.outbox import relay
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Desk, Post, Role
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
CITY, BUREAU = Role.CITY_DUTY, Role.EDUCATION_ADMIN


def clock(case: Case, kind: ClockKind = ClockKind.ACKNOWLEDGE) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=kind, state__in=("running", "paused"))


def climbed(one: Deadline) -> list[tuple[int, str, int, bool]]:
    """Level, the desk's role, seconds late, and whether because nobody was there."""
    with identity(MACHINE):
        rows = Escalation.objects.filter(deadline=one).order_by("level")
        return [(row.level, row.desk.role, row.late_s, row.unstaffed) for row in rows.select_related("desk")]


def told(one: Deadline) -> list[tuple[str, int | None, str, str]]:
    """To which desk's role or which account went what, and about which target."""
    with identity(MACHINE):
        roles = dict(Desk.objects.values_list("pk", "role"))
        rows = Notice.objects.filter(kind="escalated", dedupe_key__startswith=f"escalated:{one.pk}:").order_by("pk")
        return [(roles.get(row.desk_id, ""), row.user_id, row.target, row.tier) for row in rows]


def recorded(case: Case) -> list[dict[str, Any]]:
    with identity(MACHINE):
        told = [trace.facts for trace in reversed(trail(case.pk, acts=[P.WARNING_ESCALATE]))]
        return [{name: fact for name, fact in facts.items() if name != "grants"} for facts in told]


def test_a_red_clock_climbs_at_the_minute_and_each_level_learns_what_it_may(wait: Any) -> None:
    case = call()
    one, where = clock(case), f"case:{case.reference}"
    wait(minutes=14, seconds=59)
    tick()
    assert climbed(one) == [] == told(one)
    wait(seconds=1)
    tick()
    tick()
    assert climbed(one) == [(1, CITY, 0, False)] and told(one) == [(CITY, None, where, "red")]
    step = fresh(one)
    assert (step.level, step.next_at, step.next_act) == (1, one.due_at + timedelta(minutes=15), "escalate")
    wait(minutes=15)
    tick()
    assert climbed(one)[1:] == [(2, BUREAU, 0, False)]
    assert told(one)[1:] == [(BUREAU, None, "", "red")], "the bureau learns that there is one, and never which"
    assert (fresh(one).level, fresh(one).next_at) == (2, None)
    with identity(MACHINE):
        lifted = [(one.name, one.until) for one in holders(case) if one.origin == "escalation"]
        ends = now() + timedelta(days=180)  # told again of another clock
        assert lifted == [(str(desk("city-centre", CITY)), ends)], "and the bureau may open nothing"
    facts = {"late_s": 0, "tier": "red", "unstaffed": False}
    for level in (1, 2):
        assert {"level": level, **facts} in recorded(case)


def test_after_an_outage_every_missed_level_follows_at_once_and_says_how_late(wait: Any) -> None:
    case = call()
    wait(minutes=40)
    tick()
    assert climbed(clock(case)) == [(1, CITY, 25 * 60, False), (2, BUREAU, 10 * 60, False)]
    assert {1500, 600} <= {facts["late_s"] for facts in recorded(case)}


def test_where_nobody_is_on_duty_it_does_not_wait_for_its_end(wait: Any) -> None:
    shift("zhou", 20, 28)  # a rota, and nobody on it now
    case = call()
    one = clock(case)
    assert (one.next_at, one.next_act) == (one.started_at, "escalate")
    tick()
    assert climbed(one) == [(1, CITY, 0, True)] and fresh(one).next_at == one.due_at
    assert {kind for kind in ("first_meeting", "first_report") if clock(case, ClockKind(kind)).level} == set()
    wait(minutes=15)
    tick()
    assert climbed(one)[1:] == [(2, BUREAU, 0, False)] and recorded(case)[0]["unstaffed"] is True


def test_a_level_with_nobody_on_duty_is_passed_and_whoever_is_there_is_told_by_name(wait: Any) -> None:
    shift("zhou", 20, 28)
    shift("he", 20, 28, by="he", at=desk("city-centre", CITY))
    one = clock(call())
    tick()
    assert [row[:2] + row[3:] for row in climbed(one)] == [(1, CITY, True), (2, BUREAU, True)]
    with identity(MACHINE):
        assert Deadline.objects.get(pk=one.pk).next_at is None
    wait(hours=21)  # Zhou and He have come
    two = clock(call())
    assert two.next_act == "remind"
    wait(minutes=15)
    tick()
    assert {(role, user) for role, user, _target, _tier in told(two)} == {(CITY, None), ("", actor("he").id)}


@pytest.mark.parametrize("how", ["early", "reminder", "met", "told everybody"])
def test_what_is_not_due_goes_nowhere(wait: Any, how: str) -> None:
    case = call()
    one = clock(case)
    wait(minutes=15 if how in ("met", "told everybody") else 5)
    if how == "reminder":
        wait(minutes=8)  # due to be reminded of, and no more
    if how == "met":
        actions.acknowledge(actor=actor("zhou"), case=case)
    level = 2 if how == "told everybody" else 0
    if level:  # it was paused and went on after the last level: there is nobody above
        with identity(MACHINE):
            Deadline.objects.filter(pk=one.pk).update(level=level, next_at=now(), next_act="escalate")
    assert actions.escalate(actor=TICKER, case=case, deadline=one) is None
    assert climbed(one) == [] == told(one) and recorded(case) == [{"level": level}]
    assert (fresh(one).next_at is None) == (how in ("met", "told everybody"))


def without(role: str, by: str) -> None:
    """No desk of this role is set up: those there are become another kind of desk."""
    with identity(MACHINE):
        assert Desk.objects.filter(role=role).update(role=by) == 1


def test_a_level_that_nobody_has_set_up_holds_up_no_other(db: None) -> None:
    one = clock(call())
    with identity(MACHINE):
        Deadline.objects.filter(pk=one.pk).update(next_at=now(), next_act="escalate", due_at=now())
    without(BUREAU, "reporter")
    assert tick() == 1 and climbed(one) == [(1, CITY, 0, False)] and fresh(one).next_at is None


def test_where_no_level_is_left_it_is_tried_again_until_there_is_one(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    one = clock(call())
    with identity(MACHINE):
        Deadline.objects.filter(pk=one.pk).update(next_at=now(), next_act="escalate", due_at=now())
    without(BUREAU, "reporter"), without(CITY, "hospital_liaison")
    assert tick() == 0 and climbed(one) == [] and "what is due could not be done" in caplog.text
    with identity(MACHINE):
        Desk.objects.filter(organisation__code="city-centre").update(role=CITY)
    assert tick() == 1 and climbed(one) == [(1, CITY, 0, False)]


def test_in_a_county_without_a_centre_of_its_own_the_city_is_one_level_and_not_two(wait: Any) -> None:
    stage = scene()
    with identity(MACHINE):
        one = Deadline.objects.get(case=stage.case, kind="follow_up", state="running")
        Deadline.objects.filter(pk=one.pk).update(next_at=now(), next_act="escalate", due_at=now())
        Desk.objects.filter(organisation__code="dinghai-centre").update(role="reporter")
    assert tick() == 1 and climbed(one) == [(1, CITY, 0, False)]
    wait(minutes=15)
    tick()
    assert climbed(one)[1:] == [(2, BUREAU, 0, False)]


def test_a_desk_that_nobody_holds_a_post_at_waits_for_nobody(db: None) -> None:
    """Without a rota too: its people have left, and the quarter of an hour would pass for no one."""
    county = desk("dinghai-centre", Role.COUNTY_TRIAGE)
    with identity(MACHINE):
        Post.objects.filter(desk=county).update(ends_on=now().date() - timedelta(days=1))
    case = call()
    tick()
    assert climbed(clock(case)) == [(1, CITY, 0, True)]


def test_an_overdue_clock_goes_up_the_ladder_once_per_level_and_says_how_late(wait: Any) -> None:
    from cases.models import Escalation

    def levels() -> list[tuple[int, str, int]]:
        with identity(MACHINE):
            steps = Escalation.objects.filter(deadline__kind="acknowledge").order_by("level")
            return [(step.level, step.desk.role, step.late_s // 60) for step in steps]

    case = call()
    tick()
    assert levels() == []
    wait(minutes=20)  # an outage: the clock was due at 15 minutes
    for _ in range(3):
        tick()
    assert levels() == [(1, "city_duty", 5)]
    he = actor("he")
    with identity(he):
        assert open_case(he, case.reference) == case
    wait(days=3)
    for _ in range(3):
        tick()
    assert levels() == [(1, "city_duty", 5), (2, "education_admin", 3 * 1440 - 10)]
    shen = actor("shen")
    with identity(shen), pytest.raises(Forbidden):
        open_case(shen, case.reference)
    relay.sweep()
    with identity(shen):
        from wellbeing.outbox.inbox import unread

        assert {item.target for item in unread(shen)} == {""}


def test_an_acknowledged_warning_is_not_escalated(wait: Any) -> None:
    from cases.models import Escalation

    case = acknowledged()
    wait(minutes=55)
    tick()
    with identity(MACHINE):
        assert not Escalation.objects.filter(deadline__kind="acknowledge").exists()
        assert Warning.objects.get(case=case).rings == 0
