"""Decisions for many flagged students at once: what each would mean for one of them, and what forbids it. Pure.

A wave over 80,000 pupils flags some 18,600 (PRACTICE.md 0, no. 8), so counsellors decide in groups. What must never
come of a group: "no concern" for somebody in danger, who answered a critical item, or whose answers nobody could open.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from cases.policy import Policy
from cases.tiers import Tier, higher
from wellbeing.translatable import _


class Decision(StrEnum):
    """What may be decided for many."""

    PLAN = "plan"
    REVIEWED = "reviewed"
    TIER = "tier"


DECISION_TEXT = {
    Decision.PLAN: _("Plan the interviews, by your capacity"),
    Decision.REVIEWED: _("No concern after review: no interview"),
    Decision.TIER: _("Raise to the tier that the policy in force asks for"),
}


class Refusal(StrEnum):
    """Why a decision is not possible for one student."""

    RED = "red"
    TALK = "talk"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


REFUSAL_TEXT = {
    Refusal.RED: _("red: never without a talk"),
    Refusal.TALK: _("at this tier somebody talks face to face first"),
    Refusal.CRITICAL: _("a critical item is positive"),
    Refusal.UNKNOWN: _("the answers cannot be opened here"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A student who waits. `critical` and `asked` (the tier that policy asks for) are None where her answers could not
    be opened; `since` is when she was flagged, as an ISO moment."""

    case: UUID
    tier: Tier
    since: str
    critical: bool | None
    asked: Tier | None


def refusals(decision: Decision, one: Standing, policy: Policy) -> tuple[Refusal, ...]:
    """What forbids a decision for one student; empty where it is possible."""
    unknown = one.critical is None or one.asked is None
    if decision == Decision.PLAN:
        return ()
    if decision == Decision.TIER:
        return (Refusal.UNKNOWN,) if unknown else ()
    found = []
    grave = one.tier if one.asked is None else higher(one.tier, one.asked)
    if grave == Tier.RED:
        found.append(Refusal.RED)
    elif grave in policy.face_to_face:
        found.append(Refusal.TALK)
    if one.critical:
        found.append(Refusal.CRITICAL)
    if unknown:
        found.append(Refusal.UNKNOWN)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision would do to one student: the day of her interview, or her tier before and after."""

    one: Standing
    refused: tuple[Refusal, ...] = ()
    day: date | None = None
    to: Tier | None = None  # raised to it; none where she stands as high already


def urgency(one: Standing) -> tuple[int, str, str]:
    """By which the list and the plan are sorted: the highest tier first, then who has waited longest."""
    return one.tier.rank, one.since, str(one.case)


def effects(
    decision: Decision, standings: Iterable[Standing], policy: Policy, days: Iterable[date] = ()
) -> list[Effect]:
    """What a decision would do to each, the most urgent first; `days` are those of the interviews, in turn."""
    rows = sorted(standings, key=urgency)
    if decision == Decision.PLAN:
        return [Effect(one, day=day) for one, day in zip(rows, days, strict=False)]
    found = []
    for one in rows:
        up = one.asked is not None and one.asked.rank < one.tier.rank
        to = one.asked if decision == Decision.TIER and up else None
        found.append(Effect(one, refusals(decision, one, policy), to=to))
    return found


def digest(decision: Decision, found: Sequence[Effect]) -> str:
    """Names what was shown exactly, so that nothing else is done than what somebody has seen."""
    told = [decision, [[str(e.one.case), e.one.tier, str(e.day), str(e.to), e.refused] for e in found]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
