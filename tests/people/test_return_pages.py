"""Returns as their people use them, over HTTP."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.people.scenes import MACHINE, confirmed, filed, submitted, teacher, term
from tests.people.test_import_roster import GOOD, text
from tests.stage import signed_in
from wellbeing.access.actor import identity
from wellbeing.people.staffing import StageKind

pytestmark = pytest.mark.django_db


def sent(client: Client, route: str, /, *args: Any, **typed: Any) -> Any:
    address = reverse(route, args=args)
    form = client.get(address).context["form"]
    unseen = {bound.name: str(bound.value() or "") for bound in form.hidden_fields()}
    return client.post(address, {**unseen, **typed})


def line(place: int, /, **more: Any) -> dict[str, Any]:
    values = {"number": f"T{place}", "full_time": "full", "fte": "1", "qualification": "degree", **more}
    return {f"{name}_{place}": value for name, value in values.items()}


def typed(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The form as a browser sends it: the school, three lines, those filled in that are given."""
    return {
        name: value
        for part in ({"stage": "junior", "enrolment": "843"}, EMPTY, *lines, more)
        for name, value in part.items()
    }


EMPTY = {f"{name}_{n}": "" for n in (1, 2, 3) for name in ("number", "full_time", "fte", "qualification")}


def test_a_school_goes_straight_to_its_return_fills_it_in_and_submits_it() -> None:
    term()
    chen, one = signed_in("chen"), filed("xinghe")
    answer = chen.get(reverse("returns"))
    assert answer["Location"] == reverse("staffing_return", args=[one.pk])
    assert sent(chen, "fill_return", one.pk, **typed(line(1), line(3, full_time="part"))).status_code == 302
    shown = chen.get(reverse("staffing_return", args=[one.pk])).content.decode()
    assert "T1" in shown and "T3" in shown and "未填报" in shown, "a draft is no report yet"
    assert sent(chen, "submit_return", one.pk).status_code == 302
    shown = chen.get(reverse("staffing_return", args=[one.pk])).content.decode()
    assert "已提交" in shown and "达标" in shown and reverse("fill_return", args=[one.pk]) not in shown
    again = chen.get(reverse("fill_return", args=[one.pk])).content.decode()
    assert "该填报已提交" in again and 'name="enrolment"' not in again


def test_a_fault_stands_next_to_its_field_and_nothing_typed_is_lost() -> None:
    term()
    chen, one = signed_in("chen"), filed("xinghe")
    answer = sent(chen, "fill_return", one.pk, **typed(line(1, number="")))
    assert answer.status_code == 422
    assert "number_1" in answer.context["form"].errors, "a line that says something has a number"
    answer = sent(chen, "fill_return", one.pk, **typed(line(3, fte="1.5")))
    assert list(answer.context["form"].errors) == ["fte_3"], (
        "the third line of the page, though the first of the return"
    )
    assert 'value="1.5"' in answer.content.decode()
    answer = sent(chen, "fill_return", one.pk, **typed(enrolment="-1"))
    assert list(answer.context["form"].errors) == ["enrolment"]
    answer = sent(chen, "fill_return", one.pk, **typed(line(2, full_time="", leave_from="2026-09-01")))
    assert list(answer.context["form"].errors) == ["full_time_2"]
    assert filed("xinghe").enrolment == 842


def test_the_county_sees_who_is_missing_confirms_and_sends_back() -> None:
    term()
    one, other = submitted("xinghe", teacher()), submitted("wangchao", teacher("T2"), stage=StageKind.SENIOR)
    zhou = signed_in("zhou")
    shown = zhou.get(reverse("returns")).content.decode()
    assert "4 份未报" in re.sub(r"\s+", " ", shown) and "白浪" not in shown
    assert shown.index("星河初级中学") < shown.index("云帆小学"), "what waits for me comes first"
    assert sent(zhou, "confirm_return", one.pk).status_code == 302
    assert sent(zhou, "send_back_return", other.pk, because="").status_code == 422
    assert sent(zhou, "send_back_return", other.pk, because="人数不符").status_code == 302
    only = zhou.get(reverse("returns"), {"state": "returned"}).content.decode()
    assert "望潮高级中学" in only and "星河初级中学" not in only


def test_the_city_opens_locks_and_unlocks() -> None:
    shen = signed_in("shen")
    assert "尚未开设学期" in shen.get(reverse("returns")).content.decode()
    days = {"name": "第一学期", "first_day": "2026-09-01", "last_day": "2027-01-29"}
    assert sent(shen, "open_term", **days).status_code == 302
    answer = sent(shen, "open_term", **{**days, "name": "重叠"})
    assert answer.status_code == 422 and "重叠" in str(answer.context["form"].errors["first_day"])
    one = confirmed("xinghe", teacher())
    page = shen.get(reverse("lock_term", args=[one.term_id])).content.decode()
    assert "有 19 份尚未确认" in page
    assert sent(shen, "lock_term", one.term_id, unconfirmed="18").status_code == 422
    assert sent(shen, "lock_term", one.term_id, unconfirmed="19").status_code == 302
    lock = reverse("lock_term", args=[one.term_id])
    assert lock not in shen.get(reverse("returns")).content.decode()  # nothing is left that a lock would change
    assert sent(shen, "unlock_return", one.pk, because="人数有误").status_code == 302
    assert lock in shen.get(reverse("returns")).content.decode()
    assert "人数有误" in signed_in("chen").get(reverse("staffing_return", args=[one.pk])).content.decode()


def test_the_city_imports_a_roster_or_reads_every_bad_cell() -> None:
    made, shen = term(), signed_in("shen")
    bad = text([*GOOD[:1], ["nowhere", *GOOD[1][1:]]])
    answer = sent(shen, "import_roster", made.pk, file=SimpleUploadedFile("花名册.csv", bad))
    assert answer.status_code == 422 and "A2: 本学期没有此代码的学校。" in answer.content.decode()
    assert sent(shen, "import_roster", made.pk, file=SimpleUploadedFile("花名册.csv", b"")).status_code == 422
    assert sent(shen, "import_roster", made.pk).status_code == 422
    large = SimpleUploadedFile("花名册.csv", b"a" * (5 * 2**20 + 1))
    assert "文件超过 5 MB" in sent(shen, "import_roster", made.pk, file=large).content.decode()
    assert sent(shen, "import_roster", made.pk, file=SimpleUploadedFile("花名册.csv", text(GOOD))).status_code == 302
    page = shen.get(reverse("returns")).content.decode()
    assert "以下各列没有读取：姓名" in page  # what was left out is said
    with identity(MACHINE):
        assert filed("xinghe").teachers.count() == 2


def test_the_rules_are_changed_with_a_reason_and_an_old_page_says_what_was_changed() -> None:
    shen = signed_in("shen")
    address = reverse("change_staffing_policy", args=[1])
    form = shen.get(address).context["form"]
    given = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, "")}
    given = {name: value for name, value in given.items() if value is not False}  # an unticked box is not sent
    given |= {"key": str(form["key"].value()), "filled_from": form["filled_from"].value(), "because": "试行"}
    assert shen.post(address, given).status_code == 422, "nothing differs"
    assert shen.post(address, {**given, "primary_pupils": "0"}).status_code == 422
    assert shen.post(address, {**given, "primary_pupils": "900"}).status_code == 302
    late = shen.post(address, {**given, "key": str(uuid4()), "primary_pupils": "1200"})
    assert late.status_code == 409 and ("900", "1200") in [row[1:] for row in late.context["form"].meanwhile.rows]
    assert late.context["target"].number == 2, "the version in force, by the address of an older one"
    for number in (0, 3):
        assert shen.get(reverse("change_staffing_policy", args=[number])).status_code == 404


def test_a_notice_leads_to_the_returns() -> None:
    from wellbeing.web.views import address_of

    assert address_of("returns") == reverse("returns")
