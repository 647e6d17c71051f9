"""A teacher's concern: reported in half a minute, heard where it speaks of danger, merged into the student's case."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import open_case, reveal_results
from cases.concern import Level, Sign
from cases.models import Case, Entry, Person
from cases.session import Meeting
from cases.telling import How, Told, Whom
from cases.tick import import_waiting
from tests.cases.school_stage import entries, report
from tests.stage import actor, clocks, desk, fresh, signed_in, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.people.models import Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.workdays import now


def test_a_teacher_reports_in_half_a_minute_and_learns_received_and_no_more(db: None) -> None:
    ding, chen = signed_in("ding"), signed_in("chen")
    outside = Client(HTTP_HOST="127.0.0.1").get(reverse("concern_door"))
    assert outside["Location"] == "/sign-in/?next=/cases/concern/"
    assert ding.get("/").headers["Location"] == reverse("report_concern")
    empty = ding.post(reverse("report_concern"), {"key": uuid4(), "account": "很沉默"})
    assert empty.status_code == 422 and "很沉默" in empty.content.decode()  # nothing typed is lost
    form = {"key": uuid4(), "name": "曾小雨", "grade": "八年级2班", "signs": ["withdrawn", "sleep"], "level": "class"}
    for _again in range(2):  # a double click reports once
        answer = ding.post(reverse("report_concern"), form, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("concern_received") and "已收到" in answer.content.decode()
    with identity(Actor.machine("test")):
        (case,) = Case.objects.all()
    assert (case.tier, case.channel, clocks(case)) == ("green", "concern", {"follow_up": "running"})
    assert case.manager == User.objects.get(username="chen")  # the school's only counsellor
    with identity(actor("ding")):
        assert (Case.objects.count(), Entry.objects.count()) == (0, 0)
    for name in ("case", "case_file", "person_file", "log_session"):
        assert ding.get(reverse(name, args=[case.reference])).status_code == 404
    page = chen.get(reverse("steps")).content.decode()
    assert "曾小雨" in page and case.reference in page and "新关切" in page
    file = chen.get(reverse("case_file", args=[case.reference])).content.decode()
    assert "孤僻" in file and "丁蓉" in file and "班级" in file


def test_danger_in_a_concern_warns_the_county_at_once_and_a_second_concern_counts(db: None) -> None:
    red = report("小澜", Sign.ACT)
    assert red.tier == "red" and {"acknowledge", "tell_rescue", "follow_up"} <= set(clocks(red))
    with identity(actor("zhou")):
        assert open_case(actor("zhou"), red.reference).tier == "red"
    assert report("小溪", Sign.DEATH).tier == "yellow"
    batch = staged("S7,000000000").batch
    actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    import_waiting(5)  # the student is enrolled; so both concerns are about one person
    first, second = report("小汀", number="s-7"), report("小汀", number="S7")
    assert first.person_id == second.person_id and (first.tier, second.tier) == ("green", "blue")


def test_a_number_that_is_the_same_everywhere_opens_nothing_of_another_school(db: None) -> None:
    number = "G330902201201010011"
    batch = staged(f"{number},222222221").batch
    actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    import_waiting(5)
    with identity(Actor.machine("test")):
        (hers,) = Person.objects.filter(student_index__isnull=False)
        appoint(account("yu", "于舟(新)", "x"), desk("wangchao", Role.SCHOOL_COUNSELLOR), starts_on=now().date())
    elsewhere, yu = report("小汀", number=number, by="yu"), actor("yu")
    assert elsewhere.person_id != hers.pk
    with identity(yu):
        assert reveal_results(yu, open_case(yu, elsewhere.reference)) == []
    assert "星河" not in signed_in("yu").get(reverse("case_file", args=[elsewhere.reference])).content.decode()
    assert report("小汀", number=number).person_id == hers.pk, "at her own school it is one student"
    again = staged(f"{number},000000000", by="yu", school="wangchao").batch
    actions.confirm_screening(actor=yu, batch_id=again.pk)
    import_waiting(5)
    first, second = report("小汀", number=number, by="yu"), report("小汀", number=number, by="yu")
    assert first.person_id == second.person_id != hers.pk, "where she answers since, she is that school's own"


@pytest.mark.parametrize(
    ("said", "tier"),
    [
        ("她 说 今晚要跳 海", "yellow"),
        ("课桌里有遗书，提到轻生", "red"),
        ("写了遗书", "orange"),
        ("手臂上有割手的痕迹", "yellow"),
        ("Says she wants to die", "yellow"),
        ("上课睡觉，不说话", "green"),
    ],
)
def test_danger_that_stands_in_the_words_alone_is_heard(db: None, said: str, tier: str) -> None:
    case = report("小礁", Sign.SLEEP, seen=said)
    assert case.tier == tier
    risk = next(one for one in entries(case) if one.kind == "concern")
    assert risk.words["signs_seen"] == ["sleep"] and ("signs_read" in risk.words) is (tier != "green")


def test_a_teacher_whose_words_speak_of_danger_is_asked_once_which_sign_it_is(db: None) -> None:
    ding, address = signed_in("ding"), reverse("report_concern")
    form = {"key": uuid4(), "name": "小礁", "account": "刚才爬上天台要跳楼", "grade": "初二"}
    asked = ding.post(address, form)
    page = asked.content.decode()
    assert asked.status_code == 422 and "前五项" in page and form["account"] in page and "初二" in page
    again = form | {"asked": asked.context["form"]["asked"].value()}
    assert ding.post(address, again | {"signs": ["act"]}).status_code == 302
    with identity(Actor.machine("test")):
        assert Case.objects.get().tier == "red"
    plain = {"key": uuid4(), "name": "小礁", "account": "班会讲了防自杀", "asked": "on"}
    assert ding.post(address, plain).status_code == 302, "and whoever says that it is none is not held up"


def test_a_teacher_does_not_learn_that_her_concern_became_a_warning(db: None) -> None:
    case = report("小澜", Sign.ACT)
    actions.acknowledge(actor=actor("zhou"), case=case)
    relay.sweep()
    ding = actor("ding")
    with identity(ding):
        assert unread(ding) == []
    page = signed_in("ding").get(reverse("notices")).content.decode()
    assert case.reference not in page and "接警" not in page
    seen = report("小澜", Sign.ACT, by="chen")  # the counsellor, who has the case, is told
    actions.acknowledge(actor=actor("zhou"), case=seen)
    relay.sweep()
    chen = actor("chen")
    with identity(chen):
        assert [one.target for one in unread(chen) if one.kind == "acknowledged"] == [f"case:{seen.reference}"]


def test_a_concern_is_merged_into_the_students_case(db: None) -> None:
    known = report("曾小雨", Sign.MARKS)
    again = report("曾小雨", Sign.WITHDRAWN, seen="又逃课", level=Level.GRADE)
    chen = signed_in("chen")
    page = chen.get(reverse("merge_concern", args=[again.reference])).content.decode()
    assert known.reference in page
    wrong = chen.post(reverse("merge_concern", args=[again.reference]), {"key": uuid4(), "reference": "ZS-2222-2222"})
    assert wrong.status_code == 422
    # it is not undone: whose case a typed reference is, is said before anything is merged, and sending again merges
    typed = {"key": uuid4(), "reference": known.reference.lower()}
    asked = chen.post(reverse("merge_concern", args=[again.reference]), typed)
    assert asked.status_code == 422 and "曾小雨" in asked.content.decode() and fresh(again).status != "closed"
    sure = asked.context["form"]["sure"].value()
    done = chen.post(reverse("merge_concern", args=[again.reference]), {**typed, "sure": sure})
    assert done["Location"] == reverse("case", args=[known.reference])
    assert (fresh(again).close_reason, fresh(known).tier) == ("duplicate", "blue")  # two concerns within a month
    merged = [e for e in entries(known) if e.words.get("merged") == again.reference]
    assert [(e.words["account"], e.author) for e in merged] == [("又逃课", "丁蓉(班主任)")]
    assert chen.get(reverse("case", args=[again.reference])).status_code == 404
    danger = report("曾小雨", Sign.ACT)
    with pytest.raises(Invalid):  # nobody has acknowledged it
        actions.merge_concern(actor=actor("chen"), case=danger, into=known.reference)
    first = (
        "还须先完成：",
        "接警",
        "告知监护人",
    )  # said before anything is typed, and of the whole form once it is sent
    page = chen.get(reverse("merge_concern", args=[danger.reference])).content.decode()
    assert all(what in page for what in first)
    sent = chen.post(reverse("merge_concern", args=[danger.reference]), {"key": uuid4(), "into": known.reference})
    errors = sent.context["form"].errors
    assert list(errors) == ["__all__"] and all(what in errors["__all__"][0] for what in first)
    actions.acknowledge(actor=actor("zhou"), case=danger)
    note = {"name": "母亲", "note": "马上到校"}
    actions.tell(actor=actor("zhou"), case=danger, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words=note)
    actions.tell(actor=actor("zhou"), case=danger, whom=Whom.POLICE, told=Told.TOLD, how=How.PHONE, words=note)
    actions.merge_concern(actor=actor("chen"), case=fresh(danger), into=known.reference)
    along = [(e.kind, e.author) for e in entries(known) if e.words.get("merged") == danger.reference]
    assert along == [("concern", "丁蓉(班主任)"), *[("telling", "周宁(定海分诊)")] * 2] and fresh(known).tier == "red"
    danger = report("曾小雨", Sign.ACT)
    actions.log_session(actor=actor("chen"), case=fresh(known), kind=Meeting.SESSION, words={"free": "谈"})
    with pytest.raises(Invalid):
        actions.merge_concern(actor=actor("chen"), case=fresh(known), into=danger.reference)
