"""A paper is kept once, raises at once, and never lowers."""

from __future__ import annotations

from typing import Any

import pytest

from cases import actions
from cases.access import Purpose, reveal
from cases.instruments import INSTRUMENTS
from cases.models import Case, Entry, EntryKind, Section, Warning
from tests.stage import GREEN, YELLOW, acknowledged, actor, call, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden, Invalid

MACHINE = Actor.machine("test")
NONE = dict.fromkeys(INSTRUMENTS["phq9"].items, 0)


def record(case: Case, instrument: str = "phq9", by: str = "lin", **answers: Any) -> Entry:
    made: Entry = actions.record_instrument(actor=actor(by), case=case, instrument=instrument, answers=answers)
    return made


def test_a_positive_item_nine_raises_a_green_case_and_warns(db: None) -> None:
    case = call(GREEN)
    record(case, **{**NONE, "better_off_dead": 2})
    assert fresh(case).tier == "orange"
    with identity(MACHINE):
        assert Warning.objects.filter(case=case, ended_at=None).exists()


def test_a_harmless_paper_changes_nothing_but_is_kept(db: None) -> None:
    case = acknowledged()
    record(case, **NONE)
    assert (fresh(case).tier, fresh(case).status) == (case.tier, case.status)


def test_the_words_open_to_readers_and_the_audit_holds_codes_only(db: None) -> None:
    case = call(YELLOW)
    record(case, **{**NONE, "down": 3, "sleep": 2})
    lin = actor("lin")
    with identity(lin):
        opened = reveal(lin, fresh(case), Section.values, Purpose.CARE)
    (words,) = [entry.words for entry in opened.entries if entry.kind == EntryKind.INSTRUMENT]
    assert (words["instrument"], words["total"], words["band"], words["answers"]["down"]) == ("phq9", 5, "mild", 3)
    with identity(MACHINE):
        (event,) = [one for one in trail(case.pk) if one.act == "cases:instrument:record"]
        assert set(event.facts) <= {"entry", "complete", "tier", "from", "to"}


def test_an_incomplete_paper_is_kept_without_a_score(db: None) -> None:
    case = call(GREEN)
    record(case, better_off_dead=1)
    assert fresh(case).tier == "yellow", "the critical item was answered, and counts"


@pytest.mark.parametrize(
    ("instrument", "answers", "field"),
    [
        ("phq9", {"down": 1}, "better_off_dead"),
        ("phq9", {"down": 4, "better_off_dead": 0}, "down"),
        ("phq9", {"joy": 1}, "joy"),
        ("phq9", {}, "interest"),
        ("asq", {"wish_dead": "yes"}, "right_now"),
        ("hotline", {"total": 17}, "total"),
        ("rorschach", {"total": 1}, "instrument"),
    ],
)
def test_what_a_paper_cannot_say_is_refused_beside_its_question(
    db: None, instrument: str, answers: dict[str, Any], field: str
) -> None:
    case = call(GREEN)
    with pytest.raises(Invalid) as refused:
        record(case, instrument, **answers)
    assert refused.value.field == field
    with identity(MACHINE):
        assert not Entry.objects.filter(case=case, kind=EntryKind.INSTRUMENT).exists()


def test_only_those_who_work_on_the_case_record_in_it(db: None) -> None:
    case = call(GREEN)
    for name in ("gao", "ye", "fang", "shen", "mallory"):
        with pytest.raises(Forbidden):
            record(case, by=name, **NONE)
