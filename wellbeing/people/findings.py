"""The rule held against the returns of a term: what it says of each school, as of which day, under which policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Count, Sum
from django.db.models.expressions import RawSQL

from wellbeing.people.flow import COUNTED
from wellbeing.people.models import ReturnedTeacher, StaffingPolicyVersion, StaffingReturn, Term
from wellbeing.people.returned import Standing, qualified
from wellbeing.people.staffing import Finding, Pupils, StageKind, Teacher, assess, on_leave
from wellbeing.people.staffing_policy import StaffingPolicy
from wellbeing.workdays import now

# What the rule reads of a return, and of a line of it: plain values, as a city has thousands.
STAGES = {stage.value: stage for stage in StageKind}
RETURN_FIELDS = ("pk", "school_id", "division_id", "stage", "enrolment", "merged_into_id", "state")
LINE_FIELDS = (
    "staffing_return_id",
    "number",
    "full_time",
    "fte",
    "qualification",
    "valid_until",
    "leave_from",
    "leave_to",
)


class Found(NamedTuple):
    """One school's return with its finding, and those of its staff who are at work."""

    pk: UUID
    school: UUID
    division: str
    state: str
    enrolment: int
    stage: str
    finding: Finding
    at_work: tuple[Teacher, ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """The qualified full-time teachers who stand in several schools."""
        return tuple(t.number for t in self.at_work if t.full_time and t.schools > 1 and t.qualified)

    @property
    def own(self) -> bool:
        """Whether somebody unshared works here."""
        return any(t.schools == 1 for t in self.at_work)


def current_term(day: date) -> Term | None:
    """The term that runs on a day, else the last one that began, else the first to come."""
    begun = Term.objects.filter(first_day__lte=day).order_by("-first_day").first()
    return begun or Term.objects.order_by("first_day").first()


def policy_of(term: Term, at: datetime) -> StaffingPolicy:
    """The policy that a term is judged by: the one in force now, or when the term was locked."""
    return StaffingPolicyVersion.at(term.locked_at or at).policy()


def policy_number() -> int:
    """The number of the version in force."""
    return StaffingPolicyVersion.at(now()).number


def day_of(term: Term, today: date) -> date:
    """The day that leave and certificates are judged by: today within the term, else the nearest day of it."""
    return min(max(today, term.first_day), term.last_day)


def stamp(term: Term) -> tuple[Any, ...]:
    """What changes whenever a finding of the term could: the versions of its returns' rows (every step writes its
    return, and no line changes without one), the term's lock, the rules' number, the day that leave is judged by."""
    at = now()
    version = StaffingPolicyVersion.at(term.locked_at or at).number
    row = RawSQL("hashtext(people_staffingreturn.ctid::text || people_staffingreturn.xmin::text)", ())
    seen = StaffingReturn.objects.filter(term=term).aggregate(
        rows=Count("pk"), versions=Sum(row, output_field=BigIntegerField())
    )
    return term.locked_at, version, day_of(term, at.date()), seen["rows"], seen["versions"]


def elsewhere(term_id: UUID, numbers: Iterable[str], *, but: Sequence[UUID] = ()) -> dict[str, Standing]:
    """Where staff numbers stand in a term besides these returns: counts, also over schools the asker does not see."""
    asked = sorted(set(numbers))
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, schools, full_time, fte FROM app_teachers_elsewhere(%s, %s::uuid[], %s)",
            [term_id, list(but), asked],
        )
        return {number: Standing(schools, full, fte) for number, schools, full, fte in cursor.fetchall()}


def findings(term: Term, *, every: bool, **only: Any) -> list[Found]:
    """The returns of a term that the asker sees (`only`: a filter of them), with what the rule says of each.

    `every` says that the asker sees all of the term: sharing is then counted here, otherwise by the database.
    """
    at = now()
    policy, day = policy_of(term, at), day_of(term, at.date())
    returns = list(StaffingReturn.objects.filter(term=term, **only).values_list(*RETURN_FIELDS))
    states = {row[0]: row[6] for row in returns}
    lines = ReturnedTeacher.objects.filter(staffing_return__term=term).order_by()
    if not every:
        lines = lines.filter(staffing_return__in=list(states))
    staff: dict[UUID, list[tuple[Any, ...]]] = {}
    numbers: Counter[str] = Counter()
    for row in lines.values_list(*LINE_FIELDS):
        staff.setdefault(row[0], []).append(row)
        if states.get(row[0]) != "lapsed":
            numbers[row[1]] += 1
    if not every:
        numbers = Counter({n: one.schools for n, one in elsewhere(term.pk, numbers).items()})
    return [_found(row, staff.get(row[0], []), numbers, policy, day) for row in returns]


def _found(
    row: tuple[Any, ...], lines: list[tuple[Any, ...]], numbers: Counter[str], policy: StaffingPolicy, day: date
) -> Found:
    pk, school, division, stage, enrolment, merged, state = row
    staff = None
    if state in COUNTED:
        staff = [
            Teacher(
                number,
                full,
                fte,
                away is not None and on_leave(day, away, back),
                numbers[number] or 1,
                qualified(paper, until, day),
            )
            for _pk, number, full, fte, paper, until, away, back in lines
        ]
    finding = assess(Pupils(STAGES[stage], enrolment, merged is not None), staff, policy)
    at_work = tuple(t for t in staff or () if not t.on_leave)
    return Found(pk, school, division, state, enrolment, stage, finding, at_work)
