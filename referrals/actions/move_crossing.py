"""Say how a crossing goes: it left, is held up by weather, goes again, arrived, or was called off."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from referrals.actions._crossing import open_crossing
from referrals.actions._journey import clocks, tell
from referrals.crossing import CROSSING, Move
from referrals.models import Crossing, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.CROSSING_KEEP)
def move_crossing(
    *, actor: Actor, referral: Referral, step: Move, arrives_at: datetime | None = None
) -> Outcome[Crossing]:
    """Take one step of referrals.crossing.CROSSING; going again needs the new arrival. WrongState, Invalid."""
    crossing = open_crossing(referral, step)
    line = CROSSING.step(crossing.state, step)
    if step == Move.RESUME:
        if arrives_at is None or arrives_at <= now():
            raise Invalid("arrives_at", _("Say when they will arrive now."))
        crossing.departs_at, crossing.arrives_at = now(), arrives_at
    crossing.state, crossing.changed_at = line.next, now()
    crossing.save()
    clocks(referral, stop=line.stops, start=line.starts, due=crossing.arrives_at if line.starts else None)
    tell(referral, "crossing", {referral.from_desk_id, referral.to_desk_id} - set(actor.desks))
    return Outcome(crossing, stream=referral.case_id, facts={"referral": referral.pk, "step": step})
