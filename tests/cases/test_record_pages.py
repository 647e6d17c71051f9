"""The pages of a request for records. That outside a file and no file are the same is a proof:
tests/proofs/same_answer.py."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override

from cases.models import RecordRequest
from cases.record_requests import CHECKED_TEXT, Checked
from tests.cases.records_stage import ASKING, SAID, blackened, checked, entry_of, received
from tests.pdf.reading import own_words, text
from tests.stage import RED, actor, call, signed_in
from wellbeing.access.actor import identity
from wellbeing.paging import older

pytestmark = pytest.mark.django_db


def test_from_the_counter_to_the_extract(wait: Any) -> None:
    case = call({**RED, "done": "", "narrative": SAID, "caller_kind": "teacher"})
    zhou, he = signed_in("zhou"), signed_in("he")
    typed = {**ASKING, "asker": "court", "division": "330902", "key": case.pk}
    refused = zhou.post(reverse("receive_request"), {**typed, "document": ""})
    assert refused.status_code == 422 and ASKING["wanted"] in refused.content.decode()
    page = zhou.post(reverse("receive_request"), {**typed, "document": "(2026)示例1号"})
    reference = page["Location"].rstrip("/").rsplit("/", 1)[1]
    assert "小渔" not in page["Location"] and "小渔" not in zhou.get(reverse("record_requests")).content.decode()
    zhou.post(reverse("check_asker", args=[reference]), {"how": "letter", "key": case.person_id})
    looked = {"words": case.reference, "key": reference_key(1)}
    page = zhou.post(reverse("take_up_record", args=[reference]), looked)
    assert page["Location"].endswith(f"?about={case.reference}")
    form = zhou.get(page["Location"]).content.decode()
    story = entry_of(case, "narrative")
    assert SAID in form and f"how:{story}:narrative" in form
    assert "caller_kind" not in form and RED["caller_number"] not in form and RED["guardian_contact"] not in form
    given = {
        "about": case.reference,
        "because": "法院调取,只提供所需部分",
        "key": reference_key(2),
        f"how:{story}:narrative": "blackened",
        f"text:{story}:narrative": "我爸打我",
    }
    late = zhou.post(reverse("propose_answer", args=[reference]), given)
    assert late.status_code == 422 and "其余不得改动" in late.content.decode()
    given[f"text:{story}:narrative"] = blackened(case).text
    assert zhou.post(reverse("propose_answer", args=[reference]), given).status_code == 302
    judged = he.get(reverse("decide_answer", args=[reference])).content.decode()
    with override("zh-hans"):
        assert gettext(CHECKED_TEXT[Checked.LETTER]) in judged  # who asks, and how that was made sure of
    assert "■■■■知道" in judged and "陈老师" not in judged and case.reference not in judged
    yes = {"agree": "yes", "note": "", "key": reference_key(3)}
    assert he.post(reverse("decide_answer", args=[reference]), yes).status_code == 302
    pdf = zhou.get(reverse("record_reply_pdf", args=[reference]))
    said = text(pdf.content)
    assert pdf["Content-Type"] == "application/pdf" and pdf["Cache-Control"] == "no-store"
    assert "■■■■知道" in said and "陈老师" not in said and reference in said and "小渔" not in own_words(pdf.content)
    assert case.reference not in said and "来电" not in said
    assert "■■■■知道" in zhou.get(reverse("record_reply", args=[reference])).content.decode()
    shown = zhou.get(reverse("case", args=[case.reference])).content.decode()
    zhou.post(reverse("hand_out_records", args=[reference]), {"how": "officer", "key": reference_key(4)})
    assert "记录已对外提供" not in shown
    assert "记录已对外提供" in zhou.get(reverse("case", args=[case.reference])).content.decode()


def reference_key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def test_nobody_else_finds_a_request(wait: Any) -> None:
    row = checked()
    for name in ("ye", "lin", "chen", "shen", "fang", "mallory"):
        assert signed_in(name).get(reverse("record_request", args=[row.reference])).status_code == 404, name


def test_no_request_that_waits_is_cut_off_and_the_answered_ones_are_read_page_by_page(db: None) -> None:
    waiting = [received() for _n in range(52)]
    zhou = signed_in("zhou")
    page = zhou.get(reverse("record_requests"))
    assert {row["row"].pk for row in page.context["rows"]} == {row.pk for row in waiting}, "all of them"
    assert page.context["next_cursor"] is None
    with identity(actor("zhou")):
        rows = RecordRequest.objects.all()
        some = older(rows, waiting=Q(pk=waiting[0].pk), limit=20)
        assert [row.pk for row in some] == [waiting[0].pk, *(row.pk for row in waiting[:31:-1])]
        rest = older(rows, str(some.next), waiting=Q(pk=waiting[0].pk), limit=20)
        last = older(rows, str(rest.next), waiting=Q(pk=waiting[0].pk), limit=20)
        assert [row.pk for row in (*rest, *last)] == [row.pk for row in waiting[31:0:-1]] and last.next is None
