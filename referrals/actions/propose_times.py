"""Propose times (提供候选时间): the hospital holds up to three, and the county centre chooses one with the family."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from referrals.actions._journey import move, tell
from referrals.actions._slots import release, take
from referrals.models import ProposedTime, Referral
from referrals.queues import standing_times
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now

MOST = 3


@action(P.TIMES_PROPOSE)
def propose_times(
    *,
    actor: Actor,
    referral: Referral,
    times: Sequence[datetime] = (),
    slot_ids: Sequence[UUID] = (),
    filled_from: str | None = None,
) -> Outcome[Referral]:
    """Hold these published places and free times, instead of what was proposed before; the appointment's clock goes on.

    Invalid for none, more than three, a time that has passed, or a place that is not free any more; Newer when others
    were proposed since the form was filled.
    """
    move(referral, "propose_times", actor=actor, desk_id=referral.to_desk_id)
    standing_times(referral).still(filled_from, "propose_times")
    moments, slots, at = sorted(set(times)), list(dict.fromkeys(slot_ids)), now()
    if not 1 <= len(moments) + len(slots) <= MOST:
        raise Invalid("slots", _("Propose one time, two or three."))
    if moments and moments[0] <= at:
        raise Invalid("at", _("A time that is proposed must lie ahead."))
    release(referral)
    held = [(take(slot, referral.to_desk_id, "slots"), slot) for slot in slots]
    offered: list[tuple[datetime, UUID | None]] = [*held, *((moment, None) for moment in moments)]
    ProposedTime.objects.bulk_create(
        ProposedTime(referral=referral, at=moment, slot_id=slot, proposed_by_id=actor.id, proposed_at=at)
        for moment, slot in offered
    )
    tell(referral, "times_proposed", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "times": len(offered)})
