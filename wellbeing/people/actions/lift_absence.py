"""End somebody's leave for her, or take it back before it begins, with the reason."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._absence import end
from wellbeing.people.actions._account import note
from wellbeing.people.models import Absence, AccountAct


@action(P.ABSENCE_ENTER, fresh=True)
def lift_absence(*, actor: Actor, absence: Absence, because: str) -> Outcome[Absence]:
    """She is told. Raises Invalid for one's own and without a reason, WrongState when it is over."""
    note(actor, absence.user, AccountAct.BACK, because)
    facts = {"absence": absence.pk, "days": end(actor, absence)}
    return Outcome(absence, stream=user_stream(absence.user_id), facts=facts)
