"""Close a referral: the person is followed up at school, the loop is closed, and its grants end."""

from django.utils.translation import gettext_lazy as _

from referrals.actions._ending import end
from referrals.actions._journey import case_of, move
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_CLOSE)
def close_referral(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """End the journey after the first follow-up at school. Invalid before that."""
    case = case_of(referral)
    if case.status != "following":
        raise Invalid("close", _("The school has not followed up yet."))
    move(referral, "follow_up", actor=actor, desk_id=referral.from_desk_id)
    move(referral, "close", actor=actor, desk_id=referral.from_desk_id)
    facts = {"referral": referral.pk, "grants_ended": end(referral, actor)}
    return Outcome(referral, stream=referral.case_id, facts=facts)
