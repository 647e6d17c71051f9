"""Close a referral: the person is followed up at school, the loop is closed, and its grants end."""

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from cases.models import Case
from referrals.actions._journey import clocks, move
from referrals.models import Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import revoke
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_CLOSE)
def close_referral(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """End the journey after the first follow-up at school. Invalid before that."""
    case = Case.objects.get(pk=referral.case_id)
    if case.status != "following":
        raise Invalid("close", _("The school has not followed up yet."))
    move(referral, "follow_up", desk_id=referral.from_desk_id)
    move(referral, "close", desk_id=referral.from_desk_id)
    clocks(referral, stop=[ClockKind.CHANNEL])
    with identity(Actor.machine("grants")):
        ended = revoke(referral)
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "grants_ended": ended})
