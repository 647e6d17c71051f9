"""Confirm a screening file: its rows have been looked at and are imported from now on."""

from __future__ import annotations

from uuid import UUID

from cases.flow import BATCH
from cases.models import ScreeningBatch, ScreeningMapping
from cases.screening_access import open_batch, titles_of
from cases.screening_columns import codes_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.SCREENING_UPLOAD)
def confirm_screening(*, actor: Actor, batch_id: UUID) -> Outcome[ScreeningBatch]:
    """Let the import begin, and remember the school's columns. Raises WrongState when it has begun or was dropped."""
    batch = open_batch(actor, batch_id, lock=True)
    batch.state = BATCH.next(batch.state, "confirm_screening")
    batch.save(update_fields=["state"])
    ScreeningMapping.objects.update_or_create(
        school=batch.school,
        codes=",".join(sorted(codes_of(batch.instruments))),
        defaults={"mapping": batch.instruments, "titles": titles_of(batch)},
    )
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})
