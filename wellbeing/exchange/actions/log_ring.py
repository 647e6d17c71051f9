"""Say of a call that a sheet has logged it."""

from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.exchange.access import forget_number, open_ring
from wellbeing.exchange.models import Ring
from wellbeing.workdays import now


@action(P.RING_SETTLE)
def log_ring(*, actor: Actor, ring_id: UUID) -> Outcome[Ring]:
    """Part of logging a call (cases/actions/take_call.py). A call that was settled before stays as it is: the sheet is
    never refused for it."""
    ring = open_ring(actor, ring_id, P.RING_SETTLE, lock=True)
    if ring.settled_at is None:
        ring.settled_by_id, ring.settled_at = actor.person, now()
        forget_number(ring)  # the sheet has it, under the case's key
        ring.save()
    return Outcome(ring, stream=ring.pk, facts={"logged": True})
