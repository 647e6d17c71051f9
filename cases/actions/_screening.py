"""What one part of a screening becomes: persons, results, cases with their warnings; written by COPY.

The rules are those of one case alone (`_opening.new_case`, `_warning.first_rows`, `_raising.raise_to`); here they are
asked for a thousand students in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q

from cases.access import machine_writer, new_person_key, seal_person, seal_result
from cases.actions._meeting import keep_meeting
from cases.actions._opening import new_case
from cases.actions._raising import raise_or_tell
from cases.actions._tally import Tally
from cases.actions._warning import Watch, first_rows, watch
from cases.models import (
    CampaignStudent,
    Case,
    Channel,
    Consenting,
    Entry,
    EntryKind,
    Person,
    ScreeningBatch,
    ScreeningFlag,
    ScreeningResult,
    Section,
)
from cases.screening_grade import Grade, grader
from cases.screening_hashes import Hashes
from cases.students import Met, Student, known
from cases.tiers import Tier
from wellbeing import bulk
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant_rows, since
from wellbeing.access.models import Hold, Origin
from wellbeing.outbox.post import post, ring_after_commit
from wellbeing.people.models import Desk
from wellbeing.vault.models import KeyPile

LOCK = 5_207_315  # one part at a time: two files may name the same student


@dataclass(slots=True)
class Taken:
    """What came of a part."""

    rows: int = 0
    skipped: int = 0
    incomplete: int = 0
    warnings: int = 0
    flagged: int = 0  # who wait for a talk, warned about anew or not


@dataclass(slots=True)
class Pile:
    """Unsaved rows by table, written together."""

    tables: dict[type[Model], list[Model]] = field(default_factory=lambda: defaultdict(list))
    keys: KeyPile = field(default_factory=KeyPile)

    def add(self, rows: Iterable[Model]) -> None:
        for row in rows:
            self.tables[type(row)].append(row)

    def write(self) -> None:
        bulk.copy_in(self.keys)
        for rows in self.tables.values():
            bulk.copy_in(rows)


Found = tuple[Student, Person, Grade]  # a student who is flagged


def take(actor: Actor, batch: ScreeningBatch, students: list[Student], at: datetime) -> Taken:
    """Write a part: seal every student's results, open or raise a case where policy asks for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    out, met = left_out(batch), known(students)
    keys = _keys(students, met, batch)
    had = _had(keys, met)
    watches = {division: watch(division, at) for division in {one.desk.organisation.division_id for one in students}}
    grade = grader(next(iter(watches.values())).policy)
    pile, taken, tally, flagged = Pile(), Taken(), Tally(), list[Found]()
    for one, hers, row_keys in zip(students, met, keys, strict=True):
        taken.rows += 1
        new = {code: key for code, key in row_keys.items() if key not in had}
        if not new or out & on_roll(one):
            taken.skipped += 1
            continue
        graded = grade(one.row.answers)
        tally.add(one, graded, new, batch)
        person = _seal(one, hers, graded, new, batch, at, pile)
        taken.incomplete += not graded.complete
        if graded.proposal.tier != Tier.GREEN:
            flagged.append((one, person, graded))
    taken.flagged = len(flagged)
    asked = {person.pk for _one, person, _grade in flagged}
    standing = _open_cases([hers.case for hers in met if hers.case and hers.person and hers.person.pk in asked])
    raised = [found for found in flagged if found[1].pk in standing]
    for found in flagged:
        if found[1].pk not in standing:
            _open(actor, found, watches, batch, at, pile)
            taken.warnings += 1
    pile.write()
    tally.write()
    _answered(batch, [one for one in students if not out & on_roll(one)], at)
    ring_after_commit()
    taken.warnings += sum(_raise(actor, found, standing[found[1].pk], batch, at) for found in raised)
    return taken


def _answered(batch: ScreeningBatch, students: Iterable[Student], at: datetime) -> None:
    """Whoever is on the roll of her school in the file's campaign has answered, and her code is spent."""
    if not batch.campaign_id or batch.state != "running":
        return
    rows = CampaignStudent.objects.filter(campaign=batch.campaign_id, answered_at=None, opted_out_at=None)
    marks: defaultdict[UUID, set[bytes]] = defaultdict(set)
    for one in students:
        marks[one.desk.organisation_id] |= {one.index, one.here}
    for school, hers in marks.items():
        rows.filter(batch__school=school, student_index__in=hers).update(answered_at=at)


OnRoll = tuple[UUID, bytes]  # a student on a roll: whose school's roll it is, and the hash by which she stands there


def on_roll(one: Student) -> set[OnRoll]:
    """How a student may stand on the roll of her school."""
    return {(one.desk.organisation_id, one.index), (one.desk.organisation_id, one.here)}


def left_out(batch: ScreeningBatch) -> set[OnRoll]:
    """The students of the batch's campaign who opted out, or whose guardian's yes is asked for and is not there, each
    of the school that was told so."""
    if batch.campaign is None:
        return set()
    rows = CampaignStudent.objects.filter(campaign=batch.campaign_id)
    silent = Q(consented_at=None) if batch.campaign.consent == Consenting.SIGNED else Q(pk=None)
    found = rows.filter(silent | Q(opted_out_at__isnull=False)).values_list("batch__school", "student_index")
    return {(school, bytes(index)) for school, index in found}


def _keys(students: list[Student], met: list[Met], batch: ScreeningBatch) -> list[dict[str, bytes | None]]:
    """Per student and instrument the hash of her answers; none of whoever has no hash herself."""
    hashes, found = Hashes(), list[dict[str, bytes | None]]()
    for one, hers in zip(students, met, strict=True):
        day, said = one.row.day or batch.day.isoformat(), one.row.answers
        found.append({**hashes.rows(hers.mark, day, said)} if hers.mark else dict.fromkeys(said, None))
    return found


def _had(keys: list[dict[str, bytes | None]], met: list[Met]) -> set[bytes]:
    """The answers that an earlier file brought already; a student who is new has none."""
    asked = [key for one, hers in zip(keys, met, strict=True) if hers.person for key in one.values()]
    rows = ScreeningResult.objects.filter(row_key__in=asked).values_list("row_key", flat=True)
    return {bytes(key) for key in rows if key is not None}


def _seal(
    one: Student,
    hers: Met,
    grade: Grade,
    new: dict[str, bytes | None],
    batch: ScreeningBatch,
    at: datetime,
    pile: Pile,
) -> Person:
    """One student's results under her key; the person when she is new. A machine cannot read the key of a known one,
    so it adds one."""
    row, division, person = one.row, one.desk.organisation.division_id, hers.person
    if person is None:
        person = Person(division_id=division, desk_id=one.desk.pk, student_index=hers.mark, created_at=at)
        key = seal_person(person, _identity(one), pile.keys)
        pile.add([person])
    else:
        key = new_person_key(person, pile.keys)
    for code, row_key in new.items():
        result = ScreeningResult(
            batch_id=batch.pk, person_id=person.pk, desk_id=one.desk.pk, instrument=code, at=at, row_key=row_key
        )
        said = {"answers": row.answers[code], "day": row.day or batch.day.isoformat(), "grade": row.grade}
        seal_result(result, person.division_id, grade.results[code], said, key)
        pile.add([result])
    return person


def _identity(one: Student) -> dict[str, str]:
    row = one.row
    return {
        "name": row.name or row.number,
        "student_number": row.number,
        "school": str(one.desk.organisation),
        "grade": row.grade,
        "class": row.klass,
    }


def _open_cases(cases: list[UUID]) -> dict[UUID, Case]:
    """Those of the cases that are open, by person, locked: one that is being closed is waited for."""
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=cases, closed_at=None).order_by("pk")
    return {case.person_id: case for case in rows} if cases else {}


def _open(
    actor: Actor, found: Found, watches: dict[str, Watch], batch: ScreeningBatch, at: datetime, pile: Pile
) -> None:
    """A new case with its warning, owned by the school counsellor's desk."""
    one, person, grade = found
    case, write = new_case(
        person=person,
        desk_id=one.desk.pk,
        channel=Channel.SCREENING,
        tier=grade.proposal.tier,
        at=at,
        name=one.row.name or one.row.number,
        pile=pile.keys,
    )
    rules = [reason.rule for reason in grade.proposal.reasons]
    words = {"proposed": grade.proposal.tier, "rules": rules}
    pile.add([case])
    pile.add(grant_rows(case, to=one.desk, origin=Origin.OWNER, expires_at=at + OWNER_DAYS, by=actor, at=at))
    pile.add([write.entry(Section.RISK, EntryKind.SCREENING, words, actor=actor, at=at, desk_id=one.desk.pk)])
    pile.add([_flag(case, found, batch, at)])
    _tell_holders(found, batch)
    new = person.created_at == at
    pile.add(first_rows(case, watches[case.division_id], actor=actor, rules=frozenset(rules), new=new))


def _flag(case: Case, found: Found, batch: ScreeningBatch, at: datetime) -> ScreeningFlag:
    """That the student waits for an interview."""
    one, _person, grade = found
    return ScreeningFlag(batch_id=batch.pk, case_id=case.pk, desk_id=one.desk.pk, tier=grade.proposal.tier, at=at)


def _raise(actor: Actor, found: Found, case: Case, batch: ScreeningBatch, at: datetime) -> bool:
    """The open case raised to what the answers call for. False when it stands as high already.

    The school works on it (cases/students.py), whoever owns it. And there is a clock for the talk with her, even where
    an earlier one has been met: nothing waits without one.
    """
    one, _person, grade = found
    rules = [reason.rule for reason in grade.proposal.reasons]
    _flag(case, found, batch, at).save(force_insert=True)
    higher = raise_or_tell(case, grade.proposal.tier, actor=actor, at=at, rules=frozenset(rules))
    keep_meeting(case, at)
    _tell_holders(found, batch)
    if not higher:
        return False
    words = {"proposed": grade.proposal.tier, "rules": rules}
    entry = machine_writer(case).entry(
        Section.RISK, EntryKind.SCREENING, words, actor=actor, at=at, desk_id=one.desk.pk
    )
    Entry.objects.bulk_create([entry])
    return True


def _tell_holders(found: Found, batch: ScreeningBatch) -> None:
    """Whoever works on an open case under a number that is the same in every school is told that another school has
    flagged a student of this number: they know whether she has gone there, and hand her file over if so. Of each file
    anew: what a later one says may be graver. Whoever only looks at it, a crisis lead at its cover or a reader for some
    hours, learns nothing of a screening."""
    one, person, _grade = found
    if person.student_index == one.index or not Hashes().moved(one.row.number, person.division_id):
        return
    for case in Case.objects.filter(person__student_index=one.index, closed_at=None):
        for holder, _begun in since(case, Hold.WORK):
            to = {"desk_id": holder.pk} if isinstance(holder, Desk) else {"user_id": holder.pk}
            key = f"found_at_school:{case.pk}:{batch.pk}:{to}"
            post(kind="found_at_school", target=f"case:{case.reference}", tier=case.tier, dedupe_key=key, **to)
