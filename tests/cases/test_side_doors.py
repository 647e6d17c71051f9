"""Who somebody is, or what she once knew, by a side door: the giver of a grant, a sheet of paper, a notice, a file."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.concern import Sign
from cases.models import Case
from cases.paper_number import PaperKind, shown
from referrals import actions as referrals
from tests.api.stage import program
from tests.cases.glass_stage import BECAUSE, opened
from tests.cases.records_stage import checked
from tests.cases.school_stage import report
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import Notice
from wellbeing.people import actions as people
from wellbeing.people.models import Post, Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
DING = "丁蓉"  # who reported


def test_who_reported_stands_nowhere_beside_the_concern_either() -> None:
    """The county that is warned of it reads the cover and who may open it: neither the sheet of paper that it was
    entered from nor the giver of the first grants names her. The counsellor to whom it came knows."""
    sheet = actions.print_sheets(actor=actor("ding"), kind=PaperKind.CONCERN, count=1)
    case = report("小澜", Sign.ACT, paper=shown(sheet.pk), occurred_at=now())
    for name in ("case", "case_access", "case_file", "person_file"):
        page = signed_in("zhou").get(reverse(name, args=[case.reference]))
        assert page.status_code == 200 and DING not in page.content.decode(), name
    for name in ("case", "case_access", "case_file"):
        assert DING in signed_in("chen").get(reverse(name, args=[case.reference])).content.decode(), name


def test_of_a_house_whoever_prints_sheets_does_not_read_there_who_reported() -> None:
    """Teachers of one school share the list of their sheets: a colleague sees that one was entered, and not by whom;
    nor does its number, typed once more, say so. She herself, and the counsellor, see it."""
    with identity(Actor.machine("test")):
        appoint(account("ren", "任(班主任)", "x"), desk("xinghe", Role.REPORTER), starts_on=now().date())
    number = shown(actions.print_sheets(actor=actor("ding"), kind=PaperKind.CONCERN, count=1).pk)
    report("小澜", Sign.MOOD, paper=number, occurred_at=now())
    theirs = {name: signed_in(name).get(reverse("paper_sheets")).content.decode() for name in ("ren", "ding")}
    assert number in theirs["ren"] and DING not in theirs["ren"]
    assert DING in theirs["ding"]
    for name in ("ren", "qiu", "chen"):
        said = signed_in(name).post(reverse("check_paper", args=["concern"]), {"paper": number}).content.decode()
        assert "已补录过" in said and DING not in said, name


def test_who_has_left_the_hotline_does_not_hear_who_calls_it() -> None:
    """Lin took the first call and teaches at a school since: that its caller is on the line again is told to the
    supervisor, and not to her."""
    number = {"caller_number": "0580-0000003"}
    case = call(RED | number)
    with identity(Actor.machine("test")):
        appoint(User.objects.get(username="lin"), desk("xinghe", Role.SCHOOL_COUNSELLOR), starts_on=now().date())
        hotline = Post.objects.get(user__username="lin", desk__role=Role.HOTLINE_COUNSELLOR)
    people.end_post(actor=actor("sun"), post=hotline, last_day=None, because="调到学校")
    actions.ask_about_caller(actor=actor("gao"), number=number["caller_number"])
    with identity(Actor.machine("test")):
        told = list(Notice.objects.filter(kind__startswith="caller_").values_list("kind", "user_id", "target"))
    assert told == [("caller_consult", None, "live_desks")] and case.reference


def test_a_program_of_the_hospital_reads_no_more_of_the_journey_than_its_page() -> None:
    """Which school asked for a referral is a field of its letter: the time line says "school" to the hospital, by
    either door."""
    case = acknowledged()
    school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    actions.assign_manager(actor=actor("zhou"), case=case, manager=User.objects.get(username="chen"), desk=school)
    asked = referrals.submit_referral(
        actor=actor("chen"), case=fresh(case), words={"summary": "请评估", "review": "研判"}
    )
    sent = referrals.send_referral(
        actor=actor("zhou"),
        referral=asked,
        destination=desk("haiyun-hospital", Role.HOSPITAL_LIAISON),
        words={"summary": "请评估"},
        consent="given",
    )
    house = str(school.organisation)
    page = signed_in("fang").get(reverse("referral", args=[sent.reference])).content.decode()
    said = program("fang").get(f"referrals/{sent.reference}").json()
    assert house not in page and house not in str(said) and "星河" not in str(said)
    near = program("zhou").get(f"referrals/{sent.reference}").json()
    assert [one["state"] for one in said["steps"]] == [one["state"] for one in near["steps"]] and str(near) != str(said)


def test_that_a_home_may_be_reached_again_is_asked_of_who_holds_the_call_and_not_of_her_whole_desk() -> None:
    case = acknowledged()
    actions.stop_contact(actor=actor("lin"), case=case, because="父亲会看短信")
    actions.ask_contact(actor=actor("zhou"), case=fresh(case), because="已与母亲当面谈过")
    with identity(Actor.machine("test")):
        asked = set(Notice.objects.filter(kind="contact_asked").values_list("user_id", "desk_id"))
    assert asked == {(actor("lin").id, None), (None, actor("zhou").desks[0])}
    relay.sweep()
    with identity(actor("gao")):
        assert case.reference not in str([one.target for one in unread(actor("gao"))])


def test_that_somebody_asks_for_records_is_told_to_who_holds_the_call_and_of_a_closed_file_to_its_desk() -> None:
    hotline = desk("hotline", Role.HOTLINE_COUNSELLOR).pk
    mine, over = call(YELLOW), call(GREEN)
    actions.close_case(actor=actor("lin"), case=over, reason="no_concern")

    def told(case: Case) -> set[tuple[int | None, int | None]]:
        row = checked()
        actions.take_up_record(actor=actor("zhou"), reference=row.reference, words=case.reference)
        with identity(Actor.machine("test")):
            asked = Notice.objects.filter(kind="records_asked", target=f"case:{case.reference}")
            return set(asked.values_list("user_id", "desk_id"))

    assert told(mine) == {(actor("lin").id, None)}
    assert told(over) == {(None, hotline)}


def test_a_half_filled_form_does_not_say_whether_there_is_such_a_file() -> None:
    """Of an opening that is refused nothing is recorded: a short reason, or a right that rests, answers for every
    reference alike."""
    there, browser = call(by="gao").reference, signed_in("he")

    def said(reference: str, because: str) -> tuple[int, list[str]]:
        given = {"reference": reference, "why": "danger", "because": because, "key": str(uuid4())}
        page = browser.post(reverse("break_glass"), given)
        return page.status_code, [str(fault) for faults in page.context["form"].errors.values() for fault in faults]

    assert said(there, "急") == said("ZS-2222-2222", "急")
    for _day in range(3):
        opened(by="he")
    assert said(there, BECAUSE) == said("ZS-2222-2222", BECAUSE)
