"""Choose one of the times that a hospital proposed (选定时间): it is the appointment, the others are free again."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from referrals.actions._appointing import appoint
from referrals.actions._journey import tell
from referrals.flow import REFERRAL
from referrals.models import ProposedTime, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.TIME_CHOOSE)
def choose_time(*, actor: Actor, referral: Referral, time_id: UUID) -> Outcome[Referral]:
    """Book it. WrongState when nothing is proposed (any more); Invalid for a time that was taken back or has passed."""
    REFERRAL.step(referral.state, "choose_time")
    chosen = ProposedTime.objects.filter(pk=time_id, referral=referral, ended_at=None).first()
    if chosen is None:
        raise Invalid("time", _("This time is not proposed any more; choose one of those shown now."))
    if chosen.at <= now():
        raise Invalid("time", _("This time has passed; choose another one or ask for others."))
    chosen.chosen, chosen.ended_at = True, now()
    chosen.save(update_fields=["chosen", "ended_at"])
    appoint(referral, "choose_time", actor=actor, desk_id=referral.from_desk_id, at=chosen.at, slot_id=chosen.slot_id)
    tell(referral, "time_chosen", [desk for desk in (referral.to_desk_id, referral.asked_by_id) if desk])
    return Outcome(referral, stream=referral.case_id, facts={"referral": referral.pk, "at": chosen.at})
