"""What a school reports, as plain values, and every fault in it. Pure.

A form and a spreadsheet bring the same values, so one list of faults serves both: a fault names the field, and in a
line of a teacher its place in the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from wellbeing.people.staffing_policy import StaffingPolicy
from wellbeing.translatable import _


class Qualification(StrEnum):
    """PRACTICE.md 6: a psychology degree, or Zhejiang's certificate of post, A to C."""

    DEGREE = "degree"
    A = "a"
    B = "b"
    C = "c"
    NONE = "none"


QUALIFICATION_TEXT: dict[Qualification, str] = {
    Qualification.DEGREE: _("Degree in psychology"),
    Qualification.A: _("Certificate A"),
    Qualification.B: _("Certificate B"),
    Qualification.C: _("Certificate C"),
    Qualification.NONE: _("None yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One teacher: staff number, what she is here, her qualification, hours and leave."""

    number: str
    full_time: bool
    qualification: Qualification = Qualification.NONE
    valid_until: date | None = None
    weekly_hours: Decimal = Decimal(0)
    fte: Decimal = Decimal(1)
    leave_from: date | None = None
    leave_to: date | None = None
    supervision_hours: Decimal = Decimal(0)
    training_hours: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where else a staff number stands in a term: in how many other schools, full-time in how many, with what share."""

    schools: int = 0
    full_time: int = 0
    fte: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be: the field, the place of the line (from 1; 0 is the school itself), a sentence and its numbers."""

    field: str
    line: int
    text: str
    values: Mapping[str, object]


def qualified(qualification: str, valid_until: date | None, day: date) -> bool:
    """Whether a qualification holds on a day; a degree has no end."""
    if qualification == Qualification.NONE:
        return False
    return qualification == Qualification.DEGREE or valid_until is None or day <= valid_until


def faults(
    enrolment: int,
    merged: bool,
    lines: Sequence[Line],
    elsewhere: Mapping[str, Standing],
    policy: StaffingPolicy,
) -> Iterator[Fault]:
    """Everything that is wrong with a return, in its order. `elsewhere` says where its teachers stand besides."""
    if not 0 <= enrolment <= policy.pupils_most:
        yield Fault("enrolment", 0, _("Between 0 and %(most)s pupils."), {"most": policy.pupils_most})
    if merged and lines:
        yield Fault("merged_into", 0, _("A merged school has no teachers of its own: report them where they are."), {})
    known: set[str] = set()
    for place, line in enumerate(lines, 1):
        if line.number in known:
            yield Fault("number", place, _("This staff number stands here twice."), {})
        known.add(line.number)
        yield from _of_line(place, line, elsewhere.get(line.number, Standing()), policy)


def _of_line(place: int, line: Line, other: Standing, policy: StaffingPolicy) -> Iterator[Fault]:
    if not 0 < line.fte <= 1:
        yield Fault("fte", place, _("A share of a post is more than 0 and at most 1."), {})
    elif line.fte + other.fte > 1:
        values = {"others": other.fte, "schools": other.schools}
        text = _("With %(others)s in %(schools)s other schools this is more than one whole post.")
        yield Fault("fte", place, text, values)
    if line.full_time and other.full_time + 1 > policy.full_time_schools:
        values = {"schools": other.full_time + 1, "most": policy.full_time_schools}
        text = _("Full-time in %(schools)s schools: at most %(most)s are possible.")
        yield Fault("full_time", place, text, values)
    if not 0 <= line.weekly_hours <= policy.week_hours_most:
        yield Fault("weekly_hours", place, _("Between 0 and %(most)s hours a week."), {"most": policy.week_hours_most})
    for name in ("supervision_hours", "training_hours"):
        if not 0 <= getattr(line, name) <= policy.term_hours_most:
            yield Fault(name, place, _("Between 0 and %(most)s hours a term."), {"most": policy.term_hours_most})
    if line.leave_to and not line.leave_from:
        yield Fault("leave_from", place, _("Say when the leave began."), {})
    elif line.leave_to and line.leave_from and line.leave_to < line.leave_from:
        yield Fault("leave_to", place, _("The leave ends before it begins."), {})
