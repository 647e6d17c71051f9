"""Report back (反馈): seen or not, risk, conclusion, advice for the school, next visit; sealed for the sender."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from referrals.actions._journey import move, tell
from referrals.models import Appointment, Purpose, Referral
from referrals.packet import REPORTS, seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.FEEDBACK_RECORD)
def record_feedback(*, actor: Actor, referral: Referral, attended: bool, words: Mapping[str, Any]) -> Outcome[Referral]:
    """Seal the report as a packet for the desk that sent the person, and stop the feedback clock.

    The plan of the return is due from now on (PRACTICE.md 4.4: within three working days of the report).
    Who did not come is to be given another time: the referral is back at `received`, and the appointment's clock runs
    anew. Only a hospital writes a conclusion (Mental Health Law 29); Invalid where the city centre does (23).
    """
    at = now()
    for step in ("attend", "record_feedback") if attended else ("miss",):
        move(referral, step, actor=actor, desk_id=referral.to_desk_id)
    purpose = REPORTS[Role(referral.to_desk.role)]
    if purpose != Purpose.FEEDBACK and words.get("conclusion"):
        raise Invalid("conclusion", _("Only a hospital writes a conclusion."))
    Appointment.objects.filter(referral=referral, attended=None).update(attended=attended)
    seal_packet(
        referral=referral,
        purpose=purpose,
        words=words,
        author_id=actor.id,
        from_desk=referral.to_desk_id,
        to_desk=referral.from_desk_id,
        at=at,
        expires_at=at + OWNER_DAYS,
    ).save(force_insert=True)
    tell(referral, "feedback" if attended else "referral_missed", [referral.from_desk_id])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "attended": attended})
