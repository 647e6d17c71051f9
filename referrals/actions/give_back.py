"""Give a referral back (退回): the hospital cannot take it, and the county finds another place."""

from django.utils.translation import gettext_lazy as _

from referrals.actions._answering import answer
from referrals.actions._journey import tell
from referrals.actions._taking_back import take_back
from referrals.models import Referral, Why
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_GIVE_BACK)
def give_back(*, actor: Actor, referral: Referral, why: str, note: str = "") -> Outcome[Referral]:
    """Say why; the county reads it and sends the person elsewhere. Invalid for another reason that is unwritten."""
    if why == Why.OTHER and not note.strip():
        raise Invalid("note", _("Write the reason: the county has to go on with it."))
    referral.why = Why(why)
    answer(referral, note, actor=actor, from_desk=referral.to_desk_id, to_desk=referral.from_desk_id)
    tell(referral, "referral_given_back", [referral.from_desk_id])
    facts = take_back(referral, "give_back", actor=actor, desk_id=referral.to_desk_id)
    return Outcome(referral, stream=referral.case_id, facts={**facts, "why": Why(why)})
