"""Take back a note to the next shift (撤销): whoever wrote it, until her next one; it is owed again where one is."""

from uuid import UUID

from cases.draft_access import own_note
from cases.models import ShiftNote
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import WrongState
from wellbeing.workdays import now


@action(P.SHIFT_HAND_OVER)
def withdraw_note(*, actor: Actor, note_id: UUID) -> Outcome[ShiftNote]:
    """It stays as a row, sealed as it was, and nobody is shown it any more. WrongState when it was taken back, or was
    followed by another of hers."""
    note = own_note(actor, note_id, P.SHIFT_HAND_OVER, lock=True)
    if note.withdrawn_at is not None:
        raise WrongState("withdrawn", "withdraw_note")
    if ShiftNote.objects.filter(by_id=actor.person, pk__gt=note.pk).exists():
        raise WrongState("followed", "withdraw_note")
    note.withdrawn_at = now()
    note.save(update_fields=["withdrawn_at"])
    return Outcome(note, stream=user_stream(actor.id), facts={"desk": note.desk_id, "withdrawn": True})
