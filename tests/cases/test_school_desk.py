"""The school desk: a teacher's concern, meetings noted, one person's file, next steps, search, hand-over."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions, steps
from cases.access import Purpose, open_case, reveal, visible_cases
from cases.actions import _clocks
from cases.attachment import Attached
from cases.clocks import ClockKind
from cases.concern import Level, Sign
from cases.instruments import INSTRUMENTS
from cases.models import Case, Deadline, Entry, Escalation, Handover
from cases.person_file import KINDS
from cases.search import find
from cases.session import Meeting
from cases.telling import How, Told, Whom
from cases.tick import hand_back_covered, import_waiting, tick
from tests.cases.test_attach import PNG
from tests.cases.test_transfer import managed
from tests.stage import YELLOW, actor, clocks, covered, desk, fresh, scene, signed_in, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.upload import Content
from wellbeing.workdays import now


def report(name: str, *signs: Sign, by: str = "ding", **more: Any) -> Case:
    """A concern, and the case that it opened."""
    actions.report_concern(actor=actor(by), name=name, signs=list(signs) or [Sign.MOOD], **more)
    with identity(Actor.machine("test")):
        return Case.objects.order_by("-pk")[0]


def entries(case: Case, who: str = "chen") -> list[Any]:
    with identity(actor(who)):
        return list(reveal(actor(who), fresh(case), ["narrative", "risk", "guardian", "plan"], Purpose.CARE).entries)


# -- a concern ----------------------------------------------------------------------------------------------------


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


# -- meetings -----------------------------------------------------------------------------------------------------


def test_a_meeting_is_noted_from_the_template_or_in_free_words(db: None) -> None:
    case, chen = managed(), signed_in("chen")
    address = reverse("log_session", args=[case.reference])
    assert "家访" in chen.get(f"{address}?kind=home_visit").content.decode()
    soon = (now() + timedelta(days=3)).replace(second=0, microsecond=0)
    form = {"key": uuid4(), "kind": "home_visit", "visitors": "陈卓、丁蓉", "child_seen": "yes", "home": "与奶奶同住"}
    assert chen.post(address, {**form, "next_at": soon.strftime("%Y-%m-%dT%H:%M")}).status_code == 302
    assert chen.post(address, {"key": uuid4(), "kind": "session"}).status_code == 422  # nothing is said
    late = {"key": uuid4(), "kind": "session", "free": "愿意再来", "held_at": "2099-01-01T08:00"}
    answer = chen.post(address, late)
    assert answer.status_code == 422 and "愿意再来" in answer.content.decode()
    assert chen.post(address, {**late, "key": uuid4(), "held_at": ""}).status_code == 302
    kinds = {e.kind: e for e in entries(case) if e.kind in ("home_visit", "session")}
    assert kinds["home_visit"].words["home"] == "与奶奶同住" and kinds["session"].words == {"free": "愿意再来"}
    assert fresh(case).status == "following"
    with identity(actor("chen")):
        (clock,) = _clocks.running(fresh(case), ClockKind.FOLLOW_UP)
    assert clock.due_at != soon  # the session after the visit set it anew, by policy
    closed = report("小满")
    actions.close_case(actor=actor("chen"), case=closed, reason="no_concern")
    with identity(Actor.machine("test")):
        assert Case.objects.get(pk=closed.pk).status == "closed"
    with pytest.raises(Forbidden):
        actions.log_session(actor=actor("chen"), case=closed, kind=Meeting.SESSION, words={"free": "x"})


def test_a_group_session_stands_in_each_file_alone(db: None) -> None:
    one, two, other = report("小舟"), report("小桨"), managed()
    chen = signed_in("chen")
    address = reverse("log_group")
    looked = chen.post(address, {"key": uuid4(), "find": "xiaozhou", "look": "1"}).content.decode()
    assert one.reference in looked and "checked" in looked and two.reference not in looked
    form: dict[str, Any] = {
        "key": uuid4(),
        "cases": [one.reference, two.reference],
        "situation": "练习说不",
        f"own_{two.reference}": "主动发言",
    }
    alone = chen.post(address, {**form, "key": uuid4(), "cases": [one.reference]})
    assert alone.status_code == 422 and "练习说不" in alone.content.decode()
    assert chen.post(address, form).status_code == 302
    said = {case.pk: [e.words for e in entries(case) if e.kind == "group"] for case in (one, two, other)}
    assert said == {
        one.pk: [{"situation": "练习说不"}],
        two.pk: [{"situation": "练习说不", "own": "主动发言"}],
        other.pk: [],
    }
    with pytest.raises(Forbidden):  # one of them is not hers: nothing is kept
        actions.log_group(
            actor=actor("wu"), references=[one.reference, two.reference], words={"free": "x"}, own={}, held_at=None
        )


def test_special_groups_are_sealed_and_confirmed_anew(db: None, wait: Any) -> None:
    case, chen = report("小帆"), signed_in("chen")
    address = reverse("flag_groups", args=[case.reference])
    form = {"key": uuid4(), "groups": ["left_behind", "boarder"], "note": "奶奶照看"}
    assert chen.post(address, form).status_code == 302 and fresh(case).tier == "green"  # a flag alone is no tier
    begun = chen.get(address).context["form"]
    assert begun["note"].value() == "奶奶照看" and not begun["life_event"].value()
    again = {"key": uuid4(), "filled_from": begun["filled_from"].value(), "groups": ["orphan"], "life_event": "on"}
    assert chen.post(address, again).status_code == 302
    assert fresh(case).tier == "blue"  # a flag and a hard event
    # a quarter later at the latest they are to be confirmed anew: her desk is reminded, and nobody above it is rung
    assert "再次确认特殊群体" in chen.get(reverse("case", args=[case.reference])).content.decode()
    wait(days=100)
    tick()
    with identity(Actor.machine("ticker")):
        clock = Deadline.objects.get(case=case, kind="confirm_groups", state="running")
        told = Notice.objects.filter(kind="due_soon", dedupe_key__contains=str(clock.pk), channel="in_app")
        assert {row.dedupe_key.split(":")[2] for row in told} == {"end"} and clock.next_at is None
        assert not Escalation.objects.filter(deadline=clock).exists()
    for groups, state in ((["orphan"], "running"), ([], "met")):
        newest = chen.get(address).context["form"]["filled_from"].value()
        chen.post(address, {"key": uuid4(), "filled_from": newest, "groups": groups})
        assert clocks(case)["confirm_groups"] == state


# -- one person, one file -----------------------------------------------------------------------------------------


def test_one_persons_file_opens_line_by_line_and_each_opening_is_recorded(db: None) -> None:
    stage, chen = scene(), signed_in("chen")
    case: Case = stage.case
    by = actor("chen")
    actions.log_session(actor=by, case=case, kind=Meeting.SESSION, words={"free": "秘密的话"}, desk_id=by.desks[0])
    actions.attach(
        actor=by, case=fresh(case), what=Attached.DRAWING, content=Content("画.png", PNG), desk_id=by.desks[0]
    )
    address = reverse("person_file", args=[case.reference])
    page = chen.get(address).content.decode()
    assert "秘密的话" not in page and "<strong>面谈</strong>" in page
    assert "对您的岗位保持封存" in page, "what the hotline heard stays shut"
    with identity(by):
        session, drawing = (Entry.objects.get(case=case, kind=kind) for kind in ("session", "attachment"))
        assert not Entry.objects.filter(case=case, section="narrative", kind="call").exists()  # the wall hides it
        readings = Event.objects.filter(stream=case.pk, act=Tag.READ_FILE).count()
    with identity(actor("lin")):
        heard = Entry.objects.filter(case=case, section="narrative", kind="call")[0]
    opened = chen.get(reverse("person_entry", args=[case.reference, session.pk]), headers={"HX-Request": "true"})
    assert "秘密的话" in opened.content.decode() and "<html" not in opened.content.decode()
    picture = chen.get(reverse("person_entry", args=[case.reference, drawing.pk])).content.decode()
    shown = reverse("attachment", args=[case.reference, drawing.pk]) + "?show"
    assert f'src="{shown}"' in picture
    got = chen.get(shown)
    assert got["Content-Disposition"].startswith("inline") and "sandbox" in got["Content-Security-Policy"]
    with identity(by):
        assert Event.objects.filter(stream=case.pk, act=Tag.READ_FILE).count() == readings + 3
    assert chen.get(reverse("person_entry", args=[case.reference, heard.pk])).status_code == 404
    assert signed_in("wu").get(reverse("person_entry", args=[case.reference, session.pk])).status_code == 404
    first = chen.get(f"{address}?kind=calls&after=2000-01-01T00:00:00%2B00:00~{session.pk}").content.decode()
    assert session.pk.hex not in first.replace("-", "")


def test_a_persons_file_is_filtered_by_each_of_its_kinds(db: None) -> None:
    case, by = scene().case, actor("chen")
    given = {"actor": by, "desk_id": by.desks[0]}
    actions.log_session(case=case, kind=Meeting.SESSION, words={"free": "谈"}, **given)
    actions.attach(case=fresh(case), what=Attached.DRAWING, content=Content("画.png", PNG), **given)
    actions.record_instrument(
        case=fresh(case), instrument="gad7", answers=dict.fromkeys(INSTRUMENTS["gad7"].items, 1), **given
    )
    actions.assess_risk(case=fresh(case), words={"thoughts": "none"}, face_to_face=True, **given)
    actions.plan_return(case=fresh(case), words={"advice": "减半作业"}, **given)
    actions.merge_concern(actor=by, case=report("小渔"), into=case.reference)
    chen, address = signed_in("chen"), reverse("person_file", args=[case.reference])

    def shown(kind: str = "") -> dict[Any, tuple[str, str]]:
        page = chen.get(address, {"kind": kind})
        here = f"{address}?kind={kind}" if kind else address
        assert f'<a href="{here}" aria-current="page">' in page.content.decode(), "the filter says which one it is"
        return {row["line"].id: (row["line"].source, str(row["line"].kind)) for row in page.context["rows"]}

    every, by_kind = shown(), {kind: shown(kind) for kind in KINDS}
    assert {kind: set(found.values()) for kind, found in by_kind.items()} == {
        "calls": {("entry", "call")},
        "sessions": {("entry", "session")},
        "concerns": {("entry", "concern"), ("trace", P.CONCERN_MERGE.value)},
        "screenings": {("entry", "instrument")},
        "tiers": {("entry", "assessment")},
        "referrals": {("trace", P.CHANNEL_OPEN.value)},
        "return": {("entry", "return_plan")},
        "papers": {("entry", "attachment")},
    }
    listed = [pk for found in by_kind.values() for pk in found]
    assert len(listed) == len(set(listed)) and set(listed) <= every.keys(), "each line under one kind, and all in one"
    assert ("entry", "manager") in (every[pk] for pk in every.keys() - set(listed)), "what has no kind stands there too"
    assert chen.get(address, {"kind": "nonsense"}).context["kind"] == ""


# -- next steps ---------------------------------------------------------------------------------------------------


def test_cases_stand_by_next_step_page_by_page_at_the_same_number_of_queries(db: None, wait: Any) -> None:
    def pages(client: Client) -> dict[str, int]:
        found = {}
        for name in ("steps", "waiting_steps", "handovers", "log_group", "report_concern"):
            client.get(reverse(name))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(reverse(name)).status_code == 200
            found[name] = len(queries)
        return found

    chen = signed_in("chen")
    assert "这里没有待办" in chen.get(reverse("steps")).content.decode()
    report("小一")
    few = pages(chen)
    for number in range(30):
        report(f"小{number}")
    managed()
    assert pages(chen) == few
    by = actor("chen")
    with identity(by):
        first = steps.next_steps(by, limit=20)
        rest = steps.next_steps(by, after=steps.Mark(first[-1].due_at, first[-1].pk), limit=50)
        assert len({row.case_id for row in (*first, *rest)}) == len(first) + len(rest) == 32
        counted = steps.counts(by)
        assert sum(counted.values()) == 32 and counted["overdue"] == 0
    page = chen.get(reverse("steps")).content.decode()
    assert "显示更多" in page and page.count('class="step"') == 25
    wait(days=30)
    with identity(actor("chen")):
        assert steps.counts(actor("chen"))["overdue"] == 32
    case = report("小岸")
    with identity(Actor.machine("test")):
        _clocks.stop(case, ClockKind.FOLLOW_UP)
    assert "小岸" in chen.get(reverse("waiting_steps")).content.decode()


# -- search -------------------------------------------------------------------------------------------------------


def test_search_finds_by_sound_number_and_reference_and_keeps_no_word(db: None) -> None:
    case = report("曾小雨", number="S-77", grade="八年级")
    chen = actor("chen")
    for typed in ("小雨", "zxy", "zengxy", "cengxiaoyu", "ZENG XIAO YU", "xiaoyu", "s77", case.reference.lower()):
        with identity(chen):
            assert [found.pk for found, _name in find(chen, typed)] == [case.pk], typed
    for typed in ("xyz", "曾大雨", "9999999", "ZS-2222-2222"):
        with identity(chen):
            assert find(chen, typed) == [], typed
    with identity(actor("wu")):
        assert find(actor("wu"), "zxy") == []
    with identity(Actor.machine("test")):
        searches = [json.loads(bytes(event.body)) for event in Event.objects.filter(act=Tag.SEARCHED)]
        bodies = b"".join(bytes(event.body) for event in Event.objects.all())
    assert sorted(search["facts"]["hits"] for search in searches) == [0] * 5 + [1] * 8
    assert b"zxy" not in bodies and "小雨".encode() not in bodies and b"\\u5c0f" not in bodies
    client = signed_in("chen")
    assert case.reference not in client.get(reverse("search") + "?words=zxy").content.decode()
    assert case.reference in client.post(reverse("search"), {"words": "zxy"}).content.decode()
    other = managed({**YELLOW, "contact": "0580-7654321", "guardian_contact": "13800000007"})
    for typed in ("7654321", "138 0000 0007", "+86 580 7654321"):
        with identity(chen):
            assert [found.pk for found, _name in find(chen, typed)] == [other.pk], typed


# -- hand-over ----------------------------------------------------------------------------------------------------


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
