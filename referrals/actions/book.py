"""Book the appointment (预约) at the destination."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases import clocks
from cases.clocks import ClockKind
from cases.models import PolicyVersion
from cases.tiers import Tier
from referrals.actions._journey import move, tell
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
    policy = PolicyVersion.current().policy()
    report_due = clocks.due(ClockKind.FEEDBACK, Tier(referral.tier), at, policy)  # from the visit, not the booking
    move(referral, "book", actor=actor, desk_id=referral.to_desk_id, due=report_due)
    Appointment.objects.create(referral=referral, at=at, booked_by_id=actor.person, booked_at=now())
    tell(referral, "appointment_booked", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "at": at})
