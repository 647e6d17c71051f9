"""Confirm a return: the county stands for it."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.actions._moving import move_return
from wellbeing.people.models import StaffingReturn


@action(P.RETURN_CONFIRM)
def confirm_return(*, actor: Actor, staffing_return: StaffingReturn) -> Outcome[StaffingReturn]:
    """Confirm the return of a school of the own division. Raises WrongState, Forbidden; Invalid for whoever submitted
    it by another of her posts."""
    submitted_by = staffing_return.moved_by_id
    move_return(actor, P.RETURN_CONFIRM, staffing_return, "confirm_return")
    if submitted_by == actor.id:
        raise Invalid("confirm", _("The second person must be somebody else."))
    staffing_return.save()
    facts = {"return": staffing_return.pk, "term": staffing_return.term_id}
    return Outcome(staffing_return, stream=staffing_return.pk, facts=facts)
