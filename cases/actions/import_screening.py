"""Import a screening (普测): score, match persons, seal, and turn positive critical items into warnings while it
runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.access import machine_writer, new_result, seal_person
from cases.actions._opening import open_file
from cases.actions._warning import warn
from cases.flow import CASE
from cases.instruments import PAPERS, Reading
from cases.models import (
    Case,
    Channel,
    Entry,
    EntryKind,
    Person,
    PolicyVersion,
    ScreeningBatch,
    ScreeningResult,
    Section,
)
from cases.policy import Policy
from cases.screening_file import Row
from cases.tiers import Proposal, Tier, merge, propose
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk, Organisation
from wellbeing.vault.blind_index import index
from wellbeing.workdays import now


@dataclass(frozen=True, slots=True)
class Imported:
    """The batch of a file, and whether the file had been imported before."""

    batch: ScreeningBatch
    again: bool


@action(P.SCREENING_IMPORT)
def import_screening(
    *,
    actor: Actor,
    school: Organisation,
    desk: Desk,
    rows: Iterable[Row],
    digest: str,
    instruments: str,
) -> Outcome[Imported]:
    """Import the rows of one file for a school, all or nothing. The same file again gives the first batch back.

    `desk` is the school counsellor's desk: it owns the cases. Persons are matched by student number within the school.
    """
    known = ScreeningBatch.objects.filter(school=school, digest=digest, instruments=instruments).first()
    if known:
        return Outcome(Imported(known, again=True), stream=known.pk, facts={"again": True})
    at, policy = now(), PolicyVersion.current().policy()
    batch = ScreeningBatch(
        school=school, digest=digest, instruments=instruments, rows=0, incomplete=0, warnings=0, imported_at=at
    )
    batch.save(force_insert=True)
    for row in rows:
        readings = {code: PAPERS[code].read(answers) for code, answers in row.answers.items()}
        batch.rows += 1
        batch.incomplete += any(not reading.result.complete for reading in readings.values())
        batch.warnings += _take_row(actor, batch, desk, row, readings, policy, at)
    batch.save(update_fields=["rows", "incomplete", "warnings"])
    facts = {"rows": batch.rows, "incomplete": batch.incomplete, "warnings": batch.warnings}
    return Outcome(Imported(batch, again=False), stream=batch.pk, facts=facts)


def _take_row(
    actor: Actor,
    batch: ScreeningBatch,
    desk: Desk,
    row: Row,
    readings: dict[str, Reading],
    policy: Policy,
    at: datetime,
) -> bool:
    """Seal one student's results; open or raise a case when policy asks for one. True when it warned."""
    division = batch.school.division_id
    number = index("student_number", f"{batch.school.code}/{row.number}")
    person = Person.objects.filter(student_index=number).first()
    identity = {"name": row.number, "student_number": row.number, "school": str(batch.school)}
    if person is None:
        person = Person(division_id=division, desk=desk, student_index=number, created_at=at)
        key = seal_person(person, identity)
        person.save(force_insert=True)
    else:
        key = None
    ScreeningResult.objects.bulk_create(
        new_result(batch, person, desk, code, at, reading.result, row.answers[code], key)
        for code, reading in readings.items()
    )
    proposal = propose(merge(*(reading.facts for reading in readings.values())), policy)
    if proposal.tier == Tier.GREEN:
        return False
    return _case_for(actor, person, desk, proposal, identity, at)


def _case_for(
    actor: Actor, person: Person, desk: Desk, proposal: Proposal, identity: dict[str, str], at: datetime
) -> bool:
    """The person's open case raised to the proposal, or a new one. False when it stands as high already."""
    case = Case.objects.filter(person=person, closed_at=None).order_by("-opened_at").first()
    if case is None:
        case, write = open_file(
            actor=actor,
            owner=desk,
            desk_id=desk.pk,
            division=person.division_id,
            channel=Channel.SCREENING,
            tier=proposal.tier,
            at=at,
            until=at + OWNER_DAYS,
            identity=identity,
            person=person,
        )
    elif Tier(case.tier).rank <= proposal.tier.rank:
        return False
    else:
        write = machine_writer(case)
        case.status, case.tier, case.tier_since = CASE.next(case.status, "raise_tier"), proposal.tier, at
        case.save(update_fields=["status", "tier", "tier_since"])
    words = {"proposed": proposal.tier, "rules": [reason.rule for reason in proposal.reasons]}
    entry = write.entry(Section.RISK, EntryKind.SCREENING, words, actor=actor, at=at, desk_id=desk.pk)
    Entry.objects.bulk_create([entry])
    warn(case, actor=actor)
    return True
