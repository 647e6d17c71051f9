"""Drafts: which kinds of sheet there are, what may be typed into one, and when a draft comes up to somebody. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cases import sheet
from cases.policy import Policy
from cases.tiers import Facts, Tier, propose
from wellbeing.workdays import TIMEZONE

FIELDS, CODE, TEXT, CHOICES = 120, 40, 8000, 40  # at most: fields, letters of a code and of a text, chosen codes


class DraftKind(StrEnum):
    """The sheets that are drafted. One with risk questions stands in FACTS as well."""

    CALL = "call"


SLACK = timedelta(seconds=5)  # machines' clocks differ by less
BROKEN = re.compile("[\0\ud800-\udfff]")  # what no text is made of
FACTS: dict[DraftKind, Callable[[Mapping[str, Any]], Facts]] = {DraftKind.CALL: sheet.facts}


def checked(words: Any) -> dict[str, Any]:
    """What a browser sent as the words of a draft: texts and lists of codes by field code. ValueError for anything
    else; a value need not be right to be kept: half of a character (an emoji that was cut) and a zero byte, which no
    form could send again, stand as U+FFFD."""
    if not isinstance(words, dict) or len(words) > FIELDS:
        raise ValueError
    for code, value in words.items():
        texts = value if isinstance(value, list) else [value]
        short = len(code) <= CODE and len(texts) <= CHOICES
        if not short or BROKEN.search(code) or not all(isinstance(text, str) and len(text) <= TEXT for text in texts):
            raise ValueError
    return {code: _mended(value) if isinstance(value, str) else [*map(_mended, value)] for code, value in words.items()}


def _mended(text: str) -> str:
    return BROKEN.sub("\ufffd", text)


def flag(kind: DraftKind, words: Mapping[str, Any], policy: Policy, *, logged: str = "") -> str:
    """`red` or `orange` where the answers so far call for it and a case that was `logged` stands lower; else empty."""
    read = FACTS.get(kind)
    tier = propose(read(words), policy).tier if read else Tier.GREEN
    return tier.value if tier in (Tier.RED, Tier.ORANGE) and unheard(tier, logged) else ""


def act(kind: DraftKind, words: Mapping[str, Any]) -> bool:
    """Whether the answers so far say that an act is under way or just done."""
    read = FACTS.get(kind)
    return read is not None and read(words).act_under_way


def unheard(tier: str, logged: str) -> bool:
    """Whether a tier is graver than that of the case which was `logged` (empty: none was)."""
    return bool(tier) and (not logged or Tier(tier).rank < Tier(logged).rank)


def name(begun_at: datetime) -> str:
    """What a draft is called where it has nothing else: the time of day at which it was begun, here."""
    return f"{begun_at.astimezone(TIMEZONE):%H:%M}"


def due(saved_at: datetime, flagged_at: datetime | None, policy: Policy) -> datetime:
    """When a draft that is not logged comes up: a flagged one by the minute of its first grave answer, however much is
    typed after it; any other one when nobody has typed for long."""
    if flagged_at:
        return flagged_at + timedelta(minutes=policy.draft_minutes)
    return saved_at + timedelta(hours=policy.draft_hours)


def comes_up(due_at: datetime, flagged_at: datetime | None, at: datetime, policy: Policy) -> bool:
    """Whether a draft comes up now. Grave answers never wait longer than policy's minutes: where they would, the clock
    was set back since."""
    return due_at <= at or (flagged_at is not None and due_at > ahead(at, policy))


def ahead(at: datetime, policy: Policy) -> datetime:
    """The last moment that a flagged draft may wait for."""
    return again(at, at, policy) + SLACK


def again(at: datetime, flagged_at: datetime | None, policy: Policy) -> datetime:
    """When it comes up the next time, and to the next desk."""
    step = timedelta(minutes=policy.draft_minutes) if flagged_at else timedelta(hours=policy.draft_hours)
    return at + step
