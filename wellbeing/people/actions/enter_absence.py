"""Enter somebody's leave for her, with the reason why it is not she who does."""

from datetime import date

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._absence import begin
from wellbeing.people.actions._account import note
from wellbeing.people.models import Absence, AccountAct, User


@action(P.ABSENCE_ENTER, fresh=True)
def enter_absence(
    *, actor: Actor, account: User, first_day: date, last_day: date, because: str, known: bool = False
) -> Outcome[Absence]:
    """She is told, and may end it herself. Raises Invalid (see `begin`), for one's own account and without a reason."""
    note(actor, account, AccountAct.AWAY, because)
    made = begin(actor, account, first_day, last_day, known)
    facts = {"absence": made.pk, "days": (last_day - first_day).days + 1, "empty": known}
    return Outcome(made, stream=user_stream(account.pk), facts=facts)
