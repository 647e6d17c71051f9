"""Say which columns of a held screening file hold the items: from now on it is a file like any other."""

from __future__ import annotations

from itertools import chain
from uuid import UUID

from cases.actions._file import BROUGHT, brought, desks_of
from cases.actions.stage_screening import PART, Tally, keep
from cases.flow import BATCH
from cases.models import ScreeningBatch
from cases.screening_access import open_batch, open_lines
from cases.screening_columns import find_columns
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.SCREENING_UPLOAD)
def map_screening(*, actor: Actor, batch_id: UUID, mapping: str) -> Outcome[ScreeningBatch]:
    """Read the lines that wait by a mapping such as `number=#2,phq9=#5-#13`, and say what they would do.

    Raises BadFile with every bad row, and then the lines wait as before; Invalid when the file was brought with this
    mapping already, WrongState when it waits no more.
    """
    batch = open_batch(actor, batch_id, lock=True)
    batch.state = BATCH.next(batch.state, "map_screening")
    if brought(batch.school, batch.digest, mapping):
        raise Invalid("mapping", BROUGHT)
    parts = list(batch.parts.order_by("number"))
    lines = chain.from_iterable([open_lines(batch, part) for part in parts])
    batch.parts.all().delete()
    batch.instruments = mapping
    keep(Tally(actor, batch, desks_of(actor, batch.school)), lines, find_columns(lines, mapping), PART)
    batch.save(update_fields=["state", "instruments"])
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})
