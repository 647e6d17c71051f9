"""Send a return back to the school, with the reason."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.actions._moving import move_return, reason, tell_school
from wellbeing.people.models import StaffingReturn


@action(P.RETURN_CONFIRM)
def send_back_return(*, actor: Actor, staffing_return: StaffingReturn, because: str) -> Outcome[StaffingReturn]:
    """The school mends it and submits again. Raises Invalid without a reason, WrongState, Forbidden."""
    move_return(actor, P.RETURN_CONFIRM, staffing_return, "send_back_return", because)
    reason(because)
    staffing_return.save()
    tell_school(staffing_return, "return_sent_back")
    facts = {"return": staffing_return.pk, "term": staffing_return.term_id}
    return Outcome(staffing_return, stream=staffing_return.pk, facts=facts)
