"""Drop a screening file that waits: nothing of it is imported, and what waited is destroyed."""

from __future__ import annotations

from uuid import UUID

from cases.actions.remind_screening import tell
from cases.flow import BATCH
from cases.models import ScreeningBatch
from cases.screening_access import end_batch_key, open_batch
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.SCREENING_UPLOAD)
def drop_screening(*, actor: Actor, batch_id: UUID) -> Outcome[ScreeningBatch]:
    """End the file with its key; where a machine does it, because nobody confirmed it in time, whoever brought it is
    told. Raises WrongState once its import has begun: what is imported stays."""
    batch = open_batch(actor, batch_id, lock=True)
    batch.state = BATCH.next(batch.state, "drop_screening")
    batch.parts.all().delete()
    end_batch_key(batch)
    batch.save(update_fields=["state", "sealed"])
    if actor.system:
        tell(batch, "screening_dropped")
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})
