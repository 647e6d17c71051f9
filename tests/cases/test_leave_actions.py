"""Leave from school and return: every step by its people, what is missing, several leaves, and nothing forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases import actions
from cases.access import Purpose, reveal
from cases.clocks import ClockKind, end_of, return_talks
from cases.leave import CLOCKS, LEAVE, Move
from cases.lowering import LoweringFault
from cases.models import Case, Deadline, Escalation, Leave, LeaveStep, Section
from cases.policy import Policy
from cases.telling import How, Told, Whom
from cases.tick import tick
from cases.tiers import Tier
from tests.cases.leave_stage import BACK, begun, day, leave_of, on_leave, returned, take, weighed, words
from tests.stage import GREEN, YELLOW, acknowledged, actor, clocks, desk, fresh, managed
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
KINDS = {kind.value for kinds in CLOCKS.values() for kind in kinds}


def running(case: Case) -> dict[str, Deadline]:
    """The clocks of the leave that run, by kind."""
    with identity(MACHINE):
        rows = Deadline.objects.filter(case=case, state="running", kind__in=KINDS).select_related("desk")
        return {row.kind: row for row in rows}


def agrees(case: Case) -> bool:
    """Whether exactly those clocks run that the table gives the state."""
    return set(running(case)) == {kind.value for kind in CLOCKS[leave_of(case).state]}


def test_four_steps_away_and_five_back_each_with_its_clocks(db: None, wait: Any) -> None:
    case = managed(YELLOW)
    begun(case)
    assert agrees(case) and running(case)["leave_step"].desk.role == Role.SCHOOL_COUNSELLOR
    for step in (Move.ASSESS, Move.TALK, Move.APPLY, *BACK, "pass", Move.COME_BACK):
        wait(minutes=5)
        take(case, step)
        assert agrees(case), step
    leave = leave_of(case)
    assert (leave.state, leave.number, leave.returned_at is not None) == ("returned", 1, True)
    with identity(MACHINE):
        states = list(LeaveStep.objects.filter(leave=leave).order_by("at", "id").values_list("state", flat=True))
    assert states == [
        "noticed",
        "assessed",
        "talked",
        "on_leave",
        "materials",
        "reviewed",
        "weighed",
        "passed",
        "returned",
    ]


def test_the_comprehensive_assessment_is_the_county_s_turn_and_it_is_told(db: None) -> None:
    case = on_leave()
    take(case, Move.SUBMIT)
    take(case, Move.REVIEW)
    assert running(case)["leave_step"].desk.role == Role.COUNTY_TRIAGE
    with identity(MACHINE):
        assert Notice.objects.filter(kind="leave", desk_id=actor("zhou").desks[0]).count() == 1
    with pytest.raises(Forbidden):
        take(case, "weigh_return", by="chen")
    for view in ("hospital_view", "county_view"):
        with pytest.raises(Invalid) as missing:
            take(case, "weigh_return", **{view: ""})
        assert missing.value.field == view


def test_what_was_said_is_sealed_and_read_by_the_school(db: None) -> None:
    case = on_leave()
    chen = actor("chen")
    with identity(chen):
        opened = reveal(chen, fresh(case), Section.values, Purpose.CARE)
    found = {one.words["leave"]: one for one in opened.entries if one.kind == "leave"}
    assert {code: one.section for code, one in found.items()} == {
        "begin": "plan",
        "assess": "risk",
        "talk": "guardian",
        "apply": "guardian",
    }
    assert found["apply"].words["until"] == day(60).isoformat()


@pytest.mark.parametrize("step", [*Move, "weigh_return", "pass", "refuse", "appeal_return", "uphold", "dismiss"])
def test_no_step_is_taken_where_it_does_not_belong(db: None, step: str) -> None:
    case = managed(YELLOW)
    with pytest.raises(WrongState):
        take(case, step)
    begun(case)
    if not LEAVE.allows("noticed", step):
        with pytest.raises(WrongState):
            take(case, step)
    assert leave_of(case).state == "noticed"


def test_a_refusal_names_what_is_missing_and_when_to_look_again(db: None) -> None:
    case = weighed()
    for field, value in (("missing", []), ("look_again", None), ("look_again", day(-1))):
        with pytest.raises(Invalid) as refused:
            take(case, "refuse", **{field: value})
        assert refused.value.field == field
    take(case, "refuse")
    leave = leave_of(case)
    assert (leave.state, leave.refused_by_id) == ("refused", actor("chen").id)
    assert running(case)["look_again"].due_at == end_of(day(21))
    with identity(actor("chen")):
        opened = reveal(actor("chen"), fresh(case), [Section.PLAN], Purpose.CARE)
    said = [one.words for one in opened.entries if one.words.get("leave") == "refuse"]
    assert said[0]["missing"] == ["settled", "support"] and said[0]["look_again"] == day(21).isoformat()


def test_the_appeal_goes_to_the_county_and_another_person_decides(db: None) -> None:
    case = weighed()
    take(case, "refuse")
    take(case, "appeal_return")
    appeal = running(case)["appeal"]
    assert appeal.desk.role == Role.COUNTY_TRIAGE and appeal.due_at > now()
    with pytest.raises(Forbidden):
        take(case, "uphold", by="chen")
    take(case, "uphold", by="zhou")
    leave = leave_of(case)
    assert (leave.state, leave.appeal_decided_by_id) == ("passed", actor("zhou").id) and agrees(case)


def test_where_the_county_refused_the_city_decides_and_never_who_refused(db: None) -> None:
    case = weighed()
    take(case, "refuse", by="zhou")
    take(case, "appeal_return", by="zhou")
    assert running(case)["appeal"].desk.role == Role.CITY_DUTY
    with pytest.raises(Invalid) as refused:
        take(case, "uphold", by="zhou")
    assert refused.value.field == "upheld"
    for field in ("missing", "look_again", "because"):
        with pytest.raises(Invalid):
            take(case, "dismiss", by="he", **{field: None})
    take(case, "dismiss", by="he")
    assert leave_of(case).state == "on_leave" and agrees(case)
    assert running(case)["look_again"].due_at == end_of(day(14))


def test_the_database_too_refuses_one_person_for_both(db: None) -> None:
    case = weighed()
    take(case, "refuse", by="zhou")
    with identity(actor("zhou")), pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.filter(case=case).update(appeal_decided_by=actor("zhou").id)


def test_a_second_try_after_a_refusal_needs_no_appeal(db: None) -> None:
    case = weighed()
    take(case, "refuse")
    for step in (*BACK, "pass"):
        take(case, step)
    assert leave_of(case).state == "passed" and leave_of(case).refused_by_id is None


def test_materials_can_be_asked_for_and_the_leave_goes_on_meanwhile(db: None) -> None:
    case = on_leave()
    take(case, Move.SUBMIT)
    take(case, Move.ASK_MORE)
    assert leave_of(case).state == "on_leave" and agrees(case)


@pytest.mark.parametrize(
    ("step", "more", "field"),
    [
        (Move.APPLY, {"application": " "}, "application"),
        (Move.APPLY, {"until": None}, "until"),
        (Move.APPLY, {"until": "yesterday"}, "until"),
        (Move.APPLY, {"from_day": "later"}, "until"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(db: None, step: Move, more: dict[str, Any], field: str) -> None:
    case = managed(YELLOW)
    begun(case)
    take(case, Move.ASSESS)
    take(case, Move.TALK)
    days = {"yesterday": day(-1), "later": day(80)}
    with pytest.raises(Invalid) as refused:
        take(case, step, **{name: days.get(str(value), value) for name, value in more.items()})
    assert refused.value.field == field and leave_of(case).state == "talked"


def test_nobody_comes_back_without_a_plan_and_whoever_does_stands_at_orange(db: None) -> None:
    case = weighed()
    take(case, "pass")
    with pytest.raises(Invalid) as refused:
        actions.move_leave(actor=actor("chen"), case=case, step=Move.COME_BACK, words=words(Move.COME_BACK))
    assert refused.value.field == "first_talk"
    assert fresh(case).tier == "yellow"
    take(case, Move.COME_BACK)
    assert fresh(case).tier == "orange" and clocks(case)["acknowledge"] == "running"


def test_for_three_months_after_the_return_nothing_is_lowered_below_orange(db: None, wait: Any) -> None:
    case = returned()
    actions.acknowledge(actor=actor("zhou"), case=case)

    def faults() -> set[str]:
        actions.assess_risk(actor=actor("chen"), case=case, words={"thoughts": "none"}, face_to_face=True)
        with identity(actor("zhou")):
            return set(actions.lowering_standing(fresh(case), Tier.YELLOW).faults)

    back = leave_of(case).returned_at
    assert back is not None
    wait(seconds=(return_talks(back, Policy())[3] - now()).total_seconds() - 60)
    assert {LoweringFault.AFTER_RETURN, LoweringFault.ASSESSED_HIGHER} <= faults()
    wait(minutes=2)
    assert not {LoweringFault.AFTER_RETURN, LoweringFault.ASSESSED_HIGHER} & faults()


def test_while_a_leave_is_open_nothing_is_lowered_to_green_or_closed_as_improved(db: None) -> None:
    case = on_leave()
    with identity(actor("zhou")):
        assert LoweringFault.LEAVE_OPEN in actions.lowering_standing(fresh(case), Tier.GREEN).faults
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    with pytest.raises(Invalid) as refused:
        actions.close_case(actor=actor("zhou"), case=case, reason="improved")
    assert "休学" in str(refused.value.message)


def test_the_contact_while_away_comes_by_tier_and_not_reached_leaves_it_running(db: None, wait: Any) -> None:
    case = on_leave()
    first = running(case)["leave_contact"]
    assert first.due_at - first.started_at == timedelta(days=14)
    wait(days=3)
    follow = {"actor": actor("chen"), "case": case, "words": words("follow")}
    actions.follow_leave(reached=False, **follow)
    assert running(case)["leave_contact"].pk == first.pk
    actions.follow_leave(reached=True, **follow)
    assert running(case)["leave_contact"].due_at == now() + timedelta(days=14)


def test_raised_the_contact_comes_sooner_and_never_later(db: None, wait: Any) -> None:
    case = on_leave()
    actions.raise_tier(actor=actor("chen"), case=case, to="orange")
    assert running(case)["leave_contact"].due_at == now() + timedelta(days=7)
    wait(days=6)
    actions.raise_tier(actor=actor("chen"), case=case, to="red")
    assert running(case)["leave_contact"].due_at == now() + timedelta(days=1)


def test_the_wall_shows_a_leave_to_nobody_without_a_grant(db: None) -> None:
    case = on_leave()
    for name, seen in {"chen": 4, "zhou": 4, "ye": 0, "wu": 0, "gao": 0, "he": 0, "shen": 0, "mallory": 0}.items():
        with identity(actor(name)):
            assert (Leave.objects.count(), LeaveStep.objects.count()) == (min(seen, 1), seen), name
    with identity(actor("ye")):
        assert Leave.objects.filter(case=case).update(state="ended") == 0


def test_a_missed_contact_climbs_the_ladder(db: None, wait: Any) -> None:
    case = on_leave()
    wait(days=14, minutes=1)
    for _ in range(3):
        tick()
    with identity(MACHINE):
        risen = Escalation.objects.filter(deadline=running(case)["leave_contact"]).order_by("level")
        assert [one.desk.role for one in risen][:1] == [Role.COUNTY_TRIAGE]


def test_the_talks_after_the_return_count_from_it_and_the_last_one_ends_the_leave(db: None, wait: Any) -> None:
    case = returned()
    back = leave_of(case).returned_at
    assert back is not None
    dates = []
    while talk := running(case).get("return_talk"):
        dates.append(talk.due_at)
        wait(seconds=(talk.due_at - now()).total_seconds())
        take(case, "follow")
    assert dates == return_talks(back, Policy())
    assert leave_of(case).state == "ended" and leave_of(case).ended_at is not None


def test_a_missed_talk_after_the_return_climbs_the_ladder_and_forbids_lowering(db: None, wait: Any) -> None:
    case = returned()
    wait(days=1, minutes=1)
    with identity(actor("zhou")):
        faults = actions.lowering_standing(fresh(case), Tier.YELLOW).faults
    assert LoweringFault.FOLLOW_UP_MISSED in faults
    for _ in range(3):
        tick()
    with identity(MACHINE):
        assert Escalation.objects.filter(deadline=running(case)["return_talk"]).exists()


def test_several_leaves_one_after_the_other_and_never_two_at_once(db: None) -> None:
    case = on_leave()
    with pytest.raises(Invalid) as refused:
        begun(case)
    assert refused.value.field == "desk"
    take(case, Move.CALL_OFF)
    returned(case)
    assert leave_of(case).number == 2
    again = begun(case)  # left again within the support
    assert (again.number, again.state) == (3, "noticed")
    with identity(MACHINE):
        assert list(Leave.objects.filter(case=case).order_by("number").values_list("state", flat=True)) == [
            "called_off",
            "ended",
            "noticed",
        ]
    assert agrees(case)


def test_who_may_begin_and_where(db: None) -> None:
    case, other = managed(YELLOW), desk("bailang", Role.SCHOOL_COUNSELLOR)
    given = {"case": case, "words": {"noticed": "三周未到校"}}
    for by, at in (("chen", other), ("zhou", desk("dinghai-centre", Role.COUNTY_TRIAGE))):
        with pytest.raises(Invalid) as refused:
            actions.begin_leave(actor=actor(by), desk=at, **given)
        assert refused.value.field == "desk"
    for stranger in ("lin", "wu", "ye", "he", "fang", "shen", "mallory"):
        with pytest.raises(Forbidden):
            begun(case, by=stranger)
    begun(case, by="zhou")
    assert running(case)["leave_step"].desk == desk("xinghe", Role.SCHOOL_COUNSELLOR)


def test_neither_a_teacher_nor_a_green_case_is_on_leave(db: None) -> None:
    for sheet in (GREEN, {**YELLOW, "about_kind": "teacher"}):
        case = acknowledged(sheet) if sheet is not GREEN else green()
        with pytest.raises((Invalid, Forbidden)):
            begun(case, by="zhou")


def green() -> Case:
    from tests.stage import call

    return call(GREEN)


def test_the_school_s_sight_lasts_as_long_as_the_leave(db: None, wait: Any) -> None:
    from cases.access import open_case

    case = on_leave()
    take(case, Move.EXTEND, until=day(400))
    wait(days=401)
    chen = actor("chen")
    with identity(chen):
        assert open_case(chen, case.reference).pk == case.pk
    assert ClockKind.LOOK_AGAIN in running(case)
