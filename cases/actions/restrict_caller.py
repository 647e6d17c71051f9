"""Restrict a caller's number (限制来电): whoever has it on the line is told to keep it short."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.models import Ended, PolicyVersion, Restriction
from cases.repeats import KEPT, quarter, seen_by_marks
from cases.restriction_access import harassing_call, harassing_since, mark_of
from cases.supervision import supervisors_desk
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.CALLER_RESTRICT)
def restrict_caller(*, actor: Actor, call_id: UUID, days: int) -> Outcome[Restriction]:
    """The number of a harassing call, for so many days. It blocks nothing.

    Invalid for fewer harassing calls than policy asks, for more days than it allows, and for a number of which a risk
    was answered (PRACTICE.md 3.7); WrongState while one runs.
    """
    call, desk, at = (
        harassing_call(actor, call_id, P.CALLER_RESTRICT),
        supervisors_desk(actor, P.CALLER_RESTRICT),
        now(),
    )
    policy, (mark, of) = PolicyVersion.current().policy(), mark_of(call)
    since = at - timedelta(days=policy.caller_days)
    often = harassing_since(call, since)
    if seen_by_marks([mark], since).danger:
        raise Invalid("days", _("A risk was answered under this number: it is never restricted."))
    if often < policy.harassing_calls or of < quarter(at - KEPT):
        raise Invalid("days", _("There are not enough harassing calls of this number."))
    if not 1 <= days <= policy.restrict_days:
        raise Invalid("days", _("At most {days} days.").format(days=policy.restrict_days))
    running = Restriction.objects.select_for_update().filter(
        hotline_id=desk.organisation_id, quarter=of, mark=mark, ended_at=None
    )
    for one in running:
        if one.until > at:
            raise WrongState("restricted", "restrict_caller")
        one.ended, one.ended_at, one.ended_by_id = Ended.RENEWED, at, actor.person
        one.save(update_fields=["ended", "ended_at", "ended_by"])
    made = Restriction(hotline_id=desk.organisation_id, mark=mark, quarter=of, harassing=often, by_id=actor.person)
    made.at, made.until = at, at + timedelta(days=days)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # at the same moment
        raise WrongState("restricted", "restrict_caller") from None
    return Outcome(made, stream=user_stream(actor.id), facts={"restriction": made.pk, "calls": often})
