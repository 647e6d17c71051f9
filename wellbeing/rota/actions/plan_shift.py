"""Plan one shift: a person at a desk, from when to when."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk
from wellbeing.rota.actions import _desk
from wellbeing.rota.models import LONGEST, Shift
from wellbeing.rota.pattern import Planned
from wellbeing.rota.planning import taken, without_post
from wellbeing.workdays import now

TYPING = timedelta(minutes=15)  # "from now" is typed to the minute and sent a little later
FARTHEST = timedelta(days=366)  # a slip in the year


@action(P.ROTA_PLAN)
def plan_shift(*, actor: Actor, desk: Desk, user_id: int, starts_at: datetime, ends_at: datetime) -> Outcome[Shift]:
    """Put a person on duty. Raises Invalid: impossible times, somebody without a running post, or on duty already."""
    _desk.lock_to_plan(actor, desk.pk)
    at = now()
    if ends_at <= starts_at:
        raise Invalid("ends_at", _("The shift must end after it begins."))
    if ends_at - starts_at > LONGEST:
        raise Invalid("ends_at", _("A shift lasts 24 hours at most."))
    if starts_at < at - TYPING:
        raise Invalid("starts_at", _("The shift would begin in the past."))
    if starts_at > at + FARTHEST:
        raise Invalid("starts_at", _("A rota is planned for a year ahead at most."))
    shift = Planned(user_id, starts_at, ends_at)
    if without_post(desk.pk, [shift]):
        raise Invalid("user_id", _("This person has no running post at this desk at that time, or is on leave."))
    if taken(desk.pk, [shift]):
        raise Invalid("user_id", _("This person is on duty at this desk at that time already."))
    made = Shift.objects.create(
        desk=desk, user_id=user_id, starts_at=starts_at, ends_at=ends_at, planned_by_id=actor.person, planned_at=at
    )
    facts = {"desk": desk.pk, "shift": made.pk, "person": user_id, "starts_at": starts_at, "ends_at": ends_at}
    return Outcome(made, stream=_desk.stream(desk.pk), facts=facts)
