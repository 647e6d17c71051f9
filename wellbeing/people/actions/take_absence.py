"""Go on leave oneself, from a day to a day: one's posts rest, and come back by themselves."""

from datetime import date

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._absence import begin
from wellbeing.people.models import Absence, User


@action(P.ABSENCE_TAKE, fresh=True)
def take_absence(*, actor: Actor, first_day: date, last_day: date, known: bool = False) -> Outcome[Absence]:
    """Both days are included. Why she is away is her own affair, and not asked. Raises Invalid (see `begin`)."""
    user = User.objects.select_for_update().get(pk=actor.person)
    made = begin(actor, user, first_day, last_day, known)
    facts = {"absence": made.pk, "days": (last_day - first_day).days + 1, "empty": known}
    return Outcome(made, stream=user_stream(actor.id), facts=facts)
