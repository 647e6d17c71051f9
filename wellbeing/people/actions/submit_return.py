"""Submit a return to the county: from here on the school waits for its answer."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.actions._lines import Filing, check, lines_of
from wellbeing.people.actions._moving import move_return, one_at_a_time
from wellbeing.people.models import StaffingReturn
from wellbeing.people.staffing import StageKind


@action(P.RETURN_SUBMIT)
def submit_return(*, actor: Actor, staffing_return: StaffingReturn) -> Outcome[StaffingReturn]:
    """Checked once more, as other schools may have reported the same teachers meanwhile. Raises Invalid, WrongState,
    Forbidden."""
    one_at_a_time()
    one = staffing_return
    move_return(actor, P.RETURN_SUBMIT, one, "submit_return")
    if not one.enrolment and not one.merged_into_id:
        raise Invalid("enrolment", _("A school without pupils: give their number, or say into which it was merged."))
    check(one, Filing(StageKind(one.stage), one.enrolment, one.boarding, one.merged_into, lines_of(one)))
    one.save()
    return Outcome(one, stream=one.pk, facts={"return": one.pk, "term": one.term_id})
