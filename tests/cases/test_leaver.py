"""A manager leaves: her cases are nobody's from that transaction on, her desk is told, and red and orange are watched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import visible_cases
from cases.clocks import ClockKind
from cases.groups import Group
from cases.models import Case, Deadline, DeadlineState, Handover
from cases.tick import release_left, stand_in_for_all
from referrals import actions as referrals
from tests.cases.school_stage import report
from tests.stage import GREEN, RED, YELLOW, actor, call, desk, fresh, referred
from wellbeing.access.actor import identity
from wellbeing.access.grants import grant
from wellbeing.access.machines import POSTS
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.sound import sound
from wellbeing.errors import Forbidden
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people.actions import end_post
from wellbeing.people.models import Post, Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.web.management.commands.ticker import end_grants
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def managed_by(name: str, words: Any) -> Case:
    case = call(words)
    if words is RED:
        actions.acknowledge(actor=actor("zhou"), case=case)
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    user = User.objects.get(username=name)
    actions.assign_manager(actor=actor("zhou"), case=case, manager=user, desk=school)
    return fresh(case)


def told(kind: str) -> set[tuple[str, int | None]]:
    return {(one.target, one.desk_id) for one in Notice.objects.filter(kind=kind, desk_id__isnull=False)}


def test_her_cases_are_not_left_with_her_and_a_red_one_is_watched() -> None:
    red, yellow = managed_by("chen", RED), managed_by("chen", YELLOW)
    school, chen = desk("xinghe", Role.SCHOOL_COUNSELLOR), actor("chen").person
    due = Deadline.objects.get
    with identity(actor("zhou")):
        before = due(case=red, kind=ClockKind.FOLLOW_UP, state=DeadlineState.RUNNING).due_at
    post = Post.objects.get(user_id=chen)
    end_post(actor=actor("sun"), post=post, last_day=None, because="离岗")
    with identity(actor("zhou")):
        for case in (red, yellow):
            assert Case.objects.get(pk=case.pk).manager_id is None
        clock = due(case=red, kind=ClockKind.FOLLOW_UP, state=DeadlineState.RUNNING)
        assert clock.desk_id == school.pk and clock.due_at <= before
        board = Client(HTTP_HOST="127.0.0.1")
    board.force_login(User.objects.get(username="zhou"))
    assert "暂无管理员" in board.get(reverse("board")).content.decode()
    with identity(POSTS):
        assert told("manager_left") == {(f"case:{red.reference}", school.pk)}
        assert told("managers_left") == {("handovers", school.pk)}


@pytest.mark.parametrize("days", [1, 30])  # a release that failed for weeks is tried again
def test_a_post_that_ends_by_its_date_releases_at_the_tickers_look_and_once(days: int, wait: Any) -> None:
    case = managed_by("chen", YELLOW)
    post = Post.objects.get(user_id=actor("chen").person)
    end_post(actor=actor("sun"), post=post, last_day=now().date(), because="离岗")
    assert release_left() == 0 and fresh(case).manager_id is not None
    wait(days=days)
    assert release_left() == 1 and fresh(case).manager_id is None
    assert release_left() == 0


def named_elsewhere(case: Case) -> None:
    with identity(POSTS):
        yu, school = account("yu", "于舟(新)", "x"), desk("wangchao", Role.SCHOOL_COUNSELLOR)
        appoint(yu, school, starts_on=now().date())
    actions.assign_manager(actor=actor("zhou"), case=fresh(case), manager=yu, desk=school)


def test_the_school_of_whoever_managed_it_before_has_no_part_in_it_any_more() -> None:
    """Named by mistake, or left by the student: nobody could have ended it, and it read on for half a year."""
    case, chen = managed_by("chen", RED), actor("chen")
    actions.flag_groups(actor=chen, case=fresh(case), groups=[Group.LEFT_BEHIND], desk_id=chen.desks[0])
    named_elsewhere(case)
    page = Client(HTTP_HOST="127.0.0.1")
    page.force_login(User.objects.get(username="chen"))
    assert page.get(reverse("case_file", args=[case.reference])).status_code == 404
    assert case.reference in page.get(reverse("ended_cases")).content.decode()
    school = desk("wangchao", Role.SCHOOL_COUNSELLOR)
    with identity(actor("yu")):
        assert may(actor("yu"), P.FILE_READ, case)
        running = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING)
        kinds = (ClockKind.FOLLOW_UP, ClockKind.CONFIRM_GROUPS)
        assert {clock.desk_id for clock in running.filter(kind__in=kinds)} == {school.pk}
        assert not running.filter(desk_id=chen.desks[0]).exists()
    with identity(POSTS):
        assert told("transfer_accepted") == {("", chen.desks[0])}


def test_a_school_stays_with_what_is_its_own_when_somebody_elsewhere_is_named() -> None:
    under_way, own = managed_by("chen", RED), report("小渔")
    referred(under_way)
    named_elsewhere(under_way)
    actions.raise_tier(actor=actor("chen"), case=fresh(own), to="yellow")  # the county sees it
    yu, school = User.objects.get(username="yu"), desk("wangchao", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=fresh(own), manager=yu, desk=school)
    with identity(actor("chen")):
        assert may(actor("chen"), P.FILE_READ, under_way), "a referral is under way"
        assert may(actor("chen"), P.FILE_READ, own), "it was reported to her school"


def test_who_goes_on_at_the_same_desk_keeps_her_cases() -> None:
    """Another post of hers ends: what she manages through the one that goes on stays hers."""
    from wellbeing.access.actor import Actor
    from wellbeing.people.set_up import appoint

    case = managed_by("chen", YELLOW)
    with identity(Actor.machine("demo")):
        second = appoint(
            User.objects.get(username="chen"), desk("bailang", Role.SCHOOL_COUNSELLOR), starts_on=now().date()
        )
    end_post(actor=actor("sun"), post=second, last_day=None, because="兼岗结束")
    assert fresh(case).manager_id == actor("chen").person


@pytest.mark.parametrize("at_once", [True, False])
def test_the_calls_of_a_counsellor_who_left_are_with_her_supervisor(wait: Any, at_once: bool) -> None:
    """What she held of the hotline was hers alone: without her nobody could open it, or call back."""
    quiet, grave, other = call(GREEN), call(RED), call(GREEN, by="gao")
    lin, su, gao = actor("lin"), actor("su"), actor("gao")
    end_post(
        actor=actor("sun"),
        post=Post.objects.get(user_id=lin.person),
        last_day=None if at_once else now().date(),
        because="离岗",
    )
    if not at_once:
        assert release_left() == 0
        wait(days=1)
        end_grants()
        assert release_left() == 1 and release_left() == 0
    with identity(su):
        assert set(visible_cases(su)) == {quiet, grave} and may(su, P.SEALED_READ, grave), "with the number to call"
    with identity(gao):
        assert set(visible_cases(gao)) == {other}
    with identity(POSTS):
        assert told("calls_left") == {("live_desks", desk("hotline", Role.HOTLINE_SUPERVISOR).pk)}


def test_what_passed_to_a_supervisor_stays_with_her_while_it_is_open(wait: Any) -> None:
    """Half a year ends what she was given, again and again, and a call-back that is due may be a year away."""
    quiet, grave, over = call(GREEN), call(RED), call(GREEN)
    su = actor("su")
    actions.close_case(actor=actor("lin"), case=over, reason="no_concern")
    end_post(actor=actor("sun"), post=Post.objects.get(user_id=actor("lin").person), last_day=None, because="离岗")
    for _half in range(3):
        wait(days=179, hours=12)
        end_grants()
        with identity(su):
            assert set(sound(su, visible_cases(su))) == {quiet, grave}
            assert may(su, P.CALL_BACK, quiet) and may(su, P.SEALED_READ, grave)
    assert stand_in_for_all() == 0


def test_a_review_ends_on_its_day_and_a_supervisor_keeps_no_case_on_which_others_work(wait: Any) -> None:
    case, at = call(RED), now()
    with identity(POSTS):
        Deadline.objects.filter(case=case, kind=ClockKind.CALLBACK).update(state=DeadlineState.MET, next_at=None)
        for holder in (desk("hotline", Role.HOTLINE_SUPERVISOR), User(pk=actor("gao").person)):
            grant(case, to=holder, origin=Origin.SUPERVISION, by=POSTS, expires_at=at + DAY)
    wait(hours=12)
    end_grants()
    wait(hours=13)
    end_grants()
    for name in ("su", "gao"):
        with identity(actor(name)):
            assert case not in visible_cases(actor(name)), name


def to_wangchao(*, until: int | None = None) -> Handover:
    with identity(POSTS):
        yu, school = account("yu", "于舟(新)", "x"), desk("wangchao", Role.SCHOOL_COUNSELLOR)
        appoint(yu, school, starts_on=now().date())
    made: Handover = actions.hand_over(
        actor=actor("zhou"),
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        from_user=User.objects.get(username="chen"),
        to_desk=school,
        to_user=yu,
        until=now().date() + timedelta(days=until) if until else None,
    )
    return made


def test_a_case_that_goes_to_another_school_for_good_leaves_nobody_behind_at_the_first() -> None:
    """Handed over or by a manager's name: the counsellor's desk reads it no more, nor does the crisis lead to whom it
    was opened because the counsellor had it; and the first school does not take it back by itself. The county does."""
    case, lead = managed_by("chen", RED), desk("xinghe", Role.SCHOOL_CRISIS_LEAD)
    given = {"hold": Hold.SEE, "until": now() + DAY, "because": "校内协同"}
    actions.grant_access(actor=actor("lin"), case=case, to=lead, **given)
    with identity(actor("qiu")):
        assert may(actor("qiu"), P.CASE_SEE, case)
    made = to_wangchao()
    for name, right in (("chen", P.FILE_READ), ("qiu", P.CASE_SEE)):
        with identity(actor(name)):
            assert not may(actor(name), right, case), name
    with identity(actor("yu")):
        assert may(actor("yu"), P.FILE_READ, case)
        assert not Deadline.objects.filter(case=case, desk=made.desk, state=DeadlineState.RUNNING).exists()
    with pytest.raises(Forbidden):
        actions.hand_back(actor=actor("chen"), handover_id=made.pk)
    actions.hand_back(actor=actor("zhou"), handover_id=made.pk)
    with identity(actor("chen")):
        assert may(actor("chen"), P.FILE_READ, case) and fresh(case).manager.username == "chen"
    with identity(actor("yu")):
        assert not may(actor("yu"), P.FILE_READ, case)


def test_a_cover_at_another_school_leaves_the_first_one_what_it_has() -> None:
    case = managed_by("chen", RED)
    to_wangchao(until=3)
    for name in ("chen", "yu"):
        with identity(actor(name)):
            assert may(actor(name), P.FILE_READ, case), name


def test_with_a_school_that_manages_it_no_more_its_crisis_lead_sees_no_cover() -> None:
    case, lead = managed_by("chen", RED), desk("xinghe", Role.SCHOOL_CRISIS_LEAD)
    given = {"hold": Hold.SEE, "until": now() + DAY, "because": "校内协同"}
    actions.grant_access(actor=actor("lin"), case=case, to=lead, **given)
    named_elsewhere(case)
    with identity(actor("qiu")):
        assert not may(actor("qiu"), P.CASE_SEE, case)


def test_when_a_caller_turns_out_to_be_a_teacher_the_school_that_had_the_case_is_out() -> None:
    """The call was logged early and is managed at a school; then the sheet says that it is about a teacher."""
    draft = uuid7()
    started = {"started_at": now() - timedelta(minutes=10)}
    sheet = actions.CallSheet(words=YELLOW, division="330902", **started)
    case = actions.take_call(actor=actor("lin"), call=sheet, draft=draft, goes_on=True)
    user, school = User.objects.get(username="chen"), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=fresh(case), manager=user, desk=school)
    with identity(actor("chen")):
        assert may(actor("chen"), P.FILE_READ, case)
    more = actions.CallSheet(words=YELLOW | {"about_kind": "teacher"}, division="330902", **started)
    actions.continue_call(actor=actor("lin"), case=fresh(case), call=more, draft=draft)
    with identity(actor("chen")):
        assert not may(actor("chen"), P.CASE_SEE, case)
    with identity(actor("zhou")):
        assert fresh(case).manager is None and may(actor("zhou"), P.FILE_READ, case)
        running = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING)
        assert running.filter(kind=ClockKind.FOLLOW_UP, desk=actor("zhou").desks[0]).exists()
        assert not running.filter(desk=school).exists()


def test_nor_does_that_school_read_on_what_it_had_asked_the_county_for() -> None:
    case = managed_by("chen", YELLOW)
    asked = referrals.submit_referral(actor=actor("chen"), case=case, words={"summary": "请评估", "review": "研判"})
    referrals.decline_referral(actor=actor("zhou"), referral=asked, why="not_needed", note="先在校内跟进")
    with identity(actor("chen")):
        assert may(actor("chen"), P.REFERRAL_SEE, asked), "the reason was for it to read"
    named_elsewhere(case)
    with identity(actor("chen")):
        assert not may(actor("chen"), P.REFERRAL_SEE, asked)
