"""Import a screening (普测), one part of a confirmed file at a time: score, match persons, seal, and turn positive
critical items into warnings while it runs."""

from __future__ import annotations

from collections.abc import Collection

from cases.actions._file import named_desks
from cases.actions._screening import take
from cases.flow import BATCH
from cases.models import ScreeningBatch
from cases.screening_access import end_batch_key, open_part, schools_of
from cases.students import identify
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.SCREENING_IMPORT)
def import_screening(*, actor: Actor, batch: ScreeningBatch, but: Collection[int] = ()) -> Outcome[ScreeningBatch]:
    """Take the next part of a file in this transaction, `but` those of some numbers, and give the batch back as it then
    is.

    What is taken and what waits change together, so a kill at any moment loses and doubles nothing. Persons are
    matched by student number; an open case is raised, never doubled. Raises WrongState for a file that nobody has
    confirmed or that is finished.
    """
    found = ScreeningBatch.objects.select_for_update().filter(pk=batch.pk).first()
    if found is None:
        raise Forbidden
    batch, at = found, now()
    batch.state = BATCH.next(batch.state, "import_screening")
    part = batch.parts.exclude(number__in=but).order_by("number").first()
    facts = {"part": part.number if part else None, "rows": 0, "incomplete": 0, "warnings": 0}
    if part:
        county = batch.division_id if batch.desk and batch.desk.role == Role.COUNTY_TRIAGE else None
        desks = named_desks(schools_of(actor), batch.school_id, county)
        students = identify(open_part(batch, part), desks)
        taken = take(actor, batch, students, at)
        batch.taken += taken.rows
        batch.skipped += taken.skipped
        batch.incomplete += taken.incomplete
        batch.warnings += taken.warnings
        facts |= {"rows": taken.rows, "incomplete": taken.incomplete, "warnings": taken.warnings}
        part.delete()
    if batch.taken == batch.rows:
        batch.state, batch.finished_at = BATCH.next(batch.state, "finish"), at
        end_batch_key(batch)
    batch.save(update_fields=["state", "taken", "skipped", "incomplete", "warnings", "finished_at", "sealed"])
    return Outcome(batch, stream=batch.pk, facts=facts)
