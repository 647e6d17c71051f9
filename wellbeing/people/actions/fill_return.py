"""Fill in a return: what the school is this term, and its psychology teachers."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.actions._lines import Filing, check, write
from wellbeing.people.actions._moving import move_return, one_at_a_time
from wellbeing.people.models import StaffingReturn


@action(P.RETURN_FILL)
def fill_return(
    *, actor: Actor, staffing_return: StaffingReturn, filing: Filing, filled_from: str | None = None
) -> Outcome[StaffingReturn]:
    """Keep the whole return as typed; what it said before is replaced. Raises Invalid by field, `fte_2` for the
    second teacher; WrongState once it is submitted, Newer when it was changed since the form was filled; Forbidden for
    another school's."""
    one_at_a_time()
    stands = staffing_return.written
    move_return(actor, P.RETURN_FILL, staffing_return, "fill_return", staffing_return.because)
    stands.still(filled_from, "fill_return")
    check(staffing_return, filing)
    write(staffing_return, filing)
    staffing_return.save()
    facts = {"return": staffing_return.pk, "teachers": len(filing.teachers), "pupils": filing.enrolment}
    return Outcome(staffing_return, stream=staffing_return.pk, facts=facts)
