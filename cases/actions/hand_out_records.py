"""Hand the answer over, at the desk that received the request, to whoever was checked."""

from django.utils.translation import gettext_lazy as _

from cases.actions._records import move
from cases.models import RecordRequest
from cases.record_requests import Handed
from cases.records_access import answer_of, case_of, check_home, open_request
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.RECORDS_HAND_OUT, fresh=True)
def hand_out_records(*, actor: Actor, reference: str, how: str) -> Outcome[RecordRequest]:
    """Record that the answer was handed over. Invalid for an answer of "nothing" before its day, and for one to a home
    that must no longer be reached."""
    row = open_request(actor, reference, P.RECORDS_HAND_OUT, lock=True)
    if row.state != "decided":
        raise WrongState(row.state, "hand_out_records")
    if not row.gives and now() < row.due_at:
        raise Invalid("how", TOO_SOON)
    stream = row.pk
    if row.gives and (answer := answer_of(row)) is not None and answer.case_id is not None:
        check_home(actor, row, case_of(answer), "how")
        stream = answer.case_id  # what was given to whom stands in the trail of the case
    row.handed, row.handed_by_id, row.handed_at = Handed(how), actor.person, now()
    row.save(update_fields=["handed", "handed_by", "handed_at"])
    move(row, "hand_out_records")
    facts = {"gives": bool(row.gives), "how": Handed(how), "request": row.pk}
    return Outcome(row, stream=stream, facts=facts, desk=row.received_desk_id)


TOO_SOON = _("The reply is given on its day and not before: one that comes sooner would say that there was no file.")
