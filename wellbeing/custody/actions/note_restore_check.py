"""Put on record what the check of a restored copy found; one that found everything in order may be released."""

from collections.abc import Mapping

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.errors import WrongState
from wellbeing.outbox.models import Hold
from wellbeing.workdays import now


@action(P.RESTORE_CHECK)
def note_restore_check(*, actor: Actor, good: bool, counts: Mapping[str, int]) -> Outcome[None]:
    """`counts` are rows, words opened, events, erasures. WrongState where nothing is on hold."""
    if not Hold.objects.update(checked_at=now() if good else None):
        raise WrongState("released", "note_restore_check")
    return Outcome(None, stream=SYSTEM_STREAM, facts={"good": good, **counts})
