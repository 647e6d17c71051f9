"""Book the appointment (预约) at the destination."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from referrals.actions._journey import clocks, move, tell
from referrals.models import Appointment, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.APPOINTMENT_BOOK)
def book(*, actor: Actor, referral: Referral, at: datetime) -> Outcome[Referral]:
    """Set the time, stop the appointment clock and start the one for the hospital's report. Invalid in the past."""
    if at < now():
        raise Invalid("at", _("The appointment must lie ahead."))
    move(referral, "book", desk_id=referral.to_desk_id)
    Appointment.objects.create(referral=referral, at=at, booked_by_id=actor.person, booked_at=now())
    clocks(referral, stop=[ClockKind.APPOINTMENT], start=[ClockKind.FEEDBACK])
    tell(referral, "appointment_booked", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "at": at})
