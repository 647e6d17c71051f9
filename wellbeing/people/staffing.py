"""The staffing rule of the plan: who must have a full-time psychology teacher, who has, what is missing. Pure.

Source: work plan of the Zhoushan education bureau, 2024: primary schools of a thousand pupils or more, and every
junior and senior high school, at least one full-time; "a thousand or more" includes 1,000 (Civil Code 1259).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class StaffingPolicy:
    """Switches that the plan leaves open (DOMAIN.md): vocational schools count, special ones do not, by default."""

    primary_pupils: int = 1000
    vocational: bool = True
    special: bool = False


class Reason(StrEnum):
    """Why a school must have a full-time teacher, or need not."""

    LARGE_PRIMARY = "large_primary"
    SECONDARY = "secondary"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    SMALL_PRIMARY = "small_primary"
    SWITCHED_OFF = "switched_off"


class Verdict(StrEnum):
    MET = "met"
    MISSING = "missing"
    ON_LEAVE = "on_leave"
    SHARED = "shared"
    NOT_REQUIRED = "not_required"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Pupils:
    """A school as the rule sees it."""

    stage: StageKind
    enrolment: int


@dataclass(frozen=True, slots=True)
class Teacher:
    """One line of a return; `schools` is in how many schools the same person stands."""

    number: str
    full_time: bool
    fte: Decimal = Decimal(1)
    on_leave: bool = False
    schools: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rule says of one school. `pupils_per_fte` is None when nobody teaches there: never a ratio of zero."""

    required: int
    reason: Reason
    full_time: int
    part_time: int
    verdict: Verdict
    pupils_per_fte: int | None

    @property
    def missing(self) -> int:
        return max(0, self.required - self.full_time)


def required(school: Pupils, policy: StaffingPolicy = StaffingPolicy()) -> tuple[int, Reason]:
    """How many full-time teachers the plan asks of a school, and why."""
    match school.stage:
        case StageKind.PRIMARY:
            large = school.enrolment >= policy.primary_pupils
            return (1, Reason.LARGE_PRIMARY) if large else (0, Reason.SMALL_PRIMARY)
        case StageKind.VOCATIONAL:
            return (1, Reason.VOCATIONAL) if policy.vocational else (0, Reason.SWITCHED_OFF)
        case StageKind.SPECIAL:
            return (1, Reason.SPECIAL) if policy.special else (0, Reason.SWITCHED_OFF)
        case _:
            return 1, Reason.SECONDARY


def assess(school: Pupils, staff: Sequence[Teacher], policy: StaffingPolicy = StaffingPolicy()) -> Finding:
    """Hold a school's staff against the rule. Somebody on leave, or shared between schools, is no full-time
    teacher here."""
    wanted, reason = required(school, policy)
    here = [t for t in staff if not t.on_leave]
    full = sum(t.full_time and t.schools == 1 for t in here)
    fte = sum((t.fte for t in here), Decimal(0))
    if not wanted:
        verdict = Verdict.NOT_REQUIRED if here else Verdict.NOBODY
    elif full >= wanted:
        verdict = Verdict.MET
    elif any(t.full_time and t.on_leave for t in staff):
        verdict = Verdict.ON_LEAVE
    elif any(t.full_time and t.schools > 1 for t in here):
        verdict = Verdict.SHARED
    else:
        verdict = Verdict.MISSING if here else Verdict.NOBODY
    ratio = round(school.enrolment / fte) if fte else None
    return Finding(wanted, reason, full, len(here) - full, verdict, ratio)


@dataclass(frozen=True, slots=True)
class Summary:
    """Schools that must have one, schools that do, and posts missing; `share` in percent, rounded down (199 of
    200 is not
    all), None when none must."""

    required: int
    met: int
    missing: int

    @property
    def share(self) -> int | None:
        return 100 * self.met // self.required if self.required else None


def summarise(findings: Iterable[Finding]) -> Summary:
    """The figures of a division or of the city."""
    must = [f for f in findings if f.required]
    return Summary(len(must), sum(f.full_time >= f.required for f in must), sum(f.missing for f in must))
