"""Receive a referral (接收): the hospital has it, and the sender sees that."""

from referrals.actions._journey import move, tell
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_RECEIVE)
def receive(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Move the referral to `received` and tell the sender. WrongState when it was received or withdrawn before."""
    move(referral, "receive", actor=actor, desk_id=referral.to_desk_id)
    tell(referral, "referral_received", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk})
