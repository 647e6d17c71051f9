"""The quality of calls (话务质检): which calls a supervisor looks at, on what she judges them, whose load is too much.
Pure.

Source: PRACTICE.md 3.6: three domains, every call of high risk and a share of the others (policy).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

DOMAINS = ("process", "attitude", "communication")
LOWEST, HIGHEST = 1, 5


def asked_for(words: Mapping[str, Any]) -> bool:
    """Whether the counsellor asks the supervisor to look at the call, by its sheet (PRACTICE.md 3.2, 督导)."""
    return words.get("review") == "yes"


def drawn(call: UUID, percent: int, key: bytes) -> bool:
    """Whether a call is in the sample of so many per cent. The same answer for ever, and nobody without the key can
    foresee or choose it."""
    if percent >= 100:
        return True
    return int.from_bytes(hmac.digest(key, call.bytes, "sha256")[:4]) % 10_000 < percent * 100


@dataclass(frozen=True, slots=True)
class Taken:
    """A call as the live desks see it: by whom, when, how long in minutes, and whether it was red."""

    by: int
    name: str
    at: datetime
    minutes: int
    red: bool


@dataclass(frozen=True, slots=True)
class Load:
    """What one counsellor has taken in this shift. `until` when her shift ends, None for one who is not on duty."""

    by: int
    name: str
    since: datetime
    until: datetime | None
    calls: int
    minutes: int
    reds: int
    heavy: bool


def loads(
    taken: Iterable[Taken], shifts: Mapping[int, tuple[str, datetime, datetime]], since: datetime, most: int
) -> list[Load]:
    """Everybody on duty (account → name, begin, end of the shift) and everybody else who took a call since `since`;
    heavy from `most` red calls on. The most reds come first."""
    rows = list(taken)
    people = {one.by: (one.name, since, None) for one in rows if one.at >= since} | dict(shifts)
    found = []
    for by, (name, begin, until) in people.items():
        mine = [one for one in rows if one.by == by and one.at >= begin]
        reds = sum(one.red for one in mine)
        minutes = sum(one.minutes for one in mine)
        found.append(Load(by, name, begin, until, len(mine), minutes, reds, reds >= most))
    return sorted(found, key=lambda load: (-load.reds, -load.minutes, load.name))
