"""Whoever sits at two desks acts at the one by which she holds the file: what she writes there is that desk's to read, what
she starts waits there, and neither school's students are shown to the other. What ends with a post ends with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.access import Purpose, reveal
from cases.actions import CallSheet
from cases.campaign_access import reveal_roll, school_batches
from cases.draft_access import open_draft, open_drafts
from cases.drafts import DraftKind
from cases.export_access import Rows
from cases.models import (
    CampaignStudent,
    Case,
    Deadline,
    Draft,
    Entry,
    EntryKind,
    ScreeningBatch,
    ScreeningPart,
    Section,
)
from cases.screening_access import brings_by, open_batch, reveal_preview
from cases.screening_forms import EVERY, ScreeningForm
from cases.tick import tick
from cases.transfer import Basis, Scope
from tests.stage import RED, YELLOW, acknowledged, actor, campaign, desk, fresh, ready, screening, signed_in, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.audit.verify import verify
from wellbeing.errors import Forbidden, Invalid
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people import actions as people
from wellbeing.people import set_up
from wellbeing.people.models import Desk, Organisation, Post, Role, User
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
School = Role.SCHOOL_COUNSELLOR


def also(name: str, code: str, role: str = School) -> Desk:
    """Give one of the cast one more post, behind the one that she has."""
    with identity(MACHINE):
        at = set_up.desk(Organisation.objects.get(code=code), role)
        set_up.appoint(User.objects.get(username=name), at, starts_on=now().date())
    return at


def at_xinghe(words: Any = RED) -> Case:
    """A case of Dinghai that Chen's school manages."""
    case = acknowledged(words)
    manager = User.objects.get(username="chen")
    actions.assign_manager(actor=actor("zhou"), case=case, manager=manager, desk=desk("xinghe", School))
    return fresh(case)


def test_a_counsellor_of_two_schools_writes_at_the_one_that_has_the_file() -> None:
    case, xinghe = at_xinghe(), also("wu", "xinghe")
    assert actor("wu").desks[0] == desk("bailang", School).pk, "her first post is at the other school"
    said = {"kind": "session", "situation": "夜里睡不着", "key": str(uuid4())}
    answer = signed_in("wu").post(reverse("log_session", args=[case.reference]), said)
    assert answer.status_code == 302
    chen = actor("chen")
    with identity(chen):
        assert Entry.objects.get(case=case, kind=EntryKind.SESSION).desk_id == xinghe.pk
        file = reveal(chen, case, {Section.NARRATIVE}, Purpose.CARE)
    assert "夜里睡不着" in str(file.entries), "her colleague, who takes over tomorrow, reads it"
    said = {"outcome": "refused", "relation": "mother", "how": "phone", "who": "母亲", "reason": "不同意"}
    answer = signed_in("wu").post(reverse("record_consent", args=[case.reference]), {**said, "key": str(uuid4())})
    assert answer.status_code == 302
    with identity(MACHINE):
        assert Deadline.objects.get(case=case, kind="second_talk", state="running").desk_id == xinghe.pk


def said_of(stream: Any, act: str) -> list[int]:
    """The posts that the events of one act name, in their order."""
    with identity(Actor.machine("verify")):
        rows = Event.objects.filter(stream=stream, act=act).order_by("seq")
        return [json.loads(bytes(row.body))["post"] for row in rows]


def post_at(name: str, at: Desk) -> int:
    (post,) = [one.id for one in actor(name).posts if one.desk_id == at.pk]
    return post


def test_each_event_names_the_post_by_which_she_acted() -> None:
    """Her first one is at the other school, or another kind of work: of neither is any of this."""
    case, xinghe, city = at_xinghe(), also("wu", "xinghe"), also("wu", "city-centre", Role.CITY_DUTY)
    here, duty = post_at("wu", xinghe), post_at("wu", city)
    assert actor("wu").posts[0].id not in (here, duty)
    wu, browser = actor("wu"), signed_in("wu")
    browser.get(reverse("case_file", args=[case.reference]))
    assert said_of(case.pk, Tag.READ_FILE)[-1] == here
    sent = {"kind": "session", "situation": "夜里睡不着", "key": str(uuid4())}
    assert browser.post(reverse("log_session", args=[case.reference]), sent).status_code == 302
    assert said_of(case.pk, P.SESSION_LOG) == [here]
    until = now() + timedelta(days=9)
    hold = actions.set_hold(actor=wu, reference=case.reference, why="lawsuit", until=until)
    assert said_of(case.pk, P.HOLD_KEEP) == [duty] and hold.set_by_id == wu.id, "what no school may"
    batch = staged("S1,000000001", by="wu", school="xinghe").batch
    with identity(wu):
        reveal_preview(wu, open_batch(wu, batch.pk), 5)
    assert said_of(batch.pk, P.SCREENING_UPLOAD) == said_of(batch.pk, Tag.READ_SCREENING) == [here]
    other = staged("S2,000000001", by="wu", school="bailang").batch
    assert said_of(other.pk, P.SCREENING_UPLOAD) == [wu.posts[0].id]
    with identity(Actor.machine("verify")):
        assert verify([case.pk, batch.pk, other.pk]).faults == []


def test_the_event_of_a_closing_names_the_post_whose_grant_ended_with_it() -> None:
    case, xinghe = at_xinghe(YELLOW), also("wu", "xinghe")
    actions.close_case(actor=actor("wu"), case=ready(case, by="zhou"), reason="no_concern")
    assert fresh(case).status == "closed" and said_of(case.pk, P.CASE_CLOSE) == [post_at("wu", xinghe)]


def test_two_cases_of_one_group_name_each_its_own_school() -> None:
    here, there = at_xinghe(), acknowledged(YELLOW)
    wu = User.objects.get(username="wu")
    actions.assign_manager(actor=actor("zhou"), case=there, manager=wu, desk=desk("bailang", School))
    xinghe = also("wu", "xinghe")
    references = [one.reference for one in (here, there)]
    actions.log_group(actor=actor("wu"), references=references, words={"situation": "考前放松"}, own={})
    assert said_of(here.pk, P.SESSION_LOG) == [post_at("wu", xinghe)]
    assert said_of(there.pk, P.SESSION_LOG) == [actor("wu").posts[0].id]


def test_neither_school_of_a_counsellor_sees_the_answers_of_the_others_students() -> None:
    also("wu", "xinghe")
    also("gao", "bailang")
    batch = staged("S1,000000001", by="wu", school="xinghe").batch
    _made, roll = campaign("9001", by="wu")
    assert "示例9001" in str(roll)
    gao, chen = actor("gao"), actor("chen")
    with identity(gao):
        assert brings_by(gao, None) is None and School in gao.roles
        with pytest.raises(Forbidden):
            open_batch(gao, batch.pk)
        for rows in (ScreeningBatch, ScreeningPart, CampaignStudent):
            assert not rows.objects.exists()
        assert not DataKeyRow.objects.filter(owner_kind="batch").exists()
    with identity(chen):
        assert reveal_preview(chen, open_batch(chen, batch.pk), 5)[1][0].number == "S1"
        (mine,) = school_batches(_made)
        assert "示例9001" in str(reveal_roll(chen, mine))


def test_a_file_of_several_schools_is_a_centres_to_bring() -> None:
    """A counsellor of two would show each school's rows to whoever sits at the desk that it is filed under."""
    also("wu", "xinghe")
    given: dict[str, Any] = {"digest": "0" * 64, "instruments": "phq9=q1-q9", "day": now().date()}
    with pytest.raises(Forbidden):
        actions.stage_screening(actor=actor("wu"), lines=screening(), **given)
    for name, offered in (("wu", False), ("zhou", True), ("he", True)):
        who = actor(name)
        with identity(who):
            choices = ScreeningForm(actor=who, target=None).fields["school"].choices  # type: ignore[attr-defined]
        assert (EVERY in dict(choices)) is offered


def test_rows_of_one_desk_leave_for_nobody_who_sits_at_the_other_alone() -> None:
    case = at_xinghe()
    also("wu", "xinghe")
    also("gao", "bailang")
    wu = actor("wu")
    rows = Rows("名单", ("编号",), [(case.reference,)], [case.pk])
    given: dict[str, Any] = {"sort": "interviews", "rows": rows, "form": "csv", "why": "work", "days": 1}
    with pytest.raises(Invalid) as refused:
        actions.ask_export(actor=wu, receiver_id=actor("gao").person, **given)
    assert refused.value.field == "receiver"
    assert actions.ask_export(actor=wu, receiver_id=wu.person, **given).receiver_id == wu.id


def test_a_sheet_is_filed_at_the_hotline_whatever_else_its_owner_does(wait: Callable[..., None]) -> None:
    hotline = also("wu", "hotline", Role.HOTLINE_COUNSELLOR)
    pk = uuid7()
    actions.save_draft(actor=actor("wu"), draft_id=pk, kind=DraftKind.CALL, words=RED, base=0)
    assert fresh(Draft(pk=pk)).desk_id == hotline.pk
    for _turn in range(3):
        wait(minutes=11)
        tick()
    school = desk("bailang", School).pk
    with identity(Actor.machine("ticker")):
        assert not Notice.objects.filter(kind="draft_waits", desk_id=school).exists(), "her school learns of no call"
    case = actions.log_draft(actor=actor("he"), draft_id=pk, call=CallSheet(words=RED, division="330902"))
    assert fresh(case).owner_desk_id == hotline.pk


def test_what_a_caller_said_stays_with_the_post_at_which_it_was_typed(wait: Callable[..., None]) -> None:
    """Lin leaves the hotline for a school with a red sheet open: it goes up without her, and does not come back to her."""
    pk = uuid7()
    actions.save_draft(actor=actor("lin"), draft_id=pk, kind=DraftKind.CALL, words=RED, base=0)
    also("lin", "xinghe")
    with identity(MACHINE):
        post = Post.objects.get(user__username="lin", desk__role=Role.HOTLINE_COUNSELLOR)
    people.end_post(actor=actor("sun"), post=post, last_day=None, because="调到学校")
    lin = actor("lin")
    assert lin.roles == {School}
    with identity(lin):
        with pytest.raises(Forbidden):
            open_draft(lin, pk)
        assert not open_drafts(lin)
        assert not Draft.objects.exists() and not DataKeyRow.objects.filter(owner_kind="draft").exists(), "by SQL"
    assert signed_in("lin").get(reverse("draft", args=[pk])).status_code == 404
    for _turn in range(3):
        wait(minutes=11)
        tick()
    case = actions.log_draft(actor=actor("he"), draft_id=pk, call=CallSheet(words=RED, division="330902"))
    with identity(MACHINE):
        held = holders(case)
        assert not any(one.key == f"user:{lin.id}" for one in held)
        (above,) = [one for one in held if one.key == f"desk:{desk('hotline', Role.HOTLINE_SUPERVISOR).pk}"]
        assert above.hold == Hold.WORK and above.sealed, "the supervisors call back"
        told = Notice.objects.get(kind="draft_logged")
    assert (told.user_id, told.desk_id) == (None, desk("hotline", Role.HOTLINE_SUPERVISOR).pk)
    assert fresh(case).tier == "red" and now() - fresh(case).opened_at < timedelta(minutes=5)


def test_what_was_opened_to_somebody_with_a_school_besides_does_not_stay_with_her_when_the_file_goes() -> None:
    """Gao serves at the hotline and at the first school, Lin too, and took the call: the file moves to another county,
    where the hotline calls back, and whoever it was only opened to reads it no more."""
    case = at_xinghe()
    also("gao", "xinghe"), also("lin", "xinghe")
    given = {"hold": Hold.READ, "until": now() + timedelta(days=20), "because": "校内协同"}
    actions.grant_access(actor=actor("lin"), case=case, to=User.objects.get(username="gao"), **given)
    with identity(actor("gao")):
        assert may(actor("gao"), P.FILE_READ, case)
    why = {"because": "全家搬到普陀", "new_school": "白浪初级中学", "note": "夜里容易独处"}
    asked = {"division": "330903", "scope": Scope.WHOLE, "basis": Basis.SAFETY, "words": why}
    actions.ask_transfer(actor=actor("chen"), case=fresh(case), **asked)
    actions.accept_transfer(actor=actor("ye"), case=fresh(case))
    for name, reads in (("gao", False), ("lin", True), ("chen", False)):
        with identity(actor(name)):
            assert may(actor(name), P.FILE_READ, case) is reads, name
