"""Take a request over from the school (承接) that still owes an answer."""

from referrals.actions._holding import hold
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_TRIAGE)
def take_over(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Go on without the answer. WrongState when nothing was asked, or it has come."""
    return Outcome(referral, stream=referral.case_id, facts=hold(referral, "take_over", actor))
