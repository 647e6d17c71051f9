"""Report back (反馈): seen or not, risk, conclusion, advice for the school, next visit; sealed for the sender."""

from collections.abc import Mapping
from typing import Any

from cases.clocks import ClockKind
from referrals.actions._journey import clocks, move, tell
from referrals.models import Appointment, Purpose, Referral
from referrals.packet import seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now


@action(P.FEEDBACK_RECORD)
def record_feedback(*, actor: Actor, referral: Referral, attended: bool, words: Mapping[str, Any]) -> Outcome[Referral]:
    """Seal the report as a packet for the desk that sent the person, and stop the feedback clock.

    Only the hospital writes a conclusion (Mental Health Law 29).
    """
    at = now()
    move(referral, "attend", desk_id=referral.to_desk_id)
    move(referral, "record_feedback", desk_id=referral.to_desk_id)
    Appointment.objects.filter(referral=referral, attended=None).update(attended=attended)
    seal_packet(
        referral=referral,
        purpose=Purpose.FEEDBACK,
        words=words,
        author_id=actor.person,
        from_desk=referral.to_desk_id,
        to_desk=referral.from_desk_id,
        at=at,
        expires_at=at + OWNER_DAYS,
    ).save(force_insert=True)
    clocks(referral, stop=[ClockKind.FEEDBACK])
    tell(referral, "feedback", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "attended": attended})
