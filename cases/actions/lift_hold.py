"""Lift a hold before its day: the first person asks, the second lifts it."""

from uuid import UUID

from cases.models import LegalHold
from cases.retention_access import open_hold
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.HOLD_KEEP, fresh=True)
def lift_hold(*, actor: Actor, hold_id: UUID) -> Outcome[LegalHold]:
    """Ask, where nobody has; lift, where somebody else has. WrongState for whoever asked."""
    row = open_hold(actor, hold_id, lock=True)
    if row.asked_by_id == actor.person:
        raise WrongState("asked", "lift_hold")
    if row.asked_by_id is None:
        row.asked_by_id, row.asked_at = actor.person, now()
        row.save(update_fields=["asked_by", "asked_at"])
    else:
        row.lifted_by_id, row.lifted_at = actor.person, now()
        row.save(update_fields=["lifted_by", "lifted_at"])
    return Outcome(row, stream=row.case_id, facts={"hold": row.pk, "lifted": row.lifted_at is not None})
