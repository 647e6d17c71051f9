"""A case rises: whoever follows the person learns it and asks sooner, and nobody wins time by naming somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.access import open_case
from cases.actions import _clocks
from cases.actions._lowering import standing
from cases.clocks import ClockKind
from cases.lowering import LoweringFault
from cases.models import Case, Deadline, Warning
from cases.telling import How, Told, Whom
from cases.tiers import Tier
from tests.rota.scenes import shift
from tests.stage import RED, YELLOW, acknowledged, actor, desk, fresh, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Desk, Role, User

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("ticker")


def follow_up(case: Case) -> Deadline:
    with identity(MACHINE):
        return _clocks.running(case, ClockKind.FOLLOW_UP)[0]


def told(kind: str) -> list[str]:
    """The roles of the desks that were told, in order."""
    with identity(MACHINE):
        desks = Notice.objects.filter(kind=kind, desk_id__isnull=False).order_by("created_at", "pk")
        return [Desk.objects.get(pk=pk).role for pk in desks.values_list("desk_id", flat=True)]


def names(case: Case) -> None:
    user, school = User.objects.get(username="chen"), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=fresh(case), manager=user, desk=school)


def test_whoever_follows_is_told_and_asks_by_the_new_tier(wait: Any) -> None:
    case = managed(YELLOW)
    before = follow_up(case)
    actions.pause_clock(
        actor=actor("chen"), case=fresh(case), kind=ClockKind.FOLLOW_UP, why="weather", because="考试周"
    )
    wait(hours=1)
    actions.raise_tier(actor=actor("zhou"), case=fresh(case), to="red")
    after = follow_up(case)
    assert (after.desk_id, after.tier, after.state) == (before.desk_id, "red", "running")
    assert (after.due_at - after.started_at).days == 1 and after.due_at < before.due_at
    assert told("raised") == [Role.SCHOOL_COUNSELLOR]
    other = managed(YELLOW)
    actions.raise_tier(actor=actor("chen"), case=other, to="orange")
    assert told("raised") == [Role.SCHOOL_COUNSELLOR], "she has raised it herself"


def test_danger_that_is_heard_again_at_red_reaches_the_others(wait: Any) -> None:
    case = managed()
    again = {"thoughts": "active", "plan": "yes", "when": "now"}
    actions.assess_risk(actor=actor("chen"), case=case, words=again, face_to_face=False)
    assert told("danger_again") == [Role.COUNTY_TRIAGE]
    wait(minutes=1)
    actions.assess_risk(actor=actor("zhou"), case=fresh(case), words=again, face_to_face=False)
    assert told("danger_again") == [Role.COUNTY_TRIAGE, Role.SCHOOL_COUNSELLOR]
    actions.assess_risk(actor=actor("zhou"), case=fresh(case), words={}, face_to_face=False)
    new = managed(YELLOW)
    actions.raise_tier(actor=actor("zhou"), case=new, to="red")
    actions.assess_risk(actor=actor("chen"), case=fresh(new), words=again, face_to_face=False)
    assert len(told("danger_again")) == 2, "no danger; and a warning that rings is heard already"


def test_naming_a_manager_again_gives_no_more_time(wait: Any) -> None:
    case = managed(RED)
    due = follow_up(case).due_at
    wait(hours=20)
    names(case)
    assert follow_up(case).due_at == due
    wait(hours=5)
    names(case)
    with identity(actor("zhou")):
        assert LoweringFault.FOLLOW_UP_MISSED in standing(fresh(case), Tier.ORANGE).faults


def test_a_raising_gives_no_more_time_to_reassess(wait: Any) -> None:
    """It is overdue, somebody raises the case by a click, and the county takes the warning: nobody has seen her yet."""
    case = acknowledged(YELLOW)

    def due() -> datetime:
        with identity(MACHINE):
            return _clocks.running(case, ClockKind.REASSESS)[0].due_at

    before = due()
    wait(days=14, hours=1)
    actions.raise_tier(actor=actor("lin"), case=case, to="orange")
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    assert due() == before
    actions.assess_risk(actor=actor("zhou"), case=fresh(case), words={}, face_to_face=True)
    assert due() > before + timedelta(days=6), "whoever has seen her has the time of the tier"


def test_an_empty_form_is_no_assessment(db: None) -> None:
    """One click would meet the day's reassessment of a red case, and be the fresh one by which it is lowered."""
    case, zhou = acknowledged(), signed_in("zhou")
    page = reverse("assess_risk", args=[case.reference])

    def sent(**words: str) -> int:
        return zhou.post(page, {"key": uuid4(), "face_to_face": "on", **words}).status_code

    with identity(MACHINE):
        before = _clocks.running(case, ClockKind.REASSESS)[0].pk
    assert sent() == 422
    with identity(MACHINE):
        assert [one.pk for one in _clocks.running(case, ClockKind.REASSESS)] == [before]
        assert _clocks.running(case, ClockKind.FIRST_MEETING)
    assert sent(reason="她不愿说话，明天再来") == 302 and sent(thoughts="none") == 302


def test_danger_heard_again_where_nobody_is_on_duty_reaches_the_city(wait: Any) -> None:
    """No clock is started that would go up, so the city's duty is told at once, and finds the case."""
    case = managed()
    shift("zhou", 5, 8)  # and until then nobody
    again = {"thoughts": "active", "plan": "yes", "when": "now", "act_now": "yes"}
    actions.assess_risk(actor=actor("chen"), case=fresh(case), words=again, face_to_face=False)
    assert told("danger_again") == [Role.COUNTY_TRIAGE, Role.CITY_DUTY]
    he = actor("he")
    with identity(he):
        assert open_case(he, case.reference).pk == case.pk
    with identity(MACHINE):
        assert _clocks.running(case, ClockKind.TELL_RESCUE), "an act under way: police or ambulance, also at red"


def test_raising_is_one_persons_click_and_warns_anew(db: None) -> None:
    case = acknowledged(YELLOW)
    raised = actions.raise_tier(actor=actor("lin"), case=case, to="red")
    assert (raised.tier, raised.status) == ("red", "opened")
    with identity(MACHINE):
        assert Warning.objects.filter(case=case, ended_at=None).get().tier == "red"
        assert Notice.objects.filter(kind="warning").count() == 2
    with pytest.raises(Invalid):
        actions.raise_tier(actor=actor("lin"), case=case, to="red")


def test_a_second_act_under_way_is_told_to_the_police_again(wait: Any) -> None:
    """In the morning she was found with pills, and the police was called; what is seen in the evening is another act."""
    case, zhou, act = managed(), actor("zhou"), {"act_now": "yes"}

    def runs() -> bool:
        with identity(MACHINE):
            return bool(_clocks.running(case, ClockKind.TELL_RESCUE))

    actions.assess_risk(actor=zhou, case=fresh(case), words=act, face_to_face=False)
    assert runs()
    given = {"whom": Whom.POLICE, "told": Told.TOLD, "how": How.PHONE, "words": {}}
    actions.tell(actor=zhou, case=fresh(case), **given)
    wait(minutes=30)
    actions.assess_risk(actor=zhou, case=fresh(case), words=act, face_to_face=True)
    assert not runs(), "whoever came writes down what she finds"
    wait(hours=8)
    actions.assess_risk(actor=actor("chen"), case=fresh(case), words=act, face_to_face=False)
    assert runs()
