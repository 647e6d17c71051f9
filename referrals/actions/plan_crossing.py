"""Plan a crossing (渡海): from where to where, when, on what, and who goes along."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from referrals.actions._journey import clocks, tell, tier_now
from referrals.crossing import ESCORTS_AT_RED, Port, Vessel
from referrals.models import OPEN_CROSSING, Crossing, Purpose, Referral
from referrals.packet import seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import RECIPIENT_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.CROSSING_KEEP)
def plan_crossing(
    *,
    actor: Actor,
    referral: Referral,
    from_port: Port,
    to_port: Port,
    vessel: Vessel,
    departs_at: datetime,
    arrives_at: datetime,
    escorts: Sequence[str],
    words: Mapping[str, Any],
) -> Outcome[Crossing]:
    """Seal who goes along (`words`: contact, note) for the destination, and start arrival and safety contact.

    Invalid for the same port twice, an arrival before departure or in the past, fewer escorts than red asks for, or
    while another crossing of the referral is open.
    """
    at, names = now(), [name.strip() for name in escorts if name.strip()]
    if from_port == to_port:
        raise Invalid("to_port", _("Choose another port: this is where the way begins."))
    if arrives_at <= departs_at:
        raise Invalid("arrives_at", _("The arrival lies before the departure."))
    if arrives_at <= at:
        raise Invalid("arrives_at", _("The arrival must lie ahead."))
    if tier_now(referral) == "red" and len(names) < ESCORTS_AT_RED:
        raise Invalid("escorts", _("At red two people go along: name both."))
    if Crossing.objects.filter(referral=referral, state__in=OPEN_CROSSING).exists():
        raise Invalid("from_port", _("A crossing of this referral is open already."))
    made = Crossing.objects.create(
        referral=referral,
        from_port=from_port,
        to_port=to_port,
        vessel=vessel,
        escorts=len(names),
        state="planned",
        departs_at=departs_at,
        arrives_at=arrives_at,
        planned_by_id=actor.person,
        changed_at=at,
    )
    seal_packet(
        referral=referral,
        purpose=Purpose.CROSSING,
        words={**words, "escorts": names},
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=referral.to_desk_id,
        at=at,
        expires_at=at + RECIPIENT_DAYS,
    ).save(force_insert=True)
    clocks(referral, start=[ClockKind.ARRIVAL], due=arrives_at)
    clocks(referral, start=[ClockKind.SAFETY_CONTACT])
    tell(referral, "crossing", [referral.to_desk_id])
    facts = {"referral": referral.pk, "from": from_port, "to": to_port, "vessel": vessel, "escorts": len(names)}
    return Outcome(made, stream=referral.case_id, facts=facts)
