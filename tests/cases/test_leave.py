"""The table of leave and return, and what its steps ask for: pure properties, and what nobody may be asked for."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from cases.clocks import ClockKind, months_since, return_talks
from cases.leave import ACTION_TEXT, AWAY, BACK, CLOCKS, COUNTY, LEAVE, STATE_TEXT, LeaveState, Move
from cases.leave_asks import ASKS, LABELS, MATERIAL_TEXT, MISSING_TEXT, Ask, wanting
from cases.policy import Policy
from wellbeing.workdays import TIMEZONE

ROOT = Path(__file__).resolve().parents[2]
# A paper that proves health, or one that frees the school: an argument about the second is on record (PRACTICE.md 4.5).
NEVER = (
    "治愈",
    "康复证明",
    "免责",
    "承诺书",
    "保证书",
    "责任书",
    "自负",
    "certificate of",  # those that teachers hold are another matter
    "waiver",
    "liability",
    "cured",
)
# One printed sentence says that its paper is none; it may.
DENIED = (
    "本记录不是免责声明",
    "this record is no waiver",
    "复学不以“治愈证明”或免责承诺为条件",
    "neither a certificate of cure nor a waiver of liability is asked for",
)
PAGES = ("templates/cases", "templates/referrals", "locale/zh_Hans/LC_MESSAGES/django.po")


def test_every_open_state_has_a_clock_and_every_final_one_none() -> None:
    assert set(CLOCKS) == set(LEAVE.states) == set(LeaveState) == set(STATE_TEXT)
    assert {state for state in LEAVE.states if not CLOCKS[state]} == set(LEAVE.final)


def test_the_steps_stop_and_start_exactly_what_differs() -> None:
    for step in LEAVE.steps:
        left = [kind for kind in CLOCKS[step.state] if kind not in step.stops]
        assert sorted([*left, *step.starts]) == sorted(CLOCKS[step.next]), (step.state, step.action)


def test_from_the_first_day_away_to_the_first_day_back_somebody_asks_how_it_goes() -> None:
    away = {s for s in LEAVE.states if ClockKind.LEAVE_CONTACT in CLOCKS[s]}
    assert away == {"on_leave", "materials", "reviewed", "weighed", "refused", "appealed", "passed"}


def test_the_roads_are_four_and_five_steps_and_each_step_has_words_and_asks() -> None:
    assert (len(AWAY), len(BACK)) == (4, 5)
    automatic = {"finish", "leave_again"}
    assert {step.action for step in LEAVE.steps} - automatic | {"begin", "follow"} == set(ASKS)
    assert {step.action for step in LEAVE.steps} | {"begin", "follow"} == set(ACTION_TEXT)
    assert set(Move) <= set(ASKS)


def test_an_appeal_is_the_county_s_or_the_city_s_and_a_dismissed_one_leaves_the_leave_open() -> None:
    decided = [step for step in LEAVE.steps if step.state == "appealed"]
    assert {step.next for step in decided} == {"passed", "on_leave"} and all(step.who == COUNTY for step in decided)


def test_a_refusal_asks_for_what_is_missing_and_for_a_day() -> None:
    assert {ask.code for ask in ASKS["refuse"] if ask.needed} == {"missing", "look_again"}
    assert {ask.code for ask in ASKS["dismiss"] if ask.needed} == {"missing", "look_again", "because"}


@pytest.mark.parametrize("step", ASKS)
def test_an_empty_field_that_is_needed_is_found_and_blanks_are_empty(step: str) -> None:
    needed = [ask for ask in ASKS[step] if ask.needed]
    assert wanting(step, {}) == (needed[0] if needed else None)
    full = {ask.code: "x" for ask in needed}
    assert wanting(step, full) is None
    for ask in needed:
        assert wanting(step, {**full, ask.code: "  "}) is ask and wanting(step, {**full, ask.code: []}) is ask


def test_one_code_has_one_meaning() -> None:
    labels: dict[str, str] = {}
    for ask in (ask for asks in ASKS.values() for ask in asks):
        assert labels.setdefault(ask.code, ask.label) == ask.label, ask.code
    assert labels == LABELS


def test_materials_are_a_closed_list_and_what_is_missing_can_be_brought_about() -> None:
    assert set(MATERIAL_TEXT) == {"hospital_advice", "application", "own_wish", "at_home"}
    assert set(MATERIAL_TEXT) < set(MISSING_TEXT)


def asked_for(texts: list[str]) -> set[str]:
    said = "\n".join(texts).lower()
    for sentence in DENIED:
        said = said.replace(sentence, "")
    return {word for word in NEVER if re.search(rf"(?<![a-z]){re.escape(word)}", said)}


def test_nobody_is_asked_for_proof_of_health_or_to_free_the_school() -> None:
    asks: list[Ask] = [ask for asks in ASKS.values() for ask in asks]
    words = [text for ask in asks for text in (ask.label, ask.needed, *(ask.choices or {}).values())]
    files = [path for name in PAGES for path in ([ROOT / name] if "." in name else (ROOT / name).glob("*.html"))]
    assert len(files) > 20
    assert asked_for([*words, *(path.read_text() for path in files)]) == set()


def test_such_a_paper_would_be_found() -> None:
    """Positive control."""
    assert asked_for(["请提交治愈证明", "签署免责承诺书"]) == {"治愈", "免责", "承诺书"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


def test_the_talks_after_a_return_fall_on_the_last_day_of_a_short_month() -> None:
    days = [when.date().isoformat() for when in return_talks(at("2026-01-31T08:00"), Policy())]
    assert days == ["2026-02-01", "2026-02-07", "2026-02-28", "2026-04-30"]
    assert return_talks(at("2025-12-31T08:00"), Policy())[0].date().isoformat() == "2026-01-01"


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-31T08:00", "2026-02-28T07:59", 0),
        ("2026-01-31T08:00", "2026-02-28T08:00", 1),
        ("2026-01-31T08:00", "2026-04-30T07:59", 2),
        ("2026-01-31T08:00", "2026-04-30T08:00", 3),
        ("2025-11-30T08:00", "2026-02-28T08:00", 3),
        ("2026-01-15T08:00", "2026-01-15T08:00", 0),
    ],
)
def test_months_are_whole_ones_by_date(start: str, end: str, months: int) -> None:
    assert months_since(at(start), at(end)) == months
