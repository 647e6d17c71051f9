"""A leave brought to a state, through the doors, as the people who would take each step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cases import actions
from cases.leave import Move
from cases.models import Case, Leave
from tests.stage import YELLOW, actor, desk, managed
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Role
from wellbeing.workdays import TIMEZONE, now

PLAN = {"advice": "减半作业,固定同伴", "mentor": "值班导师甲", "signs": "独处、不回消息"}
NOTICED = {"noticed": "连续三周不进教室,班主任上报", "school_days": "21"}


def day(ahead: int) -> date:
    return (now().astimezone(TIMEZONE) + timedelta(days=ahead)).date()


def words(step: str) -> dict[str, Any]:
    """Enough for each step."""
    return {
        Move.ASSESS: {"assessor": "hospital", "finding": "疑似抑郁,建议门诊"},
        Move.TALK: {"family": "mother", "agreed": "yes", "own_wish": "想先休息"},
        Move.APPLY: {"from_day": day(1), "until": day(60), "application": "纸质第 7 号", "care": "母亲在家"},
        Move.EXTEND: {"until": day(90), "because": "医院建议再休息一个月"},
        Move.SUBMIT: {"materials": ["hospital_advice", "application"], "note": "已交"},
        Move.ASK_MORE: {"missing": ["own_wish"]},
        Move.REVIEW: {"school_view": "可安排半天课"},
        Move.COME_BACK: {"first_talk": "班主任"},
        Move.CALL_OFF: {"because": "家庭决定留校"},
        "weigh_return": {"hospital_view": "可返校,继续门诊", "county_view": "支持半天返校"},
        "pass": {"conditions": "固定座位"},
        "refuse": {"missing": ["settled", "support"], "look_again": day(21)},
        "appeal_return": {"appellant": "mother", "appeal": "孩子想回学校"},
        "uphold": {"because": "条件已具备"},
        "dismiss": {"missing": ["settled"], "look_again": day(14), "because": "仍有计划"},
        "follow": {"talker": "class_teacher", "going": "作息恢复"},
    }[step]


def begun(case: Case, *, by: str = "chen") -> Leave:
    made: Leave = actions.begin_leave(
        actor=actor(by), case=case, desk=desk("xinghe", Role.SCHOOL_COUNSELLOR), words=NOTICED
    )
    return made


def take(case: Case, step: str, *, by: str = "", **more: Any) -> Any:
    """One step by whoever takes it as a rule: Chen at school, Zhou at the county, Luo on an appeal."""
    given = {"case": case, "words": {**words(step), **more}}
    who = by or {"weigh_return": "zhou", "uphold": "luo", "dismiss": "luo"}.get(step, "chen")
    if step in set(Move):
        if step == Move.COME_BACK:
            actions.plan_return(actor=actor(who), case=case, words=PLAN)
        return actions.move_leave(actor=actor(who), step=Move(step), **given)
    if step in ("pass", "refuse"):
        return actions.decide_return(actor=actor(who), passed=step == "pass", **given)
    if step in ("uphold", "dismiss"):
        return actions.decide_appeal(actor=actor(who), upheld=step == "uphold", **given)
    if step == "follow":
        return actions.follow_leave(actor=actor(who), reached=True, **given)
    return getattr(actions, step)(actor=actor(who), **given)


AWAY = (Move.ASSESS, Move.TALK, Move.APPLY)
BACK = (Move.SUBMIT, Move.REVIEW, "weigh_return")


def on_leave(case: Case | None = None) -> Case:
    case = case or managed(YELLOW)
    begun(case)
    for step in AWAY:
        take(case, step)
    return case


def weighed(case: Case | None = None) -> Case:
    case = on_leave(case)
    for step in BACK:
        take(case, step)
    return case


def returned(case: Case | None = None) -> Case:
    case = weighed(case)
    take(case, "pass")
    take(case, Move.COME_BACK)
    return case


def leave_of(case: Case) -> Leave:
    """The newest leave, as it is now."""
    with identity(Actor.machine("test")):
        return Leave.objects.filter(case=case).order_by("-number")[0]
