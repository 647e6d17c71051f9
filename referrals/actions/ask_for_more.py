"""Ask the school for more (退回补充): named fields, so that nobody guesses."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from referrals.actions._answering import answer
from referrals.actions._journey import move, tell
from referrals.models import Referral
from referrals.packet import ASKABLE
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid


@action(P.REFERRAL_TRIAGE)
def ask_for_more(*, actor: Actor, referral: Referral, fields: Sequence[str], note: str = "") -> Outcome[Referral]:
    """Name what is missing (codes of referrals.packet.ASKABLE) and start the school's clock. Invalid for none."""
    wanted = [code for code in ASKABLE if code in fields]
    if not wanted:
        raise Invalid("fields", _("Name at least one field that is missing."))
    referral.asked_for = wanted
    move(referral, "ask_for_more", actor=actor, desk_id=referral.to_desk_id)
    answer(referral, note, actor=actor, from_desk=referral.to_desk_id, to_desk=referral.from_desk_id)
    tell(referral, "referral_asked", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "fields": len(wanted)})
