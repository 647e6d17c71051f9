"""The safety plan: sealed, and printed without a name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases import actions
from cases.models import Entry
from cases.safety_plan import CODES, STEPS
from tests.stage import acknowledged, actor, signed_in
from wellbeing.access.actor import identity
from wellbeing.errors import Invalid

PLAN = {"signs": "一个人待着", "helpers": "奶奶", "stays": "妈妈，到明早"}


def test_a_safety_plan_is_sealed_and_prints_without_a_name(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    assert len(STEPS) == 6 and set(PLAN) <= set(CODES)
    with pytest.raises(Invalid):
        actions.plan_safety(actor=zhou, case=case, words={"stays": "妈妈"})
    actions.plan_safety(actor=zhou, case=case, words=PLAN)
    with identity(zhou):
        sealed = bytes(Entry.objects.get(case=case, kind="safety_plan").sealed)
    assert "奶奶".encode() not in sealed
    page = signed_in("zhou").get(reverse("safety_plan_print", args=[case.reference])).content.decode()
    sheet = page[page.index('class="sheet plan"') :]
    assert "一个人待着" in sheet and "2912345" in sheet
    assert "小渔" not in page and case.reference not in sheet.split("</section>")[0]
