"""The demo's green channel: five invented journeys, each at another step, so that every desk has something to do.

Played through the two doors as the cast would, with the clock of this connection set back and let run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from cases import actions as cases
from cases.models import Case
from cases.telling import How, Told, Whom
from referrals import actions as referrals
from referrals.crossing import Port, Vessel
from referrals.models import ConsentOutcome, Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.models import Hold
from wellbeing.demo.red_case import account, actor, move_clock
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now

ACTIVE = {"caller_kind": "self", "about_kind": "student", "thoughts": "active", "plan": "no"}
CALLS: dict[str, dict[str, Any]] = {
    "asks": {
        **ACTIVE,
        "name": "小汐",
        "gender": "female",
        "age": 15,
        "stage": "junior",
        "plan": "yes",
        "when": "week",
        "narrative": "夜里总睡不着,不想见人",
    },
    "answers": {
        **{"caller_kind": "parent", "about_kind": "student", "name": "小礁", "gender": "male", "age": 13},
        **{"stage": "junior", "thoughts": "passive", "narrative": "三周没去学校,说活着没意思"},
    },
    "at_once": {
        **{**ACTIVE, "name": "小岚", "gender": "female", "age": 17, "stage": "senior", "plan": "yes", "when": "now"},
        **{"means": "yes", "alone": "no", "narrative": "写好了告别的话,母亲已经赶到"},
    },
    "at_sea": {
        **ACTIVE,
        "name": "小帆",
        "gender": "male",
        "age": 14,
        "stage": "junior",
        "narrative": "住在外岛,父亲出海未归",
    },
    "reported": {
        **ACTIVE,
        "name": "小贝",
        "gender": "female",
        "age": 16,
        "stage": "senior",
        "narrative": "考试后一直哭,手臂有旧伤",
    },
}
REQUEST = {
    "summary": "近两周失眠、回避同学,说过不想活",
    "measures": "已面谈两次,家长已到校",
    "review": "校内研判:分管校长、心理教师、班主任",
    "question": "请协助转介医院评估",
}
LETTER = {
    "summary": "近期情绪低落,有自伤想法,无具体计划",
    "measures": "家长陪护,已作安全计划",
    "question": "请评估并给出在校建议",
}
REPORT = {
    "seen": "yes",
    "risk": "目前平稳,需继续观察",
    "conclusion": "(虚构)门诊随访",
    "advice": "减轻作业,固定同伴,每周一次面谈",
    "next_visit": "两周后",
}


def load_under_way() -> int:
    """Play the five journeys; nothing where a referral exists already. Returns how many were made."""
    with identity(Actor.machine("demo")):
        if Referral.objects.exists():
            return 0
    try:
        move_clock(timedelta(days=-2))
        sent = _seen_soon()
        move_clock(timedelta(hours=20))
        referrals.record_feedback(actor=actor("fang"), referral=sent, attended=True, words=REPORT)
        _at_sea()
        move_clock(timedelta(hours=24))
        _asked_for_more()
        move_clock(timedelta(hours=2, minutes=20))
        _asks()
        move_clock(timedelta(minutes=25))
        _at_once()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.clock_offset', '', false)")
    return len(CALLS)


def _taken(name: str, division: str, triage: str) -> Case:
    """A call that its county has acknowledged, with everybody told who must be."""
    by = actor(triage)
    case: Case = cases.take_call(actor=actor("lin"), call=cases.CallSheet(words=CALLS[name], division=division))
    move_clock(timedelta(minutes=3))
    cases.acknowledge(actor=by, case=case)
    for whom in (Whom.GUARDIAN, Whom.PRINCIPAL, Whom.CITY):
        cases.tell(actor=by, case=case, whom=whom, told=Told.TOLD, how=How.PHONE, words={}, desk_id=by.desks[0])
    return case


def _at_school(name: str, division: str, triage: str, counsellor: str, school: str) -> Case:
    case = _taken(name, division, triage)
    manager = account(counsellor)
    cases.assign_manager(actor=actor(triage), case=case, manager=manager, desk=_desk(school, Role.SCHOOL_COUNSELLOR))
    return case


def _asks() -> None:
    """A school has asked; the county has not decided yet. The school's crisis lead is shown the cover."""
    case = _at_school("asks", "330902", "zhou", "chen", "xinghe")
    lead = _desk("xinghe", Role.SCHOOL_CRISIS_LEAD)
    until, because = now() + timedelta(days=14), "请分管校领导知悉,一起联系家长"
    cases.grant_access(actor=actor("lin"), case=case, to=lead, hold=Hold.SEE, until=until, because=because)
    referrals.submit_referral(actor=actor("chen"), case=case, words=REQUEST)


def _asked_for_more() -> None:
    """The county has asked the school for two fields."""
    case = _at_school("answers", "330903", "ye", "wu", "bailang")
    asked = referrals.submit_referral(actor=actor("wu"), case=case, words=REQUEST)
    referrals.ask_for_more(
        actor=actor("ye"), referral=asked, fields=["consent", "guardian_contact"], note="请补充监护人联系方式"
    )


def _at_once() -> None:
    """An emergency on its way to the hospital on duty; the letter follows."""
    case = _taken("at_once", "330902", "luo")
    _send(case, "luo", "haiyun", ConsentOutcome.NOT_SOUGHT, {"summary": "紧急:人已在路上,母亲陪同"}, emergency=True)


def _at_sea() -> None:
    """Received, with an appointment, and a crossing planned for it."""
    case = _taken("at_sea", "330903", "ye")
    sent = _send(case, "ye", "beichen", ConsentOutcome.GIVEN, LETTER)
    move_clock(timedelta(minutes=30))
    referrals.receive(actor=actor("tao"), referral=sent)
    referrals.book(actor=actor("tao"), referral=sent, at=now() + timedelta(days=2))
    referrals.plan_crossing(
        actor=actor("ye"),
        referral=sent,
        from_port=Port.DENGBU,
        to_port=Port.SHENJIAMEN,
        vessel=Vessel.FERRY,
        departs_at=now() + timedelta(days=1, hours=22),
        arrives_at=now() + timedelta(days=1, hours=23),
        escorts=["帆舅舅", "心理教师"],
        words={"contact": "00000000009"},
    )


def _seen_soon() -> Referral:
    """Sent, received and booked; the hospital's report comes later, and then the return to school is to be planned."""
    case = _taken("reported", "330902", "zhou")
    sent = _send(case, "zhou", "haiyun", ConsentOutcome.GIVEN, LETTER)
    referrals.receive(actor=actor("fang"), referral=sent)
    referrals.book(actor=actor("fang"), referral=sent, at=now() + timedelta(hours=18))
    return sent


def _send(case: Case, by: str, to: str, consent: str, words: Mapping[str, Any], emergency: bool = False) -> Referral:
    sent: Referral = referrals.open_channel(
        actor=actor(by),
        case=case,
        destination=_desk(f"{to}-hospital", Role.HOSPITAL_LIAISON),
        consent=consent,
        words=words,
        emergency=emergency,
    )
    return sent


def _desk(code: str, role: Role) -> Desk:
    return Desk.objects.select_related("organisation").get(organisation__code=code, role=role)
