"""Withdraw a referral (撤回): the sender takes it back, and the receiver's key and grants end at once."""

from cases.clocks import ClockKind
from referrals.actions._journey import clocks, move, tell
from referrals.models import Purpose, Referral
from referrals.packet import destroy_packets
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_WITHDRAW)
def withdraw(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Take back a referral that has not been reported on. WrongState after that."""
    move(referral, "withdraw", desk_id=referral.from_desk_id)
    destroyed = destroy_packets(referral, Purpose.HOSPITAL)
    clocks(referral, stop=[ClockKind.CHANNEL, ClockKind.APPOINTMENT, ClockKind.FEEDBACK])
    tell(referral, "referral_withdrawn", [referral.to_desk_id])
    with identity(Actor.machine("grants")):
        ended = revoke(referral, holder=referral.to_desk)
    facts = {"referral": referral.pk, "grants_ended": ended, "keys_destroyed": destroyed}
    return Outcome(referral, stream=referral.case_id, facts=facts)
