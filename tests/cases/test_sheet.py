"""The call sheet: every field in one section, and the facts the rules read from it."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Section
from cases.policy import Policy
from cases.sheet import BY_CODE, FIELDS, by_section, facts
from cases.tiers import propose


def test_every_field_has_a_section_and_a_code_of_its_own() -> None:
    assert len(BY_CODE) == len(FIELDS)
    assert {field.section for field in FIELDS} <= set(Section.values)
    assert BY_CODE["caller_number"].section == "sealed"


def test_a_filled_sheet_is_split_by_section_without_empty_fields() -> None:
    parts = by_section({"name": "小渔", "age": None, "topics": [], "thoughts": "passive", "caller_number": "1"})
    assert parts == {"identity": {"name": "小渔"}, "risk": {"thoughts": "passive"}, "sealed": {"caller_number": "1"}}
    with pytest.raises(KeyError):
        by_section({"diagnosis": "x"})


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ({}, "green"),
        ({"distress": "yes"}, "blue"),
        ({"thoughts": "passive"}, "yellow"),
        ({"thoughts": "active"}, "yellow"),
        ({"self_harm": "repeated"}, "orange"),
        ({"thoughts": "active", "plan": "yes"}, "orange"),
        ({"plan": "yes", "when": "week"}, "orange"),
        ({"attempt": "earlier"}, "yellow"),
        ({"attempt": "two_weeks"}, "red"),
        ({"thoughts": "active", "when": "now"}, "red"),
        ({"thoughts": "active", "plan": "yes", "means": "yes"}, "red"),
        ({"act_now": "yes"}, "red"),
        ({"psychotic": "yes"}, "red"),
        ({"act_now": "unknown", "plan": "no"}, "green"),
        ({"intent_before": 80, "intent_after": "0"}, "yellow"),
        ({"thoughts": "none", "intent_after": "5"}, "yellow"),
        ({"thoughts": "active", "plan": "yes", "intent_before": 5}, "orange"),
        ({"intent_before": "0", "intent_after": "x", "distress_before": 90}, "green"),
        ({"thoughts": "?", "intent_before": "100"}, "yellow"),
    ],
)
def test_answers_become_tiers(words: dict[str, Any], tier: str) -> None:
    assert propose(facts(words), Policy()).tier == tier
