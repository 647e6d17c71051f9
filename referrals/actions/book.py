"""Book the appointment (预约) at the destination."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from referrals.actions._appointing import appoint
from referrals.actions._journey import tell
from referrals.actions._slots import release, take
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.APPOINTMENT_BOOK)
def book(
    *, actor: Actor, referral: Referral, at: datetime | None = None, slot_id: UUID | None = None
) -> Outcome[Referral]:
    """Set the time, or hold a published place; the report is due from the visit on.

    Invalid in the past, without either, or for a place that somebody else was given a moment ago.
    """
    if slot_id is not None:
        release(referral)
        at = take(slot_id, referral.to_desk_id)
    if at is None:
        raise Invalid("at", _("Choose a free place or give a time."))
    if at < now():
        raise Invalid("at", _("The appointment must lie ahead."))
    appoint(referral, "book", actor=actor, desk_id=referral.to_desk_id, at=at, slot_id=slot_id)
    tell(referral, "appointment_booked", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "at": at})
