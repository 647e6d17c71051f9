"""Drop proposed times that have all passed without a choice: it is the hospital's turn again, and both are told."""

from referrals.actions._journey import move, tell
from referrals.models import ProposedTime, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.TIMES_DROP)
def drop_times(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """Back to `received`. WrongState while one of them lies ahead, or when nothing is proposed."""
    if ProposedTime.objects.filter(referral=referral, ended_at=None, at__gt=now()).exists():
        raise WrongState(referral.state, "drop_times")
    move(referral, "drop_times", actor=actor, desk_id=None)
    tell(referral, "times_passed", [referral.to_desk_id, referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk})
