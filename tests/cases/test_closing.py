"""A case in danger closes by what stands behind the reason, or by two people: at the door, on the pages and by SQL."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.access import who_may_read
from cases.actions import closing_ways
from cases.beside_board import to_sign
from cases.closing import WAY_TEXT, Way, closing_way, signs
from cases.models import Case, CloseReason, Deadline, Lowering, Warning
from cases.queues import board
from cases.telling import How, Told, Whom
from cases.tiers import Tier
from referrals import actions as refer
from tests.access.test_by_sql import gains
from tests.api.stage import program
from tests.cases.test_handover import handed
from tests.cases.test_handover import ready as free
from tests.stage import RED, YELLOW, acknowledged, actor, call, desk, fresh, managed, referred, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people import actions as people
from wellbeing.people.models import Post, Role, User
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
BY_TWO = ("handed_to_health", "transferred_out", "graduated", "deceased")
SHUT = "UPDATE cases_case SET status = 'closed', closed_at = app_now(), close_reason = %(why)s WHERE id = %(case)s"


def red(words: Any = RED) -> Case:
    """A red case of Chen's school in which nothing is outstanding."""
    case = managed(words)
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    return fresh(case)


def asked(case: Case, by: str = "chen", **more: Any) -> Case:
    given = {"reason": "graduated", "note": "初三毕业离校"} | more
    made: Case = actions.close_case(actor=actor(by), case=case, **given)
    return made


def waiting(name: str) -> list[str]:
    who = actor(name)
    with identity(who):
        return [one.case.reference for one in to_sign(who)]


def seen_by_health(case: Case) -> None:
    """The hospital has reported, and the school has followed up."""
    referral, fang, zhou = referred(case), actor("fang"), actor("zhou")
    refer.receive(actor=fang, referral=referral)
    refer.book(actor=fang, referral=fresh(referral), at=now() + timedelta(hours=1))
    refer.record_feedback(
        actor=fang, referral=fresh(referral), attended=True, words={"seen": "yes", "conclusion": "已收治"}
    )
    refer.return_to_school(
        actor=zhou,
        referral=fresh(referral),
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        manager=User.objects.get(username="chen"),
        words={"advice": "减半作业"},
    )
    actions.follow_up(actor=actor("chen"), case=fresh(case), words={"how": "met"})
    refer.close_referral(actor=zhou, referral=fresh(referral))


@pytest.mark.parametrize("tier", Tier)
def test_what_a_reason_takes_is_one_table(tier: Tier) -> None:
    ways = {reason: closing_way(tier, reason, ["handed_to_health"]) for reason in CloseReason.values}
    if tier.rank > Tier.ORANGE.rank:
        assert set(ways.values()) == {Way.AT_ONCE}, "below danger one person closes"
        return
    assert ways.pop("improved") == ways.pop("no_concern") == Way.NEVER
    assert ways.pop("handed_to_health") == Way.BEHIND and ways.pop("duplicate") == Way.NAMED
    assert set(ways.values()) == {Way.BY_TWO}
    assert set(WAY_TEXT) == set(Way) - {Way.AT_ONCE}
    assert signs(tier, {"school_counsellor"}) == (tier == Tier.ORANGE) and signs(tier, {"city_duty"})


def test_a_red_case_stays_open_with_all_its_clocks_until_another_signs(wait: Any) -> None:
    case = red()
    with identity(MACHINE):
        before = set(Deadline.objects.filter(case=case, state="running").values_list("kind", flat=True))
    assert asked(case).status == fresh(case).status != "closed"
    with identity(MACHINE):
        assert set(Deadline.objects.filter(case=case, state="running").values_list("kind", flat=True)) == before
        assert Warning.objects.filter(case=case, ended_at=None).exists()
        assert Notice.objects.filter(kind="confirm_closing", target=f"case:{case.reference}").exists()
    # It is on the list of each who may sign: of the county's triage, not of the school, nor of her who asked.
    assert waiting("zhou") == waiting("luo") == [case.reference] and waiting("chen") == waiting("lin") == []
    with pytest.raises(Invalid, match="confirm"):
        actions.confirm_lowering(actor=actor("chen"), case=fresh(case))
    actions.confirm_lowering(actor=actor("zhou"), case=fresh(case))
    shut = fresh(case)
    assert (shut.status, shut.close_reason) == ("closed", "graduated")
    with identity(MACHINE):
        found = Lowering.objects.get(case=case)
        assert (found.proposed_by_id, found.confirmed_by_id) == (actor("chen").id, actor("zhou").id)
        assert not Deadline.objects.filter(case=case, state__in=("running", "paused")).exists()
    assert waiting("zhou") == []
    # Danger is heard again: it is opened again where it stood, and the county's triage is warned, and its owner told.
    wait(minutes=1)
    actions.reopen_case(actor=actor("lin"), reference=case.reference, to="red", because="昨夜再次来电")
    with identity(actor("zhou")):
        assert case.reference in {row.case.reference for row in board(actor("zhou")).rows}


@pytest.mark.parametrize("reason", BY_TWO)
def test_no_reason_without_a_record_behind_it_is_one_persons(reason: str) -> None:
    case = red()
    for name in ("zhou", "chen"):
        assert asked(case, name, reason=reason).status != "closed"
    with identity(MACHINE):
        assert Lowering.objects.filter(case=case, ended_at=None).count() == 1, "the later one stands"
    with pytest.raises(Invalid):  # it is hers now
        actions.confirm_lowering(actor=actor("chen"), case=fresh(case))


def test_what_is_heard_meanwhile_ends_the_proposal() -> None:
    again = {"thoughts": "active", "plan": "yes", "when": "now"}
    heard, sent = red(), red()
    asked(heard)
    actions.assess_risk(actor=actor("chen"), case=fresh(heard), words=again, face_to_face=False)
    with pytest.raises(WrongState):
        actions.confirm_lowering(actor=actor("zhou"), case=fresh(heard))
    asked(sent)
    referred(fresh(sent))
    with pytest.raises(Invalid, match="case"):  # a referral is outstanding now
        actions.confirm_lowering(actor=actor("zhou"), case=fresh(sent))
    assert fresh(heard).status != "closed" != fresh(sent).status


def test_who_is_alone_at_her_desk_has_the_citys_duty_sign() -> None:
    case = red()
    with identity(MACHINE):
        post = Post.objects.get(user__username="luo", desk__role=Role.COUNTY_TRIAGE)
    people.end_post(actor=actor("sun"), post=post, last_day=None, because="调离")
    asked(case, "zhou")
    assert waiting("he") == [case.reference]
    actions.confirm_lowering(actor=actor("he"), case=fresh(case))
    assert fresh(case).status == "closed"


def test_handed_to_health_closes_by_one_once_the_hospital_has_seen_the_person(wait: Any) -> None:
    case = red()
    withdrawn = referred(case)
    refer.withdraw(actor=actor("zhou"), referral=withdrawn)
    assert asked(fresh(case), "zhou", reason="handed_to_health").status != "closed", "nobody there has seen it"
    wait(minutes=1)
    seen_by_health(fresh(case))
    with identity(actor("chen")):  # who sees none of the county's referrals
        assert closing_ways(fresh(case))["handed_to_health"] == Way.BEHIND
    with identity(actor("ye")):
        assert closing_ways(fresh(case))["handed_to_health"] == Way.BY_TWO, "nothing is said to strangers"
    wait(minutes=1)
    again = {"thoughts": "active", "plan": "yes", "when": "now"}
    actions.assess_risk(actor=actor("zhou"), case=fresh(case), words=again, face_to_face=True)
    with identity(actor("zhou")):
        assert closing_ways(fresh(case))["handed_to_health"] == Way.BY_TWO, "danger since then was seen by nobody there"
    wait(minutes=1)
    other = red()
    wait(minutes=1)
    seen_by_health(other)
    assert asked(fresh(other), "zhou", reason="handed_to_health").status == "closed"


def test_changed_school_closes_by_one_once_another_county_has_taken_the_file(wait: Any) -> None:
    case = free(RED)
    wait(minutes=1)
    handed(case)
    with identity(actor("lin")):
        ways = closing_ways(fresh(case))
    assert ways["transferred_out"] == ways["graduated"] == Way.BEHIND


def test_by_sql_no_red_case_is_closed_by_one(wait: Any) -> None:
    case = red()
    orange = red()
    given = {"case": case.pk}
    for name in ("zhou", "chen", "lin"):
        for why in (*BY_TWO, "improved", "no_concern", "duplicate", ""):
            assert gains(name, SHUT, told=case, why=why, **given) == 0, (name, why)
    asked(case, "zhou")
    wait(minutes=1)
    assert gains("zhou", SHUT, told=case, why="graduated", **given) == 0, "her own proposal"
    assert gains("chen", SHUT, told=case, why="graduated", **given) == 0, "no triage of a red one"
    assert gains("luo", SHUT, told=case, why="deceased", **given) == 0, "another reason than was proposed"
    ends = "UPDATE cases_lowering SET ended_at = app_now(), confirmed_by_id = %(me)s WHERE case_id = %(case)s"
    assert gains("luo", ends, **given) == 0, "confirmed, and not closed"
    assert gains("luo", SHUT, told=case, why="graduated", **given) == 1
    assert fresh(orange).status != "closed"


def test_the_page_says_beforehand_what_each_reason_takes_and_loses_nothing(wait: Any) -> None:
    case, chen, zhou = red(), signed_in("chen"), signed_in("zhou")
    url = reverse("close_case", args=[case.reference])
    page = chen.get(url).content.decode()
    assert page.count("第二人签字") >= 4 and "先降级" in page
    refused = chen.post(url, {"reason": "duplicate", "note": "与另一份重复", "key": str(uuid4())})
    assert refused.status_code == 422 and "与另一份重复" in refused.content.decode()
    sent = chen.post(url, {"reason": "graduated", "note": "初三毕业离校", "key": str(uuid4())}, follow=True)
    assert sent.redirect_chain[-1][0] == reverse("case", args=[case.reference])
    assert "等待第二人签字" in sent.content.decode()
    assert reverse("confirm_lowering", args=[case.reference]) not in sent.content.decode(), "not hers to sign"
    listed = zhou.get(reverse("board")).content.decode()
    assert 'id="to-sign"' in listed and reverse("confirm_lowering", args=[case.reference]) in listed
    look = zhou.get(reverse("confirm_lowering", args=[case.reference])).content.decode()
    assert "初三毕业离校" in look
    signed = zhou.post(reverse("confirm_lowering", args=[case.reference]), {"key": str(uuid4())}, follow=True)
    assert "个案已结案" in signed.content.decode() and fresh(case).status == "closed"
    quiet = acknowledged(YELLOW)
    assert "第二人" not in zhou.get(reverse("close_case", args=[quiet.reference])).content.decode()


def test_a_program_closes_and_pauses_no_more_than_its_person(wait: Any) -> None:
    case, zhou, luo = red(), program("zhou"), program("luo")
    assert zhou.act("close_case", case.reference, reason="graduated").status_code == 200
    assert fresh(case).status != "closed"
    assert zhou.act("confirm_lowering", case.reference).status_code == 422
    given = {"kind": "reassess", "why": "weather", "because": "停航"}
    assert zhou.act("pause_clock", case.reference, **given).status_code == 200
    wait(minutes=1)
    assert zhou.act("resume_clock", case.reference, kind="reassess").status_code == 200
    assert zhou.act("pause_clock", case.reference, **given).status_code == 422
    assert luo.act("confirm_lowering", case.reference).status_code == 200 and fresh(case).status == "closed"


def test_no_case_closes_while_a_schools_request_waits_for_its_county() -> None:
    case = red(YELLOW)
    refer.submit_referral(
        actor=actor("chen"),
        case=case,
        words={"summary": "近两周情绪低落", "measures": "每日面谈", "question": "请评估"},
    )
    for name, reason in (("chen", "improved"), ("zhou", "graduated")):
        with pytest.raises(Invalid, match="case"):
            asked(fresh(case), name, reason=reason)
    assert fresh(case).status != "closed"


def test_closing_ends_every_grant_and_clock_and_refuses_what_is_outstanding(db: None) -> None:
    case = acknowledged(YELLOW)
    referral = referred(case)
    zhou = actor("zhou")
    with pytest.raises(Invalid):
        actions.close_case(actor=zhou, case=case, reason="handed_to_health")
    from referrals import actions as referrals

    referrals.withdraw(actor=zhou, referral=referral)
    with pytest.raises(Invalid):
        actions.close_case(actor=actor("lin"), case=case, reason="improved")
    closed = actions.close_case(actor=zhou, case=case, reason="handed_to_health")
    assert closed.status == "closed"
    with identity(MACHINE):
        assert who_may_read(closed) == []
        assert not Deadline.objects.filter(case=case, state="running").exists()
    with pytest.raises(Forbidden):
        actions.raise_tier(actor=zhou, case=case, to="red")


def test_a_red_case_is_a_duplicate_only_of_a_file_that_is_as_grave(db: None) -> None:
    red, twin, lower, zhou = acknowledged(), acknowledged(), acknowledged(YELLOW), actor("zhou")
    for case in (red, twin):
        actions.tell(actor=zhou, case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    beyond = call(division="330903")
    notes = ("", "见另一份卷宗", *(f"并入{one.reference}处理" for one in (red, lower, beyond)), "ZS-2222-2222")
    for note in notes:
        with pytest.raises(Invalid) as refused:
            actions.close_case(actor=zhou, case=red, reason="duplicate", note=note)
        assert refused.value.field == "note" and fresh(red).status == "acknowledged"
    note = f"并入{twin.reference.lower()}处理"
    assert not actions.close_case(actor=zhou, case=red, reason="duplicate", note=note).closed_at, "another looks too"
    lowers = fresh(twin)
    with identity(MACHINE):
        type(lowers).objects.filter(pk=lowers.pk).update(status="closed", closed_at=lowers.opened_at)
    with pytest.raises(Invalid, match="confirm"):  # the other one has closed meanwhile
        actions.confirm_lowering(actor=actor("luo"), case=fresh(red))
    with identity(MACHINE):
        type(lowers).objects.filter(pk=lowers.pk).update(status="acknowledged", closed_at=None)
    assert actions.confirm_lowering(actor=actor("luo"), case=fresh(red)).closed_at
    assert actions.close_case(actor=zhou, case=lower, reason="duplicate").closed_at, "below orange as before"
    with pytest.raises(Invalid):  # the other one is closed: nothing is left to go on in
        actions.close_case(actor=zhou, case=twin, reason="duplicate", note=red.reference)


def test_who_signs_signs_what_she_was_shown_and_nothing_that_came_in_its_place(wait: Any) -> None:
    """Her page shows one proposal while another is written: her click would have closed a red case by it."""
    case, zhou = red(), signed_in("zhou")
    url = reverse("confirm_lowering", args=[case.reference])
    actions.close_case(actor=actor("chen"), case=case, reason="transferred_out", note="转学")
    shown = zhou.get(url).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen and "转学" in shown
    actions.close_case(actor=actor("chen"), case=fresh(case), reason="graduated", note="初三毕业离校")
    answer = zhou.post(url, {"seen": seen[1], "key": str(uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 422 and fresh(case).status != "closed" and "初三毕业离校" in page
    again = re.search(r'name="seen" value="([^"]+)"', page)
    assert again and again[1] != seen[1]
    zhou.post(url, {"seen": again[1], "key": str(uuid4())})
    assert fresh(case).status == "closed", "now she has seen it"


def test_in_danger_a_follow_up_that_reached_nobody_does_not_put_the_clock_off(wait: Any) -> None:
    case, chen = managed(), actor("chen")

    def clock() -> Deadline:
        with identity(actor("zhou")):
            return Deadline.objects.get(case=case, kind="follow_up", state="running")

    first, tried = clock(), {"how": "unreached", "note": "电话无人接听"}
    wait(minutes=30)
    actions.follow_up(actor=chen, case=fresh(case), words=tried)
    assert clock().pk == first.pk and clock().due_at == first.due_at
    with pytest.raises(Invalid):
        actions.follow_up(actor=chen, case=fresh(case), words=tried, next_at=first.due_at + timedelta(minutes=1))
    sooner = now() + timedelta(hours=2)
    actions.follow_up(actor=chen, case=fresh(case), words=tried, next_at=sooner)
    assert clock().due_at == sooner < first.due_at
    actions.follow_up(actor=chen, case=fresh(case), words={"how": "met"})
    assert clock().due_at > first.due_at
