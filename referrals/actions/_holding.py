"""How the county takes a request into its hands. Used by this folder only."""

from referrals.actions._journey import move, tell
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.workdays import now


def hold(referral: Referral, verb: str, actor: Actor) -> dict[str, object]:
    """The county's desk becomes the sender, and the actor the one who holds it; the school is told."""
    referral.from_desk, referral.asked_for = referral.to_desk, []
    referral.held_by_id, referral.held_since = actor.person, now()
    move(referral, verb, actor=actor, desk_id=referral.from_desk_id)
    if referral.asked_by_id:
        tell(referral, "referral_accepted", [referral.asked_by_id])
    return {"referral": referral.pk}
