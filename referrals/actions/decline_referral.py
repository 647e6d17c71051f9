"""Decline a school's request (不予转介): with a reason that the school reads; the case goes on at school."""

from django.utils.translation import gettext_lazy as _

from referrals.actions._answering import answer
from referrals.actions._ending import end
from referrals.actions._journey import move, tell, tier_now
from referrals.models import Referral, Why
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_TRIAGE)
def decline_referral(*, actor: Actor, referral: Referral, why: str, note: str = "") -> Outcome[Referral]:
    """End the request. Invalid at red, which is never declined, or for another reason that is not written down."""
    if tier_now(referral) == "red":
        raise Invalid("why", _("A red case is never declined: accept it, or ask the city centre."))
    if why == Why.OTHER and not note.strip():
        raise Invalid("note", _("Write the reason: the school has to go on with it."))
    referral.why = Why(why)
    move(referral, "decline_referral", actor=actor, desk_id=referral.to_desk_id)
    answer(referral, note, actor=actor, from_desk=referral.to_desk_id, to_desk=referral.from_desk_id)
    tell(referral, "referral_declined", [referral.from_desk_id])
    facts = {
        "referral": referral.pk,
        "why": Why(why),
        "grants_ended": end(referral, actor, readers=[referral.from_desk]),
    }
    return Outcome(referral, stream=referral.case_id, facts=facts)
