"""Take a letter back from one hospital for another (改派)."""

from referrals.actions._journey import tell
from referrals.actions._taking_back import take_back
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_REDIRECT)
def redirect(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Destroy the hospital's copy and end its grant; the county then chooses another one."""
    tell(referral, "referral_withdrawn", [referral.to_desk_id])
    facts = take_back(referral, "redirect", actor=actor, desk_id=referral.from_desk_id)
    return Outcome(referral, stream=referral.case_id, facts=facts)
