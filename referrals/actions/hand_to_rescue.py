"""Hand over to 110, 120 or 12395 (移交公安、急救或海上搜救): to whom, when, under which number, and what was given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import actions as cases
from cases.telling import RESCUE, How, Told, Whom
from referrals.actions._journey import case_of, note
from referrals.actions._rescuing import rescue_words
from referrals.flow import REFERRAL
from referrals.models import Packet, Purpose, Referral
from referrals.packet import Extra, seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.RESCUE_HAND)
def hand_to_rescue(
    *,
    actor: Actor,
    referral: Referral,
    whom: Whom,
    words: Mapping[str, Any],
    at: datetime | None = None,
    check: bool = False,
    guardian: bool = False,
    extras: Mapping[str, str] | None = None,
) -> Outcome[Packet]:
    """Record the hand-over in the case, which stops its clock, and seal what they were given; the referral goes on.

    `words` holds number and taker, and for a welfare check (`check`) looks, where, danger and call_back; name, gender
    and age are copied then, the guardian's contact only with `guardian`. Raises Invalid naming the field, WrongState
    after the end.
    """
    if referral.state in REFERRAL.final:
        raise WrongState(referral.state, "hand_to_rescue")
    if whom not in RESCUE:
        raise Invalid("whom", _("Choose 110, 120 or 12395."))
    case, at = case_of(referral), at or now()
    given = rescue_words(actor, referral, words, check=check, guardian=guardian, extras=extras or {})
    cases.tell(
        actor=actor,
        case=case,
        whom=whom,
        told=Told.TOLD,
        how=How.PHONE,
        at=at,
        words={"name": given["taker"], "number": given["number"]},
        desk_id=acts_at(actor, P.TELL, case),
    )
    packet = seal_packet(
        referral=referral,
        purpose=Purpose.WELFARE_CHECK,
        words=given,
        author_id=actor.person,
        from_desk=_own_desk(actor, referral),
        to_desk=_county(referral),
        at=now(),
        expires_at=now() + OWNER_DAYS,
        extras=extras if check else None,
        outside=whom,
    )
    packet.save(force_insert=True)
    note(referral, whom, desk_id=packet.from_desk_id, at=at)
    facts = {
        "referral": referral.pk,
        "whom": whom,
        "told_at": at,
        "check": check,
        "extras": tuple(Extra(code) for code in (extras or ()) if check),
    }
    return Outcome(packet, stream=referral.case_id, facts=facts)


def _county(referral: Referral) -> int:
    """The desk that coordinates: the county's, before and after it has taken a school's request."""
    desk: int = referral.to_desk_id if referral.from_desk_id == referral.asked_by_id else referral.from_desk_id
    return desk


def _own_desk(actor: Actor, referral: Referral) -> int:
    """The actor's desk on this referral: the county's, or else the school's that asked."""
    county = _county(referral)
    return county if county in actor.desks else acts_at(actor, P.RESCUE_HAND, referral)
