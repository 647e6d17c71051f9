"""Accept a school's request (接收申请): from now on the county centre sends it, and a named person holds it."""

from referrals.actions._holding import hold
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_TRIAGE)
def accept_referral(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Take the request; its clocks are the county's from now on. WrongState when somebody was first."""
    return Outcome(referral, stream=referral.case_id, facts=hold(referral, "accept_referral", actor))
