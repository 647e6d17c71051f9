"""Decline a centre, or take its standing back, with the reason."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.actions._moving import move_centre, reason
from wellbeing.people.models import StandardCentre


@action(P.CENTRE_SIGN)
def decline_centre(*, actor: Actor, centre: StandardCentre, because: str) -> Outcome[StandardCentre]:
    """It is no standard centre; the county fills in again. Raises Invalid without a reason, WrongState, Forbidden."""
    stood = centre.signed_on is not None
    move_centre(actor, P.CENTRE_SIGN, centre, "decline_centre", because)
    reason(because)
    centre.signed_on = None
    centre.save()
    return Outcome(centre, stream=centre.pk, facts={"centre": centre.pk, "stood": stood})
