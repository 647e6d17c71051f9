"""Sheets of paper for days when the system is down: their numbers, a batch in one PDF, and entering each once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from cases.models import Case, Entry, EntryKind, PaperSheet
from cases.paper_number import PaperKind, shown
from referrals.models import Referral
from tests.pdf.reading import reader, text
from tests.stage import GREEN, acknowledged, actor, call, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.people.models import Role, User
from wellbeing.workdays import now


def printed(name: str, kind: PaperKind, count: int = 1) -> list[PaperSheet]:
    first = cases.print_sheets(actor=actor(name), kind=kind, count=count)
    with identity(actor(name)):
        return list(PaperSheet.objects.filter(batch=first.batch).order_by("pk"))


def test_a_batch_is_numbered_printed_and_entered_once(db: None) -> None:
    lin = signed_in("lin", "en")
    page = lin.get(reverse("paper_sheets")).content.decode()
    assert 'value="call"' in page and 'value="concern"' not in page and 'value="referral"' not in page
    refused = lin.post(reverse("paper_sheets"), {"kind": "call", "count": 51, "key": uuid4()})
    assert refused.status_code == 422
    made = lin.post(reverse("paper_sheets"), {"kind": "call", "count": 3, "key": uuid4()})
    batch = made["Location"]
    with identity(actor("lin")):
        numbers = [shown(sheet.pk) for sheet in PaperSheet.objects.order_by("pk")]
    assert re.findall(r'class="reference">(\d{7}-\d)<', lin.get(batch).content.decode()) == numbers
    pdf = lin.get(batch.rstrip("/") + ".pdf").content
    words = text(pdf)
    assert all(number in words for number in numbers) and len(reader(pdf).pages) % 3 == 0
    assert words.count("Page1of") == 3
    assert signed_in("zhou", "en").get(batch).status_code == 404  # another house

    today = timezone.localtime(now())
    typed = {**GREEN, "paper": numbers[0], "started_at": f"{today - timedelta(days=1):%Y-%m-%dT%H:%M}"}
    early = lin.post(reverse("new_call"), typed | {"key": uuid4()})
    assert early.status_code == 422 and "printed only on" in early.content.decode()
    typed["started_at"] = f"{today:%Y-%m-%dT%H:%M}"
    assert lin.post(reverse("new_call"), typed | {"key": uuid4()}).status_code == 302
    again = lin.post(reverse("new_call"), typed | {"key": uuid4()})
    with identity(actor("lin")):
        case = Case.objects.get()
    said = again.content.decode()
    assert (
        again.status_code == 422 and "entered before" in said and case.reference in said and GREEN["narrative"] in said
    )
    cover = lin.get(reverse("case", args=[case.reference])).content.decode()
    assert numbers[0] in cover and "Happened" in cover
    assert case.reference in lin.get(reverse("paper_sheets")).content.decode()
    # a colleague without a grant learns that it was entered and by whom, not where it went
    told = signed_in("gao", "en").post(reverse("check_paper", args=["call"]), {"paper": numbers[0]}).content.decode()
    assert "entered before" in told and case.reference not in told
    ask = reverse("check_paper", args=["call"])
    assert re.search(rf'hx-post="{ask}"[^>]*hx-target="this"', lin.get(reverse("new_call")).content.decode())
    assert "Not entered yet" in lin.post(ask, {"paper": numbers[1]}).content.decode()
    assert "look at the digits" in lin.post(ask, {"paper": numbers[1][:-1] + "x"}).content.decode()
    assert "printed no sheet" in lin.post(ask, {"paper": shown(999_999)}).content.decode()
    for number in numbers[:2]:  # the code on one that was entered before leads to the form as well, which says so
        assert lin.get(reverse("enter_paper", args=[number]))["Location"].endswith(f"?paper={number}")
    for stranger, typed_number in (("chen", numbers[1]), ("lin", shown(999_999)), ("lin", numbers[1][:-1] + "x")):
        assert signed_in(stranger, "en").get(reverse("enter_paper", args=[typed_number])).status_code == 404
    way = reverse("new_call") + "?paper="
    assert f'href="{way}#save"' in lin.get(reverse("paper_sheets")).content.decode()
    sheet = lin.get(way)
    assert 'from-paper" open' in sheet.content.decode() and not sheet.context["form"]["started_at"].value()
    assert 'from-paper" open' not in lin.get(reverse("new_call")).content.decode()


def test_what_happened_stands_apart_from_what_was_recorded(db: None) -> None:
    """A concern of an hour ago: the entry says when it was seen, the clocks run from the entering; the teacher sees
    nothing more of it, her counsellor does."""
    (sheet,) = printed("chen", PaperKind.CONCERN)
    number, seen = shown(sheet.pk), now()
    given = {"actor": actor("ding"), "name": "小岚", "seen": "不说话"}
    for paper, when, field in (
        (number, None, "occurred_at"),
        (number, seen + timedelta(hours=1), "occurred_at"),
        (number, seen - timedelta(days=1), "occurred_at"),
        ("1234567-8", seen, "paper"),
    ):
        with pytest.raises(Invalid) as refused:
            cases.report_concern(**given, paper=paper, occurred_at=when)
        assert refused.value.field == field
    cases.report_concern(**given, paper=number, occurred_at=seen)
    with identity(Actor.machine("test")):
        (case,) = Case.objects.all()
    with identity(actor("chen")):
        entry, back = Entry.objects.get(case=case, kind=EntryKind.CONCERN), PaperSheet.objects.get()
        seen = seen.replace(second=0, microsecond=0)
        assert entry.at == back.occurred_at == seen and back.entered_at == fresh(case).opened_at >= seen
    page = signed_in("ding", "en").get(reverse("paper_sheets")).content.decode()
    assert case.reference not in page
    with pytest.raises(Invalid, match="paper"):
        cases.report_concern(**given, paper=number, occurred_at=seen)
    with pytest.raises(Invalid, match="kind"):
        cases.print_sheets(actor=actor("ding"), kind=PaperKind.CALL, count=1)


def test_a_sheet_is_nobodys_but_the_house_that_printed_it(db: None) -> None:
    (sheet,) = printed("lin", PaperKind.CALL)
    case = call(GREEN)
    for name, sees in {"gao": 1, "chen": 0, "zhou": 0, "mallory": 0}.items():
        with identity(actor(name)):
            assert PaperSheet.objects.count() == sees, name
    with identity(actor("chen")):
        assert PaperSheet.objects.filter(pk=sheet.pk).update(case=case) == 0


def test_a_referral_on_paper_is_entered_once_into_its_case(db: None) -> None:
    """A school asks and its county sends, each from a sheet: the number leads to the case, and the case says when."""
    case = scene_at_school()
    (asked,) = printed("chen", PaperKind.REFERRAL)
    number, chen = shown(asked.pk), signed_in("chen", "en")
    door = chen.get(reverse("enter_paper", args=[number]))["Location"]
    assert door == f"{reverse('enter_referral')}?paper={number}" and number in chen.get(door).content.decode()
    assert signed_in("lin", "en").get(door).status_code == 404  # the hotline refers nobody
    form = f"{reverse('submit_referral', args=[case.reference])}?paper={number}"
    assert chen.post(door, {"paper": number, "words": case.reference.lower()})["Location"] == form
    by_name = chen.post(door, {"paper": number, "words": "小渔"}).content.decode()
    assert form in by_name and number in chen.get(form).content.decode()
    (hers,) = printed("wu", PaperKind.REFERRAL)
    wu = signed_in("wu", "en").post(door, {"paper": shown(hers.pk), "words": case.reference}).content.decode()
    assert "Nothing found" in wu
    wrong = chen.post(door, {"paper": shown(hers.pk), "words": "小渔"})  # another house's
    assert wrong.status_code == 422 and "printed no sheet" in wrong.content.decode()

    happened = timezone.localtime(now())
    typed = {"summary": "两周未到校", "paper": number, "occurred_at": f"{happened:%Y-%m-%dT%H:%M}"}
    unknown_time = chen.post(form, typed | {"key": uuid4(), "occurred_at": ""})
    assert unknown_time.status_code == 422 and "Write when it happened" in unknown_time.content.decode()
    assert chen.post(form, typed | {"key": uuid4()}).status_code == 302
    with identity(actor("chen")):
        back, referral = PaperSheet.objects.get(pk=asked.pk), Referral.objects.get()
        assert (back.case_id, back.occurred_at, back.entered_by.username) == (case.pk, at_minute(happened), "chen")
    assert number in chen.get(reverse("case", args=[case.reference])).content.decode()

    (sent,) = printed("zhou", PaperKind.REFERRAL)
    number, zhou = shown(sent.pk), signed_in("zhou", "en")
    onward = zhou.post(reverse("enter_referral"), {"paper": number, "words": case.reference})["Location"]
    assert onward == f"{reverse('send_referral', args=[referral.reference])}?paper={number}"
    hospital = desk("haiyun-hospital", Role.HOSPITAL_LIAISON)
    letter = typed | {"paper": number, "destination": hospital.pk, "consent": "given", "send": "1"}
    again = zhou.post(onward, letter | {"key": uuid4(), "paper": shown(asked.pk)})
    assert again.status_code == 422 and "printed no sheet" in again.content.decode()  # the school's is another house's
    assert zhou.post(onward, letter | {"key": uuid4()}).status_code == 302
    again = zhou.post(reverse("enter_referral"), {"paper": number, "words": case.reference})
    assert again.status_code == 422 and case.reference in again.content.decode()  # where it went
    with identity(actor("zhou")):
        assert PaperSheet.objects.get(pk=sent.pk).case_id == case.pk and Referral.objects.get().state == "sent"


def scene_at_school() -> Case:
    """A red case that Chen manages, not referred yet."""
    case = acknowledged()
    manager, school = User.objects.get(username="chen"), desk("xinghe", Role.SCHOOL_COUNSELLOR)
    cases.assign_manager(actor=actor("zhou"), case=case, manager=manager, desk=school)
    return fresh(case)


def at_minute(when: datetime) -> datetime:
    return when.replace(second=0, microsecond=0)
