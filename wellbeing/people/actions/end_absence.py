"""End one's own leave early, or take it back before it begins: one's posts run again at once."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden
from wellbeing.people.actions._absence import end
from wellbeing.people.models import Absence


@action(P.ABSENCE_TAKE, fresh=True)
def end_absence(*, actor: Actor, absence: Absence) -> Outcome[Absence]:
    """Raises Forbidden for somebody else's, WrongState when it is over."""
    if absence.user_id != actor.id:
        raise Forbidden
    facts = {"absence": absence.pk, "days": end(actor, absence)}
    return Outcome(absence, stream=user_stream(actor.id), facts=facts)
