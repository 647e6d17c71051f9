"""What names a call, on which line and in whose shift: shown without anybody typing it, and without counting calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from cases import actions
from cases.actions import CallSheet
from cases.call_number import call_number, calls_of
from cases.models import Call
from cases.paper_number import PaperKind
from tests.api.stage import program
from tests.cases.test_paper_sheets import printed
from tests.rota.scenes import shift
from tests.stage import GREEN, actor, fresh, signed_in
from wellbeing.access.actor import identity
from wellbeing.people.models import Desk
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def test_a_number_says_when_and_counts_nothing() -> None:
    began = datetime(2026, 11, 27, 6, 32, 59, tzinfo=UTC)
    assert call_number(began, UUID(int=1_000_083)) == "261127-1432-083"  # in the city's time


def test_a_call_says_number_line_and_shift_on_its_case_and_to_a_program(wait: Any) -> None:
    hers = shift("lin", by="su", at=Desk.objects.get(pk=actor("lin").desks[0]))
    wait(hours=2)
    at = now()
    taken, outside = (
        actions.take_call(
            actor=actor("lin"), call=CallSheet(words=GREEN, division="330902", line=line, started_at=began)
        )
        for line, began in (("out", at), ("12356", at - timedelta(hours=9)))
    )
    with identity(actor("lin")):
        (one,), (other,) = calls_of(fresh(taken)), calls_of(fresh(outside))
        call = Call.objects.get(case=taken)
    assert (one.number, one.code, one.shift) == (call_number(call.started_at, call.pk), "out", hers)
    assert (other.code, other.shift) == ("12356", None)
    pages = [signed_in("lin").get(reverse("case", args=[case.reference])).content.decode() for case in (taken, outside)]
    assert one.number in pages[0] and "我方呼出" in pages[0] and str(hers) in pages[0]
    assert other.number in pages[1] and "不在值班表内" in pages[1] and "12356" in pages[1]
    (said,) = program("lin").get(f"cases/{taken.reference}").json()["calls"]
    assert (said["number"], said["line"]) == (one.number, "out") and said["shift"]["ends_at"].startswith("20")


def test_outgoing_is_a_line_of_the_sheet_on_screen_and_on_paper_and_nothing_is_required() -> None:
    lin = signed_in("lin")
    page = lin.get(reverse("new_call"), follow=True).content.decode()
    assert 'value="out"' in page and page.count("我方呼出") == 1 and 'value="12355"' in page
    sheet = lin.get(reverse("paper_batch", args=[printed("lin", PaperKind.CALL)[0].batch])).content.decode()
    assert "线路" in sheet and "我方呼出" in sheet
    case = actions.take_call(actor=actor("lin"), call=CallSheet())
    with identity(actor("lin")):
        (one,) = calls_of(fresh(case))
    assert one.code == "2912345" and len(one.number) == 15
