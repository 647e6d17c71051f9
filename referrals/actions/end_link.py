"""End a one-time link (作废链接): by whoever made it, or by the ticker when its time or its consent is over."""

from referrals.access import shut_by_consent
from referrals.actions._journey import tell
from referrals.actions._links import blank
from referrals.flow import AT_HOSPITAL
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState


@action(P.LINK_END)
def end_link(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Blank its sealed copy: no browser opens it any more. WrongState when there is none, or it has ended.

    Where its time was over and the hospital still owes an answer, the sender is told: without a new link nothing comes.
    """
    if not blank(referral):
        raise WrongState(referral.state, "end_link")
    if actor.system and referral.state in AT_HOSPITAL and not shut_by_consent(referral):
        tell(referral, "link_over", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk})
