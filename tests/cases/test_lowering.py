"""What forbids lowering a tier: each fault alone, and the boundaries of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import actions
from cases.lowering import FAULT_TEXT, LoweringFacts, LoweringFault, lowering_faults, needs_second
from cases.models import CallBackOutcome
from cases.policy import Policy
from cases.telling import How, Told, Whom
from cases.tiers import Tier
from tests.stage import acknowledged, actor, fresh, ready
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import TIMEZONE

POLICY = Policy()
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=TIMEZONE)
READY = LoweringFacts(
    tier=Tier.RED,
    to=Tier.ORANGE,
    since=NOW - timedelta(hours=72),
    now=NOW,
    assessed_at=NOW - timedelta(hours=1),
    face_to_face=True,
    proposed=Tier.GREEN,
)
ALONE: dict[LoweringFault, dict[str, Any]] = {
    LoweringFault.NOT_LOWER: {"to": Tier.RED, "proposed": Tier.RED},
    LoweringFault.MORE_THAN_ONE_STEP: {"to": Tier.YELLOW},
    LoweringFault.UNACKNOWLEDGED: {"unacknowledged": True},
    LoweringFault.TOO_SOON: {"since": NOW - timedelta(hours=71, minutes=59)},
    LoweringFault.NO_FRESH_ASSESSMENT: {
        "assessed_at": NOW - timedelta(days=3, minutes=1),
        "since": NOW - timedelta(days=9),
    },
    LoweringFault.NOT_FACE_TO_FACE: {"face_to_face": False},
    LoweringFault.ASSESSED_HIGHER: {"proposed": Tier.RED},
    LoweringFault.FEEDBACK_OUTSTANDING: {"feedback_outstanding": True},
    LoweringFault.FOLLOW_UP_MISSED: {"follow_up_missed": True},
    LoweringFault.GUARDIAN_UNREACHED: {"guardian_unreached": True},
    LoweringFault.CONSENT_REFUSED: {"consent_refused_with_danger": True},
    LoweringFault.CROSSING_OPEN: {"crossing_open": True},
    LoweringFault.AFTER_RETURN: {
        "tier": Tier.ORANGE,
        "to": Tier.YELLOW,
        "since": NOW - timedelta(weeks=5),
        "returned_at": NOW - timedelta(weeks=5),
    },
    LoweringFault.LEAVE_OPEN: {"tier": Tier.BLUE, "to": Tier.GREEN, "leave_open": True},
}


def test_a_case_that_is_ready_may_be_lowered() -> None:
    assert lowering_faults(READY, POLICY) == ()


@pytest.mark.parametrize("fault", LoweringFault)
def test_each_fault_forbids_by_itself(fault: LoweringFault) -> None:
    assert lowering_faults(replace(READY, **ALONE[fault]), POLICY) == (fault,)
    assert FAULT_TEXT[fault]


def test_what_forbids_more_allows_the_step_before_it() -> None:
    assert lowering_faults(replace(READY, leave_open=True), POLICY) == (), "an open leave forbids green alone"
    assert lowering_faults(replace(READY, returned_at=NOW - timedelta(weeks=1)), POLICY) == (), (
        "to orange, and no lower"
    )


def test_an_assessment_before_the_tier_is_not_fresh() -> None:
    old = replace(READY, assessed_at=READY.since - timedelta(minutes=1))
    assert LoweringFault.NO_FRESH_ASSESSMENT in lowering_faults(old, POLICY)


def test_orange_and_yellow_stay_four_weeks_and_two_people_lower_the_upper_two() -> None:
    for tier, to in ((Tier.ORANGE, Tier.YELLOW), (Tier.YELLOW, Tier.BLUE)):
        facts = replace(READY, tier=tier, to=to, since=NOW - timedelta(weeks=4))
        assert lowering_faults(facts, POLICY) == ()
        assert lowering_faults(replace(facts, since=NOW - timedelta(days=27)), POLICY) == (LoweringFault.TOO_SOON,)
    assert [needs_second(tier, POLICY) for tier in Tier] == [True, True, False, False, False]


def test_lowering_takes_a_fresh_meeting_two_people_and_time(wait: Any) -> None:
    case = acknowledged()
    zhou, luo = actor("zhou"), actor("luo")
    lower = {"case": case, "to": "orange", "because": "见面评估"}
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    wait(hours=73)
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    actions.assess_risk(actor=zhou, case=case, words={}, face_to_face=False)
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    wait(minutes=1)
    actions.assess_risk(actor=zhou, case=case, words={}, face_to_face=True)
    with pytest.raises(Invalid):  # the guardian was not reached, and the call-back of the next day was missed
        actions.lower_tier(actor=zhou, **lower)
    actions.tell(actor=zhou, case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **lower)
    actions.call_back(actor=actor("lin"), case=case, outcome=CallBackOutcome.REACHED, words={})
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, **{**lower, "to": "yellow"})
    actions.lower_tier(actor=zhou, **lower)
    assert fresh(case).tier == "red"
    with pytest.raises(Invalid, match="confirm"):
        actions.confirm_lowering(actor=zhou, case=case)
    assert actions.confirm_lowering(actor=luo, case=case).tier == "orange"
    with pytest.raises(WrongState):
        actions.confirm_lowering(actor=luo, case=case)


ACUTE = {"wish_dead": "yes", "better_off": "no", "thoughts_week": "yes", "ever_tried": "no", "right_now": "yes"}


def test_danger_that_is_heard_after_the_assessment_forbids_the_lowering_and_ends_what_was_proposed(wait: Any) -> None:
    """The county saw her calm in the morning; at noon a paper at school says that she thinks of it right now."""
    case, zhou, luo = acknowledged(), actor("zhou"), actor("luo")
    wait(hours=73)
    ready(case, by="zhou")
    actions.lower_tier(actor=zhou, case=fresh(case), to="orange", because="当面评估")
    wait(hours=2)
    actions.record_instrument(actor=zhou, case=fresh(case), instrument="asq", answers=ACUTE)
    assert fresh(case).tier == "red"
    with pytest.raises(WrongState):
        actions.confirm_lowering(actor=luo, case=fresh(case))
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, case=fresh(case), to="orange", because="上午的评估")


def test_red_stays_its_time_after_it_is_safe(wait: Any) -> None:
    case, zhou = acknowledged(), actor("zhou")
    wait(hours=73)
    actions.assess_risk(actor=zhou, case=case, words={"thoughts": "active", "farewell": "yes"}, face_to_face=True)
    wait(hours=2)
    ready(fresh(case), by="zhou")
    with pytest.raises(Invalid):
        actions.lower_tier(actor=zhou, case=fresh(case), to="orange", because="现在平静")
    wait(hours=71)
    ready(fresh(case), by="zhou")
    assert actions.lower_tier(actor=zhou, case=fresh(case), to="orange", because="三天平静").ended_at is None


def test_a_low_score_never_lowers(db: None) -> None:
    case = acknowledged()
    actions.assess_risk(actor=actor("zhou"), case=case, words={"thoughts": "none"}, face_to_face=True)
    assert fresh(case).tier == "red"
