"""A file that has gone to another county or school is gone: nothing that happens in it is told where it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.actions import CallSheet
from cases.models import Case, Escalation
from cases.tick import tick
from cases.transfer import Basis, Scope
from referrals import actions as referrals
from tests.cases.test_ring_again import rung
from tests.cases.test_students import new_colleague
from tests.cases.transfer_stage import PUTUO, WHY
from tests.stage import RED, actor, call, desk, fresh, managed
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")


def asked(case: Case, by: str) -> None:
    given: dict[str, Any] = {"division": PUTUO, "scope": Scope.WHOLE, "basis": Basis.SAFETY, "words": WHY}
    actions.ask_transfer(actor=actor(by), case=fresh(case), **given)


def told(kind: str) -> set[tuple[int | None, int | None]]:
    """Accounts and desks that were told on the page."""
    with identity(MACHINE):
        rows = Notice.objects.filter(kind=kind, channel="in_app")
        return set(rows.values_list("user_id", "desk_id"))


def test_what_is_new_of_a_call_is_not_told_to_who_took_its_warning_in_the_old_county() -> None:
    lin, draft = actor("lin"), uuid7()
    sheet = CallSheet(words=RED, division="330902")
    case = actions.take_call(actor=lin, call=sheet, draft=draft, goes_on=True, key=draft)
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    asked(case, "zhou")
    actions.accept_transfer(actor=actor("ye"), case=fresh(case))
    more = CallSheet(words={**RED, "narrative": "在码头"}, division="330902")
    actions.continue_call(actor=lin, case=fresh(case), call=more, draft=draft, last=True)
    news = told("call_news")
    assert (None, actor("ye").desks[0]) in news
    assert actor("zhou").id not in {user for user, _desk in news}


def test_that_a_file_was_sent_back_is_told_to_who_has_it(wait: Any) -> None:
    """The county names another school's counsellor while the first one's asking waits."""
    new_colleague()
    case = managed()
    asked(case, "chen")
    there = desk("wangchao", Role.SCHOOL_COUNSELLOR)
    yu = User.objects.get(username="yu")
    actions.assign_manager(actor=actor("zhou"), case=fresh(case), manager=yu, desk=there)
    actions.refuse_transfer(actor=actor("ye"), case=fresh(case), because="未找到学生")
    desks = {at for _user, at in told("transfer_refused")}
    assert actor("chen").desks[0] not in desks and actor("zhou").desks[0] in desks


def test_a_red_warning_that_went_along_rings_in_the_new_county_alone(wait: Any) -> None:
    """A clock of the school's had come up to the old county before."""
    case = call()
    chen, school = User.objects.get(username="chen"), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=case, manager=chen, desk=school)
    wait(days=3)
    tick()
    old = actor("zhou").desks[0]
    with identity(MACHINE):
        assert Escalation.objects.filter(case=case, desk_id=old).exists()
    asked(case, "zhou")
    actions.accept_transfer(actor=actor("ye"), case=fresh(case))
    before = len(rung(case))
    for _turn in range(6):
        wait(minutes=3, seconds=1)
        tick()
    later = rung(case)[before:]
    assert "ye" in later and not {"zhou", "luo"} & set(later)


def test_a_school_that_asked_for_a_referral_reads_on_until_it_ends_and_no_longer() -> None:
    """The student comes back to another school."""
    new_colleague()
    case, zhou, fang = managed(), actor("zhou"), actor("fang")
    referral = referrals.submit_referral(actor=actor("chen"), case=case, words={"summary": "请评估"})
    hospital = desk("haiyun-hospital", Role.HOSPITAL_LIAISON)
    referral = referrals.send_referral(
        actor=zhou, referral=referral, destination=hospital, consent="given", words={"summary": "请评估"}
    )
    referrals.receive(actor=fang, referral=fresh(referral))
    referrals.book(actor=fang, referral=fresh(referral), at=now() + timedelta(hours=1), slot_id=None)
    referrals.record_feedback(actor=fang, referral=fresh(referral), attended=True, words={"advice": "减半作业"})
    there, yu = desk("wangchao", Role.SCHOOL_COUNSELLOR), User.objects.get(username="yu")
    plan: dict[str, Any] = {"desk": there, "manager": yu, "words": {"advice": "减半作业"}}
    referrals.return_to_school(actor=zhou, referral=fresh(referral), **plan)
    assert reads("chen", case), "a referral that she asked for is under way"
    actions.follow_up(actor=actor("yu"), case=fresh(case), words={"how": "met"})
    referrals.close_referral(actor=zhou, referral=fresh(referral))
    assert reads("yu", case) and not reads("chen", case)


def reads(name: str, case: Case) -> bool:
    who = actor(name)
    with identity(who):
        return may(who, P.FILE_READ, fresh(case))
