"""Drafts: saved by version, flagged by their answers, never missed, and ended with the case they become."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import open_case, reveal_covers
from cases.actions import CallSheet
from cases.draft_access import browser_key, open_draft, open_drafts, reveal_draft
from cases.drafts import DraftKind, checked
from cases.models import Call, CallerNumber, Case, Draft, Entry, EntryKind
from cases.person_file import lines
from cases.sheet_access import sheet_words
from cases.tick import tick
from tests.stage import GREEN, RED, YELLOW, actor, call, clocks, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.verify import verify
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people import set_up
from wellbeing.people.models import Desk, Organisation, Post, Private, Role, User
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import TIMEZONE, now


def save(pk: UUID, words: Any, base: int = 0, *, by: str = "lin", **more: Any) -> Draft:
    made: Draft = actions.save_draft(actor=actor(by), draft_id=pk, kind=DraftKind.CALL, words=words, base=base, **more)
    return made


def standing(pk: UUID, by: str = "lin") -> tuple[int, Any]:
    with identity(actor(by)):
        draft = open_draft(actor(by), pk)
        return draft.version, reveal_draft(actor(by), draft)


pytestmark = pytest.mark.django_db
Wait = Callable[..., None]


def notices(kind: str = "draft_waits") -> list[Notice]:
    with identity(Actor.machine("ticker")):
        return list(Notice.objects.filter(kind=kind).order_by("created_at"))


def test_a_draft_is_saved_by_version_and_nothing_is_written_over() -> None:
    pk, key = uuid7(), uuid4()
    assert save(pk, {"narrative": "她说"}, key=key).version == 1
    assert save(pk, {"narrative": "她说"}, key=key).version == 1, "the same sending again"
    assert save(pk, {"narrative": "她说,今晚"}, base=1).version == 2
    for base in (0, 1, 3):
        with pytest.raises(WrongState, match="newer"):
            save(pk, {"narrative": "别的"}, base=base)
    assert standing(pk) == (2, {"narrative": "她说,今晚"})
    assert "她说".encode() not in bytes(fresh(Draft(pk=pk)).sealed)
    for other in ("gao", "zhou", "he"):
        with pytest.raises(Forbidden):
            save(pk, {"narrative": "别人"}, base=2, by=other)
        with identity(actor(other)):
            assert open_drafts(actor(other)) == [] and not Draft.objects.exists()
            assert not DataKeyRow.objects.filter(owner_id=pk).exists()
    with identity(Actor.machine("ticker")):
        assert Draft.objects.get(pk=pk).version == 2
        assert not DataKeyRow.objects.filter(owner_kind="draft").exists(), "a machine opens nothing"
    with identity(actor("mallory")), pytest.raises(Forbidden):
        save(uuid7(), {}, by="mallory")


def test_logging_the_call_ends_its_draft_and_no_sheet_becomes_two_cases() -> None:
    pk, lin = uuid7(), actor("lin")
    save(pk, GREEN)
    case = actions.take_call(actor=lin, call=CallSheet(words=GREEN | {"call_kind": "silent"}), draft=pk, key=pk)
    draft = fresh(Draft(pk=pk))
    assert (draft.case_id, draft.sealed, draft.due_at) == (case.pk, None, None)
    with identity(lin):
        assert not DataKeyRow.objects.filter(owner_id=pk).exists()
        assert Call.objects.get(case=case).kind == "silent"
        with pytest.raises(Forbidden):
            reveal_draft(lin, draft)
    with pytest.raises(WrongState, match="ended"):
        save(pk, GREEN, base=1)  # an autosave that was on its way
    with pytest.raises(WrongState):
        actions.take_call(actor=lin, call=CallSheet(words=YELLOW), draft=pk, key=uuid4())
    unsaved = uuid7()
    actions.take_call(actor=lin, call=CallSheet(words=GREEN), draft=unsaved)
    with pytest.raises(WrongState):
        save(unsaved, GREEN)
    failing = uuid7()
    save(failing, RED)
    with pytest.raises(Invalid):
        actions.take_call(actor=lin, call=CallSheet(words=RED), tier="green", draft=failing)
    assert standing(failing)[1] == dict(RED), "what was not logged stays"
    with identity(Actor.machine("verify")):
        assert verify([pk, case.pk]).faults == []


def test_a_call_that_was_logged_early_stays_one_sheet_until_it_is_finished(wait: Wait) -> None:
    """The notice goes at once; what follows becomes the next version of its sections, raises and never lowers."""
    pk, lin, browser = uuid7(), actor("lin"), signed_in("lin")
    orange = {"caller_kind": "self", "thoughts": "active", "means": "yes", "narrative": "她说"}
    save(pk, orange)
    sent = {**orange, "key": str(pk), "goes_on": "1", "division": "330902"}
    answer = browser.post(reverse("call_sheet", args=[pk]), sent, headers={"accept": "application/json"})
    case = Case.objects.none()
    with identity(lin):
        case = Case.objects.get(reference=answer.json()["reference"])
    assert answer.json()["tier"] == case.tier == "orange"
    draft = fresh(Draft(pk=pk))
    assert (draft.case_id, draft.ended_at, draft.tier) == (case.pk, None, ""), "it goes on, and nobody is rung for it"
    began = clocks(case)
    assert save(pk, {**orange, "name": "小海", "narrative": "她说,在码头"}, base=1).tier == ""
    page = browser.get(reverse("call_sheet", args=[pk])).content.decode()
    assert "她说,在码头" in page and case.reference in page
    # the same sending again, with what was typed meanwhile: no second case, one more version
    more = {**sent, "name": "小海", "narrative": "她说,在码头", "caller_number": "13900001234", "division": "330903"}
    for _twice in range(2):
        assert browser.post(reverse("call_sheet", args=[pk]), more)["Location"] == reverse("call_sheet", args=[pk])
    with identity(lin):
        assert Call.objects.get().case_id == case.pk
        entries = Entry.objects.filter(case=case, kind=EntryKind.CALL)
        assert entries.filter(section="narrative").count() == 2 and entries.filter(section="risk").count() == 1
        assert sheet_words(lin, case)["narrative"]["narrative"] == "她说,在码头"
        assert reveal_covers(lin, [fresh(case)]) == {case.pk: "小海"}
        assert CallerNumber.objects.get().case_id == case.pk
    assert {kind: state for kind, state in clocks(case).items() if kind in began} == began, "no clock began anew"
    # a graver answer is flagged until it is handed on; then it raises at once, and milder ones lower nothing
    assert save(pk, {**orange, "act_now": "yes"}, base=2).tier == "red"
    red = {**more, "act_now": "yes"}
    browser.post(reverse("call_sheet", args=[pk]), red)
    assert fresh(case).tier == "red" and "tell_rescue" in clocks(case)
    finished = {code: value for code, value in {**more, "length_min": "3"}.items() if code != "goes_on"}
    assert browser.post(reverse("call_sheet", args=[pk]), finished | {"started_at": ""}).status_code == 302
    draft = fresh(Draft(pk=pk))
    assert draft.ended_at and draft.sealed is None and fresh(case).tier == "red"
    assert browser.get(reverse("call_sheet", args=[pk]))["Location"] == reverse("case", args=[case.reference])
    with pytest.raises(WrongState, match="ended"):
        actions.continue_call(actor=lin, case=case, call=CallSheet(words=RED), draft=pk)
    shown = browser.get(reverse("case_file", args=[case.reference])).content.decode()
    assert shown.count("她说,在码头") == 1 and shown.count("她说") == 2 and "普陀区" in shown
    # in the person's file the sheet is one line: each section as it stands, the versions before it behind it
    with identity(lin):
        [sheet_line] = [one for one in lines(lin, case, kind="calls") if one.kind == EntryKind.CALL]
        told = next(part for part in sheet_line.parts if part.section == "narrative")
        before, newest = entries.filter(section="narrative").order_by("at", "pk").values_list("pk", flat=True)
        every = len(lines(lin, case))
        assert entries.count() > len(sheet_line.parts) == len({part.section for part in sheet_line.parts})
    assert (told.id, [pk for pk, _at in told.earlier]) == (newest, [before])
    page = browser.get(reverse("person_file", args=[case.reference])).content.decode()
    assert page.count('class="life-line') == every and page.count("1 个较早版本") >= 1
    for pk_shown in (before, newest):
        assert reverse("person_entry", args=[case.reference, pk_shown]) in page
    school = signed_in("chen").get(reverse("person_file", args=[case.reference]))
    assert school.status_code == 404 or "life-words" not in school.content.decode()
    with identity(Actor.machine("verify")):
        assert verify([pk, case.pk]).faults == []


def test_what_is_handed_on_is_told_to_whoever_took_the_warning(wait: Wait) -> None:
    pk, lin, zhou = uuid7(), actor("lin"), actor("zhou")
    case = actions.take_call(actor=lin, call=CallSheet(words=RED, division="330902"), draft=pk, goes_on=True)

    def goes_on(words: Any) -> None:
        sheet = CallSheet(words=words, division="330902")
        actions.continue_call(actor=lin, case=fresh(case), call=sheet, draft=pk)

    def news() -> list[tuple[str, bool, int | None]]:
        found = [one for one in notices("call_news") if one.channel == "in_app"]
        return [(one.target, one.desk_id is not None, one.user_id) for one in found]

    goes_on(RED)
    assert news() == [], "nothing is new"
    goes_on({**RED, "narrative": "站在码头边"})
    here = f"case:{case.reference}"
    assert (here, True, None) in news() and all(target == here for target, _desk, _user in news())
    line, browser = reverse("call_line"), signed_in("lin")
    assert 'id="taken"' not in browser.get(line, {"sheet": pk}).content.decode(), "nobody has it yet"
    actions.acknowledge(actor=zhou, case=fresh(case))
    for place in (f"{line}?sheet={pk}", reverse("call_sheet", args=[pk])):
        assert "周宁(定海分诊) 已接警" in browser.get(place).content.decode()
    for who, which in (("gao", str(pk)), ("lin", str(uuid7())), ("lin", "<x>"), ("lin", "")):
        assert 'id="taken"' not in signed_in(who).get(line, {"sheet": which}).content.decode()
    before = len(news())
    for _twice in range(2):
        goes_on({**RED, "narrative": "表姐十分钟后到"})
    assert news()[before:] == [(here, False, zhou.person)]
    before = len(news())
    wait(minutes=1)
    with identity(Actor.machine("test")):
        Post.objects.filter(user=zhou.person).update(ends_on=now().date() - timedelta(days=1))
    goes_on({**RED, "narrative": "表姐没有来"})
    assert (here, True, None) in news()[before:], "whoever took it has left: her desk hears it"


def test_a_sheet_that_nobody_finishes_comes_up_with_its_case(wait: Wait) -> None:
    pk = uuid7()
    case = actions.take_call(
        actor=actor("lin"), call=CallSheet(words=YELLOW, division="330902"), draft=pk, goes_on=True
    )
    assert standing(pk) == (0, YELLOW), "an autosave that was on its way still finds its version"
    save(pk, RED)
    with identity(actor("he")), pytest.raises(Forbidden):
        open_case(actor("he"), case.reference)
    for _turn in range(3):
        wait(minutes=11)
        tick()
    he = signed_in("he")
    assert reverse("log_draft", args=[pk]) in he.get(reverse("draft", args=[pk])).content.decode()
    assert he.post(reverse("log_draft", args=[pk]))["Location"] == reverse("case", args=[case.reference])
    assert fresh(case).tier == "red" and fresh(Draft(pk=pk)).ended_at


def test_grave_answers_in_a_draft_climb_until_it_is_logged(wait: Wait) -> None:
    pk = uuid7()
    assert save(pk, {"narrative": "她说"}).due_at > now()
    flagged = save(pk, RED, base=1)
    assert flagged.tier == "red" and flagged.due_at <= now() + (flagged.due_at - flagged.flagged_at)
    still = save(pk, {**RED, "narrative": "还在说"}, base=2)
    assert still.due_at == flagged.due_at, "typing on does not put it off"
    assert tick() == 0
    with pytest.raises(Invalid):
        actions.drop_draft(actor=actor("lin"), draft_id=pk)
    wait(minutes=11)
    assert tick() == 1 and tick() == 0
    first = notices()
    assert {row.user_id for row in first if row.user_id} >= {actor("lin").id}
    assert {row.tier for row in first if row.channel == "in_app"} == {"red"}
    assert all(not row.target for row in first if row.desk_id), "her colleagues learn that, not which"
    for _turn in range(2):  # the supervisor, then the city
        wait(minutes=11)
        assert tick() == 1
    he = actor("he")
    assert standing(pk, "he") == (3, {**RED, "narrative": "还在说"})
    city = [row for row in notices() if row.desk_id == desk("city-centre", Role.CITY_DUTY).pk]
    assert [row.target for row in city] == [f"draft:{pk.hex}"]
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="he"))
    page = client.get(reverse("draft", args=[pk]))
    assert page.status_code == 200 and "还在说" in page.content.decode()
    with identity(he):
        assert [one.pk for one in open_drafts(he)] == [pk]
    for _turn in range(3):
        wait(minutes=11)
        assert tick() == 1, "the last desk is told again and again"
    page = signed_in("he").post(reverse("log_draft", args=[pk]))
    with identity(actor("lin")):  # it is hers, as if she had logged it
        case = Case.objects.get()
        assert Call.objects.get().counsellor_id == actor("lin").id and case.owner_desk_id in actor("lin").desks
        assert open_case(actor("lin"), case.reference, P.RISK_ASSESS) == case
        assert may(actor("lin"), P.SEALED_READ, case), "with the number to call back"
    assert page["Location"] == reverse("case", args=[case.reference]) and len(notices("draft_logged")) == 1
    with pytest.raises(WrongState):
        actions.take_call(actor=actor("lin"), call=CallSheet(words=RED), draft=pk)
    told = len(notices())
    wait(hours=3)
    tick()
    assert len(notices()) == told and case.tier == "red" and fresh(Draft(pk=pk)).due_at is None


def test_the_supervisor_comes_first_where_there_is_one_and_can_log_it(wait: Wait) -> None:
    hotline = Organisation.objects.get(code="hotline")
    with identity(Actor.machine("test")):
        above = set_up.desk(hotline, Role.HOTLINE_SUPERVISOR)
        set_up.appoint(User.objects.get(username="gao"), above, starts_on=now().date())
    pk = uuid7()
    save(pk, RED)
    for _turn in range(2):
        wait(minutes=11)
        tick()
    assert fresh(Draft(pk=pk)).with_desk_id == above.pk
    gao = actor("gao")
    case = actions.take_call(actor=gao, call=CallSheet(words=standing(pk, "gao")[1]), draft=pk)
    assert fresh(case).tier == "red" and fresh(Draft(pk=pk)).case_id == case.pk


def test_what_others_were_told_of_ends_by_logging_alone(wait: Wait) -> None:
    """Lin takes the grave answers of her sheet back once it has come up to others: it stays with them, and is not dropped."""
    pk, lin = uuid7(), actor("lin")
    save(pk, RED)
    wait(minutes=11)
    assert tick() == 1
    back = save(pk, GREEN, base=1)
    assert (back.tier, back.level) == ("red", 1)
    begun = f"{back.begun_at.astimezone(TIMEZONE):%H:%M}"
    with pytest.raises(Invalid):
        actions.drop_draft(actor=lin, draft_id=pk, typed=begun)
    wait(minutes=11)
    assert tick() == 1, "and goes up"
    case = actions.take_call(actor=lin, call=CallSheet(words=GREEN), draft=pk)
    assert (case.tier, fresh(Draft(pk=pk)).tier) == ("green", "red"), "as it was answered at last"


def test_an_ordinary_draft_waits_a_day_and_can_be_dropped(wait: Wait) -> None:
    pk, lin = uuid7(), actor("lin")
    save(pk, {**RED})
    assert save(pk, GREEN, base=1).tier == "", "answers that are taken back take the flag back"
    wait(hours=1)
    assert tick() == 0
    wait(hours=24)
    assert tick() == 1 and {row.tier for row in notices()} == {""}
    with pytest.raises(Forbidden):
        actions.drop_draft(actor=actor("gao"), draft_id=pk)
    # it cannot be brought back, so its name is typed: the time at which it was begun
    page = signed_in("lin").get(reverse("new_call")).content.decode()
    begun = f"{fresh(Draft(pk=pk)).begun_at.astimezone(TIMEZONE):%H:%M}"
    assert f'pattern="{begun}"' in page and f"请输入开始时间 {begun}" in page
    for wrong in ("", "25:99", begun[:4]):
        refused = signed_in("lin").post(reverse("drop_draft", args=[pk]), {"typed": wrong})
        assert refused.status_code == 422 and begun in refused.content.decode()
    with identity(lin):
        assert open_drafts(lin) and DataKeyRow.objects.filter(owner_id=pk).exists(), "nothing was destroyed"
    assert (
        signed_in("lin").post(reverse("drop_draft", args=[pk]), {"typed": begun.replace(":", "：")}).status_code == 302
    )
    with pytest.raises(WrongState):
        actions.drop_draft(actor=lin, draft_id=pk)
    with identity(lin):
        assert open_drafts(lin) == [] and not DataKeyRow.objects.filter(owner_id=pk).exists()
        assert Draft.objects.filter(pk=pk).exists(), "that there was one stays"


def test_the_script_saves_reads_and_hears_of_a_conflict() -> None:
    lin = Client(HTTP_HOST="127.0.0.1")
    user = User.objects.get(username="lin")
    lin.force_login(user)
    pk = uuid7()
    sent = {"draft": str(pk), "kind": "call", "base": "0", "key": str(uuid4()), "words": json.dumps(GREEN)}
    url = reverse("save_draft")
    assert lin.post(url, sent).json() == lin.post(url, sent).json() == {"state": "saved", "version": 1}
    late = lin.post(url, sent | {"key": str(uuid4()), "words": '{"narrative": "另一处"}'})
    assert (late.status_code, late.json()) == (409, {"state": "open", "version": 1, "words": GREEN})
    look = reverse("draft_standing", args=[pk])
    assert lin.get(look, {"since": "1"}).json() == {"state": "open", "version": 1}
    assert lin.get(look).json()["words"] == GREEN
    for wrong in ({"base": "x"}, {"kind": "x"}, {"words": "[]"}, {"words": '{"a": 1}'}, {"draft": ""}):
        assert lin.post(url, sent | wrong).status_code == 422
    page = lin.get(reverse("call_sheet", args=[pk])).content.decode()
    assert "想找人说说话" in page and 'data-version="1"' in page and browser_key(user) in page
    answer = lin.post(reverse("call_sheet", args=[pk]), GREEN | {"key": str(pk)})
    case = Case(pk=fresh(Draft(pk=pk)).case_id)
    address = reverse("case", args=[fresh(case).reference])
    assert answer["Location"] == lin.get(reverse("call_sheet", args=[pk]))["Location"] == address
    assert lin.get(look).json() == {"state": "ended", "url": address}
    token = lin.get(reverse("draft_token")).json()
    assert token["user"] == user.pk and token["key"] == browser_key(user) != browser_key(
        User.objects.get(username="gao")
    )


def test_only_texts_and_codes_are_drafted() -> None:
    for words in (None, [], {"a": 1}, {"a": [1]}, {"a" * 41: "x"}, {"a": "x" * 8001}, {"a": {}}):
        try:
            checked(words)
        except ValueError:
            continue
        raise AssertionError(words)
    mended = checked({"name": "小满\ud83d", "narrative": "\0想", "topics": ["\ud800", "a"]})  # an emoji that was cut
    assert mended == {"name": "小满\ufffd", "narrative": "\ufffd想", "topics": ["\ufffd", "a"]}
    for words in ({"a\0": "x"}, {"a\ud800": "x"}):
        with pytest.raises(ValueError, match=r"^$"):
            checked(words)


def test_a_caller_is_remembered_by_flags_alone() -> None:
    number = {"caller_number": "13900001234"}
    lin = Client(HTTP_HOST="127.0.0.1")
    lin.force_login(User.objects.get(username="lin"))
    seen = lambda: lin.post(reverse("caller_seen"), number).content.decode()  # noqa: E731
    assert seen().strip() == ""
    for _turn in range(2):
        call({**number, "call_kind": "harassing"}, by="gao")
    assert "骚扰来电：" in seen() and "督导可以限制" in seen()
    danger = call({**number, **YELLOW, "call_kind": "harassing"}, by="gao")
    text = seen()
    assert "切勿限制" in text and "督导可以限制" not in text, "a risk answer forbids it"
    assert danger.reference not in text and "小禾" not in text


def test_a_case_that_was_closed_under_its_sheet_says_so_and_loses_nothing() -> None:
    pk, lin, browser = uuid7(), actor("lin"), signed_in("lin")
    case = actions.take_call(actor=lin, call=CallSheet(words={"narrative": "她说"}), draft=pk, goes_on=True)
    save(pk, {"narrative": "她说,在家"})
    actions.close_case(actor=lin, case=fresh(case), reason="no_concern")
    page = browser.get(reverse("call_sheet", args=[pk])).content.decode()
    assert "本次来电的个案已结案" in page and "她说,在家" in page and reverse("drop_draft", args=[pk]) in page
    # what she heard since still warns, as a case of its own, and once
    red = {"narrative": "她说,在家", "act_now": "yes", "key": str(pk), "goes_on": "1", "division": "330902"}
    for _twice in range(2):
        assert browser.post(reverse("call_sheet", args=[pk]), red).status_code == 302
    with identity(lin):
        anew = Case.objects.get(pk=fresh(Draft(pk=pk)).case_id)
        assert Case.objects.filter(pk__gt=case.pk).count() == 1
    assert (anew.tier, fresh(case).status) == ("red", "closed") and "acknowledge" in clocks(anew)
    # it names the one that the call was logged as first, to whoever had that one
    cover = browser.get(reverse("case", args=[anew.reference])).content.decode()
    assert case.reference in cover and reverse("reopen_case", args=[case.reference]) in cover
    county = signed_in("zhou").get(reverse("case", args=[anew.reference])).content.decode()
    assert anew.reference in county and case.reference not in county and "原个案" not in county
    assert (
        browser.post(reverse("call_sheet", args=[pk]), {**red, "goes_on": ""} | {"length_min": "3"}).status_code == 302
    )


ORANGE = {"caller_kind": "self", "thoughts": "active", "means": "yes", "narrative": "她说"}


def goes_on(pk: UUID, words: Any) -> Case:
    sheet = CallSheet(words=words, division="330902")
    made: Case = actions.take_call(actor=actor("lin"), call=sheet, draft=pk, goes_on=True)
    return made


def test_a_second_rising_of_one_sheet_rings_as_the_first_did(wait: Wait) -> None:
    """Orange came up, was logged, and the caller went on: what is heard then is told to the same desks again."""
    pk = uuid7()
    save(pk, ORANGE)
    wait(minutes=11)
    assert tick() == 1
    first = {(one.desk_id, one.user_id, one.channel) for one in notices()}
    goes_on(pk, ORANGE)
    assert save(pk, RED, base=1).tier == "red"
    before = len(notices())
    wait(minutes=11)
    tick()
    assert {(one.desk_id, one.user_id, one.channel) for one in notices()[before:]} >= first


def test_what_others_were_told_of_a_sheet_that_goes_on_ends_by_handing_it_on(wait: Wait) -> None:
    pk, lin = uuid7(), actor("lin")
    case = goes_on(pk, YELLOW)
    assert save(pk, RED).tier == "red" and save(pk, GREEN, base=1).tier == "", "nobody was told yet"
    save(pk, RED, base=2)
    wait(minutes=11)
    tick()
    back = save(pk, GREEN, base=3)
    assert (back.tier, back.level) == ("red", 1)
    with pytest.raises(Invalid):
        actions.drop_draft(actor=lin, draft_id=pk, typed=f"{back.begun_at.astimezone(TIMEZONE):%H:%M}")
    sheet = CallSheet(words=GREEN, division="330902")
    actions.continue_call(actor=lin, case=fresh(case), call=sheet, draft=pk)
    handed = fresh(Draft(pk=pk))
    assert (handed.tier, handed.flagged_at, handed.level) == ("", None, 0) and handed.ended_at is None
    wait(minutes=11)
    before = len(notices())
    tick()
    assert len(notices()) == before, "as it was answered at last"


def test_an_act_that_is_typed_into_a_red_sheet_that_goes_on_comes_up_though_nothing_rises(wait: Wait) -> None:
    """The call was logged at red, and now she has taken the pills: whoever is on the line has no hand free to send."""
    pk, lin = uuid7(), actor("lin")
    case, acts = goes_on(pk, RED), {**RED, "act_now": "yes"}
    assert save(pk, RED).tier == ""
    assert save(pk, acts, base=1).tier == "red"
    wait(minutes=11)
    before = len(notices())
    tick()
    assert len(notices()) > before, "within policy's minutes, and not the next day"
    sheet = CallSheet(words=acts, division="330902")
    actions.continue_call(actor=lin, case=fresh(case), call=sheet, draft=pk)
    assert clocks(case)["tell_rescue"] == "running"
    assert save(pk, {**acts, "narrative": "救护车到了"}, base=2).tier == "", "it has been handed on"


def test_many_sheets_hide_no_grave_one() -> None:
    pk, lin = uuid7(), actor("lin")
    save(pk, RED)
    for _more in range(21):
        save(uuid7(), GREEN)
    with identity(lin):
        assert open_drafts(lin)[0].pk == pk


def test_a_grave_sheet_whose_first_case_was_closed_comes_up_and_is_logged_by_the_city(wait: Wait) -> None:
    pk = uuid7()
    case = goes_on(pk, GREEN)
    actions.close_case(actor=actor("lin"), case=fresh(case), reason="no_concern")
    save(pk, RED)
    for _turn in range(3):
        wait(minutes=11)
        tick()
    with identity(actor("he")), pytest.raises(Forbidden):
        open_case(actor("he"), case.reference)
    assert signed_in("he").post(reverse("log_draft", args=[pk])).status_code == 302
    made = fresh(Draft(pk=pk)).case_id
    assert made != case.pk and fresh(Case(pk=made)).tier == "red"


def test_a_grave_sheet_that_cannot_come_up_is_told_to_whoever_can_ask(wait: Wait) -> None:
    pk, city = uuid7(), desk("city-centre", Role.CITY_DUTY).pk
    save(pk, RED)
    with identity(Actor.machine("test")):
        Draft.objects.filter(pk=pk).update(level=32767)  # one more is more than the column holds
    wait(minutes=11)
    for _again in range(2):
        tick()
    told = notices("draft_stuck")
    lin = actor("lin")
    assert {(one.desk_id, one.user_id, one.target) for one in told} == {
        (None, lin.id, f"draft:{pk.hex}"),
        (lin.desks[0], None, ""),
        (city, None, ""),
    }
    assert {one.tier for one in told} == {"red"} and len(told) == 3


def test_a_red_sheet_rings_outside_the_page_at_a_city_desk_without_a_rota(wait: Wait, settings: Any) -> None:
    """No warning rings on for it: nobody has logged it. In the night the page alone is looked at by nobody."""
    settings.SMS_GATEWAY_URL = settings.SMS_GATEWAY_KEY = "set"
    with identity(Actor.machine("test")):
        Private.objects.filter(user__username="he").update(mobile="13000000000")
    save(uuid7(), RED)
    for _turn in range(3):
        wait(minutes=11)
        tick()
    outside = [(one.user_id, one.target) for one in notices() if one.channel != "in_app"]
    assert outside == [(actor("he").id, "")]


@pytest.mark.parametrize("city", ["nobody", "not set up"])
def test_a_grave_sheet_is_told_where_no_city_desk_could_hear_of_it(wait: Wait, city: str) -> None:
    above, shen = desk("city-centre", Role.CITY_DUTY), actor("shen").desks[0]
    with identity(Actor.machine("test")):
        if city == "nobody":
            Post.objects.filter(desk=above).update(ends_on=now().date() - timedelta(days=1))
        else:
            Desk.objects.filter(pk=above.pk).update(role=Role.HOSPITAL_LIAISON)
    save(uuid7(), RED)
    for _turn in range(3):
        wait(minutes=11)
        assert tick() == 1
    told = [one.target for one in notices() if one.desk_id == shen]
    assert bool(told) == (city == "nobody") and not any(told), "the bureau, and not which sheet it is"
    assert len([one for one in notices() if one.user_id == actor("lin").id]) == 3


@pytest.mark.parametrize("typed", [{"length_min": "45"}, {"paper": "12345678"}, {"started_at": "later"}, {}])
def test_what_only_its_writer_could_correct_keeps_nobody_from_logging_her_sheet(
    wait: Wait, typed: dict[str, str]
) -> None:
    """A length that is longer than the call yet, a sheet of paper of her own house, a clock that was set back: the
    city's duty has no field to correct them in, and a red sheet would come up for ever."""
    pk, began = uuid7(), now().astimezone(TIMEZONE)
    words = {**RED, "started_at": f"{began:%Y-%m-%dT%H:%M}", "narrative": "她" * 8000, **typed}
    if "started_at" in typed:
        words["started_at"] = f"{began + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    save(pk, words)
    for _turn in range(3):
        wait(minutes=11)
        tick()
    page = signed_in("he").post(reverse("log_draft", args=[pk]))
    with identity(actor("he")):
        case = Case.objects.get()
        said = sheet_words(actor("he"), case)
    assert page["Location"] == reverse("case", args=[case.reference]) and case.tier == "red"
    kept = "".join(str(value) for section in said.values() for value in section.values())
    assert "她" * 8000 in kept and all(value in kept for code, value in typed.items() if code != "started_at")
