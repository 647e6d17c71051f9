"""What makes a time an appointment, whoever has set it. Used by this folder only."""

from datetime import datetime
from uuid import UUID

from cases import clocks
from cases.clocks import ClockKind
from cases.models import PolicyVersion
from cases.tiers import Tier
from referrals.actions._journey import move
from referrals.actions._slots import release
from referrals.models import Appointment, Referral
from wellbeing.access.actor import Actor
from wellbeing.workdays import now


def appoint(
    referral: Referral, verb: str, *, actor: Actor, desk_id: int, at: datetime, slot_id: UUID | None = None
) -> None:
    """Move the referral to its appointment; the report is due from the visit on, not from the booking."""
    due = clocks.due(ClockKind.FEEDBACK, Tier(referral.tier), at, PolicyVersion.current().policy())
    move(referral, verb, actor=actor, desk_id=desk_id, due=due)
    release(referral)
    Appointment.objects.create(referral=referral, at=at, booked_by_id=actor.id, booked_at=now(), slot_id=slot_id)
