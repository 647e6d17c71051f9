"""Ask the hospital for other times (请另提时间): none of those proposed will do."""

from referrals.actions._answering import answer
from referrals.actions._journey import move, tell
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.TIME_CHOOSE)
def ask_other_times(*, actor: Actor, referral: Referral, note: str = "") -> Outcome[Referral]:
    """Give back what was held; it is the hospital's turn again, and the appointment's clock goes on."""
    move(referral, "ask_other_times", actor=actor, desk_id=referral.from_desk_id)
    answer(referral, note, actor=actor, from_desk=referral.from_desk_id, to_desk=referral.to_desk_id)
    tell(referral, "times_asked", [referral.to_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk})
