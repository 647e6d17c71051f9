"""Write a debriefing note after a hard call (减压记录)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.actions._turn import in_turn
from cases.draft_access import seal_note
from cases.models import Debriefing
from cases.supervision import own_call
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.DEBRIEF)
def write_debriefing(*, actor: Actor, call_id: UUID, text: str) -> Outcome[Debriefing]:
    """Of her own call alone (Forbidden); read by her and the hotline's supervisors, who are told. Invalid when it says
    nothing."""
    call = own_call(actor, call_id, P.DEBRIEF)
    if not text.strip():
        raise Invalid("text", _("Write what stays with you of this call."))
    desk = desk_at(call.desk.organisation_id, Role.HOTLINE_SUPERVISOR) or call.desk
    in_turn(call.case_id)
    note = Debriefing(call=call, case_id=call.case_id, desk=desk, division=call.case.division_id, at=now())
    note.by_id = actor.person
    seal_note(note, text.strip())
    note.save(force_insert=True)
    if desk.role == Role.HOTLINE_SUPERVISOR:
        post(kind="debrief_left", desk_id=desk.pk, target="reviews", dedupe_key=f"debrief:{note.pk}")
    return Outcome(note, stream=call.case_id, facts={"debriefing": note.pk})
