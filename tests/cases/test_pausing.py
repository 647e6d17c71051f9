"""A clock stands still once, seen by all who watch it; the next time a desk above decides; and it comes back loudly."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.beside_board import standing_still
from cases.clocks import ClockKind
from cases.models import Case, Deadline
from cases.pausing import BESIDE, FAULT_TEXT, PauseFacts, PauseFault, PauseWhy, goes_up, pause_fault
from cases.policy import Policy
from cases.queues import board
from cases.tick import tick
from cases.tiers import Tier
from referrals.tick import follow_cases
from tests.access.test_by_sql import gains
from tests.stage import RED, YELLOW, acknowledged, actor, fresh, managed, referred, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.outbox.models import Notice
from wellbeing.workdays import TIMEZONE, now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
POLICY = Policy()
NOW = datetime(2026, 12, 31, 23, 30, tzinfo=TIMEZONE)
FREE = PauseFacts(
    "reassess", Tier.YELLOW, NOW, due_at=NOW + timedelta(hours=1), why="weather", until=NOW + timedelta(hours=72)
)
ALONE: dict[PauseFault, dict[str, Any]] = {
    PauseFault.NEVER: {"kind": "safety_contact"},
    PauseFault.OVER: {"due_at": NOW},
    PauseFault.SAME_PERSON: {"before": 1, "mine": True},
    PauseFault.REASON: {"why": "tired"},
    PauseFault.PASSED: {"until": NOW},
    PauseFault.TOO_LONG: {"until": NOW + timedelta(hours=72, seconds=1)},
}


@pytest.mark.parametrize("fault", PauseFault)
def test_each_fault_forbids_by_itself(fault: PauseFault) -> None:
    assert pause_fault(FREE, POLICY) is None
    assert pause_fault(replace(FREE, **ALONE[fault]), POLICY) == fault
    assert FAULT_TEXT[fault] and set(BESIDE) < set(PauseFault)


def test_danger_stands_still_for_less_and_a_second_time_goes_up() -> None:
    for tier in (Tier.RED, Tier.ORANGE):
        longer = replace(FREE, tier=tier, until=NOW + timedelta(hours=24))
        assert pause_fault(longer, POLICY) is None
        assert pause_fault(replace(longer, until=NOW + timedelta(hours=24, seconds=1)), POLICY) == PauseFault.TOO_LONG
    assert [goes_up(before, POLICY) for before in (0, 1, 2)] == [False, True, True]
    assert pause_fault(replace(FREE, before=1), POLICY) is None, "somebody else of a desk above may"
    assert set(POLICY.pause_reasons) == set(PauseWhy)


def pause(case: Case, by: str, kind: ClockKind = ClockKind.REASSESS, **more: Any) -> Deadline:
    given: dict[str, Any] = {"why": "weather", "because": "台风停航"} | more
    made: Deadline = actions.pause_clock(actor=actor(by), case=fresh(case), kind=kind, **given)
    return made


def clock(case: Case, kind: ClockKind = ClockKind.REASSESS) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=kind, state__in=("running", "paused"))


def still(name: str) -> list[str]:
    who = actor(name)
    with identity(who):
        return [one.case.reference for one in standing_still(who)]


def told(kind: str) -> int:
    with identity(MACHINE):
        return Notice.objects.filter(kind=kind, desk_id__isnull=False).count()


def test_a_paused_red_clock_stands_in_its_place_and_comes_back_by_itself_and_loudly(wait: Any) -> None:
    case = managed(RED)
    pause(case, "zhou", until=now() + timedelta(hours=5))
    assert still("zhou") == still("luo") == [case.reference] and still("ye") == []
    page = signed_in("luo").get(reverse("board")).content.decode()
    place = page[page.index('id="standing-still"') :]
    assert case.reference in place and "停航或道路不通" in place and "周宁" in place
    wait(hours=4, minutes=59)
    tick()
    assert clock(case).state == "paused" and told("clock_goes_on") == 0
    wait(minutes=1)
    tick()
    assert clock(case).state == "running" and told("clock_goes_on") == 1 and still("zhou") == []
    with identity(actor("zhou")):
        assert case.reference in {row.case.reference for row in board(actor("zhou")).rows}


def test_the_second_pause_takes_a_desk_above_and_somebody_else(wait: Any) -> None:
    case = managed(RED)
    pause(case, "zhou", until=now() + timedelta(hours=1))
    wait(minutes=1)
    actions.resume_clock(actor=actor("zhou"), case=fresh(case), kind=ClockKind.REASSESS)
    with pytest.raises(Invalid, match="kind"):
        pause(case, "zhou")
    assert pause(case, "luo").state == "running", "her colleague asks, and the clock runs on"
    assert told("pause_asked") == 1 and clock(case).state == "running"
    assert pause(case, "he").state == "paused", "the city's duty decides"
    wait(minutes=1)
    actions.resume_clock(actor=actor("he"), case=fresh(case), kind=ClockKind.REASSESS)
    with pytest.raises(Invalid, match="kind"):
        pause(case, "he")
    # Once the clock was met, the next one begins anew.
    actions.assess_risk(actor=actor("zhou"), case=fresh(case), words={}, face_to_face=True)
    assert pause(case, "zhou").state == "paused"


def test_a_clock_that_goes_on_in_another_row_has_paused_already(wait: Any) -> None:
    case = managed(YELLOW)
    pause(case, "chen", ClockKind.FOLLOW_UP)
    wait(minutes=1)
    actions.raise_tier(actor=actor("zhou"), case=fresh(case), to="red")  # a new row, that runs
    assert clock(case, ClockKind.FOLLOW_UP).pauses == 0
    with pytest.raises(Invalid, match="kind"):
        pause(case, "chen", ClockKind.FOLLOW_UP)
    assert pause(case, "luo", ClockKind.FOLLOW_UP).state == "paused", "the county's triage is above a school's desk"


def test_by_sql_a_clock_pauses_no_longer_and_no_oftener(wait: Any) -> None:
    case = managed(RED)
    stands = (
        "UPDATE cases_deadline SET state = 'paused', paused_at = app_now(), next_act = 'resume', pauses = pauses + 1,"
        " paused_by_id = %(by)s, pause_why = 'other', next_at = app_now() + interval '{}'"
        " WHERE case_id = %(case)s AND kind = 'reassess' AND state = 'running'"
    )
    given = {"case": case.pk, "by": actor("zhou").id}
    short = stands.format("5 hours")
    for statement in (
        stands.format("25 hours"),
        short.replace("pauses = pauses + 1", "pauses = pauses"),
        short.replace("'other'", "''"),
        short.replace("paused_at = app_now()", "paused_at = app_now() - interval '1 year'"),
        short.replace(" WHERE", ", tier_rank = 4 WHERE"),
    ):
        assert gains("zhou", statement, told=case, **given) == 0, statement
    assert gains("zhou", short, told=case, **given | {"by": actor("luo").id}) == 0, "as her colleague"
    assert gains("zhou", short, told=case, **given) == 1
    goes_on = (
        "UPDATE cases_deadline SET state = 'running', paused_at = NULL, next_act = 'remind', next_at = app_now(){}"
        " WHERE case_id = %(case)s AND kind = 'reassess' AND state = 'paused'"
    )
    wait(minutes=1)
    assert gains("zhou", goes_on.format(", pauses = 0"), told=case, **given) == 0
    assert gains("zhou", goes_on.format(""), told=case, **given) == 1
    wait(minutes=1)
    for name in ("zhou", "luo", "chen"):
        assert gains(name, short, told=case, **given | {"by": actor(name).id}) == 0, name
    with pytest.raises(Invalid):
        pause(case, "zhou")
    # Nor does the clock that asks how a red case is end without another.
    for state in ("met", "void"):
        ends = (
            f"UPDATE cases_deadline SET state = '{state}', ended_at = app_now(), next_at = NULL"
            " WHERE case_id = %(case)s AND kind = 'reassess' AND state = 'running'"
        )
        for name in ("zhou", "chen"):
            assert gains(name, ends, told=case, **given) == 0, (name, state)


def test_the_form_says_what_may_stand_and_keeps_what_was_typed(wait: Any) -> None:
    case = managed(RED)
    url, zhou = reverse("pause_clock", args=[case.reference]), signed_in("zhou")
    assert "最多 24 小时" in zhou.get(url).content.decode()
    late = (now() + timedelta(hours=30)).astimezone(TIMEZONE).strftime("%Y-%m-%dT%H:%M")
    given = {"kind": "reassess", "why": "weather", "until": late, "because": "台风停航两天"}
    refused = zhou.post(url, given | {"key": str(uuid4())})
    page = refused.content.decode()
    assert refused.status_code == 422 and "最多暂停 24 小时" in page and "台风停航两天" in page and late in page
    assert zhou.post(url, given | {"until": "", "key": str(uuid4())}).status_code == 302
    wait(minutes=1)
    actions.resume_clock(actor=actor("zhou"), case=fresh(case), kind=ClockKind.REASSESS)
    again = signed_in("luo")
    assert "由上一级值班台决定" in again.get(url).content.decode()
    asked = again.post(url, given | {"until": "", "key": str(uuid4())}, follow=True)
    assert "已请上一级值班台决定" in asked.content.decode() and clock(case).state == "running"


def test_a_pause_gives_no_more_time_than_its_own_however_long_nobody_looked(wait: Any) -> None:
    case = managed(YELLOW)
    one = actions.pause_clock(actor=actor("zhou"), case=case, kind=ClockKind.REASSESS, why="weather", because="停航")
    due = fresh(one).due_at
    wait(hours=72 + 30)
    tick()
    assert fresh(one).due_at == due + timedelta(hours=72)


def test_what_stands_still_in_a_case_that_rises_goes_on_within_the_time_of_its_tier(wait: Any) -> None:
    zhou, referral = actor("zhou"), referred(acknowledged(YELLOW))
    case = fresh(referral.case)
    given = {"why": "weather", "because": "停航"}
    still = actions.pause_clock(actor=zhou, case=case, kind=ClockKind.APPOINTMENT, **given)
    wait(hours=1)
    actions.raise_tier(actor=zhou, case=case, to="red")
    assert follow_cases() == 1 and fresh(still).state == "paused"
    wait(hours=23, minutes=59)
    tick()
    assert fresh(still).state == "paused"
    wait(minutes=1)
    tick()
    assert (fresh(still).state, fresh(still).due_at) == ("running", now() + timedelta(hours=12))
