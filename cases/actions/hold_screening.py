"""Hold a screening file whose columns nobody has named yet: its lines wait, sealed, as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from cases.actions._file import brought, desks_of, new_batch
from cases.flow import BATCH
from cases.models import Campaign, ScreeningBatch
from cases.screening_access import new_batch_key, seal_lines
from cases.screening_columns import NO_ROWS, BadFile, Line
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Organisation
from wellbeing.workdays import now

PART = 1000  # lines of one part


@action(P.SCREENING_UPLOAD)
def hold_screening(
    *,
    actor: Actor,
    lines: Sequence[Line],
    digest: str,
    codes: Collection[str],
    day: date,
    school: Organisation | None = None,
    campaign: Campaign | None = None,
) -> Outcome[ScreeningBatch]:
    """Keep the lines of a file for the instruments `codes`; the same file again gives its first batch back.

    Raises BadFile for a file without rows, Forbidden for a school that is not the actor's, Invalid for a day to come.
    """
    desks, instruments = desks_of(actor, school), ",".join(sorted(codes))
    if batch := brought(school, digest, instruments):
        return Outcome(batch, stream=batch.pk, facts={"again": True})
    if len(lines) < 2:
        raise BadFile.because(NO_ROWS)
    batch = new_batch(actor, school, campaign, digest=digest, instruments=instruments, day=day, at=now(), desks=desks)
    key = new_batch_key(batch)
    for number, first in enumerate(range(0, len(lines), PART)):
        seal_lines(batch, number, lines[first : first + PART], key).save(force_insert=True)
    batch.state, batch.rows = BATCH.next(batch.state, "hold_screening"), len(lines)
    batch.save(update_fields=["state", "rows"])
    return Outcome(batch, stream=batch.pk, facts={"lines": len(lines)})
