"""Take back that a call needs no sheet (撤销): it waits to be logged again."""

from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.exchange.access import open_ring
from wellbeing.exchange.models import Ring


@action(P.RING_SETTLE)
def reopen_ring(*, actor: Actor, ring_id: UUID) -> Outcome[Ring]:
    """WrongState for a call that a sheet has logged, or that waits already. A number that was forgotten stays so."""
    ring = open_ring(actor, ring_id, P.RING_SETTLE, lock=True)
    if not ring.why_not:
        raise WrongState("settled" if ring.settled_at else "open", "reopen_ring")
    ring.why_not, ring.settled_by, ring.settled_at = "", None, None
    ring.save(update_fields=["why_not", "settled_by", "settled_at"])
    return Outcome(ring, stream=ring.pk, facts={"reopened": True})
