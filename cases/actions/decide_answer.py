"""Decide as the second person, of another desk, what a request for records is answered."""

from django.utils.translation import gettext_lazy as _

from cases.actions._records import move
from cases.models import RecordAnswer
from cases.records_access import (
    SECOND,
    answer_of,
    case_of,
    check_home,
    destroy_answer,
    end_examination,
    open_request,
    seal_note,
)
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.workdays import now


@action(P.RECORDS_DECIDE, fresh=True)
def decide_answer(*, actor: Actor, reference: str, agree: bool, note: str = "") -> Outcome[RecordAnswer]:
    """Agree, or send back with a reason: what was sent back loses its key at once. Forbidden to whoever had a part in
    the request and to the desk that examined it; Invalid where a home must no longer be reached."""
    row, at = open_request(actor, reference, P.RECORDS_DECIDE, lock=True), now()
    answer = answer_of(row)
    if answer is None or answer.agreed is not None:
        raise WrongState(row.state, "decide_answer")
    if not agree and not note.strip():
        raise Invalid("note", _("Write what is to be changed."))
    if agree and answer.gives:
        check_home(actor, row, case_of(answer), "agree")
    move(row, "agree" if agree else "send_back")
    if agree:
        row.gives = answer.gives
        row.save(update_fields=["gives"])
    seat = actor.post_as(*SECOND)
    answer.agreed, answer.decided_by_id, answer.decided_at = agree, actor.person, at
    answer.decided_desk_id = seat.desk_id if seat else None
    answer.note = seal_note(answer, note.strip()) if note.strip() else None
    answer.save(update_fields=["agreed", "decided_by", "decided_at", "decided_desk", "note"])
    if not agree:
        destroy_answer(answer)
    else:
        end_examination(row)
    for desk in {row.desk_id, row.received_desk_id}:
        key = f"records_decided:{answer.pk}:{desk}"
        post(kind="records_decided", desk_id=desk, target="record_requests", dedupe_key=key)
    facts = {"agreed": agree, "gives": answer.gives, "answer": answer.pk}
    return Outcome(answer, stream=row.pk, facts=facts, desk=answer.decided_desk_id)
