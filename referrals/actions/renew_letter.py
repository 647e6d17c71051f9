"""Write the letter anew (更新转介单): what has changed, or the paper that follows an emergency."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from cases.models import Case
from referrals.actions._journey import clocks, tell
from referrals.flow import REFERRAL
from referrals.models import Purpose, Referral
from referrals.packet import copied_fields, seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import RECIPIENT_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.REFERRAL_SEND)
def renew_letter(*, actor: Actor, referral: Referral, words: Mapping[str, Any]) -> Outcome[Referral]:
    """Seal a new version for the hospital that has it; the newest counts, and an emergency's letter is thereby there.

    WrongState when no hospital has it, Invalid without a summary.
    """
    if not REFERRAL.allows(referral.state, "redirect") and referral.state != "appointment":
        raise WrongState(referral.state, "renew_letter")
    if not str(words.get("summary") or "").strip():
        raise Invalid("summary", _("Write what was noticed; three lines are enough."))
    at, case = now(), Case.objects.get(pk=referral.case_id)
    packet = seal_packet(
        referral=referral,
        purpose=Purpose.HOSPITAL,
        words={**copied_fields(actor, case, Purpose.HOSPITAL), **words},
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=referral.to_desk_id,
        at=at,
        expires_at=at + RECIPIENT_DAYS,
    )
    packet.save(force_insert=True)
    clocks(referral, stop=[ClockKind.LETTER])
    tell(referral, "referral_renewed", [referral.to_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "version": packet.version})
