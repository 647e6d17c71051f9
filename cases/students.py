"""Which student a number means to a school: a number that is the same in every school opens nothing of another's.

She who comes to a new school brings her file when those who have it hand it over (PRACTICE.md: the minimum, by
default); until then the new school has a row of its own about her, and they are told where she was seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Person, ScreeningResult
from cases.screening_file import Row
from cases.screening_hashes import Hashes
from wellbeing.access.grants import hold_id, standing, tables
from wellbeing.access.models import Hold
from wellbeing.people.models import Desk, Organisation, OrganisationKind
from wellbeing.workdays import now


@dataclass(frozen=True, slots=True)
class Student:
    """A row with the school it belongs to, and the keyed hashes of the student: of her number, or where it is taken."""

    row: Row
    desk: Desk
    index: bytes
    here: bytes


@dataclass(frozen=True, slots=True)
class Met:
    """The hash that a student goes by in her school, the person that it has under it (none is new), and the open case
    of hers that it works on."""

    mark: bytes | None
    person: Person | None = None
    case: UUID | None = None


def identify(rows: Iterable[Row], desks: dict[str, Desk]) -> list[Student]:
    """Who the rows are about."""
    hashes = Hashes()
    found = []
    for row in rows:
        desk = desks[row.school]
        school = desk.organisation
        index = hashes.student(row.number, school.division_id, school.code)
        found.append(Student(row, desk, index, hashes.here(row.number, school.code)))
    return found


def known(students: Sequence[Student]) -> list[Met]:
    """What each student goes by in her school. Where another school has somebody under her number, or the file of its
    old owner has gone elsewhere, that one keeps it, and she gets a hash of her own; a third one is met anew each time.
    """
    marks: defaultdict[Desk, set[bytes]] = defaultdict(set)
    for one in students:
        marks[one.desk] |= {one.index, one.here}
    every = Person.objects.filter(student_index__in=set().union(*marks.values()))
    taken = {bytes(index or b"") for index in every.values_list("student_index", flat=True)}
    own = {desk: own_students(desk.organisation, desk, theirs & taken) for desk, theirs in marks.items()}
    found = []
    for one in students:
        hers = [own[one.desk][mark] for mark in (one.index, one.here) if mark in own[one.desk]]
        free = [Met(mark) for mark in (one.index, one.here) if mark not in taken]
        found.append(next(iter(hers + free), Met(None)))
    return found


def own_students(school: Organisation, desk: Desk, marks: Collection[bytes]) -> dict[bytes, Met]:
    """The students whom a school knows under one of these hashes (screening_hashes), by hash, for the desk that is to
    work on what comes of it: the school counsellor's, or the county's where there is none.

    It knows her by a screening of its own or by a case that it has. But unless the desk works on an open case of hers,
    it has no part any more in a person of whom one is open elsewhere, whose file another school has had, or who
    answered in another school: the row shows who she is there, and all that she answered. The caller sees persons,
    cases and grants.
    """
    given = tables(Case)[1].objects.filter(expires_at__gt=now(), group__desk__organisation=school)
    reads = given.filter(permission_id=hold_id(Case, Hold.READ)).values("content_object_id")
    case = Case.objects.filter(Q(owner_desk__organisation=school) | Q(pk__in=reads), person=OuterRef("pk"))
    answered = ScreeningResult.objects.filter(desk__organisation=school, person=OuterRef("pk"))
    here = Q(desk__organisation=school) | Q(Exists(answered)) | Q(Exists(case))
    rows = Person.objects.filter(here, student_index__in=marks, division_id=school.division_id)
    found = list(rows.only("id", "division_id", "student_index", "created_at"))
    works, gone = _files(school, desk, [row.pk for row in found]) if found else ({}, set[UUID]())
    return {
        (mark := bytes(row.student_index or b"")): Met(mark, row, works.get(row.pk))
        for row in found
        if row.pk in works or row.pk not in gone
    }


def _files(school: Organisation, desk: Desk, persons: Collection[UUID]) -> tuple[dict[UUID, UUID], set[UUID]]:
    """By person the newest open case that the desk works on; and those who have a file, or gave answers, elsewhere."""
    rows = Case.objects.filter(person__in=persons).order_by("pk")
    grants = tables(Case)[1].objects.filter(content_object_id__in=rows.values("pk"), group_id=desk.pk)
    lives = grants.filter(permission_id=hold_id(Case, Hold.WORK), expires_at__gt=now())
    held = {row.content_object_id for row in standing(lives)}
    works: dict[UUID, UUID] = {}
    others = ScreeningResult.objects.filter(person__in=persons).exclude(desk__organisation=school)
    gone = set(others.values_list("person", flat=True))
    at = "owner_desk__organisation"
    for case, person, closed, owner, kind in rows.values_list("pk", "person", "closed_at", at, f"{at}__kind"):
        has = owner == school.pk or case in held
        if has and closed is None:
            works[person] = case
        elif not has and (closed is None or kind == OrganisationKind.SCHOOL):
            gone.add(person)
    return works, gone
