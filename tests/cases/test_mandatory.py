"""Mandatory reports: nine grounds, four authorities, a clock until the receipt comes, and the ground sealed."""

from __future__ import annotations

import pytest

from cases import actions
from cases.mandatory import AUTHORITY_TEXT, GROUND_TEXT, Authority, Ground
from cases.models import Entry, MandatoryReport
from tests.stage import acknowledged, actor, clocks
from wellbeing.access.actor import identity
from wellbeing.errors import Invalid, WrongState


def test_nine_grounds_and_four_authorities_have_words() -> None:
    assert len(GROUND_TEXT) == len(Ground) == 9
    assert set(AUTHORITY_TEXT) == set(Authority)


def test_a_report_without_receipt_number_has_a_clock_until_it_comes(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    given = {"actor": zhou, "case": case, "ground": Ground.SELF_HARM, "authority": Authority.POLICE}
    actions.report_mandatory(**given, words={"reported_to": "值班民警"})
    assert clocks(case)["receipt"] == "running"
    with pytest.raises(Invalid) as refused:
        actions.note_receipt(actor=zhou, case=case, words={"receipt_no": " "})
    assert refused.value.field == "receipt_no"
    actions.note_receipt(actor=zhou, case=case, words={"receipt_no": "示例-0001"})
    assert clocks(case)["receipt"] == "met"
    with pytest.raises(WrongState):
        actions.note_receipt(actor=zhou, case=case, words={"receipt_no": "示例-0002"})
    actions.report_mandatory(**given, words={"receipt_no": "示例-0003"})
    assert clocks(case)["receipt"] == "met"


def test_the_ground_of_a_mandatory_report_is_sealed(db: None) -> None:
    case, zhou = acknowledged(), actor("zhou")
    actions.report_mandatory(actor=zhou, case=case, ground=Ground.UNDER_14, authority=Authority.POLICE, words={})
    with identity(zhou):
        row = MandatoryReport.objects.get(case=case)
        assert "ground" not in {field.name for field in row._meta.fields}
        assert not Entry.objects.filter(pk=row.entry_id).exists()  # who reports writes it, and reads it no more
    with identity(actor("lin")):
        assert Entry.objects.get(pk=row.entry_id).section == "sealed"
