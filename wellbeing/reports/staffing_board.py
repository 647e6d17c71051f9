"""The staffing board: the plan's rule over every school, by division."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.people.models import Division, School, StaffMember
from wellbeing.people.staffing import Finding, Pupils, Reason, StageKind, Teacher, Verdict, assess, summarise

STAGE_TEXT = {
    StageKind.PRIMARY: gettext_noop("Primary school"),
    StageKind.JUNIOR: gettext_noop("Junior high school"),
    StageKind.SENIOR: gettext_noop("Senior high school"),
    StageKind.NINE_YEAR: gettext_noop("Nine-year school"),
    StageKind.COMPLETE_SECONDARY: gettext_noop("Complete secondary school"),
    StageKind.TWELVE_YEAR: gettext_noop("Twelve-year school"),
    StageKind.VOCATIONAL: gettext_noop("Vocational school"),
    StageKind.SPECIAL: gettext_noop("Special school"),
}
VERDICT_TEXT = {
    Verdict.MET: gettext_noop("Met"),
    Verdict.MISSING: gettext_noop("Full-time teacher missing"),
    Verdict.ON_LEAVE: gettext_noop("Full-time teacher on leave"),
    Verdict.SHARED: gettext_noop("Full-time teacher shared with another school"),
    Verdict.NOT_REQUIRED: gettext_noop("Not required"),
    Verdict.NOBODY: gettext_noop("Nobody appointed"),
}
REASON_TEXT = {
    Reason.LARGE_PRIMARY: gettext_noop("Primary school of a thousand pupils or more"),
    Reason.SECONDARY: gettext_noop("Has a junior or senior high stage"),
    Reason.VOCATIONAL: gettext_noop("Vocational schools count (policy)"),
    Reason.SPECIAL: gettext_noop("Special schools count (policy)"),
    Reason.SMALL_PRIMARY: gettext_noop("Primary school under a thousand pupils"),
    Reason.SWITCHED_OFF: gettext_noop("Does not count (policy)"),
}


def staffing_board() -> dict[str, Any]:
    """Every division with its schools and figures, and the city's total."""
    found: dict[str, list[tuple[School, Finding]]] = {}
    for school, finding in _findings():
        found.setdefault(school.organisation.division_id, []).append((school, finding))
    divisions = []
    for division in Division.objects.filter(counts_for_target=True):
        pairs = found.get(division.code, [])
        summary = summarise(finding for _school, finding in pairs)
        divisions.append(
            {
                "name": str(division),
                "required": summary.required,
                "met": summary.met,
                "missing": summary.missing,
                "share": summary.share,
                "schools": [_line(school, finding) for school, finding in pairs],
            }
        )
    everything = [finding for pairs in found.values() for _school, finding in pairs]
    return {"divisions": divisions, "total": summarise(everything)}


def _findings() -> list[tuple[School, Finding]]:
    staff: dict[Any, list[StaffMember]] = {}
    for member in StaffMember.objects.all():
        staff.setdefault(member.school_id, []).append(member)
    shared = Counter(m.teacher for members in staff.values() for m in members)
    rows = School.objects.select_related("organisation__division").order_by("organisation__code")
    return [
        (
            school,
            assess(
                Pupils(StageKind(school.stage), school.enrolment),
                [
                    Teacher(m.teacher, m.full_time, m.fte, m.on_leave, shared[m.teacher])
                    for m in staff.get(school.pk, [])
                ],
            ),
        )
        for school in rows
    ]


def _line(school: School, finding: Finding) -> dict[str, Any]:
    return {
        "name": str(school.organisation),
        "stage_text": _(STAGE_TEXT[StageKind(school.stage)]),
        "enrolment": school.enrolment,
        "boarding": school.boarding,
        "required": finding.required,
        "full_time": finding.full_time,
        "part_time": finding.part_time,
        "missing": finding.missing,
        "ratio": finding.pupils_per_fte,
        "verdict": finding.verdict.value,
        "verdict_text": _(VERDICT_TEXT[finding.verdict]),
        "reason_text": _(REASON_TEXT[finding.reason]),
    }
