"""The staffing rule of the plan: who must have a full-time psychology teacher, who has, what is missing. Pure.

Source: work plan of the Zhoushan education bureau, 2024: primary schools of a thousand pupils or more, and every
junior and senior high school, at least one full-time; "a thousand or more" includes 1,000 (Civil Code 1259).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from wellbeing.people.staffing_policy import StaffingPolicy


class StageKind(StrEnum):
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    NINE_YEAR = "nine_year"
    COMPLETE_SECONDARY = "complete_secondary"
    TWELVE_YEAR = "twelve_year"
    VOCATIONAL = "vocational"
    SPECIAL = "special"


# Stages that contain a junior or a senior high school.
SECONDARY = frozenset(
    {StageKind.JUNIOR, StageKind.SENIOR, StageKind.NINE_YEAR, StageKind.COMPLETE_SECONDARY, StageKind.TWELVE_YEAR}
)


class Reason(StrEnum):
    """Why a school must have a full-time teacher, or need not."""

    LARGE_PRIMARY = "large_primary"
    SECONDARY = "secondary"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    SMALL_PRIMARY = "small_primary"
    SWITCHED_OFF = "switched_off"
    MERGED = "merged"


class Verdict(StrEnum):
    MET = "met"
    MISSING = "missing"
    ON_LEAVE = "on_leave"
    SHARED = "shared"
    UNQUALIFIED = "unqualified"
    NOT_REQUIRED = "not_required"
    NOBODY = "nobody"
    MERGED = "merged"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class Pupils:
    """A school as the rule sees it. One that was merged into another counts there: pupils, teachers and all."""

    stage: StageKind
    enrolment: int
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Teacher:
    """One line of a return; `schools` is in how many schools the same person stands, `qualified` whether she holds a
    degree or a certificate that is valid (PRACTICE.md 6)."""

    number: str
    full_time: bool
    fte: Decimal = Decimal(1)
    on_leave: bool = False
    schools: int = 1
    qualified: bool = True

    def counts(self, policy: StaffingPolicy) -> bool:
        """Whether she is a full-time teacher of this school: at work, here alone, and qualified."""
        return self.full_time and not self.on_leave and self.schools == 1 and (self.qualified or not policy.qualified)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rule says of one school. `pupils_per_fte` is None when nobody teaches there: never a ratio of zero.

    `movable` full-time teachers could work elsewhere: the school would still have as many as it must, and somebody.
    """

    required: int
    reason: Reason
    full_time: int
    part_time: int
    verdict: Verdict
    pupils_per_fte: int | None
    movable: int = 0

    @property
    def missing(self) -> int:
        """Posts that are not filled; of a school that has not reported, all it must have."""
        return max(0, self.required - self.full_time)


DEFAULTS = StaffingPolicy()
T = TypeVar("T")


def required(school: Pupils, policy: StaffingPolicy = DEFAULTS) -> tuple[int, Reason]:
    """How many full-time teachers the plan asks of a school, and why; with `pupils_per_extra`, one more for each full
    so many pupils beyond the size of a large primary school (PRACTICE.md 6, optional tier)."""
    must, reason = _must(school, policy)
    if not must or not policy.pupils_per_extra:
        return int(must), reason
    return 1 + max(0, school.enrolment - policy.primary_pupils) // policy.pupils_per_extra, reason


def _must(school: Pupils, policy: StaffingPolicy) -> tuple[bool, Reason]:
    if school.merged:
        return False, Reason.MERGED
    match school.stage:
        case StageKind.PRIMARY:
            large = school.enrolment >= policy.primary_pupils
            return large, Reason.LARGE_PRIMARY if large else Reason.SMALL_PRIMARY
        case StageKind.VOCATIONAL:
            return policy.vocational, Reason.VOCATIONAL if policy.vocational else Reason.SWITCHED_OFF
        case StageKind.SPECIAL:
            return policy.special, Reason.SPECIAL if policy.special else Reason.SWITCHED_OFF
        case _:
            return True, Reason.SECONDARY


def assess(school: Pupils, staff: Sequence[Teacher] | None, policy: StaffingPolicy = DEFAULTS) -> Finding:
    """Hold a school's staff against the rule. Somebody on leave, shared between schools or without a qualification is
    no full-time teacher here. `staff` is None for a school that has not reported: it is not met, nor known to lack."""
    wanted, reason = required(school, policy)
    if school.merged:
        return Finding(0, reason, 0, 0, Verdict.MERGED, None)
    if staff is None:
        return Finding(wanted, reason, 0, 0, Verdict.NOT_REPORTED, None)
    full, own, fte = 0, 0, Decimal(0)
    here = [t for t in staff if not t.on_leave]
    for t in here:  # one walk: a city has thousands of schools
        full += t.counts(policy)
        own += t.schools == 1
        fte += t.fte
    ratio = round(school.enrolment / fte) if fte else None
    movable = max(0, min(full - wanted, own - 1))
    return Finding(wanted, reason, full, len(here) - full, _verdict(wanted, full, staff, here), ratio, movable)


def _verdict(wanted: int, full: int, staff: Sequence[Teacher], here: Sequence[Teacher]) -> Verdict:
    if full >= wanted and here:
        return Verdict.MET if wanted else Verdict.NOT_REQUIRED
    if not wanted:
        return Verdict.NOBODY
    if any(t.full_time and t.on_leave for t in staff):
        return Verdict.ON_LEAVE
    whole = [t for t in here if t.full_time]
    if any(t.schools > 1 for t in whole):
        return Verdict.SHARED
    if len(whole) > full:
        return Verdict.UNQUALIFIED
    return Verdict.MISSING if here else Verdict.NOBODY


def on_leave(day: date, first: date | None, last: date | None) -> bool:
    """Whether a leave that begins on `first` covers a day; without a last day it has not ended."""
    return first is not None and first <= day and (last is None or day <= last)


def short_since(history: Sequence[tuple[T, bool]]) -> T | None:
    """The first term of the unbroken run of terms, up to the newest, in which a school was short; None when it is not.
    `history` is newest first: a term, and whether the school was short in it."""
    since = None
    for term, short in history:
        if not short:
            break
        since = term
    return since


@dataclass(frozen=True, slots=True)
class Summary:
    """Schools that must have one, schools that do, posts missing, and schools that must and have not reported;
    `share` in percent, rounded down (199 of 200 is not all), None when none must."""

    required: int
    met: int
    missing: int
    unreported: int = 0

    @property
    def share(self) -> int | None:
        return 100 * self.met // self.required if self.required else None


def summarise(findings: Iterable[Finding]) -> Summary:
    """The figures of a division or of the city."""
    must = [f for f in findings if f.required]
    silent = sum(f.verdict == Verdict.NOT_REPORTED for f in must)
    return Summary(len(must), sum(f.full_time >= f.required for f in must), sum(f.missing for f in must), silent)
