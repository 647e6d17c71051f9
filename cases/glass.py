"""The rules of break-glass: how long, how often, who reviews, when the right rests (SECURITY.md 3.4). Pure.

The numbers are policy defaults; a file is opened first and judged after, because a child may be on the roof.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

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


def reviewing(desks: Mapping[int, Collection[int]], mine: Collection[int]) -> tuple[int, int] | None:
    """The two desks that are told, of some in their order with who sits there today besides the opener: the first two
    at which she does not sit and two different people do. A desk where nobody sits comes last, because a child may be
    on the roof: an unreviewed opening goes up. None where the city has no two such desks at all."""
    found = [desk for desk in desks if desk not in mine]
    for one, other in combinations(found, 2):
        if desks[one] and desks[other] and len({*desks[one], *desks[other]}) > 1:
            return one, other
    found.sort(key=lambda desk: not desks[desk])
    return (found[0], found[1]) if len(found) > 1 else None


def level(at: datetime, now: datetime, *, review: timedelta) -> int:
    """How far up an unreviewed opening has gone: one level when its time is over, another after as long again."""
    return min(LEVELS, max(0, int((now - at) / review)))
