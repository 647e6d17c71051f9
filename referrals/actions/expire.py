"""Let a referral expire (过期): nobody answered, or nobody received it while its letter could be read."""

from referrals.actions._ending import end
from referrals.actions._journey import move, tell
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_EXPIRE)
def expire(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """End it and tell both desks; they had every level of its clocks before. Its letter's own time is over too."""
    desks = [referral.from_desk, referral.to_desk]
    tell(referral, "referral_expired", [desk.pk for desk in desks])
    move(referral, "expire", actor=actor, desk_id=None)
    facts = {"referral": referral.pk, "grants_ended": end(referral, actor, readers=desks[:1])}
    return Outcome(referral, stream=referral.case_id, facts=facts)
