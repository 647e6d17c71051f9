"""Hand the shift over (交接班): a sealed note to whoever comes next at the desk."""

from django.utils.translation import gettext_lazy as _

from cases.draft_access import seal_note
from cases.models import ShiftNote
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.workdays import now


@action(P.SHIFT_HAND_OVER)
def hand_over_shift(*, actor: Actor, text: str) -> Outcome[ShiftNote]:
    """Leave a note at the hotline's desk. Invalid when it says nothing (PRACTICE.md 3.7: mandatory while a red or an
    orange is open)."""
    if not text.strip():
        raise Invalid("text", _("Write what the next shift must know."))
    post = actor.post_as(Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
    assert post is not None  # may() has seen the post
    note = ShiftNote(desk_id=post.desk_id, division=post.division, by_id=actor.person, at=now())
    seal_note(note, text)
    note.save(force_insert=True)
    return Outcome(note, stream=user_stream(actor.id), facts={"desk": post.desk_id})
