"""One leave from school in the demo city: a student who has been away for weeks and whose return waits for the county.

Every step goes through the doors, as the person who would take it, on the days before today.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from cases import actions
from cases.leave import Move
from cases.models import Case, Leave
from cases.telling import How, Told, Whom
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.red_case import account, actor, move_clock
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import TIMEZONE, now

WORDS = {
    "caller_kind": "parent",
    "about_kind": "student",
    "name": "小澜",
    "gender": "female",
    "age": 13,
    "stage": "junior",
    "school": "星河初级中学",
    "guardian_name": "澜爸爸",
    "topics": ["emotion", "study"],
    "narrative": "三周不肯进教室,夜里睡不着",
    "thoughts": "passive",
}


def load_leave() -> None:
    """The call forty days ago, the leave after it, the contacts, and the materials of yesterday; once."""
    with identity(Actor.machine("demo")):
        if Leave.objects.exists():
            return
    lin, zhou, chen = actor("lin"), actor("zhou"), actor("chen")
    school = Desk.objects.get(organisation__code="xinghe", role=Role.SCHOOL_COUNSELLOR)
    try:
        _days_ago(40)
        case = actions.take_call(actor=lin, call=actions.CallSheet(words=WORDS, division="330902"))
        actions.acknowledge(actor=zhou, case=case)
        for whom in (Whom.GUARDIAN, Whom.PRINCIPAL):
            actions.tell(actor=zhou, case=case, whom=whom, told=Told.TOLD, how=How.PHONE, words={})
        actions.assign_manager(actor=zhou, case=case, manager=account("chen"), desk=school)
        actions.begin_leave(
            actor=chen, case=case, desk=school, words={"noticed": "班主任上报:连续三周未进教室"}, desk_id=school.pk
        )
        _step(chen, case, Move.ASSESS, assessor="hospital", finding="疑似情绪低落,建议门诊与休息")
        _step(chen, case, Move.TALK, family="father", agreed="yes", own_wish="想先在家休息", said="每两周一次联系")
        _step(
            chen,
            case,
            Move.APPLY,
            from_day=_day(1),
            until=_day(60),
            application="纸质第 12 号",
            care="爸爸在家,夜里由奶奶陪",
        )
        for days in (36, 28, 15, 3):
            _days_ago(days)
            words = {"talker": "counsellor", "going": "作息渐稳,愿意谈学校"}
            actions.follow_leave(actor=chen, case=case, reached=True, words=words, desk_id=school.pk)
            actions.follow_up(actor=chen, case=case, words={"how": "home_visit"}, desk_id=school.pk)
            actions.assess_risk(
                actor=chen, case=case, words={"thoughts": "passive"}, face_to_face=True, desk_id=school.pk
            )
        _days_ago(1)
        _step(chen, case, Move.SUBMIT, materials=["hospital_advice", "application", "own_wish"])
        _step(chen, case, Move.REVIEW, school_view="可安排半天课、固定同伴和值班导师")
    finally:
        _days_ago(0)


def _step(who: Actor, case: Case, step: Move, **words: Any) -> None:
    actions.move_leave(actor=who, case=case, step=step, words=words, desk_id=who.desks[0])


def _day(ahead: int) -> date:
    return (now().astimezone(TIMEZONE) + timedelta(days=ahead)).date()


def _days_ago(days: int) -> None:
    """Set the clock of this connection so many days back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clock_offset', '', false)")
    if days:
        move_clock(timedelta(days=-days))
