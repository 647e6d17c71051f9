"""Unlock one return of a locked term, with a reason: the only way to correct it."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.actions._moving import move_return, reason, tell_school
from wellbeing.people.models import StaffingReturn


@action(P.RETURN_UNLOCK)
def unlock_return(*, actor: Actor, staffing_return: StaffingReturn, because: str) -> Outcome[StaffingReturn]:
    """It goes back to the school, is submitted and confirmed again, and locked with the term's next lock. Raises
    Invalid without a reason, WrongState, Forbidden."""
    before = staffing_return.state
    move_return(actor, P.RETURN_UNLOCK, staffing_return, "unlock_return", because)
    reason(because)
    staffing_return.short = None
    staffing_return.save()
    tell_school(staffing_return, "return_unlocked")
    facts = {"return": staffing_return.pk, "term": staffing_return.term_id, "lapsed": before == "lapsed"}
    return Outcome(staffing_return, stream=staffing_return.pk, facts=facts)
