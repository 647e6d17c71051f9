"""Report back (反馈): seen or not, risk, conclusion, advice for the school, next visit; sealed for the sender."""

from collections.abc import Mapping
from typing import Any

from referrals.actions._journey import move, tell
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

    Who did not come is to be given another time: the referral is back at `received`, and the appointment's clock runs
    anew. Only the hospital writes a conclusion (Mental Health Law 29).
    """
    at = now()
    for step in ("attend", "record_feedback") if attended else ("miss",):
        move(referral, step, actor=actor, desk_id=referral.to_desk_id)
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
    tell(referral, "feedback" if attended else "referral_missed", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "attended": attended})
