"""The ballot box (月度统计箱): the few answers of a call that figures are made of, apart from the call itself. Pure.

A sum that grows call by call would give each call's answer away: whoever knows it before and after one call subtracts.
So a call that was logged leaves one slip in the box of a month. It says the answers below and nothing of call, case,
caller, counsellor or hour, and it is sealed under the box's own key. Nobody opens a box that takes slips; it is emptied
once, whole, when its month is over and has been waited for, and then its slips and its key are destroyed
(wellbeing/reports/ballot_measures.py says what is told of it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cases.sheet import BY_CODE
from wellbeing.workdays import TIMEZONE

CITY = "330900"  # boxes are the whole city's: a county's would hold too few slips
LATE = timedelta(days=3)  # after its end a box still takes what is entered late (migration 0034 says the same)
COUNTED = ("", "valid", "repeat")  # kinds of call: a silent, wrong or harassing one and a test leave no slip
ANSWERS = {"caller_from": ("local", "outside"), "difficult": ("yes", "no"), "mhl23": ("advised", "not_advised")}
FIELDS = (*ANSWERS, "mark", "intent_drop", "topic")
RATINGS = frozenset(range(101))
TOPICS = tuple(code for code, _text in BY_CODE["main_topic"].choices)
MARKS = tuple(code for code, _text in BY_CODE["mark"].choices)

Slip = dict[str, str | int]


def slip(words: Mapping[str, Any]) -> Slip:
    """The answers of a filled sheet that are counted: closed codes, the caller's mark from 1 to 5, by how much the
    intent of dying fell (before less after, of 100) where it was asked both times, and the one topic that the call was
    mostly about: the one that is named as such, else the only one that is ticked. Empty where there is none."""
    if (words.get("call_kind") or "") not in COUNTED:
        return {}
    found: Slip = {code: words[code] for code, answers in ANSWERS.items() if words.get(code) in answers}
    if words.get("mark") in MARKS:
        found["mark"] = int(words["mark"])
    before, after = (words.get(f"intent_{when}") for when in ("before", "after"))
    if isinstance(before, int) and isinstance(after, int) and {before, after} <= RATINGS:
        found["intent_drop"] = before - after
    ticked = list(words.get("topics") or [])
    topic = words.get("main_topic") or (ticked[0] if len(ticked) == 1 else None)
    if topic in TOPICS:
        found["topic"] = topic
    return found


def month_of_slip(started: datetime, at: datetime) -> date:
    """The box (the first day of its month) for a call that began then and is logged now: its own month's while that
    takes slips, the running month's afterwards."""
    oldest = (at.astimezone(TIMEZONE) - LATE).date()
    return max(started.astimezone(TIMEZONE).date(), oldest).replace(day=1)


def box(month: date) -> UUID:
    """The owner of a box's key: the month written as an id, so that the database's wall reads it too."""
    return UUID(f"{month:%Y%m}".rjust(32, "0"))
