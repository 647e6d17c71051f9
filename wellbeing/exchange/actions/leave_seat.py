"""Say that nobody sits at a seat of the exchange any more."""

from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import WrongState
from wellbeing.exchange.models import Seat
from wellbeing.exchange.seats import open_seat
from wellbeing.workdays import now


@action(P.SEAT_ASSIGN)
def leave_seat(*, actor: Actor, seat_id: UUID) -> Outcome[Seat]:
    """From now on. WrongState for one that was left before."""
    found, at = open_seat(actor, seat_id, lock=True), now()
    if found.until is not None:
        raise WrongState("left", "leave_seat")
    found.until = at
    found.save(update_fields=["until"])
    return Outcome(found, stream=user_stream(actor.id), facts={"person": found.counsellor_id})
