"""Drop a screening file that waits: nothing of it is imported, and what waited is destroyed."""

from __future__ import annotations

from uuid import UUID

from cases.actions.remind_screening import gravest, tell, tell_above
from cases.flow import BATCH
from cases.models import ScreeningBatch
from cases.screening_access import end_batch_key, open_batch
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.outbox.post import post

GONE = "screening_danger_gone"


@action(P.SCREENING_UPLOAD)
def drop_screening(*, actor: Actor, batch_id: UUID) -> Outcome[ScreeningBatch]:
    """End the file with its key; where a machine does it, because nobody confirmed it in time, whoever brought it is
    told. Where its preview shows red or orange, the desk above is told at once, and where a person drops it her desk:
    what was answered is destroyed, and nobody is warned about anybody. Raises WrongState once its import has begun:
    what is imported stays."""
    batch = open_batch(actor, batch_id, lock=True)
    grave = gravest(batch)
    batch.state = BATCH.next(batch.state, "drop_screening")
    batch.parts.all().delete()
    end_batch_key(batch)
    batch.save(update_fields=["state", "sealed"])
    if actor.system:
        tell(batch, "screening_dropped")
    elif grave and batch.desk_id:
        post(
            kind=GONE,
            target="screenings",
            desk_id=batch.desk_id,
            tier=grave,
            dedupe_key=f"{GONE}:{batch.pk}:{batch.desk_id}",
        )
    tell_above(actor, batch, "screening_dropped" if actor.system else GONE, grave)
    return Outcome(batch, stream=batch.pk, facts={"rows": batch.rows})
