"""Write what a school reports: checked as a whole, with what its teachers do elsewhere, then written line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from wellbeing.errors import Invalid
from wellbeing.people.findings import elsewhere
from wellbeing.people.models import ReturnedTeacher, School, StaffingPolicyVersion, StaffingReturn
from wellbeing.people.returned import Line, faults
from wellbeing.people.staffing import StageKind
from wellbeing.workdays import now


@dataclass(frozen=True, slots=True)
class Filing:
    """What a school reports for one term."""

    stage: StageKind
    enrolment: int
    boarding: bool
    merged_into: School | None = None
    teachers: tuple[Line, ...] = ()


def check(one: StaffingReturn, filing: Filing) -> None:
    """Raises Invalid for the first thing that is wrong, by its field; a teacher's field ends with her place."""
    if filing.merged_into is not None and filing.merged_into.pk == one.school_id:
        raise Invalid("merged_into", _("A school is not merged into itself."))
    others = elsewhere(one.term_id, (line.number for line in filing.teachers), but=[one.pk])
    policy = StaffingPolicyVersion.at(now()).policy()
    merged = filing.merged_into is not None
    for fault in faults(filing.enrolment, merged, filing.teachers, others, policy):
        field = f"{fault.field}_{fault.line}" if fault.line else fault.field
        raise Invalid(field, _(fault.text) % fault.values)


def write(one: StaffingReturn, filing: Filing) -> None:
    """Replace what the return says; its state is not touched."""
    one.stage, one.enrolment, one.boarding = filing.stage, filing.enrolment, filing.boarding
    one.merged_into = filing.merged_into
    one.teachers.all().delete()
    ReturnedTeacher.objects.bulk_create(rows(one, filing.teachers))


def rows(one: StaffingReturn, lines: Sequence[Line]) -> list[ReturnedTeacher]:
    """The lines as unsaved rows."""
    return [ReturnedTeacher(staffing_return=one, **asdict(line)) for line in lines]


def lines_of(one: StaffingReturn) -> tuple[Line, ...]:
    """What stands in a return, as plain values."""
    names = list(Line.__dataclass_fields__)
    return tuple(Line(**dict(zip(names, row, strict=True))) for row in one.teachers.values_list(*names))
