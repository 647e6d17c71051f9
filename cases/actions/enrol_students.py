"""Put the students of a school on the roll of a campaign: each gets a one-time code to answer with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from cases.campaign_access import batch_key, seal_student
from cases.flow import BATCH
from cases.models import CampaignStudent, ScreeningBatch
from cases.screening_access import open_batch, schools_of
from cases.screening_columns import BadFile, Columns, Fault, Line, find_columns
from cases.screening_file import Row, read_rows
from cases.students import identify
from wellbeing import bulk
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import IMPORT
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden
from wellbeing.ids import reference
from wellbeing.vault.blind_index import indexer


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The batch, how many students are new on its roll, and how many are of no grade that takes part."""

    batch: ScreeningBatch
    added: int
    other_grades: int


@action(P.SCREENING_UPLOAD)
def enrol_students(*, actor: Actor, batch_id: UUID, lines: Iterable[Line]) -> Outcome[Enrolled]:
    """Read a roll (student number, name, grade, class) and add whoever is not on it. Raises BadFile with every bad row,
    WrongState when the campaign has ended."""
    batch = open_batch(actor, batch_id, lock=True)
    BATCH.step(batch.state, "give_answers")
    desk = next((desk for desk in schools_of(actor) if desk.organisation_id == batch.school_id), None)
    if desk is None or batch.campaign is None:
        raise Forbidden
    rest = iter(lines)
    rows = list(_rows(rest, find_columns(rest, None)))
    grades = [grade for grade in batch.campaign.grades.split(",") if grade]
    wanted = [row for row in rows if not grades or row.grade in grades]
    known, theirs = _on_rolls(batch)
    key, of_code = batch_key(batch), indexer("answer_code")
    made = []
    for student in identify(wanted, {"": desk}):
        if known & {student.index, student.here}:
            continue
        code = reference("A")[2:]
        one = CampaignStudent(campaign_id=batch.campaign.pk, batch_id=batch.pk, code_index=of_code(code))
        one.student_index = student.here if student.index in theirs else student.index
        row = student.row
        words = {"number": row.number, "name": row.name, "grade": row.grade, "class": row.klass, "code": code}
        seal_student(one, batch, words, key)
        made.append(one)
    bulk.copy_in(made)
    facts = {"added": len(made), "known": len(wanted) - len(made)}
    return Outcome(Enrolled(batch, len(made), len(rows) - len(wanted)), stream=batch.pk, facts=facts)


def _on_rolls(batch: ScreeningBatch) -> tuple[set[bytes], set[bytes]]:
    """Who is on the roll of the batch's school, and on those of other schools in its campaign: whose number is the same
    there has a line here all the same, and whoever brings the roll learns nothing of it. A machine looks."""
    with identity(IMPORT):
        rows = CampaignStudent.objects.filter(campaign=batch.campaign_id)
        known = {bytes(one) for one in rows.filter(batch=batch).values_list("student_index", flat=True)}
        return known, {bytes(one) for one in rows.values_list("student_index", flat=True)} - known


def _rows(lines: Iterator[Line], columns: Columns) -> Iterator[Row]:
    found = list(read_rows(lines, columns))
    faults = [row for row in found if isinstance(row, Fault)]
    if faults:
        raise BadFile(faults)
    yield from (row for row in found if isinstance(row, Row))
