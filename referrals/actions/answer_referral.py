"""Answer what the county centre asked (补充): the request again, whole, as a new version."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from referrals.actions._journey import move, tell
from referrals.models import Purpose, Referral
from referrals.packet import seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.REFERRAL_ANSWER)
def answer_referral(*, actor: Actor, referral: Referral, words: Mapping[str, Any]) -> Outcome[Referral]:
    """Seal a new version of the request, whole, and give it back to the county. Invalid without a summary."""
    if not str(words.get("summary") or "").strip():
        raise Invalid("summary", _("Write what was noticed; three lines are enough."))
    at, referral.asked_for = now(), []
    move(referral, "answer_referral", actor=actor, desk_id=referral.from_desk_id)
    seal_packet(
        referral=referral,
        purpose=Purpose.REQUEST,
        words=words,
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=referral.to_desk_id,
        at=at,
        expires_at=at + OWNER_DAYS,
    ).save(force_insert=True)
    tell(referral, "referral_submitted", [referral.to_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk})
