"""Write the letter anew (更新转介单): what has changed, or the paper that follows an emergency."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from referrals.actions._journey import case_of, clocks, note, tell
from referrals.actions._links import shut
from referrals.actions._sending import letter_words
from referrals.flow import REFERRAL
from referrals.models import Referral
from referrals.packet import Extra, letter_to, seal_packet
from referrals.queues import standing_letter
from wellbeing.access.actor import Actor
from wellbeing.access.grants import RECIPIENT_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.REFERRAL_SEND)
def renew_letter(
    *,
    actor: Actor,
    referral: Referral,
    words: Mapping[str, Any],
    extras: Mapping[str, str] | None = None,
    filled_from: str | None = None,
) -> Outcome[Referral]:
    """Seal a new version for whoever has it; the newest counts, and an emergency's letter is thereby there. A one-time
    link to the older version ends.

    WrongState when nobody has it, Newer when another version was sent since the form was filled, Invalid without a
    summary or for an extra field (see `_sending.letter_words`).
    """
    if not REFERRAL.allows(referral.state, "go_on"):
        raise WrongState(referral.state, "renew_letter")
    standing_letter(referral).still(filled_from, "renew_letter")
    if not str(words.get("summary") or "").strip():
        raise Invalid("summary", _("Write what was noticed; three lines are enough."))
    shut(referral, actor)
    at, case = now(), case_of(referral)
    packet = seal_packet(
        referral=referral,
        purpose=letter_to(referral.to_desk),
        words=letter_words(actor, case, referral.to_desk, words, extras or {}),
        extras=extras,
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=referral.to_desk_id,
        at=at,
        expires_at=at + RECIPIENT_DAYS,
    )
    packet.save(force_insert=True)
    clocks(referral, stop=[ClockKind.LETTER])
    note(referral, "renewed", desk_id=referral.from_desk_id)
    tell(referral, "referral_renewed", [referral.to_desk_id])
    named = tuple(Extra(code) for code in extras or ())
    facts = {"referral": referral.pk, "version": packet.version, "extras": named}
    return Outcome(referral, stream=referral.case_id, facts=facts)
