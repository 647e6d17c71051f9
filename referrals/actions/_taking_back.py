"""How a letter comes back from where it was sent. Used by this folder only."""

from referrals.actions._journey import move
from referrals.models import Referral
from referrals.packet import destroy_letters
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke
from wellbeing.access.machines import GRANTS


def take_back(referral: Referral, verb: str, *, actor: Actor, desk_id: int) -> dict[str, object]:
    """Destroy the receiver's copy, end its grant and leave the referral with its sender; the clocks go on."""
    hospital = referral.to_desk
    destroyed = destroy_letters(referral)
    referral.to_desk = referral.from_desk
    move(referral, verb, actor=actor, desk_id=desk_id)
    with identity(GRANTS):
        ended = revoke(referral, holder=hospital)
    return {"referral": referral.pk, "from_desk": hospital.pk, "grants_ended": ended, "keys_destroyed": destroyed}
