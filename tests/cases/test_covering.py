"""What a cover may not do: lose a case that turned red meanwhile, tell a school of its teacher, take a warning off the
board of whoever can acknowledge it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.access import open_case, visible_cases
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.concern import Sign
from cases.groups import Group
from cases.models import Case, Deadline, Handover
from cases.queues import board
from cases.tick import hand_back_covered, tick
from tests.cases.school_stage import report
from tests.stage import RED, YELLOW, actor, call, covered, desk, fresh, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.actions import end_post
from wellbeing.people.models import Post, Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.web.management.commands.ticker import end_grants
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")


def named(case: Case, who: str, at: str, role: Role, by: str = "zhou") -> Case:
    user = User.objects.get(username=who)
    actions.assign_manager(actor=actor(by), case=fresh(case), manager=user, desk=desk(at, role))
    return fresh(case)


def to_school(of: str, by: str = "luo") -> Handover:
    """The county's cases of one of its people go to Chen's school."""
    made: Handover = actions.hand_over(
        actor=actor(by),
        desk=desk("dinghai-centre", Role.COUNTY_TRIAGE),
        from_user=User.objects.get(username=of),
        to_desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        to_user=User.objects.get(username="chen"),
        until=now().date() + timedelta(days=7),
    )
    return made


def test_a_case_that_turned_red_during_a_cover_stays_with_the_county_after_it(wait: Any) -> None:
    case = report("小渔")  # green: the county sees it by the cover alone
    covered(to="zhou")
    wait(days=1)
    actions.raise_tier(actor=actor("zhou"), case=fresh(case), to="red")
    wait(days=9)
    assert hand_back_covered() == 1
    for name in ("zhou", "luo"):
        with identity(actor(name)):
            assert open_case(actor(name), case.reference).pk == case.pk
            assert case.pk in {row.case.pk for row in board(actor(name)).rows}
    assert fresh(case).manager.username == "chen"
    actions.acknowledge(actor=actor("luo"), case=fresh(case))


def test_a_case_in_which_everything_runs_at_once_is_covered_and_comes_back(wait: Any) -> None:
    case, school = managed(RED), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    with identity(MACHINE):
        _clocks.start(case, school, *ClockKind, due=now() + timedelta(days=20))
    covered(to="zhou")
    assert {clock.desk.role for clock in _running(case)} == {Role.COUNTY_TRIAGE}
    wait(days=9)
    assert hand_back_covered() == 1
    at_school = {clock.kind for clock in _running(case) if clock.desk_id == school.pk}
    assert len(at_school) > len(ClockKind) / 2  # what no school does stays with the county


def _running(case: Case) -> list[Deadline]:
    with identity(MACHINE):
        return list(_clocks.running(fresh(case)))


def test_whoever_was_named_for_good_during_a_cover_keeps_it(wait: Any) -> None:
    case, other, left = report("小渔"), report("小满"), report("小舟")
    made = covered(by="he", to="zhou")
    wait(minutes=1)
    named(case, "luo", "dinghai-centre", Role.COUNTY_TRIAGE)
    named(other, "zhou", "dinghai-centre", Role.COUNTY_TRIAGE, by="luo")
    actions.hand_back(actor=actor("chen"), handover_id=made.pk)
    assert [fresh(one).manager.username for one in (case, other, left)] == ["luo", "zhou", "chen"]
    with identity(actor("luo")):
        assert open_case(actor("luo"), case.reference) and open_case(actor("luo"), other.reference)
        with pytest.raises(Forbidden):
            open_case(actor("luo"), left.reference)
        (unread,) = _clocks.running(other, ClockKind.FOLLOW_UP)  # green has no time of its own: the concern's goes on
        assert unread.desk.role == Role.COUNTY_TRIAGE


def test_no_school_covers_a_case_about_a_teacher() -> None:
    case = call({**YELLOW, "about_kind": "teacher"})
    named(case, "zhou", "dinghai-centre", Role.COUNTY_TRIAGE)
    with pytest.raises(Invalid) as refused:
        to_school("zhou")
    assert refused.value.field == "to" and fresh(case).manager.username == "zhou"
    assert signed_in("chen").get(reverse("case", args=[case.reference])).status_code == 404
    with identity(MACHINE):
        assert not Handover.objects.exists()


def test_a_warning_stays_on_the_board_of_whoever_can_acknowledge_it(wait: Any) -> None:
    case = call(RED)
    named(case, "zhou", "dinghai-centre", Role.COUNTY_TRIAGE)
    made = to_school("zhou")
    assert fresh(case).manager.username == "chen"
    with identity(actor("luo")):
        kinds = {row.clock_kind for row in board(actor("luo")).rows if row.case.pk == case.pk}
        assert kinds == {ClockKind.ACKNOWLEDGE}
    wait(minutes=16)
    tick()
    with identity(actor("he")):  # the next level above the county, and not the county once more
        assert open_case(actor("he"), case.reference)
    actions.acknowledge(actor=actor("luo"), case=fresh(case))
    actions.hand_back(actor=actor("luo"), handover_id=made.pk)
    assert fresh(case).manager.username == "zhou"


def test_what_somebody_manages_at_another_school_is_not_handed_over_with_this_one() -> None:
    chen, there = User.objects.get(username="chen"), desk("bailang", Role.SCHOOL_COUNSELLOR)
    with identity(MACHINE):
        appoint(chen, there, starts_on=now().date())
        appoint(account("yu", "于舟(新)", "x"), desk("xinghe", Role.SCHOOL_COUNSELLOR), starts_on=now().date())
    here, other = report("小渔"), call(YELLOW, division="330903")
    named(other, "chen", "bailang", Role.SCHOOL_COUNSELLOR, by="ye")
    made = covered(by="zhou", to="yu")
    with identity(MACHINE):
        assert [row.case_id for row in made.cases.all()] == [here.pk]
    assert (fresh(here).manager.username, fresh(other).manager.username) == ("yu", "chen")


def test_a_cover_that_is_passed_on_ends_for_nobody_who_still_answers() -> None:
    case = report("小渔")
    first = covered(by="he", to="zhou")
    at = desk("dinghai-centre", Role.COUNTY_TRIAGE)
    on = {"desk": at, "from_user": User.objects.get(username="zhou"), "to_desk": at}
    actions.hand_over(actor=actor("luo"), to_user=User.objects.get(username="luo"), **on)
    actions.hand_back(actor=actor("chen"), handover_id=first.pk)
    assert fresh(case).manager.username == "luo"
    with identity(actor("luo")):
        assert open_case(actor("luo"), case.reference)


def test_a_cover_takes_all_cases_until_a_day_and_they_come_back_by_themselves(db: None, wait: Any) -> None:
    case, own = managed(), report("小渔")
    wu_before = signed_in("wu").get(reverse("case", args=[case.reference])).status_code
    chen = signed_in("chen")
    posts = chen.get(reverse("hand_over")).content.decode()
    assert "周宁" in posts and "吴桐" not in posts  # another county's counsellor is no choice
    made = covered(to="zhou")
    assert wu_before == 404 and {row.case_id for row in _cases(made)} == {case.pk, own.pk}
    assert fresh(case).manager.username == fresh(own).manager.username == "zhou"
    with identity(actor("zhou")):
        assert open_case(actor("zhou"), own.reference).pk == own.pk  # green: the county did not see it before
        clocks_now = {clock.desk.role for clock in _clocks.running(own, ClockKind.FOLLOW_UP)}
    assert clocks_now == {Role.COUNTY_TRIAGE}
    page = signed_in("zhou").get(reverse("handover", args=[made.pk])).content.decode()
    assert own.reference in page and case.reference in page and "小渔" not in page and "签名" in page
    with pytest.raises(Invalid):  # once at a time
        covered(to="luo")
    assert hand_back_covered() == 0
    wait(days=9)
    assert hand_back_covered() == 1
    assert told("handover", "handover_away", "handed_back", "cover_over") == [
        ("handover", "zhou"),
        ("handed_back", "chen"),
        ("cover_over", "zhou"),
    ], "who covers and who is covered for learn it when somebody else, or the day, did it"
    assert fresh(case).manager.username == fresh(own).manager.username == "chen"
    with identity(actor("zhou")), pytest.raises(Forbidden):
        open_case(actor("zhou"), own.reference)
    with identity(actor("zhou")):
        assert open_case(actor("zhou"), case.reference)  # what the county held for its own reason stays
    with identity(actor("chen")):
        assert {clock.desk.role for clock in _clocks.running(own, ClockKind.FOLLOW_UP)} == {Role.SCHOOL_COUNSELLOR}
    with pytest.raises(WrongState):
        actions.hand_back(actor=actor("chen"), handover_id=made.pk)


def test_a_leaver_hands_over_for_good_to_a_colleague_and_it_can_be_undone(db: None) -> None:
    case = managed()
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    with identity(Actor.machine("test")):
        new = account("yu", "于舟(新)", "x")
        appoint(new, school, starts_on=now().date())
    chen = signed_in("chen")
    whose, to = (str(user.posts.get().pk) for user in (User.objects.get(username="chen"), new))
    form = {"key": uuid4(), "whose": whose, "to": to, "until": ""}
    looked = chen.post(reverse("hand_over"), {**form, "look": "1"}).content.decode()
    assert "件个案将移交" in looked and fresh(case).manager.username == "chen"
    past = chen.post(reverse("hand_over"), {**form, "until": f"{now():%Y-%m-%d}", "look": "1"})
    assert past.status_code == 422 and list(past.context["form"].errors) == ["until"]  # before anybody confirms it
    herself = chen.post(reverse("hand_over"), {**form, "to": whose, "look": "1"})
    assert herself.status_code == 422 and "件个案将移交" not in herself.content.decode()
    done = chen.post(reverse("hand_over"), form)
    assert done.status_code == 302 and fresh(case).manager.username == "yu"
    assert chen.post(done["Location"] + "back/").status_code == 302 and fresh(case).manager.username == "chen"
    with pytest.raises(Forbidden):
        actions.hand_over(
            actor=actor("wu"), desk=school, from_user=actor_user("chen"), to_desk=school, to_user=actor_user("yu")
        )
    with pytest.raises(Invalid):
        covered(to="chen", days=None)
    covered(by="zhou", to="yu")  # she is ill, and the county does it for her
    assert told("handover_away") == [("handover_away", "chen")]


@pytest.mark.parametrize("leaves", [True, False])
def test_no_clock_stays_at_a_desk_that_covered_and_sees_the_case_no_more(wait: Any, leaves: bool) -> None:
    """Whoever covers leaves her post meanwhile, or starts a clock that did not run when the cases came to her."""
    case, zhou = report("小渔"), actor("zhou")
    covered(by="he", to="zhou")
    flagged = {"groups": [Group.LEFT_BEHIND], "desk_id": zhou.desks[0]}
    actions.flag_groups(actor=zhou, case=fresh(case), **flagged)
    if leaves:
        end_post(actor=actor("sun"), post=Post.objects.get(user_id=zhou.person), last_day=None, because="离岗")
        assert fresh(case).manager is None
    wait(days=9)
    end_grants()
    assert hand_back_covered() == 1
    with identity(actor("luo")), pytest.raises(Forbidden):
        open_case(actor("luo"), case.reference)
    with identity(MACHINE):
        at = {(clock.kind, clock.desk_id) for clock in _clocks.running(case)}
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR).pk
    assert at == {(ClockKind.FOLLOW_UP, school), (ClockKind.CONFIRM_GROUPS, school)}
    assert fresh(case).manager.username == "chen"
    assert case.reference in signed_in("chen").get(reverse("steps")).content.decode()


def test_what_ran_at_a_covering_desk_goes_to_the_school_that_was_named_meanwhile(wait: Any) -> None:
    case, there = managed(YELLOW), desk("wangchao", Role.SCHOOL_COUNSELLOR)
    with identity(MACHINE):
        for name, at in (("yu", there), ("mu", desk("canglan", Role.SCHOOL_COUNSELLOR))):
            appoint(account(name, f"{name}(新)", "x"), at, starts_on=now().date())
    made, mu = covered(by="zhou", to="mu"), actor("mu")
    actions.flag_groups(actor=mu, case=fresh(case), groups=[Group.LEFT_BEHIND], desk_id=mu.desks[0])
    wait(minutes=1)
    named(case, "yu", "wangchao", Role.SCHOOL_COUNSELLOR)
    actions.hand_back(actor=actor("zhou"), handover_id=made.pk)
    assert fresh(case).manager.username == "yu"
    with identity(MACHINE):
        at = {clock.kind: clock.desk_id for clock in _clocks.running(case)}
    assert at[ClockKind.CONFIRM_GROUPS] == at[ClockKind.FOLLOW_UP] == there.pk
    for name in ("mu", "chen"):
        assert signed_in(name).get(reverse("case", args=[case.reference])).status_code == 404


def test_nobody_opens_a_colleagues_files_by_covering_for_her_unasked(db: None) -> None:
    hidden, zhou = report("小澜", Sign.MOOD), actor("zhou")  # green: the county knows nothing of it

    def seen() -> bool:
        with identity(zhou):
            return bool(visible_cases(zhou).filter(pk=hidden.pk))

    for to in ("zhou", "luo"):
        with pytest.raises(Invalid) as refused:
            covered(by="zhou", to=to)
        assert refused.value.field == "to" and not seen()
    covered(by="he", to="zhou")  # whoever gains nothing by it decides
    assert seen() and told("handover_away") == [("handover_away", "chen")]


def told(*kinds: str) -> list[tuple[str, str]]:
    with identity(Actor.machine("ticker")):
        rows = Notice.objects.filter(kind__in=kinds).order_by("created_at", "pk")
        names = dict(User.objects.values_list("pk", "username"))
        return [(row.kind, names[row.user_id]) for row in rows if row.user_id]


def actor_user(name: str) -> User:
    return User.objects.get(username=name)


def _cases(made: Handover) -> list[Any]:
    with identity(Actor.machine("test")):
        return list(made.cases.all())
