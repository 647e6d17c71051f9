"""Withdraw a referral (撤回): the sender takes it back, and the receiver's key and grants end at once."""

from referrals.actions._ending import end
from referrals.actions._journey import move, tell
from referrals.models import Referral
from referrals.packet import destroy_letters
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_WITHDRAW)
def withdraw(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Take back a referral that has not been reported on. WrongState after that."""
    sender, receiver = referral.from_desk, referral.to_desk
    move(referral, "withdraw", actor=actor, desk_id=sender.pk)
    destroyed = destroy_letters(referral)
    if receiver != sender:
        tell(referral, "referral_withdrawn", [receiver.pk])
    facts = {
        "referral": referral.pk,
        "grants_ended": end(referral, actor, readers=[sender]),
        "keys_destroyed": destroyed,
    }
    return Outcome(referral, stream=referral.case_id, facts=facts)
