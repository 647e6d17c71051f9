"""Confirm, as the second person and of another desk, that a case is erased."""

from cases.actions._erasing import check
from cases.models import Erasure
from cases.retention_access import EVERYWHERE, open_erasure
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.ERASURE_CONFIRM, fresh=True)
def confirm_erasure(*, actor: Actor, reference: str, typed: str) -> Outcome[Erasure]:
    """The keys go in the custodian's next run; until then a hold still stops it. Forbidden to whoever asked and to the
    same desk; Invalid for a held case and a wrong reference, WrongState where nobody has asked, or it is confirmed."""
    row = open_erasure(actor, reference, P.ERASURE_CONFIRM, lock=True)
    if row.asked_at is None or row.confirmed_at is not None:
        raise WrongState("confirmed" if row.confirmed_at else "due", "confirm_erasure")
    check(row, typed, "confirm_erasure")
    seat = actor.post_as(*EVERYWHERE)
    assert seat is not None
    row.confirmed_by_id, row.confirmed_desk_id, row.confirmed_at = actor.person, seat.desk_id, now()
    row.save(update_fields=["confirmed_by", "confirmed_desk", "confirmed_at"])
    return Outcome(row, stream=row.case_id, facts={"erasure": row.pk}, desk=seat.desk_id)
