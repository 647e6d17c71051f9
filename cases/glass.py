"""The rules of break-glass: how long, how often, who reviews, when the right rests (SECURITY.md 3.4). Pure.

The numbers are policy defaults; a file is opened first and judged after, because a child may be on the roof.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
SEALED_MINUTES = 15  # of the sealed section, once a second person has confirmed (PRACTICE.md 10)
SHORTEST = 20  # characters of a reason
LEVELS = 2  # up to which an unreviewed opening goes: the bureau, then the security administrator


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier opening of the same person: when, and whether it was judged and how."""

    at: datetime
    reviewed: bool
    verdict: str = ""


def rests(earlier: Sequence[Before], at: datetime, *, per_day: int, suspend: timedelta) -> str:
    """Why this person may not break the glass now; empty when she may.

    `often` after so many within a day, `unreviewed` while one of hers has waited for its review for longer than
    `suspend`, `refused` for a day after one was found not justified.
    """
    if sum(one.at > at - DAY for one in earlier) >= per_day:
        return "often"
    if any(not one.reviewed and one.at <= at - suspend for one in earlier):
        return "unreviewed"
    if any(one.verdict == "not" and one.at > at - DAY for one in earlier):
        return "refused"
    return ""


def reviewing(desks: Sequence[int | None], mine: Collection[int]) -> tuple[int, int] | None:
    """The first two of the desks, in their order, at which the opener does not sit; None where there are no two."""
    found = list(dict.fromkeys(desk for desk in desks if desk is not None and desk not in mine))
    return (found[0], found[1]) if len(found) > 1 else None


def level(at: datetime, now: datetime, *, review: timedelta) -> int:
    """How far up an unreviewed opening has gone: one level when its time is over, another after as long again."""
    return min(LEVELS, max(0, int((now - at) / review)))
